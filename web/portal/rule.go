// SPDX-License-Identifier: Apache-2.0

package portal

import (
	"net/url"
	"slices"
	"strings"

	"quanze/core/rulepack"
	"quanze/locale"
	"quanze/office/library"
)

// ruleText says in words what a rule is.
func ruleText(w *locale.Words, r library.Rule) string {
	return w.T(r.Key, "of", w.Name(r.Of.Zh, r.Of.En), "detail", w.Name(r.Detail.Zh, r.Detail.En))
}

// packHref is the page of a pack, ruleHref that of one of its rules.
func packHref(code string) string { return "/packs/" + url.PathEscape(code) }

func ruleHref(code string, r library.Rule) string {
	return packHref(code) + "/rules/" + url.PathEscape(r.ID())
}

// casesOf counts the worked cases of a pack that come by a clause: they do an
// act or run a term that a rule on it governs, or are refused on it.
func casesOf(p *rulepack.Pack, clause string, rules []library.Rule) int {
	n := 0
	for _, c := range p.Cases {
		if slices.ContainsFunc(c.Steps, func(s rulepack.Step) bool {
			return s.Refused == clause || slices.ContainsFunc(rules, func(r library.Rule) bool { return r.ProcedureID == c.Procedure && metIn(r, s) })
		}) {
			n++
		}
	}
	return n
}

// metIn reports whether a step does an act or states a term that the rule
// governs.
func metIn(r library.Rule, s rulepack.Step) bool {
	if act, _, _ := strings.Cut(s.Act, "."); act != "" && slices.Contains(r.Acts, act) {
		return true
	}
	of := func(key string) bool {
		id, _, _ := strings.Cut(key, "/") // a key such as answer/school
		return slices.Contains(r.Terms, id)
	}
	for key := range s.Due {
		if of(key) {
			return true
		}
	}
	return slices.ContainsFunc(slices.Concat(s.Met, s.Lapsed, s.Released), of)
}
