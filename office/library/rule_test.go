// SPDX-License-Identifier: Apache-2.0

package library_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/office/library"
	"quanze/office/officetest"
	"quanze/packs"
	"quanze/store"
)

// files reads the packs of these tests: one that the program carries, and an
// invented one.
func files(t *testing.T, code string) rulepack.Files {
	t.Helper()
	f, err := packs.Files(code)
	if code == "lamps" {
		f, err = packs.Read(os.DirFS("../registry/testdata/lamps"), ".")
	}
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func load(t *testing.T, code string) *rulepack.Pack {
	t.Helper()
	p, diags := rulepack.Load(files(t, code))
	if p == nil {
		t.Fatal(diags)
	}
	return p
}

// Each rule of a pack is told by its own words, and each has its own address.
func TestEveryRuleIsNamed(t *testing.T) {
	for _, code := range append(packs.Codes(), "lamps") {
		p := load(t, code)
		ids := map[string]bool{}
		for _, r := range library.Rules(p) {
			if r.Key == "library.rule.other" {
				t.Errorf("%s: what stands at %s is another rule", code, r.Pos)
			}
			if ids[r.ID()] || strings.Contains(r.ID(), "/") {
				t.Errorf("%s: %s names a second rule", code, r.ID())
			}
			ids[r.ID()] = true
			for _, act := range r.Acts {
				if p.Procedure(r.ProcedureID).Act(act) == nil {
					t.Errorf("%s: %s governs an act %s", code, r.Pos, act)
				}
			}
			for _, term := range r.Terms {
				if p.Procedure(r.ProcedureID).Term(term) == nil {
					t.Errorf("%s: %s governs a term %s", code, r.Pos, term)
				}
			}
		}
		if len(ids) == 0 {
			t.Errorf("%s has no rules", code)
		}
	}
}

// town is a city that runs lamps.
type town struct {
	*officetest.City
	*library.Library
	t    *testing.T
	pack *rulepack.Pack
}

func newTown(t *testing.T) *town {
	t.Helper()
	c := &town{City: officetest.New(t, ""), t: t}
	c.Library = library.New(c.Office)
	var err error
	if c.pack, _, err = c.Registry.InstallPack(t.Context(), "", files(t, "lamps")); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *town) report() matter.ID {
	c.t.Helper()
	id, _, err := c.Office.Open(c.t.Context(), "lamps", "repair", matter.Command{Act: "report", Actor: "clerk", On: c.Today(),
		Binds: map[string][]matter.Ref{"desk": {{Unit: "bureau"}}}}, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	return id
}

// runs tells in how many matters each clause runs.
func (c *town) runs() map[string]int {
	c.t.Helper()
	out := map[string]int{}
	for _, clause := range c.pack.Clauses {
		rules, err := c.ClauseInPlay(c.t.Context(), "lamps", "lamps-"+clause.ID)
		if err != nil {
			c.t.Fatal(err)
		}
		if out[clause.ID], err = c.Running(c.t.Context(), rules); err != nil {
			c.t.Fatal(err)
		}
	}
	return out
}

func (c *town) want(what string, want map[string]int) {
	c.t.Helper()
	if diff := cmp.Diff(want, c.runs()); diff != "" {
		c.t.Errorf("%s (-want +got)\n%s", what, diff)
	}
}

// A clause runs where a rule that cites it is in play, under whatever version.
func TestWhereAClauseRuns(t *testing.T) {
	c := newTown(t)
	c.want("nothing runs", map[string]int{"c1": 0, "c2": 0, "c3": 0, "c4": 0, "c5": 0})
	// Nobody has set how long looking may take: its duty does not run. The local
	// parameters hold for the whole pack, so their clauses run wherever it does.
	first := c.report()
	c.want("one", map[string]int{"c1": 1, "c2": 1, "c3": 1, "c4": 1, "c5": 0})
	next := files(t, "lamps")
	next["procedures/repair.yaml"] = []byte(strings.Replace(string(next["procedures/repair.yaml"]), "3 working_days", "5 working_days", 1))
	c.Set(officetest.Day(3))
	five, _, err := c.Registry.InstallPack(t.Context(), "", next)
	if err != nil {
		t.Fatal(err)
	}
	c.report()
	c.want("one under each version", map[string]int{"c1": 2, "c2": 2, "c3": 2, "c4": 2, "c5": 0})

	count := func(p *rulepack.Pack, key string) (n int) {
		t.Helper()
		rules := library.Rules(p)
		i := slices.IndexFunc(rules, func(r library.Rule) bool { return r.Key == key })
		if n, err = c.Running(t.Context(), library.InPlay(p, rules[i])); err != nil || i < 0 {
			t.Fatal(i, err)
		}
		return n
	}
	for _, x := range []struct {
		p    *rulepack.Pack
		key  string
		want int
	}{{c.pack, "library.rule.term", 1}, {five, "library.rule.term", 1}, {c.pack, "library.rule.fact", 0}, {c.pack, "library.rule.local", 1}, {five, "library.rule.procedure", 1}} {
		if got := count(x.p, x.key); got != x.want {
			t.Errorf("%s of %.8s runs in %d, want %d", x.key, x.p.Hash, got, x.want)
		}
	}
	if err := c.Do(first, matter.Command{Act: "repair", Actor: "clerk"}); err != nil {
		t.Fatal(err)
	}
	c.want("one has ended", map[string]int{"c1": 1, "c2": 1, "c3": 1, "c4": 1, "c5": 0})

	versions, err := c.Versions(t.Context(), "lamps")
	if err != nil || len(versions) != 2 || !versions[0].InForce || versions[1].InForce || versions[0].Running != 1 || versions[1].Running != 0 || versions[0].Ahead {
		t.Errorf("versions: %+v, %v", versions, err)
	}
}

// Beside the number stand only the matters of the units of who looks.
func TestRunningOfIsForThoseBound(t *testing.T) {
	c := newTown(t)
	id := c.report()
	rules, err := c.ClauseInPlay(t.Context(), "lamps", "lamps-c2")
	if err != nil {
		t.Fatal(err)
	}
	for person, want := range map[string][]matter.ID{"clerk": {id}, "head": {id}, "teacher": nil, "nobody": nil, "": nil} {
		list, err := c.RunningOf(t.Context(), rules, "")
		if person != "" {
			list, err = c.RunningOf(t.Context(), rules, org.PersonID(person))
		}
		var got []matter.ID
		for _, m := range list {
			got = append(got, m.ID)
		}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s (-want +got)\n%s%v", person, diff, err)
		}
	}
}

// A version whose day is still to come is not what the library shows.
func TestTheLibraryShowsWhatIsInForce(t *testing.T) {
	c := newTown(t)
	ann, err := c.Registry.AddAccount(t.Context(), "", "ann", "a long password", "", "admin")
	if err != nil {
		t.Fatal(err)
	}
	ben, err := c.Registry.AddAccount(t.Context(), "", "ben", "a long password", "", "admin")
	if err != nil {
		t.Fatal(err)
	}
	next := files(t, "lamps")
	next["procedures/repair.yaml"] = []byte(strings.Replace(string(next["procedures/repair.yaml"]), "3 working_days", "5 working_days", 1))
	id, _, err := c.Registry.Propose(t.Context(), ann, next, officetest.Day(9), "r")
	if err != nil {
		t.Fatal(err)
	}
	five, err := c.Registry.Approve(t.Context(), ben, id)
	if err != nil {
		t.Fatal(err)
	}
	shown := func() string {
		t.Helper()
		p, _, err := c.Pack(t.Context(), "lamps")
		if err != nil {
			t.Fatal(err)
		}
		o, err := c.Library.Open(t.Context(), store.DocumentID("lamps"))
		if err != nil || o.Pack != p {
			t.Fatalf("the library opens %v, %v", o, err)
		}
		return p.Hash
	}
	if shown() != c.pack.Hash {
		t.Error("a version ahead of its day is shown")
	}
	c.Set(officetest.Day(9))
	if shown() != five.Hash {
		t.Error("the version in force is not shown")
	}
	if _, _, err := c.Pack(t.Context(), "none"); err == nil {
		t.Error("a pack that is not there")
	}
}

// Each unset parameter tells which rules wait for it.
func TestWhatWaitsForALocalParameter(t *testing.T) {
	c := newTown(t)
	got := map[string][]string{}
	for local, rules := range c.Waiting(c.pack, files(t, "lamps")) {
		for _, r := range rules {
			got[local] = append(got[local], r.Key+" "+r.Of.En)
		}
	}
	want := map[string][]string{"look_days": {"library.rule.term look"}, "keeper": {"library.rule.act look"}, "tone": {"library.rule.act look"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	wf := load(t, "wf11")
	if rules := c.Waiting(wf, files(t, "wf11"))["team_days"]; len(rules) != 1 || rules[0].Key != "library.rule.term" {
		t.Errorf("wf11: %+v", rules)
	}
}

func TestStanding(t *testing.T) {
	c := newTown(t)
	clause := func(id string) string {
		s, counted := c.Standing(c.pack.Hash)
		return s.Of(c.pack, c.pack.Clause(id), library.ByClause(c.Rules(c.pack)), counted)
	}
	if _, ok := c.Standing(c.pack.Hash); ok || clause("lamps-c2") != library.Uncounted || clause("lamps-c5") != library.Missing {
		t.Error("before it is counted")
	}
	if err := c.Count(t.Context(), c.pack.Hash); err != nil {
		t.Fatal(err)
	}
	if s, ok := c.Standing(c.pack.Hash); !ok || s.Coverage.RunTested == 0 {
		t.Errorf("%+v, %t", s, ok)
	}
	for id, want := range map[string]string{"lamps-c2": library.Tested, "lamps-c4": library.Untested, "lamps-c5": library.Missing} {
		if got := clause(id); got != want {
			t.Errorf("%s is %s, want %s", id, got, want)
		}
	}
	declared := rulepack.Clause{ID: "c9", Declared: rulepack.Label{Zh: "原则", En: "a principle"}}
	if got := (library.Standing{}).Of(c.pack, &declared, nil, true); got != library.Declared {
		t.Errorf("declared: %s", got)
	}
	if err := c.Count(t.Context(), "none"); err == nil {
		t.Error("a version that is not there was counted")
	}
}
