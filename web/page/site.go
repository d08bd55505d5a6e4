// SPDX-License-Identifier: Apache-2.0

package page

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/alexedwards/scs/v2"

	"quanze/core/calendar"
	"quanze/locale"
	"quanze/web/assets"
	"quanze/web/ui"
)

// Config is what a Site is made of. Words, Assets and Sessions must be set.
type Config struct {
	Words  *locale.Catalogue
	Assets *assets.Set
	// Sessions keeps the sessions.
	Sessions scs.Store
	// Accounts reads an account by its id at every request, so that one that was
	// closed or changed is so at once. An Absent fault is nobody.
	Accounts func(ctx context.Context, id string) (Account, error)
	// Log takes one line per request, and our own failures; slog.Default where
	// it is nil.
	Log *slog.Logger
	// TLS says that browsers reach us by https, here or at a proxy in front.
	TLS bool
	// Address tells where a request came from; the peer's address where it is
	// nil. Behind a proxy it must read what that proxy vouches for.
	Address func(*http.Request) string
	// SignIn is the page for signing in, SignOut what its form posts to.
	SignIn, SignOut string
	// Fronts are the bar of every page, each shown to those who may enter it.
	Fronts []Front
	// Notes are the links of the foot, by message key.
	Notes []Front
	// Pinned is the day of a demonstration.
	Pinned calendar.Date
	// Calendar names the calendar in force and the last day it knows; none is
	// told where it is nil.
	Calendar func() (name string, known calendar.Date)
	// Clause names a clause and its page; the bare id where it is nil.
	Clause func(w *locale.Words, id string) ui.Clause
}

// Front is a front, or a link of the foot: its message key, first page, and who
// may enter.
type Front struct {
	Key  string
	Href string
	Role Role
}

// Site is the fronts' common ground. Make one with New.
type Site struct {
	config   Config
	sessions *scs.SessionManager
	cross    *http.CrossOriginProtection
	broken   map[locale.Lang]string // the page for our own failures, rendered before
}

// New returns a Site, with the page for our own failures ready.
func New(config Config) (*Site, error) {
	if config.Words == nil || config.Assets == nil || config.Sessions == nil {
		return nil, errors.New("a site needs words, assets and a store of sessions")
	}
	if config.Log == nil {
		config.Log = slog.Default()
	}
	if config.SignIn == "" {
		config.SignIn = "/sign-in"
	}
	if config.SignOut == "" {
		config.SignOut = "/sign-out"
	}
	s := &Site{config: config, cross: http.NewCrossOriginProtection()}
	s.sessions = newSessions(config, s)
	return s, s.prepareBroken()
}

// Handler is everything around a mux of installed routes: the assets, the log,
// the guards, the session, the scope.
func (s *Site) Handler(mux *http.ServeMux) http.Handler {
	inner := s.sessions.LoadAndSave(s.scoped(s.routed(mux)))
	return s.logged(s.headers(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, assets.Prefix) {
			scopeOf(r).pattern = assets.Prefix
			s.config.Assets.ServeHTTP(w, r)
			return
		}
		inner.ServeHTTP(w, r)
	})))
}

// scoped reads account and language, and stops what comes from another site.
func (s *Site) scoped(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sc := scopeOf(r)
		account, err := s.account(r.Context())
		if err != nil {
			s.fail(w, r, err)
			return
		}
		lang, set := chosen(r, account)
		sc.words, sc.account = s.config.Words.In(lang), account
		if set {
			s.rememberLang(w, lang)
		}
		if err := s.cross.Check(r); err != nil {
			sc.pattern = "cross-origin"
			s.run(crossed, w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// routed sends a request to its route. What has none is not found, or where
// another method has one, not allowed.
func (s *Site) routed(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		scopeOf(r).pattern = "none"
		var allowed []string
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			other := r.Clone(r.Context())
			other.Method = method
			if _, pattern := mux.Handler(other); pattern != "" {
				allowed = append(allowed, method)
			}
		}
		if len(allowed) > 0 {
			w.Header().Set("Allow", strings.Join(allowed, ", "))
			s.run(notAllowed, w, r)
			return
		}
		s.run(notFound, w, r)
	})
}

// Frame returns the frame for a page of that title.
func Frame(r *http.Request, title string) ui.Frame {
	sc := scopeOf(r)
	c := sc.site.config
	f := ui.Frame{
		Words: sc.words, Assets: c.Assets, Title: title, Path: r.URL.RequestURI(), Pinned: c.Pinned,
		Fronts: sc.links(r, c.Fronts), Notes: sc.links(r, c.Notes),
	}
	if sc.account.ID != "" {
		f.Account, f.SignOut = sc.account.Name, c.SignOut
	} else {
		f.SignIn = c.SignIn
	}
	if c.Calendar != nil {
		f.Calendar, f.Known = c.Calendar()
	}
	return f
}

// links returns those that the account may enter.
func (sc *scope) links(r *http.Request, fronts []Front) []ui.Link {
	var out []ui.Link
	for _, front := range fronts {
		if !sc.account.May(front.Role) {
			continue
		}
		path := r.URL.Path
		here := path == front.Href || (front.Href != "/" && strings.HasPrefix(path, front.Href+"/"))
		out = append(out, ui.Link{Label: sc.words.T(front.Key), Href: front.Href, Current: here})
	}
	return out
}

// Address returns where a request came from, for pacing; it is not kept.
func Address(r *http.Request) string {
	if from := scopeOf(r).site.config.Address; from != nil {
		return from(r)
	}
	return peer(r)
}

// LocalPath returns target where it is a path of this site, else fallback: what
// a form or a link asks to return to is never another site.
func LocalPath(target, fallback string) string {
	u, err := url.Parse(target)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" ||
		!strings.HasPrefix(target, "/") || strings.HasPrefix(target, "//") || strings.ContainsAny(target, "\\\r\n\t") {
		return fallback
	}
	return target
}
