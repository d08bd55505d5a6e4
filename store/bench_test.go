// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/core/rulepack/expr"
	"quanze/store"
)

var opened = calendar.MakeDate(2026, 3, 2)

// BenchmarkRaw is the yardstick: transactions of one row, of one client, with
// the same settings as the store's and nothing of the store in between.
func BenchmarkRaw(b *testing.B) {
	file := filepath.Join(b.TempDir(), "raw.db")
	db, err := sql.Open("sqlite", "file:"+file+"?_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(`create table raw (id bigint primary key, body text not null)`); err != nil {
		b.Fatal(err)
	}
	insert, err := db.Prepare(`insert into raw (id, body) values ($1, $2)`)
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	begun := cpu()
	for b.Loop() {
		n++
		tx, err := db.Begin()
		if err != nil {
			b.Fatal(err)
		}
		if _, err := tx.Stmt(insert).Exec(n, "one row of about the size of an event, as short as may be"); err != nil {
			b.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64((cpu()-begun).Microseconds())/float64(b.N), "cpu-µs/op")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tx/s")
}

// cpu is the time this process has spent computing: what is left to compare
// where others compute on the same machine.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkWrite is an act of many rows, all that the office writes for one.
func BenchmarkWrite(b *testing.B) {
	for _, clients := range []int{1, 32} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) {
			db := open(b, "sqlite:"+filepath.Join(b.TempDir(), "bench.db"), time.Now)
			var started atomic.Int64
			b.SetParallelism(clients / runtime.GOMAXPROCS(0))
			if clients < runtime.GOMAXPROCS(0) {
				defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(clients)) // RunParallel has no fewer clients
			}
			begun := cpu()
			b.RunParallel(func(pb *testing.PB) {
				client := started.Add(1)
				for n := int64(0); pb.Next(); n++ {
					if err := act(b.Context(), db, client, n); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64((cpu()-begun).Microseconds())/float64(b.N), "cpu-µs/op")
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "acts/s")
		})
	}
}

// act records a client's n-th act: of eight the first opens a matter, and seven
// go on with it.
func act(ctx context.Context, db *store.DB, client, n int64) error {
	id := matter.ID(fmt.Sprintf("%08x-%02x", n/8, client))
	return db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if n%8 == 0 {
			if err := tx.CreateMatter(ctx, store.Matter{ID: id, Procedure: "petition", Pack: "xx01", PackHash: packHash, OpenedOn: opened,
				Summary: store.Summary{Title: "a matter"}}); err != nil {
				return err
			}
		}
		return record(ctx, tx, id, int(n%8))
	})
}

const packHash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// record writes what an act brings: a fact, one term met and two begun, the
// summary, the parties and a job. The n-th act of a matter meets what the one
// before it began.
func record(ctx context.Context, tx *store.Tx, id matter.ID, n int) error {
	version, err := tx.LockMatter(ctx, id)
	if err != nil {
		return err
	}
	if _, err := tx.Organisation(ctx); err != nil {
		return err
	}
	if _, err := tx.EventsAfter(ctx, id, version-4); err != nil { // the office keeps those before
		return err
	}
	due := opened.AddDays(15 + n)
	key := func(i int) string { return fmt.Sprintf("handle@%d", i) }
	bearer := []matter.Ref{{Unit: "unit-1"}}
	events := []matter.Event{
		{Kind: matter.Done, On: opened, Entered: opened, Act: "accept", Outcome: "accepted", Party: "unit-1",
			Actor: matter.Actor{Person: "person-1", Post: "post-1"}, Fields: map[string]expr.Value{
				"summary": expr.OfText("what it is about, in a sentence of the usual length of such sentences"),
				"channel": expr.OfText("letter"), "count": expr.OfInt(3)}},
		{Kind: matter.Met, On: opened, Entered: opened, Key: key(n), Term: "handle", Clauses: []string{"xx01:a12"}},
		{Kind: matter.Started, On: opened, Entered: opened, Key: key(n + 1), Term: "handle", Due: due, Bearer: bearer, Clauses: []string{"xx01:a13"}},
		{Kind: matter.Started, On: opened, Entered: opened, Key: key(n+1) + "n", Term: "notify", Due: due, Bearer: bearer, Clauses: []string{"xx01:a14"}},
	}
	if _, err := tx.AppendEvents(ctx, id, version, events); err != nil {
		return err
	}
	if err := tx.ReplaceParties(ctx, id, []store.Party{{Party: "handler", Ref: matter.Ref{Unit: "unit-1"}}, {Party: "petitioner", Ref: matter.Ref{Person: "person-9"}}}); err != nil {
		return err
	}
	terms := []store.Term{
		{Key: key(n + 1), Term: "handle", Kind: "duty", State: store.Armed, Due: due, Bearers: bearer},
		{Key: key(n+1) + "n", Term: "notify", Kind: "duty", State: store.Armed, Due: due, Bearers: bearer},
	}
	for i := range n + 1 {
		terms = append(terms, store.Term{Key: key(i), Term: "handle", Kind: "duty", State: store.Met, Due: opened.AddDays(14 + i), Bearers: bearer})
	}
	if err := tx.ReplaceTerms(ctx, id, terms); err != nil {
		return err
	}
	if err := tx.UpdateMatter(ctx, id, store.Summary{Title: "a matter", Stage: "handling", NextDue: due, Owed: 2}); err != nil {
		return err
	}
	if err := tx.DeleteDraft(ctx, store.DraftKey{Account: "account-1", Matter: id, Act: "accept"}); err != nil {
		return err
	}
	_, err = tx.Enqueue(ctx, store.Job{Kind: "paper", ID: store.JobID(fmt.Sprintf("%s/%d", id, version+1)), Payload: "{}"})
	return err
}
