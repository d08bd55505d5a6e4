// SPDX-License-Identifier: Apache-2.0

package rulepack_test

import (
	"path"
	"testing"

	"quanze/core/rulepack"
)

// Whatever stands in the file of a procedure, Load answers: with a pack, or
// with what is wrong and where.
func FuzzLoad(f *testing.F) {
	good := shelf(f)
	for name, data := range wf11(f) {
		if path.Dir(name) != "cases" {
			f.Add(data)
		}
	}
	for _, name := range []string{"procedures/loan.yaml", "forms/ask.yaml", "cases/plain.yaml"} {
		f.Add(good[name])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 32<<10 {
			return
		}
		files := with(good, rulepack.Files{"procedures/loan.yaml": data})
		pack, diags := rulepack.Load(files)
		if (pack == nil) != diags.Failed() {
			t.Fatalf("pack %t, %v", pack != nil, diags)
		}
		for _, d := range diags {
			if d.File == "" || d.Line < 1 || d.Col < 1 || d.Code == "" {
				t.Fatalf("a finding without a place: %+v", d)
			}
		}
		if pack == nil {
			return
		}
		again, _ := rulepack.Load(files)
		if again.Hash != pack.Hash || len(again.Rules) != len(pack.Rules) {
			t.Fatal("loaded twice, and not the same")
		}
		without := rulepack.Without(files)
		for _, rule := range pack.Rules[:min(len(pack.Rules), 3)] {
			without(rule.Pos)
		}
	})
}
