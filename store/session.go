// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"time"
)

// Sessions keeps the sessions of the web, as scs.CtxStore asks. A token is kept
// as its hash alone. Get one from DB.Sessions.
type Sessions struct {
	db  *DB
	now func() time.Time
}

// Sessions returns the sessions of this database, by its own clock.
func (db *DB) Sessions() *Sessions { return &Sessions{db, db.now} }

// By returns the sessions by another clock. Whoever sets their expiry by the
// real time, as scs does, must have it read by the real time too, also where a
// demonstration pins its day.
func (s *Sessions) By(now func() time.Time) *Sessions { return &Sessions{s.db, now} }

func tokenHash(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

// FindCtx returns a session's data; found is false where there is none, or it
// has expired.
func (s *Sessions) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	data, found, err = one(ctx, s.db.reader.session, func(rows *sql.Rows, b *[]byte) error { return rows.Scan(b) },
		`select data from sessions where token_hash = $1 and expires_at > $2`, tokenHash(token), micros(s.now()))
	if err != nil {
		return nil, false, fmt.Errorf("finding a session: %w", err)
	}
	return data, found, nil
}

// CommitCtx keeps a session until it expires.
func (s *Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	return s.db.Write(ctx, func(ctx context.Context, tx *Tx) error {
		_, err := tx.session.exec(ctx, `insert into sessions (token_hash, data, expires_at) values ($1, $2, $3)
			on conflict (token_hash) do update set data = excluded.data, expires_at = excluded.expires_at`,
			tokenHash(token), orEmpty(data), micros(expiry))
		if err != nil {
			return fmt.Errorf("keeping a session: %w", err)
		}
		return nil
	})
}

// DeleteCtx ends a session; one that is not there is no error.
func (s *Sessions) DeleteCtx(ctx context.Context, token string) error {
	return s.db.Write(ctx, func(ctx context.Context, tx *Tx) error {
		if _, err := tx.session.exec(ctx, `delete from sessions where token_hash = $1`, tokenHash(token)); err != nil {
			return fmt.Errorf("ending a session: %w", err)
		}
		return nil
	})
}

// Find is FindCtx without a context.
func (s *Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context.
func (s *Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx without a context.
func (s *Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// ForgetSessions removes the sessions that have expired at tx.At and returns
// how many.
func (tx *Tx) ForgetSessions(ctx context.Context) (int, error) {
	n, err := tx.session.exec(ctx, `delete from sessions where expires_at <= $1`, micros(tx.At))
	if err != nil {
		return 0, fmt.Errorf("removing expired sessions: %w", err)
	}
	return int(n), nil
}
