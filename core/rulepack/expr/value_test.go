// SPDX-License-Identifier: Apache-2.0

package expr_test

import (
	"encoding/json"
	"math"
	"testing"

	"pgregory.net/rapid"

	"quanze/core/calendar"
	"quanze/core/rulepack/expr"
)

func anyValue(t *rapid.T) expr.Value {
	switch rapid.IntRange(0, 5).Draw(t, "type") {
	case 0:
		return expr.OfBool(rapid.Bool().Draw(t, "bool"))
	case 1:
		return expr.OfInt(rapid.Int64().Draw(t, "int"))
	case 2:
		return expr.OfText(rapid.String().Draw(t, "text"))
	case 3:
		return expr.OfDate(calendar.MakeDate(rapid.IntRange(1900, 2100).Draw(t, "year"), rapid.IntRange(1, 12).Draw(t, "month"), 1))
	case 4:
		return expr.OfSet(rapid.SliceOf(rapid.String()).Draw(t, "set")...)
	}
	return expr.Value{}
}

func TestValueJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := anyValue(t)
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var again expr.Value
		if err := json.Unmarshal(b, &again); err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if again.Type() != v.Type() || (!v.Zero() && !v.Equal(again)) {
			t.Fatalf("%v became %v by %s", v, again, b)
		}
	})
}

func TestValueJSONRefuses(t *testing.T) {
	for _, s := range []string{`{}`, `{"t":"bool"}`, `{"t":"int","s":"1"}`, `{"t":"text"}`, `{"t":"date","s":"2026-02-30"}`, `{"t":"date"}`, `{"t":"other","s":"x"}`, `[]`, `"x"`, `{"t":"int","n":1.5}`} {
		var v expr.Value
		if err := json.Unmarshal([]byte(s), &v); err == nil {
			t.Errorf("%s was read as %v", s, v)
		}
	}
}

func TestValues(t *testing.T) {
	date := expr.OfDate(calendar.MakeDate(2026, 3, 2))
	for _, tt := range []struct {
		v           expr.Value
		typ         expr.Type
		text        string
		zero, empty bool
	}{
		{expr.Value{}, expr.None, "", true, true},
		{expr.OfDate(0), expr.None, "", true, true},
		{expr.OfBool(false), expr.Bool, "false", false, false},
		{expr.OfInt(0), expr.Int, "0", false, false},
		{expr.OfInt(math.MinInt64), expr.Int, "-9223372036854775808", false, false},
		{expr.OfText(""), expr.Text, "", false, true},
		{expr.OfText(" \t\n　"), expr.Text, " \t\n　", false, true},
		{expr.OfText("x"), expr.Text, "x", false, false},
		{date, expr.Date, "2026-03-02", false, false},
		{expr.OfSet(), expr.Set, "", false, true},
		{expr.OfSet("b", "a", "b"), expr.Set, "a,b", false, false},
	} {
		if tt.v.Type() != tt.typ || tt.v.String() != tt.text || tt.v.Zero() != tt.zero || tt.v.Empty() != tt.empty {
			t.Errorf("%v: type %s, zero %t, empty %t", tt.v, tt.v.Type(), tt.v.Zero(), tt.v.Empty())
		}
	}
	if (expr.Value{}).Equal(expr.Value{}) {
		t.Error("no value equals no value")
	}
	if expr.OfInt(1).Equal(expr.OfBool(true)) || expr.OfInt(0).Date() != 0 || expr.OfInt(1).Bool() {
		t.Error("a number is taken for something else")
	}
	members := []string{"b", "a"}
	set := expr.OfSet(members...)
	if members[0] != "b" || set.Set()[0] != "a" {
		t.Error("OfSet sorted its caller's list")
	}
}

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		typ  expr.Type
		s    string
		want expr.Value
	}{
		{expr.Bool, "true", expr.OfBool(true)},
		{expr.Int, "-7", expr.OfInt(-7)},
		{expr.Text, " x ", expr.OfText(" x ")},
		{expr.Date, "2026-03-02", expr.OfDate(calendar.MakeDate(2026, 3, 2))},
		{expr.Set, "b,a", expr.OfSet("a", "b")},
		{expr.Set, "", expr.OfSet()},
	} {
		if got, err := expr.Parse(tt.typ, tt.s); err != nil || !got.Equal(tt.want) {
			t.Errorf("%s %q: %v, %v", tt.typ, tt.s, got, err)
		}
	}
	for typ, s := range map[expr.Type]string{expr.Bool: "yes", expr.Int: "1.5", expr.Date: "2026-2-1", expr.None: "x"} {
		if v, err := expr.Parse(typ, s); err == nil {
			t.Errorf("%s %q was read as %v", typ, s, v)
		}
	}
}
