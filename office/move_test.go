// SPDX-License-Identifier: Apache-2.0

package office_test

import (
	"context"
	"slices"
	"testing"

	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/core/rulepack"
	"quanze/office/officetest"
	"quanze/store"
)

const teamStart = "    start: form_team\n    within: 10 working_days\n"

// install puts a version in force from the n-th of the month.
func install(t *testing.T, c *officetest.City, p *rulepack.Pack, files rulepack.Files, n int) {
	t.Helper()
	if err := c.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.InstallPack(ctx, store.Pack{Hash: p.Hash, Code: p.Code, From: officetest.Day(n)}, files)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// due is the last day of the inquiry.
func due(t *testing.T, c *officetest.City, id matter.ID) string {
	t.Helper()
	m, err := c.Look(t.Context(), c.DB.Reader(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range m.State.At(m.Rules, m.Today).Obligations() {
		if o.Term == "inquiry" {
			return o.Due.String()
		}
	}
	return ""
}

// A version that takes over what runs does so on its day: what is owed takes the
// later day, and of all, the matter runs under it from then on. It does so once.
func TestMoveAll(t *testing.T) {
	longer := "    start: form_team\n    within: 12 working_days\n"
	for running, want := range map[string]string{"stay": "2026-03-16", "unmet_obligations": "2026-03-18", "all": "2026-03-18"} {
		t.Run(running, func(t *testing.T) {
			c := officetest.New(t, "")
			id := c.Open()
			c.Team(id) // on Monday 2 March: the inquiry is due on the 16th
			before, err := c.Look(t.Context(), c.DB.Reader(), id)
			if err != nil {
				t.Fatal(err)
			}
			p, files := versionFiles(t, teamStart, longer, "in_force:", "transition: {running: "+running+", cite: art17-a}\nin_force:")
			install(t, c, p, files, 6)
			if n, err := c.MoveAll(t.Context()); n != 0 || err != nil || due(t, c, id) != "2026-03-16" {
				t.Errorf("before its day: %d moved, %v, due %s", n, err, due(t, c, id))
			}
			c.Set(officetest.Day(6))
			moved := map[bool]int{true: 1}[running != "stay"]
			if n, err := c.MoveAll(t.Context()); n != moved || err != nil {
				t.Errorf("%d moved, %v", n, err)
			}
			if got := due(t, c, id); got != want {
				t.Errorf("due %s, want %s", got, want)
			}
			c.InOrder(id)
			if n, err := c.MoveAll(t.Context()); n != 0 || err != nil {
				t.Errorf("again: %d moved, %v", n, err)
			}
			if did, err := c.Move(t.Context(), id, p); did || err != nil {
				t.Errorf("once more: %t, %v", did, err)
			}
			after, err := c.Look(t.Context(), c.DB.Reader(), id)
			if err != nil {
				t.Fatal(err)
			}
			under := before.PackHash
			if running == "all" {
				under = p.Hash
			}
			if after.PackHash != under || after.Rules.Procedure.Pack.Hash != under || after.Events[0].PackHash != before.PackHash {
				t.Errorf("under %.8s and %.8s, want %.8s", after.PackHash, after.Rules.Procedure.Pack.Hash, under)
			}
			if got := slices.ContainsFunc(after.Events, func(e store.Recorded) bool { return e.Kind == matter.Moved }); got != (moved == 1) {
				t.Errorf("recorded as moved: %t", got)
			}
			if err := c.Do(id, matter.Command{Act: "add_member", Actor: "head", Binds: map[string][]matter.Ref{"team": {{Person: "deputy"}}}}); err != nil {
				t.Errorf("an act after the move: %v", err)
			}
		})
	}
}

// A duty does not vanish with its term: such a matter stays, and says why.
func TestMoveKeepsDuties(t *testing.T) {
	c := officetest.New(t, "")
	id := c.Open()
	c.Team(id)
	p, files := versionFiles(t, "  inquiry:\n", "  inquest:\n", "inquiry.lapsed", "inquest.lapsed", "owed(inquiry)", "owed(inquest)", "in_force:", "transition: {running: all, cite: art17-a}\nin_force:")
	install(t, c, p, files, 2)
	if _, err := c.Move(t.Context(), id, p); !fault.Is(err, fault.Refused) {
		t.Errorf("moved: %v", err)
	}
	if n, err := c.MoveAll(t.Context()); n != 0 || err != nil {
		t.Errorf("%d moved, %v", n, err)
	}
	if got := due(t, c, id); got != "2026-03-16" {
		t.Errorf("due %s", got)
	}
	c.InOrder(id)
}
