// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"maps"
	"slices"

	"quanze/core/rulepack"
)

// sign judges one signature of an act that several must do together. The first
// says what is done, the others agree to that or send it back; with the last it
// is done, on that day. late is the matter as it stands, where the signature is
// entered after others that were given later.
func (f *folder) sign(a *rulepack.Act, c *Command, e *Event, late *State) *Refusal {
	key := mark{a.ID, c.Party}
	have := f.signed.at(key)
	no := func(why Why, names ...string) *Refusal {
		return &Refusal{Why: why, Act: a.ID, Party: c.Party, Clauses: a.Basis.Clauses(), Names: names}
	}
	for _, s := range slices.Concat(have, late.signed.at(key)) {
		if s.Actor.Person == c.Actor {
			return no(SamePerson, a.ID)
		}
	}
	mine := Event{On: c.On, Actor: Actor{Person: c.Actor}}
	seats, ok := f.seats(a, append(slices.Clone(have), mine), c.Party)
	if !ok {
		return no(AlreadyDone, a.ID)
	}
	first := slices.Concat(have, late.signed.at(key))
	if len(first) > 0 {
		if c.Outcome != "" && c.Outcome != first[0].Outcome {
			return no(NotAgreed, first[0].Outcome)
		}
		for _, name := range slices.Sorted(maps.Keys(c.Fields)) {
			if !c.Fields[name].Equal(first[0].Fields[name]) {
				return no(NotAgreed, name)
			}
		}
		s := first[0]
		c.Outcome, c.Fields, c.Binds, c.Staff = s.Outcome, s.Fields, s.Binds, s.Staff
		e.Outcome, e.Fields, e.Binds, e.Staff = s.Outcome, s.Fields, s.Binds, s.Staff
	}
	e.Recipient = seats[len(have)].String()
	if len(have)+1 < len(a.By) {
		e.Kind = Signed
	}
	return nil
}

// seats gives each signature a place of its own among those that must sign.
// One who may fill two places takes the one that nobody else can.
func (f *folder) seats(a *rulepack.Act, signatures []Event, party string) ([]rulepack.Path, bool) {
	if len(signatures) > len(a.By) {
		return nil, false
	}
	out := make([]rulepack.Path, len(signatures))
	taken := make([]bool, len(a.By))
	var place func(i int) bool
	place = func(i int) bool {
		if i == len(signatures) {
			return true
		}
		for at, path := range a.By {
			if taken[at] || !f.fills(signatures[i], path, a, party) {
				continue
			}
			taken[at], out[i] = true, path
			if place(i + 1) {
				return true
			}
			taken[at] = false
		}
		return false
	}
	return out, place(0)
}

func (f *folder) fills(s Event, path rulepack.Path, a *rulepack.Act, party string) bool {
	if _, ok := f.entitled(f.rules, s.Actor.Person, path, a.Each, party, s.On); ok {
		return true
	}
	_, ok := f.substituted(s.Actor.Person, []rulepack.Path{path}, a, party, s.On)
	return ok
}

// signs lets one signature take effect. The act is done, or proposed, on the day
// of the last by legal order, whichever was entered last.
func (f *folder) signs(a *rulepack.Act, key mark, e *Event) {
	list := append(slices.Clip(f.signed.at(key)), *e)
	whole := *e
	e = &whole
	f.signed.put(key, list)
	if len(list) < len(a.By) {
		if e.Kind = Signed; len(list) == 1 {
			f.proposals.put(key, e)
		}
		return
	}
	first := list[0]
	e.Outcome, e.Fields, e.Binds, e.Staff = first.Outcome, first.Fields, first.Binds, first.Staff
	if len(a.Approved) > 0 {
		e.Kind = Proposed
		f.proposals.put(key, e)
		f.note(a.ID+".proposed", e)
		return
	}
	for _, s := range list {
		if s.Irregular != "" && s.Seq != e.Seq && f.settled.at(s.Seq) != Confirmed {
			e.Irregular, e.Clauses, e.Seq = s.Irregular, s.Clauses, s.Seq
		}
	}
	e.Kind = Done
	f.stand(a, key, e)
}

// Signatures lists who signed an act that is not done yet.
func (s *State) Signatures(act, party string) []Event {
	return slices.Clone(s.signed.at(mark{act, party}))
}
