// SPDX-License-Identifier: Apache-2.0

package rulepack_test

import (
	"maps"
	"slices"
	"testing"

	"quanze/core/rulepack"
)

// Whatever stands in one file of a pack, Load answers: with a pack, or with what
// is wrong and where. which picks the file that the bytes stand in.
func FuzzLoad(f *testing.F) {
	good := with(hall(f), rulepack.Files{})
	names := slices.Sorted(maps.Keys(good))
	for i, name := range names {
		f.Add(uint8(i), good[name])
	}
	room := uint8(slices.Index(names, "procedures/room.yaml"))
	for _, files := range []rulepack.Files{wf11(f), shelf(f)} {
		for _, name := range slices.Sorted(maps.Keys(files)) {
			f.Add(room, files[name])
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		if len(data) > 32<<10 {
			return
		}
		files := with(good, rulepack.Files{names[int(which)%len(names)]: data})
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
