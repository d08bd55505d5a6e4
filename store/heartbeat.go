// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"quanze/core/fault"
)

// Heartbeat is a timer's last look at all there is. A clock that silently does
// not run is the worst fault this program can have: its age is an alarm.
type Heartbeat struct {
	Name string
	At   time.Time
	Took time.Duration
	// Scanned is what it looked at, Acted what it did something about.
	Scanned, Acted int
	Note           string
}

// Beat notes that the timer has just looked at everything. At is the store's.
func (tx *Tx) Beat(ctx context.Context, h Heartbeat) error {
	_, err := tx.session.exec(ctx, `insert into heartbeats (name, at, took, scanned, acted, note) values ($1, $2, $3, $4, $5, $6)
		on conflict (name) do update set at = excluded.at, took = excluded.took, scanned = excluded.scanned,
			acted = excluded.acted, note = excluded.note`,
		h.Name, micros(tx.At), h.Took.Microseconds(), h.Scanned, h.Acted, text(h.Note))
	if err != nil {
		return fmt.Errorf("noting the heartbeat of %s: %w", h.Name, err)
	}
	return nil
}

// Heartbeats lists every timer's last look, by name.
func (r *Reader) Heartbeats(ctx context.Context) ([]Heartbeat, error) {
	all, err := list(ctx, r.session, func(rows *sql.Rows, h *Heartbeat) error {
		var took int64
		err := rows.Scan(&h.Name, toTime{&h.At}, &took, &h.Scanned, &h.Acted, toText[string]{&h.Note})
		h.Took = time.Duration(took) * time.Microsecond
		return err
	}, `select name, at, took, scanned, acted, note from heartbeats order by name`)
	if err != nil {
		return nil, fmt.Errorf("listing heartbeats: %w", err)
	}
	return all, nil
}

// Lease says that one node holds something until an instant. Fence grows with
// every new holder: what an old holder still sends can be told by it.
type Lease struct {
	Name      string
	Holder    string
	Fence     int64
	ExpiresAt time.Time
}

// TakeLease takes or prolongs a lease. held is false where another node holds
// it; the Lease returned is then the other's.
func (tx *Tx) TakeLease(ctx context.Context, name, holder string, ttl time.Duration) (l Lease, held bool, err error) {
	l, held, err = one(ctx, tx.session, scanLease, `insert into leases (name, holder, fence, expires_at) values ($1, $2, 1, $3)
		on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at,
			fence = leases.fence + case when leases.holder = excluded.holder and leases.expires_at > $4 then 0 else 1 end
		where leases.holder = excluded.holder or leases.expires_at <= $4
		returning name, holder, fence, expires_at`, name, holder, micros(tx.At.Add(ttl)), micros(tx.At))
	if err != nil {
		return Lease{}, false, fmt.Errorf("taking lease %s: %w", name, err)
	}
	if held {
		return l, true, nil
	}
	l, err = tx.Lease(ctx, name)
	return l, false, err
}

func scanLease(rows *sql.Rows, l *Lease) error {
	return rows.Scan(&l.Name, &l.Holder, &l.Fence, toTime{&l.ExpiresAt})
}

// Lease returns who holds a lease, or held it last; the zero Lease for none.
func (r *Reader) Lease(ctx context.Context, name string) (Lease, error) {
	l, _, err := one(ctx, r.session, scanLease, `select name, holder, fence, expires_at from leases where name = $1`, name)
	if err != nil {
		return Lease{}, fmt.Errorf("reading lease %s: %w", name, err)
	}
	return l, nil
}

// DropLease gives a lease up before its time.
func (tx *Tx) DropLease(ctx context.Context, l Lease) error {
	_, err := tx.session.exec(ctx, `update leases set expires_at = $3 where name = $1 and fence = $2`, l.Name, l.Fence, micros(tx.At))
	if err != nil {
		return fmt.Errorf("dropping lease %s: %w", l.Name, err)
	}
	return nil
}

// Fence refuses the transaction with a Stale fault unless the lease is still
// held as it was taken: a node that slept through its lease writes nothing. The
// lease cannot change hands before the transaction ends.
func (tx *Tx) Fence(ctx context.Context, l Lease) error {
	now, found, err := one(ctx, tx.session, scanLease, `select name, holder, fence, expires_at from leases where name = $1`+tx.dialect.forUpdate, l.Name)
	if err != nil {
		return fmt.Errorf("checking lease %s: %w", l.Name, err)
	}
	if !found || now.Holder != l.Holder || now.Fence != l.Fence || !now.ExpiresAt.After(tx.At) {
		return fault.New(fault.Stale, "store.lease.lost", "lease", l.Name)
	}
	return nil
}
