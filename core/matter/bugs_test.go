// SPDX-License-Identifier: Apache-2.0

package matter_test

import (
	"testing"

	"quanze/core/matter"
)

// Each was a fault once.
func TestFaultsMended(t *testing.T) {
	flag := map[string]string{"facts": "facts:\n  flag: {L, type: bool, set_by: [tell]}"}
	scripts(t, []script{
		{name: "01 a late entry starts the matter a second time",
			acts: "  note: {L, by: decider, repeat: true, cite: a5}\n",
			lines: `
			03-04 intake by=clerk decider=bureau
			03-03@03-05 intake by=clerk decider=bureau -> refused already_done a1`},
		{name: "02 an act done once is entered again at an earlier day",
			acts: "  report: {L, by: decider, cite: a5}\n",
			lines: `
			03-02 intake by=clerk decider=bureau
			03-05 report by=clerk
			03-04@03-06 report by=clerk -> refused already_done a5`},
		{name: "03 the proposer is not among those who did it: separation of duties is void after approval",
			acts: "  report: {L, by: decider, approved_by: decider.principal, cite: a2}\n  decide: {L, by: decider, after: [report], separate_from: [{act: report, cite: a3}], cite: a4}\n",
			lines: `
			03-02 intake by=clerk decider=bureau
			03-03 report by=clerk
			03-03 report.approved by=lin
			03-04 decide by=clerk -> refused same_person a3`},
		{name: "04 releases: all cuts a running right",
			acts:  "  stop: {L, by: decider, releases: all, ends: stopped, cite: a2}\n  appeal: {L, by: respondent, each: respondent, cite: a3}\n",
			terms: "  appeal_time: {L, kind: right, of: respondent, start: intake, within: 15 days, met_by: appeal, each: respondent, cite: a4}\n",
			lines: `
			03-02 intake by=clerk decider=bureau respondent=a
			03-03 stop by=clerk -> ended stopped
			03-04 appeal/a by=a`},
		{name: "05 a correction takes the ground from a later act, and nothing says so",
			acts: "  inquire: {L, by: decider, cite: a2}\n  report: {L, by: decider, after: [inquire], cite: a3}\n",
			lines: `
			03-02 intake by=clerk decider=bureau
			03-03 inquire by=clerk
			03-04 report by=clerk
			03-06@03-06 inquire.corrected by=clerk staff=officer reason=x of=2 -> irregular report`},
		{name: "06 the starting act is struck: the matter goes on without parties",
			acts: "  note: {L, by: decider, cite: a5}\n",
			lines: `
			03-02 intake by=clerk decider=bureau
			03-03 note by=clerk
			03-04 intake.struck by=clerk staff=officer reason=x of=1 -> refused is_forbidden a1`,
			check: func(t *testing.T, p *play) {
				if p.state.Started() && len(p.state.Parties()) == 0 {
					t.Error("started, and nobody is bound")
				}
			}},
		{name: "07 a strike has no day of its own, and nobody holds a post on day 0",
			acts: "  note: {L, by: decider, cite: a5}\n",
			lines: `
			03-02 intake by=clerk decider=bureau
			03-03 note by=clerk`,
			check: func(t *testing.T, p *play) {
				c, _, _ := p.command("03-04 note.struck by=clerk staff=officer reason=x of=2")
				c.On = 0
				if _, r := matter.Decide(p.state, c, p.rules, p.day); r != nil {
					t.Errorf("%s", r.Why)
				}
			}},
		{name: "08 an act that binds an optional party binds nobody, and starts everybody's terms anew",
			acts:  "  name_one: {L, by: decider, repeat: true, binds: [respondent], cite: a2}\n  decide: {L, by: decider, each: respondent, cite: a5}\n",
			terms: "  deciding: {L, kind: duty, of: decider, each: respondent, start: name_one, within: 5 days, met_by: decide, cite: a6}\n",
			lines: `
			03-02 intake by=clerk decider=bureau
			03-03 name_one by=clerk respondent=a -> started deciding/a 03-09
			03-04 name_one by=clerk ->`},
		{name: "09 an act done by another that counts as it is done again",
			acts: "  decide: {L, by: decider, cite: a2}\n  decide_now: {L, by: decider, counts_as: decide, cite: a3}\n",
			lines: `
			03-02 intake by=clerk decider=bureau
			03-02 decide by=clerk
			03-03 decide_now by=clerk -> refused already_done a3`},
		{name: "10 a second issue is served on one of two and counts as served on both",
			acts:  "  letter: {L, by: decider, repeat: true, paper: letter, to: [joint, decider], cite: a2}\n",
			terms: "  serving: {L, kind: duty, of: decider, start: letter, within: 5 days, met_by: letter.served, cite: a4}\n",
			lines: `
			03-02 intake by=clerk decider=bureau joint=police
			03-02 letter by=clerk -> started serving 03-09
			03-03 letter.served by=clerk to=joint ->
			03-03 letter.served by=clerk to=decider -> met serving
			03-04 letter by=clerk -> started serving 03-09
			03-04 letter.served by=clerk to=decider ->
			03-05 letter.served by=clerk to=joint -> met serving`},
		{name: "11 a late duty met and undone lapses a second time under the same key",
			acts:  "  fix: {L, by: decider, repeat: true, cite: a2}\n  bad: {L, by: decider, repeat: true, cite: a3}\n",
			terms: "  fixing: {L, kind: duty, of: decider, start: intake, within: 10 days, met_by: fix, undone_by: bad, cite: a4}\n",
			lines: `
			03-02 intake by=clerk decider=bureau
			03-13 fix by=clerk -> lapsed fixing; late fixing; met fixing
			03-16 bad by=clerk`},
		{name: "12 striking an extension brings a told day nearer",
			acts:  "  report: {L, by: decider, cite: a2}\n  extend: {L, by: decider, cite: a3}\n",
			terms: "  reporting: {L, kind: right, of: decider, start: intake, within: 5 days, met_by: report, extended_by: {act: extend, by: 10 days, cite: a5}, cite: a4}\n",
			lines: `
			03-02 intake by=clerk decider=bureau
			03-03 extend by=clerk -> extended reporting 03-19
			03-04 extend.struck by=clerk staff=officer reason=x of=2
			03-18 report by=clerk`},
		{name: "13 one person under two names leaves both",
			acts: "  clear: {L, by: decider, each: respondent, ends: cleared, cite: a2}\n  write: {L, by: team, repeat: true, cite: a3}\n",
			lines: `
			03-02 intake by=clerk decider=bureau respondent=a,officer team=officer
			03-03 clear/officer by=clerk -> ended officer cleared
			03-04 write by=officer`},
		{name: "14 what an act itself binds makes it possible, and it is not offered",
			acts: "  gather: {L, by: decider, binds: [joint], needs: [{if: bound(joint), cite: a3}], cite: a2}\n",
			lines: `
			03-02 intake by=clerk decider=bureau`,
			check: func(t *testing.T, p *play) {
				if can, cannot := offered(p, "clerk"); can != "gather" {
					t.Errorf("can %q, cannot %q", can, cannot)
				}
				p.run("03-02 gather by=clerk joint=police")
			}},
		{name: "15 a term whose guard is not yet known never runs, and does not say so", more: flag,
			acts:  "  tell: {L, by: decider, form: flag, cite: a2}\n  report: {L, by: decider, cite: a3}\n",
			terms: "  reporting: {L, kind: duty, of: decider, start: intake, when: flag, within: 5 days, met_by: report, cite: a4}\n",
			lines: `
			03-02 intake by=clerk decider=bureau
			03-03 tell by=clerk flag=true -> started reporting 03-09`},
		{name: "16 closing an act releases a duty that another act, counting as it, could meet",
			acts:  "  review: {L, by: decider, cite: a2}\n  above: {L, by: higher, counts_as: review, cite: a3}\n  pass: {L, by: decider, closes: [review], cite: a5}\n",
			terms: "  reviewing: {L, kind: duty, of: decider, start: intake, within: 5 days, met_by: review, cite: a4}\n",
			lines: `
			03-02 intake by=clerk decider=bureau
			03-03 pass by=clerk ->
			03-04 above by=aide -> met reviewing`},
		{name: "17 an act by law that is repeated follows without end within a day",
			acts:  "  pay: {L, by: decider, cite: a2}\n  gone: {L, by: law, repeat: true, after: [paying.lapsed], cite: a3}\n",
			terms: "  paying: {L, kind: right, of: decider, start: intake, within: 5 days, met_by: pay, cite: a4}\n",
			lines: `
			03-02 intake by=clerk decider=bureau
			03-20 tick -> lapsed paying; followed gone`},
		{name: "18 terms whose lapses start each other double with every round",
			acts: "  report: {L, by: decider, cite: a2}\n",
			terms: "  one: {L, kind: duty, of: decider, start: [intake, one.lapsed, two.lapsed], within: 1 days, met_by: report, cite: a3}\n" +
				"  two: {L, kind: duty, of: decider, start: [intake, one.lapsed, two.lapsed], within: 1 days, met_by: report, cite: a4}\n",
			lines: `
			03-02 intake by=clerk decider=bureau
			05-30 tick
			05-30 report by=clerk`,
			check: func(t *testing.T, p *play) { most(t, p, 200) }},
		{name: "19 what the rule itself does again it does without end within a day",
			acts:  "  report: {L, by: decider, cite: a2}\n  one: {L, by: law, after: [time.lapsed], redo: [one, two], cite: a3}\n  two: {L, by: law, after: [time.lapsed], redo: [one, two], cite: a4}\n",
			terms: "  time: {L, kind: duty, of: decider, start: [intake, one, two], within: 1 days, met_by: report, cite: a5}\n",
			lines: `
			03-02 intake by=clerk decider=bureau
			05-30 tick
			05-30 report by=clerk`,
			check: func(t *testing.T, p *play) { most(t, p, 200) }},
	})
}

func most(t *testing.T, p *play, n int) {
	t.Helper()
	if got := len(p.state.Obligations()); got > n {
		t.Errorf("%d runnings", got)
	}
}
