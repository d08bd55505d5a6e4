// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"slices"

	"quanze/core/calendar"
	"quanze/core/rulepack"
)

// moment is one thing that came about, for relations to look at.
type moment struct {
	name  string
	party string
	on    calendar.Date
	// cause is the identity of what brought it, the same in every replay.
	cause string
	act   string
	event *Event
	// binds are the names of parties that this very act bound.
	binds []string
	order int
	// first and slot are of a period's later slots.
	first calendar.Date
	slot  int
	// spared are terms that were released before the moment came.
	spared       []string
	sparesDuties bool
	// stem is the replaced act whose terms this begins anew.
	stem string
}

// note marks a moment that starts and meets terms but has no effects of its own.
func (f *folder) note(name string, e *Event) {
	f.occur(moment{name: name, party: e.Party, on: e.On, cause: itoa(e.Seq)})
}

// done lets an act take effect: its parties, facts, moments and relations.
func (f *folder) done(act *rulepack.Act, outcome, party string, e *Event) {
	m := moment{name: act.ID, party: party, on: e.On, act: act.ID, event: e, order: f.order, cause: causeOf(e, act.ID, party)}
	for _, name := range partyNames(f.proc(), e.Binds) {
		for _, ref := range e.Binds[name] {
			if f.bound(name, ref.Key()) == nil {
				f.parties = append(f.parties, &Bound{Ref: ref, Name: name, order: f.order})
			}
		}
	}
	m.binds = append(m.binds, act.Effects.Binds...)
	if o := act.Outcome(outcome); o != nil {
		m.binds = append(m.binds, o.Effects.Binds...)
	}
	if act.Starts {
		m.binds = append(m.binds, partyNames(f.proc(), e.Binds)...)
	}
	if e.Actor.Person != "" {
		f.doneBy.put(act.ID, append(slices.Clip(f.doneBy.at(act.ID)), e.Actor.Person))
	}
	f.doneBy.put(act.ID, append(slices.Clip(f.doneBy.at(act.ID)), e.Staff...))
	f.setFacts(act, e)
	all := []*rulepack.Act{act}
	if other := f.proc().Act(act.CountsAs); other != nil {
		all = append(all, other)
	}
	effects := make([]*rulepack.Effects, 1, 2)
	effects[0] = &act.Effects
	basis := act.Basis
	if o := act.Outcome(outcome); o != nil {
		effects = append(effects, &o.Effects)
		basis = o.Basis.Or(act.Basis)
	}
	for _, eff := range effects {
		f.undo(eff.Redo, party)
	}
	for _, eff := range effects {
		f.strike(eff, basis, m, party)
	}
	f.recuse(act, outcome, e)
	for _, a := range all {
		m.name = a.ID
		f.occur(m)
		if a.Outcome(outcome) != nil {
			m.name = a.ID + "." + outcome
			f.occur(m)
		}
		f.days(a, m, e)
	}
	f.extend(act, party, e)
	for _, eff := range effects {
		f.effect(eff, basis, m, party, e)
	}
}

// causeOf identifies what a fact brought about by its place in the record; of
// what the rule itself does there is no record, so by its name.
func causeOf(e *Event, act, party string) string {
	if e.Seq == 0 {
		return "=" + named(act, party)
	}
	return itoa(e.Seq)
}

func partyNames(p *rulepack.Procedure, binds map[string][]Ref) []string {
	var out []string
	for _, party := range p.Parties {
		if len(binds[party.ID]) > 0 {
			out = append(out, party.ID)
		}
	}
	return out
}

func (f *folder) setFacts(act *rulepack.Act, e *Event) {
	f.values.grow(len(e.Fields))
	for _, fact := range f.proc().Facts {
		v, ok := e.Fields[fact.ID]
		if !ok || !slices.Contains(fact.SetBy, act.ID) {
			continue
		}
		party := ""
		if fact.Per != "" {
			party = e.Party
		}
		if fact.Per != "" && party == "" { // a common act says it of those it binds
			for _, ref := range e.Binds[fact.Per] {
				f.values.put(mark{fact.ID, ref.Key()}, &known{v, e.Seq, act.ID})
			}
			continue
		}
		f.values.put(mark{fact.ID, party}, &known{v, e.Seq, act.ID})
		for _, id := range [...]string{act.ID, act.CountsAs} {
			if f.proc().Bounds(id) {
				f.fixed.put(mark{id + "|" + fact.ID, party}, v)
			}
		}
	}
}

func (f *folder) undo(redo []string, party string) {
	for _, id := range redo {
		target := f.proc().Act(id)
		if target == nil {
			continue
		}
		key := mark{id, ""}
		if party != "" {
			key.party = party
		}
		// A day that its form named is no longer its day.
		f.forget(func(t *rulepack.Term, m moment, whose string) bool {
			return t == nil && m.act == id && (party == "" || whose == party)
		})
		// The act that orders the redo may be one of those to be done again.
		f.undone.put(key, f.order)
		if party == "" && target.Each != "" {
			f.undone.put(mark{id, ""}, f.order)
		}
	}
}

func (f *folder) effect(eff *rulepack.Effects, basis rulepack.Basis, m moment, party string, e *Event) {
	for _, id := range eff.Opens {
		f.turn(id, f.across(id, m, party), true, basis)
	}
	for _, id := range eff.Closes {
		f.turn(id, f.across(id, m, party), false, basis)
		f.closed(id, f.across(id, m, party), m, basis)
	}
	if len(eff.Releases) > 0 || eff.ReleasesAll {
		f.releaseAll(eff, basis, m, party)
		f.spare(eff.Releases, eff.ReleasesAll, m, party)
	}
	if eff.Recuses {
		if b := f.boundAs(f.proc().Act(m.act), party); b != nil && b.Person != "" {
			b.Left, b.Recused = m.on, true
			f.recused.put(b.Person, basis.Clauses())
			f.freeParty(b, m, basis)
		}
	}
	if eff.Stops != nil {
		f.stop(eff.Stops, m, party)
	}
	if eff.Replaces != "" {
		f.replace(eff.Replaces, basis, m, party, e)
	}
	if eff.OpensMatter != nil {
		f.openMatter(eff.OpensMatter, m, party)
	}
	if eff.Ends != "" {
		f.wishes = append(f.wishes, wish{party: party, name: f.eachOfAct(m.act), outcome: eff.Ends, start: m.cause, on: m.on, clauses: basis.Clauses()})
	}
}

// releaseAll frees what is owed of the terms that are named; of all, the duties:
// a running right is cut by name only.
func (f *folder) releaseAll(eff *rulepack.Effects, basis rulepack.Basis, m moment, party string) {
	for _, o := range f.obligations {
		t := f.termOf(o)
		duty := eff.ReleasesAll && t != nil && t.Kind == rulepack.Duty
		if o.Owed() && (duty || slices.Contains(eff.Releases, o.Term)) && (party == "" || o.Party == party) && o.Start != m.cause {
			f.release(o, m, basis)
		}
	}
}

func (f *folder) boundAs(act *rulepack.Act, party string) *Bound {
	if act == nil || act.Each == "" {
		return nil
	}
	return f.bound(act.Each, party)
}

// across is the party for which an act turns another one: between two different
// names there is none, it is turned for all.
func (f *folder) across(id string, m moment, party string) string {
	if each := f.eachOfAct(id); each != "" && each != f.eachOfAct(m.act) {
		return ""
	}
	return party
}

func (f *folder) turn(id, party string, open bool, basis rulepack.Basis) {
	target := f.proc().Act(id)
	if target == nil {
		return
	}
	key := mark{id, ""}
	if target.Each != "" {
		key.party = party
	}
	f.opened.put(key, switched{f.order, open, basis.Clauses()})
}

func (f *folder) eachOfAct(id string) string {
	if a := f.proc().Act(id); a != nil {
		return a.Each
	}
	return ""
}

// closed releases the duties that only the closed act would have met, unless
// another act that counts as it may still be done.
func (f *folder) closed(id, party string, m moment, basis rulepack.Basis) {
	for _, a := range f.proc().CountingAs(id) {
		if open, _ := f.inQuestion(a, party); open {
			return
		}
	}
	for _, o := range f.obligations {
		t := f.termOf(o)
		if !o.Owed() || t == nil || (t.Kind != rulepack.Duty && t.Kind != rulepack.Period) || (party != "" && o.Party != "" && o.Party != party) {
			continue
		}
		if len(t.MetBy) > 0 && !slices.ContainsFunc(t.MetBy, func(mm rulepack.Moment) bool { return mm.Of != id }) {
			f.release(o, m, basis)
		}
	}
}

func (f *folder) freeParty(b *Bound, m moment, basis rulepack.Basis) {
	for _, o := range f.obligations {
		if t := f.termOf(o); o.Owed() && t != nil && t.Kind != rulepack.Effect && t.Each == b.Name && o.Party == b.Key() && o.Start != m.cause {
			f.release(o, m, basis)
		}
	}
	f.forget(func(t *rulepack.Term, at moment, whose string) bool {
		return t != nil && t.Kind != rulepack.Effect && t.Each == b.Name && whose == b.Key() && at.cause != m.cause
	})
}

func (f *folder) release(o *Obligation, m moment, basis rulepack.Basis) {
	o = f.mine(o)
	o.Status, o.MetOn = StatusFreed, m.on
	f.consequence(Event{Kind: Released, On: m.on, Key: "released|" + o.Key + "|" + m.cause, Term: o.Term, Party: o.Party, Due: o.Due, Clauses: basis.Clauses()})
}

// openMatter asks for a linked matter; who its parties are is settled on the day.
func (f *folder) openMatter(o *rulepack.OpensMatter, m moment, party string) {
	opening := &Opening{Procedure: o.Procedure, Act: o.Act, Parties: map[string][]Ref{}}
	each := ""
	if act := f.proc().Act(m.act); act != nil {
		each = act.Each
	}
	for name, path := range o.Parties {
		opening.Parties[name] = f.refs(path, each, party, m.on)
	}
	f.consequence(Event{Kind: Opened, On: m.on, Key: "opened|" + o.Procedure + "|" + o.Act + "|" + m.name + "|" + m.cause, Act: o.Act, Party: party, Opens: opening, Clauses: o.Basis.Clauses()})
}
