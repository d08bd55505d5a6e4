// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"quanze/core/calendar"
	"quanze/core/org"
	"quanze/core/rulepack"
)

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
		if at := f.nextAhead(day); at >= 0 && (next == nil || f.ahead[at].on <= next.Due) {
			f.come(at)
			continue
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
	o = f.mine(o)
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
	switch t.Kind {
	case rulepack.Duty:
		o.Status = Late
		f.find(o, t, on, basis, again)
	case rulepack.Period: // the next slot has its own
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
	if o.recorded > o.base && o.recorder.Person != "" {
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
