// SPDX-License-Identifier: Apache-2.0

package page

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"quanze/core/fault"
	"quanze/store"
)

// How long a session lasts without a request, and in all.
const (
	sessionIdle = time.Hour
	sessionMost = 12 * time.Hour
)

const accountKey = "account"

func newSessions(config Config, s *Site) *scs.SessionManager {
	// Not scs.New: it begins with a store in memory whose cleaner runs for ever.
	m := &scs.SessionManager{Store: config.Sessions, IdleTimeout: sessionIdle, Lifetime: sessionMost, Codec: scs.GobCodec{}}
	m.Cookie = scs.SessionCookie{Name: "session", Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: config.TLS}
	if config.TLS {
		m.Cookie.Name = "__Host-session"
	}
	m.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		s.failOurs(w, r, fmt.Errorf("session: %w", err))
	}
	return m
}

// account reads who is signed in; one that is gone or closed is nobody.
func (s *Site) account(ctx context.Context) (Account, error) {
	id := s.sessions.GetString(ctx, accountKey)
	if id == "" || s.config.Accounts == nil {
		return Account{}, nil
	}
	account, err := s.config.Accounts(ctx, id)
	if fault.Is(err, fault.Absent) || fault.Is(err, fault.Denied) {
		return Account{}, nil
	}
	if err != nil {
		return Account{}, fmt.Errorf("reading account %s: %w", id, err)
	}
	return account, nil
}

// SignIn begins a session for an account that has proved itself, under a new
// token.
func SignIn(r *http.Request, id store.AccountID) error {
	m := scopeOf(r).site.sessions
	if err := m.RenewToken(r.Context()); err != nil {
		return fmt.Errorf("beginning a session: %w", err)
	}
	m.Put(r.Context(), accountKey, string(id))
	return nil
}

// SignOut ends the session.
func SignOut(r *http.Request) error {
	if err := scopeOf(r).site.sessions.Destroy(r.Context()); err != nil {
		return fmt.Errorf("ending a session: %w", err)
	}
	return nil
}

// Remember keeps a small value in the session: a filter, a notice for the next
// page.
func Remember(r *http.Request, key, value string) {
	scopeOf(r).site.sessions.Put(r.Context(), "page."+key, value)
}

// Recall returns what Remember kept; once takes it away.
func Recall(r *http.Request, key string, once bool) string {
	m := scopeOf(r).site.sessions
	if once {
		return m.PopString(r.Context(), "page."+key)
	}
	return m.GetString(r.Context(), "page."+key)
}

// askToSignIn sends a reader to the sign-in page and back. Whoever had typed
// something gets it back on a page of its own, to be sent again.
func (s *Site) askToSignIn(w http.ResponseWriter, r *http.Request) error {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return SeeOther(w, r, s.config.SignIn+"?next="+url.QueryEscape(r.URL.RequestURI()))
	}
	form, err := ParseForm(r)
	if err != nil {
		return err
	}
	words := Words(r)
	return Render(w, r, http.StatusUnauthorized, expiredPage(Frame(r, words.T("error.401.title")), words,
		r.URL.RequestURI(), s.config.SignIn, form.kept(), len(form.files) > 0))
}

// kept returns what was typed, secrets apart, in order of name.
func (f *Form) kept() []kept {
	var names []string
	for name := range f.values {
		if lower := strings.ToLower(name); !strings.Contains(lower, "password") && !strings.Contains(lower, "secret") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var out []kept
	for _, name := range names {
		for _, v := range f.values[name] {
			out = append(out, kept{name, v})
		}
	}
	return out
}
