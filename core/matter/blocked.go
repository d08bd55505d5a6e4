// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"quanze/core/calendar"
	"quanze/core/rulepack"
)

// Block is one thing that an effect stands in the way of, for whom, from which
// day to which (none: without end), and on which clauses.
type Block struct {
	Block    string
	Party    string
	Term     string
	From, To calendar.Date
	Clauses  []string
}

// Effects lists the effects of a matter that were not struck, as intervals: To
// is the last day, 0 while there is none.
func Effects(s *State, rules *Rules) []Block {
	rules = rules.Of(s)
	var out []Block
	for _, o := range s.obligations {
		t := (&folder{State: s, rules: rules}).termOf(o)
		if t == nil || t.Kind != rulepack.Effect || o.Status == StatusStruck {
			continue
		}
		b := Block{Party: o.Party, Term: o.Term, From: o.StartOn, To: o.Due, Clauses: t.Basis.Clauses()}
		if o.Status == StatusFreed && o.MetOn != 0 && (b.To == 0 || o.MetOn < b.To) {
			b.To = o.MetOn
		}
		for _, name := range t.Blocks {
			b.Block = name
			out = append(out, b)
		}
		if len(t.Blocks) == 0 {
			out = append(out, b)
		}
	}
	return out
}

// Blocked lists what stands in whose way on a day.
func Blocked(s *State, rules *Rules, day calendar.Date) []Block {
	var out []Block
	for _, b := range Effects(s.At(rules, day), rules) {
		if b.Block != "" && b.From <= day && (b.To == 0 || day <= b.To) {
			out = append(out, b)
		}
	}
	return out
}
