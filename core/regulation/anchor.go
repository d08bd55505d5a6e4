// SPDX-License-Identifier: Apache-2.0

package regulation

import (
	"strconv"
)

// Anchors name places: a12 an article, a12-1 its 之一, a12.2 its second
// paragraph, a12.2.3 the third item there, a12.2.3.1 a sub-item. In a text
// without articles s2 is 二、, s2.3 its （三）; A, B, … name headings without a
// number that head a series, n the notice, s0 the preamble, x1 an annex, and
// p1 the first paragraph of a heading.

// anchors names all places of the tree and reports numbers that repeat, are
// missing or are not printed.
func (d *Document) anchors() []Defect {
	a := namer{seen: map[string]int{}}
	for _, n := range d.Tree {
		a.top(n)
	}
	return a.defects
}

type namer struct {
	seen    map[string]int
	article int
	head    int
	annexes int
	inText  bool
	defects []Defect
}

// unique makes an anchor distinct: what comes a second time gets b, then c.
func (a *namer) unique(anchor string) (string, bool) {
	n := a.seen[anchor]
	a.seen[anchor] = n + 1
	if n == 0 {
		return anchor, false
	}
	return anchor + letters(n), true
}

// letters is b for 1, c for 2, … z for 25, ba for 26.
func letters(n int) string {
	if n < 26 {
		return string(rune('a' + n))
	}
	return letters(n/26) + string(rune('a'+n%26))
}

func (a *namer) report(code Code, n *Node, anchor, text, proposal string) {
	a.defects = append(a.defects, Defect{Code: code, Anchor: anchor, Line: n.at.from, Text: text, Proposal: proposal})
}

func (a *namer) top(n *Node) {
	switch n.Kind {
	case Part, Chapter, Section:
		for _, c := range n.Children {
			a.top(c)
		}
	case Article:
		a.inText = true
		a.nameArticle(n)
	case Heading:
		a.nameTopHeading(n)
	default:
		n.Anchor, _ = a.unique("a0.1." + ordinal(n, 1))
		a.subs(n)
	}
}

func ordinal(n *Node, fallback int) string {
	if n.Number != nil {
		return strconv.Itoa(*n.Number)
	}
	return strconv.Itoa(fallback)
}

func (a *namer) nameArticle(n *Node) {
	base := "a" + strconv.Itoa(*n.Number)
	if n.sub > 0 {
		base += "-" + strconv.Itoa(n.sub)
	}
	anchor, again := a.unique(base)
	n.Anchor = anchor
	switch {
	case again:
		a.report(RepeatedNumber, n, anchor, n.mark, "第"+chinese(a.article+1)+"条")
	case n.sub == 0 && *n.Number > a.article+1:
		a.report(NumberGap, n, anchor, n.mark, "第"+chinese(a.article+1)+"条")
	}
	if n.sub == 0 {
		a.article = max(a.article, *n.Number)
	}
	last, para := 0, -1
	for i, c := range n.Children {
		p := max(n.order[i], 1)
		if p != para {
			last, para = 0, p
		}
		c.Anchor, last = a.entry(n, c, n.Anchor+"."+strconv.Itoa(p), last)
		a.subs(c)
	}
	a.ends(n)
}

// ends reports the entry of a list that lacks the end mark its fellows have.
func (a *namer) ends(n *Node) {
	ended := 0
	for _, c := range n.Children {
		if endsSentence(c.Text) {
			ended++
		}
	}
	if ended*2 <= len(n.Children) {
		return
	}
	for i, c := range n.Children {
		if c.Text == "" || endsSentence(c.Text) || len(c.Children) > 0 {
			continue
		}
		mark := "。"
		if i > 0 && endsSentence(n.Children[i-1].Text) {
			mark = string(lastRune(n.Children[i-1].Text))
		}
		end := around(c.Text, len(c.Text), 6)
		a.report(MissingEndMark, c, c.Anchor, end, end+mark)
	}
}

// entry names one item of a series whose last number was last.
func (a *namer) entry(host, c *Node, base string, last int) (string, int) {
	if c.Number == nil {
		anchor, _ := a.unique(base + "." + strconv.Itoa(last+1))
		return anchor, last + 1
	}
	num := *c.Number
	anchor, again := a.unique(base + "." + strconv.Itoa(num))
	switch {
	case again:
		a.report(RepeatedNumber, c, anchor, c.mark+clip(c.first(), 20), "（"+chinese(last+1)+"）")
	case num > last+1:
		a.report(NumberGap, c, anchor, c.mark+clip(c.first(), 20), "（"+chinese(last+1)+"）")
	}
	return anchor, num
}

// first is the text a node begins with.
func (n *Node) first() string {
	switch {
	case n.Title != "":
		return n.Title
	case n.Text != "":
		return n.Text
	case len(n.Paragraphs) > 0:
		return n.Paragraphs[0]
	}
	return ""
}

func (a *namer) subs(n *Node) {
	last := 0
	for _, c := range n.Children {
		c.Anchor, last = a.entry(n, c, n.Anchor, last)
		a.subs(c)
	}
}

func (a *namer) nameTopHeading(n *Node) {
	switch {
	case n.Number == nil && n.mark == "" && !a.inText && n.sub == 0:
		name := "s0"
		if n.notice {
			name = "n"
		}
		n.Anchor, _ = a.unique(name)
	case n.Number == nil && n.sub == 0:
		a.annexes++
		n.Anchor, _ = a.unique("x" + strconv.Itoa(a.annexes))
	default:
		a.inText = true
		num := a.head + 1
		if n.Number != nil {
			num = *n.Number
		}
		anchor, again := a.unique("s" + strconv.Itoa(num))
		if n.lv != headMark && n.lv != noMark {
			anchor, again = a.unique("s0." + strconv.Itoa(num))
		}
		n.Anchor = anchor
		if again {
			a.report(RepeatedNumber, n, anchor, n.mark+clip(n.first(), 20), chinese(a.head+1)+"、")
		} else if n.lv == headMark && num > a.head+1 && n.Number != nil {
			a.report(NumberGap, n, anchor, n.mark+clip(n.first(), 20), chinese(a.head+1)+"、")
		}
		if n.lv == headMark {
			a.head = num
		}
		a.below(n)
	}
}

// below names the headings under a heading. A heading without a number gets a
// letter, so that two （一） under two of them keep apart by their path.
func (a *namer) below(n *Node) {
	last, letter := 0, 0
	for _, c := range n.Children {
		if c.Number == nil && c.lv == noMark {
			c.Anchor, _ = a.unique(n.Anchor + string(rune('A'+letter%26)))
			letter++
			if letter == 2 {
				a.report(RepeatedHeading, c, c.Anchor, clip(c.first(), 20), n.Anchor+"A")
			}
			a.below(c)
			continue
		}
		c.Anchor, last = a.entry(n, c, n.Anchor, a.carried(c, last))
		a.below(c)
	}
}

// carried lets （一） run on through the headings of a text: the first under a
// new heading may be any number without a gap being reported.
func (a *namer) carried(c *Node, last int) int {
	if last == 0 && c.Number != nil {
		return *c.Number - 1
	}
	return last
}

// count fills in the numbers of markers as printed, by the level of the marker.
func (d *Document) count() {
	for _, n := range d.Tree {
		n.walk(func(n *Node) {
			switch n.Kind {
			case Part:
				d.Parts++
			case Chapter:
				d.Chapters++
			case Section:
				d.Sections++
			case Article:
				d.Articles++
			default:
				switch {
				case n.Number == nil:
				case n.lv == itemMark:
					d.Items++
				case n.lv >= numMark:
					d.SubItems++
				}
			}
		})
	}
}
