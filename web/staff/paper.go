// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"

	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/core/rulepack"
	"quanze/locale"
	"quanze/office/casework"
	"quanze/store"
	"quanze/web/page"
	"quanze/web/ui"
)

// listPage is a page of a matter with one table.
type listPage struct {
	matterFrame
	heading string
	table   ui.Table
}

// papers lists the papers that were issued.
func (f *Front) papers(w http.ResponseWriter, r *http.Request) error {
	v, err := f.see(r)
	if err != nil {
		return err
	}
	words := page.Words(r)
	n := newNames(words, v.Rules, v.Today)
	p := listPage{matterFrame: newMatterFrame(words, v, "papers"), heading: words.T("tab.papers")}
	p.table = ui.Table{Caption: p.heading, Quiet: true, Empty: words.T("papers.empty"),
		Columns: []ui.Column{{Label: words.T("papers.title")}, {Label: words.T("papers.party")}, {Label: words.T("papers.made")}, {Label: words.T("papers.served")}}}
	for _, e := range v.Events {
		a := v.Rules.Procedure.Act(e.Act)
		if e.Kind != matter.Done || a == nil || a.Paper == nil {
			continue
		}
		party := ""
		if e.Party != "" {
			party = n.party(v.State, e.Party)
		}
		p.table.Rows = append(p.table.Rows, ui.Row{Href: fmt.Sprintf("%s/papers/%d", matterPath(v.ID), e.Seq),
			Cells: []ui.Cell{{Text: n.label(a.Paper.Title)}, {Text: party}, {Text: words.Date(e.On)}, {Text: servedOn(n, v, e)}}})
	}
	p.frame = page.Frame(r, p.title)
	return page.Render(w, r, http.StatusOK, listView(p))
}

func servedOn(n names, v *casework.View, done store.Recorded) string {
	var out []string
	for _, e := range v.Events {
		if e.Kind == matter.Served && e.Act == done.Act && e.Party == done.Party && e.Seq > done.Seq {
			out = append(out, n.w.T("papers.served_on", "to", n.path(pathOf(e.Recipient)), "on", n.w.Date(e.On)))
		}
	}
	if len(out) == 0 {
		return n.w.T("papers.not_served")
	}
	return n.w.Join(out)
}

// paperPage shows one paper as it is printed.
type paperPage struct {
	matterFrame
	paper ui.Paper
}

// paper shows one paper. Papers are Chinese, whatever the page's language.
func (f *Front) paper(w http.ResponseWriter, r *http.Request) error {
	v, err := f.see(r)
	if err != nil {
		return err
	}
	seq, err := strconv.Atoi(r.PathValue("seq"))
	if err != nil {
		return fault.New(fault.Absent, "matter.absent")
	}
	for _, e := range v.Events {
		a := v.Rules.Procedure.Act(e.Act)
		if e.Seq != seq || e.Kind != matter.Done || a == nil || a.Paper == nil {
			continue
		}
		p := paperPage{matterFrame: newMatterFrame(page.Words(r), v, "papers"), paper: f.newPaper(v, a, e)}
		p.frame = page.Frame(r, p.title)
		return page.Render(w, r, http.StatusOK, paperView(p))
	}
	return fault.New(fault.Absent, "matter.absent")
}

func (f *Front) newPaper(v *casework.View, a *rulepack.Act, e store.Recorded) ui.Paper {
	n := newNames(f.chinese, v.Rules, v.Today)
	out := ui.Paper{Title: a.Paper.Title.Zh, Date: n.w.PaperDate(e.On)}
	if h, ok := v.Rules.Org.Post(e.Actor.Post); ok {
		unit, _ := v.Rules.Org.Unit(h.Unit)
		out.Masthead, out.Signer = unit.Name.Zh, unit.Name.Zh
	}
	if e.Party != "" {
		out.To = n.party(v.State, e.Party)
	}
	if a.Paper.Series != "" {
		year, _, _ := e.On.YMD()
		out.Mark = n.w.T("paper.mark", "year", strconv.Itoa(year), "series", a.Paper.Series, "number", "\u3000\u3000") // numbers are given by a series that stands with the papers; none is invented
	}
	for _, field := range a.Paper.Contents {
		val := e.Fields[field.ID]
		if val.Empty() {
			continue
		}
		text := n.value(field, val)
		if field.Type == rulepack.FieldDate {
			text = n.w.PaperDate(val.Date())
		}
		out.Parts = append(out.Parts, ui.PaperPart{Heading: field.Label.Zh, Paragraphs: paragraphs(text)})
	}
	for _, b := range a.Paper.Blank {
		out.Blanks = append(out.Blanks, b.Zh)
	}
	return out
}

// fileList lists the files handed in.
func (f *Front) fileList(w http.ResponseWriter, r *http.Request) error {
	v, err := f.see(r)
	if err != nil {
		return err
	}
	files, err := f.desk.Files(r.Context(), v)
	if err != nil {
		return err
	}
	words := page.Words(r)
	n := newNames(words, v.Rules, v.Today)
	p := listPage{matterFrame: newMatterFrame(words, v, "files"), heading: words.T("tab.files")}
	p.table = ui.Table{Caption: p.heading, Quiet: true, Empty: words.T("files.empty"),
		Columns: []ui.Column{{Label: words.T("files.name")}, {Label: words.T("files.act")}, {Label: words.T("files.at")}, {Label: words.T("files.size"), Numeric: true}}}
	for _, x := range files {
		p.table.Rows = append(p.table.Rows, ui.Row{Href: matterPath(v.ID) + "/files/" + string(x.ID),
			Cells: []ui.Cell{{Text: x.Name}, {Text: n.act(x.Act)}, {Text: words.DateTime(x.UploadedAt)}, {Text: words.Size(x.Size)}}})
	}
	p.frame = page.Frame(r, p.title)
	return page.Render(w, r, http.StatusOK, listView(p))
}

// file sends one file, always as something to keep and never as a page.
func (f *Front) file(w http.ResponseWriter, r *http.Request) error {
	v, err := f.see(r)
	if err != nil {
		return err
	}
	a, body, err := f.desk.File(r.Context(), v, store.AttachmentID(r.PathValue("file")))
	if err != nil {
		return err
	}
	defer body.Close()
	h := w.Header()
	h.Set("Content-Type", a.Type)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": a.Name}))
	h.Set("Content-Length", strconv.FormatInt(a.Size, 10))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "no-store")
	_, _ = io.Copy(w, body) // an error here is the client's going away
	return nil
}

// basisPage answers: on what does this rest.
type basisPage struct {
	matterFrame
	rows ui.Table
	rest []ui.Table // clauses that were not in play, folded
	more string
}

// basis lists the clauses that the procedure runs, those that were in play first.
func (f *Front) basis(w http.ResponseWriter, r *http.Request) error {
	v, err := f.see(r)
	if err != nil {
		return err
	}
	p := newBasisPage(page.Words(r), v)
	p.frame = page.Frame(r, p.title)
	return page.Render(w, r, http.StatusOK, basisView(p))
}

func newBasisPage(w *locale.Words, v *casework.View) basisPage {
	n := newNames(w, v.Rules, v.Today)
	p := basisPage{matterFrame: newMatterFrame(w, v, "basis")}
	p.rows = ui.Table{Caption: w.T("tab.basis"), Quiet: true, Empty: w.T("basis.none"),
		Columns: []ui.Column{{Label: w.T("basis.clause")}, {Label: w.T("basis.gist")}, {Label: w.T("basis.state")}}}
	rest := ui.Table{Caption: w.T("basis.others"), Quiet: true, Columns: p.rows.Columns[:2]}
	running, spoken, cited := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, o := range v.Owed {
		for _, c := range o.Clause {
			running[c] = true
		}
	}
	for _, e := range v.Events {
		for _, c := range e.Clauses {
			spoken[c] = true
		}
		if a := v.Rules.Procedure.Act(e.Act); a != nil {
			for _, c := range a.Basis.Clauses() {
				spoken[c] = true
			}
		}
	}
	pack := v.Rules.Procedure.Pack
	for _, rule := range pack.Rules {
		for _, c := range rule.Clauses() {
			cited[c] = true
		}
	}
	for _, c := range pack.Clauses {
		id := pack.Code + "-" + c.ID
		if !cited[id] {
			continue
		}
		state := ""
		switch {
		case running[id]:
			state = w.T("basis.running")
		case spoken[id]:
			state = w.T("basis.applied")
		}
		clause := page.Clause(w, pack, id)
		cells := []ui.Cell{{Text: clause.Name}, {Text: n.label(c.Gist)}}
		if state == "" {
			rest.Rows = append(rest.Rows, ui.Row{Href: clause.Href, Cells: cells})
			continue
		}
		p.rows.Rows = append(p.rows.Rows, ui.Row{Href: clause.Href, Cells: append(cells, ui.Cell{Text: state})})
	}
	if len(rest.Rows) > 0 {
		p.rest, p.more = []ui.Table{rest}, w.T("basis.more", "n", w.Number(len(rest.Rows)))
	}
	return p
}
