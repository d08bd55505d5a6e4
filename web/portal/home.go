// SPDX-License-Identifier: Apache-2.0

package portal

import (
	"net/http"

	"quanze/locale"
	"quanze/office/library"
	"quanze/web/page"
	"quanze/web/ui"
)

// homePage says what this is and which doors are open to this person.
type homePage struct {
	Words   *locale.Words
	Library string
	Search  searchForm
	// SignIn is the address for signing in, "" for who is signed in; Enter are
	// the fronts he may enter.
	SignIn string
	Signed string
	Enter  []ui.Link
}

// home answers GET /.
func (f *Front) home(w http.ResponseWriter, r *http.Request) error {
	entries, err := f.library.Entries(r.Context())
	if err != nil {
		return err
	}
	words := page.Words(r)
	frame := page.Frame(r, words.T("portal.home.crumb"))
	return page.Render(w, r, http.StatusOK, homeView(frame, newHomePage(words, entries, frame)))
}

func newHomePage(w *locale.Words, entries []library.Entry, frame ui.Frame) homePage {
	p := homePage{Words: w, Search: newSearchForm(w, ""), SignIn: frame.SignIn, Library: w.T("library.empty")}
	if len(entries) > 0 {
		n := countOf(entries)
		p.Library = w.T("portal.home.read_text", "documents", w.Number(n.documents), "clauses", w.Number(n.clauses))
	}
	if frame.Account == "" {
		return p
	}
	for _, l := range frame.Fronts {
		if l.Href != "/" && l.Href != libraryHref {
			p.Enter = append(p.Enter, l)
		}
	}
	if len(p.Enter) > 0 {
		p.Signed = w.T("portal.home.enter_text", "name", frame.Account)
	}
	return p
}
