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
	rules = rules.Of(s)
	c.Minutes = c.Minutes.copied() // what is judged is filled in on a copy
	facts, refusal := judge(s, c, rules, day)
	if refusal != nil {
		return nil, refusal
	}
	for i := range facts {
		facts[i].Seq, facts[i].Entered = s.lastSeq+1+i, day
	}
	after := s.then(rules, true, facts)
	if kept := nearer(s, after, rules, day); len(kept) > 0 {
		facts[0].Kept = kept
		after = Apply(s, rules, facts...)
	}
	return after.news(rules, day, facts), nil
}

// nearer lists the last days that somebody was told and that would now lie
// earlier. Who was told that a term stands still was told no day: he is not late
// before the day on which the record says otherwise, nor by what he did until
// then. A day that a decision fixes anew is the decision's, and what burdens by
// lasting, an effect, is not kept longer than it lasts.
func nearer(before, after *State, rules *Rules, day calendar.Date) []Kept {
	var out []Kept
	for i, o := range before.obligations {
		if same := i < len(after.obligations) && after.obligations[i].Key == o.Key; same && after.obligations[i].Due >= o.Due && !o.stopped() {
			continue
		}
		t := (&folder{State: before, rules: rules}).termOf(o)
		if _, told := before.recorded.get("started|" + o.Key); !told || t == nil || t.Kind == rulepack.Effect {
			continue
		}
		last := o.Due
		if o.stopped() {
			if last = max(last, o.MetOn); o.Status == Held {
				last = max(last, day)
			}
		}
		for _, n := range after.obligations {
			if n.Term == o.Term && n.Party == o.Party && n.Start == o.Start && n.replaced == o.replaced && !n.stopped() && n.Due < last && n.Due != 0 {
				out = append(out, Kept{Term: o.Term, Party: o.Party, Start: o.Start, Due: last})
			}
		}
	}
	return out
}

// Advance returns what the coming of the day brings: the lapses up to it, in
// order of due day, and what follows from them.
func Advance(s *State, rules *Rules, day calendar.Date) []Event {
	return s.news(rules.Of(s), day, nil)
}

// news compares what holds on the day with what was recorded: the difference
// is what there is to record, after the facts that brought it.
func (s *State) news(rules *Rules, day calendar.Date, facts []Event) []Event {
	later := s
	if s.On() < day && !s.quiet(day) {
		f := &folder{State: s.clone(), rules: rules.Of(s)}
		f.advance(day)
		later = f.State
	}
	var fresh []*Event
	for _, e := range later.consequences[s.told:] {
		if _, known := s.recorded.get(e.Key); !known {
			fresh = append(fresh, e)
		}
	}
	var gone []Event
	if len(later.consequences)-len(fresh) != s.recorded.size() {
		gone = s.gone(later, day)
	}
	out := make([]Event, 0, len(facts)+len(gone)+len(fresh))
	out = append(append(out, facts...), gone...)
	for _, e := range fresh {
		out = append(out, *e)
		out[len(out)-1].Entered = day
	}
	for i := range out {
		out[i].Seq = s.lastSeq - len(facts) + 1 + i
	}
	return out
}

// gone lists what was recorded and no longer holds.
func (s *State) gone(later *State, day calendar.Date) []Event {
	holds := make(map[string]bool, len(later.consequences))
	for _, e := range later.consequences {
		holds[e.Key] = true
	}
	var out []Event
	for key, target := range s.recorded.all() {
		if !holds[key] {
			out = append(out, Event{Kind: Reversed, On: day, Entered: day, Key: key, Target: target})
		}
	}
	slices.SortFunc(out, func(a, b Event) int { return cmp.Compare(a.Target, b.Target) })
	return out
}

// quiet reports whether nothing falls due and nothing comes until the day: then
// the state of that day is this one.
func (s *State) quiet(day calendar.Date) bool {
	for _, o := range s.obligations {
		if o.Status == Running && o.Due != 0 && o.Due < day {
			return false
		}
	}
	return s.nextAhead(day) < 0
}

// judge tests a command at its legal day and returns the fact it makes.
func judge(s *State, c Command, rules *Rules, day calendar.Date) ([]Event, *Refusal) {
	if c.Moment == Corrected || c.Moment == Struck {
		return correction(s, c, rules, day)
	}
	if c.Moment == Confirmed || c.Moment == Annulled {
		return settlement(s, c, rules, day)
	}
	f := s.asOf(c.On, rules)
	rules = f.rules // of the version that the day is under
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
		return f.act(a, c, s)
	case Returned, Declined:
		return f.sendBack(a, c)
	}
	return nil, &Refusal{Why: NoSuchAct, Act: c.Act, Party: c.Party, Clauses: a.Basis.Clauses(), Names: []string{string(c.Moment)}}
}

// asOf is the state as it stood, or will stand, on a day, to be read: what was
// done later is left out of it.
func (s *State) asOf(day calendar.Date, rules *Rules) *folder {
	switch {
	case day < s.On():
		f := &folder{State: newState(), rules: rules}
		f.kept = slices.Clone(s.kept) // days told stay, whatever is judged
		f.replay(rules, until(s.facts, day))
		f.rules = rules.Of(f.State)
		f.advance(day)
		return f
	case s.quiet(day):
		f := &folder{State: s.view(), rules: rules}
		f.State.on = max(f.State.on, day)
		return f
	}
	f := &folder{State: s.clone(), rules: rules}
	f.advance(day)
	return f
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
func until(facts []*Event, day calendar.Date) []*Event {
	var out []*Event
	for _, e := range legalOrder(facts) {
		if e.On <= day || e.Kind == Confirmed || e.Kind == Annulled { // that counts at the day of what it speaks of
			out = append(out, e)
		}
	}
	return out
}

// act judges the doing, or the proposing, of an act; late is the matter with all
// that was recorded of later days.
func (f *folder) act(a *rulepack.Act, c Command, late *State) ([]Event, *Refusal) {
	e := Event{Kind: c.Moment, On: c.On, Act: a.ID, Outcome: c.Outcome, Party: c.Party, Staff: c.Staff, Fields: c.Fields, Binds: c.Binds, Reason: c.Reason, Link: c.Link, Minutes: c.Minutes}
	by := a.By
	approving := len(a.Approved) > 0 && c.Moment == Done
	if approving {
		p, ok := f.proposals.get(mark{a.ID, c.Party})
		if !ok || p.Kind != Proposed {
			return nil, &Refusal{Why: NotProposed, Act: a.ID, Party: c.Party, Clauses: a.ApprovalBasis.Or(a.Basis).Clauses(), Names: []string{a.ID}}
		}
		by = []rulepack.Path{a.Approved}
		e.Outcome, e.Fields, e.Binds, e.Staff = p.Outcome, p.Fields, p.Binds, p.Staff
		c.Outcome, c.Fields, c.Binds, c.Staff = p.Outcome, p.Fields, p.Binds, p.Staff
		c.Minutes = p.Minutes.copied()
		e.Minutes = c.Minutes
	} else if c.Moment == Proposed && len(a.Approved) == 0 {
		return nil, &Refusal{Why: NotProposed, Act: a.ID, Party: c.Party, Clauses: a.Basis.Clauses(), Names: []string{a.ID}}
	}
	if a.Jointly && !approving {
		if _, refusal := f.may(c.Actor, by, a, c.Party, c.On); refusal == nil {
			if refusal := f.sign(a, &c, &e, late); refusal != nil {
				return nil, refusal
			}
		}
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
	e.Actor = actor
	if refusal := f.possible(a, c.Party, c.On); refusal != nil {
		return irregularly(e, c, refusal)
	}
	gateCommand := c
	if approving {
		// The approver is none of those who take part; the proposer is.
		gateCommand.Actor = f.proposals.at(mark{a.ID, c.Party}).Actor.Person
	}
	if refusal := seen.gates(a, &gateCommand, c.Party); refusal != nil {
		return irregularly(e, c, refusal)
	}
	return []Event{e}, nil
}

// irregularly records what happened though it was not permitted, where the
// command says that it did: with the refusal, and without effect.
func irregularly(e Event, c Command, refusal *Refusal) ([]Event, *Refusal) {
	if !c.Irregular || c.Reason == "" || e.Kind != Done || !recordable(refusal.Why) {
		return nil, refusal
	}
	e.Irregular, e.Clauses = refusal.Why, refusal.Clauses
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
		if approving && refusal.Why == NotEntitled {
			refusal.Clauses = a.ApprovalBasis.Or(a.Basis).Clauses()
		}
		return actor, refusal
	}
	if approving && f.proposals.at(mark{a.ID, c.Party}).Actor.Person == c.Actor {
		return actor, &Refusal{Why: SamePerson, Act: a.ID, Party: c.Party, Clauses: a.ApprovalBasis.Or(a.Basis).Clauses(), Names: []string{a.ID}}
	}
	return actor, nil
}

// sendBack judges the approver's return or refusal of a proposal.
func (f *folder) sendBack(a *rulepack.Act, c Command) ([]Event, *Refusal) {
	clauses := a.ApprovalBasis.Or(a.Basis).Clauses()
	by := []rulepack.Path{a.Approved}
	p, ok := f.proposals.get(mark{a.ID, c.Party})
	if ok && p.Kind == Signed { // until all have signed, each of them may send it back
		by, clauses = a.By, a.Basis.Clauses()
	}
	if !ok || (len(a.Approved) == 0 && p.Kind != Signed) {
		return nil, &Refusal{Why: NotProposed, Act: a.ID, Party: c.Party, Clauses: clauses, Names: []string{a.ID}}
	}
	actor, refusal := f.may(c.Actor, by, a, c.Party, c.On)
	if refusal != nil {
		if refusal.Why == NotEntitled {
			refusal.Clauses = clauses
		}
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
			target = s.facts[i]
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
	rules = rules.Of(s)
	if day <= s.On() {
		return s
	}
	return s.asOf(day, rules).State
}
