// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"net/http"
	"slices"

	"quanze/core/calendar"
	"quanze/core/rulepack"
	"quanze/locale"
	"quanze/office/library"
	"quanze/store"
	"quanze/web/page"
	"quanze/web/ui"
)

// listed is one pack of a list.
type listed struct {
	pack     *rulepack.Pack
	versions []library.Version
	unset    int
}

// all reads every pack that is installed, by code.
func (f *Front) all(r *http.Request) ([]listed, error) {
	ctx := r.Context()
	installed, err := f.office.DB.Reader().Packs(ctx)
	if err != nil {
		return nil, err
	}
	var out []listed
	for i, p := range installed {
		if i > 0 && installed[i-1].Code == p.Code {
			continue
		}
		pack, _, err := f.library.Pack(ctx, p.Code)
		if err != nil {
			return nil, err
		}
		versions, err := f.library.Versions(ctx, p.Code)
		if err != nil {
			return nil, err
		}
		set, err := f.office.DB.Reader().Locals(ctx, p.Code)
		if err != nil {
			return nil, err
		}
		out = append(out, listed{pack, versions, len(unset(pack, set, f.office.Today()))})
	}
	return out, nil
}

// unset are the parameters of a pack of which no value acts on a day.
func unset(p *rulepack.Pack, set []store.Local, on calendar.Date) []*rulepack.Local {
	return slices.DeleteFunc(slices.Clone(p.Locals), func(l *rulepack.Local) bool {
		return slices.ContainsFunc(set, func(s store.Local) bool { return s.Name == l.ID && s.SetOn <= on })
	})
}

// packList answers GET /packs: by which rules does this place run.
func (f *Front) packList(w http.ResponseWriter, r *http.Request) error {
	all, err := f.all(r)
	if err != nil {
		return err
	}
	words := page.Words(r)
	s := sheet{w: words, crumbs: crumbs(words), title: words.T("rules.packs"), answer: words.T("rules.packs.answer", "n", words.Number(len(all)))}
	s.add(words.T("rules.packs.list"), ui.Grid(words, packTable(words, all)))
	return page.Render(w, r, http.StatusOK, sheetView(page.Frame(r, s.title), s))
}

func packTable(w *locale.Words, all []listed) ui.Table {
	t := ui.Table{Caption: w.T("rules.packs.list"), Quiet: true, Keys: true, Empty: w.T("rules.packs.none"), Columns: []ui.Column{
		{Label: w.T("rules.pack")}, {Label: w.T("rules.in_force")}, {Label: w.T("rules.ahead")},
		{Label: w.T("rules.clauses"), Numeric: true}, {Label: w.T("rules.unset"), Numeric: true}, {Label: w.T("rules.running"), Numeric: true},
	}}
	for _, x := range all {
		since, ahead, running := w.T("rules.none"), w.T("rules.none"), 0
		for _, v := range x.versions {
			running += v.Running
			switch {
			case v.InForce:
				since = w.T("rules.since", "day", w.Date(v.From))
			case v.Ahead:
				ahead = w.T("rules.since", "day", w.Date(v.From))
			}
		}
		t.Rows = append(t.Rows, ui.Row{Href: packHref(x.pack.Code), Cells: []ui.Cell{
			{Text: w.Name(x.pack.Title.Zh, x.pack.Title.En), Under: x.pack.Number}, {Text: since}, {Text: ahead},
			{Text: w.Number(len(x.pack.Clauses))}, {Text: w.Number(x.unset)}, {Text: w.Number(running)}}})
	}
	return t
}

// crumbs is the way from the list of packs to a page.
func crumbs(w *locale.Words, way ...ui.Link) []ui.Link {
	out := append([]ui.Link{{Label: w.T("rules.home"), Href: "/"}, {Label: w.T("rules.packs"), Href: "/packs"}}, way...)
	out[len(out)-1].Current = true
	return out
}
