// SPDX-License-Identifier: Apache-2.0

package portal

import (
	"net/http"
	"slices"
	"strings"
	"unicode"

	"quanze/core/rulepack"
	"quanze/locale"
	"quanze/office/library"
	"quanze/web/page"
	"quanze/web/ui"
)

const (
	queryName = "q"
	// queryMost bounds what is looked for, in characters.
	queryMost = 60
	// foundMost is how many places office/library lists.
	foundMost = 50
	// shown is how many characters of a place stand before and after the word.
	shown = 60
)

// searchForm is the field over the library.
type searchForm struct{ Field ui.Field }

func newSearchForm(w *locale.Words, query string) searchForm {
	return searchForm{ui.Field{Name: queryName, Label: w.T("library.search.label"), Value: query, Complete: "off"}}
}

// searchPage is what a search found.
type searchPage struct {
	Words  *locale.Words
	Crumbs []ui.Link
	Title  string
	Answer string
	Search searchForm
	Found  []foundPlace
	// EmptyTitle and EmptyText advise where there is nothing to list.
	EmptyTitle string
	EmptyText  string
}

// foundPlace is one place with the words marked. Note says that it is a gist.
type foundPlace struct {
	Href   string
	Place  string
	Title  string
	Note   string
	Lang   string
	Pieces []piece
}

// piece is a run of text, marked where it is what was looked for.
type piece struct {
	Text string
	Mark bool
}

// librarySearch answers GET /library/search.
func (f *Front) librarySearch(w http.ResponseWriter, r *http.Request) error {
	query := parseQuery(r.URL.Query().Get(queryName))
	found, entries, err := f.find(r, query)
	if err != nil {
		return err
	}
	p := newSearchPage(page.Words(r), query, found, entries)
	return page.Render(w, r, http.StatusOK, searchView(page.Frame(r, p.Title), p))
}

func (f *Front) find(r *http.Request, query string) ([]library.Found, []library.Entry, error) {
	if query == "" {
		return nil, nil, nil
	}
	found, err := f.library.Search(r.Context(), query)
	if err != nil {
		return nil, nil, err
	}
	entries, err := f.library.Entries(r.Context())
	return found, entries, err
}

// parseQuery takes the query without what is no text, cut to its bound.
func parseQuery(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if r == unicode.ReplacementChar || unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, s)
	if runes := []rune(s); len(runes) > queryMost {
		s = string(runes[:queryMost])
	}
	return strings.Join(strings.Fields(s), " ")
}

func newSearchPage(w *locale.Words, query string, found []library.Found, entries []library.Entry) searchPage {
	p := searchPage{Words: w, Search: newSearchForm(w, query), Title: w.T("library.search.title"),
		Crumbs: crumbs(w, ui.Link{Label: w.T("library.search.title")})}
	if query == "" {
		p.Answer = w.T("library.search.ask")
		p.EmptyTitle, p.EmptyText = w.T("library.search.empty"), w.T("library.search.empty_text")
		return p
	}
	p.Title = w.T("library.search.of", "query", query)
	words := strings.Fields(query)
	for i, x := range found {
		if !repeated(found, i, words) {
			p.Found = append(p.Found, newFoundPlace(w, x, entries, words))
		}
	}
	switch {
	case len(found) == 0:
		p.Answer = w.T("library.search.none")
		p.EmptyTitle, p.EmptyText = w.T("library.search.advice"), w.T("library.search.advice_text")
	case len(found) >= foundMost:
		p.Answer = w.T("library.search.most", "n", w.Number(len(p.Found)))
	default:
		p.Answer = w.T("library.search.found", "n", w.Number(len(p.Found)))
	}
	return p
}

// repeated reports whether a place within the i-th was found for the same line:
// an article is found with each of its items.
func repeated(found []library.Found, i int, words []string) bool {
	x := found[i]
	line := lineWith(x.Text, words)
	return !x.Gist && slices.ContainsFunc(found, func(y library.Found) bool {
		return y.Document == x.Document && strings.HasPrefix(y.Anchor, x.Anchor+".") && strings.Contains(y.Text, line)
	})
}

// lineWith returns the line of a text that holds the most of the words.
func lineWith(text string, words []string) string {
	best, most := "", -1
	for line := range strings.SplitSeq(text, "\n") {
		n := 0
		for _, word := range words {
			if len(occurrences(folded(line), folded(word))) > 0 {
				n++
			}
		}
		if n > most {
			best, most = line, n
		}
	}
	return best
}

func newFoundPlace(w *locale.Words, x library.Found, entries []library.Entry, words []string) foundPlace {
	out := foundPlace{Place: PlaceName(w, x.Anchor), Title: x.Title, Lang: string(locale.Zh), Href: documentHref(string(x.Document)) + "#" + x.Anchor}
	at := slices.IndexFunc(entries, func(e library.Entry) bool { return e.ID == x.Document })
	if at < 0 {
		out.Pieces = marked(lineWith(x.Text, words), words)
		return out
	}
	e := entries[at]
	out.Title, out.Href = titleOf(w, e), entryHref(e)+"#"+x.Anchor
	if x.Gist && e.Pack != nil {
		out.Note = w.T("library.search.gist")
		if c := clauseOf(e.Pack, x); c != nil {
			out.Place, out.Href = clausePlace(w, e.Pack, c), ClauseHref(e.Pack.Code+"-"+c.ID)
			x.Text, out.Lang = gistWith(w, c, words)
		}
	}
	out.Pieces = marked(lineWith(x.Text, words), words)
	return out
}

// clauseOf finds the clause whose gist was found.
func clauseOf(p *rulepack.Pack, x library.Found) *rulepack.Clause {
	at := slices.IndexFunc(p.Clauses, func(c *rulepack.Clause) bool { return c.Anchor == x.Anchor && c.Gist.Zh == x.Text })
	if at < 0 {
		return nil
	}
	return p.Clauses[at]
}

// gistWith is the gist in the page's language, or in the other where only that
// holds the words.
func gistWith(w *locale.Words, c *rulepack.Clause, words []string) (text, lang string) {
	mine, other := c.Gist.Zh, c.Gist.En
	tag, otherTag := string(locale.Zh), string(locale.En)
	if w.Lang() == locale.En {
		mine, other, tag, otherTag = other, mine, otherTag, tag
	}
	if len(marked(mine, words)) == 1 && len(marked(other, words)) > 1 {
		return other, otherTag
	}
	return mine, tag
}

// marked cuts a text into pieces around the words, and to what stands near the
// first of them.
func marked(text string, words []string) []piece {
	runes, low := []rune(text), folded(text)
	hit := make([]bool, len(runes))
	first := len(runes)
	for _, word := range words {
		size := len(folded(word))
		for _, at := range occurrences(low, folded(word)) {
			first = min(first, at)
			for k := range size {
				hit[at+k] = true
			}
		}
	}
	if first == len(runes) {
		first = 0
	}
	from, to := max(0, first-shown), min(len(runes), first+2*shown)
	var out []piece
	for i := from; i < to; i++ {
		if i == from || hit[i] != hit[i-1] {
			out = append(out, piece{Mark: hit[i]})
		}
		out[len(out)-1].Text += string(runes[i])
	}
	if len(out) > 0 && from > 0 {
		out = append([]piece{{Text: "…"}}, out...)
	}
	if len(out) > 0 && to < len(runes) {
		out = append(out, piece{Text: "…"})
	}
	return out
}

// folded is a text by runes without case and width, as the search compares.
func folded(s string) []rune {
	out := []rune(s)
	for i, r := range out {
		if r >= 0xff01 && r <= 0xff5e {
			r -= 0xfee0
		}
		out[i] = unicode.ToLower(r)
	}
	return out
}

// occurrences lists where a word begins in a text.
func occurrences(text, word []rune) []int {
	var out []int
	for i := 0; len(word) > 0 && i+len(word) <= len(text); i++ {
		if slices.Equal(text[i:i+len(word)], word) {
			out = append(out, i)
		}
	}
	return out
}
