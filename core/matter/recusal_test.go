// SPDX-License-Identifier: Apache-2.0

package matter_test

import (
	"slices"
	"strings"
	"testing"

	"quanze/core/org"
)

const recusalLabels = "labels: {ask: {zh: 文, en: text}, settle: {zh: 文, en: text}, term: {zh: 文, en: text}, about: {zh: 文, en: text}, ground: {zh: 文, en: text}, granted: {zh: 文, en: text}, denied: {zh: 文, en: text}}"

// recusalBlock: the bureau's staff may be asked to withdraw by a respondent; its
// principal settles it within three days, about the principal the higher body.
const recusalBlock = `recusal:
  {who: [decider.staff, decider.principal], asked_by: respondent, decided_by: [decider.principal, higher], ask: {cite: a14}, settle: {cite: a16}, within: 3 days, ` + recusalLabels + `, cite: a15}`

func recusalWith(words string) map[string]string {
	return map[string]string{"facts": strings.Replace(recusalBlock, "within: 3 days", "within: 3 days, "+words, 1)}
}

func TestRecusal(t *testing.T) {
	const acts = `
  note: {L, by: decider, repeat: true, cite: a2}
  report: {L, by: decider.staff, staff: {at_least: 2, of: decider.staff, cite: a4}, repeat: true, cite: a3}`
	const begin = "03-02 intake by=clerk decider=bureau respondent=a\n"
	scripts(t, []script{
		{name: "asked and granted", acts: acts, more: map[string]string{"facts": recusalBlock}, lines: begin + `
			03-03 ask_recusal by=rector recusal_about=clerk recusal_ground=x -> refused not_entitled a14
			03-03 ask_recusal by=a recusal_about=clerk -> refused content_missing a15
			03-03 ask_recusal by=a recusal_about=deputy recusal_ground=x -> refused content_wrong a15
			03-03 settle_recusal:granted by=lin recusal_about=clerk recusal_ground=x -> refused too_early a14
			03-03 ask_recusal by=a recusal_about=clerk recusal_ground=x -> started recusal_time 03-06
			03-03 ask_recusal by=a recusal_about=clerk recusal_ground=x -> refused already_done a14
			# He works on until it is settled.
			03-04 note by=clerk
			03-04 settle_recusal:granted by=lin recusal_about=officer recusal_ground=x -> refused not_proposed a16
			03-04 settle_recusal:granted by=deputy recusal_about=clerk recusal_ground=x -> refused not_entitled a16
			03-05 settle_recusal:granted by=lin recusal_about=clerk recusal_ground=x -> met recusal_time
			03-05 note by=clerk -> refused is_recused a15
			03-05 report by=officer staff=clerk -> refused is_recused a15
			03-05 report by=officer staff=third
			03-05 ask_recusal by=a recusal_about=clerk recusal_ground=x -> refused already_done a14
			03-05 settle_recusal:granted by=lin recusal_about=clerk recusal_ground=x -> refused not_proposed a16`},
		{name: "denied, and asked again", acts: acts, more: map[string]string{"facts": recusalBlock}, lines: begin + `
			03-03 ask_recusal by=a recusal_about=clerk recusal_ground=x
			03-04 settle_recusal:denied by=lin recusal_about=clerk recusal_ground=x -> met recusal_time
			03-04 note by=clerk
			03-05 ask_recusal by=a recusal_about=clerk recusal_ground=x -> started recusal_time 03-09
			03-10 tick -> lapsed recusal_time; late recusal_time`},
		{name: "two are asked about: settling one leaves the other owed", acts: acts, more: map[string]string{"facts": recusalBlock}, lines: begin + `
			03-03 ask_recusal by=a recusal_about=clerk recusal_ground=x -> started recusal_time 03-06
			03-04 ask_recusal by=a recusal_about=officer recusal_ground=x -> started recusal_time 03-09
			03-05 settle_recusal:denied by=lin recusal_about=officer recusal_ground=x -> met recusal_time
			03-07 tick -> lapsed recusal_time; late recusal_time
			03-08 settle_recusal:denied by=lin recusal_about=clerk recusal_ground=x -> met recusal_time`},
		{name: "of oneself, never of others, and never settled by oneself", acts: acts, more: map[string]string{"facts": recusalBlock}, lines: begin + `
			03-03 ask_recusal by=clerk recusal_about=officer recusal_ground=x -> refused not_entitled a14
			03-03 ask_recusal by=clerk recusal_about=clerk recusal_ground=x -> started recusal_time 03-06
			03-03 ask_recusal by=lin recusal_about=lin recusal_ground=x -> started recusal_time 03-06
			03-04 settle_recusal:denied by=lin recusal_about=lin recusal_ground=x -> refused same_person a16
			03-04 settle_recusal:granted by=mayor recusal_about=lin recusal_ground=x -> vacant; met recusal_time
			03-04 settle_recusal:granted by=lin recusal_about=clerk recusal_ground=x -> refused is_recused a15`},
		{name: "stands aside until it is settled", acts: acts, more: recusalWith("meanwhile: stands_aside"), lines: begin + `
			03-03 ask_recusal by=a recusal_about=clerk recusal_ground=x
			03-04 note by=clerk -> refused is_recused a15
			03-04 report by=officer staff=clerk,third -> refused is_recused a15
			03-04 settle_recusal:denied by=lin recusal_about=clerk recusal_ground=x
			03-04 note by=clerk`},
		{name: "the last one goes: a substitute, or a finding", acts: `
  sign: {L, by: decider.principal, repeat: true, cite: a2}
  plan: {L, by: decider, approved_by: {role: decider.principal, cite: a5}, cite: a3}`, more: recusalWith("substitute: {role: higher.principal, cite: a17}"), lines: begin + `
			03-03 sign by=mayor -> refused not_entitled a2
			03-03 ask_recusal by=a recusal_about=lin recusal_ground=x
			03-04 settle_recusal:granted by=mayor recusal_about=lin recusal_ground=x -> met recusal_time
			03-04 sign by=lin -> refused is_recused a15
			03-04 sign by=deputy -> refused not_entitled a2
			03-04 sign by=mayor ->
			03-04 plan by=clerk
			03-05 plan.approved by=mayor ->
			# The next principal did not have to withdraw.
			03-12 sign by=mayor -> refused not_entitled a2
			03-12 sign by=head ->`},
		{name: "several at once, none is left", acts: acts, more: map[string]string{"facts": recusalBlock}, lines: begin + `
			03-03 ask_recusal by=a recusal_about=clerk,officer,third recusal_ground=x -> started recusal_time 03-06
			03-04 settle_recusal:granted by=lin recusal_about=clerk recusal_ground=x ->
			03-04 settle_recusal:granted by=lin recusal_about=officer,third recusal_ground=x -> vacant; met recusal_time`,
			check: func(t *testing.T, p *play) {
				if len(p.state.AskedToWithdraw()) > 0 {
					t.Error("still asked")
				}
			}},
		{name: "a correction takes the asking back", acts: acts, more: recusalWith("after: [note]"), lines: begin + `
			03-03 ask_recusal by=a recusal_about=clerk recusal_ground=x -> refused too_early a2
			03-03 note by=clerk
			03-04 ask_recusal by=a recusal_about=clerk recusal_ground=x
			03-05 settle_recusal:granted by=lin recusal_about=clerk recusal_ground=x
			03-06 settle_recusal.struck by=lin staff=mayor reason=x of=4 -> reversed met recusal_time
			03-06 note by=clerk`,
			check: func(t *testing.T, p *play) {
				if got := p.state.AskedToWithdraw(); !slices.Equal(got, []org.PersonID{"clerk"}) {
					t.Errorf("asked: %v", got)
				}
			}},
	})
}

// A joint act is done with the last signature, on its day.
func TestJointly(t *testing.T) {
	const acts = `
  agree: {L, by: {jointly: [decider.principal, higher.principal]}, form: note, cite: a2, outcomes: {yes_it_is: {L, ends: agreed}, not_so: {L}}}
  other: {L, by: decider, repeat: true, after: [{act: agree, cite: a4}], cite: a3}`
	const terms = `
  agreeing: {L, kind: duty, of: decider, start: intake, within: 5 days, met_by: agree, cite: a5}`
	const begin = "03-02 intake by=clerk decider=bureau\n"
	scripts(t, []script{
		{name: "in any order, to one outcome", acts: acts, terms: terms, lines: begin + `
			03-03 agree:not_so by=clerk note=x -> refused not_entitled a2
			03-03 agree:not_so by=mayor -> refused content_missing a22
			03-03 agree:not_so by=mayor note=x ->
			03-03 other by=clerk -> refused too_early a4
			03-03 agree:not_so by=mayor note=x -> refused same_person a2
			03-04 agree:yes_it_is by=lin -> refused not_agreed a2
			03-04 agree:not_so by=lin note=y -> refused not_agreed a2
			03-04 agree by=lin -> met agreeing
			03-04 agree:not_so by=mayor note=x -> refused already_done a2
			03-04 other by=clerk`},
		{name: "sent back", acts: acts, terms: terms, lines: begin + `
			03-03 agree.returned by=lin reason=x -> refused not_proposed a2
			03-03 agree:not_so by=mayor note=x
			03-03 agree.returned by=clerk reason=x -> refused not_entitled a2
			03-03 agree.returned by=lin -> refused content_missing a2
			03-03 agree.returned by=lin reason=no
			03-04 agree:yes_it_is by=lin note=x ->
			03-05 agree by=mayor -> met agreeing; ended agreed`},
		{name: "the last by legal order, whichever was entered last", acts: acts, terms: terms, lines: begin + `
			03-05 agree:not_so by=mayor note=x
			03-03@03-06 agree:yes_it_is by=lin note=x -> refused not_agreed a2
			03-03@03-06 agree:not_so by=mayor note=x -> refused same_person a2
			03-03@03-06 agree:not_so by=lin note=x -> met agreeing`},
		{name: "a signature is struck: it is not done, until he signs again", acts: acts, terms: terms, lines: begin + `
			03-03 agree:not_so by=mayor note=x
			03-04 agree by=lin -> met agreeing
			03-05 other by=clerk ->
			03-05 agree.struck by=mayor staff=lin reason=x of=2 -> reversed met agreeing; irregular other
			03-05 agree:not_so by=mayor note=x -> met agreeing`},
		{name: "a signature is corrected to the last place: done on that day", acts: acts, terms: terms, lines: begin + `
			03-03 agree:not_so by=mayor note=x
			03-04 agree by=lin -> met agreeing
			03-10 agree.corrected by=mayor staff=lin reason=x of=2 -> reversed met agreeing; lapsed agreeing; late agreeing; met agreeing`},
		{name: "one who could sign in two places takes the one that is needed", acts: `
  agree: {L, by: {jointly: [decider, decider.principal]}, repeat: true, cite: a2}`, lines: begin + `
			03-03 agree by=lin
			03-03 agree by=lin -> refused same_person a2
			03-03 agree by=clerk
			03-04 agree by=clerk
			03-04 agree by=officer -> refused already_done a2
			03-04 agree by=lin`},
		{name: "of each party, binding whom the first named", acts: `
  agree: {L, by: {jointly: [decider.principal, respondent]}, each: respondent, binds: [absent], opens: [follow], cite: a2}
  follow: {L, by: decider, each: absent, open: false, cite: a3}`, lines: `
			03-02 intake by=clerk decider=bureau respondent=a,b
			03-03 agree/a by=lin absent=nobody
			03-03 agree/b by=lin absent=chief
			03-03 follow/nobody by=clerk -> refused no_such_party a3
			03-03 agree/a by=b -> refused not_entitled a2
			03-04 agree/a by=a
			03-04 follow/nobody by=clerk
			03-04 follow/chief by=clerk -> refused no_such_party a3`},
		{name: "then approved by a third", acts: `
  agree: {L, by: {jointly: [decider.principal, decider.deputy]}, approved_by: {role: higher, cite: a5}, cite: a2}`, terms: `
  agreeing: {L, kind: duty, of: decider, start: intake, within: 5 days, met_by: agree.proposed, cite: a4}`, lines: begin + `
			03-03 agree by=lin ->
			03-03 agree.approved by=mayor -> refused not_proposed a5
			03-04 agree by=deputy -> met agreeing
			03-04 agree by=lin -> refused same_person a2
			03-04 agree.returned by=lin reason=x -> refused not_entitled a5
			03-04 agree.returned by=mayor reason=x
			03-05 agree by=deputy
			03-05 agree by=lin
			03-06 agree.approved by=mayor`},
		{name: "who signed did it: separation of duties", acts: `
  agree: {L, by: {jointly: [decider.principal, decider.deputy]}, cite: a2}
  check: {L, by: decider, separate_from: [{act: agree, cite: a3}], cite: a4}`, lines: begin + `
			03-03 agree by=lin
			03-03 agree by=deputy
			03-04 check by=lin -> refused same_person a3
			03-04 check by=deputy -> refused same_person a3
			03-04 check by=clerk`},
	})
}

// What is offered of a joint act: to sign, not twice, and to the approver only
// once all have signed.
func TestOffersJointly(t *testing.T) {
	p := newPlay(t, load(t, packFiles(`
  agree: {L, by: {jointly: [decider.principal, decider.staff]}, approved_by: higher.principal, cite: a2}`, "", nil)), china(t), nil)
	for _, step := range []struct{ lines, offers string }{
		{"03-02 intake by=clerk decider=bureau", "lin agree.proposed, clerk agree.proposed, officer agree.proposed, mayor "},
		{"03-03 agree by=clerk", "lin agree.proposed, clerk , officer , mayor "},
		{"03-03 agree by=lin", "lin , clerk , officer , mayor agree"},
	} {
		p.run(step.lines)
		var got []string
		for _, who := range []string{"lin", "clerk", "officer", "mayor"} {
			can, _ := offered(p, who)
			got = append(got, who+" "+can)
		}
		if s := strings.Join(got, ", "); s != step.offers {
			t.Errorf("after %s: %s", step.lines, s)
		}
	}
	if n := len(p.state.Signatures("agree", "")); n != 2 {
		t.Errorf("%d signatures", n)
	}
}
