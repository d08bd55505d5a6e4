// SPDX-License-Identifier: Apache-2.0

package regulation

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// Filters replace a word by a phrase that has nothing to do with the law. Two
// things betray it: the phrase recurs with a stray blank behind it, and the
// words beside it are those that stand beside a legal term which the text, for
// its subject, hardly has. Found so, it becomes one defect with all its
// places; a person settles it, and Options.Words then makes the exchange.

// termBook knows legal terms by the words beside which they stand.
type termBook struct {
	terms  []legalTerm
	weight map[string]float64 // a collocation weighs less the more terms share it
	tails  *matcher
	byTail map[string][]int
	isTerm map[string]bool
}

type legalTerm struct {
	word         string
	after, front []string
}

func newTermBook(entries []string) *termBook {
	b := &termBook{weight: map[string]float64{}, byTail: map[string][]int{}, isTerm: map[string]bool{}}
	share := map[string]int{}
	var tails []string
	for _, e := range entries {
		word, rest, ok := strings.Cut(e, "\t")
		if !ok {
			continue
		}
		t := legalTerm{word: word}
		for _, c := range strings.Fields(rest) {
			before, after, _ := strings.Cut(c, "~")
			if after != "" {
				t.after = append(t.after, after)
				if len(b.byTail[after]) == 0 {
					tails = append(tails, after)
				}
				b.byTail[after] = append(b.byTail[after], len(b.terms))
			}
			if before != "" {
				t.front = append(t.front, before)
			}
			share[c]++
		}
		for _, list := range [][]string{t.after, t.front} { // longest first: the more specific counts
			sort.SliceStable(list, func(i, k int) bool { return len(list[i]) > len(list[k]) })
		}
		b.isTerm[word] = true
		b.terms = append(b.terms, t)
	}
	for c, n := range share {
		b.weight[c] = 1 / float64(n)
	}
	b.tails = newMatcher(tails)
	return b
}

// spot is a place of a suspected phrase: a line and the bytes of the phrase.
type wordSpot struct{ line, a, b int }

const (
	minRecur   = 4     // how often a phrase must recur to be suspected
	maxBlanks  = 20000 // stray blanks looked at
	minCompany = 5     // how often it must stand before such words
	maxJudged  = 400   // places whose company is weighed
	minFitting = 0.3   // share of places whose company must fit the term
)

// suspectReplaced looks for the phrase and puts it before a person.
func (j *job) suspectReplaced() {
	tried := map[string]bool{}
	for _, s := range append(j.blankPhrases(), j.companyPhrases()...) {
		if tried[s] || j.lex.terms.isTerm[s] {
			continue
		}
		tried[s] = true
		spots := j.spotsOf(s)
		if len(spots) < minRecur {
			continue
		}
		term, ok := j.termFor(spots)
		if !ok {
			continue
		}
		d := Defect{Code: ReplacedWord, Text: s, Proposal: term}
		for _, p := range spots {
			d.Places = append(d.Places, Place{Line: j.lines[p.line].at(p.a)})
		}
		d.Line = d.Places[0].Line
		j.defects = append(j.defects, d)
		return
	}
}

// blankPhrases are the phrases behind which stray blanks stand, at least half
// of all stray blanks: filters leave the blank behind.
func (j *job) blankPhrases() []string {
	counts := map[string]int{}
	total := 0
	for _, l := range j.lines {
		s := l.text
		m := parseMark(s)
		for i := m.end; i < len(s) && total < maxBlanks; {
			k := strings.IndexByte(s[i:], ' ')
			if k < 0 {
				break
			}
			at := i + k
			i = skipSpace(s, at)
			if !isHan(lastRune(s[:at])) || i >= len(s) {
				continue
			}
			total++
			from := at
			for n := 1; n <= 6 && from > 0; n++ {
				r, w := utf8.DecodeLastRuneInString(s[:from])
				if !isHan(r) {
					break
				}
				from -= w
				if n >= 2 {
					counts[s[from:at]]++
				}
			}
		}
	}
	best := ""
	for s, n := range counts {
		if n < minRecur || n*2 < total {
			continue
		}
		if len(s) > len(best) && n*10 >= counts[shortest(s)]*8 || len(s) == len(best) && s < best {
			best = s
		}
	}
	if best == "" {
		return nil
	}
	return []string{best}
}

// shortest is the last two characters of a phrase.
func shortest(s string) string {
	_, w := utf8.DecodeLastRuneInString(s)
	_, v := utf8.DecodeLastRuneInString(s[:len(s)-w])
	return s[len(s)-w-v:]
}

// companyPhrases are the phrases of four characters that stand where the
// company of one term expects the term: before at least three of the words
// that follow it, while the term itself is all but missing.
func (j *job) companyPhrases() []string {
	b := j.lex.terms
	type key struct {
		phrase string
		term   int
	}
	often := map[string]int{}
	seen := 0
	b.eachTail(j.lines, &seen, func(p, _ string) { often[p]++ })
	for p, n := range often {
		if n < minCompany {
			delete(often, p)
		}
	}
	if len(often) == 0 {
		return nil
	}
	tails := map[key]map[string]bool{}
	count := map[key]int{}
	seen = 0
	b.eachTail(j.lines, &seen, func(p, tail string) {
		if often[p] == 0 {
			return
		}
		for _, id := range b.byTail[tail] {
			k := key{p, id}
			if tails[k] == nil {
				tails[k] = map[string]bool{}
			}
			tails[k][tail] = true
			count[k]++
		}
	})
	words := make([]string, len(b.terms))
	for i, t := range b.terms {
		words[i] = t.word
	}
	var found []key
	for k, ts := range tails {
		if len(ts) >= 3 && count[k] >= minCompany && !strings.Contains(k.phrase, words[k.term]) {
			found = append(found, k)
		}
	}
	if len(found) == 0 {
		return nil
	}
	present := map[string]int{}
	j.countWords(words, present)
	var out []string
	for _, k := range found {
		if present[words[k.term]]*10 <= count[k] {
			out = append(out, k.phrase)
		}
	}
	sort.Strings(out)
	return out
}

// eachTail visits every word that follows few terms, with the four characters
// before it.
func (b *termBook) eachTail(lines []line, seen *int, visit func(phrase, tail string)) {
	for _, l := range lines {
		if *seen > maxBlanks {
			return
		}
		b.tails.each(l.text, func(at int, tail string) int {
			if at >= 12 && len(b.byTail[tail]) <= 3 {
				if p := lastHan(strings.TrimRight(l.text[:at], " "), 4); p != "" {
					*seen++
					visit(p, tail)
				}
			}
			return 0
		})
	}
}

// lastHan is the last n Han characters of s, or "" if there are fewer.
func lastHan(s string, n int) string {
	from := len(s)
	for ; n > 0; n-- {
		r, w := utf8.DecodeLastRuneInString(s[:from])
		if !isHan(r) {
			return ""
		}
		from -= w
	}
	return s[from:]
}

// spotsOf lists the places of a phrase.
func (j *job) spotsOf(s string) []wordSpot {
	var out []wordSpot
	for i, l := range j.lines {
		for from := 0; ; {
			k := strings.Index(l.text[from:], s)
			if k < 0 {
				break
			}
			out = append(out, wordSpot{i, from + k, from + k + len(s)})
			from += k + len(s)
		}
	}
	return out
}

// termFor tells which term the company of the places expects: the one whose
// collocations fit most, clearly more than those of the next.
func (j *job) termFor(spots []wordSpot) (string, bool) {
	b := j.lex.terms
	score := make([]float64, len(b.terms))
	fits := make([]int, len(b.terms))
	spots = spots[:min(len(spots), maxJudged)]
	for _, p := range spots {
		s := j.lines[p.line].text
		before, after := s[:p.a], strings.TrimLeft(s[p.b:], " ")
		for i, t := range b.terms {
			if w := b.fit(t, before, after); w > 0 {
				score[i] += w
				fits[i]++
			}
		}
	}
	best, second := 0, -1.0
	for i := range score {
		if score[i] > score[best] {
			best = i
		}
	}
	for i := range score {
		if i != best && score[i] > second {
			second = score[i]
		}
	}
	if float64(fits[best]) < minFitting*float64(len(spots)) || score[best] < 1.3*second || fits[best] < 3 {
		return "", false
	}
	return b.terms[best].word, true
}

// fit is the weight of the collocation that a place shows for a term.
func (b *termBook) fit(t legalTerm, before, after string) float64 {
	w := 0.0
	for _, c := range t.after {
		if strings.HasPrefix(after, c) {
			w = b.weight["~"+c] * float64(len(c))
			break
		}
	}
	for _, c := range t.front {
		if strings.HasSuffix(before, c) {
			w = max(w, b.weight[c+"~"]*float64(len(c)))
			break
		}
	}
	return w
}
