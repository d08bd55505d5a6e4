// SPDX-License-Identifier: Apache-2.0

package matter_test

import "testing"

// A stop holds what it names; days after it, up to and including the
// resumption, do not count.
func TestStops(t *testing.T) {
	const report = `
  report: {L, by: decider, cite: a2}
  halt: {L, by: decider, repeat: true, stops: {terms: [reporting], how: %s, until: [go_on], cite: a5}, cite: a6}
  go_on: {L, by: decider, repeat: true, cite: a7}
  extend: {L, by: decider, repeat: true, form: extra, cite: a3}
  other: {L, by: decider, repeat: true, cite: a8}`
	const reporting = `
  reporting: {L, kind: duty, of: decider, start: intake, within: 10 days, met_by: report, extended_by: {act: extend, by: {set_by: extra}, total: 30 days, cite: a9}, cite: a4}`
	suspend, exclude, interrupt := how(report, "suspend"), how(report, "exclude"), how(report, "interrupt")
	scripts(t, []script{
		{name: "suspended: the rest runs on, and what would meet it may not be done", acts: suspend, terms: reporting, lines: `
			03-02 intake by=clerk decider=bureau -> started reporting 03-12
			03-05 halt by=clerk -> stopped reporting
			03-06 report by=clerk -> refused is_stopped a5
			03-06 other by=clerk ->
			03-06 extend by=clerk extra=5~days -> refused is_stopped a9
			03-30 tick ->
			03-31 go_on by=clerk -> resumed reporting 04-07
			04-01 go_on by=clerk ->
			04-08 tick -> lapsed reporting; late reporting`},
		{name: "excluded: it runs on, and the days do not count", acts: exclude, terms: reporting, lines: `
			03-02 intake by=clerk decider=bureau
			03-05 halt by=clerk -> stopped reporting
			03-06 extend by=clerk extra=5~days -> extended reporting 03-17
			03-09 go_on by=clerk -> resumed reporting 03-23
			03-10 report by=clerk -> met reporting`},
		{name: "met while excluded, undone when it is over", acts: exclude + "\n  bad: {L, by: decider, repeat: true, cite: a10}", terms: `
  reporting: {L, kind: duty, of: decider, start: intake, within: 10 days, met_by: report, undone_by: bad, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-05 halt by=clerk -> stopped reporting
			03-06 report by=clerk -> met reporting
			03-09 go_on by=clerk ->
			03-10 bad by=clerk -> started reporting 03-16
			03-11 halt by=clerk -> stopped reporting
			03-12 go_on by=clerk -> resumed reporting 03-17`},
		{name: "met and undone while it stands", acts: exclude + "\n  bad: {L, by: decider, repeat: true, cite: a10}", terms: `
  reporting: {L, kind: duty, of: decider, start: intake, within: 10 days, met_by: report, undone_by: bad, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-05 halt by=clerk -> stopped reporting
			03-06 report by=clerk -> met reporting
			03-20 bad by=clerk -> started reporting 03-12
			03-23 go_on by=clerk -> resumed reporting 03-30`},
		{name: "interrupted: the length starts anew, and nothing is forbidden", acts: interrupt, terms: reporting, lines: `
			03-02 intake by=clerk decider=bureau
			03-11 halt by=clerk -> stopped reporting
			03-20 go_on by=clerk -> resumed reporting 03-30
			03-23 halt by=clerk -> stopped reporting
			03-24 report by=clerk -> met reporting`},
		{name: "stopped on its last day and resumed: no limit ends on a held day", acts: suspend, terms: reporting, lines: `
			03-02 intake by=clerk decider=bureau
			03-12 halt by=clerk -> stopped reporting
			03-17 go_on by=clerk -> resumed reporting 03-18`},
		{name: "stopped and resumed on a day: nothing is held", acts: suspend, terms: reporting, lines: `
			03-02 intake by=clerk decider=bureau
			03-05 halt by=clerk -> stopped reporting
			03-05 go_on by=clerk -> resumed reporting 03-12`},
		{name: "what is late stays late", acts: suspend, terms: reporting, lines: `
			03-02 intake by=clerk decider=bureau
			03-13 tick -> lapsed reporting; late reporting
			03-16 halt by=clerk ->
			03-17 report by=clerk -> met reporting`},
		{name: "extended, then stopped, then extended", acts: suspend, terms: reporting, lines: `
			03-02 intake by=clerk decider=bureau -> started reporting 03-12
			03-03 extend by=clerk extra=5~days -> extended reporting 03-17
			03-05 halt by=clerk -> stopped reporting
			03-09 go_on by=clerk -> resumed reporting 03-23
			03-10 extend by=clerk extra=16~days -> refused cap_reached a9
			03-10 extend by=clerk extra=15~days -> extended reporting 04-07`},
		{name: "extended to a day: it moves by the days held since", acts: `
  report: {L, by: decider, cite: a2}
  halt: {L, by: decider, repeat: true, stops: {terms: [reporting], how: suspend, until: [go_on], cite: a5}, cite: a6}
  go_on: {L, by: decider, repeat: true, cite: a7}
  extend: {L, by: decider, repeat: true, form: until, cite: a3}`, terms: `
  reporting: {L, kind: duty, of: decider, start: intake, within: 10 days, met_by: report, extended_by: {act: extend, by: {set_by: until}, cite: a9}, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 halt by=clerk
			03-05 go_on by=clerk -> resumed reporting 03-16
			03-06 extend by=clerk until=2026-03-31 -> extended reporting 03-31
			03-09 halt by=clerk
			03-11 go_on by=clerk -> resumed reporting 04-02`},
		{name: "no clock to stop, yet nothing to be done", acts: suspend, terms: `
  reporting: {L, kind: duty, of: decider, start: intake, met_by: report, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau -> started reporting
			03-05 halt by=clerk -> stopped reporting
			03-06 report by=clerk -> refused is_stopped a5
			03-31 go_on by=clerk -> resumed reporting
			04-01 report by=clerk -> met reporting`},
		{name: "in working days", acts: suspend, terms: `
  reporting: {L, kind: duty, of: decider, start: intake, within: 5 working_days, met_by: report, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau -> started reporting 03-09
			03-04 halt by=clerk
			03-07 go_on by=clerk -> resumed reporting 03-11`},
	})
}

// Two stops at once: the union is taken out, and it runs once both have ended.
func TestStopsOverlap(t *testing.T) {
	acts := func(second string) string {
		return `
  report: {L, by: decider, cite: a2}
  halt: {L, by: decider, stops: {terms: [reporting], how: exclude, until: [go_on], cite: a5}, cite: a6}
  go_on: {L, by: decider, cite: a7}
  bar: {L, by: decider, stops: {terms: [reporting], how: ` + second + `, until: [free], cite: a8}, cite: a9}
  free: {L, by: decider, cite: a10}`
	}
	const terms = `
  reporting: {L, kind: duty, of: decider, start: intake, within: 10 days, met_by: report, cite: a4}`
	scripts(t, []script{
		{name: "crossing", acts: acts("suspend"), terms: terms, lines: `
			03-02 intake by=clerk decider=bureau
			03-04 halt by=clerk -> stopped reporting
			03-06 bar by=clerk -> stopped reporting
			03-09 go_on by=clerk ->
			03-10 report by=clerk -> refused is_stopped a8
			03-16 free by=clerk -> resumed reporting 03-24`},
		{name: "one within the other", acts: acts("suspend"), terms: terms, lines: `
			03-02 intake by=clerk decider=bureau
			03-04 halt by=clerk -> stopped reporting
			03-05 bar by=clerk -> stopped reporting
			03-06 free by=clerk ->
			03-06 report by=clerk -> met reporting`},
		{name: "an interruption within a stop starts it anew all the same", acts: acts("interrupt"), terms: terms, lines: `
			03-02 intake by=clerk decider=bureau
			03-04 halt by=clerk -> stopped reporting
			03-05 bar by=clerk -> stopped reporting
			03-06 free by=clerk ->
			03-20 go_on by=clerk -> resumed reporting 03-30`},
		{name: "recorded late, the one that ended first", acts: acts("suspend"), terms: terms, lines: `
			03-02 intake by=clerk decider=bureau
			03-04 halt by=clerk -> stopped reporting
			03-06 bar by=clerk -> stopped reporting
			03-16 free by=clerk ->
			03-09@03-18 go_on by=clerk -> resumed reporting 03-24`},
	})
}

// A stop's record may be late or wrong: what holds is folded again, and nobody
// is late by that who was told that his term stands still.
func TestStopsRecordedLate(t *testing.T) {
	const acts = `
  report: {L, by: decider, cite: a2}
  halt: {L, by: decider, repeat: true, stops: {terms: [reporting], how: exclude, until: [go_on], cite: a5}, cite: a6}
  go_on: {L, by: decider, repeat: true, cite: a7}`
	const terms = `
  reporting: {L, kind: duty, of: decider, start: intake, within: 10 days, met_by: report, cite: a4}`
	scripts(t, []script{
		{name: "a stop entered after the lapse takes the finding back", acts: acts, terms: terms, lines: `
			03-02 intake by=clerk decider=bureau
			03-16 tick -> lapsed reporting; late reporting
			03-05@03-17 halt by=clerk -> reversed lapsed reporting; reversed late reporting; stopped reporting
			03-18 go_on by=clerk -> resumed reporting 03-25`},
		{name: "a resumption entered late counts from its own day", acts: acts, terms: terms, lines: `
			03-02 intake by=clerk decider=bureau
			03-05 halt by=clerk
			03-09@03-11 go_on by=clerk -> resumed reporting 03-16`},
		{name: "entered when its day has passed: this day is the last, and the lateness is the recorder's", acts: acts, terms: terms, lines: `
			03-02 intake by=clerk decider=bureau
			03-05 halt by=clerk
			03-09@03-20 go_on by=officer -> extended reporting 03-20; resumed reporting 03-20
			03-23 tick -> lapsed reporting; late_entry reporting`},
		{name: "done in time while it stood, whatever is entered of the resumption", acts: acts, terms: terms, lines: `
			03-02 intake by=clerk decider=bureau
			03-05 halt by=clerk
			03-18 report by=clerk -> met reporting
			03-06@03-20 go_on by=clerk -> extended reporting 03-18; resumed reporting 03-18`},
		{name: "the stop is struck: not late before this day", acts: acts, terms: terms, lines: `
			03-02 intake by=clerk decider=bureau
			03-05 halt by=clerk
			03-20 halt.struck by=clerk staff=officer reason=x of=2 -> reversed stopped reporting; extended reporting 03-20
			03-21 tick -> lapsed reporting; late reporting`},
		{name: "the stop is struck when what it held was done", acts: acts, terms: terms, lines: `
			03-02 intake by=clerk decider=bureau
			03-05 halt by=clerk
			03-18 report by=clerk
			03-20 halt.struck by=clerk staff=officer reason=x of=2 -> reversed stopped reporting; extended reporting 03-18`},
		{name: "the stop is struck after it ended: the day that was told stays", acts: acts, terms: terms, lines: `
			03-02 intake by=clerk decider=bureau
			03-05 halt by=clerk
			03-09 go_on by=clerk -> resumed reporting 03-16
			03-10 halt.struck by=clerk staff=officer reason=x of=2 -> reversed stopped reporting; reversed resumed reporting; extended reporting 03-16
			03-16 report by=clerk -> met reporting`},
		{name: "the stop is corrected to a later day", acts: acts, terms: terms, lines: `
			03-02 intake by=clerk decider=bureau
			03-05 halt by=clerk
			03-10@03-11 halt.corrected by=clerk staff=officer reason=x of=2 ->
			03-12 go_on by=clerk -> resumed reporting 03-16`},
		{name: "the stop is corrected to a day after the resumption: it stands", acts: acts, terms: terms, lines: `
			03-02 intake by=clerk decider=bureau
			03-05 halt by=clerk
			03-06 go_on by=clerk -> resumed reporting 03-13
			03-09@03-10 halt.corrected by=clerk staff=officer reason=x of=2 -> reversed resumed reporting
			03-20 go_on by=clerk -> resumed reporting 03-23`},
		{name: "late entry before the stop, and an act within it", acts: acts + `
  ask: {L, by: decider, repeat: true, cite: a8}`, terms: `
  reporting: {L, kind: duty, of: decider, start: ask, within: 10 days, met_by: report, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-05 halt by=clerk ->
			03-04@03-09 ask by=clerk -> started reporting 03-16; stopped reporting
			03-06@03-09 ask by=clerk -> started reporting 03-16; stopped reporting
			03-12 go_on by=clerk -> resumed reporting 03-23; resumed reporting 03-23`},
	})
}

// A stop of the whole matter, of one party's part, and what may be done
// meanwhile.
func TestStopsOfTheMatter(t *testing.T) {
	scripts(t, []script{
		{name: "the matter, and what is listed", acts: `
  report: {L, by: decider, cite: a2}
  note: {L, by: decider, repeat: true, cite: a3}
  halt: {L, by: decider, stops: {matter: true, how: suspend, until: [go_on], meanwhile: [ask_police], cite: a5}, cite: a6}
  ask_police: {L, by: decider, repeat: true, cite: a8}
  answer: {L, by: decider, repeat: true, cite: a9}
  go_on: {L, by: decider, cite: a7}
  letter: {L, by: decider, paper: letter, to: [decider], cite: a12}`, terms: `
  reporting: {L, kind: duty, of: decider, start: intake, within: 10 days, met_by: report, cite: a4}
  asking: {L, kind: duty, of: decider, start: ask_police, within: 3 days, met_by: go_on, cite: a10}
  marked: {L, kind: effect, of: decider, start: intake, lasts: 20 days, blocks: award, cite: a11}
  reading: {L, kind: right, of: decider, start: letter.served, within: 3 days, met_by: note, cite: a13}`, lines: `
			03-02 intake by=clerk decider=bureau -> started reporting 03-12; started marked 03-22
			03-03 letter by=clerk ->
			03-04 halt by=clerk -> stopped reporting
			03-05 note by=clerk -> refused is_stopped a5
			03-05 report by=clerk -> refused is_stopped a5
			# What may be done meanwhile brings terms that run; what is served stands still.
			03-05 ask_police by=clerk -> started asking 03-09
			03-06 letter.served by=clerk -> started reading 03-09; stopped reading
			03-24 tick -> lapsed asking; late asking; lapsed marked
			03-25 go_on by=clerk -> resumed reporting 04-02; resumed reading 03-30; met asking`},
		{name: "one party's part", acts: `
  hear: {L, by: decider, each: respondent, cite: a2}
  sick: {L, by: decider, each: respondent, stops: {matter: true, how: suspend, until: [well], cite: a5}, cite: a6}
  well: {L, by: decider, each: respondent, cite: a7}
  report: {L, by: decider, cite: a8}`, terms: `
  hearing: {L, kind: duty, of: decider, each: respondent, start: intake, within: 10 days, met_by: hear, cite: a4}
  reporting: {L, kind: duty, of: decider, start: intake, within: 10 days, met_by: report, cite: a9}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a,b
			03-04 sick/a by=clerk -> stopped hearing/a
			03-05 hear/a by=clerk -> refused is_stopped a5
			03-05 hear/b by=clerk -> met hearing/b
			03-05 report by=clerk -> met reporting
			03-06 well/b by=clerk ->
			03-16 well/a by=clerk -> resumed hearing/a 03-24
			03-17 hear/a by=clerk -> met hearing/a`},
		{name: "one party's act holds a common term that it names; until all are heard", acts: `
  carry_out: {L, by: decider, cite: a2}
  appeal: {L, by: respondent, each: respondent, stops: {terms: [execution], how: suspend, until: [review], cite: a5}, cite: a6}
  review: {L, by: higher, each: respondent, after: [appeal], cite: a7}`, terms: `
  execution: {L, kind: duty, of: decider, start: intake, within: 10 days, met_by: carry_out, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a,b
			03-04 appeal/a by=a -> stopped execution
			03-05 appeal/b by=b -> stopped execution
			03-06 carry_out by=clerk -> refused is_stopped a5
			03-09 review/a by=aide ->
			03-10 review/b by=aide -> resumed execution 03-18`},
		{name: "a common stop waits for all of them", acts: `
  carry_out: {L, by: decider, cite: a2}
  halt: {L, by: decider, stops: {terms: [execution], how: suspend, until: [hear], cite: a5}, cite: a6}
  hear: {L, by: decider, each: respondent, cite: a7}`, terms: `
  execution: {L, kind: duty, of: decider, start: intake, within: 10 days, met_by: carry_out, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a,b
			03-04 halt by=clerk -> stopped execution
			03-06 hear/a by=clerk ->
			03-07 carry_out by=clerk -> refused is_stopped a5
			03-09 hear/b by=clerk -> resumed execution 03-17`},
		{name: "until a day that the stopping act names", acts: `
  carry_out: {L, by: decider, cite: a2}
  halt: {L, by: decider, form: until, stops: {terms: [execution], how: suspend, until: [halt.until], cite: a5}, cite: a6}`, terms: `
  execution: {L, kind: duty, of: decider, start: intake, within: 10 days, met_by: carry_out, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-04 halt by=clerk until=2026-03-20 -> stopped execution
			03-20 tick -> resumed execution 03-30`},
		{name: "until a lapse; the act that ends it may be done; revoked, it ends", acts: `
  carry_out: {L, by: decider, cite: a2}
  answer: {L, by: decider, cite: a3}
  halt: {L, by: decider, stops: {terms: [execution], how: suspend, until: [answering.lapsed, answer], cite: a5}, cite: a6}
  undo: {L, by: higher, revokes: halt, cite: a8}`, terms: `
  execution: {L, kind: duty, of: decider, start: intake, within: 10 days, met_by: [carry_out, answer], cite: a4}
  answering: {L, kind: right, of: decider, start: halt, within: 5 days, met_by: answer, cite: a7}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-04 halt by=clerk -> started answering 03-09; stopped execution
			03-10 tick -> lapsed answering; resumed execution 03-18
			03-11 undo by=aide ->
			03-12 halt by=clerk -> started answering 03-17; stopped execution
			03-13 carry_out by=clerk -> refused is_stopped a5
			03-16 answer by=clerk -> resumed execution 03-23; met execution; met answering`},
		{name: "revoked while it holds", acts: `
  carry_out: {L, by: decider, cite: a2}
  go_on: {L, by: decider, cite: a3}
  halt: {L, by: decider, stops: {terms: [execution], how: suspend, until: [go_on], cite: a5}, cite: a6}
  undo: {L, by: higher, revokes: halt, cite: a8}`, terms: `
  execution: {L, kind: duty, of: decider, start: intake, within: 10 days, met_by: carry_out, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-04 halt by=clerk -> stopped execution
			03-09 undo by=aide -> resumed execution 03-17
			03-09 carry_out by=clerk -> met execution`},
		{name: "a stopped duty holds up the end, and is released with the others", acts: `
  report: {L, by: decider, cite: a2}
  go_on: {L, by: decider, cite: a3}
  halt: {L, by: decider, stops: {terms: [reporting], how: suspend, until: [go_on], cite: a5}, cite: a6}
  finish: {L, by: decider, ends: over, cite: a8}
  drop: {L, by: decider, releases: all, cite: a9}`, terms: `
  reporting: {L, kind: duty, of: decider, start: intake, within: 10 days, met_by: report, cite: a4}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-04 halt by=clerk -> stopped reporting
			03-05 finish by=clerk ->
			03-06 drop by=clerk -> released reporting; ended over`},
		{name: "the rule itself does nothing while the matter is suspended", acts: `
  pay: {L, by: decider, cite: a2}
  go_on: {L, by: decider, cite: a3}
  gone: {L, by: law, after: [{act: warn, wait: 5 days, cite: a4}], cite: a7}
  warn: {L, by: decider, cite: a8}
  halt: {L, by: decider, stops: {matter: true, how: suspend, until: [go_on], cite: a5}, cite: a6}`, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 warn by=clerk
			03-04 halt by=clerk ->
			03-20 tick ->
			03-23 go_on by=clerk -> followed gone`},
	})
}
