// SPDX-License-Identifier: Apache-2.0

package expr_test

import (
	"testing"

	"quanze/core/rulepack/expr"
)

// Whatever is written, Compile answers with an expression or with issues, and
// an expression answers in any world, with or without its facts.
func FuzzCompile(f *testing.F) {
	for _, s := range []string{"", "a && !b || done(report.yes)", "heavier(s, m) || why != ''", "days(d1, d2) > 3 && 'x' in s", "size(s) == 0", "s.size() > 0", "size('x') > 0",
		"((((a))))", "why == '\\u4e2d'", "a ? b : c", "{'x': 1}", "s.exists(x, x == 'y')", "done(done(report))", "int == int", "owed(inquiry) && bound(joint)", "[] == s", "'中' in ['中']",
		"subset(s, ['x']) && local.strict", "kind(joint) == 'school' || class(joint) == local.tone", "private(joint) && !at(joint, desk)", "under(joint, desk) && local.rows > 2",
		"at(joint)", "subset('x', s)", "local", "local.no", "kind(desk.unit) == 'x'", "has(local.tone)"} {
		f.Add(s)
	}
	g := world{"a": true, "b": false, "c": true, "n": int64(2), "k": int64(-1), "why": "x", "outcome": "", "d1": int64(1), "d2": int64(9), "s": "x,", "m": "",
		"done report": true, "done report.yes": false, "owed inquiry": true, "running inquiry": true, "lapsed inquiry": false, "bound joint": true,
		"kind joint": "school", "class joint": "staff", "private joint": true, "at joint": true, "under joint": false, "local.strict": true, "local.rows": int64(3), "local.tone": "firm"}
	full := g.values()
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 4096 {
			return
		}
		e, issues := expr.Compile(src, decl)
		if (e == nil) != (len(issues) > 0) {
			t.Fatalf("%q: expression %v, issues %v", src, e, issues)
		}
		if e == nil {
			for _, i := range issues {
				if i.Column < 1 || i.Text == "" {
					t.Fatalf("%q: issue %+v", src, i)
				}
			}
			return
		}
		if r := e.Eval(full.env()); r.Known && r.Value.Type() != expr.Bool {
			t.Fatalf("%q is %v", src, r.Value)
		}
		e.Eval(facts{}.env())
	})
}
