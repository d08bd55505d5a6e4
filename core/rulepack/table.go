// SPDX-License-Identifier: Apache-2.0

package rulepack

import (
	"slices"
	"strconv"
	"strings"

	"quanze/core/rulepack/expr"
)

// Hit says what a table does where several rows hold: Unique, that is a fault
// of the table; First, the first row; Collect, all of them together.
type Hit string

// The hit policies.
const (
	Unique  Hit = "unique"
	First   Hit = "first"
	Collect Hit = "collect"
)

// Table is a decision table: rows of cells over inputs, and what they give.
// Inputs are facts, or fields of the act's form, of the same name.
type Table struct {
	ID     string
	Title  Label
	Hit    Hit
	Inputs []Input
	Gives  []Output
	Rows   []*Row
	Basis  Basis
	names  []string
}

// Input is one column that rows test. Low and High bound a number, so that the
// rows can be held against all it may be.
type Input struct {
	ID        string
	Type      expr.Type
	Set       bool
	Options   []Option
	Low, High int64
	Pos       Pos
}

// Output is one column that rows give.
type Output struct {
	ID      string
	Type    expr.Type
	Options []Option
	Ladder  string
	Label   Label
}

// Row is one line of a table. A column without a cell is not looked at.
type Row struct {
	Cells []Cell
	If    *expr.Expr
	Gives []expr.Value // by output; no value where the row is silent
	Basis Basis
}

// Cell tests one input: it is, or holds, one of the members; it is true or
// false; it lies between Low and High.
type Cell struct {
	Input     int
	Members   []string
	Bool      bool
	Low, High int64
	// Below and Above say that the cell has no bound of its own there: a number
	// beyond what the input declares fits as well.
	Below, Above bool
}

// Row returned by Eval and its answer, one column of it.
type Answer struct {
	Value   expr.Value
	Known   bool
	Missing []string
	// Rows are those that hold.
	Rows []*Row
}

// Output finds a column that the table gives.
func (t *Table) Output(id string) int {
	return slices.IndexFunc(t.Gives, func(o Output) bool { return o.ID == id })
}

// Eval answers one column for an environment. Where a row that could decide
// hangs on what nobody has said, the answer is not known; where no row of a
// unique or first table holds there is no answer, which is not known either.
func (t *Table) Eval(column int, env *expr.Env) Answer {
	outer := env.Enter(t.names)
	defer env.Leave(outer)
	out := Answer{Known: true}
	var members []string
	for _, row := range t.Rows {
		if row.Gives[column].Zero() && t.Hit == Collect {
			continue
		}
		holds, missing := t.holds(row, env)
		switch {
		case len(missing) > 0:
			out.Known, out.Missing = false, append(out.Missing, missing...)
			if t.Hit == First {
				return out.tidy()
			}
		case !holds:
		case t.Hit == First:
			return Answer{Value: row.Gives[column], Known: true, Rows: []*Row{row}}
		default:
			out.Rows = append(out.Rows, row)
			out.Value = row.Gives[column]
			members = append(members, row.Gives[column].Set()...)
		}
	}
	if t.Hit == Collect && t.Gives[column].Type == expr.Bool && slices.ContainsFunc(out.Rows, func(r *Row) bool { return r.Gives[column].Bool() }) {
		return Answer{Value: expr.OfBool(true), Known: true, Rows: out.Rows} // whatever the others come to
	}
	switch {
	case !out.Known:
		out.Value = expr.Value{}
	case t.Hit == Collect && t.Gives[column].Type == expr.Set:
		out.Value = expr.OfSet(members...)
	case t.Hit == Collect:
		out.Value = expr.OfBool(slices.ContainsFunc(out.Rows, func(r *Row) bool { return r.Gives[column].Bool() }))
	case len(out.Rows) != 1:
		out.Value, out.Known, out.Missing = expr.Value{}, false, slices.Clone(t.names)
	}
	return out.tidy()
}

func (a Answer) tidy() Answer {
	slices.Sort(a.Missing)
	a.Missing = slices.Compact(a.Missing)
	return a
}

// holds tests a row. A cell that is known to fail settles it, whatever else is
// not known.
func (t *Table) holds(row *Row, env *expr.Env) (bool, []string) {
	var missing []string
	for i := range row.Cells {
		c := &row.Cells[i]
		in := &t.Inputs[c.Input]
		v := env.Input(c.Input)
		if v.Zero() {
			missing = append(missing, in.ID)
			continue
		}
		if !c.Fits(in, *v) {
			return false, nil
		}
	}
	if row.If != nil {
		switch row.If.Truth(env) {
		case expr.False:
			return false, nil
		case expr.Unknown:
			missing = append(missing, row.If.Eval(env).Missing...)
		}
	}
	return len(missing) == 0, missing
}

// Fits reports whether a value passes the cell.
func (c *Cell) Fits(in *Input, v expr.Value) bool {
	switch in.Type {
	case expr.Bool:
		return v.Bool() == c.Bool
	case expr.Int:
		return (c.Below || c.Low <= v.Int()) && (c.Above || v.Int() <= c.High)
	case expr.Set:
		return slices.ContainsFunc(c.Members, func(m string) bool { return slices.Contains(v.Set(), m) })
	}
	return slices.Contains(c.Members, v.Text())
}

func (d *decoder) table(n *node) {
	if !d.mapping(n, "table", "title", "hit", "inputs", "gives", "rows", "cite") {
		return
	}
	t := &Table{ID: d.text(n, "table", true), Title: d.label(n, "title"), Hit: Hit(d.oneOf(n, "hit", "", string(Unique), string(First), string(Collect))),
		Basis: d.basis(n, "table "+d.text(n, "table", false), true)}
	if t.ID != "" {
		d.id(t.ID, n.pos)
	}
	if first := d.pack.Table(t.ID); first != nil {
		d.report(n.pos, CodeTwice, t.ID, first.Basis.Pos.String())
	}
	d.named(n, "inputs", func(id string, pos Pos, v *node) {
		if !d.mapping(v, "type", "of", "low", "high") {
			return
		}
		in := Input{ID: id, Type: d.valueType(v), Low: int64(d.number(v, "low", 0)), High: int64(d.number(v, "high", 20)), Pos: pos}
		if in.Type == expr.Text || in.Type == expr.Set {
			in.Options, _ = d.options(v)
		}
		t.Inputs = append(t.Inputs, in)
	})
	d.named(n, "gives", func(id string, pos Pos, v *node) {
		if !d.mapping(v, "type", "of", "label") {
			return
		}
		out := Output{ID: id, Type: d.valueType(v), Label: d.optionalLabel(v, "label")}
		if out.Type == expr.Text || out.Type == expr.Set {
			out.Options, out.Ladder = d.options(v)
		}
		if t.Hit == Collect && out.Type != expr.Set && out.Type != expr.Bool {
			d.report(v.pos, CodeMismatch, id, "collect")
		}
		t.Gives = append(t.Gives, out)
	})
	if len(t.Gives) == 0 {
		d.report(n.pos, CodeMissingKey, "gives")
	}
	decl := expr.Decl{Vars: map[string]expr.Type{}}
	for _, in := range t.Inputs {
		decl.Vars[in.ID] = in.Type
		t.names = append(t.names, in.ID)
	}
	decl.Inputs = t.names
	for _, v := range d.list(n, "rows") {
		if d.omitted(v) || !d.mapping(v, "when", "if", "gives", "cite") {
			continue
		}
		row := &Row{If: d.expression(v.get("if"), decl), Gives: make([]expr.Value, len(t.Gives)), Basis: d.basis(v, "row of "+t.ID, true)}
		d.cells(t, row, v.get("when"))
		d.given(t, row, v)
		t.Rows = append(t.Rows, row)
	}
	d.pack.Tables = append(d.pack.Tables, t)
}

func (d *decoder) valueType(v *node) expr.Type {
	return factTypes[d.oneOf(v, "type", "", "bool", "int", "text", "date", "enum", "set")]
}

var factTypes = map[string]expr.Type{"bool": expr.Bool, "int": expr.Int, "text": expr.Text, "date": expr.Date, "enum": expr.Text, "set": expr.Set}

// cells reads `when`: input to what it must be.
func (d *decoder) cells(t *Table, row *Row, when *node) {
	if when == nil {
		return
	}
	if when.shape != mapping {
		d.report(when.pos, CodeShape, mapping.String())
		return
	}
	for _, p := range when.pairs {
		i := slices.IndexFunc(t.Inputs, func(in Input) bool { return in.ID == p.key })
		if i < 0 {
			var names []string
			for _, in := range t.Inputs {
				names = append(names, in.ID)
			}
			d.dangling(p.pos, "input", p.key, names)
			continue
		}
		in, c := t.Inputs[i], Cell{Input: i}
		switch in.Type {
		case expr.Bool:
			c.Bool = d.boolean(when, p.key, false)
		case expr.Int:
			if !c.span(p.value.text, in) {
				d.report(p.value.pos, CodeValue, p.value.text, "3, 2..5, >= 3, <= 3")
			}
		case expr.Date:
			d.report(p.value.pos, CodeMismatch, p.key, "date")
		default:
			c.Members = d.words(when, p.key)
			for _, m := range c.Members {
				d.member(p.value.pos, in.Options, m)
			}
		}
		row.Cells = append(row.Cells, c)
	}
}

func (d *decoder) member(pos Pos, options []Option, m string) {
	if slices.ContainsFunc(options, func(o Option) bool { return o.ID == m }) || d.lenient {
		return
	}
	var names []string
	for _, o := range options {
		names = append(names, o.ID)
	}
	d.dangling(pos, "option", m, names)
}

// span reads a cell over a number: 3, 2..5, >= 3, <= 3, > 3, < 3, within what
// the input may be.
func (c *Cell) span(s string, in Input) bool {
	c.Low, c.High = in.Low, in.High
	num := func(s string) (int64, bool) {
		n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 32)
		return n, err == nil && in.Low <= n && n <= in.High
	}
	var ok bool
	if a, b, ranged := strings.Cut(s, ".."); ranged {
		var okB bool
		c.Low, ok = num(a)
		c.High, okB = num(b)
		return ok && okB && c.Low <= c.High
	}
	for _, op := range []string{">=", "<=", ">", "<"} {
		rest, found := strings.CutPrefix(s, op)
		if !found {
			continue
		}
		n, ok := num(rest)
		switch op {
		case ">=":
			c.Low, c.Above = n, true
		case ">":
			c.Low, c.Above = n+1, true
		case "<=":
			c.High, c.Below = n, true
		case "<":
			c.High, c.Below = n-1, true
		}
		return ok && c.Low <= c.High
	}
	c.Low, ok = num(s)
	c.High = c.Low
	return ok
}

// given reads what a row gives, column by column.
func (d *decoder) given(t *Table, row *Row, n *node) {
	g := n.get("gives")
	if g == nil || g.shape != mapping {
		d.report(n.pos, CodeMissingKey, "gives")
		return
	}
	for _, p := range g.pairs {
		i := t.Output(p.key)
		if i < 0 {
			var names []string
			for _, o := range t.Gives {
				names = append(names, o.ID)
			}
			d.dangling(p.pos, "column", p.key, names)
			continue
		}
		out := t.Gives[i]
		switch out.Type {
		case expr.Bool:
			row.Gives[i] = expr.OfBool(d.boolean(g, p.key, false))
		case expr.Set:
			members := d.words(g, p.key)
			for _, m := range members {
				d.member(p.value.pos, out.Options, m)
			}
			row.Gives[i] = expr.OfSet(members...)
		default:
			v, err := expr.Parse(out.Type, p.value.text)
			if err != nil {
				d.report(p.value.pos, CodeValue, p.value.text, out.Type.String())
			}
			if len(out.Options) > 0 {
				d.member(p.value.pos, out.Options, p.value.text)
			}
			row.Gives[i] = v
		}
	}
}
