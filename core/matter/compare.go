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
	if x, y := slices.Sorted(maps.Keys(a.recorded.flat())), slices.Sorted(maps.Keys(b.recorded.flat())); !slices.Equal(x, y) {
		return fmt.Sprintf("recorded %q and %q", x, y)
	}
	if a.ended != b.ended || a.endedOn != b.endedOn || a.started != b.started {
		return fmt.Sprintf("ended %q %s and %q %s", a.ended, a.endedOn, b.ended, b.endedOn)
	}
	if len(a.obligations) != len(b.obligations) {
		return fmt.Sprintf("%d and %d obligations", len(a.obligations), len(b.obligations))
	}
	for i, x := range a.obligations {
		y := b.obligations[i]
		if x.Key != y.Key || x.Status != y.Status || x.Due != y.Due || x.MetOn != y.MetOn || x.base != y.base || x.Slot != y.Slot || x.Opens != y.Opens {
			return fmt.Sprintf("obligation %s %s %s and %s %s %s", x.Key, x.Status, x.Due, y.Key, y.Status, y.Due)
		}
		if !slices.Equal(x.Stops, y.Stops) || !slices.Equal(x.heldBy, y.heldBy) || !slices.Equal(x.Extensions, y.Extensions) {
			return fmt.Sprintf("stops or extensions of %s: %v %v and %v %v", x.Key, x.Stops, x.Extensions, y.Stops, y.Extensions)
		}
	}
	if diff := standingOf(a).differ(standingOf(b)); diff != "" {
		return diff
	}
	if !maps.EqualFunc(a.values.flat(), b.values.flat(), func(x, y *known) bool { return x.seq == y.seq && x.value.Equal(y.value) }) {
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

// standing is what of a state is neither an obligation, a party nor a fact, as
// text: what stands still, lies ahead, is asked, signed or proposed.
type standing map[string]string

func standingOf(s *State) standing {
	out := standing{"unset": fmt.Sprint(s.unset), "asked": fmt.Sprint(s.asked.flat()), "recused": fmt.Sprint(s.recused.flat()), "settled": fmt.Sprint(s.settled.flat()),
		"turned true": fmt.Sprint(s.became.flat()), "done by": fmt.Sprint(s.doneBy.flat()), "wishes": fmt.Sprint(len(s.wishes))}
	for _, x := range s.stops {
		out["stops"] += fmt.Sprintf("%s of %s since %s; ", x.id, x.party, x.on)
	}
	for _, c := range s.Ahead() {
		out["ahead"] += c.Key + "; "
	}
	for _, p := range s.pending {
		out["pending"] += named(p.term.ID, p.party) + "@" + p.at.cause + "; "
	}
	for key, list := range s.signed.all() {
		for _, e := range list {
			out["signed "+named(key.moment, key.party)] += itoa(e.Seq) + " "
		}
	}
	for key, e := range s.proposals.all() {
		out["proposed "+named(key.moment, key.party)] = itoa(e.Seq)
	}
	for key, v := range s.fixed.all() {
		out["fixed "+named(key.moment, key.party)] = v.String()
	}
	for key, w := range s.opened.all() {
		out["open "+named(key.moment, key.party)] = fmt.Sprint(w.open)
	}
	return out
}

func (s standing) differ(other standing) string {
	for _, key := range slices.Sorted(maps.Keys(s)) {
		if s[key] != other[key] {
			return fmt.Sprintf("%s: %q and %q", key, s[key], other[key])
		}
	}
	for _, key := range slices.Sorted(maps.Keys(other)) {
		if _, ok := s[key]; !ok && other[key] != "" {
			return fmt.Sprintf("%s: nothing and %q", key, other[key])
		}
	}
	return ""
}
