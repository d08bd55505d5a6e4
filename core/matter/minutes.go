// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"slices"

	"quanze/core/calendar"
	"quanze/core/org"
	"quanze/core/rulepack"
)

// Minutes are what is recorded of a meeting that decided an act: who was
// there, what each said and why, who spoke last, which parties were heard.
type Minutes struct {
	Meeting string         `json:"meeting"`
	Present []org.PersonID `json:"present"`
	Votes   []Vote         `json:"votes,omitempty"`
	Last    org.PersonID   `json:"last,omitempty"`
	Heard   []string       `json:"heard,omitempty"`
	// Members is the roll of the day, filled in when the minutes are accepted.
	Members []org.PersonID `json:"members,omitempty"`
	Agree   int            `json:"agree,omitempty"`
	Base    int            `json:"base,omitempty"`
}

// Vote is one member's position, with the reason. One who was absent may have
// sent an opinion: it is kept and not counted.
type Vote struct {
	Person org.PersonID `json:"person"`
	Option string       `json:"option"`
	Reason string       `json:"reason,omitempty"`
}

// copied lets minutes be filled in without touching what a command or a record
// holds.
func (m *Minutes) copied() *Minutes {
	if m == nil {
		return nil
	}
	out := *m
	return &out
}

func (m *Minutes) vote(p org.PersonID) (Vote, bool) {
	for _, v := range m.Votes {
		if v.Person == p {
			return v, true
		}
	}
	return Vote{}, false
}

// Roll lists the members of a meeting that decides an act, those who had to
// withdraw included.
func Roll(s *State, rules *Rules, m *rulepack.Meeting, a *rulepack.Act, party string, day calendar.Date) []org.PersonID {
	rules = rules.Of(s)
	return s.roll(rules, m, a, &Command{Party: party, On: day})
}

func (s *State) roll(rules *Rules, m *rulepack.Meeting, a *rulepack.Act, c *Command) []org.PersonID {
	var out []org.PersonID
	for _, r := range s.refsOf(rules, m.Members, a.Each, c.Party, c.On) {
		if r.Person != "" && !slices.Contains(out, r.Person) {
			out = append(out, r.Person)
		}
		if r.Unit == "" {
			continue
		}
		for _, h := range rules.Org.Holders(r.Unit, c.On, org.Principal, org.Deputy, org.Member) {
			if !slices.Contains(out, h.Person) {
				out = append(out, h.Person)
			}
		}
	}
	return out
}

// deliberation tests the minutes of an act that a meeting decides. Its order is
// that of a meeting: who came, who must be there, who was heard, how it ended.
func (f *folder) deliberation(a *rulepack.Act, c *Command, party string) *Refusal {
	if len(a.Meetings) == 0 {
		if c.Minutes != nil {
			return refuser(a, party)(ContentWrong, a.Basis, "minutes")
		}
		return nil
	}
	no := refuser(a, party)
	at := -1
	if c.Minutes != nil {
		at = slices.IndexFunc(a.Meetings, func(m *rulepack.Meeting) bool { return m.ID == c.Minutes.Meeting })
	}
	if at < 0 {
		return no(NoMinutes, a.Meetings[0].Basis, a.Meetings[0].ID)
	}
	m, minutes := a.Meetings[at], c.Minutes
	if !f.sits(m, a, party) {
		return no(WrongMeeting, m.Basis, m.ID)
	}
	members := f.roll(f.rules, m, a, c)
	minutes.Members = members
	if r := f.attendance(m, minutes, members, no); r != nil {
		return r
	}
	for _, must := range m.Present {
		if r := f.presence(a, c, must, no); r != nil {
			return r
		}
	}
	for _, in := range m.Invite {
		if r := f.heard(a, c, in, no); r != nil {
			return r
		}
	}
	if m.Speak != nil {
		holders := f.persons(m.Speak.Last, a.Each, party, c)
		last := slices.Contains(holders, minutes.Last) && slices.Contains(minutes.Present, minutes.Last)
		if anyPresent(minutes, holders) && !last {
			return no(SpeaksLast, m.Speak.Basis, m.Speak.Last.String())
		}
	}
	return f.ballot(m, minutes, members, no)
}

// sits reports whether a meeting is one of the body that decides: a government
// does not decide in the meeting of a party committee.
func (f *folder) sits(m *rulepack.Meeting, a *rulepack.Act, party string) bool {
	if len(m.OneOf) == 0 {
		return true
	}
	return slices.ContainsFunc(f.refs(m.Members[:1], a.Each, party, f.on), func(r Ref) bool {
		u, ok := f.rules.Org.Unit(r.Unit)
		return ok && slices.Contains(m.OneOf, string(u.Kind))
	})
}

// Sitting lists the meetings of which one decides an act: those of the body that
// decides in this matter.
func Sitting(s *State, rules *Rules, a *rulepack.Act, party string, day calendar.Date) []*rulepack.Meeting {
	f := s.asOf(day, rules.Of(s))
	var out []*rulepack.Meeting
	for _, m := range a.Meetings {
		if f.sits(m, a, party) {
			out = append(out, m)
		}
	}
	return out
}

// attendance tests that those present may be there and are enough.
func (f *folder) attendance(m *rulepack.Meeting, minutes *Minutes, members []org.PersonID, no refuse) *Refusal {
	var out []org.PersonID
	for _, p := range members {
		if f.isOut(p) {
			out = append(out, p)
		}
	}
	for i, p := range minutes.Present {
		if slices.Contains(minutes.Present[:i], p) || !slices.Contains(members, p) {
			return no(NotAMember, m.Basis, string(p))
		}
		if slices.Contains(out, p) {
			r := no(IsRecused, m.Basis, string(p))
			r.Clauses, _ = f.standsAside(p)
			return r
		}
	}
	if m.Quorum == nil {
		return nil
	}
	base := len(members)
	if m.Recuse != nil && !m.Recuse.Keep {
		base -= len(out)
	}
	enough, known := f.reaches(m.Quorum.Share, len(minutes.Present), base)
	if !known {
		return no(LocalUnset, m.Quorum.Basis, m.Quorum.Share.Local)
	}
	if !enough {
		r := no(NoQuorum, m.Quorum.Basis, m.ID)
		r.Count = f.least(m.Quorum.Share, base)
		return r
	}
	return nil
}

// presence tests that somebody who must be there was, and said what is asked.
func (f *folder) presence(a *rulepack.Act, c *Command, must rulepack.Presence, no refuse) *Refusal {
	holders := f.persons(must.Role, a.Each, c.Party, c)
	for _, p := range holders {
		if !slices.Contains(c.Minutes.Present, p) {
			continue
		}
		if v, ok := c.Minutes.vote(p); must.Opinion && (!ok || v.Reason == "") {
			return no(NoReason, must.Basis, string(p))
		}
		return nil
	}
	return no(NotPresent, must.Basis, must.Role.String())
}

// heard tests that a party who must be heard was.
func (f *folder) heard(a *rulepack.Act, c *Command, in rulepack.Invitation, no refuse) *Refusal {
	if !in.Must {
		return nil
	}
	for _, b := range f.active(in.Party) {
		if a.Each == in.Party && b.Key() != c.Party {
			continue
		}
		if in.When != "" {
			if m, ok := f.proc().Moment(in.When); !ok || !f.has(m, b.Key()) {
				continue
			}
		}
		if !slices.Contains(c.Minutes.Heard, b.Key()) {
			return no(NotHeard, in.Basis, b.Key())
		}
	}
	return nil
}

// ballot tests every position and counts them.
func (f *folder) ballot(m *rulepack.Meeting, minutes *Minutes, members []org.PersonID, no refuse) *Refusal {
	if m.Vote == nil {
		return nil
	}
	agree, voting := 0, 0
	for i, v := range minutes.Votes {
		if !slices.Contains(members, v.Person) || slices.ContainsFunc(minutes.Votes[:i], func(w Vote) bool { return w.Person == v.Person }) {
			return no(NotAMember, m.Basis, string(v.Person))
		}
		if cites, out := f.standsAside(v.Person); out {
			r := no(IsRecused, m.Basis, string(v.Person))
			r.Clauses = cites
			return r
		}
		if !slices.Contains(m.Vote.Options, v.Option) {
			return no(ContentWrong, m.Vote.Basis, "minutes")
		}
		if !slices.Contains(minutes.Present, v.Person) {
			continue // kept, not counted
		}
		if m.Vote.Reasons && v.Reason == "" {
			return no(NoReason, m.Vote.Basis, string(v.Person))
		}
		if v.Option == rulepack.Agree {
			agree++
		}
		if v.Option == rulepack.Agree || v.Option == rulepack.Disagree {
			voting++
		}
	}
	base := map[rulepack.Base]int{rulepack.OfMembers: len(members), rulepack.OfPresent: len(minutes.Present), rulepack.OfVoting: voting}[m.Vote.Pass.Of]
	if m.Vote.Pass.Of == rulepack.OfMembers && m.Recuse != nil && !m.Recuse.Keep {
		for _, p := range members {
			if f.isOut(p) {
				base--
			}
		}
	}
	minutes.Agree, minutes.Base = agree, base
	carried, known := f.reaches(m.Vote.Pass, agree, base)
	if !known {
		return no(LocalUnset, m.Vote.Basis, m.Vote.Pass.Local)
	}
	if !carried {
		r := no(NotCarried, m.Vote.Basis, m.ID)
		r.Count = f.least(m.Vote.Pass, base)
		return r
	}
	return nil
}

// share is a share in numbers; a local one is read on the day.
func (f *folder) share(s rulepack.Share) (num, den int, known bool) {
	if s.Local == "" {
		return s.Num, s.Den, true
	}
	return rulepack.ParseShare(f.rules.Locals.On(s.Local, f.on))
}

// reaches reports whether n of base is the share.
func (f *folder) reaches(s rulepack.Share, n, base int) (enough, known bool) {
	if s.All {
		return n >= base && base > 0, true
	}
	num, den, ok := f.share(s)
	switch {
	case !ok:
		return false, false
	case base <= 0:
		return false, true
	case den == 0 && s.More:
		return n > num, true
	case den == 0:
		return n >= num, true
	case s.More:
		return n*den > num*base, true
	}
	return n*den >= num*base, true
}

// least is the smallest number that reaches the share.
func (f *folder) least(s rulepack.Share, base int) int {
	for n := 0; n <= base; n++ {
		if enough, _ := f.reaches(s, n, base); enough {
			return n
		}
	}
	return base
}

// persons resolves a path to persons: of a unit, its principals.
func (f *folder) persons(path rulepack.Path, each, party string, c *Command) []org.PersonID {
	var out []org.PersonID
	for _, r := range f.refs(path, each, party, c.On) {
		if r.Person != "" {
			out = append(out, r.Person)
			continue
		}
		for _, h := range f.rules.Org.Holders(r.Unit, c.On, org.Principal) {
			out = append(out, h.Person)
		}
	}
	return out
}

func anyPresent(m *Minutes, persons []org.PersonID) bool {
	return slices.ContainsFunc(persons, func(p org.PersonID) bool { return slices.Contains(m.Present, p) })
}
