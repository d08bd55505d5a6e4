// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"quanze/core/calendar"
	"quanze/core/rulepack"
)

// stands reports whether a done act takes effect. One that was recorded as
// irregular does not until it is confirmed, and one that was annulled never.
func (f *folder) stands(a *rulepack.Act, e *Event) bool {
	if f.settled.at(e.Seq) == Annulled {
		return false
	}
	if e.Irregular != "" && f.settled.at(e.Seq) != Confirmed {
		f.consequence(Event{Kind: Found, On: e.On, Key: "found|irregular|" + itoa(e.Seq), Act: a.ID, Party: e.Party, Target: e.Seq,
			Finding: "irregular", Bearer: []Ref{{Person: e.Actor.Person}}, Clauses: e.Clauses})
		return false
	}
	f.irregular(a, e)
	return true
}

// recordable lists the refusals that an act which happened all the same may be
// recorded against: the rules of the matter, not who somebody is.
func recordable(why Why) bool {
	switch why {
	case TooEarly, StillOwed, NeedNotMet, NotYetKnown, TooFewStaff, SamePerson, NotInQuestion, RightLapsed, CapReached, IsStopped, IsRecused, TooHeavy,
		NoQuorum, NotPresent, SpeaksLast, NoReason, NotHeard, NotCarried, NoMinutes, WrongMeeting, ContentMissing, LocalUnset:
		return true
	}
	return false
}

// settlement judges the confirming or annulling of an irregular act, by those
// whom the pack names.
func settlement(s *State, c Command, rules *Rules, day calendar.Date) ([]Event, *Refusal) {
	pack := rules.Procedure.Pack
	f := &folder{State: s.clone(), rules: rules}
	f.advance(day)
	var finding *Event
	for i, e := range f.consequences {
		if e.Kind == Found && e.Finding == "irregular" && e.Target == c.Target {
			finding = f.consequences[i]
		}
	}
	if finding == nil {
		return nil, &Refusal{Why: NoSuchAct, Act: c.Act, Party: c.Party, Clauses: settling(rules.Procedure, c.Act), Names: []string{itoa(c.Target)}}
	}
	a := rules.Procedure.Act(finding.Act)
	no := func(why Why, names ...string) ([]Event, *Refusal) {
		return nil, &Refusal{Why: why, Act: finding.Act, Party: finding.Party, Clauses: settling(rules.Procedure, finding.Act), Names: names}
	}
	if a == nil || len(pack.Settles) == 0 {
		return no(NotEntitled, "settles")
	}
	if len(finding.Bearer) > 0 && finding.Bearer[0].Person == c.Actor {
		return no(SamePerson, a.ID) // nobody confirms his own breach
	}
	actor, refusal := f.may(c.Actor, []rulepack.Path{pack.Settles}, a, finding.Party, day)
	if refusal != nil {
		refusal.Clauses = settling(rules.Procedure, a.ID)
		return nil, refusal
	}
	if c.Reason == "" {
		return no(ContentMissing, "reason")
	}
	return []Event{{Kind: c.Moment, On: c.On, Act: finding.Act, Party: finding.Party, Target: c.Target, Actor: actor, Reason: c.Reason}}, nil
}

// settling are the clauses on which an irregular act is settled: that of who
// does so, where the pack names somebody, else those of the act.
func settling(p *rulepack.Procedure, act string) []string {
	basis := p.Pack.SettlesBasis
	if a := p.Act(act); a != nil {
		basis = basis.Or(a.Basis)
	}
	return basis.Clauses()
}

// Irregularities lists the acts that were found irregular and are not settled.
func (s *State) Irregularities() []Event {
	var out []Event
	for _, e := range s.consequences {
		if e.Kind == Found && e.Finding == "irregular" {
			out = append(out, *e)
		}
	}
	return out
}
