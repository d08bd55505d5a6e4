// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"maps"
	"slices"

	"quanze/core/calendar"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

// maxText bounds what one field may hold, in bytes.
const maxText = 64 << 10

// contents tests what is filled in: what must be there is, and each value is
// of its kind. A paper may not be issued without its required contents.
func (f *folder) contents(a *rulepack.Act, c *Command, party string, env *expr.Env) *Refusal {
	fields := a.Fields()
	for _, field := range fields {
		v := c.Fields[field.ID]
		no := func(why Why) *Refusal {
			return &Refusal{Why: why, Act: a.ID, Party: party, Clauses: field.Basis.Or(a.Basis).Clauses(), Names: []string{field.ID}}
		}
		if v.Empty() {
			missing, unknown := f.required(field, env)
			if len(unknown) > 0 {
				return f.unknown(a, field.Basis.Or(a.Basis), unknown, env, refuser(a, party))
			}
			if missing {
				return no(ContentMissing)
			}
			continue
		}
		if v.Type() != field.ValueType() || !f.fits(field, v, a, party, c.On) {
			return no(ContentWrong)
		}
		if field.AtLeast > 0 && len(v.Set()) < field.AtLeast {
			r := no(TooFewStaff)
			if field.Type != rulepack.FieldPersons {
				r.Why = ContentMissing
			}
			r.Count = field.AtLeast
			return r
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Fields)) {
		if f.counted(a, name, c.Fields[name]) {
			continue
		}
		if !slices.ContainsFunc(fields, func(x *rulepack.Field) bool { return x.ID == name }) {
			return &Refusal{Why: ContentWrong, Act: a.ID, Party: party, Clauses: a.Basis.Clauses(), Names: []string{name}}
		}
	}
	return nil
}

// counted reports whether a value is one that the office gathers with the act:
// there is no field for it, and nobody types it.
func (f *folder) counted(a *rulepack.Act, name string, v value) bool {
	fact := f.proc().Fact(name)
	return fact != nil && fact.Count != nil && slices.Contains(fact.SetBy, a.ID) && v.Type() == expr.Int
}

// required reports whether the field must be filled in: always, or because its
// condition holds. Where that is not known, the unknown facts are named.
func (f *folder) required(field *rulepack.Field, env *expr.Env) (missing bool, unknown []string) {
	if field.If == nil {
		return field.Required, nil
	}
	got := field.If.Eval(env)
	if !got.Known {
		missing, _ := f.leaves(got.Missing, env)
		return false, missing
	}
	return got.Value.Bool(), nil
}

// fits tests a value against its field.
func (f *folder) fits(field *rulepack.Field, v value, a *rulepack.Act, party string, day calendar.Date) bool {
	member := func(id string) bool {
		return slices.ContainsFunc(field.Options, func(o rulepack.Option) bool { return o.ID == id })
	}
	switch field.Type {
	case rulepack.FieldEnum:
		return member(v.Text())
	case rulepack.FieldSet:
		return !slices.ContainsFunc(v.Set(), func(id string) bool { return !member(id) })
	case rulepack.FieldLimit:
		l, err := calendar.ParseLength(v.Text())
		return err == nil && l.N > 0
	case rulepack.FieldText, rulepack.FieldLong:
		return len(v.Text()) <= maxText
	case rulepack.FieldPersons:
		return !slices.ContainsFunc(v.Set(), func(id string) bool {
			for _, path := range append([]rulepack.Path{field.Of}, field.AnyOf...) {
				if _, ok := f.entitled(f.rules, org.PersonID(id), path, a.Each, party, day); ok {
					return false
				}
			}
			return true
		})
	}
	return true
}

// binds tests the parties a command binds: what the act binds must be given,
// nothing else may be, and each must be of the right kind and exist.
func (f *folder) binds(a *rulepack.Act, c *Command) *Refusal {
	no := func(why Why, name string) *Refusal {
		p := f.proc().Party(name)
		basis := a.Basis
		if p != nil {
			basis = p.Basis.Or(a.Basis)
		}
		return &Refusal{Why: why, Act: a.ID, Clauses: basis.Clauses(), Names: []string{name}}
	}
	allowed := f.binding(a, c)
	for _, name := range slices.Sorted(maps.Keys(c.Binds)) {
		refs := c.Binds[name]
		p := f.proc().Party(name)
		if p == nil || (!a.Starts && !slices.Contains(allowed, name)) {
			return no(NoSuchParty, name)
		}
		if !p.Many && len(refs)+len(f.active(name)) > 1 {
			return no(NoSuchParty, name)
		}
		for _, r := range refs {
			if !f.exists(r, p, c.On) {
				return no(NoSuchParty, name)
			}
		}
	}
	for _, name := range allowed {
		if p := f.proc().Party(name); p != nil && !p.Optional && len(c.Binds[name]) == 0 {
			return no(PartyMissing, name)
		}
	}
	return nil
}

func (f *folder) exists(r Ref, p *rulepack.Party, day calendar.Date) bool {
	switch {
	case (r.Unit != "") == (r.Person != ""):
		return false
	case r.Unit != "":
		u, ok := f.rules.Org.Unit(r.Unit)
		return ok && p.Unit && (len(p.OneOf) == 0 || slices.Contains(p.OneOf, string(u.Kind))) && u.From <= day && (u.To == 0 || day <= u.To)
	}
	_, ok := f.rules.Org.Person(r.Person)
	return ok && p.Person
}
