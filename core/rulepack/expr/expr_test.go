// SPDX-License-Identifier: Apache-2.0

package expr_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quanze/core/calendar"
	"quanze/core/rulepack/expr"
)

var decl = expr.Decl{
	Vars: map[string]expr.Type{"a": expr.Bool, "b": expr.Bool, "c": expr.Bool, "n": expr.Int, "k": expr.Int, "why": expr.Text, "outcome": expr.Text,
		"d1": expr.Date, "d2": expr.Date, "s": expr.Set, "m": expr.Set, "local.strict": expr.Bool, "local.rows": expr.Int, "local.tone": expr.Text},
	Moments: func(x string) bool { return x == "report" || x == "report.yes" || x == "letter.served.respondent.unit" },
	Terms:   func(x string) bool { return x == "inquiry" },
	Parties: func(x string) bool { return x == "joint" || x == "desk" },
}

// facts is what is known; ask answers about the matter.
type facts map[string]expr.Value

func (f facts) env() *expr.Env {
	return &expr.Env{
		Fact: func(name string) expr.Value { return f[name] },
		Ask: func(function string, args []expr.Value) expr.Value {
			switch function {
			case "days":
				return expr.OfInt(int64(args[1].Date() - args[0].Date()))
			case "heavier":
				return expr.OfBool(len(args[0].Set()) > len(args[1].Set()))
			}
			return f[function+" "+args[0].Text()]
		},
	}
}

func compile(t *testing.T, src string) *expr.Expr {
	t.Helper()
	e, issues := expr.Compile(src, decl)
	if len(issues) > 0 {
		t.Fatalf("%s: %v", src, issues)
	}
	return e
}

func TestThreeValues(t *testing.T) {
	yes, no := expr.OfBool(true), expr.OfBool(false)
	day := func(s string) expr.Value { d, _ := calendar.ParseDate(s); return expr.OfDate(d) }
	for _, tt := range []struct {
		src   string
		facts facts
		want  string // true, false, or ? and what is missing
	}{
		{"true", nil, "true"},
		{"!true", nil, "false"},
		{"a", facts{"a": yes}, "true"},
		{"a", facts{"a": no}, "false"},
		{"a", nil, "? a"},
		{"!a", nil, "? a"},
		{"a && b", facts{"a": no}, "false"},
		{"b && a", facts{"a": no}, "false"},
		{"a && b", facts{"a": yes}, "? b"},
		{"a && b", nil, "? a b"},
		{"a || b", facts{"b": yes}, "true"},
		{"a || b", facts{"b": no}, "? a"},
		{"a || b", facts{"a": no, "b": no}, "false"},
		{"!(a && b)", facts{"b": no}, "true"},
		{"a == b", facts{"a": no, "b": no}, "true"},
		{"a == b", facts{"a": no}, "? b"},
		{"a == a", nil, "? a"},
		{"a != a", nil, "? a"},
		{"n > 3", facts{"n": expr.OfInt(3)}, "false"},
		{"n >= 3", facts{"n": expr.OfInt(3)}, "true"},
		{"n < -1", facts{"n": expr.OfInt(-2)}, "true"},
		{"n <= k", facts{"n": expr.OfInt(2), "k": expr.OfInt(2)}, "true"},
		{"n != 9223372036854775807", facts{"n": expr.OfInt(9223372036854775807)}, "false"},
		{"why == ''", facts{"why": expr.OfText("")}, "true"},
		{"why != ''", nil, "? why"},
		{"why == '中文'", facts{"why": expr.OfText("中文")}, "true"},
		{"why < 'b'", facts{"why": expr.OfText("a")}, "true"},
		{"outcome == 'yes' || a", facts{"outcome": expr.OfText("yes")}, "true"},
		{"d1 < d2", facts{"d1": day("2026-03-02"), "d2": day("2026-03-03")}, "true"},
		{"d1 >= d2", facts{"d1": day("2026-03-02"), "d2": day("2026-03-03")}, "false"},
		{"d1 == d2", facts{"d1": day("2026-03-02"), "d2": day("2026-03-02")}, "true"},
		{"d1 < d2", facts{"d1": day("2026-03-02")}, "? d2"},
		{"days(d1, d2) == 1", facts{"d1": day("2026-03-02"), "d2": day("2026-03-03")}, "true"},
		{"days(d1, d2) > 1", facts{"d2": day("2026-03-03")}, "? d1"},
		{"'x' in s", facts{"s": expr.OfSet("x", "y")}, "true"},
		{"'z' in s", facts{"s": expr.OfSet("x", "y")}, "false"},
		{"'z' in s", nil, "? s"},
		{"why in ['x', 'y']", facts{"why": expr.OfText("y")}, "true"},
		{"why in []", facts{"why": expr.OfText("y")}, "false"},
		{"s == ['y', 'x']", facts{"s": expr.OfSet("x", "y")}, "true"},
		{"s == []", facts{"s": expr.OfSet()}, "true"},
		{"size(s) == 2", facts{"s": expr.OfSet("x", "y", "x")}, "true"},
		{"size(s) > 0", nil, "? s"},
		{"heavier(s, m)", facts{"s": expr.OfSet("x"), "m": expr.OfSet()}, "true"},
		{"heavier(s, m)", facts{"s": expr.OfSet("x")}, "? m"},
		{"heavier(s, ['x', 'y'])", facts{"s": expr.OfSet("x")}, "false"},
		{"done(report)", facts{"done report": yes}, "true"},
		{"done(report)", nil, "? done"},
		{"done(report.yes) && a", facts{"done report.yes": no}, "false"},
		{"done(letter.served.respondent.unit)", facts{"done letter.served.respondent.unit": yes}, "true"},
		{"owed(inquiry)", facts{"owed inquiry": yes}, "true"},
		{"running(inquiry) || lapsed(inquiry)", facts{"running inquiry": no, "lapsed inquiry": yes}, "true"},
		{"subset(s, m)", facts{"s": expr.OfSet("x"), "m": expr.OfSet("y", "x")}, "true"},
		{"subset(s, ['y'])", facts{"s": expr.OfSet("x", "y")}, "false"},
		{"subset([], s)", nil, "? s"},
		{"kind(joint) == 'school'", facts{"kind joint": expr.OfText("school")}, "true"},
		{"kind(joint) == 'school'", nil, "? kind"},
		{"class(joint) == ''", facts{"class joint": expr.OfText("")}, "true"},
		{"private(joint) && at(joint, desk)", facts{"private joint": yes, "at joint": yes}, "true"},
		{"under(joint, desk)", facts{"under joint": no}, "false"},
		{"local.strict || local.rows > 3", facts{"local.rows": expr.OfInt(4)}, "true"},
		{"local.tone == 'firm'", nil, "? local.tone"},
		{"!a || bound(joint)", facts{"a": yes, "bound joint": no}, "false"},
	} {
		got := compile(t, tt.src).Eval(tt.facts.env())
		answer := "? " + strings.Join(got.Missing, " ")
		if got.Known {
			answer = got.Value.String()
		}
		if answer != tt.want {
			t.Errorf("%s with %v: %s, want %s", tt.src, tt.facts, answer, tt.want)
		}
		if got.True() != (tt.want == "true") || got.False() != (tt.want == "false") {
			t.Errorf("%s: True %t, False %t", tt.src, got.True(), got.False())
		}
	}
}

// What decides is named, and what does not is not.
func TestUsed(t *testing.T) {
	for _, tt := range []struct {
		src  string
		want []string
	}{
		{"a && b", []string{"a", "b"}},
		{"a && c", []string{"c"}},
		{"c || a", []string{"a"}},
		{"n > 1 && s == ['x']", []string{"n", "s"}},
		{"true", nil},
	} {
		f := facts{"a": expr.OfBool(true), "b": expr.OfBool(true), "c": expr.OfBool(false), "n": expr.OfInt(2), "s": expr.OfSet("x")}
		if diff := cmp.Diff(tt.want, compile(t, tt.src).Eval(f.env()).Used); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.src, diff)
		}
	}
}

func TestMentions(t *testing.T) {
	e := compile(t, "b && (a || done(report.yes)) && done(report) && b && !owed(inquiry)")
	if diff := cmp.Diff([]string{"a", "b"}, e.Facts); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"report", "report.yes"}, e.Moments); diff != "" {
		t.Error(diff)
	}
}

// Everything of CEL that is not in the language is refused, at its column.
func TestRefusals(t *testing.T) {
	for _, tt := range []struct {
		name, src, says string
		col             int
	}{
		{"nothing", "", "", 1},
		{"no condition: a number", "n", "true or false", 1},
		{"no condition: a text", "'x'", "true or false", 1},
		{"no condition: a set", "s", "true or false", 1},
		{"unknown name", "a && zzz", "zzz", 6},
		{"wrong type", "n == 'x'", "no matching overload", 3},
		{"text and set", "why in why", "no matching overload", 5},
		{"date and text", "d1 == '2026-01-01'", "no matching overload", 4},
		{"date and number", "d1 < 3", "no matching overload", 4},
		{"days of numbers", "days(n, k) > 1", "no matching overload", 5},
		{"plus", "n + 1 > 2", "+", 3},
		{"minus", "n - 1 > 2", "-", 3},
		{"times", "n * 2 > 2", "*", 3},
		{"divide", "n / 2 > 2", "/", 3},
		{"remainder", "n % 2 == 0", "%", 3},
		{"negation of a number", "-n > 2", "-", 1},
		{"text building", "why + 'x' == 'yx'", "+", 5},
		{"ternary", "a ? b : c", "?", 3},
		{"index", "s[0] == 'x'", "[", 2},
		{"map", "{'x': a}['x']", "", 1},
		{"map literal", "{} == {}", "", 1},
		{"member function", "why.startsWith('x')", "startsWith", 15},
		{"member size", "s.size() > 0", "size", 7},
		{"size of a text", "size(why) > 2", "size()", 5},
		{"size of a literal", "size('abc') > 2", "size()", 5},
		{"size of bytes", "size(b'abc') > 2", "size()", 5},
		{"regular expression", "why.matches('x+')", "matches", 12},
		{"regular expression as a function", "matches(why, 'x+')", "matches", 8},
		{"macro exists", "s.exists(x, x == 'y')", "", 9},
		{"macro all", "s.all(x, x == 'y')", "", 6},
		{"macro filter", "size(s.filter(x, x == 'y')) > 0", "", 14},
		{"macro map", "s.map(x, x) == s", "", 6},
		{"macro has", "has(s.x)", "", 4},
		{"timestamp", "timestamp('2026-01-01T00:00:00Z') > timestamp('2025-01-01T00:00:00Z')", "timestamp", 10},
		{"duration", "duration('1h') > duration('2h')", "duration", 9},
		{"conversion", "string(n) == '1'", "string", 7},
		{"conversion to int", "int(why) == 1", "int", 4},
		{"dyn", "dyn(n) == 1", "dyn", 4},
		{"type", "type(n) == int", "type", 5},
		{"a type as a name", "int == int", "int", 1},
		{"fraction", "1.5 > 1.0", "whole numbers", 1},
		{"unsigned", "1u == 1u", "whole numbers", 1},
		{"bytes", "b'x' == b'x'", "whole numbers", 1},
		{"null", "a == null", "null", 3},
		{"list of numbers", "1 in [1, 2]", "texts only", 7},
		{"list of names", "'x' in [why]", "texts only", 9},
		{"list of lists", "s in [['x']]", "texts only", 7},
		{"field of a text", "why.x == 'y'", "", 4},
		{"message", "Foo{x: 1} == Foo{x: 1}", "", 4},
		{"assignment", "a = b", "", 3},
		{"unfinished", "a && (b", "", 8},
		{"unfinished text", "why == 'x", "", 8},
		{"no such moment", "a && done(zzz)", "zzz", 10},
		{"no such term", "owed(report)", "report", 5},
		{"no such party", "bound(inquiry)", "inquiry", 6},
		{"no such detail", "done(report.no)", "report.no", 5},
		{"moment as a text", "done('report')", "takes a name", 6},
		{"moment as a call", "done(done(report))", "takes a name", 10},
		{"moment as a condition", "done(a && b)", "takes a name", 8},
		{"two moments", "done(report, report)", "", 5},
		{"no moment", "done()", "", 5},
		{"done of a member", "s.done('report')", "", 7},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e, issues := expr.Compile(tt.src, decl)
			if e != nil || len(issues) == 0 {
				t.Fatalf("%q was accepted", tt.src)
			}
			if !strings.Contains(issues[0].Text, tt.says) {
				t.Errorf("%q: %q does not speak of %q", tt.src, issues[0].Text, tt.says)
			}
			if tt.col != 0 && issues[0].Column != tt.col {
				t.Errorf("%q: column %d, want %d: %s", tt.src, issues[0].Column, tt.col, issues[0].Text)
			}
		})
	}
}

// All that is wrong is told at once, and columns are counted in characters.
func TestIssuesTogether(t *testing.T) {
	_, issues := expr.Compile("why == '中' && n + 1 > 2 && -k > 1", decl)
	var cols []int
	for _, i := range issues {
		cols = append(cols, i.Column)
	}
	if diff := cmp.Diff([]int{17, 28}, cols); diff != "" {
		t.Errorf("%v (-want +got)\n%s", issues, diff)
	}
	_, issues = expr.Compile("xx && yy", decl)
	if len(issues) != 2 {
		t.Errorf("%v, want two", issues)
	}
}

// A leaf is small: what nests or grows without end is refused, soon.
func TestBounds(t *testing.T) {
	for _, src := range []string{
		strings.Repeat("(", 100_000) + "a" + strings.Repeat(")", 100_000),
		strings.Repeat("!", 1_000_001) + "a",
		strings.Repeat("a && ", 200_000) + "a",
	} {
		if e, _ := expr.Compile(src, decl); e != nil {
			t.Errorf("%.20s… was accepted", src)
		}
	}
}
