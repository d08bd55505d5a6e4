// SPDX-License-Identifier: Apache-2.0

package check

import (
	"slices"

	"quanze/core/rulepack"
)

// kinds says what a path may name.
type kinds struct{ unit, person bool }

func (k kinds) none() bool { return !k.unit && !k.person }

// usedPath is a path, and the rule that uses it.
type usedPath struct {
	path rulepack.Path
	at   rulepack.Basis
}

// pathsOf lists every path that a procedure uses.
func (c *checker) pathsOf(p *rulepack.Procedure) []usedPath {
	var out []usedPath
	add := func(at rulepack.Basis, paths ...rulepack.Path) {
		for _, path := range paths {
			if len(path) > 0 && path.String() != rulepack.ByLaw {
				out = append(out, usedPath{path, at})
			}
		}
	}
	for _, a := range p.Acts {
		if len(a.Meetings) == 0 {
			add(a.Basis, a.By...)
		}
		for _, m := range a.Meetings {
			add(m.Basis, m.Members, m.Record)
			for _, must := range m.Present {
				add(must.Basis, must.Role)
			}
			if m.Speak != nil {
				add(m.Speak.Basis, m.Speak.Last)
			}
		}
		add(at(a.ApprovalBasis, a.Basis), a.Approved)
		if a.Staff != nil {
			add(a.Staff.Basis, a.Staff.Of)
		}
		for _, r := range a.To {
			add(at(r.Basis, a.Basis), r.Path)
		}
		for _, f := range a.Fields() {
			add(at(f.Basis, a.Basis), append(slices.Clone(f.AnyOf), f.Of)...)
		}
		for _, e := range effectsOf(a) {
			if e.OpensMatter != nil {
				for _, path := range e.OpensMatter.Parties {
					add(e.OpensMatter.Basis, path)
				}
			}
		}
	}
	for _, t := range p.Terms {
		add(t.Basis, t.Of)
	}
	if r := p.Recusal; r != nil {
		add(r.Basis, append(slices.Clone(r.Who), r.Substitute)...)
	}
	for _, r := range c.pack.Roles {
		add(r.Basis, r.Of, r.IfNone)
	}
	add(c.pack.SettlesBasis, c.pack.Settles)
	return out
}

// at is a basis where it cites anything, in its own place; else the other's
// clauses in its own place.
func at(b, other rulepack.Basis) rulepack.Basis {
	if b.Pos.Line == 0 {
		return other
	}
	if len(b.Cites) == 0 {
		b.Cites = other.Cites
	}
	return b
}

// paths finds those that can name nobody, and parties that nobody binds.
func (c *checker) paths(p *rulepack.Procedure) {
	for _, u := range c.pathsOf(p) {
		if _, at := c.names(p, u.path, 0); at != "" {
			c.fail(u.at, rulepack.CodeNobody, u.path.String(), at)
		}
	}
	for _, r := range c.pack.Roles {
		if r.Body == "above" && len(r.IfNone) == 0 {
			c.warn(r.Basis, rulepack.CodeNoTop, r.ID)
		}
	}
	for _, x := range p.Parties {
		c.party(p, x)
	}
}

// names tells what a path may name; at is the word at which nothing is left.
func (c *checker) names(p *rulepack.Procedure, path rulepack.Path, depth int) (k kinds, at string) {
	if len(path) == 0 || depth > 8 {
		return kinds{true, true}, ""
	}
	rest := path[1:]
	switch party, role := p.Party(path[0]), c.pack.Role(path[0]); {
	case path[0] == "local" && len(path) == 2:
		if l := c.pack.Local(path[1]); l != nil {
			for _, o := range l.Options {
				if _, at := c.names(p, rulepack.ParsePath(o.ID), depth+1); at != "" {
					return kinds{}, o.ID
				}
			}
		}
		return kinds{true, true}, ""
	case role != nil:
		k = kinds{unit: true}
		if of, _ := c.names(p, role.Of, depth+1); !of.unit {
			return kinds{}, role.Of.String()
		}
		if more, _ := c.names(p, role.IfNone, depth+1); len(role.IfNone) > 0 {
			k.person = more.person
		}
	case party != nil:
		k = kinds{party.Unit, party.Person}
	default:
		return kinds{true, true}, "" // a role of the pack may speak of another procedure's party
	}
	for _, s := range rest {
		switch s {
		case "unit":
			k = kinds{unit: k.person}
		case "above":
			k = kinds{unit: k.unit}
		default:
			k = kinds{person: k.unit}
		}
		if k.none() {
			return k, s
		}
	}
	return k, ""
}

// party finds a party that nothing binds. What stands alone and must be there
// is given with the starting act; of others somebody must be named, by an act.
func (c *checker) party(p *rulepack.Procedure, x *rulepack.Party) {
	for _, a := range p.Acts {
		if c.pack.Procedure(p.ID) == p && slices.ContainsFunc(effectsOf(a), func(e rulepack.Effects) bool { return slices.Contains(e.Binds, x.ID) }) {
			return
		}
	}
	given := false
	for _, q := range c.pack.Procedures {
		for _, o := range openings(q) {
			if o.Procedure != p.ID {
				continue
			}
			if _, ok := o.Parties[x.ID]; ok {
				given = true
			} else if !x.Optional {
				c.fail(o.Basis, rulepack.CodeUnbound, x.ID)
			}
		}
	}
	if !given && (x.Many || x.Optional) {
		b := x.Basis
		if b.Pos.Line == 0 {
			b = p.Basis
		}
		c.warn(b, rulepack.CodeUnbound, x.ID)
	}
}

// openings lists the linked matters that a procedure opens.
func openings(p *rulepack.Procedure) []*rulepack.OpensMatter {
	var out []*rulepack.OpensMatter
	for _, a := range p.Acts {
		for _, e := range effectsOf(a) {
			if e.OpensMatter != nil {
				out = append(out, e.OpensMatter)
			}
		}
	}
	for _, t := range p.Terms {
		if t.OnLapse != nil && t.OnLapse.OpensMatter != nil {
			out = append(out, t.OnLapse.OpensMatter)
		}
	}
	return out
}
