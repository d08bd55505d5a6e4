// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"quanze/core/calendar"
	"quanze/core/fault"
)

// DocumentID names a document of the regulation library.
type DocumentID string

// Document is one imported legal text. Tree and Defects are the importer's, as
// JSON; the store does not look into them.
type Document struct {
	ID       DocumentID
	Title    string
	Number   string
	Issuer   string
	IssuedOn calendar.Date
	// Status is the office's word: proposed, settled, superseded.
	Status     string
	Tree       string
	Defects    string
	Extra      string
	Source     []byte
	SourceName string
	SourceHash string
	ImportedAt time.Time
	ImportedBy AccountID
}

// Anchor is a place of a document that can be cited and found.
type Anchor struct {
	Anchor  string
	Heading string
	Text    string
}

// PutDocument keeps a document and makes its anchors, in order, what a search
// finds. A document of that ID is written anew, with its anchors. ImportedAt is
// the store's.
func (tx *Tx) PutDocument(ctx context.Context, d Document, anchors []Anchor) error {
	_, err := tx.session.exec(ctx, `insert into documents (id, title, number, issuer, issued_on, status, tree, defects, extra, source,
			source_name, source_hash, imported_at, imported_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		on conflict (id) do update set title = excluded.title, number = excluded.number, issuer = excluded.issuer,
			issued_on = excluded.issued_on, status = excluded.status, tree = excluded.tree, defects = excluded.defects,
			extra = excluded.extra, source = excluded.source, source_name = excluded.source_name,
			source_hash = excluded.source_hash, imported_at = excluded.imported_at, imported_by = excluded.imported_by`,
		string(d.ID), d.Title, d.Number, d.Issuer, day(d.IssuedOn), d.Status, d.Tree, d.Defects, text(d.Extra), orEmpty(d.Source),
		d.SourceName, d.SourceHash, micros(tx.At), string(d.ImportedBy))
	if err != nil {
		return fmt.Errorf("keeping document %s: %w", d.ID, err)
	}
	if err := tx.dropAnchors(ctx, d.ID); err != nil {
		return fmt.Errorf("removing the anchors of document %s: %w", d.ID, err)
	}
	if err := tx.addAnchors(ctx, d.ID, anchors); err != nil {
		return fmt.Errorf("keeping the anchors of document %s: %w", d.ID, err)
	}
	return nil
}

func orEmpty(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

func (tx *Tx) dropAnchors(ctx context.Context, id DocumentID) error {
	old, err := list(ctx, tx.session, scanInt, `select id from anchors where document_id = $1`, string(id))
	if err != nil {
		return err
	}
	for _, n := range old {
		if _, err := tx.session.exec(ctx, tx.dialect.searchDelete, n); err != nil {
			return err
		}
	}
	_, err = tx.session.exec(ctx, `delete from anchors where document_id = $1`, string(id))
	return err
}

func (tx *Tx) addAnchors(ctx context.Context, id DocumentID, anchors []Anchor) error {
	last, _, err := one(ctx, tx.session, scanInt, `insert into counters (name, n) values ('anchor', $1)
		on conflict (name) do update set n = counters.n + excluded.n returning n`, len(anchors))
	if err != nil {
		return err
	}
	var rows [][]any
	for i, a := range anchors {
		rows = append(rows, []any{last - len(anchors) + 1 + i, string(id), a.Anchor, a.Heading, a.Text})
	}
	if err := tx.session.insert(ctx, `insert into anchors (id, document_id, anchor, heading, text) values`, "", rows); err != nil {
		return err
	}
	for i, a := range anchors {
		words := tx.dialect.indexed(indexWords(a.Heading + " " + a.Text))
		if _, err := tx.session.exec(ctx, tx.dialect.searchInsert, rows[i][0], words); err != nil {
			return err
		}
	}
	return nil
}

// RemoveDocument removes a document and what a search found of it.
func (tx *Tx) RemoveDocument(ctx context.Context, id DocumentID) error {
	if err := tx.dropAnchors(ctx, id); err != nil {
		return fmt.Errorf("removing the anchors of document %s: %w", id, err)
	}
	if _, err := tx.session.exec(ctx, `delete from documents where id = $1`, string(id)); err != nil {
		return fmt.Errorf("removing document %s: %w", id, err)
	}
	return nil
}

const documentColumns = `id, title, number, issuer, issued_on, status, defects, extra, source_name, source_hash, imported_at, imported_by`

func (d *Document) targets() []any {
	return []any{&d.ID, &d.Title, &d.Number, &d.Issuer, toDay{&d.IssuedOn}, &d.Status, &d.Defects, toText[string]{&d.Extra},
		&d.SourceName, &d.SourceHash, toTime{&d.ImportedAt}, &d.ImportedBy}
}

// Document returns a document with its tree and source, or an Absent fault.
func (r *Reader) Document(ctx context.Context, id DocumentID) (Document, error) {
	d, found, err := one(ctx, r.session, func(rows *sql.Rows, d *Document) error {
		return rows.Scan(append(d.targets(), &d.Tree, &d.Source)...)
	}, `select `+documentColumns+`, tree, source from documents where id = $1`, string(id))
	if err != nil {
		return Document{}, fmt.Errorf("document %s: %w", id, err)
	}
	if !found {
		return Document{}, fault.New(fault.Absent, "store.document.absent", "document", string(id))
	}
	return d, nil
}

// Documents lists all documents by ID, without tree and source.
func (r *Reader) Documents(ctx context.Context) ([]Document, error) {
	all, err := list(ctx, r.session, func(rows *sql.Rows, d *Document) error { return rows.Scan(d.targets()...) },
		`select `+documentColumns+` from documents order by id`)
	if err != nil {
		return nil, fmt.Errorf("listing documents: %w", err)
	}
	return all, nil
}

// Anchor returns one place of a document, or an Absent fault.
func (r *Reader) Anchor(ctx context.Context, id DocumentID, anchor string) (Anchor, error) {
	a, found, err := one(ctx, r.session, func(rows *sql.Rows, a *Anchor) error { return rows.Scan(&a.Anchor, &a.Heading, &a.Text) },
		`select anchor, heading, text from anchors where document_id = $1 and anchor = $2 order by id limit 1`, string(id), anchor)
	if err != nil {
		return Anchor{}, fmt.Errorf("anchor %s of document %s: %w", anchor, id, err)
	}
	if !found {
		return Anchor{}, fault.New(fault.Absent, "store.anchor.absent", "anchor", anchor)
	}
	return a, nil
}

// Hit is a place that a search found.
type Hit struct {
	Document DocumentID
	Title    string
	Anchor
	id int64
}

// SearchFilter says what to look for: all of the words, each as it stands; a
// word of Chinese is found wherever its characters stand together.
type SearchFilter struct {
	Query    string
	Document DocumentID // none means all
	Page     Page
}

// Search lists the places that hold all that was asked for, in the order in
// which documents were imported and texts are read: no rank, so both engines
// answer alike. A query without a letter or digit finds nothing.
func (r *Reader) Search(ctx context.Context, f SearchFilter) (page []Hit, next string, err error) {
	phrases, prefix := queryWords(f.Query)
	if len(phrases) == 0 {
		return nil, "", nil
	}
	w := &where{args: []any{r.dialect.query(phrases, prefix)}, conditions: []string{r.dialect.searchMatch}}
	if f.Document != "" {
		w.add("a.document_id = ?", string(f.Document))
	}
	if f.Page.After != "" {
		after, err := strconv.ParseInt(f.Page.After, 10, 64)
		if err != nil {
			return nil, "", errPage()
		}
		w.add("a.id > ?", after)
	}
	limit := f.Page.limit()
	all, err := list(ctx, r.session, func(rows *sql.Rows, h *Hit) error {
		return rows.Scan(&h.id, &h.Document, &h.Title, &h.Anchor.Anchor, &h.Heading, &h.Text)
	}, `select a.id, a.document_id, d.title, a.anchor, a.heading, a.text from anchors a join documents d on d.id = a.document_id`+
		w.text()+` order by a.id limit `+strconv.Itoa(limit+1), w.args...)
	if err != nil {
		return nil, "", fmt.Errorf("searching the library: %w", err)
	}
	page, next = cut(all, limit, func(h Hit) string { return strconv.FormatInt(h.id, 10) })
	return page, next, nil
}

// Substitution is a word as printed and the word meant.
type Substitution struct {
	Printed   string
	Meant     string
	Reason    string
	SettledAt time.Time
	SettledBy AccountID
}

// SettleSubstitution keeps what a person has settled. SettledAt is the store's.
func (tx *Tx) SettleSubstitution(ctx context.Context, s Substitution) error {
	_, err := tx.session.exec(ctx, `insert into substitutions (printed, meant, settled_at, settled_by, reason) values ($1, $2, $3, $4, $5)
		on conflict (printed) do update set meant = excluded.meant, settled_at = excluded.settled_at,
			settled_by = excluded.settled_by, reason = excluded.reason`,
		s.Printed, s.Meant, micros(tx.At), string(s.SettledBy), s.Reason)
	if err != nil {
		return fmt.Errorf("settling %s: %w", s.Printed, err)
	}
	return nil
}

// Substitutions lists what was settled, by the word as printed.
func (r *Reader) Substitutions(ctx context.Context) ([]Substitution, error) {
	all, err := list(ctx, r.session, func(rows *sql.Rows, s *Substitution) error {
		return rows.Scan(&s.Printed, &s.Meant, &s.Reason, toTime{&s.SettledAt}, &s.SettledBy)
	}, `select printed, meant, reason, settled_at, settled_by from substitutions order by printed`)
	if err != nil {
		return nil, fmt.Errorf("listing substitutions: %w", err)
	}
	return all, nil
}
