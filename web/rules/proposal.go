// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/core/rulepack"
	"quanze/office"
	"quanze/office/registry"
	"quanze/store"
	"quanze/web/page"
	"quanze/web/ui"
)

func isSettled(p store.PackProposal) bool { return p.State != store.ProposalOpen }
func isOpen(p store.PackProposal) bool    { return p.State == store.ProposalOpen }

// state says where a proposal stands.
func (n names) state(p store.PackProposal) string {
	switch p.State {
	case store.ProposalApproved:
		return n.w.T("rules.proposal.approved")
	case store.ProposalRefused:
		return n.w.T("rules.proposal.refused")
	}
	return n.w.T("rules.proposal.open")
}

// proposalTable lists proposals. Only administrators are led to them: the page
// of one tells of running matters.
func (v packView) proposalTable(list []store.PackProposal) ui.Table {
	w := v.w
	t := ui.Table{Caption: w.T("rules.proposals"), Quiet: true, Empty: w.T("rules.proposals.none"), Columns: []ui.Column{{Label: w.T("rules.proposal")},
		{Label: w.T("rules.from")}, {Label: w.T("rules.state")}, {Label: w.T("rules.reason")}, {Label: w.T("rules.proposed_by")}}}
	for _, p := range list {
		row := ui.Row{Cells: []ui.Cell{{Text: w.T("rules.proposal.name", "code", p.Code, "version", short(p.Hash))}, {Text: w.Date(p.From)},
			{Text: v.state(p), Under: p.SettledWhy}, {Text: p.Reason}, {Text: v.by(p.ProposedBy), Under: w.DateTime(p.ProposedAt)}}}
		if v.admin {
			row.Href = proposalHref(p.ID)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// proposed is a proposal with all that its page tells.
type proposed struct {
	names
	store.PackProposal
	files  rulepack.Files
	base   rulepack.Files
	report registry.Report
	may    bool
	others []store.Account
	seen   map[matter.ID]bool
}

// proposal reads the proposal of the path.
func (f *Front) proposal(r *http.Request) (proposed, error) {
	ctx, reader := r.Context(), f.office.DB.Reader()
	var p proposed
	var err error
	if p.PackProposal, p.files, err = reader.PackProposal(ctx, r.PathValue("id")); err != nil {
		return p, err
	}
	pack, _ := rulepack.Load(p.files)
	if pack == nil { // the loader has become stricter since
		pack = &rulepack.Pack{Code: p.Code}
	}
	if p.names, err = f.names(ctx, page.Words(r), pack, true); err != nil {
		return p, err
	}
	if p.report, err = registry.ReadReport(p.PackProposal); err != nil {
		return p, err
	}
	_, p.base, err = f.library.Pack(ctx, p.Code)
	if err != nil && !fault.Is(err, fault.Absent) {
		return p, err
	}
	if p.may, p.others, err = f.registry.MaySettle(ctx, account(r).ID, p.PackProposal, page.Admin.String()); err != nil {
		return p, err
	}
	var ids []matter.ID
	for _, t := range p.report.Plan.Matters {
		ids = append(ids, t.Matter)
	}
	p.seen, err = f.seen(ctx, account(r), ids)
	return p, err
}

// proposalShow answers GET /rules/proposals/{id}: what would change, for whom,
// and who decides.
func (f *Front) proposalShow(w http.ResponseWriter, r *http.Request) error {
	p, err := f.proposal(r)
	if err != nil {
		return err
	}
	return p.show(w, r, http.StatusOK, page.EmptyForm())
}

func (p proposed) show(w http.ResponseWriter, r *http.Request, status int, filled *page.Form) error {
	words := p.w
	title := p.label(p.pack.Title)
	if title == "" {
		title = p.Code
	}
	s := sheet{w: words, title: words.T("rules.proposal.title", "title", title), errors: filled.Errors(words)}
	s.answer = words.T("rules.proposal.answer", "day", words.Date(p.From), "state", p.state(p.PackProposal))
	s.crumbs = crumbs(words, ui.Link{Label: words.T("front.rules"), Href: "/rules"}, ui.Link{Label: title, Href: packHref(p.Code)}, ui.Link{Label: words.T("rules.proposal")})
	s.add(words.T("rules.reason"), text(p.Reason), ui.Facts(p.facts()))
	s.add(words.T("rules.checker"), p.checker(p.report.Diagnostics, true)...)
	s.add(words.T("rules.diff"), p.diff()...)
	s.add(words.T("rules.plan"), p.plan()...)
	if p.State == store.ProposalOpen {
		s.add(words.T("rules.decide"), p.decide(filled)...)
	}
	return page.Render(w, r, status, sheetView(page.Frame(r, s.title), s))
}

func (p proposed) facts() []ui.Fact {
	w := p.w
	out := []ui.Fact{{Term: w.T("rules.proposed_by"), Text: p.by(p.ProposedBy)}, {Term: w.T("rules.proposed_at"), Text: w.DateTime(p.ProposedAt)},
		{Term: w.T("rules.from"), Text: w.Date(p.From)}, {Term: w.T("rules.fact.hash"), Body: codeOf(p.Hash)}}
	if p.State != store.ProposalOpen {
		out = append(out, ui.Fact{Term: w.T("rules.settled_by"), Text: p.by(p.SettledBy)}, ui.Fact{Term: w.T("rules.settled_at"), Text: w.DateTime(p.SettledAt)})
	}
	if p.SettledWhy != "" {
		out = append(out, ui.Fact{Term: w.T("rules.settled_why"), Text: p.SettledWhy})
	}
	return out
}

// mostShown bounds the lines of a difference, and the matters of a plan, on the
// page; the lists to download are whole.
const mostShown = 400

// diff tells what differs from the version in force today.
func (p proposed) diff() []templ.Component {
	w := p.w
	if p.base == nil {
		return []templ.Component{text(w.T("rules.diff.first", "n", w.Number(len(p.files))))}
	}
	all := diffFiles(p.base, p.files)
	if len(all) == 0 {
		return []templ.Component{text(w.T("rules.diff.none"))}
	}
	out := []templ.Component{text(w.T("rules.diff.answer", "n", w.Number(len(all))))}
	shown := 0
	for _, c := range all {
		summary := w.T("rules.diff.file", "name", c.name, "state", diffState(p.names, c.state), "added", w.Number(c.added), "removed", w.Number(c.removed))
		t := ui.Table{Caption: summary, Quiet: true, Columns: []ui.Column{{Label: w.T("rules.diff.line")}, {Label: w.T("rules.diff.what")}, {Label: w.T("rules.diff.text")}}}
		for _, h := range c.hunks {
			for _, x := range h {
				if shown++; shown <= mostShown {
					t.Rows = append(t.Rows, diffRow(p.names, x))
				}
			}
		}
		body := []templ.Component{ui.Grid(w, t)}
		if len(t.Rows) == 0 || shown > mostShown {
			body = append(body, text(w.T("rules.diff.cut")))
		}
		out = append(out, fold(summary, c.state == "changed" && shown <= mostShown, body...))
	}
	return out
}

func diffState(n names, state string) string {
	switch state {
	case "new":
		return n.w.T("rules.diff.new")
	case "gone":
		return n.w.T("rules.diff.gone")
	}
	return n.w.T("rules.diff.changed")
}

func diffRow(n names, x change) ui.Row {
	number, what := x.new, n.w.T("rules.diff.same")
	switch x.sign {
	case "-":
		number, what = x.old, n.w.T("rules.diff.out")
	case "+":
		what = n.w.T("rules.diff.in")
	}
	rest := strings.TrimLeft(x.text, " ")
	indent := strings.Repeat("\u00a0", len(x.text)-len(rest))
	return ui.Row{Cells: []ui.Cell{{Text: n.w.Number(number)}, {Text: what}, {Body: line(x.sign, indent+rest)}}}
}

// plan tells which running matters the version touches.
func (p proposed) plan() []templ.Component {
	w, plan := p.w, p.report.Plan
	var touched []office.Touched
	for _, t := range plan.Matters {
		if len(t.Dues)+len(t.Irregular) > 0 || t.Fault != nil {
			touched = append(touched, t)
		}
	}
	head := w.T("rules.plan.answer", "n", w.Number(len(plan.Matters)), "touched", w.Number(len(touched)))
	out := []templ.Component{text(p.transition(plan.Running)), text(head), text(w.T("rules.plan.made", "day", w.Date(p.report.On)))}
	t := ui.Table{Caption: w.T("rules.plan"), Quiet: true, Empty: w.T("rules.plan.none"), Columns: []ui.Column{{Label: w.T("rules.matter")}, {Label: w.T("rules.procedure")}, {Label: w.T("rules.moves")}, {Label: w.T("rules.changes")}}}
	for i, x := range touched {
		if i == mostShown {
			break
		}
		t.Rows = append(t.Rows, p.planRow(x))
	}
	out = append(out, ui.Grid(w, t), linkTo(ui.Link{Label: w.T("rules.plan.csv"), Href: proposalHref(p.ID) + "/plan.csv"}))
	if p.State == store.ProposalOpen {
		out = append(out, form(proposalHref(p.ID)+"/plan", false, []templ.Component{ui.Button(ui.Secondary, w.T("rules.plan.again"), "", "")}))
	}
	return out
}

// planRow names a matter by its number; its title is for those who work on it.
func (p proposed) planRow(x office.Touched) ui.Row {
	w := p.w
	row := ui.Row{Cells: []ui.Cell{{Text: string(x.Matter)}}}
	if p.seen[x.Matter] {
		row.Href, row.Cells[0].Under = "/matters/"+string(x.Matter), x.Title
	}
	procedure := x.Procedure
	if proc := p.pack.Procedure(x.Procedure); proc != nil {
		procedure = p.label(proc.Title)
	}
	moves := w.T("rules.moves.no")
	if x.Moves {
		moves = w.T("rules.moves.yes")
	}
	var all []templ.Component
	for _, s := range p.changes(x) {
		all = append(all, text(s))
	}
	row.Cells = append(row.Cells, ui.Cell{Text: procedure}, ui.Cell{Text: moves}, ui.Cell{Body: several(all)})
	return row
}

// changes puts what would be otherwise into words.
func (p proposed) changes(x office.Touched) []string {
	w := p.w
	var out []string
	if x.Fault != nil {
		out = append(out, w.Fault(x.Fault))
	}
	proc := p.pack.Procedure(x.Procedure)
	for _, d := range x.Dues {
		label := d.Label
		if proc != nil && proc.Term(d.Term) != nil {
			label = p.label(proc.Term(d.Term).Label)
		}
		old, now := w.T("rules.plan.no_day"), w.T("rules.plan.no_day")
		if d.Old != 0 {
			old = w.Date(d.Old)
		}
		if d.New != 0 {
			now = w.Date(d.New)
		}
		switch {
		case d.Begins:
			out = append(out, w.T("rules.plan.begins", "term", label, "new", now))
		case d.Ends:
			out = append(out, w.T("rules.plan.ends", "term", label, "old", old))
		case d.Kept:
			out = append(out, w.T("rules.plan.kept", "term", label, "old", old, "new", now))
		default:
			out = append(out, w.T("rules.plan.due", "term", label, "old", old, "new", now))
		}
	}
	for _, id := range x.Irregular {
		label := id
		if proc != nil && proc.Act(id) != nil {
			label = p.label(proc.Act(id).Label)
		}
		out = append(out, w.T("rules.plan.irregular", "act", label))
	}
	return out
}

// planCSV is the whole plan for a spreadsheet, a line for each change.
func (f *Front) planCSV(w http.ResponseWriter, r *http.Request) error {
	p, err := f.proposal(r)
	if err != nil {
		return err
	}
	words := p.w
	rows := [][]string{{words.T("rules.matter"), words.T("rules.procedure"), words.T("rules.version"), words.T("rules.moves"), words.T("rules.changes")}}
	for _, x := range p.report.Plan.Matters {
		row := p.planRow(x)
		all := p.changes(x)
		if len(all) == 0 {
			all = []string{words.T("rules.plan.nothing")}
		}
		for _, s := range all {
			rows = append(rows, []string{row.Cells[0].Text, row.Cells[1].Text, short(x.PackHash), row.Cells[2].Text, s})
		}
	}
	return sendCSV(w, p.Code+"-plan", rows)
}

// decide offers to approve or to refuse, or says why not and who can.
func (p proposed) decide(filled *page.Form) []templ.Component {
	w := p.w
	var who []string
	for _, a := range p.others {
		who = append(who, p.by(a.ID))
	}
	if !p.may {
		why := ui.Refusal{Why: w.T("registry.proposal.same_person"), Help: []string{w.T("rules.decide.who", "names", w.Join(who))}}
		if len(who) == 0 {
			why.Help = []string{w.T("rules.decide.nobody")}
		}
		return []templ.Component{ui.Reasons(w, why)}
	}
	return []templ.Component{
		text(w.T("rules.approve.what", "day", w.Date(p.From))),
		form(proposalHref(p.ID)+"/approve", false, []templ.Component{ui.Button(ui.Primary, w.T("rules.approve"), "", "")}),
		heading(w.T("rules.refuse")),
		form(proposalHref(p.ID)+"/refuse", false, []templ.Component{ui.Button(ui.Secondary, w.T("rules.refuse"), "", "")},
			ui.TextArea(w, filled.Fill(w, ui.Field{Name: "reason", Label: w.T("rules.refuse.why"), Most: 1000}), 3)),
	}
}

// proposalRenew makes the plan anew.
func (f *Front) proposalRenew(w http.ResponseWriter, r *http.Request) error {
	if err := f.registry.Renew(r.Context(), r.PathValue("id")); err != nil {
		return err
	}
	return page.SeeOther(w, r, proposalHref(r.PathValue("id")))
}

// proposalApprove puts the version in force from its day.
func (f *Front) proposalApprove(w http.ResponseWriter, r *http.Request) error {
	p, err := f.proposal(r)
	if err != nil {
		return err
	}
	_, err = f.registry.Approve(r.Context(), account(r).ID, p.ID)
	if found := fault.Of(err); found != nil && found.Kind == fault.Refused {
		filled := page.EmptyForm()
		filled.Fail("", found.Key, "day", found.Args["day"])
		return p.show(w, r, http.StatusUnprocessableEntity, filled)
	}
	if err != nil {
		return err
	}
	return page.SeeOther(w, r, proposalHref(p.ID))
}

// proposalRefuse ends the proposal with a reason.
func (f *Front) proposalRefuse(w http.ResponseWriter, r *http.Request) error {
	p, err := f.proposal(r)
	if err != nil {
		return err
	}
	filled, err := page.ParseForm(r)
	if err != nil {
		return err
	}
	why := filled.Text("reason", p.w.T("rules.refuse.why"), 1000)
	if filled.OK() {
		err = f.registry.Refuse(r.Context(), account(r).ID, p.ID, why)
		found := fault.Of(err)
		switch {
		case err == nil:
			return page.SeeOther(w, r, proposalHref(p.ID))
		case found != nil && found.Kind == fault.Refused:
			filled.Fail("", found.Key)
		default:
			return err
		}
	}
	return p.show(w, r, http.StatusUnprocessableEntity, filled)
}
