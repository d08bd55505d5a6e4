// SPDX-License-Identifier: Apache-2.0

package regulation

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Dumps of databases (SQL, JSON, CSV) hold a text as strings. Strings with Han
// characters are text; all else, names of columns and punctuation included, is
// dropped as the syntax of the database.

// dumpKind says how the strings of a dump are written.
type dumpKind uint8

const (
	noDump dumpKind = iota
	sqlDump
	jsonDump
	csvDump
)

// dumpOf guesses from the first lines.
func dumpOf(lines []line) dumpKind {
	if len(lines) == 0 {
		return noDump
	}
	head := strings.TrimSpace(lines[0].text)
	for i := 0; i < len(lines) && i < 40; i++ {
		t := strings.ToLower(clipBytes(lines[i].text, 200))
		if strings.HasPrefix(t, "insert into") || strings.HasPrefix(t, "replace into") {
			return sqlDump
		}
	}
	if strings.HasPrefix(head, "{") || strings.HasPrefix(head, "[") {
		for i := 0; i < len(lines) && i < 8; i++ {
			if strings.Contains(lines[i].text, `":`) || strings.Contains(lines[i].text, `" :`) || strings.HasPrefix(head, `["`) {
				return jsonDump
			}
		}
	}
	if k := strings.Index(head, ","); k > 0 && len(lines) > 1 && !strings.ContainsAny(head, "。；：") {
		fields := strings.Split(head, ",")
		quoted := false
		for i := 1; i < len(lines) && i < 4; i++ {
			quoted = quoted || strings.Contains(lines[i].text, `,"`) || strings.HasPrefix(lines[i].text, `"`)
		}
		if len(fields) >= 2 && quoted && plainNames(fields) {
			return csvDump
		}
	}
	return noDump
}

// plainNames reports that all fields of a first line read like names.
func plainNames(fields []string) bool {
	for _, f := range fields {
		f = strings.Trim(strings.TrimSpace(f), `"`)
		if f == "" || len(f) > 40 || strings.ContainsAny(f, " 、，") {
			return false
		}
	}
	return true
}

// dump reads the strings of a dump.
type dump struct {
	j     *job
	kind  dumpKind
	out   []line
	parts []line          // the string under way
	waste strings.Builder // syntax met on the line at hand
	no    int
	quote byte // 0 outside a string
}

func (j *job) unwrapDump(kind dumpKind) {
	d := dump{j: j, kind: kind}
	for i, l := range j.lines {
		if kind == csvDump && i == 0 {
			d.drop(l.text, l.first)
			continue
		}
		if l.first != d.no {
			d.flush()
			d.no = l.first
		}
		d.line(l)
	}
	d.endString(false)
	d.flush()
	j.lines = d.out
}

func (d *dump) drop(s string, no int) {
	if strings.TrimSpace(s) != "" {
		d.j.dropped = append(d.j.dropped, Dropped{Line: no, Text: strings.TrimSpace(s), Why: whyDatabase})
	}
}

func (d *dump) flush() {
	d.drop(d.waste.String(), d.no)
	d.waste.Reset()
}

func (d *dump) line(l line) {
	s := l.text
	for i := 0; i < len(s); {
		if d.quote == 0 {
			i = d.outside(l, i)
			continue
		}
		i = d.inside(l, i)
	}
	if d.quote != 0 { // a line end inside a string ends a line of text
		d.endLine()
	} else if d.kind == csvDump {
		d.endString(false)
	}
}

// outside reads syntax up to the next string. In CSV a field may do without
// quotes.
func (d *dump) outside(l line, i int) int {
	s := l.text
	c := s[i]
	if c == '"' || c == '\'' && d.kind == sqlDump {
		d.quote = c
		d.waste.WriteByte(c)
		return i + 1
	}
	if d.kind == csvDump && c >= utf8.RuneSelf {
		k := i
		for k < len(s) && s[k] != ',' {
			k++
		}
		d.parts = append(d.parts, l.slice(i, k))
		d.endString(false)
		return k
	}
	_, w := utf8.DecodeRuneInString(s[i:])
	d.waste.WriteString(s[i : i+w])
	return i + w
}

// inside reads a piece of a string up to its end, an escape, or the line's end.
func (d *dump) inside(l line, i int) int {
	s := l.text
	k := i
	for k < len(s) && s[k] != d.quote && (s[k] != '\\' || d.kind == csvDump) {
		k++
	}
	if k > i {
		d.parts = append(d.parts, l.slice(i, k))
	}
	if k == len(s) {
		return k
	}
	if s[k] == '\\' {
		return d.escape(l, k)
	}
	if d.kind != jsonDump && k+1 < len(s) && s[k+1] == d.quote { // a doubled quote stands for one
		d.waste.WriteByte(d.quote)
		d.parts = append(d.parts, l.slice(k, k+1))
		return k + 2
	}
	d.waste.WriteByte(d.quote)
	d.quote = 0
	isKey := d.kind == jsonDump && strings.HasPrefix(strings.TrimLeft(s[k+1:], " "), ":")
	d.endString(isKey)
	return k + 1
}

// escape reads \n, \t, \", \\, \u4e00 and puts what it stands for.
func (d *dump) escape(l line, k int) int {
	s := l.text
	if k+1 >= len(s) {
		d.waste.WriteByte('\\')
		return k + 1
	}
	end := k + 2
	now := ""
	switch c := s[k+1]; c {
	case 'n', 'r':
		d.waste.WriteString(s[k:end])
		d.endLine()
		return end
	case 't', 'f', 'b':
		now = " "
	case 'u':
		if v, err := strconv.ParseUint(s[min(k+2, len(s)):min(k+6, len(s))], 16, 32); err == nil && k+6 <= len(s) {
			now, end = cleaned(string(rune(v))), k+6
		}
	default:
		_, w := utf8.DecodeRuneInString(s[k+1:])
		end = k + 1 + w
		now = s[k+1 : end]
	}
	d.j.changes = append(d.j.changes, change{span{l.at(k), l.at(k)}, s[k:end], now})
	if now != "" {
		d.parts = append(d.parts, line{text: now, first: l.at(k)})
	}
	return end
}

// endLine ends a line of the string under way.
func (d *dump) endLine() {
	if len(d.parts) == 0 {
		return
	}
	l := joinAll(d.parts).trimmed()
	d.parts = d.parts[:0]
	if l.text != "" {
		l.loose = true
		d.out = append(d.out, l)
	}
}

// endString ends a string: one without Han characters, or a name, is syntax.
func (d *dump) endString(key bool) {
	if len(d.parts) == 0 {
		return
	}
	l := joinAll(d.parts)
	if !key && strings.IndexFunc(l.text, isHan) >= 0 || !key && findable(l.text) {
		d.endLine()
		return
	}
	d.parts = d.parts[:0]
	for _, p := range l.physical() {
		d.drop(p.text, p.first)
	}
}

// findable keeps strings without Han characters that the front of a document
// may need: dates.
func findable(s string) bool { return isDateLine(strings.TrimSpace(s)) }
