// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"cmp"
	"slices"

	"quanze/core/calendar"
	"quanze/core/rulepack"
)

// Fold builds the state of a matter from its record. Only the facts are folded,
// in legal order: by day, and within a day by order of record. What was
// recorded of consequences is kept aside, to compare with.
func Fold(events []Event, rules *Rules) *State {
	s := newState()
	for _, e := range events {
		s.lastSeq = max(s.lastSeq, e.Seq)
		switch {
		case e.Kind.Fact():
			s.facts = append(s.facts, e)
		case e.Kind == Reversed:
			delete(s.recorded, e.Key)
		default:
			s.recorded[e.Key] = e.Seq
		}
	}
	s.replay(rules, s.facts)
	return s
}

// replay folds facts into a state that has none yet.
func (s *State) replay(rules *Rules, facts []Event) {
	f := &folder{State: s, rules: rules}
	for _, e := range facts {
		s.kept = append(s.kept, e.Kept...)
	}
	for _, e := range legalOrder(facts) {
		f.advance(e.On)
		f.apply(e)
	}
}

// legalOrder applies corrections to the facts they speak of and sorts them.
func legalOrder(facts []Event) []Event {
	out := make([]Event, 0, len(facts))
	sorted := true
	for _, e := range facts {
		switch e.Kind {
		case Corrected, Struck:
			for i := range out {
				if out[i].Seq != e.Target {
					continue
				}
				if e.Kind == Struck {
					out = slices.Delete(out, i, i+1)
					break
				}
				out[i].On = e.On
				for name, v := range e.Fields {
					fields := make(map[string]value, len(out[i].Fields)+1)
					for k, w := range out[i].Fields {
						fields[k] = w
					}
					fields[name] = v
					out[i].Fields = fields
				}
				sorted = false
				break
			}
		default:
			if n := len(out); n > 0 && out[n-1].On > e.On {
				sorted = false
			}
			out = append(out, e)
		}
	}
	if !sorted {
		slices.SortStableFunc(out, func(a, b Event) int { return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.Seq, b.Seq)) })
	}
	return out
}

// folder is a state being built, with the rules it is built by.
type folder struct {
	*State
	rules *Rules
}

func (f *folder) proc() *rulepack.Procedure { return f.rules.Procedure }

// Apply returns the state after one more recorded event that comes last.
func Apply(s *State, e Event, rules *Rules) *State {
	c := s.clone()
	c.lastSeq = max(c.lastSeq, e.Seq)
	if !e.Kind.Fact() {
		recorded := make(map[string]int, len(c.recorded)+1)
		for k, v := range c.recorded {
			recorded[k] = v
		}
		if e.Kind == Reversed {
			delete(recorded, e.Key)
		} else {
			recorded[e.Key] = e.Seq
		}
		c.recorded = recorded
		return c
	}
	c.facts = append(c.facts, e)
	if e.Kind == Corrected || e.Kind == Struck || e.On < c.on || len(e.Kept) > 0 {
		fresh := newState()
		fresh.facts, fresh.recorded, fresh.lastSeq = c.facts, c.recorded, c.lastSeq
		fresh.replay(rules, c.facts)
		return fresh
	}
	f := &folder{State: c, rules: rules}
	f.advance(e.On)
	f.apply(e)
	return c
}

// apply lets one fact have its effects.
func (f *folder) apply(e Event) {
	f.on = max(f.on, e.On)
	f.order++
	act := f.proc().Act(e.Act)
	if act == nil {
		return // the act was left out of this version; its fact is kept, and moves nothing
	}
	f.started = true
	key := mark{act.ID, e.Party}
	switch e.Kind {
	case Proposed:
		f.proposals[key] = e
		f.note(act.ID+".proposed", e)
	case Returned, Declined:
		delete(f.proposals, key)
		word := map[Kind]string{Returned: ".returned", Declined: ".refused"}[e.Kind]
		f.note(act.ID+word, e)
	case Served:
		f.served(act, e)
	case Done:
		f.irregular(act, e)
		if p, ok := f.proposals[key]; ok {
			f.doneBy[act.ID] = append(f.doneBy[act.ID], p.Actor.Person)
		}
		delete(f.proposals, key)
		f.done(act, e.Outcome, e.Party, e)
	}
	f.settle(e.On)
}

// irregular finds an act that stands in the record and would be refused at its
// place today, because a late entry or a correction took its ground away. It
// stays done, for a person to settle.
func (f *folder) irregular(act *rulepack.Act, e Event) {
	if act.Starts {
		return
	}
	if r := f.possible(act, e.Party, e.On); r != nil {
		f.consequence(Event{Kind: Found, On: e.On, Key: "found|irregular|" + itoa(e.Seq), Act: act.ID, Party: e.Party, Target: e.Seq,
			Finding: "irregular", Bearer: []Ref{{Person: e.Actor.Person}}, Clauses: r.Clauses})
	}
}

// moment is one thing that came about, for relations to look at.
type moment struct {
	name  string
	party string
	on    calendar.Date
	// cause is the identity of what brought it, the same in every replay.
	cause string
	act   string
	event *Event
	// binds are the names of parties that this very act bound.
	binds []string
	order int
}

// note marks a moment that starts and meets terms but has no effects of its own.
func (f *folder) note(name string, e Event) {
	f.occur(moment{name: name, party: e.Party, on: e.On, cause: itoa(e.Seq)})
}

// done lets an act take effect: its parties, facts, moments and relations.
func (f *folder) done(act *rulepack.Act, outcome, party string, e Event) {
	m := moment{name: act.ID, party: party, on: e.On, act: act.ID, event: &e, order: f.order, cause: causeOf(e, act.ID, party)}
	for _, name := range partyNames(f.proc(), e.Binds) {
		for _, ref := range e.Binds[name] {
			if f.bound(name, ref.Key()) == nil {
				f.parties = append(f.parties, &Bound{Ref: ref, Name: name, order: f.order})
			}
		}
	}
	m.binds = append(m.binds, act.Effects.Binds...)
	if o := act.Outcome(outcome); o != nil {
		m.binds = append(m.binds, o.Effects.Binds...)
	}
	if act.Starts {
		m.binds = append(m.binds, partyNames(f.proc(), e.Binds)...)
	}
	if e.Actor.Person != "" {
		f.doneBy[act.ID] = append(f.doneBy[act.ID], e.Actor.Person)
	}
	f.doneBy[act.ID] = append(f.doneBy[act.ID], e.Staff...)
	f.setFacts(act, e)
	all := []*rulepack.Act{act}
	if other := f.proc().Act(act.CountsAs); other != nil {
		all = append(all, other)
	}
	effects := []rulepack.Effects{act.Effects}
	basis := act.Basis
	if o := act.Outcome(outcome); o != nil {
		effects = append(effects, o.Effects)
		basis = o.Basis.Or(act.Basis)
	}
	for _, eff := range effects {
		f.undo(eff.Redo, party)
	}
	for _, a := range all {
		m.name = a.ID
		f.occur(m)
		if a.Outcome(outcome) != nil {
			m.name = a.ID + "." + outcome
			f.occur(m)
		}
	}
	f.extend(act, party, e)
	for _, eff := range effects {
		f.effect(eff, basis, m, party, e)
	}
}

// causeOf identifies what a fact brought about by its place in the record; of
// what the rule itself does there is no record, so by its name.
func causeOf(e Event, act, party string) string {
	if e.Seq == 0 {
		return "=" + named(act, party)
	}
	return itoa(e.Seq)
}

func partyNames(p *rulepack.Procedure, binds map[string][]Ref) []string {
	var out []string
	for _, party := range p.Parties {
		if len(binds[party.ID]) > 0 {
			out = append(out, party.ID)
		}
	}
	return out
}

func (f *folder) setFacts(act *rulepack.Act, e Event) {
	for _, fact := range f.proc().Facts {
		v, ok := e.Fields[fact.ID]
		if !ok || !slices.Contains(fact.SetBy, act.ID) {
			continue
		}
		party := ""
		if fact.Per != "" {
			party = e.Party
		}
		f.values[mark{fact.ID, party}] = known{v, e.Seq}
	}
}

func (f *folder) undo(redo []string, party string) {
	for _, id := range redo {
		target := f.proc().Act(id)
		if target == nil {
			continue
		}
		key := mark{id, ""}
		if party != "" {
			key.party = party
		}
		// The act that orders the redo may be one of those to be done again.
		f.undone[key] = f.order
		if party == "" && target.Each != "" {
			f.undone[mark{id, ""}] = f.order
		}
	}
}

func (f *folder) effect(eff rulepack.Effects, basis rulepack.Basis, m moment, party string, e Event) {
	for _, id := range eff.Opens {
		f.turn(id, party, true, basis)
	}
	for _, id := range eff.Closes {
		f.turn(id, party, false, basis)
		f.closed(id, party, m, basis)
	}
	for _, o := range f.obligations {
		t := f.proc().Term(o.Term)
		named := slices.Contains(eff.Releases, o.Term)
		duty := eff.ReleasesAll && t != nil && t.Kind == rulepack.Duty // a running right is cut by name only
		if o.Owed() && (named || duty) && (party == "" || o.Party == party) && o.Start != m.cause {
			f.release(o, m, basis)
		}
	}
	if eff.Recuses {
		if b := f.boundAs(f.proc().Act(m.act), party); b != nil && b.Person != "" {
			b.Left, b.Recused = m.on, true
			f.recused[b.Person] = basis.Clauses()
			f.freeParty(b, m, basis)
		}
	}
	if eff.OpensMatter != nil {
		f.openMatter(eff.OpensMatter, m, party)
	}
	if eff.Ends != "" {
		f.wishes = append(f.wishes, wish{party: party, name: f.eachOfAct(m.act), outcome: eff.Ends, start: m.cause, on: m.on, clauses: basis.Clauses()})
	}
}

func (f *folder) boundAs(act *rulepack.Act, party string) *Bound {
	if act == nil || act.Each == "" {
		return nil
	}
	return f.bound(act.Each, party)
}

func (f *folder) turn(id, party string, open bool, basis rulepack.Basis) {
	target := f.proc().Act(id)
	if target == nil {
		return
	}
	key := mark{id, ""}
	if target.Each != "" {
		key.party = party
	}
	f.opened[key] = switched{f.order, open, basis.Clauses()}
}

func (f *folder) eachOfAct(id string) string {
	if a := f.proc().Act(id); a != nil {
		return a.Each
	}
	return ""
}

// closed releases the duties that only the closed act would have met, unless
// another act that counts as it may still be done.
func (f *folder) closed(id, party string, m moment, basis rulepack.Basis) {
	for _, a := range f.proc().Acts {
		if a.CountsAs != id {
			continue
		}
		if open, _ := f.inQuestion(a, party); open {
			return
		}
	}
	for _, o := range f.obligations {
		t := f.proc().Term(o.Term)
		if !o.Owed() || t == nil || (party != "" && o.Party != "" && o.Party != party) {
			continue
		}
		if len(t.MetBy) > 0 && !slices.ContainsFunc(t.MetBy, func(mm rulepack.Moment) bool { return mm.Of != id }) {
			f.release(o, m, basis)
		}
	}
}

func (f *folder) freeParty(b *Bound, m moment, basis rulepack.Basis) {
	for _, o := range f.obligations {
		if t := f.proc().Term(o.Term); o.Owed() && t != nil && t.Each == b.Name && o.Party == b.Key() && o.Start != m.cause {
			f.release(o, m, basis)
		}
	}
}

func (f *folder) release(o *Obligation, m moment, basis rulepack.Basis) {
	o.Status = StatusFreed
	f.consequence(Event{Kind: Released, On: m.on, Key: "released|" + o.Key + "|" + m.cause, Term: o.Term, Party: o.Party, Due: o.Due, Clauses: basis.Clauses()})
}

// served marks service on one recipient, and on the party or on all where that
// completes it.
func (f *folder) served(act *rulepack.Act, e Event) {
	base := act.ID + ".served"
	m := moment{name: base + "." + e.Recipient, party: e.Party, on: e.On, act: act.ID, event: &e, order: f.order, cause: itoa(e.Seq)}
	f.occur(m)
	m.name = base
	if act.Each != "" && slices.ContainsFunc(act.To, func(r rulepack.Recipient) bool { return r.Path.String() == act.Each }) {
		if e.Recipient == act.Each {
			f.occur(m)
		}
		return
	}
	issued, _ := f.last(act, act.ID, e.Party)
	for _, r := range act.To {
		if !f.servedSince(act, r.Path.String(), e.Party, issued) && len(f.refs(r.Path, act.Each, e.Party, e.On)) > 0 {
			return
		}
	}
	f.occur(m)
}

func (f *folder) consequence(e Event) { f.consequences = append(f.consequences, e) }

// openMatter asks for a linked matter; who its parties are is settled on the day.
func (f *folder) openMatter(o *rulepack.OpensMatter, m moment, party string) {
	opening := &Opening{Procedure: o.Procedure, Act: o.Act, Parties: map[string][]Ref{}}
	each := ""
	if act := f.proc().Act(m.act); act != nil {
		each = act.Each
	}
	for name, path := range o.Parties {
		opening.Parties[name] = f.refs(path, each, party, m.on)
	}
	f.consequence(Event{Kind: Opened, On: m.on, Key: "opened|" + o.Procedure + "|" + o.Act + "|" + m.name + "|" + m.cause, Act: o.Act, Party: party, Opens: opening, Clauses: o.Basis.Clauses()})
}

// settle lets what the rule itself does come about, then ends what may end.
func (f *folder) settle(on calendar.Date) {
	f.decidePending()
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
	for _, a := range f.proc().Acts {
		if !a.Lawful() || a.Starts || len(a.After) == 0 {
			continue
		}
		for _, party := range f.instances(a) {
			if !f.stirred(a, party) || f.possible(a, party, on) != nil {
				continue
			}
			e := Event{Kind: Followed, On: on, Act: a.ID, Party: party, Key: "followed|" + named(a.ID, party), Clauses: a.Basis.Clauses()}
			f.order++
			f.consequence(e)
			f.done(a, "", party, e)
			followed = true
		}
	}
	return followed
}

// stirred spares the tests of an act that waits for a lapse which has not come:
// almost every act of the rule itself does, after almost every fact.
func (f *folder) stirred(a *rulepack.Act, party string) bool {
	for _, c := range a.After {
		came := len(c.Any) == 0
		for _, m := range c.Any {
			of := f.eachOf(m)
			came = came || m.Kind != rulepack.MomentLapsed || (of != "" && of != a.Each) || len(f.marks[mark{m.String(), party}]) > 0 || len(f.marks[mark{m.String(), ""}]) > 0
		}
		if !came {
			return false
		}
	}
	return true
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
		t := f.proc().Term(o.Term)
		return t != nil && t.Kind == rulepack.Duty && o.Owed() && o.Start != w.start && (w.party == "" || o.Party == w.party)
	})
}

func (f *folder) finish(w wish, day calendar.Date) {
	f.ended, f.endedOn = w.outcome, day
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
	f.consequence(Event{Kind: Ended, On: day, Key: "ended|" + w.party + "|" + w.outcome, Party: w.party, Outcome: w.outcome, Clauses: w.clauses})
	if len(f.active(name)) == 0 {
		f.wishes = append(f.wishes, wish{outcome: w.outcome, start: w.start, on: day, clauses: w.clauses})
		if last := f.wishes[len(f.wishes)-1]; !f.held(last) {
			f.finish(last, day)
		}
	}
}

func itoa(n int) string {
	if n == 0 {
		return "0"
	}
	var buf [12]byte
	i := len(buf)
	for ; n > 0; n /= 10 {
		i--
		buf[i] = byte('0' + n%10)
	}
	return string(buf[i:])
}
