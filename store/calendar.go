// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Notice is the text of one notice of holidays and working days, as it was
// installed; core/calendar reads it.
type Notice struct {
	Name        string
	Text        string
	InstalledAt time.Time
	InstalledBy AccountID
}

// InstallNotice keeps a notice. InstalledAt is the store's. It reports whether
// it was new: a name is used once, and a correction has a name of its own.
func (tx *Tx) InstallNotice(ctx context.Context, n Notice) (fresh bool, err error) {
	changed, err := tx.session.exec(ctx, `insert into notices (name, text, installed_at, installed_by) values ($1, $2, $3, $4)
		on conflict (name) do nothing`, n.Name, n.Text, micros(tx.At), string(n.InstalledBy))
	if err != nil {
		return false, fmt.Errorf("installing notice %s: %w", n.Name, err)
	}
	return changed > 0, nil
}

// Notices lists the installed notices by name.
func (r *Reader) Notices(ctx context.Context) ([]Notice, error) {
	all, err := list(ctx, r.session, func(rows *sql.Rows, n *Notice) error {
		return rows.Scan(&n.Name, &n.Text, toTime{&n.InstalledAt}, &n.InstalledBy)
	}, `select name, text, installed_at, installed_by from notices order by name`)
	if err != nil {
		return nil, fmt.Errorf("listing notices: %w", err)
	}
	return all, nil
}
