// SPDX-License-Identifier: Apache-2.0

package check

import (
	"fmt"
	"slices"
	"strings"

	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

// maxCombinations bounds how many choices of rows a table is held against,
// maxNamed how many members of a set its cells tell apart.
const (
	maxCombinations = 20_000
	maxNamed        = 12
)

// region is one part of what an input may be, within which no cell of the table
// tells anything apart.
type region struct {
	value expr.Value
	text  string
}

// regions cuts an input at the boundaries of the cells.
func regions(t *rulepack.Table, i int) []region {
	in := t.Inputs[i]
	var cells []rulepack.Cell
	for _, r := range t.Rows {
		for _, cell := range r.Cells {
			if cell.Input == i {
				cells = append(cells, cell)
			}
		}
	}
	switch {
	case len(cells) == 0 || in.Type == expr.Date:
		return []region{{}}
	case in.Type == expr.Bool:
		return []region{{expr.OfBool(false), in.ID + " = false"}, {expr.OfBool(true), in.ID + " = true"}}
	case in.Type == expr.Int:
		return intervals(in, cells)
	case in.Type == expr.Set:
		return subsets(in, cells)
	}
	var out []region
	for _, o := range in.Options {
		out = append(out, region{expr.OfText(o.ID), in.ID + " = " + o.ID})
	}
	return out
}

func intervals(in rulepack.Input, cells []rulepack.Cell) []region {
	cuts := []int64{in.Low}
	for _, c := range cells {
		for _, at := range []int64{c.Low, c.High + 1} {
			if in.Low < at && at <= in.High {
				cuts = append(cuts, at)
			}
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var out []region
	for i, low := range cuts {
		high := in.High
		if i+1 < len(cuts) {
			high = cuts[i+1] - 1
		}
		text := fmt.Sprintf("%s = %d", in.ID, low)
		if high > low {
			text = fmt.Sprintf("%s = %d..%d", in.ID, low, high)
		}
		out = append(out, region{expr.OfInt(low), text})
	}
	return out
}

// subsets tells a set apart by the members that some cell names. Members that
// every cell names together are one.
func subsets(in rulepack.Input, cells []rulepack.Cell) []region {
	var named, seen []string
	for _, c := range cells {
		for _, m := range c.Members {
			where := ""
			for _, o := range cells {
				where += map[bool]string{true: "1", false: "0"}[slices.Contains(o.Members, m)]
			}
			if !slices.Contains(named, m) && !slices.Contains(seen, where) {
				named, seen = append(named, m), append(seen, where)
			}
		}
	}
	if len(named) > maxNamed {
		return nil
	}
	var out []region
	for bits := range 1 << len(named) {
		var members []string
		for i, m := range named {
			if bits>>i&1 == 1 {
				members = append(members, m)
			}
		}
		out = append(out, region{expr.OfSet(members...), in.ID + " = {" + strings.Join(members, ", ") + "}"})
	}
	return out
}

// tables holds every table against all that its inputs may be. In one that
// collects, rows may hold together, and none need.
func (c *checker) tables() {
	for _, t := range c.pack.Tables {
		c.doubles(t)
		for _, r := range t.Rows {
			if r.If != nil {
				c.warn(at(r.Basis, t.Basis), rulepack.CodeOpaque, t.ID, "if "+r.If.Source)
			}
		}
		if t.Hit == rulepack.Collect {
			continue
		}
		parts := make([][]region, len(t.Inputs))
		for i := range t.Inputs {
			parts[i] = regions(t, i)
		}
		if slices.ContainsFunc(parts, func(p []region) bool { return len(p) == 0 }) || !c.hold(t, parts) {
			c.warn(t.Basis, rulepack.CodeOpaque, t.ID, fmt.Sprintf("> %d", maxCombinations))
		}
	}
}

// kin are the inputs that leave the same rows: how many, and the first of them.
type kin struct {
	rows  []bool
	count int
	first [][]int // regions of the inputs so far, the last input first
}

// hold takes the inputs one by one, and together what leaves the same rows. It
// reports whether that was few enough.
func (c *checker) hold(t *rulepack.Table, parts [][]region) bool {
	all := make([]bool, len(t.Rows))
	for i := range all {
		all[i] = true
	}
	layer := []*kin{{rows: all, count: 1, first: [][]int{nil}}}
	for i := range slices.Backward(parts) {
		index := map[string]*kin{}
		var next []*kin
		for _, k := range layer {
			for n, part := range parts[i] {
				rows := left(t, i, part, k.rows)
				key := fmt.Sprint(rows)
				into := index[key]
				if into == nil {
					into = &kin{rows: rows}
					index[key] = into
					next = append(next, into)
				}
				into.count += k.count
				for _, f := range k.first {
					into.first = append(into.first, append(slices.Clip(f), n))
				}
				slices.SortFunc(into.first, slices.Compare)
				into.first = into.first[:min(3, len(into.first))]
			}
		}
		if layer = next; len(layer) > maxCombinations {
			return false
		}
	}
	c.judge(t, parts, layer)
	return true
}

// left are the rows that an input's region leaves.
func left(t *rulepack.Table, i int, part region, rows []bool) []bool {
	out := slices.Clone(rows)
	for n, r := range t.Rows {
		for _, cell := range r.Cells {
			if cell.Input == i && !part.value.Zero() && !cell.Fits(&t.Inputs[i], part.value) {
				out[n] = false
			}
		}
	}
	return out
}

func (c *checker) judge(t *rulepack.Table, parts [][]region, layer []*kin) {
	slices.SortFunc(layer, func(a, b *kin) int { return slices.Compare(a.first[0], b.first[0]) })
	hits := make([]bool, len(t.Rows)) // a row that decides somewhere
	overlaps := map[[2]int]string{}
	var gaps [][]int
	count := 0
	for _, k := range layer {
		certain, open := -1, false
		for n, r := range t.Rows {
			switch {
			case !k.rows[n]:
			case r.If != nil:
				hits[n], open = hits[n] || certain < 0, true
			case certain < 0:
				certain, hits[n] = n, true
			case t.Hit == rulepack.Unique:
				hits[n] = true
				if _, told := overlaps[[2]int{certain, n}]; !told {
					overlaps[[2]int{certain, n}] = inputs(parts, k.first[0])
				}
			}
		}
		if certain < 0 && !open {
			gaps, count = append(gaps, k.first...), count+k.count
		}
	}
	slices.SortFunc(gaps, slices.Compare)
	var texts []string
	for _, g := range gaps[:min(3, len(gaps))] {
		texts = append(texts, inputs(parts, g))
	}
	c.tell(t, hits, overlaps, texts, count)
}

// inputs writes the regions of all inputs, which are told last input first.
func inputs(parts [][]region, at []int) string {
	var texts []string
	for i, p := range parts {
		if text := p[at[len(at)-1-i]].text; text != "" {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, ", ")
}

func (c *checker) tell(t *rulepack.Table, hits []bool, overlaps map[[2]int]string, gaps []string, count int) {
	for n, r := range t.Rows {
		for m := range n {
			if text, ok := overlaps[[2]int{m, n}]; ok && !same(t.Rows[m], r) {
				c.fail(at(r.Basis, t.Basis), rulepack.CodeOverlap, t.Rows[m].Basis.Pos.String(), text)
			}
		}
		if !hits[n] && t.Hit == rulepack.First && !slices.ContainsFunc(t.Rows[:n], func(o *rulepack.Row) bool { return same(o, r) }) {
			c.fail(at(r.Basis, t.Basis), rulepack.CodeMasked)
		}
	}
	if len(gaps) > 0 {
		text := strings.Join(gaps, "; ")
		if count > 3 {
			text += fmt.Sprintf("; … (%d)", count)
		}
		c.warn(t.Basis, rulepack.CodeGap, t.ID, text)
	}
}

// doubles finds rows that test and give the same.
func (c *checker) doubles(t *rulepack.Table) {
	for n, r := range t.Rows {
		for m := range n {
			o := t.Rows[m]
			if same(o, r) && (t.Hit != rulepack.Collect || slices.EqualFunc(o.Gives, r.Gives, func(a, b expr.Value) bool { return a.String() == b.String() })) {
				c.fail(at(r.Basis, t.Basis), rulepack.CodeDoubleRow, o.Basis.Pos.String())
				break
			}
		}
	}
}

// same reports whether two rows test the same.
func same(a, b *rulepack.Row) bool {
	source := func(r *rulepack.Row) string {
		if r.If == nil {
			return ""
		}
		return r.If.Source
	}
	covers := func(x, y *rulepack.Row) bool {
		return !slices.ContainsFunc(x.Cells, func(c rulepack.Cell) bool {
			return !slices.ContainsFunc(y.Cells, func(d rulepack.Cell) bool {
				return c.Input == d.Input && c.Bool == d.Bool && c.Low == d.Low && c.High == d.High && slices.Equal(c.Members, d.Members)
			})
		})
	}
	return source(a) == source(b) && len(a.Cells) == len(b.Cells) && covers(a, b)
}
