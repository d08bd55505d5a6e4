// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"time"

	"quanze/core/fault"
	"quanze/core/ledger"
	"quanze/core/matter"
)

// An event commits to the JSON it is kept in, cut at its top: each key of the
// event is a field, and each key of its "fields" is one too, named
// "fields.KEY". So one field of a form can be opened alone. The kind stands in
// the leaf itself.

// newSeeds draws the seeds of n events.
func newSeeds(n int) []byte {
	b := make([]byte, n*len(ledger.Seed{}))
	rand.Read(b) //nolint:errcheck // crypto/rand never fails: it ends the program first
	return b
}

// seedAt is the i-th of the seeds; the zero Seed where there is none.
func seedAt(seeds []byte, i int) (s ledger.Seed) {
	if size := len(s); i >= 0 && (i+1)*size <= len(seeds) {
		copy(s[:], seeds[i*size:])
	}
	return s
}

// commit returns the commitment to an event.
func (h *head) commit(e matter.Event, prev ledger.Hash, at time.Time, body []byte, seed ledger.Seed) (ledger.Hash, error) {
	fields, err := cutFields(body)
	if err != nil {
		return ledger.Hash{}, err
	}
	entry := ledger.Entry{Pseudonym: h.pseudonym, Kind: string(e.Kind), At: at, Pack: h.packHash, Prev: prev, Fields: fields}
	leaf, err := ledger.Commit(entry, seed.Salts(fields))
	if err != nil {
		return ledger.Hash{}, err
	}
	return leaf.Commitment(), nil
}

// committed is an event with all that its commitment was made of.
type committed struct {
	seq        int
	entry      ledger.Entry
	seed       ledger.Seed
	commitment ledger.Hash
}

// committed reads back what the commitments of a matter were made of.
func (r *Reader) committed(ctx context.Context, id matter.ID) ([]committed, error) {
	all, err := list(ctx, r.session, scanCommitted, `select e.seq, e.kind, e.recorded_at, e.pack_hash, e.body, e.prev, e.commitment, m.pseudonym
		from events e join matters m on m.id = e.matter_id where e.matter_id = $1 order by e.seq`, string(id))
	if err != nil {
		return nil, fmt.Errorf("commitments of matter %s: %w", id, err)
	}
	secrets, err := r.secrets(ctx, id)
	if err != nil {
		return nil, err
	}
	for i := range all {
		for _, s := range secrets {
			if seed := seedAt(s.seeds, all[i].seq-s.seq); !seed.Zero() {
				all[i].seed = seed
			}
		}
	}
	return all, nil
}

func scanCommitted(rows *sql.Rows, c *committed) error {
	var body, pseudonym []byte
	if err := rows.Scan(&c.seq, &c.entry.Kind, toTime{&c.entry.At}, &c.entry.Pack, &body, toHash{&c.entry.Prev}, toHash{&c.commitment}, &pseudonym); err != nil {
		return err
	}
	copy(c.entry.Pseudonym[:], pseudonym)
	fields, err := cutFields(body)
	c.entry.Fields = fields
	return err
}

// secret is the seeds of the events from seq on.
type secret struct {
	seq   int
	seeds []byte
}

func (r *Reader) secrets(ctx context.Context, id matter.ID) ([]secret, error) {
	all, err := list(ctx, r.session, func(rows *sql.Rows, s *secret) error { return rows.Scan(&s.seq, &s.seeds) },
		`select seq, seeds from event_secret where matter_id = $1 order by seq`, string(id))
	if err != nil {
		return nil, fmt.Errorf("secrets of matter %s: %w", id, err)
	}
	return all, nil
}

// holds reports whether the commitment is to this very event. One whose seed
// was destroyed can only be checked by the chain.
func (c committed) holds() bool {
	if c.seed.Zero() {
		return true
	}
	leaf, err := ledger.Commit(c.entry, c.seed.Salts(c.entry.Fields))
	return err == nil && leaf.Commitment() == c.commitment
}

// VerifyMatter recomputes every commitment of a matter and the chain between
// them. It returns the number of the first event that does not agree, 0 where
// all do. An event whose seed was destroyed is checked by the chain alone.
func (r *Reader) VerifyMatter(ctx context.Context, id matter.ID) (broken int, err error) {
	all, err := r.committed(ctx, id)
	if err != nil {
		return 0, err
	}
	var prev ledger.Hash
	for i, c := range all {
		if !c.holds() || c.seq != i+1 || c.entry.Prev != prev {
			return i + 1, nil
		}
		prev = c.commitment
	}
	m, err := r.Matter(ctx, id)
	if err != nil {
		return 0, err
	}
	if m.Version != len(all) {
		return len(all) + 1, nil
	}
	return 0, nil
}

// Open returns the opening of one event that shows the named fields, and the
// commitment to check it against: what a party may be handed.
func (r *Reader) Open(ctx context.Context, id matter.ID, seq int, names ...string) (ledger.Opening, ledger.Hash, error) {
	all, err := r.committed(ctx, id)
	if err != nil {
		return ledger.Opening{}, ledger.Hash{}, err
	}
	if seq < 1 || seq > len(all) || all[seq-1].seed.Zero() {
		return ledger.Opening{}, ledger.Hash{}, fault.New(fault.Absent, "store.event.absent", "matter", string(id))
	}
	c := all[seq-1]
	opening, err := ledger.Open(c.entry, c.seed.Salts(c.entry.Fields), names...)
	return opening, c.commitment, err
}

// DestroySeed destroys what the commitment to an event could be opened by. The
// commitment and the chain stand. It cannot be undone.
func (tx *Tx) DestroySeed(ctx context.Context, id matter.ID, seq int) error {
	secrets, err := tx.secrets(ctx, id)
	if err != nil {
		return err
	}
	for _, s := range secrets {
		at := (seq - s.seq) * len(ledger.Seed{})
		if at < 0 || at >= len(s.seeds) {
			continue
		}
		clear(s.seeds[at : at+len(ledger.Seed{})])
		if _, err := tx.session.exec(ctx, `update event_secret set seeds = $3 where matter_id = $1 and seq = $2`, string(id), s.seq, s.seeds); err != nil {
			return fmt.Errorf("destroying the seed of event %d of matter %s: %w", seq, id, err)
		}
		return nil
	}
	return fault.New(fault.Absent, "store.event.absent", "matter", string(id))
}
