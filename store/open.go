// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Options are the settings of a DB. The zero value is usable.
type Options struct {
	// Now is the clock; none means the machine's.
	Now func() time.Time
	// Readers is the most connections that read at once; 0 means 4 on SQLite.
	// On PostgreSQL it bounds all connections, and 0 means 16.
	Readers int
}

// DB is an open database. All of its methods may be called at the same time.
type DB struct {
	dialect *dialect
	now     func() time.Time
	read    *sql.DB // SQLite: query_only connections; PostgreSQL: all of them
	write   *sql.DB // SQLite: the one writing connection; PostgreSQL: read again
	pen     *pen    // SQLite only
	reader  *Reader
	cache   *cache
	file    string // SQLite only
}

// Open opens "sqlite:FILE" or "postgres://…". A SQLite file that does not exist
// is made; the folder must exist. Nothing is migrated: see Migrate.
func Open(ctx context.Context, address string, opts Options) (*DB, error) {
	db := &DB{now: opts.Now, cache: new(cache)}
	if db.now == nil {
		db.now = time.Now
	}
	engine, file, _ := strings.Cut(address, ":")
	var err error
	switch engine {
	case "sqlite":
		err = db.openSQLite(file, orElse(opts.Readers, 4))
	case "postgres", "postgresql":
		db.dialect = &postgresDialect
		db.read, err = openPostgres(address, orElse(opts.Readers, 16))
		db.write = db.read
	default:
		err = fmt.Errorf("database address %q: want sqlite:FILE or postgres://…", engine+":")
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	session := &session{db: db.read}
	if db.dialect.name == SQLite {
		session.prepared = newStatements(db.read.PrepareContext)
	}
	db.reader = &Reader{session: session, dialect: db.dialect, cache: db.cache, now: db.now}
	if err := db.write.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("opening the database: %w", err), db.Close())
	}
	return db, nil
}

func (db *DB) openSQLite(file string, readers int) (err error) {
	db.dialect, db.file = &sqliteDialect, file
	if db.write, err = openSQLite(file, false, 1); err != nil {
		return err
	}
	if db.read, err = openSQLite(file, true, readers); err != nil {
		return err
	}
	db.pen = newPen(db.write)
	return nil
}

func orElse(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}

// Engine returns SQLite or Postgres.
func (db *DB) Engine() string { return db.dialect.name }

// Reader returns what looks and cannot write. Each of its methods sees the
// state of its own instant; see Snapshot for several that must agree.
func (db *DB) Reader() *Reader { return db.reader }

// Snapshot runs fn with a Reader all of whose methods see one state.
func (db *DB) Snapshot(ctx context.Context, fn func(context.Context, *Reader) error) error {
	tx, err := db.read.BeginTx(ctx, db.dialect.snapshot())
	if err != nil {
		return fmt.Errorf("beginning a snapshot: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // it has only read
	r := *db.reader
	r.session = &session{tx: tx}
	return fn(ctx, &r)
}

// Close waits for what is being written and closes the database. It is safe twice.
func (db *DB) Close() error {
	var errs []error
	if db.pen != nil {
		errs = append(errs, db.pen.close())
	}
	if db.read != nil {
		errs = append(errs, db.read.Close())
	}
	if db.write != nil && db.write != db.read {
		errs = append(errs, db.write.Close()) // last: the last to leave folds the WAL into the file
	}
	return errors.Join(errs...)
}
