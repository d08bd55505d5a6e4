// SPDX-License-Identifier: Apache-2.0

package matter_test

import "testing"

func TestSuspects(t *testing.T) {
	cal := china(t)
	for _, s := range []script{
		{name: "wish lost when a common duty holds the last leaving",
			acts:  "  decide: {L, by: decider, each: respondent, ends: closed, cite: a2}\n  filing: {L, by: decider, cite: a3}\n",
			terms: "  file_time: {L, kind: duty, of: decider, start: intake, within: 30 days, met_by: filing, cite: a4}\n",
			lines: `
			03-02 intake by=clerk decider=bureau respondent=a -> started file_time 04-01
			03-03 decide/a by=clerk -> ended a closed
			03-04 filing by=clerk -> met file_time; ended closed`},
		{name: "common act with a party",
			acts: "  report: {L, by: decider, cite: a2}\n",
			lines: `
			03-02 intake by=clerk decider=bureau respondent=a
			03-03 report/a by=clerk -> refused no_such_party a2
			03-03 report by=clerk
			03-03 report by=clerk -> refused already_done a2`},
		{name: "approval counts the proposer among staff",
			acts: "  report: {L, by: decider, approved_by: decider.principal, staff: {at_least: 2, of: decider, cite: a3}, cite: a2}\n",
			lines: `
			03-02 intake by=clerk decider=bureau
			03-03 report by=clerk -> refused too_few_staff a3
			03-03 report by=clerk staff=officer
			03-03 report.approved by=lin`},
		{name: "the proposer is one who did it",
			acts: "  report: {L, by: decider, approved_by: decider.principal, cite: a2}\n  decide: {L, by: decider, after: [report], separate_from: [{act: report, cite: a3}], cite: a4}\n",
			lines: `
			03-02 intake by=clerk decider=bureau
			03-03 report by=clerk
			03-03 report.approved by=lin
			03-04 decide by=clerk -> refused same_person a3
			03-04 decide by=lin -> refused same_person a3
			03-04 decide by=officer`},
		{name: "kept days survive in the judgement of a late entry",
			acts:  "  letter: {L, by: decider, each: respondent, paper: letter, to: [respondent], cite: a2}\n  appeal: {L, by: respondent, each: respondent, cite: a3}\n  note: {L, by: decider, repeat: true, cite: a5}\n",
			terms: "  appeal_time: {L, kind: right, of: respondent, start: letter.served, within: 15 days, met_by: appeal, each: respondent, cite: a4}\n",
			lines: `
			03-02 intake by=clerk decider=bureau respondent=a
			03-03 letter/a by=clerk
			03-05 letter.served/a by=clerk -> started appeal_time/a 03-20
			03-04@03-06 letter.corrected/a by=clerk staff=officer reason=typo of=3 -> reversed started appeal_time/a; started appeal_time/a 03-20
			03-23 note by=clerk
			03-20@03-24 appeal/a by=a`},
		{name: "a start is entered twice",
			acts: "  note: {L, by: decider, repeat: true, cite: a5}\n",
			lines: `
			03-04 intake by=clerk decider=bureau
			03-03@03-05 intake by=clerk decider=bureau -> refused already_done a1`},
		{name: "any with a wait",
			acts: "  x: {L, by: decider, cite: a2}\n  y: {L, by: decider, cite: a2}\n  z: {L, by: decider, after: [{any: [y, x], wait: 10 days, cite: a3}], cite: a4}\n",
			lines: `
			03-02 intake by=clerk decider=bureau
			03-02 x by=clerk
			03-12 y by=clerk
			03-13 z by=clerk`},
		{name: "counts_as both ways",
			acts: "  decide: {L, by: decider, cite: a2}\n  decide_now: {L, by: decider, counts_as: decide, cite: a3}\n",
			lines: `
			03-02 intake by=clerk decider=bureau
			03-02 decide by=clerk
			03-12 decide_now by=clerk -> refused already_done a3`},
		{name: "strike needs no day",
			acts: "  note: {L, by: decider, cite: a5}\n",
			lines: `
			03-04 intake by=clerk decider=bureau
			03-04 note by=clerk
			03-05 note.struck by=clerk staff=officer reason=typo of=2
			03-05 note by=clerk`},
		{name: "served again after a second issue",
			acts:  "  letter: {L, by: decider, repeat: true, paper: letter, to: [joint, absent, decider], cite: a2}\n",
			terms: "  serving: {L, kind: duty, of: decider, start: letter, within: 5 days, met_by: letter.served, cite: a4}\n",
			lines: `
			03-02 intake by=clerk decider=bureau joint=police
			03-02 letter by=clerk -> started serving 03-09
			03-03 letter.served by=clerk to=joint ->
			03-03 letter.served by=clerk to=decider -> met serving
			03-04 letter by=clerk -> started serving 03-09
			03-04 letter.served by=clerk to=decider ->
			03-05 letter.served by=clerk to=joint -> met serving`},
		{name: "undone is told",
			acts:  "  fix: {L, by: decider, repeat: true, cite: a2}\n  found: {L, by: decider, repeat: true, cite: a3}\n",
			terms: "  fixing: {L, kind: duty, of: decider, start: intake, within: 10 days, met_by: fix, undone_by: found, cite: a4}\n",
			lines: `
			03-02 intake by=clerk decider=bureau -> started fixing 03-12
			03-03 fix by=clerk -> met fixing
			03-04 found by=clerk
			03-13 tick -> lapsed fixing; late fixing
			03-13 fix by=clerk -> met fixing
			03-14 found by=clerk`},
		{name: "two proposals on one day",
			acts:  "  plan: {L, by: decider, approved_by: decider.principal, cite: a2}\n",
			terms: "  desk: {L, kind: duty, of: decider, start: plan.proposed, within: 10 days, met_by: [plan, plan.returned], cite: a4}\n",
			lines: `
			03-02 intake by=clerk decider=bureau
			03-03 plan by=clerk -> started desk 03-13
			03-03 plan.returned by=lin reason=no -> met desk
			03-03 plan by=clerk -> started desk 03-13`},
		{name: "releases all never cuts a right",
			acts:  "  stop: {L, by: decider, releases: all, ends: stopped, cite: a2}\n  appeal: {L, by: respondent, each: respondent, cite: a3}\n",
			terms: "  appeal_time: {L, kind: right, of: respondent, start: intake, within: 15 days, met_by: appeal, each: respondent, cite: a4}\n",
			lines: `
			03-02 intake by=clerk decider=bureau respondent=a
			03-03 stop by=clerk -> ended stopped
			03-04 appeal/a by=a`},
	} {
		t.Run(s.name, func(t *testing.T) {
			p := newPlay(t, load(t, packFiles(s.acts, s.terms, s.more)), cal, s.local)
			p.run(s.lines)
			if s.check != nil {
				s.check(t, p)
			}
		})
	}
}
