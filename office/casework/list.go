// SPDX-License-Identifier: Apache-2.0

package casework

import (
	"context"
	"slices"

	"quanze/core/calendar"
	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/office"
	"quanze/store"
)

// Today lists what the account's person owes or may do by a day: through his
// units, and in his own name. Of a matter that concerns him it lists his own
// side, of one he is recused from nothing, whatever his unit owes there.
func (d *Desk) Today(ctx context.Context, a store.Account, page store.Page) ([]store.OwedItem, string, error) {
	r := d.office.DB.Reader()
	organisation, err := r.Organisation(ctx)
	if err != nil || a.Person == "" {
		return nil, "", err
	}
	desks := units(organisation, a.Person, d.office.Today())
	items, next, err := r.OwedBy(ctx, store.OwedFilter{Units: desks, Persons: []org.PersonID{a.Person}, Page: page})
	if err != nil {
		return nil, "", err
	}
	sides := map[matter.ID]*own{}
	var out []store.OwedItem
	for _, item := range items {
		o, known := sides[item.Matter]
		if !known {
			row, err := r.Matter(ctx, item.Matter)
			if err != nil {
				return nil, "", err
			}
			if o, err = d.own(ctx, r, a, row, desks); err != nil {
				return nil, "", err
			}
			sides[item.Matter] = o
		}
		if o == nil || slices.ContainsFunc(o.owed, func(due matter.Due) bool { return due.Key == item.Key }) {
			out = append(out, item)
		}
	}
	return out, next, nil
}

// Mine lists the matters that the account's person works on or is party to. Of
// one that concerns him the counts and the day are those of his own side: a
// count that changes would tell of a decision before it is served.
func (d *Desk) Mine(ctx context.Context, a store.Account, page store.Page) ([]store.Matter, string, error) {
	r := d.office.DB.Reader()
	organisation, err := r.Organisation(ctx)
	if err != nil || a.Person == "" {
		return nil, "", err
	}
	desks := units(organisation, a.Person, d.office.Today())
	rows, next, err := r.ListMatters(ctx, store.MatterFilter{Units: desks, Persons: []org.PersonID{a.Person}, WithLeft: true, Page: page})
	if err != nil {
		return nil, "", err
	}
	var out []store.Matter
	for _, row := range rows {
		o, err := d.own(ctx, r, a, row, desks)
		if err != nil {
			return nil, "", err
		}
		if o != nil && o.recused {
			continue
		}
		if o != nil {
			row.Summary = summary(row.Summary, o.owed)
		}
		out = append(out, row)
	}
	return out, next, nil
}

// Concerning lists the running matters that concern the account's person, the
// latest first, as he may see each of them. One of which nothing was told him
// yet is not among them.
func (d *Desk) Concerning(ctx context.Context, a store.Account) ([]*View, error) {
	r := d.office.DB.Reader()
	organisation, err := r.Organisation(ctx)
	if err != nil || a.Person == "" {
		return nil, err
	}
	desks := units(organisation, a.Person, d.office.Today())
	rows, _, err := r.ListMatters(ctx, store.MatterFilter{Units: desks, Persons: []org.PersonID{a.Person}, Running: true, Page: store.Page{Limit: concerning}})
	if err != nil {
		return nil, err
	}
	var out []*View
	for _, row := range rows {
		if part, err := d.sideOnly(ctx, r, a, row, desks); err != nil || !part {
			if err != nil {
				return nil, err
			}
			continue
		}
		v, err := d.See(ctx, a, row.ID)
		switch {
		case fault.Is(err, fault.Denied), fault.Is(err, fault.Absent):
		case err != nil:
			return nil, err
		case v.Side == Concerned && len(v.Events) > 0:
			out = append(out, v)
		}
	}
	return out, nil
}

// concerning is how many matters Concerning looks at.
const concerning = 20

// own is what a person may know of what is owed in a matter of which he does
// not see all.
type own struct {
	recused bool
	owed    []matter.Due
}

// own returns the own side of somebody whom the matter concerns or who is
// recused from it, nil for whoever works on it.
func (d *Desk) own(ctx context.Context, r *store.Reader, a store.Account, row store.Matter, desks []org.UnitID) (*own, error) {
	if part, err := d.sideOnly(ctx, r, a, row, desks); err != nil || !part {
		return nil, err
	}
	v, err := d.See(ctx, a, row.ID)
	switch {
	case fault.Is(err, fault.Denied), fault.Is(err, fault.Absent):
		return &own{recused: true}, nil
	case err != nil:
		return nil, err
	case v.Side == Working:
		return nil, nil
	}
	return &own{owed: v.Owed}, nil
}

// sideOnly reports whether the person may not see all of a matter: it concerns
// him, or he left it.
func (d *Desk) sideOnly(ctx context.Context, r *store.Reader, a store.Account, row store.Matter, desks []org.UnitID) (bool, error) {
	parties, err := r.Parties(ctx, row.ID)
	if err != nil {
		return false, err
	}
	pack, err := d.office.Pack(ctx, r, row.PackHash)
	if err != nil {
		return false, err
	}
	proc := pack.Procedure(row.Procedure)
	return slices.ContainsFunc(parties, func(p store.Party) bool {
		mine := p.Ref.Person == a.Person || slices.Contains(desks, p.Ref.Unit)
		return mine && (p.LeftOn != 0 || proc != nil && proc.About(p.Party))
	}), nil
}

// summary leaves of a matter's summary what the own side knows.
func summary(all store.Summary, owed []matter.Due) store.Summary {
	out := store.Summary{Title: all.Title, Ended: all.Ended, EndedOn: all.EndedOn}
	for _, due := range owed {
		out.Owed++
		if due.Light == matter.Over {
			out.Late++
		}
		if due.Due != 0 && (out.NextDue == 0 || due.Due < out.NextDue) {
			out.NextDue = due.Due
		}
	}
	return out
}

func units(o *org.Org, p org.PersonID, day calendar.Date) []org.UnitID {
	var out []org.UnitID
	for _, h := range o.Posts(p, day) {
		if !slices.Contains(out, h.Post.Unit) {
			out = append(out, h.Post.Unit)
		}
		if h.Post.Class == org.Principal {
			out = append(out, office.HeadDesk(h.Post.Unit))
		}
	}
	return out
}
