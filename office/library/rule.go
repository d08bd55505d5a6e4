// SPDX-License-Identifier: Apache-2.0

package library

import (
	"slices"
	"strings"

	"quanze/core/rulepack"
)

// Rule is an element of a pack that cites, with the names a reader knows. Key
// is the message that says what it is, Of the label of what it is about, Detail
// that of its outcome.
type Rule struct {
	Key       string
	Of        rulepack.Label
	Detail    rulepack.Label
	Procedure rulepack.Label
	Cites     []string
	Pos       rulepack.Pos

	// ProcedureID is where it stands, "" of what the whole pack has. Acts and
	// Terms are those it governs: it is in play where one of them is.
	ProcedureID string
	Acts, Terms []string
}

// ID names a rule within its version of the pack, in a form that can stand in
// an address.
func (r Rule) ID() string { return strings.ReplaceAll(r.Pos.String(), "/", "~") }

// Whole reports whether the rule governs no act or term in particular: it is in
// play in every matter of its procedure, or of its pack.
func (r Rule) Whole() bool { return len(r.Acts) == 0 && len(r.Terms) == 0 }

// rulebook is the rules of a pack by the place where they stand. Names that a
// pack's rules carry (Basis.What) are ids; labels are found by place, since two
// procedures may have acts of one id.
type rulebook map[rulepack.Pos]Rule

// Rules returns all rules of a pack, in order of place.
func Rules(p *rulepack.Pack) []Rule {
	book := rulebook{}
	book.head(p)
	for _, x := range p.Procedures {
		book.procedure(x)
	}
	var out []Rule
	seen := map[rulepack.Pos]bool{}
	for _, b := range p.Rules {
		if seen[b.Pos] {
			continue // a form that two acts share
		}
		seen[b.Pos] = true
		r, ok := book[b.Pos]
		if !ok {
			r = Rule{Key: "library.rule.other"}
		}
		r.Cites, r.Pos = b.Clauses(), b.Pos
		out = append(out, r)
	}
	return out
}

// ByClause sorts rules by the clauses that they cite.
func ByClause(rules []Rule) map[string][]Rule {
	out := map[string][]Rule{}
	for _, r := range rules {
		for _, id := range r.Cites {
			out[id] = append(out[id], r)
		}
	}
	return out
}

// put enters a rule. What stands at a place first is what the place is about;
// what stands there again, such as a form that two acts share, governs more.
func (k rulebook) put(b rulepack.Basis, r Rule) {
	if len(b.Cites) == 0 {
		return
	}
	old, taken := k[b.Pos]
	if !taken {
		k[b.Pos] = r
		return
	}
	if !old.Whole() && old.ProcedureID == r.ProcedureID {
		old.Acts, old.Terms = union(old.Acts, r.Acts), union(old.Terms, r.Terms)
		k[b.Pos] = old
	}
}

func union(a, b []string) []string {
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}

func (k rulebook) head(p *rulepack.Pack) {
	k.put(p.ForceBasis, Rule{Key: "library.rule.in_force"})
	k.put(p.SettlesBasis, Rule{Key: "library.rule.settles"})
	k.put(p.LawTime.Basis, Rule{Key: "library.rule.law_time"})
	k.put(p.Transition.Basis, Rule{Key: "library.rule.transition"})
	for _, l := range p.Locals {
		k.put(l.Basis, Rule{Key: "library.rule.local", Of: l.Label})
	}
	for _, r := range p.Roles {
		k.put(r.Basis, Rule{Key: "library.rule.role", Of: r.Label})
	}
	for _, l := range p.Ladders {
		k.put(l.Basis, Rule{Key: "library.rule.ladder", Of: l.Title})
		for _, row := range l.Rows {
			k.put(row.Basis, Rule{Key: "library.rule.row", Of: l.Title, Detail: row.Label})
		}
	}
	for _, t := range p.Tables {
		k.put(t.Basis, Rule{Key: "library.rule.table", Of: t.Title})
		for _, row := range t.Rows {
			k.put(row.Basis, Rule{Key: "library.rule.table_row", Of: t.Title})
		}
	}
}

func (k rulebook) procedure(p *rulepack.Procedure) {
	of := func(key string, label rulepack.Label) Rule {
		return Rule{Key: key, Of: label, Procedure: p.Title, ProcedureID: p.ID}
	}
	k.put(p.Basis, of("library.rule.procedure", p.Title))
	for _, x := range p.Parties {
		k.put(x.Basis, of("library.rule.party", x.Label))
	}
	for _, x := range p.Facts {
		k.fact(x, of("library.rule.fact", x.Label))
	}
	if r := p.Recusal; r != nil {
		recusal := of("library.rule.recusal", p.Title)
		recusal.Acts = []string{rulepack.AskRecusal, rulepack.SettleRecusal}
		k.put(r.Basis, recusal)
		k.put(r.SubstituteBasis, recusal)
	}
	for _, a := range p.Acts {
		k.act(a, func(key string, label rulepack.Label) Rule {
			r := of(key, label)
			r.Acts = []string{a.ID}
			return r
		})
	}
	for _, t := range p.Terms {
		k.term(t, of)
	}
}

func (k rulebook) fact(x *rulepack.Fact, r Rule) {
	r.Acts = x.SetBy
	k.put(x.Basis, r)
	if x.Count != nil {
		r.Key = "library.rule.count"
		k.put(x.Count.Basis, r)
	}
}

func (k rulebook) term(t *rulepack.Term, of func(key string, label rulepack.Label) Rule) {
	rule := func(key string) Rule {
		r := of(key, t.Label)
		r.Terms = []string{t.ID}
		return r
	}
	k.put(t.Basis, rule("library.rule.term"))
	for _, s := range t.Start {
		k.put(s.Basis, rule("library.rule.start"))
	}
	if t.Extended != nil {
		r := rule("library.rule.extension")
		r.Acts = []string{t.Extended.Act}
		k.put(t.Extended.Basis, r)
	}
	if t.OnLapse != nil {
		k.put(t.OnLapse.Basis, rule("library.rule.lapse"))
		k.opens(t.OnLapse.OpensMatter, rule("library.rule.opens"))
	}
}

func (k rulebook) act(a *rulepack.Act, of func(key string, label rulepack.Label) Rule) {
	k.put(a.Basis, of("library.rule.act", a.Label))
	k.put(a.ApprovalBasis, of("library.rule.approval", a.Label))
	for _, x := range a.After {
		k.put(x.Basis, of("library.rule.after", a.Label))
	}
	for _, x := range a.WaitsFor {
		k.put(x.Basis, of("library.rule.wait", a.Label))
	}
	for _, x := range a.Needs {
		k.put(x.Basis, of("library.rule.need", a.Label))
	}
	if a.Staff != nil {
		k.put(a.Staff.Basis, of("library.rule.staff", a.Label))
	}
	for _, x := range a.Separate {
		k.put(x.Basis, of("library.rule.separate", a.Label))
	}
	for _, x := range a.NotWorse {
		k.put(x.Basis, of("library.rule.not_worse", a.Label))
	}
	if a.Stays != nil {
		k.put(*a.Stays, of("library.rule.stays", a.Label))
	}
	for _, x := range a.To {
		k.put(x.Basis, of("library.rule.recipient", a.Label))
	}
	k.effects(a.Effects, a.Label, of)
	for _, x := range a.Outcomes {
		r := of("library.rule.outcome", a.Label)
		r.Detail = x.Label
		k.put(x.Basis, r)
		k.effects(x.Effects, a.Label, of)
	}
	for _, m := range a.Meetings {
		k.meeting(m, of)
	}
	if a.Paper != nil {
		k.put(a.Paper.Basis, of("library.rule.paper", a.Paper.Title))
	}
	for _, x := range a.Fields() {
		r := of("library.rule.field", a.Label)
		r.Detail = x.Label
		k.put(x.Basis, r)
	}
}

func (k rulebook) effects(e rulepack.Effects, label rulepack.Label, of func(key string, label rulepack.Label) Rule) {
	k.opens(e.OpensMatter, of("library.rule.opens", label))
	if e.Stops != nil {
		k.put(e.Stops.Basis, of("library.rule.stops", label))
	}
}

func (k rulebook) opens(o *rulepack.OpensMatter, r Rule) {
	if o != nil {
		k.put(o.Basis, r)
	}
}

func (k rulebook) meeting(m *rulepack.Meeting, of func(key string, label rulepack.Label) Rule) {
	k.put(m.Basis, of("library.rule.meeting", m.Label))
	if m.Quorum != nil {
		k.put(m.Quorum.Basis, of("library.rule.quorum", m.Label))
	}
	for _, x := range m.Present {
		k.put(x.Basis, of("library.rule.presence", m.Label))
	}
	for _, x := range m.Invite {
		k.put(x.Basis, of("library.rule.invitation", m.Label))
	}
	if m.Recuse != nil {
		k.put(m.Recuse.Basis, of("library.rule.withdrawal", m.Label))
	}
	if m.Speak != nil {
		k.put(m.Speak.Basis, of("library.rule.speak", m.Label))
	}
	if m.Vote != nil {
		k.put(m.Vote.Basis, of("library.rule.vote", m.Label))
	}
}
