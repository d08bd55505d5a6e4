// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"slices"
	"strings"

	"quanze/core/calendar"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

type value = expr.Value

// occur records a moment, then lets it meet what had begun and start what it
// starts; an act that both meets and starts a term does it in that order.
func (f *folder) occur(m moment) {
	key := mark{m.name, m.party}
	f.marks[key] = append(f.marks[key], stamp{f.order, m.on})
	for _, t := range f.proc().Terms {
		for _, u := range t.UndoneBy {
			if u.String() == m.name {
				f.undoneTerm(t, m)
			}
		}
		for _, by := range t.MetBy {
			if by.String() == m.name {
				f.meet(t, by, m)
			}
		}
	}
	for _, t := range f.proc().Terms {
		for _, st := range t.Start {
			if st.Moment.String() == m.name {
				f.start(t, st, m)
			}
		}
	}
}

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

// meet ends what had begun by the day of the moment.
func (f *folder) meet(t *rulepack.Term, by rulepack.Moment, m moment) {
	each := f.eachOf(by)
	for _, o := range f.obligations {
		if o.Term != t.ID || !o.Owed() || o.StartOn > m.on || o.Start == m.cause {
			continue
		}
		switch {
		case t.Each != "" && each == t.Each && o.Party != m.party:
			continue
		case t.Each == "" && each != "" && !f.all(by, each):
			continue
		case t.Each != "" && each != "" && each != t.Each && !f.all(by, each):
			continue
		}
		o.Status, o.MetOn = StatusMet, m.on
		f.consequence(Event{Kind: Met, On: m.on, Key: "met|" + o.Key + "|" + m.cause, Term: t.ID, Party: o.Party, Due: o.Due, Clauses: t.Basis.Clauses()})
	}
}

// undoneTerm takes a meeting back: owed again, or lapsed on the day of undoing.
func (f *folder) undoneTerm(t *rulepack.Term, m moment) {
	for _, o := range f.obligations {
		if o.Term != t.ID || o.Status != StatusMet || (o.Party != "" && m.party != "" && o.Party != m.party) {
			continue
		}
		o.Status, o.MetOn, o.undone = Running, 0, m.cause
		f.consequence(Event{Kind: Started, On: m.on, Key: "started|" + o.Key + "|undone " + m.cause, Term: t.ID, Party: o.Party, Due: o.Due, Provisional: o.Provisional, Clauses: t.Basis.Clauses()})
		if o.Due != 0 && o.Due < m.on {
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
		list := f.marks[key]
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
	switch binds, known := f.guarded(t, st, party); {
	case !known:
		f.pending = append(f.pending, pending{t, st, m, party})
		return
	case !binds:
		return
	}
	if f.nobodyToServe(t, party, m.on) {
		return
	}
	o := &Obligation{Term: t.ID, Party: party, Start: m.cause, StartOn: m.on, Status: Running, order: f.order, startAct: m.act}
	if m.event != nil {
		o.recorded, o.recorder = m.event.Entered, m.event.Actor
	}
	if !f.limit(o, t.Within, m.event) {
		return
	}
	for _, k := range f.kept {
		if k.Term == o.Term && k.Party == o.Party && k.Start == o.Start && o.Due != 0 {
			o.floor = max(o.floor, k.Due)
		}
	}
	o.base, o.Due = o.Due, max(o.Due, o.floor)
	o.FirstDue = o.Due
	o.Key = o.Name() + "#" + m.name + "@" + m.cause + "=" + m.on.String()
	if o.Due != 0 {
		o.Key += ">" + o.Due.String()
	}
	f.obligations = append(f.obligations, o)
	f.consequence(Event{Kind: Started, On: m.on, Key: "started|" + o.Key, Term: t.ID, Party: party, Due: o.Due, Provisional: o.Provisional, Clauses: t.Basis.Clauses()})
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

// guarded tests the conditions on a term and on its start.
func (f *folder) guarded(t *rulepack.Term, st rulepack.Start, party string) (binds, known bool) {
	env := f.env(nil, nil, "", party)
	binds, known = true, true
	for _, when := range []*expr.Expr{t.When, st.When} {
		if when == nil {
			continue
		}
		got := when.Eval(env)
		if got.False() {
			return false, true
		}
		known = known && got.Known
	}
	return binds, known
}

// decidePending begins what has become known to begin.
func (f *folder) decidePending() {
	waiting := f.pending
	f.pending = nil
	for _, p := range waiting {
		f.begin(p.term, p.start, p.at, p.party)
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

// limit computes the last day. It reports false where the limit hangs on a
// local parameter that nobody has set: then the rule does not run, and says so.
func (f *folder) limit(o *Obligation, l rulepack.Limit, from *Event) bool {
	length := l.Length
	switch {
	case l.Open():
		return true
	case l.Local != "":
		parsed, err := calendar.ParseLength(f.rules.Locals[l.Local])
		if err != nil {
			if !slices.Contains(f.unset, l.Local) {
				f.unset = append(f.unset, l.Local)
			}
			return false
		}
		length = parsed
	case l.SetBy != "":
		if from == nil {
			return true
		}
		v := from.Fields[l.SetBy]
		if v.Type() == expr.Date {
			o.Due = v.Date()
			return true
		}
		parsed, err := calendar.ParseLength(v.Text())
		if err != nil {
			return true
		}
		length = parsed
	}
	o.Length = length
	o.Due, o.Provisional = f.rules.Calendar.Add(o.StartOn, length, f.proc().Pack.Count)
	return true
}

// extend lengthens what the act extends. Whether it may was settled before.
func (f *folder) extend(act *rulepack.Act, party string, e Event) {
	for _, t := range f.proc().Terms {
		if t.Extended == nil || t.Extended.Act != act.ID {
			continue
		}
		for _, o := range f.obligations {
			if o.Term != t.ID || o.Status != Running || o.Due == 0 || (act.Each != "" && t.Each == act.Each && o.Party != party) {
				continue
			}
			due, length, provisional, ok := f.extended(o, t, e.Fields)
			if !ok || due <= o.base {
				continue
			}
			o.Extensions = append(o.Extensions, Extension{Seq: e.Seq, On: e.On, From: o.base, Due: due, Length: length})
			o.base, o.Due, o.Provisional = due, max(due, o.floor), o.Provisional || provisional
			due = o.Due
			f.consequence(Event{Kind: Extended, On: e.On, Key: "extended|" + o.Key + "|" + itoa(e.Seq) + ">" + due.String(), Term: t.ID, Party: o.Party, Due: due, Provisional: o.Provisional, Clauses: t.Extended.Basis.Clauses()})
		}
	}
}

// extended computes the new last day of one extension, counted from the old.
func (f *folder) extended(o *Obligation, t *rulepack.Term, fields map[string]value) (due calendar.Date, length calendar.Length, provisional, ok bool) {
	by := t.Extended.By
	switch {
	case by.SetBy != "":
		v := fields[by.SetBy]
		if v.Type() == expr.Date {
			return v.Date(), length, false, true
		}
		parsed, err := calendar.ParseLength(v.Text())
		if err != nil {
			return 0, length, false, false
		}
		length = parsed
	case by.Local != "":
		parsed, err := calendar.ParseLength(f.rules.Locals[by.Local])
		if err != nil {
			return 0, length, false, false
		}
		length = parsed
	default:
		length = by.Length
	}
	due, provisional = f.rules.Calendar.Extend(o.base, length, f.proc().Pack.Count)
	return due, length, provisional, true
}

// cap is the last day that extensions may reach, 0 for none.
func (f *folder) cap(o *Obligation, t *rulepack.Term) calendar.Date {
	if t.Extended == nil || t.Extended.Total.N == 0 {
		return 0
	}
	due, _ := f.rules.Calendar.Add(o.StartOn, t.Extended.Total, f.proc().Pack.Count)
	return due
}

// advance lets the days up to day come: all that falls due before it lapses, in
// order of due day. A term expires with the end of its last day.
func (f *folder) advance(day calendar.Date) {
	for {
		var next *Obligation
		for _, o := range f.obligations {
			if o.Status == Running && o.Due != 0 && o.Due < day && (next == nil || o.Due < next.Due) {
				next = o
			}
		}
		if next == nil {
			break
		}
		on := next.Due.AddDays(1)
		f.on = max(f.on, on)
		f.order++
		t := f.proc().Term(next.Term)
		f.lapse(next, t, on)
		f.settle(on)
	}
	f.on = max(f.on, day)
}

// lapse ends a right, and makes a duty late; what follows is ordinary relations.
func (f *folder) lapse(o *Obligation, t *rulepack.Term, on calendar.Date) {
	cause := o.Key + ".lapsed"
	again := ""
	if o.undone != "" {
		again = "|undone " + o.undone
		cause += again
	}
	o.Status = StatusGone
	basis := t.Basis
	if t.OnLapse != nil {
		basis = t.OnLapse.Basis.Or(t.Basis)
	}
	f.consequence(Event{Kind: Lapsed, On: on, Key: "lapsed|" + o.Key + ">" + o.Due.String() + again, Term: t.ID, Party: o.Party, Due: o.Due, Clauses: t.Basis.Clauses()})
	if t.Kind == rulepack.Duty {
		o.Status = Late
		f.find(o, t, on, basis, again)
	}
	m := moment{name: t.ID + "." + string(rulepack.MomentLapsed), party: o.Party, on: on, cause: cause, order: f.order}
	f.occur(m)
	if t.OnLapse != nil && t.OnLapse.OpensMatter != nil {
		f.openMatter(t.OnLapse.OpensMatter, m, o.Party)
	}
}

// find says who bears the lateness: who held the post on the due day, or, where
// the start was recorded only after the due day, whoever recorded it.
func (f *folder) find(o *Obligation, t *rulepack.Term, on calendar.Date, basis rulepack.Basis, again string) {
	e := Event{Kind: Found, On: on, Key: "found|late|" + o.Key + ">" + o.Due.String() + again, Term: t.ID, Party: o.Party, Due: o.Due, Finding: "late", Clauses: basis.Clauses()}
	if o.recorded > o.Due && o.recorder.Person != "" {
		e.Finding, e.Key = "late_entry", "found|late_entry|"+o.Key
		e.Bearer = []Ref{{Person: o.recorder.Person}}
	} else {
		e.Bearer = f.bearers(t.Of, t.Each, o.Party, o.Due)
	}
	f.consequence(e)
}

// bearers are the unit that owed it and the persons who answered for that on
// the day: the holders named by the path, else the unit's principal.
func (f *folder) bearers(path rulepack.Path, each, party string, day calendar.Date) []Ref {
	var out []Ref
	for _, r := range f.refs(path, each, party, day) {
		out = append(out, r)
		if r.Unit != "" {
			for _, h := range f.rules.Org.Holders(r.Unit, day, org.Principal) {
				out = append(out, Ref{Person: h.Person})
			}
		}
	}
	return out
}
