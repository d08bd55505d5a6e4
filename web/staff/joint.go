// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"slices"

	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/office/casework"
	"quanze/web/ui"
)

// signing reports whether somebody has signed the act already: then the form
// shows what that was, and asks for agreement.
func (a asked) signing() bool {
	return a.act.Jointly && !a.approving() && a.moment != matter.Served && len(a.state.Signatures(a.act.ID, a.party)) > 0
}

// before is what stands already and is now judged: a proposal, what the first
// signed, or the recusals to be settled.
func (a asked) before(v *casework.View) (heading string, facts []ui.Fact) {
	switch {
	case a.signing():
		return a.w.T("joint.signed_form"), a.filledIn(a.state.Signatures(a.act.ID, a.party)[0], "joint.signed_by", "joint.signed_on")
	case a.approving():
		if e, ok := v.State.Proposal(a.act.ID, a.party); ok {
			return a.w.T("act.proposal"), a.filledIn(e, "act.proposed_by", "act.proposed_on")
		}
	case a.act.ID == rulepack.SettleRecusal && a.act.Recusal != nil && v.Side == casework.Working:
		return a.w.T("recusal.requests"), a.requestFacts(v)
	}
	return "", nil
}

// filledIn is all that was filled in with an event, in the order of the form.
func (a asked) filledIn(e matter.Event, by, on string) []ui.Fact {
	out := []ui.Fact{{Term: a.w.T(by), Text: a.actor(e.Actor)}, {Term: a.w.T(on), Text: a.w.Date(e.On)}}
	if e.Outcome != "" {
		out = append(out, ui.Fact{Term: a.outcomeLabel(), Text: a.outcome(a.act.ID, e.Outcome)})
	}
	for _, party := range a.rules.Procedure.Parties {
		var list []string
		for _, r := range e.Binds[party.ID] {
			list = append(list, a.ref(r))
		}
		if len(list) > 0 {
			out = append(out, ui.Fact{Term: a.label(party.Label), Text: a.w.Join(list)})
		}
	}
	if len(e.Staff) > 0 {
		out = append(out, ui.Fact{Term: a.w.T("act.with"), Text: a.w.Join(a.persons(e.Staff))})
	}
	for _, f := range a.act.Fields() {
		if val, ok := e.Fields[f.ID]; ok {
			out = append(out, ui.Fact{Term: a.label(f.Label), Text: a.value(f, val)})
		}
	}
	if e.Minutes != nil {
		if m := a.rules.Procedure.Pack.Meeting(e.Minutes.Meeting); m != nil {
			out = append(out, ui.Fact{Term: a.w.T("minutes.title"), Body: minutesView(a.w, a.minutesShown(m, e))})
		}
	}
	return out
}

func (n names) persons(list []org.PersonID) []string {
	var out []string
	for _, p := range list {
		out = append(out, n.person(p))
	}
	return out
}

// jointFacts tells, of each act that several must sign and some have, who
// signed and who is awaited.
func jointFacts(n names, v *casework.View) []ui.Fact {
	if v.Side != casework.Working {
		return nil
	}
	var out []ui.Fact
	for _, a := range n.rules.Procedure.Acts {
		if !a.Jointly {
			continue
		}
		parties := []string{""}
		if a.Each != "" {
			parties = nil
			for _, b := range v.State.Parties() {
				if b.Name == a.Each && !slices.Contains(parties, b.Key()) {
					parties = append(parties, b.Key())
				}
			}
		}
		for _, party := range parties {
			if have := v.State.Signatures(a.ID, party); len(have) > 0 {
				out = append(out, n.jointFact(v, a, party, have))
			}
		}
	}
	return out
}

func (n names) jointFact(v *casework.View, a *rulepack.Act, party string, have []matter.Event) ui.Fact {
	label := n.label(a.Label)
	if party != "" {
		label = n.w.T("offer.for", "act", label, "party", n.party(v.State, party))
	}
	var lines []line
	for _, path := range a.By {
		at := slices.IndexFunc(have, func(e matter.Event) bool { return e.Recipient == path.String() })
		if at >= 0 {
			lines = append(lines, line{Text: n.w.T("joint.signed", "role", n.path(path), "name", n.person(have[at].Actor.Person), "on", n.w.Date(have[at].On))})
			continue
		}
		who := matter.Holders(v.State, n.rules, path, a.Each, party, n.today)
		lines = append(lines, line{Text: n.w.T("joint.awaited", "role", n.path(path), "names", n.w.Join(n.persons(who)))})
	}
	return ui.Fact{Term: label, Body: saidLines(n.w, lines)}
}
