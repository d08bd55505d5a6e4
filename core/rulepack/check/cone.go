// SPDX-License-Identifier: Apache-2.0

package check

import (
	"slices"
	"strings"

	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

// cone is the part of a procedure that can influence one question. An act or
// term outside it is taken as not there: all that it could do to the question
// is to stand in its way by ending the matter.
type cone struct {
	p     *rulepack.Procedure
	acts  map[string]bool
	terms map[string]bool
	facts map[string]bool
	// leaving are the party names whose leaving may make something possible.
	leaving map[string]bool
	asked   map[string]bool // moments that a guard speaks of
	// questions are the terms that guards ask about, by function.
	questions map[string]map[string]bool
	parties   map[string]bool // party names that somebody asks about
	kept      map[string]bool // facts that are read after they were stated
	late      map[string]bool // party names for which common acts are done again
	// narrow leaves out what merely releases a duty.
	narrow bool
	// staying: the question is whether something stays possible, and what has
	// ended is no trouble.
	staying bool
	// ending: the question is whether the matter can end.
	ending bool
	queue  []func()
	// refers are the moments that something of the cone looks at, with the party
	// names for which it does.
	refers mentions
	// marks are those of them of which it counts later whether they have been.
	marks mentions
	// against are the moments that a guard may want not to have been.
	against map[string]bool
	// cut says which acts are counted on; nil: all.
	cut *cutting
	// duty is the term of the question, if it is one.
	duty *rulepack.Term
}

func newCone(p *rulepack.Procedure) *cone {
	c := &cone{p: p, acts: map[string]bool{}, terms: map[string]bool{}, facts: map[string]bool{}, leaving: map[string]bool{}, asked: map[string]bool{}, parties: map[string]bool{}, questions: map[string]map[string]bool{"owed": {}, "running": {}, "lapsed": {}}, against: map[string]bool{}, late: map[string]bool{}, kept: map[string]bool{}}
	for _, a := range p.Acts {
		if a.Starts {
			c.act(a.ID)
		}
	}
	return c
}

// close follows influence until nothing is added.
func (c *cone) close() *cone {
	for {
		for len(c.queue) > 0 {
			next := c.queue[0]
			c.queue = c.queue[1:]
			next()
		}
		if !c.newcomers() {
			break
		}
	}
	c.refers, c.marks = c.referred()
	return c
}

// newcomers adds what binds parties for whom a common act must be done again:
// the second doing may start or meet what the first did.
func (c *cone) newcomers() bool {
	before := len(c.late)
	for id := range c.acts {
		a := c.p.Act(id)
		if a.Repeat || a.Each != "" || a.Starts || !c.again(a) {
			continue
		}
		for _, name := range c.p.Dependents(a.ID) {
			if slices.ContainsFunc(c.p.Acts, func(b *rulepack.Act) bool {
				return !b.Starts && slices.ContainsFunc(effectsOf(b), func(e rulepack.Effects) bool { return slices.Contains(e.Binds, name) })
			}) {
				c.late[name] = true
				c.binders(name)
			}
		}
	}
	return len(c.late) > before || len(c.queue) > 0
}

func (c *cone) act(id string) {
	a := c.p.Act(id)
	if a == nil || c.acts[id] {
		return
	}
	c.acts[id] = true
	c.queue = append(c.queue, func() { c.ofAct(a) })
}

func (c *cone) term(id string) {
	t := c.p.Term(id)
	if t == nil || c.terms[id] {
		return
	}
	c.terms[id] = true
	c.queue = append(c.queue, func() { c.ofTerm(t) })
}

func (c *cone) moment(m rulepack.Moment, each string) {
	if m.Kind == rulepack.MomentLapsed {
		c.term(m.Of)
		return
	}
	a := c.p.Act(m.Of)
	if a == nil {
		return
	}
	c.act(a.ID)
	for _, other := range c.p.CountingAs(a.ID) {
		c.act(other.ID)
	}
	c.served(m)
	if a.Each != "" && a.Each != each {
		c.leave(a.Each)
	}
}

// served follows those to whom a paper goes, where there may be nobody.
func (c *cone) served(m rulepack.Moment) {
	a := c.p.Act(m.Of)
	if a == nil || m.Kind != rulepack.MomentServed {
		return
	}
	own := own(a)
	for _, r := range a.To {
		path := r.Path.String()
		if m.Detail != "" && path != m.Detail || m.Detail == "" && own && path != a.Each {
			continue
		}
		if x := c.p.Party(r.Path[0]); x != nil && x.Optional {
			c.parties[x.ID] = true
			c.binders(x.ID)
		}
	}
}

// own reports whether a paper goes to the very party that the act is about: its
// service is then what .served waits for.
func own(a *rulepack.Act) bool {
	return a.Each != "" && slices.ContainsFunc(a.To, func(r rulepack.Recipient) bool { return r.Path.String() == a.Each })
}

// leave notes that a party's leaving may help: the rest need not wait for it
// then. What makes it leave is not followed: it may at any time.
func (c *cone) leave(name string) {
	if c.narrow {
		return
	}
	for _, a := range c.p.Acts {
		for _, e := range effectsOf(a) {
			if a.Each == name && (e.Ends != "" || e.Recuses) {
				c.leaving[name] = true
			}
		}
	}
}

// guard follows a condition. One on an act of a person only ever permits: what
// it asks for may be taken as given early. Of a term, a relation or the rule
// itself it does not, for what begins may stand in the way of others. What comes
// with the act itself, its fields and whom it binds, is chosen with it.
func (c *cone) guard(e *expr.Expr, each string, permits bool, own ...*rulepack.Act) {
	if e == nil {
		return
	}
	filled := func(f string) bool {
		return slices.ContainsFunc(own, func(a *rulepack.Act) bool {
			return slices.ContainsFunc(a.Fields(), func(x *rulepack.Field) bool { return x.ID == f })
		})
	}
	for _, f := range e.Facts {
		if filled(f) {
			if c.p.Fact(f) != nil { // what is filled in is chosen, and need not be remembered
				c.facts[f] = true
			}
			continue
		}
		c.fact(f)
	}
	for _, r := range asked(e.Source) {
		switch r.function {
		case "done":
			c.asked[r.name] = true
			if !permits || !wanted(e.Source, r.name) {
				c.against[r.name] = true
			}
			if m, ok := c.p.Moment(r.name); ok && (c.cut == nil || c.cut.exact[m.Of]) {
				c.moment(m, each)
			}
		case "owed", "running", "lapsed":
			c.questions[r.function][r.name] = true
			c.term(r.name)
		case "bound":
			// A way that is to stay open may not count on somebody being there, but
			// for whom the act itself binds; one that may be once may.
			lasting := (c.staying || c.ending) && !slices.ContainsFunc(own, func(a *rulepack.Act) bool { return slices.Contains(a.Effects.Binds, r.name) })
			if !permits || lasting || strings.Contains(e.Source, "!bound") || strings.Contains(e.Source, "!(") || strings.Contains(e.Source, "==") {
				c.parties[r.name] = true
			}
			c.binders(r.name)
			c.leave(r.name)
		}
	}
}

func (c *cone) fact(id string) {
	f := c.p.Fact(id)
	if f == nil || c.kept[id] || c.cut != nil && !c.cut.known[id] && f.Table == nil {
		return
	}
	c.facts[id], c.kept[id] = true, true
	for _, a := range f.SetBy {
		c.act(a)
	}
	if f.Table == nil {
		return
	}
	for _, in := range f.Table.Inputs {
		c.fact(in.ID)
	}
	for _, row := range f.Table.Rows {
		c.guard(row.If, "", false)
	}
}

func (c *cone) binders(name string) {
	for _, a := range c.p.Acts {
		for _, e := range effectsOf(a) {
			if slices.Contains(e.Binds, name) {
				c.act(a.ID)
			}
		}
	}
}

func (c *cone) ofAct(a *rulepack.Act) {
	if c.cut != nil {
		c.ofCut(a)
	}
	if c.relaxed(a) {
		return
	}
	if a.Each != "" {
		c.binders(a.Each)
	}
	c.guard(a.When, a.Each, !a.Lawful())
	for _, n := range a.Needs {
		c.guard(n.If, a.Each, !a.Lawful(), a)
	}
	for _, after := range a.After {
		c.guard(after.When, a.Each, false)
		for _, m := range after.Any {
			if c.cut != nil && !c.cut.exact[m.Of] && !a.Lawful() {
				c.served(m)
			} else {
				c.moment(m, a.Each)
			}
		}
	}
	for _, w := range a.WaitsFor {
		c.term(w.Term)
	}
	c.act(a.CountsAs)
	for _, t := range c.p.Terms {
		meets := slices.ContainsFunc(t.MetBy, func(m rulepack.Moment) bool { return m.Of == a.ID })
		if (meets && (t.Kind == rulepack.Right || t.Kind == rulepack.Window || c.cut != nil && c.cut.exact[t.ID])) || (t.Extended != nil && t.Extended.Act == a.ID) {
			c.term(t.ID)
		}
	}
	for _, other := range c.p.Acts {
		for _, e := range effectsOf(other) {
			moves := slices.Contains(e.Opens, a.ID) || slices.Contains(e.Closes, a.ID) || slices.Contains(e.Redo, a.ID) ||
				((!c.narrow || c.staying) && takesBack(e, a))
			if s := e.Stops; s != nil && c.stands(s, a) {
				moves = true
				for _, id := range s.Terms {
					if meetsTerm(c.p.Term(id), a) {
						c.term(id)
					}
				}
			}
			if moves {
				c.act(other.ID)
				c.resumes(e.Stops)
			}
		}
	}
}

// stands reports whether a stop may stand in the way of an act.
func (c *cone) stands(s *rulepack.Stops, a *rulepack.Act) bool {
	if s.Matter {
		return excludes(s)
	}
	return excludes(s) && slices.ContainsFunc(s.Terms, func(id string) bool { return meetsTerm(c.p.Term(id), a) })
}

func (c *cone) resumes(s *rulepack.Stops) {
	if s == nil {
		return
	}
	for _, m := range s.Until {
		c.moment(m, "")
	}
}

func (c *cone) ofTerm(t *rulepack.Term) {
	c.guard(t.When, t.Each, false)
	if t.Each != "" {
		c.binders(t.Each)
	}
	for _, s := range t.Start {
		c.guard(s.When, t.Each, false)
		c.guard(s.Becomes, t.Each, false)
		if s.Becomes == nil {
			c.moment(s.Moment, t.Each)
		}
	}
	for _, list := range [][]rulepack.Moment{t.MetBy, t.UndoneBy, t.Until} {
		for _, m := range list {
			c.moment(m, t.Each)
		}
	}
	frees := !c.narrow || t != c.duty && lapseCounts(c.p, t)
	for _, a := range c.p.Acts {
		for _, e := range effectsOf(a) {
			follow := frees && freesOf(a, e, t)
			if e.Stops != nil && (e.Stops.Matter || slices.Contains(e.Stops.Terms, t.ID)) {
				follow = true
				c.resumes(e.Stops)
			}
			if follow {
				c.act(a.ID)
			}
		}
	}
}

// freesOf reports whether effects of an act may release what runs of a term.
func freesOf(a *rulepack.Act, e rulepack.Effects, t *rulepack.Term) bool {
	reaches := a.Each == "" || a.Each == t.Each // an act about one party frees that party only
	if reaches && (slices.Contains(e.Releases, t.ID) || (e.ReleasesAll && t.Kind == rulepack.Duty) || (e.Recuses && t.Each != "")) {
		return true
	}
	return (reaches || t.Each == "") && slices.ContainsFunc(t.MetBy, func(m rulepack.Moment) bool { return slices.Contains(e.Closes, m.Of) }) ||
		slices.ContainsFunc(t.Start, func(s rulepack.Start) bool {
			return e.Revokes != "" && e.Revokes == s.Moment.Of || e.Replaces != "" && e.Replaces == s.Moment.Of
		})
}

// lapseCounts reports whether something comes of a term's running out: then to be
// released is more than to be freed of it.
func lapseCounts(p *rulepack.Procedure, t *rulepack.Term) bool {
	is := func(m rulepack.Moment) bool { return m.Of == t.ID && m.Kind == rulepack.MomentLapsed }
	for _, x := range p.Terms {
		if slices.ContainsFunc(slices.Concat(x.MetBy, x.UndoneBy, x.Until), is) || slices.ContainsFunc(x.Start, func(s rulepack.Start) bool { return is(s.Moment) }) {
			return true
		}
	}
	for _, a := range p.Acts {
		if slices.ContainsFunc(a.After, func(c rulepack.Condition) bool { return slices.ContainsFunc(c.Any, is) }) ||
			slices.ContainsFunc(effectsOf(a), func(e rulepack.Effects) bool { return e.Stops != nil && slices.ContainsFunc(e.Stops.Until, is) }) {
			return true
		}
	}
	return false
}

// later reports whether what the rule itself does may come later than it is
// possible: it waits for days, or was put to redo on a day on which it was done.
func (c *cone) later(a *rulepack.Act) bool {
	return slices.ContainsFunc(a.After, func(c rulepack.Condition) bool { return c.Wait.N > 0 }) || slices.ContainsFunc(c.p.Acts, func(b *rulepack.Act) bool {
		return slices.ContainsFunc(effectsOf(b), func(e rulepack.Effects) bool { return slices.Contains(e.Redo, a.ID) || e.Revokes == a.ID })
	})
}

// takesBack reports whether effects take an act back, so that it may be done again.
func takesBack(e rulepack.Effects, a *rulepack.Act) bool {
	return e.Revokes != "" && (e.Revokes == a.ID || e.Revokes == a.CountsAs)
}

// effectsOf lists what an act and each of its outcomes bring about.
func effectsOf(a *rulepack.Act) []rulepack.Effects {
	out := []rulepack.Effects{a.Effects}
	for _, o := range a.Outcomes {
		out = append(out, o.Effects)
	}
	return out
}

func meetsTerm(t *rulepack.Term, a *rulepack.Act) bool {
	return t != nil && slices.ContainsFunc(t.MetBy, func(m rulepack.Moment) bool { return m.Of == a.ID || (a.CountsAs != "" && m.Of == a.CountsAs) })
}
