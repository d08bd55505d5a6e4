// SPDX-License-Identifier: Apache-2.0

package staff_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/core/rulepack"
	"quanze/locale"
	"quanze/office/casework"
	"quanze/store"
	"quanze/web/page/pagetest"
)

// shows asserts what a page says and does not say.
func (w *world) shows(t *testing.T, as, path string, want, never []string) string {
	t.Helper()
	answer := w.get(as, path)
	if answer.Code != http.StatusOK {
		t.Fatalf("%s as %s: %d", path, as, answer.Code)
	}
	parsed(t, answer)
	text := said(t, answer)
	for _, s := range want {
		if !strings.Contains(text, s) {
			t.Errorf("%s as %s does not say %q: %s", path, as, s, text)
		}
	}
	for _, s := range never {
		if strings.Contains(answer.Body.String(), s) {
			t.Errorf("%s as %s says %q", path, as, s)
		}
	}
	return text
}

// resolved is a matter of the hall that the board has decided.
func (w *world) resolved() string {
	w.t.Helper()
	m := w.hallReported()
	answer := w.post("clerk", m+decideForm, nil, sent(w.t, w.chosen(m, "board"), "say_all", "agree", "why_all", "议决理由正文", "say.fifth", "disagree", "why.fifth", "不同意正文", "last", "head", "do", "do")...)
	if answer.Code != http.StatusSeeOther {
		w.t.Fatalf("the decision: %d %s", answer.Code, said(w.t, answer))
	}
	return m
}

// TestConcernedMeeting: whom it concerns is told, with the letter, that the
// board decided and that enough came and agreed; never who said what.
func TestConcernedMeeting(t *testing.T) {
	w := newWorld(t)
	m := w.resolved()
	secret := []string{"议决理由正文", "不同意正文", "姓名fifth", "姓名deputy", "赞成 3 人", "理由正文"}
	before := append([]string{"馆务会", "评奖", "2026-09-25", "影响期", "处理"}, secret...)
	w.did("clerk", m+"/do/letter?party=teacher", "text", "决定书正文")
	for _, path := range []string{m, m + "/days", m + "/papers"} {
		w.shows(t, "teacher", path, nil, before)
	}
	w.did("clerk", m+"/do/letter?party=teacher&moment=served", "reason", "当面")
	w.shows(t, "teacher", m, []string{"由馆务会决定：到会 4 人（共 4 人），符合规定的人数，表决通过。", "对您的限制及期限", "评奖、任职", "2026-09-25", "或者自解除影响时起终止",
		"2026-03-27 周五 起可以办理", "最早2026-03-27"}, secret)
	v, err := casework.New(w.office, nil).See(t.Context(), store.Account{ID: "teacher", Person: "teacher"}, matter.ID(strings.TrimPrefix(m, "/matters/")))
	if err != nil || len(v.Sittings) != 1 {
		t.Fatalf("%v, %d sittings", err, len(v.Sittings))
	}
	for _, e := range v.Events {
		if e.Minutes != nil {
			t.Error("the view of the one concerned holds who said what")
		}
	}
	w.shows(t, "teacher", m+"/days", []string{"影响期", "影响存续期间", "2026-09-25"}, secret)
	w.shows(t, "clerk", m, []string{"影响期", "评奖、任职", "2026-03-25", "2026-09-25", "不同意正文"}, nil)
	w.did("head", m+"/do/lift?party=teacher")
	w.shows(t, "teacher", m, []string{"对您的限制及期限"}, []string{"2026-09-25"})
}

// TestStays: the form of an objection says, with its clause, that it holds
// nothing up.
func TestStays(t *testing.T) {
	w := newWorld(t)
	m := w.resolved()
	w.did("clerk", m+"/do/letter?party=teacher", "text", "决定书正文")
	w.did("clerk", m+"/do/letter?party=teacher&moment=served", "reason", "当面")
	w.shows(t, "teacher", m+"/do/object?party=teacher&moment=done", []string{"不停止任何事项的执行。依据 第9条"}, nil)
}

// TestStops: what stands still says since when, by which clause and until what,
// shows as such in every list, and the resumed date is worked out with the stop.
func TestStops(t *testing.T) {
	w := newWorld(t)
	answer := w.post("clerk", hallBegin, nil, "name", "屋顶", "respondent", "p:teacher", "on", "2026-03-16", "do", "do")
	m := answer.Header().Get("Location")
	late := func(act, on string) {
		t.Helper()
		if answer := w.post("clerk", m+"/do/"+act+"?moment=done", nil, "on", on, "do", "do"); answer.Code != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", act, answer.Code, said(t, answer))
		}
	}
	late("pause", "2026-03-18")
	w.shows(t, "clerk", m, []string{"停止计算，现在没有到期日", "自 2026-03-18 周三 起中止，至接着办时恢复依据 第9条", "中止", "怎样算出"}, nil)
	w.shows(t, "clerk", m+"/days", []string{"停止计算", "期限停止计算，现在没有到期日"}, []string{"[days"})
	w.shows(t, "head", "/staff", []string{"停止计算，现在没有到期日"}, nil)
	late("resume", "2026-03-24")
	text := w.shows(t, "clerk", m, []string{"2026-03-18 周三 至 2026-03-24 周二 中止"}, nil)
	var due calendar.Date
	for _, e := range w.events(m) {
		if e.Kind == matter.Resumed {
			due = e.Due
		}
	}
	if due == 0 || !strings.Contains(text, due.String()) {
		t.Errorf("the resumed day %s is not shown", due)
	}
	w.shows(t, "clerk", m+"/days", []string{"中止", due.String()}, nil)
	w.did("head", m+"/do/extend")
	for _, o := range w.owed(m) {
		if o.Term == "report_time" {
			due = o.Due
		}
	}
	w.shows(t, "clerk", m, []string{"延长至 " + due.String(), "依据 第5条"}, nil)
	w.shows(t, "clerk", m+"/days", []string{due.String()}, nil)
}

func (w *world) owed(m string) []matter.Obligation {
	w.t.Helper()
	l, err := w.office.Look(w.t.Context(), w.office.DB.Reader(), matter.ID(strings.TrimPrefix(m, "/matters/")))
	if err != nil {
		w.t.Fatal(err)
	}
	return l.State.Obligations()
}

// TestAhead: what is fixed for a later day stands in the list of what is owed,
// in plain words; the slots of a period are told once.
func TestAhead(t *testing.T) {
	w := newWorld(t)
	m := w.opened()
	w.did("clerk", m+"/do/meet", "meet_on", "2026-04-10")
	text := w.shows(t, "clerk", m, []string{"回访", "2026-04-14 周二 起算", "约见中写明的会面日", "2026-04-10 周五 到来", "每1个月一次，现为第 1 次"}, nil)
	if n := strings.Count(text, "2026-04-27"); n > 1 && strings.Contains(text, "2026-04-28 周二 起算") {
		t.Errorf("the next slot is told beside the running one: %s", text)
	}
	w.shows(t, "teacher", m, nil, []string{"回访", "约见", "月查"})
}

// TestJoint: the first fills in and signs; the second sees that, and signs or
// sends back; the matter says who is awaited.
func TestJoint(t *testing.T) {
	w := newWorld(t)
	m := w.opened()
	form := m + "/do/visit?moment=done"
	w.did("head", form, "place", "北院正文", "day", today)
	w.shows(t, "clerk", m, []string{"等待共同签署", "会馆主要负责人：姓名head，2026-03-25 周三 签署", "理事会主要负责人：等待签署（姓名mayor）"}, nil)
	w.shows(t, "mayor", form, []string{"已签署的内容", "北院正文", "姓名head", "同意并签署", "退回"}, nil)
	w.shows(t, "mayor", m, []string{"共同签署：走访"}, nil)
	w.shows(t, "teacher", m, nil, []string{"北院正文", "等待共同签署"})
	if answer := w.post("mayor", form, nil, "on", today, "do", "return"); answer.Code != 422 || !strings.Contains(said(t, answer), "缺少须填内容") {
		t.Errorf("sent back without a reason: %d %s", answer.Code, said(t, answer))
	}
	if answer := w.post("head", form, nil, "on", today, "do", "do"); answer.Code != 422 {
		t.Errorf("the first signed twice: %d", answer.Code)
	}
	if answer := w.post("mayor", form, nil, "on", today, "reason", "地点不对", "do", "return"); answer.Code != http.StatusSeeOther {
		t.Fatalf("sending back: %d %s", answer.Code, said(t, answer))
	}
	w.shows(t, "clerk", m, []string{"退回补充", "地点不对"}, []string{"等待共同签署"})
	w.did("head", form, "place", "南院正文", "day", today)
	w.did("mayor", form)
	w.shows(t, "clerk", m, nil, []string{"等待共同签署"})
	for _, e := range w.events(m) {
		if e.Act == "visit" && e.Kind == matter.Done && e.Fields["place"].Text() != "南院正文" {
			t.Errorf("what was done: %+v", e.Fields)
		}
	}
}

// TestFill: names, local parameters and the day stand in a form before anybody
// types, in the words that papers use.
func TestFill(t *testing.T) {
	w := newWorld(t)
	pack, _ := rulepack.Load(w.hallFiles())
	if err := w.registry().SetLocal(t.Context(), "", pack, "grace", "2 weeks", "文件", 1); err != nil {
		t.Fatal(err)
	}
	m := w.opened()
	answer := w.get("head", m+"/do/visit?moment=done")
	for name, want := range map[string]string{"guide": "姓名mayor", "house": "单位bureau", "limit": "2", "spoken": "2周", "day": today} {
		if got := value(t, answer, name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if got := selected(t, answer, "limit_unit"); got != "weeks" {
		t.Errorf("the unit: %q", got)
	}
}

// TestRecusalAsked: the respondent asks that somebody in charge withdraw, by
// name and post; the one asked about sees why; the decider settles it; a place
// that nobody fills is a finding.
func TestRecusalAsked(t *testing.T) {
	w := newWorld(t)
	m := w.opened()
	ask, settle := m+"/do/ask_recusal?moment=done", m+"/do/settle_recusal?moment=done"
	w.shows(t, "teacher", m, []string{"提出回避"}, []string{"姓名clerk", "决定回避"})
	w.shows(t, "teacher", ask, []string{"姓名clerk（单位bureau职务）", "姓名head（单位bureau职务）", "写明有什么关系", "依据 第7条"}, nil)
	w.did("teacher", ask, "recusal_about", "clerk", "recusal_ground", "是亲属正文")
	w.shows(t, "teacher", m, []string{"等待决定的回避", "是亲属正文", "决定是否回避"}, []string{"姓名officer"})
	w.shows(t, "clerk", m, []string{"有人提出您应当回避：是亲属正文。决定以前，您不办理本事项。 依据 第7条", "回避尚未决定，决定以前您不能办理“报告”"}, []string{"您已回避"})
	if answer := w.post("clerk", m+"/do/report?moment=done", nil, "on", today, "do", "do"); answer.Code != 422 {
		t.Errorf("who stands aside reported: %d", answer.Code)
	}
	w.shows(t, "mayor", settle, []string{"等待决定的回避", "是亲属正文", "姓名clerk", "应当回避", "不必回避"}, []string{"姓名officer（"})
	w.did("mayor", settle, "outcome", "granted", "recusal_about", "clerk", "recusal_ground", "确是亲属")
	w.shows(t, "teacher", m, []string{"姓名clerk：确是亲属", "应当回避"}, []string{"姓名mayor", "等待决定的回避"})
	if answer := w.get("clerk", m); answer.Code != http.StatusForbidden || !strings.Contains(answer.Body.String(), "hall-c7") {
		t.Errorf("who withdrew: %d %s", answer.Code, said(t, answer))
	}
	if answer := w.post("teacher", settle, nil, "on", today, "do", "do", "outcome", "granted", "recusal_about", "officer", "recusal_ground", "x"); answer.Code < 400 || answer.Code > 422 {
		t.Errorf("the respondent settled: %d", answer.Code)
	}
}

// TestRecusalSelf: who may only withdraw himself is offered himself; a meeting
// shows who withdrew and takes no position of him; an empty place is a finding.
func TestRecusalSelf(t *testing.T) {
	w := newWorld(t)
	m := w.hallReported()
	ask, settle := m+"/do/ask_recusal?moment=done", m+"/do/settle_recusal?moment=done"
	shown := w.get("fifth", ask)
	if got := offered(t, shown, "recusal_about"); len(got) != 1 || got[0] != "fifth" {
		t.Errorf("offered to withdraw: %v", got)
	}
	if answer := w.post("fifth", ask, nil, "recusal_about", "head", "recusal_ground", "x", "on", today, "do", "do"); answer.Code != 422 {
		t.Errorf("asked of another: %d", answer.Code)
	}
	w.did("fifth", ask, "recusal_about", "fifth", "recusal_ground", "同住")
	if text := said(t, w.chosen(m, "board")); !strings.Contains(text, "已被提出回避，决定以前不参加") {
		t.Errorf("who stands aside sits in the meeting: %s", text)
	}
	w.did("mayor", settle, "outcome", "granted", "recusal_about", "fifth", "recusal_ground", "可以")
	answer := w.chosen(m, "board")
	if text := said(t, answer); !strings.Contains(text, "已回避") || !strings.Contains(text, "回避的成员仍计入总数") {
		t.Errorf("who withdrew sits in the meeting: %s", text)
	}
	for _, id := range offered(t, answer, "here") {
		if id == "fifth" {
			t.Error("who withdrew can be ticked")
		}
	}
	for _, p := range []string{"clerk", "officer", "third", "deputy", "fourth", "head", "aide"} {
		if p == "aide" {
			break
		}
		w.did(p, ask, "recusal_about", p, "recusal_ground", "同住")
		w.did("mayor", settle, "outcome", "granted", "recusal_about", p, "recusal_ground", "可以")
	}
	text := said(t, w.get("mayor", m))
	if !strings.Contains(text, "决定回避") {
		t.Errorf("the record: %s", text)
	}
}

// TestVacant: nobody is left, and no substitute: that stands on the page.
func TestVacant(t *testing.T) {
	w := newWorld(t)
	w.hallWith("procedures/case.yaml", "  substitute: {role: council.staff, cite: c7}\n", "")
	m := w.opened()
	for _, p := range []string{"clerk", "officer", "third"} {
		w.did(p, m+"/do/ask_recusal?moment=done", "recusal_about", p, "recusal_ground", "同住")
		w.did("mayor", m+"/do/settle_recusal?moment=done", "outcome", "granted", "recusal_about", p, "recusal_ground", "可以")
	}
	w.shows(t, "mayor", m, []string{"回避以后，没有人接替办理：单位bureau", "依据 第7条"}, nil)
}

// TestIrregular: what was refused and happened all the same is recorded in a
// second step with a reason, has no effect, and is settled by whom the pack
// names.
func TestIrregular(t *testing.T) {
	w := newWorld(t)
	m := w.opened()
	form := m + "/do/decide?party=teacher&moment=done"
	text := w.shows(t, "clerk", m, []string{"事实上已经发生，登记为不合规定的办理"}, nil)
	if strings.Contains(text, "不合规定的办理：") {
		t.Error("something is irregular already")
	}
	w.shows(t, "clerk", form, []string{"还不到办理", "事实上已经发生"}, nil)
	fields := append(sent(t, w.chosen(m, "board"), "outcome", "sanction", "say_all", "agree", "why_all", "理由", "last", "head"), "outcome", "sanction")
	refused := w.post("clerk", form, nil, append(fields, "do", "do")...)
	if refused.Code != 422 || !strings.Contains(said(t, refused), "事实上已经发生") {
		t.Fatalf("too early: %d %s", refused.Code, said(t, refused))
	}
	if answer := w.post("clerk", form, nil, append(fields, "do", "irregular")...); answer.Code != 422 || errorAt(t, answer, "f-irregular_reason-error") == "" {
		t.Errorf("without a reason: %d", answer.Code)
	}
	if answer := w.post("clerk", form, nil, append(fields, "do", "irregular", "irregular_reason", "当晚来不及正文")...); answer.Code != http.StatusSeeOther {
		t.Fatalf("recording it: %d %s", answer.Code, said(t, answer))
	}
	seq := 0
	for _, e := range w.events(m) {
		if e.Irregular != "" {
			seq = e.Seq
		}
	}
	settle := fmt.Sprintf("%s/settle/%d", m, seq)
	w.shows(t, "clerk", m, []string{"不合规定的办理", "当晚来不及正文", "不合规定，确认以前不生效"}, []string{settle, "2026-09-25"})
	w.shows(t, "head", m, []string{"确认或者撤销"}, nil)
	w.shows(t, "teacher", m, nil, []string{"当晚来不及正文", "不合规定"})
	w.shows(t, "clerk", settle, []string{"由会馆主要负责人确认或者撤销"}, []string{"name=\"reason\""})
	w.shows(t, "head", settle, []string{"当晚来不及正文", "确认有效", "撤销其效力"}, nil)
	for as, want := range map[string]int{"teacher": 404, "other": 404, "clerk": 422} {
		if got := w.post(as, settle, nil, "reason", "理由", "do", "confirm").Code; got != want {
			t.Errorf("%s settles: %d", as, got)
		}
	}
	if answer := w.post("head", settle, nil, "do", "confirm"); answer.Code != 422 || errorAt(t, answer, "f-reason-error") == "" {
		t.Errorf("confirmed without a reason: %d", answer.Code)
	}
	if answer := w.post("head", settle, nil, "reason", "事后核实正文", "do", "confirm"); answer.Code != http.StatusSeeOther {
		t.Fatalf("confirming: %d %s", answer.Code, said(t, answer))
	}
	w.shows(t, "clerk", m, []string{"不合规定，已确认有效", "事后核实正文", "2026-09-25"}, nil)
	if answer := w.get("head", settle); answer.Code != 404 {
		t.Errorf("settled twice: %d", answer.Code)
	}
}

// TestIrregularAnnulled: annulled, it never had an effect; the concerned side
// may record nothing as irregular.
func TestIrregularAnnulled(t *testing.T) {
	w := newWorld(t)
	m := w.opened()
	if answer := w.post("teacher", m+"/do/object?party=teacher&moment=done", nil, "on", today, "do", "irregular", "irregular_reason", "x"); answer.Code != http.StatusForbidden {
		t.Errorf("the concerned side: %d %s", answer.Code, said(t, answer))
	}
	w.did("clerk", m+"/do/letter?party=teacher&moment=done", "text", "正文", "do", "irregular", "irregular_reason", "先发了")
	events := w.events(m)
	settle := fmt.Sprintf("%s/settle/%d", m, events[len(events)-2].Seq)
	for _, e := range events {
		if e.Irregular != "" {
			settle = fmt.Sprintf("%s/settle/%d", m, e.Seq)
		}
	}
	if answer := w.post("head", settle, nil, "reason", "没有决定", "do", "annul"); answer.Code != http.StatusSeeOther {
		t.Fatalf("annulling: %d %s", answer.Code, said(t, answer))
	}
	w.shows(t, "clerk", m, []string{"不合规定，已撤销其效力"}, []string{settle})
}

// TestHallInjection puts evil into the fields that only these pages have.
func TestHallInjection(t *testing.T) {
	w := newWorld(t)
	m := w.hallReported()
	for _, fields := range [][]string{
		{"meeting", evil, "rolled", evil, "here", evil, "seat", evil, "last", evil, "heard", evil, "say_all", evil, "why_all", evil, "why." + evil, evil, "irregular_reason", evil},
		sent(t, w.chosen(m, "board"), "say_all", "agree", "why_all", evil, "why.head", evil, "last", evil, "heard", evil, "here", evil, "do", "do", "irregular_reason", evil),
	} {
		answer := w.post("clerk", m+decideForm, nil, append(fields, "on", today, "outcome", evil, "do", "do")...)
		if answer.Code != 422 {
			t.Errorf("%d %s", answer.Code, said(t, answer))
		}
		unbroken(t, "minutes refused", answer)
		unbroken(t, "minutes drafted", w.get("clerk", m+decideForm))
	}
	if answer := w.post("clerk", m+decideForm, nil, sent(t, w.chosen(m, "board"), "say_all", "agree", "why_all", evil, "why.head", evil, "last", "head", "grounds", evil, "heard", "-", "here=other", "-", "irregular_reason", "-", "do", "do")...); answer.Code != http.StatusSeeOther {
		t.Logf("%d %s", answer.Code, said(t, answer))
	}
	w.did("teacher", m+"/do/ask_recusal?moment=done", "recusal_about", "clerk", "recusal_ground", evil)
	w.did("head", m+"/do/visit?moment=done", "place", evil, "day", today)
	for as, paths := range map[string][]string{"clerk": {m}, "mayor": {m, m + "/do/visit?moment=done", m + "/do/settle_recusal?moment=done"}, "teacher": {m}} {
		for _, path := range paths {
			unbroken(t, path, w.get(as, path))
		}
	}
}

// TestHallEnglish: every page of the hall is sound in English too, and no word
// is missing.
func TestHallEnglish(t *testing.T) {
	w := newWorld(t)
	m := w.resolved()
	w.did("clerk", m+"/do/letter?party=teacher", "text", "letter")
	w.did("clerk", m+"/do/letter?party=teacher&moment=served", "reason", "by hand")
	w.did("head", m+"/do/visit?moment=done", "place", "north", "day", today)
	w.did("clerk", m+"/do/pause?moment=done")
	w.did("clerk", m+"/do/meet", "meet_on", "2026-04-10")
	w.did("teacher", m+"/do/ask_recusal?moment=done", "recusal_about", "officer", "recusal_ground", "kin")
	other := w.opened()
	w.did("clerk", other+"/do/letter?party=teacher&moment=done", "text", "letter", "do", "irregular", "irregular_reason", "late at night")
	settle := ""
	for _, e := range w.events(other) {
		if e.Irregular != "" {
			settle = fmt.Sprintf("%s/settle/%d", other, e.Seq)
		}
	}
	for as, paths := range map[string][]string{
		"clerk":   {m, m + "/days", m + decideForm, other, other + decideForm, "/staff", settle},
		"teacher": {m, m + "/days", m + "/do/object?party=teacher&moment=done", m + "/do/ask_recusal?moment=done"},
		"mayor":   {m, m + "/do/visit?moment=done", m + "/do/settle_recusal?moment=done"},
		"officer": {m}, "head": {settle},
	} {
		for _, path := range paths {
			mark := "?"
			if strings.Contains(path, "?") {
				mark = "&"
			}
			answer := w.get(as, path+mark+"lang=en")
			if answer.Code == http.StatusSeeOther {
				t.Fatalf("%s leads on to %s", path, answer.Header().Get("Location"))
			}
			if answer.Code != http.StatusOK {
				t.Errorf("%s as %s: %d", path, as, answer.Code)
				continue
			}
			pagetest.Sound(t, answer, locale.En)
			if text := said(t, answer); strings.ContainsAny(text, "[]{}") {
				t.Errorf("%s: a word is missing: %s", path, text)
			}
		}
	}
}
