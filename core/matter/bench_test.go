// SPDX-License-Identifier: Apache-2.0

package matter_test

import (
	"testing"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack/expr"
)

// long is a case of wf11 with sixty-six inquiries and eleven respondents named
// one after another: about as long as a record gets.
func long(b *testing.B) *course {
	c := newCourse(wf11(b), china(b))
	do := func(act, party, outcome, actor string, fields map[string]expr.Value, binds map[string][]matter.Ref, staff ...org.PersonID) {
		cmd := matter.Command{Act: act, Party: party, Outcome: outcome, Actor: org.PersonID(actor), On: c.day, Fields: fields, Binds: binds, Staff: staff}
		news, refusal := matter.Decide(c.state, cmd, c.rules, c.day)
		if refusal != nil {
			b.Fatalf("%+v: %s %v", cmd, refusal.Why, refusal.Names)
		}
		c.add(news)
	}
	text := expr.OfText("x")
	do("accident", "", "", "clerk", map[string]expr.Value{"happened_on": expr.OfDate(c.day), "place": text, "summary": text}, map[string][]matter.Ref{"decider": {{Unit: "bureau"}}})
	do("form_team", "", "", "lin", map[string]expr.Value{"joint_needed": expr.OfBool(false)}, map[string][]matter.Ref{"team": {{Person: "clerk"}, {Person: "officer"}}})
	do("declare", "clerk", "none_held", "clerk", nil, nil)
	do("declare", "officer", "none_held", "officer", nil, nil)
	for _, p := range []org.PersonID{"a", "b", "nobody", "chief", "rector", "aide", "mayor", "third", "deputy", "lin", "head"} {
		c.day++
		do("name_respondent", "", "", "clerk", nil, map[string][]matter.Ref{"respondent": {{Person: p}}})
		for range 6 {
			do("inquire", "", "", "clerk", map[string]expr.Value{"record": text}, nil, "officer")
		}
	}
	b.Logf("%d events, %d facts", len(c.record), len(c.state.Facts()))
	return c
}

// BenchmarkDecide judges an act that comes last.
func BenchmarkDecide(b *testing.B) {
	c := long(b)
	cmd := matter.Command{Act: "inquire", Actor: "clerk", Staff: []org.PersonID{"officer"}, On: c.day, Fields: map[string]expr.Value{"record": expr.OfText("x")}}
	for b.Loop() {
		if _, refusal := matter.Decide(c.state, cmd, c.rules, c.day); refusal != nil {
			b.Fatal(refusal)
		}
	}
}

// BenchmarkDecideLate judges an act of an earlier day, which folds all anew.
func BenchmarkDecideLate(b *testing.B) {
	c := long(b)
	cmd := matter.Command{Act: "inquire", Actor: "clerk", Staff: []org.PersonID{"officer"}, On: c.day - 5, Fields: map[string]expr.Value{"record": expr.OfText("x")}}
	for b.Loop() {
		if _, refusal := matter.Decide(c.state, cmd, c.rules, c.day); refusal != nil {
			b.Fatal(refusal)
		}
	}
}

func BenchmarkFold(b *testing.B) {
	c := long(b)
	for b.Loop() {
		matter.Fold(c.record, c.rules)
	}
}

func BenchmarkOffers(b *testing.B) {
	c := long(b)
	for b.Loop() {
		matter.Offers(c.state, "clerk", c.rules, c.day)
	}
}

func BenchmarkAdvance(b *testing.B) {
	c := long(b)
	for b.Loop() {
		matter.Advance(c.state, c.rules, c.day+calendar.Date(100))
	}
}
