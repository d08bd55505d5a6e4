// SPDX-License-Identifier: Apache-2.0

package portal

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"quanze/core/rulepack"
	"quanze/locale"
)

// The anchors of packs and of the importer: a12-1.2.3 an article's item, s2.3
// one under a heading, n or notice, s0 the preamble, x1 or annex.1 an annex. A
// letter after a number marks a number that was printed twice.
var (
	articleAnchor = regexp.MustCompile(`^a(\d+)(?:-(\d+))?[a-z]*(?:\.(\d+)[a-z]*)?(?:\.(\d+)[a-z]*)?(?:\.(\d+)[a-z]*)?$`)
	headingAnchor = regexp.MustCompile(`^s(\d+)[A-Za-z]*(?:\.(\d+)[a-z]*)?(?:\.(\d+)[a-z]*)?(?:\.p(\d+))?$`)
	annexAnchor   = regexp.MustCompile(`^(?:annex|x)(\d*)(?:\.p?(\d+))?$`)
)

// PlaceName says in words which place of a text an anchor names. What is no
// anchor of ours is returned as it stands.
func PlaceName(w *locale.Words, anchor string) string {
	if m := articleAnchor.FindStringSubmatch(anchor); m != nil {
		return w.T("library.place.article", "n", count(w, m[1]), "s", count(w, m[2]), "p", count(w, m[3]), "i", count(w, m[4]), "k", m[5])
	}
	if m := headingAnchor.FindStringSubmatch(anchor); m != nil {
		if m[1] == "0" {
			return w.T("library.place.preamble")
		}
		return w.T("library.place.heading", "n", count(w, m[1]), "i", count(w, m[2]), "k", m[3], "p", count(w, m[4]))
	}
	if m := annexAnchor.FindStringSubmatch(anchor); m != nil {
		if m[1] == "1" {
			m[1] = "" // most texts have one annex, which has no number
		}
		return w.T("library.place.annex", "n", count(w, m[1]), "p", count(w, m[2]))
	}
	if anchor == "n" || anchor == "notice" {
		return w.T("library.place.notice")
	}
	return anchor
}

// clausePlace is the place of a pack's clause as law cites it: the paragraph
// is left out where the article has but one. Clauses of one place are told
// apart by their order.
func clausePlace(w *locale.Words, p *rulepack.Pack, c *rulepack.Clause) string {
	name := PlaceName(w, c.Anchor)
	if m := articleAnchor.FindStringSubmatch(c.Anchor); m != nil && m[3] == "1" && oneParagraph(p, articleOf(c.Anchor)) {
		name = w.T("library.place.article", "n", count(w, m[1]), "s", count(w, m[2]), "p", "", "i", count(w, m[4]), "k", m[5])
	}
	k, n := 0, 0
	for _, other := range p.Clauses {
		if other.Anchor == c.Anchor {
			n++
		}
		if other == c {
			k = n
		}
	}
	if n > 1 {
		return w.T("library.place.several", "place", name, "k", strconv.Itoa(k), "n", strconv.Itoa(n))
	}
	return name
}

// oneParagraph reports whether no clause stands in a second paragraph of an
// article.
func oneParagraph(p *rulepack.Pack, article string) bool {
	return !slices.ContainsFunc(p.Clauses, func(c *rulepack.Clause) bool {
		m := articleAnchor.FindStringSubmatch(c.Anchor)
		return m != nil && m[3] != "" && m[3] != "1" && articleOf(c.Anchor) == article
	})
}

// articleOf is the anchor of the article, heading, notice or annex that an
// anchor lies in.
func articleOf(anchor string) string {
	top, _, _ := strings.Cut(anchor, ".")
	return top
}

// resolved lists the anchors of an imported text that may be a pack's anchor,
// the closest first: a form that the importer keeps whole stands for its parts.
func resolved(anchor string) []string {
	switch top, rest, dotted := strings.Cut(anchor, "."); top {
	case "notice":
		anchor = "n"
	case "annex":
		if anchor = "x1"; dotted {
			anchor += "." + rest
		}
	}
	out := []string{anchor}
	for {
		at := strings.LastIndexByte(anchor, '.')
		if at < 0 {
			return out
		}
		anchor = anchor[:at]
		out = append(out, anchor)
	}
}

// count writes a number of an anchor as the language counts articles.
func count(w *locale.Words, digits string) string {
	n, err := strconv.Atoi(digits)
	if err != nil || w.Lang() == locale.En {
		return digits
	}
	return numeral(n)
}

// numeral writes a whole number from 0 to 9999 as Chinese law prints it; a
// greater one in digits.
func numeral(n int) string {
	if n < 0 || n > 9999 {
		return strconv.Itoa(n)
	}
	digits, units := []rune("零一二三四五六七八九"), []string{"", "十", "百", "千"}
	if n < 10 {
		return string(digits[n])
	}
	text, gap := "", false
	for place, base := 3, 1000; place >= 0; place, base = place-1, base/10 {
		d := n / base % 10
		switch {
		case d == 0:
			gap = text != ""
			continue
		case gap:
			text += string(digits[0])
		}
		gap = false
		if d == 1 && place == 1 && text == "" {
			text = units[1]
			continue
		}
		text += string(digits[d]) + units[place]
	}
	return text
}
