// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"slices"

	"quanze/core/calendar"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

// possible tests what the matter itself says of an act: started or ended, in
// question, once, after, waits, a right that lapsed. It asks nothing of the
// person or of what is filled in.
func (f *folder) possible(a *rulepack.Act, party string, day calendar.Date) *Refusal {
	no := func(why Why, basis rulepack.Basis, names ...string) *Refusal {
		return &Refusal{Why: why, Act: a.ID, Party: party, Clauses: basis.Or(a.Basis).Clauses(), Names: names}
	}
	if a.Modality == rulepack.Forbidden {
		return no(IsForbidden, a.Basis)
	}
	if a.Starts != !f.started {
		if f.started {
			return no(AlreadyDone, a.Basis, a.ID)
		}
		return no(NotStarted, a.Basis)
	}
	if a.Each != "" {
		if party == "" || f.anyBound(a.Each, party) == nil {
			return no(NoSuchParty, a.Basis, a.Each)
		}
		if f.bound(a.Each, party) == nil && !f.allowedAfterEnd(a, party) {
			return no(HasEnded, a.Basis)
		}
	}
	if f.ended != "" && !f.allowedAfterEnd(a, party) {
		return no(HasEnded, a.Basis)
	}
	if r := f.lapsedRight(a, party); r != nil {
		return r
	}
	if open, since := f.inQuestion(a, party); !open {
		r := no(NotInQuestion, a.Basis)
		if len(since.cites) > 0 {
			r.Clauses = since.cites
		}
		return r
	}
	if a.When != nil {
		switch got := a.When.Eval(f.env(a, nil, "", party)); {
		case !got.Known:
			return no(NotYetKnown, a.Basis, got.Missing...)
		case !got.Value.Bool():
			return no(NotInQuestion, a.Basis)
		}
	}
	if r := f.once(a, party); r != nil {
		return r
	}
	for _, c := range a.After {
		if r := f.condition(a, c, party, day); r != nil {
			return r
		}
	}
	for _, w := range a.WaitsFor {
		for _, o := range f.obligations {
			if o.Term == w.Term && o.Owed() && (party == "" || o.Party == "" || o.Party == party) {
				return no(StillOwed, w.Basis, w.Term)
			}
		}
	}
	return nil
}

func (f *folder) anyBound(name, key string) *Bound {
	for _, b := range f.parties {
		if b.Name == name && b.Key() == key {
			return b
		}
	}
	return nil
}

// allowedAfterEnd: what is owed, or what a running right allows, may still be
// done; service of what was decided is owed until it is done.
func (f *folder) allowedAfterEnd(a *rulepack.Act, party string) bool {
	for _, o := range f.obligations {
		if !o.Owed() || (o.Party != "" && party != "" && o.Party != party) {
			continue
		}
		t := f.proc().Term(o.Term)
		if t != nil && slices.ContainsFunc(t.MetBy, func(m rulepack.Moment) bool { return m.Of == a.ID }) {
			return true
		}
	}
	return false
}

// lapsedRight refuses an act whose right has run out and does not run anew.
func (f *folder) lapsedRight(a *rulepack.Act, party string) *Refusal {
	var gone *Obligation
	for _, o := range f.obligations {
		t := f.proc().Term(o.Term)
		if t == nil || t.Kind != rulepack.Right || (o.Party != "" && o.Party != party) {
			continue
		}
		if !slices.ContainsFunc(t.MetBy, func(m rulepack.Moment) bool { return m.Of == a.ID }) {
			continue
		}
		if o.Owed() {
			return nil
		}
		if o.Status == StatusGone {
			gone = o
		}
	}
	if gone == nil {
		return nil
	}
	t := f.proc().Term(gone.Term)
	return &Refusal{Why: RightLapsed, Act: a.ID, Party: party, Clauses: t.Basis.Clauses(), Names: []string{t.ID}, Day: gone.Due}
}

// once refuses a second time, unless the act may be repeated, or does not yet
// count for somebody who was bound, or sent back, since.
func (f *folder) once(a *rulepack.Act, party string) *Refusal {
	if a.Repeat && !a.Lawful() { // what the rule itself does, it does once
		return nil
	}
	done := false
	for _, id := range []string{a.ID, a.CountsAs} {
		if act := f.proc().Act(id); act != nil {
			_, counts := f.last(act, act.ID, party)
			done = done || counts
		}
	}
	if !done {
		return nil
	}
	if a.Each == "" {
		for _, each := range f.dependents(a.ID) {
			for _, b := range f.active(each) {
				if _, counts := f.last(a, a.ID, b.Key()); !counts {
					return nil
				}
			}
		}
	}
	return &Refusal{Why: AlreadyDone, Act: a.ID, Party: party, Clauses: a.Basis.Clauses(), Names: []string{a.ID}}
}

// dependents are the party names for which some act waits on this common act.
func (f *folder) dependents(id string) []string {
	var out []string
	for _, a := range f.proc().Acts {
		if a.Each == "" || slices.Contains(out, a.Each) {
			continue
		}
		for _, c := range a.After {
			if slices.ContainsFunc(c.Any, func(m rulepack.Moment) bool { return m.Of == id }) {
				out = append(out, a.Each)
			}
		}
	}
	return out
}

// condition tests one entry of after for the party.
func (f *folder) condition(a *rulepack.Act, c rulepack.Condition, party string, day calendar.Date) *Refusal {
	if c.When != nil && c.When.Eval(f.env(a, nil, "", party)).False() {
		return nil
	}
	var missing []string
	var early *Refusal
	clauses := c.Basis.Or(a.Basis).Clauses()
	for _, m := range c.Any {
		ok, on := f.holds(m, a.Each, party, c.OneParty)
		if ok && c.Wait.N > 0 && on != 0 {
			if earliest, _ := f.rules.Calendar.Add(on, c.Wait, calendar.Rule{NoRollover: true}); day < earliest {
				if early == nil || earliest < early.Day {
					early = &Refusal{Why: TooEarly, Act: a.ID, Party: party, Clauses: c.Basis.Or(a.Basis).Clauses(), Names: []string{m.String()}, Day: earliest}
				}
				continue
			}
		}
		if ok {
			return nil
		}
		missing = append(missing, m.String())
		if len(c.Basis.Cites) == 0 {
			if act := f.proc().Act(m.Of); act != nil {
				clauses = act.Basis.Clauses()
			} else if t := f.proc().Term(m.Of); t != nil {
				clauses = t.Basis.Clauses()
			}
		}
	}
	if early != nil {
		return early
	}
	return &Refusal{Why: TooEarly, Act: a.ID, Party: party, Clauses: clauses, Names: missing}
}

// holds reports whether a moment has been, for an act done per each for party.
// An act taken out of question holds nobody up; one that never was in question
// yet does.
func (f *folder) holds(m rulepack.Moment, each, party string, one bool) (bool, calendar.Date) {
	of := f.eachOf(m)
	act := f.proc().Act(m.Of)
	closedFor := func(key string) bool {
		if act == nil {
			return false
		}
		open, since := f.inQuestion(act, key)
		return !open && since.order > 0
	}
	if of == "" || of == each {
		if st, ok := f.at(m, party); ok {
			return true, st.on
		}
		return closedFor(party), 0
	}
	active := f.active(of)
	if len(active) == 0 {
		declared := f.proc().Party(of)
		return f.everBound(of) || (declared != nil && declared.Optional), 0
	}
	latest := calendar.Date(0)
	for _, b := range active {
		st, ok := f.at(m, b.Key())
		if !ok && !closedFor(b.Key()) {
			if one {
				continue
			}
			return false, 0
		}
		latest = max(latest, st.on)
		if one {
			return true, st.on
		}
	}
	return !one, latest
}

// env gives an expression the fields being filled in, then the facts; what
// nobody has said is unknown, never false.
func (f *folder) env(a *rulepack.Act, fields map[string]value, outcome, party string) *expr.Env {
	return &expr.Env{
		Fact: func(name string) value {
			if name == "outcome" && outcome != "" {
				return expr.OfText(outcome)
			}
			if v, ok := fields[name]; ok {
				return v
			}
			if a != nil && slices.ContainsFunc(a.Fields(), func(x *rulepack.Field) bool { return x.ID == name }) {
				return value{}
			}
			v, _ := f.Value(name, party)
			return v
		},
		Ask: func(function string, args []value) value { return f.ask(a, function, args, party) },
	}
}

func (f *folder) ask(a *rulepack.Act, function string, args []value, party string) value {
	each := ""
	if a != nil {
		each = a.Each
	}
	switch function {
	case "done":
		m, ok := f.proc().Moment(args[0].Text())
		if !ok {
			return value{}
		}
		if of := f.eachOf(m); of != "" && of != each {
			return expr.OfBool(f.all(m, of))
		}
		return expr.OfBool(f.has(m, party))
	case "owed", "running", "lapsed":
		return expr.OfBool(slices.ContainsFunc(f.obligations, func(o *Obligation) bool {
			if o.Term != args[0].Text() || (o.Party != "" && party != "" && o.Party != party) {
				return false
			}
			switch function {
			case "owed":
				return o.Owed()
			case "running":
				return o.Status == Running
			}
			return o.Status == Late || o.Status == StatusGone
		}))
	case "bound":
		return expr.OfBool(len(f.active(args[0].Text())) > 0)
	case "heavier":
		return f.heavier(args[0].Set(), args[1].Set())
	case "days":
		return expr.OfInt(int64(args[1].Date() - args[0].Date()))
	case "workdays":
		return expr.OfInt(int64(f.rules.Calendar.WorkingDays(args[0].Date(), args[1].Date())))
	}
	return value{}
}

// heavier compares two sets of measures on the ladder that holds them.
func (f *folder) heavier(a, b []string) value {
	for _, l := range f.proc().Pack.Ladders {
		if slices.ContainsFunc(l.Rows, func(o rulepack.Option) bool { return slices.Contains(a, o.ID) || slices.Contains(b, o.ID) }) {
			return expr.OfBool(l.Rank(a) > l.Rank(b))
		}
	}
	return expr.OfBool(false)
}

// gates tests who takes part and what is filled in.
func (f *folder) gates(a *rulepack.Act, c *Command, party string) *Refusal {
	no := func(why Why, basis rulepack.Basis, names ...string) *Refusal {
		return &Refusal{Why: why, Act: a.ID, Party: party, Clauses: basis.Or(a.Basis).Clauses(), Names: names}
	}
	for _, p := range c.Staff {
		if cites, out := f.recused[p]; out {
			return &Refusal{Why: IsRecused, Act: a.ID, Party: party, Clauses: cites, Names: []string{string(p)}}
		}
	}
	if a.Staff != nil {
		if have := f.staff(a, c, party); have < a.Staff.AtLeast {
			r := no(TooFewStaff, a.Staff.Basis)
			r.Count = a.Staff.AtLeast
			return r
		}
	}
	for _, s := range a.Separate {
		for _, p := range append([]org.PersonID{c.Actor}, c.Staff...) {
			if p != "" && slices.Contains(f.doneBy[s.Act], p) {
				return no(SamePerson, s.Basis, s.Act)
			}
		}
	}
	if a.Outcome(c.Outcome) == nil && (len(a.Outcomes) > 0 || c.Outcome != "") {
		return no(OutcomeMissing, a.Basis, "outcome")
	}
	env := f.env(a, c.Fields, c.Outcome, party)
	if r := f.contents(a, c, party, env); r != nil {
		return r
	}
	for _, n := range a.Needs {
		got := n.If.Eval(env)
		if !got.Known {
			return no(NotYetKnown, n.Basis, got.Missing...)
		}
		if !got.Value.Bool() {
			return no(NeedNotMet, n.Basis, got.Used...)
		}
	}
	return f.extensionCap(a, c, party)
}

// staff counts the persons who take part and may: of an act that binds them,
// those in the matter and those it binds; of others, those named with the act.
func (f *folder) staff(a *rulepack.Act, c *Command, party string) int {
	seen := map[org.PersonID]bool{}
	if len(a.Staff.Of) == 1 && slices.Contains(f.binding(a, c), a.Staff.Of[0]) {
		for _, b := range f.active(a.Staff.Of[0]) {
			seen[b.Person] = true
		}
		for _, r := range c.Binds[a.Staff.Of[0]] {
			seen[r.Person] = true
		}
	} else {
		for _, p := range append([]org.PersonID{c.Actor}, c.Staff...) {
			if _, ok := f.entitled(f.rules, p, a.Staff.Of, a.Each, party, c.On); ok {
				seen[p] = true
			}
		}
	}
	for p := range f.recused {
		delete(seen, p)
	}
	delete(seen, "")
	return len(seen)
}

// binding lists the party names that the command may bind.
func (f *folder) binding(a *rulepack.Act, c *Command) []string {
	out := slices.Clone(a.Effects.Binds)
	if o := a.Outcome(c.Outcome); o != nil {
		out = append(out, o.Effects.Binds...)
	}
	return out
}

// extensionCap refuses an extension of what no longer runs, or beyond the cap.
func (f *folder) extensionCap(a *rulepack.Act, c *Command, party string) *Refusal {
	for _, t := range f.proc().Terms {
		if t.Extended == nil || t.Extended.Act != a.ID {
			continue
		}
		no := func(why Why) *Refusal {
			return &Refusal{Why: why, Act: a.ID, Party: party, Clauses: t.Extended.Basis.Clauses(), Names: []string{t.ID}}
		}
		ran := false
		for _, o := range f.obligations {
			if o.Term != t.ID || o.Status != Running || (a.Each != "" && t.Each == a.Each && o.Party != party) {
				continue
			}
			ran = true
			if t.Extended.Times > 0 && len(o.Extensions) >= t.Extended.Times {
				r := no(CapReached)
				r.Count = t.Extended.Times
				return r
			}
			due, _, _, ok := f.extended(o, t, c.Fields)
			if !ok {
				return no(NotYetKnown)
			}
			if latest := f.cap(o, t); latest != 0 && due > latest {
				r := no(CapReached)
				r.Day = latest
				return r
			}
		}
		if !ran {
			return no(RightLapsed)
		}
	}
	return nil
}
