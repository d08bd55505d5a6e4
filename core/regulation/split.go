// SPDX-License-Identifier: Apache-2.0

package regulation

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// documents cuts the blocks into documents and builds each.
func (j *job) documents() []Document {
	blocks := j.segment()
	starts := j.starts(blocks)
	var drafts []*draft
	for k, from := range starts {
		to := len(blocks)
		if k+1 < len(starts) {
			to = starts[k+1]
		}
		drafts = append(drafts, j.draft(blocks[from:to]))
	}
	drafts = j.dropCopies(drafts)
	docs := make([]Document, 0, len(drafts))
	for _, d := range drafts {
		docs = append(docs, d.build())
	}
	return j.settle(docs, drafts)
}

// starts lists the blocks at which documents begin. A new one begins where
// the numbering starts again and something like a title stands before it.
func (j *job) starts(blocks []block) []int {
	if len(blocks) == 0 {
		return nil
	}
	starts := []int{0}
	lastMark := -1
	var seen struct{ part, chap, art, head bool }
	for i := range blocks {
		m := blocks[i].m
		if m.level == noMark || m.level >= itemMark {
			continue
		}
		again := false
		switch m.level {
		case partMark:
			again = m.num == 1 && seen.art
		case chapMark:
			again = m.num == 1 && !(lastMark >= 0 && blocks[lastMark].m.level == partMark) &&
				(seen.art || seen.head && j.titleBetween(blocks, lastMark, i) >= 0)
		case artMark:
			again = m.num == 1 && m.sub == 0 && (seen.art || seen.head && j.titleBetween(blocks, lastMark, i) >= 0)
		case headMark:
			again = m.num == 1 && (seen.art || seen.head) && j.titleBetween(blocks, lastMark, i) >= 0
		}
		if again {
			at := j.frontOf(blocks, lastMarkOf(blocks, i), i)
			starts = append(starts, at)
			seen.part, seen.chap, seen.art, seen.head = false, false, false, false
		}
		switch m.level {
		case partMark:
			seen.part = true
		case chapMark:
			seen.chap = true
		case artMark:
			seen.art = true
		case headMark:
			seen.head = true
		}
		lastMark = i
	}
	return starts
}

// lastMarkOf is the last block before i that carries any marker.
func lastMarkOf(blocks []block, i int) int {
	for k := i - 1; k >= 0; k-- {
		if blocks[k].m.level != noMark {
			return k
		}
	}
	return -1
}

// titleBetween finds the title nearest before block i, behind block after.
func (j *job) titleBetween(blocks []block, after, i int) int {
	for k := i - 1; k > after && k >= 0 && i-k < 60; k-- {
		if blocks[k].m.level != noMark {
			return -1
		}
		t := blocks[k].text
		if (j.isTitle(t) || j.endsWithTitle(t)) && !isNotice(t) {
			return k
		}
	}
	return -1
}

// endsWithTitle reports a line whose last blank-separated word is a title
// behind a date: issuer, date and title on one line.
func (j *job) endsWithTitle(t string) bool {
	if len(t) >= 300 {
		return false
	}
	d, ok := findDate(t)
	return ok && j.isTitle(strings.TrimSpace(t[d.b:]))
}

// frontOf finds where, between the last marked block of the text before and
// the first of the new one, the new one's front begins.
func (j *job) frontOf(blocks []block, after, i int) int {
	for k := i - 1; k > after; k-- {
		if isSiteHead(blocks[k].text) {
			return k
		}
	}
	title := -1
	for k := i - 1; k > after; k-- {
		t := blocks[k].text
		if (j.isTitle(t) || j.endsWithTitle(t)) && !isNotice(t) {
			title = k
			break
		}
	}
	if title < 0 {
		return i
	}
	front := title
	if k := title - 1; k > after && j.beginsTitle(blocks[k].text, blocks[title].text) {
		front = k
	}
	for k := title - 1; k > after; k-- {
		t := blocks[k].text
		if isNotice(t) || isNumberLine(t) || isMetaLine(t) || j.isOrgan(t) || isAnnexLine(t) || isAddressee(t) || t == bareTitle(blocks[title].text) {
			front = k
		}
	}
	return front
}

// beginsTitle reports that a line is the first half of a title whose second
// half, a mere 管理办法 or 的意见, stands on the next line.
func (j *job) beginsTitle(a, b string) bool {
	if runeLen(a) > 45 || hasStop(a) || !isHan(lastRune(a)) || j.isFront(a) || j.isOrgan(a) || strings.HasPrefix(b, "关于") {
		return false
	}
	return strings.Contains(a, "关于") || strings.HasPrefix(b, "的") || runeLen(stem(b)) <= 6
}

// draft is a document under way.
type draft struct {
	j      *job
	blocks []block
	front  int // blocks before the first marked one
	doc    Document

	names    []string // what the notice and the site call it
	dropped  []Dropped
	defects  []Defect
	changes  []change
	titleAt  int // block of the title, or -1
	preamble []int
	notice   []int
	noticeAt int // block of the notice's title, or -1
	titles   []titlePart

	imprint   string // the office in the imprint
	fromIssue bool   // in force from the day of issue
}

// titlePart is a piece of a line that is the title.
type titlePart struct {
	block int
	text  string
	at    span
}

func (j *job) draft(blocks []block) *draft {
	d := &draft{j: j, blocks: blocks, titleAt: -1, noticeAt: -1}
	d.front = frontEnd(blocks)
	d.doc.from, d.doc.to = blocks[0].head, blocks[len(blocks)-1].last()
	d.dropCommentary()
	d.readFront()
	d.readTail()
	return d
}

// frontEnd is the first block with a marker of the text proper. An arabic
// number before the first chapter, article or heading numbers something of
// the front.
func frontEnd(blocks []block) int {
	small := -1
	for i := range blocks {
		switch lv := blocks[i].m.level; {
		case lv == noMark:
		case lv == numMark || lv == parenMark || lv == ringMark:
			if small < 0 {
				small = i
			}
		default:
			return i
		}
	}
	if small >= 0 {
		return small
	}
	return len(blocks)
}

func (d *draft) drop(b *block, why string) {
	if b.why != "" {
		return
	}
	b.why = why
	d.dropped = append(d.dropped, droppedBlock(b, why)...)
}

// droppedBlock lists a block, its marker in front, by physical lines.
func droppedBlock(b *block, why string) []Dropped {
	out := droppedLines(b.line, why)
	if b.m.raw == "" {
		return out
	}
	if len(out) > 0 && out[0].Line == b.head {
		out[0].Text = b.m.raw + out[0].Text
		return out
	}
	return append([]Dropped{{Line: b.head, Text: b.m.raw, Why: why}}, out...)
}

// dropCommentary drops what stands between 解读: and the next article.
func (d *draft) dropCommentary() {
	inside := false
	art := 0
	for i := range d.blocks {
		b := &d.blocks[i]
		switch b.m.level {
		case artMark, chapMark, partMark, sectMark:
			if !inside || b.m.level != artMark || b.m.num == art+1 {
				inside = false
			}
			if b.m.level == artMark && !inside {
				art = b.m.num
			}
		}
		if b.note {
			inside = true
		}
		if inside {
			d.drop(b, whyCommentary)
		}
	}
}

// dropCopies drops a text that the file already holds: the same articles once
// more, with or without a commentary between them.
func (j *job) dropCopies(drafts []*draft) []*draft {
	type known struct {
		d     *draft
		words map[int]string
	}
	first := map[string]*known{} // by the opening words of the first article
	var kept []*draft
	for _, d := range drafts {
		opening := d.opening()
		k, ok := first[opening]
		if opening == "" || !ok {
			kept = append(kept, d)
			first[opening] = &known{d: d}
			continue
		}
		if k.words == nil {
			k.words = k.d.openings()
		}
		if !sameArticles(k.words, d.openings()) {
			kept = append(kept, d)
			continue
		}
		k.d.defects = append(k.d.defects, differing(k.d, d)...)
		for i := range d.blocks {
			d.drop(&d.blocks[i], whyCopy)
		}
		if d.titleAt >= 0 {
			d.blocks[d.titleAt].why = ""
			d.drop(&d.blocks[d.titleAt], whyCopy)
		}
		k.d.dropped = append(k.d.dropped, d.dropped...)
		k.d.defects = append(k.d.defects, d.defects...)
		k.d.changes = append(k.d.changes, d.changes...)
		k.d.doc.to = max(k.d.doc.to, d.doc.to)
	}
	return kept
}

// differing reports the articles whose first words in a copy are not those of
// the text: one of the two is wrong.
func differing(text, copied *draft) []Defect {
	first := map[int]*block{}
	for i := range text.blocks {
		if b := &text.blocks[i]; b.m.level == artMark && b.m.sub == 0 && b.why == "" && first[b.m.num] == nil {
			first[b.m.num] = b
		}
	}
	var out []Defect
	for i := range copied.blocks {
		b := &copied.blocks[i]
		if b.m.level != artMark || b.m.sub != 0 || b.why != "" {
			continue
		}
		f := first[b.m.num]
		if f == nil || essence(f.text) == essence(b.text) {
			continue
		}
		at := 0
		for at < len(f.text) && at < len(b.text) && f.text[at] == b.text[at] {
			at++
		}
		out = append(out, Defect{Code: CopyDiffers, Anchor: "a" + strconv.Itoa(b.m.num), Line: f.head, Text: whole(f.text, at), Proposal: whole(b.text, at)})
	}
	return out
}

// whole is the text about an offset that may lie inside a character.
func whole(s string, at int) string {
	for at > 0 && at < len(s) && !utf8.RuneStart(s[at]) {
		at--
	}
	return around(s, min(at, len(s)), 8)
}

// opening is the first words of article one.
func (d *draft) opening() string {
	for i := range d.blocks {
		if b := &d.blocks[i]; b.m.level == artMark && b.m.num == 1 && b.why == "" {
			return clip(essence(clip(b.text, 60)), 40)
		}
	}
	return ""
}

// openings are the first words of each article.
func (d *draft) openings() map[int]string {
	out := map[int]string{}
	for i := range d.blocks {
		m := d.blocks[i].m
		if m.level == artMark && m.sub == 0 && d.blocks[i].why == "" && out[m.num] == "" {
			out[m.num] = clip(essence(clip(d.blocks[i].text, 60)), 40)
		}
	}
	return out
}

// sameArticles reports that y repeats x: at least four of five articles of y
// begin with the words of the same article of x.
func sameArticles(x, y map[int]string) bool {
	same := 0
	for n, t := range y {
		if x[n] == t {
			same++
		}
	}
	return len(y) >= 2 && len(y)*2 >= len(x) && same*5 >= len(y)*4
}
