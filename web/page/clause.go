// SPDX-License-Identifier: Apache-2.0

package page

import (
	"slices"
	"strings"

	"quanze/core/rulepack"
	"quanze/locale"
	"quanze/web/ui"
)

// Clause names a clause of a pack by its place in the document, and leads to
// its page: anchor a12.2.3 is article 12, paragraph 2, item 3; of an article
// with one paragraph only the article is said; notice is what it was issued
// with, annex.1 a part of its annex. A nil pack gives the bare id.
func Clause(w *locale.Words, pack *rulepack.Pack, id string) ui.Clause {
	code, rest, _ := strings.Cut(id, "-")
	out := ui.Clause{Name: rest, Href: "/library/" + code + "/clauses/" + id}
	if pack == nil || pack.Code != code {
		return out
	}
	c := pack.Clause(id)
	if c == nil {
		return out
	}
	anchor := c.Anchor
	if article, one := strings.CutSuffix(anchor, ".1"); one && strings.Count(anchor, ".") == 1 && !slices.ContainsFunc(pack.Clauses, func(x *rulepack.Clause) bool {
		return strings.HasPrefix(x.Anchor, article+".") && x.Anchor != anchor
	}) {
		anchor = article
	}
	if out.Name = place(w, anchor, rest); anchor == "notice" {
		out.Name = w.T("clause.notice")
	}
	return out
}

// Clauses names clauses, each leading to its page. Two parts of one paragraph
// have one name, and are named once.
func Clauses(w *locale.Words, pack *rulepack.Pack, ids []string) []ui.Clause {
	var out []ui.Clause
	for _, id := range ids {
		c := Clause(w, pack, id)
		if !slices.ContainsFunc(out, func(x ui.Clause) bool { return x.Name == c.Name }) {
			out = append(out, c)
		}
	}
	return out
}

// place puts an anchor into words; what is no article keeps its own name.
func place(w *locale.Words, anchor, otherwise string) string {
	if anchor == "annex" || strings.HasPrefix(anchor, "annex.") {
		_, part, _ := strings.Cut(anchor, ".")
		return w.T("clause.annex", "part", part)
	}
	number, ok := strings.CutPrefix(anchor, "a")
	if !ok || number == "" || number[0] < '0' || number[0] > '9' {
		return otherwise
	}
	parts := strings.SplitN(number, ".", 3)
	switch len(parts) {
	case 3:
		return w.T("clause.item", "article", parts[0], "paragraph", parts[1], "item", parts[2])
	case 2:
		return w.T("clause.paragraph", "article", parts[0], "paragraph", parts[1])
	}
	return w.T("clause.article", "article", parts[0])
}
