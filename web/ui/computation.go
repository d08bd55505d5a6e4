// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"slices"

	"quanze/core/calendar"
	"quanze/locale"
)

// steps returns the lines of a computation in the order of their days: its
// start, what happened between, and its end.
func steps(w *locale.Words, c calendar.Computation) []step {
	var between []dated
	if c.RunsFrom != c.Start && c.RunsFrom.Valid() {
		between = append(between, dated{c.RunsFrom, step{w.T("computed.restarted"), w.Date(c.RunsFrom), w.T("computed.resumed"), false}})
	}
	for _, h := range c.Stops {
		between = append(between, dated{h.From, heldStep(w, h)})
	}
	if c.RawEnd.Valid() && c.RawEnd != c.Due {
		between = append(between, dated{c.RawEnd, endStep(w, c)})
	}
	for _, d := range slices.Concat(c.Skipped, c.Worked) {
		between = append(between, dated{d.On, dayStep(w, d, c)})
	}
	slices.SortStableFunc(between, func(a, b dated) int { return int(a.on - b.on) })

	out := []step{startStep(w, c)}
	for _, b := range between {
		out = append(out, b.step)
	}
	return append(out, dueStep(w, c))
}

// dated is a step with the day it is ordered by.
type dated struct {
	on calendar.Date
	step
}

func dueStep(w *locale.Words, c calendar.Computation) step {
	if !c.Running {
		return step{w.T("computed.due"), "", w.T("computed.stopped"), true}
	}
	why := w.T("computed.due_why")
	switch {
	case c.Rollover > 0:
		why = w.T("computed.rollover", "n", w.Number(c.Rollover))
	case c.Length.Valid():
		why = w.T("computed.length", "length", w.Length(c.Length))
	}
	return step{w.T("computed.due"), w.Date(c.Due), why, true}
}

func startStep(w *locale.Words, c calendar.Computation) step {
	why := w.T("computed.first_not_counted")
	if c.CountFirst {
		why = w.T("computed.first_counted")
	}
	return step{w.T("computed.start"), w.Date(c.Start), why, false}
}

func endStep(w *locale.Words, c calendar.Computation) step {
	return step{w.T("computed.raw_end"), w.Date(c.RawEnd), w.T("computed.length", "length", w.Length(c.Length)), false}
}

func heldStep(w *locale.Words, h calendar.Held) step {
	until := w.Date(h.Until)
	if until == "" {
		until = w.T("computed.open")
	}
	why := w.T("computed.interrupt")
	n := ""
	if h.Days > 0 {
		n = w.Number(h.Days)
	}
	switch h.How {
	case calendar.Exclude:
		why = w.T("computed.exclude", "n", n)
	case calendar.Suspend:
		why = w.T("computed.suspend", "n", n)
	}
	return step{w.T("computed.held"), w.Date(h.From) + " – " + until, why, false}
}

func dayStep(w *locale.Words, d calendar.Day, c calendar.Computation) step {
	name := w.T("computed.skipped")
	if d.On >= c.RawEnd {
		name = w.T("computed.passed")
	}
	why := w.T("computed.off")
	switch d.Kind {
	case calendar.Weekend:
		why = w.T("computed.weekend")
	case calendar.Holiday:
		why = w.T("computed.holiday", "name", w.Holiday(d.Name))
	case calendar.Swapped:
		name, why = w.T("computed.worked"), w.T("computed.swapped", "name", w.Holiday(d.Name))
	}
	return step{name, w.Date(d.On), why, false}
}

// provisional says which days are not announced yet.
func provisional(w *locale.Words, c calendar.Computation) string {
	if c.UnknownFrom == c.UnknownUntil {
		return w.T("computed.provisional_day", "day", w.Date(c.UnknownFrom))
	}
	return w.T("computed.provisional", "from", w.Date(c.UnknownFrom), "until", w.Date(c.UnknownUntil))
}
