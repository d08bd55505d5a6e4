// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"quanze/core/calendar"
	"quanze/core/fault"
	"quanze/core/ledger"
	"quanze/core/matter"
	"quanze/core/org"
)

// Matter is a matter's row: what it is bound to, and its summary.
type Matter struct {
	ID        matter.ID
	Procedure string
	Pack      string
	PackHash  string
	OpenedAt  time.Time
	OpenedOn  calendar.Date
	// Version is the number of its last event, 0 before the first.
	Version   int
	ChangedAt time.Time
	Summary
}

// Summary is a projection of a matter's state: what lists show. It is written
// whole by UpdateMatter and can be built again from the events.
type Summary struct {
	Title string
	// Stage says where the matter stands, in the pack's words.
	Stage string
	// Ended is the outcome, empty while it runs.
	Ended   string
	EndedOn calendar.Date
	// NextDue is the earliest last day of what is owed; none where nothing is.
	NextDue calendar.Date
	// Owed counts what is owed, Late what of it is late.
	Owed, Late int
	// Extra is the office's own, as JSON; the store does not look into it.
	Extra string
}

// head is what the next event of a matter follows. The row is locked, so it is
// written once, with the summary or at the end: moved says that it is to be.
type head struct {
	version   int
	moved     bool
	prev      ledger.Hash
	pseudonym ledger.Pseudonym
	packHash  string
}

const matterColumns = `m.id, m.procedure, m.pack, m.pack_hash, m.opened_at, m.opened_on, m.version, m.changed_at,
	m.title, m.stage, m.ended, m.ended_on, m.next_due, m.owed, m.late, m.extra`

func scanMatter(rows *sql.Rows, m *Matter) error {
	return rows.Scan(&m.ID, &m.Procedure, &m.Pack, &m.PackHash, toTime{&m.OpenedAt}, toDay{&m.OpenedOn}, &m.Version, toTime{&m.ChangedAt},
		&m.Title, &m.Stage, &m.Ended, toDay{&m.EndedOn}, toDay{&m.NextDue}, &m.Owed, &m.Late, toText[string]{&m.Extra})
}

// CreateMatter adds a matter without events. Version, OpenedAt and ChangedAt
// are the store's. An ID in use is a Stale fault.
func (tx *Tx) CreateMatter(ctx context.Context, m Matter) error {
	h := &head{packHash: m.PackHash}
	rand.Read(h.pseudonym[:]) //nolint:errcheck // crypto/rand never fails: it ends the program first
	n, err := tx.session.exec(ctx, `insert into matters (id, procedure, pack, pack_hash, title, opened_at, opened_on, pseudonym,
			version, head, stage, ended, ended_on, next_due, owed, late, changed_at, extra)
		values ($1, $2, $3, $4, $5, $6, $7, $8, 0, null, $9, $10, $11, $12, $13, $14, $15, $16) on conflict (id) do nothing`,
		string(m.ID), m.Procedure, m.Pack, m.PackHash, m.Title, micros(tx.At), day(m.OpenedOn), h.pseudonym[:],
		m.Stage, m.Ended, day(m.EndedOn), day(m.NextDue), m.Owed, m.Late, micros(tx.At), text(m.Extra))
	if err != nil {
		return fmt.Errorf("creating matter %s: %w", m.ID, err)
	}
	if n == 0 {
		return fault.New(fault.Stale, "store.matter.exists", "matter", string(m.ID))
	}
	tx.remember(m.ID, h)
	return nil
}

func (tx *Tx) remember(id matter.ID, h *head) {
	if tx.heads == nil {
		tx.heads = make(map[matter.ID]*head, 1)
	}
	tx.heads[id] = h
}

// LockMatter keeps everybody else from writing to the matter until the
// transaction ends, and returns its version. Lock before you read what a
// decision rests on.
func (tx *Tx) LockMatter(ctx context.Context, id matter.ID) (version int, err error) {
	h, err := tx.head(ctx, id)
	if err != nil {
		return 0, err
	}
	return h.version, nil
}

func (tx *Tx) head(ctx context.Context, id matter.ID) (*head, error) {
	if h := tx.heads[id]; h != nil {
		return h, nil
	}
	h, found, err := one(ctx, tx.session, func(rows *sql.Rows, h *head) error {
		var pseudonym []byte
		if err := rows.Scan(&h.version, toHash{&h.prev}, &pseudonym, &h.packHash); err != nil {
			return err
		}
		if copy(h.pseudonym[:], pseudonym) != len(h.pseudonym) {
			return errColumn
		}
		return nil
	}, `select version, head, pseudonym, pack_hash from matters where id = $1`+tx.dialect.forUpdate, string(id))
	if err != nil {
		return nil, fmt.Errorf("locking matter %s: %w", id, err)
	}
	if !found {
		return nil, absentMatter(id)
	}
	tx.remember(id, &h)
	return &h, nil
}

func absentMatter(id matter.ID) error {
	return fault.New(fault.Absent, "store.matter.absent", "matter", string(id))
}

// UpdateMatter writes the summary. It locks the matter.
func (tx *Tx) UpdateMatter(ctx context.Context, id matter.ID, s Summary) error {
	h, err := tx.head(ctx, id)
	if err != nil {
		return err
	}
	_, err = tx.session.exec(ctx, `update matters set title = $2, stage = $3, ended = $4, ended_on = $5, next_due = $6,
			owed = $7, late = $8, extra = $9, changed_at = $10, version = $11, head = $12 where id = $1`,
		string(id), s.Title, s.Stage, s.Ended, day(s.EndedOn), day(s.NextDue), s.Owed, s.Late, text(s.Extra), micros(tx.At), h.version, hash(h.prev))
	if err != nil {
		return fmt.Errorf("summary of matter %s: %w", id, err)
	}
	h.moved = false
	return nil
}

// moveHeads writes the heads that no summary has taken along.
func (tx *Tx) moveHeads(ctx context.Context) error {
	for id, h := range tx.heads {
		if !h.moved {
			continue
		}
		if _, err := tx.session.exec(ctx, `update matters set version = $2, head = $3, changed_at = $4 where id = $1`,
			string(id), h.version, hash(h.prev), micros(tx.At)); err != nil {
			return fmt.Errorf("moving the head of matter %s: %w", id, err)
		}
		h.moved = false
	}
	return nil
}

// MoveMatter binds the matter to another version of its pack: the events that
// follow commit to the new hash. Record the move as an event first.
func (tx *Tx) MoveMatter(ctx context.Context, id matter.ID, packHash string) error {
	h, err := tx.head(ctx, id)
	if err != nil {
		return err
	}
	if _, err := tx.session.exec(ctx, `update matters set pack_hash = $2 where id = $1`, string(id), packHash); err != nil {
		return fmt.Errorf("moving matter %s: %w", id, err)
	}
	h.packHash = packHash
	return nil
}

// Matter returns a matter's row, or an Absent fault.
func (r *Reader) Matter(ctx context.Context, id matter.ID) (Matter, error) {
	if err := r.settle(ctx); err != nil {
		return Matter{}, err
	}
	m, found, err := one(ctx, r.session, scanMatter, `select `+matterColumns+` from matters m where m.id = $1`, string(id))
	if err != nil {
		return Matter{}, fmt.Errorf("matter %s: %w", id, err)
	}
	if !found {
		return Matter{}, absentMatter(id)
	}
	return m, nil
}

// MatterOrder says how ListMatters sorts.
type MatterOrder uint8

// The orders: the latest opened first, or the earliest due first, in which
// matters that owe nothing are left out.
const (
	ByOpened MatterOrder = iota
	ByDue
)

// MatterFilter chooses matters; what is not set does not narrow.
type MatterFilter struct {
	Packs      []string
	Procedures []string
	// Units and Persons: bound to the matter, and not yet gone from it unless
	// WithLeft. A matter of either is meant.
	Units    []org.UnitID
	Persons  []org.PersonID
	WithLeft bool
	// Running or Ended alone; both false means all.
	Running, Ended bool
	Late           bool
	// InPlay, where it is not nil, are the rules of which one at least is in play.
	InPlay []InPlay
	// Title is a part of the title.
	Title                  string
	OpenedFrom, OpenedThru calendar.Date
	Order                  MatterOrder
	Page                   Page
}

func (f MatterFilter) where() (*where, error) {
	w := new(where)
	if len(f.Packs) > 0 {
		in(w, "m.pack", f.Packs)
	}
	if len(f.Procedures) > 0 {
		in(w, "m.procedure", f.Procedures)
	}
	if members := memberKeys(f.Units, f.Persons); len(members) > 0 {
		gone := " and p.left_on is null"
		if f.WithLeft {
			gone = ""
		}
		w.conditions = append(w.conditions,
			"m.id in (select p.matter_id from matter_parties p where p.member in ("+marks(w, members)+")"+gone+")")
	}
	if f.Running != f.Ended {
		w.add("(m.ended = '') = ?", f.Running)
	}
	if f.Late {
		w.add("m.late > 0")
	}
	if f.InPlay != nil {
		inPlay(w, f.InPlay)
	}
	if f.Title != "" {
		w.add(`lower(m.title) like ? escape '\'`, "%"+likeQuote(strings.ToLower(f.Title))+"%")
	}
	if f.OpenedFrom.Valid() {
		w.add("m.opened_on >= ?", day(f.OpenedFrom))
	}
	if f.OpenedThru.Valid() {
		w.add("m.opened_on <= ?", day(f.OpenedThru))
	}
	return w, f.after(w)
}

// after narrows to what stands behind the page's mark.
func (f MatterFilter) after(w *where) error {
	if f.Order == ByDue {
		w.add("m.next_due is not null")
	}
	if f.Page.After == "" {
		return nil
	}
	if f.Order == ByDue {
		key, id, err := parseCursor(f.Page.After)
		if err == nil {
			w.add("(m.next_due, m.id) > (?, ?)", key, id)
		}
		return err
	}
	key, id, err := parseTimeCursor(f.Page.After)
	if err == nil {
		w.add("(m.opened_at, m.id) < (?, ?)", key, id)
	}
	return err
}

// likeQuote takes their meaning from the signs of a like pattern.
func likeQuote(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

// ListMatters returns one page of matters and the mark of the next page, empty
// where there is none.
func (r *Reader) ListMatters(ctx context.Context, f MatterFilter) (page []Matter, next string, err error) {
	if err := r.settle(ctx); err != nil {
		return nil, "", err
	}
	w, err := f.where()
	if err != nil {
		return nil, "", err
	}
	order := " order by m.opened_at desc, m.id desc"
	mark := func(m Matter) string { return cursor(strconv.FormatInt(m.OpenedAt.UnixMicro(), 10), string(m.ID)) }
	if f.Order == ByDue {
		order = " order by m.next_due, m.id"
		mark = func(m Matter) string { return cursor(m.NextDue.String(), string(m.ID)) }
	}
	limit := f.Page.limit()
	all, err := list(ctx, r.session, scanMatter,
		`select `+matterColumns+` from matters m`+w.text()+order+` limit `+strconv.Itoa(limit+1), w.args...)
	if err != nil {
		return nil, "", fmt.Errorf("listing matters: %w", err)
	}
	page, next = cut(all, limit, mark)
	return page, next, nil
}

// CountMatters returns how many matters the filter chooses, whatever the page.
func (r *Reader) CountMatters(ctx context.Context, f MatterFilter) (int, error) {
	f.Page, f.Order = Page{}, ByOpened
	w, err := f.where()
	if err != nil {
		return 0, err
	}
	n, _, err := one(ctx, r.session, scanInt, `select count(*) from matters m`+w.text(), w.args...)
	if err != nil {
		return 0, fmt.Errorf("counting matters: %w", err)
	}
	return n, nil
}

func scanInt(rows *sql.Rows, n *int) error { return rows.Scan(n) }

func scanString(rows *sql.Rows, s *string) error { return rows.Scan(s) }

// FirstOpened returns the earliest day on which a matter of a pack was opened:
// before it there is no record. No day where there is none.
func (r *Reader) FirstOpened(ctx context.Context, pack string) (calendar.Date, error) {
	d, _, err := one(ctx, r.session, func(rows *sql.Rows, d *calendar.Date) error { return rows.Scan(toDay{d}) },
		`select min(m.opened_on) from matters m where m.pack = $1`, pack)
	if err != nil {
		return 0, fmt.Errorf("the first matter of pack %s: %w", pack, err)
	}
	return d, nil
}
