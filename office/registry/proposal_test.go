// SPDX-License-Identifier: Apache-2.0

package registry_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"quanze/core/calendar"
	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/office/officetest"
	"quanze/office/registry"
	"quanze/packs"
	"quanze/store"
)

// lamps is a pack of our own: a lamp is repaired within three working days.
func lamps(t *testing.T, changes ...string) rulepack.Files {
	t.Helper()
	f, err := packs.Read(os.DirFS("testdata/lamps"), ".")
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range f {
		f[name] = []byte(strings.NewReplacer(changes...).Replace(string(body)))
	}
	return f
}

// five is its next version.
var five = []string{"within: 3 working_days", "within: 5 working_days"}

// town is a city that runs the lamps, with three administrators: two accounts
// of one person, and somebody else.
type town struct {
	*officetest.City
	t                   *testing.T
	first, same, second store.AccountID
	pack                *rulepack.Pack
}

func newTown(t *testing.T) *town {
	t.Helper()
	c := &town{City: officetest.New(t, ""), t: t}
	if err := c.Registry.Enter(t.Context(), "", registry.Organisation{Persons: []org.Person{{ID: "ann", Name: "ann"}, {ID: "ben", Name: "ben"}}}); err != nil {
		t.Fatal(err)
	}
	for _, a := range []struct {
		id     *store.AccountID
		login  string
		person org.PersonID
	}{{&c.first, "ann", "ann"}, {&c.same, "ann2", "ann"}, {&c.second, "ben", "ben"}} {
		id, err := c.Registry.AddAccount(t.Context(), "", a.login, password, a.person, "admin")
		if err != nil {
			t.Fatal(err)
		}
		*a.id = id
	}
	var err error
	if c.pack, _, err = c.Registry.InstallPack(t.Context(), "", lamps(t)); err != nil {
		t.Fatal(err)
	}
	return c
}

const password = "a password of some length"

// report begins a matter today and returns the last day of a term.
func (c *town) report() matter.ID {
	c.t.Helper()
	id, _, err := c.Open("lamps", "repair", c.Today())
	if err != nil {
		c.t.Fatal(err)
	}
	c.InOrder(id)
	return id
}

// Open begins a matter of a pack by its starting act.
func (c *town) Open(pack, procedure string, on calendar.Date) (matter.ID, []store.Recorded, error) {
	return c.Office.Open(c.t.Context(), pack, procedure, matter.Command{Act: "report", Actor: "clerk", On: on,
		Binds: map[string][]matter.Ref{"desk": {{Unit: "bureau"}}}}, nil)
}

func (c *town) due(id matter.ID, term string) calendar.Date {
	c.t.Helper()
	return due(c.t, c.City, id, term)
}

func (c *town) propose(files rulepack.Files, from calendar.Date) string {
	c.t.Helper()
	id, diags, err := c.Registry.Propose(c.t.Context(), c.first, files, from, "三天来不及")
	if err != nil {
		c.t.Fatal(err, diags)
	}
	return id
}

// The whole way of a version: five instead of three working days is proposed,
// planned, approved by another and in force from its day.
func TestAVersionIsProposedPlannedApprovedAndInForce(t *testing.T) {
	c := newTown(t)
	running := c.report()
	if got := c.due(running, "repair_time"); got != officetest.Day(5) {
		t.Fatalf("three working days from Monday end %s", got)
	}
	from := officetest.Day(9)
	id := c.propose(lamps(t, five...), from)

	p, _, err := c.DB.Reader().PackProposal(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	report, err := registry.ReadReport(p)
	if err != nil {
		t.Fatal(err)
	}
	if report.Plan.From != from || report.Plan.Running != rulepack.RunningStay || report.On != c.Today() || len(report.Plan.Matters) != 1 {
		t.Fatalf("the plan: %+v", report)
	}
	touched := report.Plan.Matters[0]
	if touched.Matter != running || touched.Moves || len(touched.Dues) != 1 || touched.Dues[0].Term != "repair_time" ||
		touched.Dues[0].Old != officetest.Day(5) || touched.Dues[0].New != officetest.Day(9) || touched.Dues[0].Kept {
		t.Errorf("what it would change: %+v", touched)
	}

	for name, by := range map[string]store.AccountID{"the proposer": c.first, "another account of his": c.same} {
		if _, err := c.Registry.Approve(t.Context(), by, id); fault.Of(err) == nil || fault.Of(err).Key != "registry.proposal.same_person" {
			t.Errorf("%s: %v", name, err)
		}
		may, others, err := c.Registry.MaySettle(t.Context(), by, p, "admin")
		if err != nil || may || len(others) != 1 || others[0].ID != c.second {
			t.Errorf("%s may: %t, others %+v, %v", name, may, others, err)
		}
	}
	if may, _, err := c.Registry.MaySettle(t.Context(), c.second, p, "admin"); err != nil || !may {
		t.Errorf("another person may not: %v", err)
	}
	c.Set(officetest.Day(3))
	next, err := c.Registry.Approve(t.Context(), c.second, id)
	if err != nil {
		t.Fatal(err)
	}
	before := c.report()
	c.Set(from)
	after := c.report()
	for what, x := range map[string]struct {
		id   matter.ID
		hash string
		due  calendar.Date
	}{
		"one that ran": {running, c.pack.Hash, officetest.Day(5)}, "one before the day": {before, c.pack.Hash, officetest.Day(6)},
		"one from the day on": {after, next.Hash, officetest.Day(16)},
	} {
		m, err := c.DB.Reader().Matter(t.Context(), x.id)
		if err != nil || m.PackHash != x.hash || c.due(x.id, "repair_time") != x.due {
			t.Errorf("%s: version %.8s, due %s; want %.8s, %s (%v)", what, m.PackHash, c.due(x.id, "repair_time"), x.hash, x.due, err)
		}
	}
	if _, err := c.Registry.Approve(t.Context(), c.second, id); !fault.Is(err, fault.Stale) {
		t.Errorf("approved twice: %v", err)
	}
	got := changes(t, c.City)
	for _, want := range []string{string(c.first) + " change.pack.proposed lamps", string(c.second) + " change.pack lamps"} {
		if !slices.Contains(got, want) {
			t.Errorf("no change %q in %q", want, got)
		}
	}
}

// Fewer days: the plan says that the day somebody was told stays.
func TestThePlanKeepsADayThatWasTold(t *testing.T) {
	c := newTown(t)
	c.report()
	id := c.propose(lamps(t, "within: 3 working_days", "within: 1 working_days", "  lamps: {type: int, ", "  lamps: {type: int, "), 0)
	p, _, err := c.DB.Reader().PackProposal(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	report, err := registry.ReadReport(p)
	if err != nil || len(report.Plan.Matters) != 1 || len(report.Plan.Matters[0].Dues) != 1 || !report.Plan.Matters[0].Dues[0].Kept {
		t.Errorf("%+v, %v", report.Plan, err)
	}
	if p.From != c.Today() { // its own first day has passed: it begins today
		t.Errorf("in force from %s", p.From)
	}
	// Renewed, the plan knows what began since, under whatever version.
	c.Set(officetest.Day(3))
	c.report()
	if err := c.Registry.Renew(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if p, _, err = c.DB.Reader().PackProposal(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if report, err = registry.ReadReport(p); err != nil || len(report.Plan.Matters) != 2 || report.On != officetest.Day(3) || report.Plan.From != officetest.Day(2) {
		t.Errorf("renewed: %+v, %v", report, err)
	}
	// Its day has passed now: nobody can approve it any more, but refuse it.
	if _, err := c.Registry.Approve(t.Context(), c.second, id); fault.Of(err) == nil || fault.Of(err).Key != "registry.proposal.late" {
		t.Errorf("approved behind its day: %v", err)
	}
	if err := c.Registry.Refuse(t.Context(), c.second, id, " "); !fault.Is(err, fault.Invalid) {
		t.Errorf("refused without a reason: %v", err)
	}
	if err := c.Registry.Refuse(t.Context(), c.first, id, "so"); !fault.Is(err, fault.Refused) {
		t.Errorf("refused by its proposer: %v", err)
	}
	if err := c.Registry.Refuse(t.Context(), c.second, id, "日期已过"); err != nil {
		t.Fatal(err)
	}
	if err := c.Registry.Renew(t.Context(), id); !fault.Is(err, fault.Stale) {
		t.Errorf("renewed when settled: %v", err)
	}
	if all, err := c.DB.Reader().Packs(t.Context()); err != nil || len(all) != 2 { // wf11 and the first lamps
		t.Errorf("%+v, %v", all, err)
	}
}

func TestWhatIsNotProposed(t *testing.T) {
	c := newTown(t)
	for name, tt := range map[string]struct {
		files  rulepack.Files
		from   calendar.Date
		reason string
		kind   fault.Kind
		field  string
	}{
		"an error":          {lamps(t, "by: desk.staff", "by: nobody"), 0, "r", fault.Invalid, ""},
		"no files":          {rulepack.Files{}, 0, "r", fault.Invalid, ""},
		"what is installed": {lamps(t), 0, "r", fault.Refused, ""},
		"no reason":         {lamps(t, five...), 0, " \n", fault.Invalid, "reason"},
		"a day gone by":     {lamps(t, five...), officetest.Day(1), "r", fault.Invalid, "from"},
		"before its own":    {lamps(t, append(slices.Clone(five), "from: 2026-01-01", "from: 2026-05-01")...), officetest.Day(9), "r", fault.Invalid, "from"},
		"after its end":     {lamps(t, append(slices.Clone(five), "from: 2026-01-01", "from: 2026-01-01, to: 2026-03-31")...), officetest.Day(40), "r", fault.Invalid, "from"},
	} {
		_, _, err := c.Registry.Propose(t.Context(), c.first, tt.files, tt.from, tt.reason)
		if f := fault.Of(err); f == nil || f.Kind != tt.kind || f.Field != tt.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	if all, err := c.DB.Reader().PackProposals(t.Context(), ""); err != nil || len(all) != 0 {
		t.Errorf("%+v, %v", all, err)
	}
	// A pack that has no version yet may be in force from its own first day.
	id := c.propose(lamps(t, "pack: lamps", "pack: lanterns"), 0)
	if p, _, err := c.DB.Reader().PackProposal(t.Context(), id); err != nil || p.From != calendar.MakeDate(2026, 1, 1) {
		t.Errorf("%s, %v", p.From, err)
	}
}

// A local parameter set for a day to come acts from that day on, not before.
func TestALocalParameterActsFromItsDay(t *testing.T) {
	c := newTown(t)
	if err := c.Registry.SetLocal(t.Context(), c.first, c.pack, "look_days", "5 days", "灯发〔2026〕3号", officetest.Day(9)); err != nil {
		t.Fatal(err)
	}
	early := c.report()
	c.Set(officetest.Day(9))
	late := c.report()
	if c.due(early, "look_time") != 0 || c.due(late, "look_time") != officetest.Day(16) { // the 14th is a Saturday
		t.Errorf("begun before %s, from the day on %s", c.due(early, "look_time"), c.due(late, "look_time"))
	}
	// Another day from later on leaves what began with what it began with.
	if err := c.Registry.SetLocal(t.Context(), c.second, c.pack, "look_days", "1 days", "灯发〔2026〕4号", officetest.Day(12)); err != nil {
		t.Fatal(err)
	}
	c.Set(officetest.Day(12))
	if err := c.Do(late, matter.Command{Act: "repair", Actor: "clerk"}); err != nil {
		t.Fatal(err)
	}
	if c.due(late, "look_time") != officetest.Day(16) || c.due(c.report(), "look_time") != officetest.Day(13) {
		t.Errorf("what had begun ends %s", c.due(late, "look_time"))
	}
	if err := c.Registry.SetLocal(t.Context(), c.second, c.pack, "look_days", "9 days", "灯发〔2026〕5号", officetest.Day(11)); !fault.Is(err, fault.Refused) {
		t.Errorf("set behind what acted: %v", err)
	}
}
