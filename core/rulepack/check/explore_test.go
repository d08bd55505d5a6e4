// SPDX-License-Identifier: Apache-2.0

package check

import (
	"strings"
	"testing"
	"time"

	"quanze/core/rulepack"
)

func whole(t *testing.T, dir string) (*rulepack.Pack, rulepack.Files) {
	t.Helper()
	files := read(t, dir)
	pack, diags := rulepack.Load(files)
	if pack == nil {
		t.Fatal(diags)
	}
	return pack, files
}

// Whole procedures are answered for within bounds, nothing in them is an
// error, and every one of their acts can be done.
func TestWhole(t *testing.T) {
	for dir, most := range map[string]int{"testdata/whole/ladder": 2000, "testdata/whole/dispute": 150_000, "../../../packs/wf11": 50_000, "../../../packs/gz09": 70_000} {
		pack, files := whole(t, dir)
		begun := time.Now()
		c := newChecker(pack, Options{Files: files, Locals: map[string]string{"known": "5 days"}})
		c.run()
		t.Logf("%s: %d markings, %s", dir, c.markings, time.Since(begun))
		if c.markings > most {
			t.Errorf("%s: %d markings", dir, c.markings)
		}
		for _, d := range c.diags {
			if d.Code != rulepack.CodeNotRun {
				t.Log(d)
			}
			if d.Severity == rulepack.Error {
				t.Errorf("%s: %s", dir, d)
			}
			if d.Code == rulepack.CodeTooLarge && d.Because == nil {
				t.Errorf("%s: %s", dir, d)
			}
		}
	}
}

// An act that meets a term of the question is not done at once, however little
// else it does: the third rung of the ladder comes by the lapse of the second,
// and is lost to an exploration that lets nothing lapse.
func TestQuiet(t *testing.T) {
	files := read(t, "testdata/whole/ladder")
	text := string(files["procedures/ladder.yaml"]) // without the ways that lead there otherwise
	text = strings.NewReplacer("undone_by: [verify.missed], ", "", "[mend_posted.lapsed, find.grave]", "[mend_posted.lapsed]").Replace(text)
	files["procedures/ladder.yaml"] = []byte(text)
	pack, diags := rulepack.Load(files)
	if pack == nil {
		t.Fatal(diags)
	}
	cone := newCone(pack.Procedures[0])
	cone.act("run")
	cone.close()
	for _, careless := range []bool{false, true} {
		m := newModel(cone, 1, nil)
		for _, a := range m.acts {
			m.quiet[a.ID] = cone.quiet(a, careless)
		}
		m.all = nil
		m.templates()
		if m.quiet["mended"] != careless {
			t.Errorf("mended is quiet: %t, careless: %t", m.quiet["mended"], careless)
		}
		g := explore(m, maxMarkings, nil)
		if !g.full {
			t.Fatalf("%d markings", len(g.nodes))
		}
		if done := g.doneOnce["run"]; done == careless {
			t.Errorf("careless %t: the third rung is reached: %t, in %d markings", careless, done, len(g.nodes))
		}
	}
}
