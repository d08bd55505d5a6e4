// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"net/http"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/core/rulepack"
	"quanze/locale"
	"quanze/office/casework"
	"quanze/web/page"
	"quanze/web/ui"
)

// daysPage answers: how did each date come about.
type daysPage struct {
	matterFrame
	terms []computedTerm
}

type computedTerm struct {
	Anchor  string
	Name    string
	Text    string
	Lines   []line
	Days    []calendar.Computation
	Clauses []ui.Clause
}

// days shows how each last day was computed.
func (f *Front) days(w http.ResponseWriter, r *http.Request) error {
	v, err := f.see(r)
	if err != nil {
		return err
	}
	p := newDaysPage(page.Words(r), v)
	p.frame = page.Frame(r, p.title)
	return page.Render(w, r, http.StatusOK, daysView(p))
}

func newDaysPage(w *locale.Words, v *casework.View) daysPage {
	n := newNames(w, v.Rules, v.Today)
	p := daysPage{matterFrame: newMatterFrame(w, v, "days")}
	all := v.State.At(v.Rules, v.Today).Obligations()
	for _, o := range all {
		t := v.Rules.Procedure.Term(o.Term)
		if t == nil || v.Side == casework.Concerned && !v.Mine(o) && !told(v, o) {
			continue
		}
		c := computedTerm{Anchor: ui.FieldID(o.Key), Name: n.label(t.Label), Clauses: n.clauses(t.Basis.Clauses()), Text: w.T("days.status." + string(o.Status))}
		if t.Kind == rulepack.Effect && o.Owed() {
			c.Text = w.T("days.effect")
		}
		if party := n.other(v, o.Party); party != "" {
			c.Name = w.T("offer.for", "act", c.Name, "party", party)
		}
		c.Lines = append(n.stops(v, o), n.extensions(t, o)...)
		last := c.explain(v.Rules.Calendar, countRule(v.Rules.Procedure, t), o, slotStart(all, o))
		switch {
		case len(c.Days) == 0:
			c.Text = w.Join([]string{c.Text, n.due(o.Due, false)})
		case last != 0 && last < o.Due:
			c.Lines = append(c.Lines, line{Text: w.T("days.kept", "day", w.Date(o.Due))})
		}
		p.terms = append(p.terms, c)
	}
	return p
}

// told reports whether an effect was told to whom it is about.
func told(v *casework.View, o matter.Obligation) bool {
	for _, b := range v.Effects {
		if b.Term == o.Term && b.Party == o.Party && b.From == o.StartOn {
			return true
		}
	}
	return false
}

// countRule is how the days of a term count, as the kernel counts them: an
// effect ends on its day, working or not.
func countRule(p *rulepack.Procedure, t *rulepack.Term) calendar.Rule {
	rule := p.Pack.Count
	if t.Kind == rulepack.Effect {
		rule.NoRollover = true
	}
	return rule
}

// slotStart is the day from which the slots of a period are counted.
func slotStart(all []matter.Obligation, o matter.Obligation) calendar.Date {
	for _, first := range all {
		if first.Term == o.Term && first.Party == o.Party && first.Slot == 1 && o.Slot > 1 {
			return first.StartOn
		}
	}
	return o.StartOn
}

// explain computes the last day again with its reasons: the length with the
// stops, then each extension from where the day before it ended.
func (c *computedTerm) explain(cal *calendar.Calendar, rule calendar.Rule, o matter.Obligation, start calendar.Date) calendar.Date {
	if o.Length.N == 0 {
		return 0
	}
	length := o.Length
	if o.Slot > 1 {
		length.N *= o.Slot
	}
	first := cal.Explain(start, length, rule, o.Stops)
	c.Days = append(c.Days, first)
	due := first.Due
	rule.CountFirst = false
	for _, x := range o.Extensions {
		if x.Length.N == 0 || due == 0 {
			due = max(due, x.Due)
			continue
		}
		more := cal.Explain(due, x.Length, rule, o.Stops)
		c.Days = append(c.Days, more)
		due = more.Due
	}
	return due
}
