// SPDX-License-Identifier: Apache-2.0

package web

import (
	"context"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"quanze/cmd/quanze/demo"
	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/locale"
	"quanze/office"
	"quanze/office/library"
	"quanze/office/registry"
	"quanze/packs"
	"quanze/store"
	"quanze/store/blob"
	"quanze/web/page/pagetest"
)

// Who asks: the columns of the table below. All but the first two and admin
// hold a post and the role of staff; they stand differently to the matter.
const (
	visitor   = iota // not signed in
	plain            // an account without role and person
	admin            // administers, and handles no matter
	unrelated        // staff of a body that has nothing to do with it
	works            // an investigator
	concerned        // the respondent
	recused          // an investigator who has left because of an interest
	columns
)

var logins = [columns]string{"", "plain", "admin", "county_clerk", "clerk", "school", "clerk2"}

// row is one request and what each of them is answered.
type row struct {
	pattern string
	path    string
	want    [columns]int
}

func all(status int) (out [columns]int) {
	for i := range out {
		out[i] = status
	}
	return out
}

// table is written by hand: what each route answers to whom. M stands for the
// matter, S for one whose letter is served, P for that letter.
func table() []row {
	// A matter's pages: the way to sign in; a matter that is not there for
	// whoever has nothing to do with it; closed for whoever is recused.
	see := [columns]int{303, 404, 404, 404, 200, 200, 403}
	none := [columns]int{303, 404, 404, 404, 404, 404, 403}
	staff := [columns]int{303, 403, 403, 200, 200, 200, 200}
	rules := func(status int) [columns]int { return [columns]int{303, 403, status, 403, 403, 403, 403} }
	post := func(status int) [columns]int { return [columns]int{401, 403, status, 403, 403, 403, 403} }
	return []row{
		{"GET /{$}", "/", all(200)},
		{"GET /library", "/library", all(200)},
		{"GET /library/search", "/library/search?q=问责", all(200)},
		{"GET /library/{id}", "/library/wf11", all(200)},
		{"GET /library/{id}", "/library/none", all(404)},
		{"GET /library/{id}/clauses/{clause}", "/library/wf11/clauses/wf11-art8-p2", all(200)},
		{"GET /library/{id}/clauses/{clause}", "/library/wf11/clauses/none", all(404)},
		{"GET /packs", "/packs", all(200)},
		{"GET /packs/{code}", "/packs/wf11", all(200)},
		{"GET /packs/{code}", "/packs/none", all(404)},
		{"GET /packs/{code}/clauses.csv", "/packs/wf11/clauses.csv", all(200)},
		{"GET /packs/{code}/locals.csv", "/packs/wf11/locals.csv", all(200)},
		{"GET /packs/{code}/rules", "/packs/wf11/rules", all(200)},
		{"GET /packs/{code}/rules.csv", "/packs/wf11/rules.csv", all(200)},
		{"GET /packs/{code}/rules/{rule}", "/packs/wf11/rules/R", all(200)},
		{"GET /packs/{code}/rules/{rule}", "/packs/wf11/rules/none", all(404)},
		{"GET /rules", "/rules", rules(200)},
		{"GET /rules/locals/{code}/{name}", "/rules/locals/wf11/team_days", rules(200)},
		{"GET /rules/locals/{code}/{name}", "/rules/locals/wf11/none", rules(404)},
		{"POST /rules/locals/{code}/{name}", "/rules/locals/wf11/team_days", post(422)},
		{"GET /rules/propose", "/rules/propose", rules(200)},
		{"POST /rules/propose", "/rules/propose", post(422)},
		{"GET /rules/proposals/{id}", "/rules/proposals/Q", rules(200)},
		{"GET /rules/proposals/{id}", "/rules/proposals/none", rules(404)},
		{"GET /rules/proposals/{id}/plan.csv", "/rules/proposals/Q/plan.csv", rules(200)},
		{"POST /rules/proposals/{id}/plan", "/rules/proposals/Q/plan", post(303)},
		{"POST /rules/proposals/{id}/approve", "/rules/proposals/Q/approve", post(422)},
		{"POST /rules/proposals/{id}/refuse", "/rules/proposals/Q/refuse", post(422)},
		{"GET /gallery", "/gallery", all(200)},
		{"GET /sign-in", "/sign-in", [columns]int{200, 303, 303, 303, 303, 303, 303}},
		{"POST /sign-in", "/sign-in", all(403)},
		{"GET /staff", "/staff", staff},
		{"GET /staff/matters", "/staff/matters", staff},
		{"GET /staff/matters.csv", "/staff/matters.csv", staff},
		{"GET /staff/begin/{pack}/{procedure}/{act}", "/staff/begin/wf11/case/accident?unit=bureau", [columns]int{303, 403, 403, 403, 200, 403, 200}},
		{"GET /staff/begin/{pack}/{procedure}/{act}", "/staff/begin/wf11/case/lateness_lead?unit=bureau", [columns]int{303, 403, 403, 403, 403, 403, 403}},
		{"POST /staff/begin/{pack}/{procedure}/{act}", "/staff/begin/wf11/case/accident?unit=bureau", [columns]int{401, 403, 403, 403, 422, 403, 422}},
		{"GET /matters/{id}", "M", see},
		{"GET /matters/{id}", "/matters/none", [columns]int{303, 404, 404, 404, 404, 404, 404}},
		{"GET /matters/{id}/papers", "M/papers", see},
		{"GET /matters/{id}/papers/{seq}", "M/papers/1", none},
		{"GET /matters/{id}/papers/{seq}", "P", [columns]int{303, 404, 404, 404, 200, 200, 200}},
		{"GET /matters/{id}/files", "M/files", see},
		{"GET /matters/{id}/files/{file}", "M/files/none", none},
		{"GET /matters/{id}/basis", "M/basis", see},
		{"GET /matters/{id}/days", "M/days", see},
		{"GET /matters/{id}/do/{act}", "M/do/inquire?moment=done", [columns]int{303, 404, 404, 404, 200, 404, 403}},
		{"GET /matters/{id}/do/{act}", "M/do/declare?moment=done&party=wang", [columns]int{303, 404, 404, 404, 200, 404, 403}},
		{"GET /matters/{id}/do/{act}", "M/do/state?moment=done&party=qin", [columns]int{303, 404, 404, 404, 200, 200, 403}},
		{"GET /matters/{id}/do/{act}", "M/do/accident", none},
		{"POST /matters/{id}/do/{act}", "M/do/inquire?moment=done", [columns]int{401, 404, 404, 404, 422, 422, 403}},
		{"POST /matters/{id}/do/{act}", "M/do/state?moment=done&party=qin", [columns]int{401, 404, 404, 404, 422, 422, 403}},
		{"GET /matters/{id}/settle/{seq}", "M/settle/1", none},
		{"POST /matters/{id}/settle/{seq}", "M/settle/1", [columns]int{401, 404, 404, 404, 404, 404, 403}},
		{"POST /sign-out", "/sign-out", [columns]int{401, 303, 303, 303, 303, 303, 303}},
	}
}

// unknown are addresses that no table has; what has another method says so.
var unknown = []struct {
	method, path string
	want         int
}{
	{"GET", "/none", 404}, {"GET", "/admin", 404}, {"GET", "/staff/none", 404}, {"GET", "/matters", 404}, {"GET", "/matters/x/none", 404},
	{"POST", "/none", 404}, {"POST", "/staff", 405}, {"GET", "/sign-out", 405}, {"DELETE", "/matters/x", 405}, {"PUT", "/staff", 405},
}

// site is the whole site over the demonstration.
type site struct {
	handler  http.Handler
	patterns []string
	cookies  [columns][]*http.Cookie
	names    *strings.Replacer
	rules    *strings.Replacer
}

func newSite(t *testing.T) *site {
	t.Helper()
	ctx := t.Context()
	clock := &demo.Clock{Real: func() time.Time { return time.Date(2026, 3, 25, 2, 0, 0, 0, time.UTC) }}
	db, err := store.Open(ctx, "sqlite:"+filepath.Join(t.TempDir(), "q.db"), store.Options{Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	o := office.New(db, clock.Now)
	files, err := packs.Files("wf11")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := demo.Build(ctx, o, clock, calendar.MakeDate(2026, 3, 25), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := registry.New(o).AddAccount(ctx, "", "plain", demo.Password, ""); err != nil {
		t.Fatal(err)
	}
	folder, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	rules, proposal := proposed(t, o, files)
	config := Config{Office: o, Files: folder, Demo: true, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	s := &site{names: matters(t, ctx, o), rules: strings.NewReplacer("/Q", "/"+proposal, "/R", "/"+rules)}
	_, routes, err := build(config)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range routes {
		s.patterns = append(s.patterns, r.Pattern)
	}
	if s.handler, err = New(config); err != nil {
		t.Fatal(err)
	}
	for who, login := range logins {
		if login == "" {
			continue
		}
		answer := s.ask(visitor, "POST", "/sign-in", url.Values{"login": {login}, "password": {demo.Password}})
		if s.cookies[who] = answer.Result().Cookies(); answer.Code != http.StatusSeeOther || len(s.cookies[who]) == 0 {
			t.Fatalf("%s could not sign in: %d", login, answer.Code)
		}
	}
	return s
}

// matters finds the two matters of the table; from the first, an investigator
// withdraws.
func matters(t *testing.T, ctx context.Context, o *office.Office) *strings.Replacer {
	t.Helper()
	list, _, err := o.DB.Reader().ListMatters(ctx, store.MatterFilter{})
	if err != nil {
		t.Fatal(err)
	}
	titled := func(word string) matter.ID {
		for _, m := range list {
			if strings.Contains(m.Title, word) {
				return m.ID
			}
		}
		t.Fatalf("no matter %s", word)
		return ""
	}
	m, served := titled("楼梯"), titled("宿舍")
	if _, err := o.Act(ctx, m, matter.Command{Act: "declare", Party: "feng", Outcome: "interest", Actor: org.PersonID("feng"), On: o.Today()}, nil); err != nil {
		t.Fatal(err)
	}
	events, err := o.DB.Reader().Events(ctx, served)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if e.Act == "letter" && e.Kind == matter.Done {
			return strings.NewReplacer("M", "/matters/"+string(m), "P", "/matters/"+string(served)+"/papers/"+strconv.Itoa(e.Seq))
		}
	}
	t.Fatal("no letter")
	return nil
}

// proposed proposes another version of the pack by the administrator, who so
// cannot settle it, and names one of the rules in force.
func proposed(t *testing.T, o *office.Office, files map[string][]byte) (rule, id string) {
	t.Helper()
	p, _ := rulepack.Load(files)
	admin, err := o.DB.Reader().AccountByLogin(t.Context(), "admin")
	if err != nil || p == nil {
		t.Fatal(err)
	}
	changed := maps.Clone(files)
	changed["procedures/case.yaml"] = []byte(strings.Replace(string(files["procedures/case.yaml"]), "within: 5 working_days", "within: 7 working_days", 1))
	if id, _, err = registry.New(o).Propose(t.Context(), admin.ID, changed, 0, "五天不够"); err != nil {
		t.Fatal(err)
	}
	return url.PathEscape(library.Rules(p)[0].ID()), id
}

func (s *site) ask(who int, method, target string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
	if method == "POST" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.AddCookie(&http.Cookie{Name: "lang", Value: "zh-Hans"})
	for _, c := range s.cookies[who] {
		r.AddCookie(c)
	}
	answer := httptest.NewRecorder()
	s.handler.ServeHTTP(answer, r)
	return answer
}

// TestRoutes asks every route as everybody.
func TestRoutes(t *testing.T) {
	s := newSite(t)
	var asked []string
	for _, row := range table() {
		asked = append(asked, row.pattern)
		method, _, _ := strings.Cut(row.pattern, " ")
		target := row.path
		switch {
		case !strings.HasPrefix(target, "/"):
			target = s.names.Replace(target)
		case strings.HasPrefix(target, "/packs/"), strings.HasPrefix(target, "/rules/"):
			target = s.rules.Replace(target)
		}
		for who := range columns {
			answer := s.ask(who, method, target, nil)
			if answer.Code != row.want[who] {
				t.Errorf("%s (%s) as %q: %d, want %d", row.pattern, row.path, logins[who], answer.Code, row.want[who])
			}
			if to := answer.Header().Get("Location"); who == visitor && answer.Code == http.StatusSeeOther && !strings.HasPrefix(to, "/sign-in?next=") {
				t.Errorf("%s as a visitor leads to %s", row.pattern, to)
			}
			if method == "GET" && strings.HasPrefix(answer.Header().Get("Content-Type"), "text/html") && answer.Code != http.StatusSeeOther {
				pagetest.Sound(t, answer, locale.Zh)
			}
		}
	}
	for _, p := range s.patterns {
		if !slices.Contains(asked, p) {
			t.Errorf("route %s stands in no row of the table", p)
		}
	}
	for _, p := range asked {
		if !slices.Contains(s.patterns, p) {
			t.Errorf("the table has %s, which is no route", p)
		}
	}
}

func TestUnknownAddresses(t *testing.T) {
	s := newSite(t)
	for _, u := range unknown {
		for who := range columns {
			if answer := s.ask(who, u.method, u.path, nil); answer.Code != u.want {
				t.Errorf("%s %s as %q: %d, want %d", u.method, u.path, logins[who], answer.Code, u.want)
			}
		}
	}
}

// TestSignIn: each comes to a page that he may see, or to where he wanted to
// go within the site; a wrong password tells nothing.
func TestSignIn(t *testing.T) {
	s := newSite(t)
	for _, c := range []struct{ login, password, next, want string }{
		{"clerk", demo.Password, "", "/staff"},
		{"admin", demo.Password, "", "/"},
		{"plain", demo.Password, "", "/"},
		{"teacher", demo.Password, "/staff/matters", "/staff/matters"},
		{"teacher", demo.Password, "https://example.org/", "/staff"},
		{"teacher", demo.Password, "//example.org/", "/staff"},
		{"clerk", "wrong-password", "", ""},
		{"nobody", demo.Password, "", ""},
	} {
		answer := s.ask(visitor, "POST", "/sign-in?next="+url.QueryEscape(c.next), url.Values{"login": {c.login}, "password": {c.password}})
		if got := answer.Header().Get("Location"); got != c.want {
			t.Errorf("%+v leads to %q (%d)", c, got, answer.Code)
		}
		if c.want == "" && (answer.Code != 403 || !strings.Contains(answer.Body.String(), "账号或密码不对") || strings.Contains(answer.Body.String(), c.password)) {
			t.Errorf("%+v: %d %s", c, answer.Code, answer.Body)
		}
	}
}

// TestNoGallery: without the demonstration there is no gallery.
func TestNoGallery(t *testing.T) {
	ctx := t.Context()
	db, err := store.Open(ctx, "sqlite:"+filepath.Join(t.TempDir(), "q.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	_, routes, err := build(Config{Office: office.New(db, time.Now)})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range routes {
		if strings.Contains(r.Pattern, "gallery") {
			t.Errorf("route %s", r.Pattern)
		}
	}
}
