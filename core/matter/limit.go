// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"slices"

	"quanze/core/calendar"
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

// limit computes the last day. It reports false where the limit hangs on a
// local parameter that nobody has set: then the rule does not run, and says so.
func (f *folder) limit(o *Obligation, t *rulepack.Term, from *Event) bool {
	l := t.Within
	switch {
	case t.EndOfYear && l.Open():
		o.set, o.Due = endOfYear(o.StartOn), endOfYear(o.StartOn)
	case l.Local != "":
		parsed, ok := f.localLength(l.Local, o.StartOn)
		if !ok {
			return false
		}
		o.Length = parsed
	case l.SetBy != "":
		f.setLimit(o, from.field(l.SetBy))
		if t.Kind == rulepack.Effect && o.Due == 0 && o.Length.N == 0 && len(t.Until) == 0 && !t.EndOfYear {
			return false // nobody said how long: it does not last for ever
		}
	default:
		o.Length = l.Length
	}
	if t.Wait.N > 0 {
		o.Opens, _ = f.rules.Calendar.Add(o.StartOn, t.Wait, calendar.Rule{NoRollover: true})
	}
	if o.Length.N > 0 {
		o.Due, o.Provisional = f.rules.Calendar.Add(o.StartOn, o.Length, f.countRule(t))
	}
	if end := endOfYear(o.StartOn); t.EndOfYear && (o.Due == 0 || o.Due > end) {
		o.Due = end
	}
	return true
}

func endOfYear(d calendar.Date) calendar.Date { return calendar.MakeDate(d.Year(), 12, 31) }

// countRule is how the days of a term count: an effect ends on its day, working
// or not.
func (f *folder) countRule(t *rulepack.Term) calendar.Rule {
	if t.Kind == rulepack.Effect {
		return calendar.Rule{CountFirst: f.proc().Pack.Count.CountFirst, NoRollover: true}
	}
	return f.proc().Pack.Count
}

// setLimit takes a limit that a decision fixed: a day, or a length.
func (f *folder) setLimit(o *Obligation, v value) {
	if v.Type() == expr.Date {
		o.set, o.Due = v.Date(), v.Date()
		return
	}
	if parsed, err := calendar.ParseLength(v.Text()); err == nil {
		o.Length = parsed
	}
}

func (e *Event) field(name string) value {
	if e == nil {
		return value{}
	}
	return e.Fields[name]
}

// localLength reads a limit that the jurisdiction sets; unset, the rule does
// not run, and says so.
func (f *folder) localLength(name string, day calendar.Date) (calendar.Length, bool) {
	parsed, err := calendar.ParseLength(f.rules.Locals.On(name, day))
	if err != nil {
		f.isUnset(name)
		return calendar.Length{}, false
	}
	return parsed, true
}

// extend lengthens what the act extends. Whether it may was settled before.
func (f *folder) extend(act *rulepack.Act, party string, e *Event) {
	for _, t := range f.proc().Terms {
		if t.Extended == nil || t.Extended.Act != act.ID {
			continue
		}
		for _, o := range f.obligations {
			if o.Term != t.ID || !o.extendable() || o.Due == 0 || (act.Each != "" && t.Each == act.Each && o.Party != party) {
				continue
			}
			due, length, provisional, ok := f.extended(o, t, e.Fields, e.On)
			if !ok || due <= o.base {
				continue
			}
			x := Extension{Seq: e.Seq, On: e.On, From: o.base, Due: due, Length: length}
			if length.N == 0 {
				x.set = due
			}
			o = f.mine(o)
			o.Extensions = append(o.Extensions, x)
			o.base, o.Due, o.Provisional = due, max(due, o.floor), o.Provisional || provisional
			due = o.Due
			f.consequence(Event{Kind: Extended, On: e.On, Key: "extended|" + o.Key + "|" + itoa(e.Seq) + ">" + due.String(), Term: t.ID, Party: o.Party, Due: due, Provisional: o.Provisional, Clauses: t.Extended.Basis.Clauses()})
		}
	}
}

// extended computes the new last day of one extension, counted from the old.
func (f *folder) extended(o *Obligation, t *rulepack.Term, fields map[string]value, on calendar.Date) (due calendar.Date, length calendar.Length, provisional, ok bool) {
	by := t.Extended.By
	switch {
	case by.SetBy != "":
		v := fields[by.SetBy]
		if v.Type() == expr.Date {
			return v.Date(), length, false, true
		}
		parsed, err := calendar.ParseLength(v.Text())
		if err != nil {
			return 0, length, false, false
		}
		length = parsed
	case by.Local != "":
		parsed, set := f.localLength(by.Local, on)
		if !set {
			return 0, length, false, false
		}
		length = parsed
	default:
		length = by.Length
	}
	due, provisional = f.rules.Calendar.Extend(o.base, length, f.proc().Pack.Count)
	return due, length, provisional, true
}

// cap is the last day that extensions may reach, 0 for none; days that were held
// are not counted in it either.
func (f *folder) cap(o *Obligation, t *rulepack.Term, on calendar.Date) calendar.Date {
	if t.Extended == nil || t.Extended.Total.N == 0 {
		return 0
	}
	stops := slices.Clone(o.Stops)
	for i := range stops { // what is still excluded is so up to this day
		if stops[i].Until == 0 {
			stops[i].Until = max(on, stops[i].From)
		}
	}
	return f.rules.Calendar.Due(o.from, t.Extended.Total, f.proc().Pack.Count, stops).Due
}

// extendable reports whether the term runs: days that are excluded do not
// count, but it runs on.
func (o *Obligation) extendable() bool {
	return o.Status == Running || (o.Status == Held && !o.suspended())
}
