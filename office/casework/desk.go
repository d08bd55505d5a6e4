// SPDX-License-Identifier: Apache-2.0

// Package casework is what people do on matters: see what is theirs to see, do
// an act, begin a matter, keep a draft, add a file. A person who is party to a
// matter sees his own side of it and nothing else. It does not supervise, and
// it decides nothing: the kernel does. Start at Desk.
package casework

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/office"
	"quanze/store"
	"quanze/store/blob"
)

// Desk is where an account's acts come in.
type Desk struct {
	office *office.Office
	files  *blob.Folder
}

// New returns the desk of an office; files keeps what is handed in.
func New(o *office.Office, files *blob.Folder) *Desk { return &Desk{o, files} }

// Side is from which side somebody sees a matter.
type Side string

// The sides. Who works on a matter sees all of it; whom it concerns sees what
// he was told, his file and his own acts.
const (
	Working   Side = "working"
	Concerned Side = "concerned"
)

// View is a matter as one person may see it.
type View struct {
	*office.Matter
	Side   Side
	Offers []matter.Offer
	Owed   []matter.Due
	// Person is who looks.
	Person org.PersonID
	// Own are the party keys that the person is, or answers for.
	Own []string
	// Effects are intervals that decisions made, Ahead what is fixed for a later
	// day, Irregular the acts found irregular and not settled, Vacant the places
	// that nobody fills after a recusal, Requests the recusals not settled.
	Effects   []matter.Block
	Ahead     []matter.Coming
	Irregular []matter.Event
	Vacant    []matter.Event
	Requests  []Request
	// Sittings are the meetings behind events, by the event's number.
	Sittings map[int]Sitting
}

// absent is the answer to whoever may not know that a matter exists.
func absent() error { return fault.New(fault.Absent, "matter.absent") }

// See returns a matter as the account's person may see it.
func (d *Desk) See(ctx context.Context, a store.Account, id matter.ID) (*View, error) {
	var m *office.Matter
	err := d.office.DB.Snapshot(ctx, func(ctx context.Context, r *store.Reader) error {
		var err error
		m, err = d.office.Look(ctx, r, id)
		return err
	})
	if fault.Is(err, fault.Absent) {
		return nil, absent()
	}
	if err != nil {
		return nil, err
	}
	relation := m.State.RelationOf(a.Person, m.Rules, m.Today)
	v := &View{Matter: m, Person: a.Person, Own: relation.Concerned, Offers: matter.Offers(m.State, a.Person, m.Rules, m.Today), Owed: matter.Owed(m.State, m.Rules, m.Today)}
	v.gather()
	switch {
	case a.Person == "":
		return nil, absent()
	case len(v.Own) > 0:
		v.Side = Concerned
		v.narrow(a.Person)
	case relation.Recused:
		return nil, fault.New(fault.Denied, "matter.recused").Because(withdrew(m.State, m.Rules.Procedure, a.Person)...)
	case relation.Working:
		v.Side = Working
	default:
		return nil, absent()
	}
	return v, nil
}

// narrow leaves only the person's own side: what was told or served to him,
// what he did, his own terms. Whom a matter concerns works on none of it.
func (v *View) narrow(person org.PersonID) {
	v.Events = slices.DeleteFunc(v.Events, func(e store.Recorded) bool { return !v.told(e, person) })
	v.Owed = slices.DeleteFunc(v.Owed, func(o matter.Due) bool { return !v.Mine(o.Obligation) })
	v.Summary = summary(v.Summary, v.Owed)
	for i, o := range v.Offers {
		// Why not yet would tell that something was decided before it was served.
		opens := func(due matter.Due) bool { return due.Opens != 0 && o.Refusal != nil && due.Opens == o.Refusal.Day }
		if slices.ContainsFunc(v.Owed, opens) {
			continue // his own window: he is told when it opens
		}
		if r := o.Refusal; r != nil && (r.Why == matter.NotInQuestion || r.Why == matter.TooEarly) {
			v.Offers[i].Refusal = &matter.Refusal{Why: matter.NotInQuestion, Act: r.Act, Party: r.Party, Clauses: o.Act.Basis.Clauses()}
		}
	}
	v.Offers = slices.DeleteFunc(v.Offers, func(o matter.Offer) bool { return !v.own(o.Act, o.Party) })
	v.narrowStanding(person)
}

// ownAct reports whether the act is one for the party that a matter concerns.
func ownAct(proc *rulepack.Procedure, a *rulepack.Act, own []string) bool {
	if a != nil && len(own) > 0 && asksRecusal(proc, a) {
		return true
	}
	return a != nil && len(own) > 0 && a.Each != "" && slices.ContainsFunc(a.By, func(by rulepack.Path) bool {
		p := proc.Party(by[0])
		return len(by) == 1 && p != nil && p.ID == a.Each
	})
}

// told reports whether an event is part of the person's own side.
func (v *View) told(e store.Recorded, person org.PersonID) bool {
	if e.Actor.Person == person || v.settledFor(e, person) {
		return true
	}
	if !slices.Contains(v.Own, e.Party) {
		return false
	}
	act := v.Rules.Procedure.Act(e.Act)
	switch e.Kind {
	case matter.Served:
		return act != nil && e.Recipient == act.Each
	case matter.Done:
		if act != nil && len(act.Meetings) > 0 && act.Each != "" && v.announced(act, e.Party, e.Seq) {
			return true // that a meeting decided; what was said there is not in the view
		}
		return act != nil && act.Paper != nil && v.served(act, e)
	case matter.Started, matter.Extended, matter.Met, matter.Lapsed, matter.Ended:
		return e.Kind == matter.Ended || slices.ContainsFunc(v.State.At(v.Rules, v.Today).Obligations(), func(o matter.Obligation) bool {
			return o.Term == e.Term && o.Party == e.Party && v.Mine(o)
		})
	}
	return false
}

// served reports whether the paper of that act has reached its party.
func (v *View) served(a *rulepack.Act, done store.Recorded) bool {
	for _, f := range v.State.Facts() {
		if f.Kind == matter.Served && f.Act == a.ID && f.Party == done.Party && f.Recipient == a.Each && f.Seq > done.Seq {
			return true
		}
	}
	return false
}

// Do does an act for the account's person. The draft of its form goes with it.
func (d *Desk) Do(ctx context.Context, a store.Account, id matter.ID, c matter.Command) error {
	v, err := d.See(ctx, a, id)
	if err != nil {
		return err
	}
	if v.foreign(a.Person, c) {
		return fault.New(fault.Denied, "fault.denied")
	}
	c.Actor = a.Person
	_, err = d.office.Act(ctx, id, c, func(ctx context.Context, tx *store.Tx, id matter.ID, recorded []store.Recorded) error {
		if err := bind(ctx, tx, a.ID, v.Rules.Procedure, id, recorded); err != nil {
			return err
		}
		return tx.DeleteDraft(ctx, store.DraftKey{Account: a.ID, Matter: id, Act: c.Act, Party: c.Party})
	})
	return answer(err)
}

// foreign reports whether somebody whom the matter concerns asks for an act of
// its other side that a post of his would permit: whom a matter concerns works
// on none of it. What no post of his permits the kernel refuses by itself.
func (v *View) foreign(person org.PersonID, c matter.Command) bool {
	act := v.Rules.Procedure.Act(c.Act)
	switch {
	case v.Side != Concerned:
		return false
	case c.Moment == matter.Corrected || c.Moment == matter.Struck || c.Moment == matter.Confirmed || c.Moment == matter.Annulled || c.Irregular:
		return true // a correction names its entry, not its act; that and irregular acts are the other side's to record
	case act == nil || v.own(act, c.Party):
		return false
	}
	return slices.ContainsFunc(append(slices.Clone(act.By), act.Approved), func(by rulepack.Path) bool {
		return len(by) > 0 && matter.Entitled(v.State, v.Rules, person, by, act.Each, c.Party, v.Today)
	})
}

// Begin starts a matter for the account's person.
func (d *Desk) Begin(ctx context.Context, a store.Account, proc *rulepack.Procedure, c matter.Command) (matter.ID, error) {
	c.Actor = a.Person
	id, _, err := d.office.Open(ctx, proc.Pack.Code, proc.ID, c, func(ctx context.Context, tx *store.Tx, id matter.ID, recorded []store.Recorded) error {
		if err := bind(ctx, tx, a.ID, proc, id, recorded); err != nil {
			return err
		}
		return tx.DeleteDraft(ctx, store.DraftKey{Account: a.ID, Act: BeginKey(proc, proc.Act(c.Act))})
	})
	return id, answer(err)
}

// BeginKey is the draft's act while there is no matter yet.
func BeginKey(proc *rulepack.Procedure, a *rulepack.Act) string {
	return proc.Pack.Code + "/" + proc.ID + "/" + a.ID
}

// MayBegin lists the procedures that the account's person may begin.
func (d *Desk) MayBegin(ctx context.Context, a store.Account) ([]office.Startable, error) {
	if a.Person == "" {
		return nil, nil
	}
	r := d.office.DB.Reader()
	installed, err := r.Packs(ctx)
	if err != nil {
		return nil, err
	}
	var out []office.Startable
	var seen []string
	for _, p := range installed {
		if slices.Contains(seen, p.Code) {
			continue
		}
		seen = append(seen, p.Code)
		more, err := d.office.MayStart(ctx, r, p.Code, a.Person, d.office.Today())
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

// answer keeps a refusal as it is: it carries more than a fault says.
func answer(err error) error {
	var refusal *matter.Refusal
	if errors.As(err, &refusal) {
		return refusal
	}
	return err
}

// KeepDraft keeps what was typed into a form.
func (d *Desk) KeepDraft(ctx context.Context, key store.DraftKey, body string) error {
	return d.office.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.SaveDraft(ctx, store.Draft{DraftKey: key, Body: body})
	})
}

// Mine reports whether an obligation belongs to the person's own side: his
// rights, what he owes himself, and what is owed because of something he did.
// What a decision started is not his to see before it was served on him.
func (v *View) Mine(o matter.Obligation) bool {
	proc := v.Rules.Procedure
	t := proc.Term(o.Term)
	if t != nil && o.Party == "" && v.asked(o) {
		return true
	}
	if t == nil || !slices.Contains(v.Own, o.Party) {
		return false
	}
	his := len(t.Of) == 1 && proc.About(t.Of[0])
	if his && (t.Kind == rulepack.Right || t.Kind == rulepack.Window) {
		return true
	}
	cause, err := strconv.Atoi(o.Start)
	starter := proc.Act(o.StartedBy())
	return starter != nil && (ownAct(proc, starter, v.Own) || his && t.Kind == rulepack.Duty && err == nil && v.announced(starter, o.Party, cause))
}
