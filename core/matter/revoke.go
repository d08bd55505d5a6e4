// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"slices"
	"strings"

	"quanze/core/calendar"
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

// isOf reports whether an act is the target, or counts as it.
func (f *folder) isOf(act, target string) bool {
	if act == target {
		return true
	}
	a := f.proc().Act(act)
	return a != nil && a.CountsAs == target
}

// strike takes a revoked act back as if it had never been done: what it set is
// unknown again, what it made owed is released, its effects are struck.
func (f *folder) strike(eff *rulepack.Effects, basis rulepack.Basis, m moment, party string) {
	if eff.Revokes == "" {
		return
	}
	targets := []string{eff.Revokes}
	for _, a := range f.proc().CountingAs(eff.Revokes) {
		targets = append(targets, a.ID)
	}
	f.undo(targets, party)
	for key, k := range f.values.flat() {
		if slices.Contains(targets, k.act) && (party == "" || key.party == party) {
			f.values.drop(key)
		}
	}
	for key := range f.fixed.flat() {
		if act, _, _ := strings.Cut(key.moment, "|"); slices.Contains(targets, act) && (party == "" || key.party == party) {
			f.fixed.drop(key)
		}
	}
	of := func(act, stem string) bool { return slices.Contains(targets, act) || slices.Contains(targets, stem) }
	for _, o := range f.obligations {
		t := f.termOf(o)
		if t == nil || !of(o.startAct, o.stem) || (party != "" && o.Party != party) || o.Start == m.cause {
			continue
		}
		if t.Kind == rulepack.Effect && o.Status != StatusStruck {
			o = f.mine(o)
			o.Status, o.MetOn = StatusStruck, m.on
			f.consequence(Event{Kind: Released, On: m.on, Key: "struck|" + o.Key + "|" + m.cause, Term: o.Term, Party: o.Party, Due: o.Due, Clauses: basis.Clauses()})
		} else if o.Owed() {
			f.release(o, m, basis)
		}
	}
	f.forget(func(_ *rulepack.Term, at moment, whose string) bool {
		return of(at.act, at.stem) && (party == "" || whose == party) && at.cause != m.cause
	})
	f.liftOf(targets, m, party)
}

// replace lets the terms of an earlier act follow the facts as this one leaves
// them: what no longer applies is released, what applies now begins now, a day
// that the decision fixes is taken from this one.
func (f *folder) replace(target string, basis rulepack.Basis, m moment, party string, e *Event) {
	for _, o := range slices.Clone(f.obligations) {
		t := f.termOf(o)
		if t == nil || !o.Owed() || !f.stems(o, target) || (party != "" && o.Party != party) || o.Start == m.cause {
			continue
		}
		if binds, known := f.guarded(t, o.by, o.Party, m.on); known && !binds {
			f.release(o, m, basis)
			continue
		}
		if v := e.field(t.Within.SetBy); t.Within.SetBy != "" && !v.Empty() {
			f.refix(o, t, v, basis, m)
		}
	}
	m.stem = target
	for _, t := range f.proc().Terms {
		parties := []string{party}
		if t.Each != "" && party == "" {
			parties = f.partiesOf(t.Each)
		}
		for _, st := range t.Start {
			if (t.When == nil && st.When == nil) || st.Moment.Of != target || (t.Each == "" && party != "") {
				continue
			}
			for _, whose := range parties {
				if f.has(st.Moment, whose) && !f.standing(t, target, whose, m) {
					f.begin(t, st, m, whose)
				}
			}
		}
	}
}

// refix gives a running the day, or the length, that the new decision fixes. A
// length counts from the new decision, but of an effect from where it began: it
// lasts longer or shorter, not anew.
func (f *folder) refix(o *Obligation, t *rulepack.Term, v value, basis rulepack.Basis, m moment) {
	o = f.mine(o)
	o.Extensions, o.set, o.Length, o.floor = nil, 0, calendar.Length{}, 0
	f.setLimit(o, v)
	if o.replaced = m.cause; o.set != 0 || t.Kind != rulepack.Effect {
		o.from = m.on
	}
	if f.recount(o); o.Status == Late && o.Due >= m.on {
		o.Status = Running
	}
	o.FirstDue = o.Due
	f.consequence(Event{Kind: Extended, On: m.on, Key: "replaced|" + o.Key + "|" + m.cause + ">" + o.Due.String(), Term: t.ID, Party: o.Party, Due: o.Due,
		Provisional: o.Provisional, Clauses: basis.Clauses()})
}

// stems reports whether the obligation is one of the act's: begun by it, by what
// counts as it, or by what replaced it.
func (f *folder) stems(o *Obligation, act string) bool {
	return o.stem == act || f.isOf(o.startAct, act)
}

// standing reports whether the act's running of the term is there already.
func (f *folder) standing(t *rulepack.Term, act, party string, m moment) bool {
	return slices.ContainsFunc(f.obligations, func(o *Obligation) bool {
		return o.Term == t.ID && o.Party == party && (f.stems(o, act) && o.Status != StatusFreed || o.Start == m.cause)
	}) || slices.ContainsFunc(f.pending, func(p pending) bool {
		return p.term == t && p.party == party && (p.at.stem == act || f.isOf(p.at.act, act))
	})
}

// tooHeavy refuses measures above those that the act which bounds them fixed,
// whatever others made of them since.
func (f *folder) tooHeavy(a *rulepack.Act, c *Command, party string) *Refusal {
	for _, bound := range a.NotWorse {
		for _, fact := range f.proc().Facts {
			l := f.proc().Pack.Ladder(fact.Ladder)
			proposed := c.Fields[fact.ID]
			if l == nil || proposed.Empty() || !slices.Contains(fact.SetBy, bound.Act) {
				continue
			}
			standing, ok := f.fixed.get(mark{bound.Act + "|" + fact.ID, party})
			if !ok {
				standing = f.fixed.at(mark{bound.Act + "|" + fact.ID, ""})
			}
			if !standing.Zero() && l.Rank(rungs(proposed)) > l.Rank(rungs(standing)) {
				return &Refusal{Why: TooHeavy, Act: a.ID, Party: party, Clauses: bound.Basis.Clauses(), Names: []string{fact.ID}}
			}
		}
	}
	return nil
}

// rungs are the members of a set, or the one option of an enumeration.
func rungs(v value) []string {
	if v.Type() == expr.Text {
		return []string{v.Text()}
	}
	return v.Set()
}
