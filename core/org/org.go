// SPDX-License-Identifier: Apache-2.0

// Package org answers who was what on a day: units and what stands above them,
// posts, persons, and tenures from one day to another. It is a value built from
// dated entries; it changes nothing and stores nothing (office/registry does),
// and it knows no procedure: a rule pack's roles are resolved against it by
// core/matter. Start at Org and its questions, each of which takes a day.
package org

import (
	"cmp"
	"slices"

	"quanze/core/calendar"
)

// UnitID names a unit, PostID a post, PersonID a person.
type (
	UnitID   string
	PostID   string
	PersonID string
)

// UnitKind is what a unit is: it decides which organs may hold it to account.
type UnitKind string

// The kinds of unit that the first rule packs speak of.
const (
	PartyBody   UnitKind = "party_body"
	Government  UnitKind = "government"
	Department  UnitKind = "department"
	Institution UnitKind = "institution"
	School      UnitKind = "school"
	Village     UnitKind = "village"
	Enterprise  UnitKind = "enterprise"
)

// Unit is a body: Superior is the unit above it in its line, which may be none.
type Unit struct {
	ID       UnitID
	Name     Name
	Kind     UnitKind
	Private  bool
	Superior UnitID
	From, To calendar.Date
}

// Name is a label in both languages.
type Name struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// Class is the standing of a post in its unit.
type Class string

// The classes of post. Principal, Deputy and Member form the leadership.
const (
	Principal Class = "principal"
	Deputy    Class = "deputy"
	Member    Class = "member"
	Staff     Class = "staff"
)

// Classes lists every class.
func Classes() []Class { return []Class{Principal, Deputy, Member, Staff} }

// Leads reports whether a post of this class belongs to the leading body.
func (c Class) Leads() bool { return c == Principal || c == Deputy || c == Member }

// Post is a place in a unit that persons hold one after another.
type Post struct {
	ID    PostID
	Unit  UnitID
	Class Class
	Title Name
}

// Person is somebody who holds, or held, posts, or is party to a matter.
type Person struct {
	ID   PersonID
	Name string
}

// Tenure is one person in one post from one day to another, both included; To 0
// is open. An acting holder is a holder (kernel rule 14).
type Tenure struct {
	Person   PersonID
	Post     PostID
	From, To calendar.Date
	Acting   bool
}

// On reports whether the tenure covers the day.
func (t Tenure) On(day calendar.Date) bool { return covers(t.From, t.To, day) }

func covers(from, to, day calendar.Date) bool {
	return from <= day && (to == 0 || day <= to)
}

// Org is the organisation as all its dated entries tell it.
type Org struct {
	units    map[UnitID]Unit
	posts    map[PostID]Post
	persons  map[PersonID]Person
	byPerson map[PersonID][]Tenure
	byUnit   map[UnitID][]seat // in order of class, then post
}

// New builds an Org. Entries that name what is not there are simply never found.
func New(units []Unit, posts []Post, persons []Person, tenures []Tenure) *Org {
	o := &Org{
		units: make(map[UnitID]Unit, len(units)), posts: make(map[PostID]Post, len(posts)),
		persons:  make(map[PersonID]Person, len(persons)),
		byPerson: make(map[PersonID][]Tenure), byUnit: make(map[UnitID][]seat),
	}
	for _, u := range units {
		o.units[u.ID] = u
	}
	for _, p := range posts {
		o.posts[p.ID] = p
	}
	for _, p := range persons {
		o.persons[p.ID] = p
	}
	for _, t := range tenures {
		post, ok := o.posts[t.Post]
		if !ok {
			continue
		}
		o.byPerson[t.Person] = append(o.byPerson[t.Person], t)
		o.byUnit[post.Unit] = append(o.byUnit[post.Unit], seat{Holding{t.Person, post, t.Acting}, t})
	}
	rank := Classes()
	for _, list := range o.byUnit {
		slices.SortStableFunc(list, func(a, b seat) int {
			return cmp.Or(cmp.Compare(slices.Index(rank, a.Post.Class), slices.Index(rank, b.Post.Class)), cmp.Compare(a.Post.ID, b.Post.ID))
		})
	}
	for _, m := range o.byPerson {
		slices.SortStableFunc(m, func(a, b Tenure) int { return cmp.Compare(a.From, b.From) })
	}
	return o
}

// Unit returns the unit of that id.
func (o *Org) Unit(id UnitID) (Unit, bool) { u, ok := o.units[id]; return u, ok }

// Post returns the post of that id.
func (o *Org) Post(id PostID) (Post, bool) { p, ok := o.posts[id]; return p, ok }

// Person returns the person of that id.
func (o *Org) Person(id PersonID) (Person, bool) { p, ok := o.persons[id]; return p, ok }

// Units lists the units that exist on a day, by id.
func (o *Org) Units(day calendar.Date) []Unit {
	var out []Unit
	for _, u := range o.units {
		if covers(u.From, u.To, day) {
			out = append(out, u)
		}
	}
	slices.SortFunc(out, func(a, b Unit) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// Above returns the unit above, if it exists on that day.
func (o *Org) Above(id UnitID, day calendar.Date) (Unit, bool) {
	u, ok := o.units[id]
	if !ok || u.Superior == "" {
		return Unit{}, false
	}
	above, ok := o.units[u.Superior]
	return above, ok && covers(above.From, above.To, day)
}

// Holding is a post that a person holds.
type Holding struct {
	Person PersonID
	Post   Post
	Acting bool
}

// seat is a post that somebody holds for a while.
type seat struct {
	Holding
	while Tenure
}

// Posts lists what a person holds on a day.
func (o *Org) Posts(p PersonID, day calendar.Date) []Holding {
	var out []Holding
	for _, t := range o.byPerson[p] {
		if t.On(day) {
			out = append(out, Holding{p, o.posts[t.Post], t.Acting})
		}
	}
	return out
}

// Tenures lists all that a person ever held, oldest first.
func (o *Org) Tenures(p PersonID) []Tenure { return slices.Clone(o.byPerson[p]) }

// Holders lists who holds a post of one of the classes in a unit on a day, in
// order of class, then post; no class given means every class.
func (o *Org) Holders(id UnitID, day calendar.Date, classes ...Class) []Holding {
	var out []Holding
	for i, h := range o.byUnit[id] {
		if h.while.On(day) && (len(classes) == 0 || slices.Contains(classes, h.Post.Class)) {
			if out == nil {
				out = make([]Holding, 0, len(o.byUnit[id])-i)
			}
			out = append(out, h.Holding)
		}
	}
	return out
}

// Holds reports whether the person holds a post of one of the classes in the
// unit on that day, and which.
func (o *Org) Holds(p PersonID, id UnitID, day calendar.Date, classes ...Class) (Holding, bool) {
	for _, t := range o.byPerson[p] {
		if !t.On(day) {
			continue
		}
		post := o.posts[t.Post]
		if post.Unit == id && (len(classes) == 0 || slices.Contains(classes, post.Class)) {
			return Holding{p, post, t.Acting}, true
		}
	}
	return Holding{}, false
}

// Workplace is the unit a person belongs to on a day: of several, the one of
// the longest-held post.
func (o *Org) Workplace(p PersonID, day calendar.Date) (Unit, bool) {
	for _, t := range o.byPerson[p] {
		if t.On(day) {
			u, ok := o.units[o.posts[t.Post].Unit]
			return u, ok
		}
	}
	return Unit{}, false
}
