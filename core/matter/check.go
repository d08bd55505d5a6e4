// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"slices"
	"strings"

	"quanze/core/calendar"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

// possible tests what the matter itself says of an act: started or ended, in
// question, once, after, waits, a right that lapsed. It asks nothing of the
// person or of what is filled in.
func (f *folder) possible(a *rulepack.Act, party string, day calendar.Date) *Refusal {
	no := refuser(a, party)
	if a.Modality == rulepack.Forbidden {
		return no(IsForbidden, a.Basis)
	}
	if a.Starts != !f.started {
		if f.started {
			return no(AlreadyDone, a.Basis, a.ID)
		}
		return no(NotStarted, a.Basis)
	}
	if pack := f.proc().Pack; a.Starts && (day < pack.From || (pack.To != 0 && day > pack.To)) {
		r := no(NotInForce, pack.ForceBasis)
		r.Day = pack.From
		return r
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
	if r := f.lapsedRight(a, party, day); r != nil {
		return r
	}
	if r := f.standsStill(a, party); r != nil {
		return r
	}
	if r := f.stillShut(a, party, day); r != nil {
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
		env := f.env(a, nil, "", party)
		switch got := a.When.Eval(env); {
		case !got.Known:
			return f.unknown(a, a.Basis, got.Missing, env, no)
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
		if f.meets(a, o) {
			return true
		}
	}
	return false
}

// lapsedRight refuses an act whose right has run out and does not run anew. A
// window stays shut after its last day though something was done within it.
func (f *folder) lapsedRight(a *rulepack.Act, party string, day calendar.Date) *Refusal {
	var gone *Obligation
	for _, o := range f.obligations {
		t := f.termOf(o)
		if t == nil || (t.Kind != rulepack.Right && t.Kind != rulepack.Window) || (o.Party != "" && o.Party != party) || !f.meets(a, o) {
			continue
		}
		// A window that was met shuts all the same, but not on what is ordered to
		// be done again.
		past := t.Kind == rulepack.Window && o.Status == StatusMet && o.Due != 0 && o.Due < day && f.counts(a, party)
		switch {
		case o.Owed(), t.Kind == rulepack.Window && o.Status == StatusMet && !past:
			return nil
		case o.Status == StatusGone, past:
			gone = o
		}
	}
	if gone == nil {
		return nil
	}
	t := f.proc().Term(gone.Term)
	return &Refusal{Why: RightLapsed, Act: a.ID, Party: party, Clauses: t.Basis.Clauses(), Names: []string{t.ID}, Day: gone.Due}
}

// stillShut refuses an act whose window has not opened, unless another running
// of it is open.
func (f *folder) stillShut(a *rulepack.Act, party string, day calendar.Date) *Refusal {
	var no *Refusal
	for _, o := range f.obligations {
		t := f.termOf(o)
		if t == nil || t.Kind != rulepack.Window || !o.Owed() || (o.Party != "" && o.Party != party) || !f.meets(a, o) {
			continue
		}
		if o.Opens <= day {
			return nil
		}
		if no == nil || o.Opens < no.Day {
			no = &Refusal{Why: TooEarly, Act: a.ID, Party: party, Clauses: t.Basis.Clauses(), Names: []string{t.ID}, Day: o.Opens}
		}
	}
	return no
}

// once refuses a second time, unless the act may be repeated, or does not yet
// count for somebody who was bound, or sent back, since.
func (f *folder) once(a *rulepack.Act, party string) *Refusal {
	if a.Repeat && !a.Lawful() { // what the rule itself does, it does once
		return nil
	}
	if !f.counts(a, party) {
		return nil
	}
	if a.Each == "" {
		for _, each := range f.proc().Dependents(a.ID) {
			for _, b := range f.active(each) {
				if _, counts := f.last(a, a.ID, b.Key()); !counts {
					return nil
				}
			}
		}
	}
	return &Refusal{Why: AlreadyDone, Act: a.ID, Party: party, Clauses: a.Basis.Clauses(), Names: []string{a.ID}}
}

// counts reports whether the act, or what it counts as, was done and has not
// been put to be done again since.
func (f *folder) counts(a *rulepack.Act, party string) bool {
	for _, id := range []string{a.ID, a.CountsAs} {
		if act := f.proc().Act(id); act != nil {
			if _, done := f.last(act, act.ID, party); done {
				return true
			}
		}
	}
	return false
}

// condition tests one entry of after for the party.
func (f *folder) condition(a *rulepack.Act, c rulepack.Condition, party string, day calendar.Date) *Refusal {
	var unset *Refusal
	if c.When != nil {
		env := f.env(a, nil, "", party)
		binds := c.When.Eval(env)
		if binds.False() {
			return nil
		}
		if r := f.unknown(a, c.Basis.Or(a.Basis), binds.Missing, env, refuser(a, party)); !binds.Known && r.Why == LocalUnset {
			unset = r // whether it binds is the jurisdiction's to say
		}
	}
	var missing []string
	var early *Refusal
	clauses := c.Basis.Or(a.Basis).Clauses()
	closed := len(c.Any) > 0
	for _, m := range c.Any {
		ok, out, on := f.holds(m, a.Each, party, c.OneParty)
		closed = closed && out
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
	if closed {
		return nil
	}
	if unset != nil {
		return unset
	}
	return &Refusal{Why: TooEarly, Act: a.ID, Party: party, Clauses: clauses, Names: missing}
}

// holds reports whether a moment has been, for an act done per each for party;
// or whether it has only been taken out of question, which holds nobody up
// unless another moment would do. One that never was in question yet holds up.
func (f *folder) holds(m rulepack.Moment, each, party string, one bool) (came, closed bool, on calendar.Date) {
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
			return true, false, st.on
		}
		return false, closedFor(party), 0
	}
	if one {
		return f.holdsForOne(m, of, closedFor)
	}
	active := f.active(of)
	if len(active) == 0 {
		declared := f.proc().Party(of)
		return f.everBound(of) || (declared != nil && declared.Optional), false, 0
	}
	for _, b := range active {
		st, ok := f.at(m, b.Key())
		if !ok && !closedFor(b.Key()) {
			return false, false, 0
		}
		came, on = came || ok, max(on, st.on)
	}
	return came, !came, on
}

// holdsForOne: the moment of one party is enough, of one who has left too.
func (f *folder) holdsForOne(m rulepack.Moment, of string, closedFor func(string) bool) (came, closed bool, on calendar.Date) {
	closed = len(f.active(of)) > 0
	for _, b := range f.parties {
		if b.Name != of {
			continue
		}
		if st, ok := f.at(m, b.Key()); ok {
			return true, false, st.on
		}
		closed = closed && (b.Left != 0 || closedFor(b.Key()))
	}
	if !f.everBound(of) {
		declared := f.proc().Party(of)
		return declared != nil && declared.Optional, false, 0
	}
	return false, closed, 0
}

// env gives an expression the fields being filled in, then the facts; what
// nobody has said is unknown, never false.
func (f *folder) env(a *rulepack.Act, fields map[string]value, outcome, party string) *expr.Env {
	each := ""
	if a != nil {
		each = a.Each
	}
	env := &expr.Env{Ask: func(function string, args []value) value { return f.ask(each, function, args, party) }}
	env.Fact = func(name string) value {
		if name == "outcome" && outcome != "" {
			return expr.OfText(outcome)
		}
		return f.fact(name, a, fields, party, env)
	}
	return env
}

// envOn is the same for a term of that each: local parameters are read as they
// were on the day it starts.
func (f *folder) envOn(each, party string, day calendar.Date) *expr.Env {
	env := &expr.Env{Ask: func(function string, args []value) value { return f.ask(each, function, args, party) }}
	env.Fact = func(name string) value {
		if rest, ok := strings.CutPrefix(name, localHead+"."); ok {
			return f.localValue(f.rules, rest, day)
		}
		return f.fact(name, nil, nil, party, env)
	}
	return env
}

func (f *folder) ask(each, function string, args []value, party string) value {
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
	case "kind", "private", "class", "at", "under":
		return f.askOrg(function, args, each, party)
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
		if !l.Flat && slices.ContainsFunc(l.Rows, func(o rulepack.Option) bool { return slices.Contains(a, o.ID) || slices.Contains(b, o.ID) }) {
			return expr.OfBool(l.Rank(a) > l.Rank(b))
		}
	}
	return expr.OfBool(false)
}

// gates tests who takes part and what is filled in.
func (f *folder) gates(a *rulepack.Act, c *Command, party string) *Refusal {
	no := refuser(a, party)
	for _, p := range c.Staff {
		if cites, out := f.standsAside(p); out {
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
			if p != "" && slices.Contains(f.doneBy.at(s.Act), p) {
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
	if r := f.recusalGate(a, c); r != nil {
		return r
	}
	held := *c
	if p, ok := f.proposals.get(mark{a.ID, party}); ok && c.Minutes != nil && c.Moment == Done && len(a.Approved) > 0 {
		held.On = p.On // who its members were, the day of the meeting says
	}
	if r := f.deliberation(a, &held, party); r != nil {
		return r
	}
	for _, n := range a.Needs {
		for _, env := range f.needEnvs(a, n, c, env) {
			if r := f.need(a, n, env, no); r != nil {
				return r
			}
		}
	}
	if r := f.tooHeavy(a, c, party); r != nil {
		return r
	}
	return f.extensionCap(a, c, party)
}

// unknown refuses for what nobody has stated: the facts at the root of it, or
// the local parameter that nobody has set.
func (f *folder) unknown(a *rulepack.Act, basis rulepack.Basis, missing []string, env *expr.Env, no refuse) *Refusal {
	names, _ := f.leaves(missing, env)
	for _, name := range names {
		if local, ok := strings.CutPrefix(name, localHead+"."); ok {
			r := no(LocalUnset, basis, local)
			r.Clauses = f.localBasis(local, a)
			return r
		}
	}
	return no(NotYetKnown, basis, names...)
}

// needEnvs are what a condition is held against: of a common act that binds
// parties and asks what their unit or post is, each of those it binds.
func (f *folder) needEnvs(a *rulepack.Act, n rulepack.Need, c *Command, env *expr.Env) []*expr.Env {
	if a.Each != "" {
		return []*expr.Env{env}
	}
	var out []*expr.Env
	for _, name := range n.If.Parties {
		for _, ref := range c.Binds[name] {
			key := ref.Key()
			one := &expr.Env{Fact: env.Fact, Ask: func(function string, args []value) value { return f.ask(name, function, args, key) }}
			out = append(out, one)
		}
	}
	if len(out) == 0 {
		return []*expr.Env{env}
	}
	return out
}

// need tests one condition over what is known and filled in.
func (f *folder) need(a *rulepack.Act, n rulepack.Need, env *expr.Env, no refuse) *Refusal {
	got := n.If.Eval(env)
	if !got.Known {
		return f.unknown(a, n.Basis, got.Missing, env, no)
	}
	if got.Value.Bool() {
		return nil
	}
	_, clauses := f.leaves(got.Used, env)
	r := no(NeedNotMet, n.Basis, got.Used...)
	for _, c := range clauses {
		if !slices.Contains(r.Clauses, c) {
			r.Clauses = append(slices.Clip(r.Clauses), c)
		}
	}
	return r
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
			if f.fills(Event{On: c.On, Actor: Actor{Person: p}}, a.Staff.Of, a, party) {
				seen[p] = true
			}
		}
	}
	for p := range seen {
		if f.isOut(p) {
			delete(seen, p)
		}
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
		ran, still := false, false
		for _, o := range f.obligations {
			if o.Term == t.ID && o.Status == Held && o.suspended() {
				still = true
			}
			if o.Term != t.ID || !o.extendable() || (a.Each != "" && t.Each == a.Each && o.Party != party) {
				continue
			}
			ran = true
			if t.Extended.Times > 0 && len(o.Extensions) >= t.Extended.Times {
				r := no(CapReached)
				r.Count = t.Extended.Times
				return r
			}
			due, _, _, ok := f.extended(o, t, c.Fields, c.On)
			if !ok {
				return no(NotYetKnown)
			}
			if latest := f.cap(o, t, c.On); latest != 0 && due > latest {
				r := no(CapReached)
				r.Day = latest
				return r
			}
		}
		if !ran && still {
			return no(IsStopped)
		}
		if !ran {
			return no(RightLapsed)
		}
	}
	return nil
}
