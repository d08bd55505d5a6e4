// SPDX-License-Identifier: Apache-2.0

package check

import (
	"maps"
	"slices"

	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

// A cut cone answers whether something stays possible from a few acts, those
// that are exact. Another act of the cone may come at any time, whatever it
// waits for, and nobody can count on it; what lies outside the cone may have
// been or not. So a cut model reaches all that the whole one reaches, and leads
// to the goal only by what the whole one can do as well: where it finds no
// trouble there is none. Where it does, more acts are made exact (refine).

// maxRounds bounds how often a cut question is refined. The others bound how many
// markings that takes, in limits of a whole question: a round, what each order is
// given first, and at most.
const (
	maxRounds = 24
	cutRound  = 4
	cutLittle = 2
	cutMost   = 15
)

// cutting says how a cone is cut.
type cutting struct {
	// exact are the acts that are counted on, and terms that are followed.
	exact map[string]bool
	// known are the facts that are kept.
	known map[string]bool
	// ends: that the part of the duty's party ends is followed.
	ends bool
}

func (c *cutting) size() int { return len(c.exact) + len(c.known) + map[bool]int{true: 1}[c.ends] }

// relaxed reports whether an act may come at any time and cannot be counted on.
// What the rule itself does it does at once: that is always exact.
func (c *cone) relaxed(a *rulepack.Act) bool {
	return c.cut != nil && !c.cut.exact[a.ID] && !a.Lawful()
}

// careless reports whether it is no matter how often an act is done: one that
// may come at any time, and that merely binds somebody.
func (c *cone) careless(a *rulepack.Act) bool {
	if !c.relaxed(a) || a.CountsAs != "" || len(c.p.CountingAs(a.ID)) > 0 {
		return false
	}
	for _, e := range effectsOf(a) {
		e.Binds = nil
		if !still(e) {
			return false
		}
	}
	return c.without(a)
}

// awaits reports whether an exact act waits for an act of any outcome: it need
// not where that is taken out of question.
func (c *cone) awaits(a *rulepack.Act) bool {
	for _, b := range c.p.Acts {
		if !c.relaxed(b) && slices.ContainsFunc(b.After, func(x rulepack.Condition) bool {
			return slices.ContainsFunc(x.Any, func(m rulepack.Moment) bool { return m.Of == a.ID })
		}) {
			return true
		}
	}
	return false
}

// outlasts reports whether a duty may be owed by or towards somebody whose part
// has ended: one that an ending or a service starts, one that was met and may be
// undone, and what comes of those and of what never holds an end up. Any other
// does hold it up.
func outlasts(p *rulepack.Procedure, duty *rulepack.Term) bool {
	if len(duty.UndoneBy) > 0 {
		return true
	}
	after := map[*rulepack.Term]bool{}
	for _, t := range p.Terms {
		after[t] = t.Kind == rulepack.Right || t.Kind == rulepack.Window || t.Kind == rulepack.Effect || slices.ContainsFunc(t.Start, func(s rulepack.Start) bool { return s.Moment.Kind == rulepack.MomentServed })
	}
	maps.DeleteFunc(after, func(_ *rulepack.Term, is bool) bool { return !is })
	if after[duty] {
		return true
	}
	begun := func(a *rulepack.Act, outcome string) {
		for _, t := range p.Terms {
			if begunBy(t, a, outcome) || a.CountsAs != "" && begunBy(t, p.Act(a.CountsAs), outcome) {
				after[t] = true
			}
		}
	}
	for _, a := range p.Acts {
		for n, e := range effectsOf(a) {
			if outcome := ""; e.Ends != "" {
				if n > 0 {
					outcome = a.Outcomes[n-1].ID
				}
				begun(a, outcome)
			}
		}
	}
	for before := -1; before < len(after); {
		before = len(after)
		for _, a := range p.Acts {
			for t := range after {
				if meetsTerm(t, a) {
					begun(a, "")
				}
			}
		}
		for _, t := range p.Terms {
			for o := range after {
				if startedByLapse(t, o) {
					after[t] = true
				}
			}
		}
	}
	return after[duty]
}

func startedByLapse(t, of *rulepack.Term) bool {
	return slices.ContainsFunc(t.Start, func(s rulepack.Start) bool {
		return s.Becomes != nil || s.Moment.Kind == rulepack.MomentLapsed && s.Moment.Of == of.ID
	})
}

// unseen reports whether the cone does not tell if a moment has been.
func (c *cone) unseen(m rulepack.Moment) bool {
	if m.Kind == rulepack.MomentLapsed {
		return !c.terms[m.Of]
	}
	return !c.acts[m.Of]
}

// ofCut adds what an act of a cut cone needs whatever it waits for: those for
// whom it is done, what counts as it, and what lets it be done again.
func (c *cone) ofCut(a *rulepack.Act) {
	if a.Each != "" {
		c.binders(a.Each)
	}
	c.act(a.CountsAs)
	for _, other := range c.p.CountingAs(a.ID) {
		c.act(other.ID)
	}
	awaited := c.awaits(a)
	for _, other := range c.p.Acts {
		if slices.ContainsFunc(effectsOf(other), func(e rulepack.Effects) bool {
			return slices.Contains(e.Redo, a.ID) || takesBack(e, a) || awaited && (slices.Contains(e.Closes, a.ID) || slices.Contains(e.Opens, a.ID))
		}) {
			c.act(other.ID)
		}
	}
}

// holdsNow answers a condition of an act. In a cut, one that a duty itself starts
// on holds while the duty is owed: what would make it false releases it.
func (k *marking) holdsNow(e *expr.Expr, a *rulepack.Act, inst int) truth {
	assumed := k.assumed
	is, _ := k.eval(e, question{a: a, inst: inst})
	if t := k.cone.duty; is == maybe && k.cone.cut != nil && t != nil && meetsTerm(t, a) && k.status(t, inst)&owed != 0 && implies(k.p, t, e) {
		k.assumed = assumed
		return yes
	}
	return is
}

// implies reports whether a condition holds while a duty is owed: the duty starts
// only where it does, and the facts change only with what starts the duty or
// replaces that.
func implies(p *rulepack.Procedure, t *rulepack.Term, e *expr.Expr) bool {
	if slices.ContainsFunc(t.Start, func(s rulepack.Start) bool { return s.When == nil || s.When.Source != e.Source }) {
		return false
	}
	return !slices.ContainsFunc(e.Facts, func(id string) bool {
		f := p.Fact(id)
		return f == nil || f.Table != nil || slices.ContainsFunc(f.SetBy, func(by string) bool {
			a := p.Act(by)
			return a == nil || !startedBy(t, by) && !startedBy(t, a.CountsAs) && !slices.ContainsFunc(effectsOf(a), func(e rulepack.Effects) bool { return startedBy(t, e.Replaces) })
		})
	})
}

// goal is a question of what stays possible: the acts that are exact from the
// beginning, what the cone grows from, and where trouble is without a way out.
type goal struct {
	acts  []string
	seed  func(*cone)
	stuck func(*graph) int
	// before is what comes before the question itself.
	before []map[string]bool
}

// holds reports whether a question is settled by a cut: there is always a way.
// Where it is not, nothing is said. What order acts are made exact in decides
// how soon: each order is given little first.
func (c *checker) holds(p *rulepack.Procedure, n int, q goal) bool {
	c.suspect = ""
	for _, most := range []int{cutLittle * c.limit, cutMost * c.limit} {
		if most == cutLittle*c.limit && len(q.before) == 1 {
			continue
		}
		for _, before := range q.before {
			if c.settles(p, n, q, before, most) {
				return true
			}
		}
	}
	return false
}

// settles tries a question with up to so many markings in all.
func (c *checker) settles(p *rulepack.Procedure, n int, q goal, before map[string]bool, most int) bool {
	explored := 0
	cut := &cutting{exact: map[string]bool{}, known: map[string]bool{}}
	for _, id := range q.acts {
		cut.exact[id] = true
	}
	for range maxRounds {
		cone := newCone(p)
		cone.cut, cone.narrow = cut, true
		q.seed(cone)
		g := explore(newModel(cone.close(), n, c.opts.Locals), min(cutRound*c.limit, most-explored), nil)
		explored += len(g.nodes)
		c.markings += len(g.nodes)
		if !g.full || g.limit == 0 {
			return false
		}
		at := q.stuck(g)
		if at < 0 {
			return true
		}
		c.suspect = written(g.path(at))
		if !g.refine(at, before, cut) {
			return false
		}
	}
	return false
}

// upstream is what may have been before a term starts, as far as conditions say
// so: first all that one of its starts may come after, then only what all of
// them come after.
func upstream(p *rulepack.Procedure, t *rulepack.Term) []map[string]bool {
	var starts []rulepack.Moment
	some := map[string]bool{}
	var add func(m rulepack.Moment)
	add = func(m rulepack.Moment) {
		a := p.Act(m.Of)
		if a == nil || m.Kind == rulepack.MomentLapsed || some[a.ID] {
			return
		}
		some[a.ID] = true
		for _, c := range a.After {
			for _, x := range c.Any {
				add(x)
			}
		}
	}
	for _, s := range t.Start {
		if s.Becomes == nil {
			starts = append(starts, s.Moment)
			add(s.Moment)
		}
	}
	if len(starts) == 1 {
		return []map[string]bool{some}
	}
	return []map[string]bool{some, common(p, starts, nil)}
}

// common is what must have been before any of the moments.
func common(p *rulepack.Procedure, any []rulepack.Moment, below []string) map[string]bool {
	var out map[string]bool
	for _, m := range any {
		a := p.Act(m.Of)
		if m.Kind == rulepack.MomentLapsed || a == nil || slices.Contains(below, a.ID) {
			return nil
		}
		mine := map[string]bool{a.ID: true}
		for _, c := range a.After {
			maps.Copy(mine, common(p, c.Any, append(slices.Clip(below), a.ID)))
		}
		if out != nil {
			maps.DeleteFunc(mine, func(id string, _ bool) bool { return !out[id] })
		}
		out = mine
	}
	return out
}
