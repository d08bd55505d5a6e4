// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// office are the people of the second journey: who inquires, who leads them,
// who decides, and the accused.
type office struct {
	officer, second, chief, secretary, accused *person
	matter                                     string
}

// TestLeaders plays a case of a leading cadre from the first lead to the last
// paper in the personal file, with JavaScript off throughout. On the way it is
// tried by others, too early, without a document, short of quorum and by one
// who must withdraw.
func TestLeaders(t *testing.T) {
	needWorld(t)
	o := &office{officer: signIn(t, "investigator", false), second: signIn(t, "investigator2", false), chief: signIn(t, "discipline_head", false),
		secretary: signIn(t, "secretary", false), accused: signIn(t, "housing_head", false)}
	for _, part := range []struct {
		name string
		play func(*testing.T)
	}{
		{"lead", o.lead}, {"filing", o.filing}, {"notice", o.notice}, {"statement", o.statement}, {"recusal", o.recusal}, {"inquiry", o.inquiry},
		{"findings", o.findings}, {"report", o.report}, {"meeting", o.meeting}, {"decision", o.decision}, {"appeal", o.appeal}, {"settlement", o.settlement},
		{"execution", o.execution}, {"file", o.file}, {"strangers", o.strangers},
	} {
		if !t.Run(part.name, part.play) {
			t.Fatalf("the journey stops at %s", part.name)
		}
	}
}

func (o *office) in(t *testing.T) {
	for _, p := range []*person{o.officer, o.second, o.chief, o.secretary, o.accused} {
		p.t = t
	}
}

// do is the address of an act's form; of an act for each respondent, for him.
func (o *office) do(act, party string) string {
	path := o.matter + "/do/" + act + "?moment=done"
	if party != "" {
		path += "&party=" + party
	}
	return path
}

const (
	subject  = `便民码头照明<i>"&'`
	proposer = "石泉镇"
	told     = "码头夜间无灯，多次反映未修。"
)

// secrets are what the accused must not learn from any page: who inquires, who
// proposed it, what was told and gathered.
var secrets = []string{"邹庚", "喻辛", "谢己", proposer, "多次反映未修", "走访码头", "值班日志三册"}

// unseen asserts that the accused is shown none of the secrets on any page of
// the matter.
func (o *office) unseen(also ...string) {
	o.accused.t.Helper()
	for _, page := range []string{"", "/papers", "/files", "/days", "/basis"} {
		o.accused.at(o.matter + page)
		o.accused.hides(append(also, secrets...)...)
	}
}

// attach writes a document and puts it into a field of the form.
func (p *person) attach(field, name string) {
	p.t.Helper()
	path := filepath.Join(p.t.TempDir(), name)
	if err := os.WriteFile(path, []byte("%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"), 0o600); err != nil {
		p.t.Fatal(err)
	}
	p.upload(field, path)
}

// serve records that a paper reached one of its recipients.
func (p *person) serve(matter, paper, to string) {
	p.t.Helper()
	p.begin(matter, "登记《"+paper+"》送达："+to)
	p.set("reason", "当面签收，回执在卷")
	p.does(matter)
}

// lead: a report needs its evidence, a recommendation its organ; nobody outside
// the handling organ adds to it.
func (o *office) lead(t *testing.T) {
	o.in(t)
	p := o.officer
	p.at("/staff")
	if got := p.follow("main", "登记线索"); got != 200 {
		t.Fatal(got)
	}
	form := p.path() + "?unit=discipline"
	p.set("subject", subject)
	p.set("about", told)
	p.refused("第4条") // nobody is named who decides
	p.set("decider", "u:committee")
	p.set("proposer", "u:town_sq")
	p.refused("第18条第1款") // from which of the six sources
	p.set("source", "public_report")
	p.refused("第18条第1款第5项") // a report without evidence
	p.kept("subject", subject)
	p.kept("proposer", "u:town_sq")
	p.attach("evidence", "照片与投诉单.pdf")
	p.set("on", "2026-03-12")
	if got := p.press(`form.q-form button[value="do"]`); got != 200 || !strings.HasPrefix(p.path(), "/matters/") {
		t.Fatalf("the lead was not recorded: %d at %s: %s", got, p.path(), p.text())
	}
	o.matter = p.path()
	p.says(subject, "登记线索", "中共明河市委员会")
	p.at(form)
	p.kept("subject", "")

	p = o.second
	p.begin(o.matter, "补充线索")
	p.set("source", "recommendation")
	p.set("subject", "监察局建议")
	p.set("about", "同一事项。")
	p.refused("第18条第1款第2项") // which organ recommends it
	p.set("recommender", "u:supervision")
	p.set("on", "2026-03-13")
	p.does(o.matter)
	if got := o.accused.open(o.matter); got != 404 {
		t.Errorf("the matter was shown to somebody not yet named: %d", got)
	}
}

// filing: not before the check, and approved by the leader of who decides.
func (o *office) filing(t *testing.T) {
	o.in(t)
	p := o.officer
	p.at(o.matter + "/do/file?moment=proposed")
	p.citing("第19条") // too early
	p.begin(o.matter, "初核")
	p.set("outcome", "to_file")
	p.refused("第19条") // what the check showed
	p.set("findings", "走访码头，反映的问题有据。")
	p.set("on", "2026-03-16")
	p.does(o.matter)
	p.begin(o.matter, "提请批准：立项")
	p.set("respondent", "p:xi")
	p.set("standing", "department_leader")
	p.set("on", "2026-03-17")
	p.refused("第19条") // without reasons
	p.kept("respondent", "p:xi")
	p.set("reasons", "初核有据，属于职责范围。")
	p.does(o.matter)

	o.chief.at(o.do("file", ""))
	o.chief.citing("第19条") // it is not his to approve
	p = o.secretary
	p.at("/staff")
	if got := p.follow("main//tr[contains(.,'便民码头照明')]", "审批：立项"); got != 200 || p.path() != o.matter {
		t.Fatalf("the way to the approval: %d at %s", got, p.path())
	}
	p.begin(o.matter, "审批：立项")
	p.says("初核有据，属于职责范围。", "奚午")
	p.set("on", "2026-03-17")
	if got := p.press(`form.q-form button[value="approve"]`); got != 200 || p.path() != o.matter {
		t.Fatalf("the filing was not approved: %d: %s", got, p.text())
	}
	p.says("批准：立项")
	o.accused.at("/staff")
	o.accused.hides("便民码头照明") // he is told by the notice
}

// notice: with its contents, in three working days; the accused finds it.
func (o *office) notice(t *testing.T) {
	o.in(t)
	p := o.officer
	p.at(o.do("findings", "xi"))
	p.citing("第21条第1款") // nothing is found of somebody who was not told
	p.begin(o.matter, "送达调查通知")
	p.set("contact", "承办科室，8800-0000（演示）")
	p.refused("第21条第1款")
	p.kept("contact", "承办科室，8800-0000（演示）")
	p.set("matters", "请说明照明维修的处置经过。")
	p.set("on", "2026-03-18")
	p.does(o.matter)
	p.begin(o.matter, "登记《问责调查通知书》送达：被调查人")
	p.set("reason", "当面签收")
	p.set("on", "2026-03-18")
	p.does(o.matter)
}

// find leads the accused from his first page to his side of the matter, by what
// that page shows.
func (o *office) find(says string) {
	p := o.accused
	p.t.Helper()
	p.at("/staff")
	p.says("与您本人有关的事项", says)
	if got := p.follow("main", "便民码头照明"); got != 200 || p.path() != o.matter {
		p.t.Fatalf("the way to the matter: %d at %s", got, p.path())
	}
}

// statement: the accused reads the notice and answers it, by the last day that
// he is told; nobody answers for him.
func (o *office) statement(t *testing.T) {
	o.in(t)
	o.officer.at(o.do("explain", "xi"))
	o.officer.set("text", "代写")
	o.officer.refused("第21条第1款")
	p := o.accused
	o.find("您应当书面说明，最后一日：2026-03-27")
	if got := p.follow("main", "问责调查通知书"); got != 200 {
		t.Fatal(got)
	}
	p.says("您应当书面说明，最后一日：2026-03-27", "请说明照明维修的处置经过。", "7个工作日", "有权申请办理人员回避")
	if got := p.follow("main", "期限计算"); got != 200 {
		t.Fatal(got)
	}
	p.says("2026-03-27", "满7个工作日")
	o.find("您应当书面说明")
	if got := p.follow(offers, "书面说明并提交证据"); got != 200 {
		t.Fatal(got)
	}
	p.refused("第21条第1款")
	p.set("text", "一、接报后已安排检修；\n二、配件到货迟。")
	p.attach("proof", "采购单.pdf")
	p.does(o.matter)
	p.says("书面说明并提交证据")
	if got := p.follow("main", "材料"); got != 200 {
		t.Fatal(got)
	}
	p.says("采购单.pdf")
	p.hides("照片与投诉单.pdf")
	o.unseen("监察局建议")
}

// recusal: asked by the accused, settled by the head of the handling organ;
// whoever is asked about stands aside at once, and granted is out.
func (o *office) recusal(t *testing.T) {
	o.in(t)
	p := o.second
	p.begin(o.matter, "收集调取证据") // it is his to do until he is asked about
	p = o.accused
	o.find("与您")
	if got := p.follow(offers, "申请或自行回避"); got != 200 {
		t.Fatal(got)
	}
	p.set("recusal_about", "yu")
	p.refused("第31条第1款") // without the interest
	p.kept("recusal_about", "yu")
	p.set("recusal_ground", "喻某的亲属承包该码头维修。")
	p.does(o.matter)
	p.says("申请或自行回避")

	p = o.second
	p.set("from", "码头值班员")
	p.set("how", "talk")
	p.set("record", "值班日志三册。")
	p.set("suspicion", "false")
	p.refused("第31条第1款")
	o.officer.at(o.matter + "/do/settle_recusal?moment=done")
	o.officer.citing("第31条第2款")

	p = o.chief
	p.at("/staff")
	p.says("决定是否回避")
	if got := p.follow("main//tr[contains(.,'便民码头照明')]", "决定是否回避"); got != 200 || p.path() != o.matter {
		t.Fatalf("the way to the settlement: %d at %s", got, p.path())
	}
	if got := p.follow(offers, "决定是否回避"); got != 200 {
		t.Fatal(got)
	}
	p.says("喻某的亲属承包该码头维修。", "喻辛")
	p.set("recusal_about", "yu")
	p.set("outcome", "granted")
	p.set("recusal_ground", "利害关系属实。")
	p.does(o.matter)

	if got := o.second.open(o.matter); got != 403 {
		t.Errorf("who withdrew is shown the matter: %d", got)
	}
	o.second.says("您已回避本事项")
	if got := o.second.open(o.matter + "/do/gather?moment=done"); got != 403 {
		t.Errorf("who withdrew is shown a form: %d", got)
	}
	o.find("与您")
	o.accused.says("决定是否回避")
}

// inquiry: extended by the leader of who decides, and only where it is complex;
// what is gathered is recorded with whom and how.
func (o *office) inquiry(t *testing.T) {
	o.in(t)
	p := o.officer
	p.at(o.matter)
	p.says("2026-04-29") // thirty working days from the filing
	p.begin(o.matter, "收集调取证据")
	p.set("how", "talk")
	p.set("record", "走访码头，调阅值班日志三册。")
	p.set("suspicion", "false")
	p.refused("第20条第2款") // from whom
	p.set("from", "码头值班员")
	p.attach("proof", "值班日志.pdf")
	p.does(o.matter)
	p.begin(o.matter, "提请批准：延长调查")
	p.set("complex", "false")
	p.set("extra", "15")
	p.set("extra_unit", "working_days")
	p.set("reasons", "须等待线路检测。")
	p.refused("第23条第2款")
	p.set("complex", "true")
	p.does(o.matter)
	o.chief.at(o.do("extend", ""))
	o.chief.citing("第23条第2款")
	p = o.secretary
	p.begin(o.matter, "审批：延长调查")
	p.says("须等待线路检测。", "15个工作日")
	if got := p.press(`form.q-form button[value="approve"]`); got != 200 || p.path() != o.matter {
		t.Fatalf("the extension was not approved: %d: %s", got, p.text())
	}
	p.says("2026-05-22", "延长")
	o.officer.at(o.do("drop_transferred", "xi"))
	o.officer.citing("第2条第3款") // that he left the post ends nothing
}

// findings: told in writing before the defence is heard.
func (o *office) findings(t *testing.T) {
	o.in(t)
	p := o.officer
	p.at(o.do("defence", "xi"))
	p.citing("第22条") // what was not told is not answered
	p.begin(o.matter, "书面告知调查结果")
	p.set("defence", "五个工作日内，到承办科室")
	p.refused("第22条")
	p.set("findings", "照明报修后两个月未处置。")
	p.does(o.matter)
	p.at(o.do("defence", "xi"))
	p.citing("第22条") // nor before it was served
	p.serve(o.matter, "调查结果告知书", "被调查人")
	o.find("您可以陈述申辩，最后一日：2026-04-01")
	if got := o.accused.follow("main", "调查结果告知书"); got != 200 {
		t.Fatal(got)
	}
	o.accused.says("照明报修后两个月未处置。", "五个工作日内")
	p.begin(o.matter, "听取陈述和申辩")
	p.set("outcome", "heard")
	p.refused("第22条") // without its record
	p.set("record", "本人陈述：配件到货迟，但不推卸责任。")
	p.does(o.matter)
}

// report: who bears it, what is recommended for him, then the report.
func (o *office) report(t *testing.T) {
	o.in(t)
	p := o.officer
	p.at(o.do("recommend", "xi"))
	p.citing("第3条第1款")
	p.begin(o.matter, "认定责任归属")
	p.set("outcome", "alone")
	p.does(o.matter)
	p.at(o.matter + "/do/report?moment=done")
	p.citing("第23条第3款")
	p.begin(o.matter, "提出对个人的建议")
	p.set("advice", "hold")
	p.set("conduct", "not_performed")
	p.set("result", "bad_effect")
	p.set("aggravating", "no_factor")
	p.set("mitigating", "took_blame")
	p.set("baseline", "criticism")
	p.set("recommended", "criticism")
	p.refused("第2条第2款") // which circumstance
	p.kept("recommended", "criticism")
	p.set("found", "complaint")
	p.does(o.matter)
	p.begin(o.matter, "提交调查报告")
	p.set("facts", "照明报修后两个月未处置，有值班日志为证。")
	p.refused("第23条第3款")
	p.set("conclusion", "情形成立，本人应负直接领导责任。")
	p.does(o.matter)
	o.unseenSince("情形成立", "值班日志.pdf", "须等待线路检测")
}

// unseenSince is unseen, once the accused named one of the officers himself.
func (o *office) unseenSince(also ...string) {
	o.accused.t.Helper()
	for _, page := range []string{"", "/papers", "/files", "/days"} {
		o.accused.at(o.matter + page)
		o.accused.hides(append(also, "邹庚", "谢己", proposer, "多次反映未修", "值班日志三册")...)
	}
}

// meeting: half of the members must come and more than half of them agree, who
// asked to be heard is heard, and nobody else decides.
func (o *office) meeting(t *testing.T) {
	o.in(t)
	o.accused.begin(o.matter, "要求到会陈述申辩")
	o.accused.does(o.matter)
	o.officer.at(o.do("decide", "xi"))
	o.officer.citing("第24条第1款")

	p := o.secretary
	p.begin(o.matter, "会议作出决定")
	p.kept("found", "complaint") // as it was recommended
	p.set("outcome", "accountable")
	p.set("established", "true")
	p.set("ground", "no_ground")
	p.set("post_then", "分管副局长")
	p.set("reasons", "事实清楚，情形成立。")
	p.says("华亥", "金甲", "陶丙", "本次须 3 人（共 5 人）")
	p.kept("reasons", "事实清楚，情形成立。")
	members := []string{"hua", "jin", "wei2", "tao", "jiang2"}
	p.sits("逐一发表意见，方式与情节相当。", members[:2]...)
	p.refused("第24条第1款") // two of five are no quorum
	p.kept("here", "hua", "jin")
	p.sits("逐一发表意见，方式与情节相当。", members...)
	p.refused("第24条第3款") // he asked to be heard
	p.set("heard", "xi")
	for _, id := range members[2:] {
		p.set("say."+id, "disagree")
	}
	p.refused("第24条第1款") // two of five carry nothing
	for _, id := range members[2:4] {
		p.set("say."+id, "agree")
	}
	p.does(o.matter)
	p.says("会议作出决定：决定问责", "市委常委会议")
	o.unseenSince("决定问责", "分管副局长", "逐一发表意见")
}

// decision: all that the paper must hold, served on four.
func (o *office) decision(t *testing.T) {
	o.in(t)
	p := o.officer
	o.accused.at(o.do("appeal", "xi"))
	o.accused.citing("第27条") // not before it was served
	p.begin(o.matter, "制作并送达问责决定")
	p.set("responsibility", "负直接领导责任")
	p.set("basis", "本办法第九条")
	p.refused("第25条第1款第6项") // where to appeal
	p.kept("responsibility", "负直接领导责任")
	p.set("appeal_channel", "向中共明河市委员会提出")
	for name, clause := range map[string]string{"particulars": "第25条第1款第1项", "facts": "第25条第1款第2项", "responsibility": "第25条第1款第3项",
		"basis": "第25条第1款第4项", "decided": "第25条第1款第5项", "handling_organ": "第25条第1款第7项"} {
		kept := p.values(name)
		p.set(name, "")
		p.refused(clause)
		p.set(name, kept...)
	}
	p.does(o.matter)
	o.unseenSince("决定问责", "问责决定书")
	for _, to := range []string{"被调查人", "决定机关", "提出问责建议的机关", "被调查人所在单位"} {
		p.serve(o.matter, "问责决定书", to)
	}
	p.at(o.matter + "/papers")
	if strings.Contains(p.text(), "尚未送达") {
		t.Errorf("a paper counts as not served: %s", p.text())
	}
}

// appeal: the accused finds the decision, what it brings and the last day, and
// appeals; nobody does so for him.
func (o *office) appeal(t *testing.T) {
	o.in(t)
	p := o.accused
	o.find("您可以申诉，最后一日：2026-04-24")
	p.says("对您的限制及期限", "一年内不得提拔", "2026-12-31")
	if got := p.follow("main", "问责决定书"); got != 200 {
		t.Fatal(got)
	}
	p.says("奚午", "照明报修后两个月未处置", "负直接领导责任", "本办法第九条", "通报批评", "向中共明河市委员会提出", "30日", "书面", "中共明河市纪律检查委员会", "2026年3月25日")
	o.officer.at(o.do("appeal", "xi"))
	o.officer.set("text", "代写")
	o.officer.refused("第27条")
	o.find("您可以申诉")
	if got := p.follow(offers, "提出申诉"); got != 200 {
		t.Fatal(got)
	}
	p.refused("第27条")
	p.set("text", "配件到货迟不能归责于我。")
	p.does(o.matter)
	o.find("提交复核报告，最后一日：2026-04-16")
}

// settlement: decided by the leaders on a report, never heavier, told in
// writing.
func (o *office) settlement(t *testing.T) {
	o.in(t)
	o.secretary.at(o.do("settle", "xi"))
	o.secretary.citing("第29条") // no report yet
	p := o.officer
	p.begin(o.matter, "提交复核报告")
	p.set("findings", "复核了采购单，通知供货在先。")
	p.refused("第29条") // what it advises
	p.set("advice", "uphold")
	p.does(o.matter)

	p = o.secretary
	p.at(o.do("order_reexam", "xi"))
	p.set("team", "p:chen")
	p.set("reasons", "须另组复查。")
	p.refused("第28条第1款") // it was reviewed already
	p.begin(o.matter, "作出复核（复查）决定")
	p.set("outcome", "changed")
	p.set("reasons", "认为处理过轻。")
	p.set("measures", "removal")
	p.refused("第27条") // an appeal makes it no heavier
	p.set("outcome", "upheld")
	p.set("measures")
	p.set("reasons", "事实清楚，方式恰当。")
	p.does(o.matter)
	p = o.officer
	p.begin(o.matter, "制作并送达复核（复查）决定")
	p.set("decided", "维持原决定。")
	p.refused("第29条")
	p.set("reasons", "事实清楚，方式恰当。")
	p.does(o.matter)
	p.serve(o.matter, "复核（复查）决定书", "被调查人")
	p.serve(o.matter, "复核（复查）决定书", "被调查人所在单位")
	o.find("目前没有需要您办理的期限")
	if got := o.accused.follow("main", "复核（复查）决定书"); got != 200 {
		t.Fatal(got)
	}
	o.accused.says("维持原决定。", "事实清楚，方式恰当。")
}

// execution: published, carried out and reported; the proposer is told.
func (o *office) execution(t *testing.T) {
	o.in(t)
	p := o.officer
	p.at(o.do("archive", "xi"))
	p.citing("第30条第2款") // nothing is filed that was not carried out
	p.begin(o.matter, "公布问责情况")
	p.set("text", "对便民码头照明问题，已作问责决定。")
	p.refused("第32条")
	p.set("audience", "units")
	p.does(o.matter)
	p.begin(o.matter, "报告执行情况")
	p.set("carried", "criticism")
	p.refused("第30条第1款")
	p.set("how", "已在全系统通报。")
	p.does(o.matter)
	p.begin(o.matter, "向提议者反馈")
	p.set("answer", "已作出问责决定。")
	p.does(o.matter)
	p.serve(o.matter, "办理结果反馈函", "提议问责的单位或个人")
}

// file: the papers go to the personal file, and the matter ends.
func (o *office) file(t *testing.T) {
	o.in(t)
	p := o.officer
	p.begin(o.matter, "送归个人档案")
	p.set("material", "问责决定书、复核决定书各一份")
	p.refused("第30条第2款") // to which personnel department
	p.kept("material", "问责决定书、复核决定书各一份")
	p.set("personnel", "u:organisers")
	p.does(o.matter)
	p.serve(o.matter, "个人档案材料移送函", "组织（人事）部门")
	p.says("已于 2026-03-25 周三 办结")
	o.accused.at(o.matter)
	o.accused.says("办结")
	o.accused.at("/staff")
	o.accused.hides("便民码头照明")
	if got := o.accused.follow("main", "查看我的全部事项"); got != 200 {
		t.Fatal(got)
	}
	o.accused.says("便民码头照明")
}

// strangers learn nothing: not even that there is such a matter.
func (o *office) strangers(t *testing.T) {
	o.in(t)
	for _, login := range []string{"transport_head", "supervisor"} {
		p := signIn(t, login, false)
		for _, path := range []string{o.matter, o.matter + "/papers", o.matter + "/files", o.do("gather", "")} {
			if got := p.open(path); got != 404 && got != 403 {
				t.Errorf("%s at %s: %d", login, path, got)
			}
			p.hides("奚午", "便民码头照明")
		}
	}
}
