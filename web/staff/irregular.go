// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/locale"
	"quanze/office/casework"
	"quanze/store"
	"quanze/web/page"
	"quanze/web/ui"
)

// irregularRow is an act found irregular and not settled.
type irregularRow struct {
	Label  string
	Text   string
	Clause []ui.Clause
	Settle []ui.Link
}

// irregularRows lists the acts found irregular, for those who work on the
// matter; who may settle one is led there.
func irregularRows(n names, v *casework.View) []irregularRow {
	var out []irregularRow
	for _, f := range v.Irregular {
		e, ok := factOf(v, f.Target)
		if !ok {
			continue
		}
		row := irregularRow{Label: n.irregularLabel(v, f), Text: n.irregularText(e), Clause: n.clauses(f.Clauses)}
		if v.MaySettle(f) {
			row.Settle = []ui.Link{{Label: n.w.T("irregular.settle"), Href: fmt.Sprintf("%s/settle/%d", matterPath(v.ID), f.Target)}}
		}
		out = append(out, row)
	}
	return out
}

func factOf(v *casework.View, seq int) (matter.Event, bool) {
	for _, e := range v.State.Facts() {
		if e.Seq == seq {
			return e, true
		}
	}
	return matter.Event{}, false
}

func (n names) irregularLabel(v *casework.View, f matter.Event) string {
	if f.Party == "" {
		return n.act(f.Act)
	}
	return n.w.T("offer.for", "act", n.act(f.Act), "party", n.party(v.State, f.Party))
}

// irregularText says when it was done, by whom, and why against the rules: as
// it was recorded then, or found since.
func (n names) irregularText(e matter.Event) string {
	text := n.w.T("irregular.done", "on", n.w.Date(e.On), "who", n.actor(e.Actor))
	if e.Irregular == "" {
		return n.w.T("irregular.found", "done", text)
	}
	return n.w.T("irregular.recorded", "done", text, "why", n.whyIrregular(e), "reason", e.Reason)
}

// whyIrregular is the refusal that the act would have met, in words.
func (n names) whyIrregular(e matter.Event) string {
	if e.Irregular == matter.IsRecused {
		return n.w.T("irregular.recused")
	}
	return n.w.T("refusal."+string(e.Irregular), "act", n.act(e.Act))
}

// settlePage answers: does this act count, though it was against the rules?
type settlePage struct {
	frame   ui.Frame
	w       *locale.Words
	title   string
	answer  string
	crumbs  []ui.Link
	action  string
	row     irregularRow
	refusal []ui.Refusal
	errors  []ui.FieldError
	inputs  []input
}

// finding is the irregular act of the path, as those who work on it see it.
func (f *Front) finding(r *http.Request) (*casework.View, matter.Event, error) {
	v, err := f.see(r)
	if err != nil {
		return nil, matter.Event{}, err
	}
	seq, err := strconv.Atoi(r.PathValue("seq"))
	if err == nil {
		for _, e := range v.Irregular {
			if e.Target == seq {
				return v, e, nil
			}
		}
	}
	return nil, matter.Event{}, fault.New(fault.Absent, "matter.absent")
}

func newSettlePage(r *http.Request, v *casework.View, finding matter.Event, form *page.Form) settlePage {
	n := newNames(page.Words(r), v.Rules, v.Today)
	e, _ := factOf(v, finding.Target)
	p := settlePage{w: n.w, title: n.w.T("irregular.settle_title", "act", n.irregularLabel(v, finding)), answer: n.w.T("irregular.answer"), action: r.URL.RequestURI(),
		row: irregularRow{Text: n.irregularText(e), Clause: n.clauses(finding.Clauses)}, errors: form.Errors(n.w)}
	p.crumbs = []ui.Link{{Label: n.w.T("today.title"), Href: "/staff"}, {Label: v.Title, Href: matterPath(v.ID)}, {Label: p.title, Current: true}}
	if v.MaySettle(finding) {
		p.inputs = []input{{kind: inputLong, field: form.Fill(n.w, ui.Field{Name: "reason", Label: n.w.T("field.reason"), Most: maxLong}), clauses: n.clauses(v.Rules.Procedure.Pack.SettlesBasis.Clauses())}}
	} else {
		p.answer = n.w.T("irregular.not_yours", "names", n.path(v.Rules.Procedure.Pack.Settles))
	}
	p.frame = page.Frame(r, p.title)
	return p
}

// settleForm asks whoever the pack names to confirm or annul an irregular act.
func (f *Front) settleForm(w http.ResponseWriter, r *http.Request) error {
	v, finding, err := f.finding(r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, settleView(newSettlePage(r, v, finding, page.EmptyForm())))
}

// settle takes the confirmation or the annulment in. Who may, the kernel says.
func (f *Front) settle(w http.ResponseWriter, r *http.Request) error {
	v, finding, err := f.finding(r)
	if err != nil {
		return err
	}
	form, err := page.ParseForm(r)
	if err != nil {
		return err
	}
	words := page.Words(r)
	c := matter.Command{Act: finding.Act, Party: finding.Party, Target: finding.Target, On: v.Today, Moment: matter.Confirmed,
		Reason: form.Text("reason", words.T("field.reason"), maxLong)}
	if form.Choice("do", words.T("irregular.settle"), "confirm", "annul") == "annul" {
		c.Moment = matter.Annulled
	}
	var refused []ui.Refusal
	if form.OK() {
		err := f.desk.Do(r.Context(), account(r), v.ID, c)
		if err == nil {
			page.Remember(r, "notice", words.T("irregular.settled"))
			return page.SeeOther(w, r, matterPath(v.ID))
		}
		var refusal *matter.Refusal
		if !errors.As(err, &refusal) {
			return err
		}
		refused = []ui.Refusal{newNames(words, v.Rules, v.Today).refusal(v.State, refusal)}
	}
	p := newSettlePage(r, v, finding, form)
	p.refusal = refused
	return page.Render(w, r, http.StatusUnprocessableEntity, settleView(p))
}

// irregularMoment marks an irregular entry of the timeline, and how it was settled.
func (n names) irregularMoment(v *casework.View, e store.Recorded, m *ui.Moment) {
	if e.Kind != matter.Done || e.Irregular == "" || v.Side != casework.Working {
		return
	}
	key := "irregular.pending"
	for _, x := range v.State.Facts() {
		switch {
		case x.Target == e.Seq && x.Kind == matter.Confirmed:
			key = "irregular.confirmed"
		case x.Target == e.Seq && x.Kind == matter.Annulled:
			key = "irregular.annulled"
		}
	}
	m.More = append(m.More, saidLines(n.w, []line{{n.w.T(key, "why", n.whyIrregular(e.Event)), n.clauses(e.Clauses)}}))
}

// recordable adds the second step to a form whose act was refused: what
// happened all the same is recorded as irregular, with a reason.
func (p *actPage) recordable(a asked, form *page.Form, open bool) {
	p.irregularOpen = open
	p.irregular = []input{{kind: inputLong, field: form.Fill(a.w, ui.Field{Name: fieldIrregular, Label: a.w.T("irregular.reason"), Most: maxLong})}}
}

const fieldIrregular = "irregular_reason"
