// SPDX-License-Identifier: Apache-2.0

package rulepack

import (
	"slices"
	"strings"

	"quanze/core/rulepack/expr"
)

// procedure reads what a procedure defines; the returned function reads its
// relations, once every procedure of the pack is known.
func (d *decoder) procedure(n *node) (*Procedure, func()) {
	if !d.mapping(n, "procedure", "title", "cite", "parties", "facts", "recusal", "acts", "terms") {
		return nil, nil
	}
	p := &Procedure{Pack: d.pack, ID: d.text(n, "procedure", true), Title: d.label(n, "title"), Basis: d.basis(n, "procedure", true)}
	if p.ID == "" || !d.id(p.ID, n.pos) {
		return nil, nil
	}
	if d.pack.Procedure(p.ID) != nil {
		d.report(n.pos, CodeTwice, p.ID, d.pack.Procedure(p.ID).Basis.Pos.String())
	}
	d.pack.Procedures = append(d.pack.Procedures, p)
	d.named(n, "parties", func(id string, pos Pos, v *node) { d.party(p, id, v) })
	var facts, acts, terms []func()
	d.named(n, "facts", func(id string, pos Pos, v *node) { facts = append(facts, d.fact(p, id, v)) })
	d.named(n, "acts", func(id string, pos Pos, v *node) {
		if later := d.act(p, id, v); later != nil {
			acts = append(acts, later)
		}
	})
	d.named(n, "terms", func(id string, pos Pos, v *node) {
		if p.Act(id) != nil || p.Term(id) != nil {
			d.report(pos, CodeTwice, id, p.Basis.Pos.String())
			return
		}
		t := &Term{ID: id}
		p.Terms = append(p.Terms, t)
		terms = append(terms, func() { d.term(p, t, v) })
	})
	if recusal := d.recusal(p, n.get("recusal")); recusal != nil {
		acts = append(acts, recusal)
	}
	return p, func() {
		for _, fact := range facts {
			fact()
		}
		for _, later := range slices.Concat(acts, terms) {
			later()
		}
		d.whole(p)
	}
}

func (d *decoder) party(p *Procedure, id string, v *node) {
	if !d.mapping(v, "unit", "person", "any", "many", "optional", "one_of", "label", "cite") {
		return
	}
	any := d.boolean(v, "any", false)
	party := &Party{ID: id, Label: d.label(v, "label"), Unit: any || d.boolean(v, "unit", false), Person: any || d.boolean(v, "person", false),
		Many: d.boolean(v, "many", false), Optional: d.boolean(v, "optional", false), OneOf: d.kinds(v), Basis: d.basis(v, "party "+id, false)}
	if !party.Unit && !party.Person {
		d.report(v.pos, CodeMissingKey, "unit | person | any")
	}
	if len(party.OneOf) > 0 && !party.Unit {
		d.report(v.at("one_of"), CodeMismatch, "one_of", "person")
	}
	p.Parties = append(p.Parties, party)
}

// kinds reads of which kinds a unit may be.
func (d *decoder) kinds(v *node) []string {
	out := d.words(v, "one_of")
	for _, kind := range out {
		if !slices.Contains(unitKinds, kind) {
			d.report(v.at("one_of"), CodeValue, kind, strings.Join(unitKinds, ", "))
		}
	}
	return out
}

// unitKinds are the kinds of unit of core/org, as a pack names them.
var unitKinds = []string{"party_body", "government", "department", "institution", "school", "village", "enterprise"}

// fact reads what a fact is; the returned function reads what it is made from.
func (d *decoder) fact(p *Procedure, id string, v *node) func() {
	if !d.mapping(v, "type", "of", "label", "per", "set_by", "from", "count", "cite") {
		return func() {}
	}
	f := &Fact{ID: id, Label: d.label(v, "label"), Per: d.text(v, "per", false), SetBy: d.words(v, "set_by"), Basis: d.basis(v, "fact "+id, false)}
	f.Type = d.valueType(v)
	if word := d.text(v, "type", false); word == "enum" || word == "set" {
		f.Options, f.Ladder = d.options(v)
	}
	if f.Per != "" && p.Party(f.Per) == nil {
		d.dangling(v.at("per"), "party", f.Per, ids(p.Parties, func(x *Party) string { return x.ID }))
	}
	p.Facts = append(p.Facts, f)
	return func() {
		d.fromTable(p, f, v)
		d.count(p, f, v.get("count"))
	}
}

// fromTable reads `from: table.column`: the fact is what the table says.
func (d *decoder) fromTable(p *Procedure, f *Fact, v *node) {
	at := v.get("from")
	if at == nil {
		return
	}
	id, column, _ := strings.Cut(at.text, ".")
	t := d.pack.Table(id)
	if t == nil {
		d.dangling(at.pos, "table", id, ids(d.pack.Tables, func(t *Table) string { return t.ID }))
		return
	}
	if column == "" && len(t.Gives) == 1 {
		column = t.Gives[0].ID
	}
	i := t.Output(column)
	if i < 0 {
		var names []string
		for _, o := range t.Gives {
			names = append(names, o.ID)
		}
		d.dangling(at.pos, "column", column, names)
		return
	}
	if t.Gives[i].Type != f.Type {
		d.report(at.pos, CodeMismatch, f.ID, t.Gives[i].Type.String())
	}
	if len(f.SetBy) > 0 {
		d.report(at.pos, CodeMismatch, "from", "set_by")
	}
	f.Table, f.Column = t, i
	for _, in := range t.Inputs {
		fact := p.Fact(in.ID)
		switch {
		case fact == nil:
			d.dangling(in.Pos, "fact", in.ID, ids(p.Facts, func(x *Fact) string { return x.ID }))
		case fact.Type != in.Type:
			d.report(in.Pos, CodeMismatch, in.ID, fact.Type.String())
		}
	}
}

// count reads `count: {of, same, within, cite}`.
func (d *decoder) count(p *Procedure, f *Fact, n *node) {
	if n == nil || d.omitted(n) || !d.mapping(n, "of", "same", "within", "cite") {
		return
	}
	if f.Type != expr.Int {
		d.report(n.pos, CodeMismatch, f.ID, expr.Int.String())
	}
	if n.get("within") == nil {
		d.report(n.pos, CodeMissingKey, "within")
	}
	c := &Count{Same: d.text(n, "same", true), Within: d.length(n, "within"), Basis: d.basis(n, "count "+f.ID, true)}
	if p.Party(c.Same) == nil {
		d.dangling(n.pos, "party", c.Same, ids(p.Parties, func(x *Party) string { return x.ID }))
	}
	if of := n.get("of"); of == nil {
		d.report(n.pos, CodeMissingKey, "of")
	} else if ms := d.moments(p, []*node{of}); len(ms) == 1 {
		c.Of = ms[0]
	}
	f.Count = c
}

// options reads `of`: a ladder's name, or a mapping of id to label.
func (d *decoder) options(v *node) ([]Option, string) {
	of := v.get("of")
	if of == nil {
		d.report(v.pos, CodeMissingKey, "of")
		return nil, ""
	}
	if of.shape == scalar {
		l := d.pack.Ladder(of.text)
		if l == nil {
			d.dangling(of.pos, "ladder", of.text, ids(d.pack.Ladders, func(l *Ladder) string { return l.ID }))
			return nil, ""
		}
		return l.Rows, l.ID
	}
	var out []Option
	d.named(v, "of", func(id string, pos Pos, o *node) { out = append(out, Option{ID: id, Label: d.labelOf(o)}) })
	return out, ""
}

var actKeys = []string{"label", "help", "asks", "by", "approved_by", "each", "starts", "repeat", "open", "modality", "counts_as", "when", "after", "waits_for",
	"needs", "staff", "separate_from", "not_worse_than", "stays", "form", "paper", "to", "outcomes", "cite"}

var effectKeys = []string{"opens", "closes", "redo", "sets", "binds", "ends", "releases", "recuses", "stops", "replaces", "revokes", "opens_matter"}

// act reads what can be pointed at; the returned function reads the rest.
func (d *decoder) act(p *Procedure, id string, v *node) func() {
	if !d.mapping(v, slices.Concat(actKeys, effectKeys)...) {
		return nil
	}
	a := &Act{ID: id, Label: d.label(v, "label"), Help: d.optionalLabel(v, "help"), Asks: d.optionalLabel(v, "asks"), Each: d.text(v, "each", false), Starts: d.boolean(v, "starts", false),
		Repeat: d.boolean(v, "repeat", false), Open: d.boolean(v, "open", true), CountsAs: d.text(v, "counts_as", false),
		Modality: Modality(d.oneOf(v, "modality", string(Must), string(Must), string(May), string(Forbidden))), Basis: d.basis(v, "act "+id, true)}
	p.Acts = append(p.Acts, a)
	if approved := v.get("approved_by"); approved != nil {
		d.approval(a, approved)
	}
	for _, to := range d.list(v, "to") {
		if d.omitted(to) {
			continue
		}
		r := Recipient{Path: toPath(to.text), Basis: Basis{Pos: to.pos}}
		if to.shape == mapping && d.mapping(to, "party", "cite") {
			r = Recipient{Path: toPath(d.text(to, "party", true)), Basis: d.basis(to, "recipient of "+id, false)}
		}
		a.To = append(a.To, r)
	}
	if paper := d.text(v, "paper", false); paper != "" {
		a.Paper = &Paper{ID: paper}
	}
	a.dates = append(d.dateFields(d.forms[d.text(v, "form", false)], "fields"), d.dateFields(d.papers[d.text(v, "paper", false)], "contents")...)
	var outcomes []func()
	d.named(v, "outcomes", func(oid string, pos Pos, o *node) {
		if !d.mapping(o, append([]string{"label", "cite"}, effectKeys...)...) {
			return
		}
		out := &Outcome{ID: oid, Label: d.label(o, "label"), Basis: d.basis(o, "outcome "+id+"."+oid, false)}
		a.Outcomes = append(a.Outcomes, out)
		outcomes = append(outcomes, func() { out.Effects = d.effects(p, o) })
	})
	return func() {
		d.actRelations(p, a, v)
		for _, later := range outcomes {
			later()
		}
	}
}

// dateFields names the fields of a form or paper that take a day.
func (d *decoder) dateFields(n *node, key string) []string {
	fields := n.get(key)
	if fields == nil || fields.shape != mapping {
		return nil
	}
	var out []string
	for _, p := range fields.pairs {
		if t := p.value.get("type"); t != nil && t.text == string(FieldDate) {
			out = append(out, p.key)
		}
	}
	return out
}

func (d *decoder) approval(a *Act, v *node) {
	if d.omitted(v) {
		return
	}
	if v.shape == scalar {
		a.Approved, a.ApprovalBasis = toPath(v.text), a.Basis
		return
	}
	if d.mapping(v, "role", "cite") {
		a.Approved, a.ApprovalBasis = toPath(d.text(v, "role", true)), d.basis(v, "approval of "+a.ID, false)
	}
}

func (d *decoder) actRelations(p *Procedure, a *Act, v *node) {
	d.by(p, a, v)
	if len(a.Approved) > 0 {
		d.path(p, v.at("approved_by"), a.Approved)
	}
	if a.Each != "" && p.Party(a.Each) == nil {
		d.dangling(v.at("each"), "party", a.Each, ids(p.Parties, func(x *Party) string { return x.ID }))
	}
	if a.CountsAs != "" && p.Act(a.CountsAs) == nil {
		d.dangling(v.at("counts_as"), "act", a.CountsAs, ids(p.Acts, func(x *Act) string { return x.ID }))
		a.CountsAs = ""
	}
	if form := d.text(v, "form", false); form != "" {
		a.Form = d.form(p, a, v.at("form"), form)
	}
	if a.Paper != nil {
		a.Paper = d.paper(p, a, v.at("paper"), a.Paper.ID)
	} else if len(a.To) > 0 {
		d.report(v.at("to"), CodeMismatch, "to", "paper")
	}
	for _, r := range a.To {
		d.path(p, r.Basis.Pos, r.Path)
	}
	decl := d.decl(p, a)
	a.When = d.expression(v.get("when"), decl)
	a.After = d.conditions(p, v, decl)
	for _, w := range d.list(v, "waits_for") {
		if wait, ok := d.wait(p, w); ok {
			a.WaitsFor = append(a.WaitsFor, wait)
		}
	}
	for _, need := range d.list(v, "needs") {
		if d.omitted(need) || !d.mapping(need, "if", "cite") {
			continue
		}
		if need.get("if") == nil {
			d.report(need.pos, CodeMissingKey, "if")
		}
		if e := d.expression(need.get("if"), decl); e != nil {
			a.Needs = append(a.Needs, Need{If: e, Basis: d.basis(need, "need of "+a.ID, true)})
		}
	}
	if s := v.get("staff"); s != nil && !d.omitted(s) && d.mapping(s, "at_least", "of", "cite") {
		a.Staff = &Staff{AtLeast: d.number(s, "at_least", 1), Of: toPath(d.text(s, "of", true)), Basis: d.basis(s, "staff of "+a.ID, true)}
		d.path(p, s.pos, a.Staff.Of)
	}
	for _, s := range d.list(v, "separate_from") {
		d.separate(p, a, s)
	}
	for _, s := range d.list(v, "not_worse_than") {
		d.notWorse(p, a, s)
	}
	if s := v.get("stays"); s != nil && !d.omitted(s) && d.mapping(s, "none", "cite") {
		if !d.boolean(s, "none", false) {
			d.report(s.pos, CodeMissingKey, "none")
		}
		b := d.basis(s, "stays of "+a.ID, true)
		a.Stays = &b
	}
	a.Effects = d.effects(p, v)
}

// by reads who does the act: paths of which one is enough, {jointly: [paths]},
// or meetings, whose members or minutes-keepers enter it.
func (d *decoder) by(p *Procedure, a *Act, v *node) {
	at := v.get("by")
	if at == nil {
		d.report(v.pos, CodeMissingKey, "by")
		return
	}
	words := []*node{at}
	switch {
	case at.shape == sequence:
		words = at.items
	case at.shape == mapping && d.mapping(at, "jointly"):
		a.Jointly, words = true, d.list(at, "jointly")
	}
	for _, w := range words {
		if id, ok := strings.CutPrefix(w.text, meetingPrefix); ok && w.shape == scalar {
			m := d.pack.Meeting(id)
			if m == nil {
				d.dangling(w.pos, "meeting", id, ids(d.pack.Meetings, func(m *Meeting) string { return m.ID }))
				continue
			}
			d.meetingPaths(p, m)
			a.Meetings = append(a.Meetings, m)
			if a.By = append(a.By, m.Members); len(m.Record) > 0 {
				a.By[len(a.By)-1] = m.Record
			}
			continue
		}
		path := toPath(w.text)
		if path.String() != ByLaw {
			d.path(p, w.pos, path)
		}
		a.By = append(a.By, path)
	}
	if len(a.By) == 0 && !d.lenient || a.Jointly && len(a.By) < 2 {
		d.report(v.pos, CodeMissingKey, "by")
	}
	if a.Jointly && slices.ContainsFunc(a.By, func(path Path) bool { return path.String() == ByLaw }) {
		d.report(at.pos, CodeMismatch, "jointly", ByLaw)
	}
	if a.Jointly && a.Starts {
		d.report(at.pos, CodeMismatch, "jointly", "starts")
	}
	if len(a.Meetings) > 0 && len(a.Meetings) != len(a.By) {
		d.report(at.pos, CodeMismatch, "meeting", "by")
	}
}

func (d *decoder) notWorse(p *Procedure, a *Act, n *node) {
	if d.omitted(n) {
		return
	}
	out := NotWorse{Act: n.text, Basis: a.Basis}
	if n.shape == mapping && d.mapping(n, "act", "cite") {
		out = NotWorse{Act: d.text(n, "act", true), Basis: d.basis(n, "limit of "+a.ID, true)}
	}
	if p.Act(out.Act) == nil {
		d.dangling(n.pos, "act", out.Act, ids(p.Acts, func(x *Act) string { return x.ID }))
		return
	}
	a.NotWorse = append(a.NotWorse, out)
}

func (d *decoder) separate(p *Procedure, a *Act, s *node) {
	if d.omitted(s) {
		return
	}
	sep := Separate{Act: s.text, Basis: a.Basis}
	if s.shape == mapping && d.mapping(s, "act", "cite") {
		sep = Separate{Act: d.text(s, "act", true), Basis: d.basis(s, "separation of "+a.ID, true)}
	}
	if p.Act(sep.Act) == nil {
		d.dangling(s.pos, "act", sep.Act, ids(p.Acts, func(x *Act) string { return x.ID }))
		return
	}
	a.Separate = append(a.Separate, sep)
}

func (d *decoder) wait(p *Procedure, w *node) (Wait, bool) {
	out := Wait{Term: w.text, Basis: Basis{Pos: w.pos}}
	if w.shape == mapping && d.mapping(w, "term", "cite") {
		if d.omitted(w) {
			return Wait{}, false
		}
		out = Wait{Term: d.text(w, "term", true), Basis: d.basis(w, "wait", false)}
	}
	if p.Term(out.Term) == nil {
		d.dangling(w.pos, "term", out.Term, ids(p.Terms, func(x *Term) string { return x.ID }))
		return Wait{}, false
	}
	return out, true
}

// conditions reads after: moments, or {any | act, wait, when, cite}.
func (d *decoder) conditions(p *Procedure, n *node, decl expr.Decl) []Condition {
	var out []Condition
	for _, v := range d.list(n, "after") {
		if d.omitted(v) {
			continue
		}
		c := Condition{Basis: Basis{Pos: v.pos}}
		if v.shape == scalar {
			c.Any = d.moments(p, []*node{v})
		} else if d.mapping(v, "act", "any", "wait", "when", "parties", "cite") {
			if act := v.get("act"); act != nil {
				c.Any = d.moments(p, []*node{act})
			}
			c.Any = append(c.Any, d.moments(p, d.list(v, "any"))...)
			if c.Wait = d.length(v, "wait"); v.get("any") != nil && v.get("when") != nil {
				d.report(v.at("when"), CodeMismatch, "when", "any")
			}
			c.When, c.OneParty = d.expression(v.get("when"), decl), d.parties(v)
			c.Basis = d.basis(v, "condition", false)
			if v.get("act") == nil && v.get("any") == nil {
				d.report(v.pos, CodeMissingKey, "act | any")
			}
		}
		if len(c.Any) > 0 {
			out = append(out, c)
		}
	}
	return out
}

func (d *decoder) moments(p *Procedure, list []*node) []Moment {
	var out []Moment
	for _, v := range list {
		m, ok := p.Moment(v.text)
		if !ok || v.shape != scalar {
			var all []string
			for _, a := range p.Acts {
				all = append(all, a.ID)
				for _, o := range a.Outcomes {
					all = append(all, a.ID+"."+o.ID)
				}
				if a.Paper != nil {
					all = append(all, a.ID+".served")
				}
			}
			for _, t := range p.Terms {
				all = append(all, t.ID+".lapsed")
			}
			d.dangling(v.pos, "moment", v.text, all)
			continue
		}
		m.Pos = v.pos
		out = append(out, m)
	}
	return out
}

// whole checks what only the finished procedure shows.
func (d *decoder) whole(p *Procedure) {
	if d.lenient {
		return
	}
	if !slices.ContainsFunc(p.Acts, func(a *Act) bool { return a.Starts }) {
		d.report(p.Basis.Pos, CodeNoStart)
	}
	opened := map[string]bool{}
	for _, a := range p.Acts {
		all := []Effects{a.Effects}
		for _, o := range a.Outcomes {
			all = append(all, o.Effects)
		}
		for _, e := range all {
			for _, id := range e.Opens {
				opened[id] = true
			}
		}
	}
	for _, a := range p.Acts {
		if !a.Open && !opened[a.ID] {
			d.report(a.Basis.Pos, CodeNeverOpen, a.ID)
		}
	}
	d.circles(p)
	for _, f := range p.Facts {
		for _, id := range f.SetBy {
			if p.Act(id) == nil {
				d.dangling(f.Basis.Pos, "act", id, ids(p.Acts, func(x *Act) string { return x.ID }))
			}
		}
	}
}

// circles refuses facts that are computed from themselves.
func (d *decoder) circles(p *Procedure) {
	for _, f := range p.Facts {
		var seen []string
		if circular(p, f, f.ID, &seen) {
			d.report(f.Basis.Pos, CodeMismatch, f.ID, "from")
		}
	}
}

func circular(p *Procedure, f *Fact, goal string, seen *[]string) bool {
	if f == nil || f.Table == nil || slices.Contains(*seen, f.ID) {
		return false
	}
	*seen = append(*seen, f.ID)
	names := []string{}
	for _, in := range f.Table.Inputs {
		names = append(names, in.ID)
	}
	for _, n := range names {
		if n == goal || circular(p, p.Fact(n), goal, seen) {
			return true
		}
	}
	return false
}
