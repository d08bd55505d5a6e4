// SPDX-License-Identifier: Apache-2.0

package rulepack

import (
	"quanze/core/calendar"
	"quanze/core/rulepack/expr"
)

// TermKind is what a term is to the one who has it.
type TermKind string

// The kinds of term. A duty that is late is a finding and still owed; a right
// that is late has lapsed and is gone; a window lets its acts be done neither
// before its first day nor after its last; a period is owed anew in every slot;
// an effect is an interval that ends.
const (
	Duty   TermKind = "duty"
	Right  TermKind = "right"
	Window TermKind = "window"
	Period TermKind = "period"
	Effect TermKind = "effect"
)

// Owes reports whether terms of this kind hold up the end of a matter.
func (k TermKind) Owes() bool { return k == Duty }

// Term is a limit on something somebody owes or may do.
type Term struct {
	ID     string
	Label  Label
	Kind   TermKind
	Of     Path
	Start  []Start
	Within Limit
	// Wait is how long a window is still shut.
	Wait calendar.Length
	// Every is the length of a period's slots.
	Every calendar.Length
	// Until are the moments that end an effect or a period.
	Until []Moment
	// ForLife and EndOfYear say when an effect ends of itself, where Within does not.
	ForLife, EndOfYear bool
	// Blocks is what an effect stands in the way of.
	Blocks   []string
	MetBy    []Moment
	UndoneBy []Moment
	Each     string
	When     *expr.Expr
	Extended *Extension
	OnLapse  *OnLapse
	Basis    Basis
}

// Start is a moment from which a term runs.
type Start struct {
	Moment Moment
	// Any: the moment of one party is enough, where it would otherwise take all.
	Any bool
	// Wait: the term runs only from that long after the moment.
	Wait calendar.Length
	When *expr.Expr
	// Becomes starts the term when it turns true; there is no moment then.
	Becomes *expr.Expr
	// Local and Choice: the moment counts only where the parameter says so.
	Local, Choice string
	Basis         Basis
}

// Limit is how long: a length of the text, of a field that the starting act
// fills in, or of a local parameter. None of them means that the text sets no
// last day: the thing is owed, and never late.
type Limit struct {
	Length calendar.Length
	SetBy  string
	Local  string
}

// Open reports whether there is no last day.
func (l Limit) Open() bool { return l.Length.N == 0 && l.SetBy == "" && l.Local == "" }

// Extension says how a term may be extended: by which act, how long and how
// often. Total caps the whole term, counted from its start.
type Extension struct {
	Act   string
	By    Limit
	Times int
	Total calendar.Length
	Basis Basis
}

// OnLapse is what a lapse brings besides the lapse itself.
type OnLapse struct {
	Finding     string
	OpensMatter *OpensMatter
	Basis       Basis
}
