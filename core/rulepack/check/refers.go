// SPDX-License-Identifier: Apache-2.0

package check

import (
	"regexp"
	"slices"
	"strings"

	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

// mentions are moments, with the party names for which something looks at them.
type mentions map[string]map[string]bool

func (m mentions) add(each, name string) {
	if m[name] == nil {
		m[name] = map[string]bool{}
	}
	m[name][each] = true
}

// lookout collects the moments that matter to a cone: all of them, and those of
// which it counts later whether they have been.
type lookout struct {
	*cone
	refers, marks mentions
}

// referred collects the moments that matter to the cone, and for whom; the
// others need not be told apart.
func (c *cone) referred() (refers, marks mentions) {
	l := lookout{c, mentions{}, mentions{}}
	for name := range c.asked {
		l.add("", name)
	}
	for id := range c.acts {
		a := c.p.Act(id)
		if !c.relaxed(a) {
			l.conditions(a)
		}
		if !c.careless(a) {
			l.doing(a)
		}
	}
	for id := range c.terms {
		t := c.p.Term(id)
		l.guards(t.Each, t.When)
		for _, s := range t.Start {
			l.passing(t.Each, t.When != nil || s.When != nil, s.Moment)
			l.guards(t.Each, s.When, s.Becomes)
		}
		l.passing(t.Each, false, slices.Concat(t.MetBy, t.UndoneBy, t.Until)...)
	}
	for id := range c.facts {
		if f := c.p.Fact(id); f.Table != nil {
			for _, r := range f.Table.Rows {
				l.guards("", r.If)
			}
		}
	}
	return l.refers, l.marks
}

func (l lookout) add(each string, names ...string) {
	for _, n := range names {
		l.refers.add(each, n)
		l.marks.add(each, n)
	}
}

// passing adds what counts as it comes, party by party. Of what must have come
// for everybody, or is asked for later, it must be known that it has been.
func (l lookout) passing(each string, later bool, list ...rulepack.Moment) {
	for _, m := range list {
		l.refers.add(each, m.String())
		if of := eachOf(l.p, m); later || of != "" && of != each {
			l.marks.add(each, m.String())
		}
	}
}

func (l lookout) guards(each string, list ...*expr.Expr) {
	for _, e := range list {
		if e != nil {
			for _, r := range asked(e.Source) {
				l.add(each, r.name)
			}
		}
	}
}

// conditions adds what an act waits for.
func (l lookout) conditions(a *rulepack.Act) {
	l.guards(a.Each, a.When)
	for _, n := range a.Needs {
		l.guards(a.Each, n.If)
	}
	for _, after := range a.After {
		if l.trivial(a, after) {
			continue
		}
		for _, m := range after.Any {
			l.add(a.Each, m.String())
		}
		l.guards(a.Each, after.When)
	}
}

// doing adds what the doing of an act itself looks at.
func (l lookout) doing(a *rulepack.Act) {
	if !a.Starts && (!a.Repeat || a.Lawful()) && !(l.relaxed(a) && a.CountsAs != "") {
		l.add(a.Each, a.ID)
	}
	if a.CountsAs != "" {
		l.add(a.Each, a.CountsAs)
	}
	if l.again(a) { // so for whom it counts matters
		for _, each := range l.p.Dependents(a.ID) {
			l.add(each, a.ID)
		}
	}
	for _, e := range effectsOf(a) {
		if e.Stops != nil {
			for _, m := range e.Stops.Until {
				l.add(a.Each, m.String())
			}
		}
		l.add(a.Each, e.Revokes, e.Replaces)
	}
}

// trivially reports, for each condition of an act, whether it is trivial.
func (c *cone) trivially(a *rulepack.Act) []bool {
	out := make([]bool, len(a.After))
	for i, after := range a.After {
		out[i] = c.trivial(a, after)
	}
	return out
}

// trivial reports whether a condition holds as soon as the matter has started.
func (c *cone) trivial(a *rulepack.Act, after rulepack.Condition) bool {
	if a.Each != "" || after.When != nil || after.Wait.N > 0 {
		return false
	}
	for _, b := range c.p.Acts {
		if b.Starts && !slices.ContainsFunc(after.Any, func(m rulepack.Moment) bool { return m.Of == b.ID && m.Kind == rulepack.MomentDone }) {
			return false
		}
	}
	return !slices.ContainsFunc(c.p.Acts, func(b *rulepack.Act) bool {
		return slices.ContainsFunc(effectsOf(b), func(e rulepack.Effects) bool {
			return slices.ContainsFunc(after.Any, func(m rulepack.Moment) bool { return slices.Contains(e.Redo, m.Of) || e.Revokes == m.Of })
		})
	})
}

// reference is a name that a condition asks the matter about.
type reference struct{ function, name string }

var askPattern = regexp.MustCompile(`\b(done|owed|running|lapsed|bound|kind|private|class|at|under)\(\s*([a-z0-9_.]+)\s*(?:,\s*([a-z0-9_.]+)\s*)?\)`)

// asked lists what an expression asks the matter about. A text in quotes that
// looks like a question only makes the cone wider.
func asked(source string) []reference {
	var out []reference
	for _, m := range askPattern.FindAllStringSubmatch(source, -1) {
		out = append(out, reference{m[1], m[2]})
		if m[3] != "" {
			out = append(out, reference{m[1], m[3]})
		}
	}
	return out
}

// wanted reports whether a condition only ever asks for a moment to have been.
func wanted(source, name string) bool {
	question := `done\(\s*` + regexp.QuoteMeta(name) + `\s*\)`
	if strings.Contains(source, "!(") {
		return false
	}
	return !regexp.MustCompile(`!\s*` + question + `|` + question + `\s*[=!]=|[=!]=\s*` + question).MatchString(source)
}
