// SPDX-License-Identifier: Apache-2.0

package matter_test

import "testing"

// A move takes the later of two last days, for what is owed; a version that
// takes over all is the law of what comes.
func TestMove(t *testing.T) {
	const acts = "  report: {L, by: decider, cite: a2}\n  reply: {L, by: decider, cite: a3}\n"
	term := func(kind, within string) string {
		return "  reporting: {L, kind: " + kind + ", of: decider, start: intake, within: " + within + ", met_by: report, cite: a4}\n" +
			"  replying: {L, kind: duty, of: decider, start: report, within: " + within + ", met_by: reply, cite: a5}\n"
	}
	to := func(running, acts, terms string) *script {
		return &script{acts: acts, terms: terms, more: map[string]string{"head": "transition: {running: " + running + ", cite: a9}"}}
	}
	before := "\n03-02 intake by=clerk decider=bureau -> started reporting 03-09\n"
	scripts(t, []script{
		{name: "what is unmet gains days, what comes keeps the old law", acts: acts, terms: term("duty", "5 working_days"), later: to("unmet_obligations", acts, term("duty", "8 working_days")), lines: before + `
			03-09 move -> extended reporting 03-12
			03-12 report by=clerk -> met reporting; started replying 03-19`},
		{name: "all: what comes follows the new law", acts: acts, terms: term("duty", "5 working_days"), later: to("all", acts, term("duty", "8 working_days")), lines: before + `
			03-09 move -> extended reporting 03-12
			03-12 report by=clerk -> met reporting; started replying 03-24`},
		{name: "no day moves nearer", acts: acts, terms: term("right", "5 working_days"), later: to("all", acts, term("right", "3 working_days")), lines: before + `
			03-06 move ->
			03-09 report by=clerk -> met reporting; started replying 03-12`},
		{name: "what is late stays late", acts: acts, terms: term("duty", "5 working_days"), later: to("all", acts, term("duty", "20 working_days")), lines: before + `
			03-10 tick -> lapsed reporting; late reporting
			03-10 move ->
			03-11 report by=clerk -> met reporting; started replying 04-09`},
		{name: "no last day takes one only ahead", acts: acts, terms: "  reporting: {L, kind: duty, of: decider, start: intake, met_by: report, cite: a4}\n", later: to("all", acts, "  reporting: {L, kind: duty, of: decider, start: intake, within: 3 working_days, met_by: report, cite: a4}\n"), lines: `
			03-02 intake by=clerk decider=bureau -> started reporting
			03-09 move ->`},
		{name: "extensions and stops count on", acts: acts + "  extend: {L, by: decider, cite: a6}\n", terms: "  reporting: {L, kind: duty, of: decider, start: intake, within: 5 working_days, met_by: report, extended_by: {act: extend, by: 5 working_days, cite: a6}, cite: a4}\n",
			later: to("all", acts+"  extend: {L, by: decider, cite: a6}\n", "  reporting: {L, kind: duty, of: decider, start: intake, within: 7 working_days, met_by: report, extended_by: {act: extend, by: 5 working_days, cite: a6}, cite: a4}\n"), lines: before + `
			03-04 extend by=clerk -> extended reporting 03-16
			03-05 move -> extended reporting 03-18`},
		{name: "an act of the new version, and one that it no longer has", acts: acts + "  old: {L, by: decider, cite: a6}\n", terms: term("duty", "5 working_days"), later: to("all", acts+"  young: {L, by: decider, cite: a7}\n", term("duty", "5 working_days")), lines: before + `
			03-03 young by=clerk -> refused no_such_act
			03-03 old by=clerk
			03-05 move ->
			03-06 young by=clerk
			03-06 old by=clerk -> refused no_such_act`},
		{name: "a late entry before the move is judged by the old law", acts: acts + "  old: {L, by: decider, cite: a6}\n", terms: term("duty", "5 working_days"), later: to("all", acts, term("duty", "8 working_days")), lines: before + `
			03-05 move -> extended reporting 03-12
			03-04@03-06 old by=clerk ->
			03-05@03-06 old by=clerk -> refused no_such_act
			03-04@03-06 report by=clerk -> reversed moved reporting; extended reporting 03-12; met reporting; started replying 03-11; extended replying 03-16`},
		{name: "a version that lets each act follow the law of its day is left for any later one", acts: acts, terms: term("duty", "5 working_days"), more: map[string]string{"head": "law_time: {procedure: act, cite: a8}"}, later: &script{acts: acts, terms: term("duty", "8 working_days")}, lines: before + `
			03-09 move -> extended reporting 03-12
			03-12 report by=clerk -> met reporting; started replying 03-24`},
		{name: "a version that leaves what runs alone moves nothing", acts: acts, terms: term("duty", "5 working_days"), later: &script{acts: acts, terms: term("duty", "8 working_days")}, lines: before + `
			03-09 move ->
			03-10 tick -> lapsed reporting; late reporting`},
	})
}

// Conduct is judged by the tables that were in force on its day; while that day
// is not known, by none.
func TestConduct(t *testing.T) {
	pack := func(heavy string) *script {
		return &script{
			acts: "  tell: {L, by: decider, form: conduct, cite: a2}\n  say: {L, by: decider, form: sums, cite: a2}\n  punish: {L, by: decider, needs: [{if: heavy, cite: a6}], cite: a5}\n",
			more: map[string]string{
				"head":                  "law_time: {substance: conduct, day: happened, cite: a8}",
				"facts":                 "facts:\n  sum: {L, type: int, set_by: [say]}\n  happened: {L, type: date, set_by: [tell]}\n  heavy: {L, type: bool, from: heaviness}",
				"forms/conduct.yaml":    "form: conduct\nfields:\n  happened: {L, type: date, required: true}\n",
				"forms/sums.yaml":       "form: sums\nfields:\n  sum: {L, type: int, required: true}\n",
				"tables/heaviness.yaml": "table: heaviness\ntitle: {zh: 文, en: text}\ncite: a7\nhit: unique\ninputs:\n  sum: {type: int, low: 0, high: 1000}\ngives:\n  heavy: {type: bool, label: {zh: 文, en: text}}\nrows:\n  - {when: {sum: \">= " + heavy + "\"}, gives: {heavy: true}, cite: a7}\n  - {when: {sum: \"< " + heavy + "\"}, gives: {heavy: false}, cite: a7}\n",
			},
		}
	}
	first, later := pack("100"), pack("500")
	for day, want := range map[string]string{"03-09": "", "03-10": " -> refused need_not_met a6 a7"} {
		first.name, first.later = "conduct on "+day, later
		first.lines = "\n03-12 intake by=clerk decider=bureau\n03-12 say by=clerk sum=200\n03-12 punish by=clerk -> refused not_yet_known a6\n03-12 tell by=clerk happened=2026-" + day + "\n03-13 punish by=clerk" + want
		scripts(t, []script{*first})
	}
}
