// SPDX-License-Identifier: Apache-2.0

// Package officetest gives tests a whole office over a real database in a
// temporary folder: the fictional units and persons of a few school-safety
// cases, the reference pack, a clock that can be set. It is no part of the
// program. Start at New.
package officetest

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
	"quanze/office"
	"quanze/office/registry"
	"quanze/packs"
	"quanze/store"
)

// Pack and Procedure are what the office runs.
const (
	Pack      = "wf11"
	Procedure = "case"
)

// City is an office in a small city.
type City struct {
	*office.Office
	Registry *registry.Registry
	t        testing.TB
	at       time.Time
}

// New returns an office on the morning of 2 March 2026, a Monday.
func New(t testing.TB, url string) *City {
	t.Helper()
	if url == "" {
		url = "sqlite:" + filepath.Join(t.TempDir(), "quanze.db")
	}
	c := &City{t: t}
	c.Set(calendar.MakeDate(2026, 3, 2))
	db, err := store.Open(context.Background(), url, store.Options{Now: c.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := db.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	c.Office = office.New(db, c.Now)
	c.Registry = registry.New(c.Office)
	c.settle()
	return c
}

// Now is the clock.
func (c *City) Now() time.Time { return c.at }

// Set puts the clock to ten in the morning of a day.
func (c *City) Set(d calendar.Date) {
	y, m, day := d.YMD()
	c.at = time.Date(y, time.Month(m), day, 2, 0, 0, 0, time.UTC)
}

// Day is a day of March 2026, or later where it is past 31.
func Day(n int) calendar.Date { return calendar.MakeDate(2026, 3, 1).AddDays(n - 1) }

func (c *City) settle() {
	c.t.Helper()
	ctx := context.Background()
	epoch := calendar.MakeDate(2020, 1, 1)
	unit := func(id, above string, kind org.UnitKind) org.Unit {
		return org.Unit{ID: org.UnitID(id), Name: org.Name{Zh: id, En: id}, Kind: kind, Superior: org.UnitID(above), From: epoch}
	}
	// The teacher and the colleague are each the head, and all the staff, of a
	// small school: the bureau may hold nobody below a head to account.
	e := registry.Organisation{Units: []org.Unit{unit("city", "", org.Government), unit("bureau", "city", org.Department), unit("school", "bureau", org.School),
		unit("hill", "bureau", org.School), unit("lake", "bureau", org.School)}}
	for _, p := range []struct{ id, unit, class string }{{"mayor", "city", "principal"}, {"head", "bureau", "principal"}, {"deputy", "bureau", "deputy"},
		{"clerk", "bureau", "staff"}, {"officer", "bureau", "staff"}, {"rector", "school", "principal"}, {"teacher", "hill", "principal"}, {"colleague", "lake", "principal"}} {
		post := org.Post{ID: org.PostID(p.id + "@" + p.unit), Unit: org.UnitID(p.unit), Class: org.Class(p.class), Title: org.Name{Zh: p.class, En: p.class}}
		e.Posts = append(e.Posts, post)
		e.Persons = append(e.Persons, org.Person{ID: org.PersonID(p.id), Name: p.id})
		e.Tenures = append(e.Tenures, org.Tenure{Person: org.PersonID(p.id), Post: post.ID, From: epoch})
	}
	c.must(c.Registry.Enter(ctx, "", e))
	files, err := packs.Files(Pack)
	c.must(err)
	pack, _, err := c.Registry.InstallPack(ctx, "", files)
	c.must(err)
	for name, value := range map[string]string{"meeting_quorum": "2/3", "meeting_majority": "1/2"} {
		c.must(c.Registry.SetLocal(ctx, "", pack, name, value, "a resolution", epoch))
	}
}

func (c *City) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// Fields are name, value pairs of texts; "true" and "false" are booleans.
func Fields(pairs ...string) map[string]expr.Value {
	out := map[string]expr.Value{}
	for i := 0; i+1 < len(pairs); i += 2 {
		switch v := pairs[i+1]; v {
		case "true", "false":
			out[pairs[i]] = expr.OfBool(v == "true")
		default:
			out[pairs[i]] = expr.OfText(v)
		}
	}
	return out
}

// Recommendation are the fields of recommending criticism of a head.
func Recommendation() map[string]expr.Value {
	f := Fields("first_duty", "SECRET duty")
	f["found"], f["conduct"], f["result"] = expr.OfSet("media"), expr.OfSet("not_performed"), expr.OfSet("bad_event")
	f["aggravating"], f["mitigating"], f["recommended"] = expr.OfSet("no_factor"), expr.OfSet("no_factor"), expr.OfSet("criticism")
	return f
}

// Decision are the fields of criticising a respondent who was heard.
func Decision() map[string]expr.Value {
	f := Fields("gravity", "lighter", "weighed", "SECRET weighing", "reply_to_defence", "SECRET reply")
	f["measures"], f["earlier"] = expr.OfSet("criticism"), expr.OfInt(0)
	return f
}

// Minutes are of a meeting of the bureau's leading body where both agreed.
func Minutes() *matter.Minutes {
	return &matter.Minutes{Meeting: "leadership", Present: []org.PersonID{"head", "deputy"}, Votes: []matter.Vote{
		{Person: "head", Option: rulepack.Agree, Reason: "SECRET reason"}, {Person: "deputy", Option: rulepack.Agree, Reason: "SECRET reason"}}}
}

// Open records an accident and returns the matter.
func (c *City) Open() matter.ID {
	c.t.Helper()
	f := Fields("place", "yard", "summary", "a fall")
	f["happened_on"] = expr.OfDate(c.Today())
	id, _, err := c.Office.Open(context.Background(), Pack, Procedure, matter.Command{Act: "accident", Actor: "clerk", On: c.Today(), Fields: f,
		Binds: map[string][]matter.Ref{"decider": {{Unit: "bureau"}}}}, nil)
	c.must(err)
	return id
}

// Do does an act today, and checks the matter after it.
func (c *City) Do(id matter.ID, cmd matter.Command) error {
	c.t.Helper()
	if cmd.On == 0 {
		cmd.On = c.Today()
	}
	_, err := c.Act(context.Background(), id, cmd, nil)
	c.InOrder(id)
	return err
}

// Team forms a team of clerk and officer, without interests, about the teacher.
func (c *City) Team(id matter.ID) {
	c.t.Helper()
	for _, cmd := range []matter.Command{
		{Act: "form_team", Actor: "head", Fields: Fields("joint_needed", "false"), Binds: map[string][]matter.Ref{"team": {{Person: "clerk"}, {Person: "officer"}}}},
		{Act: "declare", Actor: "clerk", Party: "clerk", Outcome: "none_held"},
		{Act: "declare", Actor: "officer", Party: "officer", Outcome: "none_held"},
		{Act: "name_respondent", Actor: "clerk", Binds: map[string][]matter.Ref{"respondent": {{Person: "teacher"}}}},
	} {
		c.must(c.Do(id, cmd))
	}
}

// InOrder checks that the record verifies and the projections equal replay.
func (c *City) InOrder(id matter.ID) {
	c.t.Helper()
	wrong, err := c.Check(context.Background(), id)
	if err != nil || wrong != "" {
		c.t.Fatalf("matter %s is not in order: %s %v", id, wrong, err)
	}
}
