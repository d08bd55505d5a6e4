// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"slices"

	"quanze/core/calendar"
	"quanze/core/rulepack"
)

// standstill is a stop that has not ended.
type standstill struct {
	*rulepack.Stops
	// id tells the stops of one act apart; each is the party name of that act.
	id    string
	act   string
	each  string
	party string
	on    calendar.Date
}

// stop holds the terms it names, or all of the matter.
func (f *folder) stop(s *rulepack.Stops, m moment, party string) {
	still := standstill{Stops: s, id: m.cause, act: m.act, each: f.eachOfAct(m.act), party: party, on: m.on}
	for slices.ContainsFunc(f.stops, func(x standstill) bool { return x.id == still.id }) {
		still.id += "+"
	}
	f.stops = append(slices.Clone(f.stops), still)
	for _, o := range f.obligations {
		if (o.Status == Running || o.Status == Held) && still.holds(f.proc(), o) && o.Start != m.cause {
			f.hold(o, still, max(still.on, o.StartOn))
		}
	}
}

// holds reports whether the stop is about an obligation: an effect, which is an
// interval of days, stands still only where it is named. A stop for one party
// holds what is that party's, and what it names of the terms in common.
func (s standstill) holds(p *rulepack.Procedure, o *Obligation) bool {
	t := p.Term(o.Term)
	if t == nil || (s.party != "" && o.Party != s.party && (s.Matter || t.Each == s.each)) {
		return false
	}
	if !s.Matter {
		return slices.Contains(s.Terms, o.Term)
	}
	return t.Kind != rulepack.Effect
}

func (f *folder) hold(o *Obligation, s standstill, from calendar.Date) *Obligation {
	if slices.Contains(o.heldBy, s.id) {
		return o
	}
	o = f.mine(o)
	o.Status, o.heldBy = Held, append(slices.Clip(o.heldBy), s.id)
	o.Stops = append(slices.Clip(o.Stops), calendar.Stop{How: s.How, From: from})
	f.consequence(Event{Kind: Stopped, On: from, Key: "stopped|" + o.Key + "|" + s.id, Term: o.Term, Party: o.Party, Due: o.Due, Clauses: s.Basis.Clauses()})
	return o
}

// stopped reports whether a stop of the obligation has not ended.
func (o *Obligation) stopped() bool {
	return slices.ContainsFunc(o.Stops, func(s calendar.Stop) bool { return s.Until == 0 })
}

// suspended reports whether it stands still in such a way that it does not run:
// days that are merely excluded do not count, and it runs on.
func (o *Obligation) suspended() bool {
	return slices.ContainsFunc(o.Stops, func(s calendar.Stop) bool { return s.Until == 0 && s.How != calendar.Exclude })
}

// heldAtOnce holds a term that begins while it, or the matter, is stopped. What
// an act brings that may be done meanwhile runs, else it could not be kept.
func (f *folder) heldAtOnce(o *Obligation, act string, from calendar.Date) {
	for _, s := range f.stops {
		if f.covers(s, o, act) {
			o = f.hold(o, s, from)
		}
	}
}

func (f *folder) covers(s standstill, o *Obligation, act string) bool {
	return s.holds(f.proc(), o) && !(s.Matter && slices.Contains(s.Meanwhile, act))
}

// resume ends the stops that wait for the moment, and counts anew: the days up
// to and including this one did not count.
func (f *folder) resume(m moment) {
	for i := 0; i < len(f.stops); {
		s := f.stops[i]
		if !slices.ContainsFunc(s.Until, func(u rulepack.Moment) bool { return u.String() == m.name && f.resumes(s, u, m) }) {
			i++
			continue
		}
		f.stops = slices.Delete(slices.Clone(f.stops), i, i+1)
		f.lift(s, m)
	}
}

// resumes: of the same party names party by party, else all of the other.
func (f *folder) resumes(s standstill, u rulepack.Moment, m moment) bool {
	switch each := f.eachOf(u); {
	case each == "":
		return true
	case s.party != "" && each == s.each:
		return m.party == s.party
	default:
		return f.all(u, each)
	}
}

// lift lets run on what no other stop holds. A stop also ends for what was met
// in the meantime, since that may be taken back.
func (f *folder) lift(s standstill, m moment) {
	for _, o := range f.obligations {
		i := slices.Index(o.heldBy, s.id)
		if i < 0 || o.Stops[i].Until != 0 {
			continue
		}
		o = f.mine(o)
		o.Stops[i].Until = max(m.on, o.Stops[i].From)
		if o.stopped() {
			continue
		}
		if f.recount(o); o.Status != Held {
			continue
		}
		o.Status = Running
		if m.event != nil && m.event.Entered > o.recorded {
			o.recorded, o.recorder = m.event.Entered, m.event.Actor
		}
		f.consequence(Event{Kind: Resumed, On: m.on, Key: "resumed|" + o.Key + "|" + s.id + "|" + m.cause + ">" + o.Due.String(), Term: o.Term, Party: o.Party,
			Due: o.Due, Provisional: o.Provisional, Clauses: s.Basis.Clauses()})
	}
}

// liftOf ends the stops that an act brought, because it is taken back.
func (f *folder) liftOf(acts []string, m moment, party string) {
	for i := 0; i < len(f.stops); {
		s := f.stops[i]
		if !slices.Contains(acts, s.act) || (party != "" && s.party != party) {
			i++
			continue
		}
		f.stops = slices.Delete(slices.Clone(f.stops), i, i+1)
		f.lift(s, m)
	}
}

// recount computes the last day from its parts: start, length, extensions and
// stops. A day that a decision set moves by the days that were held since.
func (f *folder) recount(o *Obligation) {
	t := f.termOf(o)
	if t == nil || (o.Length.N == 0 && o.set == 0) {
		return
	}
	rule := f.countRule(t)
	due, provisional := o.set, false
	if o.set == 0 {
		r := f.rules.Calendar.Due(o.from, o.Length, rule, o.Stops)
		due, provisional = r.Due, r.Provisional
		if t.EndOfYear && due != 0 {
			due = min(due, endOfYear(o.StartOn))
		}
	} else {
		due = f.shifted(o.from, due, rule, o.Stops)
	}
	rule.CountFirst = false
	for i := range o.Extensions {
		x := &o.Extensions[i]
		if due == 0 {
			return
		}
		if x.From = due; x.set != 0 {
			due = max(due, f.shifted(x.On, x.set, rule, o.Stops))
		} else {
			r := f.rules.Calendar.Due(due, x.Length, rule, o.Stops)
			due, provisional = r.Due, provisional || r.Provisional
		}
		x.Due = due
	}
	if due == 0 {
		return
	}
	rule.NoRollover = t.Kind == rulepack.Effect || rule.NoRollover
	for _, s := range o.Stops { // stopped on its very last day: it does not end on a held one
		if s.From == due && s.Until > due {
			due, _ = f.rules.Calendar.Add(s.Until, calendar.Length{N: 1, Unit: calendar.Days}, rule)
		}
	}
	o.base, o.Due, o.Provisional = due, max(due, o.floor), provisional
}

// shifted moves a fixed day by the calendar days that were held before it and
// since it was fixed.
func (f *folder) shifted(from, day calendar.Date, rule calendar.Rule, stops []calendar.Stop) calendar.Date {
	if day <= from {
		return day
	}
	rule.CountFirst, rule.NoRollover = false, true
	r := f.rules.Calendar.Due(from, calendar.Length{N: int(day - from), Unit: calendar.Days}, rule, stops)
	return r.Due
}

// standsStill refuses an act that a suspension leaves no room for. One of a
// single party leaves what concerns all.
func (f *folder) standsStill(a *rulepack.Act, party string) *Refusal {
	for _, s := range f.stops {
		if s.How != calendar.Suspend || (s.Matter && s.party != "" && s.party != party) || s.leaves(a) {
			continue
		}
		no := &Refusal{Why: IsStopped, Act: a.ID, Party: party, Clauses: s.Basis.Clauses()}
		for _, u := range s.Until {
			no.Names = append(no.Names, u.String())
		}
		if s.Matter {
			return no
		}
		for _, o := range f.obligations {
			mine := o.Party == "" || o.Party == party || (s.party == "" && party == "")
			if o.Status == Held && mine && slices.Contains(o.heldBy, s.id) && f.meets(a, o) {
				return no
			}
		}
	}
	return nil
}

// leaves reports whether the act may be done during the stop: one that is
// listed, or that ends it.
func (s standstill) leaves(a *rulepack.Act) bool {
	is := func(id string) bool { return id == a.ID || (a.CountsAs != "" && id == a.CountsAs) }
	return slices.ContainsFunc(s.Meanwhile, is) || slices.ContainsFunc(s.Until, func(u rulepack.Moment) bool { return is(u.Of) })
}

// meets reports whether the act, or what it counts as, would meet the obligation.
func (f *folder) meets(a *rulepack.Act, o *Obligation) bool {
	t := f.termOf(o)
	return t != nil && slices.ContainsFunc(t.MetBy, func(m rulepack.Moment) bool { return m.Of == a.ID || (a.CountsAs != "" && m.Of == a.CountsAs) })
}
