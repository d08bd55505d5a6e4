// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"strconv"
	"strings"

	"quanze/core/calendar"
	"quanze/core/fault"
	"quanze/core/rulepack"
)

// Why says what kind of condition failed. Its words are in the catalogue under
// "refusal." and this name.
type Why string

// The reasons for a refusal.
const (
	NoSuchAct      Why = "no_such_act"
	NoSuchParty    Why = "no_such_party"
	NotStarted     Why = "not_started"
	HasEnded       Why = "has_ended"
	NotEntitled    Why = "not_entitled"
	IsRecused      Why = "is_recused"
	IsForbidden    Why = "is_forbidden"
	AlreadyDone    Why = "already_done"
	NotInQuestion  Why = "not_in_question"
	TooEarly       Why = "too_early"
	StillOwed      Why = "still_owed"
	RightLapsed    Why = "right_lapsed"
	NeedNotMet     Why = "need_not_met"
	NotYetKnown    Why = "not_yet_known"
	ContentMissing Why = "content_missing"
	ContentWrong   Why = "content_wrong"
	TooFewStaff    Why = "too_few_staff"
	SamePerson     Why = "same_person"
	OutcomeMissing Why = "outcome_missing"
	PartyMissing   Why = "party_missing"
	NotProposed    Why = "not_proposed"
	NothingToServe Why = "nothing_to_serve"
	CapReached     Why = "cap_reached"
	InTheFuture    Why = "in_the_future"
	LocalUnset     Why = "local_unset"
	IsStopped      Why = "is_stopped"
	NotInForce     Why = "not_in_force"
	TooHeavy       Why = "too_heavy"
	NoMinutes      Why = "no_minutes"
	NoQuorum       Why = "no_quorum"
	NotPresent     Why = "not_present"
	NotAMember     Why = "not_a_member"
	WrongMeeting   Why = "wrong_meeting"
	SpeaksLast     Why = "speaks_last"
	NoReason       Why = "no_reason"
	NotHeard       Why = "not_heard"
	NotCarried     Why = "not_carried"
	NotAgreed      Why = "not_agreed"
)

// Refusal is the answer to an act that the rules do not permit now: which
// condition failed, by which clause, and what would make it possible.
type Refusal struct {
	Why     Why      `json:"why"`
	Act     string   `json:"act"`
	Party   string   `json:"party,omitempty"`
	Clauses []string `json:"clauses"`
	// Names are what the reason speaks of: acts still to be done, the term that
	// lapsed, the field or fact that is missing, the role that may.
	Names []string      `json:"names,omitempty"`
	Day   calendar.Date `json:"day,omitzero"`
	Count int           `json:"count,omitempty"`
}

// refuse makes the refusals of one act: on the clause of the condition that
// failed, else on that of the act.
type refuse func(Why, rulepack.Basis, ...string) *Refusal

func refuser(a *rulepack.Act, party string) refuse {
	return func(why Why, basis rulepack.Basis, names ...string) *Refusal {
		return &Refusal{Why: why, Act: a.ID, Party: party, Clauses: basis.Or(a.Basis).Clauses(), Names: names}
	}
}

// Error is for logs and tests.
func (r *Refusal) Error() string { return r.Fault().Error() }

// Fault turns the refusal into what the fronts show.
func (r *Refusal) Fault() *fault.Fault {
	kind := fault.Refused
	if r.Why == ContentMissing || r.Why == ContentWrong || r.Why == OutcomeMissing || r.Why == PartyMissing {
		kind = fault.Invalid
	}
	args := []string{"act", r.Act, "party", r.Party, "names", strings.Join(r.Names, ", ")}
	if r.Day != 0 {
		args = append(args, "day", r.Day.String())
	}
	if r.Count != 0 {
		args = append(args, "count", strconv.Itoa(r.Count))
	}
	f := fault.New(kind, "refusal."+string(r.Why), args...).Because(r.Clauses...)
	if len(r.Names) > 0 {
		f.Field = r.Names[0]
	}
	return f
}
