// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"cmp"
	"slices"

	"quanze/core/calendar"
	"quanze/core/rulepack"
)

// Decide answers a command on the day it is entered: the events to record, or
// the refusal. The act is judged at its own legal day, which may lie before
// other things that are already recorded; then everything after it is folded
// again, and a consequence that no longer holds is reversed. Decide begins with
// the days that have come, so a clock that stopped never changes an answer. It
// leaves s as it was.
func Decide(s *State, c Command, rules *Rules, day calendar.Date) ([]Event, *Refusal) {
	if c.On > day {
		return nil, &Refusal{Why: InTheFuture, Act: c.Act, Party: c.Party, Day: day}
	}
	facts, refusal := judge(s, c, rules, day)
	if refusal != nil {
		return nil, refusal
	}
	for i := range facts {
		facts[i].Seq, facts[i].Entered = s.lastSeq+1+i, day
	}
	after := applyAll(s, facts, rules)
	if kept := nearer(s, after); len(kept) > 0 {
		facts[0].Kept = kept
		after = applyAll(s, facts, rules)
	}
	return append(facts, after.news(rules, day, s.lastSeq+len(facts))...), nil
}

func applyAll(s *State, facts []Event, rules *Rules) *State {
	for _, e := range facts {
		s = Apply(s, e, rules)
	}
	return s
}

// nearer lists the last days that were recorded and would now lie earlier.
func nearer(before, after *State) []Kept {
	var out []Kept
	for _, o := range before.obligations {
		if _, told := before.recorded["started|"+o.Key]; !told {
			continue
		}
		for _, n := range after.obligations {
			if n.Term == o.Term && n.Party == o.Party && n.Start == o.Start && n.Due < o.Due && n.Due != 0 {
				out = append(out, Kept{Term: o.Term, Party: o.Party, Start: o.Start, Due: o.Due})
			}
		}
	}
	return out
}

// Advance returns what the coming of the day brings: the lapses up to it, in
// order of due day, and what follows from them.
func Advance(s *State, rules *Rules, day calendar.Date) []Event {
	return s.news(rules, day, s.lastSeq)
}

// news compares what holds on the day with what was recorded: the difference
// is what there is to record.
func (s *State) news(rules *Rules, day calendar.Date, seq int) []Event {
	now := s.On()
	later := s
	if now < day {
		f := &folder{State: s.clone(), rules: rules}
		f.advance(day)
		later = f.State
	}
	var out []Event
	holds := make(map[string]bool, len(later.consequences))
	for _, e := range later.consequences {
		holds[e.Key] = true
		if _, known := s.recorded[e.Key]; !known {
			e.Entered = day
			out = append(out, e)
		}
	}
	var gone []Event
	for key, target := range s.recorded {
		if !holds[key] {
			gone = append(gone, Event{Kind: Reversed, On: day, Entered: day, Key: key, Target: target})
		}
	}
	slices.SortFunc(gone, func(a, b Event) int { return cmp.Compare(a.Target, b.Target) })
	out = append(gone, out...)
	for i := range out {
		out[i].Seq = seq + 1 + i
	}
	return out
}

// judge tests a command at its legal day and returns the fact it makes.
func judge(s *State, c Command, rules *Rules, day calendar.Date) ([]Event, *Refusal) {
	if c.Moment == Corrected || c.Moment == Struck {
		return correction(s, c, rules, day)
	}
	f := &folder{State: s.clone(), rules: rules}
	if c.On < s.On() {
		f.State = newState()
		f.kept = slices.Clone(s.kept) // days told stay, whatever is judged
		f.replay(rules, until(s.facts, c.On))
	}
	f.advance(c.On)
	a := rules.Procedure.Act(c.Act)
	if a == nil {
		return nil, &Refusal{Why: NoSuchAct, Act: c.Act, Party: c.Party, Names: []string{c.Act}}
	}
	if a.Each == "" && c.Party != "" {
		return nil, &Refusal{Why: NoSuchParty, Act: a.ID, Party: c.Party, Clauses: a.Basis.Clauses(), Names: []string{c.Party}}
	}
	if c.Moment == "" {
		c.Moment = Done
		if len(a.Approved) > 0 {
			c.Moment = Proposed
		}
	}
	switch c.Moment {
	case Served:
		return f.serve(a, c)
	case Done, Proposed:
		if late := (&folder{State: s, rules: rules}); c.On < s.On() {
			if refusal := late.twice(a, c); refusal != nil {
				return nil, refusal
			}
		}
		return f.act(a, c)
	case Returned, Declined:
		return f.sendBack(a, c)
	}
	return nil, &Refusal{Why: NoSuchAct, Act: c.Act, Party: c.Party, Clauses: a.Basis.Clauses(), Names: []string{string(c.Moment)}}
}

// twice refuses a late entry of what is done once and was done on a later day:
// to say that it was done earlier is a correction, not a second doing.
func (f *folder) twice(a *rulepack.Act, c Command) *Refusal {
	if a.Starts && f.started {
		return &Refusal{Why: AlreadyDone, Act: a.ID, Party: c.Party, Clauses: a.Basis.Clauses(), Names: []string{a.ID}}
	}
	return f.once(a, c.Party)
}

// until keeps the facts up to and including a legal day.
func until(facts []Event, day calendar.Date) []Event {
	var out []Event
	for _, e := range legalOrder(facts) {
		if e.On <= day {
			out = append(out, e)
		}
	}
	return out
}

// act judges the doing, or the proposing, of an act.
func (f *folder) act(a *rulepack.Act, c Command) ([]Event, *Refusal) {
	e := Event{Kind: c.Moment, On: c.On, Act: a.ID, Outcome: c.Outcome, Party: c.Party, Staff: c.Staff, Fields: c.Fields, Binds: c.Binds, Reason: c.Reason, Link: c.Link}
	by := a.By
	approving := len(a.Approved) > 0 && c.Moment == Done
	if approving {
		p, ok := f.proposals[mark{a.ID, c.Party}]
		if !ok {
			return nil, &Refusal{Why: NotProposed, Act: a.ID, Party: c.Party, Clauses: a.ApprovalBasis.Or(a.Basis).Clauses(), Names: []string{a.ID}}
		}
		by = []rulepack.Path{a.Approved}
		e.Outcome, e.Fields, e.Binds, e.Staff = p.Outcome, p.Fields, p.Binds, p.Staff
		c.Outcome, c.Fields, c.Binds, c.Staff = p.Outcome, p.Fields, p.Binds, p.Staff
	} else if c.Moment == Proposed && len(a.Approved) == 0 {
		return nil, &Refusal{Why: NotProposed, Act: a.ID, Party: c.Party, Clauses: a.Basis.Clauses(), Names: []string{a.ID}}
	}
	if refusal := f.binds(a, &c); refusal != nil {
		return nil, refusal
	}
	// Who may start a matter, and what an act that binds parties needs, shows
	// only once they are bound.
	seen := f
	if len(c.Binds) > 0 {
		seen = &folder{State: f.clone(), rules: f.rules}
		for _, name := range partyNames(f.proc(), c.Binds) {
			for _, ref := range c.Binds[name] {
				if seen.bound(name, ref.Key()) == nil {
					seen.parties = append(seen.parties, &Bound{Ref: ref, Name: name})
				}
			}
		}
	}
	who := f
	if a.Starts && !f.started {
		who = seen
	}
	actor, refusal := who.actor(a, by, c, approving)
	if refusal != nil {
		return nil, refusal
	}
	if refusal := f.possible(a, c.Party, c.On); refusal != nil {
		return nil, refusal
	}
	gateCommand := c
	if approving {
		// The approver is none of those who take part; the proposer is.
		gateCommand.Actor = f.proposals[mark{a.ID, c.Party}].Actor.Person
	}
	if refusal := seen.gates(a, &gateCommand, c.Party); refusal != nil {
		return nil, refusal
	}
	e.Actor = actor
	return []Event{e}, nil
}

// actor tells by which post the person acts. What the rule itself does, it
// does through Advance; a linked matter it opens is started by the office.
func (f *folder) actor(a *rulepack.Act, by []rulepack.Path, c Command, approving bool) (Actor, *Refusal) {
	if a.Lawful() {
		if c.Link != nil && a.Starts {
			return Actor{}, nil
		}
		return Actor{}, &Refusal{Why: NotEntitled, Act: a.ID, Party: c.Party, Clauses: a.Basis.Clauses(), Names: []string{rulepack.ByLaw}}
	}
	actor, refusal := f.may(c.Actor, by, a, c.Party, c.On)
	if refusal != nil {
		return actor, refusal
	}
	if approving && f.proposals[mark{a.ID, c.Party}].Actor.Person == c.Actor {
		return actor, &Refusal{Why: SamePerson, Act: a.ID, Party: c.Party, Clauses: a.ApprovalBasis.Or(a.Basis).Clauses(), Names: []string{a.ID}}
	}
	return actor, nil
}

// sendBack judges the approver's return or refusal of a proposal.
func (f *folder) sendBack(a *rulepack.Act, c Command) ([]Event, *Refusal) {
	clauses := a.ApprovalBasis.Or(a.Basis).Clauses()
	if _, ok := f.proposals[mark{a.ID, c.Party}]; !ok {
		return nil, &Refusal{Why: NotProposed, Act: a.ID, Party: c.Party, Clauses: clauses, Names: []string{a.ID}}
	}
	actor, refusal := f.may(c.Actor, []rulepack.Path{a.Approved}, a, c.Party, c.On)
	if refusal != nil {
		return nil, refusal
	}
	if c.Reason == "" {
		return nil, &Refusal{Why: ContentMissing, Act: a.ID, Party: c.Party, Clauses: clauses, Names: []string{"reason"}}
	}
	return []Event{{Kind: c.Moment, On: c.On, Act: a.ID, Party: c.Party, Actor: actor, Reason: c.Reason}}, nil
}

// serve judges the service of a paper on one recipient, or on all at once.
func (f *folder) serve(a *rulepack.Act, c Command) ([]Event, *Refusal) {
	no := func(why Why, names ...string) ([]Event, *Refusal) {
		return nil, &Refusal{Why: why, Act: a.ID, Party: c.Party, Clauses: a.Basis.Clauses(), Names: names}
	}
	issued, ok := f.last(a, a.ID, c.Party)
	if a.Paper == nil || len(a.To) == 0 || !ok {
		return no(NothingToServe, a.ID)
	}
	if c.On < issued.on {
		return no(TooEarly, a.ID)
	}
	actor, refusal := f.may(c.Actor, a.By, a, c.Party, c.On)
	if refusal != nil {
		return nil, refusal
	}
	var out []Event
	for _, r := range a.To {
		name := r.Path.String()
		if (c.Recipient != "" && c.Recipient != name) || len(f.refs(r.Path, a.Each, c.Party, c.On)) == 0 || f.servedSince(a, name, c.Party, issued) {
			continue
		}
		out = append(out, Event{Kind: Served, On: c.On, Act: a.ID, Party: c.Party, Recipient: name, Actor: actor, Fields: c.Fields, Reason: c.Reason})
	}
	if len(out) == 0 {
		return no(AlreadyDone, a.ID)
	}
	return out, nil
}

func (f *folder) servedSince(a *rulepack.Act, recipient, party string, issued stamp) bool {
	st, ok := f.last(a, a.ID+".served."+recipient, party)
	return ok && st.order > issued.order
}

// correction judges a change of the record: by one who might have made the
// entry, agreed to by a second person, with a reason. It says that the record
// was wrong, not that the decision was.
func correction(s *State, c Command, rules *Rules, day calendar.Date) ([]Event, *Refusal) {
	var target *Event
	for i := range s.facts {
		if s.facts[i].Seq == c.Target && s.facts[i].Kind != Corrected && s.facts[i].Kind != Struck {
			target = &s.facts[i]
		}
	}
	if target == nil {
		return nil, &Refusal{Why: NoSuchAct, Act: c.Act, Names: []string{itoa(c.Target)}}
	}
	a := rules.Procedure.Act(target.Act)
	f := &folder{State: s.clone(), rules: rules}
	no := func(why Why, names ...string) ([]Event, *Refusal) {
		return nil, &Refusal{Why: why, Act: target.Act, Party: target.Party, Clauses: a.Basis.Clauses(), Names: names}
	}
	if c.Reason == "" {
		return no(ContentMissing, "reason")
	}
	if c.Moment == Struck && a.Starts && len(s.facts) > 1 {
		return no(IsForbidden, target.Act) // what everything else rests on is not struck from under it
	}
	if len(c.Staff) == 0 || c.Staff[0] == c.Actor {
		return no(SamePerson, target.Act)
	}
	actor := Actor{Person: c.Actor}
	if !a.Lawful() {
		var refusal *Refusal
		if actor, refusal = f.may(c.Actor, a.By, a, target.Party, day); refusal != nil {
			return nil, refusal
		}
		if _, refusal = f.may(c.Staff[0], append(slices.Clone(a.By), a.Approved), a, target.Party, day); refusal != nil {
			return nil, refusal
		}
	}
	on := c.On
	if c.Moment == Struck {
		on = target.On
	}
	return []Event{{Kind: c.Moment, On: on, Act: target.Act, Party: target.Party, Target: c.Target, Actor: actor, Staff: c.Staff, Fields: c.Fields, Reason: c.Reason}}, nil
}

// At returns the state as it stands on a day: the lapses up to it have come.
func (s *State) At(rules *Rules, day calendar.Date) *State {
	if day <= s.On() {
		return s
	}
	f := &folder{State: s.clone(), rules: rules}
	f.advance(day)
	return f.State
}
