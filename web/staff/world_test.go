// SPDX-License-Identifier: Apache-2.0

package staff_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"quanze/core/calendar"
	"quanze/core/org"
	"quanze/locale"
	"quanze/office"
	"quanze/office/registry"
	"quanze/packs"
	"quanze/store"
	"quanze/store/blob"
	"quanze/web/assets"
	"quanze/web/page"
	"quanze/web/page/pagetest"
	"quanze/web/staff"
	"quanze/web/ui/htmlcheck"
)

// today is the day of every act in these tests.
const today = "2026-03-25"

// posts are the people of these tests: the person's id and his post.
var posts = map[org.PersonID]org.PostID{"head": "bureau.principal", "deputy": "bureau.deputy", "clerk": "bureau.staff", "officer": "bureau.staff",
	"third": "bureau.staff", "fourth": "bureau.member", "fifth": "bureau.member", "aide": "city.staff", "mayor": "city.principal", "teacher": "elsewhere.principal", "principal": "school.principal", "other": "elsewhere.staff"}

// hallFS holds a small pack with all that wf11 does not have.
var hallFS = os.DirFS("testdata/hall")

// world is the front over a database, with everybody signed in.
type world struct {
	t       *testing.T
	office  *office.Office
	handler http.Handler
	cookies map[string][]*http.Cookie
}

func newWorld(t *testing.T) *world {
	t.Helper()
	ctx := t.Context()
	now := func() time.Time { return time.Date(2026, 3, 25, 2, 0, 0, 0, time.UTC) }
	db, err := store.Open(ctx, "sqlite:"+filepath.Join(t.TempDir(), "q.db"), store.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, office: office.New(db, now), cookies: map[string][]*http.Cookie{}}
	w.settle(ctx)
	words, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	set, err := assets.Load()
	if err != nil {
		t.Fatal(err)
	}
	folder, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	site, err := page.New(page.Config{Words: words, Assets: set, Sessions: pagetest.NewSessions(), Accounts: accounts,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	enter := page.Route{Pattern: "POST /enter/{id}", Role: page.Anyone, Handler: func(rw http.ResponseWriter, r *http.Request) error {
		if err := page.SignIn(r, store.AccountID(r.PathValue("id"))); err != nil {
			return err
		}
		return page.SeeOther(rw, r, "/")
	}}
	mux := http.NewServeMux()
	if err := site.Install(mux, append(staff.New(w.office, folder, words.In(locale.Zh)).Routes(), enter)); err != nil {
		t.Fatal(err)
	}
	w.handler = site.Handler(mux)
	for p := range posts {
		answer := w.send("", httptest.NewRequest("POST", "/enter/"+string(p), nil))
		w.cookies[string(p)] = answer.Result().Cookies()
	}
	return w
}

// accounts: everybody's account has the id of the person.
func accounts(_ context.Context, id string) (page.Account, error) {
	return page.Account{ID: store.AccountID(id), Name: id, Person: org.PersonID(id), Roles: []page.Role{page.Staff}}, nil
}

func (w *world) settle(ctx context.Context) {
	w.t.Helper()
	from := calendar.MakeDate(2020, 1, 1)
	var e registry.Organisation
	kinds := map[org.UnitID]org.UnitKind{"city": org.Government, "bureau": org.Department, "school": org.School, "elsewhere": org.School}
	for _, u := range [][2]org.UnitID{{"city", ""}, {"bureau", "city"}, {"school", "bureau"}, {"elsewhere", "bureau"}} {
		e.Units = append(e.Units, org.Unit{ID: u[0], Kind: kinds[u[0]], Name: org.Name{Zh: "单位" + string(u[0]), En: "unit " + string(u[0])}, Superior: u[1], From: from})
	}
	for p, at := range posts {
		unit, class, _ := strings.Cut(string(at), ".")
		id := org.PostID(string(p) + "." + unit)
		e.Posts = append(e.Posts, org.Post{ID: id, Unit: org.UnitID(unit), Class: org.Class(class), Title: org.Name{Zh: "职务", En: "post"}})
		e.Persons = append(e.Persons, org.Person{ID: p, Name: "姓名" + string(p)})
		e.Tenures = append(e.Tenures, org.Tenure{Person: p, Post: id, From: from})
	}
	g := registry.New(w.office)
	if err := g.Enter(ctx, "", e); err != nil {
		w.t.Fatal(err)
	}
	if _, diags, err := g.InstallPack(ctx, "", w.hallFiles()); err != nil {
		w.t.Fatal(err, diags)
	}
	files, err := packs.Files("wf11")
	if err != nil {
		w.t.Fatal(err)
	}
	pack, diags, err := g.InstallPack(ctx, "", files)
	if err != nil {
		w.t.Fatal(err, diags)
	}
	for name, value := range map[string]string{"meeting_quorum": "1/2", "meeting_majority": "1/3"} {
		if err := g.SetLocal(ctx, "", pack, name, value, "测试", 1); err != nil {
			w.t.Fatal(err)
		}
	}
	if err := g.SetLocal(ctx, "", pack, "team_days", "3 working_days", "测试", 1); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) registry() *registry.Registry { return registry.New(w.office) }

func (w *world) send(as string, r *http.Request) *httptest.ResponseRecorder {
	r.AddCookie(&http.Cookie{Name: "lang", Value: "zh-Hans"})
	for _, c := range w.cookies[as] {
		r.AddCookie(c)
	}
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, r)
	return answer
}

// get asks for a page.
func (w *world) get(as, target string) *httptest.ResponseRecorder {
	return w.send(as, httptest.NewRequest("GET", target, nil))
}

// upload is a file of a form.
type upload struct{ field, name, body string }

// post sends a form as a browser does; fields are name, value pairs. An empty
// upload is what a browser sends for a file input that nothing was chosen in.
func (w *world) post(as, target string, files []upload, fields ...string) *httptest.ResponseRecorder {
	w.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i+1 < len(fields); i += 2 {
		if err := form.WriteField(fields[i], fields[i+1]); err != nil {
			w.t.Fatal(err)
		}
	}
	for _, f := range files {
		part, err := form.CreateFormFile(f.field, f.name)
		if err != nil {
			w.t.Fatal(err)
		}
		if _, err := io.WriteString(part, f.body); err != nil {
			w.t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		w.t.Fatal(err)
	}
	r := httptest.NewRequest("POST", target, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return w.send(as, r)
}

const begin = "/staff/begin/wf11/case/accident?unit=bureau"

// began begins a matter and returns its path.
func (w *world) began(place string) string {
	w.t.Helper()
	answer := w.post("clerk", begin, nil, "happened_on", today, "place", place, "summary", "经过", "on", today, "do", "do")
	to := answer.Header().Get("Location")
	if answer.Code != http.StatusSeeOther || !strings.HasPrefix(to, "/matters/") {
		w.t.Fatalf("the matter was not begun: %d %s", answer.Code, said(w.t, answer))
	}
	return to
}

// did does an act that must succeed.
func (w *world) did(as, form string, fields ...string) {
	w.t.Helper()
	answer := w.post(as, form, nil, append(fields, "on", today, "do", "do")...)
	if answer.Code != http.StatusSeeOther {
		w.t.Fatalf("%s at %s: %d %s", as, form, answer.Code, said(w.t, answer))
	}
}

// inquired is a matter with a team, a respondent and an inquiry.
func (w *world) inquired() string {
	w.t.Helper()
	m := w.began("操场")
	w.did("head", m+"/do/form_team", "team", "p:clerk", "team", "p:officer", "joint_needed", "false")
	w.did("clerk", m+"/do/declare?party=clerk", "outcome", "none_held")
	w.did("officer", m+"/do/declare?party=officer", "outcome", "none_held")
	w.did("clerk", m+"/do/name_respondent", "respondent", "p:teacher")
	w.did("clerk", m+"/do/inquire", "staff", "officer", "record", "调查笔录正文")
	return m
}

const pdf = "%PDF-1.4\n%%EOF\n"

// decided goes on to the decision; nothing is served yet.
func (w *world) decided() string {
	w.t.Helper()
	m := w.inquired()
	w.recommended(m)
	answer := w.post("clerk", m+"/do/report", []upload{{"material", "材料.pdf", pdf}}, "outcome", "accountable", "staff", "officer",
		"findings", "调查报告正文", "explanation", "情况说明正文", "on", today, "do", "do")
	if answer.Code != http.StatusSeeOther {
		w.t.Fatalf("the report: %d %s", answer.Code, said(w.t, answer))
	}
	w.did("deputy", m+"/do/hear?party=teacher", "outcome", "heard", "record", "申辩记录正文")
	w.decide(m, "讨论记录正文")
	return m
}

// recommended puts down what was found of the teacher and what is recommended.
func (w *world) recommended(m string) {
	w.t.Helper()
	w.did("clerk", m+"/do/recommend?party=teacher", "recommended", "criticism", "found", "media", "conduct", "wrongly", "result", "bad_event",
		"first_duty", "履职情况", "aggravating", "no_factor", "mitigating", "no_factor")
}

// decide lets the leading body agree, all for one reason.
func (w *world) decide(m, why string) {
	w.t.Helper()
	form := m + "/do/decide?party=teacher"
	fields := sent(w.t, w.get("head", form), "outcome", "accountable", "measures", "criticism", "gravity", "lighter", "weighed", why, "earlier", "0", "baseline", "interview",
		"reply_to_defence", "答复正文", "say_all", "agree", "why_all", why, "on", today, "do", "do")
	if answer := w.post("head", form, nil, fields...); answer.Code != http.StatusSeeOther {
		w.t.Fatalf("the decision: %d %s", answer.Code, said(w.t, answer))
	}
}

// letter makes the letter to the teacher.
func (w *world) letterOf(m, text string) {
	w.t.Helper()
	form := m + "/do/letter?party=teacher"
	fields := sent(w.t, w.get("deputy", form), "sex", "女", "born", "1980-05-01", "facts", text, "basis", text, "measure_text", "通报批评", "appeal_period", "15个工作日", "appeal_body", "本机关", "do", "do")
	if answer := w.post("deputy", form, nil, fields...); answer.Code != http.StatusSeeOther {
		w.t.Fatalf("the letter: %d %s", answer.Code, said(w.t, answer))
	}
}

// served goes on to the letter and its service.
func (w *world) served() string {
	w.t.Helper()
	m := w.decided()
	w.letterOf(m, "决定书事实")
	w.did("deputy", m+"/do/letter?party=teacher&moment=served", "reason", "当面签收")
	return m
}

// parsed is the page, sound.
func parsed(t *testing.T, answer *httptest.ResponseRecorder) *htmlcheck.Node {
	t.Helper()
	return pagetest.Sound(t, answer, locale.Zh)
}

// said is what a reader reads.
func said(t *testing.T, answer *httptest.ResponseRecorder) string {
	t.Helper()
	root, err := htmlcheck.Parse(answer.Body.String())
	if err != nil {
		return answer.Body.String()
	}
	for _, n := range root.All("main") {
		return strings.Join(strings.Fields(n.Content()), " ")
	}
	return strings.Join(strings.Fields(root.Content()), " ")
}
