// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"errors"

	"quanze/core/org"
	"quanze/store"
)

// Organisation is a set of entries for the registry, as the demo and an import
// bring them.
type Organisation struct {
	Units   []org.Unit
	Posts   []org.Post
	Persons []org.Person
	Tenures []org.Tenure
}

// Enter records entries, all or none.
func (g *Registry) Enter(ctx context.Context, by store.AccountID, e Organisation) error {
	return g.change(ctx, by, "change.organisation", "", map[string]int{"units": len(e.Units), "persons": len(e.Persons)}, func(ctx context.Context, tx *store.Tx) error {
		var err error
		for _, u := range e.Units {
			err = errors.Join(err, tx.PutUnit(ctx, u))
		}
		for _, p := range e.Posts {
			err = errors.Join(err, tx.PutPost(ctx, p))
		}
		for _, p := range e.Persons {
			err = errors.Join(err, tx.PutPerson(ctx, p))
		}
		for _, t := range e.Tenures {
			_, putErr := tx.PutTenure(ctx, store.Tenure{Tenure: t})
			err = errors.Join(err, putErr)
		}
		return err
	})
}
