// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"slices"
	"strings"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
	"quanze/locale"
	"quanze/office/casework"
	"quanze/web/page"
	"quanze/web/ui"
)

// names puts the ids of a pack and of the organisation into words.
type names struct {
	w     *locale.Words
	rules *matter.Rules
	today matterDay
}

func newNames(w *locale.Words, rules *matter.Rules, today matterDay) names {
	return names{w, rules, today}
}

func (n names) label(l rulepack.Label) string { return n.w.Name(l.Zh, l.En) }

// ref names a unit or a person.
func (n names) ref(r matter.Ref) string {
	if r.Unit != "" {
		if u, ok := n.rules.Org.Unit(r.Unit); ok {
			return n.w.Name(u.Name.Zh, u.Name.En)
		}
		return string(r.Unit)
	}
	return n.person(r.Person)
}

func (n names) person(id org.PersonID) string {
	if p, ok := n.rules.Org.Person(id); ok {
		return p.Name
	}
	return string(id)
}

// post names a person with the post by which he acted.
func (n names) actor(a matter.Actor) string {
	if a.Person == "" {
		return ""
	}
	name := n.person(a.Person)
	if p, ok := n.rules.Org.Post(a.Post); ok {
		unit, _ := n.rules.Org.Unit(p.Unit)
		return n.w.T("who.post", "name", name, "unit", n.w.Name(unit.Name.Zh, unit.Name.En), "title", n.w.Name(p.Title.Zh, p.Title.En))
	}
	return name
}

// party names a party by its key.
func (n names) party(s *matter.State, key string) string {
	for _, b := range s.Parties() {
		if b.Key() == key {
			return n.ref(b.Ref)
		}
	}
	return key
}

// other names a party by its key, but not to itself: who sees only his own side
// knows for whom it is.
func (n names) other(v *casework.View, key string) string {
	if key == "" || v.Side == casework.Concerned && len(v.Own) == 1 && v.Own[0] == key {
		return ""
	}
	return n.party(v.State, key)
}

// who names an actor. Whom a matter concerns is told the body, not the person,
// unless it is himself.
func (n names) who(v *casework.View, a matter.Actor) string {
	if v.Side == casework.Working || a.Person == v.Person {
		return n.actor(a)
	}
	p, ok := n.rules.Org.Post(a.Post)
	if !ok {
		return ""
	}
	unit, _ := n.rules.Org.Unit(p.Unit)
	return n.w.Name(unit.Name.Zh, unit.Name.En)
}

func (n names) term(id string) string {
	if t := n.rules.Term(id); t != nil {
		return n.label(t.Label)
	}
	return id
}

func (n names) act(id string) string {
	if a := n.rules.Act(id); a != nil {
		return n.label(a.Label)
	}
	return id
}

func (n names) outcome(act, id string) string {
	if a := n.rules.Act(act); a != nil {
		if o := a.Outcome(id); o != nil {
			return n.label(o.Label)
		}
	}
	return id
}

// path names a role of the pack: a party, then what of it.
func (n names) path(p rulepack.Path) string {
	if len(p) == 0 {
		return ""
	}
	head := p[0]
	if party := n.rules.Procedure.Party(head); party != nil {
		head = n.label(party.Label)
	} else if role := n.rules.Procedure.Pack.Role(head); role != nil {
		head = n.label(role.Label)
	} else if head == rulepack.ByLaw {
		head = n.w.T("path.law")
	}
	for _, s := range p[1:] {
		head = n.w.T("path."+s, "of", head)
	}
	return head
}

// any names whatever a refusal speaks of: a moment, a term, a field, a fact, a
// role, a person.
func (n names) any(act, s string) string {
	proc := n.rules.Procedure
	if m, ok := proc.Moment(s); ok {
		switch m.Kind {
		case rulepack.MomentOutcome:
			return n.w.T("moment.outcome", "act", n.act(m.Of), "outcome", n.outcome(m.Of, m.Detail))
		case rulepack.MomentLapsed:
			return n.w.T("moment.lapsed", "term", n.term(m.Of))
		case rulepack.MomentServed:
			return n.w.T("moment.served", "act", n.act(m.Of))
		case rulepack.MomentDay:
			return n.w.T("moment.day", "act", n.act(m.Of), "field", n.any(m.Of, m.Detail))
		case rulepack.MomentProposed:
			return n.w.T("moment.proposed", "act", n.act(m.Of))
		case rulepack.MomentReturned:
			return n.w.T("moment.returned", "act", n.act(m.Of))
		case rulepack.MomentDeclined:
			return n.w.T("moment.refused", "act", n.act(m.Of))
		}
		return n.act(m.Of)
	}
	if a := proc.Act(act); a != nil {
		for _, f := range a.Fields() {
			if f.ID == s {
				return n.label(f.Label)
			}
		}
	}
	if f := proc.Fact(s); f != nil {
		return n.label(f.Label)
	}
	if proc.Term(s) != nil {
		return n.term(s)
	}
	if s == "outcome" || s == "reason" {
		return n.w.T("field." + s)
	}
	if p := strings.Split(s, "."); proc.Party(p[0]) != nil || proc.Pack.Role(p[0]) != nil || s == rulepack.ByLaw {
		return n.path(p)
	}
	if l := proc.Pack.Local(s); l != nil {
		return n.label(l.Label)
	}
	if m := proc.Pack.Meeting(s); m != nil {
		return n.label(m.Label)
	}
	return n.anyParty(s)
}

// clauses names clauses, each leading to its page.
func (n names) clauses(ids []string) []ui.Clause {
	return page.Clauses(n.w, n.rules.Procedure.Pack, ids)
}

// refusal puts a refusal into words: why not, by which clause, what would help.
func (n names) refusal(s *matter.State, r *matter.Refusal) ui.Refusal {
	list := n.spoken(r)
	args := map[string]string{"act": n.act(r.Act), "names": n.w.Join(list)}
	if r.Why == matter.TooEarly {
		args["names"] = n.either(list)
	}
	if r.Party != "" {
		args["party"] = n.party(s, r.Party)
	}
	if r.Day != 0 {
		args["day"] = n.w.Date(r.Day)
	}
	if r.Count != 0 {
		args["count"] = n.w.Number(r.Count)
	}
	out := ui.Refusal{Why: n.w.Fill("refusal."+string(r.Why), args), Clauses: n.clauses(r.Clauses), Help: []string{n.w.Fill("help."+string(r.Why), args)}}
	switch {
	case r.Why == matter.LocalUnset:
		out.Links = []ui.Link{n.localLink()}
	case r.Why == matter.IsForbidden:
		out.Help = append(out.Help, n.gists(r.Clauses)...)
	case r.Why == matter.NeedNotMet && len(list) == 0: // nothing was stated that could be stated otherwise: the clause says what it needs
		if gists := n.gists(r.Clauses); len(gists) > 0 {
			out.Help = gists
		}
	}
	return out
}

// spoken names what a refusal speaks of. Of a window that has not opened its
// first day says all.
func (n names) spoken(r *matter.Refusal) []string {
	var list []string
	for _, x := range r.Names {
		if _, ok := n.rules.Procedure.Moment(x); !ok && r.Why == matter.TooEarly {
			continue
		}
		list = append(list, n.any(r.Act, x))
	}
	return list
}

// either writes a list of which one is enough.
func (n names) either(list []string) string {
	if len(list) == 0 {
		return ""
	}
	out := list[0]
	for _, x := range list[1:] {
		out = n.w.T("when.or", "a", out, "b", x)
	}
	return out
}

// gists are clauses of the pack in short, each by its name.
func (n names) gists(ids []string) []string {
	var out []string
	for _, id := range ids {
		if c := n.rules.Procedure.Pack.Clause(id); c != nil {
			out = append(out, n.w.T("matter.gist_of", "clause", page.Clause(n.w, n.rules.Procedure.Pack, id).Name, "gist", n.label(c.Gist)))
		}
	}
	return out
}

// refusalTo is a refusal as somebody reads it of himself: who was asked to
// withdraw has not withdrawn yet; and whom the matter concerns learns that it
// is not yet time, not what the others still have to do.
func (n names) refusalTo(me org.PersonID, concerned bool, s *matter.State, r *matter.Refusal) ui.Refusal {
	out := n.refusal(s, r)
	if concerned && n.othersDo(r) {
		out.Why, out.Help = n.w.T("concerned.not_yet"), []string{n.w.T("concerned.not_yet_help")}
	}
	if r.Why == matter.IsRecused && len(r.Names) == 0 && slices.Contains(s.AskedToWithdraw(), me) {
		out.Why, out.Help = n.w.T("recusal.wait", "act", n.act(r.Act)), []string{n.w.T("recusal.wait_help")}
	}
	return out
}

// othersDo reports whether a refusal speaks of what others have still to do or
// to state, not of what the form itself asks.
func (n names) othersDo(r *matter.Refusal) bool {
	switch r.Why {
	case matter.NotInQuestion:
		return true
	case matter.TooEarly:
		return r.Day == 0
	case matter.NotYetKnown, matter.NeedNotMet:
		a := n.rules.Procedure.Act(r.Act)
		return a == nil || !slices.ContainsFunc(a.Fields(), func(f *rulepack.Field) bool { return slices.Contains(r.Names, f.ID) })
	}
	return false
}

// localLink leads to the pack's page, where its local parameters stand.
func (n names) localLink() ui.Link {
	return ui.Link{Label: n.w.T("local.where"), Href: "/library/" + n.rules.Procedure.Pack.Code + "#locals"}
}

// value puts what was filled in into words.
func (n names) value(f *rulepack.Field, v expr.Value) string {
	option := func(id string) string {
		for _, o := range f.Options {
			if o.ID == id {
				return n.label(o.Label)
			}
		}
		return id
	}
	switch f.Type {
	case rulepack.FieldBool:
		return n.w.T("answer." + v.String())
	case rulepack.FieldDate:
		return n.w.Date(v.Date())
	case rulepack.FieldEnum:
		return option(v.Text())
	case rulepack.FieldSet:
		var out []string
		for _, id := range v.Set() {
			out = append(out, option(id))
		}
		return n.w.Join(out)
	case rulepack.FieldPersons:
		var out []string
		for _, id := range v.Set() {
			out = append(out, n.person(org.PersonID(id)))
		}
		return n.w.Join(out)
	case rulepack.FieldLimit:
		return n.limit(v.Text())
	case rulepack.FieldFile:
		return n.w.T("file.count", "n", n.w.Number(len(v.Set())))
	}
	return v.String()
}

// anyParty names a party key without a matter at hand: a person or a unit.
func (n names) anyParty(key string) string {
	if u, ok := n.rules.Org.Unit(org.UnitID(key)); ok {
		return n.w.Name(u.Name.Zh, u.Name.En)
	}
	return n.person(org.PersonID(key))
}

// due writes a last day, none where the text sets none.
func (n names) due(d calendar.Date, provisional bool) string {
	switch {
	case d == 0:
		return n.w.T("due.none")
	case provisional:
		return n.w.T("due.provisional", "day", n.w.Date(d))
	}
	return n.w.Date(d)
}

// left says how many working days are left, or how many it is late.
func (n names) left(d calendar.Date) string {
	switch {
	case d == 0:
		return ""
	case d < n.today:
		return n.w.T("due.over", "n", n.w.Number(n.rules.Calendar.WorkingDays(d, n.today)))
	case d == n.today:
		return n.w.T("due.today")
	}
	return n.w.T("due.left", "n", n.w.Number(n.rules.Calendar.WorkingDays(n.today, d)))
}

// limit puts a length as it stands in a pack into words.
func (n names) limit(s string) string {
	l, err := calendar.ParseLength(s)
	if err != nil {
		return s
	}
	return n.w.Length(l)
}
