// SPDX-License-Identifier: Apache-2.0

package casework

import (
	"slices"
	"strconv"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/store"
)

// Sitting is what may be told of a meeting that decided an act to anybody who
// is told of the act: which it was, and how many came. Who said what stays with
// those who work on the matter.
type Sitting struct {
	Meeting *rulepack.Meeting
	Members int
	Present int
}

// Request is a recusal that was asked for and is not settled.
type Request struct {
	Person org.PersonID
	By     matter.Actor
	On     calendar.Date
	Ground string
}

// gather reads off the state what the pages tell beside offers and duties.
func (v *View) gather() {
	now := v.State.At(v.Rules, v.Today)
	v.Effects, v.Ahead = matter.Effects(now, v.Rules), now.Ahead()
	v.Irregular, v.Requests = now.Irregularities(), requests(now)
	for _, e := range now.Consequences() {
		if e.Kind == matter.Found && e.Finding == "vacant" {
			v.Vacant = append(v.Vacant, e)
		}
	}
	v.Sittings = map[int]Sitting{}
	for _, e := range v.Events {
		if e.Minutes != nil {
			v.Sittings[e.Seq] = Sitting{Meeting: v.Rules.Procedure.Pack.Meeting(e.Minutes.Meeting), Members: len(e.Minutes.Members), Present: len(e.Minutes.Present)}
		}
	}
}

// requests lists who was asked to withdraw and by whom, as the record has it
// last.
func requests(now *matter.State) []Request {
	facts := now.Facts()
	var struck []int
	for _, e := range facts {
		if e.Kind == matter.Struck {
			struck = append(struck, e.Target)
		}
	}
	var out []Request
	for _, p := range now.AskedToWithdraw() {
		for _, e := range slices.Backward(facts) {
			if e.Kind == matter.Done && e.Act == rulepack.AskRecusal && !slices.Contains(struck, e.Seq) && slices.Contains(e.Fields[rulepack.RecusalAbout].Set(), string(p)) {
				out = append(out, Request{Person: p, By: e.Actor, On: e.On, Ground: e.Fields[rulepack.RecusalGround].Text()})
				break
			}
		}
	}
	return out
}

// narrowStanding leaves of what the state brings only the person's own side.
func (v *View) narrowStanding(person org.PersonID) {
	v.Ahead, v.Irregular, v.Vacant = nil, nil, nil
	v.Requests = slices.DeleteFunc(v.Requests, func(r Request) bool { return r.By.Person != person })
	v.Effects = slices.DeleteFunc(v.Effects, func(b matter.Block) bool { return !v.toldEffect(b) })
	told := map[int]Sitting{}
	for i, e := range v.Events {
		if s, sat := v.Sittings[e.Seq]; sat {
			told[e.Seq] = s
			if act := v.Rules.Procedure.Act(e.Act); act == nil || act.Paper == nil {
				v.Events[i].Fields = nil // what was decided reaches him by the paper, not by what the meeting filled in
			}
		}
		v.Events[i].Minutes = nil // the sitting is told in numbers
	}
	v.Sittings = told
}

// toldEffect reports whether an effect is the person's, and of a decision that
// he was told: before the service of the paper it stands in nobody's sight.
func (v *View) toldEffect(b matter.Block) bool {
	if !slices.Contains(v.Own, b.Party) {
		return false
	}
	return slices.ContainsFunc(v.State.At(v.Rules, v.Today).Obligations(), func(o matter.Obligation) bool {
		if o.Term != b.Term || o.Party != b.Party || o.StartOn != b.From {
			return false
		}
		act := v.Rules.Procedure.Act(o.StartedBy())
		cause, err := strconv.Atoi(o.Start)
		return act != nil && err == nil && (ownAct(v.Rules.Procedure, act, v.Own) || v.announced(act, b.Party, cause))
	})
}

// announced reports whether what happened at that place of the record has been
// told to the party: its own paper was served on it, or a later one that rests
// on the act.
func (v *View) announced(act *rulepack.Act, party string, seq int) bool {
	issued := 0
	for _, e := range v.State.Facts() {
		paper := v.Rules.Procedure.Act(e.Act)
		if e.Party != party || e.Seq < seq || paper == nil || (paper != act && !restsOn(paper, act.ID)) {
			continue
		}
		switch {
		case e.Kind == matter.Done && paper.Paper != nil:
			issued = e.Seq
		case e.Kind == matter.Served && e.Recipient == paper.Each && (issued != 0 || e.Seq == seq):
			return true
		}
	}
	return false
}

// restsOn reports whether an act is done only after that one.
func restsOn(a *rulepack.Act, id string) bool {
	return slices.ContainsFunc(a.After, func(c rulepack.Condition) bool {
		return slices.ContainsFunc(c.Any, func(m rulepack.Moment) bool { return m.Of == id && m.Kind != rulepack.MomentLapsed })
	})
}

// asksRecusal reports whether the act is that by which somebody whom the matter
// concerns asks that another withdraw: his own, though it is done for nobody in
// particular.
func asksRecusal(proc *rulepack.Procedure, a *rulepack.Act) bool {
	if a.Recusal == nil || a.ID != rulepack.AskRecusal || len(a.By) < len(a.Recusal.Who) {
		return false
	}
	return slices.ContainsFunc(a.By[:len(a.By)-len(a.Recusal.Who)], func(by rulepack.Path) bool {
		return len(by) == 1 && proc.About(by[0])
	})
}

// own reports whether somebody whom the matter concerns may do the act for that
// party.
func (v *View) own(a *rulepack.Act, party string) bool {
	if !ownAct(v.Rules.Procedure, a, v.Own) {
		return false
	}
	return slices.Contains(v.Own, party) || (a.Each == "" && party == "")
}

// settledFor reports whether an entry settles a recusal that the person asked
// for: whoever asked is told.
func (v *View) settledFor(e store.Recorded, person org.PersonID) bool {
	if e.Kind != matter.Done || e.Act != rulepack.SettleRecusal {
		return false
	}
	about := e.Fields[rulepack.RecusalAbout].Set()
	return slices.ContainsFunc(v.State.Facts(), func(ask matter.Event) bool {
		return ask.Kind == matter.Done && ask.Act == rulepack.AskRecusal && ask.Actor.Person == person && ask.Seq < e.Seq &&
			slices.ContainsFunc(ask.Fields[rulepack.RecusalAbout].Set(), func(id string) bool { return slices.Contains(about, id) })
	})
}

// asked reports whether something is owed because the person asked for a
// recusal.
func (v *View) asked(o matter.Obligation) bool {
	seq, err := strconv.Atoi(o.Start)
	return err == nil && o.StartedBy() == rulepack.AskRecusal && slices.ContainsFunc(v.State.Facts(), func(e matter.Event) bool {
		return e.Seq == seq && e.Actor.Person == v.Person
	})
}

// Recordable reports whether an act that was refused may be recorded as having
// happened all the same. Only whoever works on the matter may; the kernel says
// of which refusals.
func (v *View) Recordable(c matter.Command) bool {
	if v.Side != Working {
		return false
	}
	c.Actor, c.Irregular, c.Reason = v.Person, true, "-"
	_, refusal := matter.Decide(v.State, c, v.Rules, v.Today)
	return refusal == nil
}

// Barred tells why an act is not the person's to do, nil where it is or where
// something else is in its way. Who asks for a form learns it before he fills
// it in.
func (v *View) Barred(c matter.Command) *matter.Refusal {
	c.Actor = v.Person
	_, refusal := matter.Decide(v.State, c, v.Rules, v.Today)
	if refusal == nil || (refusal.Why != matter.NotEntitled && refusal.Why != matter.IsRecused) {
		return nil
	}
	return refusal
}

// MaySettle reports whether the person may confirm or annul an irregular act.
func (v *View) MaySettle(finding matter.Event) bool {
	pack := v.Rules.Procedure.Pack
	a := v.Rules.Procedure.Act(finding.Act)
	return v.Side == Working && a != nil && len(pack.Settles) > 0 && matter.Entitled(v.State, v.Rules, v.Person, pack.Settles, a.Each, finding.Party, v.Today)
}

// withdrew are the clauses by which a person had to withdraw.
func withdrew(s *matter.State, proc *rulepack.Procedure, person org.PersonID) []string {
	for _, e := range slices.Backward(s.Facts()) {
		a := proc.Act(e.Act)
		if a == nil || e.Kind != matter.Done {
			continue
		}
		if a.ID == rulepack.SettleRecusal && e.Outcome == "granted" && slices.Contains(e.Fields[rulepack.RecusalAbout].Set(), string(person)) {
			return a.Recusal.Basis.Clauses()
		}
		if o := a.Outcome(e.Outcome); o != nil && o.Effects.Recuses && e.Party == string(person) {
			return o.Basis.Or(a.Basis).Clauses()
		}
		if a.Effects.Recuses && e.Party == string(person) {
			return a.Basis.Clauses()
		}
	}
	return nil
}
