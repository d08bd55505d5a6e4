// SPDX-License-Identifier: Apache-2.0

package packtest_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quanze/core/rulepack"
	"quanze/core/rulepack/packtest"
)

// with is the toy pack with other acts, terms and steps.
func with(t *testing.T, change func(procedure string) string, form, steps string) rulepack.Files {
	t.Helper()
	files := maps.Clone(toy)
	text := string(toy["procedures/toy.yaml"])
	if change != nil {
		changed := change(text)
		if changed == text {
			t.Fatal("nothing changed")
		}
		text = changed
	}
	files["procedures/toy.yaml"] = []byte(text)
	if form != "" {
		files["forms/note.yaml"] = []byte("form: note\nfields:\n" + form)
	}
	files["cases/x.yaml"] = []byte(head + steps)
	return files
}

func swap(old, new string) func(string) string {
	return func(s string) string { return strings.Replace(s, old, new, 1) }
}

func test(t *testing.T, files rulepack.Files, equivalents map[string]string) packtest.Result {
	t.Helper()
	pack := load(t, files)
	r := packtest.Test(pack, files, china(t), equivalents, nil)
	for _, c := range r.Cases {
		if !c.OK {
			t.Fatalf("the case itself fails: %v", c.Wrong)
		}
	}
	return r
}

func kinds(vs []packtest.Violation) []string {
	var out []string
	for _, v := range vs {
		out = append(out, v.Kind)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// clean is a case in which nothing is amiss.
const clean = `  - {on: 2026-03-03, act: answer, set: {grave: true}, met: [answering]}
  - {on: 2026-03-04, act: plan.proposed, by: clerk}
  - {on: 2026-03-05, act: plan.returned, set: {reason: x}}
  - {on: 2026-03-06, act: answer, by: page, refused: c1}
  - {on: 2026-03-09, act: plan}
  - {on: 2026-03-12, act: finish, by: boss, ended: over}
`

func TestCleanPack(t *testing.T) {
	r := test(t, with(t, nil, "", clean), nil)
	for _, l := range []packtest.Tally{r.Shifts, r.Removals, r.Orders} {
		if len(l.Violations) > 0 || l.Runs == 0 || l.Compared == 0 {
			t.Errorf("%+v", l)
		}
	}
	if r.Shifts.Runs != 365 {
		t.Errorf("%d shifts", r.Shifts.Runs)
	}
}

// An act of the rule itself that waits for a number of working days comes with
// the next entry after them: what a step brings then hangs on the weekday.
func TestShiftFinds(t *testing.T) {
	change := swap("  finish:", "  silent: {label: {zh: 文, en: text}, by: law, after: [{act: begin, wait: 3 working_days, cite: c1}], releases: [answering], cite: c2}\n  finish:")
	r := test(t, with(t, change, "", "  - {on: 2026-03-05, act: plan, released: [answering]}\n"), nil)
	if len(r.Shifts.Violations) != 1 || r.OK {
		t.Fatalf("%v", r.Shifts.Violations)
	}
	v := r.Shifts.Violations[0]
	if v.Kind != "shift" || v.File != "cases/x.yaml" || v.Line != 9 || v.Times < 50 || !strings.Contains(v.What, "released of plan were [answering], and are []") {
		t.Errorf("%v, %d times", v, v.Times)
	}
}

// A refusal that says from which day it falls away rests on the calendar, and
// is no violation.
func TestShiftOfWait(t *testing.T) {
	change := swap("after: [{act: begin, cite: c2}]", "after: [{act: begin, wait: 3 working_days, cite: c2}]")
	r := test(t, with(t, change, "", "  - {on: 2026-03-05, act: finish}\n"), nil)
	if len(r.Shifts.Violations) != 0 {
		t.Errorf("%v", r.Shifts.Violations)
	}
}

func TestRemovalFinds(t *testing.T) {
	for name, tt := range map[string]struct {
		change      func(string) string
		form, steps string
		kinds       []string
		says        string
	}{
		"required": {nil, "", "  - {on: 2026-03-03, act: answer}\n", nil, ""},
		"reason":   {nil, "", "  - {on: 2026-03-03, act: plan.proposed}\n  - {on: 2026-03-03, act: plan.refused, set: {reason: x}}\n", nil, ""},
		// What a term's length hangs on may be left blank, and the term has no end.
		"limit": {func(s string) string {
			s = strings.Replace(s, "  answering:", "  planning: {label: {zh: 文, en: text}, kind: duty, of: desk, start: answer, within: {set_by: until}, met_by: plan, cite: c1}\n  answering:", 1)
			return s
		}, "  until: {type: date, label: {zh: 文, en: text}}\n", "  - {on: 2026-03-03, act: answer, set: {until: 2026-03-05}}\n  - {tick: 2026-03-06, lapsed: [planning]}\n",
			[]string{"difference"}, "last days of answer were [planning 2026-03-05], and are []"},
		// A need that names what is missing is no violation, even steps later.
		"fact": {func(s string) string {
			s = strings.Replace(s, "acts:\n", "facts:\n  grave: {type: bool, set_by: [answer], label: {zh: 文, en: text}}\nacts:\n", 1)
			return strings.Replace(s, "releases: [answering]", "needs: [{if: grave, cite: c2}], releases: [answering]", 1)
		}, "", "  - {on: 2026-03-03, act: answer, set: {grave: true}}\n  - {on: 2026-03-04, act: plan}\n  - {on: 2026-03-05, act: finish}\n", nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := test(t, with(t, tt.change, tt.form, tt.steps), nil)
			if diff := cmp.Diff(tt.kinds, kinds(r.Removals.Violations)); diff != "" || r.Removals.Runs == 0 {
				t.Errorf("%d runs, %v\n%s", r.Removals.Runs, r.Removals.Violations, diff)
			}
			for _, v := range r.Removals.Violations {
				if !strings.Contains(v.What, tt.says) || v.File != "cases/x.yaml" {
					t.Errorf("%v", v)
				}
			}
		})
	}
}

// A local parameter that is not set stops the rule, and the kernel says so.
func TestRemovalOfLocal(t *testing.T) {
	files := with(t, swap("within: 5 days", "within: {local: span}"), "", "  - {on: 2026-03-05, act: answer, met: [answering]}\n")
	files["pack.yaml"] = append(slices.Clone(toy["pack.yaml"]), "locals:\n  span: {type: limit, label: {zh: 文, en: text}, cite: c1}\n"...)
	files["cases/x.yaml"] = []byte(strings.Replace(string(files["cases/x.yaml"]), "steps:", "locals: {span: 5 days}\nsteps:", 1))
	if r := test(t, files, nil); len(r.Removals.Violations) > 0 || r.Removals.Runs != 2 { // of the parameter, and of a sample
		t.Errorf("%d runs: %v", r.Removals.Runs, r.Removals.Violations)
	}
}

// ids of mutants, after the file.
func ids(ms []packtest.Mutant) []string {
	out := []string{}
	for _, m := range ms {
		_, id, _ := strings.Cut(m.ID, "#")
		out = append(out, id)
	}
	return out
}

// The mutants that a case of little content leaves alive are named with place
// and clause; a case that says more kills them.
func TestMutants(t *testing.T) {
	plain := "  - {on: 2026-03-03, act: answer}\n"
	r := test(t, with(t, nil, "", plain), nil)
	survivors := ids(r.Mutants.Survivors)
	for _, want := range []string{"acts.finish.releases[answering]:left out", "acts.finish.after[begin]:left out", "acts.finish.by:desk.principal->desk.staff", "acts.plan.approved_by:desk.principal->desk.staff"} {
		if !slices.Contains(survivors, want) {
			t.Errorf("%s does not survive: %q", want, survivors)
		}
	}
	// Five days from this Monday end on a Saturday, six on a Sunday: both move to
	// the next Monday, and only the case's day could tell them apart.
	if !slices.Contains(survivors, "terms.answering.within:5 days->6 days") || slices.Contains(survivors, "terms.answering.within:5 days->4 days") {
		t.Errorf("of the term's length: %q", survivors)
	}
	if r.OK || r.Mutants.Killed == 0 || r.Mutants.Killed+len(survivors) != r.Mutants.Total {
		t.Errorf("%+v", r.Mutants)
	}
	m := r.Mutants.Survivors[slices.Index(survivors, "acts.finish.after[begin]:left out")]
	if m.ID != "procedures/toy.yaml#acts.finish.after[begin]:left out" || m.File != "procedures/toy.yaml" || m.Line != 10 || m.Col == 0 || !slices.Equal(m.Clauses, []string{"toy-c2"}) {
		t.Errorf("%+v", m)
	}

	files := with(t, nil, "", "  - {on: 2026-03-03, act: plan, by: clerk}\n  - {on: 2026-03-04, act: finish, by: boss, released: [answering]}\n")
	survivors = ids(test(t, files, nil).Mutants.Survivors)
	for _, dead := range []string{"acts.finish.releases[answering]:left out", "acts.finish.by:desk.principal->desk.staff"} {
		if slices.Contains(survivors, dead) {
			t.Errorf("%s survives a case about it", dead)
		}
	}
}

// A reason counts only for a mutant that survives, and for few of them.
func TestEquivalents(t *testing.T) {
	files := with(t, nil, "", clean)
	r := test(t, files, nil)
	reasons := map[string]string{"gone": "it was"}
	for _, m := range r.Mutants.Survivors {
		reasons[m.ID] = "no case could tell"
	}
	again := test(t, files, reasons)
	if len(again.Mutants.Survivors) != 0 || len(again.Mutants.Equivalent) != len(r.Mutants.Survivors) || again.Mutants.Equivalent[0].Because == "" {
		t.Errorf("%+v", again.Mutants)
	}
	if !again.Mutants.TooMany || again.OK || !slices.Equal(again.Mutants.Stale, []string{"gone"}) {
		t.Errorf("too many %v, stale %q", again.Mutants.TooMany, again.Mutants.Stale)
	}
}

// A case that fails on the pack itself kills nothing.
func TestBrokenCaseKillsNothing(t *testing.T) {
	files := with(t, nil, "", "  - {on: 2026-03-03, act: answer, met: []}\n")
	r := packtest.Test(load(t, files), files, china(t), nil, nil)
	if r.OK || r.Cases[0].OK || r.Mutants.Killed != 0 || len(r.Mutants.Survivors) == 0 {
		t.Errorf("%+v", r.Mutants)
	}
}

// Jobs may be done at the same time and in any order.
func TestJobs(t *testing.T) {
	files := with(t, nil, "", clean)
	pack, cal := load(t, files), china(t)
	steps := 0
	one := packtest.Test(pack, files, cal, nil, func(done, of int) {
		if steps++; done != steps || of < done {
			t.Errorf("%d of %d", done, of)
		}
	})
	p := packtest.NewPlan(pack, files, cal, nil)
	var wg sync.WaitGroup
	for w := range 2 {
		wg.Go(func() {
			for i := p.Jobs() - 1 - w; i >= 0; i -= 2 {
				p.Do(i)
			}
		})
	}
	wg.Wait()
	if diff := cmp.Diff(asJSON(t, one), asJSON(t, p.Result())); diff != "" || steps != p.Jobs() {
		t.Errorf("%d steps of %d\n%s", steps, p.Jobs(), diff)
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// The JSON has no list that is null.
func TestResultJSON(t *testing.T) {
	files := with(t, nil, "", clean)
	text := asJSON(t, test(t, files, nil))
	for _, key := range []string{`"violations":null`, `"survivors":null`, `"equivalent":null`, `"stale":null`, `"clauses":null`} {
		if strings.Contains(text, key) {
			t.Errorf("%s", key)
		}
	}
	for _, key := range []string{`"shifts":{"runs":365,"compared":`, `"mutants":{"total":`, `"id":"procedures/toy.yaml#`, `"file":"procedures/toy.yaml","line":`} {
		if !strings.Contains(text, key) {
			t.Errorf("no %s in %s", key, text)
		}
	}
}

// A case may say on whom a finding rests.
func TestBearer(t *testing.T) {
	for steps, ok := range map[string]bool{
		"  - {tick: 2026-03-10, findings: [late answering of bureau]}\n":                         true,
		"  - {tick: 2026-03-10, findings: [late answering of boss]}\n":                           true,
		"  - {tick: 2026-03-10, findings: [late answering]}\n":                                   true,
		"  - {tick: 2026-03-10, findings: [late answering of clerk]}\n":                          false,
		"  - {tick: 2026-03-10, findings: [late answering of boss, late answering of bureau]}\n": false,
		"  - {tick: 2026-03-10, findings: [late other of bureau]}\n":                             false,
	} {
		if r := play(t, steps); r.OK != ok {
			t.Errorf("%s: %v %v", steps, r.OK, r.Wrong)
		}
	}
}
