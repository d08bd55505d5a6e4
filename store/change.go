// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"
)

// Change is one thing an administrator did: kept for the audit administrator.
type Change struct {
	ID      string
	At      time.Time
	Account AccountID
	// What is a key of the catalogue, Subject what was changed.
	What    string
	Subject string
	// Detail is the office's own, as JSON.
	Detail string
}

// RecordChange keeps what an administrator did. ID and At are the store's.
func (tx *Tx) RecordChange(ctx context.Context, c Change) error {
	_, err := tx.session.exec(ctx, `insert into changes (id, at, account, what, subject, detail) values ($1, $2, $3, $4, $5, $6)`,
		NewID(tx.At), micros(tx.At), string(c.Account), c.What, c.Subject, text(c.Detail))
	if err != nil {
		return fmt.Errorf("recording a change of %s: %w", c.Subject, err)
	}
	return nil
}

// Changes lists what administrators did, the latest first.
func (r *Reader) Changes(ctx context.Context, p Page) (page []Change, next string, err error) {
	w := new(where)
	if p.After != "" {
		w.add("id < ?", p.After)
	}
	limit := p.limit()
	all, err := list(ctx, r.session, func(rows *sql.Rows, c *Change) error {
		return rows.Scan(&c.ID, toTime{&c.At}, &c.Account, &c.What, &c.Subject, toText[string]{&c.Detail})
	}, `select id, at, account, what, subject, detail from changes`+w.text()+` order by id desc limit `+strconv.Itoa(limit+1), w.args...)
	if err != nil {
		return nil, "", fmt.Errorf("listing changes: %w", err)
	}
	page, next = cut(all, limit, func(c Change) string { return c.ID })
	return page, next, nil
}
