// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"cmp"
	"slices"

	"cel.dev/cel-go/common/operators"
)

// comparisons are the functions that need both sides known.
var comparisons = map[string]func(a, b Value) bool{
	operators.Equals:        func(a, b Value) bool { return a.Equal(b) },
	operators.NotEquals:     func(a, b Value) bool { return !a.Equal(b) },
	operators.Less:          func(a, b Value) bool { return compare(a, b) < 0 },
	operators.LessEquals:    func(a, b Value) bool { return compare(a, b) <= 0 },
	operators.Greater:       func(a, b Value) bool { return compare(a, b) > 0 },
	operators.GreaterEquals: func(a, b Value) bool { return compare(a, b) >= 0 },
	operators.In:            func(a, b Value) bool { return slices.Contains(b.Set(), a.str) },
}

func compare(a, b Value) int { return cmp.Or(cmp.Compare(a.num, b.num), cmp.Compare(a.str, b.str)) }

func merge(a, b []string) []string {
	if len(a) == 0 {
		return b
	}
	if len(b) == 0 {
		return a
	}
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}

func not(arg func(*Env) Result) func(*Env) Result {
	return func(env *Env) Result {
		r := arg(env)
		if r.Known {
			r.Value = OfBool(!r.Value.Bool())
		}
		return r
	}
}

// junction is && (decides false) or || (decides true): one side that decides
// settles the answer whatever the others are, as Kleene has it.
func junction(args []func(*Env) Result, decides bool) func(*Env) Result {
	return func(env *Env) Result {
		all := Result{Known: true}
		for _, arg := range args {
			r := arg(env)
			if r.Known && r.Value.Bool() == decides {
				return Result{Value: OfBool(decides), Known: true, Used: r.Used}
			}
			all.Known = all.Known && r.Known
			all.Missing = merge(all.Missing, r.Missing)
			all.Used = merge(all.Used, r.Used)
		}
		if all.Known {
			all.Value = OfBool(!decides)
		}
		return all
	}
}

func strict(args []func(*Env) Result, f func(a, b Value) bool) func(*Env) Result {
	return func(env *Env) Result {
		a, b := args[0](env), args[1](env)
		out := Result{Known: a.Known && b.Known, Missing: merge(a.Missing, b.Missing), Used: merge(a.Used, b.Used)}
		if out.Known {
			out.Value = OfBool(f(a.Value, b.Value))
		}
		return out
	}
}

func ask(name string, args []func(*Env) Result) func(*Env) Result {
	return func(env *Env) Result {
		out := Result{Known: true}
		values := make([]Value, len(args))
		for i, arg := range args {
			r := arg(env)
			values[i] = r.Value
			out.Known = out.Known && r.Known
			out.Missing = merge(out.Missing, r.Missing)
			out.Used = merge(out.Used, r.Used)
		}
		if !out.Known {
			return out
		}
		if name == "overlap" {
			out.Value = OfBool(slices.ContainsFunc(values[0].Set(), func(m string) bool { return slices.Contains(values[1].Set(), m) }))
			return out
		}
		if name == "subset" {
			out.Value = OfBool(!slices.ContainsFunc(values[0].Set(), func(m string) bool { return !slices.Contains(values[1].Set(), m) }))
			return out
		}
		if name == "size" {
			out.Value = OfInt(int64(len(values[0].Set())))
			return out
		}
		out.Value = env.Ask(name, values)
		if out.Value.Zero() {
			out.Known, out.Missing = false, merge(out.Missing, []string{name})
		}
		return out
	}
}
