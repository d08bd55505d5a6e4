// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

func openPen(t *testing.T) *DB {
	t.Helper()
	db, err := Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "pen.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}

// crowd makes n writers wait behind one that holds the pen and writes nothing,
// then lets them go. It returns what each of the n was answered.
func crowd(t *testing.T, db *DB, n int, fn func(context.Context, *Tx, int) error) []error {
	t.Helper()
	answers := make([]error, n)
	var wait sync.WaitGroup
	came := false
	_ = db.Write(t.Context(), func(ctx context.Context, tx *Tx) error { // it may be lost with the others
		for i := range n {
			wait.Go(func() {
				answers[i] = db.Write(t.Context(), func(ctx context.Context, tx *Tx) error { return fn(ctx, tx, i) })
			})
		}
		for give := time.Now().Add(time.Minute); time.Now().Before(give); runtime.Gosched() {
			db.pen.mu.Lock()
			waiting := len(db.pen.waiting)
			db.pen.mu.Unlock()
			if came = waiting == n; came {
				break
			}
		}
		return nil
	})
	wait.Wait()
	if !came {
		t.Fatal("the writers never came")
	}
	return answers
}

func beat(ctx context.Context, tx *Tx) error { return tx.Beat(ctx, Heartbeat{Name: NewID(tx.At)}) }

func TestWritersShareCommits(t *testing.T) {
	t.Parallel()
	db := openPen(t)
	before := db.pen.commits
	const n = 100
	for i, err := range crowd(t, db, n, func(ctx context.Context, tx *Tx, _ int) error { return beat(ctx, tx) }) {
		if err != nil {
			t.Errorf("writer %d: %v", i, err)
		}
	}
	if commits := db.pen.commits - before; commits > n/4 {
		t.Errorf("%d writers who came together took %d commits", n, commits)
	}
	if all, err := db.Reader().Heartbeats(t.Context()); len(all) != n || err != nil {
		t.Errorf("%d rows, want %d: %v", len(all), n, err)
	}
}

// TestLostBatch: where the transaction ends by itself, as after some errors of
// SQLite, nobody whose work was in it is told that it was kept.
func TestLostBatch(t *testing.T) {
	t.Parallel()
	db := openPen(t)
	answers := crowd(t, db, 20, func(ctx context.Context, tx *Tx, i int) error {
		if err := beat(ctx, tx); err != nil {
			return err
		}
		if i == 10 {
			_, err := tx.session.exec(ctx, "rollback")
			return err
		}
		return nil
	})
	lost := 0
	for _, err := range answers {
		if err != nil {
			lost++
		}
	}
	all, err := db.Reader().Heartbeats(t.Context())
	if err != nil || len(all) != len(answers)-lost {
		t.Errorf("%d were told that their work was kept, and %d rows are there: %v", len(answers)-lost, len(all), err)
	}
	if lost == 0 || answers[10] == nil {
		t.Errorf("nobody was told of the loss")
	}
	if err := db.Write(t.Context(), beat); err != nil {
		t.Errorf("writing after a lost batch: %v", err)
	}
}

// TestFailedCommit: a commit that fails is an error for all that it was to cover.
func TestFailedCommit(t *testing.T) {
	t.Parallel()
	db := openPen(t)
	answers := crowd(t, db, 10, func(ctx context.Context, tx *Tx, i int) error {
		if i != 5 {
			return beat(ctx, tx)
		}
		// A deferred foreign key is looked at when the transaction commits.
		if _, err := tx.session.exec(ctx, "pragma defer_foreign_keys = 1"); err != nil {
			return err
		}
		_, err := tx.session.exec(ctx, "insert into tenures (id, person_id, post_id, acting) values ('t', 'nobody', 'nothing', false)")
		return err
	})
	told := 0
	for _, err := range answers {
		if err == nil {
			told++
		} else if !strings.Contains(err.Error(), "FOREIGN KEY") {
			t.Errorf("an answer of another kind: %v", err)
		}
	}
	all, err := db.Reader().Heartbeats(t.Context())
	if err != nil || len(all) != told || answers[5] == nil {
		t.Errorf("%d were told that their work was kept, and %d rows are there: %v, %v", told, len(all), err, answers[5])
	}
	if err := db.Write(t.Context(), beat); err != nil {
		t.Errorf("writing after a failed commit: %v", err)
	}
}
