// SPDX-License-Identifier: Apache-2.0

package regulation

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// gbkOf is the GBK bytes of a text. The private characters are the two-byte
// ones of GBK's user-defined area, where a shift of bytes may lead.
func gbkOf(s string) ([]byte, bool) {
	var out []byte
	for len(s) > 0 {
		i := strings.IndexFunc(s, isUserDefined)
		head := s
		if i >= 0 {
			head = s[:i]
		}
		b, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(head))
		if err != nil {
			return nil, false
		}
		out = append(out, b...)
		if i < 0 {
			break
		}
		r, w := utf8.DecodeRuneInString(s[i:])
		lead, low := userDefined(r)
		out = append(out, lead, low)
		s = s[i+w:]
	}
	return out, true
}

// isUserDefined reports a private character that GBK writes with two bytes.
func isUserDefined(r rune) bool { return r >= 0xE000 && r <= 0xE765 }

// userDefined is the bytes of a private character: rows AA–AF and F8–FE with
// cells from A1, rows A1–A7 with cells from 40 to A0 without 7F.
func userDefined(r rune) (lead, low byte) {
	switch {
	case r < 0xE234:
		n := int(r - 0xE000)
		return byte(0xAA + n/94), byte(0xA1 + n%94)
	case r < 0xE4C6:
		n := int(r - 0xE234)
		return byte(0xF8 + n/94), byte(0xA1 + n%94)
	}
	n := int(r - 0xE4C6)
	cell := 0x40 + n%96
	if cell >= 0x7F {
		cell++
	}
	return byte(0xA1 + n/96), byte(cell)
}

// longestClause is how many bytes of a clause are decoded again and again.
const longestClause = 1500

// bestBytes puts one byte before each of the later parts and decodes: the
// second bytes of the characters known to be so read, else any byte, and takes
// what makes the commonest words. Of two unknown bytes it tries none.
func bestBytes(before string, parts []string, readers [][]rune, words map[[2]rune]int) (string, bool) {
	n := len(before)
	for _, p := range parts {
		n += len(p)
	}
	if before == "" || n > longestClause {
		return "", false
	}
	texts := make([][]byte, 0, len(parts)+1)
	for _, s := range append([]string{before}, parts...) {
		b, ok := gbkOf(s)
		if !ok {
			return "", false
		}
		texts = append(texts, b)
	}
	tried := make([][]byte, len(parts))
	free := 0
	for i, rs := range readers {
		for _, r := range rs {
			if b, ok := gbkOf(string(r)); ok && len(b) == 2 {
				tried[i] = append(tried[i], b[1])
			}
		}
		if len(tried[i]) == 0 || len(parts) == 1 {
			free++
			for b := 0x40; b <= 0xFE; b++ {
				tried[i] = append(tried[i], byte(b))
			}
		}
	}
	if free > 1 {
		return "", false
	}
	best, top := "", -1<<30
	var try func(i int, text []byte)
	try = func(i int, text []byte) {
		if i == len(parts) {
			if s, ok := decodeGBK(text); ok {
				if v := sense(s, words); v > top {
					best, top = s, v
				}
			}
			return
		}
		for _, b := range tried[i] {
			try(i+1, append(append(append([]byte(nil), text...), b), texts[i+1]...))
		}
	}
	try(0, texts[0])
	return best, best != ""
}

// decodeGBK decodes and reports false where bytes are left over.
func decodeGBK(b []byte) (string, bool) {
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b)
	if err != nil || strings.ContainsRune(string(out), utf8.RuneError) {
		return "", false
	}
	return string(out), true
}

// sense scores a text by its characters and pairs of characters: those known
// from the rest of the text count for it, what no law prints counts against.
func sense(s string, words map[[2]rune]int) int {
	score := 0
	var prev rune
	for _, r := range s {
		switch {
		case isHan(r):
			if words[[2]rune{r, 0}] == 0 {
				score -= 2
			}
			if isHan(prev) {
				if words[[2]rune{prev, r}] > 0 {
					score += 2
				} else {
					score--
				}
			}
		case strings.ContainsRune(",;:()。、，；：！？“”‘’《》〈〉（）—…", r):
		default:
			score -= 4
		}
		prev = r
	}
	return score
}

// guess proposes what a garbled spot said: bytes shift by one where one was
// lost, so one byte is put in where the text breaks. It is only a proposal.
func (j *job) guess(t string, at int) string {
	if !strings.HasPrefix(t[at:], "?") || j.guesses >= maxGuesses {
		return ""
	}
	j.guesses++
	stop := min(sentenceEnd(t, at+1), at+1+len(around(t[at+1:], 0, 8)))
	for stop < len(t) && !utf8.RuneStart(t[stop]) {
		stop++
	}
	start := at - len(around(t[:at], at, 2))
	tail, ok := gbkOf(t[at+1 : stop])
	if !ok {
		return ""
	}
	if j.pairs == nil {
		j.pairs = j.knownPairs(nil)
	}
	words := j.pairs
	best, top := "", 0
	for lead := 0xA1; lead <= 0xFE; lead++ {
		for _, q := range [][]byte{{byte(lead), 0xA3, 0xBF}, {byte(lead)}} {
			s, ok := decodeGBK(append(append([]byte(nil), q...), tail...))
			if !ok {
				continue
			}
			s = j.lex.traditional.convert(s)
			if v := sense(t[start:at]+s, words) + mark1(s); v > top {
				best, top = s, v
			}
		}
	}
	if best == "" {
		return ""
	}
	return t[start:at] + best
}

// mark1 favours a reading that begins with a mark that ends a sentence.
func mark1(s string) int {
	if terminal(firstRune(s)) || strings.ContainsRune("，、", firstRune(s)) {
		return 3
	}
	return 0
}
