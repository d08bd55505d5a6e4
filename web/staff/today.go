// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"net/http"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/core/rulepack"
	"quanze/locale"
	"quanze/office"
	"quanze/office/casework"
	"quanze/office/timers"
	"quanze/store"
	"quanze/web/page"
	"quanze/web/ui"
)

type matterDay = calendar.Date

// todayPage answers: what do I owe today, and by when.
type todayPage struct {
	frame  ui.Frame
	w      *locale.Words
	title  string
	answer string
	owed   ui.Table
	mine   []ui.Table // matters that concern the person himself
	begin  []ui.Link
	next   string
	alarm  string
	clock  string
}

// today shows what the signed-in person owes or may do, the most pressing first.
func (f *Front) today(w http.ResponseWriter, r *http.Request) error {
	ctx, words, who := r.Context(), page.Words(r), account(r)
	items, next, err := f.desk.Today(ctx, who, store.Page{After: r.URL.Query().Get("after"), Limit: 50})
	if err != nil {
		return err
	}
	starts, err := f.desk.MayBegin(ctx, who)
	if err != nil {
		return err
	}
	mine, err := f.desk.Concerning(ctx, who)
	if err != nil {
		return err
	}
	health, err := timers.HealthOf(ctx, f.office.DB.Reader(), f.office.Now())
	if err != nil {
		return err
	}
	rows, err := f.owedRows(r, words, items)
	if err != nil {
		return err
	}
	p := newTodayPage(words, items, rows, starts, f.office.Today())
	p.frame, p.mine = page.Frame(r, p.title), concerningTable(words, mine)
	if next != "" {
		p.next = "/staff?after=" + next
	}
	if !health.Stale {
		p.clock = words.T("today.clock_runs", "at", words.DateTime(health.Last))
	} else {
		p.alarm = words.T("today.clock_never")
		if !health.Last.IsZero() {
			p.alarm = words.T("today.clock_stopped", "at", words.DateTime(health.Last))
		}
	}
	return page.Render(w, r, http.StatusOK, todayView(p))
}

func newTodayPage(w *locale.Words, items []store.OwedItem, rows []ui.Row, starts []office.Startable, today calendar.Date) todayPage {
	late, soon := 0, 0
	for _, x := range items {
		switch {
		case x.Kind == string(rulepack.Right), x.State == store.Stopped:
		case x.State == store.Late:
			late++
		case x.Due != 0 && x.Due <= today:
			soon++
		}
	}
	p := todayPage{w: w, title: w.T("today.title")}
	switch {
	case len(items) == 0:
		p.answer = w.T("today.nothing")
	case late > 0:
		p.answer = w.T("today.late", "late", w.Number(late), "n", w.Number(len(items)))
	case soon > 0:
		p.answer = w.T("today.soon", "soon", w.Number(soon), "n", w.Number(len(items)))
	default:
		p.answer = w.T("today.calm", "n", w.Number(len(items)))
	}
	p.owed = ui.Table{Caption: w.T("today.table"), Quiet: true, Keys: true, Empty: w.T("today.empty"), Rows: rows,
		Columns: []ui.Column{{Label: w.T("today.what")}, {Label: w.T("today.matter")}, {Label: w.T("today.due")}, {Label: w.T("today.light")}, {Label: w.T("today.basis")}}}
	for _, s := range starts {
		p.begin = append(p.begin, ui.Link{Label: w.T("today.begin", "act", w.Name(s.Act.Label.Zh, s.Act.Label.En), "procedure", w.Name(s.Procedure.Title.Zh, s.Procedure.Title.En)),
			Href: fmt.Sprintf("/staff/begin/%s/%s/%s?unit=%s", s.Pack.Code, s.Procedure.ID, s.Act.ID, s.Unit)})
	}
	return p
}

// concerningTable leads somebody whom matters concern to his own side of each,
// and says of each what he owes, may do or waits for.
func concerningTable(w *locale.Words, mine []*casework.View) []ui.Table {
	if len(mine) == 0 {
		return nil
	}
	t := ui.Table{Caption: w.T("today.concerning"), Quiet: true, Columns: []ui.Column{{Label: w.T("today.matter")}, {Label: w.T("today.stands")}}}
	for _, v := range mine {
		n := newNames(w, v.Rules, v.Today)
		t.Rows = append(t.Rows, ui.Row{Href: matterPath(v.ID), Cells: []ui.Cell{{Text: v.Title, Under: n.label(v.Rules.Procedure.Title)}, {Text: cmp.Or(concernedSentence(n, v), w.T("matter.nothing_for_you"))}}})
	}
	return []ui.Table{t}
}

// owedRows puts what is owed into rows; the rules of each matter name its terms.
func (f *Front) owedRows(r *http.Request, w *locale.Words, items []store.OwedItem) ([]ui.Row, error) {
	var rows []ui.Row
	reader := f.office.DB.Reader()
	seen := map[matter.ID]*matter.Rules{}
	for _, x := range items {
		if seen[x.Matter] == nil {
			m, err := reader.Matter(r.Context(), x.Matter)
			if err != nil {
				return nil, err
			}
			rules, err := f.office.RulesOf(r.Context(), reader, m)
			if err != nil {
				return nil, err
			}
			seen[x.Matter] = rules
		}
		n := newNames(w, seen[x.Matter], f.office.Today())
		term := seen[x.Matter].Procedure.Term(x.Term.Term)
		var clauses []string
		if term != nil {
			clauses = term.Basis.Clauses()
		}
		party := ""
		if x.Party != "" {
			party = n.anyParty(x.Party)
		}
		what := n.term(x.Term.Term)
		if x.Kind == office.Waiting {
			if a := seen[x.Matter].Procedure.Act(office.WaitingFor(x.Term.Term)); a != nil {
				what, clauses = n.waitingFor(a), a.Basis.Clauses()
			}
		}
		due, light := ui.Cell{Text: n.due(x.Due, x.Provisional), Under: n.left(x.Due)}, lightOf(n, x.Due, x.State == store.Late)
		if x.State == store.Stopped {
			due, light = ui.Cell{Text: w.T("due.stopped")}, ui.Stopped
		}
		rows = append(rows, ui.Row{Href: matterPath(x.Matter), Cells: []ui.Cell{
			{Text: what, Under: party}, {Text: x.Title, Under: string(x.Matter)}, due, {Light: light},
			{Body: ui.Clauses(w, n.clauses(clauses))}}})
	}
	return rows, nil
}

// waitingFor names an act that waits for somebody: an approval as such.
func (n names) waitingFor(a *rulepack.Act) string {
	if len(a.Approved) > 0 {
		return n.w.T("offer.approve", "act", n.label(a.Label))
	}
	return n.label(a.Label)
}

// lightOf is the light of a last day.
func lightOf(n names, due calendar.Date, late bool) ui.Light {
	switch {
	case late || (due != 0 && due < n.today):
		return ui.Late
	case due != 0 && n.rules.Calendar.WorkingDays(n.today, due) <= 3:
		return ui.Near
	}
	return ui.InTime
}

// matters lists all that the person works on or is party to.
func (f *Front) matters(w http.ResponseWriter, r *http.Request) error {
	words := page.Words(r)
	list, next, err := f.desk.Mine(r.Context(), account(r), store.Page{After: r.URL.Query().Get("after"), Limit: 50})
	if err != nil {
		return err
	}
	p := newMattersPage(words, list, f.office.Today())
	if next != "" {
		p.next = "/staff/matters?after=" + next
	}
	p.frame = page.Frame(r, p.title)
	return page.Render(w, r, http.StatusOK, mattersView(p))
}

// mattersPage answers: which matters are mine.
type mattersPage struct {
	frame  ui.Frame
	w      *locale.Words
	title  string
	answer string
	table  ui.Table
	next   string
}

func newMattersPage(w *locale.Words, list []store.Matter, today calendar.Date) mattersPage {
	p := mattersPage{w: w, title: w.T("matters.title"), answer: w.T("matters.answer", "n", w.Number(len(list)))}
	p.table = ui.Table{Caption: p.title, Quiet: true, Keys: true, Empty: w.T("matters.empty"),
		Columns: []ui.Column{{Label: w.T("matters.what")}, {Label: w.T("matters.opened")}, {Label: w.T("matters.next_due")}, {Label: w.T("matters.state")}}}
	for _, m := range list {
		due := ""
		if m.NextDue != 0 {
			due = w.Date(m.NextDue)
		}
		p.table.Rows = append(p.table.Rows, ui.Row{Href: matterPath(m.ID), Cells: []ui.Cell{
			{Text: m.Title, Under: string(m.ID)}, {Text: w.Date(m.OpenedOn)}, {Text: due}, {Text: stateOf(w, m)}}})
	}
	return p
}

func stateOf(w *locale.Words, m store.Matter) string {
	switch {
	case m.Ended != "":
		return w.T("matters.ended", "on", w.Date(m.EndedOn))
	case m.Late > 0:
		return w.T("matters.late", "n", w.Number(m.Late))
	}
	owed := ""
	if m.Owed > 0 {
		owed = w.Number(m.Owed)
	}
	return w.T("matters.running", "n", owed)
}

// mattersCSV is the same list for a spreadsheet.
func (f *Front) mattersCSV(w http.ResponseWriter, r *http.Request) error {
	words := page.Words(r)
	var all []store.Matter
	p := store.Page{Limit: 200}
	for {
		list, next, err := f.desk.Mine(r.Context(), account(r), p)
		if err != nil {
			return err
		}
		if all = append(all, list...); next == "" {
			break
		}
		p.After = next
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="matters.csv"`)
	out := csv.NewWriter(w)
	fmt.Fprint(w, "\ufeff") // so that a spreadsheet reads Chinese
	rows := [][]string{{words.T("matters.number"), words.T("matters.what"), words.T("matters.opened"), words.T("matters.next_due"), words.T("matters.state")}}
	for _, m := range all {
		due := ""
		if m.NextDue != 0 {
			due = m.NextDue.String()
		}
		rows = append(rows, []string{string(m.ID), plainCell(m.Title), m.OpenedOn.String(), due, stateOf(words, m)})
	}
	return out.WriteAll(rows)
}

// plainCell keeps a spreadsheet from taking a text for a formula.
func plainCell(s string) string {
	if s != "" && (s[0] == '=' || s[0] == '+' || s[0] == '-' || s[0] == '@' || s[0] == '\t' || s[0] == '\r') {
		return "'" + s
	}
	return s
}
