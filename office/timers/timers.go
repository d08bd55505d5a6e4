// SPDX-License-Identifier: Apache-2.0

// Package timers lets the days come: it finds every matter with a term that has
// run out and has the office advance it. One loop, an exhaustive scan, and a
// heartbeat that says when the last scan was whole; a clock that silently does
// not run would be the worst fault this program can have. It decides nothing:
// what a lapse means is the kernel's. Start at Loop.
package timers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/office"
	"quanze/store"
)

// Every is how often the loop looks. A term expires with its day, so a minute
// late is soon enough; Decide never depends on the loop.
const Every = 20 * time.Second

// batch is how many matters one look takes up at a time.
const batch = 200

// Loop is the running clock of an installation.
type Loop struct {
	office *office.Office
	log    *slog.Logger
	every  time.Duration

	mu   sync.Mutex
	stop context.CancelFunc
	done chan struct{}
}

// New returns a loop that is not running yet.
func New(o *office.Office, log *slog.Logger) *Loop { return &Loop{office: o, log: log, every: Every} }

// Scan advances every matter that has something due, until none is left, and
// records that the scan was whole. It returns how many matters it advanced.
func (l *Loop) Scan(ctx context.Context) (int, error) {
	began, total := l.office.Now(), 0
	tried := map[matter.ID]bool{}
	var failed error
	for {
		due, err := l.office.DB.Reader().DueMatters(ctx, l.office.Now(), batch+len(tried))
		if err != nil {
			return total, fmt.Errorf("scanning for due terms: %w", err)
		}
		fresh := 0
		for _, d := range due {
			if tried[d.Matter] {
				continue
			}
			tried[d.Matter] = true
			fresh++
			if _, err := l.office.Advance(ctx, d.Matter); err != nil && !fault.Is(err, fault.Stale) {
				failed = errors.Join(failed, fmt.Errorf("advancing matter %s: %w", d.Matter, err))
				continue
			}
			total++
		}
		if fresh == 0 {
			break
		}
	}
	if failed != nil {
		return total, failed // the heartbeat does not beat for half a scan
	}
	return total, l.office.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.Beat(ctx, store.Heartbeat{Name: Name, Took: l.office.Now().Sub(began), Scanned: len(tried), Acted: total})
	})
}

// Name is the heartbeat's, and the lease's.
const Name = "timers"

// Start runs a first scan and returns; the loop then goes on by itself.
func (l *Loop) Start(ctx context.Context) error {
	if _, err := l.Scan(ctx); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stop != nil {
		return nil
	}
	ctx, l.stop = context.WithCancel(context.WithoutCancel(ctx))
	l.done = make(chan struct{})
	go l.run(ctx, l.done)
	return nil
}

func (l *Loop) run(ctx context.Context, done chan struct{}) {
	defer close(done)
	tick := time.NewTicker(l.every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if n, err := l.Scan(ctx); err != nil && ctx.Err() == nil {
				l.log.Error("timers", "err", err)
			} else if n > 0 {
				l.log.Info("timers", "advanced", n)
			}
		}
	}
}

// Stop ends the loop and returns when it has ended. It is safe twice, and
// before Start.
func (l *Loop) Stop() {
	l.mu.Lock()
	stop, done := l.stop, l.done
	l.stop = nil
	l.mu.Unlock()
	if stop != nil {
		stop()
		<-done
	}
}

// Health is how the clock stands: when a scan was last whole, and whether that
// is too long ago.
type Health struct {
	Last  time.Time
	Stale bool
}

// tolerated is how old the last whole scan may be before it is an alarm.
const tolerated = 5 * time.Minute

// HealthOf reads the heartbeat.
func HealthOf(ctx context.Context, r *store.Reader, now time.Time) (Health, error) {
	beats, err := r.Heartbeats(ctx)
	if err != nil {
		return Health{}, err
	}
	for _, b := range beats {
		if b.Name == Name {
			return Health{Last: b.At, Stale: now.Sub(b.At) > tolerated}, nil
		}
	}
	return Health{Stale: true}, nil
}
