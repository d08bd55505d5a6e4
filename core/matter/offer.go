// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"cmp"
	"slices"

	"quanze/core/calendar"
	"quanze/core/org"
	"quanze/core/rulepack"
)

// Offer is one act, for one party, as it stands to a person: possible now, or
// refused and why.
type Offer struct {
	Act       *rulepack.Act
	Party     string
	Moment    Kind
	Recipient string
	Refusal   *Refusal
	// Owed is the obligation the act would meet, the most pressing first.
	Owed *Obligation
}

// Offers lists the acts that are the person's to do on the day, possible ones
// first; of the others, why not. What only the form can show is not judged yet.
func Offers(s *State, person org.PersonID, rules *Rules, day calendar.Date) []Offer {
	rules = rules.Of(s)
	f := &folder{State: s.clone(), rules: rules}
	f.advance(day)
	var out []Offer
	for _, a := range rules.Procedure.Acts {
		if a.Starts || a.Lawful() {
			continue
		}
		for _, party := range f.offered(a) {
			out = append(out, f.offers(a, party, person, day)...)
		}
	}
	slices.SortStableFunc(out, func(x, y Offer) int { return cmp.Compare(rank(x), rank(y)) })
	return out
}

// rank puts what is owed first, by its day, then what may be done, then the rest.
func rank(o Offer) int {
	switch {
	case o.Refusal != nil:
		return 1 << 30
	case o.Owed != nil && o.Owed.Due != 0:
		return int(o.Owed.Due)
	case o.Owed != nil:
		return 1 << 28
	}
	return 1 << 29
}

// offered lists the parties an act could be about, those who left included
// while something is still owed to them.
func (f *folder) offered(a *rulepack.Act) []string {
	if a.Each == "" {
		return []string{""}
	}
	var out []string
	for _, b := range f.parties {
		if b.Name == a.Each && !b.Recused && !slices.Contains(out, b.Key()) {
			out = append(out, b.Key())
		}
	}
	return out
}

func (f *folder) offers(a *rulepack.Act, party string, person org.PersonID, day calendar.Date) []Offer {
	var out []Offer
	_, refusedDo := f.may(person, a.By, a, party, day)
	approver := false
	if len(a.Approved) > 0 {
		_, refusedApprove := f.may(person, []rulepack.Path{a.Approved}, a, party, day)
		approver = refusedApprove == nil
	}
	p, pending := f.proposals.get(mark{a.ID, party})
	proposed := pending && p.Kind == Proposed
	if a.Jointly && !proposed {
		pending = f.cannotSign(a, party, person, day)
	}
	if refusedDo == nil {
		o := Offer{Act: a, Party: party, Moment: Done, Refusal: f.possible(a, party, day)}
		if len(a.Approved) > 0 {
			o.Moment = Proposed
		}
		if len(f.signed.at(mark{a.ID, party})) > 0 && !pending {
			// A further signature agrees to what the first said: it can be judged whole.
			_, o.Refusal = f.act(a, Command{Act: a.ID, Moment: o.Moment, Party: party, Actor: person, On: day}, f.State)
		}
		if o.Refusal == nil {
			o.Refusal, o.Owed = f.hopeless(a, party, person, day), f.wouldMeet(a, party)
		}
		if !pending {
			out = append(out, o)
		}
		out = append(out, f.unserved(a, party, day)...)
	} else if refusedDo.Why == IsRecused {
		if _, mine := f.entitledAny(person, a, party, day); mine {
			out = append(out, Offer{Act: a, Party: party, Moment: Done, Refusal: refusedDo})
		}
	}
	if approver && proposed {
		// An approval adds nothing to what was proposed: it can be judged whole.
		_, refusal := f.act(a, Command{Act: a.ID, Moment: Done, Party: party, Actor: person, On: day}, f.State)
		out = append(out, Offer{Act: a, Party: party, Moment: Done, Refusal: refusal, Owed: f.wouldMeet(a, party)})
	}
	return out
}

// cannotSign reports whether the person signed already, or somebody else did in
// every place that is open to him.
func (f *folder) cannotSign(a *rulepack.Act, party string, person org.PersonID, day calendar.Date) bool {
	have := f.signed.at(mark{a.ID, party})
	if slices.ContainsFunc(have, func(e Event) bool { return e.Actor.Person == person }) {
		return true
	}
	_, ok := f.seats(a, append(slices.Clone(have), Event{On: day, Actor: Actor{Person: person}}), party)
	return !ok
}

func binds(a *rulepack.Act) bool {
	return len(a.Effects.Binds) > 0 || slices.ContainsFunc(a.Outcomes, func(o *rulepack.Outcome) bool { return len(o.Effects.Binds) > 0 })
}

func (f *folder) entitledAny(person org.PersonID, a *rulepack.Act, party string, day calendar.Date) (Actor, bool) {
	for _, path := range a.By {
		if actor, ok := f.entitled(f.rules, person, path, a.Each, party, day); ok {
			return actor, true
		}
	}
	return Actor{}, false
}

// hopeless refuses what no form could mend: a need that fails on facts already
// known, an extension of what no longer runs, a separation of duties.
func (f *folder) hopeless(a *rulepack.Act, party string, person org.PersonID, day calendar.Date) *Refusal {
	env := f.env(a, nil, "", party)
	for _, n := range a.Needs {
		// What the act itself will bind may be what it needs.
		if r := f.need(a, n, env, refuser(a, party)); r != nil && r.Why == NeedNotMet && !binds(a) {
			return r
		}
	}
	for _, sep := range a.Separate {
		if slices.Contains(f.doneBy.at(sep.Act), person) {
			return &Refusal{Why: SamePerson, Act: a.ID, Party: party, Clauses: sep.Basis.Clauses(), Names: []string{sep.Act}}
		}
	}
	for _, t := range f.proc().Terms {
		if t.Extended == nil || t.Extended.Act != a.ID {
			continue
		}
		no := &Refusal{Why: RightLapsed, Act: a.ID, Party: party, Clauses: t.Extended.Basis.Clauses(), Names: []string{t.ID}}
		ran := false
		for _, o := range f.obligations {
			if o.Term == t.ID && o.Status == Held && o.suspended() {
				no.Why = IsStopped
			}
			if o.Term != t.ID || !o.extendable() || (a.Each != "" && t.Each == a.Each && o.Party != party) {
				continue
			}
			ran = true
			if t.Extended.Times > 0 && len(o.Extensions) >= t.Extended.Times {
				no.Why, no.Count = CapReached, t.Extended.Times
				return no
			}
		}
		if !ran {
			return no
		}
	}
	return nil
}

// unserved offers the service of a paper on each recipient it has not reached.
func (f *folder) unserved(a *rulepack.Act, party string, day calendar.Date) []Offer {
	issued, ok := f.last(a, a.ID, party)
	if a.Paper == nil || !ok {
		return nil
	}
	var out []Offer
	for _, r := range a.To {
		name := r.Path.String()
		if len(f.refs(r.Path, a.Each, party, day)) > 0 && !f.servedSince(a, name, party, issued) {
			out = append(out, Offer{Act: a, Party: party, Moment: Served, Recipient: name, Owed: f.wouldMeet(a, party)})
		}
	}
	return out
}

// wouldMeet is the most pressing obligation that the act could meet.
func (f *folder) wouldMeet(a *rulepack.Act, party string) *Obligation {
	var best *Obligation
	for _, o := range f.obligations {
		t := f.termOf(o)
		if t == nil || !o.Owed() || (o.Party != "" && party != "" && o.Party != party) {
			continue
		}
		if !f.meets(a, o) {
			continue
		}
		if best == nil || (o.Due != 0 && (best.Due == 0 || o.Due < best.Due)) {
			best = o
		}
	}
	return best
}

// Proposal returns what waits for approval of an act for a party.
func (s *State) Proposal(act, party string) (Event, bool) {
	e, ok := s.proposals.get(mark{act, party})
	if !ok {
		return Event{}, false
	}
	return *e, true
}

// Light says how an obligation stands to a day.
type Light string

// The lights. A thing without a last day is in time until it is done.
const (
	InTime Light = "in_time"
	Near   Light = "near"
	Over   Light = "late"
)

// nearDays is how many working days before its last day a thing shows as near.
const nearDays = 3

// Due is an obligation as it stands on a day.
type Due struct {
	Obligation
	Light  Light
	Left   int // working days left; negative, working days late
	Bearer []Ref
	Clause []string
}

// Owed lists what is owed, or may still be done, on the day, the most pressing
// first.
func Owed(s *State, rules *Rules, day calendar.Date) []Due {
	rules = rules.Of(s)
	f := &folder{State: s.clone(), rules: rules}
	f.advance(day)
	var out []Due
	for _, o := range f.obligations {
		t := f.termOf(o)
		if !o.Owed() || t == nil || t.Kind == rulepack.Effect {
			continue
		}
		d := Due{Obligation: *o, Light: InTime, Clause: t.Basis.Clauses(), Bearer: f.refs(t.Of, t.Each, o.Party, day)}
		switch {
		case o.Status == Held: // it stands still: there is no last day until it runs again
			d.Due = 0
		case o.Due == 0:
		case o.Due < day:
			d.Light, d.Left = Over, -rules.Calendar.WorkingDays(o.Due, day)
		default:
			if d.Left = rules.Calendar.WorkingDays(day, o.Due); d.Left <= nearDays {
				d.Light = Near
			}
		}
		out = append(out, d)
	}
	slices.SortStableFunc(out, func(a, b Due) int { return cmp.Compare(dueRank(a.Due), dueRank(b.Due)) })
	return out
}

func dueRank(d calendar.Date) calendar.Date {
	if d == 0 {
		return 1 << 30
	}
	return d
}
