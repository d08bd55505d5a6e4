// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"quanze/store"
	"quanze/store/storetest"
)

func TestSQLite(t *testing.T) {
	t.Parallel()
	storetest.Exercise(t, func(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "a name with ? and #.db") })
}

func TestPostgres(t *testing.T) {
	t.Parallel()
	storetest.Postgres(t) // keeps one server for all that follows
	storetest.Exercise(t, storetest.Postgres)
}

func TestOpen(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"mysql://x":                         "want sqlite:FILE or postgres://",
		"":                                  "want sqlite:FILE or postgres://",
		"sqlite:":                           "must be a file",
		"sqlite::memory:":                   "must be a file",
		"sqlite:/no/such/folder/x.db":       "opening the database",
		"postgres://127.0.0.1:1/x":          "opening the database",
		"postgres://%zz":                    "reading the database address",
		"postgres://u:secret@127.0.0.1:1/x": "opening the database",
	} {
		db, err := store.Open(t.Context(), address, store.Options{})
		if db != nil || err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("Open(%q): %v, want %q", address, err, want)
		}
	}
}

// open opens and migrates a database for a benchmark.
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
