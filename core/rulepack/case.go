// SPDX-License-Identifier: Apache-2.0

package rulepack

import (
	"regexp"
	"slices"
	"strings"

	"quanze/core/calendar"
)

// Case is a worked case that a jurist can sign: a small world, dated steps and
// what must follow from each. Package packtest runs it.
type Case struct {
	Title     string
	File      string
	Calendar  string
	Procedure string
	Units     []CaseUnit
	Persons   []CasePerson
	Parties   map[string][]string
	Locals    map[string]string
	// Record is what other matters of the same parties hold, where a fact counts
	// over it; nil where a step states the count itself.
	Record []Past
	Steps  []Step
	Pos    Pos
}

// Past is a moment of another matter of the party.
type Past struct {
	Moment string
	Party  string
	On     calendar.Date
}

// CaseUnit is a unit of a case's world: what stands above it and what it is.
type CaseUnit struct {
	ID, Above, Kind string
	Private         bool
}

// CasePerson is a person of a case's world and the post held throughout, such
// as bureau.principal.
type CasePerson struct{ ID, Unit, Class string }

// StepKind is what a step of a case does.
type StepKind string

// The kinds of step: an act, only the passing of time, a correction of the
// record, the striking of an entry, the confirming or annulling of an act that
// was recorded as irregular.
const (
	StepAct     StepKind = "act"
	StepTick    StepKind = "tick"
	StepCorrect StepKind = "correct"
	StepStrike  StepKind = "strike"
	StepConfirm StepKind = "confirm"
	StepAnnul   StepKind = "annul"
)

// Step is one dated step and what must follow. A list that is nil was not
// stated; what is stated must be exactly so.
type Step struct {
	Kind    StepKind
	On      calendar.Date
	Entered calendar.Date
	Act     string
	By      string
	Party   string
	Outcome string
	Staff   []string
	Parties map[string][]string
	Set     map[string]string
	Without []string
	Meeting *CaseMeeting
	// Irregular is the clause against which the act is recorded all the same.
	Irregular string

	Refused  string
	Due      map[string]calendar.Date
	Findings []string
	Lapsed   []string
	Met      []string
	Reversed []string
	Released []string
	Opened   []string
	Stopped  []string
	Resumed  []string
	// Blocked is what effects stand in the way of on the day, as block/party.
	Blocked []string
	Ended   string
	Pos     Pos
}

// CaseMeeting is a meeting as a case tells it: persons, or for brevity how many
// of the members, in the order of the roll. All who agree, disagree or abstain
// are present; Reasons false leaves out what each would say.
type CaseMeeting struct {
	ID                               string
	Present, Agree, Disagree, Absent []string
	PresentN, AgreeN, DisagreeN      int
	Abstain                          []string
	Last                             string
	Heard                            []string
	Reasons                          bool
}

// calendarName is a country and a version of its calendar.
var calendarName = regexp.MustCompile(`^[a-z]{2}@\d{4}\.\d+$`)

func (d *decoder) caseOf(n *node) {
	if !d.mapping(n, "case", "calendar", "procedure", "units", "persons", "parties", "locals", "record", "steps") {
		return
	}
	c := &Case{Title: d.text(n, "case", true), File: n.pos.File, Calendar: d.text(n, "calendar", true), Procedure: d.text(n, "procedure", true),
		Parties: d.groups(n, "parties"), Locals: d.texts(n, "locals"), Pos: n.pos}
	if c.Calendar != "" && !calendarName.MatchString(c.Calendar) {
		d.report(n.at("calendar"), CodeValue, c.Calendar, "cn@2026.1")
	}
	if d.pack.Procedure(c.Procedure) == nil && !d.lenient {
		d.dangling(n.pos, "procedure", c.Procedure, ids(d.pack.Procedures, func(x *Procedure) string { return x.ID }))
	}
	d.named(n, "units", func(id string, pos Pos, v *node) {
		if d.mapping(v, "above", "kind", "private") {
			c.Units = append(c.Units, CaseUnit{ID: id, Above: d.text(v, "above", false), Kind: d.text(v, "kind", false), Private: d.boolean(v, "private", false)})
		}
	})
	d.named(n, "persons", func(id string, pos Pos, v *node) {
		unit, class, ok := strings.Cut(v.text, ".")
		if !ok {
			d.report(v.pos, CodeShape, "unit.class")
		}
		c.Persons = append(c.Persons, CasePerson{id, unit, class})
	})
	d.world(n, c)
	if n.get("record") != nil {
		c.Record = []Past{}
	}
	for _, v := range d.list(n, "record") {
		if d.mapping(v, "moment", "party", "on") {
			c.Record = append(c.Record, Past{Moment: d.text(v, "moment", true), Party: d.text(v, "party", true), On: d.date(v, "on", true)})
		}
	}
	for _, s := range d.list(n, "steps") {
		if d.mapping(s, "on", "entered", "act", "tick", "correct", "strike", "confirm", "annul", "by", "party", "outcome", "staff", "parties", "set", "without",
			"meeting", "irregular", "refused", "due", "findings", "lapsed", "met", "reversed", "released", "opened", "stopped", "resumed", "blocked", "ended") {
			c.Steps = append(c.Steps, d.step(s))
		}
	}
	if len(c.Steps) == 0 {
		d.report(n.pos, CodeMissingKey, "steps")
	}
	d.pack.Cases = append(d.pack.Cases, c)
}

// world finds units that the case names and does not have.
func (d *decoder) world(n *node, c *Case) {
	known := make([]string, len(c.Units))
	for i, u := range c.Units {
		known[i] = u.ID
	}
	look := func(at *node, unit string) {
		if unit != "" && !slices.Contains(known, unit) {
			d.dangling(at.pos, "unit", unit, known)
		}
	}
	if units := n.get("units"); units != nil {
		for _, p := range units.pairs {
			if above := p.value.get("above"); above != nil {
				look(above, above.text)
			}
		}
	}
	if persons := n.get("persons"); persons != nil {
		for _, p := range persons.pairs {
			unit, _, _ := strings.Cut(p.value.text, ".")
			look(p.value, unit)
		}
	}
}

func (d *decoder) step(s *node) Step {
	out := Step{Pos: s.pos, Kind: StepAct, By: d.text(s, "by", false), Party: d.text(s, "party", false), Outcome: d.text(s, "outcome", false),
		Staff: d.words(s, "staff"), Parties: d.groups(s, "parties"), Set: d.texts(s, "set"), Without: d.words(s, "without"), Ended: d.text(s, "ended", false),
		Findings: d.stated(s, "findings"), Lapsed: d.stated(s, "lapsed"), Met: d.stated(s, "met"), Reversed: d.stated(s, "reversed"),
		Released: d.stated(s, "released"), Opened: d.stated(s, "opened"), Stopped: d.stated(s, "stopped"), Resumed: d.stated(s, "resumed"),
		Blocked: d.stated(s, "blocked"), Meeting: d.caseMeeting(s.get("meeting"))}
	switch {
	case s.get("tick") != nil:
		out.Kind, out.On = StepTick, d.date(s, "tick", true)
	case s.get("correct") != nil:
		out.Kind, out.Act = StepCorrect, d.text(s, "correct", true)
	case s.get("strike") != nil:
		out.Kind, out.Act = StepStrike, d.text(s, "strike", true)
	case s.get("confirm") != nil:
		out.Kind, out.Act = StepConfirm, d.text(s, "confirm", true)
	case s.get("annul") != nil:
		out.Kind, out.Act = StepAnnul, d.text(s, "annul", true)
	default:
		out.Act = d.text(s, "act", true)
	}
	if out.Kind != StepTick {
		out.On = d.date(s, "on", out.Kind != StepStrike)
	}
	out.Entered = d.date(s, "entered", false)
	if r := s.get("refused"); r != nil {
		out.Refused = d.cite(r).Clause
	}
	if r := s.get("irregular"); r != nil {
		out.Irregular = d.cite(r).Clause
	}
	if due := s.get("due"); due != nil && due.shape == mapping {
		out.Due = map[string]calendar.Date{}
		for _, p := range due.pairs {
			out.Due[p.key] = d.date(due, p.key, true)
		}
	}
	return out
}

// caseMeeting reads who came and what they said.
func (d *decoder) caseMeeting(n *node) *CaseMeeting {
	if n == nil || !d.mapping(n, "meeting", "present", "agree", "disagree", "abstain", "absent", "last", "heard", "reasons") {
		return nil
	}
	m := &CaseMeeting{ID: d.text(n, "meeting", false), Abstain: d.words(n, "abstain"), Absent: d.words(n, "absent"), Last: d.text(n, "last", false),
		Heard: d.stated(n, "heard"), Reasons: d.boolean(n, "reasons", true)}
	m.Present, m.PresentN = d.people(n, "present")
	m.Agree, m.AgreeN = d.people(n, "agree")
	m.Disagree, m.DisagreeN = d.people(n, "disagree")
	return m
}

// people reads persons, or how many.
func (d *decoder) people(n *node, key string) ([]string, int) {
	if v := n.get(key); v != nil && v.shape == scalar {
		if count, ok := integer(v.text); ok {
			return nil, count
		}
	}
	return d.words(n, key), 0
}

// stated tells an empty list, which is a statement, from an absent one.
func (d *decoder) stated(n *node, key string) []string {
	if n.get(key) == nil {
		return nil
	}
	return append([]string{}, d.words(n, key)...)
}

func (d *decoder) groups(n *node, key string) map[string][]string {
	v := n.get(key)
	if v == nil {
		return nil
	}
	out := map[string][]string{}
	if v.shape != mapping {
		d.report(v.pos, CodeShape, mapping.String())
		return nil
	}
	for _, p := range v.pairs {
		out[p.key] = d.words(v, p.key)
	}
	return out
}

func (d *decoder) texts(n *node, key string) map[string]string {
	v := n.get(key)
	if v == nil {
		return nil
	}
	out := map[string]string{}
	if v.shape != mapping {
		d.report(v.pos, CodeShape, mapping.String())
		return nil
	}
	for _, p := range v.pairs {
		switch p.value.shape {
		case scalar:
			out[p.key] = p.value.text
		case sequence:
			out[p.key] = strings.Join(d.words(v, p.key), ",")
		default:
			d.report(p.value.pos, CodeShape, scalar.String())
		}
	}
	return out
}
