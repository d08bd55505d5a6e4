// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"slices"

	"quanze/core/calendar"
	"quanze/locale"
)

// steps returns the lines of a computation in the order of their days.
func steps(w *locale.Words, c calendar.Computation) []step {
	out := []step{startStep(w, c)}
	if c.RunsFrom != c.Start && c.RunsFrom.Valid() {
		out = append(out, step{w.T("computed.restarted"), w.Date(c.RunsFrom), w.T("computed.resumed"), false})
	}
	for _, h := range c.Stops {
		out = append(out, heldStep(w, h))
	}
	days := slices.Concat(c.Skipped, c.Worked)
	slices.SortFunc(days, func(a, b calendar.Day) int { return int(a.On - b.On) })
	counted := false
	for _, d := range days {
		if !counted && d.On > c.RawEnd && c.RawEnd.Valid() {
			counted = true
			out = append(out, endStep(w, c))
		}
		out = append(out, dayStep(w, d, c))
	}
	if !counted && c.RawEnd.Valid() && c.RawEnd != c.Due {
		out = append(out, endStep(w, c))
	}
	if !c.Running {
		return append(out, step{w.T("computed.due"), "", w.T("computed.stopped"), true})
	}
	why := w.T("computed.due_why")
	switch {
	case c.Rollover > 0:
		why = w.T("computed.rollover", "n", w.Number(c.Rollover))
	case c.Length.Valid():
		why = w.T("computed.length", "length", w.Length(c.Length))
	}
	return append(out, step{w.T("computed.due"), w.Date(c.Due), why, true})
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
	n := w.Number(h.Days)
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
	if d.On > c.RawEnd {
		name = w.T("computed.passed")
	}
	why := w.T("computed.off")
	switch d.Kind {
	case calendar.Weekend:
		why = w.T("computed.weekend")
	case calendar.Holiday:
		why = w.T("computed.holiday", "name", d.Name)
	case calendar.Swapped:
		name, why = w.T("computed.worked"), w.T("computed.swapped", "name", d.Name)
	}
	return step{name, w.Date(d.On), why, false}
}
