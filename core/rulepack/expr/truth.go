// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"slices"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
)

// Truth is an answer without its reasons, which is what almost every question
// needs: the reasons are worked out by Eval once somebody asks for them.
type Truth int8

// The three answers.
const (
	Unknown Truth = iota
	False
	True
)

func truthOf(b bool) Truth {
	if b {
		return True
	}
	return False
}

// Truth answers as Eval does, without the names of what was used or missing.
func (e *Expr) Truth(env *Env) Truth { return e.truth(env) }

func (v *Value) truth() Truth {
	if v.typ == None {
		return Unknown
	}
	return truthOf(v.num == 1)
}

type question = func(*Env) Truth

// truth compiles what Eval means to a question. It mirrors compile, with ways
// of its own for a name against a literal or another name; all else asks the value.
func (c *compiler) truth(e ast.Expr) question {
	switch e.Kind() {
	case ast.IdentKind:
		name := e.AsIdent()
		if at := slices.Index(c.decl.Inputs, name); at >= 0 {
			return func(env *Env) Truth { return env.Input(at).truth() }
		}
		return func(env *Env) Truth {
			v := env.Fact(name)
			return v.truth()
		}
	case ast.LiteralKind:
		t := truthOf(c.literal(e)(nil).Value.Bool())
		return func(*Env) Truth { return t }
	case ast.CallKind:
		call := e.AsCall()
		switch call.FunctionName() {
		case operators.LogicalNot:
			arg := c.truth(call.Args()[0])
			return func(env *Env) Truth {
				if t := arg(env); t != Unknown {
					return True + False - t
				}
				return Unknown
			}
		case operators.LogicalAnd:
			return c.either(call, False)
		case operators.LogicalOr:
			return c.either(call, True)
		}
		if q := c.against(call); q != nil {
			return q
		}
		if q := c.between(call); q != nil {
			return q
		}
	}
	full := c.compile(e)
	return func(env *Env) Truth {
		if r := full(env); r.Known {
			return truthOf(r.Value.Bool())
		}
		return Unknown
	}
}

// either is && (False decides) or || (True decides), of as many as stand in a row.
func (c *compiler) either(call ast.CallExpr, decides Truth) question {
	all := c.row(call, nil)
	if len(all) == 2 {
		a, b := all[0], all[1]
		return func(env *Env) Truth {
			x := a(env)
			if x == decides {
				return x
			}
			y := b(env)
			if y == decides || x != Unknown {
				return y
			}
			return Unknown
		}
	}
	return func(env *Env) Truth {
		out := True + False - decides
		for _, q := range all {
			switch q(env) {
			case decides:
				return decides
			case Unknown:
				out = Unknown
			}
		}
		return out
	}
}

// row lists the questions that one operator joins.
func (c *compiler) row(call ast.CallExpr, out []question) []question {
	for _, a := range call.Args() {
		if a.Kind() == ast.CallKind && a.AsCall().FunctionName() == call.FunctionName() {
			out = c.row(a.AsCall(), out)
			continue
		}
		out = append(out, c.truth(a))
	}
	return out
}

// against is a comparison of a name with a literal, the commonest leaf. It
// reads an input of a table where it stands, without copying it.
func (c *compiler) against(call ast.CallExpr) question {
	test, known := comparisons[call.FunctionName()]
	if !known || len(call.Args()) != 2 || call.Args()[0].Kind() != ast.IdentKind || call.Args()[1].Kind() != ast.LiteralKind {
		return nil
	}
	name, want := call.Args()[0].AsIdent(), c.literal(call.Args()[1])(nil).Value
	passes := func(v *Value) bool { return test(*v, want) }
	text := want.str
	switch {
	case call.FunctionName() == operators.Equals && want.typ == Text:
		passes = func(v *Value) bool { return v.str == text }
	case want.typ == Int:
		if low, high, ok := span(call.FunctionName(), want.num); ok {
			passes = func(v *Value) bool { return low <= v.num && v.num <= high }
		}
	}
	if at := slices.Index(c.decl.Inputs, name); at >= 0 {
		return ofInput(at, call.FunctionName(), want, passes)
	}
	return func(env *Env) Truth {
		v := env.Fact(name)
		if v.typ == None {
			return Unknown
		}
		return truthOf(passes(&v))
	}
}

// ofInput asks an input of a table; the two commonest ways spare a call.
func ofInput(at int, op string, want Value, passes func(*Value) bool) question {
	low, high, ok := span(op, want.num)
	text := want.str
	switch {
	case want.typ == Int && ok:
		return func(env *Env) Truth {
			v := env.Input(at)
			if v.typ == None {
				return Unknown
			}
			return truthOf(low <= v.num && v.num <= high)
		}
	case want.typ == Text && op == operators.Equals:
		return func(env *Env) Truth {
			v := env.Input(at)
			if v.typ == None {
				return Unknown
			}
			return truthOf(v.str == text)
		}
	}
	return func(env *Env) Truth {
		v := env.Input(at)
		if v.typ == None {
			return Unknown
		}
		return truthOf(passes(v))
	}
}

// between is a comparison of two names.
func (c *compiler) between(call ast.CallExpr) question {
	test, known := comparisons[call.FunctionName()]
	if !known || len(call.Args()) != 2 || call.Args()[0].Kind() != ast.IdentKind || call.Args()[1].Kind() != ast.IdentKind {
		return nil
	}
	a, b := c.reader(call.Args()[0].AsIdent()), c.reader(call.Args()[1].AsIdent())
	return func(env *Env) Truth {
		x, y := a(env), b(env)
		if x.typ == None || y.typ == None {
			return Unknown
		}
		return truthOf(test(x, y))
	}
}

// span is what a comparison with a whole number lets through. The two that
// would run over the ends of the numbers are left to the general way.
func span(op string, want int64) (low, high int64, ok bool) {
	low, high = -1<<63, 1<<63-1
	switch op {
	case operators.Less:
		return low, want - 1, want != low
	case operators.LessEquals:
		return low, want, true
	case operators.Greater:
		return want + 1, high, want != high
	case operators.GreaterEquals:
		return want, high, true
	case operators.Equals:
		return want, want, true
	}
	return 0, 0, false
}
