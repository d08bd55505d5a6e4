// SPDX-License-Identifier: Apache-2.0

package rulepack

import (
	"regexp"
	"slices"
	"strings"

	"quanze/core/calendar"
	"quanze/core/rulepack/expr"
)

// decoder turns nodes into the types of a pack and keeps all that is wrong.
type decoder struct {
	pack  *Pack
	diags Diagnostics
	// omit is the place of one element to leave out, as if it had never been
	// written: how coverage learns whether a case notices it. What pointed at
	// it then points nowhere, and is left out too.
	omit    Pos
	lenient bool
	// conduct is where the head names the day of the conduct.
	conduct Pos
	forms   map[string]*node
	papers  map[string]*node
	// asked, where there is one, is told of each mapping and the keys it may have,
	// and of the words that a key may say.
	asked func(n *node, key string, words []string)
}

func (d *decoder) report(p Pos, code Code, args ...string) {
	if d.lenient && code == CodeDangling {
		return
	}
	d.diags = append(d.diags, Diagnostic{Pos: p, Severity: Error, Code: code, Args: args})
}

func (d *decoder) warn(p Pos, code Code, args ...string) {
	d.diags = append(d.diags, Diagnostic{Pos: p, Severity: Warning, Code: code, Args: args})
}

func (d *decoder) omitted(n *node) bool { return d.lenient && n.pos == d.omit }

// mapping checks that n is a mapping with no other keys than those.
func (d *decoder) mapping(n *node, keys ...string) bool {
	if n == nil {
		return false
	}
	if n.shape != mapping {
		d.report(n.pos, CodeShape, mapping.String())
		return false
	}
	if d.asked != nil {
		d.asked(n, "", keys)
	}
	for _, p := range n.pairs {
		if !slices.Contains(keys, p.key) {
			d.report(p.pos, CodeUnknownKey, p.key, nearest(p.key, slices.Clone(keys)))
		}
	}
	return true
}

// text reads a scalar; a missing one is reported where it is required.
func (d *decoder) text(n *node, key string, required bool) string {
	v := n.get(key)
	switch {
	case v == nil:
		if required {
			d.report(n.pos, CodeMissingKey, key)
		}
		return ""
	case v.shape != scalar:
		d.report(v.pos, CodeShape, scalar.String())
		return ""
	case v.text == "" && required:
		d.report(v.pos, CodeMissingKey, key)
	}
	return v.text
}

func (d *decoder) boolean(n *node, key string, otherwise bool) bool {
	v := n.get(key)
	if v == nil {
		return otherwise
	}
	if v.shape != scalar || v.quoted || (v.text != "true" && v.text != "false") {
		d.report(v.pos, CodeBool, v.text)
		return otherwise
	}
	return v.text == "true"
}

func (d *decoder) number(n *node, key string, otherwise int) int {
	v := n.get(key)
	if v == nil {
		return otherwise
	}
	i, ok := integer(v.text)
	if !ok || v.shape != scalar {
		d.report(v.pos, CodeShape, "number")
	}
	return i
}

// list returns the entries of a list; where one may stand alone, it may.
func (d *decoder) list(n *node, key string) []*node {
	v := n.get(key)
	switch {
	case v == nil:
		return nil
	case v.shape == sequence:
		return v.items
	case v.shape == scalar && v.text != "":
		return []*node{v}
	}
	d.report(v.pos, CodeShape, sequence.String())
	return nil
}

// words reads a list of scalars.
func (d *decoder) words(n *node, key string) []string {
	var out []string
	for _, v := range d.list(n, key) {
		if v.shape != scalar {
			d.report(v.pos, CodeShape, scalar.String())
			continue
		}
		out = append(out, v.text)
	}
	return out
}

// named walks a mapping of id to element, in order.
func (d *decoder) named(n *node, key string, each func(id string, pos Pos, v *node)) {
	v := n.get(key)
	if v == nil {
		return
	}
	if v.shape != mapping {
		d.report(v.pos, CodeShape, mapping.String())
		return
	}
	for _, p := range v.pairs {
		if d.id(p.key, p.pos) && !d.omitted(p.value) {
			each(p.key, p.pos, p.value)
		}
	}
}

var (
	idPattern = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	// reserved words of the language are no ids, nor are yes and no.
	reserved = []string{"yes", "no", "true", "false", "null", "law", "all", "any", "none", "proposed", "returned", "refused", "served", "lapsed", "local", "outcome"}
)

func (d *decoder) id(s string, pos Pos) bool {
	if !idPattern.MatchString(s) || slices.Contains(reserved, s) {
		d.report(pos, CodeID, s)
		return false
	}
	return true
}

func (d *decoder) label(n *node, key string) Label {
	v := n.get(key)
	if v == nil {
		d.report(n.pos, CodeMissingKey, key)
		return Label{}
	}
	return d.labelOf(v)
}

func (d *decoder) optionalLabel(n *node, key string) Label {
	if n.get(key) == nil {
		return Label{}
	}
	return d.label(n, key)
}

// labels reads a list of labels.
func (d *decoder) labels(n *node, key string) []Label {
	var out []Label
	for _, v := range d.list(n, key) {
		out = append(out, d.labelOf(v))
	}
	return out
}

func (d *decoder) labelOf(v *node) Label {
	if v.shape != mapping {
		d.report(v.pos, CodeLabel)
		return Label{}
	}
	d.mapping(v, "zh", "en")
	l := Label{Zh: d.text(v, "zh", true), En: d.text(v, "en", true)}
	return l
}

// basis reads cite and registers the element as a rule.
func (d *decoder) basis(n *node, what string, required bool) Basis {
	b := Basis{Pos: n.pos, What: what}
	for _, v := range d.list(n, "cite") {
		b.Cites = append(b.Cites, d.cite(v))
	}
	if len(b.Cites) == 0 {
		if required {
			d.report(n.pos, CodeNoCite, what)
		}
		return b
	}
	if len(b.Cites) > 3 {
		d.warn(n.pos, CodeManyCites, what)
	}
	b.clauses = slices.Clip(b.Clauses())
	d.pack.Rules = append(d.pack.Rules, b)
	return b
}

func (d *decoder) cite(v *node) Cite {
	pack, id, other := strings.Cut(v.text, ":")
	if !other {
		pack, id = d.pack.Code, v.text
	}
	c := Cite{Clause: pack + "-" + id, Pos: v.pos}
	if pack == d.pack.Code && d.pack.Clause(c.Clause) == nil {
		var ids []string
		for _, k := range d.pack.Clauses {
			ids = append(ids, k.ID)
		}
		d.report(v.pos, CodeCite, id, nearest(id, ids))
	}
	return c
}

func (d *decoder) date(n *node, key string, required bool) calendar.Date {
	s := d.text(n, key, required)
	if s == "" {
		return 0
	}
	day, err := calendar.ParseDate(s)
	if err != nil {
		d.report(n.get(key).pos, CodeDate, s)
	}
	return day
}

func (d *decoder) length(n *node, key string) calendar.Length {
	v := n.get(key)
	if v == nil {
		return calendar.Length{}
	}
	l, err := calendar.ParseLength(v.text)
	if err != nil || v.shape != scalar {
		d.report(v.pos, CodeLimit, v.text)
	}
	return l
}

// limit reads a length, {set_by: field} or {local: name}.
func (d *decoder) limit(n *node, key string) Limit {
	v := n.get(key)
	if v == nil {
		return Limit{}
	}
	if v.shape == scalar {
		return Limit{Length: d.length(n, key)}
	}
	if !d.mapping(v, "set_by", "local") {
		return Limit{}
	}
	l := Limit{SetBy: d.text(v, "set_by", false), Local: d.text(v, "local", false)}
	if (l.SetBy == "") == (l.Local == "") {
		d.report(v.pos, CodeMissingKey, "set_by | local")
	}
	if l.Local != "" {
		d.localName(v, "local", "limit")
	}
	return l
}

func (d *decoder) dangling(pos Pos, what, name string, candidates []string) {
	d.report(pos, CodeDangling, what, name, nearest(name, candidates))
}

func ids[T any](list []*T, id func(*T) string) []string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = id(x)
	}
	return out
}

func (d *decoder) oneOf(n *node, key string, otherwise string, values ...string) string {
	if d.asked != nil {
		d.asked(n, key, values)
	}
	s := d.text(n, key, otherwise == "")
	if s == "" {
		return otherwise
	}
	if !slices.Contains(values, s) {
		d.report(n.get(key).pos, CodeValue, s, strings.Join(values, ", "))
	}
	return s
}

func (d *decoder) expression(v *node, decl expr.Decl) *expr.Expr {
	if v == nil {
		return nil
	}
	if v.shape != scalar {
		d.report(v.pos, CodeShape, scalar.String())
		return nil
	}
	e, issues := expr.Compile(v.text, decl)
	for _, i := range issues {
		if d.lenient {
			continue
		}
		pos := v.pos
		pos.Col += i.Column - 1
		if v.quoted {
			pos.Col++
		}
		d.report(pos, CodeExpression, i.Text)
	}
	return e
}
