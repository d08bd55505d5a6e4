// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"quanze/core/calendar"
	"quanze/core/fault"
	"quanze/core/rulepack"
	"quanze/office/library"
	"quanze/store"
	"quanze/web/page"
	"quanze/web/ui"
)

// setting is a local parameter with all that was ever set.
type setting struct {
	local *rulepack.Local
	// now is what acts today, nil where nothing does; all is in the order of the
	// days from which each acts, of one day in order of record.
	now     *store.Local
	all     []store.Local
	waiting []library.Rule
}

// settings lists the parameters of a pack, those first of which no value acts.
func settings(p *rulepack.Pack, set []store.Local, waiting map[string][]library.Rule, today calendar.Date) []setting {
	var out []setting
	for _, l := range p.Locals {
		x := setting{local: l, waiting: waiting[l.ID]}
		for _, s := range set {
			if s.Name == l.ID {
				x.all = append(x.all, s)
			}
		}
		slices.SortStableFunc(x.all, func(a, b store.Local) int { return int(a.SetOn) - int(b.SetOn) })
		for i := range x.all {
			if x.all[i].SetOn <= today {
				x.now = &x.all[i]
			}
		}
		out = append(out, x)
	}
	slices.SortStableFunc(out, func(a, b setting) int { return rank(a) - rank(b) })
	return out
}

func rank(x setting) int {
	if x.now == nil {
		return 0
	}
	return 1
}

// acts says of one value of a setting whether it acts, will, or did.
func (n names) acts(x setting, i int) string {
	switch {
	case x.now == &x.all[i]:
		return n.w.T("rules.local.acts")
	case x.now == nil || x.all[i].SetOn > x.now.SetOn:
		return n.w.T("rules.local.ahead")
	}
	return n.w.T("rules.local.acted")
}

// localTable lists the parameters as they act today and will.
func (v packView) localTable() ui.Table {
	w := v.w
	t := ui.Table{Caption: w.T("rules.locals"), Quiet: true, Empty: w.T("rules.locals.none"), Columns: []ui.Column{{Label: w.T("rules.local")}, {Label: w.T("rules.local.value")},
		{Label: w.T("rules.from")}, {Label: w.T("rules.local.paper")}, {Label: w.T("rules.local.waiting")}}}
	for _, x := range v.locals {
		row := ui.Row{Cells: []ui.Cell{{Text: v.label(x.local.Label), Under: w.Join(clauseNames(v.clauses(x.local.Basis.Clauses())))}}}
		if v.admin {
			row.Href = localHref(v.pack.Code, x.local.ID)
		}
		if x.now == nil {
			row.Cells = append(row.Cells, ui.Cell{Text: w.T("rules.local.unset"), Under: v.next(x)}, ui.Cell{}, ui.Cell{})
		} else {
			row.Cells = append(row.Cells, ui.Cell{Text: v.value(x.local, x.now.Value), Under: v.next(x)}, ui.Cell{Text: w.Date(x.now.SetOn)}, ui.Cell{Text: x.now.Paper, Under: v.by(x.now.SetBy)})
		}
		t.Rows = append(t.Rows, ui.Row{Href: row.Href, Cells: append(row.Cells, ui.Cell{Body: v.ruleLinks(x.waiting)})})
	}
	return t
}

// next tells of a value that will act.
func (n names) next(x setting) string {
	for i := range x.all {
		if x.now == nil || x.all[i].SetOn > x.now.SetOn {
			return n.w.T("rules.local.next", "day", n.w.Date(x.all[i].SetOn), "value", n.value(x.local, x.all[i].Value))
		}
	}
	return ""
}

func clauseNames(all []ui.Clause) []string {
	out := make([]string, len(all))
	for i, c := range all {
		out[i] = c.Name
	}
	return out
}

// localsCSV lists all that was ever set.
func (f *Front) localsCSV(w http.ResponseWriter, r *http.Request) error {
	v, err := f.gather(r)
	if err != nil {
		return err
	}
	words := v.w
	rows := [][]string{{words.T("rules.local"), words.T("rules.local.value"), words.T("rules.from"), words.T("rules.state"), words.T("rules.local.paper"), words.T("rules.local.by"), words.T("rules.local.at"), words.T("rules.basis")}}
	for _, x := range v.locals {
		basis := words.Join(x.local.Basis.Clauses())
		if len(x.all) == 0 {
			rows = append(rows, []string{v.label(x.local.Label), "", "", words.T("rules.local.unset"), "", "", "", basis})
		}
		for i, s := range x.all {
			rows = append(rows, []string{v.label(x.local.Label), v.value(x.local, s.Value), s.SetOn.String(), v.acts(x, i), s.Paper, v.by(s.SetBy), words.DateTime(s.SetAt), basis})
		}
	}
	return sendCSV(w, v.pack.Code+"-locals", rows)
}

// asked is the parameter that a page is about.
func (f *Front) asked(r *http.Request) (packView, setting, error) {
	v, err := f.gather(r)
	if err != nil {
		return v, setting{}, err
	}
	i := slices.IndexFunc(v.locals, func(x setting) bool { return x.local.ID == r.PathValue("name") })
	if i < 0 {
		return v, setting{}, fault.New(fault.Absent, "registry.local.absent", "name", r.PathValue("name"))
	}
	return v, v.locals[i], nil
}

// localForm answers GET /rules/locals/{code}/{name}: what acts, and from which
// day on another value shall.
func (f *Front) localForm(w http.ResponseWriter, r *http.Request) error {
	v, x, err := f.asked(r)
	if err != nil {
		return err
	}
	form := page.EmptyForm("from", f.office.Today().String())
	return f.localPage(w, r, http.StatusOK, v, x, form, page.Recall(r, "local", true))
}

// localSet answers the form.
func (f *Front) localSet(w http.ResponseWriter, r *http.Request) error {
	v, x, err := f.asked(r)
	if err != nil {
		return err
	}
	form, err := page.ParseForm(r)
	if err != nil {
		return err
	}
	value := v.read(form, x.local)
	from := form.Date("from", v.w.T("rules.from"))
	paper := form.Text("paper", v.w.T("rules.local.paper"), 200)
	if form.OK() {
		err = f.registry.SetLocal(r.Context(), account(r).ID, v.pack, x.local.ID, value, paper, from)
		switch found := fault.Of(err); {
		case err == nil:
			page.Remember(r, "local", v.w.T("rules.local.done", "value", v.value(x.local, value), "day", v.w.Date(from)))
			return page.SeeOther(w, r, localHref(v.pack.Code, x.local.ID))
		case found != nil && found.Field != "":
			form.Fail(found.Field, found.Key, "day", found.Args["day"], "type", found.Args["type"])
		default:
			return err
		}
	}
	return f.localPage(w, r, http.StatusUnprocessableEntity, v, x, form, "")
}

// read reads the value of a parameter as its type has it.
func (v packView) read(form *page.Form, l *rulepack.Local) string {
	w, label := v.w, v.w.T("rules.local.value")
	switch l.Type {
	case "limit":
		n := form.Number("value", label, 1, 9999)
		unit := form.Choice("unit", w.T("field.unit"), units()...)
		return strconv.Itoa(n) + " " + unit
	case "int", "amount":
		return strconv.Itoa(form.Number("value", label, 0, 1_000_000_000))
	case "fraction":
		num := form.Number("value", w.T("rules.local.num"), 1, 9999)
		den := form.Number("den", w.T("rules.local.den"), 1, 9999)
		if form.OK() && num > den {
			form.Fail("value", "rules.local.over")
		}
		return strconv.Itoa(num) + "/" + strconv.Itoa(den)
	case "bool":
		return form.Choice("value", label, "true", "false")
	case "choice", "role":
		var offered []string
		for _, o := range l.Options {
			offered = append(offered, o.ID)
		}
		return form.Choice("value", label, offered...)
	}
	return form.Text("value", label, 200)
}

func units() []string {
	return []string{"working_days", "days", "half_working_days", "weeks", "months", "quarters", "years"}
}

// inputs are the fields of a parameter of its type.
func (v packView) inputs(form *page.Form, l *rulepack.Local) []templ.Component {
	w := v.w
	field := ui.Field{Name: "value", Label: w.T("rules.local.value")}
	choices := func(all ...ui.Choice) []templ.Component {
		return []templ.Component{ui.Radios(w, form.Fill(w, field), all)}
	}
	switch l.Type {
	case "limit":
		field.Width = 5
		var all []ui.Choice
		for _, u := range units() {
			all = append(all, ui.Choice{Value: u, Label: w.T("unit." + u)})
		}
		return []templ.Component{ui.Count(w, form.Fill(w, field)), ui.Select(w, form.Fill(w, ui.Field{Name: "unit", Label: w.T("field.unit")}), all)}
	case "int", "amount":
		field.Width = 10
		if l.Type == "amount" {
			field.Hint = w.T("rules.local.amount")
		}
		return []templ.Component{ui.Count(w, form.Fill(w, field))}
	case "fraction":
		field.Label, field.Width = w.T("rules.local.num"), 5
		return []templ.Component{ui.Count(w, form.Fill(w, field)), ui.Count(w, form.Fill(w, ui.Field{Name: "den", Label: w.T("rules.local.den"), Width: 5}))}
	case "bool":
		return choices(ui.Choice{Value: "true", Label: w.T("answer.true")}, ui.Choice{Value: "false", Label: w.T("answer.false")})
	case "choice", "role":
		var all []ui.Choice
		for _, o := range l.Options {
			all = append(all, ui.Choice{Value: o.ID, Label: v.option(l, o)})
		}
		return choices(all...)
	}
	field.Width = 30
	return []templ.Component{ui.Text(w, form.Fill(w, field))}
}

func (f *Front) localPage(w http.ResponseWriter, r *http.Request, status int, v packView, x setting, filled *page.Form, done string) error {
	words := v.w
	s := sheet{w: words, title: v.label(x.local.Label), answer: words.T("rules.local.unset.answer"), errors: filled.Errors(words)}
	if x.now != nil {
		s.answer = words.T("rules.local.answer", "value", v.value(x.local, x.now.Value), "day", words.Date(x.now.SetOn), "paper", x.now.Paper)
	}
	s.crumbs = crumbs(words, ui.Link{Label: words.T("front.rules"), Href: "/rules"}, ui.Link{Label: v.label(v.pack.Title), Href: packHref(v.pack.Code)}, ui.Link{Label: s.title})
	if done != "" {
		s.notices = append(s.notices, ui.Notice(words, ui.Success, done))
	}
	body := append(v.inputs(filled, x.local),
		ui.Date(words, filled.Fill(words, ui.Field{Name: "from", Label: words.T("rules.from"), Hint: words.T("rules.local.from_hint")})),
		ui.Text(words, filled.Fill(words, ui.Field{Name: "paper", Label: words.T("rules.local.paper"), Hint: words.T("rules.local.paper_hint"), Width: 30})))
	buttons := []templ.Component{ui.Button(ui.Primary, words.T("rules.local.set"), "", "")}
	s.add(words.T("rules.local.set"), text(words.T("rules.local.kept")), form(localHref(v.pack.Code, x.local.ID), false, buttons, body...))
	waits := []templ.Component{v.ruleLinks(x.waiting)}
	if len(x.waiting) == 0 {
		waits = []templ.Component{text(words.T("rules.local.nobody_waits"))}
	}
	s.add(words.T("rules.local.waiting"), append(waits, ui.Clauses(words, v.clauses(x.local.Basis.Clauses())))...)
	s.add(words.T("rules.local.history"), ui.Grid(words, v.history(x)))
	return page.Render(w, r, status, sheetView(page.Frame(r, s.title), s))
}

// history lists all that was ever set, the latest day first.
func (v packView) history(x setting) ui.Table {
	w := v.w
	t := ui.Table{Caption: w.T("rules.local.history"), Quiet: true, Empty: w.T("rules.local.history.none"), Columns: []ui.Column{{Label: w.T("rules.from")}, {Label: w.T("rules.state")},
		{Label: w.T("rules.local.value")}, {Label: w.T("rules.local.paper")}, {Label: w.T("rules.local.at")}}}
	for i := len(x.all) - 1; i >= 0; i-- {
		s := x.all[i]
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: w.Date(s.SetOn)}, {Text: v.acts(x, i)}, {Text: v.value(x.local, s.Value)}, {Text: s.Paper}, {Text: w.DateTime(s.SetAt), Under: v.by(s.SetBy)}}})
	}
	return t
}
