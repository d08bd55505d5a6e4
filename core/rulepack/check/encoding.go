// SPDX-License-Identifier: Apache-2.0

package check

import (
	"slices"
	"strings"

	"quanze/core/rulepack"
)

// encoding finds what those who write packs get wrong.
func (c *checker) encoding(p *rulepack.Procedure) {
	for _, a := range p.Acts {
		c.redo(a)
		c.diverging(p, a)
		c.afterEnd(p, a)
		c.crossing(p, a)
	}
	for _, t := range p.Terms {
		c.service(p, t)
		c.theirs(p, t)
		c.absent(p, t)
	}
}

// redo finds an act that sends back and could itself not be done again.
func (c *checker) redo(a *rulepack.Act) {
	for _, o := range a.Outcomes {
		if len(o.Effects.Redo) > 0 && !a.Repeat && !slices.Contains(o.Effects.Redo, a.ID) && !slices.Contains(a.Effects.Redo, a.ID) {
			c.warn(at(o.Basis, a.Basis), rulepack.CodeRedo, a.ID+"."+o.ID)
		}
	}
}

// diverging finds what may follow an act whatever it came to, though some of
// its outcomes end the matter or fix facts and others do not.
func (c *checker) diverging(p *rulepack.Procedure, a *rulepack.Act) {
	for _, cond := range a.After {
		if len(cond.Any) != 1 || cond.Any[0].Kind != rulepack.MomentDone || cond.When != nil {
			continue
		}
		b := p.Act(cond.Any[0].Of)
		if b == nil || len(b.Outcomes) < 2 {
			continue
		}
		first := b.Outcomes[0].Effects
		if owedWhatever(p, a, b) {
			continue
		}
		if slices.ContainsFunc(b.Outcomes, func(o *rulepack.Outcome) bool {
			again := slices.Contains(o.Effects.Redo, b.ID) || slices.Contains(first.Redo, b.ID)
			return !again && (o.Effects.Ends == "") != (first.Ends == "")
		}) {
			c.warn(at(cond.Basis, a.Basis), rulepack.CodeDiverges, a.ID, b.ID)
		}
	}
}

// owedWhatever reports whether a term that an act starts whatever it came to is
// met by the other: then it is meant to follow whatever it came to.
func owedWhatever(p *rulepack.Procedure, a, b *rulepack.Act) bool {
	return slices.ContainsFunc(p.Terms, func(t *rulepack.Term) bool {
		return meetsTerm(t, a) && slices.ContainsFunc(t.Start, func(s rulepack.Start) bool {
			return s.Becomes == nil && s.Moment.Of == b.ID && s.Moment.Kind == rulepack.MomentDone
		})
	})
}

// afterEnd finds an act that waits for what ends the matter, or the party's
// part in it, and that nothing makes owed.
func (c *checker) afterEnd(p *rulepack.Procedure, a *rulepack.Act) {
	for _, t := range p.Terms {
		if slices.ContainsFunc(t.MetBy, func(m rulepack.Moment) bool { return m.Of == a.ID }) {
			return
		}
	}
	for _, cond := range a.After {
		if cond.When != nil || slices.ContainsFunc(cond.Any, func(m rulepack.Moment) bool {
			b := p.Act(m.Of)
			return m.Kind == rulepack.MomentLapsed || b == nil || !endsWith(b, m) || (b.Each != "" && b.Each != a.Each)
		}) {
			continue
		}
		c.warn(at(cond.Basis, a.Basis), rulepack.CodeAfterEnd, a.ID, cond.Any[0].String())
	}
}

// endsWith reports whether the matter is to end whenever the moment comes.
func endsWith(a *rulepack.Act, m rulepack.Moment) bool {
	if a.Effects.Ends != "" {
		return true
	}
	if m.Kind == rulepack.MomentOutcome {
		o := a.Outcome(m.Detail)
		return o != nil && o.Effects.Ends != ""
	}
	return len(a.Outcomes) > 0 && !slices.ContainsFunc(a.Outcomes, func(o *rulepack.Outcome) bool { return o.Effects.Ends == "" })
}

// crossing finds an act for each of one party that opens, closes or puts to
// redo an act for each of another: it reaches nobody.
func (c *checker) crossing(p *rulepack.Procedure, a *rulepack.Act) {
	if a.Each == "" {
		return
	}
	look := func(e rulepack.Effects, at rulepack.Basis) {
		for _, id := range slices.Concat(e.Opens, e.Closes, e.Redo) {
			if b := p.Act(id); b != nil && b.Each != "" && b.Each != a.Each {
				c.warn(at, rulepack.CodeOtherParty, a.ID, a.Each, b.ID)
			}
		}
	}
	look(a.Effects, a.Basis)
	for _, o := range a.Outcomes {
		look(o.Effects, at(o.Basis, a.Basis))
	}
}

// service finds a duty that the making of a paper meets, where the paper is
// also to be served and nothing says by when.
func (c *checker) service(p *rulepack.Procedure, t *rulepack.Term) {
	if t.Kind != rulepack.Duty {
		return
	}
	for _, m := range t.MetBy {
		a := p.Act(m.Of)
		if a == nil || a.Paper == nil || len(a.To) == 0 || (m.Kind != rulepack.MomentDone && m.Kind != rulepack.MomentOutcome) {
			continue
		}
		if !slices.ContainsFunc(p.Terms, func(o *rulepack.Term) bool {
			return slices.ContainsFunc(o.MetBy, func(x rulepack.Moment) bool { return x.Of == a.ID && x.Kind == rulepack.MomentServed })
		}) {
			c.warn(t.Basis, rulepack.CodeNotServed, t.ID, a.ID)
		}
	}
}

// theirs finds a duty of somebody the matter is about that only he can meet and
// nothing releases: he need do nothing, and the matter stays open.
func (c *checker) theirs(p *rulepack.Procedure, t *rulepack.Term) {
	if t.Kind != rulepack.Duty || len(t.Of) != 1 {
		return
	}
	owner := p.Party(t.Of[0])
	if owner == nil || !owner.Person {
		return
	}
	mine := func(a *rulepack.Act) bool {
		return a != nil && !slices.ContainsFunc(a.By, func(by rulepack.Path) bool { return by[0] != owner.ID })
	}
	if slices.ContainsFunc(t.MetBy, func(m rulepack.Moment) bool {
		return !mine(p.Act(m.Of)) || slices.ContainsFunc(p.CountingAs(m.Of), func(a *rulepack.Act) bool { return !mine(a) })
	}) {
		return
	}
	for _, a := range p.Acts {
		if !mine(a) && slices.ContainsFunc(effectsOf(a), func(e rulepack.Effects) bool { return touches(t, e) || e.Revokes != "" && startedBy(t, e.Revokes) }) {
			return
		}
	}
	c.warn(t.Basis, rulepack.CodeTheirDuty, t.ID, owner.ID)
}

func startedBy(t *rulepack.Term, act string) bool {
	return slices.ContainsFunc(t.Start, func(s rulepack.Start) bool { return s.Becomes == nil && s.Moment.Of == act })
}

// absent finds a duty towards somebody who may not exist.
func (c *checker) absent(p *rulepack.Procedure, t *rulepack.Term) {
	if t.Kind != rulepack.Duty {
		return
	}
	for _, m := range t.MetBy {
		a := p.Act(m.Of)
		if a == nil {
			return
		}
		var heads []string
		for _, r := range a.To {
			x := p.Party(r.Path[0])
			if x == nil || !x.Optional || t.Each == x.ID || a.Each == x.ID {
				return
			}
			heads = append(heads, x.ID)
		}
		if len(heads) == 0 || m.Detail != "" {
			return
		}
		c.warn(t.Basis, rulepack.CodeOneForAll, t.ID, strings.Join(heads, ", "))
	}
}
