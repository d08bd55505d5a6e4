// SPDX-License-Identifier: Apache-2.0

package rulepack

import (
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
	Steps     []Step
	Pos       Pos
}

// CaseUnit is a unit of a case's world, with what stands above it.
type CaseUnit struct {
	ID, Above string
	Private   bool
}

// CasePerson is a person of a case's world and the post held throughout, such
// as bureau.principal.
type CasePerson struct{ ID, Unit, Class string }

// StepKind is what a step of a case does.
type StepKind string

// The kinds of step: an act, only the passing of time, a correction of the
// record, the striking of an entry.
const (
	StepAct     StepKind = "act"
	StepTick    StepKind = "tick"
	StepCorrect StepKind = "correct"
	StepStrike  StepKind = "strike"
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

	Refused  string
	Due      map[string]calendar.Date
	Findings []string
	Lapsed   []string
	Met      []string
	Reversed []string
	Released []string
	Opened   []string
	Ended    string
	Pos      Pos
}

func (d *decoder) caseOf(n *node) {
	if !d.mapping(n, "case", "calendar", "procedure", "units", "persons", "parties", "locals", "steps") {
		return
	}
	c := &Case{Title: d.text(n, "case", true), File: n.pos.File, Calendar: d.text(n, "calendar", true), Procedure: d.text(n, "procedure", true),
		Parties: d.groups(n, "parties"), Locals: d.texts(n, "locals"), Pos: n.pos}
	if d.pack.Procedure(c.Procedure) == nil && !d.lenient {
		d.dangling(n.pos, "procedure", c.Procedure, ids(d.pack.Procedures, func(x *Procedure) string { return x.ID }))
	}
	d.named(n, "units", func(id string, pos Pos, v *node) {
		if d.mapping(v, "above", "private") {
			c.Units = append(c.Units, CaseUnit{ID: id, Above: d.text(v, "above", false), Private: d.boolean(v, "private", false)})
		}
	})
	d.named(n, "persons", func(id string, pos Pos, v *node) {
		unit, class, ok := strings.Cut(v.text, ".")
		if !ok {
			d.report(v.pos, CodeShape, "unit.class")
		}
		c.Persons = append(c.Persons, CasePerson{id, unit, class})
	})
	for _, s := range d.list(n, "steps") {
		if d.mapping(s, "on", "entered", "act", "tick", "correct", "strike", "by", "party", "outcome", "staff", "parties", "set", "without",
			"refused", "due", "findings", "lapsed", "met", "reversed", "released", "opened", "ended") {
			c.Steps = append(c.Steps, d.step(s))
		}
	}
	if len(c.Steps) == 0 {
		d.report(n.pos, CodeMissingKey, "steps")
	}
	d.pack.Cases = append(d.pack.Cases, c)
}

func (d *decoder) step(s *node) Step {
	out := Step{Pos: s.pos, Kind: StepAct, By: d.text(s, "by", false), Party: d.text(s, "party", false), Outcome: d.text(s, "outcome", false),
		Staff: d.words(s, "staff"), Parties: d.groups(s, "parties"), Set: d.texts(s, "set"), Without: d.words(s, "without"), Ended: d.text(s, "ended", false),
		Findings: d.stated(s, "findings"), Lapsed: d.stated(s, "lapsed"), Met: d.stated(s, "met"), Reversed: d.stated(s, "reversed"),
		Released: d.stated(s, "released"), Opened: d.stated(s, "opened")}
	switch {
	case s.get("tick") != nil:
		out.Kind, out.On = StepTick, d.date(s, "tick", true)
	case s.get("correct") != nil:
		out.Kind, out.Act = StepCorrect, d.text(s, "correct", true)
	case s.get("strike") != nil:
		out.Kind, out.Act = StepStrike, d.text(s, "strike", true)
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
	if due := s.get("due"); due != nil && due.shape == mapping {
		out.Due = map[string]calendar.Date{}
		for _, p := range due.pairs {
			out.Due[p.key] = d.date(due, p.key, true)
		}
	}
	return out
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
