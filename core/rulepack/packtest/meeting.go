// SPDX-License-Identifier: Apache-2.0

package packtest

import (
	"slices"
	"strings"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack"
)

// minutes makes the minutes of a meeting from what a case tells. What it does
// not tell goes well: all came, all agreed and said why, the right one spoke
// last, everybody invited was heard.
func (r *run) minutes(a *rulepack.Act, step rulepack.Step) *matter.Minutes {
	told := step.Meeting
	if told == nil {
		told = &rulepack.CaseMeeting{Reasons: true}
	}
	m := a.Meetings[0]
	for _, other := range a.Meetings {
		if other.ID == told.ID {
			m = other
		}
	}
	if slices.Contains(step.Without, "minutes") {
		return nil
	}
	id := m.ID
	if told.ID != "" {
		id = told.ID // one that the act does not have is told all the same
	}
	roll := matter.Roll(r.state, &r.rules, m, a, step.Party, step.On)
	out := &matter.Minutes{Meeting: id, Heard: told.Heard, Last: org.PersonID(told.Last)}
	agree := people(told.Agree, told.AgreeN, roll)
	rest := slices.DeleteFunc(slices.Clone(roll), func(p org.PersonID) bool { return slices.Contains(agree, p) })
	disagree, abstain := people(told.Disagree, told.DisagreeN, rest), people(told.Abstain, 0, nil)
	out.Present = people(told.Present, told.PresentN, roll)
	if len(out.Present) == 0 {
		if out.Present = slices.Concat(agree, disagree, abstain); len(out.Present) == 0 {
			out.Present = slices.DeleteFunc(slices.Clone(roll), func(p org.PersonID) bool { return slices.Contains(told.Absent, string(p)) })
		}
	}
	if len(agree)+len(disagree)+len(abstain) == 0 {
		agree = out.Present
	}
	for option, list := range map[string][]org.PersonID{rulepack.Agree: agree, rulepack.Disagree: disagree, rulepack.Abstain: abstain} {
		for _, p := range list {
			v := matter.Vote{Person: p, Option: option}
			if told.Reasons {
				v.Reason = "sample"
			}
			out.Votes = append(out.Votes, v)
		}
	}
	slices.SortFunc(out.Votes, func(x, y matter.Vote) int { return strings.Compare(string(x.Person), string(y.Person)) })
	if out.Last == "" && m.Speak != nil {
		out.Last = r.someone([]rulepack.Path{m.Speak.Last}, a, step, nil)
	}
	if told.Heard == nil {
		for _, b := range r.state.Parties() {
			if slices.ContainsFunc(m.Invite, func(in rulepack.Invitation) bool { return in.Party == b.Name }) {
				out.Heard = append(out.Heard, b.Key())
			}
		}
	}
	return out
}

func people(ids []string, n int, roll []org.PersonID) []org.PersonID {
	var out []org.PersonID
	for _, id := range ids {
		out = append(out, org.PersonID(id))
	}
	return append(out, roll[:min(n, len(roll))]...)
}

// jointly lets all sign on one day who must do the act together.
func (r *run) jointly(a *rulepack.Act, cmd matter.Command, step rulepack.Step, day calendar.Date) ([]matter.Event, *matter.Refusal) {
	var all []matter.Event
	signed := r.signed(a, step.Party)
	for i, path := range a.By {
		if slices.Contains(signed, path.String()) {
			continue
		}
		signer := cmd
		if signer.Actor = r.someone([]rulepack.Path{path}, a, step, cmd.Binds); i == 0 && step.By != "" {
			signer.Actor = org.PersonID(step.By)
		}
		news, refusal := r.decide(signer, step, day)
		if refusal != nil {
			return all, refusal
		}
		all = append(all, news...)
	}
	return all, nil
}

// signed lists the places in which a joint act that is not done yet was signed.
func (r *run) signed(a *rulepack.Act, party string) []string {
	var out []string
	for _, e := range r.events {
		switch {
		case e.Act != a.ID || e.Party != party:
		case e.Kind == matter.Signed:
			out = append(out, e.Recipient)
		case e.Kind == matter.Done, e.Kind == matter.Returned, e.Kind == matter.Declined:
			out = nil
		}
	}
	return out
}

// settle confirms or annuls the last act of that name that was recorded as
// irregular, or has become so.
func (r *run) settle(step rulepack.Step, day calendar.Date) ([]matter.Event, *matter.Refusal) {
	cmd := matter.Command{Act: step.Act, Moment: matter.Confirmed, On: step.On, Party: step.Party, Reason: "sample", Actor: org.PersonID(step.By)}
	if step.Kind == rulepack.StepAnnul {
		cmd.Moment = matter.Annulled
	}
	for _, e := range r.events {
		if e.Act == step.Act && e.Kind == matter.Done && (step.Party == "" || e.Party == step.Party) {
			cmd.Target = e.Seq
		}
	}
	if a := r.rules.Procedure.Act(step.Act); a != nil && cmd.Actor == "" {
		cmd.Actor = r.someone([]rulepack.Path{r.pack.Settles}, a, step, nil)
	}
	return r.decide(cmd, step, day)
}

// blocked lists what effects stand in the way of on the day.
func (r *run) blocked(day calendar.Date) []string {
	out := []string{}
	for _, b := range matter.Blocked(r.state, &r.rules, day) {
		name := b.Block
		if b.Party != "" {
			name += "/" + b.Party
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}
