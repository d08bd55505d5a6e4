// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"slices"
	"strings"

	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

// fact answers an expression for one name: what is being filled in, else what
// the matter knows, else what a table makes of what it knows.
func (f *folder) fact(name string, a *rulepack.Act, fields map[string]value, party string, env *expr.Env) value {
	if v, ok := fields[name]; ok {
		return v
	}
	if rest, ok := strings.CutPrefix(name, localHead+"."); ok {
		return f.localValue(f.rules, rest, f.on)
	}
	if a != nil && slices.ContainsFunc(a.Fields(), func(x *rulepack.Field) bool { return x.ID == name }) {
		return value{}
	}
	if fact := f.proc().Fact(name); fact != nil && fact.Table != nil {
		if fact = f.substance(fact, env); fact == nil {
			return value{}
		}
		return fact.Table.Eval(fact.Column, env).Value
	}
	v, _ := f.Value(name, party)
	return v
}

// substance is the fact as the version makes it whose law judges the conduct:
// the one in force on its day, where the pack says so and other versions are
// there. While nobody has stated that day there is none.
func (f *folder) substance(fact *rulepack.Fact, env *expr.Env) *rulepack.Fact {
	l := f.proc().Pack.LawTime
	if l.Day == "" || len(f.rules.Versions) < 2 {
		return fact
	}
	day := env.Fact(l.Day)
	if day.Empty() {
		return nil
	}
	if then := f.rules.on(day.Date()).Fact(fact.ID); then != nil && then.Table != nil {
		return then
	}
	return fact
}

// leaves replaces computed facts by what is missing below them, and adds the
// clauses of the rows that made the others what they are.
func (f *folder) leaves(names []string, env *expr.Env) (leaves, clauses []string) {
	for _, name := range names {
		fact := f.proc().Fact(name)
		if fact == nil || fact.Table == nil {
			leaves = append(leaves, name)
			continue
		}
		if fact = f.substance(fact, env); fact == nil {
			leaves = append(leaves, f.proc().Pack.LawTime.Day)
			continue
		}
		answer := fact.Table.Eval(fact.Column, env)
		below, more := f.leaves(answer.Missing, env)
		if leaves = append(leaves, below...); len(below) == 0 {
			leaves = append(leaves, name)
		}
		clauses = append(clauses, more...)
		for _, row := range answer.Rows {
			clauses = append(clauses, row.Basis.Clauses()...)
		}
	}
	return leaves, clauses
}

// Derived returns a fact as it stands, computed ones included, with the clauses
// of the rows that made it.
func Derived(s *State, rules *Rules, name, party string) (expr.Value, []string) {
	rules = rules.Of(s)
	f := &folder{State: s, rules: rules}
	fact := rules.Procedure.Fact(name)
	if fact == nil {
		return expr.Value{}, nil
	}
	if fact.Table == nil {
		v, _ := s.Value(name, party)
		return v, nil
	}
	env := f.env(nil, nil, "", party)
	if fact = f.substance(fact, env); fact == nil {
		return expr.Value{}, nil
	}
	answer := fact.Table.Eval(fact.Column, env)
	var clauses []string
	for _, row := range answer.Rows {
		clauses = append(clauses, row.Basis.Clauses()...)
	}
	return answer.Value, clauses
}

// askOrg answers what an expression asks of the organisation on the day.
func (f *folder) askOrg(function string, args []value, each, party string) value {
	first, ok := f.refOf(args[0].Text(), each, party)
	if !ok {
		return value{}
	}
	unit, has := f.unitOf(first)
	switch function {
	case "kind", "private":
		if !has {
			return value{}
		}
		u, _ := f.rules.Org.Unit(unit)
		if function == "private" {
			return expr.OfBool(u.Private)
		}
		return expr.OfText(string(u.Kind))
	case "class":
		if first.Unit != "" || !has {
			return expr.OfText("")
		}
		if h := f.rules.Org.Posts(first.Person, f.on); len(h) > 0 {
			return expr.OfText(string(h[0].Post.Class))
		}
		return expr.OfText("")
	}
	second, ok := f.refOf(args[1].Text(), each, party)
	if !ok {
		return value{}
	}
	other, hasOther := f.unitOf(second)
	if !has || !hasOther {
		return expr.OfBool(false)
	}
	if function == "at" {
		return expr.OfBool(unit == other)
	}
	above, under := f.rules.Org.Above(unit, f.on)
	return expr.OfBool(under && above.ID == other)
}

// refOf is the party of a name: the one the act is about, else the only one.
// Where there are several, the question has no answer.
func (f *folder) refOf(name, each, party string) (Ref, bool) {
	var found []Ref
	for _, b := range f.parties {
		if b.Name != name || (name == each && b.Key() != party) {
			continue
		}
		if name == each {
			return b.Ref, true
		}
		if b.Left == 0 {
			found = append(found, b.Ref)
		}
	}
	if len(found) != 1 {
		return Ref{}, false
	}
	return found[0], true
}

// unitOf is the unit itself, or where the person works.
func (f *folder) unitOf(r Ref) (org.UnitID, bool) {
	if r.Unit != "" {
		return r.Unit, true
	}
	u, ok := f.rules.Org.Workplace(r.Person, f.on)
	return u.ID, ok
}
