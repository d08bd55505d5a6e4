// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"cmp"
	"slices"
	"strings"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/web/page"
	"quanze/web/ui"
)

// sitting is the part of a form that enters the minutes of a meeting: which, who
// was there and said what, and the rule in plain words.
type sitting struct {
	which  []input
	roll   []ui.Roll
	rolled string
	more   []input
	rules  []line
	// show is the button that shows the roll of the meeting chosen.
	show []ui.Choice
}

// line is a sentence with the clauses it rests on.
type line struct {
	Text    string
	Clauses []ui.Clause
}

// The names under which the minutes are sent, beside those of the roll.
const (
	fieldMeeting = "meeting"
	fieldRolled  = "rolled"
	fieldWhyAll  = "why_all"
	fieldSayAll  = "say_all"
	fieldLast    = "last"
	fieldHeard   = "heard"
)

// meetings are those of which one decides what is asked now.
func (a asked) meetings() []*rulepack.Meeting {
	if a.approving() || a.moment == matter.Served || a.signing() {
		return nil
	}
	state := a.state
	if a.seated != nil {
		state = a.seated
	}
	if sitting := matter.Sitting(state, a.rules, a.act, a.party, a.today); len(sitting) > 0 {
		return sitting
	}
	return a.act.Meetings // none is of the body: the refusal says so
}

// meeting is the one chosen, nil where several may decide and none was.
func (a asked) meeting(form *page.Form) *rulepack.Meeting {
	all := a.meetings()
	if len(all) == 1 {
		return all[0]
	}
	for _, m := range all {
		if m.ID == form.Value(fieldMeeting) {
			return m
		}
	}
	return nil
}

// dayOf is the day that the form says, today where it says none yet.
func (a asked) dayOf(form *page.Form) calendar.Date {
	if d, err := calendar.ParseDate(strings.TrimSpace(form.Value("on"))); err == nil && d <= a.today {
		return d
	}
	return a.today
}

// stateOn is the matter as it stood on a day: who had withdrawn by then.
func (a asked) stateOn(day calendar.Date) *matter.State {
	if a.view == nil || day >= a.today {
		return a.seated
	}
	var past []matter.Event
	for _, e := range a.view.Events {
		if e.On <= day {
			past = append(past, e.Event)
		}
	}
	return matter.Fold(past, a.rules).At(a.rules, day)
}

// seat is one member on the roll of a day; out says why he takes no part.
type seat struct {
	person org.PersonID
	out    string
}

func (a asked) seats(m *rulepack.Meeting, day calendar.Date) []seat {
	s := a.stateOn(day)
	var out []seat
	for _, p := range matter.Roll(s, a.rules, m, a.act, a.party, day) {
		one := seat{person: p}
		switch {
		case s.RelationOf(p, a.rules, day).Recused:
			one.out = a.w.T("roll.withdrew")
		case a.rules.Procedure.Recusal != nil && a.rules.Procedure.Recusal.Aside && slices.Contains(s.AskedToWithdraw(), p):
			one.out = a.w.T("roll.aside")
		}
		out = append(out, one)
	}
	return out
}

// quick is the roll as it is first shown: everybody there. What each said nobody
// has told yet.
func (a asked) quick(m *rulepack.Meeting, day calendar.Date, but ...string) []string {
	var out []string
	for _, s := range a.seats(m, day) {
		if s.out != "" || slices.Contains(but, string(s.person)) {
			continue
		}
		out = append(out, ui.RollHere, string(s.person))
	}
	return out
}

// sitting lays out the minutes of an act that a meeting decides.
func (a asked) sitting(form *page.Form) []sitting {
	all := a.meetings()
	if len(all) == 0 {
		return nil
	}
	var out sitting
	if len(all) > 1 {
		i := input{kind: inputRadios, field: form.Fill(a.w, ui.Field{Name: fieldMeeting, Label: a.w.T("minutes.which")})}
		for _, m := range all {
			i.choices = append(i.choices, ui.Choice{Value: m.ID, Label: a.label(m.Label)})
		}
		out.which = append(out.which, i)
		out.show = []ui.Choice{{Value: "roll", Label: a.w.T("minutes.show_roll")}}
	}
	m := a.meeting(form)
	if m == nil {
		return []sitting{out}
	}
	day := a.dayOf(form)
	out.rolled = m.ID
	out.roll = []ui.Roll{a.roll(form, m, day)}
	out.more = a.minutesInputs(form, m, day)
	out.rules = a.meetingRules(m, day)
	return []sitting{out}
}

func (a asked) roll(form *page.Form, m *rulepack.Meeting, day calendar.Date) ui.Roll {
	r := ui.Roll{Legend: a.w.T("minutes.roll", "meeting", a.label(m.Label)), Hint: a.w.T("minutes.roll_hint"), Error: form.Fill(a.w, ui.Field{Name: ui.RollHere}).Error}
	if m.Vote != nil {
		r.Hint = a.w.T("minutes.vote_hint")
		for _, o := range m.Vote.Options {
			r.Options = append(r.Options, ui.Choice{Value: o, Label: a.w.T("vote." + o)})
		}
	}
	here := form.Values(ui.RollHere)
	for _, s := range a.seats(m, day) {
		id := string(s.person)
		why := form.Fill(a.w, ui.Field{Name: ui.RollWhy + id})
		r.Seats = append(r.Seats, ui.Seat{Key: id, Name: a.person(s.person), Under: a.postOf(s.person), Here: slices.Contains(here, id),
			Says: form.Value(ui.RollSay + id), Why: why.Value, Error: why.Error, Out: s.out})
	}
	return r
}

// minutesInputs are asked below the roll: one reason for all, who spoke last,
// who was heard.
func (a asked) minutesInputs(form *page.Form, m *rulepack.Meeting, day calendar.Date) []input {
	var out []input
	if m.Vote != nil {
		say := input{kind: inputSelect, field: form.Fill(a.w, ui.Field{Name: fieldSayAll, Label: a.w.T("minutes.say_all"), Hint: a.w.T("minutes.say_all_hint"), Optional: true})}
		for _, o := range m.Vote.Options {
			say.choices = append(say.choices, ui.Choice{Value: o, Label: a.w.T("vote." + o)})
		}
		out = append(out, say)
		f := ui.Field{Name: fieldWhyAll, Label: a.w.T("minutes.why_all"), Hint: a.w.T("minutes.why_all_hint"), Optional: !m.Vote.Reasons, Most: maxLong}
		out = append(out, input{kind: inputLong, field: form.Fill(a.w, f), clauses: a.clauses(m.Vote.Basis.Clauses())})
	}
	if m.Speak != nil {
		i := input{kind: inputSelect, field: form.Fill(a.w, ui.Field{Name: fieldLast, Label: a.w.T("minutes.last")}), clauses: a.clauses(m.Speak.Basis.Clauses())}
		for _, s := range a.seats(m, day) {
			if s.out == "" {
				i.choices = append(i.choices, ui.Choice{Value: string(s.person), Label: a.person(s.person)})
			}
		}
		out = append(out, i)
	}
	if heard := a.invited(m, day); len(heard) > 0 {
		i := input{kind: inputChecks, field: form.Fill(a.w, ui.Field{Name: fieldHeard, Label: a.w.T("minutes.heard"), Optional: true}), choices: heard, chosen: form.Values(fieldHeard)}
		for _, in := range m.Invite {
			i.clauses = append(i.clauses, a.clauses(in.Basis.Clauses())...)
		}
		out = append(out, i)
	}
	return out
}

// invited are the parties who may, or must, be heard.
func (a asked) invited(m *rulepack.Meeting, day calendar.Date) []ui.Choice {
	var out []ui.Choice
	for _, in := range m.Invite {
		for _, b := range a.stateOn(day).Parties() {
			key := b.Key()
			if b.Name != in.Party || b.Left != 0 || (a.act.Each == in.Party && key != a.party) || slices.ContainsFunc(out, func(c ui.Choice) bool { return c.Value == key }) {
				continue
			}
			out = append(out, ui.Choice{Value: key, Label: a.ref(b.Ref)})
		}
	}
	return out
}

// minutes reads the minutes. Where the roll of the day is not the one that was
// shown, nothing is read: the right one is shown first.
func (a asked) minutes(form *page.Form, on calendar.Date) *matter.Minutes {
	m := a.meeting(form)
	if m == nil {
		form.Fail(fieldMeeting, "form.choose", "label", a.w.T("minutes.which"))
		return nil
	}
	if on == 0 || on > a.today {
		on = a.today
	}
	seats := a.seats(m, on)
	if form.Value(fieldRolled) != m.ID || !sameMembers(form.Values(ui.RollSeat), seats) {
		a.reseat(form, m, on)
		form.Fail(ui.RollHere, "minutes.roll_changed", "day", a.w.Date(on))
		return nil
	}
	out := &matter.Minutes{Meeting: m.ID, Heard: nonEmpty(slices.Clone(form.Values(fieldHeard))...), Last: org.PersonID(form.Value(fieldLast))}
	common := form.Optional(fieldWhyAll, a.w.T("minutes.why_all"), maxLong)
	silent := false
	for _, id := range form.Values(ui.RollHere) {
		out.Present = append(out.Present, org.PersonID(id))
	}
	for _, s := range seats {
		if m.Vote == nil || s.out != "" {
			continue
		}
		v := matter.Vote{Person: s.person, Option: form.Value(ui.RollSay + string(s.person)),
			Reason: form.Optional(ui.RollWhy+string(s.person), a.w.T("roll.why"), maxLong)}
		here := slices.Contains(out.Present, s.person)
		if here {
			v.Option, v.Reason = cmp.Or(v.Option, form.Value(fieldSayAll)), cmp.Or(v.Reason, common)
			silent = silent || v.Option == ""
		}
		// Of one who was not there, only what he sent himself is an opinion.
		if v.Option != "" && (here || v.Reason != "") {
			out.Votes = append(out.Votes, v)
		}
	}
	if silent {
		form.Fail(fieldSayAll, "minutes.silent")
	}
	return out
}

// choose brings the roll of the meeting that was chosen into the form, with all
// that was typed.
func (a asked) choose(form *page.Form) {
	if m := a.meeting(form); m != nil {
		a.reseat(form, m, a.dayOf(form))
		return
	}
	form.Fail(fieldMeeting, "form.choose", "label", a.w.T("minutes.which"))
}

func sameMembers(shown []string, seats []seat) bool {
	return len(shown) == len(seats) && !slices.ContainsFunc(seats, func(s seat) bool { return !slices.Contains(shown, string(s.person)) })
}

// reseat brings members whom the form did not ask about yet into it.
func (a asked) reseat(form *page.Form, m *rulepack.Meeting, on calendar.Date) {
	known := form.Values(ui.RollSeat)
	if form.Value(fieldRolled) != m.ID {
		known = nil
	}
	list := a.quick(m, on, known...)
	for i := 0; i+1 < len(list); i += 2 {
		if list[i] != ui.RollHere && form.Value(list[i]) != "" || slices.Contains(form.Values(list[i]), list[i+1]) {
			continue
		}
		form.Add(list[i], list[i+1])
	}
}

// minutesNames are the names under which the minutes send, for the draft.
func (a asked) minutesNames(form *page.Form) []string {
	if len(a.meetings()) == 0 {
		return nil
	}
	out := []string{fieldMeeting, fieldRolled, ui.RollHere, ui.RollSeat, fieldSayAll, fieldWhyAll, fieldLast, fieldHeard}
	if m := a.meeting(form); m != nil {
		for _, s := range a.seats(m, a.dayOf(form)) {
			out = append(out, ui.RollSay+string(s.person), ui.RollWhy+string(s.person))
		}
	}
	return out
}

// placeOf is the field of the minutes that a refusal is about, "" for none.
func (a asked) placeOf(r *matter.Refusal) string {
	if len(a.meetings()) == 0 {
		return ""
	}
	switch r.Why {
	case matter.NoQuorum, matter.NotPresent, matter.NotAMember, matter.NotCarried:
		return ui.RollHere
	case matter.IsRecused:
		if len(r.Names) > 0 {
			return ui.RollHere
		}
	case matter.SpeaksLast:
		return fieldLast
	case matter.NotHeard:
		return fieldHeard
	case matter.NoReason:
		if len(r.Names) > 0 {
			return ui.RollWhy + r.Names[0]
		}
	case matter.NoMinutes:
		if len(a.meetings()) > 1 {
			return fieldMeeting
		}
		return ui.RollHere
	case matter.ContentWrong:
		if slices.Contains(r.Names, "minutes") {
			return ui.RollHere
		}
	}
	return ""
}
