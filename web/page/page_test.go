// SPDX-License-Identifier: Apache-2.0

package page_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/a-h/templ"

	"quanze/core/calendar"
	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/locale"
	"quanze/web/page"
	"quanze/web/page/pagetest"
	"quanze/web/ui"
)

// hello is a page that says hello.
func hello(w http.ResponseWriter, r *http.Request) error {
	body := templ.ComponentFunc(func(ctx context.Context, out io.Writer) error {
		return ui.Page(page.Frame(r, "hello")).Render(templ.WithChildren(ctx, ui.Title("hello", "")), out)
	})
	return page.Render(w, r, http.StatusOK, body)
}

func failing(err error) page.Handler {
	return func(http.ResponseWriter, *http.Request) error { return err }
}

func routes() []page.Route {
	return []page.Route{
		{Pattern: "GET /{$}", Role: page.Anyone, Handler: hello},
		{Pattern: "GET /mine", Role: page.SignedIn, Handler: hello},
		{Pattern: "GET /staff/{id}", Role: page.Staff, Handler: hello},
		{Pattern: "POST /staff/{id}", Role: page.Staff, Handler: func(w http.ResponseWriter, r *http.Request) error { return page.SeeOther(w, r, "/mine") }},
		{Pattern: "GET /console", Role: page.Supervisor, Handler: hello},
		{Pattern: "POST /admin/x", Role: page.Admin, Handler: failing(fault.New(fault.Stale, "fault.stale"))},
		{Pattern: "POST /sign-out", Role: page.SignedIn, Handler: func(w http.ResponseWriter, r *http.Request) error {
			if err := page.SignOut(r); err != nil {
				return err
			}
			return page.SeeOther(w, r, "/")
		}},
	}
}

func TestWalk(t *testing.T) {
	pagetest.New(t, routes(), nil).Walk(t, nil)
}

func TestRoutesWithoutRoleAreRefused(t *testing.T) {
	w := pagetest.New(t, nil, nil)
	for _, bad := range []page.Route{
		{Pattern: "GET /a", Handler: hello},
		{Pattern: "GET /a", Role: page.Role(99), Handler: hello},
		{Pattern: "/a", Role: page.Anyone, Handler: hello},
		{Pattern: "GET /a", Role: page.Anyone},
	} {
		mux := http.NewServeMux()
		if err := w.Site.Install(mux, []page.Route{{Pattern: "GET /ok", Role: page.Anyone, Handler: hello}, bad}); err == nil {
			t.Errorf("%+v was installed", bad)
		}
		if _, pattern := mux.Handler(httptest.NewRequest("GET", "/ok", nil)); pattern != "" {
			t.Error("a route was entered beside a bad one")
		}
	}
}

func TestWhatIsInNoTable(t *testing.T) {
	w := pagetest.New(t, routes(), nil)
	for target, want := range map[string]int{
		"GET /nowhere": 404, "GET /staff": 404, "GET /assets/nothing.css": 404, "GET /assets/": 404,
		"POST /mine": 405, "GET /admin/x": 405, "DELETE /mine": 405, "PUT /nowhere": 404,
	} {
		method, path, _ := strings.Cut(target, " ")
		answer := w.Do(page.Admin, method, path, nil)
		if answer.Code != want {
			t.Errorf("%s: status %d, want %d", target, answer.Code, want)
		}
		if want == 405 && answer.Header().Get("Allow") == "" {
			t.Errorf("%s: no Allow", target)
		}
		if !strings.HasPrefix(path, "/assets/") {
			pagetest.Sound(t, answer, locale.Zh)
		}
	}
}

func TestErrorsBecomeStatuses(t *testing.T) {
	refusal := &matter.Refusal{Why: matter.StillOwed, Act: "decide", Names: []string{"hear"}, Clauses: []string{"x-art1-p1"}}
	tests := []struct {
		err  error
		want int
		says string
	}{
		{refusal, 422, "“decide” comes after it"},
		{fmt.Errorf("acting: %w", refusal), 422, "hear"},
		{fault.New(fault.Invalid, "calendar.date.none", "value", "2026-02-30"), 400, "2026-02-30"},
		{fmt.Errorf("reading: %w", fault.New(fault.Absent, "fault.absent")), 404, ""},
		{fault.New(fault.Denied, "fault.denied"), 403, ""},
		{fault.New(fault.Stale, "fault.stale"), 409, ""},
		{fault.New(fault.TooLarge, "fault.too_large"), 413, ""},
		{&http.MaxBytesError{Limit: 1}, 413, ""},
		{fault.New(0, "x.y"), 500, ""},
		{errors.New("secret of the database"), 500, ""},
	}
	for _, tt := range tests {
		w := pagetest.New(t, []page.Route{{Pattern: "GET /x", Role: page.Anyone, Handler: failing(tt.err)}}, nil)
		answer := w.Do(page.Anyone, "GET", "/x?lang=en", nil)
		if answer.Code != tt.want {
			t.Errorf("%v: status %d, want %d", tt.err, answer.Code, tt.want)
		}
		body := pagetest.Sound(t, answer, locale.En).Content()
		if !strings.Contains(body, tt.says) {
			t.Errorf("%v: the page does not say %q: %s", tt.err, tt.says, body)
		}
		if strings.Contains(body, "secret") || strings.Contains(body, "REFERENCE") || strings.ContainsAny(body, "[]{}") {
			t.Errorf("%v: the page says %s", tt.err, body)
		}
		if answer.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%v: Cache-Control %q", tt.err, answer.Header().Get("Cache-Control"))
		}
	}
}

func TestOurFailuresAreLoggedOnceWithTheirReference(t *testing.T) {
	handlers := map[string]page.Handler{
		"error": failing(errors.New("disk is full")),
		"panic": func(http.ResponseWriter, *http.Request) error { panic("disk is full") },
		"half a page": func(w http.ResponseWriter, r *http.Request) error {
			return page.Render(w, r, 200, templ.ComponentFunc(func(_ context.Context, out io.Writer) error {
				_, _ = io.WriteString(out, "half")
				return errors.New("disk is full")
			}))
		},
	}
	for name, h := range handlers {
		w := pagetest.New(t, []page.Route{{Pattern: "GET /x/{id}", Role: page.Anyone, Handler: h}}, nil)
		w.Log.Reset()
		answer := w.Do(page.Anyone, "GET", "/x/person-7?name=wang", nil)
		log := w.Log.String()
		_, rest, _ := strings.Cut(log, "reference=")
		reference, _, _ := strings.Cut(rest, " ")
		if answer.Code != 500 || len(reference) < 8 || !strings.Contains(answer.Body.String(), reference) || strings.Contains(answer.Body.String(), "half") {
			t.Errorf("%s: status %d, reference %q", name, answer.Code, reference)
		}
		if strings.Count(log, "disk is full") != 1 || strings.Count(log, "msg=request") != 1 || !strings.Contains(log, `pattern="GET /x/{id}" status=500`) {
			t.Errorf("%s: log\n%s", name, log)
		}
		if strings.Contains(log, "person-7") || strings.Contains(log, "wang") || strings.Contains(log, "192.0.2.1") {
			t.Errorf("%s: the log names a person or an address\n%s", name, log)
		}
	}
}

func TestHeaders(t *testing.T) {
	w := pagetest.New(t, routes(), func(c *page.Config) { c.TLS = true })
	for _, target := range []string{"/", "/nowhere", "/assets/nothing"} {
		h := w.Do(page.Anyone, "GET", target, nil).Header()
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'self'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
			"Strict-Transport-Security": "max-age",
		} {
			if !strings.Contains(h.Get(name), want) {
				t.Errorf("%s: %s is %q", target, name, h.Get(name))
			}
		}
		if !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'none'") || strings.Contains(h.Get("Content-Security-Policy"), "unsafe") {
			t.Errorf("%s: policy %q", target, h.Get("Content-Security-Policy"))
		}
	}
	if got := w.Do(page.Staff, "GET", "/mine", nil).Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("a page of somebody signed in may be kept: %q", got)
	}
}

func TestOtherSitesCannotAct(t *testing.T) {
	w := pagetest.New(t, routes(), nil)
	for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"} {
		r := httptest.NewRequest("POST", "/staff/1", nil)
		r.Header.Set(name, value)
		answer := w.Send(page.Staff, r)
		if answer.Code != 403 {
			t.Errorf("%s: status %d", name, answer.Code)
		}
		if body := pagetest.Sound(t, answer, locale.Zh).Content(); !strings.Contains(body, "别的网站") {
			t.Errorf("%s: %s", name, body)
		}
	}
	r := httptest.NewRequest("POST", "/staff/1", nil)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if answer := w.Send(page.Staff, r); answer.Code != 303 {
		t.Errorf("from this site: status %d", answer.Code)
	}
}

func TestSessionCookie(t *testing.T) {
	for _, tls := range []bool{false, true} {
		w := pagetest.New(t, routes(), func(c *page.Config) { c.TLS = tls })
		answer := w.Do(page.Anyone, "POST", "/pagetest/sign-in/staff", nil)
		var found bool
		for _, c := range answer.Result().Cookies() {
			if !strings.HasSuffix(c.Name, "session") {
				continue
			}
			found = true
			if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure != tls || c.Path != "/" || strings.HasPrefix(c.Name, "__Host-") != tls {
				t.Errorf("tls %t: cookie %+v", tls, c)
			}
		}
		if !found {
			t.Errorf("tls %t: no session cookie", tls)
		}
	}
	w := pagetest.New(t, routes(), nil)
	if cookies := w.Do(page.Anyone, "GET", "/", nil).Result().Cookies(); len(cookies) != 0 {
		t.Errorf("a reader gets cookies: %v", cookies)
	}
}

// TestSignInTakesANewToken: a token that was there before is worth nothing
// after, so that nobody can plant one.
func TestSignInTakesANewToken(t *testing.T) {
	w := pagetest.New(t, routes(), nil)
	token := func(role page.Role) string {
		r := httptest.NewRequest("POST", "/pagetest/sign-in/admin", nil)
		for _, c := range w.Send(role, r).Result().Cookies() {
			if c.Name == "session" {
				return c.Value
			}
		}
		return ""
	}
	if before, after := token(page.Staff), ""; before == "" {
		t.Fatal("no session")
	} else if after = token(page.Staff); after == before {
		t.Error("signing in kept the token")
	}
	if got := w.Do(page.Staff, "GET", "/mine", nil).Code; got != 303 {
		t.Errorf("the old token still works: %d", got)
	}
}

// TestSessionsEnd lets time pass: an idle session ends, a busy one at its bound.
func TestSessionsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := pagetest.New(t, routes(), nil)
		time.Sleep(61 * time.Minute)
		if got := w.Do(page.Staff, "GET", "/mine", nil).Code; got != 303 {
			t.Errorf("an idle session lives: %d", got)
		}
		w = pagetest.New(t, routes(), nil)
		for i := range 25 {
			time.Sleep(30 * time.Minute)
			got := w.Do(page.Staff, "GET", "/mine", nil).Code
			if alive := i < 23; alive != (got == 200) {
				t.Fatalf("after %d half hours: status %d", i+1, got)
			}
		}
	})
}

func TestSignOutEndsTheSession(t *testing.T) {
	sessions := pagetest.NewSessions()
	w := pagetest.New(t, routes(), func(c *page.Config) { c.Sessions = sessions })
	before := sessions.Count()
	if got := w.Do(page.Staff, "POST", "/sign-out", nil).Code; got != 303 {
		t.Fatal(got)
	}
	if sessions.Count() != before-1 || w.Do(page.Staff, "GET", "/mine", nil).Code != 303 {
		t.Error("the session goes on")
	}
}

func TestClosedAccountIsNobody(t *testing.T) {
	closed := false
	w := pagetest.New(t, routes(), func(c *page.Config) {
		c.Accounts = func(ctx context.Context, id string) (page.Account, error) {
			if closed {
				return page.Account{}, fault.New(fault.Absent, "store.account.absent")
			}
			return pagetest.Accounts(ctx, id)
		}
	})
	if got := w.Do(page.Staff, "GET", "/staff/1", nil).Code; got != 200 {
		t.Fatal(got)
	}
	closed = true
	if got := w.Do(page.Staff, "GET", "/staff/1", nil).Code; got != 303 {
		t.Errorf("status %d after the account was closed", got)
	}
}

func TestSignInLeadsBack(t *testing.T) {
	w := pagetest.New(t, routes(), nil)
	answer := w.Do(page.Anyone, "GET", "/staff/7?tab=files", nil)
	if got := answer.Header().Get("Location"); got != "/sign-in?next="+url.QueryEscape("/staff/7?tab=files") {
		t.Error(got)
	}
}

func TestNothingTypedIsLost(t *testing.T) {
	w := pagetest.New(t, routes(), nil)
	typed := url.Values{"reason": {"一\n<b>\"二\"</b>"}, "unit": {"a", "b"}, "new_password": {"hidden from all"}}
	answer := w.Do(page.Anyone, "POST", "/staff/7", typed)
	if answer.Code != 401 {
		t.Fatal(answer.Code)
	}
	got := url.Values{}
	root := pagetest.Sound(t, answer, locale.Zh)
	for _, in := range root.All("input") {
		got.Add(in.Attrs["name"], in.Attrs["value"])
	}
	typed.Del("new_password")
	if got.Encode() != typed.Encode() {
		t.Errorf("kept %v, want %v", got, typed)
	}
	if forms := root.All("form"); len(forms) != 1 || forms[0].Attrs["action"] != "/staff/7" {
		t.Error("the form does not lead to where it was sent")
	}
}

func TestLanguage(t *testing.T) {
	w := pagetest.New(t, routes(), nil)
	ask := func(target, cookie, header string) string {
		r := httptest.NewRequest("GET", target, nil)
		r.Header.Set("Accept-Language", header)
		if cookie != "" {
			r.AddCookie(&http.Cookie{Name: "lang", Value: cookie})
		}
		return w.Send(page.Anyone, r).Header().Get("Content-Language")
	}
	for _, tt := range [][4]string{
		{"/", "", "", "zh-Hans"}, {"/", "", "en-GB", "en"}, {"/", "zh-Hans", "en", "zh-Hans"}, {"/?lang=en", "zh-Hans", "zh", "en"},
		{"/?lang=xx", "", "zh", "zh-Hans"}, {"/nowhere?lang=en", "", "", "en"},
	} {
		if got := ask(tt[0], tt[1], tt[2]); got != tt[3] {
			t.Errorf("%v: %s", tt, got)
		}
	}
	cookies := w.Do(page.Anyone, "GET", "/?lang=en", nil).Result().Cookies()
	if len(cookies) != 1 || cookies[0].Value != "en" {
		t.Errorf("the choice is not kept: %v", cookies)
	}
}

func TestLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := pagetest.New(t, []page.Route{{Pattern: "POST /in", Role: page.Anyone, Handler: page.Limited(3, 5*time.Minute, hello)}}, nil)
		ask := func(from string) int {
			r := httptest.NewRequest("POST", "/in", nil)
			r.RemoteAddr = from
			return w.Send(page.Anyone, r).Code
		}
		for range 3 {
			if got := ask("192.0.2.7:1"); got != 200 {
				t.Fatal(got)
			}
		}
		if got := ask("192.0.2.7:2"); got != 429 {
			t.Errorf("the fourth: %d", got)
		}
		if got := ask("192.0.2.8:1"); got != 200 {
			t.Errorf("another address: %d", got)
		}
		time.Sleep(11 * time.Minute)
		if got := ask("192.0.2.7:3"); got != 200 {
			t.Errorf("after the while: %d", got)
		}
	})
}

func TestBodiesAreBounded(t *testing.T) {
	read := func(w http.ResponseWriter, r *http.Request) error {
		if _, err := page.ParseForm(r); err != nil {
			return err
		}
		return hello(w, r)
	}
	w := pagetest.New(t, []page.Route{
		{Pattern: "POST /small", Role: page.Anyone, Handler: read, Body: 100},
		{Pattern: "POST /usual", Role: page.Anyone, Handler: read},
	}, nil)
	long := url.Values{"a": {strings.Repeat("x", 200)}}
	many := url.Values{"a": make([]string, 501)}
	for target, tt := range map[string]struct {
		form url.Values
		want int
	}{"/small": {long, 413}, "/usual": {long, 200}, "/usual?": {many, 413}} {
		if got := w.Do(page.Anyone, "POST", target, tt.form).Code; got != tt.want {
			t.Errorf("%s: status %d, want %d", target, got, tt.want)
		}
	}
}

func TestFrame(t *testing.T) {
	w := pagetest.New(t, routes(), func(c *page.Config) {
		c.Fronts = []page.Front{{Key: "nav.portal", Href: "/", Role: page.Anyone}, {Key: "nav.staff", Href: "/staff", Role: page.Staff}, {Key: "nav.console", Href: "/console", Role: page.Supervisor}}
		c.Pinned = calendar.MakeDate(2026, 2, 25)
		c.Calendar = func() (string, calendar.Date) { return "cn@2026.1", calendar.MakeDate(2026, 12, 31) }
	})
	body := pagetest.Sound(t, w.Do(page.Staff, "GET", "/staff/1", nil), locale.Zh)
	text := body.Content()
	if !strings.Contains(text, "办事") || strings.Contains(text, "监督") || !strings.Contains(text, "2026-02-25 周三") || !strings.Contains(text, "cn@2026.1") {
		t.Error(text)
	}
	var current []string
	for _, a := range body.All("a") {
		if a.Attrs["aria-current"] == "page" {
			current = append(current, a.Attrs["href"])
		}
	}
	if strings.Join(current, " ") != "/staff" {
		t.Errorf("current %v", current)
	}
}

func TestLocalPath(t *testing.T) {
	for target, want := range map[string]string{
		"/staff?x=1#y": "/staff?x=1#y", "": "/", "staff": "/", "//evil.example": "/", "///evil.example": "/", "/\\evil.example": "/", "https://evil.example": "/",
		"javascript:alert(1)": "/", "/a\r\nb": "/", "/a//b": "/a//b",
	} {
		if got := page.LocalPath(target, "/"); got != want {
			t.Errorf("%q: %q, want %q", target, got, want)
		}
	}
}

func FuzzLocalPath(f *testing.F) {
	f.Add("//evil.example")
	f.Fuzz(func(t *testing.T, target string) {
		got := page.LocalPath(target, "/")
		u, err := url.Parse(got)
		if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(got, "/") || strings.HasPrefix(got, "//") {
			t.Errorf("%q leads to %q", target, got)
		}
	})
}
