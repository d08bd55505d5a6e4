// SPDX-License-Identifier: Apache-2.0

package regulation_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quanze/core/regulation"
)

var update = flag.Bool("update", false, "write the golden files")

// fixtures are texts of our own, each with one kind of noise. Most are one
// text of three chapters, six articles and three items under different noise,
// so that the same tree must come out.
var fixtures = []struct {
	name     string
	docs     int
	articles []int // by document
	items    []int
	defects  []wanted // of any document
	dropped  []string // reasons that must occur
	holds    []string // words the trees hold
	lacks    []string // words no tree holds
}{
	{name: "clean", docs: 1, articles: []int{6}, items: []int{3}},
	{name: "several", docs: 3, articles: []int{6, 0, 2}, items: []int{3, 2, 0}, dropped: []string{"site head"}},
	{name: "frame", docs: 1, articles: []int{6}, items: []int{3}, dropped: []string{"site frame"}, lacks: []string{"上传", "版权", "相关推荐"}},
	{name: "pages", docs: 1, articles: []int{6}, items: []int{3}, dropped: []string{"page number"},
		defects: []wanted{{regulation.PageNumber, "a1", "管2 理", "管理", 0}, {regulation.PageNumber, "a2.1", "接3 待", "接待", 0}, {regulation.PageNumber, "a4", "4 并", "并在", 0}},
		holds:   []string{"集中接待居民的柜台", "并在5个工作日内"}},
	{name: "chunks", docs: 1, articles: []int{6}, items: []int{3}, dropped: []string{"chunk number"}, holds: []string{"一次告知所缺的材料"}},
	{name: "cutwords", docs: 1, articles: []int{6}, items: []int{3},
		defects: []wanted{{regulation.CutWord, "a1", "管⏎理", "管理", 0}, {regulation.CutWord, "a4", "统⏎一、", "统一、", 0}}, holds: []string{"步调统一、办事同向"}},
	{name: "replaced", docs: 1, articles: []int{5}, items: []int{0}, defects: []wanted{{regulation.ReplacedWord, "a1", "秋高气爽", "食品", 13}}},
	{name: "replaced_plain", docs: 1, articles: []int{5}, items: []int{0}, defects: []wanted{{regulation.ReplacedWord, "a1", "秋高气爽", "食品", 13}}},
	{name: "traditional", docs: 1, articles: []int{3}, items: []int{2}, defects: []wanted{{regulation.Traditional, "", "", "河湾镇", 0}},
		holds: []string{"着力压缩办理时间", "随时接受监督", "登记居民提出的申请"}},
	{name: "pinyin", docs: 1, articles: []int{4}, items: []int{0}, dropped: []string{"pinyin annotation"},
		defects: []wanted{{regulation.PinyinDamage, "a3", "?fù)p", "損害", 0}}, holds: []string{"发生严重损害居民利益的", "领导负责处理"}, lacks: []string{"(", "?"}},
	{name: "runtogether", docs: 1, articles: []int{6}, items: []int{3}, dropped: []string{"imprint"},
		defects: []wanted{{regulation.MergedParagraphs, "", "", "前款", 0}}},
	{name: "commentary", docs: 1, articles: []int{6}, items: []int{3}, dropped: []string{"commentary", "second copy"}, lacks: []string{"讲了道理", "兜底"}},
	{name: "interleaved_commentary", docs: 1, articles: []int{6}, items: []int{3}, dropped: []string{"commentary"}, lacks: []string{"目的要明确", "时限从受理算起"}},
	{name: "repeated", docs: 1, articles: []int{6}, items: []int{3}, defects: []wanted{{regulation.RepeatedNumber, "a3.1.2b", "(二)在承诺", "（三）", 0}}},
	{name: "lost", docs: 1, articles: []int{6}, items: []int{2},
		defects: []wanted{{regulation.LostItemNumber, "a3.1.2", "一次告知", "（二）", 0}, {regulation.NumberGap, "a7", "第七条", "第六条", 0}}},
	{name: "damaged_marks", docs: 1, articles: []int{6}, items: []int{3},
		defects: []wanted{{regulation.DamagedMark, "a3.1.2", "二)一次", "（二）一次", 0}, {regulation.DamagedMark, "a3.1.3", "(三在", "（三）在", 0}}},
	{name: "citations", docs: 1, articles: []int{6}, items: []int{3}, holds: []string{"第二条(一)项情形", "条例》第三条规定设立"}},
	{name: "letterhead", docs: 1, articles: []int{2}, items: []int{0}, dropped: []string{"letterhead"},
		defects: []wanted{{regulation.Letterhead, "", "设局", "河湾县住房和城乡建设局", 0}, {regulation.CutTitle, "n", "社区⏎服务", "社区服务", 0}}},
	{name: "titles", docs: 2, articles: []int{6, 2}, items: []int{3, 0},
		defects: []wanted{{regulation.TitleDiffers, "", "便民窗口管理", "便民服务窗口管理", 0}, {regulation.OpenTitleMark, "a1", "《城乡服务条例", "", 0}, {regulation.CutTitle, "", "代办点⏎管理办法", "代办点管理办法", 0}}},
	{name: "widths", docs: 1, articles: []int{6}, items: []int{3}},
	{name: "headings", docs: 1, articles: []int{0}, items: []int{8}, defects: []wanted{{regulation.RepeatedHeading, "s2B", "水管站责任", "", 0}}},
	{name: "parts", docs: 1, articles: []int{5}, items: []int{2}, dropped: []string{"table of contents"}},
	{name: "markdown", docs: 1, articles: []int{6}, items: []int{3}, dropped: []string{"markup"}, holds: []string{"本办法所称便民窗口,是指"}, lacks: []string{"**", "](", "#"}},
	{name: "page", docs: 1, articles: []int{6}, items: []int{3}, dropped: []string{"markup", "script", "site frame"}, holds: []string{"“便民”由居民评议", "制定本办法"}, lacks: []string{"<", "假的", "&", "注释"}},
	{name: "minified", docs: 1, articles: []int{6}, items: []int{3}, dropped: []string{"markup", "site frame"}, lacks: []string{"<", "&"}},
	{name: "dump_sql", docs: 1, articles: []int{6}, items: []int{3}, dropped: []string{"database syntax"}, holds: []string{"所称'便民窗口',是指"}, lacks: []string{`\n`}},
	{name: "dump_json", docs: 1, articles: []int{6}, items: []int{3}, dropped: []string{"database syntax"}, lacks: []string{"example"}},
	{name: "dump_json_escaped", docs: 1, articles: []int{6}, items: []int{3}, dropped: []string{"database syntax"}, lacks: []string{`\u`}},
	{name: "dump_csv", docs: 1, articles: []int{6}, items: []int{3}, dropped: []string{"database syntax"}, holds: []string{`所称"便民窗口",是指`}},
	{name: "dump_html", docs: 1, articles: []int{6}, items: []int{3}, dropped: []string{"database syntax", "markup"}, lacks: []string{"<", `\"`}},
	{name: "gb18030", docs: 1, articles: []int{6}, items: []int{3}},
	{name: "utf16le", docs: 1, articles: []int{6}, items: []int{3}},
	{name: "utf16be", docs: 1, articles: []int{6}, items: []int{3}},
	{name: "utf16_no_mark", docs: 1, articles: []int{6}, items: []int{3}},
	{name: "bom", docs: 1, articles: []int{6}, items: []int{3}},
	{name: "broken", docs: 1, articles: []int{6}, items: []int{3}, defects: []wanted{{regulation.BrokenBytes, "a3.1.2", "\uFFFD", "", 0}}},
	{name: "blanks", docs: 1, articles: []int{6}, items: []int{3}, holds: []string{"规范镇便民窗口的管理", "申请材料齐全的"}},
	{name: "spaces", docs: 1, articles: []int{6}, items: []int{3}, defects: []wanted{{regulation.StraySpace, "", "集中 接待", "集中接待", 3}}, holds: []string{"集中接待居民", "在5个工作日"}},
	{name: "synonyms", docs: 1, articles: []int{5}, items: []int{0}, defects: []wanted{
		{regulation.CollapsedTiers, "a1", "主要领导承担重要领导责任", "主要领导责任", 0},
		{regulation.SwappedTerm, "a2", "第一负责人", "第一责任人", 0}, {regulation.SwappedTerm, "a2", "负详细", "负具体", 0},
		{regulation.SwappedTerm, "a3", "立案", "备案", 0}, {regulation.SwappedTerm, "a4", "罢职", "免职", 0},
		{regulation.SwappedTerm, "a4", "原则", "标准", 0}, {regulation.SwappedTerm, "a4", "书面提议", "书面建议", 0},
		{regulation.SwappedTerm, "a5", "就地处理", "就地解决", 0}, {regulation.SwappedTerm, "a5", "商业机密", "商业秘密", 0},
		{regulation.VariantCharacter, "", "旳", "的", 5},
	}, holds: []string{"就地处理"}},
	{name: "fields", docs: 1, articles: []int{6}, items: []int{3}, dropped: []string{"database fields"}, lacks: []string{"发布部门"}},
	{name: "masked", docs: 1, articles: []int{6}, items: []int{3}, defects: []wanted{{regulation.MaskedText, "a1", "某*同志", "", 0}, {regulation.DoubledWord, "a1", ",,", ",", 0}}},
	{name: "plain", docs: 1, articles: []int{0}, items: []int{0}, defects: []wanted{{regulation.NoStructure, "", "今天", "", 0}}, holds: []string{"没有任何编号的文字也不能丢"}},
	{name: "untitled", docs: 1, articles: []int{6}, items: []int{3}, defects: []wanted{{regulation.MissingTitle, "", "", "河湾县便民窗口管理实施办法", 0}}},
	{name: "mixed_items", docs: 1, articles: []int{3}, items: []int{7},
		defects: []wanted{{regulation.MissingEndMark, "a2.1.1", "表扬", "表扬", 0}}, holds: []string{"对前款规定的奖励"}},
}

func fixture(t testing.TB, name string) (regulation.Result, []byte) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := regulation.Import("fixture", raw, regulation.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r, raw
}

func TestFixtures(t *testing.T) {
	for _, f := range fixtures {
		t.Run(f.name, func(t *testing.T) {
			r, raw := fixture(t, f.name)
			for i, m := range regulation.Account(r, raw) {
				if i < 3 {
					t.Errorf("not accounted for: %+v", m)
				}
			}
			golden(t, f.name, r)
			if len(r.Documents) != f.docs {
				t.Fatalf("%d documents, want %d", len(r.Documents), f.docs)
			}
			var tree strings.Builder
			var defects []regulation.Defect
			reasons := map[string]bool{}
			for i := range r.Documents {
				d := &r.Documents[i]
				if d.Articles != f.articles[i] || d.Items != f.items[i] {
					t.Errorf("document %d has %d articles and %d items, want %d and %d", i, d.Articles, d.Items, f.articles[i], f.items[i])
				}
				tree.WriteString(treeText(d))
				defects = append(defects, d.Defects...)
				for _, x := range d.Dropped {
					reasons[x.Why] = true
				}
			}
			for _, w := range f.defects {
				if !find(defects, w) {
					t.Errorf("no defect %+v", w)
				}
			}
			for _, w := range f.dropped {
				if !reasons[w] {
					t.Errorf("nothing dropped as %s", w)
				}
			}
			for _, w := range f.holds {
				if !strings.Contains(tree.String(), w) {
					t.Errorf("the tree lacks %s", w)
				}
			}
			for _, w := range f.lacks {
				if strings.Contains(tree.String(), w) {
					t.Errorf("the tree holds %s", w)
				}
			}
		})
	}
}

// golden compares with the reviewed JSON of a fixture.
func golden(t *testing.T, name string, r regulation.Result) {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(r); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", "golden", name+".json")
	if *update {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// The same text must come out of every wrapping and encoding: the hashes of
// its places are those of the clean one.
func TestWrappingChangesNothing(t *testing.T) {
	clean, _ := fixture(t, "clean")
	for _, name := range []string{"frame", "bom", "utf16le", "utf16be", "utf16_no_mark", "gb18030", "blanks", "spaces", "widths", "markdown", "minified", "dump_json", "dump_json_escaped", "commentary", "fields", "several", "chunks", "interleaved_commentary"} {
		r, _ := fixture(t, name)
		for _, a := range []string{"a1", "a2", "a2.2", "a3", "a3.1.2", "a4", "a5", "a6"} {
			if name == "chunks" && (a == "a1" || a[:2] == "a2") {
				continue // the text of these differs
			}
			want, ok := clean.Documents[0].Hash(a)
			if !ok {
				t.Fatalf("clean: no %s", a)
			}
			if name == "widths" && a == "a6" {
				continue // the date is written in words there
			}
			if got, _ := r.Documents[0].Hash(a); got != want {
				text, _ := r.Documents[0].Text(a)
				t.Errorf("%s: %s differs: %s", name, a, text)
			}
		}
	}
}

// A word that a person settles is exchanged everywhere and stays on record.
func TestSettledWord(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("testdata", "replaced.txt"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := regulation.Import("x", raw, regulation.Options{Words: map[string]string{"秋高气爽": "食品"}})
	if err != nil {
		t.Fatal(err)
	}
	d := &r.Documents[0]
	if strings.Contains(treeText(d), "秋高气爽") || !strings.Contains(treeText(d), "镇食品安全办公室组织食品检验") {
		t.Error("the settled word is not exchanged")
	}
	settled := 0
	for _, x := range d.Defects {
		if x.Code == regulation.ReplacedWord {
			if !x.Settled || len(x.Places) != 13 {
				t.Errorf("on record as %+v", x)
			}
			settled++
		}
	}
	if settled != 1 {
		t.Errorf("%d records of the exchange, want one", settled)
	}
	if m := regulation.Account(r, raw); len(m) > 0 {
		t.Errorf("not accounted for: %+v", m[0])
	}
}

// Account must notice what is lost and what is invented.
func TestAccountNotices(t *testing.T) {
	r, raw := fixture(t, "clean")
	n, _ := r.Documents[0].Find("a4")
	n.Paragraphs[0] = strings.Replace(n.Paragraphs[0], "当日", "", 1)
	m := regulation.Account(r, raw)
	if len(m) != 1 || m[0].Text != "当日" && m[0].Text != "日当" || m[0].Line == 0 {
		t.Errorf("a lost word is reported as %+v", m)
	}
	r, raw = fixture(t, "clean")
	n, _ = r.Documents[0].Find("a4")
	n.Paragraphs[0] += "不得"
	if m := regulation.Account(r, raw); len(m) != 1 || len([]rune(m[0].Extra)) != 2 {
		t.Errorf("an invented word is reported as %+v", m)
	}
}

func TestBinaryIsRefused(t *testing.T) {
	for _, raw := range []string{"%PDF-1.7\n", "PK\x03\x04\x00", "\xD0\xCF\x11\xE0"} {
		if _, err := regulation.Import("x", []byte(raw), regulation.Options{}); err == nil {
			t.Errorf("%q is taken for a text", raw)
		}
	}
}

func TestEmptyHasNoDocument(t *testing.T) {
	r, err := regulation.Import("x", []byte(" \n\u200b\n"), regulation.Options{})
	if err != nil || len(r.Documents) != 0 || r.Documents == nil {
		t.Errorf("%v, %v", r, err)
	}
}
