// SPDX-License-Identifier: Apache-2.0

package rulepack

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// Files are a pack's files by their path within it, such as
// procedures/case.yaml.
type Files map[string][]byte

// parsed are files as nodes, so that a pack can be decoded again with one
// element left out without reading its text twice.
type parsed struct {
	nodes map[string]*node
	hash  string
	asked func(n *node, key string, words []string)
}

// Load reads a pack and reports all that is wrong with it at once. The pack is
// returned only when no diagnostic is an error.
func Load(files Files) (*Pack, Diagnostics) {
	src, diags := parse(files)
	pack, more := src.decode(Pos{}, false)
	diags = append(diags, more...)
	diags.sort()
	if diags.Failed() {
		return nil, diags
	}
	return pack, diags
}

// Without returns a loader of the same pack with one rule left out, by the
// place of its Basis; what pointed at that rule is left out with it.
func Without(files Files) func(rule Pos) *Pack {
	src, diags := parse(files)
	return func(rule Pos) *Pack {
		if diags.Failed() {
			return nil
		}
		pack, more := src.decode(rule, true)
		if more.Failed() {
			return nil
		}
		return pack
	}
}

func parse(files Files) (parsed, Diagnostics) {
	out := parsed{nodes: make(map[string]*node, len(files))}
	var diags Diagnostics
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if path.Ext(name) != ".yaml" {
			continue
		}
		n, more := readYAML(name, files[name])
		diags = append(diags, more...)
		if n != nil {
			out.nodes[name] = n
		}
		if !strings.HasPrefix(name, "cases/") && !besides(name) {
			fmt.Fprintf(sum, "%d %s %d\n", len(name), name, len(files[name]))
			sum.Write(files[name])
		}
	}
	out.hash = hex.EncodeToString(sum.Sum(nil))
	for _, must := range []string{"pack.yaml", "clauses.yaml"} {
		if _, ok := files[must]; !ok {
			diags = append(diags, Diagnostic{Pos: Pos{must, 1, 1}, Severity: Error, Code: CodeMissingFile, Args: []string{must}})
		}
	}
	return out, diags
}

func (s parsed) in(folder string) []*node {
	var out []*node
	for _, name := range slices.Sorted(maps.Keys(s.nodes)) {
		if path.Dir(name) == folder {
			out = append(out, s.nodes[name])
		}
	}
	return out
}

func (s parsed) decode(omit Pos, lenient bool) (*Pack, Diagnostics) {
	d := &decoder{pack: &Pack{Hash: s.hash}, omit: omit, lenient: lenient, asked: s.asked, forms: map[string]*node{}, papers: map[string]*node{}}
	head := s.nodes["pack.yaml"]
	if head == nil || s.nodes["clauses.yaml"] == nil {
		return nil, d.diags
	}
	if d.mapping(head, "pack", "title", "number", "issuer", "in_force", "count", "roles", "locals", "blocks", "settles", "law_time", "transition") {
		d.pack.Code = d.text(head, "pack", true)
		d.clauses(s.nodes["clauses.yaml"])
		d.head(head)
	}
	isTable := func(n *node) bool { return n.shape == mapping && n.get("table") != nil }
	for _, n := range s.in("tables") {
		if !isTable(n) {
			d.ladder(n)
		}
	}
	for _, n := range s.in("tables") { // what they give may stand on a ladder
		if isTable(n) {
			d.table(n)
		}
	}
	for _, n := range s.in("meetings") {
		d.meeting(n)
	}
	for _, n := range s.in("forms") {
		d.register(n, "form", d.forms)
	}
	for _, n := range s.in("papers") {
		d.register(n, "paper", d.papers)
	}
	var later []func()
	for _, n := range s.in("procedures") {
		if p, relations := d.procedure(n); p != nil {
			later = append(later, relations)
		}
	}
	for _, relations := range later {
		relations()
	}
	d.settled()
	for _, p := range d.pack.Procedures {
		p.makeIndex()
	}
	d.conductDay()
	for _, n := range s.in("cases") {
		d.caseOf(n)
	}
	if n := s.nodes[equivalents]; n != nil && d.mapping(n, "equivalents") {
		d.equivalents(n)
	}
	if n := s.nodes[accepted]; n != nil && d.mapping(n, "accepted") {
		d.accepted(n)
	}
	return d.pack, d.diags
}

// What says how a pack is proved governs no matter, like the cases: mutants that
// are no other rule, and findings that are none.
const (
	equivalents = "equivalents.yaml"
	accepted    = "accepted.yaml"
)

// besides reports whether a file is about the pack's proof, not its rules.
func besides(name string) bool { return name == equivalents || name == accepted }

// Accepted is a warning that the pack answers with a reason: the text is so.
type Accepted struct {
	Finding string
	Because Label
	Pos     Pos
}

func (d *decoder) accepted(n *node) {
	for _, v := range d.list(n, "accepted") {
		if d.mapping(v, "finding", "because") {
			d.pack.Accepted = append(d.pack.Accepted, Accepted{d.text(v, "finding", true), d.label(v, "because"), v.pos})
		}
	}
}

func (d *decoder) equivalents(n *node) {
	d.pack.Equivalents = map[string]Label{}
	for _, v := range d.list(n, "equivalents") {
		if d.mapping(v, "mutant", "because") {
			d.pack.Equivalents[d.text(v, "mutant", true)] = d.label(v, "because")
		}
	}
}

func (d *decoder) register(n *node, key string, into map[string]*node) {
	id := d.text(n, key, true)
	if into[id] != nil {
		d.report(n.pos, CodeTwice, id, into[id].pos.String())
	}
	into[id] = n
}

func (d *decoder) head(n *node) {
	p := d.pack
	p.Title = d.label(n, "title")
	p.Number, p.Issuer = d.text(n, "number", false), d.text(n, "issuer", false)
	if f := n.get("in_force"); f != nil && d.mapping(f, "from", "to", "cite") {
		p.From, p.To = d.date(f, "from", true), d.date(f, "to", false)
		p.ForceBasis = d.basis(f, "in_force", false)
		if d.omitted(f) {
			p.From = 0
		}
	} else if f == nil {
		d.report(n.pos, CodeMissingKey, "in_force")
	}
	if c := n.get("count"); c != nil && d.mapping(c, "first_day", "last_day_off") {
		p.Count.CountFirst = d.oneOf(c, "first_day", "excluded", "excluded", "included") == "included"
		p.Count.NoRollover = d.oneOf(c, "last_day_off", "next", "next", "stays") == "stays"
	}
	d.named(n, "locals", func(id string, pos Pos, v *node) {
		if !d.mapping(v, "type", "label", "options", "cite") {
			return
		}
		if kind := v.get("type"); kind != nil && (kind.text == "choice" || kind.text == "role") && v.get("options") == nil {
			d.report(v.pos, CodeMissingKey, "options")
		}
		p.Locals = append(p.Locals, &Local{ID: id, Label: d.label(v, "label"), Options: d.localOptions(v.get("options")),
			Type:  d.oneOf(v, "type", "", "limit", "amount", "int", "fraction", "bool", "text", "role", "choice"),
			Basis: d.basis(v, "local "+id, true)})
	})
	d.named(n, "roles", func(id string, pos Pos, v *node) {
		if !d.mapping(v, "label", "body", "of", "if_none", "cite") {
			return
		}
		p.Roles = append(p.Roles, &Role{ID: id, Label: d.label(v, "label"), Body: d.oneOf(v, "body", "", "above"),
			Of: toPath(d.text(v, "of", true)), IfNone: toPath(d.text(v, "if_none", false)), Basis: d.basis(v, "role "+id, false)})
	})
	d.roundRoles()
	d.named(n, "blocks", func(id string, pos Pos, v *node) { p.Blocks = append(p.Blocks, Option{ID: id, Label: d.labelOf(v)}) })
	d.versions(n)
}

// localOptions reads a mapping of what may be chosen to its label. A key may be
// a path or a moment; a bare list has no labels of its own.
func (d *decoder) localOptions(n *node) []Option {
	var out []Option
	switch {
	case n == nil:
	case n.shape == sequence:
		for _, v := range n.items {
			out = append(out, Option{ID: v.text})
		}
	case n.shape == mapping:
		for _, p := range n.pairs {
			out = append(out, Option{ID: p.key, Label: d.labelOf(p.value)})
		}
	default:
		d.report(n.pos, CodeShape, sequence.String())
	}
	return out
}

// roundRoles refuses roles that lead back to themselves.
func (d *decoder) roundRoles() {
	for _, r := range d.pack.Roles {
		seen := []string{}
		var leads func(x *Role) bool
		leads = func(x *Role) bool {
			for _, path := range []Path{x.Of, x.IfNone} {
				if len(path) == 0 || slices.Contains(seen, path[0]) {
					continue
				}
				if path[0] == r.ID {
					return true
				}
				seen = append(seen, path[0])
				if next := d.pack.Role(path[0]); next != nil && leads(next) {
					return true
				}
			}
			return false
		}
		if leads(r) {
			d.report(r.Basis.Pos, CodeMismatch, r.ID, "of")
		}
	}
}

// settled finds a path of who settles irregular acts that names nobody in any
// procedure. Where only some have its party, nobody settles in the others.
func (d *decoder) settled() {
	p := d.pack
	if len(p.Settles) == 0 || len(p.Procedures) == 0 {
		return
	}
	at := slices.IndexFunc(p.Procedures, func(x *Procedure) bool { return x.Party(p.Settles[0]) != nil })
	d.path(p.Procedures[max(at, 0)], p.SettlesBasis.Pos, p.Settles)
}

// versions reads who settles irregular acts, and how versions follow each other.
func (d *decoder) versions(n *node) {
	p := d.pack
	if s := n.get("settles"); s != nil && !d.omitted(s) {
		p.Settles, p.SettlesBasis = toPath(s.text), Basis{Pos: s.pos}
		if s.shape == mapping && d.mapping(s, "role", "cite") {
			p.Settles, p.SettlesBasis = toPath(d.text(s, "role", true)), d.basis(s, "settles", false)
		}
	}
	d.clocks(n)
}

// ParsePath reads a path written with dots.
func ParsePath(s string) Path { return toPath(s) }

func toPath(s string) Path {
	if s == "" {
		return nil
	}
	return strings.Split(s, ".")
}

func (d *decoder) clauses(n *node) {
	if !d.mapping(n, "document", "clauses") {
		return
	}
	if doc := n.get("document"); doc != nil {
		d.mapping(doc, "title", "number")
	}
	list := n.get("clauses")
	if list == nil || list.shape != sequence {
		d.report(n.pos, CodeMissingKey, "clauses")
		return
	}
	seen := map[string]Pos{}
	for _, v := range list.items {
		if !d.mapping(v, "id", "anchor", "kind", "exec", "gist", "declared", "defects") {
			continue
		}
		c := &Clause{ID: d.text(v, "id", true), Anchor: d.text(v, "anchor", true), Kind: d.text(v, "kind", true),
			Exec: d.oneOf(v, "exec", "", "enforce", "monitor", "record", "reference"), Gist: d.label(v, "gist"),
			Declared: d.optionalLabel(v, "declared"), Defects: d.labels(v, "defects"), Pos: v.pos}
		if first, twice := seen[c.ID]; twice {
			d.report(v.pos, CodeTwice, c.ID, first.String())
		}
		seen[c.ID] = v.pos
		d.pack.Clauses = append(d.pack.Clauses, c)
	}
}

func (d *decoder) ladder(n *node) {
	if !d.mapping(n, "ladder", "list", "title", "rows", "cite") {
		return
	}
	key := "ladder"
	if n.get("list") != nil {
		key = "list"
	}
	l := &Ladder{ID: d.text(n, key, true), Flat: key == "list", Title: d.label(n, "title"), Basis: d.basis(n, key, true)}
	if l.ID != "" {
		d.id(l.ID, n.pos)
	}
	rank := 0
	d.named(n, "rows", func(id string, pos Pos, v *node) {
		if !d.mapping(v, "label", "rank", "cite") {
			return
		}
		rank = d.number(v, "rank", rank+1)
		if l.Flat {
			if rank = 0; v.get("rank") != nil {
				d.report(v.at("rank"), CodeMismatch, "rank", "list")
			}
		}
		l.Rows = append(l.Rows, Option{ID: id, Label: d.label(v, "label"), Rank: rank, Basis: d.basis(v, "row "+id, false)})
	})
	d.pack.Ladders = append(d.pack.Ladders, l)
}
