// SPDX-License-Identifier: Apache-2.0

package matter_test

import (
	"strings"
	"testing"

	"quanze/core/matter"
	"quanze/core/rulepack/expr"
)

// Facts that decision tables make: three values, and clauses of the rows.
func TestDerived(t *testing.T) {
	table := func(hit, rows string) map[string]string {
		return map[string]string{"facts": `facts:
  harm: {L, type: int, per: respondent, set_by: [tell]}
  again: {L, type: bool, per: respondent, set_by: [tell]}
  grave: {L, type: bool, from: weigh.grave}
  due_measure: {L, type: set, of: measures, from: weigh.due_measure}
  both: {L, type: bool, from: second}`,
			"forms/tell.yaml":     "form: tell\nfields:\n  harm: {L, type: int}\n  again: {L, type: bool}\n",
			"tables/weigh.yaml":   "table: weigh\ntitle: {zh: 文, en: text}\nhit: " + hit + "\ncite: a20\ninputs: {harm: {type: int, low: 0, high: 9}, again: {type: bool}}\ngives: {grave: {type: bool}, due_measure: {type: set, of: measures}}\nrows:\n" + rows,
			"tables/second.yaml":  "table: second\ntitle: {zh: 文, en: text}\nhit: first\ncite: a20\ninputs: {grave: {type: bool}, again: {type: bool}}\ngives: {both: {type: bool}}\nrows:\n  - {when: {grave: true, again: true}, gives: {both: true}, cite: a18}\n  - {gives: {both: false}, cite: a19}\n",
			"forms/measured.yaml": "form: measured\nfields:\n  why: {L, type: text, if: grave, cite: a21}\n",
		}
	}
	const acts = `
  tell: {L, by: decider, each: respondent, repeat: true, form: tell, cite: a2}
  punish: {L, by: decider, each: respondent, repeat: true, needs: [{if: grave, cite: a3}], cite: a4}
  more: {L, by: decider, each: respondent, repeat: true, needs: [{if: both, cite: a5}], cite: a6}
  write: {L, by: decider, each: respondent, repeat: true, form: measured, cite: a7}
  ask: {L, by: decider, each: respondent, repeat: true, when: grave, cite: a8}
  dismiss: {L, by: decider, each: respondent, repeat: true, needs: [{if: "'dismiss' in due_measure", cite: a9}], cite: a10}`
	const rows = `  - {when: {harm: ">= 5"}, gives: {grave: true, due_measure: dismiss}, cite: a11}
  - {when: {harm: 2..4, again: true}, gives: {grave: true, due_measure: warn}, cite: a12}
  - {when: {harm: 2..4, again: false}, gives: {grave: false, due_measure: talk}, cite: a13}
  - {when: {harm: "< 2"}, gives: {grave: false, due_measure: []}, cite: a14}
`
	derived := func(party, want string) func(*testing.T, *play) {
		return func(t *testing.T, p *play) {
			v, clauses := matter.Derived(p.state, p.rules, "grave", party)
			if got := strings.TrimSpace(v.String() + " " + strings.Join(clauses, " ")); got != want {
				t.Errorf("grave of %s: %q", party, got)
			}
		}
	}
	scripts(t, []script{
		{name: "unique", acts: acts, more: table("unique", rows), lines: `
			03-02 intake by=clerk decider=bureau respondent=a,b
			03-03 punish/a by=clerk -> refused not_yet_known a3
			03-03 tell/a by=clerk harm=3
			# The cells of the other rows fail already: only the one input is missing.
			03-03 punish/a by=clerk -> refused not_yet_known a3
			03-03 ask/a by=clerk -> refused not_yet_known a8
			03-03 write/a by=clerk -> refused not_yet_known a21
			03-03 tell/a by=clerk again=false
			03-03 punish/a by=clerk -> refused need_not_met a3 a13
			03-03 ask/a by=clerk -> refused not_in_question a8
			03-03 write/a by=clerk
			03-04 tell/a by=clerk again=true
			03-04 punish/a by=clerk
			03-04 more/a by=clerk
			03-04 write/a by=clerk -> refused content_missing a21
			03-04 dismiss/a by=clerk -> refused need_not_met a9 a12
			03-04 punish/b by=clerk -> refused not_yet_known a3
			03-04 tell/b by=clerk harm=7
			03-04 punish/b by=clerk
			# A table over a table: what is missing is at the root.
			03-04 more/b by=clerk -> refused not_yet_known a5`,
			check: func(t *testing.T, p *play) {
				for line, names := range map[string]string{"03-04 more/b by=clerk": "again", "03-04 punish/rector by=clerk": "respondent"} {
					c, today, _ := p.command(line)
					if _, r := matter.Decide(p.state, c, p.rules, today); r == nil || strings.Join(r.Names, " ") != names {
						t.Errorf("%s: %+v", line, r)
					}
				}
				derived("b", "true toy-a11")(t, p)
				derived("a", "true toy-a12")(t, p)
			}},
		{name: "first: a row that may hold hides those below it", acts: acts, more: table("first", `  - {when: {again: true}, gives: {grave: true, due_measure: warn}, cite: a11}
  - {gives: {grave: false, due_measure: talk}, cite: a12}
`), lines: `
			03-02 intake by=clerk decider=bureau respondent=a
			03-03 punish/a by=clerk -> refused not_yet_known a3
			03-03 tell/a by=clerk again=false
			03-03 punish/a by=clerk -> refused need_not_met a3 a12
			03-03 tell/a by=clerk again=true
			03-03 punish/a by=clerk`, check: derived("a", "true toy-a11")},
		{name: "collect: all that hold, none of them unknown", acts: acts, more: table("collect", `  - {when: {harm: ">= 5"}, gives: {due_measure: dismiss}, cite: a11}
  - {when: {again: true}, gives: {grave: true, due_measure: warn}, cite: a12}
`), lines: `
			03-02 intake by=clerk decider=bureau respondent=a
			03-03 tell/a by=clerk harm=7
			03-03 dismiss/a by=clerk -> refused not_yet_known a9
			03-03 tell/a by=clerk again=false
			03-03 dismiss/a by=clerk
			03-03 punish/a by=clerk -> refused need_not_met a3
			03-04 tell/a by=clerk again=true harm=1
			03-04 dismiss/a by=clerk -> refused need_not_met a9 a12
			03-04 punish/a by=clerk`, check: derived("a", "true toy-a12")},
		{name: "a table that has no answer", acts: acts, more: table("unique", "  - {when: {harm: \">= 5\"}, gives: {grave: true}, cite: a11}\n"), lines: `
			03-02 intake by=clerk decider=bureau respondent=a
			03-03 tell/a by=clerk harm=1
			03-03 punish/a by=clerk -> refused not_yet_known a3`, check: derived("a", "")},
	})
}

// What the organisation says of a party on the day.
func TestOrganisationAsked(t *testing.T) {
	const acts = `
  school_only: {L, by: decider, each: respondent, repeat: true, needs: [{if: "kind(respondent) == 'school'", cite: a2}], cite: a3}
  head_only: {L, by: decider, each: respondent, repeat: true, needs: [{if: "class(respondent) == 'principal'", cite: a4}], cite: a5}
  own: {L, by: decider, each: respondent, repeat: true, needs: [{if: "at(respondent, decider)", cite: a6}], cite: a7}
  below: {L, by: decider, each: respondent, repeat: true, needs: [{if: "under(respondent, decider)", cite: a8}], cite: a9}
  any: {L, by: decider, repeat: true, needs: [{if: "private(respondent)", cite: a10}], cite: a11}`
	scripts(t, []script{
		{name: "of the party the act is about", acts: strings.ReplaceAll(acts, "  any:", "  whoever:"), lines: `
			03-02 intake by=clerk decider=bureau respondent=a,rector,lin,school,nobody
			03-03 school_only/a by=clerk
			03-03 school_only/nobody by=clerk -> refused not_yet_known a2
			03-03 head_only/rector by=clerk
			03-03 head_only/a by=clerk -> refused need_not_met a4
			03-03 head_only/school by=clerk -> refused need_not_met a4
			03-03 head_only/lin by=clerk
			03-12 head_only/lin by=clerk -> refused need_not_met a4
			03-12 own/a by=clerk -> refused need_not_met a6
			03-12 own/nobody by=clerk -> refused need_not_met a6
			03-12 below/a by=clerk
			03-12 below/school by=clerk
			# Which of several is meant, nobody can say.
			03-12 whoever by=clerk -> refused not_yet_known a10`},
		{name: "a person in his own unit", acts: strings.ReplaceAll(acts, "  any:", "  whoever:"), lines: `
			03-02 intake by=clerk decider=bureau respondent=officer
			03-03 own/officer by=clerk
			03-03 below/officer by=clerk -> refused need_not_met a8
			03-03 whoever by=clerk -> refused need_not_met a10`},
	})
}

// A fact that the office counts over the record comes with the act; before the
// record begins it is unknown.
func TestCounted(t *testing.T) {
	scripts(t, []script{
		{name: "counted", acts: `
  levy: {L, by: decider, each: respondent, repeat: true, cite: a2}
  harder: {L, by: decider, each: respondent, repeat: true, needs: [{if: "before >= 2", cite: a3}], cite: a4}`,
			more: map[string]string{"facts": "facts:\n  before: {L, type: int, per: respondent, set_by: [levy], count: {of: levy, same: respondent, within: 1 years, cite: a5}}"}, lines: `
			03-02 intake by=clerk decider=bureau respondent=a,b
			03-03 levy/a by=clerk
			03-03 harder/a by=clerk -> refused not_yet_known a3
			03-03 levy/a by=clerk before=2 -> refused content_wrong a2`,
			check: func(t *testing.T, p *play) {
				for n, why := range map[int64]matter.Why{1: matter.NeedNotMet, 2: ""} {
					c, today, _ := p.command("03-04 levy/b by=clerk")
					c.Fields["before"] = expr.OfInt(n)
					news, r := matter.Decide(p.state, c, p.rules, today)
					if r != nil {
						t.Fatal(r)
					}
					s := p.state
					for _, e := range news {
						s = matter.Apply(s, p.rules, e)
					}
					c, _, _ = p.command("03-04 harder/b by=clerk")
					if _, r = matter.Decide(s, c, p.rules, today); (r == nil) != (why == "") || (r != nil && r.Why != why) {
						t.Errorf("counted %d: %v", n, r)
					}
				}
			}},
	})
}
