// SPDX-License-Identifier: Apache-2.0

package matter_test

import (
	"testing"

	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack"
)

// A meeting of the bureau's team: the parties team are its members, so that a
// script says how many there are.
func board(words string) string {
	return "meeting: board\nlabel: {zh: 文, en: text}\nmembers: team\nrecord: decider\ncite: a10\n" + words
}

// Quorum and majority are counted of a stated base, to the person.
func TestMeetingCounts(t *testing.T) {
	const acts = "\n  decide: {L, by: meeting.board, repeat: true, cite: a2}"
	const nine = "03-02 intake by=clerk decider=bureau team=lin,deputy,clerk,officer,third,mayor,aide,rector,chief\n"
	meet := func(words string) map[string]string {
		return map[string]string{"meetings/board.yaml": board(words), "locals": "  part: {L, type: fraction, cite: a9}\n  some: {L, type: int, cite: a8}"}
	}
	scripts(t, []script{
		{name: "two thirds of nine are six, more than half five", acts: acts, more: meet("quorum: {at_least: 2/3, of: members, cite: a11}\nvote: {pass: {more_than: 1/2, of: members}, cite: a12}\n"), lines: nine + `
			03-03 decide by=clerk -> refused no_minutes a10
			03-03 decide by=clerk meeting=other -> refused no_minutes a10
			03-03 decide by=clerk meeting=board present=lin,deputy,clerk,officer,third for=lin,deputy,clerk,officer,third -> refused no_quorum a11
			03-03 decide by=clerk meeting=board present=lin,deputy,clerk,officer,third,mayor for=lin,deputy,clerk,officer -> refused not_carried a12
			03-03 decide by=clerk meeting=board present=lin,deputy,clerk,officer,third,mayor for=lin,deputy,clerk,officer,third against=mayor ->
			# What an absent member sent is kept and not counted.
			03-04 decide by=clerk meeting=board present=lin,deputy,clerk,officer,third,mayor for=lin,deputy,clerk,officer,chief -> refused not_carried a12
			03-04 decide by=clerk meeting=board present=lin,deputy,clerk,officer,third,nobody for=lin -> refused not_a_member a10
			03-04 decide by=clerk meeting=board present=lin,lin,deputy,clerk,officer,third for=lin -> refused not_a_member a10
			03-04 decide by=clerk meeting=board present=lin,deputy,clerk,officer,third,mayor for=lin,deputy,clerk,officer,third,third -> refused not_a_member a10
			03-04 decide by=clerk meeting=board present=lin,deputy,clerk,officer,third,mayor for=head -> refused not_a_member a10
			03-04 decide by=clerk meeting=board present=lin,deputy,clerk,officer,third,mayor defer=lin -> refused content_wrong a12
			03-04 decide by=a meeting=board present=lin,deputy,clerk,officer,third,mayor for=lin,deputy,clerk,officer,third -> refused not_entitled a2`,
			check: func(t *testing.T, p *play) {
				for _, e := range p.state.Facts() {
					if m := e.Minutes; m != nil && (len(m.Members) != 9 || m.Agree != 5 || m.Base != 9) {
						t.Errorf("minutes %+v", m)
					}
				}
				c, today, _ := p.command("03-05 decide by=clerk meeting=board present=lin,deputy,clerk,officer,third for=lin")
				if _, r := matter.Decide(p.state, c, p.rules, today); r == nil || r.Count != 6 {
					t.Errorf("%+v", r)
				}
			}},
		{name: "the meeting of another kind of body", acts: "\n  decide: {L, by: [meeting.council, meeting.college], repeat: true, cite: a2}",
			more: map[string]string{"meetings/council.yaml": "meeting: council\nlabel: {zh: 文, en: text}\nmembers: decider.leadership\none_of: [government, party_body]\ncite: a13\n",
				"meetings/college.yaml": "meeting: college\nlabel: {zh: 文, en: text}\nmembers: decider.leadership\none_of: [department]\ncite: a14\n"}, lines: `
			03-02 intake by=clerk decider=bureau
			03-03 decide by=lin meeting=council present=lin for=lin -> refused wrong_meeting a13
			03-03 decide by=lin meeting=college present=lin for=lin`,
			check: func(t *testing.T, p *play) {
				a := p.rules.Procedure.Act("decide")
				if got := matter.Sitting(p.state, p.rules, a, "", p.day); len(got) != 1 || got[0].ID != "college" {
					t.Errorf("%+v", got)
				}
			}},
		{name: "all members", acts: acts, more: meet("quorum: {all: members, cite: a11}\nvote: {pass: {all: members}, cite: a12}\n"), lines: `
			03-02 intake by=clerk decider=bureau team=lin,deputy,clerk
			03-03 decide by=clerk meeting=board present=lin,deputy for=lin,deputy -> refused no_quorum a11
			03-03 decide by=clerk meeting=board present=lin,deputy,clerk for=lin,deputy abstain=clerk -> refused not_carried a12
			03-03 decide by=clerk meeting=board present=lin,deputy,clerk for=lin,deputy,clerk`},
		{name: "a number of persons; of those present; of those who voted", acts: acts + "\n  pass: {L, by: [meeting.board, meeting.other], repeat: true, cite: a3}",
			more: map[string]string{"meetings/board.yaml": board("quorum: {at_least: 3, cite: a11}\nvote: {options: [agree, disagree, defer], pass: {at_least: 2/3, of: present}, cite: a12}\n"),
				"meetings/other.yaml": "meeting: other\nlabel: {zh: 文, en: text}\nmembers: team\nrecord: decider\ncite: a13\nvote: {pass: {more_than: 1/2, of: voting}, cite: a14}\n"}, lines: nine + `
			03-03 decide by=clerk meeting=board present=lin,deputy for=lin,deputy -> refused no_quorum a11
			03-03 decide by=clerk meeting=board present=lin,deputy,clerk for=lin defer=deputy,clerk -> refused not_carried a12
			03-03 decide by=clerk meeting=board present=lin,deputy,clerk for=lin,deputy against=clerk ->
			03-03 pass by=clerk meeting=other present=lin,deputy,clerk abstain=deputy,clerk -> refused not_carried a14
			03-03 pass by=clerk meeting=other present=lin,deputy,clerk for=lin against=deputy abstain=clerk -> refused not_carried a14
			03-03 pass by=clerk meeting=other present=lin,deputy,clerk for=lin abstain=deputy,clerk ->
			03-03 pass by=clerk meeting=board present=lin,deputy,clerk for=lin,deputy,clerk ->`},
		{name: "what the jurisdiction sets, from its day on", acts: acts, local: map[string]string{"part": "1/3@03-10", "some": "2@03-10"},
			more: meet("quorum: {at_least: {local: part}, of: members, cite: a11}\nvote: {pass: {more_than: {local: some}}, cite: a12}\n"), lines: nine + `
			03-03 decide by=clerk meeting=board present=lin for=lin -> refused local_unset a11
			03-10 decide by=clerk meeting=board present=lin,deputy for=lin -> refused no_quorum a11
			03-10 decide by=clerk meeting=board present=lin,deputy,clerk for=lin,deputy -> refused not_carried a12
			03-10 decide by=clerk meeting=board present=lin,deputy,clerk for=lin,deputy,clerk ->
			03-09@03-11 decide by=clerk meeting=board present=lin,deputy,clerk for=lin,deputy,clerk -> refused local_unset a11`,
			check: func(t *testing.T, p *play) {
				c, _, _ := p.command("03-03 decide by=clerk meeting=board present=lin for=lin")
				if _, r := matter.Decide(p.state, c, p.rules, p.day); r == nil || r.Names[0] != "part" {
					t.Errorf("%+v", r)
				}
			}},
		{name: "nobody's meeting carries nothing; minutes beside no meeting", acts: acts + "\n  note: {L, by: decider, cite: a4}", more: meet("vote: {pass: {at_least: 1/2}, cite: a12}\n"), lines: `
			03-02 intake by=clerk decider=bureau
			03-03 decide by=clerk meeting=board -> refused not_carried a12
			03-03 note by=clerk meeting=board -> refused content_wrong a4`},
	})
}

// Who must be there, speak, be heard; who speaks last.
func TestMeetingPersons(t *testing.T) {
	const acts = `
  decide: {L, by: meeting.board, each: respondent, repeat: true, cite: a2}
  wish: {L, by: respondent, each: respondent, cite: a3}`
	const three = "03-02 intake by=clerk decider=bureau team=lin,deputy,clerk respondent=a,b\n"
	meet := func(words string) map[string]string {
		return map[string]string{"meetings/board.yaml": board(words)}
	}
	scripts(t, []script{
		{name: "must be there, and have spoken", acts: acts, more: meet("present: [{role: decider.principal, cite: a11}, {role: decider.deputy, opinion: required, cite: a12}]\n"), lines: three + `
			03-03 decide/a by=clerk meeting=board present=deputy,clerk -> refused not_present a11
			03-03 decide/a by=clerk meeting=board present=lin,clerk -> refused not_present a12
			03-03 decide/a by=clerk meeting=board present=lin,deputy -> refused no_reason a12
			03-03 decide/a by=clerk meeting=board present=lin,deputy for=deputy why=no -> refused no_reason a12
			03-03 decide/a by=clerk meeting=board present=lin,deputy for=deputy ->
			# The post has another holder, who is no member of this one.
			03-12 decide/a by=clerk meeting=board present=lin,deputy for=deputy -> refused not_present a11
			03-10@03-12 decide/a by=clerk meeting=board present=lin,deputy for=deputy ->`},
		{name: "speaks last, if there", acts: acts, more: meet("speak: {last: decider.principal, cite: a11}\n"), lines: three + `
			03-03 decide/a by=clerk meeting=board present=lin,deputy -> refused speaks_last a11
			03-03 decide/a by=clerk meeting=board present=lin,deputy last=deputy -> refused speaks_last a11
			03-03 decide/a by=clerk meeting=board present=lin,deputy last=lin ->
			03-03 decide/a by=clerk meeting=board present=deputy,clerk last=deputy ->
			03-03 decide/a by=clerk meeting=board present=deputy,clerk ->`},
		{name: "every one of them says why", acts: acts, more: meet("vote: {reasons: required, pass: {at_least: 1, of: members}, cite: a11}\n"), lines: three + `
			03-03 decide/a by=clerk meeting=board present=lin,deputy for=lin,deputy why=no -> refused no_reason a11
			03-03 decide/a by=clerk meeting=board present=lin,deputy for=lin,deputy ->
			# What an absent one sent needs no reason, for it is not counted.
			03-03 decide/a by=clerk meeting=board present=lin against=deputy why=no for=lin ->`},
		{name: "must be heard, if he asked for it", acts: acts, more: meet("invite: [{party: respondent, modality: must, when: wish, cite: a11}, {party: joint, cite: a12}]\n"), lines: three + `
			03-03 decide/a by=clerk meeting=board present=lin ->
			03-03 wish/a by=a
			03-03 decide/a by=clerk meeting=board present=lin -> refused not_heard a11
			03-03 decide/b by=clerk meeting=board present=lin ->
			03-03 decide/a by=clerk meeting=board present=lin heard=b -> refused not_heard a11
			03-03 decide/a by=clerk meeting=board present=lin heard=a ->`},
		{name: "must be heard, all of them before a common act", acts: `
  decide: {L, by: meeting.board, repeat: true, cite: a2}`, more: meet("invite: [{party: respondent, modality: must, cite: a11}]\n"), lines: three + `
			03-03 decide by=clerk meeting=board present=lin heard=a -> refused not_heard a11
			03-03 decide by=clerk meeting=board present=lin heard=a,b ->`},
		{name: "a member who withdrew counts in the base, or does not", acts: `
  decide: {L, by: meeting.board, repeat: true, cite: a2}
  pass: {L, by: meeting.other, repeat: true, cite: a5}`,
			more: map[string]string{"facts": recusalBlock, "meetings/board.yaml": board("recuse: {base: keep, cite: a13}\nquorum: {at_least: 2/3, of: members, cite: a11}\nvote: {pass: {more_than: 1/2, of: members}, cite: a12}\n"),
				"meetings/other.yaml": "meeting: other\nlabel: {zh: 文, en: text}\nmembers: team\nrecord: decider\ncite: a10\nrecuse: {base: leave, cite: a13}\nquorum: {at_least: 2/3, of: members, cite: a11}\nvote: {pass: {more_than: 1/2, of: members}, cite: a12}\n"}, lines: `
			03-02 intake by=clerk decider=bureau team=lin,deputy,clerk,officer respondent=a
			03-03 ask_recusal by=a recusal_about=officer recusal_ground=x -> started recusal_time 03-06
			03-03 settle_recusal:granted by=lin recusal_about=officer recusal_ground=x -> met recusal_time
			03-04 decide by=clerk meeting=board present=lin,deputy,clerk,officer for=lin -> refused is_recused a15
			03-04 decide by=clerk meeting=board present=lin,deputy,clerk for=lin,deputy,clerk against=officer -> refused is_recused a15
			03-04 decide by=clerk meeting=board present=lin,deputy for=lin,deputy -> refused no_quorum a11
			03-04 pass by=clerk meeting=other present=lin,deputy for=lin,deputy
			03-04 decide by=clerk meeting=board present=lin,deputy,clerk for=lin,deputy -> refused not_carried a12
			03-04 decide by=clerk meeting=board present=lin,deputy,clerk for=lin,deputy,clerk`},
		{name: "approved afterwards: who was a member, the day of the meeting says", acts: `
  decide: {L, by: meeting.board, approved_by: {role: higher, cite: a5}, cite: a2}`,
			more: map[string]string{"meetings/board.yaml": "meeting: board\nlabel: {zh: 文, en: text}\nmembers: decider.leadership\nrecord: decider\ncite: a10\nquorum: {all: members, cite: a11}\n"}, lines: `
			03-02 intake by=clerk decider=bureau
			03-09 decide by=clerk meeting=board present=lin,deputy
			03-12 decide.approved by=mayor ->
			03-13 decide by=clerk meeting=board present=lin,deputy -> refused already_done a2`,
			check: func(t *testing.T, p *play) {
				for _, e := range p.state.Facts() {
					if e.Act == "decide" && len(e.Minutes.Members) != 2 {
						t.Errorf("%s: %+v", e.Kind, e.Minutes)
					}
				}
			}},
	})
}

func TestRoll(t *testing.T) {
	pack := load(t, packFiles("\n  decide: {L, by: meeting.board, cite: a2}", "", map[string]string{"meetings/board.yaml": "meeting: board\nlabel: {zh: 文, en: text}\nmembers: decider\ncite: a10\n"}))
	p := newPlay(t, pack, china(t), nil)
	p.run("03-02 intake by=clerk decider=bureau")
	want := map[string]string{"03-03": "lin deputy", "03-12": "head deputy"}
	for on, names := range want {
		got := ""
		for _, m := range matter.Roll(p.state, p.rules, pack.Meeting("board"), pack.Procedures[0].Act("decide"), "", day(t, on)) {
			got += " " + string(m)
		}
		if got != " "+names {
			t.Errorf("on %s:%s", on, got)
		}
	}
	if matter.Holders(p.state, p.rules, rulepack.ParsePath("decider.principal"), "", "", day(t, "03-12"))[0] != org.PersonID("head") {
		t.Error("holder")
	}
}
