// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"github.com/a-h/templ"

	"quanze/locale"
)

// formExamples shows each input plain and with an error, kept values included.
func formExamples(w *locale.Words) []Example {
	say := w.Name
	out := []Example{
		{"error-summary", ErrorSummary(w, []FieldError{
			{Field: "text_error", Text: w.T("form.required", "label", say("事项名称", "Name of the matter"))},
			{Field: "date_error", Text: w.T("form.date", "label", say("收到日期", "Day of receipt"))},
			{Text: w.T("fault.stale")},
		})},
		{"search", within(Search("/search"), Text(w, Field{Name: "q", Label: w.T("nav.search")}), Button(Secondary, w.T("nav.search"), "", ""))},
		{"fieldset", within(Fieldset(say("联系方式", "How to reach you"), say("只有承办人能看到。", "Only the handler sees it.")),
			Text(w, Field{Name: "phone", Label: say("电话", "Telephone"), Optional: true, Width: 20, Complete: "tel"}),
			Help(say("不填也可以凭收据查询。", "Without it the receipt still lets you follow the matter.")), Hidden("matter", "2026-017"))},
	}
	out = append(out, Example{"roll", within(Form("/example", false), Attendance(w, rollExample(w)))})
	for _, state := range []string{"plain", "error"} {
		for _, one := range inputs(w) {
			f := one.field
			f.Name += "_" + state
			if state == "error" {
				f.Error = w.T("form.required", "label", f.Label)
			}
			out = append(out, Example{one.name + "/" + state, within(Form("/example", one.name == "file"), one.show(f))})
		}
	}
	return out
}

// rollExample has a member who agrees, one who was away, one who withdrew, and
// one whose reason is missing.
func rollExample(w *locale.Words) Roll {
	say := w.Name
	post := say("示例镇领导班子成员", "Leadership of Example Town")
	return Roll{Legend: w.T("minutes.roll", "meeting", say("党政联席会议", "Joint meeting")), Hint: w.T("minutes.vote_hint"),
		Error:   w.T("refusal.no_quorum", "count", "3"),
		Options: []Choice{{Value: "agree", Label: w.T("vote.agree")}, {Value: "disagree", Label: w.T("vote.disagree")}, {Value: "abstain", Label: w.T("vote.abstain")}},
		Seats: []Seat{
			{Key: "a", Name: say("主要负责人", "Head"), Under: post, Here: true, Says: "agree"},
			{Key: "b", Name: say("分管负责人", "Deputy"), Under: post},
			{Key: "c", Name: say("班子成员甲", "Member A"), Under: post, Out: w.T("roll.withdrew")},
			{Key: "d", Name: say("班子成员乙", "Member B"), Under: post, Here: true, Says: "disagree", Error: w.T("refusal.no_reason", "names", say("班子成员乙", "Member B"))},
		}}
}

// input is one kind of input with a field to show it by.
type input struct {
	name  string
	field Field
	show  func(Field) templ.Component
}

func inputs(w *locale.Words) []input {
	say := w.Name
	units := []Choice{{Value: "town", Label: say("示例镇", "Example Town")}, {Value: "county", Label: say("示例县", "Example County"), Hint: say("跨镇的事项", "Matters of several towns")}}
	return []input{
		{"text", Field{Name: "text", Label: say("事项名称", "Name of the matter"), Hint: say("一句话写明是什么事。", "Say in a sentence what it is."), Value: say("路灯 <三号> \"东侧\"", "Lamp <3> \"east\""), Width: 30},
			func(f Field) templ.Component { return Text(w, f) }},
		{"count", Field{Name: "count", Label: say("人数", "Number of people"), Value: "12", Width: 4},
			func(f Field) templ.Component { return Count(w, f) }},
		{"secret", Field{Name: "secret", Label: say("密码", "Password"), Width: 20, Complete: "current-password"},
			func(f Field) templ.Component { return Secret(w, f) }},
		{"textarea", Field{Name: "textarea", Label: say("理由", "Reasons"), Most: 500, Value: say("第一行\n第二行 </textarea>", "First line\nSecond line </textarea>")},
			func(f Field) templ.Component { return TextArea(w, f, 4) }},
		{"date", Field{Name: "date", Label: say("收到日期", "Day of receipt"), Hint: say("来信以邮戳日为准。", "For a letter, the day of the postmark."), Value: "2026-02-12"},
			func(f Field) templ.Component { return Date(w, f) }},
		{"select", Field{Name: "select", Label: say("承办单位", "Handling unit"), Value: "county"},
			func(f Field) templ.Component { return Select(w, f, units) }},
		{"radios", Field{Name: "radios", Label: say("由谁办理", "Who handles it"), Hint: say("以职责为准。", "By their duties."), Value: "town"},
			func(f Field) templ.Component { return Radios(w, f, units) }},
		{"checkboxes", Field{Name: "checkboxes", Label: say("抄送", "Copies to"), Optional: true},
			func(f Field) templ.Component { return Checkboxes(w, f, units, []string{"town", "county"}) }},
		{"file", Field{Name: "file", Label: say("附件", "Files"), Optional: true},
			func(f Field) templ.Component {
				return File(w, f, Upload{Bytes: 20 << 20, Count: 5, Types: []string{".pdf", ".jpg", ".docx"}})
			}},
	}
}
