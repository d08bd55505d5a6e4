// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"slices"

	"quanze/core/calendar"
	"quanze/core/org"
	"quanze/core/rulepack"
)

// recuse lets the asking and settling of a recusal take effect.
func (f *folder) recuse(a *rulepack.Act, outcome string, e *Event) {
	if a.Recusal == nil {
		return
	}
	about := persons(e.Fields[rulepack.RecusalAbout])
	for _, p := range about {
		if a.ID == rulepack.AskRecusal {
			f.asked.put(p, a.Recusal.Basis.Clauses())
			continue
		}
		f.asked.drop(p)
		if outcome == "granted" {
			f.recused.put(p, a.Recusal.Basis.Clauses())
		}
	}
	if a.ID == rulepack.SettleRecusal && outcome == "granted" {
		f.vacancy(a.Recusal, about, e)
	}
}

// persons reads a field that names persons.
func persons(v value) []org.PersonID {
	var out []org.PersonID
	for _, id := range v.Set() {
		out = append(out, org.PersonID(id))
	}
	return out
}

// unsettled reports whether the obligation is to settle a recusal that is not
// settled yet, whatever was settled about others.
func (f *folder) unsettled(o *Obligation) bool {
	return slices.ContainsFunc(o.about, func(p org.PersonID) bool { _, asked := f.asked.get(p); return asked })
}

// vacancy finds a place that nobody fills any longer because these withdrew: on
// that day, and not in silence.
func (f *folder) vacancy(r *rulepack.Recusal, gone []org.PersonID, e *Event) {
	for _, path := range r.Who {
		holders := f.placed(path, e.Party, e.On)
		if !slices.ContainsFunc(holders, func(p org.PersonID) bool { return slices.Contains(gone, p) }) {
			continue
		}
		stays := func(p org.PersonID) bool { _, out := f.recused.get(p); return !out }
		if slices.ContainsFunc(holders, stays) || slices.ContainsFunc(f.placed(r.Substitute, e.Party, e.On), stays) {
			continue
		}
		f.consequence(Event{Kind: Found, On: e.On, Key: "found|vacant|" + path.String() + "|" + itoa(e.Seq), Finding: "vacant", Target: e.Seq,
			Bearer: f.bearers(path[:1], "", "", e.On), Clauses: r.Basis.Clauses()})
	}
}

// placed lists the persons a path names: of a unit, whoever holds a post there.
func (f *folder) placed(path rulepack.Path, party string, day calendar.Date) []org.PersonID {
	var out []org.PersonID
	for _, r := range f.refs(path, "", party, day) {
		if r.Person != "" {
			out = append(out, r.Person)
			continue
		}
		for _, h := range f.rules.Org.Holders(r.Unit, day) {
			out = append(out, h.Person)
		}
	}
	return out
}

// isOut reports whether a person may do nothing in the matter.
func (f *folder) isOut(p org.PersonID) bool { _, out := f.standsAside(p); return out }

// standsAside reports whether a person withdrew, or was asked to and must stand
// aside until that is settled, as only some rules say; and on which clauses.
func (f *folder) standsAside(p org.PersonID) ([]string, bool) {
	if cites, out := f.recused.get(p); out {
		return cites, true
	}
	r := f.proc().Recusal
	cites, asked := f.asked.get(p)
	return cites, asked && r != nil && r.Aside
}

// recusalGate tests what is asked or settled, and about whom.
func (f *folder) recusalGate(a *rulepack.Act, c *Command) *Refusal {
	if a.Recusal == nil {
		return nil
	}
	no := func(why Why, names ...string) *Refusal {
		return &Refusal{Why: why, Act: a.ID, Party: c.Party, Clauses: a.Basis.Clauses(), Names: names}
	}
	for _, id := range c.Fields[rulepack.RecusalAbout].Set() {
		p := org.PersonID(id)
		_, asked := f.asked.get(p)
		_, out := f.recused.get(p)
		switch {
		case a.ID == rulepack.SettleRecusal && !asked:
			return no(NotProposed, rulepack.AskRecusal)
		case a.ID == rulepack.SettleRecusal && p == c.Actor:
			return no(SamePerson, a.ID)
		case a.ID == rulepack.AskRecusal && (asked || out):
			return no(AlreadyDone, a.ID)
		case a.ID == rulepack.AskRecusal && p != c.Actor && !f.mayAsk(a, c):
			return no(NotEntitled, a.By[0].String())
		}
	}
	return nil
}

// mayAsk: one who only withdraws of himself may not ask it of others.
func (f *folder) mayAsk(a *rulepack.Act, c *Command) bool {
	for _, path := range a.By[:len(a.By)-len(a.Recusal.Who)] {
		if _, ok := f.entitled(f.rules, c.Actor, path, a.Each, c.Party, c.On); ok {
			return true
		}
	}
	return false
}

// substituted reports whether the person stands in for places that all who
// held them had to leave.
func (f *folder) substituted(person org.PersonID, paths []rulepack.Path, a *rulepack.Act, party string, day calendar.Date) (Actor, bool) {
	r := f.proc().Recusal
	if r == nil || len(r.Substitute) == 0 || f.recused.size() == 0 {
		return Actor{}, false
	}
	for _, path := range paths {
		holders := f.placed(path, party, day)
		if len(holders) == 0 || slices.ContainsFunc(holders, func(p org.PersonID) bool { _, out := f.recused.get(p); return !out }) {
			continue
		}
		if actor, ok := f.entitled(f.rules, person, r.Substitute, a.Each, party, day); ok {
			return actor, true
		}
	}
	return Actor{}, false
}

// AskedToWithdraw lists whose recusal was asked and is not settled.
func (s *State) AskedToWithdraw() []org.PersonID {
	out := make([]org.PersonID, 0, s.asked.size())
	for p := range s.asked.all() {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}
