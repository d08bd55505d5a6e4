// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"quanze/core/matter"
)

// Tx writes, and reads what it has written. Only DB.Write hands one out, and it
// is good only until the function it was handed to returns. After a statement
// has failed every later one fails alike, and Write fails: there is no going on
// within a transaction that is half done.
type Tx struct {
	*Reader
	// At is the one instant of all that the transaction records, in UTC, to the
	// microsecond.
	At time.Time
	// heads keeps what LockMatter read.
	heads map[matter.ID]*head
}

// errClosed answers whoever uses a Tx that is over.
var errClosed = errors.New("store: the transaction is over")

// Write runs fn in a transaction and returns after its commit is on disk, or
// after nothing of it was kept: fn's error, its panic and a failed commit all
// undo it.
//
// On SQLite concurrent calls share one commit: each runs in turn, in its own
// goroutine, and an error or panic undoes that one alone. What fn reads may be
// the work of a call before it in the same commit; both are then kept or lost
// together. On PostgreSQL each call is a transaction of its own, run again when
// the engine asks for that, so fn must be repeatable: nothing outside the
// database may have changed when it returns.
//
// A ctx that ends while the call waits for its turn drops it; once fn has begun
// it is not interrupted.
func (db *DB) Write(ctx context.Context, fn func(context.Context, *Tx) error) error {
	if db.pen != nil {
		return db.pen.write(ctx, func(ctx context.Context, s *session) error {
			return db.run(ctx, s, fn)
		})
	}
	return db.writePostgres(ctx, fn)
}

// run hands fn a Tx on the session, and takes it back.
func (db *DB) run(ctx context.Context, s *session, fn func(context.Context, *Tx) error) error {
	own := &session{conn: s.conn, tx: s.tx, prepared: s.prepared, direct: s.direct, sticky: true}
	tx := &Tx{
		Reader: &Reader{session: own, dialect: db.dialect, cache: db.cache, now: db.now},
		At:     instant(db.now().UnixMicro()),
	}
	defer func() {
		if own.failed == nil {
			own.failed = errClosed
		}
	}()
	tx.pending = tx.moveHeads
	if err := fn(ctx, tx); err != nil {
		return err
	}
	if own.failed != nil {
		return own.failed // fn has swallowed it
	}
	return tx.moveHeads(ctx)
}

// attempts bounds how often PostgreSQL may ask for a transaction again.
const attempts = 8

func (db *DB) writePostgres(ctx context.Context, fn func(context.Context, *Tx) error) error {
	for n := 1; ; n++ {
		err := db.writeOnce(ctx, fn)
		if err == nil || !retryable(err) || n == attempts {
			return err
		}
		pause := time.NewTimer(time.Duration(1+rand.IntN(4<<n)) * time.Millisecond)
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return errors.Join(err, ctx.Err())
		}
	}
}

func (db *DB) writeOnce(ctx context.Context, fn func(context.Context, *Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("beginning a transaction: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // does nothing after a commit; after a panic there is nobody to tell
	if err := db.run(ctx, &session{tx: tx}, fn); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	return nil
}
