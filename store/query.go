// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Reader looks and cannot write. On a DB it reads what is committed; the one
// inside a Tx also sees what that transaction has written.
type Reader struct {
	session *session
	dialect *dialect
	cache   *cache
	now     func() time.Time
	// pending writes what the transaction has put off; none outside of one.
	pending func(context.Context) error
	// dirty says that this transaction has changed the registry, so that what is
	// read now may never be committed and must not be kept.
	dirty bool
}

// settle lets the reader see what its own transaction has put off.
func (r *Reader) settle(ctx context.Context) error {
	if r.pending == nil {
		return nil
	}
	return r.pending(ctx)
}

// session is where statements run: exactly one of db, conn and tx is set.
type session struct {
	db   *sql.DB
	conn *sql.Conn
	tx   *sql.Tx
	// prepared keeps statements; none where the driver does so itself.
	prepared *statements
	// direct runs what changes rows, on the writing connection of SQLite.
	direct *direct
	// sticky makes the first failed statement the last, as on PostgreSQL: some
	// errors of SQLite end the transaction by themselves, and what came after
	// would be committed row by row.
	sticky bool
	failed error
}

// maxStatements bounds the kept statements: lists of varying length make many texts.
const maxStatements = 512

type statements struct {
	mu      sync.Mutex
	byText  map[string]*sql.Stmt
	prepare func(context.Context, string) (*sql.Stmt, error)
}

// newStatements keeps the statements of SQLite; pgx keeps its own.
func newStatements(prepare func(context.Context, string) (*sql.Stmt, error)) *statements {
	return &statements{byText: make(map[string]*sql.Stmt), prepare: func(ctx context.Context, text string) (*sql.Stmt, error) {
		return prepare(ctx, bare(text))
	}}
}

// get returns the statement, or nil where it is better run unprepared.
func (s *statements) get(ctx context.Context, text string) (*sql.Stmt, error) {
	if s == nil {
		return nil, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if stmt := s.byText[text]; stmt != nil || len(s.byText) >= maxStatements {
		return stmt, nil
	}
	stmt, err := s.prepare(ctx, text)
	if err == nil {
		s.byText[text] = stmt
	}
	return stmt, err
}

func (s *session) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	if s.failed != nil {
		return nil, s.failed
	}
	stmt, err := s.prepared.get(ctx, text)
	if err != nil {
		return nil, s.fail(err)
	}
	var rows *sql.Rows
	switch {
	case stmt != nil:
		rows, err = stmt.QueryContext(ctx, args...)
	case s.tx != nil:
		rows, err = s.tx.QueryContext(ctx, text, args...)
	case s.conn != nil:
		rows, err = s.conn.QueryContext(ctx, text, args...)
	default:
		rows, err = s.db.QueryContext(ctx, text, args...)
	}
	return rows, s.fail(err)
}

// exec runs a statement and returns how many rows it changed.
func (s *session) exec(ctx context.Context, text string, args ...any) (int64, error) {
	if s.failed != nil {
		return 0, s.failed
	}
	if s.direct != nil {
		n, err := s.direct.exec(ctx, text, args)
		return n, s.fail(err)
	}
	stmt, err := s.prepared.get(ctx, text)
	if err != nil {
		return 0, s.fail(err)
	}
	var result sql.Result
	switch {
	case stmt != nil:
		result, err = stmt.ExecContext(ctx, args...)
	case s.tx != nil:
		result, err = s.tx.ExecContext(ctx, text, args...)
	case s.conn != nil:
		result, err = s.conn.ExecContext(ctx, text, args...)
	default:
		result, err = s.db.ExecContext(ctx, text, args...)
	}
	if err != nil {
		return 0, s.fail(err)
	}
	n, err := result.RowsAffected()
	return n, s.fail(err)
}

func (s *session) fail(err error) error {
	if err != nil && s.sticky && s.failed == nil {
		s.failed = err
	}
	return err
}

// rowsPerInsert bounds the rows of one statement, and so the number of texts.
const rowsPerInsert = 32

// insert puts rows in by few statements: head is "insert into t (a, b) values",
// tail what follows the rows.
func (s *session) insert(ctx context.Context, head, tail string, rows [][]any) error {
	for len(rows) > 0 {
		n := min(len(rows), rowsPerInsert)
		args := make([]any, 0, n*len(rows[0]))
		for _, row := range rows[:n] {
			args = append(args, row...)
		}
		text := head + " " + tuples(n, len(rows[0]), 1) + " " + tail
		if _, err := s.exec(ctx, text, args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// tuples writes n groups of width placeholders, from $first: ($1, $2), ($3, $4).
func tuples(n, width, first int) string {
	b := make([]byte, 0, n*(width*5+3))
	for i := range n {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = append(b, '(')
		for k := range width {
			if k > 0 {
				b = append(b, ", "...)
			}
			b = append(b, '$')
			b = strconv.AppendInt(b, int64(first+i*width+k), 10)
		}
		b = append(b, ')')
	}
	return string(b)
}

// list runs a query and reads all of its rows.
func list[T any](ctx context.Context, s *session, scan func(*sql.Rows, *T) error, text string, args ...any) (out []T, err error) {
	rows, err := s.query(ctx, text, args)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var v T
		if err := scan(rows, &v); err != nil {
			return nil, s.fail(err)
		}
		out = append(out, v)
	}
	return out, s.fail(rows.Err())
}

// one is list for a query of at most one row; found says whether there was one.
func one[T any](ctx context.Context, s *session, scan func(*sql.Rows, *T) error, text string, args ...any) (v T, found bool, err error) {
	all, err := list(ctx, s, scan, text, args...)
	if err != nil || len(all) == 0 {
		return v, false, err
	}
	return all[0], true, nil
}

// where collects conditions and their arguments. A condition has a ? for each
// argument; they are numbered as they come.
type where struct {
	conditions []string
	args       []any
}

// add adds a condition.
func (w *where) add(condition string, args ...any) {
	for _, a := range args {
		w.args = append(w.args, a)
		condition = strings.Replace(condition, "?", fmt.Sprintf("$%d", len(w.args)), 1)
	}
	w.conditions = append(w.conditions, condition)
}

// in adds that the column is one of the values; of no values, none is.
func in[T ~string](w *where, column string, values []T) {
	w.conditions = append(w.conditions, column+" in ("+marks(w, values)+")")
}

// marks adds the values as arguments and returns their placeholders.
func marks[T ~string](w *where, values []T) string {
	if len(values) == 0 {
		return "null"
	}
	names := make([]string, len(values))
	for i, v := range values {
		w.args = append(w.args, string(v))
		names[i] = fmt.Sprintf("$%d", len(w.args))
	}
	return strings.Join(names, ", ")
}

// text returns "where …", or nothing.
func (w *where) text() string {
	if len(w.conditions) == 0 {
		return ""
	}
	return " where " + strings.Join(w.conditions, " and ")
}

// Page bounds a list. After is the Next of the page before, Limit the most rows
// (0 means 50, at most 1000).
type Page struct {
	After string
	Limit int
}

func (p Page) limit() int { return min(orElse(p.Limit, 50), 1000) }

// cut returns the page's rows out of limit+1 asked for, and the mark of the next.
func cut[T any](all []T, limit int, mark func(T) string) (page []T, next string) {
	if len(all) <= limit {
		return all, ""
	}
	return all[:limit], mark(all[limit-1])
}
