// SPDX-License-Identifier: Apache-2.0

package rulepack

import (
	"slices"
	"strings"

	"quanze/core/rulepack/expr"
)

// selectors are what may follow a party or role in a path.
var selectors = []string{"unit", "above", "principal", "deputy", "member", "staff", "leadership"}

// path checks that a path begins with a party or role and goes on with selectors.
func (d *decoder) path(p *Procedure, pos Pos, path Path) {
	if len(path) == 0 {
		return
	}
	if path[0] == localHead {
		d.localRole(p, pos, path)
		return
	}
	if p.Party(path[0]) == nil && d.pack.Role(path[0]) == nil {
		names := append(ids(p.Parties, func(x *Party) string { return x.ID }), ids(d.pack.Roles, func(r *Role) string { return r.ID })...)
		d.dangling(pos, "party", path[0], names)
	}
	for _, s := range path[1:] {
		if !slices.Contains(selectors, s) {
			d.dangling(pos, "selector", s, slices.Clone(selectors))
		}
	}
}

// localHead begins a path that a local parameter names, such as
// local.approver.
const localHead = "local"

// localRole checks a path that the jurisdiction chooses: each of its options
// is itself a path.
func (d *decoder) localRole(p *Procedure, pos Pos, path Path) {
	if len(path) != 2 {
		d.report(pos, CodeMismatch, path.String(), "local.name")
		return
	}
	l := d.pack.Local(path[1])
	switch {
	case l == nil:
		d.dangling(pos, "local", path[1], ids(d.pack.Locals, func(l *Local) string { return l.ID }))
	case l.Type != "role":
		d.report(pos, CodeMismatch, path[1], "role")
	default:
		for _, o := range l.Options {
			d.path(p, l.Basis.Pos, toPath(o.ID))
		}
	}
}

// decl says what an expression of an act may speak of: the facts, the fields
// of the act, its outcome.
func (d *decoder) decl(p *Procedure, a *Act) expr.Decl {
	vars := map[string]expr.Type{}
	for _, f := range p.Facts {
		vars[f.ID] = f.Type
	}
	for _, l := range d.pack.Locals {
		if t, ok := localTypes[l.Type]; ok {
			vars[localHead+"."+l.ID] = t
		}
	}
	if a != nil {
		if len(a.Outcomes) > 0 {
			vars["outcome"] = expr.Text
		}
		for _, f := range a.Fields() {
			vars[f.ID] = f.ValueType()
		}
	}
	return expr.Decl{Vars: vars,
		Moments: func(s string) bool { _, ok := p.Moment(s); return ok },
		Terms:   func(s string) bool { return p.Term(s) != nil },
		Parties: func(s string) bool { return p.Party(s) != nil }}
}

// localTypes are the types of local parameter that an expression may read.
var localTypes = map[string]expr.Type{"bool": expr.Bool, "int": expr.Int, "amount": expr.Int, "choice": expr.Text, "text": expr.Text}

func (d *decoder) effects(p *Procedure, n *node) Effects {
	e := Effects{Opens: d.actIDs(p, n, "opens"), Closes: d.actIDs(p, n, "closes"), Redo: d.actIDs(p, n, "redo"),
		Sets: d.words(n, "sets"), Binds: d.words(n, "binds"), Ends: d.text(n, "ends", false), Recuses: d.boolean(n, "recuses", false)}
	for _, id := range e.Sets {
		if p.Fact(id) == nil {
			d.dangling(n.at("sets"), "fact", id, ids(p.Facts, func(f *Fact) string { return f.ID }))
		}
	}
	for _, id := range e.Binds {
		if p.Party(id) == nil {
			d.dangling(n.at("binds"), "party", id, ids(p.Parties, func(x *Party) string { return x.ID }))
		}
	}
	if e.Ends != "" {
		d.id(e.Ends, n.at("ends"))
	}
	for _, w := range d.words(n, "releases") {
		switch {
		case w == "all":
			e.ReleasesAll = true
		case p.Term(w) == nil:
			d.dangling(n.at("releases"), "term", w, ids(p.Terms, func(x *Term) string { return x.ID }))
		default:
			e.Releases = append(e.Releases, w)
		}
	}
	for _, r := range []struct {
		key string
		to  *string
	}{{"replaces", &e.Replaces}, {"revokes", &e.Revokes}} {
		if *r.to = d.text(n, r.key, false); *r.to != "" && p.Act(*r.to) == nil {
			d.dangling(n.get(r.key).pos, "act", *r.to, ids(p.Acts, func(x *Act) string { return x.ID }))
			*r.to = ""
		}
	}
	e.Stops = d.stops(p, n.get("stops"))
	e.OpensMatter = d.opensMatter(p, n.get("opens_matter"))
	return e
}

// stops reads {terms | matter, how, until, meanwhile, cite}.
func (d *decoder) stops(p *Procedure, n *node) *Stops {
	if n == nil || d.omitted(n) || !d.mapping(n, "terms", "matter", "how", "until", "meanwhile", "cite") {
		return nil
	}
	s := &Stops{Matter: d.boolean(n, "matter", false), Until: d.moments(p, d.list(n, "until")), Meanwhile: d.actIDs(p, n, "meanwhile"), Basis: d.basis(n, "stop", true)}
	how := d.oneOf(n, "how", "", "exclude", "suspend", "interrupt")
	_ = s.How.UnmarshalText([]byte(how))
	for _, id := range d.words(n, "terms") {
		if t := p.Term(id); t == nil {
			d.dangling(n.at("terms"), "term", id, ids(p.Terms, func(x *Term) string { return x.ID }))
			continue
		}
		s.Terms = append(s.Terms, id)
	}
	if s.Matter == (len(s.Terms) > 0) && !d.lenient {
		d.report(n.pos, CodeMissingKey, "terms | matter")
	}
	if len(s.Until) == 0 && !d.lenient {
		d.report(n.pos, CodeMissingKey, "until")
	}
	if how == "exclude" && len(s.Meanwhile) > 0 {
		d.report(n.at("meanwhile"), CodeMismatch, "meanwhile", how)
	}
	return s
}

func (d *decoder) actIDs(p *Procedure, n *node, key string) []string {
	var out []string
	for _, id := range d.words(n, key) {
		if p.Act(id) == nil {
			d.dangling(n.get(key).pos, "act", id, ids(p.Acts, func(x *Act) string { return x.ID }))
			continue
		}
		out = append(out, id)
	}
	return out
}

func (d *decoder) opensMatter(p *Procedure, n *node) *OpensMatter {
	if n == nil || d.omitted(n) || !d.mapping(n, "procedure", "act", "parties", "cite") {
		return nil
	}
	o := &OpensMatter{Procedure: d.text(n, "procedure", true), Act: d.text(n, "act", true), Parties: map[string]Path{}, Basis: d.basis(n, "opened matter", true)}
	if o.Procedure == "" || o.Act == "" {
		return nil // that it is missing is told
	}
	to := d.pack.Procedure(o.Procedure)
	if to == nil {
		d.dangling(n.at("procedure"), "procedure", o.Procedure, ids(d.pack.Procedures, func(x *Procedure) string { return x.ID }))
		return nil
	}
	if act := to.Act(o.Act); act == nil {
		d.dangling(n.at("act"), "act", o.Act, ids(to.Acts, func(x *Act) string { return x.ID }))
		return nil
	} else if !act.Starts {
		d.report(n.at("act"), CodeMismatch, o.Act, "starts")
	}
	d.named(n, "parties", func(id string, pos Pos, v *node) {
		if to.Party(id) == nil {
			d.dangling(pos, "party", id, ids(to.Parties, func(x *Party) string { return x.ID }))
		}
		path := toPath(v.text)
		d.path(p, v.pos, path)
		o.Parties[id] = path
	})
	return o
}

var fieldKeys = []string{"label", "help", "type", "of", "at_least", "required", "if", "fill", "cite"}

func (d *decoder) form(p *Procedure, a *Act, pos Pos, id string) *Form {
	n := d.forms[id]
	if n == nil {
		d.dangling(pos, "form", id, mapKeys(d.forms))
		return nil
	}
	if !d.mapping(n, "form", "fields") {
		return nil
	}
	f := &Form{ID: id}
	f.Fields = d.fields(p, a, n, "fields")
	return f
}

func (d *decoder) paper(p *Procedure, a *Act, pos Pos, id string) *Paper {
	n := d.papers[id]
	if n == nil {
		d.dangling(pos, "paper", id, mapKeys(d.papers))
		return &Paper{ID: id}
	}
	if !d.mapping(n, "paper", "title", "series", "contents", "blank", "cite") {
		return &Paper{ID: id}
	}
	out := &Paper{ID: id, Title: d.label(n, "title"), Series: d.text(n, "series", false), Blank: d.labels(n, "blank"), Basis: d.basis(n, "paper "+id, true)}
	out.Contents = d.fields(p, a, n, "contents")
	return out
}

// fill reads what a field is filled with beforehand: {fact: id}, {text: label},
// {name: path}, a text with {name} where the names go beside it, {local: name} or
// {day: true}.
func (d *decoder) fill(p *Procedure, f *Field, n *node) {
	if n == nil || !d.mapping(n, "fact", "text", "name", "local", "day") {
		return
	}
	f.FillPath, f.FillDay = toPath(d.text(n, "name", false)), d.boolean(n, "day", false)
	d.path(p, n.pos, f.FillPath)
	if n.get("local") != nil {
		f.FillLocal = d.localName(n, "local", "limit", "amount", "int", "fraction", "bool", "text", "role", "choice")
	}
	if f.FillFact = d.text(n, "fact", false); f.FillFact != "" && p.Fact(f.FillFact) == nil {
		d.dangling(n.at("fact"), "fact", f.FillFact, ids(p.Facts, func(x *Fact) string { return x.ID }))
	}
	f.FillText = d.optionalLabel(n, "text")
	for _, text := range []string{f.FillText.Zh, f.FillText.En} {
		if text != "" && strings.Contains(text, FillName) != (len(f.FillPath) > 0) {
			d.report(n.at("text"), CodeMismatch, "text", "name")
			return
		}
	}
}

func mapKeys(m map[string]*node) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	return out
}

// fields reads the fields of a form or a paper as the act uses them: a field's
// condition may speak of the other fields, of facts and of the outcome.
func (d *decoder) fields(p *Procedure, a *Act, n *node, key string) []*Field {
	var out []*Field
	conditions := map[*Field]*node{}
	d.named(n, key, func(id string, pos Pos, v *node) {
		if !d.mapping(v, fieldKeys...) {
			return
		}
		f := &Field{ID: id, Label: d.label(v, "label"), Help: d.optionalLabel(v, "help"), Required: d.boolean(v, "required", false), AtLeast: d.number(v, "at_least", 0),
			Type: FieldType(d.oneOf(v, "type", "", "bool", "int", "text", "longtext", "date", "enum", "set", "persons", "limit", "file"))}
		if f.Type == FieldEnum || f.Type == FieldSet {
			f.Options, _ = d.options(v)
		} else if f.Type == FieldPersons {
			f.Of = toPath(d.text(v, "of", true))
			d.path(p, v.pos, f.Of)
		}
		if v.get("cite") != nil {
			f.Basis = d.basis(v, "field "+id, false)
		} else {
			f.Basis = Basis{Pos: v.pos}
		}
		if fact := p.Fact(id); fact != nil && fact.Type != f.ValueType() {
			d.report(v.pos, CodeMismatch, id, fact.Type.String())
		}
		d.fill(p, f, v.get("fill"))
		conditions[f] = v.get("if")
		out = append(out, f)
	})
	decl := d.decl(p, a)
	for _, f := range out {
		decl.Vars[f.ID] = f.ValueType()
	}
	for _, f := range out {
		f.If = d.expression(conditions[f], decl)
	}
	return out
}
