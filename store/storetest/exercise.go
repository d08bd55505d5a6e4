// SPDX-License-Identifier: Apache-2.0

package storetest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"quanze/core/calendar"
	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/store"
)

// Exercise runs the whole suite on one engine. address returns the address of a
// new, empty database each time it is asked.
func Exercise(t *testing.T, address func(testing.TB) string) {
	for _, family := range []struct {
		name string
		run  func(*testing.T, *bench)
	}{
		{"migrations", migrations},
		{"matters", matters},
		{"matter filters", matterFilters},
		{"parties", parties},
		{"events", events},
		{"commitments", commitments},
		{"append only", appendOnly},
		{"findings", findings},
		{"terms", terms},
		{"due terms", dueTerms},
		{"owed", owed},
		{"attempts", attempts},
		{"registry", registry},
		{"packs", packs},
		{"proposals", proposals},
		{"rules in play", rulesInPlay},
		{"accounts", accounts},
		{"sessions", sessions},
		{"drafts", drafts},
		{"attachments", attachments},
		{"jobs", jobs},
		{"heartbeats and leases", heartbeats},
		{"library", library},
		{"search", search},
		{"writers", writers},
		{"one matter, many writers", contended},
		{"atomic", atomicity},
		{"panics", panics},
		{"cancelled", cancelled},
		{"poisoned", poisoned},
		{"snapshots", snapshots},
		{"reopened", reopened},
		{"closed", closed},
	} {
		t.Run(family.name, func(t *testing.T) {
			t.Parallel()
			family.run(t, newBench(t, address(t)))
		})
	}
}

// bench is one database under test with a clock that stands still.
type bench struct {
	*store.DB
	address string
	clock   *clock
}

func newBench(t *testing.T, address string) *bench {
	t.Helper()
	b := &bench{address: address, clock: &clock{at: time.Date(2026, 3, 2, 9, 30, 0, 123456789, time.FixedZone("somewhere", -5*60*60))}}
	b.open(t)
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	})
	return b
}

func (b *bench) open(t *testing.T) {
	t.Helper()
	db, err := store.Open(t.Context(), b.address, store.Options{Now: b.clock.now})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.DB = db
}

// clock tells the time it was given.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// recorded is the clock's time as a row holds it.
func (c *clock) recorded() time.Time { return c.now().UTC().Truncate(time.Microsecond) }

// write runs fn in a transaction that must succeed.
func (b *bench) write(t *testing.T, fn func(context.Context, *store.Tx) error) {
	t.Helper()
	if err := b.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// steps makes a function of several that may each fail.
func steps(all ...error) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}

// must fails the test on an error and hands the value on.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func same[T any](t *testing.T, what string, want, got T, opts ...cmp.Option) {
	t.Helper()
	if diff := cmp.Diff(want, got, append(opts, cmpopts.EquateEmpty())...); diff != "" {
		t.Errorf("%s (-want +got)\n%s", what, diff)
	}
}

func isFault(t *testing.T, what string, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Errorf("%s: got %v, want a fault that is %s", what, err, kind)
	}
}

var monday = calendar.MakeDate(2026, 3, 2)

const packHash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// begin adds a matter that has one event.
func (b *bench) begin(t *testing.T, id matter.ID, change ...func(*store.Matter)) {
	t.Helper()
	m := store.Matter{ID: id, Procedure: "petition", Pack: "xx01", PackHash: packHash, OpenedOn: monday,
		Summary: store.Summary{Title: "关于某事项的来信", Stage: "received"}}
	for _, c := range change {
		c(&m)
	}
	b.write(t, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.CreateMatter(ctx, m); err != nil {
			return err
		}
		_, err := tx.AppendEvents(ctx, id, 0, []matter.Event{{Kind: matter.Done, On: monday, Entered: monday, Act: "receive"}})
		return err
	})
}
