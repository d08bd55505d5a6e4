// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"slices"

	"quanze/core/calendar"
	"quanze/core/rulepack"
)

// Move puts a running matter under another version of its pack from the day on,
// as far as that version takes over what runs. It returns the events to record.
// What is owed keeps the later of its two last days: a move never shortens a
// right, and makes nothing late that was in time.
func Move(s *State, rules *Rules, hash string, day calendar.Date) []Event {
	rules = rules.Of(s)
	to := rules.version(hash)
	if to == nil || !s.started || s.ended != "" {
		return nil
	}
	facts := []Event{{Seq: s.lastSeq + 1, Kind: Moved, On: day, Entered: day, Version: hash, Clauses: to.Pack.MoveBasis(rules.Procedure.Pack).Clauses()}}
	after := s.then(rules, true, facts)
	return after.news(rules, day, facts)
}

// Under is the pack version that the matter was moved to, by its hash; "" is the
// one it began under.
func (s *State) Under() string { return s.version }

// moved lets a move take effect: on what is owed, and, where the version takes
// over all, on everything that comes.
func (f *folder) moved(e *Event) {
	to := f.rules.version(e.Version)
	if to == nil || to.Pack.TakesOver(f.proc().Pack) == rulepack.RunningStay {
		return
	}
	for _, o := range f.obligations {
		t := to.Term(o.Term)
		if t == nil || (o.Status != Running && o.Status != Held) || t.Kind == rulepack.Effect || t.Kind == rulepack.Period {
			continue
		}
		f.rebase(o, t, e)
	}
	if to.Pack.TakesOver(f.proc().Pack) != rulepack.RunningAll {
		return
	}
	f.version = e.Version
	f.rules = f.rules.under(e.Version)
	for i, p := range f.pending {
		if t := to.Term(p.term.ID); t != nil {
			f.pending[i].term = t
		}
	}
	for i, a := range f.ahead {
		if a.term == nil {
			continue
		}
		if t := to.Term(a.term.ID); t != nil {
			f.ahead[i].term = t
		}
	}
}

// rebase counts a running anew as the other version counts it, and takes the day
// that lies later. One that had no last day takes one only where it still lies
// ahead.
func (f *folder) rebase(o *Obligation, t *rulepack.Term, e *Event) {
	o = f.mine(o)
	before := *o
	o.of = t
	if t.Within.SetBy != "" || o.set != 0 {
		return // the decision fixed the day, whatever version it is under
	}
	o.Extensions = slices.Clone(o.Extensions)
	fresh := &Obligation{Term: o.Term, Party: o.Party, StartOn: o.StartOn, from: o.from}
	if !f.limit(fresh, t, nil) {
		return
	}
	o.Length, o.Opens, o.Due, o.base = fresh.Length, min(o.Opens, fresh.Opens), fresh.Due, fresh.Due
	f.recount(o)
	switch {
	case o.Due == before.Due:
		o.Opens = before.Opens
		return
	case o.Due == 0, before.Due != 0 && o.Due > before.Due, before.Due == 0 && o.Due >= e.On:
	default:
		o.Length, o.Opens, o.Due, o.base, o.Provisional, o.Extensions = before.Length, before.Opens, before.Due, before.base, before.Provisional, before.Extensions
		return
	}
	f.consequence(Event{Kind: Extended, On: e.On, Key: "moved|" + o.Key + "|" + itoa(e.Seq) + ">" + o.Due.String(), Term: o.Term, Party: o.Party, Due: o.Due,
		Provisional: o.Provisional, Clauses: e.Clauses})
}
