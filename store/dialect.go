// SPDX-License-Identifier: Apache-2.0

package store

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // registers "sqlite" with database/sql
)

// The engines, as DB.Engine names them.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// dialect is all that differs between the engines. Everything else is one text.
type dialect struct {
	name  string
	goose goose.Dialect
	// marker ends the lines of a migration that are for this engine alone.
	marker, foreign string
	// forUpdate and skipLocked end a select that claims its rows. SQLite has one
	// writer at a time, so there all rows are claimed already.
	forUpdate, skipLocked string
	// searchInsert and searchDelete keep the index of anchors, $1 being the
	// anchor; searchMatch is the condition on anchors a, the query being $1.
	searchInsert, searchDelete, searchMatch string
	// indexed and query write words as the engine's index and query language.
	indexed func(words []string) string
	query   func(phrases [][]string, prefix []bool) string
}

var sqliteDialect = dialect{
	name: SQLite, goose: goose.DialectSQLite3, marker: "-- sqlite", foreign: "-- postgres",
	searchInsert: `insert into anchor_words (rowid, words) values ($1, $2)`,
	searchDelete: `delete from anchor_words where rowid = $1`,
	searchMatch:  `a.id in (select rowid from anchor_words where anchor_words match $1)`,
	indexed:      func(words []string) string { return strings.Join(words, " ") },
	query:        ftsQuery,
}

var postgresDialect = dialect{
	name: Postgres, goose: goose.DialectPostgres, marker: "-- postgres", foreign: "-- sqlite",
	forUpdate: " for update", skipLocked: " for update skip locked",
	searchInsert: `insert into anchor_words (anchor_id, words) values ($1, $2::text::tsvector)`,
	searchDelete: `delete from anchor_words where anchor_id = $1`,
	searchMatch:  `a.id in (select anchor_id from anchor_words where words @@ $1::text::tsquery)`,
	indexed:      tsVector,
	query:        tsQuery,
}

// ftsQuery writes phrases as an FTS5 query. Words hold letters and digits only,
// so nothing in them can be taken for syntax once quoted.
func ftsQuery(phrases [][]string, prefix []bool) string {
	var b strings.Builder
	for i, words := range phrases {
		if i > 0 {
			b.WriteString(" AND ")
		}
		b.WriteString(`"` + strings.Join(words, " ") + `"`)
		if prefix[i] {
			b.WriteString("*")
		}
	}
	return b.String()
}

// maxPosition is the last place in a text that a tsvector can tell apart.
const maxPosition = 16383

// tsVector writes the words as a tsvector literal, so that no parser of the
// server has a say in what a word is.
func tsVector(words []string) string {
	var b strings.Builder
	for i, w := range words {
		fmt.Fprintf(&b, "'%s':%d ", w, min(i+1, maxPosition))
	}
	return b.String()
}

func tsQuery(phrases [][]string, prefix []bool) string {
	var b strings.Builder
	for i, words := range phrases {
		if i > 0 {
			b.WriteString(" & ")
		}
		b.WriteString("(")
		for k, w := range words {
			if k > 0 {
				b.WriteString(" <-> ")
			}
			b.WriteString("'" + w + "'")
			if prefix[i] && k == len(words)-1 {
				b.WriteString(":*")
			}
		}
		b.WriteString(")")
	}
	return b.String()
}

// only keeps the lines of a migration that are for this engine. A line that
// ends in "-- sqlite" or "-- postgres" is for that engine alone.
func (d *dialect) only(text []byte) []byte {
	var out bytes.Buffer
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, len(text)+1)
	for lines.Scan() {
		line := strings.TrimRight(lines.Text(), " ")
		if strings.HasSuffix(line, d.foreign) {
			continue
		}
		out.WriteString(strings.TrimSuffix(line, d.marker))
		out.WriteByte('\n')
	}
	return out.Bytes()
}

// snapshot says how a transaction must begin so that all its reads see one state.
func (d *dialect) snapshot() *sql.TxOptions {
	if d.name == SQLite {
		return &sql.TxOptions{ReadOnly: true} // WAL: a reader sees the state of its first read
	}
	return &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
}

// retryable reports whether a transaction failed only because of its neighbours.
func retryable(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01") // serialization, deadlock
}

// sqliteDSN opens a file with the settings that make a commit outlive a power cut.
//
// Begin is written out by the writer ("begin immediate"): in WAL mode a reader
// that turns writer after another commit fails at once with SQLITE_BUSY, and no
// busy timeout helps.
func sqliteDSN(file string, readOnly bool) (string, error) {
	if file == "" || strings.HasPrefix(file, ":memory:") {
		return "", errors.New("the sqlite database must be a file")
	}
	abs, err := filepath.Abs(file)
	if err != nil {
		return "", fmt.Errorf("database file %s: %w", file, err)
	}
	q := url.Values{}
	q.Set("_time_format", "sqlite")
	pragmas := []string{"busy_timeout(10000)", "foreign_keys(1)", "temp_store(memory)"}
	if readOnly {
		pragmas = append(pragmas, "query_only(1)")
	} else {
		q.Set("_txlock", "immediate")
		pragmas = append(pragmas, "journal_mode(WAL)", "synchronous(FULL)", "cache_size(-16384)", "wal_autocheckpoint(4000)")
	}
	for _, p := range pragmas {
		q.Add("_pragma", p)
	}
	return (&url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(abs), RawQuery: q.Encode()}).String(), nil
}

func openSQLite(file string, readOnly bool, conns int) (*sql.DB, error) {
	dsn, err := sqliteDSN(file, readOnly)
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", file, err)
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

func openPostgres(dsn string, conns int) (*sql.DB, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("reading the database address: %w", err)
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "quanze"
	}
	// A server set to answer before the commit is on disk would break the one
	// promise of DB.Write; whatever is stricter than "on" stays.
	durable := stdlib.OptionAfterConnect(func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, `select set_config('synchronous_commit', 'on', false)
			where current_setting('synchronous_commit') in ('off', 'local')`)
		return err
	})
	db := stdlib.OpenDB(*config, durable)
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}
