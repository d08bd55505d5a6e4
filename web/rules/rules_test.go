// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"archive/zip"
	"bytes"
	"context"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"quanze/core/calendar"
	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/locale"
	"quanze/office/library"
	"quanze/office/officetest"
	"quanze/office/registry"
	"quanze/packs"
	"quanze/store"
	"quanze/web/page"
	"quanze/web/page/pagetest"
	"quanze/web/ui/htmlcheck"
)

// lamps is the invented pack of these tests, with some of its text changed.
func lamps(t *testing.T, changes ...string) rulepack.Files {
	t.Helper()
	f, err := packs.Read(os.DirFS("../../office/registry/testdata/lamps"), ".")
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range f {
		f[name] = []byte(strings.NewReplacer(changes...).Replace(string(body)))
	}
	return f
}

// Who asks: two administrators, somebody who works on the lamps, and whoever.
const (
	ann    page.Role = page.Admin
	ben    page.Role = page.Supervisor // signs in as the second administrator
	clerk  page.Role = page.Staff
	anyone page.Role = page.Anyone
)

// world is the room over a city that runs the lamps.
type world struct {
	*officetest.City
	*pagetest.World
	t     *testing.T
	front *Front
	pack  *rulepack.Pack
	ids   map[page.Role]store.AccountID
}

func newWorld(t *testing.T) *world {
	t.Helper()
	x := &world{City: officetest.New(t, ""), t: t, ids: map[page.Role]store.AccountID{}}
	if err := x.Registry.Enter(t.Context(), "", registry.Organisation{Persons: []org.Person{{ID: "ann", Name: "安"}, {ID: "ben", Name: "本"}}}); err != nil {
		t.Fatal(err)
	}
	var err error
	for role, a := range map[page.Role]struct {
		login  string
		person org.PersonID
		role   string
	}{ann: {"ann", "ann", "admin"}, ben: {"ben", "ben", "admin"}, clerk: {"clerk", "clerk", "staff"}} {
		if x.ids[role], err = x.Registry.AddAccount(t.Context(), "", a.login, "a long password", a.person, a.role); err != nil {
			t.Fatal(err)
		}
	}
	if x.pack, _, err = x.Registry.InstallPack(t.Context(), "", lamps(t)); err != nil {
		t.Fatal(err)
	}
	x.front = New(x.Office, library.New(x.Office))
	t.Cleanup(x.front.Stop)
	x.World = pagetest.New(t, x.front.Routes(), func(c *page.Config) {
		c.Accounts = func(ctx context.Context, id string) (page.Account, error) {
			for role, account := range x.ids {
				if role.String() != id {
					continue
				}
				a, err := x.DB.Reader().Account(ctx, account)
				return page.Account{ID: a.ID, Name: a.Login, Person: a.Person, Roles: page.ParseRoles(a.Roles)}, err
			}
			return page.Account{}, fault.New(fault.Absent, "store.account.absent")
		}
	})
	return x
}

func (x *world) report() matter.ID {
	x.t.Helper()
	id, _, err := x.Office.Open(x.t.Context(), "lamps", "repair", matter.Command{Act: "report", Actor: "clerk", On: x.Today(),
		Binds: map[string][]matter.Ref{"desk": {{Unit: "bureau"}}}}, nil)
	if err != nil {
		x.t.Fatal(err)
	}
	return id
}

// get asks for a page in a language and returns it, sound.
func (x *world) get(who page.Role, l locale.Lang, target string, want int) *htmlcheck.Node {
	x.t.Helper()
	r := httptest.NewRequest("GET", target, nil)
	r.AddCookie(&http.Cookie{Name: "lang", Value: string(l)})
	answer := x.Send(who, r)
	if answer.Code != want {
		x.t.Fatalf("%s: %d, want %d", target, answer.Code, want)
	}
	return pagetest.Sound(x.t, answer, l)
}

// post sends a form and returns where it leads, or the page it answers with.
func (x *world) post(who page.Role, target string, want int, pairs ...string) (string, *htmlcheck.Node) {
	x.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	answer := x.World.Do(who, "POST", target, form)
	if answer.Code != want {
		x.t.Fatalf("%s %v: %d, want %d: %s", target, pairs, answer.Code, want, answer.Body)
	}
	if want == http.StatusSeeOther {
		return answer.Header().Get("Location"), nil
	}
	return "", pagetest.Sound(x.t, answer, locale.Zh)
}

// upload sends files with the form of a proposal.
func (x *world) upload(who page.Role, source, reason, from string, files map[string][]byte) *httptest.ResponseRecorder {
	x.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for name, value := range map[string]string{"source": source, "reason": reason, "from": from} {
		if err := m.WriteField(name, value); err != nil {
			x.t.Fatal(err)
		}
	}
	for name, content := range files {
		w, err := m.CreateFormFile("files", name)
		if err != nil {
			x.t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			x.t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		x.t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/rules/propose", &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return x.Send(who, r)
}

func zipped(t *testing.T, files map[string][]byte) []byte {
	t.Helper()
	var body bytes.Buffer
	z := zip.NewWriter(&body)
	for name, content := range files {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return body.Bytes()
}

func says(t *testing.T, n *htmlcheck.Node, words ...string) {
	t.Helper()
	content := n.Content()
	for _, word := range words {
		if not, ok := strings.CutPrefix(word, "!"); ok {
			if strings.Contains(content, not) {
				t.Errorf("the page says %q", not)
			}
		} else if !strings.Contains(content, word) {
			t.Errorf("the page does not say %q: %s", word, content)
		}
	}
}

// The whole way of a version over the pages.
func TestAVersionOverThePages(t *testing.T) {
	x := newWorld(t)
	running := x.report()
	changed := lamps(t, "within: 3 working_days", "within: 5 working_days")
	answer := x.upload(ann, "over:lamps", "三天来不及", "2026-03-09", map[string][]byte{"repair.yaml": changed["procedures/repair.yaml"]})
	where := answer.Header().Get("Location")
	if answer.Code != http.StatusSeeOther || !strings.HasPrefix(where, "/rules/proposals/") {
		t.Fatalf("%d: %s", answer.Code, answer.Body)
	}
	mine := x.get(ann, locale.Zh, where, 200)
	says(t, mine, "三天来不及", "2026-03-09", "等待批准", "within: 3 working_days", "within: 5 working_days", "提议的人不能自己批准", "可以决定的人：本（ben）",
		string(running), "修好：2026-03-05 周四改为2026-03-09 周一", "不改", "已经开始的事项按原来的版本办完", "!以后，2026-03-09")
	if len(mine.All("del")) != 1 || len(mine.All("ins")) != 1 {
		t.Errorf("%d lines out, %d in", len(mine.All("del")), len(mine.All("ins")))
	}
	x.post(ann, where+"/approve", 422)
	_, refused := x.post(ann, where+"/refuse", 422, "reason", "自己退回")
	says(t, refused, "提议的人不能自己批准")

	says(t, x.get(ben, locale.En, where, 200), "Approve", "Once approved", "becomes Mon 9 Mar 2026")
	_, empty := x.post(ben, where+"/refuse", 422, "reason", " ")
	says(t, empty, "须填写不批准的理由")
	if to, _ := x.post(ben, where+"/plan", 303); to != where {
		t.Errorf("the plan anew leads to %s", to)
	}
	csv := x.World.Do(ben, "GET", where+"/plan.csv", nil).Body.String()
	if !strings.Contains(csv, string(running)) || strings.Contains(csv, "灯坏") {
		t.Errorf("the plan as a list: %s", csv)
	}
	if to, _ := x.post(ben, where+"/approve", 303); to != where {
		t.Errorf("approval leads to %s", to)
	}
	says(t, x.get(ann, locale.Zh, where, 200), "已批准", "本（ben）", "!批准或者不批准")
	x.post(ben, where+"/approve", 409)
	public := x.get(anyone, locale.Zh, "/packs/lamps", 200)
	says(t, public, "2026-03-09 周一起改用新版本", "待施行", "三天来不及", "3个工作日", "!5个工作日", "!ann")
	x.Set(calendar.MakeDate(2026, 3, 9))
	says(t, x.get(anyone, locale.Zh, "/packs/lamps", 200), "5个工作日", "!3个工作日", "已被替代")
	x.report()
	says(t, x.get(clerk, locale.Zh, "/packs", 200), "路灯报修规则")
	x.get(clerk, locale.Zh, where, 403)
}

// What is wrong with an upload is said at its field; what was typed is kept.
func TestUploadsAreBounded(t *testing.T) {
	x := newWorld(t)
	whole := lamps(t, "within: 3 working_days", "within: 5 working_days")
	nested := map[string][]byte{}
	for name, body := range whole {
		nested["lamps/"+name] = body
	}
	many := map[string][]byte{}
	for i := range 700 {
		many["cases/"+strings.Repeat("x", i%40+1)+string(rune('a'+i/40))+".yaml"] = []byte("case: x\n")
	}
	over := maps.Clone(whole)
	over["../../etc/x.yaml"] = []byte("case: x\n")
	for name, tt := range map[string]struct {
		source string
		files  map[string][]byte
		want   string
	}{
		"nothing":               {fromFiles, nil, "须选择文件"},
		"no source":             {"", map[string][]byte{"x.zip": zipped(t, whole)}, "须选择版本从哪里来"},
		"no such source":        {"carried:../x", nil, ""},
		"no zip":                {fromFiles, map[string][]byte{"x.zip": []byte("PK")}, "不能读取"},
		"a name that leads out": {fromFiles, map[string][]byte{"x.zip": zipped(t, over)}, "指向别处"},
		"a backslash":           {fromFiles, map[string][]byte{"x.zip": zipped(t, map[string][]byte{`cases\x.yaml`: nil})}, "指向别处"},
		"an absolute name":      {fromFiles, map[string][]byte{"x.zip": zipped(t, map[string][]byte{"/pack.yaml": nil})}, "指向别处"},
		"too many":              {fromFiles, map[string][]byte{"x.zip": zipped(t, many)}, "最多300个"},
		"a bomb":                {fromFiles, map[string][]byte{"x.zip": zipped(t, map[string][]byte{"pack.yaml": make([]byte, 5<<20)})}, "最多300个"},
		"two zips":              {fromFiles, map[string][]byte{"x.zip": zipped(t, whole), "y.zip": zipped(t, whole)}, "单独上传"},
		"what is no part":       {fromFiles, map[string][]byte{"x.yaml": []byte("hello: 1\n")}, "看不出文件x.yaml"},
		"another type":          {fromFiles, map[string][]byte{"x.exe": {0}}, "文件类型"},
		"an error":              {fromFiles, map[string][]byte{"x.zip": zipped(t, lamps(t, "by: desk.staff", "by: nobody"))}, "没有通过检查"},
		"an empty zip":          {fromFiles, map[string][]byte{"x.zip": zipped(t, nil)}, "没有通过检查"},
		"what is installed":     {fromFiles, map[string][]byte{"x.zip": zipped(t, lamps(t))}, "已经安装"},
	} {
		answer := x.upload(ann, tt.source, "留下这句话", "", tt.files)
		if answer.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d: %s", name, answer.Code, answer.Body)
			continue
		}
		says(t, pagetest.Sound(t, answer, locale.Zh), tt.want, "留下这句话", "文件要重新选择")
	}
	if answer := x.upload(ann, fromFiles, "r", "2026-03-01", map[string][]byte{"x.zip": zipped(t, whole)}); answer.Code != 422 || !strings.Contains(answer.Body.String(), "最早可以从2026-03-02起施行") {
		t.Errorf("a day gone by: %d", answer.Code)
	}
	if all, err := x.DB.Reader().PackProposals(t.Context(), ""); err != nil || len(all) != 0 {
		t.Fatalf("%+v, %v", all, err)
	}
	// A zip of the folder itself, and the files of a pack without their folders.
	if answer := x.upload(ann, fromFiles, "r", "", map[string][]byte{"lamps.zip": zipped(t, nested)}); answer.Code != http.StatusSeeOther {
		t.Errorf("a nested zip: %d %s", answer.Code, answer.Body)
	}
	loose := map[string][]byte{}
	for name, body := range lamps(t, "within: 3 working_days", "within: 6 working_days") {
		loose[name[strings.LastIndexByte(name, '/')+1:]] = body
	}
	if answer := x.upload(ann, fromFiles, "r", "", loose); answer.Code != http.StatusSeeOther {
		t.Errorf("loose files: %d %s", answer.Code, answer.Body)
	}
	if answer := x.upload(ann, "carried:wf11", "r", "", nil); answer.Code != 422 { // the city runs it already
		t.Errorf("what is carried and installed: %d", answer.Code)
	}
}

// Each type of parameter has its own input, its own faults, and acts from its
// day on.
func TestLocalParameters(t *testing.T) {
	x := newWorld(t)
	good := map[string][]string{
		"look_days": {"value", "2", "unit", "working_days"}, "tone": {"value", "firm"}, "keeper": {"value", "desk.staff"}, "share": {"value", "2", "den", "3"},
		"lamps": {"value", "１２"}, "cost": {"value", "500"}, "night": {"value", "false"}, "motto": {"value", "节约用电"},
	}
	bad := map[string][][]string{
		"look_days": {{"value", "0", "unit", "days"}, {"value", "two", "unit", "days"}, {"value", "2"}, {"value", "2", "unit", "fortnights"}},
		"tone":      {{}, {"value", "rude"}}, "keeper": {{"value", "head"}}, "share": {{"value", "3", "den", "2"}, {"value", "1"}}, "lamps": {{"value", "-1"}, {"value", ""}},
		"cost": {{"value", "1.5"}}, "night": {{"value", "no"}}, "motto": {{"value", " "}},
	}
	words := map[string]string{"look_days": "2个工作日", "tone": "严肃", "keeper": "街道工作人员", "share": "2/3", "lamps": "12", "cost": "500", "night": "否", "motto": "节约用电"}
	at := func(name string) string { return "/rules/locals/lamps/" + name }
	for name, sets := range bad {
		for _, pairs := range sets {
			_, n := x.post(ann, at(name), 422, append(pairs, "from", "2026-03-09", "paper", "留下这份文件")...)
			for _, in := range n.All("input") {
				if in.Attrs["name"] == "paper" && in.Attrs["value"] != "留下这份文件" {
					t.Errorf("%s: the paper is %q", name, in.Attrs["value"])
				}
			}
			if len(n.All("p")) == 0 || !strings.Contains(n.Content(), "还没有设定") {
				t.Errorf("%s %v: %s", name, pairs, n.Content())
			}
		}
	}
	says(t, x.get(ann, locale.Zh, at("look_days"), 200), "还没有设定，有关规则不运行", "期限“查看”")
	for name, pairs := range good {
		x.post(ann, at(name), 422, append(pairs, "from", "2026-03-09")...)                  // without a paper
		x.post(ann, at(name), 422, append(pairs, "from", "2026-03-40", "paper", "灯发3号")...) // on no day
		if to, _ := x.post(ann, at(name), 303, append(pairs, "from", "2026-03-09", "paper", "灯发3号")...); to != at(name) {
			t.Errorf("%s leads to %s", name, to)
		}
		for _, l := range locale.Langs() {
			n := x.get(ann, l, at(name), 200)
			if l == locale.Zh {
				says(t, n, "待施行", words[name], "灯发3号", "安（ann）")
			}
		}
		says(t, x.get(anyone, locale.Zh, "/packs/lamps", 200), "2026-03-09 周一起："+words[name])
	}
	early := x.report()
	x.Set(calendar.MakeDate(2026, 3, 9))
	late := x.report()
	due := func(id matter.ID) calendar.Date {
		terms, err := x.DB.Reader().Terms(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range terms {
			if row.Term == "look_time" {
				return row.Due
			}
		}
		return 0
	}
	if due(early) != 0 || due(late) != calendar.MakeDate(2026, 3, 11) {
		t.Errorf("begun before %s, after %s", due(early), due(late))
	}
	says(t, x.get(ann, locale.Zh, at("look_days"), 200), "现在是“2个工作日”，2026-03-09 周一起施行，依据：灯发3号")
	_, past := x.post(ann, at("look_days"), 422, "value", "5", "unit", "days", "from", "2026-03-08", "paper", "灯发4号")
	says(t, past, "只能从2026-03-09或以后")
	csv := x.World.Do(anyone, "GET", "/packs/lamps/locals.csv", nil).Body.String()
	if !strings.Contains(csv, "查看的期限,2个工作日,2026-03-09,现行,灯发3号,安") || strings.Contains(csv, "ann") {
		t.Errorf("%s", csv)
	}
	x.get(ann, locale.Zh, at("none"), 404)
	x.get(clerk, locale.Zh, at("tone"), 403)
}

// The public sees in how many matters a rule is in play; who works on them,
// also which.
func TestARuleLeadsToItsMatters(t *testing.T) {
	x := newWorld(t)
	id := x.report()
	var term library.Rule
	for _, r := range library.Rules(x.pack) {
		if r.Key == "library.rule.term" && r.Terms[0] == "repair_time" {
			term = r
		}
	}
	target := RuleHref("lamps", term)
	says(t, x.get(anyone, locale.Zh, target, 200), "期限“修好”", "现在在1件在办事项中运行", "报修以后要在几天内修好", "!"+string(id), "!由您经办")
	says(t, x.get(ann, locale.Zh, target, 200), "没有由您经办的", "!"+string(id))
	says(t, x.get(clerk, locale.En, target, 200), "It runs in 1 matter now", string(id))
	list := x.get(anyone, locale.En, "/packs/lamps/rules", 200)
	says(t, list, "The term “repair”", "The whole pack")
	if err := x.City.Do(id, matter.Command{Act: "repair", Actor: "clerk"}); err != nil {
		t.Fatal(err)
	}
	says(t, x.get(clerk, locale.Zh, target, 200), "现在在0件", "没有由您经办的")
}

// Coverage is counted beside the pages and then shown.
func TestCoverageIsCountedBesideThePage(t *testing.T) {
	x := newWorld(t)
	says(t, x.get(anyone, locale.Zh, "/packs/lamps", 200), "正在后台演算")
	x.front.Stop()
	says(t, x.get(anyone, locale.Zh, "/packs/lamps", 200), "!正在后台演算", "运行并验证", "没有着落的条款：1项", "QP0122", "!没有发现问题", "还有8个本地参数没有设定")
	says(t, x.get(anyone, locale.En, "/packs/lamps", 200), "run and tested", "Missing: 1 clause", "QP0122", "8 local parameters are unset")
	const unset = "参数“查看的期限”尚未设定，等待它的有：查看"
	says(t, x.get(anyone, locale.Zh, "/packs/lamps", 200), unset, "!look_days")
	x.post(ann, "/rules/locals/lamps/look_days", 303, "value", "2", "unit", "working_days", "from", "2026-03-02", "paper", "灯发3号")
	says(t, x.get(anyone, locale.Zh, "/packs/lamps", 200), "!"+unset, "QP0122")
	csv := x.World.Do(anyone, "GET", "/packs/lamps/clauses.csv", nil).Body.String()
	if !strings.Contains(csv, "lamps-c2,第2条,期限,强制,运行并验证,报修以后要在几天内修好。") {
		t.Errorf("%s", csv)
	}
}

func TestHTMLInjection(t *testing.T) {
	x := newWorld(t)
	const bad = `"><script>alert(1)</script><b>`
	x.post(ann, "/rules/locals/lamps/motto", 303, "value", bad, "from", "2026-03-02", "paper", "=1+1")
	changed := lamps(t, "zh: 谁都可以报修。", `zh: '`+bad+"'")
	changed["forms/look.yaml"] = append(changed["forms/look.yaml"], []byte("# "+bad+"\n")...)
	answer := x.upload(ann, fromFiles, bad, "", map[string][]byte{"x.zip": zipped(t, changed)})
	where := answer.Header().Get("Location")
	if answer.Code != 303 {
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	for _, target := range []string{where, "/rules", "/packs/lamps", "/rules/locals/lamps/motto", "/packs/" + url.PathEscape(bad), "/packs/lamps/rules/" + url.PathEscape(bad)} {
		body := x.World.Do(ben, "GET", target, nil).Body.String()
		if strings.Contains(body, "<script>") || strings.Contains(body, "<b>") {
			t.Errorf("%s: markup got through", target)
		}
	}
	if csv := x.World.Do(anyone, "GET", "/packs/lamps/locals.csv", nil).Body.String(); strings.Contains(csv, "\n=") || strings.Contains(csv, ",=") {
		t.Errorf("a formula: %s", csv)
	}
}
