// SPDX-License-Identifier: Apache-2.0

package matter_test

import (
	"strings"
	"testing"

	"quanze/core/calendar"
	"quanze/core/matter"
)

// scripts plays each on its own small pack.
func scripts(t *testing.T, all []script) {
	t.Helper()
	cal := china(t)
	for _, s := range all {
		t.Run(s.name, func(t *testing.T) {
			p := newPlay(t, load(t, packFiles(s.acts, s.terms, s.more)), cal, s.local)
			if l := s.later; l != nil {
				later := load(t, packFiles(l.acts, l.terms, l.more))
				p.rules.Versions = []matter.Version{{Hash: "first", From: calendar.MakeDate(2020, 1, 1), Procedure: p.rules.Procedure}, {Hash: "later", From: calendar.MakeDate(2026, 3, 10), Procedure: later.Procedures[0]}}
			}
			p.run(s.lines)
			if s.check != nil {
				s.check(t, p)
			}
		})
	}
}

// Rule 1: an act is done once, per party, unless it may be repeated or is put
// to redo; an act may redo itself.
func TestOnce(t *testing.T) {
	scripts(t, []script{
		{name: "common", acts: `
  report: {L, by: decider, cite: a2}
  note: {L, by: decider, repeat: true, cite: a3}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-02 intake by=clerk -> refused already_done a1
			03-03 report by=clerk
			03-04 report by=clerk -> refused already_done a2
			03-04 note by=clerk
			03-05 note by=clerk`},
		{name: "per party", acts: `
  decide: {L, by: decider, each: respondent, cite: a2}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a,b
			03-03 decide/a by=clerk
			03-03 decide/a by=clerk -> refused already_done a2
			03-04 decide/b by=clerk
			03-04 decide by=clerk -> refused no_such_party a2
			03-04 decide/clerk by=clerk -> refused no_such_party a2`},
		{name: "redo", acts: `
  report: {L, by: decider, cite: a2}
  reject: {L, by: decider.principal, after: [report], redo: [report, reject], cite: a3}
  close_it: {L, by: decider, after: [{act: report, cite: a4}], cite: a5}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 report by=clerk
			03-04 reject by=lin
			03-05 close_it by=clerk -> refused too_early a4
			03-05 reject by=lin -> refused too_early a2
			03-05 report by=clerk
			03-06 reject by=lin
			03-06 report by=clerk
			03-06 report by=clerk -> refused already_done a2
			03-09 close_it by=clerk`},
		{name: "an act redoes itself", acts: `
  vote: {L, by: decider, cite: a2, outcomes: {defer: {L, redo: [vote]}, carry: {L}}}
  act_on: {L, by: decider, after: [{act: vote, cite: a4}], cite: a5}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 vote:defer by=clerk
			03-03 act_on by=clerk -> refused too_early a4
			03-04 vote:defer by=clerk
			03-05 vote:carry by=clerk
			03-05 vote:carry by=clerk -> refused already_done a2
			03-05 act_on by=clerk`},
		{name: "a common act with a party is no act", acts: `
  report: {L, by: decider, cite: a2}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a
			03-03 report/a by=clerk -> refused no_such_party a2
			03-03 report by=clerk
			03-03 report/a by=clerk -> refused no_such_party a2`},
		{name: "before it begins", acts: `
  report: {L, by: decider, cite: a2}`, lines: `
			03-02 report by=clerk -> refused not_entitled a2
			03-02 intake by=clerk decider=bureau
			03-01@03-02 report by=clerk -> refused not_entitled a2
			03-02 nothing by=clerk -> refused no_such_act`},
	})
}

// Rule 2: between acts of the same each a relation holds party by party; to a
// common act for all still in the matter, unless one is enough.
func TestParties(t *testing.T) {
	scripts(t, []script{
		{name: "party by party, then all", acts: `
  hear: {L, by: decider, each: respondent, cite: a2}
  decide: {L, by: decider, each: respondent, after: [{act: hear, cite: a3}], cite: a4}
  publish: {L, by: decider, after: [{act: decide, cite: a5}], cite: a6}
  early: {L, by: decider, after: [{act: decide, parties: any, cite: a7}], cite: a8}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a,b
			03-03 early by=clerk -> refused too_early a7
			03-03 hear/a by=clerk
			03-03 decide/b by=clerk -> refused too_early a3
			03-03 decide/a by=clerk
			03-04 publish by=clerk -> refused too_early a5
			03-04 early by=clerk
			03-04 hear/b by=clerk
			03-04 decide/b by=clerk
			03-05 publish by=clerk`},
		{name: "those who left do not count", acts: `
  hear: {L, by: decider, each: respondent, cite: a2, outcomes: {go: {L, ends: cleared}, stay_on: {L}}}
  publish: {L, by: decider, after: [{act: hear, cite: a5}], cite: a6}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a,b
			03-03 hear/a:stay_on by=clerk
			03-03 publish by=clerk -> refused too_early a5
			03-04 hear/b:go by=clerk -> ended b cleared
			03-05 hear/b:go by=clerk -> refused has_ended a2
			03-05 publish by=clerk`},
		{name: "between two names: all of the other", acts: `
  swear: {L, by: team, each: team, cite: a2}
  hear: {L, by: decider, each: respondent, after: [{act: swear, cite: a3}], cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a team=officer,third
			03-03 swear/officer by=officer
			03-03 hear/a by=clerk -> refused too_early a3
			03-03 swear/third by=officer -> refused not_entitled a2
			03-03 swear/third by=third
			03-03 hear/a by=clerk`},
		{name: "nobody of an optional name holds nobody up", acts: `
  swear: {L, by: absent, each: absent, cite: a2}
  hear: {L, by: decider, after: [{act: swear, cite: a3}], cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 hear by=clerk`},
		{name: "terms of each and of all", acts: `
  hear: {L, by: decider, each: respondent, cite: a2}
  gather: {L, by: decider, cite: a3}`, terms: `
  hearing: {L, kind: duty, of: decider, each: respondent, start: intake, within: 10 days, met_by: hear, cite: a4}
  all_heard: {L, kind: duty, of: decider, start: intake, within: 10 days, met_by: hear, cite: a5}
  after_all: {L, kind: duty, of: decider, start: hear, within: 5 days, met_by: gather, cite: a6}
  after_one: {L, kind: duty, of: decider, start: [{moment: hear, parties: any}], within: 5 days, met_by: gather, cite: a7}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a,b -> started hearing/a 03-12; started hearing/b 03-12; started all_heard 03-12
			03-03 hear/a by=clerk -> met hearing/a; started after_one 03-09
			03-04 hear/b by=clerk -> met hearing/b; met all_heard; started after_all 03-09; started after_one 03-09
			03-05 gather by=clerk -> met after_all; met after_one; met after_one`},
	})
}

// Rule 3: for a party bound later, or sent back, a common act counts only if it
// was done since.
func TestBoundLater(t *testing.T) {
	scripts(t, []script{
		{name: "a report that never heard him decides nobody", acts: `
  name_one: {L, by: decider, repeat: true, binds: [respondent], cite: a2}
  report: {L, by: decider, cite: a3}
  decide: {L, by: decider, each: respondent, after: [{act: report, cite: a4}], cite: a5}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a
			03-03 report by=clerk
			03-04 name_one by=clerk respondent=b
			03-05 decide/b by=clerk -> refused too_early a4
			03-05 decide/a by=clerk
			03-06 report by=clerk
			03-06 report by=clerk -> refused already_done a3
			03-06 decide/b by=clerk`},
		{name: "the binding act counts for those it binds", acts: `
  name_one: {L, by: decider, repeat: true, binds: [respondent], cite: a2}
  decide: {L, by: decider, each: respondent, after: [{act: name_one, cite: a4}], cite: a5}`, terms: `
  deciding: {L, kind: duty, of: decider, each: respondent, start: name_one, within: 5 days, met_by: decide, cite: a6}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 name_one by=clerk respondent=a -> started deciding/a 03-09
			03-04 decide/a by=clerk -> met deciding/a
			03-04 name_one by=clerk respondent=b -> started deciding/b 03-09
			03-05 decide/b by=clerk -> met deciding/b`},
		{name: "sent back for one party alone", acts: `
  report: {L, by: decider, cite: a3}
  back: {L, by: decider, each: respondent, after: [report], repeat: true, redo: [report], cite: a4}
  decide: {L, by: decider, each: respondent, after: [{act: report, cite: a5}], cite: a6}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a,b
			03-03 report by=clerk
			03-04 back/a by=clerk
			03-05 decide/a by=clerk -> refused too_early a5
			03-05 decide/b by=clerk
			03-06 report by=clerk
			03-06 decide/a by=clerk`},
		{name: "a kind of party that may not be", acts: `
  name_one: {L, by: decider, repeat: true, binds: [team], cite: a2}
  name_two: {L, by: decider, repeat: true, binds: [respondent], cite: a3}`, lines: `
			03-02 intake by=clerk -> refused not_entitled a1
			03-02 intake by=clerk decider=bureau,police -> refused no_such_party a1
			03-02 intake by=clerk decider=clerk -> refused no_such_party a1
			03-02 intake by=clerk decider=bureau
			03-02 name_one by=clerk team=police -> refused no_such_party a2
			03-02 name_one by=clerk team=ghost -> refused no_such_party a2
			03-02 name_one by=clerk respondent=a -> refused no_such_party a2
			03-02 name_two by=clerk respondent=police
			03-02 name_one by=clerk team=officer`},
	})
}

// Rules 4 and 5: a party's part ends, the matter with its last; ending waits
// for duties, never cuts what its own act starts, and lets what is owed be done.
func TestEnding(t *testing.T) {
	scripts(t, []script{
		{name: "with the last part", acts: `
  clear: {L, by: decider, each: respondent, ends: cleared, cite: a2}
  note: {L, by: decider, repeat: true, cite: a3}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a,b
			03-03 clear/a by=clerk -> ended a cleared
			03-03 note by=clerk
			03-04 clear/b by=clerk -> ended b cleared; ended cleared
			03-05 note by=clerk -> refused has_ended a3
			03-05 clear/b by=clerk -> refused has_ended a2`},
		{name: "with the last part, once a common duty is met", acts: `
  clear: {L, by: decider, each: respondent, ends: cleared, cite: a2}
  filing: {L, by: decider, cite: a3}`, terms: `
  file_time: {L, kind: duty, of: decider, start: intake, within: 30 days, met_by: filing, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a -> started file_time 04-01
			03-03 clear/a by=clerk -> ended a cleared
			03-04 filing by=clerk -> met file_time; ended cleared`},
		{name: "waits for every duty, late ones too", acts: `
  report: {L, by: decider, cite: a2}
  finish: {L, by: decider, ends: done_with, cite: a3}`, terms: `
  reporting: {L, kind: duty, of: decider, start: intake, within: 3 days, met_by: report, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau -> started reporting 03-05
			03-04 finish by=clerk ->
			03-06 tick -> lapsed reporting; late reporting
			03-09 report by=clerk -> met reporting; ended done_with`},
		{name: "unless it releases them", acts: `
  report: {L, by: decider, cite: a2}
  finish: {L, by: decider, ends: done_with, releases: [reporting], cite: a3}`, terms: `
  reporting: {L, kind: duty, of: decider, start: intake, within: 3 days, met_by: report, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-04 finish by=clerk -> released reporting; ended done_with
			03-06 tick ->
			03-06 report by=clerk -> refused has_ended a2`},
		{name: "what it starts itself stands, and may be done", acts: `
  finish: {L, by: decider, ends: done_with, releases: all, cite: a3}
  publish: {L, by: decider, after: [finish], cite: a5}`, terms: `
  publishing: {L, kind: duty, of: decider, start: finish, within: 3 days, met_by: publish, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-04 finish by=clerk -> started publishing 03-09; ended done_with
			03-10 tick -> lapsed publishing; late publishing
			03-10 publish by=clerk -> met publishing
			03-10 publish by=clerk -> refused has_ended a5`},
		{name: "a running right is not cut", acts: `
  finish: {L, by: decider, each: respondent, ends: done_with, cite: a3}
  appeal: {L, by: respondent, each: respondent, cite: a5}`, terms: `
  appealing: {L, kind: right, of: respondent, each: respondent, start: intake, within: 10 days, met_by: appeal, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a,b -> started appealing/a 03-12; started appealing/b 03-12
			03-04 finish/a by=clerk -> ended a done_with
			03-04 finish/b by=clerk -> ended b done_with; ended done_with
			03-05 appeal/a by=a -> met appealing/a
			03-13 appeal/b by=b -> refused has_ended a5`},
	})
}

// Rule 6: closing releases the duty that only the closed act would have met;
// opening it again owes nothing.
func TestClosing(t *testing.T) {
	scripts(t, []script{
		{name: "closing and opening", acts: `
  report: {L, by: decider, cite: a2}
  stop: {L, by: decider, repeat: true, closes: [report], cite: a3}
  resume: {L, by: decider, repeat: true, opens: [report], cite: a4}`, terms: `
  reporting: {L, kind: duty, of: decider, start: intake, within: 3 days, met_by: report, cite: a5}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 stop by=clerk -> released reporting
			03-03 report by=clerk -> refused not_in_question a3
			03-04 resume by=clerk ->
			03-09 tick ->
			03-09 report by=clerk ->`},
		{name: "what another act can meet is not released", acts: `
  report: {L, by: decider, cite: a2}
  letter_note: {L, by: decider, cite: a6}
  stop: {L, by: decider, closes: [report], cite: a3}`, terms: `
  reporting: {L, kind: duty, of: decider, start: intake, within: 3 days, met_by: [report, letter_note], cite: a5}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 stop by=clerk ->
			03-04 letter_note by=clerk -> met reporting`},
		{name: "a late duty is released, its finding stays", acts: `
  report: {L, by: decider, cite: a2}
  stop: {L, by: decider, closes: [report], cite: a3}`, terms: `
  reporting: {L, kind: duty, of: decider, start: intake, within: 3 days, met_by: report, cite: a5}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-06 tick -> lapsed reporting; late reporting
			03-09 stop by=clerk -> released reporting`},
		{name: "for one party", acts: `
  plead: {L, by: respondent, each: respondent, cite: a2}
  decide: {L, by: decider, each: respondent, closes: [plead], cite: a3}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a,b
			03-03 decide/a by=clerk
			03-03 plead/a by=a -> refused not_in_question a3
			03-03 plead/b by=b`},
		{name: "out of question holds nobody up, never in question does", acts: `
  check: {L, by: decider, cite: a2}
  skip: {L, by: decider, closes: [check], cite: a3}
  go_on: {L, by: decider, after: [{act: check, cite: a4}], cite: a5}
  later_one: {L, by: decider, open: false, cite: a6}
  open_it: {L, by: decider, opens: [later_one], cite: a7}
  last_one: {L, by: decider, after: [{act: later_one, cite: a8}], cite: a9}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 go_on by=clerk -> refused too_early a4
			03-03 skip by=clerk
			03-03 go_on by=clerk
			03-03 last_one by=clerk -> refused too_early a8
			03-03 later_one by=clerk -> refused not_in_question a6
			03-03 open_it by=clerk
			03-03 later_one by=clerk
			03-03 last_one by=clerk`},
		{name: "guarded by a fact", more: map[string]string{"facts": "facts:\n  flag: {L, type: bool, set_by: [tell]}"}, acts: `
  tell: {L, by: decider, repeat: true, form: flag, cite: a2}
  go_on: {L, by: decider, when: "flag", cite: a3}
  held: {L, by: decider, after: [{act: go_on, when: "flag", cite: a4}], cite: a5}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 go_on by=clerk -> refused not_yet_known a3
			03-03 held by=clerk -> refused too_early a4
			03-03 tell by=clerk flag=false
			03-03 go_on by=clerk -> refused not_in_question a3
			03-03 held by=clerk
			03-04 tell by=clerk flag=true
			03-04 go_on by=clerk`},
	})
}

// Rule 7: every occurrence of a start makes its own obligation, and an act
// meets all that had begun. Rule 8: a meeting may be undone.
func TestStartsAndUndoing(t *testing.T) {
	scripts(t, []script{
		{name: "each start its own", acts: `
  ask: {L, by: decider, repeat: true, cite: a2}
  answer: {L, by: decider, repeat: true, cite: a3}`, terms: `
  answering: {L, kind: duty, of: decider, start: [intake, ask], within: 5 days, met_by: answer, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau -> started answering 03-09
			03-03 ask by=clerk -> started answering 03-09
			03-04 ask by=clerk -> started answering 03-09
			03-05 answer by=clerk -> met answering; met answering; met answering
			03-06 ask by=clerk -> started answering 03-11
			03-12 tick -> lapsed answering; late answering
			03-13 answer by=clerk -> met answering
			03-13 answer by=clerk ->`},
		{name: "an act that meets and starts", acts: `
  round: {L, by: decider, repeat: true, cite: a2}`, terms: `
  rounds: {L, kind: duty, of: decider, start: round, within: 5 days, met_by: round, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-02 round by=clerk -> started rounds 03-09
			03-05 round by=clerk -> met rounds; started rounds 03-10`},
		{name: "undone in time, and too late", acts: `
  fix: {L, by: decider, repeat: true, cite: a2}
  found_bad: {L, by: decider, repeat: true, cite: a3}`, terms: `
  fixing: {L, kind: duty, of: decider, start: intake, within: 10 days, met_by: fix, undone_by: found_bad, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau -> started fixing 03-12
			03-03 fix by=clerk -> met fixing
			03-04 found_bad by=clerk -> started fixing 03-12
			03-05 fix by=clerk -> met fixing
			03-16 found_bad by=clerk -> started fixing 03-12; lapsed fixing; late fixing
			03-17 fix by=clerk -> met fixing`},
		{name: "started by what was proposed, twice on a day", acts: `
  plan: {L, by: decider, approved_by: {role: decider.principal, cite: a6}, cite: a2}`, terms: `
  desk: {L, kind: duty, of: decider.principal, start: plan.proposed, within: 5 days, met_by: [plan, plan.returned, plan.refused], cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 plan by=clerk -> started desk 03-09
			03-03 plan.returned by=lin reason=no -> met desk
			03-03 plan by=clerk -> started desk 03-09
			03-03 plan.refused by=lin reason=never -> met desk
			03-04 plan.approved by=lin -> refused not_proposed a6`},
		{name: "the day that a form sets", acts: `
  order: {L, by: higher, repeat: true, form: until, cite: a2}
  obey: {L, by: decider, cite: a3}`, terms: `
  obeying: {L, kind: duty, of: decider, start: order, within: {set_by: until}, met_by: obey, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 order by=clerk until=2026-03-10 -> refused not_entitled a2
			03-03 order by=aide -> refused content_missing a21
			03-03 order by=aide until=2026-03-10 -> started obeying 03-10
			03-11 tick -> lapsed obeying; late obeying`},
		{name: "no limit: owed, never late", acts: `
  obey: {L, by: decider, cite: a3}
  finish: {L, by: decider, ends: over, cite: a5}`, terms: `
  obeying: {L, kind: duty, of: decider, start: intake, met_by: obey, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau -> started obeying
			03-03 finish by=clerk ->
			12-01 tick ->
			12-02 obey by=clerk -> met obeying; ended over`},
		{name: "an unset local: the rule does not run and says so", acts: `
  obey: {L, by: decider, cite: a3}`, terms: `
  obeying: {L, kind: duty, of: decider, start: intake, within: {local: span}, met_by: obey, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau ->`,
			check: func(t *testing.T, p *play) {
				if got := p.state.Unset(); len(got) != 1 || got[0] != "span" {
					t.Errorf("unset: %v", got)
				}
			}},
		{name: "a local that is set", local: map[string]string{"span": "2 working_days"}, acts: `
  obey: {L, by: decider, cite: a3}`, terms: `
  obeying: {L, kind: duty, of: decider, start: intake, within: {local: span}, met_by: obey, cite: a4}`, lines: `
			03-06 intake by=clerk decider=bureau -> started obeying 03-10`,
			check: func(t *testing.T, p *play) {
				if len(p.state.Unset()) > 0 {
					t.Error("unset")
				}
			}},
		{name: "a timed condition", acts: `
  wait_for: {L, by: decider, cite: a2}
  other_way: {L, by: decider, cite: a2}
  go_on: {L, by: decider, after: [{any: [other_way, wait_for], wait: 10 days, cite: a3}], cite: a4}
  hold: {L, by: decider, waits_for: [{term: owing, cite: a5}], cite: a6}
  pay: {L, by: decider, cite: a7}`, terms: `
  owing: {L, kind: duty, of: decider, start: wait_for, within: 3 days, met_by: pay, cite: a8}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-02 wait_for by=clerk
			03-11 go_on by=clerk -> refused too_early a3
			03-11 hold by=clerk -> refused still_owed a5
			03-11 other_way by=clerk
			03-12 go_on by=clerk
			03-12 pay by=clerk
			03-12 hold by=clerk`},
	})
}

// Rule 9: an extension only while the term runs, counted from the old day.
func TestExtension(t *testing.T) {
	const acts = `
  report: {L, by: decider, cite: a2}
  extend: {L, by: decider, repeat: true, form: extra, cite: a3}`
	scripts(t, []script{
		{name: "how often", acts: acts, terms: `
  reporting: {L, kind: duty, of: decider, start: intake, within: 5 days, met_by: report, extended_by: {act: extend, by: 5 days, times: 1, cite: a5}, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau -> started reporting 03-09
			03-03 extend by=clerk extra=1~days -> extended reporting 03-16
			03-04 extend by=clerk extra=1~days -> refused cap_reached a5
			03-17 tick -> lapsed reporting; late reporting
			03-17 extend by=clerk extra=1~days -> refused right_lapsed a5`},
		{name: "how far in all", acts: acts, terms: `
  reporting: {L, kind: duty, of: decider, start: intake, within: 5 working_days, met_by: report, extended_by: {act: extend, by: {set_by: extra}, total: 12 working_days, cite: a5}, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau -> started reporting 03-09
			03-03 extend by=clerk extra=8~working_days -> refused cap_reached a5
			03-03 extend by=clerk extra=4~working_days -> extended reporting 03-13
			03-04 extend by=clerk extra=3~working_days -> extended reporting 03-18
			03-04 extend by=clerk extra=1~working_days -> refused cap_reached a5
			03-05 report by=clerk -> met reporting
			03-05 extend by=clerk extra=1~working_days -> refused right_lapsed a5`},
		{name: "a limit that is none", acts: acts, terms: `
  reporting: {L, kind: duty, of: decider, start: intake, within: 5 days, met_by: report, extended_by: {act: extend, by: {set_by: extra}, cite: a5}, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 extend by=clerk extra=soon -> refused content_wrong a21
			03-03 extend by=clerk extra=0~days -> refused content_wrong a21
			03-03 extend by=clerk extra=3~days other=x -> refused content_wrong a3
			03-03 extend by=clerk extra=3~days -> extended reporting 03-12`},
	})
}

// Rule 10: conditions are tested when proposed and when approved.
func TestApproval(t *testing.T) {
	scripts(t, []script{
		{name: "proposed, returned, refused, approved", acts: `
  plan: {L, by: decider.staff, approved_by: {role: decider.principal, cite: a3}, form: note, cite: a2}`, terms: `
  planning: {L, kind: duty, of: decider, start: intake, within: 5 days, met_by: plan.proposed, cite: a4}
  carrying: {L, kind: duty, of: decider, start: intake, within: 9 days, met_by: plan, cite: a5}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 plan.approved by=lin -> refused not_proposed a3
			03-03 plan by=clerk -> refused content_missing a22
			03-03 plan by=lin note=x -> refused not_entitled a2
			03-03 plan by=clerk note=x -> met planning
			03-04 plan.approved by=officer -> refused not_entitled a3
			03-04 plan.returned by=lin -> refused content_missing a3
			03-04 plan.returned by=lin reason=short ->
			03-05 plan.approved by=lin -> refused not_proposed a3
			03-05 plan by=officer note=x
			03-05 plan.refused by=lin reason=no
			03-06 plan by=officer note=x
			03-06 plan.approved by=lin -> met carrying
			03-06 plan by=officer note=x -> refused already_done a2`},
		{name: "not by the proposer", acts: `
  plan: {L, by: decider, approved_by: {role: decider.principal, cite: a3}, cite: a2}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 plan by=lin
			03-03 plan.approved by=lin -> refused same_person a3
			03-12 plan.approved by=lin -> refused not_entitled a3
			03-12 plan.approved by=head`},
		{name: "tested again, the proposer among those who take part", acts: `
  plan: {L, by: decider, approved_by: decider.principal, staff: {at_least: 2, of: decider, cite: a3}, needs: [{if: "!done(stop)", cite: a4}], cite: a2}
  stop: {L, by: decider, cite: a5}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 plan by=clerk -> refused too_few_staff a3
			03-03 plan by=clerk staff=a -> refused too_few_staff a3
			03-03 plan by=clerk staff=clerk -> refused too_few_staff a3
			03-03 plan by=clerk staff=officer
			03-04 stop by=clerk
			03-05 plan.approved by=lin -> refused need_not_met a4
			03-03@03-06 plan.approved by=lin`},
		{name: "parties and facts come with the approval", more: map[string]string{"facts": "facts:\n  flag: {L, type: bool, set_by: [plan]}"}, acts: `
  plan: {L, by: decider, approved_by: decider.principal, binds: [absent], form: flag, opens: [follow], cite: a2}
  follow: {L, by: decider, each: absent, open: false, needs: [{if: flag, cite: a4}], cite: a3}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 plan by=clerk absent=nobody flag=true
			03-03 follow/nobody by=clerk -> refused no_such_party a3
			03-03 plan.approved by=lin
			03-03 follow/nobody by=clerk`},
	})
}

// Rule 11: service is one moment per recipient.
func TestService(t *testing.T) {
	scripts(t, []script{
		{name: "of an each act, on that party", acts: `
  letter: {L, by: decider, each: respondent, paper: letter, to: [{party: respondent, cite: a7}, respondent.unit], cite: a2}
  plead: {L, by: respondent, each: respondent, after: [{act: letter.served, cite: a8}], cite: a3}`, terms: `
  serving: {L, kind: duty, of: decider, each: respondent, start: letter, within: 5 days, met_by: letter.served, cite: a4}
  telling: {L, kind: duty, of: decider, each: respondent, start: letter, within: 5 days, met_by: letter.served.respondent.unit, cite: a5}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a,police
			03-02 letter.served/a by=clerk -> refused nothing_to_serve a2
			# A unit has no unit of its own: nobody to tell, no duty.
			03-03 letter/police by=clerk -> started serving/police 03-09
			03-03 letter/a by=clerk -> started serving/a 03-09; started telling/a 03-09
			03-03 plead/a by=a -> refused too_early a8
			03-04 letter.served/a by=clerk to=respondent.unit -> met telling/a
			03-04 letter.served/a by=a to=respondent -> refused not_entitled a2
			03-05 letter.served/a by=clerk -> met serving/a
			03-05 letter.served/a by=clerk -> refused already_done a2
			03-05 plead/a by=a
			03-05 letter.served/police by=clerk -> met serving/police
			03-05 plead/police by=chief`},
		{name: "of a common act, on all", acts: `
  letter: {L, by: decider, paper: letter, to: [joint, absent, decider], cite: a2}`, terms: `
  serving: {L, kind: duty, of: decider, start: letter, within: 5 days, met_by: letter.served, cite: a4}
  absent_one: {L, kind: duty, of: decider, start: letter, within: 5 days, met_by: letter.served.absent, cite: a5}`, lines: `
			03-02 intake by=clerk decider=bureau joint=police
			03-03 letter by=clerk -> started serving 03-09
			03-04 letter.served by=clerk to=joint ->
			03-05 letter.served by=clerk to=decider -> met serving`},
	})
}

// Rule 13: the rule itself acts by lapse or by law, and never does an act of a
// person; a lapse opens what follows from it.
func TestByLaw(t *testing.T) {
	scripts(t, []script{
		{name: "deemed withdrawn", acts: `
  pay: {L, by: respondent, each: respondent, cite: a2}
  withdrawn: {L, by: law, each: respondent, after: [{act: paying.lapsed, cite: a3}], ends: gone, cite: a4}`, terms: `
  paying: {L, kind: right, of: respondent, each: respondent, start: intake, within: 5 days, met_by: pay, cite: a5}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a,b -> started paying/a 03-09; started paying/b 03-09
			03-03 pay/a by=a -> met paying/a
			03-09 tick ->
			03-10 withdrawn/b by=clerk -> refused not_entitled a4
			03-10 tick -> lapsed paying/b; followed withdrawn/b; ended b gone
			03-11 pay/b by=b -> refused has_ended a2`},
		{name: "nobody does what the rule does", acts: `
  withdrawn: {L, by: law, after: [{act: paying.lapsed, cite: a3}], cite: a4}
  pay: {L, by: decider, cite: a2}`, terms: `
  paying: {L, kind: right, of: decider, start: intake, within: 5 days, met_by: pay, cite: a5}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 withdrawn by=clerk -> refused not_entitled a4
			03-12 pay by=clerk -> refused right_lapsed a5
			03-12 tick -> lapsed paying; followed withdrawn`},
		{name: "a condition that does not bind holds nothing up", more: map[string]string{"facts": "facts:\n  flag: {L, type: bool, set_by: [pay]}"}, acts: `
  pay: {L, by: decider, form: flag, cite: a2}
  settled: {L, by: law, after: [pay, {act: paying.lapsed, when: flag, cite: a3}], ends: done, cite: a4}`, terms: `
  paying: {L, kind: right, of: decider, start: intake, within: 5 days, met_by: pay, cite: a5}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 pay by=clerk flag=false -> met paying; followed settled; ended done`},
		{name: "an act that was closed holds nothing up", acts: `
  pay: {L, by: decider, cite: a2}
  waive: {L, by: decider, closes: [pay], cite: a3}
  settled: {L, by: law, after: [pay], ends: done, cite: a4}`, terms: `
  paying: {L, kind: duty, of: decider, start: intake, within: 5 days, met_by: pay, cite: a5}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 waive by=clerk -> released paying; followed settled; ended done`},
		{name: "lapses in order of their day", acts: `
  one: {L, by: decider, cite: a2}
  two: {L, by: decider, cite: a2}
  three: {L, by: decider, cite: a2}`, terms: `
  third: {L, kind: duty, of: decider, start: intake, within: 9 days, met_by: three, cite: a3}
  first: {L, kind: duty, of: decider, start: intake, within: 3 days, met_by: one, cite: a4}
  second: {L, kind: duty, of: higher, start: first.lapsed, within: 2 days, met_by: two, cite: a5}`, lines: `
			03-02 intake by=clerk decider=bureau -> started third 03-11; started first 03-05
			04-01 tick -> lapsed first; late first; started second 03-09; lapsed second; late second; lapsed third; late third`,
			check: func(t *testing.T, p *play) {
				var days []string
				for _, e := range p.state.At(p.rules, p.day).Consequences() {
					if e.Kind == matter.Lapsed {
						days = append(days, e.On.String()[5:])
					}
				}
				if got := strings.Join(days, " "); got != "03-06 03-10 03-12" {
					t.Error(got)
				}
			}},
		{name: "a lapse opens a matter", acts: `
  one: {L, by: decider, cite: a2}
  lead: {L, by: law, starts: true, cite: a6}`, terms: `
  first: {L, kind: duty, of: decider, start: intake, within: 3 days, met_by: one, on_lapse: {finding: red, opens_matter: {procedure: toy, act: lead, parties: {decider: higher, respondent: decider.principal}, cite: a5}, cite: a7}, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-06 tick -> lapsed first; late first; opened toy`,
			check: func(t *testing.T, p *play) {
				for _, e := range p.events {
					if e.Kind == matter.Opened && (e.Opens.Act != "lead" || e.Opens.Parties["decider"][0].Unit != "city" || e.Opens.Parties["respondent"][0].Person != "lin" || e.Clauses[0] != "toy-a5") {
						t.Errorf("%+v", e.Opens)
					}
				}
			}},
		{name: "an act opens a matter; a forbidden one is refused", acts: `
  pass_on: {L, by: decider, each: respondent, opens_matter: {procedure: toy, act: lead, parties: {decider: higher, respondent: respondent}, cite: a5}, cite: a2}
  lead: {L, by: law, starts: true, cite: a6}
  halt: {L, by: decider, modality: forbidden, cite: a7}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a
			03-03 pass_on/a by=clerk -> opened toy
			03-03 halt by=clerk -> refused is_forbidden a7`},
	})
}
