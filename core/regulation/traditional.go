// SPDX-License-Identifier: Apache-2.0

package regulation

import (
	"strings"
	"unicode/utf8"
)

// traditionalTable converts Traditional to Simplified by longest match.
type traditionalTable struct {
	chars   map[rune]rune
	phrases map[rune][]phrase
	fast    [0xA000 - 0x3400]rune // chars of the basic plane by number, 0 where none
	begins  [1 << 10]uint64       // a bit for each character that begins a phrase
	only    [1 << 10]uint64       // a bit for each character that only Traditional text has
}

type phrase struct{ was, now string }

func newTraditionalTable(entries []string) *traditionalTable {
	t := &traditionalTable{chars: map[rune]rune{}, phrases: map[rune][]phrase{}}
	for _, e := range entries {
		was, now, ok := strings.Cut(e, "\t")
		if !ok {
			continue
		}
		r, w := utf8.DecodeRuneInString(was)
		if w == len(was) {
			t.chars[r] = firstRune(now)
			if r >= 0x3400 && r < 0xA000 {
				t.fast[r-0x3400] = firstRune(now)
			}
			continue
		}
		if r < 0x10000 {
			t.begins[r>>6] |= 1 << (r & 63)
		}
		list := append(t.phrases[r], phrase{was, now})
		for k := len(list) - 1; k > 0 && len(list[k].was) > len(list[k-1].was); k-- {
			list[k], list[k-1] = list[k-1], list[k]
		}
		t.phrases[r] = list
	}
	simplified := map[rune]bool{}
	for _, now := range t.chars {
		simplified[now] = true
	}
	for was := range t.chars {
		if !simplified[was] && was <= 0x9FFF && was != '乾' && was != '著' {
			t.only[was>>6] |= 1 << (was & 63)
		}
	}
	return t
}

// convert is s in Simplified characters.
func (t *traditionalTable) convert(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		r, w := decodeAt(s, i)
		step := 0
		if r >= 0x10000 || t.begins[r>>6]&(1<<(r&63)) != 0 {
			for _, p := range t.phrases[r] {
				if strings.HasPrefix(s[i:], p.was) {
					b.WriteString(p.now)
					step = len(p.was)
					break
				}
			}
		}
		if step == 0 {
			if now := t.char(r); now != 0 {
				b.WriteRune(now)
			} else {
				b.WriteString(s[i : i+w])
			}
			step = w
		}
		i += step
	}
	return b.String()
}

// char is the Simplified form of one character, or 0.
func (t *traditionalTable) char(r rune) rune {
	if r >= 0x3400 && r < 0xA000 {
		return t.fast[r-0x3400]
	}
	return t.chars[r]
}

// traditionalShare is how many of a text's Han characters must be Traditional
// only for the text to count as such: running text has a third; a Simplified
// text has a few in names.
const traditionalShare = 20

// simplify converts a text in Traditional characters. Simplified ones among
// them stay as they are.
func (j *job) simplify() {
	t := j.lex.traditional
	han, only := 0, 0
	for _, l := range j.lines {
		for i := 0; i < len(l.text); {
			r, w := decodeAt(l.text, i)
			i += w
			if r >= 0x4E00 && r <= 0x9FFF {
				han++
				if t.only[r>>6]&(1<<(r&63)) != 0 {
					only++
				}
			}
		}
		if han > 20000 {
			break
		}
	}
	if only < 3 || only*traditionalShare < han {
		return
	}
	d := Defect{Code: Traditional, Settled: true}
	for i := range j.lines {
		l := j.lines[i]
		parts := l.physical()
		for k := range parts {
			parts[k].text = t.convert(parts[k].text)
		}
		now := joinAll(parts)
		if now.text == l.text {
			continue
		}
		if d.Text == "" {
			d.Text, d.Proposal = clip(l.text, 12), clip(now.text, 12)
		}
		d.Places = append(d.Places, Place{Line: l.first})
		j.rewrite(i, now)
	}
	if len(d.Places) > 0 {
		d.Line = d.Places[0].Line
		j.defects = append(j.defects, d)
	}
}
