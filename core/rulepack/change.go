// SPDX-License-Identifier: Apache-2.0

package rulepack

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Draft is a pack's text, read once, so that the pack can be decoded again and
// again with one change each time. Nothing changes a draft: With copies the way
// to the change and shares the rest, so several may ask at once.
type Draft struct {
	src   parsed
	sites []Site
}

// Site is one place of a pack where a value or an entry of a list stands.
// Labels, clauses and cases are no sites.
type Site struct {
	Pos
	// ID names the place by the words around it, not by its line:
	// procedures/case.yaml#acts.report.after[inquire].wait. It stays what it is
	// when something else in the file is edited.
	ID string
	// Path is the same in parts, such as acts, report, after[inquire], wait.
	Path []string
	// Key is the last key on the way; of an entry, its list's.
	Key string
	// Text is the value; of an entry that is no value, "".
	Text   string
	Quoted bool
	// Scalar says that there is a value; Entry that this is one of a list,
	// Alone that it stands for a list of one.
	Scalar, Entry, Alone bool
	// Last says that no entry of the list comes after it.
	Last bool
	// Clauses are those of the innermost rule around it, by their full ids.
	Clauses []string
	way     []int
}

// Op is what a change does at its site.
type Op string

// The changes: another value, another key, nothing at all, the next entry first.
const (
	OpText Op = "text"
	OpKey  Op = "key"
	OpOmit Op = "omit"
	OpSwap Op = "swap"
)

// Change is one small change of a pack. To is the new value or key.
type Change struct {
	Site *Site
	Op   Op
	To   string
}

// NewDraft reads the files, and lists the sites in order of place.
func NewDraft(files Files) (*Draft, Diagnostics) {
	src, diags := parse(files)
	if diags.Failed() {
		return nil, diags
	}
	d := &Draft{src: parsed{nodes: map[string]*node{}, hash: src.hash}}
	code := ""
	if head := src.nodes["pack.yaml"]; head != nil {
		if n := head.get("pack"); n != nil {
			code = n.text
		}
	}
	for _, name := range slices.Sorted(maps.Keys(src.nodes)) {
		if path.Dir(name) == "cases" {
			continue // what a pack is tested by is no part of what is tested
		}
		d.src.nodes[name] = src.nodes[name]
		if name != "clauses.yaml" && !besides(name) {
			w := siteWalk{file: name, code: code}
			w.node(src.nodes[name], nil, nil, "", nil)
			d.sites = append(d.sites, w.out...)
		}
	}
	return d, diags
}

// Sites lists the places that may be changed, in order of file and place. The
// list is shared: it is not to be changed.
func (d *Draft) Sites() []Site { return d.sites }

// With decodes the pack with one change, its cases left out; nil where the
// loader refuses it.
func (d *Draft) With(c Change) *Pack {
	src := parsed{nodes: maps.Clone(d.src.nodes), hash: d.src.hash}
	src.nodes[c.Site.File] = c.in(src.nodes[c.Site.File], c.Site.way)
	pack, diags := src.decode(Pos{}, false)
	if pack == nil || diags.Failed() {
		return nil
	}
	return pack
}

// in returns a copy of n in which the change is made, which lies that way.
func (c Change) in(n *node, way []int) *node {
	if len(way) == 0 {
		out := *n
		out.text = c.To
		return &out
	}
	out, i := *n, way[0]
	last := len(way) == 1
	switch {
	case n.shape == mapping && last && c.Op == OpOmit:
		out.pairs = slices.Delete(slices.Clone(n.pairs), i, i+1)
	case n.shape == mapping:
		out.pairs = slices.Clone(n.pairs)
		if last && c.Op == OpKey {
			out.pairs[i].key = c.To
		} else {
			out.pairs[i].value = c.in(n.pairs[i].value, way[1:])
		}
	case last && c.Op == OpOmit:
		out.items = slices.Delete(slices.Clone(n.items), i, i+1)
	case last && c.Op == OpSwap:
		out.items = slices.Clone(n.items)
		out.items[i], out.items[i+1] = n.items[i+1], n.items[i]
	default:
		out.items = slices.Clone(n.items)
		out.items[i] = c.in(n.items[i], way[1:])
	}
	return &out
}

// labels hold words for people, or names of clauses: nothing to change there.
var labels = []string{"label", "labels", "help", "asks", "title", "cite", "number", "issuer", "series", "blank", "fill", "declared", "defects"}

type siteWalk struct {
	file, code string
	out        []Site
}

func (w *siteWalk) node(n *node, way []int, names []string, key string, clauses []string) {
	switch n.shape {
	case scalar:
		w.add(n, way, names, key, clauses, false, false)
	case mapping:
		if cites := w.cites(n); len(cites) > 0 {
			clauses = cites
		}
		for i, p := range n.pairs {
			if !slices.Contains(labels, p.key) {
				w.node(p.value, append(slices.Clip(way), i), append(slices.Clip(names), p.key), p.key, clauses)
			}
		}
	case sequence:
		seen := map[string]int{}
		for i, v := range n.items {
			name := entryName(v)
			if seen[name]++; seen[name] > 1 {
				name += "#" + strconv.Itoa(seen[name])
			}
			under := slices.Clone(names)
			if len(under) > 0 {
				under[len(under)-1] += "[" + name + "]"
			}
			of, to := clauses, append(slices.Clip(way), i)
			if cites := w.cites(v); len(cites) > 0 {
				of = cites
			}
			w.add(v, to, under, key, of, true, i == len(n.items)-1)
			if v.shape != scalar {
				w.node(v, to, under, key, of)
			}
		}
	}
}

func (w *siteWalk) add(n *node, way []int, names []string, key string, clauses []string, entry, last bool) {
	w.out = append(w.out, Site{Pos: n.pos, ID: w.file + "#" + strings.Join(names, "."), Path: names, Key: key, Text: n.text, Quoted: n.quoted,
		Scalar: n.shape == scalar, Entry: entry, Alone: !entry, Last: last, Clauses: clauses, way: way})
}

// cites reads the clauses that a mapping names, by their full ids.
func (w *siteWalk) cites(n *node) []string {
	v := n.get("cite")
	if v == nil {
		return nil
	}
	var out []string
	for _, c := range append([]*node{v}, v.items...) {
		if pack, id, other := strings.Cut(c.text, ":"); other {
			out = append(out, pack+"-"+id)
		} else if c.text != "" {
			out = append(out, w.code+"-"+c.text)
		}
	}
	return out
}

var plainName = regexp.MustCompile(`^[a-z][a-z0-9_.]*$`)

// entryName names an entry of a list by what it says first: the moment or act
// it speaks of, or all of several; else by its clause, for an expression would
// be no name.
func entryName(n *node) string {
	if n.shape == scalar {
		return n.text
	}
	for _, p := range n.pairs {
		if p.key == "cite" {
			continue
		}
		if p.value.shape == scalar && !p.value.quoted && plainName.MatchString(p.value.text) {
			return p.value.text
		}
		if p.value.shape == sequence && len(p.value.items) > 0 && p.value.items[0].shape == scalar {
			var all []string
			for _, v := range p.value.items {
				all = append(all, v.text)
			}
			return strings.Join(all, "|")
		}
	}
	if c := n.get("cite"); c != nil && c.shape == scalar {
		return c.text
	}
	return ""
}
