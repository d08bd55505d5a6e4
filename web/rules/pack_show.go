// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"quanze/core/rulepack"
	"quanze/office/library"
	"quanze/store"
	"quanze/web/page"
	"quanze/web/ui"
)

// packView is a pack as it stands.
type packView struct {
	names
	versions  []library.Version
	proposals []store.PackProposal
	locals    []setting
	rules     map[string][]library.Rule
	standing  library.Standing
	counted   bool
	admin     bool
}

// gather reads all that the page of a pack tells.
func (f *Front) gather(r *http.Request) (packView, error) {
	ctx, code := r.Context(), r.PathValue("code")
	var v packView
	p, files, err := f.library.Pack(ctx, code)
	if err != nil {
		return v, err
	}
	v.admin = page.AccountOf(r).May(page.Admin)
	if v.names, err = f.names(ctx, page.Words(r), p, v.admin); err != nil {
		return v, err
	}
	if v.versions, err = f.library.Versions(ctx, code); err != nil {
		return v, err
	}
	if v.proposals, err = f.office.DB.Reader().PackProposals(ctx, code); err != nil {
		return v, err
	}
	set, err := f.office.DB.Reader().Locals(ctx, code)
	if err != nil {
		return v, err
	}
	v.locals = settings(p, set, f.library.Waiting(p, files), f.office.Today())
	v.rules = library.ByClause(f.library.Rules(p))
	v.standing, v.counted = f.standing(p.Hash)
	return v, nil
}

// packShow answers GET /packs/{code}: what are the rules, and how do they stand.
func (f *Front) packShow(w http.ResponseWriter, r *http.Request) error {
	v, err := f.gather(r)
	if err != nil {
		return err
	}
	s := v.sheet()
	return page.Render(w, r, http.StatusOK, sheetView(page.Frame(r, s.title), s))
}

func (v packView) sheet() sheet {
	w, p := v.w, v.pack
	s := sheet{w: w, title: v.label(p.Title), answer: v.answer()}
	s.crumbs = crumbs(w, ui.Link{Label: s.title})
	if n := len(slices.DeleteFunc(slices.Clone(v.locals), func(x setting) bool { return x.now != nil })); n > 0 {
		s.notices = append(s.notices, ui.Notice(w, ui.Warning, w.T("rules.unset.warn", "n", w.Number(n))))
	}
	s.add(w.T("rules.versions"), ui.Facts(v.facts()), ui.Grid(w, v.versionTable()))
	s.add(w.T("rules.procedures"), v.procedures()...)
	s.add(w.T("rules.coverage"), v.coverage()...)
	s.add(w.T("rules.checker"), v.checker(v.open(v.standing.Diagnostics), v.counted)...)
	s.add(w.T("rules.locals"), text(w.T("rules.locals.help")), ui.Grid(w, v.localTable()), linkTo(ui.Link{Label: w.T("rules.locals.csv"), Href: packHref(p.Code) + "/locals.csv"}))
	body := []templ.Component{ui.Grid(w, v.proposalTable(v.proposals))}
	if v.admin {
		body = append(body, linkTo(ui.Link{Label: w.T("rules.propose"), Href: "/rules/propose"}))
	}
	s.add(w.T("rules.proposals"), body...)
	s.add(w.T("rules.more"), linkList([]ui.Link{
		{Label: w.T("rules.all_rules"), Href: packHref(p.Code) + "/rules"}, {Label: w.T("rules.text"), Href: "/library/" + p.Code},
		{Label: w.T("rules.clauses.csv"), Href: packHref(p.Code) + "/clauses.csv"}, {Label: w.T("rules.rules.csv"), Href: packHref(p.Code) + "/rules.csv"}}))
	return s
}

// answer says since when it is in force, and what comes next.
func (v packView) answer() string {
	since, next := "", ""
	for _, x := range v.versions {
		switch {
		case x.InForce:
			since = v.w.Date(x.From)
		case x.Ahead:
			next = v.w.Date(x.From)
		}
	}
	if since == "" {
		return v.w.T("rules.answer.ahead", "day", next)
	}
	return v.w.T("rules.answer", "day", since, "next", next)
}

func (v packView) facts() []ui.Fact {
	w, p := v.w, v.pack
	out := []ui.Fact{{Term: w.T("rules.fact.code"), Body: codeOf(p.Code)}, {Term: w.T("rules.fact.hash"), Body: codeOf(p.Hash)}}
	if p.Number != "" {
		out = append(out, ui.Fact{Term: w.T("library.fact.number"), Text: p.Number})
	}
	if p.Issuer != "" {
		out = append(out, ui.Fact{Term: w.T("library.fact.issuer"), Text: p.Issuer})
	}
	first, rollover := w.T("rules.count.excluded"), w.T("rules.count.next")
	if p.Count.CountFirst {
		first = w.T("rules.count.included")
	}
	if p.Count.NoRollover {
		rollover = w.T("rules.count.stays")
	}
	return append(out, ui.Fact{Term: w.T("rules.fact.count"), Text: first + " " + rollover},
		ui.Fact{Term: w.T("rules.fact.transition"), Text: v.transition(p.Transition.Running)})
}

// transition says what a version does to the matters that run.
func (v names) transition(running string) string {
	switch running {
	case rulepack.RunningAll:
		return v.w.T("rules.transition.all")
	case rulepack.RunningUnmet:
		return v.w.T("rules.transition.unmet")
	}
	return v.w.T("rules.transition.stay")
}

func (v packView) versionTable() ui.Table {
	w := v.w
	t := ui.Table{Caption: w.T("rules.versions"), Quiet: true, Columns: []ui.Column{{Label: w.T("rules.from")}, {Label: w.T("rules.state")},
		{Label: w.T("rules.version")}, {Label: w.T("rules.installed")}, {Label: w.T("rules.running"), Numeric: true}}}
	for _, x := range v.versions {
		state := w.T("rules.state.replaced")
		switch {
		case x.InForce:
			state = w.T("rules.state.in_force")
		case x.Ahead:
			state = w.T("rules.state.ahead")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: w.Date(x.From)}, {Text: state}, {Body: codeOf(short(x.Hash))},
			{Text: w.DateTime(x.InstalledAt), Under: v.by(x.InstalledBy)}, {Text: w.Number(x.Running)}}})
	}
	return t
}

// procedures puts each procedure into plain words: who does what, after what,
// and how long it may take.
func (v packView) procedures() []templ.Component {
	w := v.w
	var out []templ.Component
	for _, p := range v.pack.Procedures {
		acts := ui.Table{Caption: w.T("rules.acts"), Columns: []ui.Column{{Label: w.T("rules.act")}, {Label: w.T("rules.who")}, {Label: w.T("rules.approved_by")}, {Label: w.T("rules.basis")}}}
		for _, a := range p.Acts {
			acts.Rows = append(acts.Rows, ui.Row{Cells: []ui.Cell{{Text: v.label(a.Label)}, {Text: v.who(a)}, {Text: v.path(a.Approved)}, {Body: ui.Clauses(w, v.clauses(a.Basis.Clauses()))}}})
		}
		terms := ui.Table{Caption: w.T("rules.terms"), Columns: []ui.Column{{Label: w.T("rules.term")}, {Label: w.T("rules.whose")}, {Label: w.T("rules.limit")}, {Label: w.T("rules.starts")}, {Label: w.T("rules.basis")}}}
		for _, t := range p.Terms {
			terms.Rows = append(terms.Rows, ui.Row{Cells: []ui.Cell{{Text: v.label(t.Label)}, {Text: v.path(t.Of)}, {Text: v.limit(t)}, {Text: v.starts(p, t)}, {Body: ui.Clauses(w, v.clauses(t.Basis.Clauses()))}}})
		}
		summary := w.T("rules.procedure.summary", "title", v.label(p.Title), "acts", w.Number(len(p.Acts)), "terms", w.Number(len(p.Terms)))
		out = append(out, fold(summary, len(v.pack.Procedures) == 1, ui.Grid(w, acts), ui.Grid(w, terms)))
	}
	return out
}

func (v packView) who(a *rulepack.Act) string {
	var all []string
	for _, p := range a.By {
		if name := v.path(p); !slices.Contains(all, name) { // two ways to one role
			all = append(all, name)
		}
	}
	for _, m := range a.Meetings {
		all = append(all, v.label(m.Label))
	}
	return v.w.Join(all)
}

// starts names the moments from which a term runs.
func (v packView) starts(p *rulepack.Procedure, t *rulepack.Term) string {
	var all []string
	for _, s := range t.Start {
		name := s.Moment.Of
		if a := p.Act(s.Moment.Of); a != nil {
			name = v.label(a.Label)
		} else if other := p.Term(s.Moment.Of); other != nil {
			name = v.w.T("moment.lapsed", "term", v.label(other.Label))
		}
		if name != "" && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return v.w.Join(all)
}

// open leaves out what the checker, who knows the pack alone, says of
// parameters that are set here.
func (v packView) open(diags rulepack.Diagnostics) rulepack.Diagnostics {
	return slices.DeleteFunc(slices.Clone(diags), func(d rulepack.Diagnostic) bool {
		return d.Code == rulepack.CodeUnset && slices.ContainsFunc(v.locals, func(x setting) bool { return x.now != nil && slices.Contains(d.Args[:1], x.local.ID) })
	})
}

// checker tells what the checker found.
func (n names) checker(diags rulepack.Diagnostics, known bool) []templ.Component {
	if !known {
		return []templ.Component{text(n.w.T("rules.counting"))}
	}
	if len(diags) == 0 {
		return []templ.Component{text(n.w.T("rules.checker.clean"))}
	}
	t := ui.Table{Caption: n.w.T("rules.checker"), Quiet: true, Columns: []ui.Column{{Label: n.w.T("rules.place")}, {Label: n.w.T("rules.severity")}, {Label: n.w.T("rules.finding")}, {Label: n.w.T("rules.basis")}}}
	severity := map[rulepack.Severity]string{rulepack.Error: n.w.T("rules.error"), rulepack.Warning: n.w.T("rules.warning"), rulepack.Note: n.w.T("rules.note")}
	for _, d := range diags {
		under := string(d.Code)
		if d.Because != nil {
			under += " · " + n.w.T("cli.pack.because", "reason", n.label(*d.Because))
		}
		var clauses []string
		if d.Clause != "" {
			clauses = []string{d.Clause}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: d.Pos.String()}, {Text: severity[d.Severity]}, {Text: n.diagnostic(d), Under: under}, {Body: ui.Clauses(n.w, n.clauses(clauses))}}})
	}
	return []templ.Component{text(n.w.T("rules.checker.found", "errors", n.w.Number(diags.Count(rulepack.Error)), "warnings", n.w.Number(diags.Count(rulepack.Warning)), "notes", n.w.Number(diags.Count(rulepack.Note)))), ui.Grid(n.w, t)}
}
