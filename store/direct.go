// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"
)

// direct runs the writes of SQLite's one connection past database/sql, which
// would spend as long on each as SQLite does: an act is some fifteen statements.
// Reads go the usual way.
type direct struct {
	conn   *sql.Conn
	byText map[string]driver.StmtExecContext
	args   []driver.NamedValue
}

func newDirect(conn *sql.Conn) *direct {
	return &direct{conn: conn, byText: make(map[string]driver.StmtExecContext)}
}

// exec runs a statement and returns how many rows it changed. Only who holds
// the pen may call it.
func (d *direct) exec(ctx context.Context, text string, args []any) (changed int64, err error) {
	err = d.conn.Raw(func(raw any) error {
		stmt := d.byText[text]
		if stmt == nil {
			if stmt, err = prepare(ctx, raw, bare(text)); err != nil {
				return err
			}
			if len(d.byText) < maxStatements {
				d.byText[text] = stmt
			} else {
				defer stmt.(driver.Stmt).Close() //nolint:errcheck // what it did is told already
			}
		}
		d.args = d.args[:0]
		for i, a := range args {
			v, err := plain(a)
			if err != nil {
				return fmt.Errorf("argument %d: %w", i+1, err)
			}
			d.args = append(d.args, driver.NamedValue{Ordinal: i + 1, Value: v})
		}
		result, err := stmt.ExecContext(ctx, d.args)
		if err != nil {
			return err
		}
		changed, err = result.RowsAffected()
		return err
	})
	return changed, err
}

func prepare(ctx context.Context, raw any, text string) (driver.StmtExecContext, error) {
	preparer, ok := raw.(driver.ConnPrepareContext)
	if !ok {
		return nil, fmt.Errorf("store: %T cannot prepare", raw)
	}
	stmt, err := preparer.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	direct, ok := stmt.(driver.StmtExecContext)
	if !ok {
		return nil, fmt.Errorf("store: %T cannot execute", stmt)
	}
	return direct, nil
}

// plain is an argument as a driver takes it. The store uses no other types.
func plain(a any) (driver.Value, error) {
	switch a := a.(type) {
	case int:
		return int64(a), nil
	case nil, string, int64, bool, []byte:
		return a, nil
	}
	return nil, fmt.Errorf("store: %T is no column", a)
}

// bare writes ? for $1, $2 … where they come in order and once each: SQLite
// looks a named placeholder up in a list, one by one, and a statement of many
// rows has hundreds.
func bare(text string) string {
	var b strings.Builder
	for n, rest := 1, text; ; n++ {
		before, after, found := strings.Cut(rest, "$")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		digits := len(after) - len(strings.TrimLeft(after, "0123456789"))
		if after[:digits] != strconv.Itoa(n) {
			return text
		}
		b.WriteByte('?')
		rest = after[digits:]
	}
}
