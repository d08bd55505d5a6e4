// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"slices"

	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/office/casework"
	"quanze/store"
	"quanze/web/ui"
)

// asksOfOthers reports whether the person may ask that others withdraw, and not
// only withdraw himself.
func (a asked) asksOfOthers() bool {
	r := a.act.Recusal
	if r == nil || len(a.act.By) < len(r.Who) {
		return false
	}
	return slices.ContainsFunc(a.act.By[:len(a.act.By)-len(r.Who)], func(p rulepack.Path) bool {
		return matter.Entitled(a.state, a.rules, a.me, p, a.act.Each, a.party, a.today)
	})
}

// recusable are the persons whom a recusal may be about: to ask, those in charge
// by name and post, or only himself; to settle, those asked about, never the one
// who settles.
func (a asked) recusable() []ui.Choice {
	var out []ui.Choice
	add := func(p org.PersonID) {
		if !slices.ContainsFunc(out, func(c ui.Choice) bool { return c.Value == string(p) }) {
			out = append(out, ui.Choice{Value: string(p), Label: a.withPost(p)})
		}
	}
	switch {
	case a.closed:
	case a.act.ID == rulepack.SettleRecusal:
		for _, p := range a.state.AskedToWithdraw() {
			if p != a.me {
				add(p)
			}
		}
	case !a.asksOfOthers():
		add(a.me)
	default:
		asked := a.state.AskedToWithdraw()
		for _, path := range a.act.Recusal.Who {
			for _, p := range matter.Holders(a.state, a.rules, path, a.act.Each, a.party, a.today) {
				if !slices.Contains(asked, p) {
					add(p)
				}
			}
		}
	}
	return out
}

// requestFacts are the recusals that wait to be settled, with their grounds.
func (n names) requestFacts(v *casework.View) []ui.Fact {
	var out []ui.Fact
	for _, r := range v.Requests {
		by := n.who(v, r.By)
		if r.By.Person == r.Person {
			by = n.w.T("recusal.himself")
		}
		out = append(out, ui.Fact{Term: n.withPost(r.Person), Text: n.w.T("recusal.request", "by", by, "on", n.w.Date(r.On), "ground", r.Ground)})
	}
	return out
}

// standAside tells somebody who was asked to withdraw what that means until it
// is settled; and of places that nobody fills.
func (n names) standAside(v *casework.View) []line {
	var out []line
	rule := n.rules.Procedure.Recusal
	for _, r := range v.Requests {
		if r.Person != v.Person || rule == nil || v.Side != casework.Working {
			continue
		}
		key := "recusal.you_work_on"
		if rule.Aside {
			key = "recusal.you_stand_aside"
		}
		out = append(out, line{n.w.T(key, "on", n.w.Date(r.On), "ground", r.Ground), n.clauses(rule.Basis.Clauses())})
	}
	for _, e := range v.Vacant {
		var list []string
		for _, b := range e.Bearer {
			list = append(list, n.ref(b))
		}
		out = append(out, line{n.w.T("recusal.vacant", "on", n.w.Date(e.On), "names", n.w.Join(list)), n.clauses(e.Clauses)})
	}
	return out
}

// recusalText is what is said under the asking or settling of a recusal: about
// whom, and the reason. It comes only to those who may know.
func (n names) recusalText(e store.Recorded) string {
	if e.Act != rulepack.AskRecusal && e.Act != rulepack.SettleRecusal {
		return ""
	}
	var list []string
	for _, id := range e.Fields[rulepack.RecusalAbout].Set() {
		list = append(list, n.person(org.PersonID(id)))
	}
	return n.w.T("recusal.about", "names", n.w.Join(list), "ground", e.Fields[rulepack.RecusalGround].Text())
}
