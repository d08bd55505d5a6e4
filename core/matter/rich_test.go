// SPDX-License-Identifier: Apache-2.0

package matter_test

import (
	"testing"

	"pgregory.net/rapid"

	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

// rich is a small pack with one of each of the words that busy has not.
func rich(tb testing.TB) *rulepack.Pack {
	return load(tb, packFiles(`
  name_one: {L, by: decider, repeat: true, binds: [respondent], cite: a2}
  tell: {L, by: decider, each: respondent, repeat: true, form: tell, cite: a3}
  report: {L, by: decider, repeat: true, cite: a4}
  extend: {L, by: decider, repeat: true, form: extra, cite: a5}
  halt: {L, by: decider, repeat: true, stops: {terms: [reporting, hearing, monthly], how: suspend, until: [go_on], cite: a6}, cite: a7}
  expert: {L, by: decider, repeat: true, form: until, stops: {terms: [reporting, objecting], how: exclude, until: [expert.until], cite: a8}, cite: a9}
  anew: {L, by: respondent, each: respondent, repeat: true, stops: {terms: [hearing], how: interrupt, until: [hear], cite: a10}, cite: a11}
  sick: {L, by: decider, each: respondent, repeat: true, stops: {matter: true, how: suspend, until: [well], meanwhile: [tell], cite: a12}, cite: a13}
  well: {L, by: decider, each: respondent, repeat: true, cite: a14}
  pause: {L, by: decider, repeat: true, stops: {matter: true, how: suspend, until: [go_on], meanwhile: [tell, report], cite: a12}, cite: a13}
  go_on: {L, by: decider, repeat: true, cite: a15}
  hear: {L, by: decider, each: respondent, repeat: true, cite: a16}
  bad: {L, by: decider, each: respondent, repeat: true, cite: a17}
  object: {L, by: respondent, each: respondent, repeat: true, modality: may, cite: a18}
  decide: {L, by: meeting.board, each: respondent, form: found, repeat: true, after: [{act: hear, cite: a19}], cite: a20, outcomes: {hard: {L}, soft: {L}, back: {L, redo: [hear, decide]}}}
  review: {L, by: higher, each: respondent, form: found, repeat: true, after: [{act: decide, cite: a21}], not_worse_than: [{act: decide, cite: a22}], replaces: decide, cite: a23}
  undo: {L, by: higher, each: respondent, repeat: true, after: [{act: decide, cite: a21}], revokes: decide, cite: a24}
  lift: {L, by: higher, each: respondent, repeat: true, cite: a25}
  agree: {L, by: {jointly: [decider.staff, higher, decider.deputy]}, repeat: true, approved_by: {role: decider.principal, cite: a26}, cite: a27}
  both: {L, by: {jointly: [decider, higher.principal]}, each: respondent, repeat: true, needs: [{if: "grave || local.lenient", cite: a28}], cite: a29}
  clear: {L, by: decider, each: respondent, ends: cleared, cite: a30}
  finish: {L, by: decider, needs: [{if: "!lapsed(reporting)", cite: a1}], ends: over, releases: all, cite: a2}`, `
  reporting: {L, kind: duty, of: decider, start: [intake, tell], within: 8 days, met_by: report, extended_by: {act: extend, by: {set_by: extra}, total: 40 days, cite: a1}, cite: a2}
  hearing: {L, kind: duty, of: decider, each: respondent, start: [{becomes: grave, cite: a3}, {moment: name_one, wait: 3 days}], within: 6 working_days, met_by: hear, undone_by: bad, cite: a4}
  objecting: {L, kind: window, of: respondent, each: respondent, start: tell, wait: 2 days, within: 9 days, met_by: object, cite: a5}
  monthly: {L, kind: period, of: decider, start: go_on, every: 9 days, until: finish, met_by: report, on_lapse: {finding: red, cite: a6}, cite: a7}
  weekly: {L, kind: period, of: respondent, each: respondent, start: hear, every: 1 weeks, until: lift, met_by: object, cite: a8}
  barred: {L, kind: effect, of: respondent, each: respondent, start: [decide.hard, {moment: decide.soft, when: "'warn' in found"}], lasts: {set_by: days_for}, until: [lift, end_of_year], blocks: [promotion, award], cite: a9}
  mending: {L, kind: duty, of: respondent, each: respondent, start: [{moment: decide, when: "'talk' in found"}], within: {set_by: days_for}, met_by: object, cite: a10}
  later_on: {L, kind: duty, of: decider, start: expert.until, within: 4 days, met_by: go_on, cite: a11}
  open_one: {L, kind: duty, of: decider, start: halt, within: {local: span}, met_by: go_on, cite: a12}`,
		map[string]string{
			"facts": recusalWith("substitute: higher, meanwhile: stands_aside")["facts"] + `
facts:
  harm: {L, type: int, per: respondent, set_by: [tell]}
  grave: {L, type: bool, from: weigh}
  found: {L, type: set, of: measures, per: respondent, set_by: [decide, review]}`,
			"locals":              "  lenient: {L, type: bool, cite: a9}",
			"forms/tell.yaml":     "form: tell\nfields:\n  harm: {L, type: int}\n",
			"forms/found.yaml":    "form: found\nfields:\n  found: {L, type: set, of: measures, required: true, cite: a21}\n  days_for: {L, type: limit}\n",
			"tables/weigh.yaml":   "table: weigh\ntitle: {zh: 文, en: text}\nhit: first\ncite: a20\ninputs: {harm: {type: int}}\ngives: {grave: {type: bool}}\nrows:\n  - {when: {harm: \">= 7\"}, gives: {grave: true}, cite: a11}\n  - {gives: {grave: false}, cite: a12}\n",
			"meetings/board.yaml": "meeting: board\nlabel: {zh: 文, en: text}\nmembers: decider.leadership\nrecord: decider\ncite: a10\nrecuse: {base: leave, cite: a13}\nquorum: {at_least: 1/2, of: members, cite: a11}\nspeak: {last: decider.principal, cite: a14}\nvote: {reasons: required, pass: {more_than: 1/2, of: present}, cite: a12}\n",
		}))
}

// richly adds to a random command what only the words of rich need: minutes, a
// record against the rules, the settling of one.
func (c *course) richly(t *rapid.T, cmd *matter.Command) {
	a := c.rules.Procedure.Act(cmd.Act)
	if c.rules.Procedure.Recusal == nil || a == nil {
		return
	}
	pick := func(n int, what string) int { return rapid.IntRange(0, n-1).Draw(t, what) }
	if cmd.Irregular = pick(4, "irregular") == 0; cmd.Irregular && pick(3, "settle") == 0 {
		if open := c.state.At(c.rules, c.day).Irregularities(); len(open) > 0 {
			e := open[pick(len(open), "which")]
			*cmd = matter.Command{Act: e.Act, Party: e.Party, Target: e.Target, On: c.day, Actor: cmd.Actor, Reason: "x", Moment: matter.Confirmed}
			if pick(2, "annul") == 0 {
				cmd.Moment = matter.Annulled
			}
			cmd.Actor = []org.PersonID{"lin", "head", cmd.Actor}[pick(3, "settler")]
			return
		}
	}
	if len(a.Meetings) == 0 || pick(8, "without minutes") == 0 {
		return
	}
	m := &matter.Minutes{Meeting: a.Meetings[0].ID}
	for _, p := range matter.Roll(c.state, c.rules, a.Meetings[0], a, cmd.Party, cmd.On) {
		if pick(6, "absent") == 0 {
			continue
		}
		m.Present, m.Last = append(m.Present, p), p
		m.Votes = append(m.Votes, matter.Vote{Person: p, Option: []string{rulepack.Agree, rulepack.Agree, rulepack.Disagree}[pick(3, "vote")], Reason: "x"})
	}
	if len(m.Present) > 0 {
		m.Last = m.Present[0]
	}
	cmd.Minutes = m
}

// richPrefix leads a matter of rich some way along a plain course.
func (c *course) richPrefix(t *rapid.T) {
	hard := map[string]expr.Value{"found": expr.OfSet("warn", "talk"), "days_for": expr.OfText("9 days")}
	soft := map[string]expr.Value{"found": expr.OfSet("talk"), "days_for": expr.OfText("4 days")}
	minutes := &matter.Minutes{Meeting: "board", Present: []org.PersonID{"lin", "deputy"}, Last: "lin",
		Votes: []matter.Vote{{Person: "lin", Option: rulepack.Agree, Reason: "x"}, {Person: "deputy", Option: rulepack.Agree, Reason: "x"}}}
	c.follow(t, []matter.Command{
		{Act: "intake", Binds: map[string][]matter.Ref{"decider": {{Unit: "bureau"}}, "respondent": {{Person: "a"}, {Person: "b"}}}},
		{Act: "tell", Party: "a", Fields: map[string]expr.Value{"harm": expr.OfInt(8)}},
		{Act: "hear", Party: "a"},
		{Act: "hear", Party: "b"},
		{Act: "decide", Party: "a", Outcome: "hard", Fields: hard, Minutes: minutes},
		{Act: "agree"},
		{Act: "both", Party: "a"},
		{Act: "decide", Party: "b", Outcome: "soft", Fields: soft, Minutes: minutes},
		{Act: "review", Party: "a", Actor: "aide", Fields: soft},
		{Act: "agree", Actor: "mayor"},
		{Act: "undo", Party: "b", Actor: "aide"},
		{Act: "ask_recusal", Party: "", Actor: "a", Fields: map[string]expr.Value{"recusal_about": expr.OfSet("officer"), "recusal_ground": expr.OfText("x")}},
	})
}
