// SPDX-License-Identifier: Apache-2.0

package check

import (
	"slices"

	"quanze/core/rulepack"
)

// heldAtOnce reports whether what begins is held by a stop: what an act brings
// that may be done meanwhile is not.
func (k *marking) heldAtOnce(t *rulepack.Term, inst int) bool {
	for n := range k.stops {
		s := &k.stops[n]
		for i := range k.inst {
			if k.at(s.where, i) != 0 && k.about(s, i, t, inst) && !(s.Matter && len(s.Meanwhile) > 0 && k.ch.guess(2) == 1) {
				return true
			}
		}
	}
	return false
}

// about reports whether a stop for a party, or for nobody in particular, holds a
// term at a place: what is that party's, and what it names of the terms of others.
func (k *marking) about(s *stopping, party int, t *rulepack.Term, place int) bool {
	if s.Matter {
		return t.Kind != rulepack.Effect && (party == 0 || place == party)
	}
	return slices.Contains(s.Terms, t.ID) && (party == 0 || t.Each != k.inst[party] || place == party)
}

// holding counts the stops that are about a term at a place.
func (k *marking) holding(t *rulepack.Term, place int) int {
	n := 0
	for at := range k.stops {
		for i := range k.inst {
			if s := &k.stops[at]; k.at(s.where, i) != 0 && k.about(s, i, t, place) {
				n++
			}
		}
	}
	return n
}

// resume ends a stop whose moment came: of the same party names party by party,
// else of all of the other.
func (k *marking) resume(s *stopping, by *instant, inst int) {
	for i := range k.inst {
		if k.at(s.where, i) == 0 {
			continue
		}
		comes := by.each == ""
		if by.each != "" {
			if i != 0 && by.each == k.inst[i] {
				comes = inst == i
			} else {
				comes = k.everybody(by)
			}
		}
		if comes {
			k.lift(s, i)
		}
	}
}

// lift lets run on what a stop held. Where another is about the same, the model
// does not tell which of them holds it.
func (k *marking) lift(s *stopping, party int) {
	k.set(s.where, party, 0)
	for _, t := range k.terms {
		x := k.ofTerm(t)
		for _, j := range x.insts {
			bits := k.at(x.bits, j)
			if bits&held == 0 || !k.about(s, party, t, j) || k.holding(t, j) > 0 && k.ch.guess(2) == 0 {
				continue
			}
			k.set(x.bits, j, bits&^held|running)
		}
	}
}

// stop holds what a stop is about and what runs. What may be late already is not
// held.
func (k *marking) stop(s *stopping, inst int) {
	k.set(s.where, inst, 1)
	for _, t := range k.terms {
		x := k.ofTerm(t)
		for _, i := range x.insts {
			bits := k.at(x.bits, i)
			if bits&running == 0 || !k.about(s, inst, t, i) || x.blurred && k.tooLate() {
				continue
			}
			if k.begunNow(t, i) {
				if bits&many != 0 {
					k.set(x.bits, i, bits|held)
				}
				continue
			}
			k.set(x.bits, i, bits&^running|held)
		}
	}
}

// tooLate chooses whether what runs may be late by now. It need not be, unless
// days must have passed.
func (k *marking) tooLate() bool {
	late := k.ch.pick(2) == 1
	k.ch.guessed = k.ch.guessed || late || k.daysPass
	return late
}
