// SPDX-License-Identifier: Apache-2.0

package org_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"quanze/core/calendar"
	"quanze/core/org"
)

func on(s string) calendar.Date {
	if s == "" {
		return 0
	}
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// town is a small organisation that changes on days: the office was founded in
// 2020 and dissolved at the end of 2025, and its head changed in 2024.
func town() *org.Org {
	return org.New(
		[]org.Unit{
			{ID: "town", Kind: org.Government, From: on("2000-01-01")},
			{ID: "office", Kind: org.Department, Superior: "town", From: on("2020-01-01"), To: on("2025-12-31")},
			{ID: "desk", Kind: org.Department, Superior: "office", From: on("2020-01-01")},
			{ID: "stray", Superior: "nowhere", From: on("2020-01-01")},
		},
		[]org.Post{
			{ID: "mayor", Unit: "town", Class: org.Principal},
			{ID: "head", Unit: "office", Class: org.Principal},
			{ID: "vice", Unit: "office", Class: org.Deputy},
			{ID: "seat", Unit: "office", Class: org.Member},
			{ID: "clerk", Unit: "office", Class: org.Staff},
			{ID: "guard", Unit: "desk", Class: org.Staff},
		},
		[]org.Person{{ID: "ann"}, {ID: "ben"}, {ID: "cay"}, {ID: "dot"}, {ID: "eve"}},
		[]org.Tenure{
			{Person: "ben", Post: "head", From: on("2024-03-01")},
			{Person: "ann", Post: "head", From: on("2020-01-01"), To: on("2024-02-29")},
			{Person: "ann", Post: "mayor", From: on("2024-03-01")},
			{Person: "cay", Post: "vice", From: on("2021-01-01"), Acting: true},
			{Person: "cay", Post: "clerk", From: on("2020-06-01")},
			{Person: "dot", Post: "seat", From: on("2022-01-01"), To: on("2022-01-01")},
			{Person: "eve", Post: "guard", From: on("2020-01-01")},
			{Person: "eve", Post: "no such post", From: on("2020-01-01")},
		})
}

func people(hs []org.Holding) string {
	var out []string
	for _, h := range hs {
		out = append(out, string(h.Person)+"@"+string(h.Post.ID))
	}
	return strings.Join(out, " ")
}

func TestHolders(t *testing.T) {
	o := town()
	for _, tt := range []struct {
		unit, day string
		classes   []org.Class
		want      string
	}{
		{"office", "2019-12-31", nil, ""},
		{"office", "2020-01-01", nil, "ann@head"},
		{"office", "2024-02-29", []org.Class{org.Principal}, "ann@head"},
		{"office", "2024-03-01", []org.Class{org.Principal}, "ben@head"},
		{"office", "2024-03-01", nil, "ben@head cay@vice cay@clerk"},
		{"office", "2022-01-01", []org.Class{org.Principal, org.Deputy, org.Member}, "ann@head cay@vice dot@seat"},
		{"office", "2022-01-02", []org.Class{org.Member}, ""},
		{"office", "2024-03-01", []org.Class{org.Staff, org.Deputy}, "cay@vice cay@clerk"},
		{"nowhere", "2024-03-01", nil, ""},
	} {
		if got := people(o.Holders(org.UnitID(tt.unit), on(tt.day), tt.classes...)); got != tt.want {
			t.Errorf("%s on %s %v: %q, want %q", tt.unit, tt.day, tt.classes, got, tt.want)
		}
	}
}

func TestPersonOnADay(t *testing.T) {
	o := town()
	if got := people(o.Posts("cay", on("2023-05-01"))); got != "cay@clerk cay@vice" {
		t.Errorf("posts of cay: %s", got)
	}
	if got := people(o.Posts("ann", on("2024-03-01"))); got != "ann@mayor" {
		t.Errorf("posts of ann: %s", got)
	}
	if got := people(o.Posts("eve", on("2024-03-01"))); got != "eve@guard" {
		t.Errorf("posts of eve, one of them unknown: %s", got)
	}
	for _, tt := range []struct{ person, day, want string }{
		{"ann", "2024-02-29", "office"}, {"ann", "2024-03-01", "town"}, {"cay", "2023-01-01", "office"}, {"dot", "2022-01-02", ""}, {"nobody", "2022-01-02", ""}, {"ann", "2019-01-01", ""},
	} {
		u, ok := o.Workplace(org.PersonID(tt.person), on(tt.day))
		if string(u.ID) != tt.want || ok != (tt.want != "") {
			t.Errorf("%s on %s works at %q", tt.person, tt.day, u.ID)
		}
	}
	h, ok := o.Holds("cay", "office", on("2023-01-01"), org.Deputy)
	if !ok || !h.Acting || h.Post.ID != "vice" {
		t.Errorf("cay, acting deputy: %+v %t", h, ok)
	}
	if _, ok := o.Holds("cay", "office", on("2020-12-31"), org.Deputy); ok {
		t.Error("cay was deputy too early")
	}
	if h, ok := o.Holds("cay", "office", on("2023-01-01")); !ok || h.Post.ID != "clerk" {
		t.Errorf("any post: %+v", h)
	}
	if _, ok := o.Holds("cay", "town", on("2023-01-01")); ok {
		t.Error("cay holds nothing in town")
	}
	if len(o.Tenures("ann")) != 2 || o.Tenures("ann")[0].Post != "head" {
		t.Errorf("tenures: %v", o.Tenures("ann"))
	}
	o.Tenures("ann")[0].Post = "changed"
	if o.Tenures("ann")[0].Post != "head" {
		t.Error("a caller changed the organisation")
	}
}

func TestUnits(t *testing.T) {
	o := town()
	names := func(day string) string {
		var out []string
		for _, u := range o.Units(on(day)) {
			out = append(out, string(u.ID))
		}
		return strings.Join(out, " ")
	}
	for day, want := range map[string]string{"1999-12-31": "", "2000-01-01": "town", "2025-12-31": "desk office stray town", "2026-01-01": "desk stray town"} {
		if got := names(day); got != want {
			t.Errorf("%s: %q, want %q", day, got, want)
		}
	}
	for _, tt := range []struct{ unit, day, want string }{
		{"desk", "2025-12-31", "office"}, {"desk", "2026-01-01", ""}, {"office", "2024-01-01", "town"}, {"town", "2024-01-01", ""}, {"stray", "2024-01-01", ""}, {"none", "2024-01-01", ""},
	} {
		u, ok := o.Above(org.UnitID(tt.unit), on(tt.day))
		if ok != (tt.want != "") || (ok && string(u.ID) != tt.want) {
			t.Errorf("above %s on %s: %q %t", tt.unit, tt.day, u.ID, ok)
		}
	}
	if _, ok := o.Unit("office"); !ok {
		t.Error("office")
	}
	if _, ok := o.Post("gone"); ok {
		t.Error("a post that is none")
	}
	if _, ok := o.Person("ann"); !ok {
		t.Error("ann")
	}
}

func TestClasses(t *testing.T) {
	for _, c := range org.Classes() {
		if c.Leads() != (c != org.Staff) {
			t.Errorf("%s leads: %t", c, c.Leads())
		}
	}
	if org.Class("other").Leads() {
		t.Error("an unknown class leads")
	}
}

// Whatever the tenures are: who holds is held, on that day, and the order of
// entry does not matter to who they are.
func TestHoldersAndPostsAgree(t *testing.T) {
	classes := org.Classes()
	rapid.Check(t, func(t *rapid.T) {
		var posts []org.Post
		for i, c := range classes {
			posts = append(posts, org.Post{ID: org.PostID(c), Unit: org.UnitID([]string{"x", "y"}[i%2]), Class: c})
		}
		var tenures []org.Tenure
		for range rapid.IntRange(0, 12).Draw(t, "n") {
			from := calendar.Date(rapid.IntRange(1, 50).Draw(t, "from"))
			tenures = append(tenures, org.Tenure{Person: org.PersonID(rapid.SampledFrom([]string{"p", "q", "r"}).Draw(t, "who")), Post: rapid.SampledFrom(posts).Draw(t, "post").ID,
				From: from, To: calendar.Date(rapid.IntRange(0, 1).Draw(t, "open")) * (from + calendar.Date(rapid.IntRange(0, 20).Draw(t, "long")))})
		}
		units := []org.Unit{{ID: "x"}, {ID: "y"}}
		o, other := org.New(units, posts, nil, tenures), org.New(units, posts, nil, rapid.Permutation(tenures).Draw(t, "order"))
		day := calendar.Date(rapid.IntRange(0, 80).Draw(t, "day"))
		held, counted := 0, 0
		for _, p := range []org.PersonID{"p", "q", "r"} {
			held += len(o.Posts(p, day))
		}
		for _, u := range []org.UnitID{"x", "y"} {
			for _, h := range o.Holders(u, day) {
				counted++
				if _, ok := o.Holds(h.Person, u, day, h.Post.Class); !ok {
					t.Fatalf("%v does not hold", h)
				}
				if _, ok := other.Holds(h.Person, u, day, h.Post.Class); !ok {
					t.Fatalf("%v does not hold in another order", h)
				}
			}
		}
		for _, tn := range tenures {
			if tn.On(day) {
				held--
				counted--
			}
		}
		if held != 0 || counted != 0 {
			t.Fatalf("posts off by %d, holders by %d", held, counted)
		}
	})
}
