// SPDX-License-Identifier: Apache-2.0

package regulation

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
)

// folded is the half-width form of a full-width character, else the same.
func folded(r rune) rune {
	switch {
	case r >= '！' && r <= '～':
		return r - '！' + '!'
	case r == '　':
		return ' '
	case r == '○' || r == '〇':
		return '〇'
	}
	return r
}

// essence is a text without blanks and invisible characters, width folded:
// what must not get lost.
func essence(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		if r == ' ' || unicode.IsSpace(r) || r == '\uFFFD' || invisible(r) {
			continue
		}
		b.WriteRune(folded(r))
	}
	return b.String()
}

// Normalised is a text in the form in which it is hashed and compared: width
// folded, without blanks, 〇 for ○, lower-case Latin letters.
func Normalised(s string) string { return strings.ToLower(essence(s)) }

// Hash is the SHA-256 of the normalised text, in hex; it does not change when
// a site prints the same words with other blanks or widths.
func Hash(s string) string {
	sum := sha256.Sum256([]byte(Normalised(s)))
	return hex.EncodeToString(sum[:])
}
