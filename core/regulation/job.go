// SPDX-License-Identifier: Apache-2.0

package regulation

import "strings"

// job is one import under way: the lines as they stand by now, and all that
// was cut out, changed or found doubtful so far.
type job struct {
	name string
	opt  Options
	lex  *lexicon

	lines   []line
	dropped []Dropped
	defects []Defect
	changes []change

	toned            bool // some letter may carry a tone mark
	repairs, guesses int  // damaged spots tried so far

	pairs map[[2]rune]int // neighbouring characters of the text, once asked for
}

func newJob(name string, opt Options) *job {
	return &job{name: name, opt: opt, lex: vocabulary()}
}

func (j *job) read(text string) {
	j.lines = splitLines(text)
	j.toned = hasTones(text)
	if !strings.ContainsRune(text, '\uFFFD') {
		return
	}
	for _, l := range j.lines {
		if strings.ContainsRune(l.text, '\uFFFD') {
			j.defects = append(j.defects, Defect{Code: BrokenBytes, Line: l.first, Text: around(l.text, strings.IndexRune(l.text, '\uFFFD'), 4)})
		}
	}
}

// drop puts a whole line among the dropped, one entry for each physical line.
func (j *job) drop(l line, why string) { j.dropped = append(j.dropped, droppedLines(l, why)...) }

func droppedLines(l line, why string) []Dropped {
	var out []Dropped
	for _, p := range l.physical() {
		if t := strings.TrimSpace(p.text); t != "" {
			out = append(out, Dropped{Line: p.first, Text: t, Why: why})
		}
	}
	return out
}

// physical splits a line at its seams.
func (l line) physical() []line {
	if len(l.more) == 0 {
		return []line{l}
	}
	var out []line
	from, no := 0, l.first
	for _, s := range l.more {
		at := s.at - l.off
		if at > from {
			out = append(out, line{text: l.text[from:at], first: no})
		}
		from, no = at, s.no
	}
	return append(out, line{text: l.text[from:], first: no})
}

// around is the text about a byte offset, n runes to each side.
func around(s string, at, n int) string {
	if at < 0 || at > len(s) {
		at = 0
	}
	a, b := at, at
	for k := 0; k < n && a > 0; k++ {
		a--
		for a > 0 && s[a]&0xC0 == 0x80 {
			a--
		}
	}
	for k := 0; k <= n && b < len(s); k++ {
		b++
		for b < len(s) && s[b]&0xC0 == 0x80 {
			b++
		}
	}
	return s[a:b]
}
