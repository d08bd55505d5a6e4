// SPDX-License-Identifier: Apache-2.0

package expr_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cel.dev/cel-go/cel"

	"quanze/core/calendar"
	"quanze/core/rulepack/expr"
)

// tree is a random condition. ours and cels are its text for the two
// evaluators: where the language asks the matter, CEL has a variable.
type tree struct {
	ours, cels string
	// kleene answers by the definition of the three values: nil is not known.
	kleene func(world) any
}

// world is the facts of one trial; a missing name is not known.
type world map[string]any

type grower struct{ *rand.Rand }

func (g grower) pick(words ...string) string { return words[g.IntN(len(words))] }

func (g grower) name(words ...string) tree {
	n := g.pick(words...)
	return tree{n, flat(n), func(w world) any { return w[n] }}
}

// flat is a name as CEL's variable.
func flat(name string) string {
	return strings.ReplaceAll(strings.ReplaceAll(name, " ", "_"), ".", "_")
}

func (g grower) condition(depth int) tree {
	if depth > 0 {
		switch g.IntN(5) {
		case 0, 1:
			return junction("&&", false, g.condition(depth-1), g.condition(depth-1))
		case 2, 3:
			return junction("||", true, g.condition(depth-1), g.condition(depth-1))
		default:
			x := g.condition(depth - 1)
			return tree{"!(" + x.ours + ")", "!(" + x.cels + ")", func(w world) any {
				if v := x.kleene(w); v != nil {
					return !v.(bool)
				}
				return nil
			}}
		}
	}
	return g.leaf()
}

func (g grower) leaf() tree {
	switch g.IntN(12) {
	case 0:
		return g.name("a", "b", "c")
	case 8: // what the language asks of the matter and the organisation
		return g.asked("private(joint)", "at(joint, desk)", "under(joint, desk)", "owed(inquiry)", "running(inquiry)", "lapsed(inquiry)", "bound(joint)")
	case 9:
		return g.compare(g.asked("kind(joint)", "class(joint)", "local.tone"), g.text(), "==", "!=", "<", ">=")
	case 10:
		return g.subset(g.set(), g.set())
	case 11:
		return g.name("local.strict")
	case 1:
		v := g.IntN(2) == 0
		return tree{fmt.Sprint(v), fmt.Sprint(v), func(world) any { return v }}
	case 2:
		m := g.pick("report", "report.yes")
		key := "done " + m
		return tree{"done(" + m + ")", flat(key), func(w world) any { return w[key] }}
	case 3:
		return g.compare(g.number(), g.number(), "==", "!=", "<", "<=", ">", ">=")
	case 4:
		return g.compare(g.text(), g.text(), "==", "!=", "<", "<=", ">", ">=")
	case 5:
		return g.compare(g.name("d1", "d2"), g.name("d1", "d2"), "==", "!=", "<", "<=", ">", ">=")
	case 6:
		return g.compare(g.text(), g.set(), "in")
	}
	return g.compare(g.set(), g.set(), "==", "!=")
}

// asked is a question to the matter; CEL has a variable of that name for it.
func (g grower) asked(questions ...string) tree {
	q := g.pick(questions...)
	return tree{q, flat(key(q)), func(w world) any { return w[key(q)] }}
}

// key is what a world calls the answer to a question.
func key(question string) string {
	function, rest, asks := strings.Cut(question, "(")
	if !asks {
		return question
	}
	first, _, _ := strings.Cut(strings.TrimSuffix(rest, ")"), ",")
	return function + " " + first
}

// subset is a function of ours; to CEL it is spelled out over what the set may
// hold.
func (g grower) subset(x, y tree) tree {
	var all []string
	for _, m := range []string{"x", "y", "z", "中"} {
		all = append(all, "(!('"+m+"' in "+x.cels+") || '"+m+"' in "+y.cels+")")
	}
	return tree{"subset(" + x.ours + ", " + y.ours + ")", "(" + strings.Join(all, " && ") + ")", func(w world) any {
		a, b := x.kleene(w), y.kleene(w)
		if a == nil || b == nil {
			return nil
		}
		for _, m := range members(a.(string)) {
			if !strings.Contains(","+b.(string), ","+m+",") {
				return false
			}
		}
		return true
	}}
}

func (g grower) number() tree {
	switch g.IntN(4) {
	case 2:
		return g.name("local.rows")
	case 3: // to CEL a date is a number
		from, to := g.name("d1", "d2"), g.name("d1", "d2")
		return tree{"days(" + from.ours + ", " + to.ours + ")", "(" + to.cels + " - " + from.cels + ")", func(w world) any {
			a, b := from.kleene(w), to.kleene(w)
			if a == nil || b == nil {
				return nil
			}
			return b.(int64) - a.(int64)
		}}
	case 0:
		n := int64(g.IntN(5) - 2)
		return tree{fmt.Sprint(n), fmt.Sprint(n), func(world) any { return n }}
	case 1:
		s := g.set()
		return tree{"size(" + s.ours + ")", "size(" + s.cels + ")", func(w world) any {
			if v := s.kleene(w); v != nil {
				return int64(strings.Count(v.(string), ","))
			}
			return nil
		}}
	}
	return g.name("n", "k")
}

func (g grower) text() tree {
	if g.IntN(2) == 0 {
		s := g.pick("", "x", "y", "z", "中")
		return tree{"'" + s + "'", "'" + s + "'", func(world) any { return s }}
	}
	return g.name("why", "outcome")
}

// A set is, to the naive evaluator, its sorted members each with a comma.
func (g grower) set() tree {
	if g.IntN(2) == 0 {
		src, value := g.pick("[]|", "['x']|x,", "['x', 'y']|x,y,", "['z', '中']|z,中,"), ""
		src, value, _ = strings.Cut(src, "|")
		return tree{src, src, func(world) any { return value }}
	}
	return g.name("s", "m")
}

func junction(op string, decides bool, x, y tree) tree {
	return tree{"(" + x.ours + " " + op + " " + y.ours + ")", "(" + x.cels + " " + op + " " + y.cels + ")", func(w world) any {
		a, b := x.kleene(w), y.kleene(w)
		switch {
		case a == decides || b == decides:
			return decides
		case a == nil || b == nil:
			return nil
		}
		return !decides
	}}
}

func (g grower) compare(x, y tree, ops ...string) tree {
	op := g.pick(ops...)
	return tree{x.ours + " " + op + " " + y.ours, x.cels + " " + op + " " + y.cels, func(w world) any {
		a, b := x.kleene(w), y.kleene(w)
		if a == nil || b == nil {
			return nil
		}
		if op == "in" {
			return strings.Contains(","+b.(string), ","+a.(string)+",")
		}
		less := false
		switch v := a.(type) {
		case int64:
			less = v < b.(int64)
		case string:
			less = v < b.(string)
		}
		return map[string]bool{"==": a == b, "!=": a != b, "<": less, "<=": less || a == b, ">": !less && a != b, ">=": !less}[op]
	}}
}

// names of a world, by type.
var (
	bools = []string{"a", "b", "c", "done report", "done report.yes", "owed inquiry", "running inquiry", "lapsed inquiry", "bound joint",
		"private joint", "at joint", "under joint", "local.strict"}
	ints  = []string{"n", "k", "d1", "d2", "local.rows"}
	texts = []string{"why", "outcome", "kind joint", "class joint", "local.tone"}
	sets  = []string{"s", "m"}
)

func (g grower) world(missing bool) world {
	w := world{}
	put := func(name string, v any) {
		if !missing || g.IntN(3) > 0 {
			w[name] = v
		}
	}
	for _, n := range bools {
		put(n, g.IntN(2) == 0)
	}
	for _, n := range ints {
		put(n, int64(g.IntN(5)+1))
	}
	for _, n := range texts {
		put(n, g.pick("", "x", "y", "中"))
	}
	for _, n := range sets {
		put(n, g.pick("", "x,", "x,y,", "z,中,", "中,"))
	}
	return w
}

func members(s string) []string {
	if s == "" {
		return []string{}
	}
	return strings.Split(strings.TrimSuffix(s, ","), ",")
}

// values turns a world into what Eval takes.
func (w world) values() facts {
	f := facts{}
	for name, v := range w {
		switch v := v.(type) {
		case bool:
			f[name] = expr.OfBool(v)
		case int64:
			f[name] = expr.OfInt(v)
			if name[0] == 'd' {
				f[name] = expr.OfDate(calendar.Date(v))
			}
		case string:
			f[name] = expr.OfText(v)
			if name == "s" || name == "m" {
				f[name] = expr.OfSet(members(v)...)
			}
		}
	}
	return f
}

func (w world) activation() map[string]any {
	out := map[string]any{}
	for name, v := range w {
		key := flat(name)
		out[key] = v
		if name == "s" || name == "m" {
			out[key] = members(v.(string))
		}
	}
	return out
}

func celEnv(t *testing.T) *cel.Env {
	var opts []cel.EnvOption
	for types, names := range map[*cel.Type][]string{cel.BoolType: bools, cel.IntType: ints, cel.StringType: texts, cel.ListType(cel.StringType): sets} {
		for _, n := range names {
			opts = append(opts, cel.Variable(flat(n), types))
		}
	}
	env, err := cel.NewEnv(opts...)
	if err != nil {
		t.Fatal(err)
	}
	return env
}

// worlds is in how many worlds each expression is compared.
const worlds = 4

// expressions is how many one run compares. For a long run, say how many pairs
// of an expression and a world each of the two tests compares, and give it time:
//
//	QUANZE_EXPRESSIONS=1000000 go test -run Against -timeout 2h ./core/rulepack/expr
func expressions(t *testing.T) int {
	pairs := os.Getenv("QUANZE_EXPRESSIONS")
	if pairs == "" {
		return 2500
	}
	n, err := strconv.Atoi(pairs)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d expressions, each in %d worlds", n/worlds, worlds)
	return n / worlds
}

// twins are an expression as it stands in a rule and in a table, whose inputs
// are read from a stack.
type twins struct{ rule, row *expr.Expr }

// rowDecl has every fact as an input of a table.
var rowDecl, rowInputs = func() (expr.Decl, []string) {
	d := decl
	d.Inputs = slices.Sorted(maps.Keys(decl.Vars))
	return d, d.Inputs
}()

func twinsOf(t *testing.T, source string) twins {
	t.Helper()
	rule, issues := expr.Compile(source, decl)
	row, more := expr.Compile(source, rowDecl)
	if len(issues)+len(more) > 0 {
		t.Fatalf("%s: %v %v", source, issues, more)
	}
	return twins{rule, row}
}

// agree holds the quick answers, without reasons, against the full one.
func (x twins) agree(t *testing.T, w world, full expr.Result) {
	t.Helper()
	want := expr.Unknown
	if full.Known {
		want = map[bool]expr.Truth{false: expr.False, true: expr.True}[full.Value.Bool()]
	}
	env := w.values().env()
	if got := x.rule.Truth(env); got != want {
		t.Fatalf("%s with %v: %v in short, in full %v", x.rule.Source, w, got, full)
	}
	outer := env.Enter(rowInputs)
	if got := x.row.Truth(env); got != want {
		t.Fatalf("%s with %v: %v in a table, in full %v", x.rule.Source, w, got, full)
	}
	if got := x.row.Eval(env); got.Known != full.Known || got.Known && !got.Value.Equal(full.Value) {
		t.Fatalf("%s with %v: %v in a table, %v in a rule", x.rule.Source, w, got, full)
	}
	env.Leave(outer)
}

// Where every fact is known, our closures answer as cel-go does.
func TestAgainstCEL(t *testing.T) {
	seed := rand.Uint64()
	g := grower{rand.New(rand.NewPCG(seed, 1))}
	env := celEnv(t)
	for range expressions(t) {
		x := g.condition(g.IntN(5))
		both := twinsOf(t, x.ours)
		e := both.rule
		ast, iss := env.Compile(x.cels)
		if iss.Err() != nil {
			t.Fatal(iss.Err())
		}
		program, err := env.Program(ast)
		if err != nil {
			t.Fatal(err)
		}
		for range worlds {
			w := g.world(false)
			want, _, err := program.Eval(w.activation())
			if err != nil {
				t.Fatalf("seed %d: %s: %v", seed, x.cels, err)
			}
			got := e.Eval(w.values().env())
			if !got.Known || got.Value.Bool() != want.Value().(bool) {
				t.Fatalf("seed %d: %s with %v: %v, cel-go %v", seed, x.ours, w, got, want)
			}
			both.agree(t, w, got)
		}
	}
}

// Where facts are missing, they answer as Kleene's three values do; what is
// not known names what it misses, and says nothing of facts that are known.
func TestAgainstKleene(t *testing.T) {
	seed := rand.Uint64()
	g := grower{rand.New(rand.NewPCG(seed, 2))}
	for range expressions(t) {
		x := g.condition(g.IntN(5))
		both := twinsOf(t, x.ours)
		e := both.rule
		for range worlds {
			w := g.world(true)
			got := e.Eval(w.values().env())
			want := x.kleene(w)
			if got.Known != (want != nil) || (want != nil && got.Value.Bool() != want.(bool)) {
				t.Fatalf("seed %d: %s with %v: %v, want %v", seed, x.ours, w, got, want)
			}
			both.agree(t, w, got)
			if !got.Known && len(got.Missing) == 0 {
				t.Fatalf("seed %d: %s with %v: not known, and nothing is missing", seed, x.ours, w)
			}
			for _, m := range got.Missing {
				if _, known := w[m]; known {
					t.Fatalf("seed %d: %s with %v: %s is known", seed, x.ours, w, m)
				}
			}
		}
	}
}
