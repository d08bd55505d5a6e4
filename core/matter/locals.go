// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"strings"

	"quanze/core/calendar"
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

// Setting is a value of a local parameter from a day on.
type Setting struct {
	From  calendar.Date `json:"from"`
	Value string        `json:"value"`
}

// Locals are the local parameters with all that was ever set, oldest first: a
// value acts from its day on, and what began before keeps what it began with.
type Locals map[string][]Setting

// On returns what a parameter is on a day, "" for not set.
func (l Locals) On(name string, day calendar.Date) string {
	out := ""
	for _, s := range l[name] {
		if s.From <= day {
			out = s.Value
		}
	}
	return out
}

// Always makes Locals of values that were always set, for cases and tests.
func Always(values map[string]string) Locals {
	out := make(Locals, len(values))
	for name, v := range values {
		out[name] = []Setting{{Value: v}}
	}
	return out
}

// localValue is a parameter as an expression reads it.
func (s *State) localValue(rules *Rules, name string, day calendar.Date) expr.Value {
	l := rules.Procedure.Pack.Local(name)
	text := rules.Locals.On(name, day)
	if l == nil || text == "" {
		return expr.Value{}
	}
	t := expr.Text
	switch l.Type {
	case "bool":
		t = expr.Bool
	case "int", "amount":
		t = expr.Int
	}
	v, err := expr.Parse(t, text)
	if err != nil {
		return expr.Value{}
	}
	return v
}

// chosen reports whether a start counts: where the jurisdiction chooses between
// moments, only the chosen one. Unset, none does, and the rule says so.
func (f *folder) chosen(st rulepack.Start, day calendar.Date) bool {
	if st.Local == "" {
		return true
	}
	got := f.rules.Locals.On(st.Local, day)
	if got == "" {
		f.isUnset(st.Local)
	}
	return got == st.Choice
}

// localsMissing notes the local parameters among the names, at their root, and
// reports whether there are any.
func (f *folder) localsMissing(missing []string, each, party string, day calendar.Date) bool {
	if len(missing) == 0 {
		return false
	}
	names, _ := f.leaves(missing, f.envOn(each, party, day))
	any := false
	for _, name := range names {
		if local, ok := strings.CutPrefix(name, localHead+"."); ok {
			f.isUnset(local)
			any = true
		}
	}
	return any
}

func (f *folder) isUnset(name string) {
	for _, have := range f.unset {
		if have == name {
			return
		}
	}
	f.unset = append(f.unset, name)
}

// localPath resolves a path that the jurisdiction chooses among its options.
func localPath(rules *Rules, path rulepack.Path, day calendar.Date) (rulepack.Path, bool) {
	l := rules.Procedure.Pack.Local(path[1])
	got := rules.Locals.On(path[1], day)
	if l == nil || got == "" {
		return nil, false
	}
	for _, o := range l.Options {
		if o.ID == got {
			return rulepack.ParsePath(got), true
		}
	}
	return nil, false
}

const localHead = "local"
