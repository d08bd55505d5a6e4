// SPDX-License-Identifier: Apache-2.0

package check

import (
	"slices"
	"strconv"

	"quanze/core/rulepack"
)

// maxMarkings limits the exploring of one question.
const maxMarkings = 2000

// reach asks what may come about: of every act whether it can be done, of every
// duty whether it stays possible, of the matter whether it can end.
func (c *checker) reach(p *rulepack.Procedure) {
	q := &asker{checker: c, p: p, seen: map[string]bool{}, never: map[string]bool{}}
	q.acts()
	q.begins()
	q.untils()
	for _, t := range p.Terms {
		if t.Kind == rulepack.Duty {
			q.duty(t)
		}
	}
	c.ending(p)
}

// asker asks whether things can come about at all. What was seen on the way to
// one answer answers for all it saw.
type asker struct {
	*checker
	p           *rulepack.Procedure
	seen, never map[string]bool
}

// verdict is an answer, with what stood in the way.
type verdict struct {
	never    bool
	markings int // of a question that was not settled
	why      string
}

// comes asks whether something that a model notes can come about; a no with one
// party of each name must hold with two.
func (q *asker) comes(what, act string, seed func(*cone)) verdict {
	if q.seen[what] {
		return verdict{}
	}
	narrow := newCone(q.p)
	narrow.narrow = true
	seed(narrow)
	g := explore(newModel(narrow.close(), 1, q.opts.Locals), q.limit, func(g *graph) bool { return g.doneOnce[what] })
	q.markings += len(g.nodes)
	for id := range g.doneOnce {
		q.seen[id] = true
	}
	if q.seen[what] {
		return verdict{}
	}
	cone := newCone(q.p)
	seed(cone)
	cone.close()
	for n := 1; ; n++ {
		g := explore(newModel(cone, n, q.opts.Locals), q.limit*n, func(g *graph) bool { return g.doneOnce[what] })
		q.markings += len(g.nodes)
		for id := range g.doneOnce {
			q.seen[id] = true
		}
		switch {
		case q.seen[what]:
			return verdict{}
		case !g.full || g.limit == 0:
			return verdict{markings: len(g.nodes)}
		case n == 2 || !two(q.p):
			q.never[what] = true
			return verdict{never: true, why: g.blockers[act].String()}
		}
	}
}

// acts finds those, and those outcomes, that can never be.
func (q *asker) acts() {
	for _, a := range slices.Backward(q.p.Acts) { // the last acts have the widest cones
		if a.Modality == rulepack.Forbidden {
			continue
		}
		if a.Lawful() && a.Starts && !q.opened(q.p, a) {
			q.never[a.ID] = true
			q.fail(a.Basis, rulepack.CodeNeverDone, a.ID, "opens_matter")
			continue
		}
		switch v := q.comes(a.ID, a.ID, func(c *cone) { c.act(a.ID) }); {
		case v.never:
			q.fail(a.Basis, rulepack.CodeNeverDone, a.ID, v.why)
			continue
		case v.markings > 0:
			q.warn(a.Basis, rulepack.CodeTooLarge, a.ID, strconv.Itoa(v.markings))
			continue
		}
		for _, o := range a.Outcomes {
			if v := q.comes(a.ID+"."+o.ID, a.ID, func(c *cone) { c.act(a.ID); c.asked[a.ID+"."+o.ID] = true }); v.never {
				q.fail(at(o.Basis, a.Basis), rulepack.CodeNeverDone, a.ID+"."+o.ID, v.why)
			}
		}
		q.takesBack(a, a.Effects, a.Basis)
		for _, o := range a.Outcomes {
			q.takesBack(a, o.Effects, at(o.Basis, a.Basis))
		}
	}
}

// takesBack finds an act that revokes or replaces what cannot have been done.
func (q *asker) takesBack(a *rulepack.Act, e rulepack.Effects, at rulepack.Basis) {
	for _, target := range []string{e.Revokes, e.Replaces} {
		if target == "" {
			continue
		}
		if v := q.comes(backOf(a.ID, target), a.ID, func(c *cone) { c.act(a.ID); c.act(target) }); v.never {
			q.fail(at, rulepack.CodeNothingDone, target, a.ID)
		}
	}
}

// begins finds terms that never start.
func (q *asker) begins() {
	for _, t := range q.p.Terms {
		if slices.ContainsFunc(t.Start, func(s rulepack.Start) bool {
			return t.When == nil && s.When == nil && s.Becomes == nil && t.Each == q.eachOf(s.Moment) && q.seen[s.Moment.String()]
		}) {
			q.seen[startOf(t.ID)] = true // it has no condition, and its start was seen
		}
		v := q.comes(startOf(t.ID), "", func(c *cone) { c.term(t.ID) })
		if v.never {
			q.fail(t.Basis, rulepack.CodeNeverStarts, t.ID)
		} else if v.markings > 0 {
			q.warn(t.Basis, rulepack.CodeTooLarge, t.ID, strconv.Itoa(v.markings))
		}
	}
}

func (q *asker) eachOf(m rulepack.Moment) string {
	return eachOf(q.p, m)
}

// untils finds stops and effects that wait for what cannot come.
func (q *asker) untils() {
	look := func(list []rulepack.Moment, who string, at rulepack.Basis) {
		for _, m := range list {
			if v := q.comes(m.String(), m.Of, func(c *cone) { c.moment(m, ""); c.asked[m.String()] = true }); v.never {
				q.fail(at, rulepack.CodeNeverComes, m.String(), who)
			}
		}
	}
	for _, a := range q.p.Acts {
		for _, e := range effectsOf(a) {
			if e.Stops != nil {
				look(e.Stops.Until, a.ID, e.Stops.Basis)
			}
		}
	}
	for _, t := range q.p.Terms {
		look(t.Until, t.ID, t.Basis)
	}
}

// startOf and backOf are the names under which a model notes that a term began,
// and that an act took back what had been done.
func startOf(term string) string       { return "start of " + term }
func backOf(act, target string) string { return act + " takes back " + target }

// opened reports whether some rule of the pack opens a matter by that act.
func (c *checker) opened(p *rulepack.Procedure, a *rulepack.Act) bool {
	is := func(o *rulepack.OpensMatter) bool { return o != nil && o.Procedure == p.ID && o.Act == a.ID }
	for _, q := range c.pack.Procedures {
		for _, b := range q.Acts {
			if slices.ContainsFunc(effectsOf(b), func(e rulepack.Effects) bool { return is(e.OpensMatter) }) {
				return true
			}
		}
		for _, t := range q.Terms {
			if t.OnLapse != nil && is(t.OnLapse.OpensMatter) {
				return true
			}
		}
	}
	return false
}

// duty finds a way on which it is owed and can never be met or released again.
// Where nothing that meets it can ever be, that is told already.
func (q *asker) duty(t *rulepack.Term) {
	p := q.p
	if q.never[startOf(t.ID)] || !slices.ContainsFunc(t.MetBy, func(m rulepack.Moment) bool {
		a := p.Act(m.Of)
		return a == nil || !q.never[a.ID] && a.Modality != rulepack.Forbidden
	}) {
		return
	}
	if q.holds(p, 1, staying(p, t)) {
		return
	}
	suspect := q.suspect
	for _, narrow := range []bool{true, false} {
		if !q.stuckWith(t, narrow, &suspect) {
			return
		}
	}
}

// staying asks whether a duty can always be met.
func staying(p *rulepack.Procedure, t *rulepack.Term) goal {
	return goal{
		acts:   meeting(p, t),
		seed:   func(c *cone) { c.staying, c.duty = true, t; c.term(t.ID) },
		stuck:  func(g *graph) int { return g.stuckDuty(t) },
		before: upstream(p, t),
	}
}

// meeting lists the acts that meet a term.
func meeting(p *rulepack.Procedure, t *rulepack.Term) []string {
	var out []string
	for _, m := range t.MetBy {
		if m.Kind != rulepack.MomentLapsed {
			out = append(out, m.Of)
			for _, a := range p.CountingAs(m.Of) {
				out = append(out, a.ID)
			}
		}
	}
	return out
}

// stuckWith explores a duty, first without what merely releases it: where it
// can always be met, that settles it.
func (q *asker) stuckWith(t *rulepack.Term, narrow bool, suspect *string) bool {
	p := q.p
	cone := newCone(p)
	cone.narrow, cone.staying = narrow, true
	cone.term(t.ID)
	cone.close()
	for n := 1; ; n++ {
		g := explore(newModel(cone, n, q.opts.Locals), q.limit*n, nil)
		q.markings += len(g.nodes)
		if !g.full || g.limit == 0 {
			if !narrow {
				q.warn(t.Basis, rulepack.CodeTooLarge, t.ID, strconv.Itoa(len(g.nodes)-1), *suspect)
			}
			return true
		}
		at := g.stuckDuty(t)
		if at < 0 {
			return false
		}
		if narrow {
			*suspect = written(g.path(at))
			return true
		}
		if n == 2 || !two(p) {
			severity := rulepack.Error
			if g.nodes[at].guessed {
				severity = rulepack.Warning
			}
			q.ways[t.ID] = way{g, at}
			q.report(severity, t.Basis, rulepack.CodeStuckDuty, t.ID, written(g.path(at)))
			return true
		}
	}
}

// stuckDuty looks party by party: that another's is met helps nobody.
func (g *graph) stuckDuty(t *rulepack.Term) int {
	x := g.ofTerm(t)
	for _, i := range x.insts {
		owes := func(k *marking) bool { return k.at(x.bits, i)&owed != 0 }
		if at := g.stuck(owes, func(k *marking) bool { return !owes(k) }, func(e edge) bool { return e.replaced == 0 || e.replaced != i }); at >= 0 {
			return at
		}
	}
	return -1
}

// ending finds a matter that cannot end, at all or from somewhere on.
func (c *checker) ending(p *rulepack.Procedure) {
	var ends []string
	for _, a := range p.Acts {
		for _, e := range effectsOf(a) {
			if e.Ends != "" && !(a.Lawful() && len(a.After) == 0) {
				ends = append(ends, a.ID)
			}
		}
	}
	if len(ends) == 0 {
		c.fail(p.Basis, rulepack.CodeNoEnd, p.ID)
		return
	}
	grow := func(c *cone) {
		c.ending = true
		for _, id := range ends {
			c.act(id)
		}
	}
	cone := newCone(p)
	grow(cone)
	cone.close()
	started := (*marking).begunAt
	whole := goal{stuck: func(g *graph) int {
		return g.stuck(started, (*marking).ended, func(e edge) bool { return e.replaced == 0 })
	}}
	for n := 1; n <= 2; n++ {
		if n == 1 && c.holds(p, n, goal{acts: ends, seed: grow, stuck: whole.stuck, before: []map[string]bool{nil}}) {
			continue
		}
		limit := c.limit
		if n == 2 { // nothing is said of two where it is large
			limit = c.limit / 5
		}
		g := explore(newModel(cone, n, c.opts.Locals), limit, nil)
		c.markings += len(g.nodes)
		if !g.full || g.limit == 0 {
			if n == 1 {
				c.warn(p.Basis, rulepack.CodeTooLarge, p.ID, strconv.Itoa(len(g.nodes)-1), c.suspect)
			}
			return
		}
		at := g.stuck(started, (*marking).ended, func(edge) bool { return true })
		if at < 0 {
			continue
		}
		if n == 1 && !two(p) || n == 2 {
			severity := rulepack.Error
			if g.nodes[at].guessed {
				severity = rulepack.Warning
			}
			c.ways[p.ID] = way{g, at}
			c.report(severity, p.Basis, rulepack.CodeStuckMatter, p.ID, written(g.path(at)))
			return
		}
	}
}

func two(p *rulepack.Procedure) bool {
	return slices.ContainsFunc(p.Parties, func(x *rulepack.Party) bool { return x.Many })
}

// ended reports whether an end is wished for that, the duties once met, comes:
// of the whole, or of every party of a name.
func (k *marking) ended() bool {
	if k.at(k.wishes, 0) != 0 {
		return true
	}
	for _, p := range k.p.Parties {
		if k.at(k.ever[p.ID], 0) == 0 || k.wishes[k.byName[p.ID][0]] < 0 {
			continue
		}
		if !slices.ContainsFunc(k.byName[p.ID], func(i int) bool { return k.party(i) == 1 && k.at(k.wishes, i) == 0 }) {
			return true
		}
	}
	return false
}

// eachOf is for whom a moment comes.
func eachOf(p *rulepack.Procedure, m rulepack.Moment) string {
	if m.Kind == rulepack.MomentLapsed {
		if t := p.Term(m.Of); t != nil {
			return t.Each
		}
	} else if a := p.Act(m.Of); a != nil {
		return a.Each
	}
	return ""
}
