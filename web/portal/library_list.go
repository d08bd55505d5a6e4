// SPDX-License-Identifier: Apache-2.0

package portal

import (
	"net/http"

	"quanze/core/rulepack"
	"quanze/locale"
	"quanze/office/library"
	"quanze/web/page"
	"quanze/web/ui"
)

// listPage is the documents of the library.
type listPage struct {
	Words  *locale.Words
	Crumbs []ui.Link
	Title  string
	Answer string
	Search searchForm
	Table  ui.Table
}

// libraryList answers GET /library.
func (f *Front) libraryList(w http.ResponseWriter, r *http.Request) error {
	entries, err := f.library.Entries(r.Context())
	if err != nil {
		return err
	}
	p := newListPage(page.Words(r), entries)
	return page.Render(w, r, http.StatusOK, listView(page.Frame(r, p.Title), p))
}

func newListPage(w *locale.Words, entries []library.Entry) listPage {
	p := listPage{Words: w, Crumbs: crumbs(w), Title: w.T("library.title"), Answer: w.T("library.empty"), Search: newSearchForm(w, "")}
	p.Table = ui.Table{Caption: w.T("library.list.caption"), Quiet: true, Keys: true, Empty: w.T("library.empty_text"), Columns: []ui.Column{
		{Label: w.T("library.list.title")}, {Label: w.T("library.list.issuer")}, {Label: w.T("library.list.issued")}, {Label: w.T("library.list.text")},
		{Label: w.T("library.list.clauses"), Numeric: true}, {Label: w.T("library.list.run"), Numeric: true}, {Label: w.T("library.list.defects"), Numeric: true},
	}}
	for _, e := range entries {
		p.Table.Rows = append(p.Table.Rows, listRow(w, e))
	}
	if n := countOf(entries); n.documents > 0 {
		p.Answer = w.T("library.answer", "documents", w.Number(n.documents), "imported", w.Number(n.imported), "clauses", w.Number(n.clauses), "run", w.Number(n.run))
	}
	return p
}

func listRow(w *locale.Words, e library.Entry) ui.Row {
	unknown := w.T("library.unknown")
	text, defects, issued := w.T("library.text.gists"), unknown, unknown
	if e.Imported {
		text, defects = w.T("library.text.imported"), w.Number(e.Defects)
	}
	if e.IssuedOn.Valid() {
		issued = w.Date(e.IssuedOn)
	}
	none := w.T("library.list.no_pack")
	clauses, run := none, none
	if e.Pack != nil {
		n := countOf([]library.Entry{e})
		clauses, run = w.Number(n.clauses), w.Number(n.run)
	}
	return ui.Row{Href: entryHref(e), Cells: []ui.Cell{
		{Text: titleOf(w, e), Under: e.Number}, {Text: orElse(e.Issuer, unknown)}, {Text: issued}, {Text: text},
		{Text: clauses}, {Text: run}, {Text: defects},
	}}
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// counts are the figures of some documents. run is the clauses that at least
// one rule of their pack cites.
type counts struct{ documents, imported, clauses, run int }

func countOf(entries []library.Entry) counts {
	out := counts{documents: len(entries)}
	for _, e := range entries {
		if e.Imported {
			out.imported++
		}
		if e.Pack == nil {
			continue
		}
		out.clauses += len(e.Pack.Clauses)
		out.run += len(cited(e.Pack))
	}
	return out
}

// cited are the clauses of a pack that its rules cite, by full id.
func cited(p *rulepack.Pack) map[string]bool {
	out := map[string]bool{}
	for _, b := range p.Rules {
		for _, id := range b.Clauses() {
			if p.Clause(id) != nil {
				out[id] = true
			}
		}
	}
	return out
}
