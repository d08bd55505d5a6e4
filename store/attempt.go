// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"quanze/core/calendar"
	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/core/org"
)

// Attempt is an act that was refused: who tried what, when, and by which clause
// it is not permitted. It is no part of the matter's record.
type Attempt struct {
	ID string
	At time.Time
	// Matter is empty where the act would have begun one.
	Matter    matter.ID
	Pack      string
	PackHash  string
	Procedure string
	Moment    matter.Kind
	Actor     matter.Actor
	On        calendar.Date
	// Refusal carries the act, the party, the reason and the clauses.
	Refusal matter.Refusal
	// Excused says that a later correction would have permitted it.
	Excused bool
}

// RecordAttempt keeps a refused act. ID and At are the store's.
func (tx *Tx) RecordAttempt(ctx context.Context, a Attempt) (Attempt, error) {
	a.ID, a.At = NewID(tx.At), tx.At
	clauses, err := asJSON(a.Refusal.Clauses)
	if err != nil {
		return Attempt{}, err
	}
	refusal, err := asJSON(a.Refusal)
	if err != nil {
		return Attempt{}, err
	}
	_, err = tx.session.exec(ctx, `insert into attempts (id, at, matter_id, pack, pack_hash, procedure, act, moment, party, person, post,
			on_day, why, clauses, refusal) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		a.ID, micros(a.At), text(a.Matter), a.Pack, a.PackHash, a.Procedure, a.Refusal.Act, string(a.Moment), a.Refusal.Party,
		string(a.Actor.Person), string(a.Actor.Post), day(a.On), string(a.Refusal.Why), clauses, refusal)
	if err != nil {
		return Attempt{}, fmt.Errorf("recording an attempt at %s: %w", a.Refusal.Act, err)
	}
	return a, nil
}

// ExcuseAttempt notes that by event seq of its matter the attempt would have
// been permitted. It is safe twice.
func (tx *Tx) ExcuseAttempt(ctx context.Context, id string, seq int) error {
	_, err := tx.session.exec(ctx, `insert into attempts_excused (attempt_id, at, seq) values ($1, $2, $3) on conflict do nothing`,
		id, micros(tx.At), seq)
	if err != nil {
		return fmt.Errorf("excusing attempt %s: %w", id, err)
	}
	return nil
}

// AttemptFilter chooses attempts; what is not set does not narrow.
type AttemptFilter struct {
	Matter       matter.ID
	Persons      []org.PersonID
	Packs        []string
	From, Before time.Time
	Page         Page
}

// Attempts lists refused acts, the latest first.
func (r *Reader) Attempts(ctx context.Context, f AttemptFilter) (page []Attempt, next string, err error) {
	w := new(where)
	if f.Matter != "" {
		w.add("a.matter_id = ?", string(f.Matter))
	}
	if len(f.Persons) > 0 {
		in(w, "a.person", f.Persons)
	}
	if len(f.Packs) > 0 {
		in(w, "a.pack", f.Packs)
	}
	if !f.From.IsZero() {
		w.add("a.at >= ?", micros(f.From))
	}
	if !f.Before.IsZero() {
		w.add("a.at < ?", micros(f.Before))
	}
	if f.Page.After != "" {
		at, id, err := parseTimeCursor(f.Page.After)
		if err != nil {
			return nil, "", err
		}
		w.add("(a.at, a.id) < (?, ?)", at, id)
	}
	limit := f.Page.limit()
	all, err := list(ctx, r.session, scanAttempt, `select a.id, a.at, a.matter_id, a.pack, a.pack_hash, a.procedure, a.moment,
			a.person, a.post, a.on_day, a.refusal, x.attempt_id is not null
		from attempts a left join attempts_excused x on x.attempt_id = a.id`+w.text()+`
		order by a.at desc, a.id desc limit `+strconv.Itoa(limit+1), w.args...)
	if err != nil {
		return nil, "", fmt.Errorf("listing attempts: %w", err)
	}
	page, next = cut(all, limit, func(a Attempt) string { return cursor(strconv.FormatInt(a.At.UnixMicro(), 10), a.ID) })
	return page, next, nil
}

func scanAttempt(rows *sql.Rows, a *Attempt) error {
	return rows.Scan(&a.ID, toTime{&a.At}, toText[matter.ID]{&a.Matter}, &a.Pack, &a.PackHash, &a.Procedure, &a.Moment,
		&a.Actor.Person, &a.Actor.Post, toDay{&a.On}, toJSON{&a.Refusal}, &a.Excused)
}

func errPage() error { return fault.New(fault.Invalid, "store.page") }
