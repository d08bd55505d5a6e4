// SPDX-License-Identifier: Apache-2.0

package regulation

import (
	"strings"
	"unicode/utf8"
)

// tidied is a text without blanks between or beside Han characters; blanks
// between Latin words stay, and so do those inside a title in 《》.
func tidied(s string) string {
	if !strings.Contains(s, " ") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	prev := rune(0)
	depth := 0
	for i := 0; i < len(s); {
		r, w := utf8.DecodeRuneInString(s[i:])
		if r == ' ' {
			k := skipSpace(s, i)
			next := firstRune(s[k:])
			if keepBlank(prev, next, depth) {
				b.WriteByte(' ')
			}
			i = k
			continue
		}
		if r == '《' {
			depth++
		} else if r == '》' && depth > 0 {
			depth--
		}
		b.WriteRune(r)
		prev = r
		i += w
	}
	return b.String()
}

func keepBlank(prev, next rune, depth int) bool {
	if prev == 0 || next == 0 {
		return false
	}
	if depth > 0 && isHan(prev) && isHan(next) {
		return true
	}
	return prev < 0x2000 && next < 0x2000
}

// strayBlank finds the first blank that tidied would remove.
func strayBlank(s string) (int, bool) {
	depth := 0
	prev := rune(0)
	for i, r := range s {
		switch {
		case r == '《':
			depth++
		case r == '》' && depth > 0:
			depth--
		case r == ' ' && prev != ' ':
			if !keepBlank(prev, firstRune(s[skipSpace(s, i):]), depth) {
				return i, true
			}
		}
		prev = r
	}
	return 0, false
}
