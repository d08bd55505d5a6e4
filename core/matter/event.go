// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"quanze/core/calendar"
	"quanze/core/org"
	"quanze/core/rulepack/expr"
)

// ID names a matter.
type ID string

// Kind is the sort of an event.
type Kind string

// Facts are what people did or established; only they are folded.
const (
	// Done: an act was done; of an act that needs approval, on the day of approval.
	Done Kind = "done"
	// Proposed: an act was put to the one who must approve it.
	Proposed Kind = "proposed"
	// Returned: the approver sent it back.
	Returned Kind = "returned"
	// Declined: the approver refused it.
	Declined Kind = "declined"
	// Served: a paper reached a recipient.
	Served Kind = "served"
	// Corrected: the record of an earlier event was wrong; it reads so now.
	Corrected Kind = "corrected"
	// Struck: an earlier event should never have been recorded.
	Struck Kind = "struck"
	// Signed: one of those who must do an act together agreed to it.
	Signed Kind = "signed"
	// Confirmed: an irregular act counts after all; Annulled: it does not.
	Confirmed Kind = "confirmed"
	Annulled  Kind = "annulled"
	// Moved: the matter was put under another version of its pack.
	Moved Kind = "moved"
)

// Consequences are what the rules make of the facts.
const (
	// Started: a term began to run for somebody.
	Started Kind = "started"
	// Extended: a term has a later last day.
	Extended Kind = "extended"
	// Met: what a term asked for was done.
	Met Kind = "met"
	// Stopped: a term stands still; Resumed: it runs again, to a new last day.
	Stopped Kind = "stopped"
	Resumed Kind = "resumed"
	// Lapsed: a term ran out.
	Lapsed Kind = "lapsed"
	// Released: a term no longer binds, though it was not met.
	Released Kind = "released"
	// Found: something is late or irregular, and on whom that rests.
	Found Kind = "found"
	// Followed: an act that the rule itself does came about.
	Followed Kind = "followed"
	// Opened: a linked matter is to be opened.
	Opened Kind = "opened"
	// Ended: the matter, or one party's part in it, ended.
	Ended Kind = "ended"
	// Reversed: a consequence recorded earlier no longer holds.
	Reversed Kind = "reversed"
)

// Fact reports whether events of this kind are folded.
func (k Kind) Fact() bool {
	switch k {
	case Done, Proposed, Returned, Declined, Served, Corrected, Struck, Signed, Confirmed, Annulled, Moved:
		return true
	}
	return false
}

// Ref is a unit or a person bound to a matter.
type Ref struct {
	Unit   org.UnitID   `json:"unit,omitempty"`
	Person org.PersonID `json:"person,omitempty"`
}

// Key names the party within its matter.
func (r Ref) Key() string {
	if r.Unit != "" {
		return string(r.Unit)
	}
	return string(r.Person)
}

// Actor is who did something and by which post.
type Actor struct {
	Person org.PersonID `json:"person,omitempty"`
	Post   org.PostID   `json:"post,omitempty"`
	Acting bool         `json:"acting,omitempty"`
}

// Event is one entry of a matter's record. On is the legal day of what it
// tells; Entered the day it was recorded; the instant of recording is the
// store's. Which other fields are set depends on the kind.
type Event struct {
	Seq     int           `json:"seq"`
	Kind    Kind          `json:"kind"`
	On      calendar.Date `json:"on"`
	Entered calendar.Date `json:"entered"`

	// Of a fact.
	Act       string                `json:"act,omitempty"`
	Outcome   string                `json:"outcome,omitempty"`
	Party     string                `json:"party,omitempty"`
	Recipient string                `json:"recipient,omitempty"`
	Actor     Actor                 `json:"actor,omitzero"`
	Staff     []org.PersonID        `json:"staff,omitempty"`
	Fields    map[string]expr.Value `json:"fields,omitempty"`
	Binds     map[string][]Ref      `json:"binds,omitempty"`
	Target    int                   `json:"target,omitempty"`
	Reason    string                `json:"reason,omitempty"`
	// Link is the matter and event that opened this one, in its first event.
	Link *Link `json:"link,omitempty"`
	// Minutes are of an act that a meeting decided.
	Minutes *Minutes `json:"minutes,omitempty"`
	// Version is the pack version that the matter was moved to, by its hash.
	Version string `json:"version,omitempty"`
	// Irregular says why the act would have been refused; it has no effect until
	// it is confirmed.
	Irregular Why `json:"irregular,omitempty"`

	// Kept are last days that this late entry or correction would have brought
	// forward: a day that somebody was told never moves nearer.
	Kept []Kept `json:"kept,omitempty"`

	// Of a consequence. Key is its identity: the same facts give the same keys.
	Key         string        `json:"key,omitempty"`
	Term        string        `json:"term,omitempty"`
	Due         calendar.Date `json:"due,omitzero"`
	Provisional bool          `json:"provisional,omitempty"`
	Bearer      []Ref         `json:"bearer,omitempty"`
	Finding     string        `json:"finding,omitempty"`
	Opens       *Opening      `json:"opens,omitempty"`
	Clauses     []string      `json:"clauses,omitempty"`
}

// Kept is a last day that stays: of one running of a term, named by what
// started it.
type Kept struct {
	Term  string        `json:"term"`
	Party string        `json:"party,omitempty"`
	Start string        `json:"start"`
	Due   calendar.Date `json:"due"`
}

// Link points from an opened matter to what opened it.
type Link struct {
	Matter ID  `json:"matter"`
	Event  int `json:"event"`
}

// Opening says which matter is to be opened: the office opens it in the same
// transaction.
type Opening struct {
	Procedure string           `json:"procedure"`
	Act       string           `json:"act"`
	Parties   map[string][]Ref `json:"parties"`
}

// Command asks for an act, or for one moment of it. Starting a matter is a
// command like any other.
type Command struct {
	Act string
	// Moment is Done, Proposed, Returned, Declined or Served; empty means what
	// is next for this act: to propose it where it needs approval, else to do it.
	Moment    Kind
	Outcome   string
	Party     string
	Recipient string
	Actor     org.PersonID
	Staff     []org.PersonID
	On        calendar.Date
	Fields    map[string]expr.Value
	Binds     map[string][]Ref
	Reason    string
	// Target is the event that a correction or a striking speaks of.
	Target int
	Link   *Link
	// Minutes are of an act that a meeting decides.
	Minutes *Minutes
	// Irregular records what happened though the rules forbid it, with the reason.
	Irregular bool
}
