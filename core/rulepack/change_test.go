// SPDX-License-Identifier: Apache-2.0

package rulepack_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quanze/core/rulepack"
)

var drafted = rulepack.Files{
	"pack.yaml":    []byte("pack: toy\ntitle: {zh: 文, en: text}\nin_force: {from: 2020-01-01}\n"),
	"clauses.yaml": []byte("clauses:\n  - {id: c1, anchor: c1, kind: duty, exec: enforce, gist: {zh: 文, en: text}}\n  - {id: c2, anchor: c2, kind: duty, exec: enforce, gist: {zh: 文, en: text}}\n"),
	"procedures/toy.yaml": []byte(`procedure: toy
title: {zh: 文, en: text}
cite: c1
parties:
  desk: {unit: true, label: {zh: 文, en: text}}
acts:
  begin: {label: {zh: 文, en: text}, by: [desk.principal, desk.staff], starts: true, cite: c1}
  answer:
    label: {zh: 文, en: text}
    by: desk
    repeat: true
    after: [begin, {act: begin, wait: 3 days, cite: c2}, {any: [begin, answering.lapsed], cite: [c1, "other:c7"]}]
    cite: c1
terms:
  answering: {label: {zh: 文, en: text}, kind: duty, of: desk, start: begin, within: 5 working_days, met_by: answer, cite: c1}
`),
	"cases/x.yaml": []byte("case: x\ncalendar: c\nprocedure: toy\nsteps: [{on: 2026-03-02, act: begin}]\n"),
}

func draft(t *testing.T, files rulepack.Files) *rulepack.Draft {
	t.Helper()
	d, diags := rulepack.NewDraft(files)
	if diags.Failed() {
		t.Fatal(diags)
	}
	return d
}

func site(t *testing.T, d *rulepack.Draft, id string) *rulepack.Site {
	t.Helper()
	sites := d.Sites()
	i := slices.IndexFunc(sites, func(s rulepack.Site) bool { return s.ID == "procedures/toy.yaml#"+id })
	if i < 0 {
		t.Fatalf("no site %s", id)
	}
	return &sites[i]
}

func TestSites(t *testing.T) {
	d := draft(t, drafted)
	var ids []string
	for _, s := range d.Sites() {
		ids = append(ids, strings.TrimPrefix(s.ID, "procedures/toy.yaml#"))
	}
	want := []string{"pack.yaml#pack", "pack.yaml#in_force.from", "procedure", "parties.desk.unit",
		"acts.begin.by[desk.principal]", "acts.begin.by[desk.staff]", "acts.begin.starts",
		"acts.answer.by", "acts.answer.repeat", "acts.answer.after[begin]", "acts.answer.after[begin#2]", "acts.answer.after[begin#2].act", "acts.answer.after[begin#2].wait",
		"acts.answer.after[begin|answering.lapsed]", "acts.answer.after[begin|answering.lapsed].any[begin]", "acts.answer.after[begin|answering.lapsed].any[answering.lapsed]",
		"terms.answering.kind", "terms.answering.of", "terms.answering.start", "terms.answering.within", "terms.answering.met_by"}
	if diff := cmp.Diff(want, ids); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	wait := site(t, d, "acts.answer.after[begin#2].wait")
	if wait.Line != 12 || wait.Col != 39 || wait.Text != "3 days" || !slices.Equal(wait.Clauses, []string{"toy-c2"}) || wait.Key != "wait" {
		t.Errorf("%+v", wait)
	}
	if any := site(t, d, "acts.answer.after[begin|answering.lapsed].any[begin]"); !slices.Equal(any.Clauses, []string{"toy-c1", "other-c7"}) || !any.Entry || any.Last || any.Key != "any" {
		t.Errorf("%+v", any)
	}
	if of := site(t, d, "terms.answering.of"); !of.Alone || of.Entry || !slices.Equal(of.Clauses, []string{"toy-c1"}) {
		t.Errorf("%+v", of)
	}
}

// An edit elsewhere leaves the ids of places as they were.
func TestSitesAreStable(t *testing.T) {
	files := rulepack.Files{}
	for name, data := range drafted {
		files[name] = data
	}
	files["procedures/toy.yaml"] = []byte("# a remark\n" + strings.Replace(string(drafted["procedures/toy.yaml"]), "acts:\n", "acts:\n  other: {label: {zh: 文, en: text}, by: desk, cite: c2}\n", 1))
	before, after := draft(t, drafted).Sites(), draft(t, files).Sites()
	for _, s := range before {
		if !slices.ContainsFunc(after, func(x rulepack.Site) bool { return x.ID == s.ID && x.Text == s.Text }) {
			t.Errorf("%s is gone", s.ID)
		}
	}
}

func TestDraftWith(t *testing.T) {
	d := draft(t, drafted)
	act := func(p *rulepack.Pack) *rulepack.Act { return p.Procedures[0].Act("answer") }
	for name, tt := range map[string]struct {
		site string
		op   rulepack.Op
		to   string
		test func(p *rulepack.Pack) bool // of a pack that the loader accepts
	}{
		"another length":       {"terms.answering.within", rulepack.OpText, "6 days", func(p *rulepack.Pack) bool { return p.Procedures[0].Terms[0].Within.Length.N == 6 }},
		"another boolean":      {"acts.answer.repeat", rulepack.OpText, "false", func(p *rulepack.Pack) bool { return !act(p).Repeat }},
		"an entry left out":    {"acts.answer.after[begin#2]", rulepack.OpOmit, "", func(p *rulepack.Pack) bool { return len(act(p).After) == 2 && act(p).After[0].Wait.N == 0 }},
		"one of several":       {"acts.answer.after[begin|answering.lapsed].any[begin]", rulepack.OpOmit, "", func(p *rulepack.Pack) bool { return len(act(p).After[2].Any) == 1 }},
		"a key left out":       {"acts.answer.repeat", rulepack.OpOmit, "", func(p *rulepack.Pack) bool { return !act(p).Repeat }},
		"the next entry first": {"acts.begin.by[desk.principal]", rulepack.OpSwap, "", func(p *rulepack.Pack) bool { return p.Procedures[0].Acts[0].By[0].String() == "desk.staff" }},
		"another key":          {"acts.answer.repeat", rulepack.OpKey, "starts", func(p *rulepack.Pack) bool { return act(p).Starts && !act(p).Repeat }},
		"an unknown key":       {"acts.answer.repeat", rulepack.OpKey, "other", nil},
		"nothing by that name": {"terms.answering.start", rulepack.OpText, "other", nil},
		"what must be there":   {"terms.answering.met_by", rulepack.OpOmit, "", nil},
		"no length":            {"terms.answering.within", rulepack.OpText, "5", nil},
	} {
		t.Run(name, func(t *testing.T) {
			p := d.With(rulepack.Change{Site: site(t, d, tt.site), Op: tt.op, To: tt.to})
			if (p == nil) != (tt.test == nil) || (p != nil && (!tt.test(p) || len(p.Cases) != 0)) {
				t.Errorf("%+v", p)
			}
		})
	}
	// None of that has touched the draft.
	s := site(t, d, "terms.answering.within")
	if p := d.With(rulepack.Change{Site: s, Op: rulepack.OpText, To: s.Text}); p == nil || p.Procedures[0].Terms[0].Within.Length.N != 5 || !act(p).Repeat || len(act(p).After) != 3 {
		t.Errorf("%+v", p)
	}
}

func TestDraftOfFaultyFiles(t *testing.T) {
	if d, diags := rulepack.NewDraft(rulepack.Files{"pack.yaml": []byte("a: [")}); d != nil || !diags.Failed() {
		t.Error("a draft of what is not YAML")
	}
}

// Any value of the whole pack may be another, and any entry left out or
// swapped, without a panic, by two at once.
func TestDraftOfPack(t *testing.T) {
	files := rulepack.Files{}
	paths, _ := filepath.Glob("../../packs/wf11/*/*.yaml")
	for _, path := range append(paths, "../../packs/wf11/pack.yaml", "../../packs/wf11/clauses.yaml") {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name, _ := filepath.Rel("../../packs/wf11", path)
		files[filepath.ToSlash(name)] = data
	}
	d := draft(t, files)
	sites := d.Sites()
	var wg sync.WaitGroup
	for w := range 2 {
		wg.Go(func() {
			for i := w; i < len(sites); i += 6 {
				for _, c := range []rulepack.Change{{Op: rulepack.OpOmit}, {Op: rulepack.OpText, To: "x"}, {Op: rulepack.OpText}, {Op: rulepack.OpSwap}} {
					if c.Site = &sites[i]; c.Op == rulepack.OpText || c.Site.Entry && (c.Op == rulepack.OpOmit || !c.Site.Last) {
						d.With(c)
					}
				}
			}
		})
	}
	wg.Wait()
}
