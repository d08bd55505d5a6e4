// SPDX-License-Identifier: Apache-2.0

package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp/cmpopts"

	"quanze/core/calendar"
	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/store"
)

func term(key string, due calendar.Date, bearers ...matter.Ref) store.Term {
	return store.Term{Key: key, Term: "handle", Kind: "duty", Party: "u1", Role: "handler", State: store.Armed, Due: due, Bearers: bearers}
}

func (b *bench) replaceTerms(t *testing.T, id matter.ID, all ...store.Term) {
	t.Helper()
	b.write(t, func(ctx context.Context, tx *store.Tx) error { return tx.ReplaceTerms(ctx, id, all) })
}

func terms(t *testing.T, b *bench) {
	b.begin(t, "m1")
	one, two, open := term("k1", monday.AddDays(15), matter.Ref{Unit: "u1"}), term("k2", monday, matter.Ref{Person: "p1"}), term("k3", 0)
	versions := map[string]int{}
	check := func(what string, want ...store.Term) {
		t.Helper()
		b.replaceTerms(t, "m1", want...)
		for i := range want {
			want[i].Matter, want[i].Version = "m1", versions[want[i].Key]
			if want[i].ExpiresAt.IsZero() {
				want[i].ExpiresAt = store.Expiry(want[i].Due)
			}
		}
		same(t, what, want, must(b.Reader().Terms(t.Context(), "m1"))(t))
	}
	versions["k1"], versions["k2"], versions["k3"] = 1, 1, 1
	check("three terms", one, two, open)
	check("the same again", one, two, open)
	versions["k1"] = 2
	one.Due = monday.AddDays(30)
	check("extended", one, two, open)
	two.State = store.Met
	check("met", one, two, open)
	versions["k2"] = 2
	two.State = store.Armed
	check("armed anew", one, two, open)
	one.Provisional, one.Role, one.Bearers = true, "leader", []matter.Ref{{Unit: "u2"}, {Person: "p2"}}
	check("other bearers", one, two, open)
	check("one is gone", one, open)
	versions["k3"] = 2
	open.ExpiresAt = time.Date(2026, 3, 2, 4, 0, 0, 1000, time.UTC) // a half day
	check("at an instant", one, open)

	if got, want := store.Expiry(monday), time.Date(2026, 3, 2, 16, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("2026-03-02 expires at %v, want %v: midnight in Asia/Shanghai", got, want)
	}
}

func dueTerms(t *testing.T, b *bench) {
	for i := range 4 {
		id := matter.ID(fmt.Sprintf("m%d", i))
		b.begin(t, id)
		b.replaceTerms(t, id, term("a", monday.AddDays(3-i), matter.Ref{Unit: "u1"}), term("b", monday.AddDays(60), matter.Ref{Unit: "u1"}), term("c", 0))
	}
	first := must(b.Reader().NextExpiry(t.Context()))(t)
	if want := store.Expiry(monday); !first.Equal(want) {
		t.Errorf("the next expiry is %v, want %v", first, want)
	}
	due := func(at time.Time, limit int) (out string) {
		t.Helper()
		for _, x := range must(b.Reader().DueTerms(t.Context(), at, limit))(t) {
			out += fmt.Sprintf(" %s/%s", x.Matter, x.Key)
		}
		return strings.TrimSpace(out)
	}
	for _, c := range []struct {
		at    time.Time
		limit int
		want  string
	}{
		{store.Expiry(monday).Add(-time.Microsecond), 9, ""},
		{store.Expiry(monday), 9, "m3/a"},
		{store.Expiry(monday.AddDays(9)), 9, "m3/a m2/a m1/a m0/a"},
		{store.Expiry(monday.AddDays(9)), 2, "m3/a m2/a"},
	} {
		if got := due(c.at, c.limit); got != c.want {
			t.Errorf("due at %v: %q, want %q", c.at, got, c.want)
		}
	}
	same(t, "due matters", []store.DueMatter{{Matter: "m3", Since: store.Expiry(monday), Terms: 1}, {Matter: "m2", Since: store.Expiry(monday.AddDays(1)), Terms: 1}},
		must(b.Reader().DueMatters(t.Context(), store.Expiry(monday.AddDays(1)), 9))(t))

	b.clock.pass(40 * 24 * time.Hour)
	fire := func(kind string, state store.TermState) (n int) {
		t.Helper()
		b.write(t, func(ctx context.Context, tx *store.Tx) error {
			claimed, err := tx.DueTerms(ctx, 9)
			if err != nil {
				return err
			}
			for i := range claimed {
				claimed[i].State = state
			}
			fired, err := tx.FireTerms(ctx, kind, claimed)
			n = len(fired)
			return err
		})
		return n
	}
	if n := fire("reminder", store.Armed); n != 4 {
		t.Errorf("%d reminders, want 4", n)
	}
	if n := fire("reminder", store.Armed); n != 0 {
		t.Errorf("%d reminders of the same terms again, want none", n)
	}
	if n := fire("lapse", store.Late); n != 4 {
		t.Errorf("%d lapses, want 4", n)
	}
	if n := fire("lapse", store.Late); n != 0 {
		t.Errorf("%d lapses again, want none", n)
	}
	if got := due(b.clock.now(), 9); got != "" {
		t.Errorf("due after all were fired: %q", got)
	}
	if items, _, err := b.Reader().OwedBy(t.Context(), store.OwedFilter{Units: []org.UnitID{"u1"}, LateOnly: true}); err != nil || len(items) != 4 {
		t.Errorf("what is late is still owed: %d, %v", len(items), err)
	}
}

func owed(t *testing.T, b *bench) {
	for i := range 5 {
		id := matter.ID(fmt.Sprintf("m%d", i))
		b.begin(t, id, func(m *store.Matter) { m.Pack = []string{"xx01", "xx02"}[i%2] })
		late := term("late", monday.AddDays(-1), matter.Ref{Unit: "u1"})
		late.State = store.Late
		right := term("right", monday.AddDays(5), matter.Ref{Person: "p1"})
		right.Kind = "right"
		both := term("both", monday.AddDays(i), matter.Ref{Unit: "u1"}, matter.Ref{Person: "p1"})
		b.replaceTerms(t, id, late, right, both, term("open", 0, matter.Ref{Unit: "u1"}), term("other", monday, matter.Ref{Unit: "u2"}))
	}
	read := func(f store.OwedFilter) string {
		t.Helper()
		var out []string
		f.Page = store.Page{Limit: 3}
		for {
			page, next, err := b.Reader().OwedBy(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range page {
				out = append(out, fmt.Sprintf("%s/%s", x.Matter, x.Key))
				if x.Title == "" || x.Procedure == "" {
					t.Errorf("%s/%s comes without its matter", x.Matter, x.Key)
				}
			}
			if f.Page.After = next; next == "" {
				return strings.Join(out, " ")
			}
		}
	}
	u1, p1 := []org.UnitID{"u1"}, []org.PersonID{"p1"}
	allLate := "m0/late m1/late m2/late m3/late m4/late"
	for _, c := range []struct {
		name   string
		filter store.OwedFilter
		want   string
	}{
		{"nobody", store.OwedFilter{}, ""},
		{"a unit", store.OwedFilter{Units: u1}, allLate + " m0/both m1/both m2/both m3/both m4/both m0/open m1/open m2/open m3/open m4/open"},
		{"a unit is no person", store.OwedFilter{Persons: []org.PersonID{"u1"}}, ""},
		{"a person and a unit, each line once", store.OwedFilter{Units: u1, Persons: p1, DueThru: monday.AddDays(1)}, allLate + " m0/both m1/both"},
		{"a kind", store.OwedFilter{Persons: p1, Kinds: []string{"right"}}, "m0/right m1/right m2/right m3/right m4/right"},
		{"late", store.OwedFilter{Units: u1, LateOnly: true}, allLate},
		{"a pack", store.OwedFilter{Units: u1, Packs: []string{"xx02"}, DueThru: monday.AddDays(9)}, "m1/late m3/late m1/both m3/both"},
	} {
		if got := read(c.filter); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	done := term("other", monday, matter.Ref{Unit: "u2"})
	done.State = store.Met
	b.replaceTerms(t, "m0", done)
	b.replaceTerms(t, "m1")
	if got, want := read(store.OwedFilter{Units: []org.UnitID{"u1", "u2"}, DueThru: monday}), "m2/late m3/late m4/late m2/other m3/other m4/other"; got != want {
		t.Errorf("after some were met: %q, want %q", got, want)
	}
	_, _, err := b.Reader().OwedBy(t.Context(), store.OwedFilter{Units: u1, Page: store.Page{After: "x"}})
	isFault(t, "a page that nobody handed out", err, fault.Invalid)
}

func attempts(t *testing.T, b *bench) {
	b.begin(t, "m1")
	var all []store.Attempt
	for i := range 5 {
		b.clock.pass(time.Minute)
		a := store.Attempt{Pack: "xx01", PackHash: packHash, Procedure: "petition", Moment: matter.Proposed,
			Actor: matter.Actor{Person: org.PersonID(fmt.Sprintf("p%d", i%2)), Post: "post1"}, On: monday,
			Refusal: matter.Refusal{Why: matter.TooEarly, Act: "decide", Party: "u1", Clauses: []string{"xx01@1:a12", "xx01@1:a13"}, Names: []string{"hear"}, Day: monday, Count: 2}}
		if i > 0 {
			a.Matter = "m1"
		}
		b.write(t, func(ctx context.Context, tx *store.Tx) (err error) {
			a, err = tx.RecordAttempt(ctx, a)
			return err
		})
		all = append([]store.Attempt{a}, all...)
	}
	read := func(f store.AttemptFilter) (out []store.Attempt) {
		t.Helper()
		f.Page = store.Page{Limit: 2}
		for {
			page, next, err := b.Reader().Attempts(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, page...)
			if f.Page.After = next; next == "" {
				return out
			}
		}
	}
	opaque := cmpopts.IgnoreUnexported(store.Attempt{})
	same(t, "all", all, read(store.AttemptFilter{}), opaque)
	same(t, "of a matter", all[:4], read(store.AttemptFilter{Matter: "m1"}), opaque)
	same(t, "of a person", []store.Attempt{all[1], all[3]}, read(store.AttemptFilter{Persons: []org.PersonID{"p1"}}), opaque)
	same(t, "of a time", all[:2], read(store.AttemptFilter{From: all[1].At, Before: all[0].At.Add(1000)}), opaque)
	for range 2 {
		b.write(t, func(ctx context.Context, tx *store.Tx) error { return tx.ExcuseAttempt(ctx, all[0].ID, 2) })
	}
	all[0].Excused = true
	same(t, "one excused", all, read(store.AttemptFilter{}), opaque)
	if n := len(must(b.Reader().Events(t.Context(), "m1"))(t)); n != 1 {
		t.Errorf("attempts left %d events in the matter, want 1", n)
	}
}
