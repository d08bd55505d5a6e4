// SPDX-License-Identifier: Apache-2.0

package portal

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"quanze/core/regulation"
	"quanze/core/rulepack"
	"quanze/locale"
	"quanze/office/library"
	"quanze/packs"
	"quanze/store"
	"quanze/web/ui"
)

func words(t *testing.T, l locale.Lang) *locale.Words {
	t.Helper()
	c, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c.In(l)
}

func wf11(t *testing.T) *rulepack.Pack {
	t.Helper()
	files, err := packs.Files("wf11")
	if err != nil {
		t.Fatal(err)
	}
	p, diags := rulepack.Load(files)
	if p == nil {
		t.Fatal(diags)
	}
	return p
}

func TestPlaceName(t *testing.T) {
	tests := []struct{ anchor, zh, en string }{
		{"a12", "第十二条", "Article 12"},
		{"a12-1", "第十二条之一", "Article 12-1"},
		{"a8.2", "第八条第二款", "Article 8, paragraph 2"},
		{"a105.1.13", "第一百零五条第一款第（十三）项", "Article 105, paragraph 1, item 13"},
		{"a12.2.3.1", "第十二条第二款第（三）项第1目", "Article 12, paragraph 2, item 3, point 1"},
		{"a9.1.4b", "第九条第一款第（四）项", "Article 9, paragraph 1, item 4"},
		{"s2.3", "第二部分第（三）项", "Part 2, item 3"},
		{"s2.3.1", "第二部分第（三）项第1目", "Part 2, item 3, point 1"},
		{"s2.p1", "第二部分第一段", "Part 2, paragraph 1"},
		{"s0", "引言", "Preamble"},
		{"notice", "印发通知", "Notice of issue"},
		{"x1", "附件", "Annex"},
		{"annex.2", "附件第二部分", "Annex, part 2"},
		{"x3", "附件三", "Annex 3"},
		{"<b>", "<b>", "<b>"},
		{"a99999999999999999999", "第99999999999999999999条", "Article 99999999999999999999"},
	}
	zh, en := words(t, locale.Zh), words(t, locale.En)
	for _, tt := range tests {
		if got := PlaceName(zh, tt.anchor); got != tt.zh {
			t.Errorf("%s: %s, want %s", tt.anchor, got, tt.zh)
		}
		if got := PlaceName(en, tt.anchor); got != tt.en {
			t.Errorf("%s: %s, want %s", tt.anchor, got, tt.en)
		}
	}
}

func TestNumeral(t *testing.T) {
	for n, want := range map[int]string{0: "零", 7: "七", 10: "十", 11: "十一", 20: "二十", 99: "九十九", 100: "一百", 101: "一百零一", 110: "一百一十",
		119: "一百一十九", 1000: "一千", 1010: "一千零一十", 1260: "一千二百六十", 2005: "二千零五", 10000: "10000", -1: "-1"} {
		if got := numeral(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.IntRange(0, 9999).Draw(t, "a"), rapid.IntRange(0, 9999).Draw(t, "b")
		if (numeral(a) == numeral(b)) != (a == b) {
			t.Fatalf("%d and %d are both %s", a, b, numeral(a))
		}
	})
}

func TestResolved(t *testing.T) {
	for anchor, want := range map[string][]string{
		"a5.1.3": {"a5.1.3", "a5.1", "a5"}, "notice": {"n"}, "annex.2": {"x1.2", "x1"}, "s2.3": {"s2.3", "s2"},
	} {
		if diff := cmp.Diff(want, resolved(anchor)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", anchor, diff)
		}
	}
}

// TestLinesKeepTheText imports texts, reads every article as the library keeps
// it, and checks that no character is lost and that each line stands at the
// place the importer gives it.
func TestLinesKeepTheText(t *testing.T) {
	tests := map[string]string{
		"items between paragraphs": "试行办法\n\n第一条 头一段说明：\n（一）甲项；\n（二）乙项。\n后一段说明。\n\n第二条 单独一段。\n",
		"headings":                 "关于植树的意见\n\n一、总的想法\n春天种树。\n二、做法\n（一）先挖坑。\n（二）再浇水。\n",
		"repeated":                 "试行办法\n\n第一条 甲。\n\n第二条 乙。\n\n第二条 丙。\n",
	}
	for name, source := range tests {
		t.Run(name, func(t *testing.T) {
			r, err := regulation.Import("t.txt", []byte(source), regulation.Options{})
			if err != nil || len(r.Documents) != 1 {
				t.Fatal(err, len(r.Documents))
			}
			d := &r.Documents[0]
			for _, n := range tops(d.Tree) {
				plain := n.PlainText()
				mark, lines := linesOf(n, plain)
				got := mark
				for _, l := range lines {
					got += l.Text
					if l.ID != "" {
						part, ok := d.Text(l.ID)
						if first, _, _ := strings.Cut(part, "\n"); !ok || !strings.HasSuffix(first, l.Text) {
							t.Errorf("%s: %q, want %q", l.ID, l.Text, first)
						}
					}
				}
				if strip(got) != strip(plain) {
					t.Errorf("%s: %q, want %q", n.Anchor, got, plain)
				}
			}
		})
	}
}

func strip(s string) string { return strings.NewReplacer("\n", "", " ", "").Replace(s) }

// TestEveryRuleHasAName goes through the whole pack: each rule is found at its
// place, and no words are missing in either language.
func TestEveryRuleHasAName(t *testing.T) {
	p := wf11(t)
	by := library.ByClause(library.Rules(p))
	n := 0
	for _, l := range locale.Langs() {
		w := words(t, l)
		for id, rules := range by {
			for _, r := range rules {
				text := ruleText(w, r)
				if r.Key == "library.rule.other" || strings.ContainsAny(text, "[]{}") || strings.Contains(text, "“”") {
					t.Errorf("%s: %s (%s)", id, text, r.Key)
				}
				n++
			}
		}
	}
	if n < 2*len(p.Rules)/2 {
		t.Errorf("%d names for %d rules", n, len(p.Rules))
	}
}

func TestCasesOfAClause(t *testing.T) {
	p := wf11(t)
	by := library.ByClause(library.Rules(p))
	if n := casesOf(p, "wf11-art9", by["wf11-art9"]); n == 0 || n > len(p.Cases) {
		t.Errorf("%d cases of the recusal", n)
	}
	if n := casesOf(p, "wf11-art1-a", by["wf11-art1-a"]); n != 0 {
		t.Errorf("%d cases of the purpose", n)
	}
}

func TestKindsAndDefectsHaveWords(t *testing.T) {
	w := words(t, locale.En)
	for _, c := range wf11(t).Clauses {
		if kindWord(w, c.Kind) == c.Kind && !w.Has(kindPrefix+c.Kind) {
			t.Errorf("no words for %s", c.Kind)
		}
	}
	if got := kindWord(w, "unheard-of"); got != "unheard-of" {
		t.Errorf("got %s", got)
	}
	for _, code := range doubtCodes(t) {
		if defectWord(w, code) == w.T("library.defect.other") {
			t.Errorf("no words for %s", code)
		}
	}
}

// doubtCodes reads the importer's codes that ask a person, the first group of
// its constants.
func doubtCodes(t *testing.T) []regulation.Code {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../core/regulation/defect.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []regulation.Code
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST {
			continue
		}
		for _, s := range g.Specs {
			if lit, ok := s.(*ast.ValueSpec).Values[0].(*ast.BasicLit); ok {
				code, _ := strconv.Unquote(lit.Value)
				out = append(out, regulation.Code(code))
			}
		}
		return out
	}
	return out
}

func TestParseQuery(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "  两  词\t": "两 词", "a\u202eb\x00c": "abc", "甲\u3000乙": "甲 乙", strings.Repeat("长", 99): strings.Repeat("长", queryMost),
	} {
		if got := parseQuery(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestMarked(t *testing.T) {
	tests := []struct {
		name, text string
		words      []string
		want       []piece
	}{
		{"none", "无", []string{"有"}, []piece{{"无", false}}},
		{"two", "先报告，后报告", []string{"报告"}, []piece{{"先", false}, {"报告", true}, {"，后", false}, {"报告", true}}},
		{"case and width", "Ｑuanze 好", []string{"quanze"}, []piece{{"Ｑuanze", true}, {" 好", false}}},
		{"long", strings.Repeat("前", 70) + "词" + strings.Repeat("后", 130), []string{"词"},
			[]piece{{"…", false}, {strings.Repeat("前", 60), false}, {"词", true}, {strings.Repeat("后", 119), false}, {"…", false}}},
		{"empty", "", []string{"词"}, nil},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, marked(tt.text, tt.words)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.name, diff)
		}
	}
}

func TestSearchPageFolds(t *testing.T) {
	w := words(t, locale.Zh)
	id := store.DocumentID("d")
	found := []library.Found{
		{Document: id, Title: "甲", Anchor: "a1", Text: "第一条 开头：\n（一）含词；"},
		{Document: id, Title: "甲", Anchor: "a1.1.1", Text: "（一）含词；"},
		{Document: id, Title: "甲", Anchor: "a2", Text: "第二条 含词，在段落里：\n（一）不同的词；"},
		{Document: id, Title: "甲", Anchor: "a2.1.1", Text: "（一）不同的词；"},
		{Document: "gone", Title: "乙", Anchor: "a1", Text: "第一条 词"},
	}
	p := newSearchPage(w, "词", found, []library.Entry{{ID: id, Title: "甲"}})
	var got []string
	for _, x := range p.Found {
		got = append(got, x.Href)
	}
	want := []string{"/library/d#a1.1.1", "/library/d#a2", "/library/d#a2.1.1", "/library/gone#a1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestSearchPageSaysWhenThereIsMore(t *testing.T) {
	w := words(t, locale.Zh)
	found := make([]library.Found, foundMost)
	for i := range found {
		found[i] = library.Found{Document: "d", Anchor: "a" + strconv.Itoa(i+1), Text: "词"}
	}
	if p := newSearchPage(w, "词", found, nil); !strings.Contains(p.Answer, "前50处") {
		t.Error(p.Answer)
	}
	if p := newSearchPage(w, "词", found[1:], nil); !strings.Contains(p.Answer, "49处。") || strings.Contains(p.Answer, "前") {
		t.Error(p.Answer)
	}
}

// TestNotRunIsSaid: a clause that no rule cites is not said to be run.
func TestNotRunIsSaid(t *testing.T) {
	w := words(t, locale.En)
	for _, tt := range []struct {
		exec       string
		run        bool
		word, text string
	}{
		{"enforce", true, "enforced", "Enforced: "},
		{"enforce", false, "not run yet", "It is meant to be enforced."},
		{"monitor", true, "monitored", "Monitored: "},
		{"record", true, "recorded", "Recorded: "},
		{"record", false, "not run yet", "It is meant to be recorded."},
		{"reference", false, "for reference", "For reference: "},
		{"reference", true, "for reference", "For reference: "},
	} {
		if got := runWord(w, tt.exec, tt.run); got != tt.word {
			t.Errorf("%s %t: %s, want %s", tt.exec, tt.run, got, tt.word)
		}
		if got := runText(w, tt.exec, tt.run); !strings.Contains(got, tt.text) {
			t.Errorf("%s %t: %s, want %s", tt.exec, tt.run, got, tt.text)
		}
	}
}

// What the pack says of a clause is said in the reader's language.
func TestClausePageSpeaksTheLanguage(t *testing.T) {
	p := wf11(t)
	o := &library.Opened{Entry: library.Entry{ID: "wf11", Title: p.Title.Zh, TitleEn: p.Title.En, Pack: p}}
	c := p.Clauses[0]
	for lang, want := range map[locale.Lang][]string{
		locale.Zh: {c.Declared.Zh, c.Defects[0].Zh, c.Defects[1].Zh},
		locale.En: {c.Declared.En, c.Defects[0].En, c.Defects[1].En},
	} {
		w := words(t, lang)
		page := newClausePage(w, o, 0, nil)
		at := slices.IndexFunc(page.Facts, func(f ui.Fact) bool { return f.Term == w.T("library.clause.declared") })
		if at < 0 || want[0] == "" || page.Facts[at].Text != want[0] || !slices.Equal(page.Known, want[1:]) {
			t.Errorf("%s: %+v, %q", lang, page.Facts, page.Known)
		}
	}
}

func TestClausePageNamesItsNeighbours(t *testing.T) {
	p := wf11(t)
	w := words(t, locale.En)
	o := &library.Opened{Entry: library.Entry{ID: "wf11", Title: p.Title.Zh, TitleEn: p.Title.En, Pack: p}}
	first, last := newClausePage(w, o, 0, nil), newClausePage(w, o, len(p.Clauses)-1, nil)
	if first.Previous.Href != "" || first.Next.Href != ClauseHref("wf11-"+p.Clauses[1].ID) || last.Next.Href != "" || last.Previous.Href == "" {
		t.Errorf("first %+v %+v, last %+v %+v", first.Previous, first.Next, last.Previous, last.Next)
	}
	if first.Title != "Notice of issue (1 of 2)" || first.Sound != "" || len(first.Known) != 2 {
		t.Errorf("%+v", first)
	}
}
