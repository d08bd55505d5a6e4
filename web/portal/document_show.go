// SPDX-License-Identifier: Apache-2.0

package portal

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"quanze/core/regulation"
	"quanze/locale"
	"quanze/office/library"
	"quanze/store"
	"quanze/web/page"
	"quanze/web/ui"
)

// documentPage is one text of the library.
type documentPage struct {
	Words  *locale.Words
	Crumbs []ui.Link
	Title  string
	Answer string
	// Notice says that there are only gists; it is empty where the text stands.
	Notice       string
	Pack         ui.Link
	Facts        []ui.Fact
	DefectsTitle string
	Defects      ui.Table
	Contents     []ui.Link
	Parts        []documentPart
}

// documentPart is a chapter, or all of a text without chapters.
type documentPart struct {
	ID       string
	Heading  string
	Chinese  bool // the heading is as printed
	Articles []documentArticle
}

// documentArticle is an article or heading: its lines as printed and the gists
// of its clauses, folded where there are lines.
type documentArticle struct {
	ID      string
	Heading string
	Chinese bool
	Lines   []textLine
	Doubts  string // how many open defects lie here
	Summary string
	Gists   []gist
}

// gist is a clause in our own words.
type gist struct {
	ID    string
	Place string
	Href  string
	Text  string
	Exec  string
}

// documentShow answers GET /library/{id}.
func (f *Front) documentShow(w http.ResponseWriter, r *http.Request) error {
	opened, err := f.library.Open(r.Context(), store.DocumentID(r.PathValue("id")))
	if err != nil {
		return err
	}
	printed, err := f.printed(r.Context(), opened, topAnchors(opened))
	if err != nil {
		return err
	}
	p := newDocumentPage(page.Words(r), opened, printed)
	return page.Render(w, r, http.StatusOK, documentView(page.Frame(r, p.Title), p))
}

// topAnchors names the articles and headings of an imported text.
func topAnchors(o *library.Opened) []string {
	if o.Document == nil {
		return nil
	}
	var out []string
	for _, n := range tops(o.Document.Tree) {
		if n.Anchor != "" {
			out = append(out, n.Anchor)
		}
	}
	return out
}

// printed reads the plain text of places of an imported text, by anchor.
func (f *Front) printed(ctx context.Context, o *library.Opened, anchors []string) (map[string]string, error) {
	out := map[string]string{}
	reader := f.office.DB.Reader()
	for _, anchor := range anchors {
		a, err := reader.Anchor(ctx, o.ID, anchor)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", o.ID, err)
		}
		out[anchor] = a.Text
	}
	return out, nil
}

func newDocumentPage(w *locale.Words, o *library.Opened, printed map[string]string) documentPage {
	title := titleOf(w, o.Entry)
	p := documentPage{Words: w, Crumbs: crumbs(w, ui.Link{Label: title}), Title: title, Facts: documentFacts(w, o)}
	if o.Pack != nil {
		p.Pack = ui.Link{Label: w.T("library.pack_page"), Href: packHref(o.Pack.Code)}
	}
	if o.Document == nil {
		p.Answer, p.Notice = w.T("library.not_imported"), w.T("library.gists_warn")
		p.Parts = []documentPart{{ID: "text", Heading: w.T("library.gists"), Articles: gistArticles(w, o)}}
		return p
	}
	doubts := open(o.Document)
	p.Answer = w.T("library.imported", "chapters", positive(w, o.Document.Chapters), "articles", positive(w, o.Document.Articles),
		"defects", positive(w, len(doubts)))
	if len(doubts) > 0 {
		p.DefectsTitle = w.T("library.defects", "n", w.Number(len(doubts)))
		p.Defects = defectTable(w, doubts)
	}
	p.Parts = textParts(w, o, printed, doubts)
	for _, part := range p.Parts {
		if part.Chinese {
			p.Contents = append(p.Contents, ui.Link{Label: part.Heading, Href: "#" + part.ID})
		}
	}
	return p
}

// positive is a number, or nothing for none, which leaves its words out.
func positive(w *locale.Words, n int) string {
	if n == 0 {
		return ""
	}
	return w.Number(n)
}

func documentFacts(w *locale.Words, o *library.Opened) []ui.Fact {
	var out []ui.Fact
	add := func(key, text string) {
		if text != "" {
			out = append(out, ui.Fact{Term: w.T(key), Text: text})
		}
	}
	chinese := func(key, text string) {
		if text != "" {
			out = append(out, ui.Fact{Term: w.T(key), Body: inLanguage(text, string(locale.Zh))})
		}
	}
	if w.Lang() != locale.Zh && o.TitleEn != "" {
		chinese("library.fact.title_zh", o.Title)
	}
	chinese("library.fact.number", o.Number)
	chinese("library.fact.issuer", o.Issuer)
	add("library.fact.issued", w.Date(o.IssuedOn))
	if o.Pack == nil {
		add("library.fact.clauses", w.T("library.no_pack"))
		return out
	}
	add("library.fact.from", w.Date(o.Pack.From))
	add("library.fact.to", w.Date(o.Pack.To))
	n := countOf([]library.Entry{o.Entry})
	add("library.fact.clauses", w.T("library.run_of", "clauses", w.Number(n.clauses), "run", w.Number(n.run)))
	return out
}

func defectTable(w *locale.Words, doubts []regulation.Defect) ui.Table {
	t := ui.Table{Caption: w.T("library.defects.caption"), Quiet: true, Columns: []ui.Column{
		{Label: w.T("library.defects.place")}, {Label: w.T("library.defects.what")}, {Label: w.T("library.defects.text")}, {Label: w.T("library.defects.proposal")}}}
	for _, d := range doubts {
		place, href := w.T("library.place.whole"), ""
		if d.Anchor != "" {
			place, href = PlaceName(w, d.Anchor), "#"+d.Anchor
		}
		t.Rows = append(t.Rows, ui.Row{Href: href, Cells: []ui.Cell{
			{Text: place, Under: w.T("library.defects.line", "n", strconv.Itoa(d.Line))}, {Text: defectWord(w, d.Code)},
			{Text: orElse(d.Text, w.T("library.unknown"))}, {Text: orElse(d.Proposal, w.T("library.defects.none"))}}})
	}
	return t
}

// gistsOf are the clauses of a pack by the article, heading or annex they lie
// in, in the pack's order.
func gistsOf(w *locale.Words, o *library.Opened) (order []string, by map[string][]gist) {
	by = map[string][]gist{}
	if o.Pack == nil {
		return nil, by
	}
	run := cited(o.Pack)
	for _, c := range o.Pack.Clauses {
		at := articleOf(resolved(c.Anchor)[0])
		if by[at] == nil {
			order = append(order, at)
		}
		id := o.Pack.Code + "-" + c.ID
		by[at] = append(by[at], gist{ID: id, Place: clausePlace(w, o.Pack, c), Href: ClauseHref(id), Text: w.Name(c.Gist.Zh, c.Gist.En), Exec: runWord(w, c.Exec, run[id])})
	}
	return order, by
}

func gistArticles(w *locale.Words, o *library.Opened) []documentArticle {
	order, by := gistsOf(w, o)
	var out []documentArticle
	for _, at := range order {
		out = append(out, documentArticle{ID: at, Heading: PlaceName(w, at), Gists: by[at]})
	}
	return out
}

// textParts lays the text out by chapters, each article with its gists.
func textParts(w *locale.Words, o *library.Opened, printed map[string]string, doubts []regulation.Defect) []documentPart {
	order, gists := gistsOf(w, o)
	l := layout{w: w, printed: printed, gists: gists, doubts: map[string]int{}, seen: map[string]bool{}}
	for _, d := range doubts {
		if d.Anchor != "" {
			l.doubts[articleOf(d.Anchor)]++
		}
	}
	l.nodes(o.Document.Tree)
	rest := documentPart{ID: "rest", Heading: w.T("library.gists_rest")}
	for _, at := range order {
		if !l.seen[at] {
			rest.Articles = append(rest.Articles, documentArticle{Heading: PlaceName(w, at), Gists: gists[at]})
		}
	}
	if len(rest.Articles) > 0 {
		l.parts = append(l.parts, rest)
	}
	return l.parts
}

// layout is a text under way.
type layout struct {
	w       *locale.Words
	printed map[string]string
	gists   map[string][]gist
	doubts  map[string]int
	seen    map[string]bool
	parts   []documentPart
}

func (l *layout) nodes(nodes []*regulation.Node) {
	for _, n := range nodes {
		if outer(n) {
			l.parts = append(l.parts, documentPart{ID: "part-" + strconv.Itoa(len(l.parts)+1), Heading: l.heading(n), Chinese: true})
			l.nodes(n.Children)
			continue
		}
		if len(l.parts) == 0 {
			l.parts = append(l.parts, documentPart{ID: "text", Heading: l.w.T("library.text")})
		}
		last := &l.parts[len(l.parts)-1]
		last.Articles = append(last.Articles, l.article(n))
	}
}

// heading writes a chapter's number and title as law prints them.
func (l *layout) heading(n *regulation.Node) string {
	number := ""
	if n.Number != nil {
		number = numeral(*n.Number)
	}
	switch n.Kind {
	case regulation.Part:
		return l.w.T("library.mark.part", "n", number, "title", n.Title)
	case regulation.Section:
		return l.w.T("library.mark.section", "n", number, "title", n.Title)
	}
	return l.w.T("library.mark.chapter", "n", number, "title", n.Title)
}

func (l *layout) article(n *regulation.Node) documentArticle {
	plain, ok := l.printed[n.Anchor]
	if !ok {
		plain = n.Title + n.Text
	}
	mark, lines := linesOf(n, plain)
	a := documentArticle{Heading: mark, Chinese: true, Gists: l.gists[n.Anchor]}
	if a.Heading == "" {
		a.Heading, a.Chinese = PlaceName(l.w, n.Anchor), false
	}
	if n.Anchor != "" && !l.seen[n.Anchor] {
		a.ID, l.seen[n.Anchor] = n.Anchor, true
	}
	a.Lines = distinct(lines, l.seen)
	if k := l.doubts[n.Anchor]; k > 0 {
		a.Doubts = l.w.T("library.doubts", "n", l.w.Number(k))
	}
	if len(a.Gists) > 0 {
		a.Summary = l.w.T("library.gists_of", "n", l.w.Number(len(a.Gists)))
	}
	return a
}
