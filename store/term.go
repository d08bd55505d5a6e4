// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/core/org"
)

// TermState is where an obligation stands.
type TermState string

// The states of a term. Armed will expire; Late has, and is still owed; Stopped
// is owed while its clock stands still. The others are over.
const (
	Armed    TermState = "armed"
	Late     TermState = "late"
	Stopped  TermState = "stopped"
	Met      TermState = "met"
	Lapsed   TermState = "lapsed"
	Released TermState = "released"
)

// Owed reports whether somebody still owes it, or still may.
func (s TermState) Owed() bool { return s == Armed || s == Late || s == Stopped }

// Term is the row of an obligation: a cache of what the kernel computes. The
// same state always gives the same rows.
type Term struct {
	Matter matter.ID
	// Key is the obligation's identity within the matter, Term the name in the pack.
	Key  string
	Term string
	// Kind is duty, right, window, period or effect.
	Kind  string
	Party string
	// Role is the pack's word for who bears it, Bearers who that is.
	Role        string
	Bearers     []matter.Ref
	Due         calendar.Date
	Provisional bool
	State       TermState
	// ExpiresAt is the first instant at which it is too late. Left out, it is
	// the first instant after the due day.
	ExpiresAt time.Time
	// Version counts how often the day was set anew. The store's.
	Version int
}

// chinaTime is the time of all legal days. It has had no other offset since
// 1991, and a day before that expires nothing any more.
func chinaTime() *time.Location { return time.FixedZone("Asia/Shanghai", 8*60*60) }

// Expiry returns the first instant after the day in Asia/Shanghai; no instant
// for no day.
func Expiry(d calendar.Date) time.Time {
	if !d.Valid() {
		return time.Time{}
	}
	year, month, dayOf := d.YMD()
	return time.Date(year, time.Month(month), dayOf+1, 0, 0, 0, 0, chinaTime()).UTC()
}

// noDay sorts what has no last day behind all that has.
const noDay = "9999-12-31"

func (t Term) dueKey() string {
	if !t.Due.Valid() {
		return noDay
	}
	return t.Due.String()
}

func (t Term) bearers() []string {
	var out []string
	for _, b := range t.Bearers {
		out = append(out, members(b)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// same reports whether nothing of the row would change.
func (t Term) same(o Term) bool {
	return t.Term == o.Term && t.Kind == o.Kind && t.Party == o.Party && t.Role == o.Role && t.Due == o.Due &&
		t.Provisional == o.Provisional && t.State == o.State && t.ExpiresAt.Equal(o.ExpiresAt) && slices.Equal(t.Bearers, o.Bearers)
}

const termColumns = `t.matter_id, t.key, t.term, t.kind, t.party, t.role, t.bearers, t.due_on, t.provisional, t.expires_at, t.state, t.version`

func (t *Term) targets() []any {
	return []any{&t.Matter, &t.Key, &t.Term, &t.Kind, &t.Party, &t.Role, toJSON{&t.Bearers}, toDay{&t.Due}, &t.Provisional,
		toTime{&t.ExpiresAt}, &t.State, &t.Version}
}

func scanTerm(rows *sql.Rows, t *Term) error { return rows.Scan(t.targets()...) }

// Terms lists a matter's terms by key.
func (r *Reader) Terms(ctx context.Context, id matter.ID) ([]Term, error) {
	all, err := list(ctx, r.session, scanTerm, `select `+termColumns+` from terms t where t.matter_id = $1 order by t.key`, string(id))
	if err != nil {
		return nil, fmt.Errorf("terms of matter %s: %w", id, err)
	}
	return all, nil
}

// ReplaceTerms makes these the terms of the matter. Only what differs is
// written; a day set anew, or armed anew, raises the term's version.
func (tx *Tx) ReplaceTerms(ctx context.Context, id matter.ID, terms []Term) error {
	before, err := tx.Terms(ctx, id)
	if err != nil {
		return err
	}
	old := make(map[string]Term, len(before))
	for _, t := range before {
		old[t.Key] = t
	}
	var change termChange
	for _, t := range terms {
		t.Matter = id
		if t.ExpiresAt.IsZero() {
			t.ExpiresAt = Expiry(t.Due)
		}
		t.ExpiresAt = t.ExpiresAt.UTC().Truncate(time.Microsecond)
		was, had := old[t.Key]
		delete(old, t.Key)
		if had && was.same(t) {
			continue
		}
		t.Version = was.Version
		if !had || !was.ExpiresAt.Equal(t.ExpiresAt) || was.State != Armed && t.State == Armed {
			t.Version++
		}
		if err := change.put(was, t); err != nil {
			return err
		}
	}
	for _, t := range old {
		change.remove(t)
	}
	if err := change.write(ctx, tx.session); err != nil {
		return fmt.Errorf("terms of matter %s: %w", id, err)
	}
	return nil
}

// termChange collects the rows to write, so that an act takes few statements.
type termChange struct {
	rows, gone       [][]any
	owed, owedNoMore [][]any
}

func (c *termChange) put(was, t Term) error {
	bearers, err := asJSON(t.Bearers)
	if err != nil {
		return err
	}
	c.rows = append(c.rows, []any{string(t.Matter), t.Key, t.Term, t.Kind, t.Party, t.Role, bearers, day(t.Due), t.Provisional,
		micros(t.ExpiresAt), string(t.State), t.Version})
	c.owe(was, t)
	return nil
}

func (c *termChange) remove(t Term) {
	c.gone = append(c.gone, []any{string(t.Matter), t.Key})
	c.owe(t, Term{})
}

// owe notes what changes for those who bear the term.
func (c *termChange) owe(was, now Term) {
	before, after := was.owedRows(), now.owedRows()
	for _, row := range before {
		if !slices.ContainsFunc(after, func(o []any) bool { return slices.Equal(o, row) }) {
			c.owedNoMore = append(c.owedNoMore, row)
		}
	}
	for _, row := range after {
		if !slices.ContainsFunc(before, func(o []any) bool { return slices.Equal(o, row) }) {
			c.owed = append(c.owed, row)
		}
	}
}

func (t Term) owedRows() (rows [][]any) {
	if !t.State.Owed() {
		return nil
	}
	for _, b := range t.bearers() {
		rows = append(rows, []any{b, t.dueKey(), string(t.Matter), t.Key})
	}
	return rows
}

func (c *termChange) write(ctx context.Context, s *session) error {
	if err := remove(ctx, s, `delete from owed where (bearer, due_on, matter_id, key) in`, c.owedNoMore); err != nil {
		return err
	}
	if err := remove(ctx, s, `delete from terms where (matter_id, key) in`, c.gone); err != nil {
		return err
	}
	if err := s.insert(ctx, `insert into terms (matter_id, key, term, kind, party, role, bearers, due_on, provisional, expires_at, state, version) values`,
		`on conflict (matter_id, key) do update set term = excluded.term, kind = excluded.kind, party = excluded.party, role = excluded.role,
			bearers = excluded.bearers, due_on = excluded.due_on, provisional = excluded.provisional, expires_at = excluded.expires_at,
			state = excluded.state, version = excluded.version`, c.rows); err != nil {
		return err
	}
	return s.insert(ctx, `insert into owed (bearer, due_on, matter_id, key) values`, `on conflict do nothing`, c.owed)
}

// remove deletes rows by their keys, by few statements.
func remove(ctx context.Context, s *session, head string, keys [][]any) error {
	for len(keys) > 0 {
		n := min(len(keys), rowsPerInsert)
		var args []any
		for _, k := range keys[:n] {
			args = append(args, k...)
		}
		if _, err := s.exec(ctx, head+" (values "+tuples(n, len(keys[0]), 1)+")", args...); err != nil {
			return err
		}
		keys = keys[n:]
	}
	return nil
}

// OwedItem is one line of what somebody owes.
type OwedItem struct {
	Term
	Title     string
	Pack      string
	Procedure string
}

// OwedFilter chooses what is owed; what is not set does not narrow, but Units
// and Persons must name somebody.
type OwedFilter struct {
	Units   []org.UnitID
	Persons []org.PersonID
	Packs   []string
	Kinds   []string
	// DueThru leaves out what is due after that day.
	DueThru calendar.Date
	// LateOnly leaves out what is not late yet.
	LateOnly bool
	Page     Page
}

// OwedBy lists what units and persons owe, the earliest day first; what has no
// day stands last.
func (r *Reader) OwedBy(ctx context.Context, f OwedFilter) (page []OwedItem, next string, err error) {
	w := new(where)
	in(w, "o.bearer", memberKeys(f.Units, f.Persons))
	if len(f.Packs) > 0 {
		in(w, "m.pack", f.Packs)
	}
	if len(f.Kinds) > 0 {
		in(w, "t.kind", f.Kinds)
	}
	if f.DueThru.Valid() {
		w.add("o.due_on <= ?", day(f.DueThru))
	}
	if f.LateOnly {
		w.add("t.state = 'late'")
	}
	if f.Page.After != "" {
		parts := strings.SplitN(f.Page.After, "/", 3)
		if len(parts) != 3 {
			return nil, "", errPage()
		}
		w.add("(o.due_on, o.matter_id, o.key) > (?, ?, ?)", parts[0], parts[1], parts[2])
	}
	limit := f.Page.limit()
	all, err := list(ctx, r.session, func(rows *sql.Rows, o *OwedItem) error {
		var due string // sorted by; the day itself is the term's
		return rows.Scan(append([]any{&due, &o.Title, &o.Pack, &o.Procedure}, o.targets()...)...)
	}, fmt.Sprintf(`select distinct o.due_on, m.title, m.pack, m.procedure, %s
		from owed o join terms t on t.matter_id = o.matter_id and t.key = o.key join matters m on m.id = o.matter_id%s
		order by o.due_on, t.matter_id, t.key limit %d`, termColumns, w.text(), limit+1), w.args...)
	if err != nil {
		return nil, "", fmt.Errorf("listing what is owed: %w", err)
	}
	page, next = cut(all, limit, func(o OwedItem) string { return cursor(o.dueKey(), cursor(string(o.Matter), o.Key)) })
	return page, next, nil
}
