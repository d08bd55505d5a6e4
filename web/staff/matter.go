// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"quanze/core/matter"
	"quanze/core/rulepack"
	"quanze/locale"
	"quanze/office/casework"
	"quanze/store"
	"quanze/web/page"
	"quanze/web/ui"
)

// matterFrame is what all pages of one matter have.
type matterFrame struct {
	frame  ui.Frame
	w      *locale.Words
	title  string
	answer string
	crumbs []ui.Link
	tabs   []ui.Link
	notice string
}

// offered is something the person may do now.
type offered struct {
	Label   string
	Href    string
	Under   string
	Light   ui.Light
	Primary bool
	Clauses []ui.Clause
}

// barred is something that is the person's to do, but not now, and why.
type barred struct {
	Label   string
	Refusal ui.Refusal
}

// matterPage answers: how does it stand, and what can I do now.
type matterPage struct {
	matterFrame
	parties  []ui.Fact
	owed     ui.Table
	offers   []offered
	barred   []barred
	timeline []ui.Moment
	unset    []string
}

// matter shows one matter, from the side of whoever looks.
func (f *Front) matter(w http.ResponseWriter, r *http.Request) error {
	v, err := f.see(r)
	if err != nil {
		return err
	}
	p := newMatterPage(page.Words(r), v)
	p.frame, p.notice = page.Frame(r, p.title), page.Recall(r, "notice", true)
	return page.Render(w, r, http.StatusOK, matterView(p))
}

func newMatterFrame(w *locale.Words, v *casework.View, tab string) matterFrame {
	n := newNames(w, v.Rules, v.Today)
	p := matterFrame{w: w, title: v.Title, answer: sentence(n, v)}
	p.crumbs = []ui.Link{{Label: w.T("today.title"), Href: "/staff"}, {Label: w.T("matters.title"), Href: "/staff/matters"}, {Label: string(v.ID), Current: true}}
	for _, t := range []string{"", "papers", "files", "days", "basis"} {
		href, name := matterPath(v.ID), t
		if t == "" {
			name = "record"
		} else {
			href += "/" + t
		}
		p.tabs = append(p.tabs, ui.Link{Label: w.T("tab." + name), Href: href, Current: t == tab})
	}
	return p
}

// sentence says in one sentence how the matter stands.
func sentence(n names, v *casework.View) string {
	if ended, on := v.State.At(v.Rules, v.Today).Ended(); ended != "" {
		return n.w.T("matter.ended", "on", n.w.Date(on))
	}
	if v.Side == casework.Concerned {
		for _, o := range v.Owed {
			if t := v.Rules.Procedure.Term(o.Term); t != nil && t.Kind == rulepack.Right {
				return n.w.T("matter.your_right", "term", n.term(o.Term), "day", n.due(o.Due, o.Provisional))
			}
		}
		return n.w.T("matter.concerns_you")
	}
	late := 0
	for _, o := range v.Owed {
		if o.Light == matter.Over {
			late++
		}
	}
	switch {
	case late > 0:
		return n.w.T("matter.late", "n", n.w.Number(late))
	case len(v.Owed) > 0:
		o := v.Owed[0]
		return n.w.T("matter.next", "term", n.term(o.Term), "day", n.due(o.Due, o.Provisional))
	}
	return n.w.T("matter.nothing_owed")
}

func newMatterPage(w *locale.Words, v *casework.View) matterPage {
	n := newNames(w, v.Rules, v.Today)
	p := matterPage{matterFrame: newMatterFrame(w, v, "")}
	p.parties = parties(n, v)
	p.owed = owedTable(n, v)
	for _, o := range v.Offers {
		if o.Refusal != nil {
			p.barred = append(p.barred, barred{Label: offerLabel(n, v.State, o), Refusal: n.refusal(v.State, o.Refusal)})
			continue
		}
		p.offers = append(p.offers, newOffered(n, v, o))
	}
	if len(p.offers) > 0 && v.Offers[0].Owed != nil {
		p.offers[0].Primary = true
	}
	for _, e := range slices.Backward(v.Events) {
		p.timeline = append(p.timeline, newMoment(n, v, e))
	}
	for _, name := range v.State.At(v.Rules, v.Today).Unset() {
		if l := v.Rules.Procedure.Pack.Local(name); l != nil && v.Side == casework.Working {
			p.unset = append(p.unset, w.T("matter.unset", "local", n.label(l.Label)))
		}
	}
	return p
}

// parties lists who is in the matter. Whom it concerns sees himself and who
// decides; not who else is concerned, nor who inquires.
func parties(n names, v *casework.View) []ui.Fact {
	var out []ui.Fact
	for _, party := range v.Rules.Procedure.Parties {
		var list []string
		for _, b := range v.State.Parties() {
			if b.Name != party.ID {
				continue
			}
			if v.Side == casework.Concerned && !slices.Contains(v.Own, b.Key()) && (party.Person || party.Optional) {
				continue
			}
			name := n.ref(b.Ref)
			switch {
			case b.Recused:
				name = n.w.T("party.recused", "name", name, "on", n.w.Date(b.Left))
			case b.Left != 0:
				name = n.w.T("party.left", "name", name, "on", n.w.Date(b.Left))
			}
			list = append(list, name)
		}
		if len(list) > 0 {
			out = append(out, ui.Fact{Term: n.label(party.Label), Text: n.w.Join(list)})
		}
	}
	return out
}

func owedTable(n names, v *casework.View) ui.Table {
	t := ui.Table{Caption: n.w.T("matter.owed"), Quiet: true, Empty: n.w.T("matter.owed_none"),
		Columns: []ui.Column{{Label: n.w.T("today.what")}, {Label: n.w.T("matter.by")}, {Label: n.w.T("today.due")}, {Label: n.w.T("today.light")}, {Label: n.w.T("today.basis")}}}
	for _, o := range v.Owed {
		light := map[matter.Light]ui.Light{matter.Over: ui.Late, matter.Near: ui.Near, matter.InTime: ui.InTime}[o.Light]
		var who []string
		for _, b := range o.Bearer {
			who = append(who, n.ref(b))
		}
		under := ""
		if o.Party != "" {
			under = n.party(v.State, o.Party)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: n.term(o.Term), Under: under}, {Text: n.w.Join(who)},
			{Text: n.due(o.Due, o.Provisional), Under: n.left(o.Due)}, {Light: light}, {Body: ui.Clauses(n.w, n.clauses(o.Clause))}}})
	}
	return t
}

func offerLabel(n names, s *matter.State, o matter.Offer) string {
	label := n.label(o.Act.Label)
	switch {
	case o.Moment == matter.Served:
		label = n.w.T("offer.serve", "paper", n.label(o.Act.Paper.Title), "to", n.path(pathOf(o.Recipient)))
	case o.Moment == matter.Proposed:
		label = n.w.T("offer.propose", "act", label)
	case o.Moment == matter.Done && len(o.Act.Approved) > 0:
		label = n.w.T("offer.approve", "act", label)
	}
	if o.Party != "" {
		label = n.w.T("offer.for", "act", label, "party", n.party(s, o.Party))
	}
	return label
}

func newOffered(n names, v *casework.View, o matter.Offer) offered {
	q := url.Values{}
	if o.Party != "" {
		q.Set("party", o.Party)
	}
	q.Set("moment", string(o.Moment))
	if o.Recipient != "" {
		q.Set("to", o.Recipient)
	}
	out := offered{Label: offerLabel(n, v.State, o), Href: matterPath(v.ID) + "/do/" + o.Act.ID + "?" + q.Encode(), Clauses: n.clauses(o.Act.Basis.Clauses())}
	if o.Owed != nil {
		out.Under = n.due(o.Owed.Due, o.Owed.Provisional)
		out.Light = lightOf(n, o.Owed.Due, o.Owed.Status == matter.Late)
	}
	return out
}

// newMoment puts an event into a line of the timeline.
func newMoment(n names, v *casework.View, e store.Recorded) ui.Moment {
	args := map[string]string{"act": n.act(e.Act), "term": n.term(e.Term)}
	if e.Outcome != "" {
		args["outcome"] = n.outcome(e.Act, e.Outcome)
	}
	if e.Due != 0 {
		args["day"] = n.w.Date(e.Due)
	}
	if e.Target != 0 {
		args["target"] = n.w.Number(e.Target)
	}
	if e.Finding != "" {
		what := n.term(e.Term)
		if e.Term == "" {
			what = n.act(e.Act)
		}
		args["finding"] = n.w.T("finding."+e.Finding, "term", what)
	}
	if e.Kind == matter.Served {
		args["party"] = n.path(pathOf(e.Recipient))
	}
	m := ui.Moment{On: e.On, Act: n.w.Fill("event."+string(e.Kind), args), Who: n.who(v, e.Actor), System: !e.Kind.Fact(), Clauses: n.clauses(e.Clauses)}
	if e.Kind.Fact() {
		if a := v.Rules.Procedure.Act(e.Act); a != nil {
			m.Clauses = n.clauses(a.Basis.Clauses())
			if e.Kind == matter.Done && a.Paper != nil {
				m.Papers = append(m.Papers, ui.Link{Label: n.label(a.Paper.Title), Href: fmt.Sprintf("%s/papers/%d", matterPath(v.ID), e.Seq)})
			}
		}
	}
	m.Text = momentText(n, v, e)
	if e.Kind == matter.Found {
		m.Light = ui.Late
	}
	return m
}

// momentText is the sentence under a moment: for whom, with whom, why, late.
func momentText(n names, v *casework.View, e store.Recorded) string {
	var parts []string
	if e.Party != "" {
		parts = append(parts, n.w.T("moment.party", "party", n.party(v.State, e.Party)))
	}
	for _, party := range v.Rules.Procedure.Parties {
		if len(e.Binds[party.ID]) > 0 && (v.Side == casework.Working) {
			var list []string
			for _, r := range e.Binds[party.ID] {
				list = append(list, n.ref(r))
			}
			parts = append(parts, n.label(party.Label)+": "+n.w.Join(list))
		}
	}
	if len(e.Staff) > 0 {
		var list []string
		for _, p := range e.Staff {
			list = append(list, n.person(p))
		}
		parts = append(parts, n.w.T("moment.with", "names", n.w.Join(list)))
	}
	if len(e.Bearer) > 0 && v.Side == casework.Working {
		var list []string
		for _, b := range e.Bearer {
			list = append(list, n.ref(b))
		}
		parts = append(parts, n.w.T("moment.bears", "names", n.w.Join(list)))
	}
	if e.Reason != "" {
		parts = append(parts, n.w.T("moment.reason", "reason", e.Reason))
	}
	if e.Kind.Fact() && e.Entered != e.On {
		parts = append(parts, n.w.T("moment.entered", "day", n.w.Date(e.Entered)))
	}
	return n.w.Join(parts)
}
