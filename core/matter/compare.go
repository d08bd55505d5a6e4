// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"fmt"
	"maps"
	"slices"
)

// Compare tells the first difference between two states, or "". The same facts
// must give the same state, whichever way it was built.
func Compare(a, b *State) string {
	keys := func(s *State) []string {
		var out []string
		for _, e := range s.consequences {
			out = append(out, e.Key)
		}
		return out
	}
	if x, y := keys(a), keys(b); !slices.Equal(x, y) {
		return fmt.Sprintf("consequences %q and %q", x, y)
	}
	if x, y := slices.Sorted(maps.Keys(a.recorded)), slices.Sorted(maps.Keys(b.recorded)); !slices.Equal(x, y) {
		return fmt.Sprintf("recorded %q and %q", x, y)
	}
	if a.ended != b.ended || a.endedOn != b.endedOn || a.started != b.started {
		return fmt.Sprintf("ended %q %s and %q %s", a.ended, a.endedOn, b.ended, b.endedOn)
	}
	if len(a.obligations) != len(b.obligations) {
		return fmt.Sprintf("%d and %d obligations", len(a.obligations), len(b.obligations))
	}
	for i, x := range a.obligations {
		if y := b.obligations[i]; x.Key != y.Key || x.Status != y.Status || x.Due != y.Due || x.MetOn != y.MetOn {
			return fmt.Sprintf("obligation %s %s %s and %s %s %s", x.Key, x.Status, x.Due, y.Key, y.Status, y.Due)
		}
	}
	if !maps.EqualFunc(a.values, b.values, func(x, y known) bool { return x.seq == y.seq && x.value.Equal(y.value) }) {
		return "facts known differ"
	}
	if len(a.parties) != len(b.parties) {
		return "parties differ"
	}
	for i, x := range a.parties {
		if y := b.parties[i]; x.Ref != y.Ref || x.Name != y.Name || x.Left != y.Left || x.Recused != y.Recused {
			return fmt.Sprintf("party %s differs", x.Key())
		}
	}
	return ""
}
