// SPDX-License-Identifier: Apache-2.0

package packtest_test

import (
	"path/filepath"
	"strings"
	"testing"

	"quanze/core/rulepack/packtest"
)

// Regulations that are data alone: every folder of testdata/regulations is
// clean, whole and proved, whatever stands in it. To add one is to add a folder.
func TestRegulations(t *testing.T) {
	dirs, err := filepath.Glob("testdata/regulations/*")
	if err != nil {
		t.Fatal(err)
	}
	cal := china(t)
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			files := read(t, dir)
			pack := load(t, files)
			equivalents := map[string]string{}
			for id, because := range pack.Equivalents {
				equivalents[id] = because.En
			}
			got := packtest.Test(pack, files, cal, equivalents, nil)
			for _, c := range got.Cases {
				if !c.OK {
					t.Errorf("%s: %s", c.Case, strings.Join(c.Wrong, "\n"))
				}
			}
			for _, tally := range []packtest.Tally{got.Shifts, got.Removals, got.Orders} {
				for _, v := range tally.Violations {
					t.Error(v)
				}
			}
			for _, m := range got.Mutants.Survivors {
				t.Errorf("survives: %s %v", m.ID, m.Clauses)
			}
			if !got.OK || got.Mutants.Killed == 0 {
				t.Errorf("not proved: %d mutants killed, stale %v, too many %v", got.Mutants.Killed, got.Mutants.Stale, got.Mutants.TooMany)
			}
			if c := packtest.Count(pack, files, cal); c.RunUntested+c.Missing > 0 {
				t.Errorf("untested %v, missing %v", c.UntestedIDs, c.MissingIDs)
			}
		})
	}
}
