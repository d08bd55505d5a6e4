// SPDX-License-Identifier: Apache-2.0

package regulation

import (
	"sort"
	"strings"
)

// restore undoes what happened to the characters of the whole text: pinyin
// annotations, Traditional script, variant characters, words that an operator
// has settled. What it only suspects it puts before a person.
func (j *job) restore() {
	j.repairPinyin()
	j.simplify()
	j.replaceVariants()
	j.substitute()
	j.suspectReplaced()
}

// rewrite puts now in place of a line's text and records the change.
func (j *job) rewrite(i int, now line) {
	l := j.lines[i]
	now.loose = l.loose
	j.changes = append(j.changes, change{l.span(), l.text, now.text})
	j.lines[i] = now
}

// replaced is l with every was put as now, and the offsets of the spots.
func (l line) replaced(was, now string) (line, []int) {
	var spots []int
	var parts []line
	from := 0
	for {
		k := strings.Index(l.text[from:], was)
		if k < 0 {
			break
		}
		at := from + k
		spots = append(spots, at)
		parts = append(parts, l.slice(from, at), line{text: now, first: l.at(at)})
		from = at + len(was)
	}
	if len(spots) == 0 {
		return l, nil
	}
	parts = append(parts, l.slice(from, len(l.text)))
	return joinAll(parts), spots
}

// substitute makes the substitutions that an operator has settled.
func (j *job) substitute() {
	words := make([]string, 0, len(j.opt.Words))
	for w := range j.opt.Words {
		if w != "" {
			words = append(words, w)
		}
	}
	sort.Slice(words, func(a, b int) bool {
		if len(words[a]) != len(words[b]) {
			return len(words[a]) > len(words[b])
		}
		return words[a] < words[b]
	})
	for _, w := range words {
		d := Defect{Code: ReplacedWord, Text: w, Proposal: j.opt.Words[w], Settled: true}
		for i := range j.lines {
			l := j.lines[i]
			now, spots := l.replaced(w, j.opt.Words[w])
			if len(spots) == 0 {
				continue
			}
			for _, at := range spots {
				d.Places = append(d.Places, Place{Line: l.at(at)})
			}
			j.rewrite(i, now)
		}
		if len(d.Places) > 0 {
			d.Line = d.Places[0].Line
			j.defects = append(j.defects, d)
		}
	}
}

// minVariants is how often a variant character must occur to be one: once or
// twice it may be a name.
const minVariants = 3

// replaceVariants puts the common character for a variant used throughout.
func (j *job) replaceVariants() {
	chars := make([]string, 0, len(j.lex.variants))
	for _, v := range j.lex.variants {
		chars = append(chars, string(v.was))
	}
	counts := map[string]int{}
	j.countWords(chars, counts)
	for _, v := range j.lex.variants {
		was, now := v.was, v.now
		if counts[string(was)] < minVariants {
			continue
		}
		d := Defect{Code: VariantCharacter, Text: string(was), Proposal: string(now), Settled: true}
		for i := range j.lines {
			l := j.lines[i]
			next, spots := l.replaced(string(was), string(now))
			if len(spots) == 0 {
				continue
			}
			for _, at := range spots {
				d.Places = append(d.Places, Place{Line: l.at(at)})
			}
			j.rewrite(i, next)
		}
		d.Line = d.Places[0].Line
		j.defects = append(j.defects, d)
	}
}
