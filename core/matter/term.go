// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"slices"
	"strings"

	"quanze/core/calendar"
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

type value = expr.Value

// occur records a moment, then lets it meet what had begun and start what it
// starts; an act that both meets and starts a term does it in that order.
func (f *folder) occur(m moment) {
	key := mark{m.name, m.party}
	f.marks.put(key, append(slices.Clip(f.marks.at(key)), stamp{f.order, m.on}))
	p := f.proc()
	f.resume(m)
	point, _ := p.Moment(m.name)
	for _, t := range p.UndoneBy(m.name) {
		f.undoneTerm(t, point, m)
	}
	for _, by := range p.MetBy(m.name) {
		f.meet(by.Term, by.Moment, m)
	}
	for _, t := range p.EndedBy(m.name) {
		f.endEffect(t, point, m)
	}
	for _, st := range p.StartsAt(m.name) {
		if !m.spares(st.Term) {
			f.start(st.Term, *st.Start, m)
		}
	}
}

// touches reports whether a moment concerns a running of the term: between the
// same party names party by party, from others to a common or another term once
// it has come for all.
func (f *folder) touches(t *rulepack.Term, by rulepack.Moment, m moment, party string) bool {
	switch each := f.eachOf(by); {
	case each == "":
		return true
	case each == t.Each:
		return party == m.party
	default:
		return f.all(by, each)
	}
}

// termOf is the term of which the obligation is a running.
func (f *folder) termOf(o *Obligation) *rulepack.Term {
	if o.of != nil {
		return o.of
	}
	return f.proc().Term(o.Term)
}

// own reports whether the moment is of the doing that started the obligation.
func (f *folder) own(o *Obligation, m moment) bool { return o.Start == m.cause && o.order == f.order }

// eachOf is the party name for which a moment comes about, "" of a common one.
func (f *folder) eachOf(m rulepack.Moment) string {
	if m.Kind == rulepack.MomentLapsed {
		if t := f.proc().Term(m.Of); t != nil {
			return t.Each
		}
		return ""
	}
	if a := f.proc().Act(m.Of); a != nil {
		return a.Each
	}
	return ""
}

// meet ends what had begun by the day of the moment. A slot of a period is met
// by an act of its own: the oldest first.
func (f *folder) meet(t *rulepack.Term, by rulepack.Moment, m moment) {
	var slots []string
	for _, o := range f.obligations {
		if o.Term != t.ID || !o.Owed() || o.StartOn > m.on || f.own(o, m) || !f.touches(t, by, m, o.Party) || f.unsettled(o) {
			continue
		}
		if t.Kind == rulepack.Period {
			if slices.Contains(slots, o.Party) {
				continue
			}
			slots = append(slots, o.Party)
		}
		o = f.mine(o)
		o.Status, o.MetOn = StatusMet, m.on
		f.consequence(Event{Kind: Met, On: m.on, Key: "met|" + o.Key + "|" + m.cause, Term: t.ID, Party: o.Party, Due: o.Due, Clauses: t.Basis.Clauses()})
	}
}

// undoneTerm takes a meeting back: owed again, or lapsed on the day of undoing.
func (f *folder) undoneTerm(t *rulepack.Term, by rulepack.Moment, m moment) {
	for _, o := range f.obligations {
		if o.Term != t.ID || o.Status != StatusMet || (f.eachOf(by) == t.Each && !f.touches(t, by, m, o.Party)) {
			continue
		}
		o = f.mine(o)
		o.Status, o.MetOn, o.undone = Running, 0, m.cause
		if f.recount(o); o.stopped() {
			o.Status = Held
		}
		f.consequence(Event{Kind: Started, On: m.on, Key: "started|" + o.Key + "|undone " + m.cause, Term: t.ID, Party: o.Party, Due: o.Due, Provisional: o.Provisional, Clauses: t.Basis.Clauses()})
		if f.heldAtOnce(o, m.act, m.on); o.Status == Running && o.Due != 0 && o.Due < m.on {
			f.lapse(o, t, m.on)
		}
	}
}

// all reports whether the moment has come for every party still in the matter.
func (f *folder) all(m rulepack.Moment, each string) bool {
	active := f.active(each)
	if len(active) == 0 {
		party := f.proc().Party(each)
		return f.everBound(each) || (party != nil && party.Optional)
	}
	return !slices.ContainsFunc(active, func(b *Bound) bool { return !f.has(m, b.Key()) })
}

// has reports whether a moment counts for a party.
func (f *folder) has(m rulepack.Moment, party string) bool {
	_, ok := f.at(m, party)
	return ok
}

func (f *folder) at(m rulepack.Moment, party string) (stamp, bool) {
	if m.Kind == rulepack.MomentLapsed {
		key := mark{m.String(), party}
		if f.eachOf(m) == "" {
			key.party = ""
		}
		list := f.marks.at(key)
		if len(list) == 0 {
			return stamp{}, false
		}
		return list[len(list)-1], true
	}
	act := f.proc().Act(m.Of)
	if act == nil {
		return stamp{}, false
	}
	return f.last(act, m.String(), party)
}

// start makes an obligation of the term for everyone the moment concerns.
func (f *folder) start(t *rulepack.Term, st rulepack.Start, m moment) {
	each := f.eachOf(st.Moment)
	switch {
	case t.Each == "":
		if each != "" && !st.Any && !f.all(st.Moment, each) {
			return
		}
		f.begin(t, st, m, "")
	case each == t.Each:
		f.begin(t, st, m, m.party)
	default:
		if each != "" && !st.Any && !f.all(st.Moment, each) {
			return
		}
		for _, b := range f.active(t.Each) {
			// The act that binds parties starts their terms, not those of others.
			if slices.Contains(m.binds, t.Each) && b.order != m.order {
				continue
			}
			f.begin(t, st, m, b.Key())
		}
	}
}

func (f *folder) begin(t *rulepack.Term, st rulepack.Start, m moment, party string) {
	if !f.chosen(st, m.on) {
		return
	}
	if st.Wait.N > 0 {
		f.later(t, st, m, party)
		return
	}
	f.beginNow(t, st, m, party)
}

func (f *folder) beginNow(t *rulepack.Term, st rulepack.Start, m moment, party string) {
	if t.Kind == rulepack.Period && m.slot > 1 {
		f.slot(t, st, m, party)
		return
	}
	switch binds, known := f.guarded(t, st, party, m.on); {
	case !known:
		f.pending = append(f.pending, pending{t, st, m, party})
		return
	case !binds:
		return
	}
	if t.Kind == rulepack.Period {
		f.slot(t, st, m, party)
		return
	}
	if f.nobodyToServe(t, party, m.on) {
		return
	}
	o := &Obligation{Term: t.ID, Party: party, StartOn: m.on, from: m.on}
	if f.limit(o, t, m.event) && !f.twin(o, st) {
		f.launch(o, t, st, m)
	}
}

// twin reports whether what begins with a lapse has begun with another lapse of
// the same day: they are one reason. Terms that start each other would double
// with every round otherwise.
func (f *folder) twin(o *Obligation, st rulepack.Start) bool {
	lapse := rulepack.MomentLapsed
	return st.Becomes == nil && st.Moment.Kind == lapse && slices.ContainsFunc(f.obligations, func(b *Obligation) bool {
		return b.Term == o.Term && b.Party == o.Party && b.StartOn == o.StartOn && b.Due == o.Due && b.Status == Running && b.by.Becomes == nil && b.by.Moment.Kind == lapse
	})
}

// launch lets an obligation run whose last day is computed.
func (f *folder) launch(o *Obligation, t *rulepack.Term, st rulepack.Start, m moment) {
	o.owner, o.of = f.owner, t
	o.Start, o.Status, o.order, o.startAct, o.by, o.stem = m.cause, Running, f.order, m.act, st, m.stem
	if m.event != nil {
		o.recorded, o.recorder = m.event.Entered, m.event.Actor
		if m.event.Act == rulepack.AskRecusal {
			o.about = persons(m.event.Fields[rulepack.RecusalAbout])
		}
	}
	for _, k := range f.kept {
		if k.Term == o.Term && k.Party == o.Party && k.Start == o.Start && o.Due != 0 {
			o.floor = max(o.floor, k.Due)
		}
	}
	o.base = o.Due
	o.Key = o.Name() + "#" + m.name + "@" + m.cause + "=" + m.on.String()
	if o.Due != 0 {
		o.Key += ">" + o.Due.String()
	}
	f.obligations = append(f.obligations, o)
	kept := o.floor > o.Due
	if kept { // the day that was told stays
		o.Due = o.floor
	}
	o.FirstDue = o.Due
	e := Event{Kind: Started, On: m.on, Key: "started|" + o.Key, Term: t.ID, Party: o.Party, Due: o.Due, Provisional: o.Provisional, Clauses: t.Basis.Clauses()}
	f.consequence(e)
	if kept {
		e.Kind, e.Key = Extended, "kept|"+o.Key+">"+o.Due.String()
		f.consequence(e)
	}
	f.heldAtOnce(o, m.act, m.on)
}

// pending is a start whose guard hangs on a fact that nobody has stated yet. It
// neither runs nor is dropped: the term begins, from its own start, once the
// fact says that it does.
type pending struct {
	term  *rulepack.Term
	start rulepack.Start
	at    moment
	party string
}

// guarded tests the conditions on a term and on its start, on the day it starts.
// One that hangs on a local parameter which nobody had set by then does not hold.
func (f *folder) guarded(t *rulepack.Term, st rulepack.Start, party string, day calendar.Date) (binds, known bool) {
	env := f.envOn(t.Each, party, day)
	known = true
	var missing []string
	for _, when := range []*expr.Expr{t.When, st.When} {
		if when == nil {
			continue
		}
		got := when.Eval(env)
		if got.False() {
			return false, true
		}
		known, missing = known && got.Known, append(missing, got.Missing...)
	}
	if f.localsMissing(missing, t.Each, party, day) {
		return false, true
	}
	return true, known
}

// decidePending begins what has become known to begin.
func (f *folder) decidePending() {
	waiting := f.pending
	f.pending = nil
	for _, p := range waiting {
		f.beginNow(p.term, p.start, p.at, p.party)
	}
}

// nobodyToServe reports whether the term could only be met by service on
// somebody who does not exist: no recipient, no duty.
func (f *folder) nobodyToServe(t *rulepack.Term, party string, day calendar.Date) bool {
	for _, m := range t.MetBy {
		if m.Kind != rulepack.MomentServed || m.Detail == "" {
			return false
		}
		if len(f.refs(strings.Split(m.Detail, "."), t.Each, party, day)) > 0 {
			return false
		}
	}
	return len(t.MetBy) > 0
}
