// SPDX-License-Identifier: Apache-2.0

package packtest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/core/rulepack"
)

// The kernel is as it should be, so its faults are made here: in the record it
// left, in the order of its facts, in what is expected of it.

const pair = `procedure: pair
title: {zh: 文, en: text}
cite: c1
parties:
  desk: {unit: true, label: {zh: 文, en: text}}
facts:
  size: {type: int, set_by: [tell], label: {zh: 文, en: text}}
acts:
  begin: {label: {zh: 文, en: text}, by: desk, starts: true, cite: c1}
  tell: {label: {zh: 文, en: text}, by: desk, form: tell, repeat: true, cite: c1}
  more: {label: {zh: 文, en: text}, by: desk, repeat: true, approved_by: desk.principal, cite: c1}
  answer: {label: {zh: 文, en: text}, by: desk, cite: c1}
  never: {label: {zh: 文, en: text}, by: desk, modality: forbidden, cite: c1}
  close: {label: {zh: 文, en: text}, by: desk, releases: [owing], cite: c1}
terms:
  answering: {label: {zh: 文, en: text}, kind: duty, of: desk, start: begin, within: 5 days, met_by: answer, extended_by: {act: more, by: 3 days, cite: c1}, cite: c1}
  owing: {label: {zh: 文, en: text}, kind: duty, of: desk, start: begin, met_by: tell, cite: c1}
`

const pairCase = `case: pair
calendar: cn@2026.1
procedure: pair
units: {bureau: {}}
persons: {boss: bureau.principal, clerk: bureau.staff}
parties: {desk: [bureau]}
steps:
  - {on: 2026-03-02, act: begin}
  - {on: 2026-03-03, act: close}
  - {on: 2026-03-04, act: tell, set: {size: 1, until: 2026-03-10}}
  - {on: 2026-03-04, act: tell, set: {size: 2}}
  - {on: 2026-03-05, act: more, by: clerk}
  - {tick: 2026-03-20}
  - {on: 2026-03-23, act: answer}
  - {correct: answer, on: 2026-03-20, entered: 2026-03-24}
`

func pairBench(t *testing.T) (*bench, *run) {
	t.Helper()
	pack, diags := rulepack.Load(rulepack.Files{
		"pack.yaml":            []byte("pack: pair\ntitle: {zh: 文, en: text}\nin_force: {from: 2020-01-01}\n"),
		"clauses.yaml":         []byte("clauses:\n  - {id: c1, anchor: c1, kind: duty, exec: enforce, gist: {zh: 文, en: text}}\n"),
		"forms/tell.yaml":      []byte("form: tell\nfields:\n  size: {type: int, required: true, label: {zh: 文, en: text}}\n  until: {type: date, label: {zh: 文, en: text}}\n"),
		"procedures/pair.yaml": []byte(pair), "cases/pair.yaml": []byte(pairCase)})
	if pack == nil {
		t.Fatal(diags)
	}
	cal, err := calendar.China()
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(pack, cal)
	r := begin(pack, b.stages[0], cal, 0)
	for _, s := range r.c.Steps {
		r.step(s)
	}
	return b, r
}

func TestSound(t *testing.T) {
	_, r := pairBench(t)
	if faults := r.sound(); len(faults) != 0 {
		t.Fatalf("%+v", faults)
	}
	at := func(kind matter.Kind, term string) int {
		return slices.IndexFunc(r.events, func(e matter.Event) bool { return e.Kind == kind && (term == "" || e.Term == term) })
	}
	for name, tt := range map[string]struct {
		kind  string
		spoil func(x *run)
	}{
		"a consequence is not recorded":      {"record", func(x *run) { x.events = slices.Delete(x.events, at(matter.Met, ""), at(matter.Met, "")+1) }},
		"one is recorded that does not hold": {"record", func(x *run) { x.events[at(matter.Started, "owing")].Key = "started|other" }},
		"one is reversed that was not there": {"record", func(x *run) {
			x.events = append(x.events, matter.Event{Kind: matter.Reversed, Key: "met|x", Seq: 99, Entered: x.day})
		}},
		"a fact is lost":              {"replay", func(x *run) { x.events = slices.Delete(x.events, at(matter.Done, ""), at(matter.Done, "")+1) }},
		"a consequence has no clause": {"clause", func(x *run) { x.events[at(matter.Released, "")].Clauses = nil }},
		"a clause is not in the pack": {"clause", func(x *run) { x.events[at(matter.Lapsed, "")].Clauses = []string{"pair-c9"} }},
	} {
		t.Run(name, func(t *testing.T) {
			x := r.fork()
			x.events = slices.Clone(r.events)
			tt.spoil(x)
			if !slices.ContainsFunc(x.sound(), func(f fault) bool { return f.kind == tt.kind }) {
				t.Errorf("%+v", x.sound())
			}
		})
	}
}

// A last day that the calendar does not explain, or that is a day off, is found.
func TestExplained(t *testing.T) {
	_, r := pairBench(t)
	var found []string
	add := func(kind, format string, args ...any) { found = append(found, kind) }
	o := r.state.Obligations()[0]
	if r.explained(o, add); len(found) > 0 || len(o.Extensions) != 1 {
		t.Fatalf("%+v %q", o, found)
	}
	worse := o
	worse.FirstDue++
	r.explained(worse, add)
	worse = o
	worse.Extensions = slices.Clone(o.Extensions)
	worse.Extensions[0].Due--
	r.explained(worse, add)
	worse = o
	worse.Status = "asleep"
	r.traced(worse, map[string]bool{}, add)
	worse.Status = matter.StatusMet
	r.traced(worse, map[string]bool{"started|" + worse.Key: true}, add)
	if !slices.Equal(found, []string{"due", "due", "obligation", "obligation"}) {
		t.Errorf("%q", found)
	}
	// A day that was told stays, and is no fault.
	kept := r.fork()
	kept.events = slices.Clone(r.events)
	kept.events[0].Kept = []matter.Kept{{Term: o.Term, Start: o.Start, Due: o.FirstDue + 1}}
	worse, found = o, nil
	worse.FirstDue++
	if kept.explained(worse, add); len(found) > 0 {
		t.Errorf("%q", found)
	}
}

func TestAnswered(t *testing.T) {
	_, r := pairBench(t)
	var found []string
	add := func(kind, format string, args ...any) { found = append(found, kind) }
	r.answered(nil, add)
	r.answered(&matter.Refusal{Why: matter.NoSuchAct}, add)
	r.answered(&matter.Refusal{Why: matter.TooEarly, Clauses: []string{"pair-c1", "other-c7"}}, add)
	if len(found) > 0 {
		t.Errorf("%q", found)
	}
	r.answered(&matter.Refusal{Why: matter.TooEarly}, add)
	r.answered(&matter.Refusal{Why: matter.TooEarly, Clauses: []string{"pair-c2"}}, add)
	if len(found) != 2 {
		t.Errorf("%q", found)
	}
}

// What a shifted step brings is compared as long as the last days lie alike.
func TestCompareShift(t *testing.T) {
	b, _ := pairBench(t)
	st := b.stages[0]
	moved := stage{b.moved(st.c, 7), st.world}
	base := b.trace(st)
	var out Tally
	if b.compareShift(base, moved, &out); len(out.Violations) > 0 || out.Compared != len(base) {
		t.Fatalf("%d compared, %v", out.Compared, out.Violations)
	}
	for i := range base {
		worse := slices.Clone(base)
		worse[i].out.Met = append(slices.Clone(worse[i].out.Met), "other")
		out = Tally{}
		if b.compareShift(worse, moved, &out); len(out.Violations) != 1 || out.Violations[0].Pos != st.c.Steps[i].Pos {
			t.Errorf("step %d: %v", i, out.Violations)
		}
	}
	worse := slices.Clone(base)
	worse[0].places = map[string]place{"answering": {after: -1}}
	out = Tally{}
	if b.compareShift(worse, moved, &out); out.Compared != 0 || len(out.Violations) > 0 {
		t.Errorf("last days lie otherwise, and %d steps are compared", out.Compared)
	}
	// Each playing is tested for soundness, whatever is compared.
	bare := *b.pack
	bare.Clauses = nil
	out = Tally{}
	(&bench{pack: &bare, cal: b.cal}).compareShift(base, moved, &out)
	if len(out.Violations) == 0 || out.Violations[0].Kind != "clause" {
		t.Errorf("%v", out.Violations)
	}
	// A day that is filled in moves with the others.
	if got := moved.c.Steps[2].Set["until"]; got != "2026-03-17" || st.c.Steps[2].Set["until"] != "2026-03-10" {
		t.Errorf("until %s", got)
	}
	// Shifts go back where the calendar does not reach ahead.
	seen := map[calendar.Date]bool{}
	for d := 1; d <= shifts; d++ {
		by := b.direction(st.c, d)
		if last := st.c.Steps[len(st.c.Steps)-1].Entered + by; !b.cal.Covers(last) {
			t.Fatalf("%d: %s lies outside the calendar", d, last)
		}
		seen[(by+shifts+1)%(shifts+1)] = true
	}
	if len(seen) != shifts {
		t.Errorf("%d days of a year", len(seen))
	}
}

func TestAlike(t *testing.T) {
	a := map[string]place{"x": {1, false, 10}, "y": {1, false, 12}, "z": {2, true, 14}}
	for name, tt := range map[string]struct {
		b    map[string]place
		want bool
	}{
		"the same":             {map[string]place{"x": {1, false, 110}, "y": {1, false, 111}, "z": {2, true, 114}}, true},
		"one more":             {map[string]place{"x": {1, false, 110}, "w": {9, true, 111}}, true},
		"after another day":    {map[string]place{"x": {2, false, 110}}, false},
		"on a day of the case": {map[string]place{"x": {1, true, 110}}, false},
		"in the other order":   {map[string]place{"x": {1, false, 112}, "y": {1, false, 111}}, false},
	} {
		if got := alike(a, tt.b); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// Every order keeps the facts of one day in theirs and corrections after what
// they correct, and leaves the same state; an order that does not is found.
func TestOrders(t *testing.T) {
	_, r := pairBench(t)
	facts := slices.DeleteFunc(slices.Clone(r.events), func(e matter.Event) bool { return !e.Kind.Fact() })
	all := orders(facts)
	if len(all) < 8 {
		t.Fatalf("%d orders", len(all))
	}
	for name, order := range all {
		for i, e := range order {
			for _, later := range order[i+1:] {
				if e.Kind == matter.Corrected && e.Target == later.Seq || e.On == later.On && e.Kind != matter.Corrected && later.Kind != matter.Corrected && e.Seq > later.Seq {
					t.Errorf("%s: %d before %d", name, e.Seq, later.Seq)
				}
			}
		}
		if diff := applied(facts, order, &r.rules); diff != "" || len(order) != len(facts) {
			t.Errorf("%s: %s", name, diff)
		}
	}
	plain := facts[:len(facts)-1] // a correction sorts the whole record by day and number
	swapped := slices.Clone(plain)
	i := slices.IndexFunc(facts, func(e matter.Event) bool { return e.Act == "tell" })
	swapped[i], swapped[i+1] = facts[i+1], facts[i]
	if applied(plain, swapped, &r.rules) == "" {
		t.Error("facts of one day in the other order leave the same state")
	}
	early := append([]matter.Event{facts[len(facts)-1]}, facts[:len(facts)-1]...)
	if applied(facts, early, &r.rules) == "" {
		t.Error("a correction before what it corrects leaves the same state")
	}
}

// A step entered after the next one is held against what was done in order.
func TestLate(t *testing.T) {
	b, _ := pairBench(t)
	st := b.stages[0]
	r := begin(b.pack, st, b.cal, 0)
	var before []*run
	var base []tracedStep
	for _, s := range st.c.Steps {
		before = append(before, r.fork())
		base = append(base, tracedStep{out: r.step(s), refusal: r.refusal})
	}
	before = append(before, r)
	var out Tally
	if b.late(st.c, 1, before, base, &out); out.Runs != 1 || len(out.Violations) > 0 {
		t.Fatalf("%+v", out)
	}
	for i := len(before[1].events); i < len(before[3].events); i++ {
		if !before[3].events[i].Kind.Fact() {
			continue
		}
		other := slices.Clone(before)
		other[3] = before[3].fork()
		other[3].events = slices.Clone(before[3].events)
		other[3].events[i].Outcome = "x"
		out = Tally{}
		if b.late(st.c, 1, other, base, &out); len(out.Violations) != 1 || out.Violations[0].Kind != "order" || !strings.Contains(out.Violations[0].What, "other facts") {
			t.Errorf("event %d: %+v", i, out)
		}
	}
	for i, why := range map[int]string{0: "rests on the step before", 2: "is the same act", 4: "is no act"} {
		out = Tally{}
		if b.late(st.c, i, before, base, &out); out.Runs != 0 {
			t.Errorf("step %d is swapped though it %s", i, why)
		}
	}
}

// A word that is new to the language is changed by how its value is written.
func TestMutateNewWords(t *testing.T) {
	b, _ := pairBench(t)
	draft, diags := rulepack.NewDraft(rulepack.Files{
		"pack.yaml": []byte("pack: pair\ncount: {first_day: excluded}\n"), "clauses.yaml": []byte("clauses: []\n"),
		"meetings.yaml": []byte("quorum: {at_least: 2/3, of: members, cite: c1}\nvote: {pass: {more_than: 1/2}, reasons: required}\nlasts: 1 years\nwait: 2 weeks\nevery: 2 quarters\n"),
		"tables/t.yaml": []byte("table: t\nhit: first\nrows:\n  - {when: {n: '>= 3', m: 2..5, open: true, k: 4}, gives: {x: [a, b]}, cite: c1}\n  - {if: \"!a && n > 1 || k == 'a && b'\", cite: c2}\n"),
	})
	if diags.Failed() {
		t.Fatal(diags)
	}
	var got []string
	for _, m := range mutate(b.pack, draft.Sites()) {
		got = append(got, strings.TrimPrefix(strings.TrimPrefix(m.ID, "meetings.yaml#"), "tables/t.yaml#"))
	}
	want := []string{
		"quorum.at_least:2/3->1/3", "quorum.at_least:2/3->3/3", "quorum.at_least:at_least->more_than", "quorum.of:members->present",
		"vote.pass.more_than:1/2->0/2", "vote.pass.more_than:1/2->2/2", "vote.pass.more_than:more_than->at_least", "vote.reasons:required->free",
		"lasts:1 years->0 years", "lasts:1 years->2 years", "lasts:1 years->1 months", "wait:2 weeks->1 weeks", "wait:2 weeks->3 weeks", "wait:2 weeks->2 days",
		"every:2 quarters->1 quarters", "every:2 quarters->3 quarters", "every:2 quarters->2 months", "pack.yaml#count.first_day:excluded->included",
		"rows[c1]:after the next row", "rows[c1].when.n:>= 3->> 3", "rows[c1].when.n:>= 3->>= 4", "rows[c1].when.n:>= 3->>= 2",
		"rows[c1].when.m:2..5->1..5", "rows[c1].when.m:2..5->2..4", "rows[c1].when.m:2..5->3..5", "rows[c1].when.m:2..5->2..6",
		"rows[c1].when.open:true->false", "rows[c1].when.k:4->3", "rows[c1].when.k:4->5",
		"rows[c2].if:!a && n > 1 || k == 'a && b'->a && n > 1 || k == 'a && b'", "rows[c2].if:!a && n > 1 || k == 'a && b'->!a || n > 1 || k == 'a && b'",
		"rows[c2].if:!a && n > 1 || k == 'a && b'->!a && n >= 1 || k == 'a && b'", "rows[c2].if:!a && n > 1 || k == 'a && b'->!a && n > 2 || k == 'a && b'",
		"rows[c2].if:!a && n > 1 || k == 'a && b'->!a && n > 0 || k == 'a && b'", "rows[c2].if:!a && n > 1 || k == 'a && b'->!a && n > 1 && k == 'a && b'",
		"rows[c2].if:!a && n > 1 || k == 'a && b'->!a && n > 1 || k != 'a && b'",
	}
	slices.Sort(got)
	slices.Sort(want)
	for _, id := range want {
		if !slices.Contains(got, id) {
			t.Errorf("no %s", id)
		}
	}
	for _, id := range got {
		if !slices.Contains(want, id) {
			t.Errorf("%s was not to be", id)
		}
	}
}

// The ids of a whole pack's mutants are all different.
func TestMutantIDs(t *testing.T) {
	files := rulepack.Files{}
	paths, err := filepath.Glob("../../../packs/wf11/*/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatal(err)
	}
	for _, path := range append(paths, "../../../packs/wf11/pack.yaml", "../../../packs/wf11/clauses.yaml") {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name, _ := filepath.Rel("../../../packs/wf11", path)
		files[filepath.ToSlash(name)] = data
	}
	pack, _ := rulepack.Load(files)
	draft, _ := rulepack.NewDraft(files)
	seen := map[string]bool{}
	for _, m := range mutate(pack, draft.Sites()) {
		if seen[m.ID] {
			t.Errorf("%s twice", m.ID)
		}
		seen[m.ID] = true
	}
	if len(seen) < 150 {
		t.Errorf("%d mutants", len(seen))
	}
}

// What an unsaid thing may do to a step: be named in a refusal, or nothing.
func TestWithout(t *testing.T) {
	b, _ := pairBench(t)
	st := b.stages[0]
	base := b.trace(st)
	again := func(base []tracedStep, steps []rulepack.Step) []Violation {
		var out Tally
		b.without(begin(b.pack, st, b.cal, 0), steps, base, "size", "", &out)
		return out.Violations
	}
	if got := again(base, st.c.Steps); len(got) > 0 {
		t.Fatalf("%v", got)
	}
	silent := slices.Clone(st.c.Steps)
	silent[2].Without = []string{"size"}
	if got := again(base, silent); len(got) > 0 {
		t.Errorf("a refusal that names what is missing: %v", got)
	}
	early := slices.Clone(st.c.Steps)
	early[1].Act = "begin"
	other := slices.Clone(base)
	other[3].refusal = &matter.Refusal{Why: matter.StillOwed}
	later := slices.Clone(base)
	later[0].out.Dues = map[string]calendar.Date{"answering": 1}
	for name, tt := range map[string]struct {
		base  []tracedStep
		steps []rulepack.Step
		kind  string
		line  int
	}{
		"was refused and is done":            {other, st.c.Steps, "permission", 11},
		"is refused, and for something else": {base, early, "silence", 9},
		"another last day":                   {later, st.c.Steps, "difference", 8},
	} {
		got := again(tt.base, tt.steps)
		if len(got) != 1 || got[0].Kind != tt.kind || got[0].Line != tt.line {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// Whose a term is that cannot be late, and who may do what is forbidden, leave
// no trace: no case could tell, so they are not changed.
func TestUntold(t *testing.T) {
	b, _ := pairBench(t)
	for path, want := range map[string]bool{"terms.owing.of": true, "terms.answering.of": false, "terms.owing.start": false, "acts.never.by": true, "acts.never.by[desk]": true,
		"acts.never.after": false, "acts.tell.by": false, "parties.desk.by": false, "acts.never.by.deep": false} {
		if got := untold(b.pack.Procedures[0], &rulepack.Site{Path: strings.Split(path, ".")}); got != want {
			t.Errorf("%s: %v", path, got)
		}
	}
}

// Of two findings of one name each answers for one statement.
func TestBearing(t *testing.T) {
	late := func(n int) matter.Event {
		return matter.Event{Kind: matter.Found, Term: "x", Finding: "late", Bearer: []matter.Ref{{Person: "boss"}, {Person: "clerk"}}[:n]}
	}
	stated := []string{"late x of boss", "late x of clerk"}
	if got := bearing(stated, []matter.Event{late(2), late(2)}, nil); !slices.Equal(got, stated) {
		t.Errorf("%q", got)
	}
	if got := bearing(stated, []matter.Event{late(1), late(1)}, nil); !slices.Equal(got, []string{"late x of boss", "late x"}) {
		t.Errorf("%q", got)
	}
}
