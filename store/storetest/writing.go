// SPDX-License-Identifier: Apache-2.0

package storetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/store"
)

// clients is how many write at the same time.
const clients = 32

// together runs fn for each client at once and waits for all.
func together(fn func(client int)) {
	var wait sync.WaitGroup
	for i := range clients {
		wait.Go(func() { fn(i) })
	}
	wait.Wait()
}

// writers: every client writes to a matter of its own; nothing is lost, and
// what is acknowledged is there.
func writers(t *testing.T, b *bench) {
	const acts = 8
	together(func(client int) {
		id := matter.ID(fmt.Sprintf("m%02d", client))
		b.begin(t, id)
		for act := range acts {
			err := b.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				version, err := tx.LockMatter(ctx, id)
				if err != nil {
					return err
				}
				_, err = tx.AppendEvents(ctx, id, version, []matter.Event{{Kind: matter.Done, On: monday, Act: "act"}, {Kind: matter.Met, On: monday}})
				return err
			})
			if err != nil {
				t.Error(err)
				return
			}
			if m, err := b.Reader().Matter(t.Context(), id); err != nil || m.Version != 1+2*(act+1) {
				t.Errorf("%s has version %d after act %d: %v", id, m.Version, act, err)
			}
		}
	})
	for client := range clients {
		if n := must(b.Reader().VerifyMatter(t.Context(), matter.ID(fmt.Sprintf("m%02d", client))))(t); n != 0 {
			t.Errorf("matter %d: event %d does not agree", client, n)
		}
	}
}

// contended: all write to one matter; each version is given to one of them.
func contended(t *testing.T, b *bench) {
	const acts = 4
	b.begin(t, "m1")
	var lost atomic.Int64
	together(func(client int) {
		for act := range acts {
			optimistic := act%2 == 1
			var guess int
			if optimistic { // read first, write later: somebody may come between
				m, err := b.Reader().Matter(t.Context(), "m1")
				if err != nil {
					t.Error(err)
				}
				guess = m.Version
			}
			err := b.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				version, err := tx.LockMatter(ctx, "m1")
				if err != nil {
					return err
				}
				if optimistic {
					version = guess
				}
				_, err = tx.AppendEvents(ctx, "m1", version, []matter.Event{{Kind: matter.Done, On: monday, Act: "act", Reason: fmt.Sprint(client, act)}})
				return err
			})
			switch {
			case optimistic && fault.Is(err, fault.Stale):
				lost.Add(1)
			case err != nil:
				t.Error(err)
			}
		}
	})
	all := must(b.Reader().Events(t.Context(), "m1"))(t)
	if want := 1 + clients*acts - int(lost.Load()); len(all) != want {
		t.Errorf("%d events, want %d", len(all), want)
	}
	seen := map[string]bool{}
	for i, e := range all {
		if e.Seq != i+1 || seen[e.Reason] {
			t.Errorf("event %d at place %d, said before: %v", e.Seq, i+1, seen[e.Reason])
		}
		seen[e.Reason] = true
	}
	if n := must(b.Reader().VerifyMatter(t.Context(), "m1"))(t); n != 0 {
		t.Errorf("event %d does not agree", n)
	}
}

// persons counts who of the clients is there.
func persons(t *testing.T, b *bench) map[int]bool {
	t.Helper()
	o := must(b.Reader().Organisation(t.Context()))(t)
	out := map[int]bool{}
	for i := range clients {
		if _, ok := o.Person(org.PersonID(fmt.Sprint(i))); ok {
			out[i] = true
		}
	}
	return out
}

func putPerson(ctx context.Context, tx *store.Tx, client int) error {
	return tx.PutPerson(ctx, org.Person{ID: org.PersonID(fmt.Sprint(client)), Name: "某人"})
}

// atomicity: of many at once some fail, before and after they wrote; those and
// only those leave nothing.
func atomicity(t *testing.T, b *bench) {
	failure := errors.New("no")
	together(func(client int) {
		err := b.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			if client%4 == 3 {
				return failure
			}
			if err := putPerson(ctx, tx, client); err != nil {
				return err
			}
			if client%4 == 2 {
				return failure
			}
			return nil
		})
		if want := client%4 >= 2; errors.Is(err, failure) != want || !want && err != nil {
			t.Errorf("client %d: %v", client, err)
		}
	})
	there := persons(t, b)
	for i := range clients {
		if want := i%4 < 2; there[i] != want {
			t.Errorf("client %d is there: %v, want %v", i, there[i], want)
		}
	}
}

// panics: who panics, or leaves his goroutine, takes only his own work along.
func panics(t *testing.T, b *bench) {
	together(func(client int) {
		gone := make(chan any)
		go func() {
			defer close(gone)
			defer func() { gone <- recover() }()
			err := b.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				if err := putPerson(ctx, tx, client); err != nil {
					return err
				}
				switch client % 4 {
				case 2:
					panic("client panics")
				case 3:
					runtime.Goexit()
				}
				return nil
			})
			if err != nil {
				t.Errorf("client %d: %v", client, err)
			}
		}()
		if value := <-gone; (value == "client panics") != (client%4 == 2) {
			t.Errorf("client %d panics with %v", client, value)
		}
		<-gone
	})
	there := persons(t, b)
	for i := range clients {
		if want := i%4 < 2; there[i] != want {
			t.Errorf("client %d is there: %v, want %v", i, there[i], want)
		}
	}
}

// cancelled: who gives up before his turn is not run; who has begun is not
// interrupted.
func cancelled(t *testing.T, b *bench) {
	ctx, cancel := context.WithCancel(t.Context())
	err := b.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		cancel()
		return putPerson(ctx, tx, 0)
	})
	if err != nil {
		t.Errorf("cancelled after it began: %v", err)
	}
	err = b.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return putPerson(ctx, tx, 1) })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before it began: %v", err)
	}
	// A crowd of which half gives up at any moment: everybody is answered.
	together(func(client int) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		if client%2 == 0 {
			go cancel()
		}
		err := b.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return putPerson(ctx, tx, client) })
		if err != nil && (client%2 == 1 || !errors.Is(err, context.Canceled)) {
			t.Errorf("client %d: %v", client, err)
		}
		if there := persons(t, b)[client]; there != (err == nil) && client > 0 {
			t.Errorf("client %d was told %v and is there: %v", client, err, there)
		}
	})
}

// poisoned: after a failed statement nothing more is written, even if the
// function goes on as if nothing had happened.
func poisoned(t *testing.T, b *bench) {
	var kept *store.Tx
	err := b.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		kept = tx
		_ = tx.PutPost(ctx, org.Post{ID: "post", Unit: "no such unit"})
		return steps(nil, ignore(putPerson(ctx, tx, 0)), ignore(tx.Beat(ctx, store.Heartbeat{Name: "x"})))
	})
	if err == nil {
		t.Error("a transaction with a failed statement succeeded")
	}
	if len(persons(t, b)) != 0 || len(must(b.Reader().Heartbeats(t.Context()))(t)) != 0 {
		t.Error("a transaction with a failed statement left something")
	}
	b.write(t, func(ctx context.Context, tx *store.Tx) error { kept = tx; return putPerson(ctx, tx, 1) })
	if err := putPerson(t.Context(), kept, 2); err == nil {
		t.Error("a transaction that is over still writes")
	}
	if _, err := kept.Organisation(t.Context()); err == nil {
		t.Error("a transaction that is over still reads")
	}
}

func ignore(error) error { return nil }

// snapshots: all reads of one see one state.
func snapshots(t *testing.T, b *bench) {
	b.begin(t, "m1")
	err := b.Snapshot(t.Context(), func(ctx context.Context, r *store.Reader) error {
		before, err := r.Matter(ctx, "m1")
		if err != nil {
			return err
		}
		b.write(t, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.AppendEvents(ctx, "m1", 1, []matter.Event{{Kind: matter.Done, On: monday}})
			return err
		})
		events, err := r.Events(ctx, "m1")
		if len(events) != before.Version {
			t.Errorf("a snapshot shows version %d and %d events", before.Version, len(events))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if m := must(b.Reader().Matter(t.Context(), "m1"))(t); m.Version != 2 {
		t.Errorf("after the snapshot the matter has version %d, want 2", m.Version)
	}
}

// reopened: what was acknowledged is there when another process opens the
// database while this one still has it open, and after it was closed.
func reopened(t *testing.T, b *bench) {
	b.begin(t, "m1")
	first := b.DB
	b.open(t)
	same(t, "seen by another", must(first.Reader().Matter(t.Context(), "m1"))(t), must(b.Reader().Matter(t.Context(), "m1"))(t))
	b.begin(t, "m2")
	if err := steps(first.Close(), b.Close()); err != nil {
		t.Fatal(err)
	}
	b.open(t)
	for _, id := range []matter.ID{"m1", "m2"} {
		if n := must(b.Reader().VerifyMatter(t.Context(), id))(t); n != 0 {
			t.Errorf("after reopening event %d of %s does not agree", n, id)
		}
	}
}

// closed: who comes late is told so, and Close is safe twice.
func closed(t *testing.T, b *bench) {
	together(func(client int) {
		if client == 7 {
			if err := b.Close(); err != nil {
				t.Error(err)
			}
			return
		}
		_ = b.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error { return putPerson(ctx, tx, client) })
	})
	err := b.Write(t.Context(), func(context.Context, *store.Tx) error { return nil })
	if err == nil {
		t.Error("a closed database writes")
	}
	if err := b.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
	b.open(t) // for the end of the test
}
