// SPDX-License-Identifier: Apache-2.0

package regulation

import (
	"strings"
)

// builder grows the tree of one document out of its blocks.
type builder struct {
	d        *draft
	root     Node
	outer    [3]*Node // part, chapter, section under way
	article  *Node
	heads    []*Node // headings under way, by depth
	item     *Node
	sub      *Node
	roles    map[int]bool // blocks that head a series of (一) without a number
	articled bool
	annex    *Node
	pending  []pending
	fresh    int // first of pending that has no node yet
}

// pending is a defect whose anchor is known once the tree stands.
type pending struct {
	d    Defect
	node *Node
	para int // 0: the node itself
}

// build makes the tree and fills in what the text itself tells.
func (d *draft) build() Document {
	d.readEffective()
	bd := &builder{d: d}
	for i := range d.blocks {
		if d.blocks[i].m.level == artMark && d.blocks[i].why == "" {
			bd.articled = true
		}
	}
	bd.roles = d.roleHeadings()
	bd.lead(d.noticeAt, d.notice, true)
	bd.lead(-1, d.preamble, false)
	if d.front == len(d.blocks) && len(d.preamble) > 0 {
		d.defects = append(d.defects, Defect{Code: NoStructure, Line: d.doc.from, Text: clip(d.blocks[d.preamble[0]].text, 20)})
	}
	for i := d.front; i < len(d.blocks); i++ {
		if d.blocks[i].why == "" {
			bd.add(i)
		}
	}
	d.doc.Tree = bd.root.Children
	if d.doc.Tree == nil {
		d.doc.Tree = []*Node{}
	}
	d.doc.count()
	named := d.doc.anchors()
	d.settlePending(bd.pending, named)
	return d.doc
}

// lead adds a notice or a preamble as a heading without a number.
func (bd *builder) lead(title int, paras []int, notice bool) {
	if title < 0 && len(paras) == 0 {
		return
	}
	n := &Node{Kind: Heading, notice: notice}
	if title >= 0 {
		n.Title, n.at = bd.text(bd.d.blocks[title].line), bd.d.blocks[title].span()
		bd.place(n, 0)
	}
	for _, i := range paras {
		bd.paragraph(n, &bd.d.blocks[i])
	}
	bd.root.addChild(n)
}

// text is a line without stray blanks; the blanks, and what the vocabulary
// doubts in the line, go on record once place tells where the line came to be.
func (bd *builder) text(l line) string {
	t := tidied(l.text)
	if t != l.text {
		if at, ok := strayBlank(l.text); ok {
			was := around(l.text, at, 4)
			bd.found(Defect{Code: StraySpace, Line: l.at(at), Text: was, Proposal: tidied(was), Settled: true})
		}
	}
	bd.inspect(t, l)
	return t
}

func (bd *builder) found(d Defect) { bd.pending = append(bd.pending, pending{d: d}) }

// place tells where the lines read since the last call came to stand.
func (bd *builder) place(n *Node, para int) {
	for ; bd.fresh < len(bd.pending); bd.fresh++ {
		bd.pending[bd.fresh].node, bd.pending[bd.fresh].para = n, para
	}
}

// paragraph reads a block as the next paragraph of n.
func (bd *builder) paragraph(n *Node, b *block) {
	n.addParagraph(b.m.raw+bd.text(b.line), b.span())
	bd.place(n, len(n.Paragraphs))
}

func (bd *builder) add(i int) {
	b := &bd.d.blocks[i]
	if bd.annex != nil {
		bd.paragraph(bd.annex, b)
		return
	}
	switch b.m.level {
	case partMark, chapMark, sectMark:
		bd.addOuter(b)
	case artMark:
		bd.addArticle(b)
	case headMark:
		if bd.article != nil {
			bd.addItem(b)
		} else {
			bd.addHeading(b, 1)
		}
	case itemMark:
		if bd.article != nil || bd.articled && len(bd.heads) == 0 {
			bd.addItem(b)
		} else {
			bd.addHeading(b, 3)
		}
	case numMark, parenMark, ringMark:
		if bd.article != nil {
			bd.addSub(b)
		} else {
			bd.addHeading(b, 4+int(b.m.level-numMark))
		}
	default:
		bd.addPlain(i)
	}
}

func number(n int) *int { return &n }

func (bd *builder) addOuter(b *block) {
	k := int(b.m.level - partMark)
	n := &Node{Kind: []Kind{Part, Chapter, Section}[k], Number: number(b.m.num), mark: b.m.raw, lv: b.m.level, at: b.span()}
	n.Title = tidied(b.text)
	bd.container(k).addChild(n)
	bd.outer[k] = n
	for i := k + 1; i < len(bd.outer); i++ {
		bd.outer[i] = nil
	}
	bd.article, bd.item, bd.sub, bd.heads = nil, nil, nil, nil
}

// container is the innermost of part, chapter and section outside rank k.
func (bd *builder) container(k int) *Node {
	for i := k - 1; i >= 0; i-- {
		if bd.outer[i] != nil {
			return bd.outer[i]
		}
	}
	return &bd.root
}

func (bd *builder) addArticle(b *block) {
	n := &Node{Kind: Article, Number: number(b.m.num), sub: b.m.sub, mark: b.m.raw, lv: artMark, at: span{b.head, b.head}}
	if b.text != "" {
		n.addParagraph(bd.text(b.line), b.span())
		bd.place(n, 1)
	}
	bd.container(len(bd.outer)).addChild(n)
	bd.article, bd.item, bd.sub, bd.heads = n, nil, nil, nil
}

// addItem adds an item to the article under way.
func (bd *builder) addItem(b *block) {
	n := &Node{Kind: Item, Number: number(b.m.num), mark: b.m.raw, lv: b.m.level, at: b.span(), Text: bd.text(b.line)}
	host := bd.article
	if host == nil {
		host = bd.container(len(bd.outer))
	}
	bd.checkMark(b)
	bd.place(n, 0)
	host.addChild(n)
	bd.item, bd.sub = n, nil
}

func (bd *builder) checkMark(b *block) {
	if b.m.broken {
		bd.found(Defect{Code: DamagedMark, Line: b.head, Text: b.m.raw + clip(b.text, 6), Proposal: "（" + chinese(b.m.num) + "）" + clip(b.text, 6)})
	}
}

// addSub adds 1. or （1） below an item, or as an item where the article has
// no items above it.
func (bd *builder) addSub(b *block) {
	if bd.item == nil || bd.item.lv == b.m.level {
		bd.addItem(b)
		return
	}
	n := &Node{Kind: SubItem, Number: number(b.m.num), mark: b.m.raw, lv: b.m.level, at: b.span(), Text: bd.text(b.line)}
	bd.place(n, 0)
	if bd.sub != nil && bd.sub.lv < b.m.level {
		bd.sub.addChild(n) // ① below 1.
		return
	}
	bd.item.addChild(n)
	bd.sub = n
}

// addHeading adds a heading of a text without articles; depth orders the
// levels: 1 一、, 2 a line that heads a series, 3 （一）, 4 1., 5 （1）, 6 ①.
func (bd *builder) addHeading(b *block, depth int) *Node {
	n := &Node{Kind: Heading, mark: b.m.raw, lv: b.m.level, at: b.span(), sub: depth}
	if b.m.level != noMark {
		n.Number = number(b.m.num)
	}
	bd.checkMark(b)
	bd.fillHeading(n, b, depth)
	bd.place(n, 0)
	for len(bd.heads) > 0 && bd.heads[len(bd.heads)-1].sub >= depth {
		bd.heads = bd.heads[:len(bd.heads)-1]
	}
	host := bd.container(len(bd.outer))
	if k := len(bd.heads); k > 0 {
		host = bd.heads[k-1]
	}
	host.addChild(n)
	bd.heads = append(bd.heads, n)
	return n
}

// headRunes is the longest first sentence that counts as a heading's title.
const headRunes = 30

// fillHeading parts a heading's title from the text that follows it.
func (bd *builder) fillHeading(n *Node, b *block, depth int) {
	t := bd.text(b.line)
	stop := strings.Index(t, "。")
	switch {
	case t == "":
	case stop < 0 && (depth <= 2 || runeLen(t) <= headRunes && !endsSentence(t)):
		n.Title = t
	case stop < 0:
		n.addParagraph(t, b.span())
	case stop+len("。") == len(t) && runeLen(t) <= headRunes && !strings.ContainsAny(t, "，,"):
		n.Title = t
	case runeLen(t[:stop]) <= headRunes && (depth == 1 || !strings.ContainsAny(t[:stop], "，,：:；;")) && stop+len("。") < len(t):
		n.Title = t[:stop+len("。")]
		n.addParagraph(t[stop+len("。"):], b.span())
		n.at = span{b.head, b.head}
		if b.last() != b.head {
			n.at = b.span()
		}
	default:
		n.addParagraph(t, b.span())
		n.at = span{b.head, b.head}
	}
}

// addPlain adds a block without a marker where it belongs.
func (bd *builder) addPlain(i int) {
	b := &bd.d.blocks[i]
	switch {
	case isAnnexLine(b.text):
		bd.annex = &Node{Kind: Heading, Title: bd.text(b.line), at: b.span()}
		bd.place(bd.annex, 0)
		bd.root.addChild(bd.annex)
	case bd.roles[i]:
		bd.addHeading(b, 2)
	case bd.article != nil:
		bd.addToArticle(i)
	case len(bd.heads) > 0:
		h := bd.heads[len(bd.heads)-1]
		if k := len(bd.heads); k > 1 && h.sub >= 3 && closesList(bd.heads[k-2]) {
			bd.heads = bd.heads[:k-1]
			h = bd.heads[k-2]
		}
		bd.paragraph(h, b)
	default:
		n := &Node{Kind: Heading}
		bd.paragraph(n, b)
		bd.container(len(bd.outer)).addChild(n)
	}
}

// closesList reports that the last child ended a list: the entries before it
// ended with a semicolon.
func closesList(host *Node) bool {
	k := len(host.Children)
	if k < 2 {
		return false
	}
	prev := host.Children[k-2]
	p := len(prev.Paragraphs)
	if p == 0 {
		return false
	}
	r := lastRune(prev.Paragraphs[p-1])
	return r == ';' || r == '；'
}

// addToArticle adds an unmarked block to the article under way: a paragraph,
// or an item whose number is lost.
func (bd *builder) addToArticle(i int) {
	b := &bd.d.blocks[i]
	if due, ok := bd.lostItem(i); ok {
		n := &Node{Kind: Item, lv: itemMark, at: b.span(), Text: bd.text(b.line)}
		bd.article.addChild(n)
		bd.item, bd.sub = n, nil
		bd.found(Defect{Code: LostItemNumber, Line: b.head, Text: clip(n.Text, 20), Proposal: "（" + chinese(due) + "）" + clip(n.Text, 20)})
		bd.place(n, 0)
		return
	}
	bd.paragraph(bd.article, b)
	bd.item, bd.sub = nil, nil
}

// lostItem reports that block i stands in the place of an item whose number
// the next item leaves out.
func (bd *builder) lostItem(i int) (due int, ok bool) {
	b := &bd.d.blocks[i]
	next := i + 1
	for next < len(bd.d.blocks) && bd.d.blocks[next].why != "" {
		next++
	}
	if next >= len(bd.d.blocks) {
		return 0, false
	}
	m := bd.d.blocks[next].m
	if m.level != itemMark {
		return 0, false
	}
	prev := 0
	if bd.item != nil && bd.item.Number != nil {
		prev = *bd.item.Number
	} else if bd.item == nil {
		if k := len(bd.article.Paragraphs); k == 0 || !strings.ContainsRune("：:", lastRune(bd.article.Paragraphs[k-1])) {
			return 0, false
		}
	}
	r := lastRune(b.text)
	return prev + 1, m.num == prev+2 && r != ':' && r != '：'
}

// roleHeadings finds the lines without a number that head several series of
// （一） below one heading.
func (d *draft) roleHeadings() map[int]bool {
	out := map[int]bool{}
	var group []int
	flush := func() {
		if len(group) > 1 {
			for _, i := range group {
				out[i] = true
			}
		}
		group = nil
	}
	for i := d.front; i < len(d.blocks); i++ {
		b := &d.blocks[i]
		if b.m.level == headMark || b.m.level < headMark && b.m.level != noMark {
			flush()
		}
		if b.m.level != noMark || b.why != "" || i+1 >= len(d.blocks) || len(b.text) > 80 {
			continue
		}
		r := lastRune(b.text)
		m := d.blocks[i+1].m
		if (r == ':' || r == '：') && m.level == itemMark && m.num == 1 {
			group = append(group, i)
		}
	}
	flush()
	return out
}
