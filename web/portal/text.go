// SPDX-License-Identifier: Apache-2.0

package portal

import (
	"slices"
	"strconv"
	"strings"

	"quanze/core/regulation"
)

// textLine is one line of an imported text, as printed. At is the anchor of the
// place it belongs to, ID that of the place which begins with it, "" where a
// place goes on.
type textLine struct {
	ID   string
	At   string
	Text string
}

// linesOf divides the plain text of an article or heading into its lines, in
// the order of the source, and returns its printed marker apart. plain is what
// the library keeps for the node's anchor: the tree alone tells neither how a
// marker was printed nor which paragraph stood after which item.
func linesOf(n *regulation.Node, plain string) (mark string, out []textLine) {
	var below []*regulation.Node
	for _, c := range n.Children {
		below = append(below, flat(c)...)
	}
	at, next := n.Anchor, 0 // the place under way; the next paragraph of n
	for i, text := range strings.Split(plain, "\n") {
		line := textLine{Text: text}
		switch {
		case i == 0 && next < len(n.Paragraphs) && strings.HasSuffix(text, n.Paragraphs[0]):
			mark = strings.TrimSpace(strings.TrimSuffix(text, n.Paragraphs[0]))
			line.Text = n.Paragraphs[0]
			next, at = 1, paragraphAnchor(n, 1)
			line.ID = at
		case i == 0:
			mark = strings.TrimSpace(text)
			continue
		case next < len(n.Paragraphs) && text == n.Paragraphs[next]:
			next++
			at = paragraphAnchor(n, next)
			line.ID = at
		case len(below) > 0 && opens(below[0], text):
			at, below = below[0].Anchor, below[1:]
			line.ID = at
		}
		line.At = at
		out = append(out, line)
	}
	return mark, out
}

// flat is a node and all below it, in the order of the text.
func flat(n *regulation.Node) []*regulation.Node {
	out := []*regulation.Node{n}
	for _, c := range n.Children {
		out = append(out, flat(c)...)
	}
	return out
}

// opens reports whether a line is the first of a node: behind its marker there
// is nothing but what the node begins with.
func opens(n *regulation.Node, line string) bool {
	begins := n.Title + n.Text
	if begins == "" && len(n.Paragraphs) > 0 {
		begins = n.Paragraphs[0]
	}
	return begins != "" && strings.HasSuffix(line, begins)
}

// paragraphAnchor names the k-th paragraph of a node as the importer does.
func paragraphAnchor(n *regulation.Node, k int) string {
	if n.Kind == regulation.Heading {
		return n.Anchor + ".p" + strconv.Itoa(k)
	}
	return n.Anchor + "." + strconv.Itoa(k)
}

// within returns the lines of a place and of all below it.
func within(lines []textLine, anchor string) []textLine {
	var out []textLine
	for _, l := range lines {
		if l.At == anchor || strings.HasPrefix(l.At, anchor+".") {
			out = append(out, l)
		}
	}
	return out
}

// distinct takes away ids that an earlier line of the page has: a browser goes
// to the first, and a page must not have one twice.
func distinct(lines []textLine, seen map[string]bool) []textLine {
	out := slices.Clone(lines)
	for i := range out {
		if seen[out[i].ID] {
			out[i].ID = ""
		}
		if out[i].ID != "" {
			seen[out[i].ID] = true
		}
	}
	return out
}

// tops are the nodes that stand under no other but parts, chapters and
// sections.
func tops(tree []*regulation.Node) []*regulation.Node {
	var out []*regulation.Node
	for _, n := range tree {
		if outer(n) {
			out = append(out, tops(n.Children)...)
		} else {
			out = append(out, n)
		}
	}
	return out
}

func outer(n *regulation.Node) bool {
	return n.Kind == regulation.Part || n.Kind == regulation.Chapter || n.Kind == regulation.Section
}
