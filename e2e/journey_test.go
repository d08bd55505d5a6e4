// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// cast are the people of the journey, each signed in apart.
type cast struct {
	clerk, clerk2, third, head, deputy, school *person
	matter                                     string
}

// TestJourney plays the case from the accident to the answered appeal, with
// JavaScript off throughout.
func TestJourney(t *testing.T) {
	needWorld(t)
	c := &cast{clerk: signIn(t, "clerk", false), clerk2: signIn(t, "clerk2", false), head: signIn(t, "head", false),
		deputy: signIn(t, "deputy", false), school: signIn(t, "school", false),
		third: signIn(t, "clerk3", false)}
	for _, part := range []struct {
		name string
		play func(*testing.T)
	}{
		{"accident", c.accident}, {"team", c.team}, {"inquiry", c.inquiry}, {"report", c.report}, {"decision", c.decision},
		{"letter", c.letter}, {"appeal", c.appeal}, {"answer", c.answer}, {"strangers", c.strangers},
	} {
		if !t.Run(part.name, part.play) {
			t.Fatalf("the journey stops at %s", part.name)
		}
	}
}

// in lets the people report to the running part.
func (c *cast) in(t *testing.T) {
	for _, p := range []*person{c.clerk, c.clerk2, c.head, c.deputy, c.school, c.third} {
		p.t = t
	}
}

func (c *cast) do(act, party string) string {
	path := c.matter + "/do/" + act + "?moment=done"
	if party != "" {
		path += "&party=" + party
	}
	return path
}

const place = `西操场看台<b>"&'`

// accident: a draft is kept and found again, a refusal loses nothing, a day to
// come is refused.
func (c *cast) accident(t *testing.T) {
	c.in(t)
	p := c.clerk
	p.at("/staff")
	if got := p.follow("main", "登记事故"); got != 200 {
		t.Fatal(got)
	}
	form := p.path() + "?unit=bureau"
	p.set("summary", "第一行\n第二行")
	if got := p.press(`form.q-form button[value="draft"]`); got != 200 || p.path() != "/staff" {
		t.Fatalf("keeping a draft: %d at %s", got, p.path())
	}
	p.at(form)
	p.says("草稿")
	p.kept("summary", "第一行\n第二行")
	p.set("happened_on", today)
	p.refused("第8条第1款") // without a place
	p.kept("summary", "第一行\n第二行")
	p.kept("happened_on", today)
	p.set("place", place)
	p.set("on", "2026-03-26")
	if got := p.press(`form.q-form button[value="do"]`); got != 422 {
		t.Errorf("a day to come: %d", got)
	}
	p.says("今天以后")
	p.kept("place", place)
	p.set("on", "２０２６-０３-２５") // as a Chinese keyboard types it
	if got := p.press(`form.q-form button[value="do"]`); got != 200 || !strings.HasPrefix(p.path(), "/matters/") {
		t.Fatalf("the accident was not recorded: %d %s", got, p.text())
	}
	c.matter = p.path()
	p.says("已登记", place, "登记事故")
	p.at(form)
	if got := p.values("summary"); got[0] != "" {
		t.Errorf("the draft stayed after the act: %q", got)
	}
}

// team: only head or deputy, with two investigators.
func (c *cast) team(t *testing.T) {
	c.in(t)
	p := c.clerk
	p.at(c.do("form_team", ""))
	p.set("team", "p:wang", "p:feng")
	p.set("joint_needed", "false")
	p.refused("第8条第1款")
	p.kept("team", "p:wang", "p:feng")

	p = c.head
	p.begin(c.matter, "成立调查组")
	p.set("team", "p:wang")
	p.set("joint_needed", "false")
	p.refused("第8条第2款")
	p.says("至少2人")
	p.kept("team", "p:wang")
	p.kept("joint_needed", "false")
	p.set("team", "p:wang", "p:feng", "p:chen")
	p.set("joint_needed", "true")
	p.refused("第8条第1款") // others must join, and none is named
	p.set("joint_needed", "false")
	p.does(c.matter)
	p.says("成立调查组", "王丁", "冯戊")
}

// inquiry: not before interests are declared, not alone.
func (c *cast) inquiry(t *testing.T) {
	c.in(t)
	p := c.clerk
	p.at(c.do("inquire", ""))
	p.citing("第9条")
	p.set("record", "询问")
	p.set("staff", "feng")
	p.refused("第9条")
	p.at(c.do("declare", "feng"))
	p.set("outcome", "none_held")
	p.refused("第9条") // nobody declares for another
	for who, p := range map[string]*person{"wang": c.clerk, "feng": c.clerk2} {
		p.begin(c.matter, "申报利害关系")
		p.set("outcome", "none_held")
		p.does(c.matter)
		p.says("没有利害关系")
		p.at(c.do("declare", who))
	}
	c.withdraws(t)
	if got := c.school.open(c.matter); got != 404 {
		t.Errorf("the matter was shown to somebody not yet named: %d", got)
	}
	p.begin(c.matter, "确定被调查人")
	p.set("respondent", "p:qin")
	p.does(c.matter)

	p.begin(c.matter, "调查取证")
	p.kept("staff", "feng") // what was refused before is a draft
	p.set("staff")
	p.set("record", "询问当班教师，\n查看录像。")
	p.refused("第8条第2款")
	p.kept("record", "询问当班教师，\n查看录像。")
	p.set("staff", "feng")
	p.does(c.matter)
	c.concernedSide(t, "询问当班教师", "调查取证")
}

// withdraws: who has an interest leaves the case, is shown it no longer and may
// not take part in the inquiry of others either.
func (c *cast) withdraws(t *testing.T) {
	p := c.third
	p.begin(c.matter, "申报利害关系")
	p.set("outcome", "interest")
	if got := p.press(`form.q-form button[value="do"]`); got != 403 {
		t.Fatalf("withdrawing: %d at %s: %s", got, p.path(), p.text())
	}
	for _, path := range []string{c.matter, c.do("inquire", "")} {
		if got := p.open(path); got != 403 {
			t.Errorf("who withdrew is shown %s: %d", path, got)
		}
		p.says("您已回避本事项")
	}
	c.clerk.begin(c.matter, "调查取证")
	if got := c.clerk.choices("staff"); slices.Contains(got, "chen") || !slices.Contains(got, "feng") {
		t.Errorf("who may take part: %q", got)
	}
}

// concernedSide: the head of the school sees nothing of that, on no page of the matter,
// and no act of the others answers him with more than its clause.
func (c *cast) concernedSide(t *testing.T, unwanted ...string) {
	unwanted = append(unwanted, "王丁", "冯戊")
	for _, page := range []string{"", "/papers", "/files", "/days", "/basis"} {
		c.school.at(c.matter + page)
		if page != "/basis" {
			c.school.hides(unwanted...)
		} else {
			c.school.hides("王丁", "冯戊")
		}
	}
	for _, act := range []string{"inquire", "recommend", "report", "hear", "decide", "letter", "execute", "review", "extend"} {
		if got := c.school.open(c.do(act, "qin")); got != 404 {
			t.Errorf("the head of the school was shown the form of %s: %d", act, got)
		}
	}
}

// report: a recommendation first, two investigators, and the material itself.
func (c *cast) report(t *testing.T) {
	c.in(t)
	p := c.clerk
	p.at(c.do("report", ""))
	p.set("outcome", "accountable")
	p.set("staff", "feng")
	p.set("findings", "责任在值班管理。")
	p.set("explanation", "见目录。")
	p.refused("第10条第2款") // without the material
	p.kept("findings", "责任在值班管理。")
	p.kept("staff", "feng")

	wrong := filepath.Join(t.TempDir(), "材料.pdf")
	if err := os.WriteFile(wrong, []byte("\x7fELF\x02\x01\x01 not a document"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.upload("material", wrong)
	if got := p.press(`form.q-form button[value="do"]`); got != 422 {
		t.Fatalf("a program was taken for material: %d", got)
	}
	p.says("文件类型不被接受")
	p.kept("findings", "责任在值班管理。")

	right := filepath.Join(t.TempDir(), "现场照片目录.pdf")
	if err := os.WriteFile(right, []byte("%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.upload("material", right)
	p.refused("第10条第2款") // nobody was recommended any measure yet
	p.says("现场照片目录.pdf")

	p.begin(c.matter, "提出初步问责建议")
	p.set("found", "media")
	p.set("conduct", "wrongly")
	p.set("result", "bad_event")
	p.set("aggravating", "no_factor")
	p.set("mitigating", "no_factor")
	p.set("recommended", "criticism")
	p.refused("第3条第2款") // a head is the first to answer for safety
	p.kept("found", "media")
	p.set("first_duty", "季度检查缺一次。")
	p.does(c.matter)

	p.begin(c.matter, "提交调查报告")
	p.says("现场照片目录.pdf") // the draft has the file still
	p.kept("explanation", "见目录。")
	p.set("staff")
	p.refused("第8条第2款")
	p.set("staff", "feng")
	p.does(c.matter)
	p.at(c.matter + "/files")
	p.says("现场照片目录.pdf")
	c.concernedSide(t, "现场照片目录.pdf", "责任在值班管理", "提交调查报告")
}

// decision: after the hearing, by the leaders, two of them present.
func (c *cast) decision(t *testing.T) {
	c.in(t)
	p := c.head
	fill := func(present ...string) {
		p.set("outcome", "accountable")
		p.set("gravity", "lighter")
		p.set("weighed", "影响限于校内。")
		p.set("earlier", "0")
		p.set("measures", "criticism")
		p.sits("班子成员逐一发表意见。", present...)
	}
	p.at(c.do("decide", "qin"))
	p.citing("第11条")
	fill("zhou", "wu")
	p.refused("第11条")

	c.clerk.begin(c.matter, "听取陈述和申辩")
	c.clerk.set("outcome", "heard")
	c.clerk.refused("第11条") // without its record
	c.clerk.set("record", "当事人陈述二点。")
	c.clerk.does(c.matter)

	c.clerk.at(c.do("decide", "qin"))
	c.clerk.set("outcome", "accountable")
	c.clerk.set("say_all", "agree")
	c.clerk.refused("第12条第1款")

	p.begin(c.matter, "集体讨论作出问责决定")
	fill("zhou")
	p.refused("第15条第2款") // the record knows of an earlier case within the year, whatever was typed
	p.set("baseline", "interview")
	p.refused("第11条") // the defence is answered
	p.set("reply_to_defence", "第一点采纳；第二点不采纳，理由如下。")
	p.set("measures", "self_examination")
	p.refused("第11条") // more than recommended, and no ground
	p.set("measures", "criticism")
	p.refused("第12条第1款") // one of three is no quorum
	p.kept("why_all", "班子成员逐一发表意见。")
	p.kept("here", "zhou")
	p.sits("班子成员逐一发表意见。", "zhou", "wu")
	p.does(c.matter)
	c.concernedSide(t, "班子成员逐一发表意见", "第一点采纳", "决定问责", "通报批评")
}

// letter: every required content, then service on the person and his unit.
func (c *cast) letter(t *testing.T) {
	c.in(t)
	p := c.deputy
	p.at(c.do("execute", "qin"))
	p.citing("第12条第1款") // nobody carries out what was not served
	p.begin(c.matter, "制作问责决定书")
	p.kept("heading", "关于对秦卯问责的决定")
	p.set("sex", "男")
	p.set("born", "1972-04-01")
	p.set("facts", "经查，值班教师离岗。")
	p.refused("第12条第2款")
	p.kept("facts", "经查，值班教师离岗。")
	p.set("basis", "本办法第五条")
	p.does(c.matter)
	c.concernedSide(t, "经查，值班教师离岗", "问责决定书")
	for range 2 { // on the person, then on his unit
		p.begin(c.matter, "登记《")
		p.set("reason", "当面签收")
		p.does(c.matter)
	}
	p.at(c.matter + "/papers")
	p.says("学校安全稳定事故问责决定书")
	if strings.Contains(p.text(), "尚未送达") {
		t.Errorf("the letter counts as not served: %s", p.text())
	}
}

// appeal: the head of the school finds letter, last day and appeal without help.
func (c *cast) appeal(t *testing.T) {
	c.in(t)
	p := c.school
	p.at("/staff")
	p.says("提出申诉", "2026-04-16")
	if got := p.follow(`tr[contains(.,"`+strings.TrimPrefix(c.matter, "/matters/")+`")]`, "提出申诉"); got != 200 || p.path() != c.matter {
		t.Fatalf("the way to the matter: %d, %s", got, p.path())
	}
	p.says("最后一日：2026-04-16")
	p.hides("王丁", "冯戊", "询问当班教师", "责任在值班管理", "班子成员逐一发表意见")
	if got := p.follow("main", "学校安全稳定事故问责决定书"); got != 200 {
		t.Fatal(got)
	}
	p.says("经查，值班教师离岗", "通报批评", "15个工作日", "上一级部门")
	if got := p.follow("main", "期限计算"); got != 200 {
		t.Fatal(got)
	}
	p.says("2026-04-16", "清明")
	c.clerk.at(c.do("appeal", "qin"))
	c.clerk.set("outcome", "to_decider")
	c.clerk.set("text", "代写")
	c.clerk.refused("第13条第1款")

	p.begin(c.matter, "提出书面申诉")
	p.set("outcome", "to_decider")
	p.refused("第13条第1款")
	p.kept("outcome", "to_decider")
	p.set("text", "不服，理由如下：\n一、当日临时代课。")
	p.does(c.matter)
	p.says("提出书面申诉")
}

// answer: decided by the leaders, told in writing with reasons, served, ended.
func (c *cast) answer(t *testing.T) {
	c.in(t)
	p := c.head
	p.at(c.do("stay", "qin"))
	p.refused("第14条")
	c.deputy.at(c.do("answer", "qin"))
	c.deputy.citing("第13条第2款")
	c.clerk.at(c.do("review", "qin"))
	c.clerk.set("outcome", "upheld")
	c.clerk.set("reasons", "维持")
	c.clerk.refused("第13条第2款")
	p.begin(c.matter, "作出申诉处理决定")
	p.set("outcome", "upheld")
	p.refused("第13条第2款")
	p.set("reasons", "经复核，事实清楚。")
	p.does(c.matter)

	p = c.deputy
	p.begin(c.matter, "书面告知申诉处理决定")
	p.set("decision", "维持原决定。")
	p.refused("第13条第2款")
	p.kept("decision", "维持原决定。")
	p.set("reasons", "经复核，事实清楚。")
	p.does(c.matter)
	for range 2 {
		p.begin(c.matter, "登记《申诉处理决定告知书》")
		p.set("reason", "邮寄，回执在卷")
		p.does(c.matter)
	}
	// An appeal stays nothing: the decision is owed until it is carried out.
	c.clerk.begin(c.matter, "执行问责决定")
	c.clerk.set("how", "已在全系统通报。")
	c.clerk.does(c.matter)
	c.clerk.says("已于 2026-03-25 周三 办结")
	c.school.at(c.matter)
	c.school.says("办结", "申诉处理决定告知书")
	if got := c.school.follow("main", "申诉处理决定告知书"); got != 200 {
		t.Fatal(got)
	}
	c.school.says("维持原决定。", "经复核，事实清楚。")
}

// strangers learn nothing: not even that there is such a matter.
func (c *cast) strangers(t *testing.T) {
	c.in(t)
	for _, login := range []string{"private_school", "county_clerk", "admin", "teacher"} {
		p := signIn(t, login, false)
		for _, path := range []string{c.matter, c.matter + "/papers", c.matter + "/files", c.matter + "/days", c.matter + "/basis", c.do("inquire", "")} {
			if got := p.open(path); got != 404 && got != 403 {
				t.Errorf("%s at %s: %d", login, path, got)
			}
			p.hides("秦卯", "值班教师")
		}
	}
	p := visitor(t, false)
	if got := p.open(c.matter); got != 200 || p.path() != "/sign-in" {
		t.Errorf("a visitor at %s: %d at %s", c.matter, got, p.path())
	}
}
