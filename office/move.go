// SPDX-License-Identifier: Apache-2.0

package office

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/core/rulepack"
	"quanze/store"
)

// MoveAll lets every version that has come into force take over what it takes
// over of the matters that run. It is safe at any time and any number of times,
// and returns how many it moved. A matter that cannot be moved stays under its
// version and holds up no other.
func (o *Office) MoveAll(ctx context.Context) (int, error) {
	r := o.DB.Reader()
	due, err := r.PacksToMove(ctx, o.Today())
	if err != nil {
		return 0, err
	}
	total := 0
	var failed error
	for _, v := range due {
		p, err := o.Pack(ctx, r, v.Hash)
		if err != nil {
			return total, err
		}
		n, err := o.moveTo(ctx, r, p)
		total += n
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		if err := o.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return tx.PackMoved(ctx, v.Hash) }); err != nil {
			return total, err
		}
	}
	return total, failed
}

// moveTo asks every running matter of the pack.
func (o *Office) moveTo(ctx context.Context, r *store.Reader, p *rulepack.Pack) (moved int, failed error) {
	f := store.MatterFilter{Packs: []string{p.Code}, Running: true}
	for {
		page, next, err := r.ListMatters(ctx, f)
		if err != nil {
			return moved, err
		}
		for _, row := range page {
			did, err := o.Move(ctx, row.ID, p)
			if err != nil && !fault.Is(err, fault.Refused) && !fault.Is(err, fault.Absent) {
				failed = errors.Join(failed, fmt.Errorf("moving matter %s: %w", row.ID, err))
			}
			if did {
				moved++
			}
		}
		if next == "" {
			return moved, failed
		}
		f.Page.After = next
	}
}

// Move puts a running matter under a version of its pack that is in force, as
// far as that takes over what runs, and reports whether it did.
func (o *Office) Move(ctx context.Context, id matter.ID, p *rulepack.Pack) (bool, error) {
	did := false
	err := o.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		did = false
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
		if err := o.movable(m, p); err != nil || !moves(m, p) {
			return err
		}
		if m.Rules, err = o.rulesWith(ctx, tx.Reader, m); err != nil {
			return err
		}
		if _, err := o.record(ctx, tx, m, matter.Move(m.State, m.Rules, p.Hash, m.Today), 0); err != nil {
			return err
		}
		did = true
		if m.State.Under() != p.Hash {
			return nil
		}
		return tx.MoveMatter(ctx, id, p.Hash)
	})
	return did, err
}

// rulesWith are a matter's rules with every version that it may be moved to.
func (o *Office) rulesWith(ctx context.Context, r *store.Reader, m *Matter) (*matter.Rules, error) {
	versions, err := o.versions(ctx, r, m.Pack, m.Procedure)
	if err != nil {
		return nil, err
	}
	rules := *m.Rules
	rules.Versions = versions
	return &rules, nil
}

// moves reports whether a version takes over anything of a matter: not of one
// that it has taken over already, nor of one under a later version.
func moves(m *Matter, p *rulepack.Pack) bool {
	under := m.Rules.Procedure.Pack
	if ended, _ := m.State.Ended(); ended != "" || under.Hash == p.Hash || under.From > p.From {
		return false
	}
	if slices.ContainsFunc(m.Events, func(e store.Recorded) bool { return e.Kind == matter.Moved && e.Version == p.Hash }) {
		return false
	}
	return p.TakesOver(under) != rulepack.RunningStay
}

// movable refuses a version in which what is owed would be owed no more: a duty
// does not vanish with its clause.
func (o *Office) movable(m *Matter, p *rulepack.Pack) error {
	proc := p.Procedure(m.Procedure)
	if proc == nil {
		return fault.New(fault.Absent, "office.procedure.absent", "procedure", m.Procedure)
	}
	if p.TakesOver(m.Rules.Procedure.Pack) != rulepack.RunningAll {
		return nil
	}
	for _, ob := range m.State.At(m.Rules, m.Today).Obligations() {
		if t := m.Rules.Procedure.Term(ob.Term); ob.Owed() && t != nil && t.Kind != rulepack.Effect && proc.Term(ob.Term) == nil {
			return fault.New(fault.Refused, "office.move.owed", "term", termLabel(m.Rules.Procedure, ob.Term))
		}
	}
	return nil
}
