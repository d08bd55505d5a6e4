// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"maps"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"quanze/core/fault"
	"quanze/core/rulepack"
	"quanze/packs"
	"quanze/web/page"
	"quanze/web/ui"
)

// What a version is proposed from: files that are handed in, whole or over the
// version in force of a pack, or a pack that the program carries.
const (
	fromFiles   = "files"
	overPrefix  = "over:"
	carryPrefix = "carried:"
)

// source is one way to bring a version.
type source struct {
	value string
	label string
	hint  string
}

// sources lists the ways that are open now. A version that is installed is not
// offered again.
func (f *Front) sources(r *http.Request) ([]source, error) {
	w := page.Words(r)
	out := []source{{fromFiles, w.T("rules.source.files"), w.T("rules.source.files.hint")}}
	all, err := f.all(r)
	if err != nil {
		return nil, err
	}
	for _, x := range all {
		out = append(out, source{overPrefix + x.pack.Code, w.T("rules.source.over", "title", w.Name(x.pack.Title.Zh, x.pack.Title.En)), w.T("rules.source.over.hint")})
	}
	for _, code := range packs.Codes() {
		files, err := packs.Files(code)
		if err != nil {
			return nil, err
		}
		p, _ := rulepack.Load(files)
		if p == nil {
			continue
		}
		_, _, err = f.office.DB.Reader().PackFiles(r.Context(), p.Hash)
		if fault.Is(err, fault.Absent) {
			out = append(out, source{carryPrefix + code, w.T("rules.source.carried", "title", w.Name(p.Title.Zh, p.Title.En), "version", short(p.Hash)), ""})
		} else if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// proposeForm answers GET /rules/propose.
func (f *Front) proposeForm(w http.ResponseWriter, r *http.Request) error {
	return f.proposePage(w, r, http.StatusOK, page.EmptyForm("source", fromFiles), nil)
}

// propose answers the form: the version is checked, planned and kept.
func (f *Front) propose(w http.ResponseWriter, r *http.Request) error {
	form, err := page.ParseForm(r)
	if err != nil {
		return err
	}
	files, err := f.brought(r, form)
	if err != nil && !form.Take(err) {
		return err
	}
	words := page.Words(r)
	from := form.OptionalDate("from", words.T("rules.from"))
	reason := form.Text("reason", words.T("rules.reason"), 1000)
	if !form.OK() {
		return f.proposePage(w, r, http.StatusUnprocessableEntity, form, nil)
	}
	id, diags, err := f.registry.Propose(r.Context(), account(r).ID, files, from, reason)
	switch found := fault.Of(err); {
	case err == nil:
		return page.SeeOther(w, r, proposalHref(id))
	case form.Take(err):
	case found != nil && (found.Kind == fault.Invalid || found.Kind == fault.Refused):
		form.Fail("source", found.Key, "pack", found.Args["pack"])
	default:
		return err
	}
	return f.proposePage(w, r, http.StatusUnprocessableEntity, form, diags)
}

// brought is the files of the version that is proposed.
func (f *Front) brought(r *http.Request, form *page.Form) (rulepack.Files, error) {
	w := page.Words(r)
	all, err := f.sources(r)
	if err != nil {
		return nil, err
	}
	var offered []string
	for _, s := range all {
		offered = append(offered, s.value)
	}
	chosen := form.Choice("source", w.T("rules.source"), offered...)
	if code, carried := cut(chosen, carryPrefix); carried {
		return packs.Files(code)
	}
	if chosen == "" {
		return nil, nil
	}
	sent := form.Files(w, "files", w.T("rules.upload"), uploadBounds(), true)
	if len(sent) == 0 {
		return nil, nil
	}
	files, err := unpack(sent)
	if err != nil {
		return nil, err
	}
	if code, over := cut(chosen, overPrefix); over {
		_, base, err := f.library.Pack(r.Context(), code)
		if err != nil {
			return nil, err
		}
		whole := maps.Clone(rulepack.Files(base))
		maps.Copy(whole, files)
		return whole, nil
	}
	return files, nil
}

func cut(s, prefix string) (string, bool) {
	if len(s) > len(prefix) && s[:len(prefix)] == prefix {
		return s[len(prefix):], true
	}
	return "", false
}

func (f *Front) proposePage(w http.ResponseWriter, r *http.Request, status int, filled *page.Form, diags rulepack.Diagnostics) error {
	words := page.Words(r)
	all, err := f.sources(r)
	if err != nil {
		return err
	}
	s := sheet{w: words, title: words.T("rules.propose"), answer: words.T("rules.propose.answer"), errors: filled.Errors(words)}
	s.crumbs = crumbs(words, ui.Link{Label: words.T("front.rules"), Href: "/rules"}, ui.Link{Label: s.title})
	if len(diags) > 0 {
		n := names{w: words, pack: &rulepack.Pack{}}
		s.add(words.T("rules.checker"), n.checker(diags, true)...)
	}
	var choices []ui.Choice
	for _, x := range all {
		choices = append(choices, ui.Choice{Value: x.value, Label: x.label, Hint: x.hint})
	}
	body := []templ.Component{
		ui.Radios(words, filled.Fill(words, ui.Field{Name: "source", Label: words.T("rules.source")}), choices),
		ui.File(words, filled.Fill(words, ui.Field{Name: "files", Label: words.T("rules.upload"), Hint: words.T("rules.upload.hint"), Conditional: true}), uploadBounds()),
		ui.Date(words, filled.Fill(words, ui.Field{Name: "from", Label: words.T("rules.from"), Hint: words.T("rules.from.hint"), Optional: true})),
		ui.TextArea(words, filled.Fill(words, ui.Field{Name: "reason", Label: words.T("rules.reason"), Hint: words.T("rules.reason.hint"), Most: 1000}), 4),
	}
	if status != http.StatusOK {
		body = append(body, ui.Help(words.T("rules.upload.again")))
	}
	s.add(words.T("rules.propose.what"), form("/rules/propose", true, []templ.Component{ui.Button(ui.Primary, words.T("rules.propose.do"), "", "")}, body...))
	return page.Render(w, r, status, sheetView(page.Frame(r, s.title), s))
}

// overview answers GET /rules: what waits for an administrator of the rules.
func (f *Front) overview(w http.ResponseWriter, r *http.Request) error {
	words, reader := page.Words(r), f.office.DB.Reader()
	all, err := f.all(r)
	if err != nil {
		return err
	}
	proposals, err := reader.PackProposals(r.Context(), "")
	if err != nil {
		return err
	}
	n, err := f.names(r.Context(), words, &rulepack.Pack{}, true)
	if err != nil {
		return err
	}
	waiting := slices.DeleteFunc(slices.Clone(proposals), isSettled)
	s := sheet{w: words, title: words.T("rules.title")}
	s.crumbs = []ui.Link{{Label: words.T("rules.home"), Href: "/"}, {Label: words.T("front.rules"), Current: true}}
	v := packView{names: n, admin: true}
	missing := 0
	t := ui.Table{Caption: words.T("rules.unset.list"), Quiet: true, Empty: words.T("rules.unset.none"), Columns: []ui.Column{{Label: words.T("rules.local")}, {Label: words.T("rules.pack")}, {Label: words.T("rules.basis")}}}
	for _, x := range all {
		set, err := reader.Locals(r.Context(), x.pack.Code)
		if err != nil {
			return err
		}
		for _, l := range unset(x.pack, set, f.office.Today()) {
			missing++
			of := names{w: words, pack: x.pack}
			t.Rows = append(t.Rows, ui.Row{Href: localHref(x.pack.Code, l.ID), Cells: []ui.Cell{{Text: of.label(l.Label)}, {Text: of.label(x.pack.Title)}, {Body: ui.Clauses(words, of.clauses(l.Basis.Clauses()))}}})
		}
	}
	s.answer = words.T("rules.title.answer", "proposals", words.Number(len(waiting)), "unset", words.Number(missing))
	s.add(words.T("rules.waiting"), ui.Grid(words, v.proposalTable(waiting)), buttons(ui.LinkButton(ui.Primary, words.T("rules.propose"), "/rules/propose")))
	s.add(words.T("rules.unset.list"), ui.Grid(words, t))
	s.add(words.T("rules.packs"), ui.Grid(words, packTable(words, all)))
	s.add(words.T("rules.settled"), ui.Grid(words, v.proposalTable(slices.DeleteFunc(proposals, isOpen))))
	return page.Render(w, r, http.StatusOK, sheetView(page.Frame(r, s.title), s))
}
