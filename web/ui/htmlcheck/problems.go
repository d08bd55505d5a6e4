// SPDX-License-Identifier: Apache-2.0

package htmlcheck

import (
	"fmt"
	"strings"
)

// Problems lists what is wrong with a page, or a part of one, in any state: ids
// that stand twice, references that lead nowhere, inputs without a label,
// script or style within the text, messages that the catalogue lacks.
func Problems(root *Node) []string {
	var out []string
	ids := map[string]bool{}
	labelled := map[string]bool{}
	for _, n := range root.All("") {
		if id := n.Attrs["id"]; id != "" {
			if ids[id] {
				out = append(out, "id stands twice: "+id)
			}
			ids[id] = true
		}
		if n.Tag == "label" {
			labelled[n.Attrs["for"]] = true
		}
	}
	for _, n := range root.All("") {
		out = append(out, n.problems(ids, labelled)...)
	}
	return out
}

func (n *Node) problems(ids, labelled map[string]bool) []string {
	var out []string
	for name, value := range n.Attrs {
		switch {
		case name == "style" || strings.HasPrefix(name, "on"):
			out = append(out, fmt.Sprintf("<%s %s>: neither styles nor scripts in the text", n.Tag, name))
		case name == "href" || name == "src" || name == "action":
			if strings.HasPrefix(strings.ToLower(value), "javascript:") {
				out = append(out, fmt.Sprintf("<%s> leads to a script", n.Tag))
			}
		case name == "for" || name == "aria-describedby" || name == "aria-labelledby":
			for _, id := range strings.Fields(value) {
				if !ids[id] {
					out = append(out, fmt.Sprintf("<%s %s=%q> leads nowhere", n.Tag, name, id))
				}
			}
		}
	}
	switch n.Tag {
	case "script":
		if n.Attrs["src"] == "" {
			out = append(out, "a script within the page")
		}
	case "style", "font", "center":
		out = append(out, "<"+n.Tag+"> within the page")
	case "img":
		if _, ok := n.Attrs["alt"]; !ok {
			out = append(out, "an image without alt")
		}
	case "input", "select", "textarea":
		if n.Attrs["type"] != "hidden" && !labelled[n.Attrs["id"]] && n.Attrs["aria-label"] == "" {
			out = append(out, fmt.Sprintf("<%s name=%q> has no label", n.Tag, n.Attrs["name"]))
		}
	case "a", "button":
		if n.Content() == "" && n.Attrs["aria-label"] == "" {
			out = append(out, fmt.Sprintf("<%s> without words", n.Tag))
		}
	}
	return out
}

// PageProblems is Problems with what only a whole page has: its language, a
// title, one main, one h1.
func PageProblems(root *Node, lang string) []string {
	out := Problems(root)
	if tops := root.All("html"); len(tops) != 1 || tops[0].Attrs["lang"] != lang {
		out = append(out, "html has not the language "+lang)
	}
	for _, tag := range []string{"main", "h1", "title"} {
		if found := root.All(tag); len(found) != 1 || found[0].Content() == "" {
			out = append(out, fmt.Sprintf("%d <%s>, want one, with words", len(found), tag))
		}
	}
	return out
}
