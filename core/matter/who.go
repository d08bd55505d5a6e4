// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"slices"

	"quanze/core/calendar"
	"quanze/core/org"
	"quanze/core/rulepack"
)

// refs resolves a path to units and persons on a day. Of a party that is the
// act's each, only the one the act is about is meant.
func (s *State) refsOf(rules *Rules, path rulepack.Path, each, party string, day calendar.Date) []Ref {
	if len(path) == 0 {
		return nil
	}
	var found []Ref
	if path[0] == localHead && len(path) == 2 {
		chosen, ok := localPath(rules, path, day)
		if !ok {
			return nil
		}
		return s.refsOf(rules, chosen, each, party, day)
	}
	if role := rules.Procedure.Pack.Role(path[0]); role != nil {
		found = s.roleRefs(rules, role, each, party, day)
	} else {
		for _, b := range s.parties {
			if b.Name == path[0] && (each != path[0] || party == "" || b.Key() == party) && (b.Left == 0 || party != "") {
				found = append(found, b.Ref)
			}
		}
	}
	for _, selector := range path[1:] {
		var next []Ref
		for _, r := range found {
			next = append(next, sel(rules.Org, r, selector, day)...)
		}
		found = next
	}
	return found
}

func (f *folder) refs(path rulepack.Path, each, party string, day calendar.Date) []Ref {
	return f.refsOf(f.rules, path, each, party, day)
}

func (s *State) roleRefs(rules *Rules, role *rulepack.Role, each, party string, day calendar.Date) []Ref {
	var found []Ref
	for _, r := range s.refsOf(rules, role.Of, each, party, day) {
		found = append(found, sel(rules.Org, r, role.Body, day)...)
	}
	if len(found) == 0 {
		return s.refsOf(rules, role.IfNone, each, party, day)
	}
	return found
}

// sel applies one selector to a unit or person. A unit has no unit of its own:
// a paper for the respondent's unit passes over a respondent that is one.
func sel(o *org.Org, r Ref, selector string, day calendar.Date) []Ref {
	switch selector {
	case "unit":
		if r.Person != "" {
			if u, ok := o.Workplace(r.Person, day); ok {
				return []Ref{{Unit: u.ID}}
			}
		}
		return nil
	case "above":
		if u, ok := o.Above(r.Unit, day); ok {
			return []Ref{{Unit: u.ID}}
		}
		return nil
	}
	var out []Ref
	for _, h := range o.Holders(r.Unit, day, classes(selector)...) {
		out = append(out, Ref{Person: h.Person})
	}
	return out
}

func classes(selector string) []org.Class {
	if selector == "leadership" {
		return []org.Class{org.Principal, org.Deputy, org.Member}
	}
	return []org.Class{org.Class(selector)}
}

// entitled reports whether the person is one of those the path names on that
// day, and in which post. Of a unit, whoever holds a post in it; but a unit
// that is concerned as a respondent acts by its principal.
func (s *State) entitled(rules *Rules, person org.PersonID, path rulepack.Path, each, party string, day calendar.Date) (Actor, bool) {
	if len(path) == 0 {
		return Actor{}, false
	}
	if len(path) == 2 && path[0] == localHead {
		chosen, ok := localPath(rules, path, day)
		if !ok {
			return Actor{}, false
		}
		path = chosen
	}
	concerned := len(path) == 1 && rules.Procedure.About(path[0])
	for _, r := range s.refsOf(rules, path, each, party, day) {
		if r.Person == person && person != "" {
			return s.post(rules, person, path, each, party, day), true
		}
		if r.Unit == "" {
			continue
		}
		var of []org.Class
		if concerned {
			of = []org.Class{org.Principal}
		}
		if h, ok := rules.Org.Holds(person, r.Unit, day, of...); ok {
			return Actor{Person: person, Post: h.Post.ID, Acting: h.Acting}, true
		}
	}
	return Actor{}, false
}

// post tells by which post a person named by a path acts: the one the last
// selector asked for, else none, for a person acts for himself.
func (s *State) post(rules *Rules, person org.PersonID, path rulepack.Path, each, party string, day calendar.Date) Actor {
	a := Actor{Person: person}
	if len(path) < 2 {
		return a
	}
	for _, r := range s.refsOf(rules, path[:len(path)-1], each, party, day) {
		if h, ok := rules.Org.Holds(person, r.Unit, day, classes(path[len(path)-1])...); ok {
			return Actor{Person: person, Post: h.Post.ID, Acting: h.Acting}
		}
	}
	return a
}

// may reports by which post the person may do the act, or why not.
func (f *folder) may(person org.PersonID, paths []rulepack.Path, a *rulepack.Act, party string, day calendar.Date) (Actor, *Refusal) {
	if cites, out := f.standsAside(person); out {
		return Actor{}, &Refusal{Why: IsRecused, Act: a.ID, Party: party, Clauses: cites}
	}
	var names []string
	for _, path := range paths {
		if actor, ok := f.entitled(f.rules, person, path, a.Each, party, day); ok {
			return actor, nil
		}
		if len(path) == 2 && path[0] == localHead && f.rules.Locals.On(path[1], day) == "" {
			return Actor{}, &Refusal{Why: LocalUnset, Act: a.ID, Party: party, Clauses: f.localBasis(path[1], a), Names: []string{path[1]}}
		}
		names = append(names, path.String())
	}
	if actor, ok := f.substituted(person, paths, a, party, day); ok {
		return actor, nil
	}
	return Actor{}, &Refusal{Why: NotEntitled, Act: a.ID, Party: party, Clauses: a.Basis.Clauses(), Names: names}
}

func (f *folder) localBasis(name string, a *rulepack.Act) []string {
	if l := f.proc().Pack.Local(name); l != nil {
		return l.Basis.Or(a.Basis).Clauses()
	}
	return a.Basis.Clauses()
}

// Relation is how a person stands to a matter; the fronts decide by it what is
// shown.
type Relation struct {
	// Concerned are the party keys the person is, or answers for, as somebody
	// the matter is about.
	Concerned []string
	// Working reports whether a role of the matter is the person's.
	Working bool
	Recused bool
}

// RelationOf tells how the person stands to the matter on the day.
func (s *State) RelationOf(person org.PersonID, rules *Rules, day calendar.Date) Relation {
	rules = rules.Of(s)
	var out Relation
	_, out.Recused = s.recused.get(person)
	for _, b := range s.parties {
		if rules.Procedure.About(b.Name) {
			_, principal := rules.Org.Holds(person, b.Unit, day, org.Principal)
			if b.Person == person || (b.Unit != "" && principal) {
				out.Concerned = append(out.Concerned, b.Key())
			}
			continue
		}
		if b.Person == person && b.Left == 0 {
			out.Working = true
		}
	}
	for _, a := range s.acts(rules) {
		if out.Working || out.Recused {
			break
		}
		paths := append(slices.Clone(a.By), a.Approved)
		for _, m := range a.Meetings {
			paths = append(paths, m.Members)
		}
		for _, path := range paths {
			if len(path) == 0 || path.String() == rulepack.ByLaw || rules.Procedure.About(path[0]) && len(path) == 1 {
				continue
			}
			if _, ok := s.entitled(rules, person, path, "", "", day); ok {
				out.Working = true
				break
			}
		}
	}
	return out
}

func (s *State) acts(rules *Rules) []*rulepack.Act { return rules.Procedure.Acts }

// Entitled reports whether a path names the person on the day.
func Entitled(s *State, rules *Rules, person org.PersonID, path rulepack.Path, each, party string, day calendar.Date) bool {
	rules = rules.Of(s)
	_, ok := s.entitled(rules, person, path, each, party, day)
	return ok
}

// Holders lists the persons that a path names on a day: of units, whoever
// holds a post there.
func Holders(s *State, rules *Rules, path rulepack.Path, each, party string, day calendar.Date) []org.PersonID {
	rules = rules.Of(s)
	var out []org.PersonID
	add := func(p org.PersonID) {
		if _, recused := s.recused.get(p); !recused && p != "" && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	for _, r := range s.refsOf(rules, path, each, party, day) {
		add(r.Person)
		if r.Unit != "" {
			for _, h := range rules.Org.Holders(r.Unit, day) {
				add(h.Person)
			}
		}
	}
	return out
}
