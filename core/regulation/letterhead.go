// SPDX-License-Identifier: Apache-2.0

package regulation

import "strings"

// maxLetterhead is how many lines of names a letterhead has at most.
const maxLetterhead = 10

// readLetterhead finds a letterhead of two columns that was read across: names
// of bodies broken off, 文件 and the rest of a name in the line of the number.
// The pieces are put together as a proposal; the lines leave the text.
func (d *draft) readLetterhead() {
	at := -1
	var tokens []string
	for i := 0; i < d.front && at < 0; i++ {
		b := &d.blocks[i]
		if b.why != "" || d.isTitleBlock(i) || len(b.text) > 200 {
			continue
		}
		for _, f := range strings.Fields(b.text) {
			if f == "文件" {
				at, tokens = i, strings.Fields(b.text)
			}
		}
	}
	if at < 0 {
		return
	}
	from := at
	for from > 0 && at-from < maxLetterhead && d.letterheadLine(from-1) {
		from--
	}
	if from == at && len(tokens) < 2 {
		return
	}
	var was []string
	for i := from; i <= at; i++ {
		was = append(was, d.blocks[i].text)
	}
	bodies := d.bodies(from, at, tokens)
	number := ""
	if a, b, ok := findNumber(d.blocks[at].text); ok {
		number = d.blocks[at].text[a:b]
		d.setNumber(number)
	}
	issuer := strings.Join(bodies, "、")
	if issuer != "" && d.doc.Issuer == nil {
		d.doc.Issuer = &issuer
	}
	line := d.blocks[from].head
	for i := from; i <= at; i++ {
		d.drop(&d.blocks[i], whyLetterhead)
	}
	d.defects = append(d.defects, Defect{
		Code: Letterhead, Line: line, Text: strings.Join(was, "⏎"),
		Proposal: strings.TrimSpace(strings.Join(bodies, " ") + " 文件 " + number),
	})
}

func (d *draft) letterheadLine(i int) bool {
	b := &d.blocks[i]
	t := strings.ReplaceAll(b.text, " ", "")
	if b.why != "" || d.isTitleBlock(i) || isSiteHead(t) || runeLen(t) < 2 || runeLen(t) > 40 {
		return false
	}
	for _, r := range t {
		if !isHan(r) {
			return false
		}
	}
	return !d.j.isTitle(t)
}

// bodies restores the names: a short rest of a name goes to the last broken
// one, a name still broken is completed as the text has it elsewhere, and a
// line of several names is parted where a place name comes again.
func (d *draft) bodies(from, at int, tokens []string) []string {
	var names []string
	for i := from; i < at; i++ {
		names = append(names, d.partNames(strings.ReplaceAll(d.blocks[i].text, " ", ""))...)
	}
	for _, t := range tokens {
		if t == "文件" || strings.ContainsAny(t, "〔[0123456789") {
			continue
		}
		if n := len(names); n > 0 && runeLen(t) <= 4 && !d.whole(names[n-1]) {
			names[n-1] += t
		} else {
			names = append(names, d.partNames(t)...)
		}
	}
	for i, n := range names {
		if !d.whole(n) {
			names[i] = d.completed(n)
		}
	}
	return names
}

func (d *draft) whole(name string) bool { return d.j.isOrgan(name) }

// partNames splits 甲市乙局甲市丙局 before the second 甲市.
func (d *draft) partNames(s string) []string {
	place := strings.TrimPrefix(s, "中共")
	for _, w := range []string{"省", "市", "县", "区"} {
		if i := strings.Index(place, w); i > 0 && runeLen(place[:i]) <= 4 {
			place = place[:i+len(w)]
			if k := strings.LastIndex(s, place); k > len("中共") {
				return append(d.partNames(s[:k]), s[k:])
			}
			break
		}
	}
	return []string{s}
}

// completed finds a name in the text that goes on where this one breaks off.
func (d *draft) completed(name string) string {
	for i := range d.blocks {
		t := d.blocks[i].text
		for k := strings.Index(t, name); k >= 0; {
			rest := t[k+len(name):]
			for _, w := range []string{"委员会", "厅", "局", "委", "部", "院", "办公室"} {
				if strings.HasPrefix(rest, w) {
					return name + w
				}
			}
			next := strings.Index(rest, name)
			if next < 0 {
				break
			}
			k += len(name) + next
		}
	}
	return name
}
