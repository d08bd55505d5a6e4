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
