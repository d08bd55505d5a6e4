// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"slices"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/core/rulepack"
	"quanze/office/casework"
	"quanze/web/ui"
)

// due is a last day with all that moved it, and where it is worked out.
type due struct {
	text  string
	left  string
	lines []line
	how   []ui.Link
}

// dueOf tells of an obligation: its last day, or that it stands still; what
// stopped, resumed and extended it; when its window opens.
func (n names) dueOf(v *casework.View, o matter.Obligation) due {
	d := due{text: n.due(o.Due, o.Provisional), left: n.left(o.Due)}
	if o.Status == matter.Held {
		d.text, d.left = n.w.T("due.stopped"), ""
	}
	t := n.rules.Procedure.Term(o.Term)
	if t == nil {
		return d
	}
	if o.Opens > n.today {
		d.lines = append(d.lines, line{n.w.T("due.opens", "day", n.w.Date(o.Opens)), nil})
	}
	if t.Kind == rulepack.Period {
		d.lines = append(d.lines, line{n.w.T("due.period", "every", n.w.Length(t.Every), "n", n.w.Number(o.Slot)), nil})
	}
	if t.Kind == rulepack.Right {
		d.lines = append(d.lines, line{n.w.T("due.right"), nil})
	}
	d.lines = append(d.lines, n.stops(v, o)...)
	d.lines = append(d.lines, n.extensions(t, o)...)
	if o.Due != 0 || o.Status == matter.Held {
		d.how = append(d.how, ui.Link{Label: n.w.T("due.how"), Href: matterPath(v.ID) + "/days#" + ui.FieldID(o.Key)})
	}
	return d
}

// extensions tells by when each extension was given, and to what day it led
// then.
func (n names) extensions(t *rulepack.Term, o matter.Obligation) []line {
	var out []line
	for _, x := range o.Extensions {
		var clauses []string
		if t.Extended != nil {
			clauses = t.Extended.Basis.Clauses()
		}
		out = append(out, line{n.w.T("due.extended", "on", n.w.Date(x.On), "day", n.w.Date(x.Due)), n.clauses(clauses)})
	}
	return out
}

// stops tells of each stop of an obligation: since when, by which clause, and
// until what; or how long it stood still.
func (n names) stops(v *casework.View, o matter.Obligation) []line {
	var out []line
	for _, s := range o.Stops {
		rule, clauses := n.stopRule(v, o, s)
		var until []string
		if rule != nil {
			for _, m := range rule.Until {
				until = append(until, n.any("", m.String()))
			}
		}
		key := "stop.open"
		if s.Until != 0 {
			key = "stop.closed"
		}
		out = append(out, line{n.w.T(key, "how", n.w.T("stop.how."+s.How.String()), "from", n.w.Date(s.From), "day", n.w.Date(s.Until), "until", n.w.Join(until)), n.clauses(clauses)})
	}
	return out
}

// stopRule finds the rule of the pack that stopped an obligation, by what the
// state says of it.
func (n names) stopRule(v *casework.View, o matter.Obligation, s calendar.Stop) (*rulepack.Stops, []string) {
	var clauses []string
	for _, e := range v.State.Consequences() {
		if e.Kind == matter.Stopped && e.Term == o.Term && e.Party == o.Party && e.On == s.From {
			clauses = e.Clauses
		}
	}
	var found *rulepack.Stops
	look := func(r *rulepack.Stops) {
		if r == nil || r.How != s.How || (!r.Matter && !slices.Contains(r.Terms, o.Term)) || (clauses != nil && !slices.Equal(clauses, r.Basis.Clauses())) {
			return
		}
		if found == nil {
			found = r
		}
	}
	for _, done := range []bool{true, false} { // what was done that day first
		for _, a := range n.rules.Procedure.Acts {
			if done && !slices.ContainsFunc(v.State.Facts(), func(e matter.Event) bool { return e.Kind == matter.Done && e.Act == a.ID && e.On == s.From }) {
				continue
			}
			look(a.Effects.Stops)
			for _, x := range a.Outcomes {
				look(x.Effects.Stops)
			}
		}
	}
	if found != nil && clauses == nil {
		clauses = found.Basis.Clauses()
	}
	return found, clauses
}

// owedTable lists what is owed or may be done by a day, then what will begin.
func owedTable(n names, v *casework.View) ui.Table {
	t := ui.Table{Caption: n.w.T("matter.owed"), Quiet: true, Empty: n.w.T("matter.owed_none"),
		Columns: []ui.Column{{Label: n.w.T("today.what")}, {Label: n.w.T("matter.by")}, {Label: n.w.T("today.due")}, {Label: n.w.T("today.light")}, {Label: n.w.T("today.basis")}}}
	for _, o := range v.Owed {
		light := map[matter.Light]ui.Light{matter.Over: ui.Late, matter.Near: ui.Near, matter.InTime: ui.InTime}[o.Light]
		if o.Status == matter.Held {
			light = ui.Stopped
		}
		var who []string
		for _, b := range o.Bearer {
			who = append(who, n.ref(b))
		}
		under := n.other(v, o.Party)
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: n.term(o.Term), Under: under}, {Text: n.w.Join(who)},
			{Body: dueView(n.w, n.dueOf(v, o.Obligation))}, {Light: light}, {Body: ui.Clauses(n.w, n.clauses(o.Clause))}}})
	}
	for _, c := range v.Ahead {
		if row, ok := n.aheadRow(v, c); ok {
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// aheadRow tells of something that is fixed for a later day. The next slot of a
// period that runs is not told twice.
func (n names) aheadRow(v *casework.View, c matter.Coming) (ui.Row, bool) {
	under := n.other(v, c.Party)
	t := n.rules.Procedure.Term(c.Name)
	if t == nil {
		return ui.Row{Cells: []ui.Cell{{Text: n.any("", c.Name), Under: under}, {}, {Text: n.w.T("ahead.comes", "day", n.w.Date(c.On))}, {}, {}}}, true
	}
	if t.Kind == rulepack.Period && slices.ContainsFunc(v.Owed, func(o matter.Due) bool { return o.Term == t.ID && o.Party == c.Party }) {
		return ui.Row{}, false
	}
	return ui.Row{Cells: []ui.Cell{{Text: n.label(t.Label), Under: under}, {Text: n.path(t.Of)}, {Text: n.w.T("ahead.begins", "day", n.w.Date(c.On))},
		{}, {Body: ui.Clauses(n.w, n.clauses(t.Basis.Clauses()))}}}, true
}

// effectsTable lists what decisions stand in the way of, for whom, from when to
// when, and what ends it.
func effectsTable(n names, v *casework.View) []ui.Table {
	if len(v.Effects) == 0 {
		return nil
	}
	t := ui.Table{Caption: n.w.T("effects.title"), Quiet: true,
		Columns: []ui.Column{{Label: n.w.T("effects.what")}, {Label: n.w.T("effects.blocks")}, {Label: n.w.T("effects.from")}, {Label: n.w.T("effects.to")}, {Label: n.w.T("today.basis")}}}
	if v.Side == casework.Concerned {
		t.Caption = n.w.T("effects.mine")
	}
	for i, b := range v.Effects {
		if i > 0 && b.Term == v.Effects[i-1].Term && b.Party == v.Effects[i-1].Party && b.From == v.Effects[i-1].From {
			row := &t.Rows[len(t.Rows)-1]
			row.Cells[1].Text = n.w.Join([]string{row.Cells[1].Text, n.block(b.Block)})
			continue
		}
		under := n.other(v, b.Party)
		until, ends := n.effectEnds(v, b)
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: n.term(b.Term), Under: under}, {Text: n.block(b.Block)}, {Text: n.w.Date(b.From)},
			{Text: until, Under: ends}, {Body: ui.Clauses(n.w, n.clauses(b.Clauses))}}})
	}
	return []ui.Table{t}
}

// effectEnds says how long an effect lasts, and what ends it before that.
func (n names) effectEnds(v *casework.View, b matter.Block) (until, ends string) {
	for _, o := range v.State.At(v.Rules, v.Today).Obligations() {
		if o.Term == b.Term && o.Party == b.Party && o.StartOn == b.From && o.Status == matter.Held {
			return n.w.T("due.stopped"), ""
		}
	}
	t := n.rules.Procedure.Term(b.Term)
	var moments []string
	for _, m := range t.Until {
		moments = append(moments, n.any("", m.String()))
	}
	switch {
	case b.To != 0 && b.To < n.today:
		return n.w.Date(b.To), n.w.T("effects.over")
	case b.To != 0 && len(moments) > 0:
		return n.w.Date(b.To), n.w.T("effects.or", "moments", n.w.Join(moments))
	case b.To != 0:
		return n.w.Date(b.To), ""
	case len(moments) > 0:
		return n.w.T("effects.until", "moments", n.w.Join(moments)), ""
	}
	return n.w.T("effects.for_life"), ""
}

func (n names) block(id string) string {
	for _, o := range n.rules.Procedure.Pack.Blocks {
		if o.ID == id {
			return n.label(o.Label)
		}
	}
	if id == "" {
		return n.w.T("effects.nothing")
	}
	return id
}
