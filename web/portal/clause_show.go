// SPDX-License-Identifier: Apache-2.0

package portal

import (
	"net/http"
	"slices"
	"strings"

	"quanze/core/fault"
	"quanze/core/rulepack"
	"quanze/locale"
	"quanze/office/library"
	"quanze/store"
	"quanze/web/page"
	"quanze/web/ui"
)

// clausePage is one clause: what it says, how far it is run, and by which
// rules.
type clausePage struct {
	Words  *locale.Words
	Crumbs []ui.Link
	Title  string
	Answer string
	Facts  []ui.Fact
	// Mark and Lines are the text as printed; NoText says why there is none.
	Mark   string
	Lines  []textLine
	NoText string
	// Known are doubts about the text that the pack's authors noted, Doubts
	// those that the import found.
	Known  []string
	Doubts []string
	Sound  string // what stands in their place where there are none

	Rules   []ruleLine
	NoRules string
	// Runs says in how many matters the clause runs; Mine lists those of them
	// that the reader works on, for who has a post.
	Runs     string
	Mine     *ui.Table
	Previous ui.Link
	Next     ui.Link
}

// ruleLine is a rule that runs the clause.
type ruleLine struct {
	Text      string
	Href      string
	Procedure string
	// Others are the clauses that the rule cites besides.
	Others []ui.Clause
}

// clauseShow answers GET /library/{id}/clauses/{clause}.
func (f *Front) clauseShow(w http.ResponseWriter, r *http.Request) error {
	opened, err := f.library.Open(r.Context(), store.DocumentID(r.PathValue("id")))
	if err != nil {
		return err
	}
	at := clauseIndex(opened.Pack, r.PathValue("clause"))
	if at < 0 {
		return fault.New(fault.Absent, "library.clause.absent", "clause", r.PathValue("clause"))
	}
	printed, err := f.printed(r.Context(), opened, holder(opened, opened.Pack.Clauses[at].Anchor))
	if err != nil {
		return err
	}
	p := newClausePage(page.Words(r), opened, at, printed)
	if err := f.runs(r, &p, opened.Pack, opened.Pack.Clauses[at]); err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, clauseView(page.Frame(r, p.Title+" "+opened.Title), p))
}

// runs tells where the clause runs now: everybody the number, who has a post
// also the matters that he works on.
func (f *Front) runs(r *http.Request, p *clausePage, pack *rulepack.Pack, c *rulepack.Clause) error {
	ctx := r.Context()
	rules, err := f.library.ClauseInPlay(ctx, pack.Code, pack.Code+"-"+c.ID)
	if err != nil {
		return err
	}
	n, err := f.library.Running(ctx, rules)
	if err != nil {
		return err
	}
	p.Runs = p.Words.T("library.clause.runs_in", "n", p.Words.Number(n))
	who := page.AccountOf(r)
	if who.Person == "" {
		return nil
	}
	list, err := f.library.RunningOf(ctx, rules, who.Person)
	if err != nil {
		return err
	}
	w := p.Words
	p.Mine = &ui.Table{Caption: w.T("library.clause.runs_mine"), Keys: true, Empty: w.T("library.clause.runs_none"),
		Columns: []ui.Column{{Label: w.T("rules.matter")}, {Label: w.T("rules.opened")}}}
	for _, m := range list {
		works, err := f.desk.Works(ctx, store.Account{ID: who.ID, Person: who.Person}, m.ID)
		if err != nil {
			return err
		}
		if works {
			p.Mine.Rows = append(p.Mine.Rows, ui.Row{Href: "/matters/" + string(m.ID), Cells: []ui.Cell{{Text: m.Title, Under: string(m.ID)}, {Text: w.Date(m.OpenedOn)}}})
		}
	}
	return nil
}

// clauseIndex finds a clause by its id, with the pack's code or without it.
func clauseIndex(p *rulepack.Pack, id string) int {
	if p == nil {
		return -1
	}
	return slices.IndexFunc(p.Clauses, func(c *rulepack.Clause) bool { return c.ID == id || p.Code+"-"+c.ID == id })
}

// holder is the anchor of the article or heading of an imported text that
// holds a pack's anchor; none where nothing does.
func holder(o *library.Opened, anchor string) []string {
	tops := topAnchors(o)
	for _, a := range resolved(anchor) {
		if slices.Contains(tops, a) {
			return []string{a}
		}
	}
	return nil
}

func newClausePage(w *locale.Words, o *library.Opened, at int, printed map[string]string) clausePage {
	c := o.Pack.Clauses[at]
	id := o.Pack.Code + "-" + c.ID
	place, title := clausePlace(w, o.Pack, c), titleOf(w, o.Entry)
	p := clausePage{Words: w, Title: place, Answer: w.Name(c.Gist.Zh, c.Gist.En),
		Crumbs: crumbs(w, ui.Link{Label: title, Href: entryHref(o.Entry)}, ui.Link{Label: place})}
	rules := library.ByClause(library.Rules(o.Pack))[id]
	p.Facts = clauseFacts(w, c, id, len(rules) > 0, casesOf(o.Pack, id, rules))
	p.text(w, o, c, printed)
	p.doubts(w, o, c)
	for _, r := range rules {
		p.Rules = append(p.Rules, newRuleLine(w, o.Pack, id, r))
	}
	if len(rules) == 0 {
		p.NoRules = w.T("library.rules.none")
	}
	if at > 0 {
		p.Previous = neighbour(w, o.Pack, at-1, "library.clause.previous")
	}
	if at+1 < len(o.Pack.Clauses) {
		p.Next = neighbour(w, o.Pack, at+1, "library.clause.next")
	}
	return p
}

func clauseFacts(w *locale.Words, c *rulepack.Clause, id string, run bool, cases int) []ui.Fact {
	other, lang := c.Gist.En, locale.En
	if w.Lang() == locale.En {
		other, lang = c.Gist.Zh, locale.Zh
	}
	facts := []ui.Fact{
		{Term: w.T("library.clause.gist_other"), Body: inLanguage(other, string(lang))},
		{Term: w.T("library.clause.kind"), Text: kindWord(w, c.Kind)},
		{Term: w.T("library.clause.exec"), Text: runText(w, c.Exec, run)},
	}
	if c.Declared != (rulepack.Label{}) {
		facts = append(facts, ui.Fact{Term: w.T("library.clause.declared"), Text: w.Name(c.Declared.Zh, c.Declared.En)})
	}
	used := w.T("library.clause.cases_none")
	if cases > 0 {
		used = w.T("library.clause.cases_text", "n", w.Number(cases))
	}
	return append(facts,
		ui.Fact{Term: w.T("library.clause.cases"), Text: used},
		ui.Fact{Term: w.T("library.clause.id"), Body: code(id)})
}

// text finds the sentence itself.
func (p *clausePage) text(w *locale.Words, o *library.Opened, c *rulepack.Clause, printed map[string]string) {
	if o.Document == nil {
		p.NoText = w.T("library.clause.no_text")
		return
	}
	places := resolved(c.Anchor)
	for _, n := range tops(o.Document.Tree) {
		plain, ok := printed[n.Anchor]
		if !ok || !slices.Contains(places, n.Anchor) {
			continue
		}
		mark, lines := linesOf(n, plain)
		for _, at := range places {
			if found := within(lines, at); len(found) > 0 {
				p.Mark, p.Lines = mark, distinct(found, map[string]bool{})
				return
			}
		}
	}
	p.NoText = w.T("library.clause.not_found")
}

// doubts lists what is known to be doubtful in the text.
func (p *clausePage) doubts(w *locale.Words, o *library.Opened, c *rulepack.Clause) {
	for _, d := range c.Defects {
		p.Known = append(p.Known, w.Name(d.Zh, d.En))
	}
	anchor := resolved(c.Anchor)[0]
	for _, d := range open(o.Document) {
		if d.Anchor != "" && (d.Anchor == anchor || strings.HasPrefix(d.Anchor, anchor+".") || strings.HasPrefix(anchor, d.Anchor+".")) {
			p.Doubts = append(p.Doubts, w.T("library.clause.doubt", "what", defectWord(w, d.Code), "text", d.Text, "proposal", d.Proposal))
		}
	}
	if len(p.Known)+len(p.Doubts) == 0 {
		p.Sound = w.T("library.clause.sound")
	}
}

func newRuleLine(w *locale.Words, p *rulepack.Pack, clause string, r library.Rule) ruleLine {
	line := ruleLine{Text: ruleText(w, r), Href: ruleHref(p.Code, r)}
	if r.Procedure != (rulepack.Label{}) {
		line.Procedure = w.T("library.rules.procedure", "procedure", w.Name(r.Procedure.Zh, r.Procedure.En))
	}
	for _, id := range r.Cites {
		if id == clause {
			continue
		}
		name := id
		if c := p.Clause(id); c != nil {
			name = clausePlace(w, p, c)
		}
		line.Others = append(line.Others, ui.Clause{Name: name, Href: ClauseHref(id)})
	}
	return line
}

func neighbour(w *locale.Words, p *rulepack.Pack, at int, key string) ui.Link {
	c := p.Clauses[at]
	return ui.Link{Label: w.T(key, "place", clausePlace(w, p, c)), Href: ClauseHref(p.Code + "-" + c.ID)}
}
