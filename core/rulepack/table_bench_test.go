// SPDX-License-Identifier: Apache-2.0

package rulepack_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

// inputs are what the table of the benchmark looks at.
type inputs struct {
	place, cause  string
	harm, persons int64
	late, hidden  bool
}

func (in *inputs) fact(name string) expr.Value {
	switch name {
	case "place":
		return expr.OfText(in.place)
	case "cause":
		return expr.OfText(in.cause)
	case "harm":
		return expr.OfInt(in.harm)
	case "persons":
		return expr.OfInt(in.persons)
	case "late":
		return expr.OfBool(in.late)
	case "hidden":
		return expr.OfBool(in.hidden)
	}
	return expr.Value{}
}

// byHand is the table as a programmer would write it.
func byHand(in *inputs) int64 {
	for i := range int64(19) {
		harm, persons := 2+i%5, 1+i%4
		switch i % 4 {
		case 0:
			if in.place == "square" && in.harm > harm && in.late {
				return i
			}
		case 1:
			if in.cause == "fire" && in.persons >= persons && !in.hidden {
				return i
			}
		case 2:
			if in.harm >= harm && in.persons > persons && in.late == in.hidden {
				return i
			}
		case 3:
			if (in.place == "road" || in.cause == "flood") && in.harm > harm+2 {
				return i
			}
		}
	}
	return 19
}

// benchTable is the same twenty rows as a pack's table of leaf expressions.
func benchTable(tb testing.TB) *rulepack.Table {
	tb.Helper()
	var rows strings.Builder
	for i := range 19 {
		harm, persons := 2+i%5, 1+i%4
		leaf := []string{
			fmt.Sprintf("place == 'square' && harm > %d && late", harm),
			fmt.Sprintf("cause == 'fire' && persons >= %d && !hidden", persons),
			fmt.Sprintf("harm >= %d && persons > %d && late == hidden", harm, persons),
			fmt.Sprintf("(place == 'road' || cause == 'flood') && harm > %d", harm+2),
		}[i%4]
		fmt.Fprintf(&rows, "  - {if: \"%s\", gives: {row: %d}, cite: c1}\n", leaf, i)
	}
	files := with(shelf(tb), rulepack.Files{"tables/bench.yaml": []byte(`table: bench
title: {zh: 文, en: text}
hit: first
cite: c1
inputs:
  place: {type: enum, of: {square: {zh: 文, en: text}, road: {zh: 文, en: text}, park: {zh: 文, en: text}}}
  cause: {type: enum, of: {fire: {zh: 文, en: text}, flood: {zh: 文, en: text}, wind: {zh: 文, en: text}}}
  harm: {type: int}
  persons: {type: int}
  late: {type: bool}
  hidden: {type: bool}
gives:
  row: {type: int}
rows:
` + rows.String() + "  - {gives: {row: 19}, cite: c1}\n")})
	pack, diags := rulepack.Load(files)
	if pack == nil {
		tb.Fatal(diags)
	}
	return pack.Table("bench")
}

func samples() []inputs {
	r := rand.New(rand.NewPCG(1, 2))
	out := make([]inputs, 1024)
	for i := range out {
		out[i] = inputs{[]string{"square", "road", "park"}[r.IntN(3)], []string{"fire", "flood", "wind"}[r.IntN(3)], int64(r.IntN(9)), int64(r.IntN(6)), r.IntN(2) == 0, r.IntN(2) == 0}
	}
	return out
}

// The table says what the program says, whatever comes in.
func TestTableAsByHand(t *testing.T) {
	table := benchTable(t)
	for _, in := range samples() {
		if got := table.Eval(0, &expr.Env{Fact: in.fact}); got.Value.Int() != byHand(&in) || !got.Known {
			t.Fatalf("%+v gives %v, by hand %d", in, got.Value, byHand(&in))
		}
	}
}

// BenchmarkTable compares twenty rows of leaf expressions with the same written
// by hand in Go. The aim is twenty times.
func BenchmarkTable(b *testing.B) {
	all := samples()
	b.Run("pack", func(b *testing.B) {
		table := benchTable(b)
		at := &all[0]
		env := &expr.Env{Fact: func(name string) expr.Value { return at.fact(name) }} // one for all questions of a decision
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			at = &all[i%len(all)]
			table.Eval(0, env)
		}
	})
	b.Run("byhand", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			byHand(&all[i%len(all)])
		}
	})
}
