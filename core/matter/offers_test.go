// SPDX-License-Identifier: Apache-2.0

package matter_test

import (
	"strings"
	"testing"

	"quanze/core/matter"
	"quanze/core/org"
)

// offered writes what is offered to a person as possible, and what not and why.
func offered(p *play, person string) (can, cannot string) {
	var yes, no []string
	for _, o := range matter.Offers(p.state, org.PersonID(person), p.rules, p.day) {
		name := strings.TrimSuffix(o.Act.ID+"/"+o.Party, "/")
		if o.Moment != matter.Done {
			name += "." + string(o.Moment)
		}
		if o.Recipient != "" {
			name += "." + o.Recipient
		}
		if o.Owed != nil {
			name += "!"
		}
		if o.Refusal != nil {
			no = append(no, name+" "+string(o.Refusal.Why))
		} else {
			yes = append(yes, name)
		}
	}
	return strings.Join(yes, "; "), strings.Join(no, "; ")
}

func TestOffers(t *testing.T) {
	acts := `
  note: {L, by: decider, repeat: true, cite: a5}
  report: {L, by: decider.staff, cite: a2}
  letter: {L, by: decider, each: respondent, paper: letter, to: [respondent, respondent.unit], after: [report], cite: a3}
  extend: {L, by: decider.staff, approved_by: decider.principal, repeat: true, cite: a4}
  appeal: {L, by: respondent, each: respondent, after: [letter.served], cite: a6}`
	terms := `
  reporting: {L, kind: duty, of: decider, start: intake, within: 5 days, met_by: report, extended_by: {act: extend, by: 5 days, times: 1, cite: a8}, cite: a7}
  serving: {L, kind: duty, of: decider, each: respondent, start: letter, within: 2 days, met_by: letter.served, cite: a9}`
	p := newPlay(t, load(t, packFiles(acts, terms, nil)), china(t), nil)
	for _, step := range []struct{ lines, person, can, cannot string }{
		{"03-02 intake by=clerk decider=bureau respondent=a", "clerk", "report!; note; extend.proposed", "letter/a too_early"},
		{"", "lin", "note", "letter/a too_early"},
		{"", "a", "", "appeal/a too_early"},
		{"", "mayor", "", ""},
		{"03-03 extend by=clerk", "lin", "note; extend", "letter/a too_early"},
		{"", "officer", "report!; note", "letter/a too_early"},
		{"03-04 extend.approved by=lin", "clerk", "report!; note", "letter/a too_early; extend.proposed cap_reached"},
		{"03-05 report by=clerk", "clerk", "note; letter/a", "report already_done; extend.proposed right_lapsed"},
		{"03-06 letter/a by=clerk", "clerk", "letter/a.served.respondent!; letter/a.served.respondent.unit!; note", "report already_done; letter/a already_done; extend.proposed right_lapsed"},
		{"03-06 letter.served/a by=clerk to=respondent", "a", "appeal/a", ""},
	} {
		p.run(step.lines)
		can, cannot := offered(p, step.person)
		if can != step.can || cannot != step.cannot {
			t.Errorf("after %q to %s:\n  can    %s\n  wanted %s\n  cannot %s\n  wanted %s", step.lines, step.person, can, step.can, cannot, step.cannot)
		}
	}
}

// An approval of an extension is not offered once the term has lapsed.
func TestOffersApprovalTooLate(t *testing.T) {
	p := newPlay(t, load(t, packFiles(`
  report: {L, by: decider, cite: a2}
  extend: {L, by: decider.staff, approved_by: decider.principal, cite: a4}`, `
  reporting: {L, kind: duty, of: decider, start: intake, within: 5 days, met_by: report, extended_by: {act: extend, by: 5 days, cite: a8}, cite: a7}`, nil)), china(t), nil)
	p.run(`03-02 intake by=clerk decider=bureau
		03-03 extend by=clerk
		03-20 tick`)
	if can, cannot := offered(p, "head"); can != "report!" || cannot != "extend right_lapsed" {
		t.Errorf("can %q, cannot %q", can, cannot)
	}
}

// Nor once somebody who was to take part has had to withdraw.
func TestOffersApprovalWithRecused(t *testing.T) {
	p := newPlay(t, load(t, packFiles(`
  swear: {L, by: team, each: team, cite: a2, outcomes: {interest: {L, recuses: true}}}
  plan: {L, by: decider.staff, approved_by: decider.principal, cite: a4}`, "", nil)), china(t), nil)
	p.run(`03-02 intake by=clerk decider=bureau team=officer
		03-03 plan by=clerk staff=officer
		03-04 swear/officer:interest by=officer
		03-04 plan.approved by=lin -> refused is_recused a2`)
	if can, cannot := offered(p, "lin"); can != "" || cannot != "plan is_recused" {
		t.Errorf("can %q, cannot %q", can, cannot)
	}
}

func TestOwed(t *testing.T) {
	p := newPlay(t, load(t, packFiles(`
  one: {L, by: decider, cite: a2}
  two: {L, by: decider, cite: a2}
  three: {L, by: decider, cite: a2}`, `
  open_end: {L, kind: duty, of: decider, start: intake, met_by: one, cite: a3}
  far: {L, kind: duty, of: decider.principal, start: intake, within: 20 working_days, met_by: two, cite: a4}
  soon: {L, kind: right, of: decider, start: intake, within: 3 working_days, met_by: three, cite: a5}
  past: {L, kind: duty, of: decider, start: intake, within: 1 working_days, met_by: three, cite: a6}`, nil)), china(t), nil)
	p.run("03-02 intake by=clerk decider=bureau\n03-04 tick")
	want := []struct {
		term   string
		light  matter.Light
		left   int
		bearer string
	}{{"past", matter.Over, -1, "bureau"}, {"soon", matter.Near, 1, "bureau"}, {"far", matter.InTime, 18, "lin"}, {"open_end", matter.InTime, 0, "bureau"}}
	got := matter.Owed(p.state, p.rules, p.day)
	if len(got) != len(want) {
		t.Fatalf("%d owed", len(got))
	}
	for i, w := range want {
		if g := got[i]; g.Term != w.term || g.Light != w.light || g.Left != w.left || g.Bearer[0].Key() != w.bearer || len(g.Clause) != 1 {
			t.Errorf("%s %s %d %v, want %+v", g.Term, g.Light, g.Left, g.Bearer, w)
		}
	}
}

func TestRelation(t *testing.T) {
	p := newPlay(t, load(t, packFiles(`
  swear: {L, by: team, each: team, cite: a2, outcomes: {interest: {L, recuses: true}}}`, "", nil)), china(t), nil)
	p.run("03-02 intake by=clerk decider=bureau respondent=a,school team=officer,third\n03-03 swear/third:interest by=third")
	for person, want := range map[string]matter.Relation{
		"a":       {Concerned: []string{"a"}},
		"rector":  {Concerned: []string{"school"}},
		"b":       {},
		"mayor":   {},
		"clerk":   {Working: true},
		"officer": {Working: true},
	} {
		got := p.state.RelationOf(org.PersonID(person), p.rules, p.day)
		if strings.Join(got.Concerned, " ") != strings.Join(want.Concerned, " ") || got.Working != want.Working || got.Recused {
			t.Errorf("%s: %+v", person, got)
		}
	}
	if !p.state.RelationOf("third", p.rules, p.day).Recused {
		t.Error("third is not recused")
	}
}
