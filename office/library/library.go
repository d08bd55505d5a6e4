// SPDX-License-Identifier: Apache-2.0

// Package library keeps the regulation library: texts imported as they were
// found, with their defects, and the packs that run their clauses. Where a text
// is not imported it answers with the pack's gists and says so. It settles no
// defect by itself. Start at Library.
package library

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"unicode"

	"quanze/core/calendar"
	"quanze/core/fault"
	"quanze/core/regulation"
	"quanze/core/rulepack"
	"quanze/office"
	"quanze/store"
)

// Library reads and fills the regulation library of an office.
type Library struct {
	office *office.Office

	mu       sync.Mutex
	rules    map[string][]Rule
	standing map[string]Standing
}

// New returns the library of an office.
func New(o *office.Office) *Library {
	return &Library{office: o, rules: map[string][]Rule{}, standing: map[string]Standing{}}
}

// Imported is a document that was kept, by its number in the library.
type Imported struct {
	ID       store.DocumentID
	Document regulation.Document
}

// Import reads a source as found and keeps every document in it. The same
// bytes imported twice are kept once; words are what an operator settled.
func (l *Library) Import(ctx context.Context, by store.AccountID, name string, raw []byte, words map[string]string) ([]Imported, error) {
	result, err := regulation.Import(name, raw, regulation.Options{Words: words})
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(raw)
	hash := hex.EncodeToString(sum[:])
	var out []Imported
	for _, d := range result.Documents {
		out = append(out, Imported{documentID(d), d})
	}
	err = l.office.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, one := range out {
			row, anchors, err := rows(one, name, hash)
			if err != nil {
				return err
			}
			row.ImportedBy = by
			row.Source = raw
			if err := tx.PutDocument(ctx, row, anchors); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// documentID names a document by its title and its text: another version of a
// text of the same title is another document.
func documentID(d regulation.Document) store.DocumentID {
	var text strings.Builder
	text.WriteString(d.Title)
	for _, a := range d.Anchors() {
		s, _ := d.Text(a)
		text.WriteString("\n" + a + " " + s)
	}
	sum := sha256.Sum256([]byte(text.String()))
	return store.DocumentID(hex.EncodeToString(sum[:6]))
}

func rows(one Imported, name, hash string) (store.Document, []store.Anchor, error) {
	d := one.Document
	tree, err := json.Marshal(d)
	if err != nil {
		return store.Document{}, nil, err
	}
	defects, err := json.Marshal(d.Defects)
	if err != nil {
		return store.Document{}, nil, err
	}
	row := store.Document{ID: one.ID, Title: d.Title, Number: text(d.Number), Issuer: text(d.Issuer), Status: "proposed", Tree: string(tree),
		Defects: string(defects), SourceName: name, SourceHash: hash}
	if day, err := calendar.ParseDate(text(d.DatedOn)); err == nil {
		row.IssuedOn = day
	}
	var anchors []store.Anchor
	for _, a := range d.Anchors() {
		s, _ := d.Text(a)
		n, ok := d.Find(a)
		heading := ""
		if ok {
			heading = n.Title
		}
		anchors = append(anchors, store.Anchor{Anchor: a, Heading: heading, Text: s})
	}
	return row, anchors, nil
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// Entry is one text of the library: imported, or known by a pack's gists alone.
type Entry struct {
	ID       store.DocumentID
	Title    string
	TitleEn  string
	Number   string
	Issuer   string
	IssuedOn calendar.Date
	Imported bool
	Defects  int
	Pack     *rulepack.Pack
}

// Entries lists the library: what packs run, then what was only imported.
func (l *Library) Entries(ctx context.Context) ([]Entry, error) {
	r := l.office.DB.Reader()
	documents, err := r.Documents(ctx)
	if err != nil {
		return nil, err
	}
	packs, err := l.packs(ctx, r)
	if err != nil {
		return nil, err
	}
	var out []Entry
	for _, p := range packs {
		out = append(out, Entry{ID: store.DocumentID(p.Code), Title: p.Title.Zh, TitleEn: p.Title.En, Number: p.Number, Issuer: p.Issuer, Pack: p})
	}
	// Of several versions of a text the one imported last is what the pack runs.
	slices.SortStableFunc(documents, func(a, b store.Document) int { return b.ImportedAt.Compare(a.ImportedAt) })
	for _, d := range documents {
		e := Entry{ID: d.ID, Title: d.Title, Number: d.Number, Issuer: d.Issuer, IssuedOn: d.IssuedOn, Imported: true, Defects: open(d.Defects)}
		i := slices.IndexFunc(out, func(x Entry) bool { return x.Pack != nil && x.Title == d.Title })
		if i >= 0 {
			e.Pack, e.TitleEn = out[i].Pack, out[i].TitleEn
			if !out[i].Imported { // a second text of that title is another version beside it
				out[i] = e
				continue
			}
		}
		out = append(out, e)
	}
	return out, nil
}

// open counts the defects that nobody has settled.
func open(defects string) int {
	var list []regulation.Defect
	if json.Unmarshal([]byte(defects), &list) != nil {
		return 0
	}
	n := 0
	for _, d := range list {
		if !d.Settled {
			n++
		}
	}
	return n
}

// packs loads of each pack that is installed the version in force today.
func (l *Library) packs(ctx context.Context, r *store.Reader) ([]*rulepack.Pack, error) {
	installed, err := r.Packs(ctx)
	if err != nil {
		return nil, err
	}
	var out []*rulepack.Pack
	for i, p := range installed { // by code
		if i > 0 && installed[i-1].Code == p.Code {
			continue
		}
		version, _ := current(installed, p.Code, l.office)
		loaded, err := l.office.Pack(ctx, r, version.Hash)
		if err != nil {
			return nil, err
		}
		out = append(out, loaded)
	}
	return out, nil
}

// Opened is one text of the library, with the clauses that a pack knows of it.
type Opened struct {
	Entry
	// Document is nil while the text is not imported.
	Document *regulation.Document
}

// Open returns one text of the library.
func (l *Library) Open(ctx context.Context, id store.DocumentID) (*Opened, error) {
	entries, err := l.Entries(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(entries, func(e Entry) bool { return e.ID == id || (e.Pack != nil && e.Pack.Code == string(id)) })
	if i < 0 {
		return nil, fault.New(fault.Absent, "library.absent")
	}
	out := &Opened{Entry: entries[i]}
	if !out.Imported {
		return out, nil
	}
	row, err := l.office.DB.Reader().Document(ctx, out.ID)
	if err != nil {
		return nil, err
	}
	var d regulation.Document
	if err := json.Unmarshal([]byte(row.Tree), &d); err != nil {
		return nil, err
	}
	out.Document = &d
	return out, nil
}

// Found is one place that a search found: a sentence of an imported text, or a
// clause by its gist.
type Found struct {
	Document store.DocumentID `json:"document"`
	Title    string           `json:"title"`
	Anchor   string           `json:"anchor"`
	Text     string           `json:"text"`
	Gist     bool             `json:"gist"`
}

// most is how many places one search lists.
const most = 50

// Search looks in the imported texts and in the gists of texts that are not
// imported.
func (l *Library) Search(ctx context.Context, query string) ([]Found, error) {
	hits, _, err := l.office.DB.Reader().Search(ctx, store.SearchFilter{Query: query, Page: store.Page{Limit: most}})
	if err != nil {
		return nil, err
	}
	var out []Found
	for _, h := range hits {
		out = append(out, Found{Document: h.Document, Title: h.Title, Anchor: h.Anchor.Anchor, Text: h.Text})
	}
	words := strings.FieldsFunc(strings.ToLower(query), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) == 0 {
		return out, nil
	}
	entries, err := l.Entries(ctx)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if e.Imported || e.Pack == nil {
			continue
		}
		for _, c := range e.Pack.Clauses {
			gist := strings.ToLower(c.Gist.Zh + " " + c.Gist.En)
			if len(out) < most && !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(gist, w) }) {
				out = append(out, Found{Document: e.ID, Title: e.Title, Anchor: c.Anchor, Text: c.Gist.Zh, Gist: true})
			}
		}
	}
	return out, nil
}
