// SPDX-License-Identifier: Apache-2.0

package check

import (
	"slices"
	"strings"
	"unicode/utf8"

	"quanze/core/rulepack"
)

// named is something with a label, and where.
type named struct {
	what, id string
	zh       string
	at       rulepack.Basis
}

// optionList is an enumeration that a fact, a ladder or a table's column has.
type optionList struct {
	name    string
	options []rulepack.Option
	ladder  bool
	at      rulepack.Basis
}

// words finds the drift of terms: two labels of one thing, options that differ,
// measures in another order.
func (c *checker) words() {
	lists := c.optionLists()
	for i, a := range lists {
		for _, b := range lists[:i] {
			c.compare(b, a)
		}
	}
	all := c.labelled()
	for i, a := range all {
		for _, b := range all[:i] {
			if a.id != b.id && a.what != "option" && b.what != "option" && near(a.zh, b.zh) && !c.apart(a.zh, b.zh) {
				c.warn(a.at, rulepack.CodeDrift, b.id, a.id)
			}
			if a.id == b.id && a.what == "option" && b.what == "option" && a.zh != b.zh {
				c.warn(a.at, rulepack.CodeDrift, b.id, a.id)
			}
		}
	}
}

func (c *checker) labelled() []named {
	var out []named
	add := func(what, id string, l rulepack.Label, at rulepack.Basis) {
		out = append(out, named{what, id, l.Zh, at})
	}
	for _, l := range c.pack.Locals {
		add("local", l.ID, l.Label, l.Basis)
	}
	for _, r := range c.pack.Roles {
		add("role", r.ID, r.Label, r.Basis)
	}
	for _, p := range c.pack.Procedures {
		for _, x := range p.Parties {
			add("party", x.ID, x.Label, x.Basis)
		}
		for _, f := range p.Facts {
			add("fact", f.ID, f.Label, f.Basis)
		}
		for _, t := range p.Terms {
			add("term", t.ID, t.Label, t.Basis)
		}
	}
	for _, l := range c.optionLists() {
		for _, o := range l.options {
			add("option", o.ID, o.Label, l.at)
		}
	}
	return out
}

// near reports labels of five characters or more that differ in one, neither a
// numeral; two differ where the label is long.
func near(a, b string) bool {
	n := min(utf8.RuneCountInString(a), utf8.RuneCountInString(b))
	if n < 5 || a == b {
		return false
	}
	return distance([]rune(a), []rune(b)) == 1
}

// apart reports whether the pack itself names side by side what differs in two
// labels: then they are two things.
func (c *checker) apart(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) != len(y) {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	from := max(0, i-1)
	x, y = x[from:i+1], y[from:i+1]
	for _, p := range c.pack.Procedures {
		for _, act := range p.Acts {
			if strings.Contains(act.Label.Zh, string(x)) && strings.Contains(act.Label.Zh, string(y)) {
				return true
			}
		}
	}
	return false
}

// distance is how many characters stand between two texts.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range b {
			change := diagonal
			if x != y {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}

func (c *checker) optionLists() []optionList {
	var out []optionList
	for _, l := range c.pack.Ladders {
		out = append(out, optionList{l.ID, l.Rows, true, l.Basis})
	}
	own := func(options []rulepack.Option) bool {
		return len(options) > 0 && !slices.ContainsFunc(c.pack.Ladders, func(l *rulepack.Ladder) bool { return len(l.Rows) > 0 && &l.Rows[0] == &options[0] })
	}
	for _, p := range c.pack.Procedures {
		for _, f := range p.Facts {
			if own(f.Options) {
				out = append(out, optionList{f.ID, f.Options, false, at(f.Basis, p.Basis)})
			}
		}
	}
	return out
}

// compare finds two lists that share options and differ in the rest, or in the
// order of their weight.
func (c *checker) compare(a, b optionList) {
	var shared, only []string
	in := func(l optionList, id string) int {
		return slices.IndexFunc(l.options, func(o rulepack.Option) bool { return o.ID == id })
	}
	for _, o := range a.options {
		if in(b, o.ID) >= 0 {
			shared = append(shared, o.ID)
		} else {
			only = append(only, o.ID)
		}
	}
	for _, o := range b.options {
		if in(a, o.ID) < 0 {
			only = append(only, o.ID)
		}
	}
	if len(shared) == 0 {
		return
	}
	if len(only) > 0 && 2*len(shared) >= min(len(a.options), len(b.options)) { // the rest of a list is of another kind
		c.warn(b.at, rulepack.CodeOptions, a.name, b.name, strings.Join(only, ", "))
	}
	if !a.ladder || !b.ladder {
		return
	}
	for i, x := range shared {
		for _, y := range shared[:i] {
			if (a.options[in(a, x)].Rank-a.options[in(a, y)].Rank)*(b.options[in(b, x)].Rank-b.options[in(b, y)].Rank) < 0 {
				c.warn(b.at, rulepack.CodeLadders, y, x, a.name)
				return
			}
		}
	}
}
