// SPDX-License-Identifier: Apache-2.0

package check

import (
	"slices"

	"quanze/core/rulepack"
)

// eventKind is what may happen in a marking.
type eventKind uint8

const (
	doAct eventKind = iota
	propose
	sendBack
	decline
	serve
	lapse
	come  // a day that a form has fixed
	begin // a start that waited
	leave // a party's part ends, for what lies outside the question
	tick  // days pass, and what the rule itself does may come
	other // something that a cut leaves out happens, and may decide what waited for it
)

// event is one thing that may happen: of an act, about a party, with an outcome.
type event struct {
	kind eventKind
	act  *rulepack.Act
	term *rulepack.Term
	inst int
	n    int // which outcome, recipient, start
	name string
	// quiet: of an act that may be done at once.
	quiet bool
}

// String names the event as a pack would.
func (e *event) String() string { return e.name }

// play lets an event happen, with the choices that are due. It reports whether
// it could.
func (k *marking) play(e *event) bool {
	switch e.kind {
	case doAct:
		if !k.perform(e) {
			return false
		}
	case propose:
		if x := k.of(e.act); k.at(x.proposed, e.inst) != 0 || k.possible(e.act, e.inst) == no {
			return false
		}
		k.set(k.of(e.act).proposed, e.inst, 1)
		k.occur(k.instant(e.name), e.inst, nil)
	case sendBack, decline:
		if k.at(k.of(e.act).proposed, e.inst) == 0 {
			return false
		}
		k.set(k.of(e.act).proposed, e.inst, 0)
		k.occur(k.instant(e.name), e.inst, nil)
	case serve:
		if !k.serve(e) {
			return false
		}
	case lapse:
		k.ch.guessed = k.ch.guessed || k.racing(e.term, e.inst)
		k.lapse(e.term, e.inst)
	case tick, other:
		k.ch.guessed = true
	case come:
		k.ch.guessed = true
		k.put(isDay, e.name, e.inst, 0)
		k.occur(k.instant(e.name), e.inst, e.act)
	case leave:
		k.ch.guessed = true
		k.set(k.inMatter, e.inst, 2)
	case begin:
		k.ch.guessed = true // days decide what comes first
		k.set(k.ofTerm(e.term).pending[e.n], e.inst, 0)
		k.beginNow(e.term, e.n, e.inst)
	}
	k.settle()
	k.blur()
	return true
}

// blur drops what nothing of the question looks at.
func (k *marking) blur() {
	for _, t := range k.terms {
		x := k.ofTerm(t)
		for _, i := range x.insts {
			bits := k.s[x.bits[i]]
			if x.keeps&late == 0 && bits&late != 0 { // late or running, it is owed
				bits = bits&^late | running
			}
			k.s[x.bits[i]] = bits & x.keeps
		}
	}
}

// perform does an act that a person does.
func (k *marking) perform(e *event) bool {
	a, outcome := e.act, ""
	if len(a.Outcomes) > 0 {
		outcome = a.Outcomes[e.n].ID
	}
	x := k.of(a)
	if x.proposed[e.inst] >= 0 && k.at(x.proposed, e.inst) == 0 {
		return false
	}
	is := k.possible(a, e.inst)
	if is == no || !x.relaxed && !k.extends(a, e.inst) {
		return false
	}
	if a.Starts {
		k.set(k.started, 0, 1)
	}
	if !k.bind(a, outcome) {
		return false
	}
	for _, f := range x.stated(a, outcome) {
		if n := len(f.told); n > 0 {
			if i := k.ch.pick(n + map[bool]int{false: 1}[f.must]); i < n {
				k.chosen = append(k.chosen, choice{f.Fact, f.told[i]})
			}
		}
	}
	if !x.relaxed {
		for n := range a.Needs {
			got := k.need(a, n, e.n, e.inst)
			if got == no {
				k.blocker = blocker{"needs", a.Needs[n].If.Source}
				return false
			}
			is = is.and(got)
		}
	}
	k.ch.guessed = k.ch.guessed || is == maybe
	k.done(a, outcome, e.inst)
	return true
}

// bind binds the parties an act binds: those it must, and as many more as the
// model has room for. The act that starts a matter may bind any.
func (k *marking) bind(a *rulepack.Act, outcome string) bool {
	must := a.Effects.Binds
	if o := a.Outcome(outcome); o != nil && len(o.Effects.Binds) > 0 {
		must = slices.Concat(must, o.Effects.Binds)
	}
	for _, name := range must {
		if !k.bindOne(name, true) {
			return false
		}
	}
	if a.Starts {
		for _, p := range k.p.Parties {
			if !slices.Contains(must, p.ID) && !k.bindOne(p.ID, false) {
				return false
			}
		}
	}
	return true
}

func (k *marking) bindOne(name string, must bool) bool {
	p := k.p.Party(name)
	if p == nil || k.ever[name][0] < 0 {
		return true
	}
	active := len(k.active(name))
	if !p.Many && active > 0 && must {
		if !p.Optional {
			k.blocker = blocker{"binds", name}
			return false
		}
		return true
	}
	var free []int
	if active == 0 {
		free = k.byName[name]
	} else {
		for _, i := range k.byName[name] {
			if k.party(i) != 1 {
				free = append(free, i)
			}
		}
	}
	least := 0
	if must && !p.Optional && active == 0 {
		least = 1
	}
	if all := k.byName[name]; len(free) == 0 && p.Many {
		if i := k.ch.guess(1 + len(all)); i > 0 { // one more than the model has room for takes a place
			free, least = all[i-1:i], 1
			k.replaced = all[i-1]
		}
	}
	n := least + k.ch.pick(len(free)-least+1)
	for _, i := range free[:min(n, len(free))] {
		k.forget(i)
		k.set(k.inMatter, i, 1)
		k.set(k.ever[name], 0, 1)
		k.fresh |= 1 << i
	}
	return true
}

// forget clears all that is known of a party, so that a place may be taken anew.
func (k *marking) forget(inst int) {
	for _, slot := range k.ofInst[inst] {
		k.s[slot] = 0
	}
}

// done mirrors what the kernel makes of an act that is done.
func (k *marking) done(a *rulepack.Act, outcome string, inst int) {
	x := k.of(a)
	for _, f := range x.stated(a, outcome) {
		who := 0
		if f.Per != "" {
			who = inst
		}
		if len(f.told) == 0 {
			if f.kept && (f.must || k.ch.guess(2) == 0) {
				k.set(f.where, who, 1)
			}
			continue
		}
		for i := range k.chosen {
			if k.chosen[i].fact == f.Fact {
				k.set(f.where, who, byte(1+slices.IndexFunc(f.told, k.chosen[i].v.Equal)))
			}
		}
	}
	var some [2]*rulepack.Effects
	effects := append(some[:0], &a.Effects)
	if o := a.Outcome(outcome); o != nil {
		effects = append(effects, &o.Effects)
	}
	for _, e := range effects {
		for _, target := range []string{e.Revokes, e.Replaces} {
			if target != "" && k.wasDone(target) {
				k.doneOnce[backOf(a.ID, target)] = true
			}
		}
		for _, id := range e.Redo {
			k.forgetDone(id, inst)
		}
	}
	for _, e := range effects {
		k.strike(e.Revokes, inst)
	}
	for _, where := range x.served {
		k.set(where, inst, 0)
	}
	k.occurs(a, a, outcome, inst)
	if other := k.p.Act(a.CountsAs); other != nil {
		k.occurs(other, a, outcome, inst)
	}
	k.set(x.proposed, inst, 0)
	for n, e := range effects {
		outcome := outcome
		if n == 0 {
			outcome = ""
		}
		k.effect(a, e, outcome, inst)
	}
}

// occurs lets the moments of an act come, which another may have brought about.
func (k *marking) occurs(b, a *rulepack.Act, outcome string, inst int) {
	x := k.of(b)
	k.occur(x.moment, inst, a)
	for i, o := range b.Outcomes {
		if o.ID == outcome {
			k.occur(x.outcomes[i], inst, a)
		}
	}
	for _, where := range x.dayPlaces {
		k.set(where, inst, 1)
	}
}

func (k *marking) wasDone(id string) bool {
	a := k.p.Act(id)
	return a != nil && slices.ContainsFunc(k.of(a).done, func(slot int) bool { return slot >= 0 && k.s[slot] != 0 })
}

// forgetDone takes back that an act was done, for a party or for all.
func (k *marking) forgetDone(id string, inst int) {
	a := k.p.Act(id)
	if a == nil {
		return
	}
	for _, x := range k.of(a).all {
		for i, slot := range x.done {
			if slot >= 0 && (inst == 0 || i == inst) {
				k.s[slot] = 0
				k.again = append(k.again, slot)
			}
		}
	}
}

// momentsOf lists the moments of an act by name.
func momentsOf(p *rulepack.Procedure, a *rulepack.Act) []string {
	out := []string{a.ID}
	for _, o := range a.Outcomes {
		out = append(out, a.ID+"."+o.ID)
	}
	for _, d := range p.DaysOf(a.ID) {
		out = append(out, d.String())
	}
	if a.Paper != nil {
		out = append(out, a.ID+".served")
		for _, r := range a.To {
			out = append(out, a.ID+".served."+r.Path.String())
		}
	}
	if len(a.Approved) > 0 {
		out = append(out, a.ID+".proposed", a.ID+".returned", a.ID+".refused")
	}
	return out
}

// occur lets a moment come about: it counts, ends stops, takes back, meets,
// ends and starts, in the kernel's order.
func (k *marking) occur(x *instant, inst int, act *rulepack.Act) {
	if !x.came {
		x.came, k.doneOnce[x.name] = true, true
	}
	k.mark(x, inst)
	if inst == 0 { // for everybody in the matter, if the moment is of a common act
		for i := 1; i < len(k.inst); i++ {
			if x.done[i] >= 0 && k.party(i) == 1 {
				k.mark(x, i)
			}
		}
	}
	for _, s := range x.resumes {
		k.resume(s, x, inst)
	}
	for _, t := range x.undoes {
		of := k.ofTerm(t)
		for _, i := range of.insts {
			if bits := k.at(of.bits, i); bits&met != 0 && k.concerns(t, i, inst) {
				if bits = bits&^met | running; k.heldAtOnce(t, i) {
					bits = bits&^running | held
				}
				k.set(of.bits, i, bits)
			}
		}
	}
	for _, by := range x.meets {
		k.meet(by.Term, x, inst)
	}
	for _, t := range x.ends {
		for _, i := range k.ofTerm(t).insts {
			if k.concerns(t, i, inst) {
				k.finish(t, i)
			}
		}
	}
	for _, st := range x.starts {
		k.start(st, x, inst, act)
	}
}

func (k *marking) mark(x *instant, inst int) {
	if slot := x.done[inst]; slot >= 0 && !slices.Contains(k.again, slot) {
		k.s[slot] = 1
	}
}

// concerns reports whether a moment of a party is about the place of a term.
func (k *marking) concerns(t *rulepack.Term, place, inst int) bool {
	return t.Each == "" || inst == 0 || place == inst || k.inst[inst] != t.Each
}

func (k *marking) meet(t *rulepack.Term, by *instant, inst int) {
	x := k.ofTerm(t)
	for _, i := range x.insts {
		bits := k.at(x.bits, i)
		if bits&owed == 0 || t.Each != "" && by.each == t.Each && i != inst {
			continue
		}
		if by.each != "" && by.each != t.Each && !k.everybody(by) {
			continue
		}
		left := byte(0)
		if t.Kind == rulepack.Period { // the next slot is to come
			k.set(x.bits, i, bits|met)
			continue
		}
		if k.begunNow(t, i) { // what this very event started it does not meet
			if left = bits & (running | held); bits&(many|late) == 0 && bits&owed != running|held {
				continue
			}
		}
		k.set(x.bits, i, bits&^(owed|many)|met|left)
	}
}

func (k *marking) placesOf(t *rulepack.Term) []int { return k.ofTerm(t).insts }

// free releases what is owed of a term, unless this event started it. Of a
// period only the slot is released.
func (k *marking) free(t *rulepack.Term, inst int) {
	if t.Kind != rulepack.Period {
		k.finish(t, inst)
	}
}

// finish ends the runnings of a term, unless this event started one.
func (k *marking) finish(t *rulepack.Term, inst int) {
	where := k.ofTerm(t).bits
	bits := k.at(where, inst)
	left := byte(0)
	if k.begunNow(t, inst) {
		left = bits & (running | held)
	}
	k.set(where, inst, bits&^(owed|many)|left)
}

func (k *marking) lapse(t *rulepack.Term, inst int) {
	x := k.ofTerm(t)
	bits := k.at(x.bits, inst)
	left := byte(0)
	if bits&many != 0 {
		left = [...]byte{0, running, running | many}[k.ch.pick(3)]
	}
	bits = bits&^(running|many) | left
	if t.Kind == rulepack.Duty {
		bits |= late
	} else {
		bits |= gone
	}
	if t.Kind == rulepack.Period {
		bits |= running
	}
	k.set(x.bits, inst, bits)
	k.occur(x.lapsed, inst, nil)
}

// racing reports whether something else may run out or begin first, which days
// would decide.
func (k *marking) racing(t *rulepack.Term, inst int) bool {
	for _, o := range k.terms {
		x := k.ofTerm(o)
		for _, i := range x.insts {
			if (o != t || i != inst) && k.at(x.bits, i)&running != 0 && x.limited && !k.matterless(o) {
				return true
			}
			for _, where := range x.pending {
				if k.at(where, i) == 2 {
					return true
				}
			}
		}
	}
	return false
}

func (k *marking) serve(e *event) bool {
	a, x := e.act, k.of(e.act)
	if k.at(x.done, e.inst) == 0 || k.at(x.served[e.n], e.inst) != 0 || !k.exists(a.To[e.n].Path, e.inst) {
		return false
	}
	k.set(x.served[e.n], e.inst, 1)
	k.occur(k.instant(e.name), e.inst, nil)
	whole := k.instant(a.ID + ".served")
	if x.own {
		if a.To[e.n].Path.String() == a.Each {
			k.occur(whole, e.inst, nil)
		}
		return true
	}
	waits := false
	for n, r := range a.To {
		if k.at(x.served[n], e.inst) != 0 || !k.exists(r.Path, e.inst) {
			continue
		}
		if len(r.Path) == 1 && k.p.Party(r.Path[0]) != nil {
			return true
		}
		waits = true
	}
	if !waits || k.ch.guess(2) == 0 {
		k.occur(whole, e.inst, nil)
	}
	return true
}

// exists reports whether a path may name somebody: of a party, only once one is
// bound.
func (k *marking) exists(path rulepack.Path, inst int) bool {
	if k.p.Party(path[0]) == nil {
		return true
	}
	return len(k.active(path[0])) > 0 || (inst != 0 && k.inst[inst] == path[0])
}
