// SPDX-License-Identifier: Apache-2.0

package packtest

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/core/rulepack"
)

// reordered records a case in other orders. The facts of its record are applied
// one by one in several orders, those of one day in their stated one, and must
// leave the state that they leave as recorded. And each step that needs nothing
// of the step before is decided first, that one then entered late: it must have
// the same answer, leave the same facts, and be sound.
func (b *bench) reordered(st stage) Tally {
	var out Tally
	r := begin(b.pack, st, b.cal, 0)
	if r == nil {
		return out
	}
	var before []*run
	var base []tracedStep
	for _, step := range st.c.Steps {
		before = append(before, r.fork())
		got := r.step(step)
		base = append(base, tracedStep{out: got, refusal: r.refusal})
	}
	before = append(before, r)
	at := st.c.Steps[len(st.c.Steps)-1].Pos
	facts := slices.DeleteFunc(slices.Clone(r.events), func(e matter.Event) bool { return !e.Kind.Fact() })
	all := orders(facts)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		order := all[name]
		out.Runs++
		out.Compared += len(order)
		if diff := applied(facts, order, &r.rules); diff != "" {
			out.report(Violation{Pos: at, Case: st.c.Title, Kind: "order", What: "the record " + name + ": " + diff})
		}
	}
	for i := range len(st.c.Steps) - 1 {
		b.late(st.c, i, before, base, &out)
	}
	return out
}

// orders are other orders of a record in which facts of one day keep theirs and
// corrections come after what they correct.
func orders(facts []matter.Event) map[string][]matter.Event {
	var days []calendar.Date
	var plain, corrections []matter.Event
	for _, e := range facts {
		if e.Kind == matter.Corrected || e.Kind == matter.Struck {
			corrections = append(corrections, e)
			continue
		}
		plain = append(plain, e)
		days = append(days, e.On)
	}
	slices.Sort(days)
	days = slices.Compact(days)
	out := map[string][]matter.Event{}
	by := func(name string, rank func(i int) int) {
		list := slices.Clone(plain)
		slices.SortStableFunc(list, func(x, y matter.Event) int {
			i, _ := slices.BinarySearch(days, x.On)
			j, _ := slices.BinarySearch(days, y.On)
			return cmp.Or(cmp.Compare(rank(i), rank(j)), cmp.Compare(x.Seq, y.Seq))
		})
		out[name] = withCorrections(list, corrections)
	}
	n := len(days)
	by("backwards", func(i int) int { return n - i })
	by("every other day first", func(i int) int { return i%2*n + i })
	by("its second half first", func(i int) int { return (i + n - n/2) % max(n, 1) })
	by("from the middle out", func(i int) int { return max(2*i-n, n-2*i-1) })
	for k := range max(n-1, 0) {
		by(fmt.Sprintf("with %s entered after %s", days[k], days[k+1]), func(i int) int {
			switch i {
			case k:
				return k + 1
			case k + 1:
				return k
			}
			return i
		})
	}
	return out
}

// withCorrections puts each correction, in its order, as early as its target
// and the corrections before it allow.
func withCorrections(list, corrections []matter.Event) []matter.Event {
	at := 0
	for _, c := range corrections {
		target := slices.IndexFunc(list, func(e matter.Event) bool { return e.Seq == c.Target })
		at = max(at, target+1)
		list = slices.Insert(list, at, c)
		at++
	}
	return list
}

// applied compares the facts applied in that order with the same facts folded
// as they were recorded.
func applied(facts, order []matter.Event, rules *matter.Rules) string {
	s := matter.Fold(nil, rules)
	for _, e := range order {
		s = matter.Apply(s, rules, e)
	}
	day := max(s.On(), matter.Fold(facts, rules).On())
	return matter.Compare(matter.Fold(facts, rules).At(rules, day), s.At(rules, day))
}

// late decides step i+1 before step i, which is then entered on the later day.
func (b *bench) late(c *rulepack.Case, i int, before []*run, base []tracedStep, out *Tally) {
	first, second := c.Steps[i], c.Steps[i+1]
	for _, s := range []rulepack.Step{first, second} {
		if s.Kind != rulepack.StepAct || s.Entered != 0 {
			return
		}
	}
	if base[i].refusal != nil || base[i+1].refusal != nil || first.On >= second.On || head(first.Act) == head(second.Act) || b.sameAct(c, first, second) {
		return
	}
	r := before[i].fork()
	first.By, second.By = actorOf(before[i], before[i+1], first), actorOf(before[i+1], before[i+2], second)
	own := len(r.events)
	if r.step(second); r.refusal != nil {
		return // it rests on the step before
	}
	mid := len(r.events)
	first.Entered = second.On
	got := r.step(first)
	out.Runs++
	out.Compared += 2
	report := func(kind, format string, args ...any) {
		out.report(Violation{Pos: first.Pos, Case: c.Title, Kind: kind, What: "entered after the next step, " + fmt.Sprintf(format, args...)})
	}
	r.answered(r.refusal, report)
	if r.refusal != nil {
		report("order", "%s is refused (%s), names %s", first.Act, got.Why, join(got.Names))
		return
	}
	as := before[i+2].events
	cut := len(before[i+1].events)
	if !sameFacts(r.events[mid:], as[own:cut]) || !sameFacts(r.events[own:mid], as[cut:]) {
		report("order", "%s and %s leave other facts", first.Act, second.Act)
	}
	for _, f := range r.sound() {
		report(f.kind, "%s", f.what)
	}
}

func head(act string) string {
	id, _, _ := strings.Cut(act, ".")
	return id
}

// sameAct reports whether one of the two counts as the other: a second doing of
// what was done later is a correction, and the kernel says so.
func (b *bench) sameAct(c *rulepack.Case, x, y rulepack.Step) bool {
	p := b.pack.Procedure(c.Procedure)
	f, s := p.Act(head(x.Act)), p.Act(head(y.Act))
	return f != nil && s != nil && (f.CountsAs == s.ID || s.CountsAs == f.ID || (f.CountsAs != "" && f.CountsAs == s.CountsAs))
}

// actorOf is who did the step when it was played in order: where the case does
// not say, the state found him, and another state may find another.
func actorOf(before, after *run, step rulepack.Step) string {
	if step.By != "" {
		return step.By
	}
	for _, e := range after.events[len(before.events):] {
		if e.Kind.Fact() {
			return string(e.Actor.Person)
		}
	}
	return ""
}

// sameFacts compares facts apart from their place in the record.
func sameFacts(a, b []matter.Event) bool {
	bare := func(list []matter.Event) []matter.Event {
		var out []matter.Event
		for _, e := range list {
			if e.Kind.Fact() {
				e.Seq, e.Entered, e.Kept = 0, 0, nil
				out = append(out, e)
			}
		}
		return out
	}
	return reflect.DeepEqual(bare(a), bare(b))
}
