// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"slices"

	"quanze/core/calendar"
	"quanze/core/rulepack"
)

// settle lets what the rule itself does come about, then ends what may end.
func (f *folder) settle(on calendar.Date) {
	f.decidePending()
	f.becoming(on)
	for range len(f.proc().Acts) + 1 {
		if !f.follow(on) {
			break
		}
	}
	f.end(on)
}

// follow does the acts of the rule itself that have become possible.
func (f *folder) follow(on calendar.Date) bool {
	followed := false
	for _, a := range f.proc().Lawful() {
		for _, party := range f.instances(a) {
			if !f.stirred(a, party) || f.possible(a, party, on) != nil {
				continue
			}
			e := &Event{Kind: Followed, On: on, Act: a.ID, Party: party, Key: "followed|" + named(a.ID, party) + "=" + on.String(), Clauses: a.Basis.Clauses()}
			if f.followed(e) {
				continue
			}
			f.order++
			f.consequences = append(f.consequences, e)
			f.done(a, "", party, e)
			followed = true
		}
	}
	return followed
}

// followed reports whether the rule itself has done that already on the day. It
// does a thing once a day: where it may be done again it would otherwise feed on
// itself, and the matter never come to rest.
func (f *folder) followed(e *Event) bool {
	return slices.ContainsFunc(f.consequences, func(c *Event) bool { return c.Kind == Followed && c.Key == e.Key })
}

// stirred spares the tests of an act that waits for what has not come: almost
// every act of the rule itself does, after almost every fact.
func (f *folder) stirred(a *rulepack.Act, party string) bool {
	if a.Each != "" && f.counts(a, party) {
		return false // it was done, and is not put to be done again
	}
	for _, c := range a.After {
		if c.When == nil && len(c.Any) > 0 && !slices.ContainsFunc(c.Any, func(m rulepack.Moment) bool { return f.came(m, a.Each, party) }) {
			return false
		}
	}
	return true
}

// came reports whether a moment may pass for one that has been: it has, or its
// act was turned out of question, or it is of parties who are looked at one by one.
func (f *folder) came(m rulepack.Moment, each, party string) bool {
	if of := f.eachOf(m); of != "" && of != each {
		return true
	}
	if len(f.marks.at(mark{m.String(), party})) > 0 || len(f.marks.at(mark{m.String(), ""})) > 0 {
		return true
	}
	if act := f.proc().Act(m.Of); act != nil && m.Kind != rulepack.MomentLapsed {
		_, since := f.inQuestion(act, party)
		return since.order > 0
	}
	return false
}

// instances lists the parties an act is done for: of a common act, nobody in
// particular.
func (f *folder) instances(a *rulepack.Act) []string {
	if a.Each == "" {
		return []string{""}
	}
	var out []string
	for _, b := range f.active(a.Each) {
		out = append(out, b.Key())
	}
	return out
}

// end carries out the wishes that no duty holds up any longer.
func (f *folder) end(on calendar.Date) {
	if f.ended != "" {
		return
	}
	wishes := f.wishes
	f.wishes = nil // leave may add the wish of the whole matter
	for _, w := range wishes {
		if f.held(w) {
			f.wishes = append(f.wishes, w)
			continue
		}
		day := max(w.on, on)
		if w.party == "" {
			f.finish(w, day)
			return
		}
		f.leave(w, day)
		if f.ended != "" {
			return
		}
	}
}

func (f *folder) held(w wish) bool {
	return slices.ContainsFunc(f.obligations, func(o *Obligation) bool {
		t := f.termOf(o)
		return t != nil && t.Kind.Owes() && o.Owed() && o.Start != w.start && (w.party == "" || o.Party == w.party)
	}) || slices.ContainsFunc(f.ahead, func(a ahead) bool {
		return a.m.cause != w.start && (w.party == "" || a.whose() == w.party) && f.sleeps(a)
	})
}

func (f *folder) finish(w wish, day calendar.Date) {
	f.ended, f.endedOn = w.outcome, day
	f.endPeriods(day, "", w.clauses)
	f.consequence(Event{Kind: Ended, On: day, Key: "ended||" + w.outcome, Outcome: w.outcome, Clauses: w.clauses})
}

// leave ends one party's part; the matter ends with its last part, once no
// common duty is owed.
func (f *folder) leave(w wish, day calendar.Date) {
	name := ""
	for _, b := range f.parties {
		if b.Name == w.name && b.Key() == w.party && b.Left == 0 {
			b.Left, b.Outcome, name = day, w.outcome, b.Name
		}
	}
	if name == "" {
		return
	}
	f.endPeriods(day, w.party, w.clauses)
	f.consequence(Event{Kind: Ended, On: day, Key: "ended|" + w.party + "|" + w.outcome, Party: w.party, Outcome: w.outcome, Clauses: w.clauses})
	if len(f.active(name)) == 0 {
		f.wishes = append(f.wishes, wish{outcome: w.outcome, start: w.start, on: day, clauses: w.clauses})
		if last := f.wishes[len(f.wishes)-1]; !f.held(last) {
			f.finish(last, day)
		}
	}
}
