// SPDX-License-Identifier: Apache-2.0

package page

import (
	"strings"

	"quanze/locale"
	"quanze/web/ui"
)

// Clause names a clause by its place in the document, and leads to its page:
// anchor a12.2.3 of pack wf11 is article 12, paragraph 2, item 3.
func Clause(w *locale.Words, id, anchor string) ui.Clause {
	pack, rest, _ := strings.Cut(id, "-")
	return ui.Clause{Name: place(w, anchor, rest), Href: "/library/" + pack + "/clauses/" + id}
}

// place puts an anchor into words; what is no article keeps its own name.
func place(w *locale.Words, anchor, otherwise string) string {
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
