// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"slices"

	"quanze/core/calendar"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

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
	act   string
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
	Held         Status = "stopped"
	StatusStruck Status = "struck"
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
	// Opens is the first day of a window; Slot counts the slots of a period.
	Opens calendar.Date   `json:"opens,omitzero"`
	Slot  int             `json:"slot,omitempty"`
	Stops []calendar.Stop `json:"stops,omitempty"`
	// set is a last day that a decision fixed, instead of a length; from is the
	// day from which the length counts, or on which the day was fixed.
	set, from calendar.Date
	// heldBy names the stop of each of Stops.
	heldBy   []string
	order    int
	startAct string
	by       rulepack.Start
	// stem is the act whose terms this one took over by replacing it, replaced
	// the last event that fixed its day anew, about whose recusal it is about.
	stem, replaced string
	about          []org.PersonID
	// base is the last day as counted, before a day that was told keeps it later.
	base  calendar.Date
	floor calendar.Date
	// of is the term; owner the state that may write to it.
	of       *rulepack.Term
	owner    *byte
	undone   string
	recorded calendar.Date
	recorder Actor
}

// StartedBy is the act that started the obligation, "" where a lapse did.
func (o *Obligation) StartedBy() string { return o.startAct }

// Owed reports whether the obligation still binds or still allows.
func (o *Obligation) Owed() bool {
	return o.Status == Running || o.Status == Late || o.Status == Held
}

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
	set    calendar.Date
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
	facts    []*Event // in order of record, corrections included; never written to
	recorded layers[string, int]
	lastSeq  int
	// version is the pack version that the matter was moved to, by its hash; "" is
	// the one it began under.
	version string

	order     int
	on        calendar.Date
	started   bool
	parties   []*Bound
	marks     layers[mark, []stamp]
	undone    layers[mark, int]
	opened    layers[mark, switched]
	values    layers[mark, *known]
	proposals layers[mark, *Event]
	doneBy    layers[string, []org.PersonID]
	recused   layers[org.PersonID, []string]
	asked     layers[org.PersonID, []string]
	signed    layers[mark, []Event]
	settled   layers[int, Kind]
	stops     []standstill
	ahead     []ahead
	became    layers[mark, edge]
	// fixed is what each act made of a fact, whatever others made of it since.
	fixed       layers[mark, value]
	obligations []*Obligation
	// owner is a token for which obligations are this state's own.
	owner   *byte
	wishes  []wish
	ended   string
	endedOn calendar.Date
	unset   []string
	kept    []Kept
	pending []pending
	// consequences in the order they came about; told of them, from the first,
	// are known to be recorded.
	consequences []*Event
	told         int
}

func newState() *State { return &State{} }

// view is s for a trial that does not write to it, but for the day.
func (s *State) view() *State {
	c := *s
	c.marks.share()
	c.undone.share()
	c.opened.share()
	c.values.share()
	c.proposals.share()
	c.doneBy.share()
	c.recused.share()
	c.asked.share()
	c.signed.share()
	c.settled.share()
	c.became.share()
	c.fixed.share()
	c.recorded.share()
	c.unset = slices.Clip(s.unset)
	return &c
}

// clone copies s so that a trial leaves it as it was: maps and obligations are
// shared until they are written to.
func (s *State) clone() *State {
	c := s.view()
	c.facts, c.consequences = slices.Clip(s.facts), slices.Clip(s.consequences)
	bounds := make([]Bound, len(s.parties))
	c.parties = make([]*Bound, len(s.parties), len(s.parties)+2)
	for i, b := range s.parties {
		bounds[i] = *b
		c.parties[i] = &bounds[i]
	}
	c.stops, c.ahead = slices.Clone(s.stops), slices.Clone(s.ahead)
	c.obligations = append(make([]*Obligation, 0, len(s.obligations)+4), s.obligations...)
	c.owner = new(byte)
	c.wishes = slices.Clip(s.wishes)
	c.kept, c.pending = slices.Clip(s.kept), slices.Clone(s.pending)
	return c
}

// mine makes an obligation the state's own before it is written to: the copy
// takes its place, and what was passed in is not to be used any more.
func (s *State) mine(o *Obligation) *Obligation {
	if o.owner == s.owner {
		return o
	}
	mine := *o
	mine.owner = s.owner
	mine.Extensions, mine.Stops, mine.heldBy = slices.Clone(o.Extensions), slices.Clone(o.Stops), slices.Clip(o.heldBy)
	if i := slices.Index(s.obligations, o); i >= 0 {
		s.obligations[i] = &mine
	}
	return &mine
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
		out[i].Extensions, out[i].Stops = slices.Clone(o.Extensions), slices.Clone(o.Stops)
	}
	return out
}

// Consequences lists what the rules made of the facts up to the day.
func (s *State) Consequences() []Event { return values(s.consequences) }

// Unset lists the local parameters that a rule waited for in vain.
func (s *State) Unset() []string { return slices.Clone(s.unset) }

// Facts lists the facts as recorded.
func (s *State) Facts() []Event { return values(s.facts) }

func values(list []*Event) []Event {
	out := make([]Event, len(list))
	for i, e := range list {
		out[i] = *e
	}
	return out
}

// Value returns what is known of a fact, for a party or in common, and the
// event that said so.
func (s *State) Value(fact, party string) (expr.Value, int) {
	if k, ok := s.values.get(mark{fact, party}); ok {
		return k.value, k.seq
	}
	if k, ok := s.values.get(mark{fact, ""}); ok {
		return k.value, k.seq
	}
	return expr.Value{}, 0
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
	if w, ok := s.opened.get(mark{a.ID, ""}); ok {
		latest = w
	}
	if party != "" {
		if w, ok := s.opened.get(mark{a.ID, party}); ok && w.order >= latest.order {
			latest = w
		}
	}
	return latest.open, latest
}

// last returns the latest occurrence of a moment of act that still counts for
// the party: not put to redo since, and not before the party was bound.
func (s *State) last(act *rulepack.Act, moment, party string) (stamp, bool) {
	occurrences := s.marks.at(mark{moment, party})
	common := act.Each == "" && party != ""
	if common {
		occurrences = s.marks.at(mark{moment, ""})
	}
	if len(occurrences) == 0 {
		return stamp{}, false
	}
	latest := occurrences[len(occurrences)-1]
	floor := max(s.undone.at(mark{act.ID, ""}), s.undone.at(mark{act.ID, party}))
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
