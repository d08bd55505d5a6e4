// SPDX-License-Identifier: Apache-2.0

// Package demo fills an empty database with an invented city and a dozen
// matters in all states, laid out backwards from today. It does everything by
// the office's own door, on the day on which it is to have happened, so what it
// shows is what the program does. It is never part of a real installation.
// Start at Build.
package demo

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
	"quanze/office"
	"quanze/office/registry"
	"quanze/office/timers"
)

//go:embed city.yaml
var cityFile []byte

//go:embed matters.yaml
var mattersFile []byte

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
		ID, Name, Post, Login string
		Title                 org.Name
	}
	Locals []struct{ Pack, Name, Value, Paper string }
}

type step struct {
	D       int
	Act     string
	By      string
	Party   string
	Outcome string
	Staff   []string
	Parties map[string][]string
	Set     map[string]string
}

type plan struct {
	Matters []struct {
		Decider string
		Steps   []step
	}
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

// Build fills the database; today is the day the demonstration is about. tell
// hears how far it is.
func Build(ctx context.Context, o *office.Office, clock *Clock, files rulepack.Files, today calendar.Date, tell func(done, all int)) ([]Account, error) {
	b := &builder{office: o, registry: registry.New(o), clock: clock, today: today, units: map[string]bool{}}
	var p plan
	if err := yaml.UnmarshalWithOptions(cityFile, &b.city, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("the demonstration's city: %w", err)
	}
	if err := yaml.UnmarshalWithOptions(mattersFile, &p, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("the demonstration's matters: %w", err)
	}
	var err error
	if b.calendar, err = o.Calendar(ctx, o.DB.Reader()); err != nil {
		return nil, err
	}
	clock.set(b.back(250), 0)
	accounts, err := b.settle(ctx, files)
	if err != nil {
		return nil, err
	}
	if err := b.run(ctx, p, tell); err != nil {
		return nil, err
	}
	clock.at = time.Time{}
	return accounts, nil
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

// settle enters the city, its pack, its local parameters and its accounts.
func (b *builder) settle(ctx context.Context, files rulepack.Files) ([]Account, error) {
	var e registry.Organisation
	from := b.back(250).AddDays(-400)
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
	if err := b.registry.Enter(ctx, "", e); err != nil {
		return nil, fmt.Errorf("entering the city: %w", err)
	}
	pack, diags, err := b.registry.InstallPack(ctx, "", files)
	if err != nil {
		return nil, fmt.Errorf("installing the pack: %w %v", err, diags)
	}
	for _, l := range b.city.Locals {
		if l.Pack == pack.Code {
			if err := b.registry.SetLocal(ctx, "", pack, l.Name, l.Value, l.Paper); err != nil {
				return nil, err
			}
		}
	}
	for _, p := range b.city.Persons {
		if p.Login == "" {
			continue
		}
		if _, err := b.registry.AddAccount(ctx, "", p.Login, Password, org.PersonID(p.ID), "staff"); err != nil {
			return nil, err
		}
	}
	if _, err := b.registry.AddAccount(ctx, "", "admin", Password, "", "admin"); err != nil {
		return nil, err
	}
	return b.city.accounts(), nil
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
	return append(out, Account{Login: "admin"})
}

type dated struct {
	matter, step int
	on           calendar.Date
}

// run does the steps of all matters in the order of their days, letting the
// timers run before each new day.
func (b *builder) run(ctx context.Context, p plan, tell func(done, all int)) error {
	var all []dated
	for i, m := range p.Matters {
		for j, s := range m.Steps {
			all = append(all, dated{i, j, b.back(s.D)})
		}
	}
	slices.SortStableFunc(all, func(x, y dated) int { return int(x.on) - int(y.on) })
	ids := make([]matter.ID, len(p.Matters))
	loop := timers.New(b.office, nil)
	day := calendar.Date(0)
	for n, x := range all {
		if x.on != day {
			day = x.on
			b.clock.set(day, 0)
			if _, err := loop.Scan(ctx); err != nil {
				return err
			}
		}
		b.clock.set(day, n+1)
		m := p.Matters[x.matter]
		if err := b.do(ctx, m.Decider, &ids[x.matter], m.Steps[x.step], day); err != nil {
			return fmt.Errorf("matter %d, %s on %s: %w", x.matter+1, m.Steps[x.step].Act, day, err)
		}
		if tell != nil {
			tell(n+1, len(all))
		}
	}
	b.clock.set(b.today, 0)
	_, err := loop.Scan(ctx)
	return err
}

func (b *builder) ref(id string) matter.Ref {
	if b.units[id] {
		return matter.Ref{Unit: org.UnitID(id)}
	}
	return matter.Ref{Person: org.PersonID(id)}
}

const (
	pack      = "wf11"
	procedure = "case"
)

func (b *builder) do(ctx context.Context, decider string, id *matter.ID, s step, on calendar.Date) error {
	act, word, _ := strings.Cut(s.Act, ".")
	c := matter.Command{Act: act, Outcome: s.Outcome, Party: s.Party, Actor: org.PersonID(s.By), On: on}
	switch word {
	case "served":
		c.Moment = matter.Served
	case "proposed":
		c.Moment = matter.Proposed
	}
	for _, p := range s.Staff {
		c.Staff = append(c.Staff, org.PersonID(p))
	}
	for name, list := range s.Parties {
		for _, r := range list {
			if c.Binds == nil {
				c.Binds = map[string][]matter.Ref{}
			}
			c.Binds[name] = append(c.Binds[name], b.ref(r))
		}
	}
	stored, err := b.office.DB.Reader().PackInForce(ctx, pack, on)
	if err != nil {
		return err
	}
	loaded, err := b.office.Pack(ctx, b.office.DB.Reader(), stored.Hash)
	if err != nil {
		return err
	}
	if c.Fields, err = b.fields(loaded.Procedure(procedure).Act(act), s.Set); err != nil {
		return err
	}
	if *id == "" {
		c.Binds = map[string][]matter.Ref{"decider": {b.ref(decider)}}
		*id, _, err = b.office.Open(ctx, pack, procedure, c, nil)
		return err
	}
	_, err = b.office.Act(ctx, *id, c, nil)
	return err
}

// fields reads what a step fills in; @n is the day n working days ago.
func (b *builder) fields(a *rulepack.Act, set map[string]string) (map[string]expr.Value, error) {
	out := map[string]expr.Value{}
	for name, s := range set {
		i := slices.IndexFunc(a.Fields(), func(f *rulepack.Field) bool { return f.ID == name })
		if i < 0 {
			return nil, fmt.Errorf("act %s has no field %s", a.ID, name)
		}
		if n, ago := strings.CutPrefix(s, "@"); ago {
			var days int
			if _, err := fmt.Sscan(n, &days); err != nil {
				return nil, fmt.Errorf("field %s: %w", name, err)
			}
			s = b.back(days).String()
		}
		v, err := expr.Parse(a.Fields()[i].ValueType(), s)
		if err != nil {
			return nil, fmt.Errorf("field %s: %w", name, err)
		}
		out[name] = v
	}
	if len(out) == 0 {
		return nil, nil
	}
	return out, nil
}
