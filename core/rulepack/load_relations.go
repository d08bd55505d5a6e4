// SPDX-License-Identifier: Apache-2.0

package rulepack

import (
	"slices"

	"quanze/core/rulepack/expr"
)

// selectors are what may follow a party or role in a path.
var selectors = []string{"unit", "above", "principal", "deputy", "member", "staff", "leadership"}

// path checks that a path begins with a party or role and goes on with selectors.
func (d *decoder) path(p *Procedure, pos Pos, path Path) {
	if len(path) == 0 {
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

// decl says what an expression of an act may speak of: the facts, the fields
// of the act, its outcome.
func (d *decoder) decl(p *Procedure, a *Act) expr.Decl {
	vars := map[string]expr.Type{}
	for _, f := range p.Facts {
		vars[f.ID] = f.Type
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

func (d *decoder) effects(p *Procedure, n *node) Effects {
	e := Effects{Opens: d.actIDs(p, n, "opens"), Closes: d.actIDs(p, n, "closes"), Redo: d.actIDs(p, n, "redo"),
		Sets: d.words(n, "sets"), Binds: d.words(n, "binds"), Ends: d.text(n, "ends", false), Recuses: d.boolean(n, "recuses", false)}
	for _, id := range e.Sets {
		if p.Fact(id) == nil {
			d.dangling(n.get("sets").pos, "fact", id, ids(p.Facts, func(f *Fact) string { return f.ID }))
		}
	}
	for _, id := range e.Binds {
		if p.Party(id) == nil {
			d.dangling(n.get("binds").pos, "party", id, ids(p.Parties, func(x *Party) string { return x.ID }))
		}
	}
	if e.Ends != "" {
		d.id(e.Ends, n.get("ends").pos)
	}
	for _, w := range d.words(n, "releases") {
		switch {
		case w == "all":
			e.ReleasesAll = true
		case p.Term(w) == nil:
			d.dangling(n.get("releases").pos, "term", w, ids(p.Terms, func(x *Term) string { return x.ID }))
		default:
			e.Releases = append(e.Releases, w)
		}
	}
	e.OpensMatter = d.opensMatter(p, n.get("opens_matter"))
	return e
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
	to := d.pack.Procedure(o.Procedure)
	if to == nil {
		d.dangling(n.get("procedure").pos, "procedure", o.Procedure, ids(d.pack.Procedures, func(x *Procedure) string { return x.ID }))
		return nil
	}
	if act := to.Act(o.Act); act == nil {
		d.dangling(n.get("act").pos, "act", o.Act, ids(to.Acts, func(x *Act) string { return x.ID }))
		return nil
	} else if !act.Starts {
		d.report(n.get("act").pos, CodeMismatch, o.Act, "starts")
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

func (d *decoder) term(p *Procedure, t *Term, v *node) {
	if !d.mapping(v, "label", "kind", "of", "start", "within", "met_by", "undone_by", "each", "when", "extended_by", "on_lapse", "cite") {
		return
	}
	t.Label, t.Basis = d.label(v, "label"), d.basis(v, "term "+t.ID, true)
	t.Kind = TermKind(d.oneOf(v, "kind", "", string(Duty), string(Right)))
	t.Of = toPath(d.text(v, "of", true))
	d.path(p, v.pos, t.Of)
	if t.Each = d.text(v, "each", false); t.Each != "" && p.Party(t.Each) == nil {
		d.dangling(v.get("each").pos, "party", t.Each, ids(p.Parties, func(x *Party) string { return x.ID }))
	}
	decl := d.decl(p, nil)
	t.When = d.expression(v.get("when"), decl)
	for _, s := range d.list(v, "start") {
		start := Start{}
		at := s
		if s.shape == mapping && d.mapping(s, "moment", "when", "parties") {
			start.Any = d.parties(s)
			start.When = d.expression(s.get("when"), decl)
			at = s.get("moment")
		}
		if at == nil {
			d.report(s.pos, CodeMissingKey, "moment")
			continue
		}
		if ms := d.moments(p, []*node{at}); len(ms) == 1 {
			start.Moment = ms[0]
			t.Start = append(t.Start, start)
		}
	}
	if len(t.Start) == 0 {
		d.report(v.pos, CodeMissingKey, "start")
	}
	t.Within = d.limit(v, "within")
	d.setBy(p, t, v)
	if t.MetBy = d.moments(p, d.list(v, "met_by")); len(t.MetBy) == 0 && !d.lenient {
		d.report(v.pos, CodeMissingKey, "met_by")
	}
	t.UndoneBy = d.moments(p, d.list(v, "undone_by"))
	if x := v.get("extended_by"); x != nil && !d.omitted(x) && d.mapping(x, "act", "by", "times", "total", "cite") {
		t.Extended = &Extension{Act: d.text(x, "act", true), By: d.limit(x, "by"), Times: d.number(x, "times", 0), Total: d.length(x, "total"), Basis: d.basis(x, "extension of "+t.ID, true)}
		if p.Act(t.Extended.Act) == nil {
			d.dangling(x.pos, "act", t.Extended.Act, ids(p.Acts, func(a *Act) string { return a.ID }))
			t.Extended = nil
		}
	}
	if x := v.get("on_lapse"); x != nil && !d.omitted(x) && d.mapping(x, "finding", "opens_matter", "cite") {
		t.OnLapse = &OnLapse{Finding: d.oneOf(x, "finding", "yellow", "yellow", "red"), OpensMatter: d.opensMatter(p, x.get("opens_matter")), Basis: d.basis(x, "lapse of "+t.ID, false)}
	}
}

// parties reads `parties: any`: one party's moment is enough, where it would
// otherwise take that of all.
func (d *decoder) parties(n *node) bool {
	return d.oneOf(n, "parties", "all", "all", "any") == "any"
}

// setBy checks that every act that starts the term fills in the field that
// sets its limit.
func (d *decoder) setBy(p *Procedure, t *Term, v *node) {
	if t.Within.SetBy == "" {
		return
	}
	for _, s := range t.Start {
		act := p.Act(s.Moment.Of)
		if act == nil || !slices.ContainsFunc(act.Fields(), func(f *Field) bool {
			return f.ID == t.Within.SetBy && (f.Type == FieldDate || f.Type == FieldLimit)
		}) {
			d.report(v.get("within").pos, CodeMismatch, t.Within.SetBy, s.Moment.String())
		}
	}
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
	out := &Paper{ID: id, Title: d.label(n, "title"), Series: d.text(n, "series", false), Basis: d.basis(n, "paper "+id, true)}
	for _, b := range d.list(n, "blank") {
		out.Blank = append(out.Blank, d.labelOf(b))
	}
	out.Contents = d.fields(p, a, n, "contents")
	return out
}

// fill reads what a field is filled with beforehand: {fact: id} or {text: label}.
func (d *decoder) fill(p *Procedure, f *Field, n *node) {
	if n == nil || !d.mapping(n, "fact", "text") {
		return
	}
	if f.FillFact = d.text(n, "fact", false); f.FillFact != "" && p.Fact(f.FillFact) == nil {
		d.dangling(n.get("fact").pos, "fact", f.FillFact, ids(p.Facts, func(x *Fact) string { return x.ID }))
	}
	f.FillText = d.optionalLabel(n, "text")
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
