// SPDX-License-Identifier: Apache-2.0

package check

import (
	"slices"

	"quanze/core/rulepack"
)

// start makes a running of a term for everyone the moment concerns.
func (k *marking) start(st rulepack.StartOf, by *instant, inst int, act *rulepack.Act) {
	t, n := st.Term, numberOf(st)
	switch {
	case t.Each == "":
		if by.each != "" && !st.Start.Any && !k.everybody(by) {
			return
		}
		k.begin(t, n, 0)
	case by.each == t.Each:
		k.begin(t, n, inst)
	default:
		if by.each != "" && !st.Start.Any && !k.everybody(by) {
			return
		}
		binds := act != nil && (act.Starts && k.fresh != 0 || k.bindsName(act, t.Each))
		for _, i := range k.active(t.Each) {
			if binds && k.fresh>>i&1 == 0 {
				continue
			}
			k.begin(t, n, i)
		}
	}
}

// numberOf is which start of its term it is.
func numberOf(st rulepack.StartOf) int {
	for i := range st.Term.Start {
		if &st.Term.Start[i] == st.Start {
			return i
		}
	}
	return 0
}

func (k *marking) bindsName(a *rulepack.Act, name string) bool {
	return slices.ContainsFunc(effectsOf(a), func(e rulepack.Effects) bool { return slices.Contains(e.Binds, name) })
}

func (k *marking) begin(t *rulepack.Term, n, inst int) {
	s := t.Start[n]
	if s.Local != "" {
		if chosen, set := k.locals[s.Local]; set && chosen != s.Choice {
			return
		} else if !set && k.ch.guess(2) == 1 {
			return
		}
	}
	if s.Wait.N > 0 {
		k.pend(t, n, inst, 2)
		return
	}
	k.beginNow(t, n, inst)
}

// beginNow starts a running, unless its guards say no; where they are not known
// yet it stays pending.
func (k *marking) beginNow(t *rulepack.Term, n, inst int) {
	x := k.ofTerm(t)
	if t.When != nil || t.Start[n].When != nil {
		assumed := k.assumed
		is, known := k.eval(t.When, question{inst: inst})
		is2, known2 := k.eval(t.Start[n].When, question{inst: inst})
		unseen := k.assumed // nobody can count on it that it does not begin
		k.assumed = assumed
		switch {
		case is == no && known == yes || is2 == no && known2 == yes:
			return
		case known == no || known2 == no:
			k.pend(t, n, inst, 1)
			return
		case is == maybe || is2 == maybe:
			among := 3
			if x.stated[n] {
				among = 2
			}
			switch k.ch.guess(among) {
			case 0: // nor that it does, where that may help
				k.assumed = assumed || unseen && x.counts
			case 1:
				k.assumed = assumed || unseen
				return
			case 2:
				k.assumed = assumed || unseen
				k.pend(t, n, inst, 1)
				return
			}
		}
	}
	if x.nobody && k.ch.guess(2) == 1 {
		return
	}
	slot := x.bits[inst]
	bits := k.s[slot]
	if bits&running != 0 {
		bits |= many
	}
	if k.heldAtOnce(t, inst) {
		bits |= held
	} else {
		bits |= running
	}
	k.s[slot] = bits
	k.begun = append(k.begun, slot)
	k.doneOnce[x.startKey] = true
}

// pend lets a start wait: for a fact (1) or a day (2).
func (k *marking) pend(t *rulepack.Term, n, inst int, v byte) {
	where := k.ofTerm(t).pending[n]
	k.set(where, inst, v)
	k.begun = append(k.begun, where[inst])
}

// drop takes back that a start waits, unless it does so since this event.
func (k *marking) drop(t *rulepack.Term, n, inst int) {
	if where := k.ofTerm(t).pending[n]; where[inst] >= 0 && !slices.Contains(k.begun, where[inst]) {
		k.s[where[inst]] = 0
	}
}

// nobody reports whether a term is met by service on somebody who may not exist.
func nobody(p *rulepack.Procedure, t *rulepack.Term) bool {
	for _, m := range t.MetBy {
		if m.Kind != rulepack.MomentServed || m.Detail == "" {
			return false
		}
		if x := p.Party(m.Detail); x != nil && !x.Optional {
			return false
		}
	}
	return len(t.MetBy) > 0
}

// effect lets the effects of an act come, in the kernel's order.
func (k *marking) effect(a *rulepack.Act, e *rulepack.Effects, outcome string, inst int) {
	for _, id := range e.Opens {
		k.turn(id, k.across(id, inst), true)
	}
	for _, id := range e.Closes {
		k.turn(id, k.across(id, inst), false)
		k.closing(id, k.across(id, inst))
	}
	for _, t := range k.terms {
		if slices.Contains(e.Releases, t.ID) || (e.ReleasesAll && t.Kind == rulepack.Duty) {
			for _, i := range k.placesOf(t) {
				if inst != 0 && i != inst {
					continue
				}
				k.free(t, i)
				for n := range t.Start {
					k.drop(t, n, i)
				}
			}
		}
	}
	if e.ReleasesAll {
		k.freed, k.freedFor = true, inst
	}
	if e.Recuses && a.Each != "" && inst != 0 {
		k.set(k.inMatter, inst, 2)
		for _, t := range k.terms {
			if t.Each != a.Each || t.Kind == rulepack.Effect {
				continue
			}
			k.free(t, inst)
			for n := range t.Start {
				k.drop(t, n, inst)
			}
		}
	}
	if e.Stops != nil {
		for n := range k.stops {
			if k.stops[n].Stops == e.Stops {
				k.stop(&k.stops[n], inst)
			}
		}
	}
	if e.Replaces != "" {
		k.replace(e.Replaces, inst)
	}
	if e.Ends != "" && k.ends(a, outcome) {
		k.wish(inst)
	}
}

// closing releases the duties that only the closed act would have met.
func (k *marking) closing(id string, inst int) {
	for _, a := range k.p.CountingAs(id) {
		if open, _ := k.question(a, inst); open {
			return
		}
	}
	for _, t := range k.terms {
		if t.Kind != rulepack.Duty || len(t.MetBy) == 0 || slices.ContainsFunc(t.MetBy, func(x rulepack.Moment) bool { return x.Of != id }) {
			continue
		}
		for _, i := range k.placesOf(t) {
			if inst == 0 || i == 0 || i == inst {
				k.put(isTerm, t.ID, i, k.get(isTerm, t.ID, i)&^(owed|many))
			}
		}
	}
}

// strike takes an act back as if it had never been done. Which of the runnings
// of a term it started the model does not tell apart, where others start it too.
func (k *marking) strike(id string, inst int) {
	if id == "" {
		return
	}
	targets := []string{id}
	for _, a := range k.p.CountingAs(id) {
		targets = append(targets, a.ID)
	}
	for _, target := range targets {
		k.forgetDone(target, inst)
	}
	for _, f := range k.p.Facts {
		if !k.cone.facts[f.ID] || !slices.ContainsFunc(f.SetBy, func(a string) bool { return slices.Contains(targets, a) }) {
			continue
		}
		only := !slices.ContainsFunc(f.SetBy, func(a string) bool { return !slices.Contains(targets, a) })
		if only || k.ch.guess(2) == 0 {
			k.put(isFact, f.ID, inst, 0)
			if inst == 0 {
				for i := range k.inst {
					k.put(isFact, f.ID, i, 0)
				}
			}
		}
	}
	for _, t := range k.terms {
		by := func(s rulepack.Start) bool { return s.Becomes == nil && slices.Contains(targets, s.Moment.Of) }
		if !slices.ContainsFunc(t.Start, by) {
			continue
		}
		only := !slices.ContainsFunc(t.Start, func(s rulepack.Start) bool { return !by(s) })
		for _, i := range k.placesOf(t) {
			if inst != 0 && i != inst {
				continue
			}
			if only || k.ch.guess(2) == 0 {
				k.free(t, i)
			}
			for n, s := range t.Start {
				if by(s) {
					k.drop(t, n, i)
				}
			}
		}
	}
	for n := range k.stops {
		for i := range k.inst {
			if s := &k.stops[n]; slices.Contains(targets, s.act) && k.at(s.where, i) != 0 && (inst == 0 || i == inst) {
				k.lift(s, i)
			}
		}
	}
	for _, target := range targets {
		for _, d := range k.p.DaysOf(target) {
			k.put(isDay, d.String(), inst, 0)
		}
	}
}

// replace lets the terms of an earlier act follow the facts as they are now:
// with a guard, each may stay or be released, and those whose start has been may
// begin.
func (k *marking) replace(target string, inst int) {
	for _, t := range k.terms {
		if !guarded(t) {
			continue
		}
		for _, i := range k.placesOf(t) {
			if inst != 0 && i != 0 && i != inst {
				continue
			}
			if k.get(isTerm, t.ID, i)&owed != 0 && k.ch.guess(2) == 1 {
				k.free(t, i)
			}
			for n, s := range t.Start {
				if s.Becomes == nil && s.Moment.Of == target && (t.When != nil || s.When != nil) && k.has(k.instant(s.Moment.String()), i) && k.ch.guess(2) == 1 {
					k.beginNow(t, n, i)
				}
			}
		}
	}
}

// wish asks for the end. Duties outside the question may hold it up, so it may
// come at once or later.
func (k *marking) wish(inst int) {
	k.set(k.wishes, inst, max(1, k.at(k.wishes, inst)))
	k.wished |= 1 << inst
}

// settle lets what was pending begin, the rule itself act, and endings come.
func (k *marking) settle() {
	for _, t := range k.terms {
		x := k.ofTerm(t)
		for n, where := range x.pending {
			for _, i := range x.insts {
				if k.at(where, i) == 1 {
					k.set(where, i, 0)
					k.beginNow(t, n, i)
				}
			}
		}
	}
	for _, st := range k.becomes {
		k.becoming(st)
	}
	if len(k.follows) > 0 {
		for range len(k.acts) + 1 {
			if !k.follow() {
				break
			}
		}
	}
	k.end()
}

func (k *marking) becoming(st rulepack.StartOf) {
	t, n := st.Term, numberOf(st)
	x := k.ofTerm(t)
	for _, i := range x.insts {
		if i != 0 && k.party(i) != 1 {
			continue
		}
		is, _ := k.eval(st.Start.Becomes, question{inst: i})
		if is == maybe {
			is = [...]truth{yes, no}[k.ch.guess(2)]
		}
		was := k.at(x.became[n], i)
		k.set(x.became[n], i, map[bool]byte{true: 1}[is == yes])
		if is == yes && was == 0 {
			k.begin(t, n, i)
		}
	}
}

// follow does the acts of the rule itself that have become possible.
func (k *marking) follow() bool {
	followed := false
	for _, a := range k.follows {
		waits := k.cone.later(a)
		for _, i := range k.places(a.Each) {
			if i != 0 && k.party(i) != 1 {
				continue
			}
			is := k.possible(a, i)
			if is == no || (is == maybe && k.ch.guess(2) == 1) || (is == yes && waits && k.ch.pick(2) == 1) {
				continue
			}
			k.chosen, k.again, k.begun, k.freed, k.wished = k.chosen[:0], k.again[:0], k.begun[:0], false, 0 // an event of its own
			k.seen(a)
			k.done(a, "", i)
			followed = true
		}
	}
	return followed
}

// end carries out wishes. For a party: it leaves, or a duty keeps it in; for
// the whole: the matter has ended, or goes on. Both are followed.
func (k *marking) end() {
	for i := 1; i < len(k.inst); i++ {
		if k.at(k.wishes, i) == 1 && k.party(i) == 1 && k.goes(i) {
			k.set(k.inMatter, i, 2)
		}
	}
	if k.at(k.wishes, 0) == 1 && k.goes(0) {
		k.set(k.wishes, 0, 2)
	}
}

// goes reports whether a wished ending comes: not while a duty of the question
// holds it up; for certain if none can.
func (k *marking) goes(inst int) bool {
	holds := k.holdsUp(inst)
	if k.freed && (k.freedFor == 0 || k.freedFor == inst) && k.wished>>inst&1 == 1 && holds != yes {
		return true // the event that ends it released all else, seen or not
	}
	switch holds {
	case yes:
		return false
	case no:
		return k.whole || k.cone.staying && k.cone.cut == nil || k.ch.guess(2) == 0
	}
	return k.ch.guess(2) == 0
}

// holdsUp reports whether a duty of the question holds an end up. One that the
// ending act itself started does not, but may have been started otherwise too.
func (k *marking) holdsUp(inst int) truth {
	out := no
	if k.sleeping() { // a day to come may bring a duty
		out = maybe
	}
	for _, t := range k.terms {
		if t.Kind != rulepack.Duty {
			continue
		}
		for _, i := range k.placesOf(t) {
			if (inst != 0 && i != inst) || k.get(isTerm, t.ID, i)&owed == 0 {
				continue
			}
			if !k.endsBy[t.ID] {
				return yes
			}
			out = maybe
		}
	}
	return out
}

// sleeping reports whether a duty may begin on a day to come.
func (k *marking) sleeping() bool {
	for _, t := range k.terms {
		if t.Kind != rulepack.Duty {
			continue
		}
		x := k.ofTerm(t)
		for _, where := range x.pending {
			if slices.ContainsFunc(x.insts, func(i int) bool { return k.at(where, i) == 2 }) {
				return true
			}
		}
	}
	return slices.ContainsFunc(k.daySlots, func(slot int) bool { return k.s[slot] != 0 })
}
