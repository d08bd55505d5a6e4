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

// fault is something that must hold of every playing and does not.
type fault struct{ kind, what string }

// sound tests a record as it stands at the end of a playing, whatever the case
// was about:
//   - the record folded anew gives the state that the kernel holds;
//   - the consequences recorded, less those reversed, are those that replay
//     gives up to the last day recorded;
//   - every obligation stands as something the kernel knows, and the record
//     tells how it came there;
//   - every last day is the one that the calendar explains from its start and
//     length, or one that was told and may not move nearer, and is a working
//     day where its unit or the pack's way of counting asks that;
//   - every consequence names clauses that the pack has.
func (r *run) sound() []fault {
	var out []fault
	add := func(kind, format string, args ...any) { out = append(out, fault{kind, fmt.Sprintf(format, args...)}) }
	if len(r.events) == 0 {
		return nil
	}
	if diff := matter.Compare(matter.Fold(r.events, &r.rules), r.state); diff != "" {
		add("replay", "replay differs: %s", diff)
	}
	told := map[string]bool{}
	for _, e := range r.events {
		switch {
		case e.Kind.Fact():
		case e.Kind == matter.Reversed:
			if !told[e.Key] {
				add("record", "%s is reversed and was not there", e.Key)
			}
			delete(told, e.Key)
		default:
			told[e.Key] = true
			r.cited(e.Clauses, string(e.Kind)+" "+nameOf(e), add)
		}
	}
	at := r.state.At(&r.rules, r.events[len(r.events)-1].Entered)
	for _, e := range at.Consequences() {
		if !told[e.Key] {
			add("record", "%s holds and is not recorded", e.Key)
		}
		delete(told, e.Key)
	}
	for _, key := range slices.Sorted(maps.Keys(told)) {
		add("record", "%s is recorded and does not hold", key)
	}
	live := map[string]bool{}
	for _, e := range at.Consequences() {
		live[e.Key] = true
	}
	for _, o := range at.Obligations() {
		r.traced(o, live, add)
		r.explained(o, add)
	}
	return out
}

// traces are how the record tells of what an obligation has come to.
var traces = map[matter.Status][]string{
	matter.Running: {"started|"}, matter.Late: {"lapsed|"}, matter.StatusGone: {"lapsed|"}, matter.StatusMet: {"met|"},
	matter.StatusFreed: {"released|", "ended|"}, matter.Held: {"stopped|"}, matter.StatusStruck: {"struck|"},
}

func (r *run) traced(o matter.Obligation, live map[string]bool, add func(kind, format string, args ...any)) {
	prefixes, known := traces[o.Status]
	if !known {
		add("obligation", "%s stands as %q", o.Name(), o.Status)
		return
	}
	if !live["started|"+o.Key] {
		add("obligation", "%s runs and was never said to start", o.Name())
	}
	for key := range live {
		if slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(key, prefix+o.Key) }) {
			return
		}
	}
	add("obligation", "%s is %s, and the record does not tell", o.Name(), o.Status)
}

// explained counts each last day again by the calendar's other way.
func (r *run) explained(o matter.Obligation, add func(kind, format string, args ...any)) {
	t := r.rules.Procedure.Term(o.Term)
	if t == nil || t.Kind == rulepack.Effect || o.Slot > 0 || len(o.Stops) > 0 {
		return // counted from elsewhere, or with days held
	}
	rule := r.pack.Count
	check := func(from calendar.Date, l calendar.Length, due calendar.Date) {
		if !l.Valid() || due == 0 {
			return // a day that was set, or none
		}
		c := r.rules.Calendar.Explain(from, l, rule, nil)
		switch {
		case c.Due != due && !r.kept(o, due):
			add("due", "%s is due on %s, and %s from %s is %s", o.Name(), due, l, from, c.Due)
		case c.Due == due && !rule.NoRollover && !r.rules.Calendar.Working(due):
			add("due", "%s is due on %s, a day off", o.Name(), due)
		}
	}
	check(o.StartOn, o.Length, o.FirstDue)
	rule.CountFirst = false // an extension goes on from a day that was counted
	for _, x := range o.Extensions {
		check(x.From, x.Length, x.Due)
	}
}

// kept reports whether the day had been told before the record changed.
func (r *run) kept(o matter.Obligation, due calendar.Date) bool {
	return slices.ContainsFunc(r.events, func(e matter.Event) bool {
		return slices.ContainsFunc(e.Kept, func(k matter.Kept) bool {
			return k.Term == o.Term && k.Party == o.Party && k.Start == o.Start && k.Due == due
		})
	})
}

// cited tests that something rests on clauses which are there.
func (r *run) cited(clauses []string, what string, add func(kind, format string, args ...any)) {
	if len(clauses) == 0 {
		add("clause", "%s names no clause", what)
	}
	for _, id := range clauses {
		if strings.HasPrefix(id, r.pack.Code+"-") && r.pack.Clause(id) == nil {
			add("clause", "%s names %s, which is no clause", what, id)
		}
	}
}

// answered tests a refusal: it rests on a clause. That there is no such act,
// or that the day lies ahead, no clause says.
func (r *run) answered(refusal *matter.Refusal, add func(kind, format string, args ...any)) {
	if refusal == nil || refusal.Why == matter.NoSuchAct || refusal.Why == matter.InTheFuture {
		return
	}
	r.cited(refusal.Clauses, "the refusal of "+refusal.Act, add)
}
