// SPDX-License-Identifier: Apache-2.0

// Package registry changes what matters rest on: the units, posts, persons and
// tenures, the accounts, the packs and calendar notices that are installed, the
// local parameters. Each change is a dated entry with who made it. It runs no
// matter. Start at Registry.
package registry

import (
	"context"
	"encoding/json"

	"quanze/office"
	"quanze/store"
)

// Registry makes changes for an office.
type Registry struct {
	office *office.Office
}

// New returns the registry of an office.
func New(o *office.Office) *Registry { return &Registry{o} }

func (g *Registry) change(ctx context.Context, by store.AccountID, what, subject string, detail any, fn func(context.Context, *store.Tx) error) error {
	body, err := json.Marshal(detail)
	if err != nil {
		return err
	}
	return g.office.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := fn(ctx, tx); err != nil {
			return err
		}
		return tx.RecordChange(ctx, store.Change{Account: by, What: what, Subject: subject, Detail: string(body)})
	})
}
