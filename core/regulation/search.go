// SPDX-License-Identifier: Apache-2.0

package regulation

// Bigrams splits a text for search: every pair of neighbouring Han characters,
// a Han character that stands alone, and every run of Latin letters or digits
// as one word, in lower case and half width. Index and query must both go
// through it.
func Bigrams(s string) []string {
	var out []string
	var prev rune
	single := true
	word := []rune(nil)
	flush := func() {
		if len(word) > 0 {
			out = append(out, string(word))
			word = word[:0]
		}
		if prev != 0 && single {
			out = append(out, string(prev))
		}
		prev, single = 0, true
	}
	for _, r := range s {
		r = folded(r)
		switch {
		case r >= 'A' && r <= 'Z', r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			if prev != 0 {
				flush()
			}
			if r >= 'A' && r <= 'Z' {
				r += 'a' - 'A'
			}
			word = append(word, r)
		case isHan(r):
			if len(word) > 0 {
				flush()
			}
			if prev != 0 {
				out = append(out, string([]rune{prev, r}))
				single = false
			}
			prev = r
		case r == ' ' && prev != 0: // a stray blank parts no word
		default:
			flush()
		}
	}
	flush()
	return out
}

// Find is the node of an anchor and the document that holds it. An anchor of a
// paragraph (a12.2, s2.p1) gives the node the paragraph stands in.
func (r *Result) Find(anchor string) (*Node, *Document, bool) {
	for i := range r.Documents {
		if n, ok := r.Documents[i].Find(anchor); ok {
			return n, &r.Documents[i], true
		}
	}
	return nil, nil, false
}

// Find is the node of an anchor in one document.
func (d *Document) Find(anchor string) (*Node, bool) {
	n, _, ok := d.locate(anchor)
	return n, ok
}

// Text is the plain text of an anchor: of a node with all below it, or of one
// paragraph with the items that hang on it.
func (d *Document) Text(anchor string) (string, bool) {
	n, ok := d.part(anchor)
	if !ok {
		return "", false
	}
	return n.PlainText(), true
}

// Hash is the SHA-256 of the normalised text of an anchor, its markers in the
// form that law prints.
func (d *Document) Hash(anchor string) (string, bool) {
	n, ok := d.part(anchor)
	if !ok {
		return "", false
	}
	return Hash(n.canonical()), true
}

// part is the node of an anchor, or a node made of one paragraph.
func (d *Document) part(anchor string) (*Node, bool) {
	n, para, ok := d.locate(anchor)
	if !ok || para == 0 {
		return n, ok
	}
	part := &Node{Kind: Heading}
	part.addParagraph(n.Paragraphs[para-1], span{})
	if n.Kind == Article {
		for i, c := range n.Children {
			if max(n.order[i], 1) == para {
				part.addChild(c)
			}
		}
	}
	return part, true
}

// Anchors lists the anchors of all nodes in the order of the text.
func (d *Document) Anchors() []string {
	var out []string
	for _, n := range d.Tree {
		n.walk(func(n *Node) {
			if n.Anchor != "" {
				out = append(out, n.Anchor)
			}
		})
	}
	return out
}

func (d *Document) locate(anchor string) (found *Node, para int, ok bool) {
	for _, n := range d.Tree {
		n.walk(func(n *Node) {
			if n.Anchor == "" || found != nil && para == 0 {
				return
			}
			if n.Anchor == anchor {
				found, para = n, 0
				return
			}
			if found == nil && len(anchor) > len(n.Anchor) && anchor[:len(n.Anchor)] == n.Anchor {
				if p := n.paragraphOf(anchor[len(n.Anchor):]); p > 0 {
					found, para = n, p
				}
			}
		})
	}
	return found, para, found != nil
}

// paragraphOf reads the rest of an anchor as the number of a paragraph.
func (n *Node) paragraphOf(rest string) int {
	if n.Kind == Heading {
		if len(rest) < 3 || rest[1] != 'p' {
			return 0
		}
		rest = "." + rest[2:]
	} else if n.Kind != Article {
		return 0
	}
	if len(rest) < 2 || rest[0] != '.' {
		return 0
	}
	p, k := scanArabic(rest[1:])
	if k != len(rest)-1 || p < 1 || p > len(n.Paragraphs) {
		return 0
	}
	return p
}
