// SPDX-License-Identifier: Apache-2.0

package packtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/core/rulepack"
)

// shifts is on how many other days of a year each case is played.
const shifts = 365

// shifted plays a case with all its days moved by each number of days of a
// year. Weekends and holidays then fall elsewhere, so what the case states of
// last days and lapses says nothing there. What must hold is that the playing
// is sound, and that the calendar acts through last days only: as long as every
// last day lies between the same days of the case as it did, each step comes
// out as it did. A refusal that says until or since which day it stands, and
// one over working days counted in a condition, rest on the calendar as well;
// from there on only soundness is looked at.
func (b *bench) shifted(st stage) Tally {
	var out Tally
	base := b.trace(st)
	if base == nil {
		return out
	}
	for d := 1; d <= shifts; d++ {
		moved := stage{b.moved(st.c, b.direction(st.c, d)), st.world}
		out.Runs++
		b.compareShift(base, moved, &out)
	}
	return out
}

// direction moves a case ahead, or into the year before where the calendar
// does not reach so far: either way each day of the year comes once.
func (b *bench) direction(c *rulepack.Case, d int) calendar.Date {
	first, last := c.Steps[0].On, c.Steps[0].On
	for _, s := range c.Steps {
		if s.On != 0 {
			first = min(first, s.On)
		}
		last = max(last, s.On, s.Entered)
	}
	ahead, back := calendar.Date(d), calendar.Date(d-shifts-1)
	if !b.cal.Covers(last+ahead) && b.cal.Covers(first+back) {
		return back
	}
	return ahead
}

// moved is the case with all its days by days later, and nothing stated.
func (b *bench) moved(c *rulepack.Case, by calendar.Date) *rulepack.Case {
	out := *c
	out.Steps, out.Record = slices.Clone(c.Steps), slices.Clone(c.Record)
	for i := range out.Record {
		out.Record[i].On += by
	}
	proc := b.pack.Procedure(c.Procedure)
	for i := range out.Steps {
		s := &out.Steps[i]
		if s.On != 0 {
			s.On += by
		}
		if s.Entered != 0 {
			s.Entered += by
		}
		id, _, _ := strings.Cut(s.Act, ".")
		a := proc.Act(id)
		if a == nil {
			continue
		}
		for _, f := range a.Fields() {
			day, err := calendar.ParseDate(s.Set[f.ID])
			if f.Type == rulepack.FieldDate && err == nil {
				s.Set = maps.Clone(s.Set)
				s.Set[f.ID] = (day + by).String()
			}
		}
	}
	return &out
}

// tracedStep is what came of a step, and where the last days then lay.
type tracedStep struct {
	out     Step
	refusal *matter.Refusal
	places  map[string]place
}

// place is where a last day lies among the days of the case: after how many of
// them, and whether on the next; day is for those at the same place.
type place struct {
	after int
	on    bool
	day   calendar.Date
}

func (b *bench) trace(st stage) []tracedStep {
	r := begin(b.pack, st, b.cal, 0)
	if r == nil {
		return nil
	}
	days := daysOf(st.c)
	var out []tracedStep
	for _, step := range st.c.Steps {
		got := r.step(step)
		out = append(out, tracedStep{got, r.refusal, places(r.state, days)})
	}
	return out
}

func daysOf(c *rulepack.Case) []calendar.Date {
	var out []calendar.Date
	for _, s := range c.Steps {
		out = append(out, s.On, s.Entered)
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(d calendar.Date) bool { return d == 0 })
}

// places finds where the last days lie, by obligation and its number among
// those of its name.
func places(s *matter.State, days []calendar.Date) map[string]place {
	out, nth := map[string]place{}, map[string]int{}
	for _, o := range s.Obligations() {
		name := o.Name()
		nth[name]++
		if nth[name] > 1 {
			name = fmt.Sprintf("%s#%d", name, nth[name])
		}
		p := place{after: -1, day: o.Due}
		if o.Due != 0 {
			p.after, p.on = slices.BinarySearch(days, o.Due)
		}
		out[name] = p
	}
	return out
}

// alike reports whether all last days that both know lie at the same places,
// and those between the same two days in the same order.
func alike(a, b map[string]place) bool {
	for name, x := range a {
		y, both := b[name]
		if !both {
			continue
		}
		if x.after != y.after || x.on != y.on {
			return false
		}
		for other, z := range a {
			if w, both := b[other]; both && z.after == x.after && (x.day < z.day) != (y.day < w.day) {
				return false
			}
		}
	}
	return true
}

func (b *bench) compareShift(base []tracedStep, moved stage, out *Tally) {
	r := begin(b.pack, moved, b.cal, 0)
	days := daysOf(moved.c)
	comparable := true
	last := rulepack.Step{}
	for i, step := range moved.c.Steps {
		got := r.step(step)
		last = step
		report := func(kind, format string, args ...any) {
			out.report(Violation{Pos: step.Pos, Case: moved.c.Title, Kind: kind, What: fmt.Sprintf("moved to %s, ", moved.c.Steps[0].On) + fmt.Sprintf(format, args...)})
		}
		r.answered(r.refusal, report)
		if !comparable {
			continue
		}
		now := places(r.state, days)
		if !alike(base[i].places, now) || b.byDay(step, base[i].refusal, r.refusal) {
			comparable = false
			continue
		}
		out.Compared++
		if diff := differs(base[i].out, got); diff != "" {
			report("shift", "%s", diff)
			comparable = false
		} else if len(now) != len(base[i].places) {
			report("shift", "%d obligations instead of %d", len(now), len(base[i].places))
			comparable = false
		}
	}
	for _, f := range r.sound() {
		out.report(Violation{Pos: last.Pos, Case: moved.c.Title, Kind: f.kind, What: fmt.Sprintf("moved to %s, ", moved.c.Steps[0].On) + f.what})
	}
}

// byDay reports whether an answer rests on the calendar otherwise than through
// a last day.
func (b *bench) byDay(step rulepack.Step, refusals ...*matter.Refusal) bool {
	for _, r := range refusals {
		if r != nil && r.Day != 0 {
			return true
		}
	}
	id, _, _ := strings.Cut(step.Act, ".")
	for _, p := range b.pack.Procedures {
		if a := p.Act(id); a != nil && countsDays(a) {
			return true
		}
	}
	return false
}

// countsDays reports whether a condition of the act counts working days.
func countsDays(a *rulepack.Act) bool {
	sources := []string{}
	if a.When != nil {
		sources = append(sources, a.When.Source)
	}
	for _, n := range a.Needs {
		sources = append(sources, n.If.Source)
	}
	for _, c := range a.After {
		if c.When != nil {
			sources = append(sources, c.When.Source)
		}
	}
	for _, f := range a.Fields() {
		if f.If != nil {
			sources = append(sources, f.If.Source)
		}
	}
	return slices.ContainsFunc(sources, func(s string) bool { return strings.Contains(s, "workdays(") })
}

// differs says in what two outcomes of a step differ, last days apart.
func differs(want, got Step) string {
	if want.Result != got.Result || want.Why != got.Why {
		return fmt.Sprintf("%s was %s %s, and is %s %s", want.Act, want.Result, want.Why, got.Result, got.Why)
	}
	if want.Why != "" && !slices.Equal(want.Clauses, got.Clauses) {
		return fmt.Sprintf("%s was refused by %s, and is by %s", want.Act, join(want.Clauses), join(got.Clauses))
	}
	for _, l := range []struct {
		what      string
		want, got []string
	}{{"met", want.Met, got.Met}, {"lapsed", want.Lapsed, got.Lapsed}, {"released", want.Released, got.Released},
		{"reversed", want.Reversed, got.Reversed}, {"findings", want.Findings, got.Findings}, {"opened", want.Opened, got.Opened}} {
		w, g := slices.Sorted(slices.Values(l.want)), slices.Sorted(slices.Values(l.got))
		if !slices.Equal(w, g) {
			return fmt.Sprintf("%s of %s were [%s], and are [%s]", l.what, want.Act, join(w), join(g))
		}
	}
	return ""
}
