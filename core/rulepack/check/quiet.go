// SPDX-License-Identifier: Apache-2.0

package check

import (
	"slices"
	"strings"

	"quanze/core/rulepack"
)

// stateful reports whether all that comes of an act is that it has been done:
// it has no effects, and starts, meets and ends nothing of the cone.
func (c *cone) stateful(a *rulepack.Act) bool {
	if slices.ContainsFunc(effectsOf(a), func(e rulepack.Effects) bool { return !still(e) }) {
		return false
	}
	return c.without(a)
}

// again reports whether it matters that an act may be done once more: something
// comes of it, or it counts as another that was done before, and could not be
// done else.
func (c *cone) again(a *rulepack.Act) bool { return a.CountsAs != "" || !c.stateful(a) }

// without reports whether an act starts, meets and ends nothing of the cone.
func (c *cone) without(a *rulepack.Act) bool {
	is := func(m rulepack.Moment) bool { return m.Of == a.ID && m.Kind != rulepack.MomentLapsed }
	for id := range c.terms {
		t := c.p.Term(id)
		if slices.ContainsFunc(t.Start, func(s rulepack.Start) bool { return s.Becomes == nil && is(s.Moment) }) ||
			slices.ContainsFunc(slices.Concat(t.MetBy, t.UndoneBy, t.Until), is) {
			return false
		}
	}
	for id := range c.acts {
		for _, e := range effectsOf(c.p.Act(id)) {
			if e.Stops != nil && slices.ContainsFunc(e.Stops.Until, is) {
				return false
			}
		}
	}
	return true
}

// quiet reports whether an act may be done at once, whatever else might be done
// first, without hiding an answer: all that comes of it is that it has been
// done, and that never stands in the way of anything. An act that starts, meets
// or undoes something of the question, or ends a stop, is not quiet: for those
// it matters when it is done.
func (c *cone) quiet(a *rulepack.Act, careless bool) bool {
	if a.Starts || a.Lawful() || c.relaxed(a) || a.CountsAs != "" || len(c.p.CountingAs(a.ID)) > 0 || slices.ContainsFunc(effectsOf(a), func(e rulepack.Effects) bool { return !still(e) }) {
		return false
	}
	for _, o := range a.Outcomes { // what it came to matters to somebody
		if c.refers[a.ID+"."+o.ID] != nil {
			return false
		}
	}
	if slices.ContainsFunc(c.p.Facts, func(f *rulepack.Fact) bool {
		return c.kept[f.ID] && len(values(f)) > 0 && slices.Contains(f.SetBy, a.ID)
	}) {
		return false
	}
	for name := range c.refers { // moments of it that come later, or before it
		if m, ok := c.p.Moment(name); ok && m.Of == a.ID && (m.Kind == rulepack.MomentProposed || m.Kind == rulepack.MomentReturned || m.Kind == rulepack.MomentDeclined ||
			m.Kind == rulepack.MomentDay || m.Kind == rulepack.MomentServed && a.Repeat) {
			return false
		}
	}
	is := func(m rulepack.Moment) bool { return m.Of == a.ID && m.Kind == rulepack.MomentDone }
	for name := range c.against {
		if name == a.ID || strings.HasPrefix(name, a.ID+".") {
			return false
		}
	}
	for id := range c.terms {
		t := c.p.Term(id)
		if slices.ContainsFunc(t.Start, func(s rulepack.Start) bool { return s.Becomes == nil && is(s.Moment) }) && !careless {
			return false
		}
		if slices.ContainsFunc(t.MetBy, is) && !careless {
			return false
		}
		if slices.ContainsFunc(t.UndoneBy, is) || slices.ContainsFunc(t.Until, is) {
			return false
		}
	}
	for id := range c.acts {
		for _, e := range effectsOf(c.p.Act(id)) {
			if e.Stops != nil && slices.ContainsFunc(e.Stops.Until, is) {
				return false
			}
		}
	}
	return true
}

// still reports whether effects change nothing that others hang on.
func still(e rulepack.Effects) bool {
	return len(e.Opens)+len(e.Closes)+len(e.Redo)+len(e.Binds)+len(e.Releases) == 0 && e.Ends == "" && !e.ReleasesAll && !e.Recuses &&
		e.Stops == nil && e.Replaces == "" && e.Revokes == ""
}
