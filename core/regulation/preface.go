// SPDX-License-Identifier: Apache-2.0

package regulation

import (
	"strings"
)

// whyContents is the reason for dropping a table of contents.
const whyContents = "table of contents"

// readFront reads what stands before the first chapter, article or heading:
// number, issuer, date and title become fields, the notice and the preamble
// become headings without a number, the site's additions are dropped.
func (d *draft) readFront() {
	d.dropContents()
	d.splitGluedTitle()
	d.joinCutTitle()
	d.findTitle()
	d.readLetterhead()
	inNotice := false
	for i := 0; i < d.front; i++ {
		b := &d.blocks[i]
		if b.why != "" || d.isTitleBlock(i) {
			continue
		}
		inNotice = d.frontBlock(i, b, inNotice)
	}
}

// frontBlock sorts one block of the front; it returns whether the blocks
// behind it belong to a notice.
func (d *draft) frontBlock(i int, b *block, inNotice bool) bool {
	j, t := d.j, b.text
	before := d.titleAt < 0 || i < d.titleAt
	switch {
	case isSiteHead(t):
		if k := strings.IndexAny(t, ":："); k >= 0 {
			d.names = append(d.names, strings.TrimLeft(t[k:], ":： "))
		}
		d.drop(b, whyHead)
	case isMetaLine(t):
		d.readFields(t)
		d.drop(b, whyFields)
	case isNumberLine(t):
		d.setNumber(t)
		d.drop(b, whyNumber)
		return true
	case isDateLine(t):
		d.setDated(dateOf(t))
		d.drop(b, whyDate)
		return inNotice && before
	case isNotice(t) && j.isTitle(t) && before:
		if d.noticeAt >= 0 {
			d.drop(b, whyTitle)
			return true
		}
		d.noticeAt = i
		d.names = append(d.names, titlesIn(t)...)
		return true
	case d.sameTitle(t):
		d.drop(b, whyTitle)
	case d.introduces(t):
		d.drop(b, whyIntro)
	case j.isOrgan(t):
		d.setIssuer(t)
		d.drop(b, whyIssuer)
	case d.isSignedDate(t):
		d.readSignature(t)
		d.drop(b, whySignature)
	case isAddressee(t):
		d.notice = append(d.notice, i)
		return true
	case before && d.titleAt >= 0:
		d.names = append(d.names, titlesIn(t)...)
		if inNotice || endsSentence(t) && runeLen(t) > 25 {
			d.notice = append(d.notice, i)
			return inNotice
		}
		d.drop(b, whyFrame)
	case endsSentence(t) || runeLen(t) > 25 || d.front == len(d.blocks):
		d.preamble = append(d.preamble, i)
	default:
		d.drop(b, whyFrame)
	}
	return inNotice
}

func (d *draft) isTitleBlock(i int) bool {
	for _, p := range d.titles {
		if p.block == i {
			return true
		}
	}
	return false
}

// dropContents drops a table of contents: chapters that come again before the
// first article.
func (d *draft) dropContents() {
	last, first := -1, -1
	top := noMark // the outermost rank in use
	for i := range d.blocks {
		m := d.blocks[i].m
		if m.level == artMark || m.level == headMark {
			break
		}
		if top == noMark && (m.level == partMark || m.level == chapMark) {
			top = m.level
		}
		if m.level != noMark && m.level == top && m.num == 1 {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first < 0 || last == first {
		return
	}
	for i := first; i < last; i++ {
		d.drop(&d.blocks[i], whyContents)
	}
	if first > 0 && essence(d.blocks[first-1].text) == "目录" {
		d.drop(&d.blocks[first-1], whyContents)
	}
	d.front = last
}

// splitGluedTitle parts a line of issuer, date and title.
func (d *draft) splitGluedTitle() {
	for i := d.front - 1; i >= 0; i-- {
		b := d.blocks[i]
		if b.why != "" || b.m.level != noMark || !d.j.endsWithTitle(b.text) || d.j.isTitle(b.text) {
			continue
		}
		f, _ := findDate(b.text)
		head := strings.TrimSpace(b.text[:f.a])
		if head != "" && !d.j.isOrgan(head) {
			continue
		}
		parts := []block{}
		for _, c := range [][2]int{{0, f.a}, {f.a, f.b}, {f.b, len(b.text)}} {
			p := block{line: b.line.slice(c[0], c[1]).trimmed(), runs: true}
			p.head = p.line.first
			if p.text != "" {
				parts = append(parts, p)
			}
		}
		blocks := append([]block(nil), d.blocks[:i]...)
		blocks = append(append(blocks, parts...), d.blocks[i+1:]...)
		d.front += len(parts) - 1
		d.blocks = blocks
		return
	}
}

// maxFront bounds the lines of a front in which a cut title is looked for.
const maxFront = 60

// joinCutTitle joins a title that stands on two lines.
func (d *draft) joinCutTitle() {
	for i := 0; i+1 < d.front && i < maxFront; i++ {
		a, b := &d.blocks[i], &d.blocks[i+1]
		if a.why != "" || b.why != "" || !d.j.isTitle(b.text) {
			continue
		}
		if !d.j.beginsTitle(a.text, b.text) {
			continue
		}
		d.defects = append(d.defects, Defect{Code: CutTitle, Line: b.head, Text: a.text + "⏎" + b.text, Proposal: a.text + b.text, Settled: true})
		a.line = joined(a.line, b.line)
		d.blocks = append(d.blocks[:i+1:i+1], d.blocks[i+2:]...)
		d.front--
	}
}

// findTitle takes the title nearest before the text; failing that the name in
// the notice.
func (d *draft) findTitle() {
	for i := d.front - 1; i >= 0; i-- {
		b := &d.blocks[i]
		if b.why == "" && b.m.level == noMark && d.j.isTitle(b.text) && !isNotice(b.text) {
			d.takeTitle(i)
			return
		}
	}
	for i := d.front - 1; i >= 0; i-- {
		b := &d.blocks[i]
		if b.why == "" && b.m.level == noMark && isNotice(b.text) && d.j.isTitle(b.text) {
			if ts := titlesIn(b.text); len(ts) > 0 && d.front < len(d.blocks) && d.blocks[d.front].m.level != headMark {
				d.doc.Title = ts[len(ts)-1]
				return
			}
			d.takeTitle(i)
			return
		}
	}
}

func (d *draft) takeTitle(i int) {
	b := &d.blocks[i]
	t := bareTitle(b.text)
	if t != b.text {
		d.dropped = append(d.dropped, Dropped{Line: b.head, Text: "《》", Why: whyTitleMark})
	}
	d.titleAt = i
	d.titles = append(d.titles, titlePart{i, t, b.span()})
	d.doc.Title = tidied(t)
	d.doc.title = b.span()
}

func (d *draft) sameTitle(t string) bool {
	return d.doc.Title != "" && len(t) <= 2*len(d.doc.Title)+12 && essence(bareTitle(t)) == essence(d.doc.Title)
}

// introduces reports 《…》全文如下: and its like.
func (d *draft) introduces(t string) bool {
	return d.doc.Title != "" && strings.Contains(t, d.doc.Title) && runeLen(t) <= runeLen(d.doc.Title)+14 && (strings.Contains(t, "如下") || strings.Contains(t, "全文"))
}

// titlesIn lists the titles in 《》 of a text, the outer ones.
func titlesIn(s string) []string {
	var out []string
	depth, from := 0, 0
	for i, r := range s {
		switch r {
		case '《':
			if depth == 0 {
				from = i + len("《")
			}
			depth++
		case '》':
			if depth == 1 {
				out = append(out, s[from:i])
			}
			depth = max(depth-1, 0)
		}
	}
	return out
}

// isSignedDate reports a line of an issuer and a date.
func (d *draft) isSignedDate(t string) bool {
	if len(t) > 240 {
		return false
	}
	f, ok := findDate(t)
	if !ok {
		return false
	}
	head, tail := strings.Trim(t[:f.a], " (（"), strings.Trim(t[f.b:], " )）")
	return d.j.isOrgan(head) && (tail == "" || tail == "印发" || tail == "发布")
}

func (d *draft) readSignature(t string) {
	f, _ := findDate(t)
	d.setIssuer(strings.Trim(t[:f.a], " (（"))
	d.setDated(f.day)
}
