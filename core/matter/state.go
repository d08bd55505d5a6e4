// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"maps"
	"slices"

	"quanze/core/calendar"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

// Rules are all that a decision rests on besides the matter itself: the frozen
// pack, the organisation, the calendar and the local parameters.
type Rules struct {
	Procedure *rulepack.Procedure
	Org       *org.Org
	Calendar  *calendar.Calendar
	Locals    map[string]string
}

// mark names a moment of one party, or of nobody in particular ("").
type mark struct {
	moment string
	party  string
}

// stamp is one occurrence of a moment: its place in legal order and its day.
type stamp struct {
	order int
	on    calendar.Date
}

// switched says whether an act is in question since some place in the order.
type switched struct {
	order int
	open  bool
	cites []string
}

// known is the value of a fact, and the event that set it.
type known struct {
	value expr.Value
	seq   int
}

// Bound is a unit or person bound to the matter under a party's name.
type Bound struct {
	Ref
	Name  string
	order int
	// Left is the day the party's part ended, Recused that it had to withdraw.
	Left    calendar.Date
	Recused bool
	Outcome string
}

// Status is where an obligation stands.
type Status string

// The statuses of an obligation. A duty that is late is still owed.
const (
	Running      Status = "running"
	Late         Status = "late"
	StatusMet    Status = "met"
	StatusGone   Status = "lapsed"
	StatusFreed  Status = "released"
	StatusUndone Status = "undone"
)

// Obligation is one running of a term.
type Obligation struct {
	Key         string        `json:"key"`
	Term        string        `json:"term"`
	Party       string        `json:"party,omitempty"`
	Start       string        `json:"-"`
	StartOn     calendar.Date `json:"start_on"`
	FirstDue    calendar.Date `json:"first_due,omitzero"`
	Due         calendar.Date `json:"due,omitzero"`
	Provisional bool          `json:"provisional,omitempty"`
	Status      Status        `json:"status"`
	// Length is what was counted; none where a day was set or no limit is given.
	Length     calendar.Length `json:"length,omitzero"`
	Extensions []Extension     `json:"extensions,omitempty"`
	MetOn      calendar.Date   `json:"met_on,omitzero"`
	order      int
	startAct   string
	// base is the last day as counted, before a day that was told keeps it later.
	base     calendar.Date
	floor    calendar.Date
	undone   string
	recorded calendar.Date
	recorder Actor
}

// StartedBy is the act that started the obligation, "" where a lapse did.
func (o *Obligation) StartedBy() string { return o.startAct }

// Owed reports whether the obligation still binds or still allows.
func (o *Obligation) Owed() bool { return o.Status == Running || o.Status == Late }

// Name is term/party, as cases and JSON write it.
func (o *Obligation) Name() string { return named(o.Term, o.Party) }

func named(term, party string) string {
	if party == "" {
		return term
	}
	return term + "/" + party
}

// Extension is one lengthening of an obligation.
type Extension struct {
	Seq    int             `json:"seq"`
	On     calendar.Date   `json:"on"`
	From   calendar.Date   `json:"from"`
	Due    calendar.Date   `json:"due"`
	Length calendar.Length `json:"length,omitzero"`
}

// wish is an end that waits for duties still owed.
type wish struct {
	party   string
	name    string
	outcome string
	start   string
	on      calendar.Date
	clauses []string
}

// State is a matter as its facts leave it on the day it was advanced to. Build
// one with Fold; nothing outside this package changes it.
type State struct {
	facts    []Event // in order of record, corrections included
	recorded map[string]int
	lastSeq  int

	order       int
	on          calendar.Date
	started     bool
	parties     []*Bound
	marks       map[mark][]stamp
	undone      map[mark]int
	opened      map[mark]switched
	values      map[mark]known
	proposals   map[mark]Event
	doneBy      map[string][]org.PersonID
	recused     map[org.PersonID][]string
	obligations []*Obligation
	wishes      []wish
	ended       string
	endedOn     calendar.Date
	unset       []string
	kept        []Kept
	pending     []pending
	// consequences in the order they came about.
	consequences []Event
}

func newState() *State {
	return &State{marks: map[mark][]stamp{}, undone: map[mark]int{}, opened: map[mark]switched{}, values: map[mark]known{},
		proposals: map[mark]Event{}, doneBy: map[string][]org.PersonID{}, recused: map[org.PersonID][]string{}, recorded: map[string]int{}}
}

// clone copies s so that a trial leaves it as it was.
func (s *State) clone() *State {
	c := *s
	c.facts = slices.Clip(s.facts)
	c.recorded = s.recorded // replaced, never written to, by a trial
	c.parties = make([]*Bound, len(s.parties))
	for i, b := range s.parties {
		copied := *b
		c.parties[i] = &copied
	}
	c.marks = maps.Clone(s.marks)
	for k, v := range c.marks {
		c.marks[k] = slices.Clip(v)
	}
	c.undone, c.opened, c.values, c.proposals = maps.Clone(s.undone), maps.Clone(s.opened), maps.Clone(s.values), maps.Clone(s.proposals)
	c.doneBy = maps.Clone(s.doneBy)
	for k, v := range c.doneBy {
		c.doneBy[k] = slices.Clip(v)
	}
	c.recused = maps.Clone(s.recused)
	c.obligations = make([]*Obligation, len(s.obligations))
	for i, o := range s.obligations {
		copied := *o
		copied.Extensions = slices.Clip(o.Extensions)
		c.obligations[i] = &copied
	}
	c.wishes = slices.Clip(s.wishes)
	c.unset, c.kept, c.pending = slices.Clip(s.unset), slices.Clip(s.kept), slices.Clone(s.pending)
	c.consequences = slices.Clip(s.consequences)
	return &c
}

// Version is the number of the last recorded event.
func (s *State) Version() int { return s.lastSeq }

// Started reports whether the matter exists.
func (s *State) Started() bool { return s.started }

// On is the last day the state speaks of.
func (s *State) On() calendar.Date { return s.on }

// Ended returns what the matter ended in and when, or "".
func (s *State) Ended() (string, calendar.Date) { return s.ended, s.endedOn }

// Parties lists who is, or was, bound, in order of binding.
func (s *State) Parties() []Bound {
	out := make([]Bound, len(s.parties))
	for i, b := range s.parties {
		out[i] = *b
	}
	return out
}

// Obligations lists every running of every term, in order of start.
func (s *State) Obligations() []Obligation {
	out := make([]Obligation, len(s.obligations))
	for i, o := range s.obligations {
		out[i] = *o
	}
	return out
}

// Consequences lists what the rules made of the facts up to the day.
func (s *State) Consequences() []Event { return slices.Clone(s.consequences) }

// Unset lists the local parameters that a rule waited for in vain.
func (s *State) Unset() []string { return slices.Clone(s.unset) }

// Facts lists the facts as recorded.
func (s *State) Facts() []Event { return slices.Clone(s.facts) }

// Value returns what is known of a fact, for a party or in common, and the
// event that said so.
func (s *State) Value(fact, party string) (expr.Value, int) {
	if k, ok := s.values[mark{fact, party}]; ok {
		return k.value, k.seq
	}
	k := s.values[mark{fact, ""}]
	return k.value, k.seq
}

// active lists the parties of that name still in the matter.
func (s *State) active(name string) []*Bound {
	var out []*Bound
	for _, b := range s.parties {
		if b.Name == name && b.Left == 0 {
			out = append(out, b)
		}
	}
	return out
}

func (s *State) everBound(name string) bool {
	return slices.ContainsFunc(s.parties, func(b *Bound) bool { return b.Name == name })
}

func (s *State) bound(name, key string) *Bound {
	for _, b := range s.parties {
		if b.Name == name && b.Key() == key && b.Left == 0 {
			return b
		}
	}
	return nil
}

// inQuestion reports whether the act is open for the party.
func (s *State) inQuestion(a *rulepack.Act, party string) (open bool, since switched) {
	latest := switched{open: a.Open}
	if w, ok := s.opened[mark{a.ID, ""}]; ok {
		latest = w
	}
	if party != "" {
		if w, ok := s.opened[mark{a.ID, party}]; ok && w.order >= latest.order {
			latest = w
		}
	}
	return latest.open, latest
}

// last returns the latest occurrence of a moment of act that still counts for
// the party: not put to redo since, and not before the party was bound.
func (s *State) last(act *rulepack.Act, moment, party string) (stamp, bool) {
	occurrences := s.marks[mark{moment, party}]
	common := act.Each == "" && party != ""
	if common {
		occurrences = s.marks[mark{moment, ""}]
	}
	if len(occurrences) == 0 {
		return stamp{}, false
	}
	latest := occurrences[len(occurrences)-1]
	floor := max(s.undone[mark{act.ID, ""}], s.undone[mark{act.ID, party}])
	if latest.order <= floor {
		return stamp{}, false
	}
	if common {
		for _, b := range s.parties {
			if b.Key() == party && b.Left == 0 && latest.order < b.order {
				return stamp{}, false
			}
		}
	}
	return latest, true
}
