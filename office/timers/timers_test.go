// SPDX-License-Identifier: Apache-2.0

package timers

import (
	"bytes"
	"context"
	"database/sql"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"quanze/core/matter"
	"quanze/office/officetest"
)

// late gives an office n matters whose inquiry is late from the 17th on, and
// the file of its database.
func late(t *testing.T, n int) (c *officetest.City, file string, ids []matter.ID) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "timers.db")
	c = officetest.New(t, "sqlite:"+file)
	for range n {
		id := c.Open()
		c.Team(id)
		ids = append(ids, id)
	}
	c.Set(officetest.Day(17))
	return c, file, ids
}

// lapses counts the lapses on record of a matter.
func lapses(t *testing.T, c *officetest.City, id matter.ID) int {
	t.Helper()
	all, err := c.DB.Reader().Events(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range all {
		if e.Kind == matter.Lapsed {
			n++
		}
	}
	return n
}

// raw runs a statement behind the back of the store.
func raw(t *testing.T, file, statement string, args ...any) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	result, err := db.Exec(statement, args...)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := result.RowsAffected(); n != 1 || err != nil {
		t.Fatalf("%d rows, %v", n, err)
	}
}

func TestAScanLeavesNone(t *testing.T) {
	c, _, ids := late(t, 7)
	loop := New(c.Office, nil)
	loop.batch = 2
	if n, err := loop.Scan(t.Context()); n != 7 || err != nil {
		t.Errorf("%d advanced, %v", n, err)
	}
	for _, id := range ids {
		if n := lapses(t, c, id); n != 1 {
			t.Errorf("%d lapses in %s", n, id)
		}
		c.InOrder(id)
	}
	beats, err := c.DB.Reader().Heartbeats(t.Context())
	if err != nil || len(beats) != 1 || beats[0].Name != Name || beats[0].Scanned != 7 || beats[0].Acted != 7 {
		t.Errorf("%+v, %v", beats, err)
	}
	if n, err := loop.Scan(t.Context()); n != 0 || err != nil {
		t.Errorf("again: %d advanced, %v", n, err)
	}
}

// A matter that cannot be advanced holds up no other, within a batch or beyond
// it, and keeps nobody from starting; but the heart does not beat.
func TestABrokenMatterStopsNoOther(t *testing.T) {
	c, file, ids := late(t, 5)
	before, err := c.DB.Reader().Matter(t.Context(), ids[1])
	if err != nil {
		t.Fatal(err)
	}
	broken := []matter.ID{ids[1], ids[3]}
	for _, id := range broken {
		raw(t, file, `update matters set pack_hash = 'none' where id = $1`, string(id))
	}
	var log bytes.Buffer
	loop := New(c.Office, slog.New(slog.NewTextHandler(&log, nil)))
	loop.batch = 1
	n, err := loop.Scan(t.Context())
	if n != 3 || err == nil {
		t.Errorf("%d advanced, %v", n, err)
	}
	for _, id := range broken {
		if !strings.Contains(err.Error(), string(id)) {
			t.Errorf("%s is not named: %v", id, err)
		}
	}
	for i, id := range ids {
		if n, want := lapses(t, c, id), 1-i%2; n != want {
			t.Errorf("%d lapses in matter %d", n, i)
		}
	}
	if h := health(t, c, 0); !h.Stale || !h.Last.IsZero() {
		t.Errorf("the heart beats: %+v", h)
	}
	if err := loop.Start(t.Context()); err != nil {
		t.Errorf("it does not start: %v", err)
	}
	loop.Stop()
	if !strings.Contains(log.String(), string(ids[1])) {
		t.Errorf("nothing is said of it: %s", log.String())
	}
	for _, id := range broken {
		raw(t, file, `update matters set pack_hash = $2 where id = $1`, string(id), before.PackHash)
	}
	if n, err := loop.Scan(t.Context()); n != 2 || err != nil {
		t.Errorf("mended: %d advanced, %v", n, err)
	}
	if h := health(t, c, 0); h.Stale {
		t.Errorf("mended: %+v", h)
	}
}

func health(t *testing.T, c *officetest.City, later time.Duration) Health {
	t.Helper()
	h, err := HealthOf(t.Context(), c.DB.Reader(), c.Now().Add(later))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestHealth(t *testing.T) {
	c := officetest.New(t, "")
	if h := health(t, c, 0); !h.Stale || !h.Last.IsZero() {
		t.Errorf("before any scan: %+v", h)
	}
	loop := New(c.Office, nil)
	if _, err := loop.Scan(t.Context()); err != nil {
		t.Fatal(err)
	}
	for later, stale := range map[time.Duration]bool{0: false, tolerated: false, tolerated + time.Microsecond: true, 24 * time.Hour: true} {
		if h := health(t, c, later); h.Stale != stale || !h.Last.Equal(c.Now()) {
			t.Errorf("%s later: %+v", later, h)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := loop.Scan(ended); err == nil {
		t.Error("a scan that could not read is whole")
	}
	if err := New(c.Office, nil).Start(ended); err == nil {
		t.Error("it starts without having looked")
	}
}

func TestStartAndStop(t *testing.T) {
	c, _, ids := late(t, 1)
	looked := make(chan struct{})
	now := c.Office.Now
	c.Office.Now = func() time.Time { // each look asks for the time first
		select {
		case looked <- struct{}{}:
		default:
		}
		return now()
	}
	loop := New(c.Office, nil)
	loop.every = time.Millisecond
	loop.Stop() // before it began
	for range 2 {
		ctx, cancel := context.WithCancel(t.Context())
		if err := loop.Start(ctx); err != nil {
			t.Fatal(err)
		}
		running := loop.done
		if err := loop.Start(ctx); err != nil {
			t.Fatal(err)
		}
		if loop.done != running {
			t.Error("a second Start began a second loop")
		}
		cancel() // it outlives who started it
		if lapses(t, c, ids[0]) != 1 {
			t.Error("the first scan is over when Start returns")
		}
		for range 3 {
			<-looked
		}
		var all sync.WaitGroup
		for range 4 {
			all.Go(loop.Stop)
		}
		all.Wait()
		<-running
		loop.Stop()
	}
}

// The loop looks again by itself, after whole and after broken scans, until it
// is stopped. No database is asked here, for its goroutines are not of the
// bubble: a scan without one fails, and that it failed is said each time.
func TestTheLoopGoesOn(t *testing.T) {
	c := officetest.New(t, "")
	c.DB.Close()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		loop := New(c.Office, slog.New(slog.NewTextHandler(&log, nil)))
		loop.every = time.Minute
		ctx, cancel := context.WithCancel(context.Background())
		loop.stop, loop.done = cancel, make(chan struct{})
		go loop.run(ctx, loop.done)
		time.Sleep(3*time.Minute + time.Second)
		synctest.Wait()
		loop.Stop()
		if n := strings.Count(log.String(), "level=ERROR"); n != 3 {
			t.Errorf("in three minutes it looked %d times: %s", n, log.String())
		}
		time.Sleep(time.Hour)
		if n := strings.Count(log.String(), "level=ERROR"); n != 3 {
			t.Error("it goes on after Stop")
		}
	})
}
