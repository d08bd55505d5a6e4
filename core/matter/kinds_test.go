// SPDX-License-Identifier: Apache-2.0

package matter_test

import (
	"fmt"
	"strings"
	"testing"

	"quanze/core/calendar"
	"quanze/core/matter"
)

// A window: not before its first day, not after its last.
func TestWindow(t *testing.T) {
	scripts(t, []script{
		{name: "before, within, after", acts: `
  publish: {L, by: decider, repeat: true, cite: a2}
  object: {L, by: respondent, each: respondent, repeat: true, cite: a3}`, terms: `
  objecting: {L, kind: window, of: respondent, each: respondent, start: publish, wait: 3 working_days, within: 10 days, met_by: object, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a,b
			03-02 publish by=clerk -> started objecting/a 03-12; started objecting/b 03-12
			03-04 object/a by=a -> refused too_early a4
			03-05 object/a by=a -> met objecting/a
			# What was done within it does not shut it, and does not keep it open.
			03-12 object/a by=a
			03-13 tick -> lapsed objecting/b
			03-13 object/a by=a -> refused right_lapsed a4
			03-13 object/b by=b -> refused right_lapsed a4
			# It opens anew; the late entry of what was in time counts.
			03-16 publish by=clerk -> started objecting/a 03-26; started objecting/b 03-26
			03-17 object/b by=b -> refused too_early a4
			03-11@03-18 object/b by=b -> reversed lapsed objecting/b; met objecting/b`,
			check: func(t *testing.T, p *play) {
				c, today, _ := p.command("03-18 object/b by=b")
				if _, r := matter.Decide(p.state, c, p.rules, today); r == nil || r.Day.String() != "2026-03-19" || r.Names[0] != "objecting" {
					t.Errorf("%+v", r)
				}
			}},
		{name: "one that is open lets it be done, whatever else is shut", acts: `
  publish: {L, by: decider, repeat: true, cite: a2}
  object: {L, by: decider, repeat: true, cite: a3}`, terms: `
  objecting: {L, kind: window, of: decider, start: publish, wait: 3 days, met_by: object, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-02 publish by=clerk -> started objecting
			03-06 publish by=clerk -> started objecting
			03-06 object by=clerk -> met objecting; met objecting`},
		{name: "it holds nobody up, and may be extended", acts: `
  publish: {L, by: decider, cite: a2}
  object: {L, by: decider, repeat: true, cite: a3}
  extend: {L, by: decider, cite: a5}
  finish: {L, by: decider, ends: over, cite: a6}`, terms: `
  objecting: {L, kind: window, of: decider, start: publish, within: 3 days, met_by: object, extended_by: {act: extend, by: 2 days, cite: a7}, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-02 publish by=clerk -> started objecting 03-05
			03-03 extend by=clerk -> extended objecting 03-09
			03-03 finish by=clerk -> ended over
			03-04 object by=clerk -> met objecting`},
	})
}

// A period is owed anew in every slot; a missed one is a finding.
func TestPeriod(t *testing.T) {
	const acts = `
  agree: {L, by: decider, repeat: true, cite: a2}
  report: {L, by: decider, repeat: true, cite: a3}
  lift: {L, by: decider, repeat: true, cite: a5}
  finish: {L, by: decider, ends: over, cite: a6}
  drop: {L, by: decider, closes: [report], cite: a7}
  take_up: {L, by: decider, opens: [report], cite: a8}`
	const terms = `
  reporting: {L, kind: period, of: decider, start: agree, every: 1 months, until: lift, met_by: report, on_lapse: {finding: red, cite: a9}, cite: a4}`
	scripts(t, []script{
		{name: "months from the 31st do not drift", acts: acts, terms: terms, lines: `
			01-31 intake by=clerk decider=bureau
			01-31 agree by=clerk -> started reporting 02-28
			02-20 report by=clerk -> met reporting
			# The end of March is counted from January, and the next slot has begun.
			03-01 tick -> started reporting 03-31
			04-01 tick -> lapsed reporting; late reporting; started reporting 04-30
			04-02 report by=clerk -> met reporting
			04-03 report by=clerk ->
			05-05 lift by=clerk -> started reporting 06-01; over reporting
			08-01 tick ->`},
		{name: "each act meets one slot, the oldest first", acts: acts, terms: terms, lines: `
			03-30 intake by=clerk decider=bureau
			03-30 agree by=clerk -> started reporting 04-30
			04-30 report by=clerk -> met reporting
			# 30 May is a Saturday: the slot is due on the Monday, and the next began before.
			05-01 tick -> started reporting 06-01
			05-31 tick -> started reporting 06-30
			06-01 report by=clerk -> met reporting
			06-01 report by=clerk -> met reporting
			06-02 report by=clerk ->`},
		{name: "entered late, and the start corrected", acts: acts, terms: terms, lines: `
			03-02 intake by=clerk decider=bureau
			03-02 agree by=clerk -> started reporting 04-02
			04-03 tick -> lapsed reporting; late reporting; started reporting 05-06
			03-20@04-07 report by=clerk -> reversed lapsed reporting; reversed late reporting; met reporting
			# A slot whose last day was told does not end sooner.
			03-01@04-08 agree.corrected by=clerk staff=officer reason=x of=2 -> reversed started reporting; reversed started reporting; reversed met reporting; started reporting 04-02; extended reporting 04-02; met reporting; started reporting 05-06`},
		{name: "it does not hold up the end, and ends with it", acts: acts, terms: terms, lines: `
			03-02 intake by=clerk decider=bureau
			03-02 agree by=clerk
			03-10 finish by=clerk -> over reporting; ended over
			06-01 tick ->`,
			check: func(t *testing.T, p *play) {
				if a := p.state.Ahead(); len(a) > 0 {
					t.Errorf("%v lies ahead", a)
				}
			}},
		{name: "out of question: released, and not owed until it is opened again", acts: acts, terms: terms, lines: `
			03-02 intake by=clerk decider=bureau
			03-02 agree by=clerk -> started reporting 04-02
			03-10 drop by=clerk -> released reporting
			05-10 take_up by=clerk ->
			06-03 tick -> started reporting 07-02`},
		{name: "stopped: the slot ends later, and those that would begin are passed over", acts: acts + `
  halt: {L, by: decider, stops: {terms: [reporting], how: suspend, until: [go_on], cite: a10}, cite: a11}
  go_on: {L, by: decider, cite: a12}`, terms: terms, lines: `
			03-02 intake by=clerk decider=bureau
			03-02 agree by=clerk -> started reporting 04-02
			03-20 halt by=clerk -> stopped reporting
			05-20 go_on by=clerk -> resumed reporting 06-02
			06-03 tick -> lapsed reporting; late reporting; started reporting 07-02`},
		{name: "of each party, as long as it is in the matter", acts: `
  agree: {L, by: decider, cite: a2}
  report: {L, by: respondent, each: respondent, repeat: true, cite: a3}
  clear: {L, by: decider, each: respondent, ends: cleared, cite: a5}
  lift: {L, by: decider, each: respondent, cite: a6}`, terms: `
  reporting: {L, kind: period, of: respondent, each: respondent, start: agree, every: 10 days, until: lift, met_by: report, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a,b,rector
			03-02 agree by=clerk -> started reporting/a 03-12; started reporting/b 03-12; started reporting/rector 03-12
			03-04 report/a by=a -> met reporting/a
			03-05 clear/b by=clerk -> over reporting/b; ended b cleared
			03-06 lift/rector by=clerk -> over reporting/rector
			03-13 tick -> started reporting/a 03-23`},
		{name: "only in the slots for which the condition holds", more: map[string]string{"facts": "facts:\n  flag: {L, type: bool, set_by: [tell]}"}, acts: `
  tell: {L, by: decider, repeat: true, form: flag, cite: a2}
  report: {L, by: decider, repeat: true, cite: a3}`, terms: `
  reporting: {L, kind: period, of: decider, start: intake, every: 10 days, when: flag, met_by: report, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 tell by=clerk flag=true -> started reporting 03-12
			03-04 report by=clerk -> met reporting
			03-05 tell by=clerk flag=false
			03-13 tick ->
			03-14 tell by=clerk flag=true
			03-23 tick -> started reporting 04-01`},
		{name: "a period of working days", acts: `
  report: {L, by: decider, repeat: true, cite: a3}`, terms: `
  reporting: {L, kind: period, of: decider, start: intake, every: 5 working_days, met_by: report, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau -> started reporting 03-09
			03-09 report by=clerk -> met reporting
			03-10 tick -> started reporting 03-16
			03-30 tick -> lapsed reporting; late reporting; started reporting 03-23; lapsed reporting; late reporting; started reporting 03-30`},
	})
}

// What lies ahead is there for timers to wake on, under names that stay.
func TestAhead(t *testing.T) {
	p := newPlay(t, load(t, packFiles(`
  report: {L, by: decider, repeat: true, cite: a3}
  order: {L, by: decider, repeat: true, form: until, cite: a2}
  obey: {L, by: decider, after: [{act: order.until, cite: a6}], cite: a5}`, `
  reporting: {L, kind: period, of: decider, start: intake, every: 10 days, met_by: report, cite: a4}
  obeying: {L, kind: duty, of: decider, start: [order.until, {moment: report, wait: 3 days}], within: 5 days, met_by: obey, cite: a7}`, nil)), china(t), nil)
	ahead := func() string {
		var out []string
		for _, c := range p.state.Ahead() {
			out = append(out, fmt.Sprintf("%s %s %s", c.Name, c.On.String()[5:], c.Key))
		}
		return strings.Join(out, "; ")
	}
	for _, step := range []struct{ lines, want string }{
		{"03-02 intake by=clerk decider=bureau", "reporting 03-13 reporting@1+2=2026-03-13"},
		{"03-03 order by=clerk until=2026-03-20", "reporting 03-13 reporting@1+2=2026-03-13; order.until 03-20 order.until@3=2026-03-20"},
		{"03-04 obey by=clerk -> refused too_early a6", "reporting 03-13 reporting@1+2=2026-03-13; order.until 03-20 order.until@3=2026-03-20"},
		{"03-05 report by=clerk -> met reporting", "reporting 03-13 reporting@1+2=2026-03-13; order.until 03-20 order.until@3=2026-03-20; obeying 03-08 obeying@4=2026-03-08"},
		{"03-20 obey by=clerk -> started obeying 03-13; started reporting 03-23; lapsed obeying; late obeying; started obeying 03-25; met obeying; met obeying", "reporting 03-23 reporting@1+3=2026-03-23"},
	} {
		p.run(step.lines)
		if got := ahead(); got != step.want {
			t.Errorf("after %s\n  got    %s\n  wanted %s", step.lines, got, step.want)
		}
	}
}

// An effect is an interval that ends; it stands in the way of what it names.
func TestEffect(t *testing.T) {
	const acts = `
  punish: {L, by: decider, each: respondent, repeat: true, cite: a2}
  lift: {L, by: decider, each: respondent, repeat: true, cite: a3}
  revoke: {L, by: higher, each: respondent, revokes: punish, cite: a5}
  free: {L, by: higher, each: respondent, releases: [barred], cite: a6}
  clear: {L, by: decider, each: respondent, ends: cleared, cite: a7}`
	blocked := func(want ...string) func(*testing.T, *play) {
		return func(t *testing.T, p *play) {
			for _, w := range want {
				on, rest, _ := strings.Cut(w, " ")
				d, err := calendar.ParseDate(on)
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, b := range matter.Blocked(p.state, p.rules, d) {
					got = append(got, b.Block+"/"+b.Party+" "+strings.Join(b.Clauses, " "))
				}
				if s := strings.Join(got, "; "); s != rest {
					t.Errorf("on %s: %q, wanted %q", on, s, rest)
				}
			}
			for _, o := range matter.Owed(p.state, p.rules, p.day) {
				if o.Term == "barred" {
					t.Error("an effect is owed")
				}
			}
		}
	}
	scripts(t, []script{
		{name: "lasts", acts: acts, terms: `
  barred: {L, kind: effect, of: respondent, each: respondent, start: punish, lasts: 5 days, until: lift, blocks: [promotion, award], cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a,b
			# It ends on its day, working or not, and outlives the matter.
			03-02 punish/a by=clerk -> started barred/a 03-07
			03-03 punish/b by=clerk -> started barred/b 03-08
			03-04 lift/b by=clerk -> over barred/b
			03-05 clear/a by=clerk -> ended a cleared
			03-05 clear/b by=clerk -> ended b cleared; ended cleared
			03-08 tick -> lapsed barred/a`,
			check: blocked("2026-03-01 ", "2026-03-02 promotion/a toy-a4; award/a toy-a4", "2026-03-03 promotion/a toy-a4; award/a toy-a4; promotion/b toy-a4; award/b toy-a4",
				"2026-03-04 promotion/a toy-a4; award/a toy-a4; promotion/b toy-a4; award/b toy-a4", "2026-03-05 promotion/a toy-a4; award/a toy-a4", "2026-03-07 promotion/a toy-a4; award/a toy-a4", "2026-03-08 ")},
		{name: "to the end of the year", acts: acts, terms: `
  barred: {L, kind: effect, of: respondent, each: respondent, start: punish, until: end_of_year, blocks: promotion, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a
			03-02 punish/a by=clerk -> started barred/a 12-31`, check: blocked("2026-12-31 promotion/a toy-a4", "2027-01-01 ")},
		{name: "whichever comes first", acts: acts, terms: `
  barred: {L, kind: effect, of: respondent, each: respondent, start: punish, lasts: 6 months, until: end_of_year, blocks: promotion, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a
			03-02 punish/a by=clerk -> started barred/a 09-02
			09-03 punish/a by=clerk -> lapsed barred/a; started barred/a 12-31`},
		{name: "for life, until it is lifted", acts: acts, terms: `
  barred: {L, kind: effect, of: respondent, each: respondent, start: punish, lasts: for_life, until: lift, blocks: promotion, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a
			03-02 punish/a by=clerk -> started barred/a
			12-01 lift/a by=clerk -> over barred/a`, check: blocked("2026-11-30 promotion/a toy-a4", "2026-12-02 ")},
		{name: "struck with the act that brought it, as if never done", acts: acts, terms: `
  barred: {L, kind: effect, of: respondent, each: respondent, start: punish, lasts: 1 years, blocks: promotion, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a,b
			03-02 punish/a by=clerk
			03-02 punish/b by=clerk
			03-10 revoke/a by=aide -> struck barred/a
			03-11 free/b by=aide -> released barred/b`, check: blocked("2026-03-05 promotion/b toy-a4", "2026-03-11 promotion/b toy-a4", "2026-03-12 ")},
		{name: "a field says how long; nobody says: it does not last for ever", acts: `
  punish: {L, by: decider, repeat: true, form: lasting, cite: a2}`, terms: `
  barred: {L, kind: effect, of: decider, start: punish, lasts: {set_by: months}, blocks: promotion, cite: a4}`,
			more: map[string]string{"forms/lasting.yaml": "form: lasting\nfields:\n  months: {L, type: limit}\n"}, lines: `
			03-02 intake by=clerk decider=bureau
			03-02 punish by=clerk months=2~months -> started barred 05-02
			03-03 punish by=clerk ->`},
		{name: "the end of the record's own mistake comes sooner", acts: acts, terms: `
  barred: {L, kind: effect, of: respondent, each: respondent, start: punish, lasts: 5 days, blocks: promotion, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a
			03-04 punish/a by=clerk -> started barred/a 03-09
			03-03@03-05 punish.corrected/a by=clerk staff=officer reason=x of=2 -> reversed started barred/a; started barred/a 03-08`},
		{name: "until a day that the act itself names", acts: `
  punish: {L, by: decider, form: until, cite: a2}`, terms: `
  barred: {L, kind: effect, of: decider, start: punish, until: punish.until, blocks: promotion, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-02 punish by=clerk until=2026-03-20 -> started barred
			03-20 tick -> over barred`},
		{name: "lifted before it began", acts: `
  punish: {L, by: decider, cite: a2}
  lift: {L, by: decider, cite: a3}`, terms: `
  barred: {L, kind: effect, of: decider, start: [{moment: punish, wait: 5 days}], lasts: for_life, until: lift, blocks: promotion, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-02 punish by=clerk ->
			03-04 lift by=clerk ->
			03-30 tick ->`},
	})
}

// A start may wait, may lie ahead, and may be an expression that turns true.
func TestStarts(t *testing.T) {
	flag := map[string]string{"facts": "facts:\n  flag: {L, type: bool, per: respondent, set_by: [tell]}\n  common: {L, type: bool, set_by: [say]}",
		"forms/common.yaml": "form: common\nfields:\n  common: {L, type: bool}\n"}
	const tell = `
  tell: {L, by: decider, each: respondent, repeat: true, form: flag, cite: a2}
  say: {L, by: decider, repeat: true, form: common, cite: a6}
  act_on: {L, by: decider, each: respondent, repeat: true, cite: a3}
  name_one: {L, by: decider, repeat: true, binds: [respondent], cite: a7}`
	scripts(t, []script{
		{name: "becomes: the rising edge, party by party", more: flag, acts: tell, terms: `
  acting: {L, kind: duty, of: decider, each: respondent, start: [{becomes: flag, cite: a5}], within: 5 days, met_by: act_on, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a,b
			03-03 tell/a by=clerk flag=true -> started acting/a 03-09
			03-04 tell/a by=clerk flag=true ->
			03-04 tell/b by=clerk flag=false ->
			03-05 act_on/a by=clerk -> met acting/a
			03-05 tell/a by=clerk flag=false ->
			03-06 tell/a by=clerk flag=true -> started acting/a 03-11
			03-06 tell/a by=clerk flag=false ->
			03-06 tell/a by=clerk flag=true -> started acting/a 03-11
			03-09 tell/b by=clerk flag=true -> started acting/b 03-16`},
		{name: "becomes: a correction takes one edge away and leaves the others", more: flag, acts: tell, terms: `
  acting: {L, kind: duty, of: decider, each: respondent, start: [{becomes: flag}], within: 5 days, met_by: act_on, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a
			03-03 tell/a by=clerk flag=true -> started acting/a 03-09
			03-05 tell/a by=clerk flag=false ->
			03-06 tell/a by=clerk flag=true -> started acting/a 03-11
			03-07 tell.struck/a by=clerk staff=officer reason=x of=2 -> reversed started acting/a
			03-08 tell.struck/a by=clerk staff=officer reason=x of=4 -> reversed started acting/a`},
		{name: "becomes: for one who is bound when it holds already, and a wait", more: flag, acts: tell, terms: `
  acting: {L, kind: duty, of: decider, each: respondent, start: [{becomes: "common && !done(act_on)", wait: 2 days}], within: 5 days, met_by: act_on, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a
			03-03 say by=clerk common=true ->
			03-04 name_one by=clerk respondent=b ->
			03-09 tick -> started acting/a 03-10; started acting/b 03-11
			03-10 act_on/a by=clerk -> met acting/a
			03-12 tick -> lapsed acting/b; late acting/b`},
		{name: "a condition of a party's term asks about that party", more: flag, acts: tell, terms: `
  acting: {L, kind: duty, of: decider, each: respondent, start: say, when: "!done(act_on)", within: 5 days, met_by: act_on, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a,b
			03-03 act_on/a by=clerk ->
			03-04 say by=clerk -> started acting/b 03-09`},
		{name: "in force next month: the duty sleeps, and holds up the end", acts: `
  order: {L, by: decider, repeat: true, form: until, cite: a2}
  obey: {L, by: decider, repeat: true, cite: a3}
  finish: {L, by: decider, ends: over, cite: a5}`, terms: `
  obeying: {L, kind: duty, of: decider, start: order.until, within: 5 days, met_by: obey, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 order by=clerk until=2026-03-16 ->
			03-04 obey by=clerk ->
			03-05 finish by=clerk ->
			03-16 tick -> started obeying 03-23
			03-17 obey by=clerk -> met obeying; ended over`},
		{name: "released in its sleep", acts: `
  order: {L, by: decider, repeat: true, form: until, cite: a2}
  obey: {L, by: decider, repeat: true, cite: a3}
  note: {L, by: decider, repeat: true, cite: a6}
  finish: {L, by: decider, ends: over, releases: all, cite: a5}`, terms: `
  obeying: {L, kind: duty, of: decider, start: order.until, within: 5 days, met_by: obey, cite: a4}
  waiting: {L, kind: duty, of: decider, start: [{moment: note, wait: 5 days}], within: 5 days, met_by: obey, cite: a7}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 order by=clerk until=2026-03-16 ->
			03-03 note by=clerk ->
			03-05 finish by=clerk -> ended over
			03-31 tick ->`},
		{name: "what the ending act itself fixes for later stands", acts: `
  finish: {L, by: decider, form: until, ends: over, cite: a5}
  obey: {L, by: decider, cite: a3}`, terms: `
  obeying: {L, kind: duty, of: decider, start: finish.until, within: 5 days, met_by: obey, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-05 finish by=clerk until=2026-03-16 -> ended over
			03-17 obey by=clerk -> started obeying 03-23; met obeying`},
		{name: "a day in the past comes at once; put to redo, the old day does not come", acts: `
  order: {L, by: decider, form: until, cite: a2}
  back: {L, by: decider, redo: [order], repeat: true, cite: a6}
  obey: {L, by: decider, repeat: true, after: [{act: order.until, cite: a7}], cite: a3}`, terms: `
  obeying: {L, kind: duty, of: decider, start: order.until, within: 5 days, met_by: obey, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-04 order by=clerk until=2026-03-03 -> started obeying 03-09
			03-05 obey by=clerk -> met obeying
			03-06 back by=clerk ->
			03-06 obey by=clerk -> refused too_early a7
			03-06 order by=clerk until=2026-03-20 ->
			03-09 back by=clerk ->
			03-10 order by=clerk until=2026-04-01 ->
			03-25 tick ->
			04-01 tick -> started obeying 04-07
			04-02 order.corrected by=clerk staff=officer reason=x of=7 until=2026-04-08 -> reversed started obeying`},
		{name: "a wait", acts: `
  put_out: {L, by: decider, cite: a2}
  review: {L, by: decider, cite: a3}`, terms: `
  reviewing: {L, kind: duty, of: decider, start: [{moment: put_out, wait: 1 months}], within: 10 days, met_by: review, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-02 put_out by=clerk ->
			03-10 review by=clerk ->
			04-02 tick -> started reviewing 04-13`},
		{name: "from which moment, the jurisdiction says", local: map[string]string{"from": "publish@03-10"},
			more: map[string]string{"locals": "  from: {L, type: choice, cite: a1, options: {decide: {zh: 文, en: text}, publish: {zh: 文, en: text}}}"}, acts: `
  decide: {L, by: decider, repeat: true, cite: a2}
  publish: {L, by: decider, repeat: true, cite: a3}
  review: {L, by: decider, repeat: true, cite: a5}`, terms: `
  reviewing: {L, kind: duty, of: decider, start: local.from, within: 10 days, met_by: review, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-02 decide by=clerk ->
			03-03 publish by=clerk ->
			03-11 decide by=clerk ->
			03-12 publish by=clerk -> started reviewing 03-23`, check: unset("from")},
		{name: "a value acts from its day; what began keeps what it began with", local: map[string]string{"span": "5 days@03-04, 2 days@03-06"}, acts: `
  ask: {L, by: decider, repeat: true, cite: a2}
  answer: {L, by: decider, cite: a3}`, terms: `
  answering: {L, kind: duty, of: decider, start: ask, within: {local: span}, met_by: answer, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 ask by=clerk ->
			03-05 ask by=clerk -> started answering 03-10
			03-06 ask by=clerk -> started answering 03-09
			03-09 tick ->`, check: unset("span")},
		{name: "a condition over what nobody has set", local: map[string]string{"strict": "true@03-04"},
			more: map[string]string{"locals": "  strict: {L, type: bool, cite: a9}"}, acts: `
  ask: {L, by: decider, repeat: true, cite: a2}
  answer: {L, by: decider, needs: [{if: local.strict, cite: a5}], cite: a3}
  other: {L, by: decider, when: local.strict, cite: a6}
  last: {L, by: decider, after: [{act: answer, when: local.strict, cite: a7}], cite: a8}`, terms: `
  answering: {L, kind: duty, of: decider, start: ask, when: local.strict, within: 5 days, met_by: answer, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 ask by=clerk ->
			03-03 answer by=clerk -> refused local_unset a9
			03-03 other by=clerk -> refused local_unset a9
			03-03 last by=clerk -> refused local_unset a9
			03-04 last by=clerk -> refused too_early a7
			03-04 ask by=clerk -> started answering 03-09
			03-04 other by=clerk ->
			03-04 answer by=clerk -> met answering`, check: unset("strict")},
		{name: "who, the jurisdiction says", local: map[string]string{"approver": "decider.principal@03-05"},
			more: map[string]string{"locals": "  approver: {L, type: role, cite: a9, options: {decider.principal: {zh: 文, en: text}, higher: {zh: 文, en: text}}}"}, acts: `
  plan: {L, by: decider, approved_by: local.approver, cite: a2}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 plan by=clerk
			03-04 plan.approved by=lin -> refused local_unset a9
			03-05 plan.approved by=mayor -> refused not_entitled a2
			03-05 plan.approved by=lin`},
	})
}

// unset tests which local parameters a rule waited for in vain.
func unset(want ...string) func(*testing.T, *play) {
	return func(t *testing.T, p *play) {
		if got := strings.Join(p.state.Unset(), " "); got != strings.Join(want, " ") {
			t.Errorf("unset: %q", got)
		}
	}
}
