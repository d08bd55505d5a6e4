// SPDX-License-Identifier: Apache-2.0

package store

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"quanze/core/calendar"
	"quanze/core/ledger"
)

// Instants are kept as UTC microseconds, days as text, no value as null.

// micros is an instant as a column, null for none.
func micros(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

func instant(n int64) time.Time { return time.UnixMicro(n).UTC() }

// day is a date as a column, null for none.
func day(d calendar.Date) any {
	if !d.Valid() {
		return nil
	}
	return d.String()
}

// text is a text as a column that is null where it is empty.
func text[T ~string](s T) any {
	if s == "" {
		return nil
	}
	return string(s)
}

// toTime, toDay, toText, toJSON and toHash read columns that may be null.
type (
	toTime struct{ to *time.Time }
	toDay  struct{ to *calendar.Date }
	toJSON struct{ to any }
	toHash struct{ to *ledger.Hash }
)

type toText[T ~string] struct{ to *T }

var errColumn = errors.New("a column holds what this program did not write")

// Scan reads microseconds or null.
func (s toTime) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*s.to = time.Time{}
	case int64:
		*s.to = instant(v)
	default:
		return errColumn
	}
	return nil
}

// Scan reads a day or null.
func (s toDay) Scan(v any) (err error) {
	switch v := v.(type) {
	case nil:
		*s.to = 0
	case string:
		*s.to, err = calendar.ParseDate(v)
	case []byte:
		*s.to, err = calendar.ParseDate(string(v))
	default:
		err = errColumn
	}
	return err
}

// Scan reads a text or null.
func (s toText[T]) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*s.to = ""
	case string:
		*s.to = T(v)
	case []byte:
		*s.to = T(v)
	default:
		return errColumn
	}
	return nil
}

// Scan reads JSON or null, which leaves the value as it is.
func (s toJSON) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		return json.Unmarshal([]byte(v), s.to)
	case []byte:
		return json.Unmarshal(v, s.to)
	}
	return errColumn
}

// Scan reads a hash or null.
func (s toHash) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*s.to = ledger.Hash{}
	case []byte:
		if len(v) != len(s.to) {
			return errColumn
		}
		copy(s.to[:], v)
	default:
		return errColumn
	}
	return nil
}

// hash is a hash as a column, null for none.
func hash(h ledger.Hash) any {
	if h.Zero() {
		return nil
	}
	return h[:]
}

// asJSON is a value as a column of JSON.
func asJSON(v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("writing %T as JSON: %w", v, err)
	}
	return string(b), nil
}

// NewID returns a name that nobody has used: 32 hexadecimal digits, of which the
// first twelve are the millisecond, so that later names stand behind earlier ones.
func NewID(at time.Time) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(at.UnixMilli())<<16)
	rand.Read(b[6:]) //nolint:errcheck // crypto/rand never fails: it ends the program first
	return hex.EncodeToString(b[:])
}

// cursor writes the mark of a page: the sort key and the id of its last row.
func cursor(key, id string) string { return key + "/" + id }

// parseCursor reads what cursor wrote. A mark that somebody made up is a fault.
func parseCursor(after string) (key, id string, err error) {
	key, id, ok := strings.Cut(after, "/")
	if !ok {
		return "", "", errPage()
	}
	return key, id, nil
}

// parseTimeCursor is parseCursor for a key of microseconds.
func parseTimeCursor(after string) (key int64, id string, err error) {
	s, id, err := parseCursor(after)
	if err != nil {
		return 0, "", err
	}
	key, err = strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, "", errPage()
	}
	return key, id, nil
}
