// SPDX-License-Identifier: Apache-2.0

package packtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

// removed plays a case again for each thing that is said in it, with that one
// left unsaid: a field of a step, the reason of a return, a local parameter.
//
// A step that was done may then be refused, if the refusal names what is
// missing; or it comes out as it did. Terms that wait for what is missing may
// fail to begin, if the kernel says that they wait. A step that was refused
// must stay refused: nothing unsaid is a permission. What comes after a step
// that was done and now is refused has lost its ground, and is not looked at.
func (b *bench) removed(st stage) Tally {
	var out Tally
	r := begin(b.pack, st, b.cal, 0)
	if r == nil {
		return out
	}
	var base []tracedStep
	var before []*run
	for _, step := range st.c.Steps {
		before = append(before, r.fork())
		got := r.step(step)
		base = append(base, tracedStep{out: got, refusal: r.refusal})
	}
	for i, step := range st.c.Steps {
		for _, name := range before[i].said(step) {
			changed := step
			changed.Without = append(slices.Clip(step.Without), name)
			if name == reason {
				changed.Set = maps.Clone(step.Set)
				delete(changed.Set, reason)
			}
			rest := append([]rulepack.Step{changed}, st.c.Steps[i+1:]...)
			b.without(before[i].fork(), rest, base[i:], name, fmt.Sprintf("without %s of %s, ", name, step.Act), &out)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(st.c.Locals)) {
		less := *st.c
		less.Locals = maps.Clone(st.c.Locals)
		delete(less.Locals, name)
		b.without(begin(b.pack, stage{&less, st.world}, b.cal, 0), st.c.Steps, base, name, fmt.Sprintf("without the local parameter %s, ", name), &out)
	}
	return out
}

// reason is what a return or a refusal of a proposal must give; it is no field.
const reason = "reason"

// said lists what a step fills in: what the case sets, and samples of the rest.
func (r *run) said(step rulepack.Step) []string {
	id, word, _ := strings.Cut(step.Act, ".")
	a := r.rules.Procedure.Act(id)
	switch {
	case a == nil || step.Kind != rulepack.StepAct:
		return nil
	case word == "returned" || word == "refused":
		if step.Set[reason] != "" {
			return []string{reason}
		}
		return nil
	case word != "" && word != "proposed":
		return nil
	}
	fields, err := r.fields(a, step)
	if err != nil {
		return nil
	}
	return slices.Sorted(maps.Keys(fields))
}

// silences are the refusals that say that something has not been said.
var silences = []matter.Why{matter.ContentMissing, matter.NotYetKnown, matter.OutcomeMissing, matter.LocalUnset}

func (b *bench) without(r *run, steps []rulepack.Step, base []tracedStep, name, what string, out *Tally) {
	out.Runs++
	waiting := false // some term waits for what was left unsaid
	for i, step := range steps {
		got := r.step(step)
		out.Compared++
		report := func(kind, format string, args ...any) {
			out.report(Violation{Pos: step.Pos, Case: r.c.Title, Kind: kind, What: what + fmt.Sprintf(format, args...)})
		}
		r.answered(r.refusal, report)
		switch was := base[i].refusal; {
		case was != nil && r.refusal == nil:
			report("permission", "%s was refused (%s), and is done", step.Act, was.Why)
			return
		case was != nil:
			continue // refused as before, perhaps for what is missing
		case r.refusal != nil:
			named := slices.Contains(r.refusal.Names, name)
			if !waiting && (!slices.Contains(silences, r.refusal.Why) || !named) {
				report("silence", "%s is refused (%s) and %s is not named, but %s", step.Act, r.refusal.Why, name, join(r.refusal.Names))
			}
			return
		}
		diff := differs(base[i].out, got)
		if diff == "" && !maps.Equal(base[i].out.Dues, got.Dues) {
			diff = fmt.Sprintf("last days of %s were %s, and are %s", step.Act, dues(base[i].out.Dues), dues(got.Dues))
		}
		if diff == "" || waiting {
			continue
		}
		if !b.waits(r, base[i].out, got, name) {
			report("difference", "%s", diff)
			return
		}
		waiting = true
	}
}

func dues(m map[string]calendar.Date) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		out = append(out, name+" "+m[name].String())
	}
	return "[" + join(out) + "]"
}

// waits reports whether a step may bring less than it did because terms hang on
// the name: all last days that are no longer given are of such terms, and what
// is given is as it was.
func (b *bench) waits(r *run, was, is Step, name string) bool {
	hanging := func(t *rulepack.Term) bool { return hangs(t, name, r.state.Unset()) }
	for term, due := range is.Dues {
		if was.Dues[term] != due {
			return false
		}
	}
	for term := range was.Dues {
		if _, still := is.Dues[term]; still {
			continue
		}
		id, _, _ := strings.Cut(term, "/")
		if t := r.rules.Procedure.Term(id); t == nil || !hanging(t) {
			return false
		}
	}
	return slices.ContainsFunc(r.rules.Procedure.Terms, hanging)
}

// hangs reports whether a term waits for the name: its condition speaks of it,
// or its length is that local parameter and the kernel lists it as unset.
func hangs(t *rulepack.Term, name string, unset []string) bool {
	of := []*expr.Expr{t.When}
	for _, s := range t.Start {
		of = append(of, s.When)
		if s.Local == name && slices.Contains(unset, name) {
			return true // it starts from a moment that the parameter chooses
		}
	}
	if slices.ContainsFunc(of, func(e *expr.Expr) bool { return e != nil && slices.Contains(e.Facts, name) }) {
		return true
	}
	return t.Within.Local == name && slices.Contains(unset, name)
}
