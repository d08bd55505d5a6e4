// SPDX-License-Identifier: Apache-2.0

package regulation

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestNumeralsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, maxNumber).Draw(t, "n")
		if got, w := scanChinese(chinese(n)); got != n || w != len(chinese(n)) {
			t.Fatalf("%d is written %s and read %d", n, chinese(n), got)
		}
	})
}

func TestMarks(t *testing.T) {
	for _, tc := range []struct {
		text string
		want level
		num  int
	}{
		{"第一条 甲", artMark, 1}, {"第二十一条甲", artMark, 21}, {"第 十 二 条 甲", artMark, 12}, {"第１２条　甲", artMark, 12},
		{"第一百零三条之二 甲", artMark, 103}, {"【第三条】甲", artMark, 3}, {"第三章 乙", chapMark, 3}, {"第二节 乙", sectMark, 2}, {"第一编 乙", partMark, 1},
		{"一、甲", headMark, 1}, {"(十一)甲", itemMark, 11}, {"（ 二 ）甲", itemMark, 2}, {"1.甲", numMark, 1}, {"12、甲", numMark, 12}, {"3．甲", numMark, 3},
		{"(3)甲", parenMark, 3}, {"4)甲", parenMark, 4}, {"②甲", ringMark, 2},
		{"1.5倍", noMark, 0}, {"第三人", noMark, 0}, {"十八大以来", noMark, 0}, {"2009年", noMark, 0}, {"一是", noMark, 0}, {"(试行)", noMark, 0}, {"", noMark, 0},
	} {
		m := parseMark(tc.text)
		if m.level != tc.want || m.num != tc.num {
			t.Errorf("%s: level %d number %d, want %d and %d", tc.text, m.level, m.num, tc.want, tc.num)
		}
	}
}

func TestDates(t *testing.T) {
	for text, want := range map[string]string{
		"自2021年3月1日起": "2021-03-01", "二○二一年十二月三十一日": "2021-12-31", "2018 年11月12日": "2018-11-12", "二〇〇九年三月四日": "2009-03-04",
		"2020-02-29": "2020-02-29", "2021.3.1": "2021-03-01", "2021年2月29日": "", "2021年13月1日": "", "电话2021": "", "2021年3月": "",
	} {
		if got := dateOf(text); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for text, want := range map[string]string{
		"(河办〔2009〕6号)": "河办〔2009〕6号", "河政发[2021] 12 号": "河政发[2021] 12 号", "编号33号": "", "第3号": "", "(2021)河民字第5号": "",
	} {
		a, b, ok := findNumber(text)
		got := ""
		if ok {
			got = text[a:b]
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// A line keeps, through any cutting and joining, the physical line of each of
// its characters.
func TestLinesKeepTheirPlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "lines")
		var parts []line
		want := map[rune]int{}
		next := 'a'
		for i := 1; i <= n; i++ {
			var b strings.Builder
			for k := rapid.IntRange(1, 4).Draw(t, "length"); k > 0; k-- {
				b.WriteRune(next)
				want[next] = i
				next++
			}
			parts = append(parts, line{text: b.String(), first: i})
		}
		l := joinAll(parts)
		for step := 0; step < 4 && len(l.text) > 2; step++ {
			a := rapid.IntRange(0, len(l.text)-1).Draw(t, "from")
			b := rapid.IntRange(a, len(l.text)).Draw(t, "to")
			l = joinAll([]line{l.slice(0, a), l.slice(b, len(l.text))})
		}
		for i, r := range l.text {
			if l.at(i) != want[r] {
				t.Fatalf("%q: %c stood on line %d, not %d", l.text, r, want[r], l.at(i))
			}
		}
		total := ""
		for _, p := range l.physical() {
			for _, r := range p.text {
				if want[r] != p.first {
					t.Fatalf("%c is listed on line %d", r, p.first)
				}
			}
			total += p.text
		}
		if total != l.text {
			t.Fatalf("%q falls into %q", l.text, total)
		}
	})
}

func TestBigrams(t *testing.T) {
	got := Bigrams("信 访工作，GB/T 33号甲")
	want := []string{"信访", "访工", "工作", "gb", "t", "33", "号甲"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTidy(t *testing.T) {
	for text, want := range map[string]string{
		"集中 接待": "集中接待", "10 个": "10个", "《甲 乙》丙 丁": "《甲 乙》丙丁", "GB/T 16180": "GB/T 16180", "甲 ,乙": "甲,乙",
	} {
		if got := tidied(text); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// Every data file is there and is read.
func TestVocabulary(t *testing.T) {
	lex := vocabulary()
	if len(lex.traditional.chars) < 3000 || len(lex.traditional.phrases) < 100 {
		t.Error("the table of Traditional characters is not read")
	}
	if len(lex.confusables.byKey) < 100 || len(lex.terms.terms) < 20 || len(lex.frameKind) < 50 {
		t.Error("a vocabulary is not read")
	}
	for _, n := range []int{len(lex.instruments), len(lex.organs), len(lex.measures), len(lex.commentary), len(lex.variants), len(lex.confusables.row)} {
		if n == 0 {
			t.Error("a vocabulary is empty")
		}
	}
	for _, r := range rows("confusable.tsv") {
		f := strings.Split(r, "\t")
		if len(f) != 4 || !strings.Contains(f[0], f[1]) || f[1] == f[2] || f[3] != "law" && f[3] != "word" {
			t.Errorf("confusable.tsv: %s", r)
		}
	}
}

func TestTraditionalByLongestMatch(t *testing.T) {
	for text, want := range map[string]string{"乾燥": "干燥", "裡面": "里面", "著力": "着力", "乾隆": "乾隆", "關於": "关于", "领导": "领导"} {
		if got := vocabulary().traditional.convert(text); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestDiff(t *testing.T) {
	read := func(s string) Document {
		r, err := Import("x", []byte(s), Options{})
		if err != nil {
			t.Fatal(err)
		}
		return r.Documents[0]
	}
	a := read("第一条 甲办理。\n第二条 乙办理。\n第三条 丙办理。\n第四条 丁,办理。")
	b := read("第一条 甲办理。\n第二条 丙办理。\n第三条 戊受理。\n第四条 丁， 办理。\n第五条 己办理。")
	var got []string
	for _, c := range Diff(a, b) {
		got = append(got, string(c.Kind)+" "+c.Was+" "+c.Now)
	}
	want := []string{"removed a2 ", "moved a3 a2", "added  a3", "added  a5"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(Diff(a, a)) != 0 {
		t.Error("a text differs from itself")
	}
}

// Noise put into a text in any mixture is taken out again, and the balance
// holds.
func TestNoiseInAnyMixture(t *testing.T) {
	clean := "河湾镇集市办法\n第一条 为管理集市,制定本办法。\n第二条 摊主应当:\n(一)保持整洁;\n(二)明码标价。\n第三条 本办法自2021年3月1日起施行。\n"
	noise := []func(string) string{
		func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		func(s string) string { return strings.ReplaceAll(s, "\n", "\n\n") },
		func(s string) string { return strings.ReplaceAll(s, "集", "\u200b集") },
		func(s string) string { return strings.ReplaceAll(s, "条 ", "条\u3000") },
		func(s string) string { return strings.ReplaceAll(s, "(", "（") },
		func(s string) string { return strings.ReplaceAll(s, ",", "，") },
		func(s string) string { return "首页 > 法规\n" + s + "上一篇:没有了\n版权所有\n" },
		func(s string) string { return strings.ReplaceAll(s, "第二条", "- 2 -\n第二条") },
		func(s string) string { return strings.ReplaceAll(s, "第二条 ", "第二条") },
		func(s string) string { return "\uFEFF" + s },
		func(s string) string {
			return "<html><body><div>\n" + "<p>" + strings.ReplaceAll(s, "\n", "</p>\n<p>") + "</p></div></body></html>"
		},
	}
	rapid.Check(t, func(t *rapid.T) {
		s := clean
		for i, f := range noise {
			if rapid.Bool().Draw(t, "noise") && i >= 0 {
				s = f(s)
			}
		}
		r, err := Import("x", []byte(s), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if m := Account(r, []byte(s)); len(m) > 0 {
			t.Fatalf("not accounted for: %+v\n%s", m[0], s)
		}
		d := r.Documents[0]
		if len(r.Documents) != 1 || d.Title != "河湾镇集市办法" || d.Articles != 3 || d.Items != 2 || d.EffectiveOn == nil || *d.EffectiveOn != "2021-03-01" {
			t.Fatalf("%d documents, %q, %d articles, %d items from\n%s", len(r.Documents), d.Title, d.Articles, d.Items, s)
		}
	})
}
