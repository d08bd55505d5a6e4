// SPDX-License-Identifier: Apache-2.0

package portal

import (
	"net/http"
	"net/url"
	"strings"

	"quanze/locale"
	"quanze/office"
	"quanze/office/casework"
	"quanze/office/library"
	"quanze/web/page"
	"quanze/web/ui"
)

// Options are what an installation may choose of the portal.
type Options struct {
	// Gallery shows the gallery of components at /gallery, for development.
	Gallery bool
}

// Front answers the portal's routes. Make one with New.
type Front struct {
	office  *office.Office
	library *library.Library
	desk    *casework.Desk
	options Options
}

// New returns the portal over an office and its library.
func New(o *office.Office, lib *library.Library, options Options) *Front {
	return &Front{office: o, library: lib, desk: casework.New(o, nil), options: options}
}

// Routes lists every route of the portal; anyone may enter them.
func (f *Front) Routes() []page.Route {
	routes := []page.Route{
		{Pattern: "GET /{$}", Role: page.Anyone, Handler: f.home},
		{Pattern: "GET /library", Role: page.Anyone, Handler: f.libraryList},
		{Pattern: "GET /library/search", Role: page.Anyone, Handler: f.librarySearch},
		{Pattern: "GET /library/{id}", Role: page.Anyone, Handler: f.documentShow},
		{Pattern: "GET /library/{id}/clauses/{clause}", Role: page.Anyone, Handler: f.clauseShow},
	}
	if f.options.Gallery {
		routes = append(routes, page.Route{Pattern: "GET /gallery", Role: page.Anyone, Handler: gallery})
	}
	return routes
}

// gallery shows every component in its states.
func gallery(w http.ResponseWriter, r *http.Request) error {
	words := page.Words(r)
	return page.Render(w, r, http.StatusOK, ui.Gallery(page.Frame(r, words.T("ui.gallery")), ui.Examples(words)))
}

const (
	libraryHref = "/library"
	searchHref  = "/library/search"
)

// ClauseHref returns the page of a clause by its full id, such as
// wf11-art8-p2.
func ClauseHref(id string) string {
	pack, _, _ := strings.Cut(id, "-")
	return documentHref(pack) + "/clauses/" + url.PathEscape(id)
}

func documentHref(id string) string { return libraryHref + "/" + url.PathEscape(id) }

// entryHref is the page of a document. It goes by the code of its pack, which
// stays the same when the text is imported or imported anew.
func entryHref(e library.Entry) string {
	if e.Pack != nil {
		return documentHref(e.Pack.Code)
	}
	return documentHref(string(e.ID))
}

// crumbs is the way from the home page to one of the library.
func crumbs(w *locale.Words, way ...ui.Link) []ui.Link {
	out := append([]ui.Link{{Label: w.T("portal.home.crumb"), Href: "/"}, {Label: w.T("library.title"), Href: libraryHref}}, way...)
	out[len(out)-1].Current = true
	return out
}

func titleOf(w *locale.Words, e library.Entry) string { return w.Name(e.Title, e.TitleEn) }
