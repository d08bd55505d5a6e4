// SPDX-License-Identifier: Apache-2.0

package rulepack

import (
	"strconv"
	"strings"
)

// Meeting is a rule of deliberation: who the members are, on what base the
// quorum and the majority are counted, who must be there, who speaks last.
type Meeting struct {
	ID      string
	Label   Label
	Members Path
	// OneOf are the kinds of unit whose meeting it is; none: of any.
	OneOf []string
	// Record names who may enter the minutes; else the members do.
	Record  Path
	Quorum  *Quorum
	Present []Presence
	Invite  []Invitation
	Recuse  *MeetingRecusal
	Speak   *Speak
	Vote    *Vote
	Basis   Basis
}

// Base is what a share is counted of.
type Base string

// The bases: all members; the members present; those who voted for or against.
const (
	OfMembers Base = "members"
	OfPresent Base = "present"
	OfVoting  Base = "voting"
)

// Share is a part of a base: a fraction, a number, all, or what a local
// parameter sets. More says that the part itself is not enough.
type Share struct {
	Num, Den int
	All      bool
	Local    string
	More     bool
	Of       Base
}

// Quorum is the least number of members present.
type Quorum struct {
	Share Share
	Basis Basis
}

// Presence names somebody who must be there; Opinion says that he must have
// spoken to the matter.
type Presence struct {
	Role    Path
	Opinion bool
	Basis   Basis
}

// Invitation names a party who may, or must, be heard and does not vote.
type Invitation struct {
	Party string
	Must  bool
	// When binds only while it holds: one who asked to be heard must be.
	When  string
	Basis Basis
}

// MeetingRecusal says whether a member who had to withdraw still counts in the
// base.
type MeetingRecusal struct {
	Keep  bool
	Basis Basis
}

// Speak says who speaks last.
type Speak struct {
	Last  Path
	Basis Basis
}

// Vote says what members may say, whether each must give a reason, and which
// share of agreement carries the motion.
type Vote struct {
	Options []string
	Reasons bool
	Pass    Share
	Basis   Basis
}

// The options that a vote may have.
const (
	Agree    = "agree"
	Disagree = "disagree"
	Abstain  = "abstain"
	Defer    = "defer"
)

// meetingPrefix marks a meeting in an act's by.
const meetingPrefix = "meeting."

func (d *decoder) meeting(n *node) {
	if !d.mapping(n, "meeting", "label", "members", "one_of", "record", "quorum", "present", "invite", "recuse", "speak", "vote", "cite") {
		return
	}
	m := &Meeting{ID: d.text(n, "meeting", true), Label: d.label(n, "label"), Members: toPath(d.text(n, "members", true)),
		OneOf: d.kinds(n), Record: toPath(d.text(n, "record", false)), Basis: d.basis(n, "meeting "+d.text(n, "meeting", false), true)}
	if m.ID == "" || !d.id(m.ID, n.pos) {
		return
	}
	if d.pack.Meeting(m.ID) != nil {
		d.report(n.pos, CodeTwice, m.ID, d.pack.Meeting(m.ID).Basis.Pos.String())
		return
	}
	if q := n.get("quorum"); q != nil && !d.omitted(q) && d.mapping(q, "at_least", "more_than", "all", "of", "cite") {
		if base := d.oneOf(q, "of", string(OfMembers), string(OfMembers), string(OfPresent), string(OfVoting)); base != string(OfMembers) {
			d.report(q.at("of"), CodeMismatch, base, "quorum") // who is present is what a quorum asks
		}
		m.Quorum = &Quorum{Share: d.share(q), Basis: d.basis(q, "quorum of "+m.ID, true)}
	}
	for _, v := range d.list(n, "present") {
		if d.omitted(v) || !d.mapping(v, "role", "opinion", "cite") {
			continue
		}
		m.Present = append(m.Present, Presence{Role: toPath(d.text(v, "role", true)),
			Opinion: d.oneOf(v, "opinion", "free", "free", "required") == "required", Basis: d.basis(v, "presence in "+m.ID, true)})
	}
	for _, v := range d.list(n, "invite") {
		if d.omitted(v) || !d.mapping(v, "party", "modality", "when", "cite") {
			continue
		}
		m.Invite = append(m.Invite, Invitation{Party: d.text(v, "party", true), When: d.text(v, "when", false),
			Must: d.oneOf(v, "modality", "may", "may", "must") == "must", Basis: d.basis(v, "invitation to "+m.ID, true)})
	}
	if v := n.get("recuse"); v != nil && !d.omitted(v) && d.mapping(v, "base", "cite") {
		m.Recuse = &MeetingRecusal{Keep: d.oneOf(v, "base", "", "keep", "leave") == "keep", Basis: d.basis(v, "recusal from "+m.ID, true)}
	}
	if v := n.get("speak"); v != nil && !d.omitted(v) && d.mapping(v, "last", "cite") {
		m.Speak = &Speak{Last: toPath(d.text(v, "last", true)), Basis: d.basis(v, "speaking order of "+m.ID, true)}
	}
	if v := n.get("vote"); v != nil && !d.omitted(v) && d.mapping(v, "options", "reasons", "pass", "cite") {
		m.Vote = d.vote(m, v)
	}
	d.pack.Meetings = append(d.pack.Meetings, m)
}

func (d *decoder) vote(m *Meeting, v *node) *Vote {
	out := &Vote{Options: d.words(v, "options"), Reasons: d.oneOf(v, "reasons", "free", "free", "required") == "required", Basis: d.basis(v, "vote of "+m.ID, true)}
	if len(out.Options) == 0 {
		out.Options = []string{Agree, Disagree, Abstain}
	}
	for _, o := range out.Options {
		switch o {
		case Agree, Disagree, Abstain, Defer:
		default:
			d.report(v.at("options"), CodeValue, o, strings.Join([]string{Agree, Disagree, Abstain, Defer}, ", "))
		}
	}
	if p := v.get("pass"); p != nil && d.mapping(p, "at_least", "more_than", "all", "of") {
		out.Pass = d.share(p)
	} else if p == nil {
		d.report(v.pos, CodeMissingKey, "pass")
	}
	return out
}

// share reads at_least or more_than: a fraction such as 2/3, a number, or
// {local: name}; or all: members.
func (d *decoder) share(n *node) Share {
	s := Share{Of: Base(d.oneOf(n, "of", string(OfMembers), string(OfMembers), string(OfPresent), string(OfVoting)))}
	if v := n.get("all"); v != nil {
		s.All, s.Of = true, Base(d.oneOf(n, "all", "", string(OfMembers), string(OfPresent), string(OfVoting)))
		return s
	}
	v := n.get("at_least")
	if more := n.get("more_than"); v != nil && more != nil {
		d.report(more.pos, CodeMismatch, "more_than", "at_least")
	}
	if v == nil {
		if v = n.get("more_than"); v == nil {
			d.report(n.pos, CodeMissingKey, "at_least | more_than | all")
			return s
		}
		s.More = true
	}
	if v.shape == mapping && d.mapping(v, "local") {
		s.Local = d.localName(v, "local", "fraction", "int")
		return s
	}
	num, den, ok := ParseShare(v.text)
	if !ok {
		d.report(v.pos, CodeLimit, v.text)
	}
	s.Num, s.Den = num, den
	return s
}

// ParseShare reads a fraction such as 2/3, or a number of persons (den 0).
func ParseShare(s string) (num, den int, ok bool) {
	a, b, fraction := strings.Cut(s, "/")
	num, err := strconv.Atoi(a)
	if err != nil || num < 1 || len(s) > 12 {
		return 0, 0, false
	}
	if !fraction {
		return num, 0, true
	}
	den, err = strconv.Atoi(b)
	return num, den, err == nil && den >= num
}

// localName reads the name of a local parameter of one of those types.
func (d *decoder) localName(n *node, key string, types ...string) string {
	name := d.text(n, key, true)
	l := d.pack.Local(name)
	if l == nil {
		d.dangling(n.at(key), "local", name, ids(d.pack.Locals, func(l *Local) string { return l.ID }))
		return name
	}
	for _, t := range types {
		if l.Type == t {
			return name
		}
	}
	d.report(n.at(key), CodeMismatch, name, strings.Join(types, " | "))
	return name
}

// meetingPaths checks, for an act held by the meeting, the paths the meeting
// names: they lead into the parties of the act's procedure.
func (d *decoder) meetingPaths(p *Procedure, m *Meeting) {
	if d.lenient {
		return
	}
	paths := []Path{m.Members, m.Record}
	for _, x := range m.Present {
		paths = append(paths, x.Role)
	}
	if m.Speak != nil {
		paths = append(paths, m.Speak.Last)
	}
	for _, path := range paths {
		d.path(p, m.Basis.Pos, path)
	}
	for _, x := range m.Invite {
		if p.Party(x.Party) == nil {
			d.dangling(x.Basis.Pos, "party", x.Party, ids(p.Parties, func(x *Party) string { return x.ID }))
		}
		if x.When != "" {
			if _, ok := p.Moment(x.When); !ok {
				d.dangling(x.Basis.Pos, "moment", x.When, nil)
			}
		}
	}
}
