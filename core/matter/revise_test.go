// SPDX-License-Identifier: Apache-2.0

package matter_test

import (
	"testing"

	"quanze/core/matter"
)

var measures = map[string]string{
	"facts":               "facts:\n  found: {L, type: set, of: measures, per: respondent, set_by: [decide, review]}",
	"forms/found.yaml":    "form: found\nfields:\n  found: {L, type: set, of: measures, required: true, cite: a21}\n  days_for: {L, type: limit}\n  day_for: {L, type: date}\n",
	"forms/decision.yaml": "form: decision\nfields:\n  flag: {L, type: bool}\n",
}

// replaces: from now on the terms of the earlier act follow the facts as this
// one leaves them.
func TestReplaces(t *testing.T) {
	const acts = `
  decide: {L, by: decider, each: respondent, repeat: true, form: found, cite: a2}
  review: {L, by: higher, each: respondent, repeat: true, form: found, after: [decide], replaces: decide, cite: a3}
  undo: {L, by: higher, each: respondent, revokes: decide, cite: a12}
  mend: {L, by: respondent, each: respondent, cite: a4}
  leave: {L, by: respondent, each: respondent, cite: a5}`
	const terms = `
  mending: {L, kind: duty, of: respondent, each: respondent, start: decide, when: "'talk' in found || 'warn' in found", within: {set_by: days_for}, met_by: mend, cite: a6}
  leaving: {L, kind: duty, of: respondent, each: respondent, start: [{moment: decide, when: "'dismiss' in found"}], within: {set_by: day_for}, met_by: leave, cite: a7}
  barred: {L, kind: effect, of: respondent, each: respondent, start: decide, when: "'warn' in found", lasts: {set_by: days_for}, blocks: award, cite: a8}`
	scripts(t, []script{
		{name: "released, begun, and a new day", acts: acts, terms: terms, more: measures, lines: `
			03-02 intake by=clerk decider=bureau respondent=a,b
			03-03 decide/a by=clerk found=warn days_for=10~days -> started mending/a 03-13; started barred/a 03-13
			03-03 decide/b by=clerk found=warn days_for=10~days -> started mending/b 03-13; started barred/b 03-13
			# A shorter length is the decision's: of the duty it counts from now, the effect lasts shorter.
			03-05 review/a by=aide found=talk,warn days_for=4~days -> extended mending/a 03-09; extended barred/a 03-07
			03-06 review/a by=aide found=talk days_for=20~days -> extended mending/a 03-26; released barred/a
			03-09 review/a by=aide found=dismiss day_for=2026-03-31 -> released mending/a; started leaving/a 03-31
			03-10 review/a by=aide found=dismiss day_for=2026-04-03 -> extended leaving/a 04-03
			# What began with the review falls with the decision that it replaced.
			03-11 undo/a by=aide -> struck barred/a; released leaving/a
			03-11 review/b by=aide found=warn -> `},
		{name: "what is late and gets a new day is owed by that day", acts: acts, terms: terms, more: measures, lines: `
			03-02 intake by=clerk decider=bureau respondent=a
			03-03 decide/a by=clerk found=talk days_for=3~days -> started mending/a 03-06
			03-09 tick -> lapsed mending/a; late mending/a
			03-09 review/a by=aide found=talk days_for=5~days -> extended mending/a 03-16
			03-17 tick -> lapsed mending/a; late mending/a`},
		{name: "entered late", acts: acts, terms: terms, more: measures, lines: `
			03-02 intake by=clerk decider=bureau respondent=a
			03-03 decide/a by=clerk found=talk days_for=20~days -> started mending/a 03-23
			03-05@03-16 review/a by=aide found=talk days_for=12~days -> extended mending/a 03-17
			03-18 review.struck/a by=aide staff=mayor reason=x of=3 -> reversed replaced mending/a`},
		{name: "a common decision about each of them", acts: `
  decide_all: {L, by: decider, form: decision, cite: a2}
  change: {L, by: higher, form: decision, replaces: decide_all, cite: a3}
  mend: {L, by: respondent, each: respondent, cite: a4}
  write: {L, by: decider, cite: a5}`, terms: `
  mending: {L, kind: duty, of: respondent, each: respondent, start: decide_all, when: flag, within: 5 days, met_by: mend, cite: a6}
  writing: {L, kind: duty, of: decider, start: decide_all, when: "!flag", within: 5 days, met_by: write, cite: a7}`,
			more: map[string]string{"facts": "facts:\n  flag: {L, type: bool, set_by: [decide_all, change]}", "forms/decision.yaml": measures["forms/decision.yaml"]}, lines: `
			03-02 intake by=clerk decider=bureau respondent=a,b
			03-03 decide_all by=clerk flag=false -> started writing 03-09
			03-05 change by=aide flag=true -> released writing; started mending/a 03-10; started mending/b 03-10`},
	})
}

// revokes: as if it had never been done.
func TestRevokes(t *testing.T) {
	scripts(t, []script{
		{name: "facts, duties, what sleeps, and the doing itself", more: map[string]string{"forms/found.yaml": measures["forms/found.yaml"],
			"facts": "facts:\n  found: {L, type: set, of: measures, per: respondent, set_by: [decide, decide_now]}"}, acts: `
  decide: {L, by: decider, each: respondent, form: found, cite: a2}
  decide_now: {L, by: decider, each: respondent, form: found, counts_as: decide, cite: a9}
  review: {L, by: higher, each: respondent, revokes: decide, cite: a3}
  mend: {L, by: respondent, each: respondent, after: [{act: decide, cite: a10}], cite: a4}
  check: {L, by: decider, each: respondent, needs: [{if: "'warn' in found", cite: a11}], cite: a5}`, terms: `
  mending: {L, kind: duty, of: respondent, each: respondent, start: decide, within: 10 days, met_by: mend, cite: a6}
  leaving: {L, kind: duty, of: respondent, each: respondent, start: [{moment: decide, wait: 5 days}], within: 5 days, met_by: mend, cite: a7}
  on_day: {L, kind: duty, of: respondent, each: respondent, start: decide.day_for, within: 5 days, met_by: mend, cite: a8}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a,b
			03-03 decide/a by=clerk found=warn day_for=2026-03-20 -> started mending/a 03-13
			03-03 decide_now/b by=clerk found=warn -> started mending/b 03-13
			03-03 check/b by=clerk
			03-04 review/a by=aide -> released mending/a
			03-05 check/a by=clerk -> refused not_yet_known a11
			03-05 mend/a by=a -> refused too_early a10
			03-06 review/b by=aide -> released mending/b
			03-07 decide/b by=clerk found=talk -> started mending/b 03-17
			03-31 tick -> started leaving/b 03-17; lapsed mending/b; late mending/b; lapsed leaving/b; late leaving/b`},
		{name: "what ran from its service, and the revocation struck again", acts: `
  letter: {L, by: decider, each: respondent, paper: letter, to: [respondent], cite: a2}
  review: {L, by: higher, each: respondent, revokes: letter, cite: a3}
  appeal: {L, by: respondent, each: respondent, cite: a4}`, terms: `
  appealing: {L, kind: right, of: respondent, each: respondent, start: letter.served, within: 10 days, met_by: appeal, cite: a6}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a
			03-03 letter/a by=clerk
			03-03 letter.served/a by=clerk -> started appealing/a 03-13
			03-04 review/a by=aide -> released appealing/a
			03-05 review.struck/a by=aide staff=mayor reason=x of=4 -> reversed released appealing/a
			03-06 appeal/a by=a -> met appealing/a`},
	})
}

// not_worse_than: not above what that act fixed, whatever came in between.
func TestNotWorse(t *testing.T) {
	const acts = `
  decide: {L, by: decider, each: respondent, repeat: true, form: found, cite: a2}
  review: {L, by: higher, each: respondent, repeat: true, form: found, not_worse_than: [{act: decide, cite: a11}], cite: a3}`
	scripts(t, []script{
		{name: "a set", acts: acts, more: measures, lines: `
			03-02 intake by=clerk decider=bureau respondent=a,b
			03-02 review/b by=aide found=dismiss
			03-03 decide/a by=clerk found=warn
			03-04 review/a by=aide found=dismiss -> refused too_heavy a11
			03-04 review/a by=aide found=talk,dismiss -> refused too_heavy a11
			03-04 review/a by=aide found=talk
			# The bound is what was decided, not what the last review made of it.
			03-05 review/a by=aide found=warn
			03-05 decide/b by=clerk found=dismiss
			03-05 review/b by=aide found=dismiss`},
		{name: "an enumeration on a ladder", acts: acts, more: map[string]string{"facts": "facts:\n  found: {L, type: enum, of: measures, per: respondent, set_by: [decide, review]}",
			"forms/found.yaml": "form: found\nfields:\n  found: {L, type: enum, of: measures, required: true, cite: a21}\n"}, lines: `
			03-02 intake by=clerk decider=bureau respondent=a
			03-03 decide/a by=clerk found=warn
			03-04 review/a by=aide found=dismiss -> refused too_heavy a11
			03-04 review/a by=aide found=warn`},
	})
}

// An act that happened though the rules forbid it is recorded, without effect
// until somebody else confirms it, and then as of its own day.
func TestIrregular(t *testing.T) {
	const acts = `
  hear: {L, by: decider, cite: a2}
  decide: {L, by: decider, after: [{act: hear, cite: a3}], opens: [appeal], cite: a4}
  appeal: {L, by: decider, open: false, after: [{act: decide, cite: a5}], cite: a6}`
	const terms = `
  appealing: {L, kind: duty, of: decider, start: decide, within: 10 days, met_by: appeal, cite: a7}`
	const begin = "03-02 intake by=clerk decider=bureau\n"
	scripts(t, []script{
		{name: "recorded, then confirmed", acts: acts, terms: terms, lines: begin + `
			03-03 decide by=clerk -> refused too_early a3
			03-03 decide by=clerk irregular=it~was~done -> irregular decide
			03-04 appeal by=clerk -> refused not_in_question a6
			03-05 decide.confirmed by=officer reason=x of=2 -> refused not_entitled a30
			03-05 decide.confirmed by=lin of=2 -> refused content_missing a30
			03-05 decide.confirmed by=lin reason=x of=1 -> refused no_such_act a30
			03-06 decide.confirmed by=lin reason=x of=2 -> reversed irregular 2; started appealing 03-13
			03-06 decide.confirmed by=lin reason=x of=2 -> refused no_such_act a30
			03-04@03-06 appeal by=clerk -> met appealing`},
		{name: "confirmed late: what followed from it is folded again", acts: acts, terms: terms, lines: begin + `
			03-03 decide by=clerk irregular=x
			03-20 decide.confirmed by=head reason=x of=2 -> reversed irregular 2; started appealing 03-13; lapsed appealing; late appealing
			03-23 hear by=clerk
			03-12@03-23 appeal by=clerk -> reversed lapsed appealing; reversed late appealing; met appealing`},
		{name: "annulled: it may be done properly", acts: acts, terms: terms, lines: begin + `
			03-03 decide by=clerk irregular=x -> irregular decide
			03-04 decide.annulled by=lin reason=x of=2 -> reversed irregular 2
			03-05 hear by=clerk
			03-05 decide by=clerk -> started appealing 03-16`},
		{name: "not by the one who did it; not what is permitted; not by whom it is not for", acts: acts, terms: terms, lines: begin + `
			03-03 decide by=lin irregular=x -> irregular decide
			03-04 decide.confirmed by=lin reason=x of=2 -> refused same_person a30
			03-11 decide.confirmed by=head reason=x of=2 -> reversed irregular 2; started appealing 03-13
			03-04@03-11 hear by=clerk irregular=x ->
			03-12 appeal by=chief irregular=x -> refused not_entitled a6`,
			check: func(t *testing.T, p *play) {
				for _, e := range p.state.Facts() {
					if e.Act == "hear" && e.Irregular != "" {
						t.Error("a regular act was recorded as irregular")
					}
				}
			}},
		{name: "irregular by a correction: it stands, until it is annulled", acts: acts, terms: terms, lines: begin + `
			03-03 hear by=clerk
			03-04 decide by=officer -> started appealing 03-16
			03-05 appeal by=clerk -> met appealing
			03-06 hear.struck by=clerk staff=third reason=x of=2 -> irregular decide
			03-09 decide.annulled by=lin reason=x of=3 -> reversed started appealing; reversed met appealing; reversed irregular 3; irregular appeal`,
			check: func(t *testing.T, p *play) {
				if n := len(p.state.Irregularities()); n != 1 {
					t.Errorf("%d irregularities", n)
				}
			}},
		{name: "irregular by a correction, and confirmed", acts: acts, terms: terms, lines: begin + `
			03-03 hear by=clerk
			03-04 decide by=officer
			03-06 hear.struck by=clerk staff=third reason=x of=2 -> irregular decide
			03-09 decide.confirmed by=lin reason=x of=3 -> reversed irregular 3
			03-10 appeal by=clerk -> met appealing`},
		{name: "a meeting without quorum", acts: `
  decide: {L, by: meeting.board, cite: a2}`, more: map[string]string{"meetings/board.yaml": board("quorum: {at_least: 2/3, cite: a11}\n")}, lines: `
			03-02 intake by=clerk decider=bureau team=lin,deputy,clerk
			03-03 decide by=clerk meeting=board present=lin -> refused no_quorum a11
			03-03 decide by=clerk meeting=board present=lin irregular=x -> irregular decide
			03-04 decide.confirmed by=lin reason=x of=2 -> reversed irregular 2`},
		{name: "the last of two signatures", acts: `
  agree: {L, by: {jointly: [decider.staff, decider.deputy]}, needs: [{if: done(hear), cite: a3}], cite: a2}
  hear: {L, by: decider, cite: a4}`, lines: begin + `
			03-03 agree by=clerk irregular=x -> refused need_not_met a3
			03-03 hear by=clerk
			03-04 agree by=clerk
			03-05 hear.struck by=clerk staff=third reason=x of=2
			03-05 agree by=deputy irregular=x -> irregular agree
			03-06 agree.confirmed by=lin reason=x of=5 -> reversed irregular 5`},
	})
}

// Deciding does not touch the minutes of a proposal, and what a command holds.
func TestDecideLeavesMinutes(t *testing.T) {
	p := newPlay(t, load(t, packFiles(`
  decide: {L, by: meeting.board, approved_by: {role: higher, cite: a5}, cite: a2}`, "", map[string]string{
		"meetings/board.yaml": "meeting: board\nlabel: {zh: 文, en: text}\nmembers: decider.leadership\nrecord: decider\ncite: a10\nquorum: {at_least: 1, cite: a11}\n"})), china(t), nil)
	p.run(`03-02 intake by=clerk decider=bureau
		03-09 decide by=clerk meeting=board present=deputy`)
	before := text(p.state.Facts())
	c, today, _ := p.command("03-12 decide.approved by=mayor")
	news, r := matter.Decide(p.state, c, p.rules, today)
	if r != nil || news[0].Minutes == nil {
		t.Fatal(r)
	}
	for _, e := range p.state.Facts() {
		if e.Minutes == news[0].Minutes {
			t.Error("the minutes of the proposal are shared")
		}
	}
	if after := text(p.state.Facts()); after != before {
		t.Errorf("%s\n%s", before, after)
	}
}
