// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"quanze/core/fault"
	"quanze/core/ledger"
	"quanze/core/matter"
)

// Recorded is an event as it stands in the record: with the instant it was
// recorded, the version of the pack it was decided under, the commitment to it
// and that to the event before.
type Recorded struct {
	matter.Event
	Matter     matter.ID
	At         time.Time
	PackHash   string
	Prev       ledger.Hash
	Commitment ledger.Hash
}

// AppendEvents records events behind the one of number expected, in order. A
// matter that has another version meanwhile is a Stale fault and nothing is
// recorded. It returns the events with their numbers, instants and commitments.
func (tx *Tx) AppendEvents(ctx context.Context, id matter.ID, expected int, events []matter.Event) ([]Recorded, error) {
	h, err := tx.head(ctx, id)
	if err != nil {
		return nil, err
	}
	if h.version != expected {
		return nil, stale(id)
	}
	if len(events) == 0 {
		return nil, nil
	}
	out := make([]Recorded, len(events))
	rows := make([][]any, len(events))
	seeds := newSeeds(len(events))
	prev := h.prev
	for i, e := range events {
		e.Seq = expected + 1 + i
		body, err := json.Marshal(e)
		if err != nil {
			return nil, fmt.Errorf("writing event %d of matter %s: %w", e.Seq, id, err)
		}
		commitment, err := h.commit(e, prev, tx.At, body, seedAt(seeds, i))
		if err != nil {
			return nil, fmt.Errorf("committing to event %d of matter %s: %w", e.Seq, id, err)
		}
		out[i] = Recorded{Event: e, Matter: id, At: tx.At, PackHash: h.packHash, Prev: prev, Commitment: commitment}
		rows[i] = []any{string(id), e.Seq, string(e.Kind), text(e.Act), day(e.On), day(e.Entered), micros(tx.At), h.packHash, string(body), hash(prev), hash(commitment)}
		prev = commitment
	}
	if err := tx.session.insert(ctx, `insert into events (matter_id, seq, kind, act, on_day, entered_day, recorded_at, pack_hash, body, prev, commitment) values`, "", rows); err != nil {
		return nil, fmt.Errorf("recording events of matter %s: %w", id, err)
	}
	if _, err := tx.session.exec(ctx, `insert into event_secret (matter_id, seq, seeds) values ($1, $2, $3)`, string(id), expected+1, seeds); err != nil {
		return nil, fmt.Errorf("recording the seeds of matter %s: %w", id, err)
	}
	h.version, h.prev, h.moved = expected+len(events), prev, true
	return out, nil
}

func stale(id matter.ID) error {
	return fault.New(fault.Stale, "store.matter.stale", "matter", string(id))
}

const eventColumns = `e.matter_id, e.seq, e.kind, e.recorded_at, e.pack_hash, e.body, e.prev, e.commitment`

func scanEvent(rows *sql.Rows, e *Recorded) error {
	var seq int
	var kind matter.Kind
	if err := rows.Scan(&e.Matter, &seq, &kind, toTime{&e.At}, &e.PackHash, toJSON{&e.Event}, toHash{&e.Prev}, toHash{&e.Commitment}); err != nil {
		return err
	}
	e.Seq, e.Kind = seq, kind
	return nil
}

// Events lists a matter's events in order of record.
func (r *Reader) Events(ctx context.Context, id matter.ID) ([]Recorded, error) {
	return r.EventsAfter(ctx, id, 0)
}

// EventsAfter lists a matter's events behind the one of that number. Events
// never change, so what was read before may be kept.
func (r *Reader) EventsAfter(ctx context.Context, id matter.ID, seq int) ([]Recorded, error) {
	all, err := list(ctx, r.session, scanEvent,
		`select `+eventColumns+` from events e where e.matter_id = $1 and e.seq > $2 order by e.seq`, string(id), seq)
	if err != nil {
		return nil, fmt.Errorf("events of matter %s: %w", id, err)
	}
	return all, nil
}

// Finding is a finding with the matter it speaks of.
type Finding struct {
	Recorded
	Title     string
	Pack      string
	Procedure string
}

// FindingFilter chooses findings by the instant they were recorded.
type FindingFilter struct {
	From, Before time.Time
	Packs        []string
	Page         Page
}

// Findings lists what was found late or irregular, the latest recorded first.
func (r *Reader) Findings(ctx context.Context, f FindingFilter) (page []Finding, next string, err error) {
	w := new(where)
	w.add("e.kind = 'found'")
	if !f.From.IsZero() {
		w.add("e.recorded_at >= ?", micros(f.From))
	}
	if !f.Before.IsZero() {
		w.add("e.recorded_at < ?", micros(f.Before))
	}
	if len(f.Packs) > 0 {
		in(w, "m.pack", f.Packs)
	}
	if f.Page.After != "" {
		at, rest, err := parseTimeCursor(f.Page.After)
		if err != nil {
			return nil, "", err
		}
		seq, id, err := parseTimeCursor(rest)
		if err != nil {
			return nil, "", err
		}
		w.add("(e.recorded_at, e.matter_id, e.seq) < (?, ?, ?)", at, id, seq)
	}
	limit := f.Page.limit()
	all, err := list(ctx, r.session, scanFinding, `select `+eventColumns+`, m.title, m.pack, m.procedure
		from events e join matters m on m.id = e.matter_id`+w.text()+`
		order by e.recorded_at desc, e.matter_id desc, e.seq desc limit `+strconv.Itoa(limit+1), w.args...)
	if err != nil {
		return nil, "", fmt.Errorf("listing findings: %w", err)
	}
	page, next = cut(all, limit, func(f Finding) string {
		return cursor(strconv.FormatInt(f.At.UnixMicro(), 10), cursor(strconv.Itoa(f.Seq), string(f.Matter)))
	})
	return page, next, nil
}

func scanFinding(rows *sql.Rows, f *Finding) error {
	var seq int
	var kind matter.Kind
	if err := rows.Scan(&f.Matter, &seq, &kind, toTime{&f.At}, &f.PackHash, toJSON{&f.Event}, toHash{&f.Prev}, toHash{&f.Commitment},
		&f.Title, &f.Pack, &f.Procedure); err != nil {
		return err
	}
	f.Seq, f.Kind = seq, kind
	return nil
}
