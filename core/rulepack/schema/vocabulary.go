// SPDX-License-Identifier: Apache-2.0

package schema

import (
	"slices"

	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

// name is an id of the pack and what it is called.
type name struct {
	id    string
	label rulepack.Label
}

// nameList are a pack's ids of one sort, each once, in the order of the pack.
type nameList []name

func (l nameList) with(id string, label rulepack.Label) nameList {
	if id == "" || slices.ContainsFunc(l, func(n name) bool { return n.id == id }) {
		return l
	}
	return append(l, name{id, label})
}

// vocabulary are a pack's ids by the value they may stand for, and the options
// of its fields and columns.
type vocabulary struct {
	names   map[string]nameList
	options map[string]map[string]nameList
}

func (v *vocabulary) add(sort, id string, label rulepack.Label) {
	v.names[sort] = v.names[sort].with(id, label)
}

func (v *vocabulary) each(sorts []string, id string, label rulepack.Label) {
	for _, sort := range sorts {
		v.add(sort, id, label)
	}
}

// option notes what a field or column may be.
func (v *vocabulary) option(sort, id string, label rulepack.Label, options []rulepack.Option) {
	v.add(sort, id, label)
	if v.options[sort] == nil {
		v.options[sort] = map[string]nameList{}
	}
	for _, o := range options {
		v.options[sort][id] = v.options[sort][id].with(o.ID, o.Label)
	}
}

func vocabularyOf(p *rulepack.Pack) *vocabulary {
	v := &vocabulary{names: map[string]nameList{}, options: map[string]map[string]nameList{}}
	if p == nil {
		return v
	}
	v.head(p)
	for _, l := range p.Ladders {
		v.add("ladder", l.ID, l.Title)
	}
	for _, t := range p.Tables {
		v.table(t)
	}
	for _, m := range p.Meetings {
		v.add("by", "meeting."+m.ID, m.Label)
		v.add("meeting", m.ID, m.Label)
	}
	for _, proc := range p.Procedures {
		v.procedure(proc)
	}
	return v
}

// everybody are the sorts of value that a path stands for.
func everybody() []string { return []string{"path", "whom", "by"} }

// who offers a party or role and what may be asked of it.
func (v *vocabulary) who(id string, label rulepack.Label, unit, person bool) {
	v.each(everybody(), id, label)
	if unit {
		for _, s := range []string{"principal", "deputy", "member", "staff", "leadership", "above"} {
			v.each(everybody(), id+"."+s, label)
		}
	}
	if person {
		v.each(everybody(), id+".unit", label)
	}
}

func (v *vocabulary) head(p *rulepack.Pack) {
	for _, c := range p.Clauses {
		v.add("cite", c.ID, c.Gist)
	}
	for _, b := range p.Blocks {
		v.add("block", b.ID, b.Label)
	}
	for _, r := range p.Roles {
		v.who(r.ID, r.Label, true, false)
	}
	for _, l := range p.Locals {
		v.add("local", l.ID, l.Label)
		v.option("locals", l.ID, l.Label, l.Options)
		switch l.Type {
		case "limit":
			v.add("local_limit", l.ID, l.Label)
		case "fraction":
			v.add("local_share", l.ID, l.Label)
		case "int":
			v.add("local_share", l.ID, l.Label)
		case "role":
			v.each(everybody(), "local."+l.ID, l.Label)
		case "choice":
			v.add("start", "local."+l.ID, l.Label)
		case "bool":
			v.add("expression", "local."+l.ID, l.Label)
		}
	}
	v.add("by", rulepack.ByLaw, rulepack.Label{})
}

func (v *vocabulary) table(t *rulepack.Table) {
	for _, in := range t.Inputs {
		v.option("inputs", in.ID, rulepack.Label{}, in.Options)
	}
	for _, out := range t.Gives {
		v.option("outputs", out.ID, out.Label, out.Options)
		v.add("column", t.ID+"."+out.ID, out.Label)
	}
	v.add("column", t.ID, t.Title)
}

func (v *vocabulary) procedure(p *rulepack.Procedure) {
	v.each([]string{"procedure", "procedure_name"}, p.ID, p.Title)
	for _, party := range p.Parties {
		v.each([]string{"party", "party_name", "parties"}, party.ID, party.Label)
		v.who(party.ID, party.Label, party.Unit, party.Person)
		v.add("expression", "bound("+party.ID+")", party.Label)
	}
	for _, f := range p.Facts {
		v.add("fact", f.ID, f.Label)
		if f.Type == expr.Date {
			v.add("day_fact", f.ID, f.Label)
		}
		if f.Type == expr.Bool {
			v.add("expression", f.ID, f.Label)
		}
	}
	for _, a := range p.Acts {
		v.act(a)
	}
	for _, t := range p.Terms {
		v.each([]string{"term", "terms", "owed"}, t.ID, t.Label)
		v.moment(t.ID+".lapsed", t.Label)
		for _, about := range []string{"owed", "running", "lapsed"} {
			v.add("expression", about+"("+t.ID+")", t.Label)
		}
	}
}

func (v *vocabulary) moment(id string, label rulepack.Label) {
	v.each([]string{"moment", "start", "when"}, id, label)
	v.add("expression", "done("+id+")", label)
}

func (v *vocabulary) act(a *rulepack.Act) {
	v.add("act", a.ID, a.Label)
	v.moment(a.ID, a.Label)
	v.ending(a.Effects)
	for _, o := range a.Outcomes {
		v.moment(a.ID+"."+o.ID, o.Label)
		v.add("outcome", o.ID, o.Label)
		v.ending(o.Effects)
	}
	if len(a.Approved) > 0 {
		for _, s := range []rulepack.MomentKind{rulepack.MomentProposed, rulepack.MomentReturned, rulepack.MomentDeclined} {
			v.moment(a.ID+"."+string(s), a.Label)
		}
	}
	if a.Paper != nil {
		v.add("paper", a.Paper.ID, a.Paper.Title)
		v.moment(a.ID+"."+string(rulepack.MomentServed), a.Label)
		for _, r := range a.To {
			v.moment(a.ID+"."+string(rulepack.MomentServed)+"."+r.Path.String(), a.Label)
		}
	}
	if a.Form != nil && a.Recusal == nil {
		v.add("form", a.Form.ID, a.Label)
	}
	for _, f := range a.Fields() {
		v.option("fields", f.ID, f.Label, f.Options)
		v.add("field_name", f.ID, f.Label)
		if f.Type == rulepack.FieldDate {
			v.moment(a.ID+"."+f.ID, f.Label)
		}
		if f.Type == rulepack.FieldDate || f.Type == rulepack.FieldLimit {
			v.add("field", f.ID, f.Label)
		}
	}
}

func (v *vocabulary) ending(e rulepack.Effects) {
	v.each([]string{"ending", "ending_name"}, e.Ends, rulepack.Label{})
}
