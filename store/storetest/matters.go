// SPDX-License-Identifier: Apache-2.0

package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack/expr"
	"quanze/store"
)

func migrations(t *testing.T, b *bench) {
	if n := must(b.Pending(t.Context()))(t); n != 0 {
		t.Errorf("%d migrations pending after Migrate", n)
	}
	if err := b.Migrate(t.Context()); err != nil {
		t.Errorf("migrating again: %v", err)
	}
}

func matters(t *testing.T, b *bench) {
	b.begin(t, "m1")
	want := store.Matter{ID: "m1", Procedure: "petition", Pack: "xx01", PackHash: packHash, OpenedOn: monday, OpenedAt: b.clock.recorded(),
		ChangedAt: b.clock.recorded(), Version: 1, Summary: store.Summary{Title: "关于某事项的来信", Stage: "received"}}
	same(t, "matter", want, must(b.Reader().Matter(t.Context(), "m1"))(t))

	b.clock.pass(time.Hour)
	want.Summary = store.Summary{Title: "另一个题目", Stage: "handling", Ended: "withdrawn", EndedOn: monday.AddDays(3), NextDue: monday.AddDays(9),
		Owed: 3, Late: 1, Extra: `{"a": 1}`}
	want.ChangedAt, want.Version = b.clock.recorded(), 2
	b.write(t, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.AppendEvents(ctx, "m1", 1, []matter.Event{{Kind: matter.Done, On: monday, Act: "withdraw"}}); err != nil {
			return err
		}
		seen, err := tx.Matter(ctx, "m1")
		if err == nil && seen.Version != 2 {
			t.Errorf("within its transaction the matter has version %d, want 2", seen.Version)
		}
		return steps(err, tx.UpdateMatter(ctx, "m1", want.Summary))
	})
	same(t, "updated matter", want, must(b.Reader().Matter(t.Context(), "m1"))(t))

	_, err := b.Reader().Matter(t.Context(), "none")
	isFault(t, "a matter that is not there", err, fault.Absent)
	err = b.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error { return tx.UpdateMatter(ctx, "none", store.Summary{}) })
	isFault(t, "updating a matter that is not there", err, fault.Absent)
	err = b.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		return tx.CreateMatter(ctx, store.Matter{ID: "m1", OpenedOn: monday})
	})
	isFault(t, "a matter that is there already", err, fault.Stale)
}

func matterFilters(t *testing.T, b *bench) {
	var all []matter.ID
	for i := range 7 {
		b.clock.pass(time.Second)
		id := matter.ID(fmt.Sprintf("m%d", i))
		all = append(all, id)
		b.begin(t, id, func(m *store.Matter) {
			m.Pack = []string{"xx01", "xx02"}[i%2]
			m.Title = fmt.Sprintf("第%d件 100%% A_b", i)
			m.NextDue = monday.AddDays(10 - i)
			m.OpenedOn = monday.AddDays(i)
			if i == 6 {
				m.NextDue, m.Ended, m.EndedOn = 0, "closed", monday
			}
			m.Late = i / 4
		})
		b.write(t, func(ctx context.Context, tx *store.Tx) error {
			return tx.ReplaceParties(ctx, id, []store.Party{{Party: "handler", Ref: matter.Ref{Unit: org.UnitID(fmt.Sprintf("u%d", i%3))}}})
		})
	}
	slices.Reverse(all)
	for _, c := range []struct {
		name   string
		filter store.MatterFilter
		want   string
	}{
		{"all, the latest first", store.MatterFilter{}, "m6 m5 m4 m3 m2 m1 m0"},
		{"of a pack", store.MatterFilter{Packs: []string{"xx02"}}, "m5 m3 m1"},
		{"of a procedure", store.MatterFilter{Procedures: []string{"other"}}, ""},
		{"running", store.MatterFilter{Running: true}, "m5 m4 m3 m2 m1 m0"},
		{"ended", store.MatterFilter{Ended: true}, "m6"},
		{"both is all", store.MatterFilter{Ended: true, Running: true}, "m6 m5 m4 m3 m2 m1 m0"},
		{"late", store.MatterFilter{Late: true}, "m6 m5 m4"},
		{"of a unit", store.MatterFilter{Units: []org.UnitID{"u1"}}, "m4 m1"},
		{"of a unit or a person", store.MatterFilter{Units: []org.UnitID{"u1"}, Persons: []org.PersonID{"u2"}}, "m4 m1"},
		{"a part of the title", store.MatterFilter{Title: "第3"}, "m3"},
		{"whatever its case", store.MatterFilter{Title: "a_B"}, "m6 m5 m4 m3 m2 m1 m0"},
		{"signs mean themselves", store.MatterFilter{Title: "A%b"}, ""},
		{"days", store.MatterFilter{OpenedFrom: monday.AddDays(2), OpenedThru: monday.AddDays(3)}, "m3 m2"},
		{"the earliest due first", store.MatterFilter{Order: store.ByDue}, "m5 m4 m3 m2 m1 m0"},
	} {
		if got := names(pages(t, b, c.filter)); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
		if n := must(b.Reader().CountMatters(t.Context(), c.filter))(t); n != len(strings.Fields(c.want)) && c.filter.Order == store.ByOpened {
			t.Errorf("%s: counted %d, want %d", c.name, n, len(strings.Fields(c.want)))
		}
	}
	_, _, err := b.Reader().ListMatters(t.Context(), store.MatterFilter{Page: store.Page{After: "nonsense"}})
	isFault(t, "a page that nobody handed out", err, fault.Invalid)
}

// pages reads a list two rows at a time.
func pages(t *testing.T, b *bench, f store.MatterFilter) (all []store.Matter) {
	t.Helper()
	f.Page = store.Page{Limit: 2}
	for {
		page, next, err := b.Reader().ListMatters(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		if all = append(all, page...); next == "" {
			return all
		}
		f.Page.After = next
	}
}

func names(all []store.Matter) string {
	var out []string
	for _, m := range all {
		out = append(out, string(m.ID))
	}
	return strings.Join(out, " ")
}

func parties(t *testing.T, b *bench) {
	b.begin(t, "m1")
	put := func(all ...store.Party) {
		t.Helper()
		b.write(t, func(ctx context.Context, tx *store.Tx) error { return tx.ReplaceParties(ctx, "m1", all) })
		var want []store.Party
		for _, p := range all {
			p.Matter = "m1"
			want = append(want, p)
		}
		same(t, "parties", want, must(b.Reader().Parties(t.Context(), "m1"))(t),
			cmpopts.SortSlices(func(x, y store.Party) bool {
				return x.Party+x.Ref.Key() < y.Party+y.Ref.Key()
			}))
	}
	handler := store.Party{Party: "handler", Ref: matter.Ref{Unit: "同一个"}}
	person := store.Party{Party: "respondent", Ref: matter.Ref{Person: "同一个"}}
	put(handler, person)
	put(handler, person)
	person.LeftOn = monday
	put(handler, person)
	filter := store.MatterFilter{Persons: []org.PersonID{"同一个"}}
	if got := names(pages(t, b, filter)); got != "" {
		t.Errorf("matters of a person who left: %q", got)
	}
	filter.WithLeft = true
	if got := names(pages(t, b, filter)); got != "m1" {
		t.Errorf("matters of a person, those he left too: %q", got)
	}
	put(person)
	put()
}

// sample is an event that fills every sort of field.
func sample() matter.Event {
	return matter.Event{Kind: matter.Done, On: monday, Entered: monday.AddDays(1), Act: "decide", Outcome: "支持", Party: "u1", Recipient: "p9",
		Actor: matter.Actor{Person: "p1", Post: "post1", Acting: true}, Staff: []org.PersonID{"p2", "p3"},
		Fields: map[string]expr.Value{"理由": expr.OfText("因为 “所以” \\ <&>\n\u2028 喆堃镕"), "count": expr.OfInt(3), "day": expr.OfDate(monday),
			"yes": expr.OfBool(true), "tags": expr.OfSet("a", "b")},
		Binds: map[string][]matter.Ref{"handler": {{Unit: "u1"}}}, Reason: "reason", Link: &matter.Link{Matter: "m0", Event: 3},
		Due: monday.AddDays(60), Bearer: []matter.Ref{{Person: "p1"}}, Clauses: []string{"xx01@1:a12"}}
}

func events(t *testing.T, b *bench) {
	b.begin(t, "m1")
	b.clock.pass(time.Minute + 7*time.Microsecond)
	var many []matter.Event
	for i := range 70 {
		e := sample()
		e.Reason = fmt.Sprint("reason ", i)
		many = append(many, e)
	}
	var told []store.Recorded
	b.write(t, func(ctx context.Context, tx *store.Tx) (err error) {
		version, err := tx.LockMatter(ctx, "m1")
		if err != nil {
			return err
		}
		told, err = tx.AppendEvents(ctx, "m1", version, many)
		return err
	})
	all := must(b.Reader().Events(t.Context(), "m1"))(t)
	values := cmp.Comparer(func(x, y expr.Value) bool { return x.Type() == y.Type() && fmt.Sprint(x) == fmt.Sprint(y) })
	same(t, "what was told and what is read", told, all[1:], values)
	prev := all[0].Commitment
	for i, e := range all[1:] {
		want := many[i]
		want.Seq = i + 2
		same(t, "event", want, e.Event, values)
		if !e.At.Equal(b.clock.recorded()) || e.Matter != "m1" || e.PackHash != packHash || e.Prev != prev || e.Commitment.Zero() {
			t.Fatalf("event %d is recorded as %+v", e.Seq, e)
		}
		prev = e.Commitment
	}
	same(t, "events behind the 69th", all[69:], must(b.Reader().EventsAfter(t.Context(), "m1", 69))(t), values)
	if none := must(b.Reader().Events(t.Context(), "none"))(t); len(none) > 0 {
		t.Errorf("a matter that is not there has %d events", len(none))
	}
	for _, version := range []int{0, 70, 72} {
		err := b.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.AppendEvents(ctx, "m1", version, many)
			return err
		})
		isFault(t, fmt.Sprintf("appending behind version %d of 71", version), err, fault.Stale)
	}
	err := b.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.AppendEvents(ctx, "none", 0, many)
		return err
	})
	isFault(t, "appending to a matter that is not there", err, fault.Absent)
}

func commitments(t *testing.T, b *bench) {
	b.begin(t, "m1")
	b.write(t, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.AppendEvents(ctx, "m1", 1, []matter.Event{sample(), sample(), sample()})
		return err
	})
	b.write(t, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.MoveMatter(ctx, "m1", strings.Repeat("ab", 32)); err != nil {
			return err
		}
		_, err := tx.AppendEvents(ctx, "m1", 4, []matter.Event{sample()})
		return err
	})
	whole := func() {
		t.Helper()
		if n := must(b.Reader().VerifyMatter(t.Context(), "m1"))(t); n != 0 {
			t.Errorf("event %d does not agree with its commitment", n)
		}
	}
	whole()
	opening, commitment, err := b.Reader().Open(t.Context(), "m1", 3, "fields.count", "act")
	if err != nil {
		t.Fatal(err)
	}
	if err := opening.Verify(commitment); err != nil {
		t.Errorf("the opening does not verify: %v", err)
	}
	if len(opening.Fields) != 2 || string(opening.Fields[0].Value) != `"decide"` {
		t.Errorf("opened %+v", opening.Fields)
	}
	opening.Fields[0].Value = []byte(`"refuse"`)
	if opening.Verify(commitment) == nil {
		t.Error("a changed opening verifies")
	}

	b.write(t, func(ctx context.Context, tx *store.Tx) error { return tx.DestroySeed(ctx, "m1", 3) })
	whole()
	_, _, err = b.Reader().Open(t.Context(), "m1", 3, "act")
	isFault(t, "opening what was destroyed", err, fault.Absent)
	if _, _, err := b.Reader().Open(t.Context(), "m1", 2, "act"); err != nil {
		t.Errorf("opening its neighbour: %v", err)
	}
	_, _, err = b.Reader().Open(t.Context(), "m1", 2, "no such field")
	isFault(t, "opening a field that is not there", err, fault.Absent)

	b.tamper(t, `update events set body = replace(body, 'decide', 'accept') where seq = 4`)
	if n := must(b.Reader().VerifyMatter(t.Context(), "m1"))(t); n != 4 {
		t.Errorf("after event 4 was changed behind our back, event %d is told", n)
	}
}

// tamper does what only an owner of the database can: it writes past the
// program and past the triggers.
func (b *bench) tamper(t *testing.T, statement string) {
	t.Helper()
	db := b.raw(t)
	defer db.Close() //nolint:errcheck // it has committed
	before, after := `drop trigger events_no_update`, ``
	if b.Engine() == store.Postgres {
		before, after = `alter table events disable trigger all`, `alter table events enable trigger all`
	}
	for _, s := range []string{before, statement, after} {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// raw opens the database without the store.
func (b *bench) raw(t *testing.T) *sql.DB {
	t.Helper()
	name, source := "pgx", b.address
	if file, ok := strings.CutPrefix(b.address, "sqlite:"); ok {
		name, source = "sqlite", (&url.URL{Scheme: "file", OmitHost: true, Path: file, RawQuery: "_pragma=busy_timeout(10000)"}).String()
	}
	db, err := sql.Open(name, source)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func appendOnly(t *testing.T, b *bench) {
	b.begin(t, "m1")
	b.write(t, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.RecordAttempt(ctx, store.Attempt{Refusal: matter.Refusal{Why: matter.TooEarly, Act: "decide"}})
		return err
	})
	db := b.raw(t)
	defer db.Close() //nolint:errcheck // it has changed nothing
	statements := []string{
		`update events set act = 'other'`, `delete from events`, `update attempts set why = 'other'`, `delete from attempts`,
	}
	if b.Engine() == store.Postgres {
		statements = append(statements, `truncate attempts cascade`, `truncate events cascade`)
	}
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err == nil || !strings.Contains(err.Error(), "append only") {
			t.Errorf("%s: got %v, want a refusal", s, err)
		}
	}
}

func findings(t *testing.T, b *bench) {
	for i := range 5 {
		id := matter.ID(fmt.Sprintf("m%d", i))
		b.begin(t, id, func(m *store.Matter) { m.Pack = []string{"xx01", "xx02"}[i%2] })
		b.clock.pass(time.Hour)
		b.write(t, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.AppendEvents(ctx, id, 1, []matter.Event{{Kind: matter.Found, On: monday, Finding: "late"}, {Kind: matter.Found, On: monday, Finding: "irregular"}})
			return err
		})
	}
	read := func(f store.FindingFilter) (out []string) {
		t.Helper()
		f.Page.Limit = 3
		for {
			page, next, err := b.Reader().Findings(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range page {
				out = append(out, fmt.Sprintf("%s/%d", x.Matter, x.Seq))
			}
			if f.Page.After = next; next == "" {
				return out
			}
		}
	}
	same(t, "all", strings.Fields("m4/3 m4/2 m3/3 m3/2 m2/3 m2/2 m1/3 m1/2 m0/3 m0/2"), read(store.FindingFilter{}))
	same(t, "of a pack", strings.Fields("m3/3 m3/2 m1/3 m1/2"), read(store.FindingFilter{Packs: []string{"xx02"}}))
	same(t, "of an hour", strings.Fields("m3/3 m3/2"),
		read(store.FindingFilter{From: b.clock.now().Add(-time.Hour), Before: b.clock.now()}))
}
