// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"quanze/core/matter"
)

// DraftKey names a form that somebody has begun to fill in. Matter is empty for
// a matter not begun; Act is then the office's word for what begins it.
type DraftKey struct {
	Account AccountID
	Matter  matter.ID
	Act     string
	Party   string
}

// Draft is what was typed into a form, as JSON.
type Draft struct {
	DraftKey
	Body    string
	SavedAt time.Time
}

// SaveDraft keeps what was typed. SavedAt is the store's.
func (tx *Tx) SaveDraft(ctx context.Context, d Draft) error {
	_, err := tx.session.exec(ctx, `insert into drafts (account_id, matter_id, act, party, body, saved_at) values ($1, $2, $3, $4, $5, $6)
		on conflict (account_id, matter_id, act, party) do update set body = excluded.body, saved_at = excluded.saved_at`,
		string(d.Account), string(d.Matter), d.Act, d.Party, d.Body, micros(tx.At))
	if err != nil {
		return fmt.Errorf("saving a draft of %s: %w", d.Act, err)
	}
	return nil
}

// DeleteDraft removes a draft: in the transaction that does the act. One that
// is not there is no error.
func (tx *Tx) DeleteDraft(ctx context.Context, k DraftKey) error {
	_, err := tx.session.exec(ctx, `delete from drafts where account_id = $1 and matter_id = $2 and act = $3 and party = $4`,
		string(k.Account), string(k.Matter), k.Act, k.Party)
	if err != nil {
		return fmt.Errorf("removing a draft of %s: %w", k.Act, err)
	}
	return nil
}

const draftColumns = `account_id, matter_id, act, party, body, saved_at`

func scanDraft(rows *sql.Rows, d *Draft) error {
	return rows.Scan(&d.Account, &d.Matter, &d.Act, &d.Party, &d.Body, toTime{&d.SavedAt})
}

// Draft returns what was typed; found is false where there is nothing.
func (r *Reader) Draft(ctx context.Context, k DraftKey) (d Draft, found bool, err error) {
	d, found, err = one(ctx, r.session, scanDraft, `select `+draftColumns+` from drafts
		where account_id = $1 and matter_id = $2 and act = $3 and party = $4`, string(k.Account), string(k.Matter), k.Act, k.Party)
	if err != nil {
		return Draft{}, false, fmt.Errorf("reading a draft of %s: %w", k.Act, err)
	}
	return d, found, nil
}

// Drafts lists an account's drafts, the latest saved first.
func (r *Reader) Drafts(ctx context.Context, account AccountID) ([]Draft, error) {
	all, err := list(ctx, r.session, scanDraft, `select `+draftColumns+` from drafts where account_id = $1
		order by saved_at desc, matter_id, act, party`, string(account))
	if err != nil {
		return nil, fmt.Errorf("listing drafts: %w", err)
	}
	return all, nil
}
