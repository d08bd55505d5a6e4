// SPDX-License-Identifier: Apache-2.0

package rulepack_test

import (
	"bytes"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

// untold are codes that the loader does not use, and what stands in their place.
var untold = map[string]string{"QP0012": "a moment that is none is QP0020"}

// Every code of loading, in diagnostic.go, has a bad pack here or a test below;
// those of the checker have theirs beside it (check/testdata/bad).
func TestEveryCode(t *testing.T) {
	source, err := os.ReadFile("diagnostic.go")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{"QP0015": true} // TestMissingFile
	dirs, _ := os.ReadDir("testdata/bad")
	for _, dir := range dirs {
		for _, line := range expected(read(t, "testdata/bad/"+dir.Name())) {
			told[regexp.MustCompile(`QP\d{4}`).FindString(line)] = true
		}
	}
	for _, m := range regexp.MustCompile(`= "(QP00\d{2})"`).FindAllStringSubmatch(string(source), -1) {
		if told[m[1]] == (untold[m[1]] != "") {
			t.Errorf("%s: told %t, declared untold %q", m[1], told[m[1]], untold[m[1]])
		}
	}
}

func TestMissingFile(t *testing.T) {
	for _, missing := range [][]string{{"clauses.yaml"}, {"pack.yaml"}, {"clauses.yaml", "pack.yaml"}} {
		files := shelf(t)
		var want []string
		for _, name := range missing {
			delete(files, name)
			want = append(want, finding(rulepack.Pos{File: name, Line: 1, Col: 1}, "error", "QP0015", []string{name}))
		}
		pack, diags := rulepack.Load(files)
		if diff := cmp.Diff(want, findings(diags)); pack != nil || diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	if pack, diags := rulepack.Load(nil); pack != nil || len(diags) != 2 {
		t.Errorf("of nothing: %v", diags)
	}
}

// What is defined in two files is told with the place of the first.
func TestTwiceInFiles(t *testing.T) {
	files := shelf(t)
	files["procedures/more.yaml"] = files["procedures/loan.yaml"]
	files["forms/more.yaml"] = files["forms/ask.yaml"]
	_, diags := rulepack.Load(files)
	want := []string{
		finding(rulepack.Pos{File: "forms/more.yaml", Line: 1, Col: 1}, "error", "QP0022", []string{"ask", "forms/ask.yaml:1:1"}),
		finding(rulepack.Pos{File: "procedures/more.yaml", Line: 1, Col: 1}, "error", "QP0022", []string{"loan", "procedures/loan.yaml:1:1"}),
	}
	if diff := cmp.Diff(want, findings(diags)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// The faults of all bad packs that can stand together are told together.
func TestAllAtOnce(t *testing.T) {
	files := shelf(t)
	var want []string
	for _, name := range []string{"qp0009-limit", "qp0010-date", "qp0022-twice", "qp0002-merge"} {
		over := read(t, "testdata/bad/"+name)
		maps.Copy(files, over)
		want = append(want, expected(over)...)
	}
	slices.Sort(want)
	_, diags := rulepack.Load(files)
	if diff := cmp.Diff(want, findings(diags)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// What the good pack says is what the pack holds.
func TestLoaded(t *testing.T) {
	pack, _ := rulepack.Load(shelf(t))
	loan := pack.Procedure("loan")
	if pack.Code != "shelf" || loan == nil || loan.Pack != pack || len(pack.Clauses) != 4 || len(pack.Cases) != 1 {
		t.Fatalf("%+v", pack)
	}
	if pack.From.String() != "2020-01-01" || pack.To.String() != "2040-12-31" || pack.Count.CountFirst || pack.Count.NoRollover {
		t.Errorf("head: %v %v %+v", pack.From, pack.To, pack.Count)
	}
	if c := pack.Clause("shelf-c4"); c == nil || c.Declared != (rulepack.Label{Zh: "不运行", En: "not run"}) || !cmp.Equal(c.Defects, []rulepack.Label{{Zh: "印错一字", En: "a printer's slip"}}) || pack.Clause("c4") != nil {
		t.Errorf("clause c4: %+v", c)
	}
	ladder := pack.Ladder("fines")
	if ladder.Rank([]string{"word"}) != 1 || ladder.Rank([]string{"word", "coin"}) != 3 || ladder.Rank(nil) != 0 {
		t.Errorf("ranks of %+v", ladder.Rows)
	}
	lend := loan.Act("lend")
	if lend.Approved.String() != "desk.principal" || lend.Staff.AtLeast != 1 || len(lend.By) != 2 || lend.Lawful() || !lend.Open || lend.Modality != rulepack.Must {
		t.Errorf("lend: %+v", lend)
	}
	if levy := loan.Act("levy"); levy.Open || levy.Modality != rulepack.May || len(levy.Fields()) != 2 || levy.Fields()[1].ValueType() != expr.Set {
		t.Errorf("levy: %+v", levy)
	}
	if remind := loan.Act("remind"); !remind.Repeat || remind.After[0].Wait.String() != "3 days" || len(remind.To) != 2 || len(remind.Paper.Blank) != 1 {
		t.Errorf("remind: %+v", remind)
	}
	if bring := loan.Act("bring"); !bring.After[0].OneParty || len(bring.After[0].Any) != 2 || bring.Outcome("whole").Effects.Ends != "home" || !bring.Outcome("whole").Effects.ReleasesAll || bring.Outcome("gone") != nil {
		t.Errorf("bring: %+v", bring)
	}
	term := loan.Term("return_time")
	if term.Kind != rulepack.Duty || len(term.Start) != 2 || term.Extended.Times != 2 || term.Extended.Total.String() != "60 days" || term.OnLapse.Finding != "red" || term.Within.Open() {
		t.Errorf("return_time: %+v", term)
	}
	if loan.Term("patience_time").Within.Local != "patience" || loan.Fact("fine").Ladder != "fines" || pack.Role("council").IfNone.String() != "desk" || pack.Local("tone").Options[1].ID != "firm" {
		t.Error("local, fact or role")
	}
	step := pack.Cases[0].Steps[1]
	if step.Due["return_time"].String() != "2026-04-02" || step.Met == nil || step.Lapsed != nil || pack.Cases[0].Steps[4].Refused != "shelf-c2" {
		t.Errorf("step: %+v", step)
	}
}

func TestMoments(t *testing.T) {
	pack, _ := rulepack.Load(shelf(t))
	loan := pack.Procedure("loan")
	for s, kind := range map[string]rulepack.MomentKind{
		"ask": rulepack.MomentDone, "bring.torn": rulepack.MomentOutcome, "lend.proposed": rulepack.MomentProposed, "lend.returned": rulepack.MomentReturned,
		"lend.refused": rulepack.MomentDeclined, "remind.served": rulepack.MomentServed, "remind.served.reader": rulepack.MomentServed, "return_time.lapsed": rulepack.MomentLapsed,
	} {
		if m, ok := loan.Moment(s); !ok || m.Kind != kind || m.String() != s {
			t.Errorf("%s: %v %v %t", s, m.Kind, m, ok)
		}
	}
	for _, s := range []string{"", ".", "ask.", "ask.proposed", "ask.served", "bring.gone", "remind.served.desk", "return_time", "return_time.met", "nothing", "ask.lapsed", "bring.torn.whole"} {
		if m, ok := loan.Moment(s); ok {
			t.Errorf("%q was read as %v", s, m)
		}
	}
}

// fixed are rules that coverage cannot leave out, because the pack is none
// without them: the rule of a whole file, and what stands in the head.
var fixed = regexp.MustCompile(`^(procedure|ladder|in_force|list|table .*|meeting .*|paper .*)$`)

// Without leaves out the rule at that place and nothing that has another place,
// apart from what stands within it or pointed at it.
func TestWithout(t *testing.T) {
	for name, files := range map[string]rulepack.Files{"shelf": shelf(t), "hall": hall(t), "wf11": wf11(t)} {
		whole, _ := rulepack.Load(files)
		without := rulepack.Without(files)
		for _, rule := range whole.Rules {
			less := without(rule.Pos)
			if less == nil {
				t.Logf("%s: without %s at %s the pack cannot be read", name, rule.What, rule.Pos)
				continue
			}
			has := func(p *rulepack.Pack, pos rulepack.Pos) int {
				n := 0
				for _, r := range p.Rules {
					if r.Pos == pos {
						n++
					}
				}
				return n
			}
			if got := has(less, rule.Pos); (got > 0) != fixed.MatchString(rule.What) {
				t.Errorf("%s: %s at %s is there %d times", name, rule.What, rule.Pos, got)
			}
			if fixed.MatchString(rule.What) {
				continue
			}
			for _, other := range whole.Rules {
				if has(less, other.Pos) == has(whole, other.Pos) || within(files, rule.Pos, other.Pos) || pointsAt(files, rule, other) {
					continue
				}
				t.Errorf("%s: without %s at %s, %s at %s is gone too", name, rule.What, rule.Pos, other.What, other.Pos)
			}
		}
		again, _ := rulepack.Load(files)
		if diff := cmp.Diff(rules(whole), rules(again)); diff != "" {
			t.Error(diff)
		}
		if bad := rulepack.Without(rulepack.Files{}); bad(rulepack.Pos{}) != nil {
			t.Error("a pack of nothing")
		}
	}
}

func rules(p *rulepack.Pack) []string {
	var out []string
	for _, r := range p.Rules {
		out = append(out, r.Pos.String()+" "+r.What)
	}
	return out
}

// element returns the lines of the element that begins at pos: those indented
// as deep, or deeper, that follow it.
func element(files rulepack.Files, pos rulepack.Pos) []string {
	lines := strings.Split(string(files[pos.File]), "\n")
	end := pos.Line
	for end < len(lines) && (strings.TrimSpace(lines[end]) == "" || len(lines[end])-len(strings.TrimLeft(lines[end], " ")) >= pos.Col-1) {
		end++
	}
	return lines[pos.Line-1 : end]
}

func within(files rulepack.Files, outer, inner rulepack.Pos) bool {
	if outer.File != inner.File {
		return false
	}
	if line := strings.Split(string(files[outer.File]), "\n")[outer.Line-1]; strings.HasPrefix(line[outer.Col-1:], "{") || outer.Line == inner.Line {
		return outer.Line == inner.Line && inner.Col >= outer.Col
	}
	return inner.Line >= outer.Line && inner.Line < outer.Line+len(element(files, outer))
}

// pointsAt reports whether the element of other names the id of rule, or is a
// field that is read where the act of rule uses it.
func pointsAt(files rulepack.Files, rule, other rulepack.Basis) bool {
	if dir := path.Dir(other.Pos.File); strings.HasPrefix(rule.What, "act ") && (dir == "forms" || dir == "papers") {
		return true
	}
	_, id, _ := strings.Cut(rule.What, " ")
	if _, outcome, ok := strings.Cut(id, "."); ok {
		id = outcome
	}
	return id != "" && strings.Contains(strings.Join(element(files, other.Pos), "\n"), id)
}

// aside reports whether a file is about the pack, and no rule of it.
func aside(name string) bool {
	return path.Dir(name) == "cases" || path.Dir(name) == "schema" || name == "equivalents.yaml" || name == "accepted.yaml"
}

// The hash is of the files that govern a matter, whichever way they are given.
func TestHash(t *testing.T) {
	hash := func(files rulepack.Files) string {
		pack, diags := rulepack.Load(files)
		if pack == nil {
			t.Fatal(diags)
		}
		return pack.Hash
	}
	files := wf11(t)
	want := hash(files)
	if len(want) != 64 {
		t.Errorf("hash %q", want)
	}
	for range 20 { // a map has another order each time
		if got := hash(maps.Clone(files)); got != want {
			t.Fatalf("%s and %s", got, want)
		}
	}
	none := maps.Clone(files)
	for name := range none {
		if aside(name) {
			delete(none, name)
		}
	}
	if none["README.md"] = []byte("not of the pack"); len(none) > len(files)-10 {
		t.Error("the pack has neither cases nor schemas")
	}
	if hash(none) != want {
		t.Error("the hash depends on cases, on schemas or on what is no file of the pack")
	}
	for name, data := range files {
		if aside(name) {
			continue
		}
		if hash(with(files, rulepack.Files{name: append(bytes.Clone(data), "# x\n"...)})) == want {
			t.Errorf("%s does not count", name)
		}
	}
}

// Nesting and width that no pack needs end soon, in an answer.
func TestHostile(t *testing.T) {
	for name, text := range map[string]string{
		"brackets":                   "a: " + strings.Repeat("[", 400_000),
		"brackets after closing":     "# " + strings.Repeat("]", 200_000) + "\na: " + strings.Repeat("[", 200_000),
		"brackets with closing text": "a: " + strings.Repeat(`[ "]" , `, 20_000),
		"braces":                     "a: " + strings.Repeat("{a: ", 100_000),
		"dashes":                     strings.Repeat("- ", 100_000) + "x",
		"indent":                     strings.Repeat(" ", 100_000) + "a: b",
		"tags":                       "a: " + strings.Repeat("!!str ", 10_000) + "x",
		"anchors":                    "a: " + strings.Repeat("&a ", 5_000) + "x",
		"pairs":                      strings.Repeat("a: ", 5_000) + "x",
		"keys":                       strings.Repeat("abc: 1\n", 5_000),
		"wide":                       "a: [" + strings.Repeat("x, ", 100_000) + "x]",
		"bytes":                      strings.Repeat("\x00\xff", 10_000),
		"large":                      strings.Repeat("#", 5<<20),
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			pack, diags := rulepack.Load(with(shelf(t), rulepack.Files{"procedures/x.yaml": []byte(text)}))
			if pack != nil || len(diags) == 0 {
				t.Error("accepted")
			}
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}
