// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"fmt"

	"quanze/core/org"
)

// registryStamp names the stamp that every change of the registry sets anew.
const registryStamp = "registry"

// PutUnit adds a unit or writes it anew.
func (tx *Tx) PutUnit(ctx context.Context, u org.Unit) error {
	return tx.changeRegistry(ctx, string(u.ID), `insert into units (id, name_zh, name_en, kind, private, superior, from_day, to_day)
		values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (id) do update set name_zh = excluded.name_zh, name_en = excluded.name_en, kind = excluded.kind,
			private = excluded.private, superior = excluded.superior, from_day = excluded.from_day, to_day = excluded.to_day`,
		string(u.ID), u.Name.Zh, u.Name.En, string(u.Kind), u.Private, text(u.Superior), day(u.From), day(u.To))
}

// PutPost adds a post or writes it anew. Its unit must be there.
func (tx *Tx) PutPost(ctx context.Context, p org.Post) error {
	return tx.changeRegistry(ctx, string(p.ID), `insert into posts (id, unit_id, class, title_zh, title_en) values ($1, $2, $3, $4, $5)
		on conflict (id) do update set unit_id = excluded.unit_id, class = excluded.class, title_zh = excluded.title_zh, title_en = excluded.title_en`,
		string(p.ID), string(p.Unit), string(p.Class), p.Title.Zh, p.Title.En)
}

// PutPerson adds a person or writes the name anew.
func (tx *Tx) PutPerson(ctx context.Context, p org.Person) error {
	return tx.changeRegistry(ctx, string(p.ID), `insert into persons (id, name) values ($1, $2)
		on conflict (id) do update set name = excluded.name`, string(p.ID), p.Name)
}

// TenureID names a tenure.
type TenureID string

// Tenure is a tenure with its name, by which it is ended or corrected.
type Tenure struct {
	ID TenureID
	org.Tenure
}

// PutTenure adds a tenure or writes it anew; person and post must be there. A
// tenure without an ID is given one, which is returned.
func (tx *Tx) PutTenure(ctx context.Context, t Tenure) (TenureID, error) {
	if t.ID == "" {
		t.ID = TenureID(NewID(tx.At))
	}
	return t.ID, tx.changeRegistry(ctx, string(t.ID), `insert into tenures (id, person_id, post_id, from_day, to_day, acting)
		values ($1, $2, $3, $4, $5, $6)
		on conflict (id) do update set person_id = excluded.person_id, post_id = excluded.post_id, from_day = excluded.from_day,
			to_day = excluded.to_day, acting = excluded.acting`,
		string(t.ID), string(t.Person), string(t.Post), day(t.From), day(t.To), t.Acting)
}

func (tx *Tx) changeRegistry(ctx context.Context, subject, statement string, args ...any) error {
	if _, err := tx.session.exec(ctx, statement, args...); err != nil {
		return fmt.Errorf("registering %s: %w", subject, err)
	}
	if tx.dirty {
		return nil // the stamp of this transaction is new already
	}
	tx.dirty = true
	return tx.stamp(ctx, registryStamp)
}

func (tx *Tx) stamp(ctx context.Context, name string) error {
	_, err := tx.session.exec(ctx, `insert into stamps (name, stamp) values ($1, $2)
		on conflict (name) do update set stamp = excluded.stamp`, name, NewID(tx.At))
	if err != nil {
		return fmt.Errorf("stamping %s: %w", name, err)
	}
	return nil
}

// Organisation returns all units, posts, persons and tenures as one value. It
// is read once and kept until the registry changes, on whatever node.
func (r *Reader) Organisation(ctx context.Context) (*org.Org, error) {
	stamp, _, err := one(ctx, r.session, scanString, `select stamp from stamps where name = $1`, registryStamp)
	if err != nil {
		return nil, fmt.Errorf("reading the registry's stamp: %w", err)
	}
	if !r.dirty {
		if o := r.cache.get(stamp); o != nil {
			return o, nil
		}
	}
	o, err := r.loadOrganisation(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the organisation: %w", err)
	}
	// Outside a transaction the registry may have changed while it was read.
	again, _, err := one(ctx, r.session, scanString, `select stamp from stamps where name = $1`, registryStamp)
	if err != nil {
		return nil, fmt.Errorf("reading the registry's stamp: %w", err)
	}
	if again == stamp && !r.dirty {
		r.cache.put(stamp, o)
	}
	return o, nil
}

func (r *Reader) loadOrganisation(ctx context.Context) (*org.Org, error) {
	units, err := list(ctx, r.session, func(rows *sql.Rows, u *org.Unit) error {
		return rows.Scan(&u.ID, &u.Name.Zh, &u.Name.En, &u.Kind, &u.Private, toText[org.UnitID]{&u.Superior}, toDay{&u.From}, toDay{&u.To})
	}, `select id, name_zh, name_en, kind, private, superior, from_day, to_day from units order by id`)
	if err != nil {
		return nil, err
	}
	posts, err := list(ctx, r.session, func(rows *sql.Rows, p *org.Post) error {
		return rows.Scan(&p.ID, &p.Unit, &p.Class, &p.Title.Zh, &p.Title.En)
	}, `select id, unit_id, class, title_zh, title_en from posts order by id`)
	if err != nil {
		return nil, err
	}
	persons, err := list(ctx, r.session, func(rows *sql.Rows, p *org.Person) error { return rows.Scan(&p.ID, &p.Name) },
		`select id, name from persons order by id`)
	if err != nil {
		return nil, err
	}
	named, err := r.Tenures(ctx)
	if err != nil {
		return nil, err
	}
	tenures := make([]org.Tenure, len(named))
	for i, t := range named {
		tenures[i] = t.Tenure
	}
	return org.New(units, posts, persons, tenures), nil
}

// Tenures lists all tenures with their names, by name.
func (r *Reader) Tenures(ctx context.Context) ([]Tenure, error) {
	return list(ctx, r.session, func(rows *sql.Rows, t *Tenure) error {
		return rows.Scan(&t.ID, &t.Person, &t.Post, toDay{&t.From}, toDay{&t.To}, &t.Acting)
	}, `select id, person_id, post_id, from_day, to_day, acting from tenures order by id`)
}
