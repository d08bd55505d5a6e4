// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"strconv"

	"quanze/core/calendar"
	"quanze/core/rulepack"
)

// shareOn is a share in numbers, as it stands on a day: den 0 for a number of
// persons. A local one that nobody has set is not known.
func (n names) shareOn(s rulepack.Share, day calendar.Date) (num, den int, known bool) {
	if s.Local == "" {
		return s.Num, s.Den, true
	}
	return rulepack.ParseShare(n.rules.Locals.On(s.Local, day))
}

// least is the smallest number of a base that reaches the share; the kernel
// counts the same (see its refusal's Count).
func (n names) least(s rulepack.Share, base int, day calendar.Date) (int, bool) {
	if s.All {
		return base, true
	}
	num, den, known := n.shareOn(s, day)
	if !known {
		return 0, false
	}
	for k := range base + 1 {
		part, of := k, num
		if den != 0 {
			part, of = k*den, num*base
		}
		if part > of || (part == of && !s.More) {
			return k, true
		}
	}
	return base, true
}

// share puts a share into words: not fewer than 2/3, more than 1/2, all.
func (n names) share(s rulepack.Share, day calendar.Date) string {
	if s.All {
		return n.w.T("share.all")
	}
	num, den, _ := n.shareOn(s, day)
	amount := n.w.Number(num)
	switch {
	case den != 0:
		amount += "/" + strconv.Itoa(den)
	default:
		amount = n.w.T("share.persons", "n", amount)
	}
	if s.More {
		return n.w.T("share.more", "amount", amount)
	}
	return n.w.T("share.at_least", "amount", amount)
}

// meetingRules says the rule of a meeting in plain words, with its clauses: how
// many must come, who, who speaks last, how many must agree.
func (a asked) meetingRules(m *rulepack.Meeting, day calendar.Date) []line {
	var out []line
	add := func(b rulepack.Basis, key string, args ...string) {
		out = append(out, line{a.w.T(key, args...), a.clauses(b.Or(m.Basis).Clauses())})
	}
	seats := a.seats(m, day)
	members, free := len(seats), 0
	for _, s := range seats {
		if s.out == "" {
			free++
		}
	}
	base := members
	if m.Recuse != nil && !m.Recuse.Keep {
		base = free
	}
	if q := m.Quorum; q != nil {
		if k, known := a.least(q.Share, base, day); known {
			add(q.Basis, "minutes.quorum", "share", a.share(q.Share, day), "n", a.w.Number(k), "base", a.w.Number(base))
		} else {
			add(q.Basis, "minutes.unset", "local", a.any(a.act.ID, q.Share.Local))
		}
	}
	for _, p := range m.Present {
		key := "minutes.present"
		if p.Opinion {
			key = "minutes.present_opinion"
		}
		add(p.Basis, key, "role", a.pathWho(p.Role))
	}
	if m.Speak != nil {
		add(m.Speak.Basis, "minutes.speaks_last", "role", a.pathWho(m.Speak.Last))
	}
	for _, in := range m.Invite {
		key := "minutes.invite"
		if in.Must {
			key = "minutes.must_hear"
		}
		when := ""
		if in.When != "" {
			when = a.any(a.act.ID, in.When)
		}
		add(in.Basis, key, "party", a.path(rulepack.Path{in.Party}), "when", when)
	}
	if v := m.Vote; v != nil {
		of := map[rulepack.Base]int{rulepack.OfMembers: base, rulepack.OfPresent: free, rulepack.OfVoting: free}[v.Pass.Of]
		if k, known := a.least(v.Pass, of, day); known {
			add(v.Basis, "minutes.pass."+string(v.Pass.Of), "share", a.share(v.Pass, day), "n", a.w.Number(k), "base", a.w.Number(of))
		} else {
			add(v.Basis, "minutes.unset", "local", a.any(a.act.ID, v.Pass.Local))
		}
		if v.Reasons {
			add(v.Basis, "minutes.reasons")
		}
	}
	if m.Recuse != nil && free < members {
		key := "minutes.base_leave"
		if m.Recuse.Keep {
			key = "minutes.base_keep"
		}
		add(m.Recuse.Basis, key)
	}
	return out
}

// pathWho names a role and who holds it today.
func (a asked) pathWho(p rulepack.Path) string {
	var list []string
	for _, c := range a.entitledPersons(p, "") {
		list = append(list, c.Label)
	}
	return a.w.T("role.who", "role", a.path(p), "names", a.w.Join(list))
}
