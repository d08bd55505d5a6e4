// SPDX-License-Identifier: Apache-2.0

package staff_test

import (
	"net/http"
	"strings"
	"testing"
)

// reads asserts what a page says; what begins with ! it must not say.
func reads(t *testing.T, text string, want ...string) {
	t.Helper()
	for _, s := range want {
		if words, not := strings.CutPrefix(s, "!"); strings.Contains(text, words) == not {
			t.Errorf("%q is said: %v, in %s", words, not, text)
		}
	}
}

// TestAsksWhatIsNeeded: the letter of a person asks for no unit's name, nor for
// what the record settles to be needless; a field that is empty is named in few
// words; the paper bears its day as papers do.
func TestAsksWhatIsNeeded(t *testing.T) {
	w := newWorld(t)
	m := w.decided()
	form := m + "/do/letter?party=teacher"
	reads(t, said(t, w.get("deputy", form)), "姓名", "性别", "附件第1部分", "!annex", "!单位全称", "!参照执行的说明", "!公开道歉的方式", "!视情况填")
	fields := sent(t, w.get("deputy", form), "sex", "女", "born", "1980-05-01", "do", "do")
	answer := w.post("deputy", form, nil, fields...)
	if answer.Code != http.StatusUnprocessableEntity {
		t.Fatalf("a letter without its facts: %d", answer.Code)
	}
	if got := errorAt(t, answer, "f-facts-error"); got != "错误： 须填写问责事实" {
		t.Errorf("at the field: %q", got)
	}
	w.letterOf(m, "决定书事实")
	reads(t, said(t, w.get("deputy", w.letter(m))), "2026年3月25日", "1980年5月1日", "!2026-03-25 周三", "民族")
}

// TestRefusalTells: what comes first, and the clause where nothing does; whom
// it concerns learns neither what others still have to do.
func TestRefusalTells(t *testing.T) {
	w := newWorld(t)
	m := w.inquired()
	reads(t, said(t, w.get("clerk", m)), "在提交调查报告（需要问责）之后", "第14条：申诉期间，决定不停止执行。", "被调查人（被问责当事人）：")
	reads(t, said(t, w.get("teacher", m)), "!提交调查报告", "!之后。")
	answer := w.post("clerk", m+"/do/report", []upload{{"material", "材料.pdf", pdf}}, "outcome", "not_accountable", "staff", "officer",
		"findings", "调查报告正文", "explanation", "情况说明正文", "on", today, "do", "do")
	if answer.Code != http.StatusSeeOther {
		t.Fatalf("the report: %d %s", answer.Code, said(t, answer))
	}
	reads(t, said(t, w.get("clerk", m)), "事项已经办结，各环节不再办理。", "!不能再办理")
}
