// SPDX-License-Identifier: Apache-2.0

package regulation

import (
	"strings"
	"unicode/utf8"
)

// Some sites print a reading behind every occurrence of certain characters:
// 實(shí). The program that does it searches the bytes of a GBK text, so it also
// hits where the second byte of one character and the first of the next happen
// to be those of an annotated one. There the text breaks: the byte before the
// reading and the parenthesis make one bad character, shown as a question
// mark. Both are undone here; annotations are certain, because no law writes
// tone marks.

// toneVowels are the vowels with tone marks, as in readings.
const toneVowels = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹ"

// hasTones reports bytes that begin a letter with a tone mark; no Han character
// has them.
func hasTones(s string) bool {
	for _, c := range []byte{0xC3, 0xC4, 0xC5, 0xC7} {
		if strings.IndexByte(s, c) >= 0 {
			return true
		}
	}
	return false
}

// readingAt is the length in bytes of a reading at the start of s (letters
// with at least one tone mark), or 0.
func readingAt(s string) int {
	n, tone := 0, false
	for n < len(s) && n < 12 {
		r, w := utf8.DecodeRuneInString(s[n:])
		switch {
		case r >= 'a' && r <= 'z', r == 'ü', r == 'ɡ':
		case strings.ContainsRune(toneVowels, r):
			tone = true
		default:
			if !tone {
				return 0
			}
			return n
		}
		n += w
	}
	if !tone {
		return 0
	}
	return n
}

// annotation is a reading in parentheses behind a character; damaged when its
// opening parenthesis has been swallowed.
type annotation struct {
	a, b    int // bytes of the reading with its parentheses
	reading string
	damaged bool
}

// annotations lists the readings in a text.
func annotations(s string) []annotation {
	if !hasTones(s) {
		return nil
	}
	var out []annotation
	for i := 0; i < len(s); i++ {
		open := 0
		switch {
		case s[i] == '(':
			open = 1
		case strings.HasPrefix(s[i:], "（"):
			open = len("（")
		case s[i] == '?':
			open = 1
		default:
			continue
		}
		n := readingAt(s[i+open:])
		if n == 0 {
			continue
		}
		end := i + open + n
		shut := 0
		if strings.HasPrefix(s[end:], ")") {
			shut = 1
		} else if strings.HasPrefix(s[end:], "）") {
			shut = len("）")
		}
		if shut == 0 {
			continue
		}
		out = append(out, annotation{i, end + shut, s[i+open : end], s[i] == '?'})
		i = end + shut - 1
	}
	return out
}

// minAnnotations is how many readings make a text an annotated one; a single
// one may be meant.
const minAnnotations = 3

// repairPinyin removes the readings and repairs what their program broke.
func (j *job) repairPinyin() {
	if !j.toned {
		return
	}
	found := make(map[int][]annotation)
	total := 0
	readers := map[string][]rune{}
	for i, l := range j.lines {
		as := annotations(l.text)
		if len(as) == 0 {
			continue
		}
		found[i] = as
		total += len(as)
		for _, a := range as {
			if r := lastRune(l.text[:a.a]); !a.damaged && isHan(r) && !strings.ContainsRune(string(readers[a.reading]), r) {
				readers[a.reading] = append(readers[a.reading], r)
			}
		}
	}
	if total < minAnnotations {
		return
	}
	words := j.knownPairs(found)
	for i := range j.lines {
		if as := found[i]; as != nil {
			j.repairAnnotated(i, as, readers, words)
		}
	}
}

// knownPairs collects the characters of the text and the pairs of neighbours,
// readings left out, to judge a repair by.
func (j *job) knownPairs(found map[int][]annotation) map[[2]rune]int {
	pairs := map[[2]rune]int{}
	n := 0
	for i, l := range j.lines {
		s := l.text
		if as := found[i]; len(as) > 0 {
			var b strings.Builder
			from := 0
			for _, a := range as {
				if !a.damaged {
					b.WriteString(s[from:a.a])
					from = a.b
				}
			}
			b.WriteString(s[from:])
			s = b.String()
		}
		var prev rune
		for _, r := range s {
			if isHan(r) {
				pairs[[2]rune{r, 0}]++
				if isHan(prev) {
					pairs[[2]rune{prev, r}]++
				}
			}
			prev = r
		}
		if n += len(s); n > 4<<20 {
			break
		}
	}
	return pairs
}

func (j *job) repairAnnotated(i int, as []annotation, readers map[string][]rune, words map[[2]rune]int) {
	l := j.lines[i]
	was := l.text
	var gone []string
	var parts []line
	damaged := false
	from := 0
	for _, a := range as {
		damaged = damaged || a.damaged
	}
	for _, a := range as {
		if a.damaged {
			continue
		}
		gone = append(gone, was[a.a:a.b])
		if c, ok := lostLead(was[from:a.a], readers[a.reading]); ok && !damaged {
			at := l.at(a.a - 1)
			j.defects = append(j.defects, Defect{Code: PinyinDamage, Line: at, Text: around(was, a.a, 6), Proposal: string(c), Settled: true})
			j.changes = append(j.changes, change{span{at, at}, was[a.a-1 : a.a], string(c)})
			parts = append(parts, l.slice(from, a.a-1), line{text: string(c), first: at})
		} else {
			parts = append(parts, l.slice(from, a.a))
		}
		from = a.b
	}
	now := joinAll(append(parts, l.slice(from, len(was))))
	if len(gone) > 0 {
		j.dropped = append(j.dropped, Dropped{Line: l.first, Text: strings.Join(gone, " "), Why: whyPinyin})
		j.note(PinyinAnnotation, l.first, clip(was, 12), clip(now.text, 8))
	}
	now.loose = l.loose
	j.lines[i] = now
	if damaged {
		j.repairBytes(i, readers, words)
	}
}

// lostLead finds the character whose lead byte was lost before its reading: an
// ASCII character that is the second byte of a character so read.
func lostLead(before string, readers []rune) (rune, bool) {
	if before == "" || before[len(before)-1] >= utf8.RuneSelf {
		return 0, false
	}
	c := before[len(before)-1]
	if c == ' ' || c < '0' {
		return 0, false
	}
	for _, r := range readers {
		if b, ok := gbkOf(string(r)); ok && len(b) == 2 && b[1] == c {
			return r, true
		}
	}
	return 0, false
}

// maxRepairs bounds the damaged spots of one text that are tried, maxGuesses
// the garbled ones for which a proposal is sought: real texts have a handful.
const (
	maxRepairs = 400
	maxGuesses = 60
)

// tooMany bounds the damaged spots of one line that are tried, so that a
// hostile line costs no more than its length.
const tooMany = 16

// repairBytes puts back, in one line, the bytes that damaged readings have
// swallowed: the mark before the reading is the second byte of an annotated
// character, the rest of the line decodes by itself.
func (j *job) repairBytes(i int, readers map[string][]rune, words map[[2]rune]int) {
	for n := 0; n < tooMany; n++ {
		l := j.lines[i]
		at := annotation{a: -1}
		for _, a := range annotations(l.text) {
			if a.damaged {
				at = a
				break
			}
		}
		if at.a < 0 {
			return
		}
		if j.repairs++; j.repairs > maxRepairs {
			return
		}
		stop := sentenceEnd(l.text, at.b)
		start := sentenceStart(l.text, at.a)
		before, after := l.text[start:at.a], l.text[at.b:stop]
		fixed, ok := bestBytes(before, []string{after}, [][]rune{readers[at.reading]}, words)
		if next := annotations(l.text[stop:]); len(next) > 0 && next[0].a == 0 && next[0].damaged {
			end := sentenceEnd(l.text, stop+next[0].b)
			parts := []string{after, l.text[stop+next[0].b : end]}
			// One of the two may be a character that is annotated nowhere else.
			for _, known := range [][][]rune{{nil, readers[next[0].reading]}, {readers[at.reading], nil}} {
				if both, okToo := bestBytes(before, parts, known, words); okToo && !ok {
					fixed, stop, ok = both, end, true
				}
			}
		}
		if !ok {
			return
		}
		now := joinAll([]line{l.slice(0, start), {text: fixed, first: l.at(start)}, l.slice(stop, len(l.text))})
		j.defects = append(j.defects, Defect{Code: PinyinDamage, Line: l.at(at.a), Text: around(l.text, at.a, 12), Proposal: around(now.text, at.a, 6), Settled: true})
		j.rewrite(i, now)
	}
}

// sentenceEnd is the end of the clause at i: the next mark that is one byte in
// GBK, where a shift of bytes must end, or the end of the text.
func sentenceEnd(s string, i int) int {
	for k := i; k < len(s); k++ {
		switch s[k] {
		case ',', ';', ':', '(', '?':
			return k
		}
	}
	return len(s)
}

func sentenceStart(s string, i int) int {
	for k := i - 1; k >= 0; k-- {
		switch s[k] {
		case ',', ';', ':', ')', '?':
			return k + 1
		}
	}
	return 0
}
