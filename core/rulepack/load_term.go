// SPDX-License-Identifier: Apache-2.0

package rulepack

import (
	"slices"
	"strings"

	"quanze/core/rulepack/expr"
)

var termKeys = []string{"label", "kind", "of", "start", "within", "wait", "every", "lasts", "until", "blocks", "met_by", "undone_by", "each", "when", "extended_by", "on_lapse", "cite"}

func (d *decoder) term(p *Procedure, t *Term, v *node) {
	if !d.mapping(v, termKeys...) {
		return
	}
	t.Label, t.Basis = d.label(v, "label"), d.basis(v, "term "+t.ID, true)
	t.Kind = TermKind(d.oneOf(v, "kind", "", string(Duty), string(Right), string(Window), string(Period), string(Effect)))
	t.Of = toPath(d.text(v, "of", true))
	d.path(p, v.pos, t.Of)
	if t.Each = d.text(v, "each", false); t.Each != "" && p.Party(t.Each) == nil {
		d.dangling(v.at("each"), "party", t.Each, ids(p.Parties, func(x *Party) string { return x.ID }))
	}
	decl := d.decl(p, nil)
	t.When = d.expression(v.get("when"), decl)
	for _, s := range d.list(v, "start") {
		t.Start = append(t.Start, d.starts(p, t, s, decl)...)
	}
	if len(d.list(v, "start")) == 0 && !d.lenient {
		d.report(v.pos, CodeMissingKey, "start")
	}
	t.Within = d.limit(v, "within")
	d.setBy(p, t, v, "within")
	d.shape(p, t, v)
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

// shape reads the words that only some kinds of term have, and refuses them on
// the others: a word that says nothing would be read as if it did.
func (d *decoder) shape(p *Procedure, t *Term, v *node) {
	allowed := map[TermKind][]string{
		Duty:   {"within", "met_by", "undone_by", "extended_by", "on_lapse"},
		Right:  {"within", "met_by", "undone_by", "extended_by", "on_lapse"},
		Window: {"within", "met_by", "wait", "extended_by"},
		Period: {"met_by", "every", "until", "on_lapse"},
		Effect: {"lasts", "until", "blocks"},
	}[t.Kind]
	for _, key := range []string{"within", "wait", "every", "lasts", "until", "blocks", "met_by", "undone_by", "extended_by", "on_lapse"} {
		if at := v.get(key); at != nil && allowed != nil && !slices.Contains(allowed, key) {
			d.report(at.pos, CodeMismatch, key, string(t.Kind))
		}
	}
	t.MetBy = d.moments(p, d.list(v, "met_by"))
	if len(d.list(v, "met_by")) == 0 && t.Kind != Effect && !d.lenient {
		d.report(v.pos, CodeMissingKey, "met_by")
	}
	t.Wait, t.Every = d.length(v, "wait"), d.length(v, "every")
	switch {
	case t.Kind == Period && t.Every.N == 0:
		d.report(v.pos, CodeMissingKey, "every")
	case t.Kind == Window && t.Wait.N == 0 && t.Within.Open():
		d.report(v.pos, CodeMissingKey, "wait | within")
	}
	d.lasts(t, v)
	d.setBy(p, t, v, "lasts")
	d.until(p, t, v)
	for _, b := range d.words(v, "blocks") {
		if !slices.ContainsFunc(d.pack.Blocks, func(o Option) bool { return o.ID == b }) {
			var names []string
			for _, o := range d.pack.Blocks {
				names = append(names, o.ID)
			}
			d.dangling(v.at("blocks"), "block", b, names)
		}
		t.Blocks = append(t.Blocks, b)
	}
}

// lasts reads a length, {set_by}, {local} or for_life.
func (d *decoder) lasts(t *Term, v *node) {
	at := v.get("lasts")
	switch {
	case at == nil:
	case at.text == "for_life":
		t.ForLife = true
	default:
		t.Within = d.limit(v, "lasts")
	}
}

// until reads the moments that end an effect or a period, or end_of_year.
func (d *decoder) until(p *Procedure, t *Term, v *node) {
	var moments []*node
	for _, u := range d.list(v, "until") {
		if u.text == "end_of_year" && t.Kind == Effect {
			t.EndOfYear = true
			continue
		}
		moments = append(moments, u)
	}
	t.Until = d.moments(p, moments)
	if t.Kind == Effect && t.Within.Open() && !t.ForLife && !t.EndOfYear && len(moments) == 0 && !d.lenient {
		d.report(v.pos, CodeMissingKey, "lasts | until")
	}
	if t.ForLife && t.EndOfYear {
		d.report(v.at("until"), CodeMismatch, "end_of_year", "for_life")
	}
}

// starts reads one entry of start: a moment, a mapping, or a local parameter
// that chooses between moments.
func (d *decoder) starts(p *Procedure, t *Term, s *node, decl expr.Decl) []Start {
	start, at := Start{Basis: Basis{Pos: s.pos}}, s
	if s.shape == mapping {
		if !d.mapping(s, "moment", "becomes", "wait", "when", "parties", "cite") || d.omitted(s) {
			return nil
		}
		start.Any, start.When, start.Wait = d.parties(s), d.expression(s.get("when"), decl), d.length(s, "wait")
		start.Basis = d.basis(s, "start of "+t.ID, false)
		at = s.get("moment")
		if b := s.get("becomes"); b != nil {
			start.Becomes = d.expression(b, decl)
			if at != nil {
				d.report(at.pos, CodeMismatch, "moment", "becomes")
			}
			if start.Becomes == nil {
				return nil
			}
			return []Start{start}
		}
		if at == nil {
			d.report(s.pos, CodeMissingKey, "moment | becomes")
			return nil
		}
	}
	if name, ok := strings.CutPrefix(at.text, localHead+"."); ok {
		return d.chosen(p, start, at, name)
	}
	if ms := d.moments(p, []*node{at}); len(ms) == 1 {
		start.Moment = ms[0]
		return []Start{start}
	}
	return nil
}

// chosen makes one start of every moment that the jurisdiction may choose.
func (d *decoder) chosen(p *Procedure, start Start, at *node, name string) []Start {
	l := d.pack.Local(name)
	if l == nil {
		d.dangling(at.pos, "local", name, ids(d.pack.Locals, func(l *Local) string { return l.ID }))
		return nil
	}
	if l.Type != "choice" {
		d.report(at.pos, CodeMismatch, name, "choice")
		return nil
	}
	var out []Start
	for _, o := range l.Options {
		if ms := d.moments(p, []*node{{shape: scalar, text: o.ID, pos: at.pos}}); len(ms) == 1 {
			start.Moment, start.Local, start.Choice = ms[0], name, o.ID
			out = append(out, start)
		}
	}
	return out
}

// parties reads `parties: any`: one party's moment is enough, where it would
// otherwise take that of all.
func (d *decoder) parties(n *node) bool {
	return d.oneOf(n, "parties", "all", "all", "any") == "any"
}

// setBy checks that every act that starts the term fills in the field that
// sets its limit.
func (d *decoder) setBy(p *Procedure, t *Term, v *node, key string) {
	if t.Within.SetBy == "" || v.get(key) == nil {
		return
	}
	for _, s := range t.Start {
		act := p.Act(s.Moment.Of)
		if act == nil || !slices.ContainsFunc(act.Fields(), func(f *Field) bool {
			return f.ID == t.Within.SetBy && (f.Type == FieldDate || f.Type == FieldLimit)
		}) {
			d.report(v.get(key).pos, CodeMismatch, t.Within.SetBy, s.Moment.String())
		}
	}
}
