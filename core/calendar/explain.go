// SPDX-License-Identifier: Apache-2.0

package calendar

import (
	"cmp"
	"slices"
)

// Computation is how the end of a limit was found, as plain data for pages,
// papers and the command line.
type Computation struct {
	Start  Date   `json:"start"`
	Length Length `json:"length"`
	Rule
	// RunsFrom is Start, or the resumption after the last interruption.
	RunsFrom Date `json:"runs_from"`
	// RawEnd is the last day counted; Due lies after it where that day is off
	// (or held), by Rollover days.
	RawEnd      Date `json:"raw_end"`
	Rollover    int  `json:"rollover"`
	Due         Date `json:"due"`
	Running     bool `json:"running"`
	Provisional bool `json:"provisional"`
	// UnknownFrom and UnknownUntil are the first and last day on which Due
	// depends and which lie outside Covered: why it is provisional.
	UnknownFrom  Date   `json:"unknown_from,omitzero"`
	UnknownUntil Date   `json:"unknown_until,omitzero"`
	Calendar     string `json:"calendar"`
	CoveredFrom  Date   `json:"covered_from"`
	CoveredUntil Date   `json:"covered_until"`
	// Skipped are the days off that were passed over: of a working-day limit
	// all between its ends, else those between RawEnd and Due. Worked are the
	// Saturdays and Sundays worked by notice, up to and including Due. Held
	// days are in neither; of an interrupted limit only the last run is shown.
	Skipped []Day  `json:"skipped"`
	Worked  []Day  `json:"worked"`
	Stops   []Held `json:"stops"`
}

// Held is a stop and what it did.
type Held struct {
	Stop
	// Days is how many days it held from the start to the due day, without
	// those that an earlier stop of the list held already; First and Last are
	// the ends of that stretch. All are zero where it had no effect, Last and
	// Days also while it lasts.
	Days  int  `json:"days"`
	First Date `json:"first,omitzero"`
	Last  Date `json:"last,omitzero"`
	// Restarted says that the limit began anew with its end.
	Restarted bool `json:"restarted,omitempty"`
}

// Explain is Due with its reasons.
func (c *Calendar) Explain(start Date, l Length, rule Rule, stops []Stop) Computation {
	out := Computation{
		Start: start, Length: l, Rule: rule, RunsFrom: start,
		Calendar: c.name, CoveredFrom: c.from, CoveredUntil: c.until,
		Skipped: []Day{}, Worked: []Day{}, Stops: []Held{},
	}
	first, ok := newRun(start, l, rule)
	if !ok || slices.ContainsFunc(stops, func(s Stop) bool { return !s.Valid() }) {
		return out
	}
	stops = slices.SortedStableFunc(slices.Values(stops), func(a, b Stop) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.end(), b.end()))
	})
	restarts := make([]bool, len(stops))
	held := holds(nil, stops)
	r, raw, due := c.resolve(start, l, rule, stops, held, func(i int) {
		restarts[i] = true
		out.RunsFrom = max(out.RunsFrom, stops[i].Until)
	})
	out.Stops = heldDays(first, due, stops, restarts)
	if due == 0 {
		return out
	}
	out.RawEnd, out.Due, out.Running = raw, due, true
	out.Rollover = int(due - raw)
	out.Provisional = c.provisional(r, raw, due)
	if out.Provisional {
		out.UnknownFrom, out.UnknownUntil = c.unknown(r, raw, due)
	}
	c.list(&out, r, held)
	return out
}

// unknown returns the first and last day of those the result depends on that
// the calendar does not cover.
func (c *Calendar) unknown(r run, raw, due Date) (from, until Date) {
	from, _ = r.consults(raw)
	until = due
	if c.Covers(from) {
		from = c.until + 1
	}
	if c.Covers(until) {
		until = c.from - 1
	}
	return from, until
}

// list fills Skipped and Worked.
func (c *Calendar) list(out *Computation, r run, held []hold) {
	begin, skipFrom := r.after+1, r.after+1
	if r.n == 0 {
		begin, skipFrom = r.after, r.after
	}
	if !r.working {
		skipFrom = out.RawEnd
	}
	i := 0
	for d := begin; d <= out.Due; d++ {
		for i < len(held) && held[i].until < d {
			i++
		}
		if i < len(held) && d > held[i].after {
			d = held[i].until
			continue
		}
		switch working := c.table.working(d); {
		case working && plainOff(d):
			out.Worked = append(out.Worked, c.Day(d))
		case !working && d >= skipFrom && d < out.Due:
			out.Skipped = append(out.Skipped, c.Day(d))
		}
	}
}

// heldDays shares the held days out among the stops, which are in order of
// their beginning, so that what a stop adds is one stretch.
func heldDays(first run, due Date, stops []Stop, restarts []bool) []Held {
	out := make([]Held, len(stops))
	done := first.after // the last day accounted for
	if first.n == 0 {
		done--
	}
	for i, s := range stops {
		out[i] = Held{Stop: s, Restarted: restarts[i]}
		from, until := max(s.From, done)+1, s.end()
		if due != 0 {
			until = min(until, due)
		}
		if until < from {
			continue
		}
		out[i].First = from
		if until != openEnd {
			out[i].Last, out[i].Days = until, int(until-from)+1
		}
		done = until
	}
	return out
}
