// SPDX-License-Identifier: Apache-2.0

package check

import (
	"regexp"
	"slices"
	"strings"

	"quanze/core/rulepack"
)

// The executabilities of a clause.
const (
	execEnforce   = "enforce"
	execMonitor   = "monitor"
	execReference = "reference"
	kindHeading   = "heading"
)

// clauses holds the list of clauses against the rules.
func (c *checker) clauses() {
	cited := map[string]bool{}
	for _, r := range c.pack.Rules {
		for _, cite := range r.Cites {
			cited[cite.Clause] = true
			c.reference(r, cite)
		}
	}
	places := map[string]*rulepack.Clause{}
	for _, k := range c.pack.Clauses {
		id := c.pack.Code + "-" + k.ID
		b := rulepack.Basis{Pos: k.Pos, Cites: []rulepack.Cite{{Clause: id, Pos: k.Pos}}}
		switch {
		case k.Declared != (rulepack.Label{}) && cited[id]:
			c.warn(b, rulepack.CodeDeclared, k.ID, "run")
		case k.Declared != (rulepack.Label{}) && (k.Exec == execEnforce || k.Exec == execMonitor):
			c.warn(b, rulepack.CodeDeclared, k.ID, k.Exec)
		case k.Declared == (rulepack.Label{}) && !cited[id]:
			severity := rulepack.Warning
			if c.opts.Strict && k.Exec != execReference {
				severity = rulepack.Error
			}
			c.report(severity, b, rulepack.CodeNotRun, k.ID, k.Exec)
		}
		if first := places[k.Anchor]; first != nil && stem(first.ID) != stem(k.ID) {
			c.warn(b, rulepack.CodeAnchor, k.ID, first.ID)
		} else if first == nil {
			places[k.Anchor] = k
		}
		if k.Kind == kindHeading && !slices.ContainsFunc(c.pack.Clauses, func(o *rulepack.Clause) bool { return strings.HasPrefix(o.Anchor, k.Anchor+".") }) {
			c.warn(b, rulepack.CodeHeading, k.ID)
		}
	}
}

var suffix = regexp.MustCompile(`-?(p[0-9]+)?-?[a-z][0-9]*$`)

// stem is a clause's id without what tells the norms of one place apart.
func stem(id string) string { return suffix.ReplaceAllString(id, "") }

// reference finds a rule that rests on what is there to be read only, and a
// cite of a pack that is not there.
func (c *checker) reference(r rulepack.Basis, cite rulepack.Cite) {
	pack, _, _ := strings.Cut(cite.Clause, "-")
	if pack != c.pack.Code {
		if c.opts.Packs != nil && !slices.Contains(c.opts.Packs, pack) {
			c.warn(rulepack.Basis{Pos: cite.Pos, Cites: []rulepack.Cite{cite}}, rulepack.CodeNoPack, pack)
		}
		return
	}
	k := c.pack.Clause(cite.Clause)
	if k == nil || k.Exec != execReference || !slices.ContainsFunc([]string{"act ", "term ", "need ", "staff ", "separation ", "limit ", "extension ", "stop", "quorum ", "vote "}, func(s string) bool { return strings.HasPrefix(r.What, s) }) {
		return
	}
	c.warn(rulepack.Basis{Pos: cite.Pos, Cites: []rulepack.Cite{cite}}, rulepack.CodeWrongKind, r.What, k.ID, k.Kind)
}
