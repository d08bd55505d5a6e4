// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"quanze/core/calendar"
	"quanze/core/fault"
)

// Pack is one installed version of a rule pack. It never changes.
type Pack struct {
	Hash string
	Code string
	// From is the first day on which new matters begin under it.
	From        calendar.Date
	InstalledAt time.Time
	InstalledBy AccountID
}

// InstallPack keeps the files of a pack's version. InstalledAt is the store's.
// It reports whether it was new: the same hash is kept once, whatever it is
// asked for again.
func (tx *Tx) InstallPack(ctx context.Context, p Pack, files map[string][]byte) (fresh bool, err error) {
	body, err := asJSON(files)
	if err != nil {
		return false, err
	}
	n, err := tx.session.exec(ctx, `insert into packs (hash, code, files, from_day, installed_at, installed_by, moves)
		values ($1, $2, $3, $4, $5, $6, 'due') on conflict (hash) do nothing`,
		p.Hash, p.Code, body, day(p.From), micros(tx.At), string(p.InstalledBy))
	if err != nil {
		return false, fmt.Errorf("installing pack %s: %w", p.Code, err)
	}
	return n > 0, nil
}

const packColumns = `p.hash, p.code, p.from_day, p.installed_at, p.installed_by`

func (p *Pack) targets() []any {
	return []any{&p.Hash, &p.Code, toDay{&p.From}, toTime{&p.InstalledAt}, &p.InstalledBy}
}

func scanPack(rows *sql.Rows, p *Pack) error { return rows.Scan(p.targets()...) }

// PackFiles returns the files of a version, as they were installed.
func (r *Reader) PackFiles(ctx context.Context, hash string) (Pack, map[string][]byte, error) {
	type packed struct {
		Pack
		files map[string][]byte
	}
	p, found, err := one(ctx, r.session, func(rows *sql.Rows, p *packed) error {
		var body string
		if err := rows.Scan(append(p.targets(), &body)...); err != nil {
			return err
		}
		return json.Unmarshal([]byte(body), &p.files)
	}, `select `+packColumns+`, p.files from packs p where p.hash = $1`, hash)
	if err != nil {
		return Pack{}, nil, fmt.Errorf("pack %s: %w", hash, err)
	}
	if !found {
		return Pack{}, nil, fault.New(fault.Absent, "store.pack.absent", "pack", hash)
	}
	return p.Pack, p.files, nil
}

// PackInForce returns the version of a pack under which a matter begins on a
// day: the one of the latest first day, and of these the one installed last.
func (r *Reader) PackInForce(ctx context.Context, code string, on calendar.Date) (Pack, error) {
	p, found, err := one(ctx, r.session, scanPack, `select `+packColumns+` from packs p where p.code = $1 and p.from_day <= $2
		order by p.from_day desc, p.installed_at desc, p.hash desc limit 1`, code, day(on))
	if err != nil {
		return Pack{}, fmt.Errorf("pack %s on %s: %w", code, on, err)
	}
	if !found {
		return Pack{}, fault.New(fault.Absent, "store.pack.absent", "pack", code)
	}
	return p, nil
}

// Packs lists every installed version, by code, the one in force longest first.
func (r *Reader) Packs(ctx context.Context) ([]Pack, error) {
	all, err := list(ctx, r.session, scanPack, `select `+packColumns+` from packs p order by p.code, p.from_day, p.installed_at, p.hash`)
	if err != nil {
		return nil, fmt.Errorf("listing packs: %w", err)
	}
	return all, nil
}

// PacksToMove lists the versions in force by that day that have yet to take over
// what runs, the oldest first.
func (r *Reader) PacksToMove(ctx context.Context, on calendar.Date) ([]Pack, error) {
	all, err := list(ctx, r.session, scanPack, `select `+packColumns+` from packs p where p.moves = 'due' and p.from_day <= $1 order by p.from_day, p.installed_at, p.hash`, day(on))
	if err != nil {
		return nil, fmt.Errorf("versions that take over: %w", err)
	}
	return all, nil
}

// PackMoved notes that a version has taken over what it does.
func (tx *Tx) PackMoved(ctx context.Context, hash string) error {
	if _, err := tx.session.exec(ctx, `update packs set moves = 'done' where hash = $1`, hash); err != nil {
		return fmt.Errorf("pack %s has taken over: %w", hash, err)
	}
	return nil
}

// Local is what a jurisdiction chose where a regulation leaves it the choice.
type Local struct {
	Pack  string
	Name  string
	Value string
	SetAt time.Time
	SetOn calendar.Date
	SetBy AccountID
	// Paper names the document by which it was set.
	Paper string
}

// SetLocal sets a local parameter; what was set before stays on record. SetAt
// is the store's.
func (tx *Tx) SetLocal(ctx context.Context, l Local) error {
	_, err := tx.session.exec(ctx, `insert into locals (id, pack, name, value, set_at, set_on, set_by, paper)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		NewID(tx.At), l.Pack, l.Name, l.Value, micros(tx.At), day(l.SetOn), string(l.SetBy), l.Paper)
	if err != nil {
		return fmt.Errorf("setting %s of pack %s: %w", l.Name, l.Pack, err)
	}
	return nil
}

// Locals lists all that was ever set for a pack, by name and in order of record:
// of each name the last counts. An empty code means every pack.
func (r *Reader) Locals(ctx context.Context, code string) ([]Local, error) {
	w := new(where)
	if code != "" {
		w.add("pack = ?", code)
	}
	all, err := list(ctx, r.session, func(rows *sql.Rows, l *Local) error {
		return rows.Scan(&l.Pack, &l.Name, &l.Value, toTime{&l.SetAt}, toDay{&l.SetOn}, &l.SetBy, &l.Paper)
	}, `select pack, name, value, set_at, set_on, set_by, paper from locals`+w.text()+` order by pack, name, set_at, id`, w.args...)
	if err != nil {
		return nil, fmt.Errorf("local parameters of pack %s: %w", code, err)
	}
	return all, nil
}

// CurrentLocals returns what is set for a pack now, by name.
func (r *Reader) CurrentLocals(ctx context.Context, code string) (map[string]string, error) {
	all, err := r.Locals(ctx, code)
	if err != nil {
		return nil, err
	}
	out := make(map[string]string, len(all))
	for _, l := range all {
		out[l.Name] = l.Value
	}
	return out, nil
}
