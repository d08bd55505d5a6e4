// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"
	"time"
)

// A commit costs a sync of the disk, so that SQLite by itself writes about as
// many acts a second as the disk can sync. pen lets callers share one commit:
// whoever holds the pen runs his function inside the open transaction and hands
// the pen to the next who waits; the last one commits for all and wakes them.
// There is no goroutine but the callers' own, so a panic or a runtime.Goexit
// unwinds in the goroutine that caused it, and everybody else goes on.
type pen struct {
	db *sql.DB

	mu      sync.Mutex
	taken   bool
	closed  bool
	waiting []chan *batch // each receives the pen once; nil: begin a new batch
	free    *sync.Cond    // signalled when the pen is laid down

	// Only the holder of the pen looks at these.
	conn     *sql.Conn
	prepared *statements
	direct   *direct
	commits  int64 // how often the disk was asked to sync
}

// batch is what one commit covers.
type batch struct {
	open  bool // a transaction is open
	kept  int  // functions whose writes are in it
	since time.Time
	err   error // why all of it is lost
	done  chan struct{}
}

// Bounds of a batch: beyond them the first caller waits too long for the last.
const (
	maxBatch = 128
	maxHold  = 40 * time.Millisecond
)

var errShut = errors.New("store: the database is closed")

func newPen(db *sql.DB) *pen {
	p := &pen{db: db}
	p.free = sync.NewCond(&p.mu)
	return p
}

// take waits for the pen. It returns the batch to write in.
func (p *pen) take(ctx context.Context) (*batch, error) {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil, errShut
	}
	if err := ctx.Err(); err != nil {
		p.mu.Unlock()
		return nil, err
	}
	if !p.taken {
		p.taken = true
		p.mu.Unlock()
		return newBatch(), nil
	}
	turn := make(chan *batch, 1)
	p.waiting = append(p.waiting, turn)
	p.mu.Unlock()
	select {
	case b := <-turn:
		return orNew(b), nil
	case <-ctx.Done():
	}
	p.mu.Lock()
	for i, other := range p.waiting {
		if other == turn {
			p.waiting = append(p.waiting[:i], p.waiting[i+1:]...)
			p.mu.Unlock()
			return nil, ctx.Err()
		}
	}
	p.mu.Unlock()
	// The pen was handed over in the same moment: lay it on.
	b := orNew(<-turn)
	p.pass(b)
	return nil, ctx.Err()
}

func newBatch() *batch { return &batch{done: make(chan struct{}), since: time.Now()} }

func orNew(b *batch) *batch {
	if b == nil {
		return newBatch()
	}
	return b
}

// pass hands the pen to the next in line; where there is none, or the batch is
// full, it commits first.
func (p *pen) pass(b *batch) {
	p.mu.Lock()
	if len(p.waiting) > 0 && b.kept < maxBatch && b.err == nil && time.Since(b.since) < maxHold {
		p.next(b)
		p.mu.Unlock()
		return
	}
	p.mu.Unlock()
	p.commit(b)
	close(b.done)
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.waiting) > 0 {
		p.next(nil)
		return
	}
	p.taken = false
	p.free.Broadcast()
}

// next gives the pen to the first who waits. p.mu is held.
func (p *pen) next(b *batch) {
	turn := p.waiting[0]
	p.waiting[0] = nil
	p.waiting = p.waiting[1:]
	turn <- b
}

// write runs fn in the shared transaction and waits for its commit.
func (p *pen) write(ctx context.Context, fn func(context.Context, *session) error) (err error) {
	b, err := p.take(ctx)
	if err != nil {
		return err
	}
	returned := false
	defer func() {
		if !returned { // fn panicked or left its goroutine
			p.undo(b)
			p.pass(b)
		}
	}()
	// From here nothing may interrupt a statement: SQLite would roll back the
	// work of the whole batch.
	err = p.run(context.WithoutCancel(ctx), b, fn)
	returned = true
	p.pass(b)
	// A refusal, too, waits: it may rest on what a neighbour has just written.
	<-b.done
	if b.err != nil {
		return b.err
	}
	return err
}

func (p *pen) run(ctx context.Context, b *batch, fn func(context.Context, *session) error) error {
	if err := p.begin(ctx, b); err != nil {
		return err
	}
	s := &session{conn: p.conn, prepared: p.prepared, direct: p.direct}
	if b.kept > 0 {
		if _, err := s.exec(ctx, "savepoint act"); err != nil {
			b.err = fmt.Errorf("marking a savepoint: %w", err)
			return b.err
		}
	}
	if err := fn(ctx, s); err != nil {
		p.undo(b)
		return err
	}
	if b.kept > 0 {
		if _, err := s.exec(ctx, "release act"); err != nil {
			b.err = fmt.Errorf("releasing a savepoint: %w", err)
			return b.err
		}
	}
	b.kept++
	return nil
}

// begin opens the connection and the transaction, if they are not.
func (p *pen) begin(ctx context.Context, b *batch) error {
	if p.conn == nil {
		conn, err := p.db.Conn(ctx)
		if err != nil {
			return fmt.Errorf("opening the writing connection: %w", err)
		}
		p.conn, p.prepared, p.direct = conn, newStatements(conn.PrepareContext), newDirect(conn)
	}
	if b.open {
		return nil
	}
	s := &session{conn: p.conn, prepared: p.prepared, direct: p.direct}
	if _, err := s.exec(ctx, "begin immediate"); err != nil {
		return fmt.Errorf("beginning a transaction: %w", err)
	}
	b.open = true
	return nil
}

// undo takes back what the running function wrote, and nothing else.
func (p *pen) undo(b *batch) {
	if !b.open || b.err != nil {
		return
	}
	s := &session{conn: p.conn, prepared: p.prepared, direct: p.direct}
	ctx := context.Background()
	if b.kept == 0 {
		b.open = false
		if _, err := s.exec(ctx, "rollback"); err != nil {
			p.drop()
		}
		return
	}
	_, err := s.exec(ctx, "rollback to act")
	if err == nil {
		_, err = s.exec(ctx, "release act")
	}
	if err != nil {
		b.err = fmt.Errorf("undoing one of several acts: %w", err)
	}
}

// commit ends the batch, one way or the other.
func (p *pen) commit(b *batch) {
	if !b.open {
		return
	}
	s := &session{conn: p.conn, prepared: p.prepared, direct: p.direct}
	ctx := context.Background()
	if b.err == nil {
		p.commits++
		if _, err := s.exec(ctx, "commit"); err != nil {
			b.err = fmt.Errorf("committing: %w", err)
		}
	}
	if b.err != nil {
		// Whether this succeeds or not, the connection is not to be trusted.
		_, _ = s.exec(ctx, "rollback")
		p.drop()
	}
}

// drop gives up the connection; the next batch opens another.
func (p *pen) drop() {
	_ = p.conn.Raw(func(any) error { return driver.ErrBadConn })
	_ = p.conn.Close()
	p.conn, p.prepared, p.direct = nil, nil, nil
}

// close waits until the pen lies still and gives up the connection.
func (p *pen) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for p.taken {
		p.free.Wait()
	}
	if p.conn == nil {
		return nil
	}
	conn := p.conn
	p.conn, p.prepared, p.direct = nil, nil, nil
	return conn.Close()
}
