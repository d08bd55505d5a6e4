// SPDX-License-Identifier: Apache-2.0

package staff_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"quanze/core/matter"
	"quanze/core/rulepack"
	"quanze/office/registry"
	"quanze/packs"
)

const hallBegin = "/staff/begin/hall/case/begin?unit=bureau"

// opened is a matter of the hall about the teacher, with its report.
func (w *world) opened() string {
	w.t.Helper()
	answer := w.post("clerk", hallBegin, nil, "name", "屋顶", "respondent", "p:teacher", "on", today, "do", "do")
	if answer.Code != http.StatusSeeOther {
		w.t.Fatalf("the matter was not begun: %d %s", answer.Code, said(w.t, answer))
	}
	return answer.Header().Get("Location")
}

func (w *world) hallReported() string {
	w.t.Helper()
	m := w.opened()
	w.did("clerk", m+"/do/report")
	return m
}

// sent are the fields of a page's form as a browser would send them, but for
// those that are changed; a change to "-" leaves the field out.
func sent(t *testing.T, answer *httptest.ResponseRecorder, change ...string) []string {
	t.Helper()
	var out []string
	changed := func(name, value string) bool {
		for i := 0; i+1 < len(change); i += 2 {
			if change[i] == name || change[i] == name+"="+value {
				return true
			}
		}
		return false
	}
	add := func(name, value string) {
		if name != "" && !changed(name, value) {
			out = append(out, name, value)
		}
	}
	root := parsed(t, answer)
	for _, form := range root.All("form") {
		if !strings.Contains(form.Attrs["action"], "/do/") {
			continue
		}
		for _, n := range form.All("") {
			_, checked := n.Attrs["checked"]
			switch {
			case n.Tag == "textarea":
				add(n.Attrs["name"], strings.TrimPrefix(n.Content(), "\n"))
			case n.Tag == "select":
				for _, o := range n.All("option") {
					if _, chosen := o.Attrs["selected"]; chosen {
						add(n.Attrs["name"], o.Attrs["value"])
					}
				}
			case n.Tag == "input" && (checked || n.Attrs["type"] == "text" || n.Attrs["type"] == "hidden"):
				add(n.Attrs["name"], n.Attrs["value"])
			}
		}
	}
	for i := 0; i+1 < len(change); i += 2 {
		if change[i+1] != "-" {
			out = append(out, change[i], change[i+1])
		}
	}
	return out
}

// errorAt is what is said to be wrong at a field.
func errorAt(t *testing.T, answer *httptest.ResponseRecorder, id string) string {
	t.Helper()
	if n := parsed(t, answer).ByID(id); n != nil {
		return strings.Join(strings.Fields(n.Content()), " ")
	}
	return ""
}

const decideForm = "/do/decide?party=teacher&moment=done"

// chosen is the form of the decision with the roll of a meeting.
func (w *world) chosen(m, meeting string) *httptest.ResponseRecorder {
	w.t.Helper()
	answer := w.post("clerk", m+decideForm, nil, sent(w.t, w.get("clerk", m+decideForm), "meeting", meeting, "outcome", "sanction", "grounds", "理由正文", "do", "roll")...)
	if answer.Code != http.StatusOK {
		w.t.Fatalf("the roll of %s: %d %s", meeting, answer.Code, said(w.t, answer))
	}
	return answer
}

// TestMeetingQuick: two meetings may decide, so one is chosen first; then all
// are there, and one position and one reason stand for all that is left empty.
func TestMeetingQuick(t *testing.T) {
	w := newWorld(t)
	m := w.hallReported()
	form := w.get("clerk", m+decideForm)
	if text := said(t, form); strings.Contains(text, "姓名fifth") || !strings.Contains(text, "馆务会") || !strings.Contains(text, "全体会") {
		t.Errorf("before a meeting is chosen: %s", text)
	}
	answer := w.chosen(m, "board")
	text := said(t, answer)
	for _, want := range []string{"姓名head", "姓名fifth", "到会：不少于 2/3，本次须 3 人（共 4 人）", "赞成：超过 1/2，本次须 3 人（共 4 人）", "主要负责人（姓名head）须到会并说明意见", "最后表态", "每名到会成员都须写明理由"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not said: %s", want, text)
		}
	}
	if strings.Contains(answer.Body.String(), "wf11") || !strings.Contains(answer.Body.String(), "/library/hall/clauses/hall-c3") {
		t.Error("the rule does not lead to its clauses")
	}
	if value(t, answer, "grounds") != "理由正文" || value(t, answer, "outcome") != "sanction" {
		t.Error("what was typed is lost by choosing a meeting")
	}
	answer = w.post("clerk", m+decideForm, nil, sent(t, answer, "say_all", "agree", "why_all", "共同理由正文", "last", "head", "why.fifth", "另有理由", "do", "do")...)
	if answer.Code != http.StatusSeeOther {
		t.Fatalf("the decision: %d %s", answer.Code, said(t, answer))
	}
	var minutes *matter.Minutes
	for _, e := range w.events(m) {
		if e.Act == "decide" {
			minutes = e.Minutes
		}
	}
	if minutes == nil || len(minutes.Present) != 4 || minutes.Agree != 4 || minutes.Last != "head" {
		t.Fatalf("the minutes: %+v", minutes)
	}
	for _, v := range minutes.Votes {
		want := "共同理由正文"
		if v.Person == "fifth" {
			want = "另有理由"
		}
		if v.Reason != want || v.Option != rulepack.Agree {
			t.Errorf("%s: %s, %s", v.Person, v.Option, v.Reason)
		}
	}
	text = said(t, w.get("clerk", m))
	for _, want := range []string{"会议记录：馆务会，到会 4 人（共 4 人）", "到会 4 人，须 3 人（共 4 人）", "赞成 4 人，须 3 人", "另有理由", "姓名deputy"} {
		if !strings.Contains(text, want) {
			t.Errorf("the record does not say %q: %s", want, text)
		}
	}
}

// TestMeetingRefused: each refusal comes back at its place, with all that was
// typed, and is found again in the draft.
func TestMeetingRefused(t *testing.T) {
	w := newWorld(t)
	good := []string{"say_all", "agree", "why_all", "共同理由", "last", "head", "do", "do"}
	for _, c := range []struct {
		name, at, want string
		change         []string
	}{
		{"no quorum", "f-here-error", "至少3人", append([]string{"here=deputy", "-", "here=fourth", "-"}, good...)},
		{"not carried", "f-here-error", "至少3人", append([]string{"say.deputy", "disagree", "say.fourth", "abstain"}, good...)},
		{"the head is away", "f-here-error", "主要负责人", append([]string{"here=head", "-"}, good...)},
		{"who spoke last", "f-last-error", "最后表态", append([]string{"last", "deputy"}, "say_all", "agree", "why_all", "理由", "do", "do")},
		{"no reason", "f-why-2edeputy-error", "姓名deputy", []string{"say_all", "agree", "why.head", "有", "why.deputy", "", "why.fourth", "有", "why.fifth", "有", "last", "head", "do", "do"}},
		{"nobody's position", "f-say_all-error", "有到会成员的意见没有填", []string{"why_all", "共同理由", "last", "head", "do", "do"}},
		{"a stranger", "f-here-error", "姓名other", append([]string{"here", "other"}, good...)},
	} {
		m := w.hallReported()
		shown := w.chosen(m, "board")
		fields := sent(t, shown, append(c.change, "grounds", "打了很久的字")...)
		if c.name == "a stranger" {
			fields = append(fields, "here", "head", "here", "deputy", "here", "fourth")
		}
		answer := w.post("clerk", m+decideForm, nil, fields...)
		if answer.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", c.name, answer.Code, said(t, answer))
			continue
		}
		if got := errorAt(t, answer, c.at); !strings.Contains(got, c.want) {
			t.Errorf("%s: at %s stands %q: %s", c.name, c.at, got, said(t, answer))
		}
		again := w.get("clerk", m+decideForm)
		for _, page := range []*httptest.ResponseRecorder{answer, again} {
			if value(t, page, "grounds") != "打了很久的字" {
				t.Errorf("%s: what was typed is lost", c.name)
			}
		}
		if c.name == "not carried" && selected(t, again, "say.deputy") != "disagree" {
			t.Errorf("the draft has forgotten what the deputy said: %q", selected(t, again, "say.deputy"))
		}
		if c.name == "no quorum" && slices.Contains(ticked(t, again, "here"), "deputy") {
			t.Error("the draft has forgotten who was away")
		}
	}
}

// TestMeetingHeard: who asked to be heard must be, and a meeting that waits for
// a local parameter leads to where it is set.
func TestMeetingHeard(t *testing.T) {
	w := newWorld(t)
	m := w.hallReported()
	w.did("teacher", m+"/do/wish?party=teacher")
	shown := w.chosen(m, "board")
	answer := w.post("clerk", m+decideForm, nil, sent(t, shown, "say_all", "agree", "why_all", "共同理由", "last", "head", "do", "do")...)
	if got := errorAt(t, answer, "f-heard-error"); answer.Code != 422 || !strings.Contains(got, "还没有听取") {
		t.Errorf("not heard: %d %q", answer.Code, got)
	}
	answer = w.post("clerk", m+decideForm, nil, sent(t, w.chosen(m, "assembly"), "do", "do")...)
	body := answer.Body.String()
	if answer.Code != 422 || !strings.Contains(body, `href="/library/hall#locals"`) || !strings.Contains(body, "全会人数") {
		t.Errorf("an unset parameter: %d %s", answer.Code, said(t, answer))
	}
	answer = w.post("clerk", m+decideForm, nil, sent(t, w.chosen(m, "board"), "say_all", "agree", "why_all", "共同理由", "last", "head", "heard", "teacher", "do", "do")...)
	if answer.Code != http.StatusSeeOther {
		t.Errorf("heard: %d %s", answer.Code, said(t, answer))
	}
}

// TestMeetingAbsentOpinion: what an absent member sent is kept only where a
// reason was written; the position that the form proposes is nobody's opinion.
func TestMeetingAbsentOpinion(t *testing.T) {
	w := newWorld(t)
	m := w.hallReported()
	fields := sent(t, w.chosen(m, "board"), "here=fifth", "-", "say_all", "agree", "why_all", "共同理由", "last", "head", "do", "do")
	if answer := w.post("clerk", m+decideForm, nil, fields...); answer.Code != http.StatusSeeOther {
		t.Fatalf("three of four: %d %s", answer.Code, said(t, answer))
	}
	for _, e := range w.events(m) {
		if e.Minutes != nil && len(e.Minutes.Votes) != 3 {
			t.Errorf("votes: %+v", e.Minutes.Votes)
		}
	}
	m = w.hallReported()
	fields = sent(t, w.chosen(m, "board"), "here=fifth", "-", "why.fifth", "书面意见", "say.fifth", "disagree", "say_all", "agree", "why_all", "共同理由", "last", "head", "do", "do")
	if answer := w.post("clerk", m+decideForm, nil, fields...); answer.Code != http.StatusSeeOther {
		t.Fatalf("with an opinion sent: %d %s", answer.Code, said(t, answer))
	}
	if text := said(t, w.get("clerk", m)); !strings.Contains(text, "未到会，意见附卷，不计入") || !strings.Contains(text, "书面意见") {
		t.Errorf("the opinion sent is not shown: %s", text)
	}
}

// TestMeetingRollOfTheDay: the roll is that of the day of the meeting; another
// than was shown is shown before anything is recorded.
func TestMeetingRollOfTheDay(t *testing.T) {
	w := newWorld(t)
	m := w.hallReported()
	fields := sent(t, w.chosen(m, "board"), "seat=fifth", "-", "say_all", "agree", "why_all", "共同理由", "last", "head", "do", "do")
	answer := w.post("clerk", m+decideForm, nil, fields...)
	if got := errorAt(t, answer, "f-here-error"); answer.Code != 422 || !strings.Contains(got, "请核对") {
		t.Errorf("a member who was not shown: %d %q", answer.Code, got)
	}
	fields = sent(t, w.chosen(m, "board"), "meeting", "assembly", "do", "do")
	if answer := w.post("clerk", m+decideForm, nil, fields...); answer.Code != 422 || !strings.Contains(said(t, answer), "全体会：到会和表态") {
		t.Errorf("another meeting than was shown: %d", answer.Code)
	}
}

// TestRuleCountsAsTheKernel: the numbers that the page says are those that the
// kernel asks for.
func TestRuleCountsAsTheKernel(t *testing.T) {
	for _, share := range []string{"at_least: 2/3", "more_than: 1/2", "more_than: 2/3", "at_least: 1/2", "at_least: 3", "more_than: 2", "all: members", "more_than: 3/4"} {
		w := newWorld(t)
		w.hallWith("meetings/board.yaml", "quorum: {at_least: 2/3, of: members", "quorum: {"+share+of(share))
		m := w.hallReported()
		shown := w.chosen(m, "board")
		answer := w.post("clerk", m+decideForm, nil, sent(t, shown, "here", "head", "say_all", "agree", "why_all", "共同理由", "last", "head", "do", "do")...)
		told := errorAt(t, answer, "f-here-error")
		_, need, _ := strings.Cut(said(t, shown), "本次须 ")
		need, _, _ = strings.Cut(need, " 人")
		if answer.Code != 422 || !strings.Contains(told, "至少"+need+"人") {
			t.Errorf("%s: the page says %q, the kernel %q", share, need, told)
		}
	}
}

func of(share string) string {
	if strings.HasPrefix(share, "all") {
		return ""
	}
	return ", of: members"
}

// hallWith installs the hall with one change, in place of what it was.
func (w *world) hallWith(file, old, other string) {
	w.t.Helper()
	files := w.hallFiles()
	text := string(files[file])
	if !strings.Contains(text, old) {
		w.t.Fatalf("%s has no %q", file, old)
	}
	files[file] = []byte(strings.Replace(text, old, other, 1))
	if _, diags, err := registry.New(w.office).InstallPack(w.t.Context(), "", files); err != nil {
		w.t.Fatal(err, diags)
	}
}

func (w *world) hallFiles() map[string][]byte {
	w.t.Helper()
	files, err := packs.Read(hallFS, ".")
	if err != nil {
		w.t.Fatal(err)
	}
	return files
}

func selected(t *testing.T, answer *httptest.ResponseRecorder, name string) string {
	t.Helper()
	for _, n := range parsed(t, answer).All("select") {
		if n.Attrs["name"] != name {
			continue
		}
		for _, o := range n.All("option") {
			if _, chosen := o.Attrs["selected"]; chosen {
				return o.Attrs["value"]
			}
		}
	}
	return ""
}

func ticked(t *testing.T, answer *httptest.ResponseRecorder, name string) []string {
	t.Helper()
	var out []string
	for _, n := range parsed(t, answer).All("input") {
		if _, checked := n.Attrs["checked"]; checked && n.Attrs["name"] == name {
			out = append(out, n.Attrs["value"])
		}
	}
	return out
}

func offered(t *testing.T, answer *httptest.ResponseRecorder, name string) []string {
	t.Helper()
	var out []string
	for _, n := range parsed(t, answer).All("input") {
		if n.Attrs["name"] == name {
			out = append(out, n.Attrs["value"])
		}
	}
	return out
}
