// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/locale"
	"quanze/office/library"
	"quanze/store"
	"quanze/web/page"
	"quanze/web/ui"
)

// ruleList answers GET /packs/{code}/rules: which rules are there.
func (f *Front) ruleList(w http.ResponseWriter, r *http.Request) error {
	p, _, err := f.library.Pack(r.Context(), r.PathValue("code"))
	if err != nil {
		return err
	}
	n, words := names{w: page.Words(r), pack: p}, page.Words(r)
	all := f.library.Rules(p)
	s := sheet{w: words, title: words.T("rules.rules_of", "title", n.label(p.Title)), answer: words.T("rules.rules.answer", "n", words.Number(len(all)))}
	s.crumbs = crumbs(words, ui.Link{Label: n.label(p.Title), Href: packHref(p.Code)}, ui.Link{Label: words.T("rules.rules")})
	for _, part := range n.groups(all) {
		t := ui.Table{Caption: part.title, Quiet: true, Keys: true, Columns: []ui.Column{{Label: words.T("rules.rule")}, {Label: words.T("rules.place")}, {Label: words.T("rules.basis")}}}
		for _, x := range part.rules {
			t.Rows = append(t.Rows, ui.Row{Href: RuleHref(p.Code, x), Cells: []ui.Cell{{Text: n.rule(x)}, {Text: x.Pos.String()}, {Body: ui.Clauses(words, n.clauses(x.Cites))}}})
		}
		s.add(part.title, ui.Grid(words, t))
	}
	s.add(words.T("rules.more"), linkTo(ui.Link{Label: words.T("rules.rules.csv"), Href: packHref(p.Code) + "/rules.csv"}))
	return page.Render(w, r, http.StatusOK, sheetView(page.Frame(r, s.title), s))
}

// group is the rules of one procedure, or of the whole pack.
type group struct {
	title string
	rules []library.Rule
}

func (n names) groups(all []library.Rule) []group {
	var out []group
	of := func(title, procedure string) {
		rules := slices.DeleteFunc(slices.Clone(all), func(r library.Rule) bool { return r.ProcedureID != procedure })
		if len(rules) > 0 {
			out = append(out, group{title, rules})
		}
	}
	for _, p := range n.pack.Procedures {
		of(n.w.T("library.rules.procedure", "procedure", n.label(p.Title)), p.ID)
	}
	of(n.w.T("rules.whole_pack"), "")
	return out
}

// rulesCSV is the same list for a spreadsheet.
func (f *Front) rulesCSV(w http.ResponseWriter, r *http.Request) error {
	p, _, err := f.library.Pack(r.Context(), r.PathValue("code"))
	if err != nil {
		return err
	}
	words := page.Words(r)
	n := names{w: words, pack: p}
	rows := [][]string{{words.T("rules.rule"), words.T("rules.procedure"), words.T("rules.place"), words.T("rules.basis")}}
	for _, x := range f.library.Rules(p) {
		rows = append(rows, []string{n.rule(x), n.label(x.Procedure), x.Pos.String(), words.Join(x.Cites)})
	}
	return sendCSV(w, p.Code+"-rules", rows)
}

// ruleShow answers GET /packs/{code}/rules/{rule}: on which clauses does it
// rest, and where is it in play.
func (f *Front) ruleShow(w http.ResponseWriter, r *http.Request) error {
	ctx, words := r.Context(), page.Words(r)
	p, _, err := f.library.Pack(ctx, r.PathValue("code"))
	if err != nil {
		return err
	}
	all := f.library.Rules(p)
	i := slices.IndexFunc(all, func(x library.Rule) bool { return x.ID() == r.PathValue("rule") })
	if i < 0 {
		return fault.New(fault.Absent, "rules.rule.absent")
	}
	rule, n := all[i], names{w: words, pack: p}
	play := library.InPlay(p, rule)
	count, err := f.library.Running(ctx, play)
	if err != nil {
		return err
	}
	s := sheet{w: words, title: n.rule(rule), answer: words.T("rules.runs_in", "n", words.Number(count))}
	s.crumbs = crumbs(words, ui.Link{Label: n.label(p.Title), Href: packHref(p.Code)}, ui.Link{Label: words.T("rules.rules"), Href: packHref(p.Code) + "/rules"}, ui.Link{Label: s.title})
	s.add(words.T("rules.rests_on"), ui.Facts(n.cited(rule)))
	s.add(words.T("rules.where"), text(n.playWords(rule)), ui.Facts([]ui.Fact{{Term: words.T("rules.place"), Body: codeOf(rule.Pos.String())}, {Term: words.T("rules.version"), Body: codeOf(short(p.Hash))}}))
	if page.AccountOf(r).Person != "" {
		list, err := f.library.RunningOf(ctx, play, page.AccountOf(r).Person)
		if err != nil {
			return err
		}
		if list, err = f.mine(r, list); err != nil {
			return err
		}
		s.add(words.T("rules.mine"), ui.Grid(words, matterTable(words, list)))
	}
	return page.Render(w, r, http.StatusOK, sheetView(page.Frame(r, s.title), s))
}

// cited tells the clauses of a rule with their gists.
func (n names) cited(rule library.Rule) []ui.Fact {
	var out []ui.Fact
	for _, id := range rule.Cites {
		gist := id
		if c := n.pack.Clause(id); c != nil {
			gist = n.label(c.Gist)
		}
		c := page.Clause(n.w, n.pack, id)
		out = append(out, ui.Fact{Term: c.Name, Body: link(gist, c.Href)})
	}
	return out
}

// playWords says when a rule counts as in play.
func (n names) playWords(r library.Rule) string {
	proc := n.pack.Procedure(r.ProcedureID)
	if r.Whole() || proc == nil {
		return n.w.T("rules.play.whole")
	}
	var acts, terms []string
	for _, id := range r.Acts {
		if a := proc.Act(id); a != nil {
			acts = append(acts, n.label(a.Label))
		}
	}
	for _, id := range r.Terms {
		if t := proc.Term(id); t != nil {
			terms = append(terms, n.label(t.Label))
		}
	}
	return n.w.T("rules.play", "acts", n.w.Join(acts), "terms", n.w.Join(terms))
}

// mine leaves the matters on which the signed-in person works.
func (f *Front) mine(r *http.Request, list []store.Matter) ([]store.Matter, error) {
	ids := make([]matter.ID, len(list))
	for i, m := range list {
		ids[i] = m.ID
	}
	seen, err := f.seen(r.Context(), account(r), ids)
	return slices.DeleteFunc(list, func(m store.Matter) bool { return !seen[m.ID] }), err
}

func matterTable(w *locale.Words, list []store.Matter) ui.Table {
	t := ui.Table{Caption: w.T("rules.mine"), Quiet: true, Keys: true, Empty: w.T("rules.mine.none"),
		Columns: []ui.Column{{Label: w.T("rules.matter")}, {Label: w.T("rules.opened")}}}
	for _, m := range list {
		t.Rows = append(t.Rows, ui.Row{Href: "/matters/" + string(m.ID), Cells: []ui.Cell{{Text: m.Title, Under: string(m.ID)}, {Text: w.Date(m.OpenedOn)}}})
	}
	return t
}

// ruleLinks names rules, each leading to its page.
func (n names) ruleLinks(list []library.Rule) templ.Component {
	var all []templ.Component
	for _, x := range list {
		all = append(all, linkTo(ui.Link{Label: n.rule(x), Href: RuleHref(n.pack.Code, x)})) // apart, so that each is easily hit
	}
	return several(all)
}
