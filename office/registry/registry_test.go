// SPDX-License-Identifier: Apache-2.0

package registry_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quanze/core/calendar"
	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/office"
	"quanze/office/officetest"
	"quanze/office/registry"
	"quanze/packs"
	"quanze/store"
)

// changes tells what administrators did, sorted: within a millisecond no order
// is kept.
func changes(t *testing.T, c *officetest.City) []string {
	t.Helper()
	all, next, err := c.DB.Reader().Changes(t.Context(), store.Page{Limit: 100})
	if err != nil || next != "" {
		t.Fatal(err, next)
	}
	out := make([]string, len(all))
	for i, ch := range all {
		out[i] = strings.TrimSpace(string(ch.Account) + " " + ch.What + " " + ch.Subject)
	}
	slices.Sort(out)
	return out
}

// settled is what every city begins with.
func settled(more ...string) []string {
	out := append([]string{"change.local wf11/meeting_majority", "change.local wf11/meeting_quorum", "change.organisation", "change.pack wf11"}, more...)
	slices.Sort(out)
	return out
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", what, diff)
	}
}

func files(t *testing.T) rulepack.Files {
	t.Helper()
	f, err := packs.Files(officetest.Pack)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// pack is the one that the city runs.
func pack(t *testing.T, c *officetest.City) *rulepack.Pack {
	t.Helper()
	p, diags := rulepack.Load(files(t))
	if p == nil {
		t.Fatal(diags)
	}
	return p
}

func TestEveryChangeIsOnRecord(t *testing.T) {
	c := officetest.New(t, "")
	g := registry.New(c.Office)
	if err := g.Enter(t.Context(), "admin", registry.Organisation{Persons: []org.Person{{ID: "new", Name: "new"}}}); err != nil {
		t.Fatal(err)
	}
	if err := g.SetLocal(t.Context(), "admin", pack(t, c), "team_days", "3 days", "a paper", 0); err != nil {
		t.Fatal(err)
	}
	if _, err := g.InstallNotice(t.Context(), "admin", "2027.txt", []byte(invented(2027, 1, "")), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := g.AddAccount(t.Context(), "admin", "new", "a long password", "new"); err != nil {
		t.Fatal(err)
	}
	same(t, "changes", settled("admin change.organisation", "admin change.local wf11/team_days", "admin change.calendar cn@2027.1", "admin change.account new"), changes(t, c))
	all, _, err := c.DB.Reader().Changes(t.Context(), store.Page{})
	if err != nil {
		t.Fatal(err)
	}
	for _, ch := range all {
		if strings.Contains(ch.Detail, "password") || strings.Contains(ch.Detail, "argon2") {
			t.Errorf("the record of changes holds a secret: %+v", ch)
		}
	}
}

func TestEnterAllOrNothing(t *testing.T) {
	c := officetest.New(t, "")
	err := registry.New(c.Office).Enter(t.Context(), "admin", registry.Organisation{
		Persons: []org.Person{{ID: "new", Name: "new"}},
		Tenures: []org.Tenure{{Person: "new", Post: "no such post", From: c.Today()}},
	})
	if err == nil {
		t.Error("a tenure in no post was entered")
	}
	o, err := c.DB.Reader().Organisation(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, there := o.Person("new"); there {
		t.Error("half of the entries was kept")
	}
	same(t, "changes", settled(), changes(t, c))
}

func TestInstallPack(t *testing.T) {
	c := officetest.New(t, "")
	g := registry.New(c.Office)
	first := pack(t, c)
	again, _, err := g.InstallPack(t.Context(), "admin", files(t))
	if err != nil || again.Hash != first.Hash {
		t.Errorf("the same again: %v, %v", again, err)
	}
	same(t, "installed twice", settled(), changes(t, c))

	broken := files(t)
	broken["procedures/case.yaml"] = append([]byte("surprise: 1\n"), broken["procedures/case.yaml"]...)
	p, diags, err := g.InstallPack(t.Context(), "admin", broken)
	if p != nil || !fault.Is(err, fault.Invalid) || !diags.Failed() {
		t.Errorf("a broken pack: %v, %v, %v", p, diags, err)
	}
	if _, _, err := g.InstallPack(t.Context(), "admin", rulepack.Files{}); !fault.Is(err, fault.Invalid) {
		t.Errorf("no files: %v", err)
	}
	same(t, "a broken one", settled(), changes(t, c))
	all, err := c.DB.Reader().Packs(t.Context())
	if err != nil || len(all) != 1 {
		t.Fatalf("%+v, %v", all, err)
	}
}

// A new version is for new matters: those that run keep the one they began under.
func TestANewVersionIsForNewMatters(t *testing.T) {
	c := officetest.New(t, "")
	old := c.Open()
	changed := files(t)
	changed["pack.yaml"] = []byte(strings.Replace(string(changed["pack.yaml"]), "from: 2011-05-30", "from: 2026-03-03", 1))
	next, _, err := registry.New(c.Office).InstallPack(t.Context(), "admin", changed)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "changes", settled("admin change.pack wf11"), changes(t, c))
	before := c.Open()
	c.Set(officetest.Day(3))
	after := c.Open()
	hash := func(id matter.ID) string {
		t.Helper()
		c.InOrder(id)
		m, err := c.DB.Reader().Matter(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return m.PackHash
	}
	if hash(old) == next.Hash || hash(before) == next.Hash || hash(after) != next.Hash {
		t.Errorf("old %s, before %s, after %s; the new version is %s", hash(old), hash(before), hash(after), next.Hash)
	}
	c.Team(old)
}

func TestSetLocal(t *testing.T) {
	c := officetest.New(t, "")
	g := registry.New(c.Office)
	wf := pack(t, c)
	for name, tt := range map[string]struct {
		local, value string
		kind         fault.Kind
	}{
		"no such parameter": {"nothing", "3 days", fault.Absent}, "no limit": {"team_days", "soon", fault.Invalid},
		"no unit": {"team_days", "3", fault.Invalid}, "nothing": {"team_days", "", fault.Invalid}, "below none": {"team_days", "-3 days", fault.Invalid},
	} {
		if err := g.SetLocal(t.Context(), "admin", wf, tt.local, tt.value, "a paper", 0); !fault.Is(err, tt.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
	same(t, "nothing was set", settled(), changes(t, c))
	id := c.Open()
	if due := due(t, c, id, "team_time"); due != 0 {
		t.Errorf("a limit that nobody set ends %s", due)
	}
	for i, value := range []string{"9 days", "3 days"} { // the last counts
		c.Set(officetest.Day(3 + i))
		if err := g.SetLocal(t.Context(), "admin", wf, "team_days", value, "a paper", 0); err != nil {
			t.Fatal(err)
		}
	}
	if due := due(t, c, c.Open(), "team_time"); due != officetest.Day(9) { // the seventh is a Saturday
		t.Errorf("three days from the fourth end %s", due)
	}
}

func due(t *testing.T, c *officetest.City, id matter.ID, term string) calendar.Date {
	t.Helper()
	terms, err := c.DB.Reader().Terms(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range terms {
		if row.Term == term {
			return row.Due
		}
	}
	return 0
}

// invented is a notice that nobody issued.
func invented(year, version int, days string) string {
	text := "# Invented.\nregion: cn\nyear: YEAR\nversion: VERSION\n\nYEAR-01-01\toff\t元旦\n" + days
	return strings.NewReplacer("YEAR", strconv.Itoa(year), "VERSION", strconv.Itoa(version)).Replace(text)
}

func TestANoticeThatIsWrongChangesNothing(t *testing.T) {
	c := officetest.New(t, "")
	g := registry.New(c.Office)
	for name, text := range map[string]string{
		"no notice": "hello", "empty": "", "the year after next": invented(2028, 1, ""), "a year that is known": invented(2026, 1, ""),
		"another region": strings.Replace(invented(2027, 1, ""), "region: cn", "region: xx", 1), "a day twice": invented(2027, 1, "2027-01-01\toff\t元旦\n"),
	} {
		moved, err := g.InstallNotice(t.Context(), "admin", name, []byte(text), nil)
		if fault.Of(err) == nil || moved != nil {
			t.Errorf("%s: %v, %v", name, moved, err)
		}
	}
	same(t, "changes", settled(), changes(t, c))
	notices, err := c.DB.Reader().Notices(t.Context())
	if err != nil || len(notices) != 0 {
		t.Errorf("%+v, %v", notices, err)
	}
}

// Notices are read in the order in which they were installed, whatever their
// files are called; and a name is used once.
func TestNoticesStandOnEachOther(t *testing.T) {
	c := officetest.New(t, "")
	g := registry.New(c.Office)
	var seen []int
	day := 2
	install := func(name, text string) error {
		day++
		c.Set(officetest.Day(day))
		_, err := g.InstallNotice(t.Context(), "admin", name, []byte(text), func(done, all int) { seen = append(seen, done, all) })
		return err
	}
	c.Open()
	if err := install("m", invented(2027, 1, "")); err != nil {
		t.Fatal(err)
	}
	same(t, "progress", []int{1, 1}, seen)
	if err := install("m", invented(2027, 2, "")); !fault.Is(err, fault.Stale) {
		t.Errorf("a name that is taken: %v", err)
	}
	same(t, "changes", settled("admin change.calendar cn@2027.1"), changes(t, c))
	if err := errors.Join(install("b", invented(2027, 2, "")), install("a", invented(2028, 1, ""))); err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]*office.Office{"this office": c.Office, "one that begins": office.New(c.DB, c.Now)} {
		got, err := o.Calendar(t.Context(), c.DB.Reader())
		if err != nil || got.Name() != "cn@2028.1" {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	c.Team(c.Open())
}
