// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"path/filepath"
	"testing"
	"time"

	"quanze/store"
	"quanze/store/storetest"
)

func open(t testing.TB, address string, now func() time.Time) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), address, store.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}

func TestSQLite(t *testing.T) {
	t.Parallel()
	storetest.Exercise(t, func(t *testing.T, now func() time.Time) *store.DB {
		return open(t, "sqlite:"+filepath.Join(t.TempDir(), "test.db"), now)
	})
}

func TestPostgres(t *testing.T) {
	t.Parallel()
	storetest.Postgres(t) // keeps one server for all that follows
	storetest.Exercise(t, func(t *testing.T, now func() time.Time) *store.DB {
		return open(t, storetest.Postgres(t), now)
	})
}
