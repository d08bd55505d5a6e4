// SPDX-License-Identifier: Apache-2.0

package office

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/store"
)

// projection is what lists and timers read of a matter: a cache of its state.
type projection struct {
	summary store.Summary
	terms   []store.Term
	parties []store.Party
}

// projected computes the projection of a matter as it stands today.
func projected(m *Matter) projection {
	now := m.State.At(m.Rules, m.Today)
	ended, on := now.Ended()
	s := store.Summary{Title: m.Title, Ended: ended, EndedOn: on}
	var terms []store.Term
	owed := matter.Owed(m.State, m.Rules, m.Today)
	for _, d := range owed {
		s.Owed++
		if d.Light == matter.Over {
			s.Late++
		}
		if d.Due != 0 && (s.NextDue == 0 || d.Due < s.NextDue) {
			s.NextDue = d.Due
		}
	}
	for _, ob := range now.Obligations() {
		terms = append(terms, row(m, ob, owed))
	}
	for _, a := range now.Ahead() {
		// It comes with the first instant of its day: the one after the day before.
		terms = append(terms, store.Term{Key: "ahead|" + a.Key, Term: a.Name, Kind: "ahead", Party: a.Party, Due: a.On.AddDays(-1), State: store.Armed})
	}
	if ended == "" {
		terms = append(terms, waiting(m, now)...)
	}
	var parties []store.Party
	for _, b := range now.Parties() {
		parties = append(parties, store.Party{Matter: m.ID, Party: b.Name, Ref: desk(m, b.Name, b.Ref), LeftOn: b.Left})
	}
	parties = append(parties, withdrew(m, now)...)
	return projection{s, terms, parties}
}

// withdrew are those who had to withdraw, though no party was bound to them:
// their unit works on, and without a row of their own its lists would be theirs.
func withdrew(m *Matter, now *matter.State) []store.Party {
	var out []store.Party
	for _, e := range now.Facts() {
		if e.Kind != matter.Done || e.Act != rulepack.SettleRecusal {
			continue
		}
		for _, id := range e.Fields[rulepack.RecusalAbout].Set() {
			p := store.Party{Matter: m.ID, Party: rulepack.SettleRecusal, Ref: matter.Ref{Person: org.PersonID(id)}, LeftOn: e.On}
			if now.RelationOf(p.Ref.Person, m.Rules, m.Today).Recused && !slices.ContainsFunc(out, func(x store.Party) bool { return x.Ref == p.Ref }) {
				out = append(out, p)
			}
		}
	}
	return out
}

// Waiting is the kind of a row for a step that waits for somebody though no
// limit runs for it; WaitingFor takes the act out of its name.
const Waiting = "waiting"

const waitingMark = "act:"

// WaitingFor is the act that a row of that kind waits for.
func WaitingFor(term string) string { return strings.TrimPrefix(term, waitingMark) }

// waiting lists what was proposed and not answered, and recusals asked for and
// not settled, where no term of the pack owes the answer. A list without them
// would show them to nobody.
func waiting(m *Matter, now *matter.State) []store.Term {
	var out []store.Term
	proc := m.Rules.Procedure
	add := func(a *rulepack.Act, party string, by ...rulepack.Path) {
		t := store.Term{Key: "waiting|" + a.ID + "|" + party, Term: waitingMark + a.ID, Kind: Waiting, Party: party, State: store.Armed}
		for _, path := range by {
			t.Role = path.String()
			for _, p := range matter.Holders(now, m.Rules, path, a.Each, party, m.Today) {
				t.Bearers = append(t.Bearers, matter.Ref{Person: p})
			}
		}
		out = append(out, t)
	}
	for _, a := range proc.Acts {
		if len(a.Approved) == 0 {
			continue
		}
		var keys []string
		if a.Each == "" {
			keys = []string{""}
		}
		for _, b := range now.Parties() {
			if a.Each != "" && b.Name == a.Each && !slices.Contains(keys, b.Key()) {
				keys = append(keys, b.Key())
			}
		}
		for _, key := range keys {
			if _, pending := now.Proposal(a.ID, key); pending {
				add(a, key, a.Approved)
			}
		}
	}
	if a := proc.Act(rulepack.SettleRecusal); a != nil && len(now.AskedToWithdraw()) > 0 && !slices.ContainsFunc(proc.Terms, func(t *rulepack.Term) bool {
		return slices.ContainsFunc(t.MetBy, func(moment rulepack.Moment) bool { return moment.Of == rulepack.SettleRecusal })
	}) {
		add(a, "", a.By...)
	}
	return out
}

// project writes the projection.
func project(ctx context.Context, tx *store.Tx, m *Matter) error {
	p := projected(m)
	if err := tx.ReplaceParties(ctx, m.ID, p.parties); err != nil {
		return err
	}
	if err := tx.ReplaceTerms(ctx, m.ID, p.terms); err != nil {
		return err
	}
	return tx.UpdateMatter(ctx, m.ID, p.summary)
}

var states = map[matter.Status]store.TermState{
	matter.Running: store.Armed, matter.Late: store.Late, matter.StatusMet: store.Met, matter.StatusGone: store.Lapsed, matter.StatusFreed: store.Released,
	matter.Held: store.Stopped, matter.StatusStruck: store.Released,
}

func row(m *Matter, ob matter.Obligation, owed []matter.Due) store.Term {
	t := store.Term{Key: ob.Key, Term: ob.Term, Party: ob.Party, Due: ob.Due, Provisional: ob.Provisional, State: states[ob.Status]}
	if term := m.Rules.Term(ob.Term); term != nil {
		t.Kind, t.Role = string(term.Kind), term.Of.String()
	}
	for _, d := range owed {
		if d.Key != ob.Key {
			continue
		}
		for _, b := range d.Bearer {
			t.Bearers = append(t.Bearers, desk(m, t.Role, b))
		}
	}
	return t
}

// HeadDesk names, in lists, the desk of a unit's principal: a matter about a
// unit is for its principal to see, not for all who work there.
func HeadDesk(u org.UnitID) org.UnitID { return u + "/head" }

func desk(m *Matter, party string, r matter.Ref) matter.Ref {
	if r.Unit != "" && m.Rules.Procedure.About(party) {
		r.Unit = HeadDesk(r.Unit)
	}
	return r
}

// Check compares what lists and timers read of a matter with what its record
// gives, and the record with its own commitments, all as of one instant. It
// returns the first thing that is not so, or "".
func (o *Office) Check(ctx context.Context, id matter.ID) (string, error) {
	var wrong string
	err := o.DB.Snapshot(ctx, func(ctx context.Context, r *store.Reader) error {
		var err error
		wrong, err = o.check(ctx, r, id)
		return err
	})
	return wrong, err
}

func (o *Office) check(ctx context.Context, r *store.Reader, id matter.ID) (string, error) {
	m, err := o.Look(ctx, r, id)
	if err != nil {
		return "", err
	}
	for i, e := range m.Events {
		if e.Seq != i+1 {
			return fmt.Sprintf("event %d stands at place %d", e.Seq, i+1), nil
		}
	}
	if m.Version != len(m.Events) {
		return fmt.Sprintf("version %d, %d events", m.Version, len(m.Events)), nil
	}
	broken, err := r.VerifyMatter(ctx, id)
	if err != nil || broken != 0 {
		return fmt.Sprintf("event %d is not what was committed to", broken), err
	}
	// Projections were written on the day of the last event, or of the last scan.
	if len(m.Events) > 0 {
		m.Today = max(m.Events[len(m.Events)-1].Entered, m.State.On())
	}
	want := projected(m)
	terms, err := r.Terms(ctx, id)
	if err != nil {
		return "", err
	}
	if got, want := termLines(terms), termLines(want.terms); !slices.Equal(got, want) {
		return fmt.Sprintf("terms are %q, the record gives %q", got, want), nil
	}
	parties, err := r.Parties(ctx, id)
	if err != nil {
		return "", err
	}
	if got, want := partyLines(parties), partyLines(want.parties); !slices.Equal(got, want) {
		return fmt.Sprintf("parties are %q, the record gives %q", got, want), nil
	}
	if m.Ended != want.summary.Ended || m.EndedOn != want.summary.EndedOn || m.Owed != want.summary.Owed {
		return fmt.Sprintf("the summary is %+v, the record gives %+v", m.Summary, want.summary), nil
	}
	return "", nil
}

func termLines(terms []store.Term) []string {
	out := make([]string, len(terms))
	for i, t := range terms {
		out[i] = fmt.Sprint(t.Key, " ", t.State, " ", t.Due)
	}
	slices.Sort(out)
	return out
}

func partyLines(parties []store.Party) []string {
	out := make([]string, len(parties))
	for i, p := range parties {
		out[i] = fmt.Sprint(p.Party, " ", p.Ref.Key(), " ", p.LeftOn)
	}
	slices.Sort(out)
	return out
}
