// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"cmp"
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
	// Form leads to where it is recorded that it happened all the same.
	Form []ui.Link
}

// matterPage answers: how does it stand, and what can I do now.
type matterPage struct {
	matterFrame
	parties  []ui.Fact
	owed     ui.Table
	offers   []offered
	barred   []barred
	done     string // acts that were done and are not done twice
	over     string // why an ended matter knows no more acts
	timeline []ui.Moment
	unset    []unset
	notes    []line // what must not be missed: asked to withdraw, a place empty
	effects  []ui.Table
	joint    []ui.Fact
	requests []ui.Fact
	// irregular are acts against the rules that nobody has settled.
	irregular []irregularRow
}

// unset is a parameter that the jurisdiction has not set, and where it is set.
type unset struct {
	Text string
	Link ui.Link
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
		return cmp.Or(concernedSentence(n, v), n.w.T("matter.concerns_you"))
	}
	var late []matter.Due
	for _, o := range v.Owed {
		if o.Light == matter.Over && o.Status != matter.Held {
			late = append(late, o)
		}
	}
	running := slices.DeleteFunc(slices.Clone(v.Owed), func(o matter.Due) bool { return o.Status == matter.Held })
	switch {
	case len(late) > 0:
		more := ""
		if len(late) > 1 {
			more = n.w.Number(len(late) - 1)
		}
		return n.w.T("matter.late", "term", n.term(late[0].Term), "day", n.w.Date(late[0].Due), "more", more)
	case len(running) == 0 && len(v.Owed) > 0:
		return n.w.T("matter.stands_still")
	case len(running) > 0:
		o := running[0]
		return n.w.T("matter.next", "term", n.term(o.Term), "day", n.due(o.Due, o.Provisional))
	}
	return n.w.T("matter.nothing_owed")
}

// concernedSentence tells whom the matter concerns what he owes, what he may do,
// or what he waits for, with its last day: the first of these, "" for none.
func concernedSentence(n names, v *casework.View) string {
	mine := func(o matter.Due) bool {
		return slices.ContainsFunc(o.Bearer, func(r matter.Ref) bool { return slices.Contains(v.Own, r.Key()) })
	}
	for _, key := range []string{"matter.your_duty", "matter.your_right", "matter.you_wait"} {
		for _, o := range v.Owed {
			t := v.Rules.Procedure.Term(o.Term)
			if t == nil || o.Status == matter.Held || mine(o) == (key == "matter.you_wait") || (t.Kind == rulepack.Right) != (key == "matter.your_right") {
				continue
			}
			var who []string
			for _, b := range o.Bearer {
				who = append(who, n.ref(b))
			}
			return n.w.T(key, "term", n.term(o.Term), "day", n.due(o.Due, o.Provisional), "who", n.w.Join(who))
		}
	}
	return ""
}

func newMatterPage(w *locale.Words, v *casework.View) matterPage {
	n := newNames(w, v.Rules, v.Today)
	p := matterPage{matterFrame: newMatterFrame(w, v, "")}
	p.parties = parties(n, v)
	p.owed = owedTable(n, v)
	var done []string
	for _, o := range v.Offers {
		if o.Refusal != nil && o.Refusal.Why == matter.HasEnded {
			p.over = w.T("matter.over") // one reason for all
			continue
		}
		if o.Refusal != nil && o.Refusal.Why == matter.AlreadyDone {
			if v.Side == casework.Working { // to others it stands in what happened
				done = append(done, offerLabel(n, v, o))
			}
			continue
		}
		if o.Refusal != nil {
			p.barred = append(p.barred, newBarred(n, v, o))
			continue
		}
		p.offers = append(p.offers, newOffered(n, v, o))
	}
	if len(done) > 0 {
		p.done = w.T("matter.done_acts", "acts", w.Join(done))
	}
	if len(p.offers) > 0 && v.Offers[0].Owed != nil {
		p.offers[0].Primary = true
	}
	for _, e := range slices.Backward(v.Events) {
		p.timeline = append(p.timeline, newMoment(n, v, e))
	}
	for _, name := range v.State.At(v.Rules, v.Today).Unset() {
		if l := v.Rules.Procedure.Pack.Local(name); l != nil && v.Side == casework.Working {
			p.unset = append(p.unset, unset{w.T("matter.unset", "local", n.label(l.Label)), n.localLink()})
		}
	}
	p.notes, p.effects, p.joint = n.standAside(v), effectsTable(n, v), jointFacts(n, v)
	p.requests, p.irregular = n.requestFacts(v), irregularRows(n, v)
	return p
}

// newBarred tells why something is not possible now; where it may have happened
// all the same, where that is recorded.
func newBarred(n names, v *casework.View, o matter.Offer) barred {
	out := barred{Label: offerLabel(n, v, o), Refusal: n.refusalTo(v.Person, v.Side == casework.Concerned, v.State, o.Refusal)}
	if o.Moment == matter.Done && v.Recordable(matter.Command{Act: o.Act.ID, Moment: o.Moment, Party: o.Party, On: v.Today}) {
		out.Form = []ui.Link{{Label: n.w.T("irregular.fold"), Href: offerPath(v, o)}}
	}
	return out
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

func offerLabel(n names, v *casework.View, o matter.Offer) string {
	label := n.label(o.Act.Label)
	switch {
	case o.Moment == matter.Served:
		label = n.w.T("offer.serve", "paper", n.label(o.Act.Paper.Title), "to", n.path(pathOf(o.Recipient)))
	case o.Moment == matter.Proposed:
		label = n.w.T("offer.propose", "act", label)
	case o.Moment == matter.Done && len(o.Act.Approved) > 0:
		label = n.w.T("offer.approve", "act", label)
	case o.Moment == matter.Done && o.Act.Jointly && len(v.State.Signatures(o.Act.ID, o.Party)) > 0:
		label = n.w.T("offer.sign", "act", label)
	}
	if party := n.other(v, o.Party); party != "" {
		label = n.w.T("offer.for", "act", label, "party", party)
	}
	return label
}

// offerPath is the address of an act's form.
func offerPath(v *casework.View, o matter.Offer) string {
	q := url.Values{}
	if o.Party != "" {
		q.Set("party", o.Party)
	}
	q.Set("moment", string(o.Moment))
	if o.Recipient != "" {
		q.Set("to", o.Recipient)
	}
	return matterPath(v.ID) + "/do/" + o.Act.ID + "?" + q.Encode()
}

func newOffered(n names, v *casework.View, o matter.Offer) offered {
	out := offered{Label: offerLabel(n, v, o), Href: offerPath(v, o), Clauses: n.clauses(o.Act.Basis.Clauses())}
	if o.Owed != nil {
		out.Under = n.due(o.Owed.Due, o.Owed.Provisional)
		out.Light = lightOf(n, o.Owed.Due, o.Owed.Status == matter.Late)
		if o.Owed.Status == matter.Held {
			out.Under, out.Light = n.w.T("due.stopped"), ui.Stopped
		}
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
	key := "event." + string(e.Kind)
	if a := v.Rules.Procedure.Act(e.Act); a != nil {
		switch {
		case e.Kind == matter.Done && len(a.Approved) > 0:
			key = "moment.approved"
		case e.Kind == matter.Done && a.Paper != nil:
			key, args["paper"] = "moment.made", n.label(a.Paper.Title)
		case e.Kind == matter.Served && a.Paper != nil:
			key, args["paper"] = "moment.delivered", n.label(a.Paper.Title)
		}
	}
	m := ui.Moment{On: e.On, Act: n.w.Fill(key, args), Who: n.who(v, e.Actor), System: !e.Kind.Fact(), Clauses: n.clauses(e.Clauses)}
	if e.Kind.Fact() {
		if a := v.Rules.Act(e.Act); a != nil {
			m.Clauses = n.clauses(a.Basis.Clauses())
			if e.Kind == matter.Done && a.Paper != nil {
				m.Papers = append(m.Papers, ui.Link{Label: n.label(a.Paper.Title), Href: fmt.Sprintf("%s/papers/%d", matterPath(v.ID), e.Seq)})
			}
		}
	}
	m.Text = momentText(n, v, e)
	if e.Kind == matter.Found && e.Term != "" {
		m.Light = ui.Late // what is found of an act, or of a place, is not late
	}
	n.irregularMoment(v, e, &m)
	m.More = append(m.More, minutesOf(n, v, e)...)
	return m
}

// momentText is the sentence under a moment: for whom, with whom, why, late.
func momentText(n names, v *casework.View, e store.Recorded) string {
	var parts []string
	if party := n.other(v, e.Party); party != "" && e.Party != (matter.Ref{Person: e.Actor.Person}).Key() {
		parts = append(parts, n.w.T("moment.party", "party", party))
	}
	for _, party := range v.Rules.Procedure.Parties {
		if len(e.Binds[party.ID]) > 0 && (v.Side == casework.Working) {
			var list []string
			for _, r := range e.Binds[party.ID] {
				list = append(list, n.ref(r))
			}
			parts = append(parts, n.w.T("moment.binds", "party", n.label(party.Label), "names", n.w.Join(list)))
		}
	}
	parts = append(parts, nonEmpty(n.recusalText(e))...)
	if e.Kind == matter.Signed && v.Side == casework.Working {
		parts = append(parts, n.path(pathOf(e.Recipient)))
	}
	if len(e.Staff) > 0 {
		parts = append(parts, n.w.T("moment.with", "names", n.w.Join(n.persons(e.Staff))))
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
