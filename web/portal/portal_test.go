// SPDX-License-Identifier: Apache-2.0

package portal_test

import (
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"quanze/locale"
	"quanze/office"
	"quanze/office/library"
	"quanze/office/registry"
	"quanze/packs"
	"quanze/store"
	"quanze/web/page"
	"quanze/web/page/pagetest"
	"quanze/web/portal"
	"quanze/web/ui/htmlcheck"
)

// lamps is a text of our own that no pack knows. Its title tries to break out
// of the page.
const lamps = `"><b>路灯</b>养护办法

第一章 总则

第一条 为了让夜里走路的人看得清，制定本办法。

第二条 路灯由街道派人看护。
看护人每晚巡查一遍。

第二章 报修

第三条 看护人见到下列情形，当晚报修：
（一）灯不亮；
（二）灯杆歪斜；
（三）灯罩破裂。
报修以后写进值班簿。

第五条 本办法自二〇二六年一月一日起施行。
`

// accidents bears the title of the pack wf11; its words are ours.
const accidents = `全市学校安全稳定事故问责办法

第七条 本条为演示用。

第八条 甲方收到消息后组队查明经过。
小队不少于两个人，轮流值守。

第九条 有牵连的人走开。
`

// world is a portal over a database with the pack and, where asked for, texts.
func world(t *testing.T, options portal.Options, texts ...string) (*pagetest.World, *library.Library) {
	t.Helper()
	ctx := t.Context()
	db, err := store.Open(ctx, "sqlite:"+filepath.Join(t.TempDir(), "q.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	o := office.New(db, func() time.Time { return time.Date(2026, 2, 26, 1, 0, 0, 0, time.UTC) })
	files, err := packs.Files("wf11")
	if err != nil {
		t.Fatal(err)
	}
	if _, diags, err := registry.New(o).InstallPack(ctx, "", files); err != nil {
		t.Fatal(err, diags)
	}
	lib := library.New(o)
	for _, text := range texts {
		if _, err := lib.Import(ctx, "", "text.txt", []byte(text), nil); err != nil {
			t.Fatal(err)
		}
	}
	return pagetest.New(t, portal.New(o, lib, options).Routes(), func(c *page.Config) {
		c.Fronts = []page.Front{{Key: "nav.portal", Href: "/", Role: page.Anyone}, {Key: "nav.staff", Href: "/staff", Role: page.Staff}}
	}), lib
}

// get asks for a page and returns it, sound, in a language.
func get(t *testing.T, w *pagetest.World, l locale.Lang, target string, want int) *htmlcheck.Node {
	t.Helper()
	r := httptest.NewRequest("GET", target, nil)
	r.Header.Set("Accept-Language", string(l))
	answer := w.Send(page.Anyone, r)
	if answer.Code != want {
		t.Fatalf("%s: status %d, want %d", target, answer.Code, want)
	}
	return pagetest.Sound(t, answer, l)
}

// says checks what a page says and does not say.
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

func lampsHref(t *testing.T, lib *library.Library) string {
	t.Helper()
	entries, err := lib.Entries(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Pack == nil {
			return "/library/" + string(e.ID)
		}
	}
	t.Fatal("the text was not imported")
	return ""
}

func TestRoutes(t *testing.T) {
	w, lib := world(t, portal.Options{}, lamps)
	w.Walk(t, map[string]string{
		"GET /library/{id}": "/library/wf11", "GET /library/{id}/clauses/{clause}": "/library/wf11/clauses/wf11-art8-p2",
	})
	href := lampsHref(t, lib)
	for target, want := range map[string]int{
		"/": 200, "/library": 200, "/library/search": 200, "/library/search?q=x": 200, "/gallery": 404, "/library/wf11": 200, href: 200,
		"/library/wf11/clauses/wf11-art8-p2": 200, "/library/wf11/clauses/art8-p2": 200,
		"/library/none": 404, "/library/wf11/clauses/none": 404, "/library/none/clauses/art8-p2": 404, href + "/clauses/art8-p2": 404,
		"/library/": 404, "/nowhere": 404,
	} {
		for _, l := range locale.Langs() {
			get(t, w, l, target, want)
		}
	}
}

func TestEveryClauseHasItsPage(t *testing.T) {
	for _, texts := range [][]string{nil, {accidents}} {
		w, lib := world(t, portal.Options{}, texts...)
		o, err := lib.Open(t.Context(), "wf11")
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range o.Pack.Clauses {
			says(t, get(t, w, locale.Zh, portal.ClauseHref("wf11-"+c.ID), 200), c.Gist.Zh, c.Gist.En)
		}
	}
}

func TestGalleryIsForDevelopment(t *testing.T) {
	w, _ := world(t, portal.Options{Gallery: true})
	for _, l := range locale.Langs() {
		get(t, w, l, "/gallery", 200)
	}
}

func TestEmptyLibrary(t *testing.T) {
	ctx := t.Context()
	db, err := store.Open(ctx, "sqlite:"+filepath.Join(t.TempDir(), "q.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	o := office.New(db, time.Now)
	w := pagetest.New(t, portal.New(o, library.New(o), portal.Options{}).Routes(), nil)
	says(t, get(t, w, locale.Zh, "/", 200), "还没有制度")
	says(t, get(t, w, locale.Zh, "/library", 200), "还没有制度", "列在这里")
	says(t, get(t, w, locale.Zh, "/library/search?q=校园", 200), "没有找到")
}

func TestHomeShowsOnlyOpenDoors(t *testing.T) {
	w, _ := world(t, portal.Options{})
	home := get(t, w, locale.Zh, "/", 200)
	says(t, home, "1部制度", "当事人登录后", "!已登录")
	for _, a := range home.All("a") {
		switch href := a.Attrs["href"]; {
		case href == "/", href == "/library", href == "/sign-in", strings.HasPrefix(href, "#"), strings.HasPrefix(href, "/?lang="):
		default:
			t.Errorf("a door to %s", href)
		}
	}
	signed := pagetest.Sound(t, w.Do(page.Staff, "GET", "/?lang=en", nil), locale.En)
	says(t, signed, "Signed in as staff", "Casework", "!People whom a matter concerns")
}

func TestGistsWhereNotImported(t *testing.T) {
	w, _ := world(t, portal.Options{})
	says(t, get(t, w, locale.Zh, "/library", 200), "尚未导入，只有要旨", "潍教字〔2011〕34号")
	zh := get(t, w, locale.Zh, "/library/wf11", 200)
	says(t, zh, "正文尚未导入，以下为要旨", "不能作为依据引用", "第八条第一款", "附件", "印发通知", "!导入的正文")
	en := get(t, w, locale.En, "/library/wf11", 200)
	says(t, en, "not imported yet", "Article 8, paragraph 1", "Measures of accountability", "Top-leader responsibility", "全市学校安全稳定事故问责办法")
	if en.ByID("wf11-art3-p2") == nil || en.ByID("a8") == nil {
		t.Error("a clause or an article has no id to link to")
	}
	clause := get(t, w, locale.Zh, "/library/wf11/clauses/art8-p2", 200)
	says(t, clause, "第八条第二款", "正文尚未导入", "强制", "环节“调查取证”的人数", "程序：学校安全事故问责", "上一项：第八条第一款", "下一项：第九条")
}

func TestTextWhereImported(t *testing.T) {
	w, lib := world(t, portal.Options{}, accidents, lamps)
	doc := get(t, w, locale.En, "/library/wf11", 200)
	says(t, doc, "The official text is imported", "轮流值守", "3 gists", "!cannot be cited", "Clauses without a place in the text", "Top-leader responsibility")
	if p := doc.ByID("a8.2"); p == nil || !strings.Contains(p.Content(), "不少于两个人") {
		t.Errorf("a8.2 is %v", p)
	}
	says(t, get(t, w, locale.Zh, "/library", 200), "已导入")
	clause := get(t, w, locale.Zh, "/library/wf11/clauses/wf11-art8-p2", 200)
	quote := clause.All("blockquote")
	if len(quote) != 1 {
		t.Fatalf("%d quotations", len(quote))
	}
	says(t, quote[0], "小队不少于两个人，轮流值守。", "!组队查明经过", "!有牵连")
	says(t, get(t, w, locale.Zh, "/library/wf11/clauses/annex-b", 200), "没有找到这个位置")

	text := get(t, w, locale.Zh, lampsHref(t, lib), 200)
	says(t, text, "第一章 总则", "2章，4条", "原文有1处问题待确认", "编号缺漏", "还没有编成规则", "（二）灯杆歪斜；")
	for _, id := range []string{"a2.2", "a3.1.2", "a5"} {
		if text.ByID(id) == nil {
			t.Errorf("no place %s", id)
		}
	}
	if content := text.Content(); strings.Index(content, "灯罩破裂") > strings.Index(content, "值班簿") {
		t.Error("the lines are out of order")
	}
}

func TestSearch(t *testing.T) {
	w, _ := world(t, portal.Options{}, lamps)
	found := get(t, w, locale.Zh, "/library/search?q="+url.QueryEscape("灯杆"), 200)
	says(t, found, "找到1处", "第三条第一款第（二）项")
	if m := found.All("mark"); len(m) != 1 || m[0].Content() != "灯杆" {
		t.Errorf("%d marks", len(m))
	}
	gists := get(t, w, locale.Zh, "/library/search?q="+url.QueryEscape("回避"), 200)
	says(t, gists, "要旨", "第九条")
	english := get(t, w, locale.Zh, "/library/search?q=Top-leader", 200)
	says(t, english, "第三条第二款", "Top-leader responsibility")
	says(t, get(t, w, locale.Zh, "/library/search?q="+url.QueryEscape("月亮船"), 200), "没有找到", "换一个更短的词")
	says(t, get(t, w, locale.En, "/library/search?q=+", 200), "No word entered yet")
}

func TestHTMLInjection(t *testing.T) {
	w, lib := world(t, portal.Options{}, lamps)
	const bad = `"><script>alert(1)</script><b>路灯`
	for _, target := range []string{"/library/search?q=" + url.QueryEscape(bad), "/library/search?q=" + url.QueryEscape("<b>"), lampsHref(t, lib), "/library",
		"/library/" + url.PathEscape(bad), "/library/wf11/clauses/" + url.PathEscape(bad)} {
		for _, l := range locale.Langs() {
			r := httptest.NewRequest("GET", target, nil)
			r.Header.Set("Accept-Language", string(l))
			body := w.Send(page.Anyone, r).Body.String()
			if strings.Contains(body, "<script>") || strings.Contains(body, "<b>") {
				t.Errorf("%s: markup got through", target)
			}
		}
	}
	says(t, get(t, w, locale.Zh, "/library", 200), `<b>路灯</b>养护办法`)
}

func TestClauseHref(t *testing.T) {
	if got, want := portal.ClauseHref("wf11-art8-p2"), "/library/wf11/clauses/wf11-art8-p2"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := portal.ClauseHref("x-<a>/b"); strings.ContainsAny(got[len("/library/x/clauses/"):], "</>") {
		t.Errorf("got %s", got)
	}
}
