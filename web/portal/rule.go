// SPDX-License-Identifier: Apache-2.0

package portal

import (
	"slices"
	"strings"

	"quanze/core/rulepack"
	"quanze/locale"
)

// rule is an element of a pack that cites, with the names a reader knows.
// Key is the message that says what it is, Of the label of what it is about,
// Detail that of its outcome.
type rule struct {
	Key       string
	Of        rulepack.Label
	Detail    rulepack.Label
	Procedure rulepack.Label
	Cites     []string

	// moment is what a worked case must do to come by the rule: an act, or a
	// term with a slash before it, of the procedure of that id.
	procedure, moment string
}

// text says in words what a rule is.
func (r rule) text(w *locale.Words) string {
	return w.T(r.Key, "of", w.Name(r.Of.Zh, r.Of.En), "detail", w.Name(r.Detail.Zh, r.Detail.En))
}

// rulebook is the rules of a pack by the place where they stand. Names that a
// pack's rules carry (Basis.What) are ids; labels are found by place, since two
// procedures may have acts of one id.
type rulebook map[rulepack.Pos]rule

// rulesByClause returns the rules that cite each clause, in order of place.
func rulesByClause(p *rulepack.Pack) map[string][]rule {
	book := rulebook{}
	book.head(p)
	for _, x := range p.Procedures {
		book.procedure(x)
	}
	out := map[string][]rule{}
	seen := map[rulepack.Pos]bool{}
	for _, b := range p.Rules {
		if seen[b.Pos] {
			continue // a form that two acts share
		}
		seen[b.Pos] = true
		r, ok := book[b.Pos]
		switch {
		case ok:
		case b.What == "in_force":
			r = rule{Key: "library.rule.in_force"}
		default:
			r = rule{Key: "library.rule.other"}
		}
		r.Cites = b.Clauses()
		for _, id := range r.Cites {
			out[id] = append(out[id], r)
		}
	}
	return out
}

// put enters a rule; what stands at a place first is what the place is about.
func (k rulebook) put(b rulepack.Basis, r rule) {
	if _, taken := k[b.Pos]; !taken && len(b.Cites) > 0 {
		k[b.Pos] = r
	}
}

func (k rulebook) head(p *rulepack.Pack) {
	for _, l := range p.Locals {
		k.put(l.Basis, rule{Key: "library.rule.local", Of: l.Label})
	}
	for _, r := range p.Roles {
		k.put(r.Basis, rule{Key: "library.rule.role", Of: r.Label})
	}
	for _, l := range p.Ladders {
		k.put(l.Basis, rule{Key: "library.rule.ladder", Of: l.Title})
		for _, row := range l.Rows {
			k.put(row.Basis, rule{Key: "library.rule.row", Of: l.Title, Detail: row.Label})
		}
	}
}

func (k rulebook) procedure(p *rulepack.Procedure) {
	of := func(key string, label rulepack.Label, moment string) rule {
		return rule{Key: key, Of: label, Procedure: p.Title, procedure: p.ID, moment: moment}
	}
	k.put(p.Basis, rule{Key: "library.rule.procedure", Of: p.Title, procedure: p.ID})
	for _, x := range p.Parties {
		k.put(x.Basis, of("library.rule.party", x.Label, ""))
	}
	for _, x := range p.Facts {
		k.put(x.Basis, of("library.rule.fact", x.Label, ""))
	}
	for _, a := range p.Acts {
		k.act(a, func(key string, label rulepack.Label) rule { return of(key, label, a.ID) })
	}
	for _, t := range p.Terms {
		moment := "/" + t.ID
		k.put(t.Basis, of("library.rule.term", t.Label, moment))
		if t.Extended != nil {
			k.put(t.Extended.Basis, of("library.rule.extension", t.Label, t.Extended.Act))
		}
		if t.OnLapse != nil {
			k.put(t.OnLapse.Basis, of("library.rule.lapse", t.Label, moment))
			k.opens(t.OnLapse.OpensMatter, of("library.rule.opens", t.Label, moment))
		}
	}
}

func (k rulebook) act(a *rulepack.Act, of func(key string, label rulepack.Label) rule) {
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
	for _, x := range a.To {
		k.put(x.Basis, of("library.rule.recipient", a.Label))
	}
	k.opens(a.Effects.OpensMatter, of("library.rule.opens", a.Label))
	for _, x := range a.Outcomes {
		r := of("library.rule.outcome", a.Label)
		r.Detail = x.Label
		k.put(x.Basis, r)
		k.opens(x.Effects.OpensMatter, of("library.rule.opens", a.Label))
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

func (k rulebook) opens(o *rulepack.OpensMatter, r rule) {
	if o != nil {
		k.put(o.Basis, r)
	}
}

// casesOf counts the worked cases of a pack that come by a clause: they do an
// act or run a term that a rule on it governs, or are refused on it.
func casesOf(p *rulepack.Pack, clause string, rules []rule) int {
	n := 0
	for _, c := range p.Cases {
		if slices.ContainsFunc(c.Steps, func(s rulepack.Step) bool {
			return s.Refused == clause || slices.ContainsFunc(rules, func(r rule) bool { return r.procedure == c.Procedure && r.metIn(s) })
		}) {
			n++
		}
	}
	return n
}

// metIn reports whether a step does the act or states the term of the rule.
func (r rule) metIn(s rulepack.Step) bool {
	if r.moment == "" {
		return false
	}
	term, isTerm := strings.CutPrefix(r.moment, "/")
	if !isTerm {
		act, _, _ := strings.Cut(s.Act, ".")
		return act == r.moment
	}
	for key := range s.Due {
		if ofTerm(key, term) {
			return true
		}
	}
	return slices.ContainsFunc(slices.Concat(s.Met, s.Lapsed, s.Released), func(key string) bool { return ofTerm(key, term) })
}

// ofTerm reports whether a key such as answer/school is of that term.
func ofTerm(key, term string) bool {
	id, _, _ := strings.Cut(key, "/")
	return id == term
}
