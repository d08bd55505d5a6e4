// SPDX-License-Identifier: Apache-2.0

package packtest

import (
	"maps"
	"slices"

	"quanze/core/matter"
	"quanze/core/rulepack"
)

// compare holds what came of a step against what the case states of it. A due
// that is stated must be so; a list that is stated must be exactly so.
func (r *run) compare(step rulepack.Step, got Step, refusal *matter.Refusal) {
	switch {
	case step.Refused == "" && refusal != nil:
		r.wrong(step.Pos, "%s was refused: %s (%s), names %s", step.Act, refusal.Why, join(refusal.Clauses), join(refusal.Names))
	case step.Refused != "" && refusal == nil:
		r.wrong(step.Pos, "%s was to be refused by %s and was not", step.Act, step.Refused)
	case step.Refused != "" && !slices.Contains(refusal.Clauses, step.Refused):
		r.wrong(step.Pos, "%s was to be refused by %s, and was by %s (%s), names %s", step.Act, step.Refused, join(refusal.Clauses), refusal.Why, join(refusal.Names))
	}
	for _, name := range slices.Sorted(maps.Keys(step.Due)) {
		want := step.Due[name]
		if got.Dues[name] != want {
			r.wrong(step.Pos, "%s was to be due on %s, and is on %s", name, want, got.Dues[name])
		}
	}
	r.list(step, "findings", step.Findings, got.Findings)
	r.list(step, "lapsed", step.Lapsed, got.Lapsed)
	r.list(step, "met", step.Met, got.Met)
	r.list(step, "released", step.Released, got.Released)
	r.list(step, "reversed", step.Reversed, got.Reversed)
	r.list(step, "opened", step.Opened, got.Opened)
	if step.Ended != "" {
		if ended := r.ended(); ended != step.Ended {
			r.wrong(step.Pos, "was to end as %s, and stands at %q", step.Ended, ended)
		}
	}
}

func (r *run) list(step rulepack.Step, what string, want, got []string) {
	if want == nil {
		return
	}
	w, g := slices.Clone(want), slices.Clone(got)
	slices.Sort(w)
	slices.Sort(g)
	if !slices.Equal(w, g) {
		r.wrong(step.Pos, "%s of %s: wanted [%s], got [%s]", what, step.Act, join(w), join(g))
	}
}
