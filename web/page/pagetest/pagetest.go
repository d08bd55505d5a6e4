// SPDX-License-Identifier: Apache-2.0

// Package pagetest is for the tests of page and of the fronts; it is part of no
// binary. New builds a site whose sessions live in memory, with one account per
// role; Do asks it like a browser of that role; Walk asks every route as every
// role and checks that none is let in who may not be, and that every page that
// is shown is sound in both languages. Start at New.
package pagetest

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"quanze/core/fault"
	"quanze/locale"
	"quanze/store"
	"quanze/web/assets"
	"quanze/web/page"
	"quanze/web/ui/htmlcheck"
)

// World is a site under test.
type World struct {
	Site    *page.Site
	Handler http.Handler
	Log     *bytes.Buffer
	routes  []page.Route
	cookies map[page.Role][]*http.Cookie
}

// signInPath is a route of the world alone: it signs in the account of a role.
const signInPath = "/pagetest/sign-in/"

// New builds a world from a table of routes. change may set what else the site
// needs; the account of each role has the role's name as its id.
func New(t *testing.T, routes []page.Route, change func(*page.Config)) *World {
	t.Helper()
	words, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	set, err := assets.Load()
	if err != nil {
		t.Fatal(err)
	}
	w := &World{Log: &bytes.Buffer{}, routes: routes, cookies: map[page.Role][]*http.Cookie{}}
	config := page.Config{Words: words, Assets: set, Sessions: NewSessions(), Accounts: Accounts, Log: slog.New(slog.NewTextHandler(w.Log, nil))}
	if change != nil {
		change(&config)
	}
	if w.Site, err = page.New(config); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	own := page.Route{Pattern: "POST " + signInPath + "{role}", Role: page.Anyone, Handler: func(w http.ResponseWriter, r *http.Request) error {
		if err := page.SignIn(r, store.AccountID(r.PathValue("role"))); err != nil {
			return err
		}
		return page.SeeOther(w, r, "/")
	}}
	if err := w.Site.Install(mux, append([]page.Route{own}, routes...)); err != nil {
		t.Fatal(err)
	}
	w.Handler = w.Site.Handler(mux)
	for _, role := range page.Roles()[1:] {
		answer := w.send(httptest.NewRequest("POST", signInPath+role.String(), nil), page.Anyone)
		w.cookies[role] = answer.Result().Cookies()
		if len(w.cookies[role]) == 0 {
			t.Fatalf("no session for %s: %d", role, answer.Code)
		}
	}
	return w
}

// Accounts has one account per role.
func Accounts(_ context.Context, id string) (page.Account, error) {
	for _, role := range page.Roles()[1:] {
		if role.String() == id {
			return page.Account{ID: store.AccountID(id), Name: id, Roles: page.ParseRoles([]string{id})}, nil
		}
	}
	return page.Account{}, fault.New(fault.Absent, "store.account.absent")
}

// Do asks for a page as a role, or posts a form where one is given.
func (w *World) Do(role page.Role, method, target string, form url.Values) *httptest.ResponseRecorder {
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequest(method, target, body)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return w.send(r, role)
}

// Send asks with a request of the test's own making.
func (w *World) Send(role page.Role, r *http.Request) *httptest.ResponseRecorder {
	return w.send(r, role)
}

func (w *World) send(r *http.Request, role page.Role) *httptest.ResponseRecorder {
	for _, c := range w.cookies[role] {
		r.AddCookie(c)
	}
	answer := httptest.NewRecorder()
	w.Handler.ServeHTTP(answer, r)
	return answer
}

var wildcard = regexp.MustCompile(`\{[^}]*\}`)

// Walk asks every route as every role. Of a path's wildcards it puts x, unless
// paths has a true address for the pattern.
func (w *World) Walk(t *testing.T, paths map[string]string) {
	t.Helper()
	for _, route := range w.routes {
		method, pattern, _ := strings.Cut(route.Pattern, " ")
		target := paths[route.Pattern]
		if target == "" {
			target = wildcard.ReplaceAllString(strings.TrimSuffix(pattern, "{$}"), "x")
		}
		for _, role := range page.Roles() {
			account, _ := Accounts(t.Context(), role.String())
			if role == page.Anyone {
				account = page.Account{}
			}
			answer := w.Do(role, method, target, nil)
			switch {
			case account.May(route.Role):
				w.allowed(t, role, method, target, answer)
			case account.ID != "" && answer.Code != http.StatusForbidden:
				t.Errorf("%s as %s: status %d, want 403", route.Pattern, role, answer.Code)
			case account.ID == "" && method == "GET" && answer.Code != http.StatusSeeOther:
				t.Errorf("%s as %s: status %d, want the way to sign in", route.Pattern, role, answer.Code)
			case account.ID == "" && method != "GET" && answer.Code != http.StatusUnauthorized:
				t.Errorf("%s as %s: status %d, want 401", route.Pattern, role, answer.Code)
			}
		}
	}
}

// allowed checks an answer to somebody who may ask.
func (w *World) allowed(t *testing.T, role page.Role, method, target string, answer *httptest.ResponseRecorder) {
	t.Helper()
	if answer.Code == http.StatusForbidden || answer.Code == http.StatusUnauthorized || answer.Code >= 500 {
		t.Errorf("%s %s as %s: status %d", method, target, role, answer.Code)
	}
	if method != "GET" || !strings.HasPrefix(answer.Header().Get("Content-Type"), "text/html") {
		return
	}
	for _, l := range locale.Langs() {
		r := httptest.NewRequest(method, target, nil)
		r.AddCookie(&http.Cookie{Name: "lang", Value: string(l)})
		Sound(t, w.send(r, role), l)
	}
}

// Sound checks a page and returns it parsed.
func Sound(t *testing.T, answer *httptest.ResponseRecorder, l locale.Lang) *htmlcheck.Node {
	t.Helper()
	root, err := htmlcheck.Parse(answer.Body.String())
	if err != nil {
		t.Fatalf("status %d: %v", answer.Code, err)
	}
	for _, p := range htmlcheck.PageProblems(root, string(l)) {
		t.Errorf("status %d, %s: %s", answer.Code, l, p)
	}
	return root
}

// Sessions keeps sessions in memory.
type Sessions struct {
	mu   sync.Mutex
	data map[string][]byte
	ends map[string]time.Time
}

// NewSessions returns an empty store.
func NewSessions() *Sessions {
	return &Sessions{data: map[string][]byte{}, ends: map[string]time.Time{}}
}

// Find returns a session that has not expired.
func (s *Sessions) Find(token string) ([]byte, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.data[token]
	return b, ok && time.Now().Before(s.ends[token]), nil
}

// Commit keeps a session.
func (s *Sessions) Commit(token string, b []byte, expiry time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data[token], s.ends[token] = b, expiry
	return nil
}

// Delete forgets a session.
func (s *Sessions) Delete(token string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.data, token)
	delete(s.ends, token)
	return nil
}

// Count is the number of sessions kept.
func (s *Sessions) Count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.data)
}
