// SPDX-License-Identifier: Apache-2.0

package check

import (
	"testing"

	"pgregory.net/rapid"

	"quanze/core/rulepack"
)

// What a cut settles, the whole question does not find stuck: a cut reaches no
// less and counts on no more.
func TestCut(t *testing.T) {
	settled, stuck := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		files, pack := invent(t)
		if pack == nil {
			t.Skip("the loader refuses it")
		}
		p := pack.Procedures[0]
		c := newChecker(pack, Options{Files: files})
		c.limit = 200
		for _, duty := range p.Terms {
			if duty.Kind != rulepack.Duty {
				continue
			}
			q := staying(p, duty)
			cone := newCone(p)
			cone.narrow = true
			q.seed(cone)
			g := explore(newModel(cone.close(), 1, nil), 3000, nil)
			if !g.full || g.limit == 0 {
				continue
			}
			at, holds := q.stuck(g), c.holds(p, 1, q)
			if at >= 0 {
				stuck++
			}
			if holds {
				settled++
			}
			if holds && at >= 0 {
				t.Fatalf("%s is stuck after %s\n%s", duty.ID, written(g.path(at)), files["procedures/one.yaml"])
			}
		}
	})
	t.Logf("%d settled, %d stuck", settled, stuck)
	if settled+stuck > 50 && (settled == 0 || stuck == 0) {
		t.Errorf("%d settled, %d stuck: the test proves nothing", settled, stuck)
	}
}

// Ways into trouble that a cut once overlooked, each as small as it gets: the
// duty t0 must not be settled.
func TestCutOverlooks(t *testing.T) {
	for _, c := range []struct{ name, acts, terms string }{
		{"met, left, and then undone", `
  a0: {by: law, after: [t0.lapsed], repeat: true}
  a1: {by: office, each: person, ends: over}
  a2: {by: office, after: [t0.lapsed], redo: [a0]}`, `
  t0: {kind: duty, start: begin, each: person, met_by: a1, undone_by: a0}`},
		{"nobody is there whom it needs", `
  a0: {by: office, each: friend, needs: [{if: "bound(friend)", cite: c3}]}
  a1: {by: office, needs: [{if: "bound(friend)", cite: c3}], ends: over}`, `
  t0: {kind: duty, start: begin, met_by: a1}`},
		{"what would lapse and so meet it is released", `
  a0: {by: office, releases: [t1]}
  a1: {by: office}`, `
  t0: {kind: duty, start: begin, met_by: t1.lapsed}
  t1: {kind: right, start: begin, met_by: begin, within: 2 days}`},
		{"begun by a service after the end", `
  a0: {by: office, paper: letter, to: [person, office]}
  a1: {by: office, redo: [a3], ends: over}
  a2: {by: office, repeat: true, after: [a3]}
  a3: {by: office}`, `
  t0: {kind: duty, start: [a0.served], each: person, met_by: a2}`},
		{"what lapses does not begin", `
  a0: {by: office, form: flags, needs: [{if: flag, cite: c3}], ends: over}
  a1: {by: office}`, `
  t0: {kind: duty, start: a0, met_by: t1.lapsed}
  t1: {kind: right, start: [{moment: t2.lapsed, when: "!flag"}], met_by: begin, within: 2 days}
  t2: {kind: period, start: [a0], every: 3 days, met_by: a1}`},
		{"what takes it back also stops it", `
  a0: {by: office, outcomes: {x: {LABEL, revokes: a1, stops: {terms: [t1], how: suspend, until: [a0], cite: c2}}, y: {LABEL}}}
  a1: {by: office, repeat: true, ends: over}`, `
  t0: {kind: duty, start: begin, met_by: [a1, a0.y]}
  t1: {kind: duty, start: [{moment: begin, wait: 3 days}], met_by: a1, within: 2 days}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			pack, diags := rulepack.Load(around([]string{"a0"}, filled(c.acts), filled(c.terms)))
			if pack == nil {
				t.Fatal(diags)
			}
			p := pack.Procedures[0]
			check := newChecker(pack, Options{})
			check.limit = 200
			q := staying(p, p.Term("t0"))
			cone := newCone(p)
			q.seed(cone)
			if g := explore(newModel(cone.close(), 1, nil), 3000, nil); q.stuck(g) < 0 {
				t.Fatal("the whole question finds no trouble")
			}
			if check.holds(p, 1, q) {
				t.Error("a cut settles it")
			}
		})
	}
}
