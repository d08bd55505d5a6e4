// SPDX-License-Identifier: Apache-2.0

package calendar_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"quanze/core/calendar"
)

var (
	starts = rapid.Map(rapid.IntRange(int(calendar.MakeDate(2005, 1, 1)), int(calendar.MakeDate(2029, 1, 1))), func(n int) calendar.Date { return calendar.Date(n) })
	rules  = rapid.Custom(func(t *rapid.T) calendar.Rule {
		return calendar.Rule{CountFirst: rapid.Bool().Draw(t, "first"), NoRollover: rapid.Bool().Draw(t, "stays")}
	})
	lengths = rapid.Custom(func(t *rapid.T) calendar.Length {
		return calendar.Length{N: rapid.IntRange(0, 99).Draw(t, "n"), Unit: calendar.Unit(rapid.IntRange(1, 7).Draw(t, "unit"))}
	})
)

// someStops draws closed stops near start, of kinds up to most.
func someStops(t *rapid.T, start calendar.Date, most calendar.StopKind) []calendar.Stop {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) calendar.Stop {
		from := start.AddDays(rapid.IntRange(-20, 90).Draw(t, "from"))
		return calendar.Stop{
			How: calendar.StopKind(rapid.IntRange(1, int(most)).Draw(t, "how")), From: from,
			Until: from.AddDays(rapid.IntRange(0, 40).Draw(t, "held")),
		}
	}), 0, 6).Draw(t, "stops")
}

func TestMoreIsNeverEarlier(t *testing.T) {
	c := china(t)
	rapid.Check(t, func(t *rapid.T) {
		start, l, rule := starts.Draw(t, "start"), lengths.Draw(t, "length"), rules.Draw(t, "rule")
		stops := someStops(t, start, calendar.Suspend)
		more := calendar.Length{N: l.N + 1, Unit: l.Unit}
		due := c.Due(start, l, rule, stops).Due
		if later := c.Due(start, more, rule, stops).Due; later < due && more.Valid() {
			t.Fatalf("%s ends on %s, %s on %s", l, due, more, later)
		}
		// Months that end on the last of the month can make up for a day held.
		if later := c.Due(start+1, l, rule, stops).Due; later < due && (l.Unit < calendar.Months || len(stops) == 0) {
			t.Fatalf("begun a day later it ends on %s, not %s", later, due)
		}
		if later := c.Due(start, l, rule, append(stops, someStops(t, start, calendar.Suspend)...)).Due; later < due {
			t.Fatalf("with more stops it ends on %s, not %s", later, due)
		}
	})
}

func TestEndsOnWorkingDay(t *testing.T) {
	c := china(t)
	rapid.Check(t, func(t *rapid.T) {
		start, l, rule := starts.Draw(t, "start"), lengths.Draw(t, "length"), rules.Draw(t, "rule")
		stops := someStops(t, start, calendar.Interrupt)
		due := c.Due(start, l, rule, stops).Due
		working := l.Unit == calendar.WorkingDays || l.Unit == calendar.HalfWorkingDays
		if (working || !rule.NoRollover) && !c.Working(due) {
			t.Fatalf("ends on %s, a day off", due)
		}
		for _, s := range stops {
			if s.How != calendar.Interrupt && due > s.From && due <= s.Until {
				t.Fatalf("ends on %s, held by %+v", due, s)
			}
		}
	})
}

func TestWorkingDaysInvertsAdd(t *testing.T) {
	c := china(t)
	rapid.Check(t, func(t *rapid.T) {
		start, n := starts.Draw(t, "start"), rapid.IntRange(1, 3000).Draw(t, "n")
		due, _ := c.Add(start, calendar.Length{N: n, Unit: calendar.WorkingDays}, calendar.Rule{})
		if got := c.WorkingDays(start, due); got != n {
			t.Fatalf("%d working days from %s end on %s, between them lie %d", n, start, due, got)
		}
		if got := c.WorkingDays(due, start); got != -n {
			t.Fatalf("backwards %d", got)
		}
		on, at, _ := c.AddHalves(start, calendar.PM, 2*n)
		if on != due || at != calendar.PM {
			t.Fatalf("%d halves end on %s %s, not %s", 2*n, on, at, due)
		}
	})
}

func TestStopsInAnyOrder(t *testing.T) {
	c := china(t)
	rapid.Check(t, func(t *rapid.T) {
		start, l, rule := starts.Draw(t, "start"), lengths.Draw(t, "length"), rules.Draw(t, "rule")
		stops := someStops(t, start, calendar.Interrupt)
		want := c.Explain(start, l, rule, stops)
		other := rapid.Permutation(stops).Draw(t, "order")
		if len(stops) > 0 {
			other = append(other, stops[0])
		}
		given := slices.Clone(other)
		got := c.Explain(start, l, rule, other)
		if got.Due != want.Due || got.RunsFrom != want.RunsFrom {
			t.Fatalf("ends on %s from %s, in another order and one twice on %s from %s", want.Due, want.RunsFrom, got.Due, got.RunsFrom)
		}
		if diff := cmp.Diff(given, other); diff != "" {
			t.Fatalf("the caller's stops were changed:\n%s", diff)
		}
	})
}

func TestExplainAgreesWithDue(t *testing.T) {
	c := china(t)
	rapid.Check(t, func(t *rapid.T) {
		start, l, rule := starts.Draw(t, "start"), lengths.Draw(t, "length"), rules.Draw(t, "rule")
		stops := someStops(t, start, calendar.Interrupt)
		e := c.Explain(start, l, rule, stops)
		if got := c.Due(start, l, rule, stops); got != (calendar.Result{Due: e.Due, Provisional: e.Provisional, Running: e.Running}) {
			t.Fatalf("Due %+v, explained %+v", got, e)
		}
		if e.Provisional != (e.UnknownFrom != 0) || e.Provisional && (c.Covers(e.UnknownFrom) || c.Covers(e.UnknownUntil)) {
			t.Fatalf("provisional %v, unknown %s to %s", e.Provisional, e.UnknownFrom, e.UnknownUntil)
		}
		if int(e.Due-e.RawEnd) != e.Rollover || e.Rollover < 0 {
			t.Fatalf("raw end %s, due %s, rollover %d", e.RawEnd, e.Due, e.Rollover)
		}
		for _, d := range e.Skipped {
			if d.Working() || d.On >= e.Due {
				t.Fatalf("skipped %+v", d)
			}
		}
		for _, d := range e.Worked {
			if d.Kind != calendar.Swapped || d.On > e.Due {
				t.Fatalf("worked %+v", d)
			}
		}
		// Every day of a working-day run is counted, skipped or held.
		held := map[calendar.Date]bool{}
		sum := 0
		for _, s := range e.Stops {
			sum += s.Days
			if s.Days > 0 && int(s.Last-s.First)+1 != s.Days {
				t.Fatalf("%+v", s)
			}
			for d := s.First; s.Days > 0 && d <= s.Last; d++ {
				if held[d] {
					t.Fatalf("%s is held twice", d)
				}
				held[d] = true
			}
		}
		if l.Unit != calendar.WorkingDays || l.N == 0 {
			return
		}
		after := e.RunsFrom
		if rule.CountFirst && !slices.ContainsFunc(e.Stops, func(h calendar.Held) bool { return h.Restarted }) {
			after--
		}
		heldInRun := 0
		for d := range held {
			if d > after && d <= e.Due {
				heldInRun++
			}
		}
		if int(e.Due-after) != l.N+len(e.Skipped)+heldInRun {
			t.Fatalf("%d days, of which %d count, %d are skipped and %d held", e.Due-after, l.N, len(e.Skipped), heldInRun)
		}
	})
}
