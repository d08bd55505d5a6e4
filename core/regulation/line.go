// SPDX-License-Identifier: Apache-2.0

package regulation

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// seam marks where, in a line made of several, a physical line begins.
type seam struct{ at, no int }

// line is a logical line: text with the physical line each byte came from.
// first is the physical line of byte 0, more the later seams in order, their
// offsets counted from off bytes before the text.
type line struct {
	text  string
	first int
	more  []seam
	off   int
	loose bool // its content came out of markup or a database, where line ends mean nothing
}

// seamsBefore counts the seams at or before a byte.
func (l line) seamsBefore(off int) int {
	return sort.Search(len(l.more), func(i int) bool { return l.more[i].at-l.off > off })
}

// at names the physical line of the byte at off.
func (l line) at(off int) int {
	if k := l.seamsBefore(off); k > 0 {
		return l.more[k-1].no
	}
	return l.first
}

func (l line) last() int {
	if n := len(l.more); n > 0 {
		return l.more[n-1].no
	}
	return l.first
}

func (l line) span() span { return span{l.first, l.last()} }

// slice is the part [a,b) of the line, with its seams.
func (l line) slice(a, b int) line {
	out := line{text: l.text[a:b], first: l.first, loose: l.loose}
	if len(l.more) > 0 {
		from := l.seamsBefore(a)
		to := max(l.seamsBefore(b-1), from)
		if from > 0 {
			out.first = l.more[from-1].no
		}
		out.more, out.off = l.more[from:to], l.off+a
	}
	return out
}

// trimmed is the line without spaces at its ends.
func (l line) trimmed() line {
	a := len(l.text) - len(strings.TrimLeft(l.text, " "))
	if a == len(l.text) {
		return line{first: l.first, loose: l.loose}
	}
	b := len(strings.TrimRight(l.text, " "))
	if a == 0 && b == len(l.text) {
		return l
	}
	return l.slice(a, b)
}

// joined is a with b behind it.
func joined(a, b line) line {
	return joinAll([]line{a, b})
}

// joinAll joins many lines in one pass.
func joinAll(ls []line) line {
	if len(ls) == 1 {
		return ls[0]
	}
	out := line{first: ls[0].first}
	var b strings.Builder
	last := out.first
	for i, l := range ls {
		out.loose = out.loose || l.loose
		if l.text == "" {
			continue
		}
		if i == 0 || b.Len() == 0 {
			out.first, last = l.first, l.first
		}
		out.more = append(out.more, shifted(l, b.Len(), last)...)
		b.WriteString(l.text)
		last = l.last()
	}
	out.text = b.String()
	return out
}

func shifted(b line, by, last int) []seam {
	var out []seam
	if b.first != last {
		out = append(out, seam{by, b.first})
	}
	for _, s := range b.more {
		out = append(out, seam{s.at - b.off + by, s.no})
	}
	return out
}

// splitLines splits decoded text at any line end and cleans each line. Blank lines
// vanish: sites put them anywhere.
func splitLines(text string) []line {
	if strings.IndexByte(text, '\r') >= 0 {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	out := make([]line, 0, strings.Count(text, "\n")+1)
	for no := 1; len(text) > 0; no++ {
		var raw string
		raw, text, _ = strings.Cut(text, "\n")
		s := strings.Trim(cleaned(raw), " ")
		if s != "" {
			out = append(out, line{text: s, first: no})
		}
	}
	return out
}

// cleaned turns every kind of blank into a plain space and removes characters
// that show nothing: controls, zero-width marks, soft hyphens, joiners.
func cleaned(s string) string {
	if !needsCleaning(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case r == '\t' || r == '\v' || r == '\f' || r > ' ' && unicode.Is(unicode.Zs, r):
			b.WriteByte(' ')
		case invisible(r):
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func needsCleaning(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c < 0x20, c == 0x7F, c == 0xC2, c == 0xEF, c == 0xCD, c == 0xE1, c == 0xF3:
			return true
		case c == 0xE2 && i+2 < len(s) && (s[i+1] == 0x80 && (s[i+2] < 0x90 || s[i+2] > 0xA7) || s[i+1] == 0x81):
			return true
		case c == 0xE3 && i+2 < len(s) && s[i+1] == 0x80 && s[i+2] == 0x80:
			return true
		}
	}
	return false
}

// invisible reports a character that shows nothing and carries no law.
func invisible(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7F && r < 0xA0, r == 0xAD, r == 0x34F, r == 0x61C:
		return true
	case r >= 0x180B && r <= 0x180F, r >= 0x200B && r <= 0x200F, r >= 0x2028 && r <= 0x202E:
		return true
	case r >= 0x2060 && r <= 0x206F, r >= 0xFE00 && r <= 0xFE0F, r == 0xFEFF, r >= 0xFFF9 && r <= 0xFFFB:
		return true
	case r >= 0xE0000 && r <= 0xE0FFF:
		return true
	}
	return false
}

// isHan is the fast test for the scripts of law: the unified ideographs and
// the zero 〇.
func isHan(r rune) bool {
	return r >= 0x4E00 && r <= 0x9FFF || r == '〇' || r >= 0x3400 && r <= 0x4DBF || r >= 0x20000 && r <= 0x323AF
}

func firstRune(s string) rune {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return 0
	}
	return r
}

func lastRune(s string) rune {
	r, n := utf8.DecodeLastRuneInString(s)
	if n == 0 {
		return 0
	}
	return r
}

func runeLen(s string) int { return utf8.RuneCountInString(s) }

// clip shortens a text for a defect to n runes.
func clip(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i] + "…"
		}
		n--
	}
	return s
}

// hasStop reports any mark that parts sentences or clauses, 、 apart.
func hasStop(s string) bool {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ',', ';', ':', '!', '?':
			return true
		case 0xE3:
			if strings.HasPrefix(s[i:], "。") {
				return true
			}
		case 0xEF:
			if i+2 < len(s) && s[i+1] == 0xBC && (s[i+2] == 0x8C || s[i+2] == 0x9B || s[i+2] == 0x9A || s[i+2] == 0x81 || s[i+2] == 0x9F) {
				return true
			}
		}
	}
	return false
}
