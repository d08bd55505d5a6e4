// SPDX-License-Identifier: Apache-2.0

package office

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"slices"

	"quanze/core/calendar"
	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
	"quanze/store"
)

// Beside is what must become durable together with an act, such as the
// attachments it names and the draft it replaces.
type Beside func(ctx context.Context, tx *store.Tx, id matter.ID, recorded []store.Recorded) error

// Act does an act on a matter. A refusal is returned as *matter.Refusal and
// kept as an attempt; it changes nothing of the matter. What Act returns
// without error is durable.
func (o *Office) Act(ctx context.Context, id matter.ID, c matter.Command, beside Beside) ([]store.Recorded, error) {
	var recorded []store.Recorded
	var refusal *matter.Refusal
	err := o.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		recorded, refusal = nil, nil
		if _, err := tx.LockMatter(ctx, id); err != nil {
			return err
		}
		row, err := tx.Matter(ctx, id)
		if err != nil {
			return err
		}
		m, err := o.fold(ctx, tx.Reader, row)
		if err != nil {
			return err
		}
		if err := o.gather(ctx, tx.Reader, m, &c); err != nil {
			return err
		}
		events, no := matter.Decide(m.State, c, m.Rules, m.Today)
		if no != nil {
			refusal = no
			return o.attempt(ctx, tx, row, c, no)
		}
		if recorded, err = o.record(ctx, tx, m, events, 0); err != nil {
			return err
		}
		if beside != nil {
			return beside(ctx, tx, id, recorded)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if refusal != nil {
		return nil, refusal
	}
	return recorded, nil
}

// Open begins a matter under the pack of that code that is in force.
func (o *Office) Open(ctx context.Context, pack, procedure string, c matter.Command, beside Beside) (matter.ID, []store.Recorded, error) {
	var id matter.ID
	var recorded []store.Recorded
	var refusal *matter.Refusal
	err := o.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		recorded, refusal = nil, nil
		stored, err := tx.PackInForce(ctx, pack, c.On)
		if err != nil {
			return err
		}
		id = NewID()
		recorded, refusal, err = o.open(ctx, tx, id, stored, procedure, c, 0)
		if err != nil || refusal != nil {
			return err
		}
		if beside != nil {
			return beside(ctx, tx, id, recorded)
		}
		return nil
	})
	if err != nil {
		return "", nil, err
	}
	if refusal != nil {
		return "", nil, refusal
	}
	return id, recorded, nil
}

func (o *Office) open(ctx context.Context, tx *store.Tx, id matter.ID, stored store.Pack, procedure string, c matter.Command, depth int) ([]store.Recorded, *matter.Refusal, error) {
	today := o.Today()
	rules, err := o.rules(ctx, tx.Reader, stored.Hash, procedure)
	if err != nil {
		return nil, nil, err
	}
	row := store.Matter{ID: id, Procedure: procedure, Pack: stored.Code, PackHash: stored.Hash, OpenedOn: c.On}
	state := matter.Fold(nil, rules)
	events, refusal := matter.Decide(state, c, rules, today)
	if refusal != nil {
		row.ID = ""
		return nil, refusal, o.attempt(ctx, tx, row, c, refusal)
	}
	row.Title = title(rules.Procedure.Act(c.Act), c.Fields)
	if err := tx.CreateMatter(ctx, row); err != nil {
		return nil, nil, err
	}
	recorded, err := o.record(ctx, tx, &Matter{Matter: row, Rules: rules, State: state, Today: today}, events, depth)
	return recorded, nil, err
}

// title is the first short text of the form that began the matter, what people
// call it by; without one, the name of the act.
func title(a *rulepack.Act, fields map[string]expr.Value) string {
	if a == nil {
		return ""
	}
	for _, f := range a.Fields() {
		if f.Type == rulepack.FieldText && !fields[f.ID].Empty() {
			r := []rune(fields[f.ID].Text())
			return string(r[:min(len(r), 60)])
		}
	}
	return a.Label.Zh
}

// Advance lets the day come for a matter: its lapses and what follows are
// recorded. It is safe at any time and any number of times.
func (o *Office) Advance(ctx context.Context, id matter.ID) ([]store.Recorded, error) {
	var recorded []store.Recorded
	err := o.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		recorded = nil
		if _, err := tx.LockMatter(ctx, id); err != nil {
			return err
		}
		row, err := tx.Matter(ctx, id)
		if err != nil {
			return err
		}
		m, err := o.fold(ctx, tx.Reader, row)
		if err != nil {
			return err
		}
		events := matter.Advance(m.State, m.Rules, m.Today)
		recorded, err = o.record(ctx, tx, m, events, 0)
		return err
	})
	return recorded, err
}

// maxDepth bounds a chain of matters that open matters in one transaction.
const maxDepth = 8

// record writes events, their projections and the matters they open.
func (o *Office) record(ctx context.Context, tx *store.Tx, m *Matter, events []matter.Event, depth int) ([]store.Recorded, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("matter %s: matters open matters without end", m.ID)
	}
	recorded, err := tx.AppendEvents(ctx, m.ID, m.State.Version(), events)
	if err != nil {
		return nil, err
	}
	m.State = matter.Apply(m.State, m.Rules, bare(recorded)...)
	m.Rules = m.Rules.Of(m.State)
	if err := project(ctx, tx, m); err != nil {
		return nil, err
	}
	for _, e := range recorded {
		if e.Kind != matter.Opened {
			continue
		}
		if err := o.link(ctx, tx, m, e, depth); err != nil {
			return nil, err
		}
	}
	return recorded, nil
}

// link opens the matter that an event asks for, under the pack in force. Where
// somebody it needs does not exist (no body stands above), nothing is opened:
// the event stands in the record and says so.
func (o *Office) link(ctx context.Context, tx *store.Tx, m *Matter, e store.Recorded, depth int) error {
	for _, refs := range e.Opens.Parties {
		if len(refs) == 0 {
			return nil
		}
	}
	stored, err := tx.PackInForce(ctx, m.Pack, e.On)
	if err != nil {
		return err
	}
	c := matter.Command{Act: e.Opens.Act, Moment: matter.Done, On: e.On, Binds: e.Opens.Parties, Link: &matter.Link{Matter: m.ID, Event: e.Seq}}
	_, refusal, err := o.open(ctx, tx, NewID(), stored, e.Opens.Procedure, c, depth+1)
	if err != nil {
		return err
	}
	if refusal != nil {
		return fmt.Errorf("matter %s: opening a matter by event %d: %w", m.ID, e.Seq, refusal)
	}
	return nil
}

func (o *Office) attempt(ctx context.Context, tx *store.Tx, row store.Matter, c matter.Command, refusal *matter.Refusal) error {
	_, err := tx.RecordAttempt(ctx, store.Attempt{Matter: row.ID, Pack: row.Pack, PackHash: row.PackHash, Procedure: row.Procedure,
		Moment: c.Moment, Actor: matter.Actor{Person: c.Actor}, On: c.On, Refusal: *refusal})
	return err
}

var letters = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// NewID returns a fresh matter number: short enough to say on the telephone,
// and not to be guessed.
func NewID() matter.ID {
	var b [10]byte
	rand.Read(b[:]) //nolint:errcheck // crypto/rand never fails: it ends the program first
	s := letters.EncodeToString(b[:])
	return matter.ID(s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:])
}

// MayStart lists the procedures that a person may begin, for which unit.
func (o *Office) MayStart(ctx context.Context, r *store.Reader, pack string, person org.PersonID, day calendar.Date) ([]Startable, error) {
	stored, err := r.PackInForce(ctx, pack, day)
	if fault.Is(err, fault.Absent) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	p, err := o.Pack(ctx, r, stored.Hash)
	if err != nil {
		return nil, err
	}
	organisation, err := r.Organisation(ctx)
	if err != nil {
		return nil, err
	}
	var out []Startable
	for _, proc := range p.Procedures {
		for _, a := range proc.Acts {
			if !a.Starts || a.Lawful() {
				continue
			}
			for _, by := range a.By {
				party := proc.Party(by[0])
				if party == nil || !party.Unit {
					continue
				}
				var class []org.Class
				if len(by) == 2 {
					class = []org.Class{org.Class(by[1])}
				}
				for _, h := range organisation.Posts(person, day) {
					unit, _ := organisation.Unit(h.Post.Unit)
					if len(party.OneOf) > 0 && !slices.Contains(party.OneOf, string(unit.Kind)) {
						continue
					}
					if _, ok := organisation.Holds(person, h.Post.Unit, day, class...); ok {
						out = append(out, Startable{Pack: p, Procedure: proc, Act: a, Party: party.ID, Unit: h.Post.Unit})
					}
				}
			}
		}
	}
	return out, nil
}

// Startable is a procedure that a person may begin for a unit.
type Startable struct {
	Pack      *rulepack.Pack
	Procedure *rulepack.Procedure
	Act       *rulepack.Act
	Party     string
	Unit      org.UnitID
}
