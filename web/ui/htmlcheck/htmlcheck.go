// SPDX-License-Identifier: Apache-2.0

// Package htmlcheck reads the pages we make, for tests only: it is part of no
// binary. Parse is stricter than a browser (every element closed in order,
// every attribute quoted and named once), so that a value that breaks out of
// its place is an error and not a surprise. It is no general HTML parser.
// Start at Parse, then Node.All and Problems.
package htmlcheck

import (
	"fmt"
	"html"
	"slices"
	"strings"
)

// Node is an element, or a text where Tag is empty.
type Node struct {
	Tag   string
	Attrs map[string]string
	Text  string
	Kids  []*Node
}

// voids are the elements without an end.
var voids = [...]string{"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

// Parse reads a page or a part of one; the root has no tag.
func Parse(text string) (*Node, error) {
	root := &Node{}
	open := []*Node{root}
	rest := text
	for rest != "" {
		top := open[len(open)-1]
		before, after, found := strings.Cut(rest, "<")
		if before != "" {
			top.Kids = append(top.Kids, &Node{Text: html.UnescapeString(before)})
		}
		if !found {
			break
		}
		at := len(text) - len(after)
		switch {
		case strings.HasPrefix(strings.ToLower(after), "!doctype html>"):
			rest = after[len("!doctype html>"):]
		case strings.HasPrefix(after, "/"):
			name, tail, ok := strings.Cut(after[1:], ">")
			if !ok || name != top.Tag || top.Tag == "" {
				return nil, fmt.Errorf("at %d: </%s> closes <%s>", at, name, top.Tag)
			}
			open, rest = open[:len(open)-1], tail
		default:
			n, tail, err := tag(after)
			if err != nil {
				return nil, fmt.Errorf("at %d: %w", at, err)
			}
			top.Kids = append(top.Kids, n)
			rest = tail
			if !slices.Contains(voids[:], n.Tag) && n.Attrs["/"] == "" {
				open = append(open, n)
			}
			delete(n.Attrs, "/")
		}
	}
	if len(open) > 1 {
		return nil, fmt.Errorf("<%s> is never closed", open[len(open)-1].Tag)
	}
	return root, nil
}

// tag reads an opening tag after its <.
func tag(s string) (*Node, string, error) {
	end := strings.IndexAny(s, " \t\n/>")
	if end <= 0 || strings.Trim(s[:end], "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return nil, "", fmt.Errorf("no tag: <%.20s", s)
	}
	n := &Node{Tag: s[:end], Attrs: map[string]string{}}
	s = s[end:]
	for {
		s = strings.TrimLeft(s, " \t\n")
		switch {
		case strings.HasPrefix(s, "/>"):
			n.Attrs["/"] = "/"
			return n, s[2:], nil
		case strings.HasPrefix(s, ">"):
			return n, s[1:], nil
		}
		end := strings.IndexAny(s, "= \t\n/>")
		if end <= 0 {
			return nil, "", fmt.Errorf("<%s: no attribute: %.20s", n.Tag, s)
		}
		name, value := s[:end], "true"
		if strings.ContainsAny(name, `"'<`) {
			return nil, "", fmt.Errorf("<%s: attribute %q", n.Tag, name)
		}
		s = s[end:]
		if strings.HasPrefix(s, `="`) {
			raw, tail, ok := strings.Cut(s[2:], `"`)
			if !ok || strings.Contains(raw, "<") {
				return nil, "", fmt.Errorf("<%s %s: value is not closed or not escaped", n.Tag, name)
			}
			value, s = html.UnescapeString(raw), tail
		}
		if _, twice := n.Attrs[name]; twice {
			return nil, "", fmt.Errorf("<%s: %s stands twice", n.Tag, name)
		}
		n.Attrs[name] = value
	}
}

// All returns the elements of that tag below n, in order; "" means every one.
func (n *Node) All(tag string) []*Node {
	var out []*Node
	for _, k := range n.Kids {
		if k.Tag != "" && (tag == "" || k.Tag == tag) {
			out = append(out, k)
		}
		out = append(out, k.All(tag)...)
	}
	return out
}

// Content returns the text below n, spaces folded.
func (n *Node) Content() string {
	var b strings.Builder
	var walk func(*Node)
	walk = func(k *Node) {
		b.WriteString(k.Text)
		for _, kid := range k.Kids {
			walk(kid)
		}
		if k.Tag != "" {
			b.WriteByte(' ')
		}
	}
	walk(n)
	return strings.Join(strings.Fields(b.String()), " ")
}

// ByID returns the element of that id, or nil.
func (n *Node) ByID(id string) *Node {
	for _, k := range n.All("") {
		if k.Attrs["id"] == id {
			return k
		}
	}
	return nil
}
