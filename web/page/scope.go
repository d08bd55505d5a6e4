// SPDX-License-Identifier: Apache-2.0

package page

import (
	"context"
	"net/http"
	"slices"

	"quanze/core/org"
	"quanze/locale"
	"quanze/store"
)

// Account is who is signed in; the zero Account is nobody.
type Account struct {
	ID     store.AccountID
	Name   string
	Person org.PersonID
	Roles  []Role
	// Lang is the language the account prefers, "" for none.
	Lang locale.Lang
}

// May reports whether the account has a role.
func (a Account) May(role Role) bool {
	switch role {
	case Anyone:
		return true
	case SignedIn:
		return a.ID != ""
	case Staff, Supervisor, Admin:
		return a.ID != "" && slices.Contains(a.Roles, role)
	}
	return false
}

// scope is what a request carries: it is made once, before any handler.
type scope struct {
	site    *Site
	words   *locale.Words
	account Account
	pattern string // of the route, for the log
}

type scopeKey struct{}

// scopeOf returns the scope of a request that came through Site.Handler.
func scopeOf(r *http.Request) *scope {
	if sc, ok := r.Context().Value(scopeKey{}).(*scope); ok {
		return sc
	}
	return &scope{site: &Site{}, words: &locale.Words{}}
}

func withScope(r *http.Request, sc *scope) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), scopeKey{}, sc))
}

// Words returns the words of the request's language.
func Words(r *http.Request) *locale.Words { return scopeOf(r).words }

// AccountOf returns who is signed in.
func AccountOf(r *http.Request) Account { return scopeOf(r).account }

const langCookie = "lang"

// chosen returns the language of a request: ?lang=, then the cookie, then the
// account's, then what the browser prefers. set says that it was asked for
// just now and is to be remembered.
func chosen(r *http.Request, a Account) (lang locale.Lang, set bool) {
	if l, ok := locale.ParseLang(r.URL.Query().Get("lang")); ok {
		return l, true
	}
	if c, err := r.Cookie(langCookie); err == nil {
		if l, ok := locale.ParseLang(c.Value); ok {
			return l, false
		}
	}
	if a.Lang != "" {
		return a.Lang, false
	}
	return locale.Negotiate(r.Header.Get("Accept-Language")), false
}

// rememberLang keeps a choice for a year.
func (s *Site) rememberLang(w http.ResponseWriter, l locale.Lang) {
	http.SetCookie(w, &http.Cookie{Name: langCookie, Value: string(l), Path: "/", MaxAge: 365 * 24 * 60 * 60,
		Secure: s.config.TLS, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}
