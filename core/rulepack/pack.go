// SPDX-License-Identifier: Apache-2.0

// Package rulepack holds one regulation as data: what a pack says, read from
// its files with every fault at its place, checked and frozen. It knows what
// the words of the pack language are, not what they do (core/matter), and it
// never reads a file system: it is given bytes. Start at Load, then Pack and
// Procedure.
package rulepack

import (
	"slices"

	"quanze/core/calendar"
	"quanze/core/rulepack/expr"
)

// Label is a text in both languages.
type Label struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// Cite names a clause by its full id, such as wf11-art8-p2.
type Cite struct {
	Clause string
	Pos    Pos
}

// Basis is what an element of a pack rests on, and where it stands. Every
// element that cites is one rule.
type Basis struct {
	Cites []Cite
	Pos   Pos
	What  string
	// clauses are the cited ids, once for all refusals and events.
	clauses []string
}

// Clauses returns the cited clause ids. The list is shared: it is not to be
// changed.
func (b Basis) Clauses() []string {
	if b.clauses != nil {
		return b.clauses
	}
	out := make([]string, len(b.Cites))
	for i, c := range b.Cites {
		out[i] = c.Clause
	}
	return out
}

// Or returns b where it cites anything, else the other.
func (b Basis) Or(other Basis) Basis {
	if len(b.Cites) > 0 {
		return b
	}
	return other
}

// Clause is one norm of the regulation, with a gist in our own words.
type Clause struct {
	ID       string
	Anchor   string
	Kind     string
	Exec     string
	Gist     Label
	Declared Label // why no rule runs it; zero where one does
	Defects  []Label
	Pos      Pos
}

// Pack is one regulation as data, frozen: nothing changes it after Load.
type Pack struct {
	Code       string
	Title      Label
	Number     string
	Issuer     string
	From, To   calendar.Date
	ForceBasis Basis
	Count      calendar.Rule
	// Settles names who confirms or annuls an act that was done though the rules
	// forbade it.
	Settles      Path
	SettlesBasis Basis
	LawTime      LawTime
	Transition   Transition
	Roles        []*Role
	// Blocks are what effects may stand in the way of, such as a promotion.
	Blocks     []Option
	Tables     []*Table
	Meetings   []*Meeting
	Locals     []*Local
	Clauses    []*Clause
	Ladders    []*Ladder
	Procedures []*Procedure
	Cases      []*Case
	// Accepted are warnings of the checker that the text leaves as they are.
	Accepted []Accepted
	// Equivalents are mutants that change nothing, by id, with the reason.
	Equivalents map[string]Label
	// Rules are all elements that cite, in order of place.
	Rules []Basis
	// Hash is SHA-256 over the files that govern a matter; cases are not among them.
	Hash string
}

// Clause finds a clause by its full id.
func (p *Pack) Clause(id string) *Clause {
	return find(p.Clauses, func(c *Clause) bool { return p.Code+"-"+c.ID == id })
}

// Procedure finds a procedure by id.
func (p *Pack) Procedure(id string) *Procedure {
	return find(p.Procedures, func(x *Procedure) bool { return x.ID == id })
}

// Role finds a role by id.
func (p *Pack) Role(id string) *Role {
	return find(p.Roles, func(r *Role) bool { return r.ID == id })
}

// Local finds a local parameter by id.
func (p *Pack) Local(id string) *Local {
	return find(p.Locals, func(l *Local) bool { return l.ID == id })
}

// Table finds a decision table by id.
func (p *Pack) Table(id string) *Table {
	return find(p.Tables, func(t *Table) bool { return t.ID == id })
}

// Meeting finds a meeting by id.
func (p *Pack) Meeting(id string) *Meeting {
	return find(p.Meetings, func(m *Meeting) bool { return m.ID == id })
}

// Ladder finds a ladder by id.
func (p *Pack) Ladder(id string) *Ladder {
	return find(p.Ladders, func(l *Ladder) bool { return l.ID == id })
}

func find[T any](list []*T, is func(*T) bool) *T {
	if i := slices.IndexFunc(list, is); i >= 0 {
		return list[i]
	}
	return nil
}

// Role says who that is, by relation to a party: the unit above it (Body
// above), or the holders of a class of post in it.
type Role struct {
	ID     string
	Label  Label
	Body   string
	Of     Path
	IfNone Path
	Basis  Basis
}

// Path names who: a party or a role, then what of it (unit, above, principal,
// deputy, member, staff, leadership).
type Path []string

// String writes the path with dots.
func (p Path) String() string {
	s := ""
	for i, part := range p {
		if i > 0 {
			s += "."
		}
		s += part
	}
	return s
}

// Local is a parameter that the text leaves open and the jurisdiction sets.
type Local struct {
	ID    string
	Label Label
	Type  string
	// Options of a choice are moments or words, of a role the paths it may name.
	Options []Option
	Basis   Basis
}

// Option is one value of an enumeration or one rung of a ladder.
type Option struct {
	ID    string
	Label Label
	Rank  int
	Basis Basis
}

// Ladder is a list of options in order of weight, such as measures.
type Ladder struct {
	ID    string
	Title Label
	Rows  []Option
	// Flat: a list whose members have no weight; it answers no comparison.
	Flat  bool
	Basis Basis
}

// Rank returns the highest rank among members, 0 for none.
func (l *Ladder) Rank(members []string) int {
	top := 0
	for _, row := range l.Rows {
		if slices.Contains(members, row.ID) {
			top = max(top, row.Rank)
		}
	}
	return top
}

// Procedure is one course of acts and terms between parties.
type Procedure struct {
	Pack    *Pack
	ID      string
	Title   Label
	Parties []*Party
	Facts   []*Fact
	Acts    []*Act
	Terms   []*Term
	Recusal *Recusal
	Basis   Basis

	index index
}

// Party finds a party by id.
func (p *Procedure) Party(id string) *Party {
	return find(p.Parties, func(x *Party) bool { return x.ID == id })
}

// Fact finds a fact by id.
func (p *Procedure) Fact(id string) *Fact {
	return find(p.Facts, func(x *Fact) bool { return x.ID == id })
}

// Act finds an act by id.
func (p *Procedure) Act(id string) *Act {
	if p.index.acts != nil {
		return p.index.acts[id]
	}
	return find(p.Acts, func(x *Act) bool { return x.ID == id })
}

// Term finds a term by id.
func (p *Procedure) Term(id string) *Term {
	if p.index.terms != nil {
		return p.index.terms[id]
	}
	return find(p.Terms, func(x *Term) bool { return x.ID == id })
}

// Party is a name under which units or persons are bound to a matter.
type Party struct {
	ID       string
	Label    Label
	Unit     bool
	Person   bool
	Many     bool
	Optional bool
	// OneOf are the kinds of unit that may be bound, any where there are none.
	OneOf []string
	Basis Basis
}

// Fact is something the matter knows once an act has set it.
type Fact struct {
	ID    string
	Label Label
	Type  expr.Type
	// Options are the values of an enum or a set; Ladder where they have weight.
	Options []Option
	Ladder  string
	Per     string
	SetBy   []string
	// Table computes the fact from others; Column is what of it is meant.
	Table  *Table
	Column int
	// Count is gathered over the record by the office when an act of SetBy is done.
	Count *Count
	Basis Basis
}

// Count is what one matter must know of others: how often the moment Of came
// about, in matters of the same party, within a length before the day.
type Count struct {
	Of     Moment
	Same   string
	Within calendar.Length
	Basis  Basis
}
