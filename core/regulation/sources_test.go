// SPDX-License-Identifier: Apache-2.0

package regulation_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quanze/core/regulation"
)

// shared is the folder of the source texts beside the checkout.
const shared = "../../../shared"

// absent skips where the sources are not at hand, and fails in CI, where they
// must be.
func absent(t *testing.T, err error) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(err)
	}
	t.Skip(err)
}

// settled is what an operator settles before the second import: the word that
// the first import proposes.
func importSource(t *testing.T, seed string, settled map[string]string) (regulation.Result, []byte) {
	t.Helper()
	found, _ := filepath.Glob(filepath.Join(shared, "regulations", seed+"*"))
	if len(found) != 1 {
		absent(t, os.ErrNotExist)
	}
	raw, err := os.ReadFile(found[0])
	if err != nil {
		absent(t, err)
	}
	r, err := regulation.Import(filepath.Base(found[0]), raw, regulation.Options{Words: settled})
	if err != nil {
		t.Fatal(err)
	}
	if missing := regulation.Account(r, raw); len(missing) > 0 {
		t.Errorf("%s: %d lines not accounted for, first %+v", seed, len(missing), missing[0])
	}
	return r, raw
}

type shape struct {
	Code                                   string
	Number, DatedOn, EffectiveOn           string
	Parts, Chapters, Sections, Arts, Items int
}

func str(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

// sources lists the documents of the five files in their order.
var sources = []struct {
	seed string
	docs []shape
}{
	{"000", []shape{{"cq17", "", "", "2017-05-23", 0, 5, 0, 20, 19}}},
	{"001", []shape{{"hen23", "", "2023-02-20", "2023-02-20", 0, 5, 0, 22, 17}}},
	{"002", []shape{
		{"gz09", "穗办〔2009〕6号", "2009-03-04", "2009-04-01", 0, 5, 0, 36, 55},
		{"gz06", "穗办〔2006〕18号", "2006-09-03", "2006-09-03", 0, 0, 0, 0, 14},
		{"hrb11", "哈办发〔2011〕14号", "2011-07-22", "", 0, 0, 0, 0, 15},
		{"wf11", "潍教字〔2011〕34号", "2011-05-30", "2011-05-30", 0, 5, 0, 22, 32},
		{"ccp16", "", "", "2016-07-08", 0, 0, 0, 13, 13},
	}},
	{"003", []shape{{"cq15", "", "", "", 0, 0, 0, 0, 48}}},
	{"004", []shape{
		{"jy18a", "江委发〔2018〕148号", "2018-11-12", "", 0, 0, 0, 0, 26},
		{"jy18b", "江委发〔2018〕148号", "2018-11-12", "2018-11-12", 0, 0, 0, 15, 45},
		{"jy18c", "江委发〔2018〕148号", "2018-11-12", "2018-11-12", 0, 0, 0, 14, 8},
		{"jy18d", "江委发〔2018〕148号", "2018-11-12", "2018-11-12", 0, 0, 0, 13, 0},
		{"jy18e", "江委发〔2018〕148号", "2018-11-12", "2018-11-12", 0, 5, 0, 20, 10},
		{"jy18f", "江委发〔2018〕148号", "2018-11-12", "2018-11-12", 0, 5, 0, 18, 13},
		{"jy18g", "江委发〔2018〕148号", "2018-11-12", "2018-11-12", 0, 5, 0, 13, 8},
		{"jy18h", "江委发〔2018〕148号", "2018-11-12", "2018-11-12", 0, 4, 0, 16, 58},
	}},
}

func TestSourcesHaveTheirArticles(t *testing.T) {
	for _, s := range sources {
		r, _ := importSource(t, s.seed, nil)
		var got []shape
		for i, d := range r.Documents {
			code := ""
			if i < len(s.docs) {
				code = s.docs[i].Code
			}
			got = append(got, shape{code, str(d.Number), str(d.DatedOn), str(d.EffectiveOn), d.Parts, d.Chapters, d.Sections, d.Articles, d.Items})
		}
		if diff := cmp.Diff(s.docs, got); diff != "" {
			t.Errorf("seed %s (-want +got)\n%s", s.seed, diff)
		}
	}
}

// Every article number from one to the last is there, in order.
func TestSourcesCountWithoutGap(t *testing.T) {
	for _, s := range sources {
		r, _ := importSource(t, s.seed, nil)
		for _, d := range r.Documents {
			next := 1
			for _, a := range d.Anchors() {
				n, _ := d.Find(a)
				if n.Kind == regulation.Article {
					if *n.Number != next {
						t.Errorf("%s: article %d where %d is due", d.Title, *n.Number, next)
					}
					next++
				}
			}
		}
	}
}

// wanted is a defect that a person must find, by what it says.
type wanted struct {
	code     regulation.Code
	anchor   string
	text     string // part of the text
	proposal string // part of the proposal
	places   int
}

func find(ds []regulation.Defect, w wanted) bool {
	for _, d := range ds {
		if d.Code == w.code && (w.anchor == "" || d.Anchor == w.anchor) && strings.Contains(d.Text, w.text) &&
			strings.Contains(d.Proposal, w.proposal) && (w.places == 0 || len(d.Places) == w.places) && d.Line > 0 {
			return true
		}
	}
	return false
}

func TestSourcesShowTheirDefects(t *testing.T) {
	for _, tc := range []struct {
		seed string
		doc  int
		want []wanted
	}{
		{"000", 0, []wanted{{regulation.ReplacedWord, "", "血流成河", "信访", 79}}},
		{"001", 0, []wanted{
			{regulation.CollapsedTiers, "a15.2", "重要领导责任", "主要领导责任", 0},
			{regulation.SwappedTerm, "a20", "立案", "备案", 0},
			{regulation.SwappedTerm, "a17.1.3", "罢职", "免职", 0},
			{regulation.SwappedTerm, "a6", "第一负责人", "第一责任人", 0},
			{regulation.SwappedTerm, "a6", "直接负责人", "直接责任人", 0},
			{regulation.SwappedTerm, "a6", "详细", "具体", 0},
			{regulation.SwappedTerm, "a15.2", "详细", "具体", 0},
			{regulation.SwappedTerm, "a1", "处理", "解决", 0},
			{regulation.SwappedTerm, "a12", "原则", "标准", 0},
			{regulation.SwappedTerm, "a1", "措施", "办法", 0},
			{regulation.SwappedTerm, "a19", "提议", "建议", 0},
			{regulation.SwappedTerm, "a7", "期间", "期限", 0},
			{regulation.TitleDiffers, "", "实行细则", "实施细则", 0},
		}},
		{"002", 0, []wanted{
			{regulation.PageNumber, "a9.1.4", "重4 大", "重大", 0},
			{regulation.PageNumber, "a14.3", "优秀,6 一年", "优秀,一年", 0},
			{regulation.PageNumber, "a22", "告8 知", "告知", 0},
			{regulation.MissingEndMark, "a10.1.1", "反映强烈", "反映强烈。", 0},
			{regulation.DoubledWord, "a7.1.2", "法规法规", "", 0},
		}},
		{"002", 1, []wanted{{regulation.CutWord, "s5.1", "同⏎一、", "同一、", 0}}},
		{"002", 3, []wanted{
			{regulation.Letterhead, "", "障局", "潍坊市人力资源和社会保障局", 0},
			{regulation.CutWord, "a18", "处⏎理", "处理", 0},
		}},
		{"003", 0, []wanted{{regulation.BrokenText, "s4.2", "?己它h委", "。考核党委", 0}}},
		{"004", 0, []wanted{{regulation.OpenTitleMark, "", "《达州市委", "》", 0}}},
		{"004", 3, []wanted{{regulation.TitleDiffers, "", "监督的实施办法", "监督管理的实施办法", 0}}},
		{"004", 7, []wanted{{regulation.RepeatedNumber, "a9.1.4b", "(四)", "（五）", 0}}},
	} {
		r, _ := importSource(t, tc.seed, nil)
		for _, w := range tc.want {
			if !find(r.Documents[tc.doc].Defects, w) {
				t.Errorf("seed %s document %d: no defect %+v", tc.seed, tc.doc, w)
			}
		}
	}
}

// No reading of a character is left in the repaired text, and nothing is
// repaired where nothing can be known.
func TestAnnotationsVanish(t *testing.T) {
	r, _ := importSource(t, "003", nil)
	tree := treeText(&r.Documents[0])
	if m := regexp.MustCompile(`[(?][a-zü]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-z]*\)`).FindAllString(tree, -1); len(m) > 0 {
		t.Errorf("%d readings left, first %s", len(m), m[0])
	}
	if n := strings.Count(tree, "?"); n != 1 {
		t.Errorf("%d broken spots left, want the one that no rule repairs", n)
	}
}

func treeText(d *regulation.Document) string {
	var b strings.Builder
	for _, n := range d.Tree {
		b.WriteString(n.PlainText())
	}
	return b.String()
}

// Of the terms that the clause inventory quotes, so many in a hundred stand in
// the tree of their document.
func TestSourcesHoldTheQuotedTerms(t *testing.T) {
	f, err := os.Open(filepath.Join(shared, "spec", "clauses.tsv"))
	if err != nil {
		absent(t, err)
	}
	defer f.Close()
	rd := csv.NewReader(f)
	rd.Comma, rd.LazyQuotes, rd.FieldsPerRecord = '\t', true, -1
	rows, err := rd.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	quoted := map[string][]string{}
	for _, row := range rows[1:] {
		code, place, _ := strings.Cut(row[0], "-")
		if strings.HasPrefix(place, "com") {
			continue // the commentary is no part of the text
		}
		quoted[code] = append(quoted[code], quotedTerms(row[7])...)
	}
	floor := map[string]int{"cq15": 95, "cq17": 85, "gz09": 85, "wf11": 85, "ccp16": 85}
	settled := map[string]map[string]string{}
	for _, s := range sources {
		if s.seed == "000" {
			first, _ := importSource(t, s.seed, nil)
			settled[s.seed] = map[string]string{}
			for _, d := range first.Documents[0].Defects {
				if d.Code == regulation.ReplacedWord {
					settled[s.seed][d.Text] = d.Proposal
				}
			}
		}
		r, _ := importSource(t, s.seed, settled[s.seed])
		for i := range r.Documents {
			code := s.docs[i].Code
			want := floor[code]
			if strings.HasPrefix(code, "jy18") {
				want = 95
			}
			held(t, code, treeText(&r.Documents[i]), quoted[code], want)
		}
	}
}

func held(t *testing.T, code, tree string, terms []string, want int) {
	t.Helper()
	tree = bare(tree)
	var lost []string
	for _, q := range terms {
		if !strings.Contains(tree, bare(q)) {
			lost = append(lost, q)
		}
	}
	if len(terms) == 0 {
		return
	}
	share := 100 * (len(terms) - len(lost)) / len(terms)
	t.Logf("%s: %d of %d terms stand in the tree (%d in 100)", code, len(terms)-len(lost), len(terms), share)
	if share < want {
		t.Errorf("%s: %d in 100, want %d; lost: %s", code, share, want, strings.Join(lost, " | "))
	}
}

var inBrackets = regexp.MustCompile(`[(（]([^()（）]*(?:[(（][^()（）]*[)）][^()（）]*)*)[)）]|['"“‘]([^'"“”‘’]*)['"”’]`)

// quotedTerms are the Chinese terms of at least four characters that a
// paraphrase gives in parentheses or quotation marks.
func quotedTerms(s string) []string {
	var out []string
	for _, m := range inBrackets.FindAllStringSubmatch(s, -1) {
		for _, part := range regexp.MustCompile(`[、…]`).Split(m[1]+m[2], -1) {
			if han := regexp.MustCompile(`\p{Han}`).FindAllString(part, -1); len(han) >= 4 && !regexp.MustCompile(`[A-Za-z]`).MatchString(part) {
				out = append(out, part)
			}
		}
	}
	return out
}

// bare is a text without blanks and punctuation, width folded.
func bare(s string) string {
	return regexp.MustCompile(`[^\p{Han}\p{L}\p{N}]`).ReplaceAllString(regulation.Normalised(s), "")
}
