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
		if !strings.HasPrefix(name, "cases/") {
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
	d := &decoder{pack: &Pack{Hash: s.hash}, omit: omit, lenient: lenient, forms: map[string]*node{}, papers: map[string]*node{}}
	head := s.nodes["pack.yaml"]
	if head == nil || s.nodes["clauses.yaml"] == nil {
		return nil, d.diags
	}
	if d.mapping(head, "pack", "title", "number", "issuer", "in_force", "count", "roles", "locals") {
		d.pack.Code = d.text(head, "pack", true)
		d.clauses(s.nodes["clauses.yaml"])
		d.head(head)
	}
	for _, n := range s.in("tables") {
		d.ladder(n)
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
	for _, n := range s.in("cases") {
		d.caseOf(n)
	}
	return d.pack, d.diags
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
		d.basis(f, "in_force", false)
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
		p.Locals = append(p.Locals, &Local{ID: id, Label: d.label(v, "label"), Options: d.words(v, "options"),
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
}

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
			Declared: d.text(v, "declared", false), Defects: d.words(v, "defects"), Pos: v.pos}
		if first, twice := seen[c.ID]; twice {
			d.report(v.pos, CodeTwice, c.ID, first.String())
		}
		seen[c.ID] = v.pos
		d.pack.Clauses = append(d.pack.Clauses, c)
	}
}

func (d *decoder) ladder(n *node) {
	if !d.mapping(n, "ladder", "title", "rows", "cite") {
		return
	}
	l := &Ladder{ID: d.text(n, "ladder", true), Title: d.label(n, "title"), Basis: d.basis(n, "ladder", true)}
	if l.ID != "" {
		d.id(l.ID, n.pos)
	}
	rank := 0
	d.named(n, "rows", func(id string, pos Pos, v *node) {
		if !d.mapping(v, "label", "rank", "cite") {
			return
		}
		rank = d.number(v, "rank", rank+1)
		l.Rows = append(l.Rows, Option{ID: id, Label: d.label(v, "label"), Rank: rank, Basis: d.basis(v, "row "+id, false)})
	})
	d.pack.Ladders = append(d.pack.Ladders, l)
}
