// SPDX-License-Identifier: Apache-2.0

// Package demo fills an empty database with an invented city and some forty
// matters under two packs in all states, laid out backwards from today. It does everything by
// the office's own door, on the day on which it is to have happened, so what it
// shows is what the program does. It is never part of a real installation.
// Start at Build.
package demo

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/office"
	"quanze/office/registry"
	"quanze/packs"
)

//go:embed city.yaml
var cityFile []byte

//go:embed matters.yaml
var mattersFile []byte

//go:embed leaders.yaml
var leadersFile []byte

// Password opens every account of the demonstration.
const Password = "quanze-demo"

// Clock is a clock that can be set: the demonstration is built by days gone by.
type Clock struct {
	at time.Time
	// Real is used once the demonstration is built.
	Real func() time.Time
}

// Now is the clock's time.
func (c *Clock) Now() time.Time {
	if !c.at.IsZero() {
		return c.at
	}
	return c.Real()
}

// set puts the clock to the morning of a day.
func (c *Clock) set(d calendar.Date, step int) {
	y, m, day := d.YMD()
	c.at = time.Date(y, time.Month(m), day, 1, 0, step, 0, time.UTC) // nine o'clock in the place
}

type city struct {
	Units []struct {
		ID      string
		Kind    string
		Above   string
		Private bool
		Name    org.Name
	}
	Persons []struct {
		ID, Name, Post, Login, Role string
		Title                       org.Name
	}
	Locals []struct{ Pack, Name, Value, Paper string }
	// Said is what members say at a meeting where a step does not tell, by how
	// they vote.
	Said map[string]string
}

// step is one thing that was done. Approved, served, confirmed and the like
// follow the act's name after a dot.
type step struct {
	D       int
	Act     string
	By      string
	Party   string
	Outcome string
	Staff   []string
	Parties map[string][]string
	Set     map[string]string
	Meeting *sitting
	// Irregular is why it was done though the rules forbid it.
	Irregular string
}

// plan is some matters under one pack.
type plan struct {
	Pack    string
	Matters []struct {
		Parties map[string]string
		Steps   []step
	}
}

// course is one matter of a plan, and what it has become.
type course struct {
	pack    string
	parties map[string]string
	steps   []step
	id      matter.ID
}

// Account is a way to sign in.
type Account struct {
	Login string
	Name  string
	Title org.Name
	Unit  org.Name
}

type builder struct {
	office   *office.Office
	registry *registry.Registry
	clock    *Clock
	calendar *calendar.Calendar
	today    calendar.Date
	city     city
	units    map[string]bool
}

// Build fills the database with the reference packs that the matters are of;
// today is the day the demonstration is about. tell hears how far it is.
func Build(ctx context.Context, o *office.Office, clock *Clock, today calendar.Date, tell func(done, all int)) ([]Account, error) {
	b := &builder{office: o, registry: registry.New(o), clock: clock, today: today, units: map[string]bool{}}
	if err := yaml.UnmarshalWithOptions(cityFile, &b.city, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("the demonstration's city: %w", err)
	}
	courses, err := plans(mattersFile, leadersFile)
	if err != nil {
		return nil, err
	}
	if b.calendar, err = o.Calendar(ctx, o.DB.Reader()); err != nil {
		return nil, err
	}
	clock.set(b.back(250), 0)
	accounts, err := b.settle(ctx)
	if err != nil {
		return nil, err
	}
	if err := b.run(ctx, courses, tell); err != nil {
		return nil, err
	}
	clock.at = time.Time{}
	return accounts, nil
}

func plans(files ...[]byte) ([]*course, error) {
	var out []*course
	for _, file := range files {
		var p plan
		if err := yaml.UnmarshalWithOptions(file, &p, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("the demonstration's matters: %w", err)
		}
		for _, m := range p.Matters {
			out = append(out, &course{pack: p.Pack, parties: m.Parties, steps: m.Steps})
		}
	}
	return out, nil
}

// back is the day n working days before today; 0 is today, working or not.
func (b *builder) back(n int) calendar.Date {
	d := b.today
	for n > 0 {
		d = d.AddDays(-1)
		if b.calendar.Working(d) {
			n--
		}
	}
	return d
}

// settle enters the city, the packs, their local parameters and the accounts.
func (b *builder) settle(ctx context.Context) ([]Account, error) {
	from := b.back(250).AddDays(-400)
	if err := b.enter(ctx, from); err != nil {
		return nil, fmt.Errorf("entering the city: %w", err)
	}
	for _, code := range packs.Codes() {
		files, err := packs.Files(code)
		if err != nil {
			return nil, err
		}
		pack, diags, err := b.registry.InstallPack(ctx, "", files)
		if err != nil {
			return nil, fmt.Errorf("installing the pack: %w %v", err, diags)
		}
		for _, l := range b.city.Locals {
			if l.Pack != pack.Code {
				continue
			}
			if err := b.registry.SetLocal(ctx, "", pack, l.Name, l.Value, l.Paper, from); err != nil {
				return nil, err
			}
		}
	}
	for _, p := range b.city.Persons {
		if p.Login == "" {
			continue
		}
		if _, err := b.registry.AddAccount(ctx, "", p.Login, Password, org.PersonID(p.ID), cmp.Or(p.Role, "staff")); err != nil {
			return nil, err
		}
	}
	return b.city.accounts(), nil
}

func (b *builder) enter(ctx context.Context, from calendar.Date) error {
	var e registry.Organisation
	for _, u := range b.city.Units {
		b.units[u.ID] = true
		e.Units = append(e.Units, org.Unit{ID: org.UnitID(u.ID), Name: u.Name, Kind: org.UnitKind(u.Kind), Private: u.Private, Superior: org.UnitID(u.Above), From: from})
	}
	for _, p := range b.city.Persons {
		unit, class, _ := strings.Cut(p.Post, ".")
		post := org.PostID(p.ID + "." + unit)
		e.Posts = append(e.Posts, org.Post{ID: post, Unit: org.UnitID(unit), Class: org.Class(class), Title: p.Title})
		e.Persons = append(e.Persons, org.Person{ID: org.PersonID(p.ID), Name: p.Name})
		e.Tenures = append(e.Tenures, org.Tenure{Person: org.PersonID(p.ID), Post: post, From: from})
	}
	return b.registry.Enter(ctx, "", e)
}

// Accounts lists the ways to sign in to a demonstration that stands already.
func Accounts() ([]Account, error) {
	var c city
	if err := yaml.UnmarshalWithOptions(cityFile, &c, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("the demonstration's city: %w", err)
	}
	return c.accounts(), nil
}

func (c city) accounts() []Account {
	names := map[string]org.Name{}
	for _, u := range c.Units {
		names[u.ID] = u.Name
	}
	var out []Account
	for _, p := range c.Persons {
		unit, _, _ := strings.Cut(p.Post, ".")
		if p.Login != "" {
			out = append(out, Account{Login: p.Login, Name: p.Name, Title: p.Title, Unit: names[unit]})
		}
	}
	return out
}
