// SPDX-License-Identifier: Apache-2.0

package rulepack

import (
	"slices"
	"strings"

	"quanze/core/calendar"
	"quanze/core/rulepack/expr"
)

// Modality is the force of a clause.
type Modality string

// The modalities. A forbidden act is one that the text names in order to refuse it.
const (
	Must      Modality = "must"
	May       Modality = "may"
	Forbidden Modality = "forbidden"
)

// ByLaw in an act's By means that no person does it: it follows of itself.
const ByLaw = "law"

// Act is something a role may do on a matter.
type Act struct {
	ID    string
	Label Label
	Help  Label
	// Asks is the question that the outcomes answer.
	Asks Label
	By   []Path
	// Jointly: all of By must sign; the act is done with the last signature.
	Jointly bool
	// Meetings are the meetings of which one decides the act.
	Meetings []*Meeting
	// NotWorse are acts whose measures this one may not exceed.
	NotWorse []NotWorse
	// Stays is the clause that says that the act stays nothing.
	Stays *Basis
	// Recusal is the block that this act was made of.
	Recusal  *Recusal
	Approved Path
	// ApprovalBasis is the clause that asks for the approval.
	ApprovalBasis Basis
	Each          string
	Starts        bool
	Repeat        bool
	Open          bool
	Modality      Modality
	CountsAs      string
	When          *expr.Expr
	After         []Condition
	WaitsFor      []Wait
	Needs         []Need
	Staff         *Staff
	Separate      []Separate
	Form          *Form
	Paper         *Paper
	To            []Recipient
	Outcomes      []*Outcome
	Effects       Effects
	Basis         Basis
	dates         []string
}

// Lawful reports whether the act is done by the rule itself.
func (a *Act) Lawful() bool { return len(a.By) == 1 && a.By[0].String() == ByLaw }

// Outcome finds an outcome by id.
func (a *Act) Outcome(id string) *Outcome {
	return find(a.Outcomes, func(o *Outcome) bool { return o.ID == id })
}

// Fields lists what is filled in: the form, then the paper's contents.
func (a *Act) Fields() []*Field {
	var out []*Field
	if a.Form != nil {
		out = append(out, a.Form.Fields...)
	}
	if a.Paper != nil {
		out = append(out, a.Paper.Contents...)
	}
	return out
}

// Outcome is what an act came to, chosen by a person.
type Outcome struct {
	ID      string
	Label   Label
	Effects Effects
	Basis   Basis
}

// Effects are what an act or one of its outcomes brings about.
type Effects struct {
	Opens, Closes, Redo []string
	Sets                []string
	Binds               []string
	Ends                string
	Releases            []string
	ReleasesAll         bool
	Recuses             bool
	Stops               *Stops
	// Replaces and Revokes name the act whose effects this one takes over from
	// now, or strikes as if it had never been done.
	Replaces, Revokes string
	OpensMatter       *OpensMatter
}

// Condition is an entry of after: one of the moments must have been. OneParty:
// that of one party is enough, where it would otherwise take all.
type Condition struct {
	Any      []Moment
	OneParty bool
	Wait     calendar.Length
	When     *expr.Expr
	Basis    Basis
}

// Wait is an entry of waits_for: not while the term is owed.
type Wait struct {
	Term  string
	Basis Basis
}

// Need is an entry of needs: a condition over facts.
type Need struct {
	If    *expr.Expr
	Basis Basis
}

// Staff is a minimum of persons who take part in an act.
type Staff struct {
	AtLeast int
	Of      Path
	Basis   Basis
}

// Separate says that whoever did that act may not do this one.
type Separate struct {
	Act   string
	Basis Basis
}

// NotWorse says that the measures may not reach higher than those of that act.
type NotWorse struct {
	Act   string
	Basis Basis
}

// Stops holds terms, or the whole matter, until one of the moments.
type Stops struct {
	Terms []string
	// Matter stops every term and leaves only the acts in Meanwhile.
	Matter    bool
	How       calendar.StopKind
	Until     []Moment
	Meanwhile []string
	Basis     Basis
}

// Recipient is one to whom a paper is served.
type Recipient struct {
	Path  Path
	Basis Basis
}

// OpensMatter starts a linked matter: Act is its first act, Parties binds its
// parties by paths into this one.
type OpensMatter struct {
	Procedure string
	Act       string
	Parties   map[string]Path
	Basis     Basis
}

// Form is what is filled in with an act.
type Form struct {
	ID     string
	Fields []*Field
}

// Paper is an official paper: its contents must be there before it is issued.
type Paper struct {
	ID       string
	Title    Label
	Series   string
	Contents []*Field
	// Blank are labels printed with an empty line, to be filled in by hand.
	Blank []Label
	Basis Basis
}

// FieldType is what a field of a form takes.
type FieldType string

// The types of field.
const (
	FieldBool    FieldType = "bool"
	FieldInt     FieldType = "int"
	FieldText    FieldType = "text"
	FieldLong    FieldType = "longtext"
	FieldDate    FieldType = "date"
	FieldEnum    FieldType = "enum"
	FieldSet     FieldType = "set"
	FieldPersons FieldType = "persons"
	FieldLimit   FieldType = "limit"
	FieldFile    FieldType = "file"
)

// FillName is where the names go in a text that is filled in.
const FillName = "{name}"

// Field is one thing to fill in. Required says it must be there, If under
// which condition; a file field takes attachments. FillFact and FillText are
// what it is filled with before a person changes it.
type Field struct {
	FillFact  string
	FillText  Label // FillName in it stands for the names, where there is a path
	FillPath  Path  // the names of whom a path names
	FillLocal string
	FillDay   bool // the day of the act
	ID        string
	Label     Label
	Help      Label
	Type      FieldType
	Options   []Option
	Of        Path
	// AnyOf are further paths that name who may stand there.
	AnyOf    []Path
	AtLeast  int
	Required bool
	If       *expr.Expr
	Basis    Basis
}

// ValueType is the type of the value that a field holds. Files and persons are
// sets of their ids.
func (f *Field) ValueType() expr.Type { return fieldValues[f.Type] }

var fieldValues = map[FieldType]expr.Type{
	FieldBool: expr.Bool, FieldInt: expr.Int, FieldText: expr.Text, FieldLong: expr.Text, FieldDate: expr.Date,
	FieldEnum: expr.Text, FieldSet: expr.Set, FieldPersons: expr.Set, FieldLimit: expr.Text, FieldFile: expr.Set,
}

// MomentKind says which moment of an act or term is meant.
type MomentKind string

// The kinds of moment.
const (
	MomentDone     MomentKind = "done"
	MomentOutcome  MomentKind = "outcome"
	MomentProposed MomentKind = "proposed"
	MomentReturned MomentKind = "returned"
	MomentDeclined MomentKind = "refused"
	MomentServed   MomentKind = "served"
	MomentLapsed   MomentKind = "lapsed"
	// MomentDay is the day that a date field of the act says.
	MomentDay MomentKind = "day"
)

// Moment is what a relation points at.
type Moment struct {
	Kind MomentKind
	// Act, or the term of a lapse.
	Of string
	// Detail is the outcome, or the recipient's path where one is named.
	Detail string
	Pos    Pos
	// text is what String gives, written once.
	text string
}

// String writes the moment as it stands in a pack.
func (m Moment) String() string {
	switch {
	case m.text != "":
		return m.text
	case m.Kind == MomentDone:
		return m.Of
	case m.Kind == MomentOutcome, m.Kind == MomentDay:
		return m.Of + "." + m.Detail
	case m.Detail != "":
		return m.Of + "." + string(m.Kind) + "." + m.Detail
	}
	return m.Of + "." + string(m.Kind)
}

// Moment reads a moment of this procedure.
func (p *Procedure) Moment(s string) (Moment, bool) {
	m, ok := p.moment(s)
	m.text = s
	return m, ok
}

func (p *Procedure) moment(s string) (Moment, bool) {
	head, rest, dotted := strings.Cut(s, ".")
	if act := p.Act(head); act != nil {
		switch word, more, _ := strings.Cut(rest, "."); {
		case !dotted:
			return Moment{Kind: MomentDone, Of: head}, true
		case word == string(MomentServed) && act.Paper != nil:
			return Moment{Kind: MomentServed, Of: head, Detail: more}, more == "" || act.recipient(more)
		case act.Outcome(rest) != nil:
			return Moment{Kind: MomentOutcome, Of: head, Detail: rest}, true
		case len(act.Approved) > 0 && (rest == "proposed" || rest == "returned" || rest == "refused"):
			return Moment{Kind: MomentKind(rest), Of: head}, true
		case act.dateField(rest):
			return Moment{Kind: MomentDay, Of: head, Detail: rest}, true
		}
		return Moment{}, false
	}
	if p.Term(head) != nil && rest == string(MomentLapsed) {
		return Moment{Kind: MomentLapsed, Of: head}, true
	}
	return Moment{}, false
}

// dateField reports whether the act fills in a day of that name. A moment may
// point at it before the form itself was read, so its name is kept apart.
func (a *Act) dateField(id string) bool { return id != "" && slices.Contains(a.dates, id) }

func (a *Act) recipient(path string) bool {
	for _, r := range a.To {
		if r.Path.String() == path {
			return true
		}
	}
	return false
}
