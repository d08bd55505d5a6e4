// SPDX-License-Identifier: Apache-2.0

package library_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quanze/core/calendar"
	"quanze/core/fault"
	"quanze/office/library"
	"quanze/office/officetest"
	"quanze/store"
	"quanze/store/storetest"
)

// lights is an invented text: a notice, articles, one of which is left out.
const lights = "青石港口管理委员会关于印发《青石港口灯塔值守办法》的通知\n青港发〔2031〕7号\n各灯塔:\n现将《青石港口灯塔值守办法》印发给你们,请遵照执行。\n" +
	"青石港口管理委员会\n2031年4月5日\n青石港口灯塔值守办法\n第一条 为规范灯塔值守,制定本办法。\n第二条 灯塔看守人日落点灯,日出熄灯。\n雾天全日点灯。\n" +
	"第四条 灯油不足的,看守人应当当日报告。\n第五条 本办法自2031年5月1日起施行。\n"

// ofPack is an invented text that bears the title of the pack.
const ofPack = "全市学校安全稳定事故问责办法\n第一条 灯塔学校的操场每日清扫。\n第二条 本办法自2031年5月1日起施行。\n"

func engines(t *testing.T, run func(t *testing.T, l *library.Library)) {
	on := func(t *testing.T, address string) {
		run(t, library.New(officetest.New(t, address).Office))
	}
	t.Run("sqlite", func(t *testing.T) { on(t, "") })
	t.Run("postgres", func(t *testing.T) {
		if testing.Short() {
			t.Skip("-short")
		}
		on(t, storetest.Postgres(t))
	})
}

func imported(t *testing.T, l *library.Library, name, text string) library.Imported {
	t.Helper()
	all, err := l.Import(t.Context(), "operator", name, []byte(text), nil)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d documents, %v", len(all), err)
	}
	return all[0]
}

func entries(t *testing.T, l *library.Library) []library.Entry {
	t.Helper()
	all, err := l.Entries(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", what, diff)
	}
}

func TestTheSameTextIsKeptOnce(t *testing.T) {
	c := officetest.New(t, "")
	l := library.New(c.Office)
	first, second := imported(t, l, "a.txt", lights), imported(t, l, "b.txt", lights)
	if first.ID != second.ID {
		t.Errorf("%s, then %s", first.ID, second.ID)
	}
	all := entries(t, l)
	if len(all) != 2 || all[0].Pack == nil || all[0].Imported {
		t.Fatalf("the library is %+v", all)
	}
	want := library.Entry{ID: first.ID, Title: "青石港口灯塔值守办法", Number: "青港发〔2031〕7号", Issuer: "青石港口管理委员会",
		IssuedOn: calendar.MakeDate(2031, 4, 5), Imported: true, Defects: 1}
	same(t, "the entry", want, all[1])
	row, err := c.DB.Reader().Document(t.Context(), first.ID)
	if err != nil || string(row.Source) != lights || row.SourceName != "b.txt" || row.ImportedBy != "operator" {
		t.Errorf("the source is kept as %q of %s by %s (%v)", row.Source, row.SourceName, row.ImportedBy, err)
	}
	hits, err := l.Search(t.Context(), "雾天")
	if err != nil || len(hits) != 1 {
		t.Errorf("found %d times (%v)", len(hits), err)
	}
	if _, err := l.Import(t.Context(), "operator", "picture", []byte("%PDF-1.7\x00\x01"), nil); fault.Of(err) == nil {
		t.Errorf("what is no text: %v", err)
	}
	if len(entries(t, l)) != 2 {
		t.Error("what is no text is an entry")
	}
}

func TestSearchTextsAndGists(t *testing.T) {
	engines(t, func(t *testing.T, l *library.Library) {
		id := imported(t, l, "a.txt", lights).ID
		find := func(query string) []library.Found {
			t.Helper()
			all, err := l.Search(t.Context(), query)
			if err != nil {
				t.Fatal(err)
			}
			return all
		}
		same(t, "of a text", []library.Found{{Document: id, Title: "青石港口灯塔值守办法", Anchor: "a4", Text: "第四条 灯油不足的,看守人应当当日报告。"}}, find("灯油 报告"))
		for _, query := range []string{"", "  ", "。", "不存在的词", "灯油 不存在", `"'* --`} {
			if got := find(query); len(got) != 0 {
				t.Errorf("%q: %+v", query, got)
			}
		}
		for _, query := range []string{"体罚", "corporal punishment", "PUNISHMENT, Corporal"} {
			got := find(query)
			if len(got) == 0 || !got[0].Gist || got[0].Document != officetest.Pack || got[0].Anchor != "a5.1.1" {
				t.Errorf("a gist by %q: %+v", query, got)
			}
		}
		if n := len(find("的")); n < 10 || n > 50 {
			t.Errorf("a common word is found %d times", n)
		}
		// Once the text is here its own words answer, and its gists no more.
		imported(t, l, "w.txt", ofPack)
		if got := find("corporal punishment"); len(got) != 0 {
			t.Errorf("gists of an imported text: %+v", got)
		}
		if got := find("操场"); len(got) != 1 || got[0].Gist {
			t.Errorf("the text itself: %+v", got)
		}
	})
}

func TestOpen(t *testing.T) {
	c := officetest.New(t, "")
	l := library.New(c.Office)
	open := func(id store.DocumentID) *library.Opened {
		t.Helper()
		o, err := l.Open(t.Context(), id)
		if err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		return o
	}
	gists := open(officetest.Pack)
	if gists.Document != nil || gists.Imported || gists.Pack == nil || len(gists.Pack.Clauses) == 0 || gists.TitleEn == "" || gists.ID != officetest.Pack {
		t.Errorf("known by its gists: %+v", gists.Entry)
	}
	lit := imported(t, l, "a.txt", lights)
	if o := open(lit.ID); o.Pack != nil || o.Document == nil || o.Document.Title != lit.Document.Title {
		t.Errorf("only imported: %+v", o.Entry)
	} else {
		want, _ := lit.Document.Text("a2")
		if got, ok := o.Document.Text("a2"); !ok || got != want || !strings.Contains(got, "雾天") {
			t.Errorf("article 2 reads %q, want %q", got, want)
		}
	}
	text := imported(t, l, "w.txt", ofPack)
	for _, id := range []store.DocumentID{officetest.Pack, text.ID} {
		o := open(id)
		if !o.Imported || o.ID != text.ID || o.Pack == nil || o.Document == nil || o.TitleEn != gists.TitleEn {
			t.Errorf("by %s: %+v", id, o.Entry)
		}
	}
	if all := entries(t, l); len(all) != 2 || all[0].ID != text.ID || all[1].ID != lit.ID {
		t.Errorf("%+v", all)
	}
	if _, err := l.Open(t.Context(), "nothing"); !fault.Is(err, fault.Absent) {
		t.Errorf("what is not there: %v", err)
	}
}

// Another version of a text is another document: neither hides the other, and
// the pack's code opens the one imported last.
func TestVersionsOfOneTitle(t *testing.T) {
	c := officetest.New(t, "")
	l := library.New(c.Office)
	versions := map[store.DocumentID]bool{}
	var last store.DocumentID
	for i, other := range []string{"每日", "每周", "每月", "每年"} {
		c.Set(officetest.Day(3 + i))
		last = imported(t, l, "w.txt", strings.ReplaceAll(ofPack, "每日", other)).ID
		versions[last] = true
		all := entries(t, l)
		if len(versions) != i+1 || len(all) != i+1 {
			t.Fatalf("%d versions, %d entries: %+v", len(versions), len(all), all)
		}
		o, err := l.Open(t.Context(), officetest.Pack)
		if err != nil || o.ID != last {
			t.Errorf("the code opens %s, want %s (%v)", o.ID, last, err)
		}
		for id := range versions {
			if o, err := l.Open(t.Context(), id); err != nil || o.ID != id || o.Document == nil {
				t.Errorf("version %s: %+v, %v", id, o, err)
			}
		}
	}
}

func TestOpenDefectsAreCounted(t *testing.T) {
	c := officetest.New(t, "")
	l := library.New(c.Office)
	// A word that was replaced throughout, and what an operator settles of it.
	text := "河湾办法\n第一条 为了规范全镇秋高气爽安全工作,保障秋高气爽生产经营者和消费者的权益,制定本办法。\n" +
		"第二条 秋高气爽生产应当符合秋高气爽安全标准,秋高气爽添加剂的使用应当登记。\n第三条 秋高气爽经营者应当查验供货单据,秋高气爽标签应当清楚。\n" +
		"第四条 镇秋高气爽安全办公室组织秋高气爽检验,并公布网络秋高气爽检验结果。\n第五条 秋高气爽召回由秋高气爽生产者实施,秋高气爽摊贩应当配合。\n"
	count := func(words map[string]string) int {
		t.Helper()
		all, err := l.Import(t.Context(), "", "w.txt", []byte(text), words)
		if err != nil || len(all) != 1 {
			t.Fatal(len(all), err)
		}
		for _, e := range entries(t, l) {
			if e.ID == all[0].ID {
				return e.Defects
			}
		}
		t.Fatal("no entry")
		return 0
	}
	before := count(nil)
	after := count(map[string]string{"秋高气爽": "食品"})
	if before != 1 || after != 0 {
		t.Errorf("%d open defects, then %d", before, after)
	}
}
