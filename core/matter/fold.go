// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"cmp"
	"maps"
	"slices"

	"quanze/core/rulepack"
)

// Fold builds the state of a matter from its record. Only the facts are folded,
// in legal order: by day, and within a day by order of record. What was
// recorded of consequences is kept aside, to compare with.
func Fold(events []Event, rules *Rules) *State {
	s := newState()
	for i := range events {
		e := &events[i]
		s.lastSeq = max(s.lastSeq, e.Seq)
		switch {
		case e.Kind.Fact():
			s.facts = append(s.facts, e)
		case e.Kind == Reversed:
			s.recorded.drop(e.Key)
		default:
			s.recorded.put(e.Key, e.Seq)
		}
	}
	s.replay(rules, s.facts)
	s.tell()
	return s
}

// replay folds facts into a state that has none yet.
func (s *State) replay(rules *Rules, facts []*Event) {
	f := &folder{State: s, rules: rules.under("")}
	for _, e := range facts {
		s.kept = append(s.kept, e.Kept...)
	}
	ordered := legalOrder(facts)
	for _, e := range ordered {
		if e.Kind == Confirmed || e.Kind == Annulled {
			s.settled.put(e.Target, e.Kind)
		}
	}
	for _, e := range ordered {
		if e.Kind == Confirmed || e.Kind == Annulled {
			continue // it speaks of an earlier fact, and does nothing on its own day
		}
		f.advance(e.On)
		f.apply(e)
	}
}

// legalOrder applies corrections to the facts they speak of and sorts them.
func legalOrder(facts []*Event) []*Event {
	out := make([]*Event, 0, len(facts))
	sorted := true
	for _, e := range facts {
		switch e.Kind {
		case Corrected, Struck:
			for i := range out {
				if out[i].Seq != e.Target {
					continue
				}
				if e.Kind == Struck {
					out = slices.Delete(out, i, i+1)
					break
				}
				corrected := *out[i]
				corrected.On = e.On
				if len(e.Fields) > 0 {
					corrected.Fields = maps.Clone(corrected.Fields)
					if corrected.Fields == nil {
						corrected.Fields = map[string]value{}
					}
					maps.Copy(corrected.Fields, e.Fields)
				}
				out[i] = &corrected
				sorted = false
				break
			}
		default:
			if n := len(out); n > 0 && out[n-1].On > e.On {
				sorted = false
			}
			out = append(out, e)
		}
	}
	if !sorted {
		slices.SortStableFunc(out, func(a, b *Event) int { return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.Seq, b.Seq)) })
	}
	return out
}

// folder is a state being built, with the rules it is built by.
type folder struct {
	*State
	rules *Rules
	// judged: what is folded was found permitted in this very state.
	judged bool
}

func (f *folder) proc() *rulepack.Procedure { return f.rules.Procedure }

// Apply returns the state after recorded events that come last, in order.
func Apply(s *State, rules *Rules, events ...Event) *State { return s.then(rules, false, events) }

// then is Apply, for events that were judged or not.
func (s *State) then(rules *Rules, judged bool, events []Event) *State {
	c := s.clone()
	for i := range events {
		c = c.record(&events[i], rules, judged && i == 0)
	}
	c.tell()
	return c
}

// tell passes over the consequences that are recorded, so that what is news is
// not sought among all that a long matter brought.
func (s *State) tell() {
	for s.told < len(s.consequences) {
		if _, known := s.recorded.get(s.consequences[s.told].Key); !known {
			return
		}
		s.told++
	}
}

// record lets one more recorded event into a state that nobody else has yet.
func (s *State) record(e *Event, rules *Rules, judged bool) *State {
	s.lastSeq = max(s.lastSeq, e.Seq)
	if !e.Kind.Fact() {
		if e.Kind == Reversed {
			s.recorded.drop(e.Key)
			s.told = 0
		} else {
			s.recorded.put(e.Key, e.Seq)
		}
		return s
	}
	s.facts = append(s.facts, e)
	if e.Kind == Corrected || e.Kind == Struck || e.Kind == Confirmed || e.Kind == Annulled || e.On < s.on || len(e.Kept) > 0 {
		fresh := newState()
		fresh.facts, fresh.recorded, fresh.lastSeq = s.facts, s.recorded, s.lastSeq
		fresh.replay(rules, s.facts)
		return fresh
	}
	f := &folder{State: s, rules: rules.Of(s), judged: judged}
	f.advance(e.On)
	f.apply(e)
	return s
}

// apply lets one fact have its effects.
func (f *folder) apply(e *Event) {
	f.on = max(f.on, e.On)
	f.order++
	if e.Kind == Moved {
		f.moved(e)
		f.settle(e.On)
		return
	}
	act := f.proc().Act(e.Act)
	if act == nil {
		return // the act was left out of this version; its fact is kept, and moves nothing
	}
	f.started = true
	key := mark{act.ID, e.Party}
	switch e.Kind {
	case Proposed:
		if act.Jointly {
			f.signs(act, key, e)
			break
		}
		f.proposals.put(key, e)
		f.note(act.ID+".proposed", e)
	case Returned, Declined:
		f.proposals.drop(key)
		f.signed.drop(key)
		word := map[Kind]string{Returned: ".returned", Declined: ".refused"}[e.Kind]
		f.note(act.ID+word, e)
	case Served:
		f.served(act, e)
	case Signed:
		f.signs(act, key, e)
	case Done:
		if act.Jointly && len(act.Approved) == 0 {
			f.signs(act, key, e)
			break
		}
		f.stand(act, key, e)
	}
	f.settle(e.On)
}

// stand lets a done act take effect, unless it is irregular and not confirmed.
func (f *folder) stand(act *rulepack.Act, key mark, e *Event) {
	if !f.stands(act, e) {
		if act.Jointly { // it may be signed anew, by the rules
			f.signed.drop(key)
			f.proposals.drop(key)
		}
		return
	}
	for _, s := range f.signed.at(key) {
		f.doneBy.put(act.ID, append(slices.Clip(f.doneBy.at(act.ID)), s.Actor.Person))
	}
	f.signed.drop(key)
	if p, ok := f.proposals.get(key); ok {
		f.doneBy.put(act.ID, append(slices.Clip(f.doneBy.at(act.ID)), p.Actor.Person))
	}
	f.proposals.drop(key)
	f.done(act, e.Outcome, e.Party, e)
}

// irregular finds an act that stands in the record and would be refused at its
// place today, because a late entry or a correction took its ground away. It
// stays done, for a person to settle.
func (f *folder) irregular(act *rulepack.Act, e *Event) {
	if act.Starts || f.judged || f.settled.at(e.Seq) == Confirmed {
		return
	}
	if r := f.possible(act, e.Party, e.On); r != nil {
		f.consequence(Event{Kind: Found, On: e.On, Key: "found|irregular|" + itoa(e.Seq), Act: act.ID, Party: e.Party, Target: e.Seq,
			Finding: "irregular", Bearer: []Ref{{Person: e.Actor.Person}}, Clauses: r.Clauses})
	}
}

// served marks service on one recipient, and on the party or on all where that
// completes it.
func (f *folder) served(act *rulepack.Act, e *Event) {
	base := act.ID + ".served"
	m := moment{name: base + "." + e.Recipient, party: e.Party, on: e.On, act: act.ID, event: e, order: f.order, cause: itoa(e.Seq)}
	f.occur(m)
	m.name = base
	if act.Each != "" && slices.ContainsFunc(act.To, func(r rulepack.Recipient) bool { return r.Path.String() == act.Each }) {
		if e.Recipient == act.Each {
			f.occur(m)
		}
		return
	}
	issued, _ := f.last(act, act.ID, e.Party)
	for _, r := range act.To {
		if !f.servedSince(act, r.Path.String(), e.Party, issued) && len(f.refs(r.Path, act.Each, e.Party, e.On)) > 0 {
			return
		}
	}
	f.occur(m)
}

func (f *folder) consequence(e Event) { f.consequences = append(f.consequences, &e) }

func itoa(n int) string {
	if n == 0 {
		return "0"
	}
	var buf [12]byte
	i := len(buf)
	for ; n > 0; n /= 10 {
		i--
		buf[i] = byte('0' + n%10)
	}
	return string(buf[i:])
}
