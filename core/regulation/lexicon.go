// SPDX-License-Identifier: Apache-2.0

package regulation

import (
	"embed"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:embed data
var dataFiles embed.FS

// lexicon is the general vocabulary of the importer, read once from data/ and
// never changed after.
type lexicon struct {
	frame       *matcher
	frameKind   map[string]string
	instruments []string
	organs      []string
	measures    map[rune]bool
	commentary  []string
	variants    []variant
	traditional *traditionalTable
	confusables *confusables
	terms       *termBook
}

// variant is a character that stands for another.
type variant struct{ was, now rune }

var vocabulary = sync.OnceValue(loadLexicon)

func loadLexicon() *lexicon {
	lex := &lexicon{
		frameKind:   map[string]string{},
		instruments: rows("instruments.txt"),
		organs:      rows("organs.txt"),
		measures:    map[rune]bool{},
		commentary:  rows("commentary.txt"),
	}
	var phrases []string
	for _, r := range rows("frame.tsv") {
		kind, phrase, _ := strings.Cut(r, "\t")
		lex.frameKind[phrase] = kind
		phrases = append(phrases, phrase)
	}
	lex.frame = newMatcher(phrases)
	for _, r := range rows("measures.txt") {
		lex.measures[firstRune(r)] = true
	}
	for _, r := range rows("variant.tsv") {
		was, now, _ := strings.Cut(r, "\t")
		lex.variants = append(lex.variants, variant{firstRune(was), firstRune(now)})
	}
	lex.traditional = newTraditionalTable(append(rows("traditional.tsv"), rows("traditional-extra.tsv")...))
	lex.confusables = newConfusables(rows("confusable.tsv"), rows("ladder.tsv"))
	lex.terms = newTermBook(rows("terms.tsv"))
	return lex
}

// rows reads a data file: one entry a line, # begins a comment. The files are
// part of the build; a missing one yields nothing and fails the data test.
func rows(name string) []string {
	b, err := dataFiles.ReadFile("data/" + name)
	if err != nil {
		return nil
	}
	var out []string
	for _, l := range strings.Split(string(b), "\n") {
		if l != "" && !strings.HasPrefix(l, "#") {
			out = append(out, l)
		}
	}
	return out
}

// matcher finds any of many words in a text in one pass.
type matcher struct {
	first [1 << 10]uint64 // a bit for each rune below 0x10000 that begins a word
	words map[rune][]string
}

func newMatcher(words []string) *matcher {
	m := &matcher{words: map[rune][]string{}}
	for _, w := range words {
		r := firstRune(w)
		if r < 0x10000 {
			m.first[r>>6] |= 1 << (r & 63)
		}
		m.words[r] = append(m.words[r], w)
	}
	for r, ws := range m.words { // longest first
		for i := 1; i < len(ws); i++ {
			for k := i; k > 0 && len(ws[k]) > len(ws[k-1]); k-- {
				ws[k], ws[k-1] = ws[k-1], ws[k]
			}
		}
		m.words[r] = ws
	}
	return m
}

// each calls visit with every word found and its offset; visit returns how far
// to go on: zero to look on behind the first rune, else that many bytes.
func (m *matcher) each(s string, visit func(at int, word string) int) {
	for i := 0; i < len(s); {
		r, w := decodeAt(s, i)
		if r < 0x10000 && m.first[r>>6]&(1<<(r&63)) == 0 {
			i += w
			continue
		}
		step := 0
		for _, word := range m.words[r] {
			if strings.HasPrefix(s[i:], word) {
				if step = visit(i, word); step > 0 {
					break
				}
			}
		}
		i += max(step, w)
	}
}

// decodeAt is utf8.DecodeRuneInString with a short way for the three-byte
// characters that nearly all of a Chinese text is made of.
func decodeAt(s string, i int) (rune, int) {
	c := s[i]
	if c < utf8.RuneSelf {
		return rune(c), 1
	}
	if c >= 0xE3 && c < 0xED && i+2 < len(s) && s[i+1]&0xC0 == 0x80 && s[i+2]&0xC0 == 0x80 {
		return rune(c&0x0F)<<12 | rune(s[i+1]&0x3F)<<6 | rune(s[i+2]&0x3F), 3
	}
	return utf8.DecodeRuneInString(s[i:])
}
