// SPDX-License-Identifier: Apache-2.0

package store

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"io"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the schema forward to this program's version, each migration
// in a transaction of its own. It never goes back, and it is safe to call on
// several nodes at once.
func (db *DB) Migrate(ctx context.Context) error {
	provider, done, err := db.migrator()
	if err != nil {
		return err
	}
	defer done()
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrating the database: %w", err)
	}
	return nil
}

// Pending reports how many migrations this program has that the database lacks.
func (db *DB) Pending(ctx context.Context) (int, error) {
	provider, done, err := db.migrator()
	if err != nil {
		return 0, err
	}
	defer done()
	status, err := provider.Status(ctx)
	if err != nil {
		return 0, fmt.Errorf("reading the database's version: %w", err)
	}
	n := 0
	for _, s := range status {
		if s.State == goose.StatePending {
			n++
		}
	}
	return n, nil
}

// migrator has a connection of its own: goose holds one for its lock while it
// works on another, and the writer of SQLite is one only.
func (db *DB) migrator() (*goose.Provider, func(), error) {
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, nil, fmt.Errorf("migrations: %w", err)
	}
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	target, done := db.write, func() {}
	if db.dialect.name == SQLite {
		if target, err = openSQLite(db.file, false, 1); err != nil {
			return nil, nil, err
		}
		done = func() { target.Close() } //nolint:errcheck // nothing is pending on it
	} else {
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return nil, nil, fmt.Errorf("migration lock: %w", err)
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	provider, err := goose.NewProvider(db.dialect.goose, target, engineFiles{folder, db.dialect}, options...)
	if err != nil {
		done()
		return nil, nil, fmt.Errorf("reading the migrations: %w", err)
	}
	return provider, done, nil
}

// engineFiles shows the migrations as one engine is to read them.
type engineFiles struct {
	fs.FS
	dialect *dialect
}

// Open opens a folder as it is, a file without the other engine's lines.
func (e engineFiles) Open(name string) (fs.File, error) {
	f, err := e.FS.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		return f, err
	}
	defer f.Close() //nolint:errcheck // read only
	text, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	return &engineFile{Reader: bytes.NewReader(e.dialect.only(text)), info: info}, nil
}

type engineFile struct {
	*bytes.Reader
	info fs.FileInfo
}

// Stat describes the embedded file; its size is that of the whole text.
func (f *engineFile) Stat() (fs.FileInfo, error) { return f.info, nil }

// Close does nothing: the text is in memory.
func (f *engineFile) Close() error { return nil }
