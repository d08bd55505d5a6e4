// SPDX-License-Identifier: Apache-2.0

// Package expr is the small condition language of rule packs: leaves such as
// `complex && !done(report)`. It is a subset of CEL, parsed and type-checked by
// cel-go and evaluated by closures of ours over the checked tree, with three
// values: true, false, and not yet known because of named facts. It refuses to
// be more: no clock, no regular expressions, no text building, no loops; the
// structure of the law stands in the pack, not here. Start at Compile.
package expr

import (
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// Decl says which names an expression may use.
type Decl struct {
	Vars map[string]Type
	// Inputs are the names that stand on the environment's stack, in order, as
	// Enter put them there: those of a table, which many of its rows look at.
	Inputs []string
	// Moments reports whether done() may speak of it, Terms likewise for
	// owed(), running() and lapsed(), Parties for bound() and what is asked of
	// the organisation.
	Moments func(string) bool
	Terms   func(string) bool
	Parties func(string) bool
}

// Issue is one thing wrong with an expression, at a column counted from 1.
type Issue struct {
	Column int
	Text   string
}

// Result is an answer with three values. Known false means that it hangs on the
// facts in Missing. Used names the facts the answer rests on.
type Result struct {
	Value   Value
	Known   bool
	Missing []string
	Used    []string
}

// True reports whether the answer is known and true.
func (r Result) True() bool { return r.Known && r.Value.Bool() }

// False reports whether the answer is known and not true.
func (r Result) False() bool { return r.Known && !r.Value.Bool() }

// Env gives an expression its facts. Fact returns no value for what nobody has
// said yet. Ask answers the functions about the matter and the organisation; no
// value where it cannot.
type Env struct {
	Fact func(name string) Value
	Ask  func(function string, args []Value) Value
	// stack holds the inputs of the tables being answered, base where those of
	// the innermost begin.
	stack []Value
	base  int
}

// Enter asks for the inputs of a table once and puts them where its rows look;
// the answer is what Leave wants. An input may itself come from a table.
func (e *Env) Enter(inputs []string) (outer int) {
	outer = e.base
	start := len(e.stack)
	for _, name := range inputs {
		v := e.Fact(name)
		e.stack = append(e.stack, v)
	}
	e.base = start
	return outer
}

// Leave takes the inputs off again.
func (e *Env) Leave(outer int) { e.stack, e.base = e.stack[:e.base], outer }

// Input is the value of the input of that place, since Enter.
func (e *Env) Input(i int) *Value { return &e.stack[e.base+i] }

// Expr is a compiled condition.
type Expr struct {
	Source string
	// Facts and Moments are the names the expression mentions, sorted.
	Facts   []string
	Moments []string
	// Parties are those whose unit or post it asks for.
	Parties []string
	eval    func(*Env) Result
	truth   question
}

// Eval answers in that environment.
func (e *Expr) Eval(env *Env) Result { return e.eval(env) }

// matterFunctions are the questions a leaf may ask of the matter; the value is
// the number of arguments. Those that are symbols take a name, not a value.
var matterFunctions = map[string]struct {
	args   []Type
	result Type
	symbol bool
}{
	"done":    {[]Type{Text}, Bool, true},
	"owed":    {[]Type{Text}, Bool, true},
	"running": {[]Type{Text}, Bool, true},
	"lapsed":  {[]Type{Text}, Bool, true},
	"bound":   {[]Type{Text}, Bool, true},
	// What a party is on the day: the kind of its unit (of a person, of the
	// workplace), whether that is private, the class of the person's post.
	"kind":    {[]Type{Text}, Text, true},
	"private": {[]Type{Text}, Bool, true},
	"class":   {[]Type{Text}, Text, true},
	// at: the first belongs to the unit that the second is; under: its unit
	// stands directly under that unit.
	"at":       {[]Type{Text, Text}, Bool, true},
	"under":    {[]Type{Text, Text}, Bool, true},
	"subset":   {[]Type{Set, Set}, Bool, false},
	"overlap":  {[]Type{Set, Set}, Bool, false},
	"heavier":  {[]Type{Set, Set}, Bool, false},
	"days":     {[]Type{Date, Date}, Int, false},
	"workdays": {[]Type{Date, Date}, Int, false},
	"size":     {[]Type{Set}, Int, false},
}

var dateType = cel.OpaqueType("date")

func celType(t Type) *cel.Type {
	switch t {
	case Bool:
		return cel.BoolType
	case Int:
		return cel.IntType
	case Date:
		return dateType
	case Set:
		return cel.ListType(cel.StringType)
	}
	return cel.StringType
}

// Compile parses and checks src, which must be a condition (a Bool). All that
// is wrong is returned at once.
func Compile(src string, decl Decl) (*Expr, []Issue) {
	env, err := newEnv(decl)
	if err != nil {
		return nil, []Issue{{1, err.Error()}}
	}
	checked, iss := env.Compile(src)
	if iss != nil && iss.Err() != nil {
		var out []Issue
		for _, e := range iss.Errors() {
			out = append(out, Issue{max(e.Location.Column(), 0) + 1, e.Message})
		}
		return nil, out
	}
	if checked.OutputType() != cel.BoolType {
		return nil, []Issue{{1, fmt.Sprintf("a condition must be true or false, this is %s", checked.OutputType())}}
	}
	c := &compiler{decl: decl, checked: checked.NativeRep(), info: checked.NativeRep().SourceInfo()}
	eval := c.compile(checked.NativeRep().Expr())
	if len(c.issues) > 0 {
		return nil, c.issues
	}
	truth := c.truth(checked.NativeRep().Expr())
	slices.Sort(c.facts)
	slices.Sort(c.moments)
	slices.Sort(c.parties)
	return &Expr{Source: src, Facts: slices.Compact(c.facts), Moments: slices.Compact(c.moments), Parties: slices.Compact(c.parties), eval: eval, truth: truth}, nil
}

func newEnv(decl Decl) (*cel.Env, error) {
	opts := []cel.EnvOption{cel.ClearMacros()}
	for name, t := range decl.Vars {
		opts = append(opts, cel.Variable(name, celType(t)))
	}
	for name, f := range matterFunctions {
		if name == "size" {
			continue // CEL's own
		}
		args := make([]*cel.Type, len(f.args))
		for i, a := range f.args {
			args[i] = celType(a)
		}
		opts = append(opts, cel.Function(name, cel.Overload("quanze_"+name, args, celType(f.result))))
		if f.symbol {
			opts = append(opts, cel.Macros(cel.GlobalMacro(name, len(f.args), expandSymbol(name))))
		}
	}
	for _, op := range []string{operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals} {
		opts = append(opts, cel.Function(op, cel.Overload("quanze_date"+op, []*cel.Type{dateType, dateType}, cel.BoolType)))
	}
	return cel.NewCustomEnv(append([]cel.EnvOption{cel.StdLib()}, opts...)...)
}

// expandSymbol turns done(report.accountable) into done("report.accountable"),
// so that a moment is written as a name and not as a text.
func expandSymbol(function string) cel.MacroFactory {
	return func(eh cel.MacroExprFactory, _ ast.Expr, args []ast.Expr) (ast.Expr, *cel.Error) {
		names := make([]ast.Expr, len(args))
		for i, a := range args {
			name, ok := dotted(a)
			if !ok {
				return nil, eh.NewError(a.ID(), function+"() takes a name")
			}
			names[i] = eh.NewLiteral(types.String(name))
		}
		return eh.NewCall(function, names...), nil
	}
}

func dotted(e ast.Expr) (string, bool) {
	switch e.Kind() {
	case ast.IdentKind:
		return e.AsIdent(), true
	case ast.SelectKind:
		s := e.AsSelect()
		if s.IsTestOnly() {
			return "", false
		}
		head, ok := dotted(s.Operand())
		return head + "." + s.FieldName(), ok
	}
	return "", false
}

type compiler struct {
	decl    Decl
	checked *ast.AST
	info    *ast.SourceInfo
	issues  []Issue
	facts   []string
	moments []string
	parties []string
}

func (c *compiler) refuse(id int64, format string, args ...any) func(*Env) Result {
	col := 1
	if loc := c.info.GetStartLocation(id); loc != common.NoLocation {
		col = loc.Column() + 1
	}
	c.issues = append(c.issues, Issue{col, fmt.Sprintf(format, args...)})
	return func(*Env) Result { return Result{} }
}

func (c *compiler) compile(e ast.Expr) func(*Env) Result {
	switch e.Kind() {
	case ast.LiteralKind:
		return c.literal(e)
	case ast.IdentKind:
		name := e.AsIdent()
		if _, declared := c.decl.Vars[name]; !declared { // CEL's own names, such as int
			return c.refuse(e.ID(), "there is no such name: %s", name)
		}
		c.facts = append(c.facts, name)
		used := []string{name}
		read := c.reader(name)
		return func(env *Env) Result {
			v := read(env)
			if v.Zero() {
				return Result{Missing: used}
			}
			return Result{Value: v, Known: true, Used: used}
		}
	case ast.ListKind:
		return c.list(e)
	case ast.CallKind:
		return c.call(e)
	}
	return c.refuse(e.ID(), "not part of the condition language")
}

// reader reads a name: from the stack where it stands there.
func (c *compiler) reader(name string) func(*Env) Value {
	if at := slices.Index(c.decl.Inputs, name); at >= 0 {
		return func(env *Env) Value { return *env.Input(at) }
	}
	return func(env *Env) Value { return env.Fact(name) }
}

func known(v Value) func(*Env) Result {
	return func(*Env) Result { return Result{Value: v, Known: true} }
}

func (c *compiler) literal(e ast.Expr) func(*Env) Result {
	switch v := e.AsLiteral().(type) {
	case types.Bool:
		return known(OfBool(bool(v)))
	case types.Int:
		return known(OfInt(int64(v)))
	case types.String:
		return known(OfText(string(v)))
	}
	return c.refuse(e.ID(), "only true, false, whole numbers and texts may stand here")
}

func (c *compiler) list(e ast.Expr) func(*Env) Result {
	var members []string
	for _, el := range e.AsList().Elements() {
		s, ok := types.String(""), false
		if el.Kind() == ast.LiteralKind {
			s, ok = el.AsLiteral().(types.String)
		}
		if !ok {
			return c.refuse(el.ID(), "a list holds texts only")
		}
		members = append(members, string(s))
	}
	return known(OfSet(members...))
}

func (c *compiler) call(e ast.Expr) func(*Env) Result {
	call := e.AsCall()
	name := call.FunctionName()
	if call.IsMemberFunction() {
		return c.refuse(e.ID(), "%s is not part of the condition language", name)
	}
	if f, ok := matterFunctions[name]; ok {
		// CEL's size also counts letters, which is not in the language.
		if name == "size" && c.checked.GetType(call.Args()[0].ID()).Kind() != types.ListKind {
			return c.refuse(e.ID(), "size() counts the members of a set")
		}
		if f.symbol && !c.symbol(e, name) {
			return func(*Env) Result { return Result{} }
		}
		return ask(name, c.args(call))
	}
	args := c.args(call)
	switch name {
	case operators.LogicalNot:
		return not(args[0])
	case operators.LogicalAnd:
		return junction(args, false)
	case operators.LogicalOr:
		return junction(args, true)
	}
	if f, ok := comparisons[name]; ok {
		return strict(args, f)
	}
	return c.refuse(e.ID(), "%s is not part of the condition language", strings.Trim(name, "_"))
}

func (c *compiler) symbol(e ast.Expr, function string) bool {
	for _, lit := range e.AsCall().Args() {
		s, _ := lit.AsLiteral().(types.String)
		name := string(s)
		var may func(string) bool
		switch function {
		case "done":
			may = c.decl.Moments
			c.moments = append(c.moments, name)
		case "owed", "running", "lapsed":
			may = c.decl.Terms
		default:
			may = c.decl.Parties
			if function != "bound" {
				c.parties = append(c.parties, name)
			}
		}
		if may == nil || !may(name) {
			c.refuse(e.ID(), "%s(%s): there is no such name", function, name)
			return false
		}
	}
	return true
}

func (c *compiler) args(call ast.CallExpr) []func(*Env) Result {
	out := make([]func(*Env) Result, len(call.Args()))
	for i, a := range call.Args() {
		out[i] = c.compile(a)
	}
	return out
}
