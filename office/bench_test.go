// SPDX-License-Identifier: Apache-2.0

package office_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"quanze/core/matter"
	"quanze/core/rulepack/expr"
	"quanze/office/officetest"
)

// A matter begins with three events and takes actsEach declarations, one event
// each: about ten events are folded for an act, as for one of the usual length.
const (
	begun    = 3
	actsEach = 14
)

// bureau is an office whose clients declare, each on matters of his own.
type bureau struct {
	*officetest.City
	b       *testing.B
	clients []client
}

type client struct {
	ready []matter.ID
	used  int // acts done on the first of them
}

func newBureau(b *testing.B, clients int) *bureau {
	b.Helper()
	return &bureau{officetest.New(b, "sqlite:"+filepath.Join(b.TempDir(), "office.db")), b, make([]client, clients)}
}

// prepare makes matters enough for each client to do that many acts.
func (o *bureau) prepare(acts int) {
	o.b.Helper()
	var all sync.WaitGroup
	for i := range o.clients {
		all.Go(func() {
			c := &o.clients[i]
			for len(c.ready)*actsEach-c.used < acts {
				id, err := o.begin()
				if err != nil {
					o.b.Error(err)
					return
				}
				c.ready = append(c.ready, id)
			}
		})
	}
	all.Wait()
	if o.b.Failed() {
		o.b.FailNow()
	}
}

func (o *bureau) begin() (matter.ID, error) {
	f := officetest.Fields("place", "yard", "summary", "a fall from the low wall behind the gymnasium, at the end of the second break")
	f["happened_on"] = expr.OfDate(o.Today())
	id, _, err := o.Office.Open(context.Background(), officetest.Pack, officetest.Procedure, matter.Command{Act: "accident", Actor: "clerk", On: o.Today(), Fields: f,
		Binds: map[string][]matter.Ref{"decider": {{Unit: "bureau"}}}}, nil)
	if err != nil {
		return "", err
	}
	_, err = o.Act(context.Background(), id, matter.Command{Act: "form_team", Actor: "head", On: o.Today(), Fields: officetest.Fields("joint_needed", "false"),
		Binds: map[string][]matter.Ref{"team": {{Person: "clerk"}, {Person: "officer"}}}}, nil)
	return id, err
}

// work has every client do that many acts, all at once, and returns how long it took.
func (o *bureau) work(acts int) time.Duration {
	o.b.Helper()
	o.prepare(acts)
	var all sync.WaitGroup
	o.b.StartTimer()
	from := time.Now()
	for i := range o.clients {
		all.Go(func() {
			c := &o.clients[i]
			for range acts {
				if c.used == actsEach {
					c.ready, c.used = c.ready[1:], 0
				}
				c.used++
				command := matter.Command{Act: "declare", Actor: "clerk", Party: "clerk", Outcome: "none_held", On: o.Today()}
				recorded, err := o.Act(context.Background(), c.ready[0], command, nil)
				if err != nil || len(recorded) != 1 || recorded[0].Seq != begun+c.used {
					o.b.Errorf("%d events, %v", len(recorded), err)
					return
				}
			}
		})
	}
	all.Wait()
	took := time.Since(from)
	o.b.StopTimer()
	return took
}

func benchmarkAct(b *testing.B, clients int) {
	b.StopTimer()
	o := newBureau(b, clients)
	each := (b.N + clients - 1) / clients
	took := o.work(each)
	b.ReportMetric(float64(each*clients)/took.Seconds(), "acts/s")
	o.InOrder(o.clients[0].ready[0])
}

// BenchmarkAct1 is one client's durable acts, one after another.
func BenchmarkAct1(b *testing.B) { benchmarkAct(b, 1) }

// BenchmarkAct32 is the durable acts of 32 clients at once.
func BenchmarkAct32(b *testing.B) { benchmarkAct(b, 32) }

// raw is a plain connection with the settings of the store's writing one, and
// a table of one row for each transaction.
type raw struct {
	db     *sql.DB
	insert *sql.Stmt
	n      int
}

func newRaw(b *testing.B) *raw {
	b.Helper()
	file := filepath.Join(b.TempDir(), "raw.db")
	db, err := sql.Open("sqlite", "file:"+file+"?_txlock=immediate&_time_format=sqlite&_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=temp_store(memory)"+
		"&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=cache_size(-16384)&_pragma=wal_autocheckpoint(4000)")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(`create table raw (id bigint primary key, body text not null)`); err != nil {
		b.Fatal(err)
	}
	r := &raw{db: db}
	if r.insert, err = db.Prepare(`insert into raw (id, body) values ($1, $2)`); err != nil {
		b.Fatal(err)
	}
	return r
}

// work writes that many transactions of one row and returns how long it took.
func (r *raw) work(b *testing.B, count int) time.Duration {
	b.Helper()
	from := time.Now()
	for range count {
		r.n++
		tx, err := r.db.Begin()
		if err != nil {
			b.Fatal(err)
		}
		if _, err := tx.Stmt(r.insert).Exec(r.n, "one row of about the size of an event, as short as may be"); err != nil {
			b.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(from)
}

// BenchmarkRaw1 is what the disk and the engine give: one client's transactions
// of one row.
func BenchmarkRaw1(b *testing.B) {
	r := newRaw(b)
	b.ResetTimer()
	took := r.work(b, b.N)
	b.ReportMetric(float64(b.N)/took.Seconds(), "tx/s")
}

// BenchmarkActsAgainstRaw measures all three in turn, round by round, so that a
// disk that is now slow and now fast is so for all: acts for each raw
// transaction, of one client and of 32.
func BenchmarkActsAgainstRaw(b *testing.B) {
	r, one, many := newRaw(b), newBureau(b, 1), newBureau(b, 32)
	const rawEach, oneEach, manyEach = 64, 64, 8
	var rawTook, oneTook, manyTook time.Duration
	for range b.N {
		rawTook += r.work(b, rawEach)
		oneTook += one.work(oneEach)
		manyTook += many.work(manyEach)
	}
	rate := func(each int, took time.Duration) float64 { return float64(each*b.N) / took.Seconds() }
	tx, act1, act32 := rate(rawEach, rawTook), rate(oneEach, oneTook), rate(manyEach*len(many.clients), manyTook)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(tx, "raw_tx/s")
	b.ReportMetric(act1, "acts_1/s")
	b.ReportMetric(act32, "acts_32/s")
	b.ReportMetric(act1/tx, "ratio_1")
	b.ReportMetric(act32/tx, "ratio_32")
}
