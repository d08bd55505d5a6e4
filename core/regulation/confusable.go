// SPDX-License-Identifier: Apache-2.0

package regulation

import (
	"strings"
	"unicode/utf8"
)

// confusables is the vocabulary of words that rewriting tools exchange for
// near synonyms, each with the company in which the exchange shows.
type confusables struct {
	m     *matcher
	byKey map[string][]confusable
	tiers *matcher
	row   map[string][]string // a tier and its ladder
}

type confusable struct {
	tail  string // what must follow behind a gap, if anything
	word  string
	meant string
	law   bool
}

func newConfusables(pairs, ladders []string) *confusables {
	c := &confusables{byKey: map[string][]confusable{}, row: map[string][]string{}}
	var keys, tiers []string
	for _, p := range pairs {
		f := strings.Split(p, "\t")
		if len(f) != 4 {
			continue
		}
		key, tail, _ := strings.Cut(f[0], "…")
		if len(c.byKey[key]) == 0 {
			keys = append(keys, key)
		}
		c.byKey[key] = append(c.byKey[key], confusable{tail: tail, word: f[1], meant: f[2], law: f[3] == "law"})
	}
	for _, l := range ladders {
		row := strings.Split(l, "\t")
		for _, t := range row {
			c.row[t] = row
			tiers = append(tiers, t)
		}
	}
	c.m, c.tiers = newMatcher(keys), newMatcher(tiers)
	return c
}

// gapRunes is how far apart, inside a sentence, the two halves of a pattern
// with a gap may stand.
const gapRunes = 24

// inspect puts before a person every word of a line that the vocabulary
// doubts.
func (bd *builder) inspect(t string, l line) {
	c := bd.d.j.lex.confusables
	twice := false // a doubled word is on record already
	end := 0       // behind the last match, so that one spot is reported once
	c.m.each(t, func(at int, key string) int {
		for _, x := range c.byKey[key] {
			match, ok := x.matched(t, at, key)
			if !ok || at+strings.Index(match, x.word) < end {
				continue
			}
			end = at + strings.LastIndex(match, x.word) + len(x.word)
			again, _ := scanDamage(match)
			twice = twice || again >= 0
			code := SwappedWord
			if x.law {
				code = SwappedTerm
			}
			bd.found(Defect{Code: code, Line: l.at(min(at, len(l.text))), Text: match, Proposal: replaceLast(match, x.word, x.meant)})
			return 0
		}
		return 0
	})
	bd.tiers(t, l)
	bd.marks(t, l, twice)
}

func replaceLast(s, was, now string) string {
	i := strings.LastIndex(s, was)
	if i < 0 {
		return s
	}
	return s[:i] + now + s[i+len(was):]
}

// matched is the text a pattern takes at a place, its gap included.
func (x confusable) matched(t string, at int, key string) (string, bool) {
	if x.tail == "" {
		return key, true
	}
	rest := t[at+len(key):]
	n := 0
	for i, r := range rest {
		if n > gapRunes || terminal(r) || r == ',' || r == '，' {
			return "", false
		}
		if strings.HasPrefix(rest[i:], x.tail) {
			return t[at : at+len(key)+i+len(x.tail)], true
		}
		n++
	}
	return "", false
}

// tiers looks for one tier of a ladder borne by two subjects in one sentence:
// a ladder exists to tell subjects apart, so the first has lost its own tier.
func (bd *builder) tiers(t string, l line) {
	c := bd.d.j.lex.confusables
	type spot struct {
		at   int
		tier string
	}
	var last spot
	c.tiers.each(t, func(at int, tier string) int {
		if last.tier == tier && !strings.ContainsAny(t[last.at:at], "。；;") && bears(t[:last.at]) && bears(t[:at]) && strings.ContainsAny(t[last.at:at], ",，、") {
			if up := higher(c.row[tier], tier); up != "" {
				from := max(strings.LastIndexAny(t[:last.at], "。；;,，"), 0)
				was := strings.TrimLeft(t[from:last.at+len(tier)], "。；;,，")
				bd.found(Defect{Code: CollapsedTiers, Line: l.at(min(last.at, len(l.text))), Text: was, Proposal: replaceLast(was, tier, up)})
			}
		}
		last = spot{at, tier}
		return len(tier)
	})
}

// bears reports that the words before a tier make someone bear it.
func bears(before string) bool {
	for _, w := range []string{"承担", "负", "负有", "承担了"} {
		if strings.HasSuffix(before, w) {
			return true
		}
	}
	return false
}

// higher is the tier next above.
func higher(row []string, tier string) string {
	for i := 1; i < len(row); i++ {
		if row[i] == tier {
			return row[i-1]
		}
	}
	return ""
}

// marks looks for signs of damage in a line: starred-out names, words printed
// twice, title marks left open, characters that make no word.
func (bd *builder) marks(t string, l line, twice bool) {
	line := func(at int) int { return l.at(min(at, len(l.text))) }
	if i := strings.IndexByte(t, '*'); i > 0 && isHan(lastRune(t[:i])) {
		bd.found(Defect{Code: MaskedText, Line: line(i), Text: around(t, i, 6)})
	}
	if i := strings.Index(t, "《"); i >= 0 && strings.Count(t, "《") > strings.Count(t, "》") {
		i := strings.LastIndex(t, "《")
		bd.found(Defect{Code: OpenTitleMark, Line: line(i), Text: clip(t[i:], 20), Proposal: clip(t[i:], 20) + "》"})
	}
	double, garble := scanDamage(t)
	if double >= 0 && !twice {
		was := around(t, double, 4)
		bd.found(Defect{Code: DoubledWord, Line: line(double), Text: was, Proposal: undoubled(t, double)})
	}
	if garble >= 0 {
		bd.found(Defect{Code: BrokenText, Line: line(garble), Text: around(t, garble, 8), Proposal: bd.d.j.guess(t, garble)})
	}
}

// scanDamage finds, in one pass, the first word of two characters printed
// twice in a row (or comma or particle printed twice), and the first character
// that makes no word: a question mark or a single Latin letter between Han
// characters, a private character, a lost byte. It returns their offsets or -1.
func scanDamage(t string) (double, garble int) {
	double, garble = -1, -1
	var a, b, c rune // the three characters before r
	var pa, pc int   // where a and c begin
	pb := 0
	for i := 0; i < len(t); {
		r, w := decodeAt(t, i)
		switch {
		case double >= 0:
		case r == c && (r == ',' || r == '，' || r == '、' || r == '和' || r == '或' || r == '及' || r == '与'):
			double = pc
		case r == b && c == a && r != c && isHan(r) && isHan(c) && digitOf(r) < 0 && digitOf(c) < 0:
			double = pa
		}
		if garble < 0 {
			switch {
			case r == utf8.RuneError || r >= 0xE000 && r <= 0xF8FF:
				garble = i
			case (c == '?' || c >= 'a' && c <= 'z') && isHan(r) && isHan(b):
				garble = pc
			}
		}
		a, b, c = b, c, r
		pa, pb, pc = pb, pc, i
		i += w
	}
	return double, garble
}

func undoubled(t string, at int) string {
	s := t[at:]
	a := firstRune(s)
	w := len(string(a))
	if firstRune(s[w:]) == a {
		return around(t[:at]+s[w:], at, 4)
	}
	b := firstRune(s[w:])
	return around(t[:at]+s[w+len(string(b)):], at, 4)
}
