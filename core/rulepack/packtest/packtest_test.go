// SPDX-License-Identifier: Apache-2.0

package packtest_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quanze/core/calendar"
	"quanze/core/rulepack"
	"quanze/core/rulepack/packtest"
)

func read(tb testing.TB, dir string) rulepack.Files {
	tb.Helper()
	files := rulepack.Files{}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(rel)] = data
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return files
}

func load(tb testing.TB, files rulepack.Files) *rulepack.Pack {
	tb.Helper()
	pack, diags := rulepack.Load(files)
	if pack == nil || len(diags) > 0 {
		tb.Fatalf("%v", diags)
	}
	return pack
}

func china(tb testing.TB) *calendar.Calendar {
	tb.Helper()
	cal, err := calendar.China()
	if err != nil {
		tb.Fatal(err)
	}
	return cal
}

const wf11 = "../../../packs/wf11"

// Every case of the pack comes out as it states, and its calendar has a name.
func TestCases(t *testing.T) {
	pack, cal := load(t, read(t, wf11)), china(t)
	if len(pack.Cases) == 0 {
		t.Fatal("no cases")
	}
	for _, c := range pack.Cases {
		report, record := packtest.Play(pack, c, cal)
		if !report.OK || len(report.Wrong) > 0 {
			t.Errorf("%s: %s", c.Title, strings.Join(report.Wrong, "\n"))
		}
		if len(report.Steps) != len(c.Steps) || report.Case != c.Title || len(record) == 0 {
			t.Errorf("%s: %d steps of %d, %d events", c.Title, len(report.Steps), len(c.Steps), len(record))
		}
		again := packtest.Run(pack, c, cal)
		if diff := cmp.Diff(report, again); diff != "" {
			t.Errorf("%s: run twice, and not the same\n%s", c.Title, diff)
		}
	}
}

// Every clause of both packs is run and tested, but for those that only refer,
// which say why no rule runs them.
func TestCoverage(t *testing.T) {
	for code, clauses := range map[string]int{"wf11": 96, "gz09": 131} {
		files := read(t, "../../../packs/"+code)
		pack := load(t, files)
		got := packtest.Count(pack, files, china(t))
		if got.Clauses != clauses || len(got.UntestedIDs)+len(got.MissingIDs) > 0 || got.RunTested+got.Declared != clauses || len(got.Wide) > 0 {
			t.Errorf("%s: untested %v, missing %v, wide %v", code, got.UntestedIDs, got.MissingIDs, got.Wide)
		}
		for _, id := range got.DeclaredIDs {
			if c := pack.Clause(id); c.Exec != "reference" || c.Declared == (rulepack.Label{}) {
				t.Errorf("%s is merely declared, and is to be %sd", id, c.Exec)
			}
		}
	}
}

// A pack whose cases say nothing of a rule does not count it as tested.
func TestCoverageNeedsCases(t *testing.T) {
	files := read(t, wf11)
	for name := range maps.Clone(files) {
		if strings.HasPrefix(name, "cases/") && name != "cases/plain.yaml" {
			delete(files, name)
		}
	}
	got := packtest.Count(load(t, files), files, china(t))
	if slices.Contains(got.TestedIDs, "wf11-art17-b") || !slices.Contains(got.UntestedIDs, "wf11-art17-b") || !slices.Contains(got.TestedIDs, "wf11-art10-p1a") {
		t.Errorf("tested %v, untested %v", got.TestedIDs, got.UntestedIDs)
	}
	delete(files, "cases/plain.yaml")
	if got = packtest.Count(load(t, files), files, china(t)); got.RunTested != 0 || got.RunUntested != 90 {
		t.Errorf("without cases: %d tested, %d untested", got.RunTested, got.RunUntested)
	}
	if packtest.Noticed(nil, load(t, read(t, wf11)), china(t)) {
		t.Error("a pack that cannot be read proves something")
	}
}

// A small pack with one of each thing a case may state.
var toy = rulepack.Files{
	"pack.yaml":    []byte("pack: toy\ntitle: {zh: 文, en: text}\nin_force: {from: 2020-01-01}\n"),
	"clauses.yaml": []byte("clauses:\n  - {id: c1, anchor: c1, kind: duty, exec: enforce, gist: {zh: 文, en: text}}\n  - {id: c2, anchor: c2, kind: duty, exec: enforce, gist: {zh: 文, en: text}}\n"),
	"forms/note.yaml": []byte(`form: note
fields:
  note: {type: longtext, required: true, label: {zh: 文, en: text}}
  grave: {type: bool, label: {zh: 文, en: text}}
`),
	"procedures/toy.yaml": []byte(`procedure: toy
title: {zh: 文, en: text}
cite: c1
parties:
  desk: {unit: true, label: {zh: 文, en: text}}
acts:
  begin: {label: {zh: 文, en: text}, by: desk, starts: true, cite: c1}
  again: {label: {zh: 文, en: text}, by: law, starts: true, cite: c1}
  answer: {label: {zh: 文, en: text}, by: desk, form: note, cite: c1}
  finish: {label: {zh: 文, en: text}, by: desk.principal, releases: [answering], ends: over, after: [{act: begin, cite: c2}], cite: c1}
  plan: {label: {zh: 文, en: text}, by: desk.staff, approved_by: desk.principal, cite: c2}
terms:
  answering: {label: {zh: 文, en: text}, kind: duty, of: desk, start: begin, within: 5 days, met_by: answer, cite: c1,
              on_lapse: {finding: red, opens_matter: {procedure: toy, act: again, parties: {desk: desk}, cite: c2}}}
`),
}

const head = `case: toy
calendar: cn@2026.1
procedure: toy
units: {bureau: {}}
persons: {boss: bureau.principal, clerk: bureau.staff, page: bureau.staff}
parties: {desk: [bureau]}
steps:
  - {on: 2026-03-02, act: begin, due: {answering: 2026-03-09}, findings: [], met: []}
`

func play(t *testing.T, steps string) packtest.Report {
	t.Helper()
	files := maps.Clone(toy)
	files["cases/x.yaml"] = []byte(head + steps)
	pack := load(t, files)
	return packtest.Run(pack, pack.Cases[0], china(t))
}

func TestGoodStatements(t *testing.T) {
	for name, steps := range map[string]string{
		"met":      "  - {on: 2026-03-03, act: answer, met: [answering], lapsed: [], released: [], reversed: [], opened: []}\n",
		"lapsed":   "  - {tick: 2026-03-10, lapsed: [answering], findings: [late answering], opened: [toy], met: []}\n",
		"order":    "  - {tick: 2026-03-10, opened: [toy], findings: [late answering], lapsed: [answering]}\n  - {on: 2026-03-09, entered: 2026-03-11, act: answer, reversed: [opened toy, late answering, lapsed answering], met: [answering]}\n",
		"released": "  - {on: 2026-03-03, act: finish, released: [answering], ended: over}\n",
		"refused":  "  - {on: 2026-03-03, act: answer, without: [note], refused: c1}\n  - {on: 2026-03-03, act: finish, by: clerk, refused: c1}\n",
		"set":      "  - {on: 2026-03-03, act: answer, set: {note: yes it is, grave: true}, by: page}\n",
		"approval": "  - {on: 2026-03-03, act: plan}\n  - {on: 2026-03-04, act: plan, refused: c2}\n",
		"moments":  "  - {on: 2026-03-03, act: plan.proposed}\n  - {on: 2026-03-03, act: plan.returned, set: {reason: x}}\n  - {on: 2026-03-03, act: plan.approved, refused: c2}\n",
		"strike":   "  - {on: 2026-03-03, act: answer}\n  - {strike: answer, on: 2026-03-04, reversed: [met answering]}\n",
		"correct":  "  - {correct: begin, on: 2026-03-03, entered: 2026-03-04, due: {answering: 2026-03-09}, reversed: [started answering]}\n",
	} {
		if r := play(t, steps); !r.OK {
			t.Errorf("%s: %v", name, r.Wrong)
		}
	}
}

// Each kind of statement, when it is wrong, fails the case at its place.
func TestWrongStatements(t *testing.T) {
	for name, tt := range map[string]struct{ steps, says string }{
		"due":                {"  - {on: 2026-03-03, act: answer, due: {answering: 2026-03-10}}\n", "answering was to be due on 2026-03-10"},
		"due of nothing":     {"  - {tick: 2026-03-03, due: {other: 2026-03-10}}\n", "other was to be due"},
		"refused":            {"  - {on: 2026-03-03, act: answer, refused: c1}\n", "was to be refused by toy-c1 and was not"},
		"refused by another": {"  - {on: 2026-03-03, act: finish, by: clerk, refused: c2}\n", "was to be refused by toy-c2, and was by toy-c1"},
		"not refused":        {"  - {on: 2026-03-03, act: finish, by: clerk}\n", "finish was refused: not_entitled"},
		"findings":           {"  - {tick: 2026-03-10, findings: []}\n", "findings of : wanted [], got [late answering]"},
		"findings missing":   {"  - {tick: 2026-03-09, findings: [late answering]}\n", "wanted [late answering], got []"},
		"met":                {"  - {on: 2026-03-03, act: answer, met: []}\n", "met of answer: wanted [], got [answering]"},
		"met another":        {"  - {on: 2026-03-03, act: answer, met: [other]}\n", "met of answer: wanted [other], got [answering]"},
		"lapsed":             {"  - {tick: 2026-03-09, lapsed: [answering]}\n", "lapsed of : wanted [answering], got []"},
		"reversed":           {"  - {tick: 2026-03-10}\n  - {on: 2026-03-09, entered: 2026-03-11, act: answer, reversed: [lapsed answering]}\n", "reversed of answer"},
		"released":           {"  - {on: 2026-03-03, act: finish, released: []}\n", "released of finish: wanted [], got [answering]"},
		"opened":             {"  - {tick: 2026-03-10, opened: []}\n", "opened of : wanted [], got [toy]"},
		"ended":              {"  - {on: 2026-03-03, act: finish, ended: other}\n", `was to end as other, and stands at "over"`},
		"not ended":          {"  - {on: 2026-03-03, act: answer, ended: over}\n", `stands at ""`},
		"field":              {"  - {on: 2026-03-03, act: answer, set: {colour: red}}\n", "act answer has no field colour"},
		"value":              {"  - {on: 2026-03-03, act: answer, set: {grave: perhaps}}\n", "field grave"},
		"act":                {"  - {on: 2026-03-03, act: nothing}\n", "nothing was refused: no_such_act"},
		"future entry":       {"  - {correct: nothing, on: 2026-03-03}\n", "no_such_act"},
	} {
		t.Run(name, func(t *testing.T) {
			r := play(t, tt.steps)
			line := strings.Count(head+tt.steps, "\n")
			want := fmt.Sprintf("cases/x.yaml:%d: ", line)
			if r.OK || len(r.Wrong) == 0 || !strings.HasPrefix(r.Wrong[0], want) || !strings.Contains(r.Wrong[0], tt.says) {
				t.Errorf("wrong %q, want %q at %s", r.Wrong, tt.says, want)
			}
		})
	}
}

// A case of the real pack fails when any one of its statements is changed.
func TestWf11Mutants(t *testing.T) {
	files, cal := read(t, wf11), china(t)
	for _, m := range []struct{ file, old, wrong string }{
		{"cases/plain.yaml", "due: {team_time: 2026-03-04}", "due: {team_time: 2026-03-05}"},
		{"cases/plain.yaml", "ended: final", "ended: appeal_answered"},
		{"cases/plain.yaml", "met: [inquiry], findings: []", "met: [inquiry], findings: [late inquiry]"},
		{"cases/late.yaml", "opened: [case]", "opened: []"},
		{"cases/late_entry.yaml", "lapsed inquiry, late", "late"},
		{"cases/interest.yaml", "refused: art8-p2", "refused: art9"},
		{"cases/letter.yaml", "without: [apology_how], refused: art12-p2b", "without: [apology_how], refused: art12-p2a"},
		{"cases/appeal.yaml", "met: [telling/teacher]", "met: []"},
		{"cases/extension.yaml", "{tick: 2026-04-15, lapsed: []", "{tick: 2026-04-15, lapsed: [inquiry]"},
	} {
		text := string(files[m.file])
		if !strings.Contains(text, m.old) {
			continue // the case has changed; the rest still tells
		}
		changed := maps.Clone(files)
		changed[m.file] = []byte(strings.Replace(text, m.old, m.wrong, 1))
		pack := load(t, changed)
		line := strings.Count(text[:strings.Index(text, m.old)], "\n") + 1
		found := false
		for _, c := range pack.Cases {
			if c.File == m.file {
				for _, w := range packtest.Run(pack, c, cal).Wrong {
					found = found || strings.HasPrefix(w, fmt.Sprintf("%s:%d: ", m.file, line))
				}
			}
		}
		if !found {
			t.Errorf("%s:%d: %s instead of %s is not noticed there", m.file, line, m.wrong, m.old)
		}
	}
}

func TestNoProcedure(t *testing.T) {
	pack := load(t, toy)
	r := packtest.Run(pack, &rulepack.Case{Title: "x", Procedure: "gone", Pos: rulepack.Pos{File: "cases/x.yaml", Line: 3}}, china(t))
	if r.OK || r.Wrong[0] != "cases/x.yaml:3: there is no procedure gone" {
		t.Errorf("%+v", r)
	}
}

func BenchmarkCoverage(b *testing.B) {
	files := read(b, wf11)
	pack, cal := load(b, files), china(b)
	for b.Loop() {
		packtest.Count(pack, files, cal)
	}
}
