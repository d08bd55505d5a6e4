// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"slices"

	"github.com/a-h/templ"

	"quanze/core/calendar"
	"quanze/locale"
)

// Examples returns every component in its states. What they tell is made up;
// names stand for posts, never for persons.
func Examples(w *locale.Words) []Example {
	return slices.Concat(pageExamples(w), recordExamples(w), noticeExamples(w), formExamples(w), paperExamples(w))
}

func pageExamples(w *locale.Words) []Example {
	say := w.Name
	way := []Link{{Label: w.T("nav.staff"), Href: "/staff"}, {Label: w.T("nav.matters"), Href: "/staff/matters"}, {Label: say("信访事项 2026-017", "Petition 2026-017"), Current: true}}
	tabs := []Link{{Label: w.T("tab.timeline"), Href: "#timeline", Current: true}, {Label: w.T("tab.papers"), Href: "#papers"},
		{Label: w.T("tab.basis"), Href: "#basis"}, {Label: w.T("tab.computation"), Href: "#computation"}}
	return []Example{
		{"crumbs", Crumbs(w, way)},
		{"tabs", Tabs(w, tabs)},
		{"pages/both", Pages(w, "?before=8", "?after=17")},
		{"fold/closed", within(Fold(say("现在不能办理的环节", "What cannot be done now"), false), paragraph(say("说明文字", "A text")))},
		{"fold/open", within(Fold(say("为什么是这一天", "Why this day"), true), paragraph(say("说明文字", "A text")))},
		{"tag", Tag(say("草稿", "draft"))},
		{"empty", Empty(say("今天没有待办", "Nothing is owed today"), say("有事项分给你时，会出现在这里。", "Matters appear here when they are passed to you."))},
		{"progress", Progress(w, say("导入条文", "Importing articles"), 320, 1538)},
	}
}

// lights lists the lights.
func lights() []Light { return []Light{Late, Near, InTime, Stopped} }

func recordExamples(w *locale.Words) []Example {
	var out []Example
	for _, l := range lights() {
		out = append(out, Example{"lamp/" + l.String(), Lamp(w, l)})
	}
	say := w.Name
	facts := []Fact{
		{Term: say("状态", "State"), Text: say("等待答复", "Waiting for the answer")},
		{Term: say("承办单位", "Handling unit"), Text: say("示例镇人民政府", "Example Town Government")},
		{Term: say("期限", "Limit"), Body: Lamp(w, InTime)},
	}
	return append(out,
		Example{"grid/rows", Grid(w, owedTable(w))},
		Example{"grid/empty", Grid(w, Table{Caption: say("办结事项", "Ended matters"), Columns: owedTable(w).Columns,
			Empty: say("本月还没有办结的事项。", "No matter has ended this month.")})},
		Example{"facts", Facts(facts)},
		Example{"timeline", Timeline(w, moments(w))},
		Example{"computed/working-days", computedExample(w, calendar.MakeDate(2026, 2, 12), calendar.Length{N: 5, Unit: calendar.WorkingDays}, nil)},
		Example{"computed/rollover", computedExample(w, calendar.MakeDate(2026, 1, 2), calendar.Length{N: 15, Unit: calendar.Days},
			[]calendar.Stop{{How: calendar.Exclude, From: calendar.MakeDate(2026, 1, 6), Until: calendar.MakeDate(2026, 1, 13)}})},
		Example{"computed/provisional", computedExample(w, calendar.MakeDate(2026, 12, 15), calendar.Length{N: 2, Unit: calendar.Months}, nil)},
		Example{"computed/stopped", computedExample(w, calendar.MakeDate(2026, 3, 2), calendar.Length{N: 60, Unit: calendar.Days},
			[]calendar.Stop{{How: calendar.Suspend, From: calendar.MakeDate(2026, 3, 9)}})},
	)
}

func owedTable(w *locale.Words) Table {
	say := w.Name
	due := []calendar.Date{calendar.MakeDate(2026, 2, 24), calendar.MakeDate(2026, 2, 26), calendar.MakeDate(2026, 3, 20)}
	today := calendar.MakeDate(2026, 2, 25)
	row := func(i int, matter, owed string, n int) Row {
		return Row{Href: "/staff/matters/" + w.Number(i), Cells: []Cell{
			{Text: matter}, {Light: lights()[i]}, {Text: owed},
			{Text: w.Date(due[i]), Under: w.DaysLeft(due[i], today)}, {Text: w.Number(n)},
		}}
	}
	return Table{
		Caption: say("今天待办", "Owed today"), Keys: true,
		Columns: []Column{{Label: say("事项", "Matter")}, {Label: say("灯", "Light")}, {Label: say("待办", "Owed")},
			{Label: say("到期", "Due")}, {Label: say("附件", "Files"), Numeric: true}},
		Rows: []Row{
			row(0, say("道路积水", "Water on the road"), say("告知受理", "Tell of acceptance"), 2),
			row(1, say("校车停靠点", "School bus stop"), say("转送有权处理的机关", "Transfer to the competent body"), 0),
			row(2, say("路灯维修", "Street lamp repair"), say("书面答复", "Answer in writing"), 1204),
		},
	}
}

func moments(w *locale.Words) []Moment {
	say := w.Name
	clause := []Clause{{Name: say("第十四条", "Art. 14"), Href: "/library/example/a14"}}
	return []Moment{
		{On: calendar.MakeDate(2026, 2, 12), Act: say("登记来信", "Letter registered"), Who: say("信访窗口工作人员", "Clerk of the petition desk"),
			Papers: []Link{{Label: say("来信（扫描件）", "Letter (scan)"), Href: "/files/1"}}, Clauses: clause},
		{On: calendar.MakeDate(2026, 2, 12), Act: say("受理期限开始计算", "The limit for acceptance began"), System: true,
			Text: say("到期：", "Due ") + w.Date(calendar.MakeDate(2026, 3, 5)), Light: InTime, Clauses: clause},
		{On: calendar.MakeDate(2026, 3, 2), Act: say("受理", "Accepted"), Who: say("示例镇分管负责人", "Deputy head of Example Town"),
			Text: say("属于本机关职权范围。", "It lies within the powers of this body.")},
		{On: calendar.MakeDate(2026, 3, 6), Act: say("告知逾期", "The notice came late"), System: true, Light: Late, Clauses: clause},
	}
}

// computedExample shows a computation by the built-in calendar, or nothing
// where that cannot be read, which its own tests exclude.
func computedExample(w *locale.Words, start calendar.Date, l calendar.Length, stops []calendar.Stop) templ.Component {
	china, err := calendar.China()
	if err != nil {
		return templ.NopComponent
	}
	return Computed(w, china.Explain(start, l, calendar.Rule{}, stops))
}

func noticeExamples(w *locale.Words) []Example {
	say := w.Name
	refusal := Refusal{
		Why:     w.T("refusal.still_owed", "act", say("报请批准", "Report for approval"), "names", say("听取陈述", "Hearing of the statement")),
		Clauses: []Clause{{Name: say("第二十一条第一款", "Art. 21(1)"), Href: "/library/example/a21"}, {Name: say("第九条", "Art. 9")}},
		Help:    []string{w.T("help.still_owed", "names", say("听取陈述", "Hearing of the statement"))},
	}
	many := refusal
	many.Help = append(many.Help, say("或由对方书面放弃陈述。", "Or the party waives the statement in writing."))
	return []Example{
		{"notice/information", Notice(w, Information, say("本事项由两个单位会同办理。", "Two units handle this matter jointly."))},
		{"notice/success", Notice(w, Success, say("已登记，答复期限到", "Registered; the answer is due on ")+w.Date(calendar.MakeDate(2026, 4, 27)))},
		{"notice/warning", Notice(w, Warning, say("提交后立即送达对方，不能收回。", "Once sent it is served at once and cannot be taken back."))},
		{"refused/one", Refused(w, refusal)},
		{"reasons/two", Reasons(w, many)},
		{"clauses", Clauses(w, refusal.Clauses)},
		{"buttons", within(Form("/example", false), within(Buttons(),
			Button(Primary, say("受理", "Accept"), "moment", "accept"), Button(Secondary, say("存为草稿", "Keep as draft"), "", ""),
			Button(Danger, say("撤销登记", "Strike the entry"), "moment", "strike"), LinkButton(Secondary, say("返回", "Back"), "/staff")))},
	}
}

func paperExamples(w *locale.Words) []Example {
	return []Example{{"sheet", Sheet(w, Paper{
		Masthead: "示例镇人民政府", Mark: "示政信〔2026〕17号", Title: "信访事项受理告知书", To: "来信人：",
		Parts: []PaperPart{
			{Paragraphs: []string{"来信收悉。经审查，所反映的事项属于本机关职权范围，现予受理。"}},
			{Heading: "一、办理期限", Paragraphs: []string{"自受理之日起计算，答复的最后一日写在下面。"}},
			{Heading: "二、查询方式", Paragraphs: []string{"凭收据编号可以随时查询办理进度。"}},
		},
		Blanks: []string{"送达人", "签收人", "签收日期"}, Signer: "示例镇人民政府", Date: "2026年3月2日",
	})}}
}
