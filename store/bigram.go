// SPDX-License-Identifier: Apache-2.0

package store

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Chinese is written without spaces, and no segmenter agrees with the next, so
// a run of Han characters is indexed as its overlapping pairs: 信访事项 is 信访,
// 访事, 事项, and at its end 项 alone, so that a single character is found as
// the beginning of a word wherever it stands. Other letters and digits are
// words as written. Width and case do not count (NFKC, lower case).

// maxWordRunes bounds a word that is not Han; what is longer is cut in pieces.
const maxWordRunes = 40

// runs cuts a text into runs of Han characters and of other letters and digits.
func runs(s string) (out [][]rune, han []bool) {
	var current []rune
	currentHan := false
	flush := func() {
		if len(current) > 0 {
			out, han = append(out, current), append(han, currentHan)
			current = nil
		}
	}
	for _, r := range strings.ToLower(norm.NFKC.String(s)) {
		isHan := unicode.Is(unicode.Han, r)
		if !isHan && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			flush()
			continue
		}
		if isHan != currentHan || !isHan && len(current) == maxWordRunes {
			flush()
		}
		currentHan = isHan
		current = append(current, r)
	}
	flush()
	return out, han
}

// indexWords returns the words a text is found by, in order.
func indexWords(s string) []string {
	var words []string
	all, han := runs(s)
	for i, run := range all {
		if !han[i] {
			words = append(words, string(run))
			continue
		}
		for k := range run {
			words = append(words, string(run[k:min(k+2, len(run))]))
		}
	}
	return words
}

// queryWords returns the phrases that a text must hold to be found, all of
// them; prefix says of which phrases the last word need only be begun.
func queryWords(s string) (phrases [][]string, prefix []bool) {
	for _, part := range strings.Fields(s) {
		words := indexWords(part)
		all, han := runs(part)
		if len(words) == 0 {
			continue
		}
		open := false
		if last := len(all) - 1; han[last] {
			if len(all[last]) > 1 {
				words = words[:len(words)-1] // the text may go on where the query ends
			} else {
				open = true
			}
		}
		phrases, prefix = append(phrases, words), append(prefix, open)
		if len(phrases) == maxPhrases {
			break
		}
	}
	return phrases, prefix
}

// maxPhrases bounds what one search may ask.
const maxPhrases = 8
