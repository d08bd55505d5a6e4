// SPDX-License-Identifier: Apache-2.0

package check

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

var localPattern = regexp.MustCompile(`\blocal\.([a-z0-9_]+)`)

// waiting lists, for each local parameter, the rules that wait for it.
func (c *checker) waiting() map[string][]string {
	out := map[string][]string{}
	add := func(local, who string) {
		if local != "" && !slices.Contains(out[local], who) {
			out[local] = append(out[local], who)
		}
	}
	guard := func(who string, list ...*expr.Expr) {
		for _, e := range list {
			if e != nil {
				for _, m := range localPattern.FindAllStringSubmatch(e.Source, -1) {
					add(m[1], who)
				}
			}
		}
	}
	path := func(who string, paths ...rulepack.Path) {
		for _, p := range paths {
			if len(p) == 2 && p[0] == "local" {
				add(p[1], who)
			}
		}
	}
	for _, p := range c.pack.Procedures {
		for _, u := range c.pathsOf(p) {
			path(whose(u.at), u.path)
		}
		for _, a := range p.Acts {
			path(a.ID, a.By...)
			path(a.ID, a.Approved)
			guard(a.ID, a.When)
			for _, n := range a.Needs {
				guard(a.ID, n.If)
			}
			for _, x := range a.After {
				guard(a.ID, x.When)
			}
			for _, f := range a.Fields() {
				guard(a.ID, f.If)
			}
		}
		for _, t := range p.Terms {
			add(t.Within.Local, t.ID)
			path(t.ID, t.Of)
			guard(t.ID, t.When)
			if t.Extended != nil {
				add(t.Extended.By.Local, t.ID)
			}
			for _, s := range t.Start {
				add(s.Local, t.ID)
				guard(t.ID, s.When, s.Becomes)
			}
		}
	}
	for _, m := range c.pack.Meetings {
		if m.Quorum != nil {
			add(m.Quorum.Share.Local, m.ID)
		}
		if m.Vote != nil {
			add(m.Vote.Pass.Local, m.ID)
		}
	}
	for _, t := range c.pack.Tables {
		for _, r := range t.Rows {
			guard(t.ID, r.If)
		}
	}
	return out
}

// whose is the name of a rule, by what it says it is.
func whose(b rulepack.Basis) string {
	if b.What == "" {
		return "to"
	}
	return b.What[strings.LastIndex(b.What, " ")+1:]
}

// locals lists the parameters that nobody has set, and those nobody uses.
func (c *checker) locals() {
	waits := c.waiting()
	for _, l := range c.pack.Locals {
		if len(waits[l.ID]) == 0 {
			c.warn(l.Basis, rulepack.CodeUnusedLocal, l.ID)
		} else if c.opts.Locals[l.ID] == "" {
			c.report(rulepack.Note, l.Basis, rulepack.CodeUnset, l.ID, strings.Join(waits[l.ID], ", "))
		}
	}
}

// unused finds what is defined and nobody uses, and facts nobody sets.
func (c *checker) unused() {
	used := map[string]bool{}
	for _, p := range c.pack.Procedures {
		c.facts(p)
		c.parties(p)
		for _, a := range p.Acts {
			for _, m := range a.Meetings {
				used["meeting "+m.ID] = true
			}
			if a.Form != nil {
				used["form "+a.Form.ID] = true
			}
			if a.Paper != nil {
				used["paper "+a.Paper.ID] = true
			}
			for _, f := range a.Fields() {
				c.ladderOf(used, f.Options)
			}
		}
		for _, t := range p.Terms {
			for _, b := range t.Blocks {
				used["block "+b] = true
			}
		}
		for _, f := range p.Facts {
			used["ladder "+f.Ladder] = true
			c.ladderOf(used, f.Options)
			if f.Table != nil {
				used["table "+f.Table.ID] = true
			}
		}
		for _, u := range c.pathsOf(p) {
			used["role "+u.path[0]] = used["role "+u.path[0]] || !isRole(u.at)
		}
	}
	for _, r := range c.pack.Roles { // a role may stand in another's path
		used["role "+pathHead(r.Of)], used["role "+pathHead(r.IfNone)] = true, true
	}
	for _, t := range c.pack.Tables {
		for _, g := range t.Gives {
			used["ladder "+g.Ladder] = true
			c.ladderOf(used, g.Options)
		}
		for _, in := range t.Inputs {
			c.ladderOf(used, in.Options)
		}
	}
	c.tellUnused(used)
}

func isRole(b rulepack.Basis) bool { return strings.HasPrefix(b.What, "role ") }

func pathHead(p rulepack.Path) string {
	if len(p) == 0 {
		return ""
	}
	return p[0]
}

func (c *checker) ladderOf(used map[string]bool, options []rulepack.Option) {
	for _, l := range c.pack.Ladders {
		if len(options) > 0 && len(l.Rows) > 0 && &options[0] == &l.Rows[0] {
			used["ladder "+l.ID] = true
		}
	}
}

func (c *checker) tellUnused(used map[string]bool) {
	look := func(kind, id string, b rulepack.Basis) {
		if !used[kind+" "+id] {
			c.warn(b, rulepack.CodeUnused, kind, id)
		}
	}
	for _, t := range c.pack.Tables {
		look("table", t.ID, t.Basis)
	}
	for _, m := range c.pack.Meetings {
		look("meeting", m.ID, m.Basis)
	}
	for _, l := range c.pack.Ladders {
		look("ladder", l.ID, l.Basis)
	}
	for _, r := range c.pack.Roles {
		look("role", r.ID, r.Basis)
	}
	for _, b := range c.pack.Blocks {
		look("block", b.ID, rulepack.Basis{Pos: rulepack.Pos{File: "pack.yaml", Line: 1, Col: 1}})
	}
	for _, name := range slices.Sorted(maps.Keys(c.opts.Files)) {
		folder, _, _ := strings.Cut(name, "/")
		kind := map[string]string{"forms": "form", "papers": "paper"}[folder]
		if kind == "" {
			continue
		}
		if id := headed(string(c.opts.Files[name]), kind); id != "" {
			look(kind, id, rulepack.Basis{Pos: rulepack.Pos{File: name, Line: 1, Col: 1}})
		}
	}
}

// headed reads what a form's or paper's file calls itself.
func headed(text, kind string) string {
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(strings.TrimLeft(line, "{ "), kind+":"); ok {
			rest, _, _ = strings.Cut(rest, ",")
			rest, _, _ = strings.Cut(rest, "#")
			return strings.Trim(rest, " \t\r\n\"'}")
		}
	}
	return ""
}

// facts finds those that nothing sets, and fields that look as if they did.
func (c *checker) facts(p *rulepack.Procedure) {
	for _, f := range p.Facts {
		set := f.Table != nil
		for _, a := range p.Acts {
			may, _ := sets(a, f, "")
			set = set || may
			if may || f.Table != nil || slices.Contains(f.SetBy, a.ID) {
				continue
			}
			for _, x := range a.Fields() {
				if x.ID == f.ID && idle(p, a, x) {
					c.warn(at(x.Basis, a.Basis), rulepack.CodeUnused, "field", a.ID+"."+x.ID)
				}
			}
		}
		if !set {
			b := f.Basis
			if len(b.Cites) == 0 {
				b.Cites = p.Basis.Cites
			}
			c.warn(b, rulepack.CodeNeverSet, f.ID)
		}
	}
}

// idle reports whether nothing asks for a field of a form: it need not be there,
// no paper prints it, no clause wants it, no condition reads it.
func idle(p *rulepack.Procedure, a *rulepack.Act, x *rulepack.Field) bool {
	if x.Required || x.If != nil || len(x.Basis.Cites) > 0 || a.Form == nil || !slices.Contains(a.Form.Fields, x) {
		return false
	}
	return !slices.ContainsFunc(p.Acts, func(b *rulepack.Act) bool {
		return b.Form == a.Form && slices.ContainsFunc(b.Needs, func(n rulepack.Need) bool { return slices.Contains(n.If.Facts, x.ID) })
	})
}

// parties finds those that no rule speaks of.
func (c *checker) parties(p *rulepack.Procedure) {
	used := map[string]bool{}
	for _, u := range c.pathsOf(p) {
		used[u.path[0]] = true
	}
	guard := func(e *expr.Expr) {
		if e != nil {
			for _, r := range asked(e.Source) {
				used[r.name] = true
			}
		}
	}
	for _, a := range p.Acts {
		used[a.Each] = true
		for _, e := range effectsOf(a) { // who is bound is let into the matter
			for _, name := range e.Binds {
				used[name] = true
			}
		}
		guard(a.When)
		for _, n := range a.Needs {
			guard(n.If)
		}
		for _, m := range a.Meetings {
			for _, in := range m.Invite {
				used[in.Party] = true
			}
		}
	}
	for _, t := range p.Terms {
		used[t.Each] = true
	}
	for _, f := range p.Facts {
		used[f.Per] = true
		if f.Count != nil {
			used[f.Count.Same] = true
		}
	}
	for _, x := range p.Parties {
		if !used[x.ID] {
			c.warn(x.Basis, rulepack.CodeUnused, "party", x.ID)
		}
	}
}
