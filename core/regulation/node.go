// SPDX-License-Identifier: Apache-2.0

package regulation

import (
	"encoding/json"
	"strings"
)

// Kind is the rank of a node of the tree.
type Kind string

// The kinds, from the outside in. A heading is 一、（一）1. in a text without
// articles; an unnumbered heading (a notice, a preamble, an annex, a line that
// heads a series) has no number.
const (
	Part    Kind = "part"
	Chapter Kind = "chapter"
	Section Kind = "section"
	Heading Kind = "heading"
	Article Kind = "article"
	Item    Kind = "item"
	SubItem Kind = "subitem"
)

// Node is one place of the tree. Articles and headings have paragraphs, items
// and sub-items a text; a number that is not printed is nil.
type Node struct {
	Kind       Kind     `json:"kind"`
	Number     *int     `json:"number"`
	Anchor     string   `json:"anchor,omitempty"`
	Title      string   `json:"title,omitempty"`
	Text       string   `json:"text,omitempty"`
	Paragraphs []string `json:"paragraphs,omitempty"`
	Children   []*Node  `json:"children,omitempty"`

	mark   string // as printed
	sub    int    // the 之 of an article
	lv     level
	at     span   // of mark, title and text
	paras  []span // of the paragraphs
	order  []int  // for each child, how many paragraphs stand before it
	notice bool   // the paper that issues the text
}

// nodeJSON is a node as it is written and read back: with its marker as printed
// and, for each child, how many paragraphs stand before it, without which a
// text read back could not be put in order again.
type nodeJSON struct {
	Kind       Kind     `json:"kind"`
	Number     *int     `json:"number"`
	Mark       string   `json:"mark,omitempty"`
	Anchor     string   `json:"anchor,omitempty"`
	Title      string   `json:"title,omitempty"`
	Text       string   `json:"text,omitempty"`
	Paragraphs []string `json:"paragraphs,omitempty"`
	Order      []int    `json:"order,omitempty"`
	Children   []*Node  `json:"children,omitempty"`
}

// MarshalJSON writes the node with its marker and order.
func (n *Node) MarshalJSON() ([]byte, error) {
	out := nodeJSON{n.Kind, n.Number, n.mark, n.Anchor, n.Title, n.Text, n.Paragraphs, n.order, n.Children}
	if len(n.Paragraphs) == 0 {
		out.Order = nil // every child stands before nothing
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (n *Node) UnmarshalJSON(b []byte) error {
	var in nodeJSON
	if err := json.Unmarshal(b, &in); err != nil {
		return err
	}
	*n = Node{Kind: in.Kind, Number: in.Number, Anchor: in.Anchor, Title: in.Title, Text: in.Text, Paragraphs: in.Paragraphs, Children: in.Children, mark: in.Mark, order: in.Order}
	if len(n.order) != len(n.Children) {
		n.order = make([]int, len(n.Children))
	}
	return nil
}

func (n *Node) addParagraph(text string, at span) {
	n.Paragraphs = append(n.Paragraphs, text)
	n.paras = append(n.paras, at)
}

func (n *Node) addChild(c *Node) {
	n.order = append(n.order, len(n.Paragraphs))
	n.Children = append(n.Children, c)
}

// walk visits n and all below it in the order of the text.
func (n *Node) walk(visit func(*Node)) {
	visit(n)
	for _, c := range n.Children {
		c.walk(visit)
	}
}

// PlainText is the node as printed: its marker, title and text, its paragraphs
// and all below it, one line each, in the order of the source.
func (n *Node) PlainText() string {
	var b strings.Builder
	n.write(&b, false)
	return strings.TrimSuffix(b.String(), "\n")
}

// canonical is the plain text with every marker in the form that law prints,
// whatever blanks, widths and digits the source has for it.
func (n *Node) canonical() string {
	var b strings.Builder
	n.write(&b, true)
	return b.String()
}

// canonicalMark is the marker in that form.
func (n *Node) canonicalMark() string {
	if n.mark == "" || n.Number == nil {
		return ""
	}
	num := chinese(*n.Number)
	switch n.lv {
	case partMark:
		return "第" + num + "编"
	case chapMark:
		return "第" + num + "章"
	case sectMark:
		return "第" + num + "节"
	case artMark:
		if n.sub > 0 {
			return "第" + num + "条之" + chinese(n.sub)
		}
		return "第" + num + "条"
	case headMark:
		return num + "、"
	case itemMark:
		return "（" + num + "）"
	}
	return n.mark
}

func (n *Node) write(b *strings.Builder, canonical bool) {
	head := n.mark
	if canonical {
		head = n.canonicalMark()
	}
	if n.Title != "" {
		if head != "" && n.Kind != Heading {
			head += " "
		}
		head += n.Title
	}
	if n.Text != "" {
		head += n.Text
	}
	sep := n.Kind == Article
	p := 0
	next := func() {
		if head != "" {
			b.WriteString(head)
			if sep {
				b.WriteByte(' ')
			} else if n.Kind != Heading || n.mark == "" || n.Title != "" {
				b.WriteByte('\n')
			}
			head = ""
		}
		b.WriteString(n.Paragraphs[p])
		b.WriteByte('\n')
		p++
	}
	for i, c := range n.Children {
		for p < len(n.Paragraphs) && p < n.order[i] {
			next()
		}
		if head != "" {
			b.WriteString(head + "\n")
			head = ""
		}
		c.write(b, canonical)
	}
	for p < len(n.Paragraphs) {
		next()
	}
	if head != "" {
		b.WriteString(head + "\n")
	}
}
