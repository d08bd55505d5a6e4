// SPDX-License-Identifier: Apache-2.0

package packtest

import (
	"maps"
	"slices"
	"strings"

	"quanze/core/matter"
	"quanze/core/rulepack"
)

// compare holds what came of a step against what the case states of it. A due
// that is stated must be so; a list that is stated must be exactly so.
func (r *run) compare(step rulepack.Step, got Step, refusal *matter.Refusal, news []matter.Event) {
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
	r.list(step, "findings", step.Findings, bearing(step.Findings, news, got.Findings))
	r.list(step, "lapsed", step.Lapsed, got.Lapsed)
	r.list(step, "met", step.Met, got.Met)
	r.list(step, "released", step.Released, got.Released)
	r.list(step, "reversed", step.Reversed, got.Reversed)
	r.list(step, "opened", step.Opened, got.Opened)
	r.list(step, "stopped", step.Stopped, got.Stopped)
	r.list(step, "resumed", step.Resumed, got.Resumed)
	r.list(step, "blocked", step.Blocked, got.Blocked)
	if step.Irregular != "" && refusal == nil && !slices.Contains(got.Clauses, step.Irregular) {
		r.wrong(step.Pos, "%s was to be irregular by %s, and is so by [%s]", step.Act, step.Irregular, join(got.Clauses))
	}
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

// bearing lets a case say on whom a finding rests: where it states
// "late inquiry of bureau", the finding is so named if bureau is among those
// who bear it.
func bearing(stated []string, news []matter.Event, plain []string) []string {
	if !slices.ContainsFunc(stated, func(s string) bool { return strings.Contains(s, " of ") }) {
		return plain
	}
	free := slices.Clone(stated)
	var out []string
	for _, e := range news {
		if e.Kind != matter.Found {
			continue
		}
		name := findingOf(e)
		for i, s := range free {
			of, who, borne := strings.Cut(s, " of ")
			if borne && of == name && slices.ContainsFunc(e.Bearer, func(r matter.Ref) bool { return r.Key() == who }) {
				name, free = s, slices.Delete(free, i, i+1)
				break
			}
		}
		out = append(out, name)
	}
	return out
}
