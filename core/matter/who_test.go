// SPDX-License-Identifier: Apache-2.0

package matter_test

import (
	"strings"
	"testing"

	"quanze/core/matter"
)

// Rule 14: who may, who may not, and on whom a finding rests.
func TestWho(t *testing.T) {
	scripts(t, []script{
		{name: "separation of duties", acts: `
  report: {L, by: decider, staff: {at_least: 2, of: decider, cite: a5}, cite: a2}
  decide: {L, by: decider, after: [report], separate_from: [{act: report, cite: a3}], cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 report by=clerk staff=officer
			03-04 decide by=clerk -> refused same_person a3
			03-04 decide by=officer -> refused same_person a3
			03-04 decide by=third staff=clerk -> refused same_person a3
			03-04 decide by=third`},
		{name: "recusal", acts: `
  swear: {L, by: team, each: team, repeat: true, cite: a2, outcomes: {clean: {L}, interest: {L, recuses: true, cite: a3}}}
  inquire: {L, by: [team, decider], repeat: true, staff: {at_least: 1, of: team, cite: a4}, cite: a5}
  add: {L, by: decider, repeat: true, binds: [team], cite: a6}`, terms: `
  swearing: {L, kind: duty, of: team, each: team, start: [intake, add], within: 5 days, met_by: swear, cite: a7}
  noting: {L, kind: duty, of: team, each: team, start: intake, within: 9 days, met_by: inquire, cite: a8}`, lines: `
			03-02 intake by=third decider=bureau team=clerk,officer -> started swearing/clerk 03-09; started swearing/officer 03-09; started noting/clerk 03-11; started noting/officer 03-11
			03-03 swear/clerk:clean by=clerk -> met swearing/clerk
			03-03 swear/officer:interest by=officer -> met swearing/officer; released noting/officer
			03-04 inquire by=officer -> refused is_recused a3
			03-04 inquire by=clerk staff=officer -> refused is_recused a3
			# Clerk of the bureau though he is, he left every role.
			03-04 add by=officer team=third -> refused is_recused a3
			03-04 swear/officer:clean by=officer -> refused is_recused a3
			03-04 inquire by=clerk -> met noting/clerk`},
		{name: "posts, acting units, units concerned", acts: `
  lead: {L, by: decider.leadership, repeat: true, cite: a2}
  sup: {L, by: higher.principal, cite: a3}
  speak: {L, by: respondent, each: respondent, repeat: true, cite: a4}`, lines: `
			03-02 intake by=nobody decider=bureau -> refused not_entitled a1
			03-02 intake by=clerk decider=bureau respondent=school,a
			03-03 lead by=clerk -> refused not_entitled a2
			03-03 lead by=deputy
			03-03 lead by=lin
			03-03 lead by=head -> refused not_entitled a2
			03-11 lead by=lin -> refused not_entitled a2
			03-11 lead by=head
			03-10@03-12 lead by=lin
			03-12 sup by=aide -> refused not_entitled a3
			03-12 sup by=mayor
			# A unit that is concerned speaks by its principal.
			03-12 speak/school by=b -> refused not_entitled a4
			03-12 speak/school by=rector
			03-12 speak/a by=rector -> refused not_entitled a4
			03-12 speak/a by=a`},
		{name: "a finding rests on who held the post on the due day", acts: `
  report: {L, by: decider, cite: a2}`, terms: `
  reporting: {L, kind: duty, of: decider, start: intake, within: 8 days, met_by: report, on_lapse: {finding: yellow, cite: a6}, cite: a3}`, lines: `
			03-02 intake by=clerk decider=bureau -> started reporting 03-10
			03-20 tick -> lapsed reporting; late reporting`,
			check: func(t *testing.T, p *play) { bearers(t, p, "late", "bureau lin", "toy-a6") }},
		{name: "and after the change on the next", acts: `
  report: {L, by: decider, cite: a2}`, terms: `
  reporting: {L, kind: duty, of: decider.principal, start: intake, within: 9 days, met_by: report, cite: a3}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-20 tick -> lapsed reporting; late reporting`,
			check: func(t *testing.T, p *play) { bearers(t, p, "late", "head", "toy-a3") }},
		{name: "a start recorded after the due day: on the one who recorded it", acts: `
  find_it: {L, by: decider, cite: a4}
  report: {L, by: decider, cite: a2}`, terms: `
  reporting: {L, kind: duty, of: decider, start: find_it, within: 3 days, met_by: report, cite: a3}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03@03-16 find_it by=officer -> started reporting 03-06; lapsed reporting; late_entry reporting`,
			check: func(t *testing.T, p *play) { bearers(t, p, "late_entry", "officer", "toy-a3") }},
		{name: "what is filled in", more: map[string]string{"forms/full.yaml": `form: full
fields:
  several: {L, type: set, of: measures, at_least: 2, required: true, cite: a11}
  one: {L, type: enum, of: {red: {zh: 红, en: red}, blue: {zh: 蓝, en: blue}}, cite: a12}
  who: {L, type: persons, of: decider.staff, at_least: 2, cite: a13}
  why: {L, type: text, if: "one == 'red'", cite: a14}
`}, acts: `
  fill: {L, by: decider, form: full, outcomes: {yes_it_is: {L}, not_so: {L}}, repeat: true, cite: a2}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 fill:yes_it_is by=clerk one=blue -> refused content_missing a11
			03-03 fill:yes_it_is by=clerk one=blue several=talk -> refused content_missing a11
			03-03 fill:yes_it_is by=clerk one=blue several=talk,shout -> refused content_wrong a11
			03-03 fill:yes_it_is by=clerk one=green several=talk,warn -> refused content_wrong a12
			03-03 fill:yes_it_is by=clerk one=red several=talk,warn -> refused content_missing a14
			03-03 fill:yes_it_is by=clerk several=talk,warn -> refused not_yet_known a14
			03-03 fill:yes_it_is by=clerk one=blue several=talk,warn who=clerk -> refused too_few_staff a13
			03-03 fill:yes_it_is by=clerk one=blue several=talk,warn who=clerk,lin -> refused content_wrong a13
			03-03 fill by=clerk one=blue several=talk,warn -> refused outcome_missing a2
			03-03 fill:perhaps by=clerk one=blue several=talk,warn -> refused outcome_missing a2
			03-03 fill:not_so by=clerk one=blue several=talk,warn who=clerk,officer`},
		{name: "heavier, days and workdays", more: map[string]string{"facts": "facts:\n  before: {L, type: set, of: measures, set_by: [advise]}\n  until: {L, type: date, set_by: [plan]}",
			"forms/pick.yaml": "form: pick\nfields:\n  now_it_is: {L, type: set, of: measures, required: true, cite: a11}\n", "forms/adv.yaml": "form: adv\nfields:\n  before: {L, type: set, of: measures, required: true, cite: a11}\n"}, acts: `
  advise: {L, by: decider, form: adv, cite: a2}
  plan: {L, by: decider, form: until, cite: a2}
  decide: {L, by: decider, repeat: true, form: pick, needs: [{if: "!heavier(now_it_is, before)", cite: a3}], cite: a4}
  soon: {L, by: decider, repeat: true, form: until, needs: [{if: "days(until, until) == 0 && workdays(until, until) == 0", cite: a5}], cite: a6}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 decide by=clerk now_it_is=warn -> refused not_yet_known a3
			03-03 advise by=clerk before=talk,warn
			03-03 decide by=clerk now_it_is=talk,dismiss -> refused need_not_met a3
			03-03 decide by=clerk now_it_is=warn
			03-03 soon by=clerk until=2026-03-09`},
		{name: "counts as", acts: `
  decide: {L, by: decider, cite: a2, outcomes: {guilty: {L}, cleared: {L}}}
  decide_now: {L, by: higher, counts_as: decide, cite: a3, outcomes: {guilty: {L}}}
  carry: {L, by: decider, after: [{act: decide.guilty, cite: a4}], cite: a5}`, terms: `
  deciding: {L, kind: duty, of: decider, start: intake, within: 9 days, met_by: decide, cite: a6}
  carrying: {L, kind: duty, of: decider, start: decide.guilty, within: 9 days, met_by: carry, cite: a7}`, lines: `
			03-02 intake by=clerk decider=bureau -> started deciding 03-11
			03-03 carry by=clerk -> refused too_early a4
			03-03 decide_now:guilty by=aide -> met deciding; started carrying 03-12
			03-04 decide:guilty by=clerk -> refused already_done a2
			03-04 carry by=clerk -> met carrying`},
	})
}

func bearers(t *testing.T, p *play, finding, want, clause string) {
	t.Helper()
	for _, e := range p.events {
		if e.Kind != matter.Found {
			continue
		}
		var keys []string
		for _, r := range e.Bearer {
			keys = append(keys, r.Key())
		}
		if got := strings.Join(keys, " "); e.Finding != finding || got != want || e.Clauses[0] != clause {
			t.Errorf("%s borne by %s on %v", e.Finding, got, e.Clauses)
		}
		return
	}
	t.Error("nothing was found")
}

// Late entries and corrections change the set of facts in the past.
func TestRecord(t *testing.T) {
	const acts = `
  letter: {L, by: decider, each: respondent, paper: letter, to: [respondent], cite: a2}
  appeal: {L, by: respondent, each: respondent, cite: a3}
  report: {L, by: decider, cite: a4}
  order: {L, by: higher, after: [{act: reporting.lapsed, cite: a9}], cite: a8}
  note: {L, by: decider, repeat: true, cite: a5}`
	const terms = `
  appealing: {L, kind: right, of: respondent, each: respondent, start: letter.served, within: 15 days, met_by: appeal, cite: a6}
  reporting: {L, kind: duty, of: decider, start: intake, within: 3 days, met_by: report, cite: a7}
  ordering: {L, kind: duty, of: higher, start: reporting.lapsed, within: 20 days, met_by: order, cite: a10}`
	scripts(t, []script{
		{name: "a late entry takes a lapse and what followed back", acts: acts, terms: terms, lines: `
			03-02 intake by=clerk decider=bureau respondent=a -> started reporting 03-05
			03-09 tick -> lapsed reporting; late reporting; started ordering 03-26
			03-05@03-10 report by=clerk -> reversed lapsed reporting; reversed late reporting; reversed started ordering; met reporting
			03-10 order by=aide -> refused too_early a9`},
		{name: "a timely appeal counts whenever it is entered", acts: acts, terms: terms, lines: `
			03-02 intake by=clerk decider=bureau respondent=a
			03-03 letter/a by=clerk
			03-03 letter.served/a by=clerk -> started appealing/a 03-18
			03-20 tick -> lapsed reporting; late reporting; started ordering 03-26; lapsed appealing/a
			03-20 appeal/a by=a -> refused right_lapsed a6
			03-18@03-20 appeal/a by=a -> reversed lapsed appealing/a; met appealing/a
			03-23@03-20 tick ->`},
		{name: "a correction moves a day, never nearer", acts: acts, terms: terms, lines: `
			03-02 intake by=clerk decider=bureau respondent=a
			03-02 report by=clerk
			03-03 letter/a by=clerk
			03-05 letter.served/a by=clerk -> started appealing/a 03-20
			03-04@03-06 letter.corrected/a by=clerk staff=officer of=4 -> refused content_missing a2
			03-04@03-06 letter.corrected/a by=clerk reason=x of=4 -> refused same_person a2
			03-04@03-06 letter.corrected/a by=clerk staff=clerk reason=x of=4 -> refused same_person a2
			03-04@03-06 letter.corrected/a by=clerk staff=a reason=x of=4 -> refused not_entitled a2
			03-04@03-06 letter.corrected/a by=a staff=clerk reason=x of=4 -> refused not_entitled a2
			03-04@03-06 letter.corrected/a by=clerk staff=officer reason=x of=4 -> reversed started appealing/a; started appealing/a 03-20; extended appealing/a 03-20
			03-06@03-07 letter.corrected/a by=clerk staff=officer reason=x of=4 -> reversed started appealing/a; reversed kept appealing/a; started appealing/a 03-23
			03-03@03-08 letter.corrected/a by=clerk staff=officer reason=x of=4 -> reversed started appealing/a; started appealing/a 03-23; extended appealing/a 03-23
			03-24 note by=clerk -> lapsed appealing/a
			# The day that was told stays, also where a late entry is judged.
			03-23@03-25 appeal/a by=a -> reversed lapsed appealing/a; met appealing/a`},
		{name: "what was struck was never there", acts: acts, terms: terms, lines: `
			03-02 intake by=clerk decider=bureau respondent=a
			03-03 report by=clerk -> met reporting
			03-04 report.struck by=clerk staff=officer reason=x of=2 -> reversed met reporting
			03-06 report by=clerk -> lapsed reporting; late reporting; started ordering 03-26; met reporting
			03-06 report.struck by=clerk staff=officer reason=x of=3 -> refused no_such_act`},
		{name: "the value of a field is corrected", more: map[string]string{"facts": "facts:\n  flag: {L, type: bool, set_by: [tell]}"}, acts: `
  tell: {L, by: decider, form: flag, cite: a2}
  go_on: {L, by: decider, needs: [{if: flag, cite: a3}], cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 tell by=clerk flag=false
			03-03 go_on by=clerk -> refused need_not_met a3
			03-03@03-04 tell.corrected by=clerk staff=officer reason=x of=2 flag=true
			03-04 go_on by=clerk`,
			check: func(t *testing.T, p *play) {
				if v, seq := p.state.Value("flag", ""); !v.Bool() || seq != 2 {
					t.Errorf("flag %v by %d", v, seq)
				}
			}},
		{name: "the future is not recorded", acts: acts, terms: terms, lines: `
			03-02 intake by=clerk decider=bureau respondent=a`,
			check: func(t *testing.T, p *play) {
				c, _, _ := p.command("03-05 report by=clerk")
				if _, r := matter.Decide(p.state, c, p.rules, c.On-1); r == nil || r.Why != matter.InTheFuture {
					t.Errorf("%v", r)
				}
			}},
	})
}
