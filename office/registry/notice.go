// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"fmt"
	"strings"

	"quanze/core/calendar"
	"quanze/core/fault"
	"quanze/store"
)

// Moved is one term whose last day a new calendar moves, or makes certain.
type Moved struct {
	Matter string        `json:"matter"`
	Term   string        `json:"term"`
	Old    calendar.Date `json:"old"`
	New    calendar.Date `json:"new"`
}

// InstallNotice installs a calendar notice and recomputes what rested on days
// that were not announced: each matter records its old and its new last days.
func (g *Registry) InstallNotice(ctx context.Context, by store.AccountID, name string, text []byte, progress func(done, all int)) ([]Moved, error) {
	notice, err := calendar.ParseNotice(name, text)
	if err != nil {
		return nil, err
	}
	now, err := g.office.Calendar(ctx, g.office.DB.Reader())
	if err != nil {
		return nil, err
	}
	if _, err := now.Install(notice); err != nil {
		return nil, err
	}
	from, _ := notice.Reach()
	rows, err := g.running(ctx)
	if err != nil {
		return nil, err
	}
	if err := g.change(ctx, by, "change.calendar", notice.Name(), map[string]string{"file": name}, func(ctx context.Context, tx *store.Tx) error {
		fresh, err := tx.InstallNotice(ctx, store.Notice{Name: name, Text: string(text), InstalledBy: by})
		if err == nil && !fresh { // a name is used once: what was installed stays as it was read then
			return fault.New(fault.Stale, "calendar.install.version", "notice", name, "calendar", now.Name())
		}
		return err
	}); err != nil {
		return nil, err
	}
	var moved []Moved
	for i, m := range rows {
		more, err := g.recompute(ctx, m, from)
		if err != nil {
			return moved, err
		}
		moved = append(moved, more...)
		if progress != nil {
			progress(i+1, len(rows))
		}
	}
	return moved, nil
}

func (g *Registry) running(ctx context.Context) ([]store.Matter, error) {
	var all []store.Matter
	f := store.MatterFilter{}
	for {
		page, next, err := g.office.DB.Reader().ListMatters(ctx, f)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if next == "" {
			return all, nil
		}
		f.Page.After = next
	}
}

func (g *Registry) recompute(ctx context.Context, m store.Matter, from calendar.Date) ([]Moved, error) {
	before, err := g.office.DB.Reader().Terms(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	touched := false
	for _, t := range before {
		touched = touched || t.Due >= from
	}
	if !touched {
		return nil, nil
	}
	if _, err := g.office.Advance(ctx, m.ID); err != nil {
		return nil, fmt.Errorf("recomputing matter %s: %w", m.ID, err)
	}
	after, err := g.office.DB.Reader().Terms(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	var out []Moved
	for _, b := range before {
		for _, a := range after {
			if sameRunning(a, b) && a.Due != b.Due {
				out = append(out, Moved{string(m.ID), b.Term, b.Due, a.Due})
			}
		}
	}
	return out, nil
}

// sameRunning reports whether two rows are one running of a term: their keys
// agree up to the last day.
func sameRunning(a, b store.Term) bool {
	x, _, _ := strings.Cut(a.Key, ">")
	y, _, _ := strings.Cut(b.Key, ">")
	return x == y
}
