// SPDX-License-Identifier: Apache-2.0

package office

import (
	"context"
	"errors"
	"slices"

	"quanze/core/calendar"
	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/core/rulepack"
	"quanze/store"
)

// Plan is what a version of a pack would mean for the matters that run: each
// that it touches, whether it moves, and what would change if it did.
type Plan struct {
	Pack string        `json:"pack"`
	Hash string        `json:"hash"`
	From calendar.Date `json:"from"`
	// Running is what the version says of running matters: stay, or what moves.
	Running string    `json:"running"`
	Clauses []string  `json:"clauses,omitempty"`
	Matters []Touched `json:"matters"`
}

// Touched is a running matter under another version.
type Touched struct {
	Matter    matter.ID    `json:"matter"`
	Title     string       `json:"title"`
	Procedure string       `json:"procedure"`
	PackHash  string       `json:"pack_hash"`
	Moves     bool         `json:"moves"`
	Dues      []DueChange  `json:"dues,omitempty"`
	Irregular []string     `json:"irregular,omitempty"`
	Fault     *fault.Fault `json:"fault,omitempty"`
}

// DueChange is an obligation that would have another last day. Kept: the new one
// would lie earlier, and a day that was told never moves nearer. Begins: it would
// be owed and is not; Ends: it is owed and would not be.
type DueChange struct {
	Term  string        `json:"term"`
	Label string        `json:"label"`
	Party string        `json:"party,omitempty"`
	Old   calendar.Date `json:"old,omitzero"`
	New   calendar.Date `json:"new,omitzero"`
	Kept  bool          `json:"kept,omitempty"`
	// Begins and Ends are of an obligation that only one of the versions has.
	Begins bool `json:"begins,omitempty"`
	Ends   bool `json:"ends,omitempty"`
}

// Plan lists what a proposed version changes for every running matter of the
// pack: of one that moves, what the move does; of one that stays, what would be
// otherwise if it had begun under it. It changes nothing.
func (o *Office) Plan(ctx context.Context, p *rulepack.Pack) (Plan, error) {
	plan := Plan{Pack: p.Code, Hash: p.Hash, From: p.From, Running: p.Transition.Running, Clauses: p.Transition.Basis.Clauses(), Matters: []Touched{}}
	err := o.DB.Snapshot(ctx, func(ctx context.Context, r *store.Reader) error {
		plan.Matters = plan.Matters[:0]
		f := store.MatterFilter{Packs: []string{p.Code}, Running: true}
		for {
			page, next, err := r.ListMatters(ctx, f)
			if err != nil {
				return err
			}
			for _, row := range page {
				if row.PackHash == p.Hash {
					continue
				}
				t, err := o.touched(ctx, r, row, p)
				if err != nil {
					return err
				}
				plan.Matters = append(plan.Matters, t)
			}
			if next == "" {
				return nil
			}
			f.Page.After = next
		}
	})
	return plan, err
}

func (o *Office) touched(ctx context.Context, r *store.Reader, row store.Matter, p *rulepack.Pack) (Touched, error) {
	t := Touched{Matter: row.ID, Title: row.Title, Procedure: row.Procedure, PackHash: row.PackHash}
	m, err := o.fold(ctx, r, row)
	if err != nil {
		return t, err
	}
	if err := o.movable(m, p); errors.As(err, &t.Fault) {
		return t, nil
	} else if err != nil {
		return t, err
	}
	proc := p.Procedure(row.Procedure)
	now := m.State.At(m.Rules, m.Today)
	if t.Moves = moves(m, p); t.Moves {
		rules := *m.Rules
		rules.Versions = append(slices.Clone(rules.Versions), matter.Version{Hash: p.Hash, From: p.From, Procedure: proc})
		then := matter.Apply(m.State, &rules, matter.Move(m.State, &rules, p.Hash, m.Today)...)
		t.Dues = dueChanges(now, then.At(&rules, m.Today), m.Rules.Procedure, proc)
		return t, nil
	}
	rules := &matter.Rules{Procedure: proc, Org: m.Rules.Org, Calendar: m.Rules.Calendar, Locals: m.Rules.Locals}
	then := matter.Fold(bare(m.Events), rules).At(rules, m.Today)
	t.Dues = dueChanges(now, then, m.Rules.Procedure, proc)
	was := map[int]bool{}
	for _, e := range now.Irregularities() {
		was[e.Target] = true
	}
	for _, e := range then.Irregularities() {
		if !was[e.Target] {
			t.Irregular = append(t.Irregular, e.Act)
		}
	}
	return t, nil
}

// dueChanges compares what is owed under two versions, running by running. One
// that began with the lapse of another has another start where that one's last
// day moves: what is left of a term and party is taken in its order.
func dueChanges(now, then *matter.State, was, is *rulepack.Procedure) []DueChange {
	type key struct{ term, party, start string }
	of := func(ob matter.Obligation) key { return key{ob.Term, ob.Party, ob.Start} }
	exact, left := map[key]matter.Obligation{}, map[key][]matter.Obligation{}
	fresh := map[key]bool{}
	for _, ob := range then.Obligations() {
		fresh[of(ob)] = true
	}
	for _, ob := range now.Obligations() {
		if fresh[of(ob)] {
			exact[of(ob)] = ob
		} else {
			k := key{ob.Term, ob.Party, ""}
			left[k] = append(left[k], ob)
		}
	}
	var out []DueChange
	for _, ob := range then.Obligations() {
		before, ok := exact[of(ob)]
		if k := (key{ob.Term, ob.Party, ""}); !ok && len(left[k]) > 0 {
			before, ok, left[k] = left[k][0], true, left[k][1:]
		}
		c := DueChange{Term: ob.Term, Label: termLabel(is, ob.Term), Party: ob.Party, Old: before.Due, New: ob.Due}
		switch {
		case ok && before.Owed() && before.Due != ob.Due:
			c.Kept = before.Due != 0 && ob.Due != 0 && ob.Due < before.Due
		case !ok && ob.Owed():
			c.Begins = true
		default:
			continue
		}
		out = append(out, c)
	}
	for _, ob := range now.Obligations() {
		k := key{ob.Term, ob.Party, ""}
		if len(left[k]) == 0 || left[k][0].Key != ob.Key {
			continue
		}
		if left[k] = left[k][1:]; ob.Owed() {
			out = append(out, DueChange{Term: ob.Term, Label: termLabel(was, ob.Term), Party: ob.Party, Old: ob.Due, Ends: true})
		}
	}
	return out
}

func termLabel(p *rulepack.Procedure, id string) string {
	if t := p.Term(id); t != nil {
		return t.Label.Zh
	}
	return id
}
