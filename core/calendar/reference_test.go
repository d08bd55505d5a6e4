// SPDX-License-Identifier: Apache-2.0

package calendar_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"quanze/core/calendar"
)

// reference counts limits one day after another, from the data files as text
// and the time package: slow, and by other means than the package itself.
type reference struct {
	origin  time.Time
	works   []bool // by days since origin
	covered [2]int // first and last day covered
}

func newReference(t *testing.T) *reference {
	t.Helper()
	ref := &reference{origin: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)}
	for d := ref.origin; d.Year() < 2060; d = d.AddDate(0, 0, 1) {
		ref.works = append(ref.works, d.Weekday() != time.Saturday && d.Weekday() != time.Sunday)
	}
	files, err := filepath.Glob("data/cn/*.tsv")
	if err != nil || len(files) == 0 {
		t.Fatal("no data", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(string(data), "\n") {
			if fields := strings.Split(line, "\t"); len(fields) == 3 {
				ref.works[ref.day(t, fields[0])] = fields[1] == "work"
			}
		}
	}
	ref.covered = [2]int{ref.day(t, "2007-01-01"), ref.day(t, "2026-12-31")}
	return ref
}

func (ref *reference) day(t *testing.T, s string) int {
	t.Helper()
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return int(d.Sub(ref.origin).Hours() / 24)
}

// monthLater is the matching day or the last of the month, and which it was.
func (ref *reference) monthLater(day, months int) (int, bool) {
	d := ref.origin.AddDate(0, 0, day)
	first := time.Date(d.Year(), d.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	end := first.AddDate(0, 0, d.Day()-1)
	matched := end.Month() == first.Month()
	if !matched {
		end = first.AddDate(0, 1, -1)
	}
	return int(end.Sub(ref.origin).Hours() / 24), matched
}

type naiveStop struct {
	how         calendar.StopKind
	from, until int // until < 0: still
}

func heldOn(day int, stops []naiveStop) bool {
	for _, s := range stops {
		if s.how != calendar.Interrupt && day > s.from && (s.until < 0 || day <= s.until) {
			return true
		}
	}
	return false
}

// due walks. It returns -1 where the limit never ends.
func (ref *reference) due(start, n int, unit calendar.Unit, rule calendar.Rule, stops []naiveStop) (due int, provisional bool) {
	working := unit == calendar.WorkingDays || unit == calendar.HalfWorkingDays
	before := start // the last day before counting begins
	if rule.CountFirst && n > 0 {
		before--
	}
	want := n
	months := map[calendar.Unit]int{calendar.Months: n, calendar.Quarters: 3 * n, calendar.Years: 12 * n}[unit]
	switch {
	case unit == calendar.HalfWorkingDays:
		want = n/2 + n%2
	case unit == calendar.Weeks:
		want = 7 * n
	case months > 0:
		end, matched := ref.monthLater(start, months)
		if matched && rule.CountFirst {
			end--
		}
		want = end - before
	}
	// The last interruption that had begun before the first day and had not
	// ended by then starts everything anew.
	for _, s := range stops {
		if s.how == calendar.Interrupt && s.from <= before && (s.until < 0 || s.until > before) {
			return ref.anew(s, n, unit, rule, stops)
		}
	}
	rawEnd := -1
	first := before + 1
	if want == 0 {
		rawEnd, first = start, start
	}
	counted := 0
	for day := first; day < len(ref.works); day++ {
		held := heldOn(day, stops)
		if rawEnd < 0 && !held && (!working || ref.works[day]) {
			if counted++; counted == want {
				rawEnd = day
			}
		}
		ends := rawEnd >= 0 && !held && (ref.works[day] || rule.NoRollover && !working)
		restart := -1
		for i, s := range stops {
			if s.how == calendar.Interrupt && s.from == day && (s.until < 0 || s.until > before) &&
				(restart < 0 || s.until < 0 || stops[restart].until >= 0 && s.until > stops[restart].until) {
				restart = i
			}
		}
		if restart >= 0 {
			return ref.anew(stops[restart], n, unit, rule, stops)
		}
		if !ends {
			continue
		}
		asked := first
		if !working || want == 0 {
			asked = rawEnd
		}
		if !working && rule.NoRollover {
			return day, false
		}
		for asked := asked; asked <= day; asked++ {
			if asked < ref.covered[0] || asked > ref.covered[1] {
				provisional = true
			}
		}
		return day, provisional
	}
	return -1, false
}

func (ref *reference) anew(s naiveStop, n int, unit calendar.Unit, rule calendar.Rule, stops []naiveStop) (int, bool) {
	if s.until < 0 {
		return -1, false
	}
	rule.CountFirst = false
	return ref.due(s.until, n, unit, rule, stops)
}

func TestAgainstReference(t *testing.T) {
	const computations = 100_000
	c, ref := china(t), newReference(t)
	zero := calendar.MakeDate(2000, 1, 1)
	random := rand.New(rand.NewPCG(20260226, 7))
	most := map[calendar.Unit]int{
		calendar.Days: 200, calendar.WorkingDays: 120, calendar.HalfWorkingDays: 90,
		calendar.Weeks: 30, calendar.Months: 15, calendar.Quarters: 5, calendar.Years: 2,
	}
	seen := map[string]int{}
	for range computations {
		unit := calendar.Unit(1 + random.IntN(7))
		n := random.IntN(most[unit] + 1)
		rule := calendar.Rule{CountFirst: random.IntN(2) == 0, NoRollover: random.IntN(3) == 0}
		start := 365*7 - 40 + random.IntN(365*20+100)
		var naive []naiveStop
		var stops []calendar.Stop
		for range max(0, random.IntN(6)-1) {
			s := naiveStop{how: calendar.StopKind(1 + random.IntN(3)), from: start - 30 + random.IntN(150)}
			s.until = s.from + random.IntN(40)
			stop := calendar.Stop{How: s.how, From: zero + calendar.Date(s.from), Until: zero + calendar.Date(s.until)}
			if random.IntN(15) == 0 {
				s.until, stop.Until = -1, 0
			}
			naive, stops = append(naive, s), append(stops, stop)
		}
		l := calendar.Length{N: n, Unit: unit}
		day, provisional := ref.due(start, n, unit, rule, naive)
		want := calendar.Result{}
		if day >= 0 {
			want = calendar.Result{Due: zero + calendar.Date(day), Provisional: provisional, Running: true}
		}
		got := c.Due(zero+calendar.Date(start), l, rule, stops)
		if got != want {
			t.Fatalf("%s + %s %+v %+v\n got %+v\nwant %+v", zero+calendar.Date(start), l, rule, stops, got, want)
		}
		if len(stops) == 0 {
			if due, p := c.Add(zero+calendar.Date(start), l, rule); due != want.Due || p != want.Provisional {
				t.Fatalf("Add: %s + %s %+v: %s, %v; Due: %+v", zero+calendar.Date(start), l, rule, due, p, want)
			}
		}
		seen[unit.String()]++
		if got.Provisional {
			seen["provisional"]++
		}
		if !got.Running {
			seen["stopped"]++
		}
	}
	if len(seen) != 9 {
		t.Errorf("not all sorts of computation were tried: %v", seen)
	}
}

// Before, within and after the years that notices speak of.
func TestWorkingDaysAgainstReference(t *testing.T) {
	c, ref := china(t), newReference(t)
	zero := calendar.MakeDate(2000, 1, 1)
	count := 0
	for day, works := range ref.works {
		d := zero + calendar.Date(day)
		if works {
			count++
		}
		if c.Working(d) != works || c.WorkingDays(zero-1, d) != count || c.WorkingDays(d, zero-1) != -count {
			t.Fatalf("%s: working %v, want %v; %d working days, want %d", d, c.Working(d), works, c.WorkingDays(zero-1, d), count)
		}
		if !works || count == 0 {
			continue
		}
		if due, _ := c.Add(zero-1, calendar.Length{N: count, Unit: calendar.WorkingDays}, calendar.Rule{}); due != d {
			t.Fatalf("%d working days end on %s, want %s", count, due, d)
		}
	}
	if c.WorkingDays(0, zero) != 0 || c.WorkingDays(zero, 0) != 0 {
		t.Error("working days were counted from or to no date")
	}
	// 2000-01-01 to the year 1 and 9999, in plain weeks: the first is a Monday.
	for _, far := range []calendar.Date{calendar.MakeDate(1, 1, 7), calendar.MakeDate(1900, 1, 7), calendar.MakeDate(9999, 12, 26)} {
		if got := c.WorkingDays(far, far+5); got != 5 {
			t.Errorf("%d working days in the week after %s, a %s", got, far, far.Weekday())
		}
	}
}
