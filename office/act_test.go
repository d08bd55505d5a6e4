// SPDX-License-Identifier: Apache-2.0

package office_test

import (
	"errors"
	"sync"
	"testing"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/office/officetest"
	"quanze/office/timers"
	"quanze/store"
	"quanze/store/storetest"
)

// engines runs a test on both. They run together, so that one server of
// PostgreSQL serves them all.
func engines(t *testing.T, run func(t *testing.T, c *officetest.City)) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { run(t, officetest.New(t, "")) })
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		if testing.Short() {
			t.Skip("-short")
		}
		run(t, officetest.New(t, storetest.Postgres(t)))
	})
}

func refusal(t *testing.T, err error, why matter.Why) *matter.Refusal {
	t.Helper()
	var r *matter.Refusal
	if !errors.As(err, &r) || r.Why != why {
		t.Fatalf("wanted a refusal %s, got %v", why, err)
	}
	return r
}

func TestARefusalIsKeptAndChangesNothing(t *testing.T) {
	engines(t, func(t *testing.T, c *officetest.City) {
		id := c.Open()
		before, err := c.DB.Reader().Events(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		r := refusal(t, c.Do(id, matter.Command{Act: "form_team", Actor: "head", Fields: officetest.Fields("joint_needed", "false"),
			Binds: map[string][]matter.Ref{"team": {{Person: "clerk"}}}}), matter.TooFewStaff)
		if len(r.Clauses) != 1 || r.Clauses[0] != "wf11-art8-p2" {
			t.Errorf("clauses %v", r.Clauses)
		}
		after, err := c.DB.Reader().Events(t.Context(), id)
		if err != nil || len(after) != len(before) {
			t.Errorf("%d events before, %d after (%v)", len(before), len(after), err)
		}
		attempts, _, err := c.DB.Reader().Attempts(t.Context(), store.AttemptFilter{})
		if err != nil || len(attempts) != 1 || attempts[0].Actor.Person != "head" || attempts[0].Refusal.Act != "form_team" || attempts[0].Matter != id {
			t.Errorf("attempts %+v (%v)", attempts, err)
		}
	})
}

func TestTimersFindWhatIsLateAndOpenTheLead(t *testing.T) {
	engines(t, func(t *testing.T, c *officetest.City) {
		id := c.Open()
		c.Team(id)
		loop := timers.New(c.Office, nil)
		c.Set(officetest.Day(16)) // the last day of ten working days
		if n, err := loop.Scan(t.Context()); err != nil || n != 0 {
			t.Fatalf("on the last day %d matters were advanced (%v)", n, err)
		}
		c.Set(officetest.Day(17))
		if n, err := loop.Scan(t.Context()); err != nil || n != 1 {
			t.Fatalf("after the last day %d matters were advanced (%v)", n, err)
		}
		c.InOrder(id)
		all, _, err := c.DB.Reader().ListMatters(t.Context(), store.MatterFilter{})
		if err != nil || len(all) != 2 {
			t.Fatalf("%d matters (%v): the lapse was to open one", len(all), err)
		}
		for _, m := range all {
			if m.ID == id {
				continue
			}
			c.InOrder(m.ID)
			lead, err := c.Look(t.Context(), c.DB.Reader(), m.ID)
			if err != nil {
				t.Fatal(err)
			}
			first := lead.Events[0]
			if first.Act != "lateness_lead" || first.Link == nil || first.Link.Matter != id || first.Binds["respondent"][0].Person != "head" || first.Binds["decider"][0].Unit != "city" {
				t.Errorf("the lead is %+v", first)
			}
		}
		if n, err := loop.Scan(t.Context()); err != nil || n != 0 {
			t.Errorf("a second scan advanced %d (%v)", n, err)
		}
		health, err := timers.HealthOf(t.Context(), c.DB.Reader(), c.Now())
		if err != nil || health.Stale {
			t.Errorf("health %+v (%v)", health, err)
		}
	})
}

func TestDecideComesBeforeALateClock(t *testing.T) {
	c := officetest.New(t, "")
	id := c.Open()
	c.Team(id)
	c.Set(officetest.Day(18)) // no timer ran: the act itself finds the lapse
	err := c.Do(id, matter.Command{Act: "extend", Moment: matter.Proposed, Actor: "clerk", Fields: officetest.Fields("complex", "true", "extra", "5 working_days", "reason", "x")})
	refusal(t, err, matter.RightLapsed)
}

func TestManyAtOnceLoseNothing(t *testing.T) {
	engines(t, func(t *testing.T, c *officetest.City) {
		id := c.Open()
		c.Team(id)
		var all sync.WaitGroup
		var mu sync.Mutex
		done := 0
		for range 16 {
			all.Go(func() {
				for range 4 {
					_, err := c.Act(t.Context(), id, matter.Command{Act: "declare", Actor: "clerk", Party: "clerk", Outcome: "none_held", On: c.Today()}, nil)
					if err == nil {
						mu.Lock()
						done++
						mu.Unlock()
					}
				}
			})
		}
		all.Wait()
		if done != 64 {
			t.Errorf("%d of 64 acts were done", done)
		}
		c.InOrder(id)
	})
}

func TestANoticeMovesWhatWasProvisional(t *testing.T) {
	c := officetest.New(t, "")
	c.Set(calendar.MakeDate(2026, 12, 22))
	id := c.Open()
	c.Team(id)
	before, err := c.DB.Reader().Terms(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	notice := []byte(invented2027)
	moved, err := c.Registry.InstallNotice(t.Context(), "", "cn-2027.txt", notice, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(moved) != 1 || moved[0].Old >= moved[0].New {
		t.Fatalf("moved %+v of %+v", moved, before)
	}
	c.InOrder(id)
	after, err := c.DB.Reader().Events(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	last := after[len(after)-2:]
	if last[0].Kind != matter.Reversed || last[1].Kind != matter.Started || last[1].Provisional {
		t.Errorf("the record ends in %+v", last)
	}
}

// invented2027 is a notice that nobody issued: it shows what installing does.
const invented2027 = "# Invented.\nregion: cn\nyear: 2027\nversion: 1\n\n" +
	"2027-01-01\toff\t元旦\n2027-01-04\toff\t元旦\n2027-01-05\toff\t元旦\n"
