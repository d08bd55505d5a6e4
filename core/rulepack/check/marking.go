// SPDX-License-Identifier: Apache-2.0

package check

import (
	"slices"
	"strings"

	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

// truth is an answer with a third value: it may be either.
type truth uint8

const (
	no truth = iota
	maybe
	yes
)

func (t truth) and(u truth) truth { return min(t, u) }

// choices enumerates what chance or people may choose within one event: the
// event is played again until every choice was taken.
type choices struct {
	taken, of []int
	at        int
	// guessed: one of them stands for something the model cannot know.
	guessed bool
}

func (c *choices) pick(n int) int {
	if n <= 1 {
		return 0
	}
	if c.at == len(c.taken) {
		c.taken, c.of = append(c.taken, 0), append(c.of, n)
	}
	c.at++
	return c.taken[c.at-1]
}

func (c *choices) guess(n int) int {
	c.guessed = c.guessed || n > 1
	return c.pick(n)
}

// next turns to the next combination.
func (c *choices) next() bool {
	for len(c.taken) > 0 {
		i := len(c.taken) - 1
		if c.taken[i]+1 < c.of[i] {
			c.taken[i]++
			c.at, c.guessed = 0, false
			return true
		}
		c.taken, c.of = c.taken[:i], c.of[:i]
	}
	return false
}

// marking is a state of the model while an event is played on it.
type marking struct {
	*model
	s  []byte
	ch *choices
	// of one event: what it put to redo, what it started, whom it bound.
	again []int
	begun []int
	fresh uint64
	// freed: it released all that was owed, by a party or by all (0).
	freed    bool
	freedFor int
	wished   uint64 // whose end it wished for
	// replaced is the party whose place one more has taken.
	replaced int
	chosen   []choice
	blocker  blocker
	env      *expr.Env
	asks     question
	// assumed: something was taken as it is needed that a cut does not tell.
	assumed bool
}

// blocker is what stood in the way of an act.
type blocker struct{ kind, what string }

func (b blocker) String() string { return strings.TrimSpace(b.kind + " " + b.what) }

// question is the condition that is being answered.
type question struct {
	a       *rulepack.Act
	of      *actPlaces
	filled  []choice
	fill    bool // something is being filled in
	outcome string
	inst    int
	open    bool
	// touched: something was asked that markings or choices may differ in.
	touched bool
}

// reset turns a marking to a state, before an event.
func (k *marking) reset(state string, ch *choices) {
	k.s = append(k.s[:0], state...)
	k.ch, k.assumed, k.blocker, k.replaced, k.freed, k.wished = ch, false, blocker{}, 0, false, 0
	k.again, k.begun, k.fresh, k.chosen = k.again[:0], k.begun[:0], 0, k.chosen[:0]
}

func (k *marking) get(what byte, id string, inst int) byte {
	if i, ok := k.slots[variable{what, id, inst}]; ok {
		return k.s[i]
	}
	return 0
}

func (k *marking) put(what byte, id string, inst int, v byte) {
	if i, ok := k.slots[variable{what, id, inst}]; ok {
		k.s[i] = v
	}
}

func (k *marking) begunAt() bool { return k.at(k.started, 0) != 0 }

// party is where a party stands: one that nobody asks about is in the matter.
func (k *marking) party(inst int) byte {
	if slot := k.inMatter[inst]; slot >= 0 {
		return k.s[slot]
	}
	return 1
}

func (k *marking) active(name string) []int {
	all := k.byName[name]
	for n, i := range all {
		if k.party(i) == 1 {
			continue
		}
		out := slices.Clone(all[:n])
		for _, j := range all[n+1:] {
			if k.party(j) == 1 {
				out = append(out, j)
			}
		}
		return out
	}
	return all
}

// has reports whether a moment counts for a party.
func (k *marking) has(x *instant, inst int) bool {
	if x.of == nil && x.each == "" {
		inst = 0
	}
	return k.at(x.done, inst) != 0
}

func (k *marking) everybody(x *instant) bool {
	active := k.active(x.each)
	if len(active) == 0 {
		p := k.p.Party(x.each)
		return k.at(k.ever[x.each], 0) != 0 || (p != nil && p.Optional)
	}
	return !slices.ContainsFunc(active, func(i int) bool { return !k.has(x, i) })
}

// begunNow reports whether this very event started a running of the term.
func (k *marking) begunNow(t *rulepack.Term, inst int) bool {
	return len(k.begun) > 0 && slices.Contains(k.begun, k.ofTerm(t).bits[inst])
}

// question tells whether an act is in question, and whether it was taken out.
func (k *marking) question(a *rulepack.Act, inst int) (open, closed bool) {
	turned := k.of(a).turned
	w := k.at(turned, 0)
	if inst != 0 && a.Each != "" {
		if own := k.at(turned, inst); own != 0 {
			w = own
		}
	}
	switch w {
	case 1:
		return true, false
	case 2:
		return false, true
	}
	return a.Open, false
}

// turn switches an act; a common switch overrules those of parties.
func (k *marking) turn(id string, inst int, open bool) {
	a := k.p.Act(id)
	if a == nil {
		return
	}
	v := byte(2)
	if open {
		v = 1
	}
	turned := k.of(a).turned
	if inst != 0 && a.Each != "" {
		k.set(turned, inst, v)
		return
	}
	k.set(turned, 0, v)
	for _, i := range k.byName[a.Each] {
		k.set(turned, i, 0)
	}
}

// across is the party for which an act turns another one: between two different
// names there is none, it is turned for all.
func (k *marking) across(id string, inst int) int {
	if a := k.p.Act(id); a != nil && a.Each != "" && a.Each != k.inst[inst] {
		return 0
	}
	return inst
}

// possible mirrors the kernel's test of what the matter itself says of an act.
func (k *marking) possible(a *rulepack.Act, inst int) truth {
	no := func(kind, what string) truth { k.blocker = blocker{kind, what}; return no }
	if a.Modality == rulepack.Forbidden || a.Starts == k.begunAt() {
		return no("starts", "")
	}
	if a.Each != "" && k.party(inst) == 0 {
		return no("each", a.Each)
	}
	x := k.of(a)
	if x.relaxed {
		if k.once(a, inst) {
			return no("repeat", "")
		}
		return yes
	}
	if k.over(a, inst) && !k.afterEnd(a, inst) {
		return no("ends", "")
	}
	if t := k.rightGone(a, inst); t != nil {
		return no("lapsed", t.ID)
	}
	if s := k.stands(a, inst); s != nil {
		return no("stops", s.act)
	}
	if open, _ := k.question(a, inst); !open {
		return no("open", "")
	}
	is := k.holdsNow(a.When, a, inst)
	if is == 0 {
		return no("when", a.When.Source)
	}
	if k.once(a, inst) {
		return no("repeat", "")
	}
	for n := range a.After {
		if x.trivial[n] {
			continue
		}
		got := k.condition(a, n, inst)
		if got == 0 {
			return no("after", x.names[n])
		}
		is = is.and(got)
	}
	for _, w := range a.WaitsFor {
		if t := k.p.Term(w.Term); t != nil && k.status(t, inst)&owed != 0 {
			if t.Kind == rulepack.Period {
				is = min(is, maybe)
				continue
			}
			return no("waits_for", w.Term)
		}
	}
	return is
}

// extends reports whether what the act extends is running.
func (k *marking) extends(a *rulepack.Act, inst int) bool {
	for _, t := range k.of(a).extends {
		who := 0
		if a.Each != "" && t.Each == a.Each {
			who = inst
		}
		if k.status(t, who)&running == 0 {
			k.blocker = blocker{"running", t.ID}
			return false
		}
	}
	return true
}

// over reports whether the matter, or the party's part in it, has ended.
func (k *marking) over(a *rulepack.Act, inst int) bool {
	return k.at(k.wishes, 0) == 2 || a.Each != "" && k.party(inst) == 2
}

func (k *marking) afterEnd(a *rulepack.Act, inst int) bool {
	open := false
	for _, t := range k.of(a).meets {
		if !k.cone.terms[t.ID] {
			open = open || !k.cone.staying || k.cone.cut != nil // it may be owed
		} else if k.status(t, inst)&owed != 0 {
			return true
		}
	}
	k.assumed = k.assumed || open && k.cone.cut != nil
	return open
}

func (k *marking) rightGone(a *rulepack.Act, inst int) *rulepack.Term {
	var lapsed *rulepack.Term
	for _, t := range k.of(a).rights {
		if t.Each != "" && (inst == 0 || k.inst[inst] != t.Each) {
			continue
		}
		bits := k.status(t, inst)
		if bits&owed != 0 {
			return nil
		}
		if bits&gone != 0 {
			lapsed = t
		}
	}
	return lapsed
}

// stands finds a stop that stands in the way of an act. Where another stop is
// about the same, the model does not tell which of them holds it.
func (k *marking) stands(a *rulepack.Act, inst int) *stopping {
	for n := range k.stops {
		s := &k.stops[n]
		if !excludes(s.Stops) || s.leaves(a) {
			continue
		}
		for i := range k.inst {
			if k.at(s.where, i) == 0 || s.Matter && i != 0 && i != inst {
				continue
			}
			if s.Matter {
				return s
			}
			for _, id := range s.Terms {
				t := k.p.Term(id)
				if t == nil || !k.cone.terms[id] || !meetsTerm(t, a) {
					continue
				}
				x := k.ofTerm(t)
				for _, j := range x.insts {
					if mine := j == 0 || j == inst || i == 0 && inst == 0; mine && k.at(x.bits, j)&held != 0 && k.about(s, i, t, j) && k.holding(t, j) == 1 {
						return s
					}
				}
			}
		}
	}
	return nil
}

// leaves reports whether an act may be done during a stop: one that is listed,
// or that ends it.
func (s *stopping) leaves(a *rulepack.Act) bool {
	is := func(id string) bool { return id == a.ID || a.CountsAs != "" && id == a.CountsAs }
	return slices.ContainsFunc(s.Meanwhile, is) || slices.ContainsFunc(s.Until, func(u rulepack.Moment) bool { return is(u.Of) })
}

// once reports whether an act was done and may not be done again.
func (k *marking) once(a *rulepack.Act, inst int) bool {
	x := k.of(a)
	if a.Repeat && !x.lawful {
		return false
	}
	if k.at(x.done, inst) == 0 && (a.CountsAs == "" || k.at(x.counts, inst) == 0) {
		return false
	}
	if a.Each == "" {
		for _, each := range x.dependents {
			for _, i := range k.active(each) {
				if slot := x.done[i]; slot >= 0 && k.s[slot] == 0 {
					return false
				}
			}
		}
	}
	return true
}

// condition answers an entry of after.
func (k *marking) condition(a *rulepack.Act, n, inst int) truth {
	c := &a.After[n]
	binds, known := k.eval(c.When, question{a: a, inst: inst})
	if c.When != nil && binds == no && known == yes {
		return yes
	}
	open, more := false, false // one more party may come, and be the one
	allClosed := len(c.Any) > 0
	for _, x := range k.of(a).after[n] {
		came, closed := k.holds(x, a.Each, inst, c.OneParty)
		if came {
			return yes
		}
		allClosed = allClosed && closed
		open = open || x.unseen
		more = more || c.OneParty && x.each != a.Each && k.cone.staying && k.comers[x.each]
	}
	if allClosed {
		return yes
	}
	k.assumed = k.assumed || open
	if open || more || c.When != nil && binds == maybe {
		return maybe
	}
	return no
}

// holds reports whether a moment has been, or has only been taken out of
// question: that holds nobody up, unless another moment would do.
func (k *marking) holds(x *instant, each string, inst int, one bool) (came, closed bool) {
	closedFor := func(i int) bool {
		if x.of == nil {
			return false
		}
		_, closed := k.question(x.of, i)
		return closed
	}
	if x.each == "" || x.each == each {
		came = k.has(x, inst)
		return came, !came && closedFor(inst)
	}
	optional := func() bool { p := k.p.Party(x.each); return p != nil && p.Optional }
	active := k.active(x.each)
	if one {
		bound, closed := false, len(active) > 0
		for _, i := range k.byName[x.each] { // of one who has left too
			if k.party(i) == 0 {
				continue
			}
			if bound = true; k.has(x, i) {
				return true, false
			}
			closed = closed && (k.party(i) == 2 || closedFor(i))
		}
		return !bound && optional(), bound && closed
	}
	if len(active) == 0 {
		return k.at(k.ever[x.each], 0) != 0 || optional(), false
	}
	for _, i := range active {
		has := k.has(x, i)
		if !has && !closedFor(i) {
			return false, false
		}
		came = came || has
	}
	return came, !came
}
