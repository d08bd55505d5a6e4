// SPDX-License-Identifier: Apache-2.0

package packtest

import (
	"slices"
	"strings"

	"quanze/core/rulepack"
)

// mentions counts how often a case speaks of an act, a term, a party: who wants
// to know which case notices a change asks those first that say most about it.
func mentions(c *rulepack.Case) map[string]int {
	out := map[string]int{}
	for _, s := range c.Steps {
		for _, part := range strings.Split(s.Act, ".") {
			out[part]++
		}
		if s.Refused != "" {
			out[head(s.Act)]++ // a refusal says more than a doing
		}
		if s.Outcome != "" {
			out[s.Outcome]++
		}
		term := func(name string) {
			if i := strings.LastIndexByte(name, ' '); i >= 0 && !strings.Contains(name, " of ") {
				name = name[i+1:]
			}
			id, _, _ := strings.Cut(name, "/")
			out[id]++
		}
		for name := range s.Due {
			term(name)
		}
		for _, list := range [][]string{s.Met, s.Lapsed, s.Released, s.Findings, s.Reversed, s.Opened} {
			for _, name := range list {
				term(name)
			}
		}
		for name := range s.Set {
			out[name]++
		}
		for _, name := range s.Without {
			out[name]++
		}
		for name := range s.Parties {
			out[name]++
		}
	}
	for name := range c.Locals {
		out[name]++
	}
	return out
}

// namesAt are the names that a place speaks of: the element it belongs to, and
// for a form or a paper the acts that use it.
func namesAt(pack *rulepack.Pack, s *rulepack.Site) []string {
	out := slices.Clone(s.Path[min(1, len(s.Path)):])
	for i, name := range out {
		out[i], _, _ = strings.Cut(name, "[")
	}
	folder, file, _ := strings.Cut(s.File, "/")
	id := strings.TrimSuffix(file, ".yaml")
	for _, p := range pack.Procedures {
		for _, a := range p.Acts {
			if folder == "forms" && a.Form != nil && a.Form.ID == id || folder == "papers" && a.Paper != nil && a.Paper.ID == id {
				out = append(out, a.ID)
			}
		}
	}
	return append(out, strings.Split(s.Text, ".")...)
}

// clausesOf are the clauses of the acts among the names.
func clausesOf(pack *rulepack.Pack, names []string) []string {
	var out []string
	for _, p := range pack.Procedures {
		for _, a := range p.Acts {
			if slices.Contains(names, a.ID) {
				out = append(out, a.Basis.Clauses()...)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
