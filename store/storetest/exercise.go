// SPDX-License-Identifier: Apache-2.0

package storetest

import (
	"context"
	"testing"
	"time"

	"quanze/core/matter"
	"quanze/store"
)

// Exercise runs the whole suite. open returns a DB that is migrated and empty,
// with the clock it is given; it closes it when the test ends.
func Exercise(t *testing.T, open func(t *testing.T, now func() time.Time) *store.DB) {
	db := open(t, time.Now)
	err := db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		if err := tx.CreateMatter(ctx, store.Matter{ID: "m1"}); err != nil {
			return err
		}
		_, err := tx.AppendEvents(ctx, "m1", 0, []matter.Event{{Kind: matter.Done, Act: "accept"}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Log(db.Reader().Events(t.Context(), "m1"))
}
