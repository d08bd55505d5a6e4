// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"net/http"
	"slices"
	"strings"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
	"quanze/office/casework"
	"quanze/web/page"
	"quanze/web/ui"
)

// The bounds of what is handed in with a form.
const (
	maxFiles     = 10
	maxFileBytes = 20 << 20
	maxShort     = 200
	maxLong      = 20000
)

// inputKind is how a field is shown.
type inputKind uint8

const (
	inputText inputKind = iota + 1
	inputLong
	inputDate
	inputRadios
	inputChecks
	inputLimit
	inputFile
	inputSelect
)

// input is one field of a form, ready for its component.
type input struct {
	kind    inputKind
	field   ui.Field
	choices []ui.Choice
	chosen  []string
	// unit is the second input of a limit: number, then unit.
	unit    ui.Field
	clauses []ui.Clause
	kept    []ui.Choice // files handed in already
	// more are further choices, folded by what they have in common.
	more []choiceGroup
	// outcomes are those with which it may be needed, "" with any.
	outcomes string
}

// choiceGroup is a folded group of choices, such as those of one unit.
type choiceGroup struct {
	Label   string
	Choices []ui.Choice
	Chosen  bool
}

// namesOf are the names under which the input sends.
func (i input) namesOf() []string {
	if i.kind == inputLimit {
		return []string{i.field.Name, i.unit.Name}
	}
	return []string{i.field.Name}
}

// inputs lays out the form: the day, the outcome, who took part, whom it binds,
// then the fields of the pack. Approving and serving ask for less.
func (a asked) inputs(form *page.Form) []input {
	day := input{kind: inputDate, field: form.Fill(a.w, ui.Field{Name: "on", Label: a.w.T("act.on"), Hint: a.w.T("act.on_hint")})}
	switch {
	case a.approving():
		return []input{day, {kind: inputLong, field: form.Fill(a.w, ui.Field{Name: "reason", Label: a.w.T("field.reason"), Hint: a.w.T("act.reason_hint"), Optional: true, Most: maxLong})}}
	case a.signing():
		return []input{day, {kind: inputLong, field: form.Fill(a.w, ui.Field{Name: "reason", Label: a.w.T("field.reason"), Hint: a.w.T("joint.reason_hint"), Optional: true, Most: maxLong})}}
	case a.moment == matter.Served:
		return []input{day, {kind: inputText, field: form.Fill(a.w, ui.Field{Name: "reason", Label: a.w.T("act.service_how"), Hint: a.w.T("act.service_hint"), Most: maxShort})}}
	}
	var out []input
	if len(a.act.Outcomes) > 0 {
		i := input{kind: inputRadios, field: form.Fill(a.w, ui.Field{Name: "outcome", Label: a.outcomeLabel()})}
		for _, o := range a.act.Outcomes {
			i.choices = append(i.choices, ui.Choice{Value: o.ID, Label: a.label(o.Label)})
		}
		out = append(out, i)
	}
	var besides []input // parties that may be left out stand after what is told
	for _, name := range a.binding() {
		if i := a.bindInput(form, name); i.field.Optional {
			besides = append(besides, i)
		} else {
			out = append(out, i)
		}
	}
	if with := a.colleagues(); len(with) > 0 {
		out = append(out, input{kind: inputChecks, field: form.Fill(a.w, ui.Field{Name: "staff", Label: a.w.T("act.with"), Hint: a.w.T("act.with_hint", "n", a.w.Number(a.act.Staff.AtLeast))}),
			choices: with, chosen: form.Values("staff"), clauses: a.clauses(a.act.Staff.Basis.Clauses())})
	}
	for _, f := range a.act.Fields() {
		if i := a.input(form, f); !a.idle(form, i, f) {
			out = append(out, i)
		}
	}
	out = append(out, besides...)
	if a.own {
		return out // what the person concerned hands in counts from today
	}
	return append(out, day)
}

// input shows one field of the pack.
func (a asked) input(form *page.Form, f *rulepack.Field) input {
	field := ui.Field{Name: f.ID, Label: a.label(f.Label), Optional: !f.Required && f.If == nil}
	if f.Help.Zh != "" {
		field.Hint = a.label(f.Help)
	}
	if a.act.ID == rulepack.SettleRecusal && f.ID == rulepack.RecusalGround {
		field.Label, field.Hint = a.w.T("field.reason"), "" // who settles does not say the interest, but why
	}
	outcomes := strings.Join(a.outcomes(f), " ")
	if f.If != nil && !a.settled(f).True() {
		field.Hint, field.Conditional = strings.Join(nonEmpty(field.Hint, a.whenNeeded(f)), " "), true
	}
	i := input{clauses: a.clauses(f.Basis.Clauses()), chosen: form.Values(f.ID), outcomes: outcomes}
	switch f.Type {
	case rulepack.FieldBool:
		i.kind = inputRadios
		i.choices = []ui.Choice{{Value: "true", Label: a.w.T("answer.true")}, {Value: "false", Label: a.w.T("answer.false")}}
	case rulepack.FieldDate:
		i.kind = inputDate
	case rulepack.FieldEnum, rulepack.FieldSet:
		i.kind = map[rulepack.FieldType]inputKind{rulepack.FieldEnum: inputRadios, rulepack.FieldSet: inputChecks}[f.Type]
		for _, o := range f.Options {
			i.choices = append(i.choices, ui.Choice{Value: o.ID, Label: a.label(o.Label)})
		}
	case rulepack.FieldPersons:
		i.kind, i.choices = inputChecks, a.personChoices(f)
	case rulepack.FieldLimit:
		i.kind = inputLimit
		i.unit = form.Fill(a.w, ui.Field{Name: f.ID + "_unit", Label: a.w.T("field.unit")})
		units := []string{"working_days", "days", "months"}
		if u := i.unit.Value; u != "" && !slices.Contains(units, u) && a.w.Has("unit."+u) {
			units = append(units, u) // what the jurisdiction set stays choosable
		}
		for _, u := range units {
			i.choices = append(i.choices, ui.Choice{Value: u, Label: a.w.T("unit." + u)})
		}
		field.Width = 4
	case rulepack.FieldFile:
		i.kind, i.kept = inputFile, a.kept(form, f.ID)
	case rulepack.FieldLong:
		i.kind = inputLong
		field.Most = maxLong
	default:
		i.kind = inputText
		field.Most = maxShort
	}
	i.field = form.Fill(a.w, field)
	return i
}

func nonEmpty(list ...string) []string {
	return slices.DeleteFunc(list, func(s string) bool { return s == "" })
}

// handed are the files that a field names. A browser sends a file input that
// nothing was chosen in as an empty value.
func handed(form *page.Form, name string) []string {
	return nonEmpty(slices.Clone(form.Values(name))...)
}

// kept are the files of a draft, each still to be left out.
func (a asked) kept(form *page.Form, name string) []ui.Choice {
	var out []ui.Choice
	for _, id := range handed(form, name) {
		label, _, _ := strings.Cut(id, "|")
		if _, title, ok := strings.Cut(id, "|"); ok {
			label = title
		}
		out = append(out, ui.Choice{Value: id, Label: label})
	}
	return out
}

// binding are the party names that the act binds.
func (a asked) binding() []string {
	out := slices.Clone(a.act.Effects.Binds)
	for _, o := range a.act.Outcomes {
		out = append(out, o.Effects.Binds...)
	}
	return out
}

// bindInput asks whom the act binds: one unit from a list; of persons, those of
// the person's own unit stand open, other units are folded, one each.
func (a asked) bindInput(form *page.Form, name string) input {
	party := a.rules.Procedure.Party(name)
	i := input{kind: inputChecks, chosen: form.Values(name), clauses: a.clauses(party.Basis.Clauses()),
		field: form.Fill(a.w, ui.Field{Name: name, Label: a.label(party.Label), Optional: party.Optional})}
	for _, u := range a.rules.Org.Units(a.today) {
		g := choiceGroup{Label: a.w.Name(u.Name.Zh, u.Name.En)}
		if party.Unit && (len(party.OneOf) == 0 || slices.Contains(party.OneOf, string(u.Kind))) {
			g.add(ui.Choice{Value: "u:" + string(u.ID), Label: g.Label}, i.chosen)
		}
		_, own := a.rules.Org.Holds(a.me, u.ID, a.today)
		if party.Person {
			for _, h := range a.rules.Org.Holders(u.ID, a.today) {
				g.add(ui.Choice{Value: "p:" + string(h.Person), Label: a.actor(matter.Actor{Person: h.Person, Post: h.Post.ID})}, i.chosen)
			}
		}
		switch {
		case !party.Person:
			if !own {
				i.choices = append(i.choices, g.Choices...)
			}
		case own:
			i.choices = append(i.choices, g.Choices...)
		case len(g.Choices) > 0:
			i.more = append(i.more, g)
		}
	}
	if !party.Person && !party.Many {
		i.kind = inputSelect
	}
	return i
}

func (g *choiceGroup) add(c ui.Choice, chosen []string) {
	c.Hint = "" // the label says it all
	g.Chosen = g.Chosen || slices.Contains(chosen, c.Value)
	g.Choices = append(g.Choices, c)
}

// colleagues are those who may take part in the act besides the person.
func (a asked) colleagues() []ui.Choice {
	if a.act.Staff == nil || slices.Contains(a.binding(), a.act.Staff.Of[0]) {
		return nil
	}
	return a.entitledPersons(a.act.Staff.Of, a.me)
}

// personChoices are the persons who may stand in a field.
func (a asked) personChoices(f *rulepack.Field) []ui.Choice {
	if a.act.Recusal != nil && f.ID == rulepack.RecusalAbout {
		return a.recusable()
	}
	var out []ui.Choice
	for _, path := range append([]rulepack.Path{f.Of}, f.AnyOf...) {
		for _, c := range a.entitledPersons(path, "") {
			if !slices.ContainsFunc(out, func(x ui.Choice) bool { return x.Value == c.Value }) {
				out = append(out, c)
			}
		}
	}
	return out
}

func (a asked) entitledPersons(path rulepack.Path, but org.PersonID) []ui.Choice {
	var out []ui.Choice
	for _, p := range matter.Holders(a.state, a.rules, path, a.act.Each, a.party, a.today) {
		if p != but {
			out = append(out, ui.Choice{Value: string(p), Label: a.person(p)})
		}
	}
	return out
}

func fieldTypeOf(f *rulepack.Fact) rulepack.FieldType {
	switch f.Type {
	case expr.Set:
		return rulepack.FieldSet
	case expr.Date:
		return rulepack.FieldDate
	case expr.Bool:
		return rulepack.FieldBool
	}
	if len(f.Options) > 0 {
		return rulepack.FieldEnum
	}
	return rulepack.FieldText
}

// command reads the form into a command; what is no value is noted at its field.
func (a asked) command(form *page.Form) matter.Command {
	c := matter.Command{Act: a.act.ID, Moment: a.moment, Party: a.party, Recipient: a.recipient, On: a.today, Outcome: form.Value("outcome")}
	if !a.own {
		c.On = form.Date("on", a.w.T("act.on"))
	}
	switch form.Value("do") {
	case "return":
		c.Moment = matter.Returned
	case "decline":
		c.Moment = matter.Declined
	}
	if form.Value("do") == "irregular" {
		c.Irregular, c.Reason = true, form.Text(fieldIrregular, a.w.T("irregular.reason"), maxLong)
	}
	if a.approving() || a.moment == matter.Served || a.signing() {
		if !c.Irregular {
			c.Reason = form.Optional("reason", a.w.T("field.reason"), maxLong)
		}
		return c
	}
	if len(a.meetings()) > 0 {
		c.Minutes = a.minutes(form, c.On)
	}
	for _, p := range form.Values("staff") {
		c.Staff = append(c.Staff, org.PersonID(p))
	}
	for _, name := range a.binding() {
		for _, v := range nonEmpty(slices.Clone(form.Values(name))...) {
			if c.Binds == nil {
				c.Binds = map[string][]matter.Ref{}
			}
			c.Binds[name] = append(c.Binds[name], refOf(v))
		}
	}
	for _, f := range a.act.Fields() {
		if v := a.read(form, f); !v.Zero() {
			if c.Fields == nil {
				c.Fields = map[string]expr.Value{}
			}
			c.Fields[f.ID] = v
		}
	}
	return c
}

func refOf(s string) matter.Ref {
	if unit, ok := strings.CutPrefix(s, "u:"); ok {
		return matter.Ref{Unit: org.UnitID(unit)}
	}
	return matter.Ref{Person: org.PersonID(strings.TrimPrefix(s, "p:"))}
}

// read takes the value of one field.
func (a asked) read(form *page.Form, f *rulepack.Field) expr.Value {
	label := a.label(f.Label)
	switch f.Type {
	case rulepack.FieldDate:
		return expr.OfDate(form.OptionalDate(f.ID, label))
	case rulepack.FieldSet, rulepack.FieldPersons:
		if list := form.Values(f.ID); len(list) > 0 {
			return expr.OfSet(list...)
		}
		return expr.Value{}
	case rulepack.FieldFile:
		var ids []string
		for _, s := range handed(form, f.ID) {
			id, _, _ := strings.Cut(s, "|")
			ids = append(ids, id)
		}
		if len(ids) > 0 {
			return expr.OfSet(ids...)
		}
		return expr.Value{}
	case rulepack.FieldLimit:
		return a.readLimit(form, f, label)
	}
	s := form.Optional(f.ID, label, map[bool]int{true: maxShort, false: maxLong}[f.Type == rulepack.FieldText])
	if s == "" {
		return expr.Value{}
	}
	v, err := expr.Parse(f.ValueType(), s)
	if err != nil {
		form.Fail(f.ID, "form.number", "label", label)
	}
	return v
}

func (a asked) readLimit(form *page.Form, f *rulepack.Field, label string) expr.Value {
	if form.Value(f.ID) == "" {
		return expr.Value{}
	}
	form.Number(f.ID, label, 1, 1000)
	s := form.Value(f.ID) + " " + form.Value(f.ID+"_unit")
	if _, err := calendar.ParseLength(s); err != nil {
		form.Fail(f.ID, "form.number", "label", label)
		return expr.Value{}
	}
	return expr.OfText(s)
}

// receive stores the files that came with a form and puts their numbers in the
// place of the fields: from then on they are kept like anything typed.
func (f *Front) receive(r *http.Request, a asked, form *page.Form, id matter.ID) error {
	bounds := ui.Upload{Bytes: maxFileBytes, Count: maxFiles}
	for _, field := range a.act.Fields() {
		if field.Type != rulepack.FieldFile || a.approving() || a.moment == matter.Served || a.signing() {
			continue
		}
		for _, h := range form.Files(a.w, field.ID, a.label(field.Label), bounds, false) {
			file, err := h.Open()
			if err != nil {
				return err
			}
			kept, err := f.desk.Attach(r.Context(), account(r), id, casework.Handed{Act: a.act.ID, Field: field.ID, Name: h.Filename, Body: file, Limit: maxFileBytes})
			file.Close()
			if err != nil {
				if form.Take(err) || a.tooLarge(form, field, err) {
					continue
				}
				return err
			}
			form.Add(field.ID, string(kept.ID)+"|"+kept.Name)
		}
	}
	return nil
}
