// SPDX-License-Identifier: Apache-2.0

package calendar_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"quanze/core/calendar"
)

var (
	general    = calendar.Rule{}
	countFirst = calendar.Rule{CountFirst: true}
	stays      = calendar.Rule{NoRollover: true}
	firstStays = calendar.Rule{CountFirst: true, NoRollover: true}
)

func TestAdd(t *testing.T) {
	c := china(t)
	tests := []struct {
		start, length string
		rule          calendar.Rule
		want          string
		provisional   bool
	}{
		// The vectors of the domain notes.
		{"2026-02-05", "15 days", general, "2026-02-24", false},
		{"2025-12-05", "60 days", general, "2026-02-03", false},
		{"2025-12-18", "60 days", general, "2026-02-24", false},
		{"2025-09-05", "30 days", general, "2025-10-09", false},
		{"2025-09-24", "20 working_days", general, "2025-10-28", false},
		{"2026-02-12", "5 working_days", general, "2026-02-26", false},
		{"2025-04-28", "7 working_days", general, "2025-05-12", false},
		{"2024-12-27", "20 working_days", general, "2025-01-26", false},
		{"2026-01-31", "1 month", general, "2026-02-28", false},
		{"2026-01-15", "1 month", general, "2026-02-24", false},
		{"2024-02-29", "24 months", general, "2026-02-28", false},

		// Both ends.
		{"2026-02-05", "15 days", stays, "2026-02-20", false},
		{"2026-02-05", "15 days", firstStays, "2026-02-19", false},
		{"2026-03-02", "5 working_days", countFirst, "2026-03-06", false},
		{"2026-03-01", "5 working_days", countFirst, "2026-03-06", false},
		{"2026-02-14", "1 working_day", countFirst, "2026-02-14", false},
		{"2026-03-06", "1 working_day", stays, "2026-03-09", false},
		{"2026-03-02", "1 week", general, "2026-03-09", false},
		{"2026-03-02", "2 weeks", countFirst, "2026-03-16", false},
		{"2026-03-02", "2 weeks", firstStays, "2026-03-15", false},
		{"2026-03-02", "3 half_working_days", general, "2026-03-04", false},
		{"2026-03-02", "3 half_working_days", countFirst, "2026-03-03", false},

		// Nothing to count: the same day, or the first working day on or after it.
		{"2026-03-02", "0 days", general, "2026-03-02", false},
		{"2026-03-01", "0 days", general, "2026-03-02", false},
		{"2026-03-01", "0 days", firstStays, "2026-03-01", false},
		{"2026-03-01", "0 working_days", stays, "2026-03-02", false},
		{"2026-03-01", "0 months", countFirst, "2026-03-02", false},

		// Leap days and the ends of months.
		{"2024-02-29", "1 year", stays, "2025-02-28", false},
		{"2024-02-29", "4 years", stays, "2028-02-29", false},
		{"2023-02-28", "1 year", stays, "2024-02-28", false},
		{"2023-11-30", "1 quarter", stays, "2024-02-29", false},
		{"2024-12-31", "2 months", stays, "2025-02-28", false},
		{"2024-08-31", "18 months", stays, "2026-02-28", false},
		{"2024-02-28", "1 day", stays, "2024-02-29", false},
		{"2100-02-28", "1 day", stays, "2100-03-01", false},
		{"2025-03-15", "1 month", firstStays, "2025-04-14", false},
		{"2025-03-01", "1 month", firstStays, "2025-03-31", false},
		{"2025-01-31", "1 month", firstStays, "2025-02-28", false},
		{"2025-01-29", "1 month", firstStays, "2025-02-28", false},
		{"2025-01-28", "1 month", firstStays, "2025-02-27", false},
		{"2024-03-01", "1 year", firstStays, "2025-02-28", false},

		// The edge of what is known.
		{"2026-12-30", "1 day", general, "2026-12-31", false},
		{"2026-12-30", "1 working_day", general, "2026-12-31", false},
		{"2026-12-30", "2 days", general, "2027-01-01", true},
		{"2026-12-30", "2 working_days", general, "2027-01-01", true},
		{"2026-12-30", "10 days", general, "2027-01-11", true},
		{"2026-12-26", "0 days", general, "2026-12-28", false},
		{"2027-01-02", "0 days", general, "2027-01-04", true},
		{"2026-06-30", "24 months", general, "2028-06-30", true},
		{"2006-12-30", "2 working_days", general, "2007-01-04", true},
		{"2006-12-30", "5 days", general, "2007-01-04", false}, // only its last day asks the calendar
		// No day's status is asked for, so no notice will ever move it.
		{"2026-06-30", "24 months", stays, "2028-06-30", false},
	}
	for _, tt := range tests {
		due, provisional := c.Add(date(t, tt.start), length(t, tt.length), tt.rule)
		if due != date(t, tt.want) || provisional != tt.provisional {
			t.Errorf("%s + %s %+v = %s, provisional %v; want %s, %v",
				tt.start, tt.length, tt.rule, due, provisional, tt.want, tt.provisional)
		}
	}
}

func TestCountedFromNothing(t *testing.T) {
	c := china(t)
	d := date(t, "2026-03-02")
	tests := []struct {
		name  string
		start calendar.Date
		l     calendar.Length
		stops []calendar.Stop
	}{
		{"no date", 0, calendar.Length{N: 1, Unit: calendar.Days}, nil},
		{"no length", d, calendar.Length{}, nil},
		{"a negative length", d, calendar.Length{N: -1, Unit: calendar.Days}, nil},
		{"an unknown unit", d, calendar.Length{N: 1, Unit: 99}, nil},
		{"more than a hundred years", d, calendar.Length{N: 101, Unit: calendar.Years}, nil},
		{"past the last date", date(t, "9999-12-31"), calendar.Length{N: 1, Unit: calendar.Days}, nil},
		{"past the last date, working", date(t, "9999-12-31"), calendar.Length{N: 1, Unit: calendar.WorkingDays}, nil},
		{"past the last date, months", date(t, "9999-12-31"), calendar.Length{N: 1, Unit: calendar.Months}, nil},
		{"a stop without a kind", d, calendar.Length{N: 1, Unit: calendar.Days}, []calendar.Stop{{From: d}}},
		{"a stop without a day", d, calendar.Length{N: 1, Unit: calendar.Days}, []calendar.Stop{{How: calendar.Suspend}}},
		{"a stop that ends before it begins", d, calendar.Length{N: 1, Unit: calendar.Days},
			[]calendar.Stop{{How: calendar.Suspend, From: d, Until: d - 1}}},
	}
	for _, tt := range tests {
		if got := c.Due(tt.start, tt.l, general, tt.stops); got != (calendar.Result{}) {
			t.Errorf("%s: %+v", tt.name, got)
		}
		if got := c.Explain(tt.start, tt.l, general, tt.stops); got.Running || got.Due != 0 {
			t.Errorf("%s: explained as %+v", tt.name, got)
		}
	}
}

func stop(t *testing.T, how calendar.StopKind, from, until string) calendar.Stop {
	t.Helper()
	s := calendar.Stop{How: how, From: date(t, from)}
	if until != "" {
		s.Until = date(t, until)
	}
	return s
}

func TestDue(t *testing.T) {
	c := china(t)
	exclude := func(from, until string) calendar.Stop { return stop(t, calendar.Exclude, from, until) }
	suspend := func(from, until string) calendar.Stop { return stop(t, calendar.Suspend, from, until) }
	interrupt := func(from, until string) calendar.Stop { return stop(t, calendar.Interrupt, from, until) }
	type stops []calendar.Stop
	const still = ""
	tests := []struct {
		name          string
		start, length string
		rule          calendar.Rule
		stops         stops
		want          string
	}{
		// March 2026: the 2nd is a Monday, no holiday.
		{"none", "2026-03-02", "10 days", general, nil, "2026-03-12"},
		{"three days out", "2026-03-02", "10 days", general, stops{exclude("2026-03-03", "2026-03-06")}, "2026-03-16"},
		{"working days: the weekend in it was none anyway", "2026-03-02", "10 working_days", general,
			stops{suspend("2026-03-05", "2026-03-09")}, "2026-03-18"},
		{"overlap is a union", "2026-03-02", "10 days", stays,
			stops{exclude("2026-03-03", "2026-03-06"), suspend("2026-03-05", "2026-03-07")}, "2026-03-16"},
		{"the same twice", "2026-03-02", "10 days", stays,
			stops{exclude("2026-03-03", "2026-03-06"), exclude("2026-03-03", "2026-03-06")}, "2026-03-15"},
		{"one inside the other, in any order", "2026-03-02", "10 days", stays,
			stops{suspend("2026-03-05", "2026-03-06"), exclude("2026-03-03", "2026-03-08")}, "2026-03-17"},
		{"over before the start", "2026-03-02", "10 days", general, stops{suspend("2026-02-01", "2026-03-02")}, "2026-03-12"},
		{"reaching into it", "2026-03-02", "10 days", general, stops{suspend("2026-02-01", "2026-03-03")}, "2026-03-13"},
		{"the first day, though counted, is held", "2026-03-02", "10 days", countFirst, stops{suspend("2026-02-01", "2026-03-02")}, "2026-03-12"},
		{"from the due day on", "2026-03-02", "10 days", general, stops{suspend("2026-03-12", "2026-04-12")}, "2026-03-12"},
		{"from the due day on, still", "2026-03-02", "10 days", general, stops{suspend("2026-03-12", still)}, "2026-03-12"},
		{"still stopped", "2026-03-02", "10 days", general, stops{suspend("2026-03-11", still)}, ""},
		{"still stopped from before", "2026-03-02", "10 days", general, stops{exclude("2026-01-01", still)}, ""},
		{"between the raw end and the due day", "2026-03-05", "9 days", general, stops{suspend("2026-03-14", "2026-03-17")}, "2026-03-18"},
		{"the same, still", "2026-03-05", "9 days", general, stops{suspend("2026-03-14", still)}, ""},
		{"the same, and it stays", "2026-03-05", "9 days", stays, stops{suspend("2026-03-14", still)}, "2026-03-14"},
		{"the moved end rolls over", "2026-01-31", "20 days", general, stops{exclude("2026-02-02", "2026-02-03")}, "2026-02-24"},
		{"resumed on a holiday", "2026-02-10", "3 working_days", general, stops{suspend("2026-02-11", "2026-02-18")}, "2026-02-25"},
		{"no day held", "2026-03-02", "10 days", general, stops{suspend("2026-03-05", "2026-03-05")}, "2026-03-12"},

		{"months move by calendar days", "2026-03-02", "2 months", stays, stops{suspend("2026-03-10", "2026-03-20")}, "2026-05-12"},
		{"months: a stop met only because of another", "2026-03-02", "1 month", stays,
			stops{suspend("2026-03-10", "2026-03-20"), suspend("2026-04-05", "2026-04-06")}, "2026-04-13"},
		{"a year with a leap day held", "2024-01-31", "1 year", stays, stops{suspend("2024-02-28", "2024-02-29")}, "2025-02-01"},

		{"anew", "2026-03-02", "10 days", general, stops{interrupt("2026-03-05", "2026-03-10")}, "2026-03-20"},
		{"anew at once", "2026-03-02", "10 days", general, stops{interrupt("2026-03-10", "2026-03-10")}, "2026-03-20"},
		{"anew on the due day", "2026-03-02", "10 days", general, stops{interrupt("2026-03-12", "2026-03-12")}, "2026-03-23"},
		{"anew on the rolled due day", "2026-03-04", "10 days", general, stops{interrupt("2026-03-16", "2026-03-16")}, "2026-03-26"},
		{"too late", "2026-03-02", "10 days", general, stops{interrupt("2026-03-13", "2026-03-20")}, "2026-03-12"},
		{"not resumed", "2026-03-02", "10 days", general, stops{interrupt("2026-03-12", still)}, ""},
		{"two", "2026-03-02", "10 days", general,
			stops{interrupt("2026-03-19", "2026-03-20"), interrupt("2026-03-05", "2026-03-10")}, "2026-03-30"},
		{"two that overlap", "2026-03-02", "10 days", stays,
			stops{interrupt("2026-03-05", "2026-03-12"), interrupt("2026-03-06", "2026-03-10")}, "2026-03-22"},
		{"the second only reached because of the first", "2026-03-02", "10 days", general,
			stops{interrupt("2026-03-14", "2026-03-16"), interrupt("2026-03-06", "2026-03-06")}, "2026-03-26"},
		{"the day of resumption is not counted", "2026-03-02", "10 days", countFirst, stops{interrupt("2026-03-05", "2026-03-10")}, "2026-03-20"},
		{"before the start, into it", "2026-03-02", "10 days", general, stops{interrupt("2026-02-01", "2026-03-10")}, "2026-03-20"},
		{"over by the start", "2026-03-02", "10 days", general, stops{interrupt("2026-02-01", "2026-03-02")}, "2026-03-12"},
		{"months anew", "2026-01-31", "1 month", stays, stops{interrupt("2026-02-10", "2026-02-15")}, "2026-03-15"},
		{"anew, and the new run is suspended", "2026-03-02", "10 days", general,
			stops{interrupt("2026-03-05", "2026-03-10"), suspend("2026-03-08", "2026-03-12")}, "2026-03-23"},
		{"suspended, and interrupted meanwhile", "2026-03-02", "10 days", stays,
			stops{suspend("2026-03-05", "2026-03-20"), interrupt("2026-03-10", "2026-03-11")}, "2026-03-30"},
	}
	for _, tt := range tests {
		got := c.Due(date(t, tt.start), length(t, tt.length), tt.rule, tt.stops)
		want := calendar.Result{}
		if tt.want != "" {
			want = calendar.Result{Due: date(t, tt.want), Running: true}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestExtendAndEndOfYear(t *testing.T) {
	c := china(t)
	for _, rule := range []calendar.Rule{general, countFirst} {
		if due, provisional := c.Extend(date(t, "2026-05-15"), length(t, "30 working_days"), rule); due != date(t, "2026-06-29") || provisional {
			t.Errorf("extended to %s, provisional %v", due, provisional)
		}
	}
	if due, _ := c.Extend(date(t, "2026-02-13"), length(t, "1 month"), stays); due != date(t, "2026-03-13") {
		t.Errorf("extended to %s", due)
	}
	tests := []struct {
		d, want     string
		rule        calendar.Rule
		provisional bool
	}{
		{"2026-03-02", "2026-12-31", general, false},
		{"2018-01-01", "2019-01-02", general, false},
		{"2018-01-01", "2018-12-31", stays, false},
		{"2027-01-01", "2027-12-31", general, true},
		{"2028-01-01", "2028-12-31", stays, false},
	}
	for _, tt := range tests {
		if due, provisional := c.EndOfYear(date(t, tt.d), tt.rule); due != date(t, tt.want) || provisional != tt.provisional {
			t.Errorf("end of the year of %s: %s, %v; want %s", tt.d, due, provisional, tt.want)
		}
	}
	if due, _ := c.EndOfYear(0, general); due != 0 {
		t.Errorf("end of no year: %s", due)
	}
}

func TestAddHalves(t *testing.T) {
	c := china(t)
	am, pm := calendar.AM, calendar.PM
	tests := []struct {
		start string
		half  calendar.Half
		n     int
		want  string
		at    calendar.Half
	}{
		{"2026-03-02", am, 1, "2026-03-02", pm},
		{"2026-03-02", pm, 1, "2026-03-03", am},
		{"2026-03-02", am, 2, "2026-03-03", am},
		{"2026-03-06", pm, 2, "2026-03-09", pm},
		{"2026-03-07", pm, 1, "2026-03-09", am},
		{"2026-03-07", am, 0, "2026-03-09", am},
		{"2026-03-06", pm, 0, "2026-03-06", pm},
		{"2026-02-13", pm, 3, "2026-02-24", am},
	}
	for _, tt := range tests {
		on, at, provisional := c.AddHalves(date(t, tt.start), tt.half, tt.n)
		if on != date(t, tt.want) || at != tt.at || provisional {
			t.Errorf("%s %s + %d = %s %s, %v; want %s %s", tt.start, tt.half, tt.n, on, at, provisional, tt.want, tt.at)
		}
	}
	if on, at, provisional := c.AddHalves(date(t, "2026-12-31"), pm, 1); on != date(t, "2027-01-01") || at != am || !provisional {
		t.Errorf("past the coverage: %s %s %v", on, at, provisional)
	}
	if on, _, _ := c.AddHalves(0, am, 1); on != 0 {
		t.Errorf("from no date: %s", on)
	}
	if on, _, _ := c.AddHalves(date(t, "2026-03-02"), 0, 1); on != 0 {
		t.Errorf("from no half: %s", on)
	}
	if on, _, _ := c.AddHalves(date(t, "2026-03-02"), am, -1); on != 0 {
		t.Errorf("backwards: %s", on)
	}
}
