// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"quanze/core/matter"
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
	"quanze/web/page"
)

// settled answers the condition of a field from the record alone: by what the
// party is, and by facts that this form does not state itself. All else is
// open. Whether a field is needed the kernel judges; here it is only told
// whether asking for it makes sense.
func (a asked) settled(f *rulepack.Field) expr.Result { return a.settledBy(f, "") }

// outcomes lists those with which a field may be needed, none where that hangs
// on something else.
func (a asked) outcomes(f *rulepack.Field) []string {
	if f.If == nil {
		return nil
	}
	var out []string
	for _, o := range a.act.Outcomes {
		if !a.settledBy(f, o.ID).False() {
			out = append(out, o.ID)
		}
	}
	if len(out) == len(a.act.Outcomes) {
		return nil
	}
	return out
}

func (a asked) settledBy(f *rulepack.Field, outcome string) expr.Result {
	if f.If == nil {
		return expr.Result{}
	}
	return f.If.Eval(&expr.Env{Ask: a.ofParty, Fact: func(name string) expr.Value {
		if name == "outcome" && outcome != "" {
			return expr.OfText(outcome)
		}
		fact := a.rules.Procedure.Fact(name)
		if fact == nil || fact.Table != nil || fact.Count != nil || a.field(name) != nil {
			return expr.Value{}
		}
		v, _ := a.state.Value(name, a.party)
		return v
	}})
}

// idle reports whether a field is not asked for: the record settles that it is
// not needed, nothing stands in it, and no refusal named it.
func (a asked) idle(form *page.Form, i input, f *rulepack.Field) bool {
	return a.settled(f).False() && len(handed(form, f.ID)) == 0 && i.field.Error == ""
}

// ofParty answers what a condition asks of the party that the act is about.
func (a asked) ofParty(function string, args []expr.Value) expr.Value {
	ref, ok := a.about()
	if !ok || len(args) != 1 || args[0].Text() != a.act.Each {
		return expr.Value{}
	}
	unit := ref.Unit
	if unit == "" {
		u, _ := a.rules.Org.Workplace(ref.Person, a.today)
		unit = u.ID
	}
	u, has := a.rules.Org.Unit(unit)
	switch {
	case function == "class":
		if posts := a.rules.Org.Posts(ref.Person, a.today); ref.Unit == "" && has && len(posts) > 0 {
			return expr.OfText(string(posts[0].Post.Class))
		}
		return expr.OfText("")
	case function == "kind" && has:
		return expr.OfText(string(u.Kind))
	case function == "private" && has:
		return expr.OfBool(u.Private)
	}
	return expr.Value{}
}

// about is the party that the act is done for.
func (a asked) about() (matter.Ref, bool) {
	for _, b := range a.state.Parties() {
		if b.Name == a.act.Each && b.Key() == a.party {
			return b.Ref, true
		}
	}
	return matter.Ref{}, false
}
