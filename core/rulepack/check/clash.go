// SPDX-License-Identifier: Apache-2.0

package check

import (
	"slices"
	"strings"

	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

// clashes finds rules that cannot both be followed.
func (c *checker) clashes(p *rulepack.Procedure) {
	for _, a := range p.Acts {
		c.needs(p, a)
		c.onePerson(p, a)
	}
	for i, t := range p.Terms {
		if (t.Kind == rulepack.Duty || t.Kind == rulepack.Period) && len(t.MetBy) > 0 && !slices.ContainsFunc(t.MetBy, func(m rulepack.Moment) bool {
			a := p.Act(m.Of)
			return a == nil || a.Modality != rulepack.Forbidden
		}) {
			c.fail(t.Basis, rulepack.CodeForbidden, t.ID, t.MetBy[0].Of)
		}
		for _, other := range p.Terms[:i] {
			if twin(t, other) {
				c.warn(t.Basis, rulepack.CodeTwoLimits, other.ID, other.Within.Length.String(), t.ID, t.Within.Length.String())
			}
		}
	}
}

// twin reports whether two duties run from and to the same and differ in length.
func twin(a, b *rulepack.Term) bool {
	if a.Kind != rulepack.Duty || b.Kind != rulepack.Duty || a.Each != b.Each || a.Within.Length.N == 0 || b.Within.Length.N == 0 || a.Within.Length == b.Within.Length {
		return false
	}
	if (a.When == nil) != (b.When == nil) || a.When != nil && a.When.Source != b.When.Source {
		return false
	}
	start := slices.ContainsFunc(a.Start, func(s rulepack.Start) bool {
		return s.Becomes == nil && slices.ContainsFunc(b.Start, func(r rulepack.Start) bool {
			return r.Becomes == nil && r.Moment.String() == s.Moment.String() && r.When == nil && s.When == nil && r.Choice == s.Choice
		})
	})
	return start && slices.EqualFunc(a.MetBy, b.MetBy, func(x, y rulepack.Moment) bool { return x.String() == y.String() })
}

// maxValuations bounds how many values the needs of an act are tried with.
const maxValuations = 4096

// needs finds an act, or an outcome, whose conditions cannot hold together,
// whatever the facts and what is filled in.
func (c *checker) needs(p *rulepack.Procedure, a *rulepack.Act) {
	if len(a.Needs) == 0 {
		return
	}
	names, told := domains(p, a)
	if told == nil {
		return
	}
	outcomes := []string{""}
	for _, o := range a.Outcomes {
		outcomes = append(outcomes, o.ID)
	}
	if len(a.Outcomes) > 0 {
		outcomes = outcomes[1:]
	}
	var bad []string
	for _, o := range outcomes {
		if !satisfiable(a, o, names, told) {
			bad = append(bad, o)
		}
	}
	if len(bad) == len(outcomes) {
		c.fail(a.Needs[0].Basis, rulepack.CodeContradiction, a.ID)
		return
	}
	for _, o := range bad {
		c.fail(a.Needs[0].Basis, rulepack.CodeContradiction, a.ID+"."+o)
	}
}

// domains lists what the conditions of an act speak of and few values have.
func domains(p *rulepack.Procedure, a *rulepack.Act) ([]string, [][]expr.Value) {
	var names []string
	told := [][]expr.Value{}
	total := 1
	for _, n := range a.Needs {
		for _, name := range n.If.Facts {
			if slices.Contains(names, name) || name == "outcome" {
				continue
			}
			of := &rulepack.Fact{}
			if f := p.Fact(name); f != nil {
				of = f
			}
			for _, x := range a.Fields() {
				if x.ID == name {
					of = &rulepack.Fact{Type: x.ValueType(), Options: x.Options}
				}
			}
			if vs := values(of); len(vs) > 0 {
				names, told = append(names, name), append(told, vs)
				if total *= len(vs); total > maxValuations {
					return nil, nil
				}
			}
		}
	}
	return names, told
}

// satisfiable tries every combination; what is not told apart may be anything.
func satisfiable(a *rulepack.Act, outcome string, names []string, told [][]expr.Value) bool {
	at := make([]int, len(names))
	for {
		env := &expr.Env{Ask: func(string, []expr.Value) expr.Value { return expr.Value{} }}
		env.Fact = func(name string) expr.Value {
			if name == "outcome" {
				return expr.OfText(outcome)
			}
			if i := slices.Index(names, name); i >= 0 {
				return told[i][at[i]]
			}
			return expr.Value{}
		}
		if !slices.ContainsFunc(a.Needs, func(n rulepack.Need) bool { return n.If.Eval(env).False() }) {
			return true
		}
		i := 0
		for ; i < len(at); i++ {
			if at[i]++; at[i] < len(told[i]) {
				break
			}
			at[i] = 0
		}
		if i == len(at) {
			return false
		}
	}
}

// single reports whether a path names one person at most: the principal of one
// unit, or a party that is one person.
func single(p *rulepack.Procedure, path rulepack.Path) bool {
	x := p.Party(path[0])
	if x == nil || x.Many {
		return false
	}
	return len(path) == 2 && path[1] == "principal" && !x.Person || len(path) == 1 && x.Person && !x.Unit
}

// onePerson finds acts that ask for two persons where one is named.
func (c *checker) onePerson(p *rulepack.Procedure, a *rulepack.Act) {
	if len(a.By) == 0 || a.Lawful() || len(a.Meetings) > 0 {
		return
	}
	one := a.By[0]
	alone := single(p, one) && !slices.ContainsFunc(a.By, func(by rulepack.Path) bool { return by.String() != one.String() })
	if alone && a.Jointly {
		c.fail(a.Basis, rulepack.CodeSamePerson, a.ID, one.String())
	}
	if alone && len(a.Approved) > 0 && a.Approved.String() == one.String() {
		c.fail(at(a.ApprovalBasis, a.Basis), rulepack.CodeSamePerson, a.ID, one.String())
	}
	for _, s := range a.Separate {
		b := p.Act(s.Act)
		if b == nil || !alone || b.Each != a.Each || b.Lawful() || len(b.Meetings) > 0 {
			continue
		}
		if !slices.ContainsFunc(b.By, func(by rulepack.Path) bool { return by.String() != one.String() }) {
			c.fail(at(s.Basis, a.Basis), rulepack.CodeSamePerson, b.ID+", "+a.ID, one.String())
		}
	}
	c.inversion(a)
}

// rank orders the posts of a unit.
var rank = map[string]int{"principal": 3, "deputy": 2, "member": 1, "staff": 0}

// inversion finds an act that a lower post approves than does it.
func (c *checker) inversion(a *rulepack.Act) {
	if len(a.Approved) < 2 || slices.ContainsFunc(a.By, func(by rulepack.Path) bool {
		mine, ok := rank[by[len(by)-1]]
		theirs, known := rank[a.Approved[len(a.Approved)-1]]
		return !ok || !known || strings.Join(by[:len(by)-1], ".") != strings.Join(a.Approved[:len(a.Approved)-1], ".") || mine <= theirs
	}) {
		return
	}
	c.warn(at(a.ApprovalBasis, a.Basis), rulepack.CodeInversion, a.ID)
}

// meetings finds those that cannot decide, or leave open how.
func (c *checker) meetings() {
	for _, m := range c.pack.Meetings {
		if m.Quorum != nil && beyond(m.Quorum.Share) {
			c.fail(m.Quorum.Basis, rulepack.CodeMeeting, m.ID, "quorum")
		}
		if m.Vote != nil && beyond(m.Vote.Pass) {
			c.fail(m.Vote.Basis, rulepack.CodeMeeting, m.ID, "pass")
		}
		if m.Vote != nil && !slices.Contains(m.Vote.Options, rulepack.Agree) {
			c.fail(m.Vote.Basis, rulepack.CodeMeeting, m.ID, "options")
		}
		if m.Vote != nil && m.Quorum != nil && above(m.Vote.Pass, m.Quorum.Share) {
			c.warn(m.Vote.Basis, rulepack.CodeMeeting, m.ID, "pass > quorum")
		}
		for _, must := range m.Present {
			if !memberOf(m.Members, must.Role) {
				c.fail(must.Basis, rulepack.CodeMeeting, m.ID, "present "+must.Role.String())
			}
		}
		c.base(m)
	}
}

func (c *checker) base(m *rulepack.Meeting) {
	var open []string
	if m.Quorum == nil {
		open = append(open, "quorum")
	}
	if m.Vote == nil {
		open = append(open, "vote")
	} else if s := m.Vote.Pass; !s.More && !s.All && s.Local == "" && s.Den == 2*s.Num {
		open = append(open, "tie")
	}
	if m.Recuse == nil && slices.ContainsFunc(c.pack.Procedures, func(p *rulepack.Procedure) bool {
		return p.Recusal != nil && slices.ContainsFunc(p.Acts, func(a *rulepack.Act) bool { return slices.Contains(a.Meetings, m) })
	}) {
		open = append(open, "recuse")
	}
	if len(open) > 0 {
		c.warn(m.Basis, rulepack.CodeBase, m.ID, strings.Join(open, ", "))
	}
}

// beyond reports a share that nobody reaches: more than all.
func beyond(s rulepack.Share) bool { return s.More && s.Den > 0 && s.Num >= s.Den }

// above reports whether what carries is more than what must be there, of the
// members both.
func above(pass, quorum rulepack.Share) bool {
	if pass.Of != rulepack.OfMembers || quorum.Of != rulepack.OfMembers || pass.Local != "" || quorum.Local != "" || quorum.All {
		return false
	}
	if pass.All {
		return true
	}
	if pass.Den == 0 || quorum.Den == 0 {
		return pass.Den == 0 && quorum.Den == 0 && pass.Num > quorum.Num
	}
	left, right := pass.Num*quorum.Den, quorum.Num*pass.Den
	return left > right || left == right && pass.More && !quorum.More
}

// memberOf reports whether somebody a path names may be a member.
func memberOf(members, role rulepack.Path) bool {
	if len(role) == 0 || len(members) == 0 || members[0] != role[0] || members[0] == "local" {
		return true // another party's head may sit there too
	}
	post, asks := rank[role[len(role)-1]]
	if !asks || len(role) != 2 {
		return true
	}
	switch last := members[len(members)-1]; {
	case len(members) == 1, last == "leadership":
		return post > 0
	default:
		mine, ok := rank[last]
		return !ok || mine == post
	}
}
