// SPDX-License-Identifier: Apache-2.0

package staff_test

import (
	"encoding/csv"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/store"
)

// evil tries to break out of an attribute, a textarea and a script.
const evil = `"'></textarea></title><script>alert(1)</script><b onclick="x()">&lt;`

// unbroken asserts that a page is sound and that evil is nothing but text in it.
func unbroken(t *testing.T, name string, answer *httptest.ResponseRecorder) {
	t.Helper()
	root := parsed(t, answer)
	if n := len(root.All("b")); n > 0 {
		t.Errorf("%s: %d elements came from a value", name, n)
	}
	for _, s := range root.All("script") {
		if s.Attrs["src"] == "" || s.Content() != "" {
			t.Errorf("%s: a script came from a value", name)
		}
	}
	for _, n := range root.All("") {
		for a := range n.Attrs {
			if strings.HasPrefix(a, "on") {
				t.Errorf("%s: <%s %s> came from a value", name, n.Tag, a)
			}
		}
	}
}

// TestInjection puts evil into every field of forms, into titles, reasons,
// names of files and queries.
func TestInjection(t *testing.T) {
	w := newWorld(t)
	answer := w.post("clerk", begin, nil, "happened_on", evil, "place", evil, "summary", evil, "on", evil, "do", "do")
	if answer.Code != http.StatusUnprocessableEntity || strings.Count(answer.Body.String(), "alert(1)") < 4 {
		t.Errorf("the form does not come back with what was typed: %d", answer.Code)
	}
	unbroken(t, "begin refused", answer)
	unbroken(t, "begin drafted", w.get("clerk", begin))
	m := w.began(evil)
	w.did("head", m+"/do/form_team", "team", "p:clerk", "team", "p:officer", "joint_needed", "false")
	w.did("clerk", m+"/do/declare?party=clerk", "outcome", "none_held")
	w.did("officer", m+"/do/declare?party=officer", "outcome", "none_held")
	w.did("clerk", m+"/do/name_respondent", "respondent", "p:teacher")
	for _, c := range []struct {
		as, form string
		fields   []string
	}{
		{"head", "add_member", []string{"team", evil}},
		{"clerk", "inquire", []string{"record", evil, "staff", evil, "proof", evil + "|" + evil}},
		{"clerk", "recommend?party=teacher", []string{"recommended", evil}},
		{"clerk", "report", []string{"findings", evil, "explanation", evil, "outcome", evil, "staff", "officer"}},
		{"clerk", "extend", []string{"complex", evil, "extra", evil, "extra_unit", evil, "reason", evil}},
		{"teacher", "state?party=teacher", []string{"text", "", "proof", evil}},
		{"head", "inquire", []string{"record", evil}},
		{"teacher", "inquire", []string{"record", evil}},
		{"clerk", "declare?party=" + url.QueryEscape(evil) + "&moment=" + url.QueryEscape(evil) + "&to=" + url.QueryEscape(evil), []string{"outcome", evil}},
		{"clerk", "letter?moment=served&party=teacher&to=" + url.QueryEscape(evil), []string{"reason", evil}},
	} {
		answer := w.post(c.as, m+"/do/"+c.form, nil, append(c.fields, "on", today, "do", "do")...)
		if answer.Code < 400 || answer.Code >= 500 {
			t.Errorf("%s: %d %s", c.form, answer.Code, said(t, answer))
		}
		unbroken(t, c.form, answer)
		unbroken(t, c.form+" again", w.get(c.as, m+"/do/"+c.form))
	}
	w.did("clerk", m+"/do/inquire", "staff", "officer", "record", evil)
	w.recommended(m)
	answer = w.post("clerk", m+"/do/report", []upload{{"material", evil + ".pdf", pdf}}, "outcome", "accountable", "staff", "officer", "findings", evil, "explanation", evil, "on", today, "do", "do")
	if answer.Code != http.StatusSeeOther {
		t.Fatalf("the report: %s", said(t, answer))
	}
	w.did("deputy", m+"/do/hear?party=teacher", "outcome", "heard", "record", evil)
	w.decide(m, evil)
	w.letterOf(m, evil)
	w.did("deputy", m+"/do/letter?party=teacher&moment=served", "reason", evil)
	for _, as := range []string{"clerk", "teacher"} {
		for _, path := range []string{"/staff", "/staff/matters", m, m + "/papers", m + "/files", m + "/days", m + "/basis", w.letter(m), m + "/do/appeal?party=teacher"} {
			answer := w.get(as, path)
			if answer.Code != http.StatusOK {
				t.Errorf("%s as %s: %d", path, as, answer.Code)
			}
			unbroken(t, path, answer)
		}
	}
	if text := said(t, w.get("clerk", m)); !strings.Contains(text, evil) {
		t.Errorf("the title is not shown as it was typed: %s", text)
	}
}

// letter is the path of the matter's letter.
func (w *world) letter(m string) string {
	w.t.Helper()
	for _, e := range w.events(m) {
		if e.Act == "letter" && e.Kind == matter.Done {
			return m + "/papers/" + strconv.Itoa(e.Seq)
		}
	}
	w.t.Fatal("no letter")
	return ""
}

func (w *world) events(m string) []store.Recorded {
	w.t.Helper()
	events, err := w.office.DB.Reader().Events(w.t.Context(), matter.ID(strings.TrimPrefix(m, "/matters/")))
	if err != nil {
		w.t.Fatal(err)
	}
	return events
}

// TestConcernedSide: whom a matter concerns sees no investigator, no record of
// the inquiry, and nothing of the decision before it is served; the others see
// all of it.
func TestConcernedSide(t *testing.T) {
	w := newWorld(t)
	never := []string{"姓名clerk", "姓名officer", "调查笔录正文", "调查报告正文", "情况说明正文", "申辩记录正文", "讨论记录正文", "材料.pdf"}
	for _, stage := range []struct {
		name   string
		matter string
		hidden []string
		shown  []string
	}{
		{name: "inquired", matter: w.inquired()},
		// 2026-04-01 is the last day for the letter: it would tell that there is a decision.
		{name: "decided", matter: w.decided(), hidden: []string{"通报批评", "决定问责", "问责决定书", "2026-04-01", "criticism"}},
		{name: "served", matter: w.served(), hidden: []string{"2026-04-01", "制作决定书"}, shown: []string{"决定书事实", "通报批评", "2026-04-16"}},
	} {
		t.Run(stage.name, func(t *testing.T) {
			m := stage.matter
			var all strings.Builder
			pages := []string{m, m + "/papers", m + "/files", m + "/days", m + "/basis", "/staff", "/staff/matters", "/staff/matters.csv", m + "/do/state?party=teacher"}
			if stage.name == "served" {
				pages = append(pages, w.letter(m), m+"/do/appeal?party=teacher")
			}
			for _, path := range pages {
				answer := w.get("teacher", path)
				if answer.Code != http.StatusOK {
					t.Errorf("%s: %d", path, answer.Code)
				}
				body := answer.Body.String()
				all.WriteString(body)
				for _, s := range append(stage.hidden, never...) {
					if path == m+"/basis" && !strings.HasPrefix(s, "姓名") || stage.name != "served" && strings.HasPrefix(path, "/staff") && stage.name == "inquired" {
						continue // the gists of the clauses are everybody's
					}
					if strings.Contains(body, s) {
						t.Errorf("%s shows %q", path, s)
					}
				}
			}
			for _, s := range stage.shown {
				if !strings.Contains(all.String(), s) {
					t.Errorf("%q is not shown", s)
				}
			}
			w.foreign(t, m, never)
		})
	}
	if text := w.get("clerk", w.inquired()).Body.String(); !strings.Contains(text, "姓名officer") {
		t.Errorf("who works on it does not see his colleague: %s", text)
	}
}

// foreign tries every act that is not the concerned person's.
func (w *world) foreign(t *testing.T, m string, never []string) {
	t.Helper()
	for _, act := range []string{"form_team", "add_member", "name_respondent", "declare", "inquire", "extend", "recommend", "report", "hear", "decide", "letter", "execute", "review", "answer", "order"} {
		for _, party := range []string{"", "teacher", "clerk"} {
			path := m + "/do/" + act + "?party=" + party
			if answer := w.get("teacher", path); answer.Code != http.StatusNotFound {
				t.Errorf("%s: %d", path, answer.Code)
			}
			answer := w.post("teacher", path, nil, "on", today, "do", "do", "outcome", "accountable")
			if answer.Code != http.StatusUnprocessableEntity || !strings.Contains(answer.Body.String(), "/clauses/wf11-art") {
				t.Errorf("%s: %d without a clause", path, answer.Code)
			}
			for _, s := range append([]string{"通报批评"}, never...) {
				if act != "recommend" && act != "decide" && strings.Contains(answer.Body.String(), s) {
					t.Errorf("the refusal of %s shows %q", path, s)
				}
			}
		}
	}
}

// TestConcernedWorksOnNothing: an official who is himself the respondent may
// not do by his post what belongs to the body that decides on him.
func TestConcernedWorksOnNothing(t *testing.T) {
	w := newWorld(t)
	m := w.began("操场")
	w.did("head", m+"/do/form_team", "team", "p:clerk", "team", "p:officer", "joint_needed", "false")
	w.did("clerk", m+"/do/name_respondent", "respondent", "p:deputy")
	for _, act := range []string{"add_member?moment=done", "letter?party=deputy"} {
		if answer := w.post("deputy", m+"/do/"+act, nil, "team", "p:third", "on", today, "do", "do"); answer.Code != http.StatusForbidden {
			t.Errorf("%s: %d %s", act, answer.Code, said(t, answer))
		}
	}
	for _, e := range w.events(m) {
		if e.Actor.Person == "deputy" {
			t.Errorf("the respondent did %s", e.Act)
		}
	}
}

// TestCSV: no cell of the list is a formula to a spreadsheet.
func TestCSV(t *testing.T) {
	w := newWorld(t)
	titles := []string{`=HYPERLINK("http://example.org","x")`, "+1+1", "-2+3", "@SUM(A1)", "\t=1", "平常，\"引号\"", "=1\n=2"}
	for _, s := range titles {
		w.began(s)
	}
	answer := w.get("clerk", "/staff/matters.csv")
	text, marked := strings.CutPrefix(answer.Body.String(), "\ufeff")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || !marked || len(rows) != len(titles)+1 {
		t.Fatalf("%d rows, %v, marked %v", len(rows), err, marked)
	}
	if got := answer.Header().Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") {
		t.Errorf("disposition %q", got)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
				t.Errorf("a formula: %q", cell)
			}
		}
	}
}

// TestAttemptsAreKept: who tried what, and by which clause it was refused.
func TestAttemptsAreKept(t *testing.T) {
	w := newWorld(t)
	m := w.inquired()
	type attempt struct {
		Person, Act, Party, Why, Clauses string
	}
	w.post("clerk", m+"/do/inquire", nil, "record", "一人", "on", today, "do", "do")
	w.post("teacher", m+"/do/report", nil, "on", today, "do", "do")
	w.post("clerk", m+"/do/decide?party=teacher", nil, "on", today, "do", "do")
	w.post("head", m+"/do/decide?party=teacher", nil, "on", today, "do", "do")
	w.post("clerk", m+"/do/inquire", nil, "on", "2026-02-30", "do", "do") // no attempt: it could not be read
	w.post("clerk", begin, nil, "on", today, "do", "do")
	list, _, err := w.office.DB.Reader().Attempts(t.Context(), store.AttemptFilter{})
	if err != nil {
		t.Fatal(err)
	}
	var got []attempt
	for _, a := range list {
		got = append(got, attempt{string(a.Actor.Person), a.Refusal.Act, a.Refusal.Party, string(a.Refusal.Why), strings.Join(a.Refusal.Clauses, " ")})
		if a.Refusal.Act != "accident" && string(a.Matter) != strings.TrimPrefix(m, "/matters/") {
			t.Errorf("an attempt at matter %q", a.Matter)
		}
	}
	slices.SortFunc(got, func(a, b attempt) int { return strings.Compare(a.Person+a.Act, b.Person+b.Act) })
	want := []attempt{
		{"clerk", "accident", "", "content_missing", "wf11-art8-p1a"},
		{"clerk", "inquire", "", "too_few_staff", "wf11-art8-p2"},
		{"teacher", "report", "", "not_entitled", "wf11-art10-p2a"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// value is what stands in the field of that name.
func value(t *testing.T, answer *httptest.ResponseRecorder, name string) string {
	t.Helper()
	root := parsed(t, answer)
	for _, n := range root.All("") {
		if n.Attrs["name"] != name {
			continue
		}
		switch n.Tag {
		case "textarea":
			return n.Content()
		case "input":
			if _, checked := n.Attrs["checked"]; checked || n.Attrs["type"] == "text" {
				return n.Attrs["value"]
			}
		}
	}
	return ""
}

// TestDrafts: what was typed stays after a refusal and after keeping it, for
// its author and its form alone, until the act is done.
func TestDrafts(t *testing.T) {
	w := newWorld(t)
	m := w.inquired()
	form := m + "/do/inquire"
	if answer := w.post("clerk", form, nil, "record", "第二次询问", "on", today, "do", "do"); answer.Code != 422 || value(t, answer, "record") != "第二次询问" {
		t.Errorf("after the refusal: %d %q", answer.Code, value(t, answer, "record"))
	}
	if got := value(t, w.get("clerk", form), "record"); got != "第二次询问" {
		t.Errorf("found again: %q", got)
	}
	if got := value(t, w.get("officer", form), "record"); got != "" {
		t.Errorf("another's draft is shown: %q", got)
	}
	answer := w.post("clerk", form, nil, "record", "改过", "staff", "officer", "on", "2026-0", "do", "draft")
	if answer.Code != http.StatusSeeOther || answer.Header().Get("Location") != m {
		t.Errorf("keeping a draft: %d", answer.Code)
	}
	found := w.get("clerk", form)
	if value(t, found, "record") != "改过" || value(t, found, "staff") != "officer" || value(t, found, "on") != "2026-0" {
		t.Errorf("the draft: %s", said(t, found))
	}
	w.did("clerk", form, "record", "改过", "staff", "officer")
	if got := value(t, w.get("clerk", form), "record"); got != "" {
		t.Errorf("the draft stayed: %q", got)
	}
}

// TestLateEntry: an act counts from its own day, and the record says when it
// was entered; a day that is none, or to come, is told at its field.
func TestLateEntry(t *testing.T) {
	w := newWorld(t)
	fields := func(on string) []string {
		return []string{"happened_on", "2026-03-20", "place", "操场", "summary", "经过", "on", on, "do", "do"}
	}
	for on, want := range map[string]string{"": "须填写办理日期", "昨天": "办理日期须写成", "2026-02-30": "所写的日期不存在", "2026-03-26": "不能登记今天以后"} {
		answer := w.post("clerk", begin, nil, fields(on)...)
		if answer.Code != 422 || !strings.Contains(said(t, answer), want) || value(t, answer, "on") != on {
			t.Errorf("%q: %d %q %s", on, answer.Code, value(t, answer, "on"), said(t, answer))
		}
	}
	answer := w.post("clerk", begin, nil, fields("２０２６－０３－２０")...)
	if answer.Code != http.StatusSeeOther {
		t.Fatalf("a late entry: %s", said(t, answer))
	}
	m := answer.Header().Get("Location")
	first := w.events(m)[0]
	if first.On != calendar.MakeDate(2026, 3, 20) || first.Entered != calendar.MakeDate(2026, 3, 25) {
		t.Errorf("on %s, entered %s", first.On, first.Entered)
	}
	if text := said(t, w.get("clerk", m)); !strings.Contains(text, "2026-03-25 周三") || !strings.Contains(text, "2026-03-20 周五") {
		t.Errorf("the page does not tell both days: %s", text)
	}
}

// TestUploads: what is no document, empty, too large or too many is told at its
// field, and nothing typed is lost; what was taken is kept with the draft.
func TestUploads(t *testing.T) {
	w := newWorld(t)
	m := w.inquired()
	w.recommended(m)
	form := m + "/do/report"
	fields := []string{"outcome", "accountable", "staff", "officer", "findings", "报告", "explanation", "说明", "on", today, "do", "do"}
	many := make([]upload, 11)
	for i := range many {
		many[i] = upload{"material", "a.pdf", pdf}
	}
	for _, c := range []struct {
		name  string
		files []upload
		want  string
	}{
		{"none", nil, "缺少须填内容：事实材料"},
		{"nothing chosen", []upload{{"material", "", ""}}, "缺少须填内容：事实材料"},
		{"a page", []upload{{"material", "a.pdf", "<!DOCTYPE html><script>x</script>"}}, "事实材料的文件类型不被接受"},
		{"a program", []upload{{"material", "a.pdf", "\x7fELF\x02\x01\x01\x00"}}, "事实材料的文件类型不被接受"},
		{"empty", []upload{{"material", "a.pdf", ""}}, "文件是空的"},
		{"too large", []upload{{"material", "a.pdf", pdf + strings.Repeat("x", 20<<20)}}, "事实材料不能超过"},
		{"too many", many, "事实材料最多10个文件"},
	} {
		answer := w.post("clerk", form, c.files, fields...)
		text := said(t, answer)
		if answer.Code != 422 || !strings.Contains(text, c.want) {
			t.Errorf("%s: %d %s", c.name, answer.Code, text)
		}
		if value(t, answer, "findings") != "报告" || value(t, answer, "explanation") != "说明" || value(t, answer, "outcome") != "accountable" {
			t.Errorf("%s: what was typed is lost: %s", c.name, text)
		}
		if parsed(t, answer).ByID("f-material-error") == nil {
			t.Errorf("%s: no error at the field", c.name)
		}
	}
	// A faulty file is told also when only a draft is kept.
	if answer := w.post("clerk", form, []upload{{"material", "a.pdf", "\x7fELF\x02\x01\x01\x00"}}, append(fields[:10:10], "do", "draft")...); answer.Code != 422 {
		t.Errorf("a draft with a program: %d", answer.Code)
	}
	if answer := w.post("clerk", form, []upload{{"material", "../目录.pdf", pdf}}, append(fields[:10:10], "do", "draft")...); answer.Code != http.StatusSeeOther {
		t.Fatalf("keeping a file: %d %s", answer.Code, said(t, answer))
	}
	drafted := w.get("clerk", form)
	kept := value(t, drafted, "material")
	if !strings.HasSuffix(kept, "|目录.pdf") {
		t.Fatalf("the draft's file: %q", kept)
	}
	if answer := w.post("officer", form, nil, append(slices.Clone(fields), "staff", "clerk", "material", kept)...); answer.Code != http.StatusConflict {
		t.Errorf("another's file was taken: %d %s", answer.Code, said(t, answer))
	}
	w.did("clerk", form, append(fields[:8:8], "material", kept)...)
	w.download(t, m, strings.Split(kept, "|")[0])
}

// download: a file is always something to keep, and only for those who work on
// the matter.
func (w *world) download(t *testing.T, m, id string) {
	t.Helper()
	answer := w.get("clerk", m+"/files/"+id)
	h := answer.Header()
	if answer.Code != 200 || answer.Body.String() != pdf || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") ||
		h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("the file: %d %v", answer.Code, h)
	}
	for as, want := range map[string]int{"teacher": 404, "other": 404, "": 303} {
		if got := w.get(as, m+"/files/"+id).Code; got != want {
			t.Errorf("the file as %q: %d", as, got)
		}
	}
}
