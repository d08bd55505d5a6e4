// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/locale"
	"quanze/office"
	"quanze/office/casework"
	"quanze/store"
	"quanze/web/page"
	"quanze/web/ui"
)

// actPage answers: what is to be filled in for this act.
type actPage struct {
	frame   ui.Frame
	w       *locale.Words
	title   string
	answer  string
	crumbs  []ui.Link
	action  string
	files   bool
	refusal []ui.Refusal
	errors  []ui.FieldError
	inputs  []input
	clauses []ui.Clause
	// buttons: what is sent, by its value of "do".
	buttons []ui.Choice
	notice  string
	before  []ui.Fact
	heading string // over before
	sitting []sitting
	// stays tells that the act holds nothing up.
	stays []line
	// irregular asks why an act that was refused is recorded all the same.
	irregular     []input
	irregularOpen bool
}

// asked is one form being asked for: an act of a matter, or of none yet.
type asked struct {
	names
	act       *rulepack.Act
	party     string
	moment    matter.Kind
	recipient string
	state     *matter.State
	me        org.PersonID
	own       bool // the person concerned fills it in himself
	// view is the matter, nil while there is none; seated is the state in which
	// its parties are bound, for the roll of a meeting.
	view   *casework.View
	seated *matter.State
	zh     *locale.Words // the words of papers
	// closed: the act is the person's, but not now; nobody is named to him.
	closed bool
	// foreign: the person concerned asks for an act that is not his. He is told
	// that and its clause, and nothing that the form would show.
	foreign bool
}

func (f *Front) asked(r *http.Request, v *casework.View) (asked, error) {
	a := asked{names: newNames(page.Words(r), v.Rules, v.Today), view: v, zh: f.chinese, me: v.Person, act: v.Rules.Procedure.Act(r.PathValue("act")), party: r.URL.Query().Get("party"),
		moment: matter.Kind(r.URL.Query().Get("moment")), recipient: r.URL.Query().Get("to"), state: v.State.At(v.Rules, v.Today), own: v.Side == casework.Concerned}
	if a.act == nil || a.act.Starts {
		return a, fault.New(fault.Absent, "matter.absent")
	}
	a.foreign, a.seated = a.own && !offersAct(v.Offers, a), a.state
	a.closed = a.own && !slices.ContainsFunc(v.Offers, func(o matter.Offer) bool { return o.Act == a.act && o.Party == a.party && o.Refusal == nil })
	return a, nil
}

func offersAct(offers []matter.Offer, a asked) bool {
	return slices.ContainsFunc(offers, func(o matter.Offer) bool { return o.Act == a.act && o.Party == a.party })
}

// approving reports whether the form decides on a proposal.
func (a asked) approving() bool { return a.moment == matter.Done && len(a.act.Approved) > 0 }

// actForm shows the form of an act; where the act is not possible now, why not.
func (f *Front) actForm(w http.ResponseWriter, r *http.Request) error {
	v, err := f.see(r)
	if err != nil {
		return err
	}
	a, err := f.asked(r, v)
	if err != nil {
		return err
	}
	if a.foreign {
		return fault.New(fault.Absent, "matter.absent")
	}
	form, drafted, err := f.filled(r, a, v)
	if err != nil {
		return err
	}
	p := newActPage(a, v, form, r.URL.RequestURI())
	if drafted {
		p.notice = page.Words(r).T("act.draft_found")
	}
	for _, o := range v.Offers {
		if o.Act == a.act && o.Party == a.party && o.Moment == a.moment && o.Refusal != nil {
			p.refusal = append(p.refusal, a.refusalTo(a.me, a.own, v.State, o.Refusal))
			if v.Recordable(matter.Command{Act: a.act.ID, Moment: a.moment, Party: a.party, On: v.Today}) {
				p.recordable(a, form, false)
			}
		}
	}
	if a.closed {
		p.buttons = nil // there is nothing to send yet
	}
	if r := v.Barred(matter.Command{Act: a.act.ID, Moment: a.moment, Party: a.party, Recipient: a.recipient, On: v.Today}); r != nil && len(p.refusal) == 0 {
		p.refusal = append(p.refusal, a.refusalTo(a.me, a.own, v.State, r))
	}
	p.frame = page.Frame(r, p.title)
	return page.Render(w, r, http.StatusOK, actView(p))
}

// filled is the form as it is first shown: what was typed before, else what the
// record knows.
func (f *Front) filled(r *http.Request, a asked, v *casework.View) (*page.Form, bool, error) {
	d, found, err := f.office.DB.Reader().Draft(r.Context(), store.DraftKey{Account: account(r).ID, Matter: v.ID, Act: a.act.ID, Party: a.party})
	if err != nil {
		return nil, false, err
	}
	if found {
		form, err := draftForm(d.Body)
		return form, true, err
	}
	return page.EmptyForm(a.known()...), false, nil
}

func draftForm(body string) (*page.Form, error) {
	var values map[string][]string
	if err := json.Unmarshal([]byte(body), &values); err != nil {
		return nil, err
	}
	var args []string
	for name, list := range values {
		for _, v := range list {
			args = append(args, name, v)
		}
	}
	return page.EmptyForm(args...), nil
}

func newActPage(a asked, v *casework.View, form *page.Form, action string) actPage {
	o := matter.Offer{Act: a.act, Party: a.party, Moment: a.moment, Recipient: a.recipient}
	p := actPage{w: a.w, title: offerLabel(a.names, v, o), action: action, clauses: a.clauses(a.act.Basis.Clauses())}
	p.answer = a.w.T("act.answer", "title", v.Title)
	if a.act.Help.Zh != "" {
		p.answer = a.label(a.act.Help)
	}
	p.crumbs = []ui.Link{{Label: a.w.T("today.title"), Href: "/staff"}, {Label: v.Title, Href: matterPath(v.ID)}, {Label: p.title, Current: true}}
	p.fill(a, form)
	p.heading, p.before = a.before(v)
	return p
}

// fill lays out the inputs and buttons of what is asked.
func (p *actPage) fill(a asked, form *page.Form) {
	p.errors = form.Errors(a.w)
	p.inputs = a.inputs(form)
	p.sitting = a.sitting(form)
	if a.act.Stays != nil {
		p.stays = []line{{a.w.T("act.stays_nothing"), a.clauses(a.act.Stays.Clauses())}}
	}
	p.files = slices.ContainsFunc(p.inputs, func(i input) bool { return i.kind == inputFile })
	switch {
	case a.approving():
		p.buttons = []ui.Choice{{Value: "approve", Label: a.w.T("act.approve")}, {Value: "return", Label: a.w.T("act.return")}, {Value: "decline", Label: a.w.T("act.decline")}}
	case a.signing():
		p.buttons = []ui.Choice{{Value: "do", Label: a.w.T("joint.sign")}, {Value: "return", Label: a.w.T("joint.return")}}
	case a.act.Jointly && a.moment == matter.Done:
		p.buttons = []ui.Choice{{Value: "do", Label: a.w.T("joint.sign_first", "act", a.label(a.act.Label))}, {Value: "draft", Label: a.w.T("act.keep_draft")}}
	case a.moment == matter.Proposed:
		p.buttons = []ui.Choice{{Value: "do", Label: a.w.T("act.propose")}, {Value: "draft", Label: a.w.T("act.keep_draft")}}
	case a.moment == matter.Served:
		p.buttons = []ui.Choice{{Value: "do", Label: a.w.T("act.record_service")}}
	default:
		p.buttons = []ui.Choice{{Value: "do", Label: a.label(a.act.Label)}, {Value: "draft", Label: a.w.T("act.keep_draft")}}
	}
}

// act takes a form in: keeps it as a draft, or does the act. Nothing typed is
// lost to a refusal.
func (f *Front) act(w http.ResponseWriter, r *http.Request) error {
	v, err := f.see(r)
	if err != nil {
		return err
	}
	a, err := f.asked(r, v)
	if err != nil {
		return err
	}
	form, err := page.ParseForm(r)
	if err != nil {
		return err
	}
	if a.foreign {
		return f.refuse(w, r, a, form, v)
	}
	words := page.Words(r)
	if err := f.receive(r, a, form, v.ID); err != nil {
		return err
	}
	if form.Value("do") == "draft" && form.OK() {
		if err := f.keep(r, a, form, v.ID); err != nil {
			return err
		}
		page.Remember(r, "notice", words.T("act.draft_kept"))
		return page.SeeOther(w, r, matterPath(v.ID))
	}
	if form.Value("do") == "roll" {
		a.choose(form)
		p := newActPage(a, v, form, r.URL.RequestURI())
		p.frame = page.Frame(r, p.title)
		return page.Render(w, r, http.StatusOK, actView(p))
	}
	c := a.command(form)
	irregular := c.Irregular
	if form.OK() {
		err = f.desk.Do(r.Context(), account(r), v.ID, c)
		if err == nil {
			page.Remember(r, "notice", words.T("act.done", "act", a.label(a.act.Label)))
			return page.SeeOther(w, r, matterPath(v.ID))
		}
		if !a.takes(form, err) {
			return err
		}
		irregular = irregular || v.Recordable(c)
	}
	if err := f.keep(r, a, form, v.ID); err != nil {
		return err
	}
	p := newActPage(a, v, form, r.URL.RequestURI())
	p.refusal = a.refusals(err)
	if irregular && !a.own {
		p.recordable(a, form, c.Irregular)
	}
	p.frame = page.Frame(r, p.title)
	return page.Render(w, r, http.StatusUnprocessableEntity, actView(p))
}

// refuse answers an act that is not the concerned person's own. The attempt is
// kept; the page says why not and nothing else of the matter.
func (f *Front) refuse(w http.ResponseWriter, r *http.Request, a asked, form *page.Form, v *casework.View) error {
	if !slices.Contains(v.Own, a.party) {
		a.state = matter.Fold(nil, a.rules) // whether that is a party is not his to learn
	}
	err := f.desk.Do(r.Context(), account(r), v.ID, a.command(form))
	refused := a.refusals(err)
	if len(refused) == 0 {
		return err
	}
	p := actPage{w: a.w, title: a.label(a.act.Label), answer: a.w.T("act.answer", "title", v.Title), refusal: refused, clauses: a.clauses(a.act.Basis.Clauses())}
	p.crumbs = []ui.Link{{Label: a.w.T("today.title"), Href: "/staff"}, {Label: v.Title, Href: matterPath(v.ID)}, {Label: p.title, Current: true}}
	p.frame = page.Frame(r, p.title)
	return page.Render(w, r, http.StatusUnprocessableEntity, actView(p))
}

// takes notes a refusal on the form and reports whether it could: at its field
// where it has one.
func (a asked) takes(form *page.Form, err error) bool {
	var refusal *matter.Refusal
	if errors.As(err, &refusal) {
		if place := a.placeOf(refusal); place != "" {
			form.Fail(place, "act.refused", "why", a.names.refusal(a.state, refusal).Why)
			return true
		}
		for _, name := range refusal.Names {
			if a.field(name) != nil || name == "outcome" || name == "reason" || a.rulesParty(name) {
				a.fail(form, name, refusal)
			}
		}
		return true
	}
	return form.Take(err)
}

// fail says at a field what is wrong with it: that it is empty, in few words,
// else why the rules refuse it.
func (a asked) fail(form *page.Form, name string, r *matter.Refusal) {
	f := a.field(name)
	switch {
	case r.Why == matter.OutcomeMissing && name == "outcome":
		form.Fail(name, "form.choose", "label", a.outcomeLabel())
	case r.Why == matter.ContentMissing && f != nil && r.Count == 0:
		key := "form.required"
		switch f.Type {
		case rulepack.FieldFile:
			key = "form.file_missing"
		case rulepack.FieldBool, rulepack.FieldEnum, rulepack.FieldSet, rulepack.FieldPersons:
			key = "form.choose"
		}
		form.Fail(name, key, "label", a.label(f.Label))
	default:
		form.Fail(name, "act.refused", "why", a.names.refusal(a.state, r).Why)
	}
}

// outcomeLabel is what the act asks for its outcome.
func (a asked) outcomeLabel() string {
	if a.act.Asks.Zh != "" {
		return a.label(a.act.Asks)
	}
	return a.w.T("field.outcome")
}

func (a asked) rulesParty(name string) bool { return a.rules.Procedure.Party(name) != nil }

func (a asked) field(id string) *rulepack.Field {
	for _, f := range a.act.Fields() {
		if f.ID == id {
			return f
		}
	}
	return nil
}

func (a asked) refusals(err error) []ui.Refusal {
	var refusal *matter.Refusal
	if errors.As(err, &refusal) {
		return []ui.Refusal{a.refusalTo(a.me, a.own, a.state, refusal)}
	}
	return nil
}

// keep stores what was typed as a draft.
func (f *Front) keep(r *http.Request, a asked, form *page.Form, id matter.ID) error {
	values := map[string][]string{}
	names := append(a.minutesNames(form), fieldIrregular)
	for _, i := range a.inputs(form) {
		names = append(names, i.namesOf()...)
	}
	for _, name := range names {
		if list := form.Values(name); len(list) > 0 {
			values[name] = list
		}
	}
	body, err := json.Marshal(values)
	if err != nil {
		return err
	}
	key := store.DraftKey{Account: account(r).ID, Matter: id, Act: a.act.ID, Party: a.party}
	if id == "" {
		key.Act = casework.BeginKey(a.rules.Procedure, a.act)
	}
	return f.desk.KeepDraft(r.Context(), key, string(body))
}

// beginForm shows the form of an act that begins a matter.
func (f *Front) beginForm(w http.ResponseWriter, r *http.Request) error {
	a, _, err := f.starting(r)
	if err != nil {
		return err
	}
	form := page.EmptyForm(a.known()...)
	key := store.DraftKey{Account: account(r).ID, Act: casework.BeginKey(a.rules.Procedure, a.act)}
	d, found, err := f.office.DB.Reader().Draft(r.Context(), key)
	if err != nil {
		return err
	}
	if found {
		if form, err = draftForm(d.Body); err != nil {
			return err
		}
	}
	return page.Render(w, r, http.StatusOK, actView(newBeginPage(r, a, form, found)))
}

// starting finds the act that begins a matter, and for which unit the person
// may begin it.
func (f *Front) starting(r *http.Request) (asked, office.Startable, error) {
	starts, err := f.desk.MayBegin(r.Context(), account(r))
	if err != nil {
		return asked{}, office.Startable{}, err
	}
	for _, s := range starts {
		if s.Pack.Code == r.PathValue("pack") && s.Procedure.ID == r.PathValue("procedure") && s.Act.ID == r.PathValue("act") && string(s.Unit) == r.URL.Query().Get("unit") {
			rules, err := f.office.RulesUnder(r.Context(), f.office.DB.Reader(), s.Pack.Hash, s.Procedure.ID)
			if err != nil {
				return asked{}, office.Startable{}, err
			}
			a := asked{names: newNames(page.Words(r), rules, f.office.Today()), act: s.Act, moment: matter.Done, state: matter.Fold(nil, rules), me: account(r).Person, zh: f.chinese}
			a.seated = matter.Apply(a.state, rules, matter.Event{Seq: 1, Kind: matter.Done, On: a.today, Entered: a.today, Act: s.Act.ID, Binds: map[string][]matter.Ref{s.Party: {{Unit: s.Unit}}}})
			return a, s, nil
		}
	}
	return asked{}, office.Startable{}, fault.New(fault.Denied, "matter.cannot_begin")
}

func newBeginPage(r *http.Request, a asked, form *page.Form, drafted bool) actPage {
	p := actPage{w: a.w, title: a.label(a.act.Label), answer: a.label(a.rules.Procedure.Title), action: r.URL.RequestURI(), clauses: a.clauses(a.act.Basis.Clauses())}
	p.crumbs = []ui.Link{{Label: a.w.T("today.title"), Href: "/staff"}, {Label: p.title, Current: true}}
	p.fill(a, form)
	if drafted {
		p.notice = a.w.T("act.draft_found")
	}
	p.frame = page.Frame(r, p.title)
	return p
}

// begin takes in the form of an act that begins a matter.
func (f *Front) begin(w http.ResponseWriter, r *http.Request) error {
	a, start, err := f.starting(r)
	if err != nil {
		return err
	}
	form, err := page.ParseForm(r)
	if err != nil {
		return err
	}
	if err := f.receive(r, a, form, ""); err != nil {
		return err
	}
	if form.Value("do") == "draft" && form.OK() {
		if err := f.keep(r, a, form, ""); err != nil {
			return err
		}
		page.Remember(r, "notice", a.w.T("act.draft_kept"))
		return page.SeeOther(w, r, "/staff")
	}
	if form.Value("do") == "roll" {
		a.choose(form)
		return page.Render(w, r, http.StatusOK, actView(newBeginPage(r, a, form, false)))
	}
	c := a.command(form)
	if c.Binds == nil {
		c.Binds = map[string][]matter.Ref{}
	}
	c.Binds[start.Party] = []matter.Ref{{Unit: start.Unit}}
	if form.OK() {
		var id matter.ID
		id, err = f.desk.Begin(r.Context(), account(r), a.rules.Procedure, c)
		if err == nil {
			page.Remember(r, "notice", a.w.T("act.begun", "id", string(id)))
			return page.SeeOther(w, r, matterPath(id))
		}
		if !a.takes(form, err) {
			return err
		}
	}
	if err := f.keep(r, a, form, ""); err != nil {
		return err
	}
	p := newBeginPage(r, a, form, false)
	p.refusal = a.refusals(err)
	return page.Render(w, r, http.StatusUnprocessableEntity, actView(p))
}
