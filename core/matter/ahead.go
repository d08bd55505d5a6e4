// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"slices"
	"strings"

	"quanze/core/calendar"
	"quanze/core/rulepack"
)

// ahead is something that a fact has fixed for a later day: a moment that a date
// in a form names, a start that waits, the next slot of a period.
type ahead struct {
	on    calendar.Date
	m     moment
	term  *rulepack.Term
	start rulepack.Start
	party string
}

// whose is the party that it is about, "" of what is common.
func (a ahead) whose() string {
	if a.term != nil {
		return a.party
	}
	return a.m.party
}

// later puts off a start by its wait.
func (f *folder) later(t *rulepack.Term, st rulepack.Start, m moment, party string) {
	on, _ := f.rules.Calendar.Add(m.on, st.Wait, calendar.Rule{NoRollover: true})
	if on == 0 {
		return
	}
	m.on = on
	f.put(ahead{on: on, m: m, term: t, start: st, party: party})
}

func (f *folder) put(a ahead) { f.ahead = append(f.ahead, a) }

// nextAhead finds the earliest thing that comes by the day, -1 for none.
func (s *State) nextAhead(day calendar.Date) int {
	best := -1
	for i, a := range s.ahead {
		if a.on <= day && (best < 0 || a.on < s.ahead[best].on) {
			best = i
		}
	}
	return best
}

// come lets it come.
func (f *folder) come(i int) {
	a := f.ahead[i]
	f.ahead = slices.Delete(slices.Clone(f.ahead), i, i+1)
	f.on = max(f.on, a.on)
	f.order++
	a.m.order = f.order
	if a.term == nil {
		f.occur(a.m)
	} else {
		f.beginNow(a.term, a.start, a.m, a.party)
	}
	f.settle(a.on)
}

// days brings the moments that the day fields of an act name: at once where the
// day has come, else on their day.
func (f *folder) days(act *rulepack.Act, m moment, e *Event) {
	for _, point := range f.proc().DaysOf(act.ID) {
		v := e.Fields[point.Detail]
		if v.Date() == 0 {
			continue
		}
		at := m
		at.name, at.on = point.String(), v.Date()
		if at.on <= m.on {
			f.occur(at)
			continue
		}
		f.put(ahead{on: at.on, m: at})
	}
}

// forget drops what lies ahead, and the starts that wait for a fact, where the
// test says so; term is nil for a moment that a day in a form names.
func (f *folder) forget(drop func(t *rulepack.Term, m moment, party string) bool) {
	f.ahead = slices.DeleteFunc(slices.Clone(f.ahead), func(a ahead) bool { return drop(a.term, a.m, a.whose()) })
	f.pending = slices.DeleteFunc(slices.Clone(f.pending), func(p pending) bool { return drop(p.term, p.at, p.party) })
}

// spare lets what lies ahead bring no obligation of the terms that were
// released: a sleeping duty is released like one that is awake.
func (f *folder) spare(terms []string, duties bool, m moment, party string) {
	spared := func(t *rulepack.Term) bool {
		return slices.Contains(terms, t.ID) || (duties && t.Kind == rulepack.Duty)
	}
	mine := func(whose string) bool { return party == "" || whose == party }
	f.forget(func(t *rulepack.Term, at moment, whose string) bool {
		return t != nil && spared(t) && mine(whose) && at.cause != m.cause
	})
	for i := range f.ahead {
		if a := &f.ahead[i]; a.term == nil && mine(a.m.party) && a.m.cause != m.cause {
			a.m.spared, a.m.sparesDuties = append(slices.Clip(a.m.spared), terms...), a.m.sparesDuties || duties
		}
	}
}

// spares reports whether the moment starts no such term any longer.
func (m moment) spares(t *rulepack.Term) bool {
	return slices.Contains(m.spared, t.ID) || (m.sparesDuties && t.Kind == rulepack.Duty)
}

// sleeps reports whether a duty lies ahead, so that the matter cannot end.
func (f *folder) sleeps(a ahead) bool {
	if a.term != nil {
		return a.term.Kind == rulepack.Duty
	}
	return slices.ContainsFunc(f.proc().StartsAt(a.m.name), func(s rulepack.StartOf) bool {
		return s.Term.Kind == rulepack.Duty && !a.m.spares(s.Term)
	})
}

// slot lets one slot of a period begin and arranges the one after it. All are
// counted from the first start, so that months do not drift; the next begins
// where this one ends, also where its last day moves on to a working day. A
// slot that would begin while the period is stopped, while none of its acts is
// in question or while its condition does not hold is passed over.
func (f *folder) slot(t *rulepack.Term, st rulepack.Start, m moment, party string) {
	first, n := m.first, max(m.slot, 1)
	if first == 0 {
		first = m.on
	}
	if f.ended != "" || (party != "" && f.bound(t.Each, party) == nil) {
		return
	}
	length := t.Every
	length.N *= n
	rule := f.proc().Pack.Count
	due, provisional := f.rules.Calendar.Add(first, length, rule)
	rule.NoRollover = true
	end, _ := f.rules.Calendar.Add(first, length, rule)
	if due == 0 || end < m.on {
		return
	}
	next := m
	next.first, next.slot, next.on = first, n+1, end.AddDays(1)
	base, _, _ := strings.Cut(m.cause, "+")
	next.cause = base + "+" + itoa(next.slot)
	f.put(ahead{on: next.on, m: next, term: t, start: st, party: party})
	o := &Obligation{Term: t.ID, Party: party, StartOn: m.on, Due: due, Provisional: provisional, Length: length, from: first, Slot: n}
	if n > 1 {
		if binds, known := f.guarded(t, st, party, m.on); !binds || !known {
			return
		}
	}
	if f.nobodyMeets(t, party) || slices.ContainsFunc(f.stops, func(s standstill) bool { return f.covers(s, o, m.act) }) {
		return
	}
	f.launch(o, t, st, m)
}

// nobodyMeets reports whether every act that meets the term was put out of
// question.
func (f *folder) nobodyMeets(t *rulepack.Term, party string) bool {
	for _, m := range t.MetBy {
		for _, a := range append([]*rulepack.Act{f.proc().Act(m.Of)}, f.proc().CountingAs(m.Of)...) {
			if a == nil {
				return false
			}
			if open, since := f.inQuestion(a, party); open || since.order == 0 {
				return false
			}
		}
	}
	return true
}

// edge is how an expression stood last, and how often it turned true that day.
type edge struct {
	is    bool
	on    calendar.Date
	times int
}

// becoming starts the terms whose expression has just turned true.
func (f *folder) becoming(on calendar.Date) {
	if f.ended != "" {
		return
	}
	for i, st := range f.proc().Becoming() {
		for _, party := range f.partiesOf(st.Term.Each) {
			key := mark{itoa(i), party}
			got := st.Start.Becomes.Eval(f.envOn(st.Term.Each, party, on))
			f.localsMissing(got.Missing, st.Term.Each, party, on)
			e := f.became.at(key)
			rises := got.True() && !e.is
			if e.is = got.True(); rises {
				if e.on != on {
					e.on, e.times = on, 0
				}
				e.times++
			}
			f.became.put(key, e)
			if !rises {
				continue
			}
			cause := "=becomes" + itoa(i) + "@" + on.String()
			if e.times > 1 {
				cause += "/" + itoa(e.times)
			}
			f.begin(st.Term, *st.Start, moment{name: "becomes", party: party, on: on, cause: cause, order: f.order}, party)
		}
	}
}

// partiesOf lists the keys of a party name, "" for what concerns nobody in
// particular.
func (f *folder) partiesOf(each string) []string {
	if each == "" {
		return []string{""}
	}
	var out []string
	for _, b := range f.active(each) {
		out = append(out, b.Key())
	}
	return out
}

// endEffect ends what runs of an effect or a period, and what of it was still
// to begin.
func (f *folder) endEffect(t *rulepack.Term, by rulepack.Moment, m moment) {
	for _, o := range f.obligations {
		if o.Term != t.ID || !o.Owed() || f.own(o, m) || o.StartOn > m.on || !f.touches(t, by, m, o.Party) {
			continue
		}
		o = f.mine(o)
		o.Status, o.MetOn = StatusFreed, m.on
		f.consequence(Event{Kind: Released, On: m.on, Key: "ended|" + o.Key + "|" + m.cause, Term: o.Term, Party: o.Party, Due: o.Due, Clauses: t.Basis.Clauses()})
	}
	f.forget(func(x *rulepack.Term, at moment, party string) bool {
		base, _, _ := strings.Cut(at.cause, "+")
		return x == t && (base != m.cause || at.slot > 1) && f.touches(t, by, m, party)
	})
}

// endPeriods ends the periods of a matter, or of one party's part, that ended.
func (f *folder) endPeriods(day calendar.Date, party string, clauses []string) {
	for _, o := range f.obligations {
		if t := f.termOf(o); t != nil && t.Kind == rulepack.Period && o.Owed() && (party == "" || o.Party == party) {
			o = f.mine(o)
			o.Status, o.MetOn = StatusFreed, day
			f.consequence(Event{Kind: Released, On: day, Key: "ended|" + o.Key, Term: o.Term, Party: o.Party, Due: o.Due, Clauses: clauses})
		}
	}
	f.forget(func(t *rulepack.Term, _ moment, whose string) bool {
		return t != nil && t.Kind == rulepack.Period && (party == "" || whose == party)
	})
}

// Coming is what is fixed for a later day, for timers to wake on.
type Coming struct {
	Key, Name, Party string
	On               calendar.Date
}

// Ahead lists what is fixed for later days.
func (s *State) Ahead() []Coming {
	out := make([]Coming, len(s.ahead))
	for i, a := range s.ahead {
		c := Coming{Name: a.m.name, Party: a.whose(), On: a.on}
		if a.term != nil {
			c.Name = a.term.ID
		}
		c.Key = named(c.Name, c.Party) + "@" + a.m.cause + "=" + a.on.String()
		out[i] = c
	}
	return out
}
