// SPDX-License-Identifier: Apache-2.0

package office_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // "pgx"
	_ "modernc.org/sqlite"             // "sqlite"

	"quanze/core/calendar"
	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/core/rulepack/expr"
	"quanze/office/officetest"
	"quanze/office/timers"
	"quanze/store"
	"quanze/store/storetest"
)

// behind is a connection that does not go by the store.
func behind(t *testing.T, driver, address string) func(statement string, args ...any) int64 {
	t.Helper()
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return func(statement string, args ...any) int64 {
		t.Helper()
		result, err := db.Exec(statement, args...)
		if err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
		n, err := result.RowsAffected()
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
}

// within gives an office and a hand in its file.
func within(t *testing.T) (*officetest.City, func(string, ...any) int64) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "quanze.db")
	return officetest.New(t, "sqlite:"+file), behind(t, "sqlite", file)
}

// tampered gives an office and a hand in its database, on both engines.
func tampered(t *testing.T, run func(t *testing.T, c *officetest.City, sql func(string, ...any) int64, engine string)) {
	t.Parallel()
	t.Run(store.SQLite, func(t *testing.T) {
		c, hand := within(t)
		run(t, c, hand, store.SQLite)
	})
	t.Run(store.Postgres, func(t *testing.T) {
		t.Parallel()
		if testing.Short() {
			t.Skip("-short")
		}
		address := storetest.Postgres(t)
		run(t, officetest.New(t, address), behind(t, "pgx", address), store.Postgres)
	})
}

func events(t *testing.T, c *officetest.City, id matter.ID) []store.Recorded {
	t.Helper()
	all, err := c.DB.Reader().Events(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func matters(t *testing.T, c *officetest.City) []store.Matter {
	t.Helper()
	all, next, err := c.DB.Reader().ListMatters(t.Context(), store.MatterFilter{})
	if err != nil || next != "" {
		t.Fatal(err, next)
	}
	return all
}

// An inquiry of the topmost body is late: nobody stands above it to be given the
// lead. The event says so, no matter is opened, and nothing fails.
func TestWhereNobodyStandsAbove(t *testing.T) {
	c := officetest.New(t, "")
	f := officetest.Fields("place", "hall", "summary", "a fall")
	f["happened_on"] = expr.OfDate(c.Today())
	id, _, err := c.Office.Open(t.Context(), officetest.Pack, officetest.Procedure, matter.Command{Act: "accident", Actor: "mayor", On: c.Today(), Fields: f,
		Binds: map[string][]matter.Ref{"decider": {{Unit: "city"}}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Do(id, matter.Command{Act: "form_team", Actor: "mayor", Fields: officetest.Fields("joint_needed", "false"),
		Binds: map[string][]matter.Ref{"team": {{Person: "clerk"}, {Person: "officer"}}}}); err != nil {
		t.Fatal(err)
	}
	c.Set(officetest.Day(17))
	if n, err := timers.New(c.Office, nil).Scan(t.Context()); n != 1 || err != nil {
		t.Fatalf("%d advanced, %v", n, err)
	}
	c.InOrder(id)
	if all := matters(t, c); len(all) != 1 || all[0].Late == 0 {
		t.Errorf("the matters are %+v", all)
	}
	opened := 0
	for _, e := range events(t, c, id) {
		if e.Kind != matter.Opened {
			continue
		}
		opened++
		if e.Opens == nil || len(e.Opens.Parties["decider"]) != 0 || len(e.Opens.Parties["respondent"]) != 1 {
			t.Errorf("the event says %+v", e.Opens)
		}
	}
	if opened != 1 {
		t.Errorf("%d events say that a matter was to be opened", opened)
	}
}

func TestOpenWhereNoPackIsInForce(t *testing.T) {
	c := officetest.New(t, "")
	f := officetest.Fields("place", "yard", "summary", "a fall")
	f["happened_on"] = expr.OfDate(calendar.MakeDate(2011, 5, 29))
	command := matter.Command{Act: "accident", Actor: "clerk", Fields: f, Binds: map[string][]matter.Ref{"decider": {{Unit: "bureau"}}}}
	for name, tt := range map[string]struct {
		pack, procedure string
		on              calendar.Date
	}{
		"the day before its first": {officetest.Pack, officetest.Procedure, calendar.MakeDate(2011, 5, 29)},
		"no such pack":             {"xx00", officetest.Procedure, c.Today()},
		"no such procedure":        {officetest.Pack, "nothing", c.Today()},
	} {
		command.On = tt.on
		id, recorded, err := c.Office.Open(t.Context(), tt.pack, tt.procedure, command, nil)
		if !fault.Is(err, fault.Absent) || id != "" || recorded != nil {
			t.Errorf("%s: %q, %v, %v", name, id, recorded, err)
		}
	}
	command.On = c.Today()
	command.Actor = "rector"
	id, recorded, err := c.Office.Open(t.Context(), officetest.Pack, officetest.Procedure, command, nil)
	refusal(t, err, matter.NotEntitled)
	if id != "" || recorded != nil || len(matters(t, c)) != 0 {
		t.Errorf("a refused beginning: %q, %v, %+v", id, recorded, matters(t, c))
	}
	if kept, _, err := c.DB.Reader().Attempts(t.Context(), store.AttemptFilter{}); err != nil || len(kept) != 1 || kept[0].Matter != "" || kept[0].Procedure != officetest.Procedure {
		t.Errorf("attempts %+v, %v", kept, err)
	}
}

// What fails beside an act undoes the act.
func TestWhatIsBesideAnActIsPartOfIt(t *testing.T) {
	c := officetest.New(t, "")
	id := c.Open()
	c.Team(id)
	before := len(events(t, c, id))
	no := fault.New(fault.Stale, "no")
	_, err := c.Act(t.Context(), id, matter.Command{Act: "declare", Actor: "clerk", Party: "clerk", Outcome: "none_held", On: c.Today()},
		func(_ context.Context, tx *store.Tx, _ matter.ID, recorded []store.Recorded) error {
			if len(recorded) == 0 {
				t.Error("nothing is recorded yet")
			}
			return no
		})
	if !fault.Is(err, fault.Stale) {
		t.Errorf("got %v", err)
	}
	c.InOrder(id)
	if after := len(events(t, c, id)); after != before {
		t.Errorf("%d events, then %d", before, after)
	}
}

// A record whose head has moved while its events have not is not written on.
func TestAStaleVersionIsNotWrittenOn(t *testing.T) {
	c, hand := within(t)
	id := c.Open()
	c.Team(id)
	before := len(events(t, c, id))
	hand(`update matters set version = version + 1 where id = $1`, string(id))
	command := matter.Command{Act: "declare", Actor: "clerk", Party: "clerk", Outcome: "none_held", On: c.Today()}
	if _, err := c.Act(t.Context(), id, command, nil); !fault.Is(err, fault.Stale) {
		t.Errorf("an act: %v", err)
	}
	c.Set(officetest.Day(17))
	if _, err := c.Advance(t.Context(), id); !fault.Is(err, fault.Stale) {
		t.Errorf("a day: %v", err)
	}
	if after := len(events(t, c, id)); after != before {
		t.Errorf("%d events, then %d", before, after)
	}
	if wrong, err := c.Check(t.Context(), id); !strings.HasPrefix(wrong, "version") || err != nil {
		t.Errorf("Check says %q, %v", wrong, err)
	}
}

func TestCheckFindsWhatWasTamperedWith(t *testing.T) {
	tampered(t, func(t *testing.T, c *officetest.City, hand func(string, ...any) int64, engine string) {
		if engine == store.SQLite {
			hand(`drop trigger events_no_update`)
			hand(`drop trigger events_no_delete`)
		} else {
			hand(`drop trigger events_kept on events`)
		}
		for name, tt := range map[string]struct{ statement, want string }{
			"a term is gone":         {`delete from terms where matter_id = $1 and term = 'inquiry'`, "terms"},
			"a last day is moved":    {`update terms set due_on = '2027-01-01' where matter_id = $1`, "terms"},
			"a term is met":          {`update terms set state = 'met' where matter_id = $1`, "terms"},
			"a party is gone":        {`delete from matter_parties where matter_id = $1 and party = 'respondent'`, "parties"},
			"a party has left":       {`update matter_parties set left_on = '2026-03-02' where matter_id = $1 and party = 'respondent'`, "parties"},
			"it has ended":           {`update matters set ended = 'final', ended_on = '2026-03-02' where id = $1`, "the summary"},
			"nothing is owed":        {`update matters set owed = 0 where id = $1`, "the summary"},
			"the body of an event":   {`update events set body = replace(body, 'a fall', 'a push') where matter_id = $1 and seq = 1`, "event 1"},
			"the day of an event":    {`update events set body = replace(body, '"outcome":"none_held"', '"outcome":"interest"') where matter_id = $1 and seq = 4`, "event 4"},
			"the last event is gone": {`delete from events where matter_id = $1 and seq = (select max(seq) from events where matter_id = $1)`, "version"},
			"an event in the middle": {`delete from events where matter_id = $1 and seq = 3`, "event 4 stands at place 3"},
		} {
			id := c.Open()
			c.Team(id)
			if n := hand(tt.statement, string(id)); n == 0 {
				t.Errorf("%s: nothing was changed", name)
			}
			wrong, err := c.Check(t.Context(), id)
			if !strings.HasPrefix(wrong, tt.want) || err != nil {
				t.Errorf("%s: Check says %q, %v", name, wrong, err)
			}
		}
		id := c.Open()
		c.Team(id)
		c.InOrder(id) // what nobody touched
	})
}

// A projection that was lost comes again with the next act, from the record.
func TestWhatWasLostOfAProjectionComesAgain(t *testing.T) {
	c, hand := within(t)
	id := c.Open()
	c.Team(id)
	hand(`delete from terms where matter_id = $1`, string(id))
	hand(`delete from matter_parties where matter_id = $1`, string(id))
	if err := c.Do(id, matter.Command{Act: "declare", Actor: "clerk", Party: "clerk", Outcome: "none_held"}); err != nil { // Do checks
		t.Fatal(err)
	}
}
