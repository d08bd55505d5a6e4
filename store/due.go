// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"quanze/core/matter"
)

// DueTerms claims up to limit armed terms that have expired at tx.At, the
// earliest first. What another node holds is passed over. A term stays due
// until ReplaceTerms or FireTerms gives it another state.
func (tx *Tx) DueTerms(ctx context.Context, limit int) ([]Term, error) {
	all, err := list(ctx, tx.session, scanTerm, dueText(limit)+tx.dialect.skipLocked, micros(tx.At))
	if err != nil {
		return nil, fmt.Errorf("claiming due terms: %w", err)
	}
	return all, nil
}

// DueTerms lists up to limit armed terms that have expired at now, the earliest
// first, and claims none.
func (r *Reader) DueTerms(ctx context.Context, now time.Time, limit int) ([]Term, error) {
	all, err := list(ctx, r.session, scanTerm, dueText(limit), micros(now))
	if err != nil {
		return nil, fmt.Errorf("listing due terms: %w", err)
	}
	return all, nil
}

// dueText orders by the index of armed terms. Without the order PostgreSQL
// took 50 ms and more for an empty poll of a million terms.
func dueText(limit int) string {
	return `select ` + termColumns + ` from terms t where t.state = 'armed' and t.expires_at <= $1
		order by t.expires_at, t.matter_id, t.key limit ` + strconv.Itoa(max(1, limit))
}

// DueMatter is a matter with terms that have expired.
type DueMatter struct {
	Matter matter.ID
	// Since is the earliest of their expiries.
	Since time.Time
	Terms int
}

// DueMatters lists matters with armed terms that have expired at now, in order
// of their earliest: the office advances each in a transaction of its own.
func (r *Reader) DueMatters(ctx context.Context, now time.Time, limit int) ([]DueMatter, error) {
	all, err := list(ctx, r.session, func(rows *sql.Rows, d *DueMatter) error {
		return rows.Scan(&d.Matter, toTime{&d.Since}, &d.Terms)
	}, `select t.matter_id, min(t.expires_at), count(*) from terms t where t.state = 'armed' and t.expires_at <= $1
		group by t.matter_id order by min(t.expires_at), t.matter_id limit `+strconv.Itoa(max(1, limit)), micros(now))
	if err != nil {
		return nil, fmt.Errorf("listing due matters: %w", err)
	}
	return all, nil
}

// NextExpiry returns the earliest expiry of all armed terms, no instant where
// none is armed.
func (r *Reader) NextExpiry(ctx context.Context) (time.Time, error) {
	at, _, err := one(ctx, r.session, func(rows *sql.Rows, t *time.Time) error { return rows.Scan(toTime{t}) },
		`select t.expires_at from terms t where t.state = 'armed' and t.expires_at is not null order by t.expires_at limit 1`)
	if err != nil {
		return time.Time{}, fmt.Errorf("reading the next expiry: %w", err)
	}
	return at, nil
}

// FireTerms notes that these terms set off something of that kind (a lapse, a
// reminder), gives them the state they carry, and returns those that had not
// set it off before: of the same term, version and kind only the first counts.
// The terms are rows as DueTerms returned them, with another State.
func (tx *Tx) FireTerms(ctx context.Context, kind string, terms []Term) ([]Term, error) {
	fresh := make(map[string]bool, len(terms))
	for start := 0; start < len(terms); start += firingsPerInsert {
		part := terms[start:min(start+firingsPerInsert, len(terms))]
		var args []any
		for _, t := range part {
			args = append(args, string(t.Matter), t.Key, t.Version, kind, micros(tx.At))
		}
		fired, err := list(ctx, tx.session, func(rows *sql.Rows, t *Term) error { return rows.Scan(&t.Matter, &t.Key) },
			`insert into term_firings (matter_id, key, version, kind, fired_at) values `+tuples(len(part), 5, 1)+
				` on conflict do nothing returning matter_id, key`, args...)
		if err != nil {
			return nil, fmt.Errorf("firing terms: %w", err)
		}
		for _, t := range fired {
			fresh[cursor(string(t.Matter), t.Key)] = true
		}
	}
	if err := tx.setStates(ctx, terms); err != nil {
		return nil, fmt.Errorf("settling fired terms: %w", err)
	}
	var out []Term
	for _, t := range terms {
		if fresh[cursor(string(t.Matter), t.Key)] {
			out = append(out, t)
		}
	}
	return out, nil
}

// firingsPerInsert makes a round of due terms a few statements.
const firingsPerInsert = 200

// setStates writes the states the terms carry, and forgets what is owed no more.
func (tx *Tx) setStates(ctx context.Context, terms []Term) error {
	byState := make(map[TermState][][]any)
	var owedNoMore [][]any
	for _, t := range terms {
		byState[t.State] = append(byState[t.State], []any{string(t.Matter), t.Key})
		if !t.State.Owed() {
			t.State = Armed
			owedNoMore = append(owedNoMore, t.owedRows()...)
		}
	}
	for _, state := range []TermState{Late, Stopped, Met, Lapsed, Released} {
		for keys := byState[state]; len(keys) > 0; {
			n := min(len(keys), firingsPerInsert)
			args := []any{string(state)}
			for _, k := range keys[:n] {
				args = append(args, k...)
			}
			if _, err := tx.session.exec(ctx, `update terms set state = $1 where (matter_id, key) in (values `+tuples(n, 2, 2)+`)`, args...); err != nil {
				return err
			}
			keys = keys[n:]
		}
	}
	return remove(ctx, tx.session, `delete from owed where (bearer, due_on, matter_id, key) in`, owedNoMore)
}
