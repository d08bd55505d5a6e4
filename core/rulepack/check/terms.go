// SPDX-License-Identifier: Apache-2.0

package check

import (
	"slices"
	"strings"

	"quanze/core/calendar"
	"quanze/core/rulepack"
)

// nominal is about how many days a length is; the units of one law are compared
// exactly, those of two with room.
func nominal(l calendar.Length) float64 {
	per := map[calendar.Unit]float64{calendar.Days: 1, calendar.WorkingDays: 1.4, calendar.HalfWorkingDays: 0.7, calendar.Weeks: 7, calendar.Months: 30, calendar.Quarters: 91, calendar.Years: 365}
	return float64(l.N) * per[l.Unit]
}

// longer reports whether a is certainly longer than b.
func longer(a, b calendar.Length) bool {
	if a.Unit == b.Unit {
		return a.N > b.N
	}
	return nominal(a)*0.8 > nominal(b)*1.2
}

// delay is the least time between the start of a term and something; after
// says that it can only come after the start.
type delay struct {
	length calendar.Length
	after  bool
}

func (d delay) max(e delay) delay {
	if longer(e.length, d.length) {
		d.length = e.length
	}
	d.after = d.after || e.after
	return d
}

// terms finds those that are shorter than what must come before they are met.
func (c *checker) terms(p *rulepack.Procedure) {
	for _, t := range p.Terms {
		if t.Within.Length.N == 0 || len(t.MetBy) == 0 {
			continue
		}
		for _, s := range t.Start {
			if s.Becomes != nil {
				continue
			}
			var least delay
			for i, m := range t.MetBy {
				d := earliest(p, m, s.Moment, 0)
				if i == 0 || longer(least.length, d.length) {
					least = d
				}
			}
			if least.length.N > 0 && longer(least.length, t.Within.Length) {
				c.fail(t.Basis, rulepack.CodeTooShort, t.ID, t.Within.Length.String(), t.MetBy[0].String(), least.length.String())
			}
		}
	}
}

// earliest is the least time from the start to a moment, by its conditions,
// windows and the terms whose lapse it waits for.
func earliest(p *rulepack.Procedure, m, start rulepack.Moment, depth int) delay {
	if m.String() == start.String() || (m.Of == start.Of && m.Kind == rulepack.MomentDone) {
		return delay{after: true}
	}
	if depth > 12 {
		return delay{}
	}
	if m.Kind == rulepack.MomentLapsed {
		t := p.Term(m.Of)
		if t == nil || len(t.Start) != 1 || t.Start[0].Becomes != nil || t.Kind == rulepack.Period {
			return delay{}
		}
		from := earliest(p, t.Start[0].Moment, start, depth+1)
		if from.after && t.Within.Length.N > 0 {
			return delay{t.Within.Length, true}.max(from)
		}
		return from
	}
	a := p.Act(m.Of)
	if a == nil || len(p.CountingAs(a.ID)) > 0 {
		return delay{}
	}
	var out delay
	for _, cond := range a.After {
		if cond.When != nil {
			continue
		}
		var least delay
		for i, x := range cond.Any {
			d := earliest(p, x, start, depth+1)
			if d.after && cond.Wait.N > 0 {
				d = d.max(delay{cond.Wait, true})
			}
			if i == 0 || longer(least.length, d.length) || !d.after {
				least = d
			}
		}
		out = out.max(least)
	}
	for _, w := range p.Terms {
		if w.Kind == rulepack.Window && w.Wait.N > 0 && w.When == nil && len(w.Start) == 1 && w.Start[0].Moment.String() == start.String() &&
			slices.ContainsFunc(w.MetBy, func(x rulepack.Moment) bool { return x.Of == a.ID }) {
			out = out.max(delay{w.Wait, true})
		}
	}
	return out
}

// releases finds acts that free others of what they owe or cut what others may
// still do, on no clause but that of the act.
func (c *checker) releases(p *rulepack.Procedure) {
	for _, a := range p.Acts {
		look := func(e rulepack.Effects, at rulepack.Basis, name string) {
			var freed []string
			for _, t := range p.Terms {
				if touches(t, e) && !slices.ContainsFunc(a.By, func(by rulepack.Path) bool { return len(t.Of) > 0 && by[0] == t.Of[0] }) {
					freed = append(freed, t.ID)
				}
			}
			if len(freed) > 0 {
				c.warn(at, rulepack.CodeReleases, name, strings.Join(freed, ", "))
			}
		}
		if len(a.Basis.Cites) < 2 {
			look(a.Effects, a.Basis, a.ID)
		}
		for _, o := range a.Outcomes {
			if len(o.Basis.Cites) == 0 {
				look(o.Effects, at(o.Basis, a.Basis), a.ID+"."+o.ID)
			}
		}
	}
}

// touches reports whether effects release a duty or close the acts of a right.
func touches(t *rulepack.Term, e rulepack.Effects) bool {
	if slices.Contains(e.Releases, t.ID) || (e.ReleasesAll && t.Kind == rulepack.Duty) {
		return true
	}
	if t.Kind != rulepack.Duty && t.Kind != rulepack.Right || len(t.MetBy) == 0 {
		return false
	}
	return !slices.ContainsFunc(t.MetBy, func(m rulepack.Moment) bool { return !slices.Contains(e.Closes, m.Of) })
}
