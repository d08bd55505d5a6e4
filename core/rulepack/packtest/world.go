// SPDX-License-Identifier: Apache-2.0

package packtest

import (
	"fmt"
	"slices"
	"strings"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

// epoch is before anything a case speaks of: its world has always been so.
const epoch calendar.Date = 1

// world is the small organisation of one case.
type world struct {
	org     *org.Org
	persons []org.PersonID
	units   map[string]bool
}

func newWorld(c *rulepack.Case) *world {
	w := &world{units: map[string]bool{}}
	var units []org.Unit
	var posts []org.Post
	var persons []org.Person
	var tenures []org.Tenure
	for _, u := range c.Units {
		kind := org.UnitKind(u.Kind)
		if kind == "" {
			kind = org.Department
			if u.Private {
				kind = org.School
			}
		}
		w.units[u.ID] = true
		units = append(units, org.Unit{ID: org.UnitID(u.ID), Name: org.Name{Zh: u.ID, En: u.ID}, Kind: kind, Private: u.Private, Superior: org.UnitID(u.Above), From: epoch})
	}
	for _, p := range c.Persons {
		id := org.PersonID(p.ID)
		post := org.Post{ID: org.PostID(p.ID + "@" + p.Unit), Unit: org.UnitID(p.Unit), Class: org.Class(p.Class), Title: org.Name{Zh: p.Class, En: p.Class}}
		w.persons = append(w.persons, id)
		persons = append(persons, org.Person{ID: id, Name: p.ID})
		posts = append(posts, post)
		tenures = append(tenures, org.Tenure{Person: id, Post: post.ID, From: epoch})
	}
	w.org = org.New(units, posts, persons, tenures)
	return w
}

// ref reads a unit's or a person's id of the case.
func (w *world) ref(id string) matter.Ref {
	if w.units[id] {
		return matter.Ref{Unit: org.UnitID(id)}
	}
	return matter.Ref{Person: org.PersonID(id)}
}

func (w *world) refs(groups map[string][]string) map[string][]matter.Ref {
	if len(groups) == 0 {
		return nil
	}
	out := map[string][]matter.Ref{}
	for name, ids := range groups {
		for _, id := range ids {
			out[name] = append(out[name], w.ref(id))
		}
	}
	return out
}

// sample is what the runner fills in where a case does not care: something of
// the right kind for a field that must not be empty.
func sample(f *rulepack.Field, on calendar.Date) expr.Value {
	switch f.Type {
	case rulepack.FieldBool:
		return expr.OfBool(false)
	case rulepack.FieldInt:
		return expr.OfInt(1)
	case rulepack.FieldDate:
		return expr.OfDate(on)
	case rulepack.FieldEnum:
		return expr.OfText(f.Options[0].ID)
	case rulepack.FieldSet:
		return expr.OfSet(f.Options[0].ID)
	case rulepack.FieldFile:
		return expr.OfSet("sample")
	case rulepack.FieldLimit:
		return expr.OfText("5 working_days")
	case rulepack.FieldPersons:
		return expr.Value{}
	}
	return expr.OfText("sample")
}

// parse reads what a case sets for a field. A leading + adds days in the field's
// own way of writing: it is taken as written.
func parse(f *rulepack.Field, s string) (expr.Value, error) {
	v, err := expr.Parse(f.ValueType(), s)
	if err != nil {
		return v, fmt.Errorf("field %s: %w", f.ID, err)
	}
	return v, nil
}

// fields builds what is filled in with a step: what the case sets, then samples
// of what must be there, less what the case leaves out.
func (r *run) fields(a *rulepack.Act, step rulepack.Step) (map[string]expr.Value, error) {
	out := map[string]expr.Value{}
	for _, f := range a.Fields() {
		if slices.Contains(step.Without, f.ID) {
			continue
		}
		if s, set := step.Set[f.ID]; set {
			v, err := parse(f, s)
			if err != nil {
				return nil, err
			}
			out[f.ID] = v
			continue
		}
		if !f.Required {
			continue
		}
		v := sample(f, step.On)
		if f.Type == rulepack.FieldPersons {
			v = r.somePersons(f, a, step)
		}
		if !v.Zero() {
			out[f.ID] = v
		}
	}
	r.counted(a, step, out)
	for name, text := range step.Set {
		if fact := r.rules.Procedure.Fact(name); fact != nil && fact.Count != nil && slices.Contains(fact.SetBy, a.ID) {
			v, err := expr.Parse(expr.Int, text)
			if err != nil {
				return nil, fmt.Errorf("counted fact %s: %w", name, err)
			}
			out[name] = v
			continue
		}
		if !slices.ContainsFunc(a.Fields(), func(f *rulepack.Field) bool { return f.ID == name }) {
			return nil, fmt.Errorf("act %s has no field %s", a.ID, name)
		}
	}
	return out, nil
}

// counted gathers what other matters hold, as the office does, where the case
// tells of them.
func (r *run) counted(a *rulepack.Act, step rulepack.Step, fields map[string]expr.Value) {
	if r.c.Record == nil {
		return
	}
	for _, fact := range r.rules.Procedure.Facts {
		if fact.Count == nil || !slices.Contains(fact.SetBy, a.ID) {
			continue
		}
		whose := r.those(fact.Count.Same, a, step)
		n, from := 0, fact.Count.Within.Before(step.On)
		for _, past := range r.c.Record {
			if past.Moment == fact.Count.Of.String() && slices.Contains(whose, past.Party) && from < past.On && past.On <= step.On {
				n++
			}
		}
		fields[fact.ID] = expr.OfInt(int64(n))
	}
}

// those are the parties of a name whom a step is about: of an act for each of
// them one, else all, with those whom the step itself binds.
func (r *run) those(name string, a *rulepack.Act, step rulepack.Step) []string {
	if a.Each == name {
		return []string{step.Party}
	}
	out := slices.Clone(step.Parties[name])
	if !r.state.Started() {
		out = append(out, r.c.Parties[name]...)
	}
	for _, b := range r.state.Parties() {
		if b.Name == name {
			out = append(out, b.Key())
		}
	}
	return out
}

func (r *run) somePersons(f *rulepack.Field, a *rulepack.Act, step rulepack.Step) expr.Value {
	var ids []string
	for _, p := range r.world.persons {
		if len(ids) >= max(f.AtLeast, 1) {
			break
		}
		for _, path := range append([]rulepack.Path{f.Of}, f.AnyOf...) {
			if matter.Entitled(r.state, &r.rules, p, path, a.Each, step.Party, step.On) && !slices.Contains(ids, string(p)) {
				ids = append(ids, string(p))
			}
		}
	}
	if len(ids) == 0 {
		return expr.Value{}
	}
	return expr.OfSet(ids...)
}

// someone finds who does a step where the case does not say: the first person
// of the world who may.
func (r *run) someone(paths []rulepack.Path, a *rulepack.Act, step rulepack.Step, binds map[string][]matter.Ref) org.PersonID {
	for _, path := range paths {
		for _, p := range r.world.persons {
			if matter.Entitled(r.state, &r.rules, p, path, a.Each, step.Party, step.On) || r.starter(p, path, binds, step.On) {
				return p
			}
		}
	}
	return ""
}

// starter reports whether the person belongs to a unit that the starting step
// itself binds.
func (r *run) starter(p org.PersonID, path rulepack.Path, binds map[string][]matter.Ref, on calendar.Date) bool {
	for _, ref := range binds[path[0]] {
		if len(path) == 1 && ref.Person == p && p != "" {
			return true
		}
		var class []org.Class
		if len(path) == 2 {
			class = []org.Class{org.Class(path[1])}
		}
		if _, ok := r.world.org.Holds(p, ref.Unit, on, class...); ok && ref.Unit != "" {
			return true
		}
	}
	return false
}

func join(list []string) string { return strings.Join(list, ", ") }
