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

// atOnce is how many matters one look takes up at a time.
const atOnce = 200

// Loop is the running clock of an installation.
type Loop struct {
	office *office.Office
	log    *slog.Logger
	every  time.Duration
	batch  int

	mu   sync.Mutex
	stop context.CancelFunc
	done chan struct{}
}

// New returns a loop that is not running yet. Without a log it is silent; what
// failed still shows by the heartbeat.
func New(o *office.Office, log *slog.Logger) *Loop {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Loop{office: o, log: log, every: Every, batch: atOnce}
}

// Scan advances every matter that has something due, until none is left, and
// records that the scan was whole. It returns how many matters it advanced. A
// matter that fails holds up no other.
func (l *Loop) Scan(ctx context.Context) (int, error) {
	total, failed, err := l.scan(ctx)
	return total, errors.Join(failed, err)
}

// scan tells apart what failed in single matters and what failed in all.
func (l *Loop) scan(ctx context.Context) (total int, failed, err error) {
	began := l.office.Now()
	tried := map[matter.ID]bool{}
	if total, err = l.office.MoveAll(ctx); err != nil {
		failed = fmt.Errorf("versions that take over: %w", err)
	}
	for {
		due, err := l.office.DB.Reader().DueMatters(ctx, l.office.Now(), l.batch+len(tried))
		if err != nil {
			return total, failed, fmt.Errorf("scanning for due terms: %w", err)
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
		return total, failed, nil // the heartbeat does not beat for half a scan
	}
	return total, nil, l.office.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.Beat(ctx, store.Heartbeat{Name: Name, Took: l.office.Now().Sub(began), Scanned: len(tried), Acted: total})
	})
}

// Name is the heartbeat's, and the lease's.
const Name = "timers"

// Start runs a first scan and returns; the loop then goes on by itself. A matter
// that fails keeps nobody from starting: it is logged, and the heartbeat alarms.
func (l *Loop) Start(ctx context.Context) error {
	_, failed, err := l.scan(ctx)
	if err != nil {
		return err
	}
	if failed != nil {
		l.log.Error("timers", "err", failed)
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
