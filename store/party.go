// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/core/org"
)

// Party is one unit or person bound to a matter under a party's name: a
// projection, from which it is told who may see what.
type Party struct {
	Matter matter.ID
	Party  string
	Ref    matter.Ref
	// LeftOn is the day its part ended, none while it is in.
	LeftOn calendar.Date
}

// A member is a unit or a person as one column: "u:…" or "p:…", since their
// names are not of one set. A Ref of both counts as both.
func members(r matter.Ref) []string {
	return memberKeys(nonEmpty(r.Unit), nonEmpty(r.Person))
}

func nonEmpty[T ~string](s T) []T {
	if s == "" {
		return nil
	}
	return []T{s}
}

func memberKeys(units []org.UnitID, persons []org.PersonID) []string {
	out := make([]string, 0, len(units)+len(persons))
	for _, u := range units {
		out = append(out, "u:"+string(u))
	}
	for _, p := range persons {
		out = append(out, "p:"+string(p))
	}
	return out
}

func memberRef(member string) matter.Ref {
	if unit, ok := strings.CutPrefix(member, "u:"); ok {
		return matter.Ref{Unit: org.UnitID(unit)}
	}
	return matter.Ref{Person: org.PersonID(strings.TrimPrefix(member, "p:"))}
}

type partyKey struct{ party, member string }

func scanParty(rows *sql.Rows, p *Party) error {
	var member string
	if err := rows.Scan(&p.Matter, &p.Party, &member, toDay{&p.LeftOn}); err != nil {
		return err
	}
	p.Ref = memberRef(member)
	return nil
}

// Parties lists who is bound to the matter, by party. A Ref of a unit and a
// person comes back as two.
func (r *Reader) Parties(ctx context.Context, id matter.ID) ([]Party, error) {
	all, err := list(ctx, r.session, scanParty, `select matter_id, party, member, left_on from matter_parties
		where matter_id = $1 order by party, member`, string(id))
	if err != nil {
		return nil, fmt.Errorf("parties of matter %s: %w", id, err)
	}
	return all, nil
}

// ReplaceParties makes these the parties of the matter; what is so already is
// not written again.
func (tx *Tx) ReplaceParties(ctx context.Context, id matter.ID, parties []Party) error {
	before, err := tx.Parties(ctx, id)
	if err != nil {
		return err
	}
	gone := make(map[partyKey]calendar.Date, len(before))
	for _, p := range before {
		gone[partyKey{p.Party, members(p.Ref)[0]}] = p.LeftOn
	}
	var rows [][]any
	seen := make(map[partyKey]bool, len(parties))
	for _, p := range parties {
		for _, m := range members(p.Ref) {
			key := partyKey{p.Party, m}
			left, had := gone[key]
			delete(gone, key)
			if seen[key] || had && left == p.LeftOn {
				continue
			}
			seen[key] = true
			rows = append(rows, []any{string(id), p.Party, m, day(p.LeftOn)})
		}
	}
	for key := range gone {
		if seen[key] {
			continue
		}
		if _, err := tx.session.exec(ctx, `delete from matter_parties where matter_id = $1 and party = $2 and member = $3`,
			string(id), key.party, key.member); err != nil {
			return fmt.Errorf("parties of matter %s: %w", id, err)
		}
	}
	if err := tx.session.insert(ctx, `insert into matter_parties (matter_id, party, member, left_on) values`,
		`on conflict (matter_id, party, member) do update set left_on = excluded.left_on`, rows); err != nil {
		return fmt.Errorf("parties of matter %s: %w", id, err)
	}
	return nil
}
