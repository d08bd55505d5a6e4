// SPDX-License-Identifier: Apache-2.0

// Package office is the only place that writes: gather what a decision rests
// on, let core decide, record what came of it, together or not at all. Every
// act of a person, of the timers or of the command line enters by Act, Open or
// Advance, so none escapes the record. It knows no page and no rule. Start at
// Office.Act.
package office

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"quanze/core/calendar"
	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/core/rulepack"
	"quanze/store"
)

// Office gathers, decides and records. Make one with New.
type Office struct {
	DB *store.DB
	// Now is the clock; core is given the day.
	Now func() time.Time

	mu       sync.Mutex
	packs    map[string]*rulepack.Pack
	calendar *calendar.Calendar
	notices  int
}

// New returns an office over a database. now is the clock, time.Now in service.
func New(db *store.DB, now func() time.Time) *Office {
	return &Office{DB: db, Now: now, packs: map[string]*rulepack.Pack{}}
}

// zone is the place whose days are legal days; its offset has been the same
// since 1991.
var zone = time.FixedZone("Asia/Shanghai", 8*60*60)

// DayOf is the legal day of an instant.
func DayOf(at time.Time) calendar.Date {
	y, m, d := at.In(zone).Date()
	return calendar.MakeDate(y, int(m), d)
}

// Today is the legal day now.
func (o *Office) Today() calendar.Date { return DayOf(o.Now()) }

// Pack returns a pack that is installed, by its hash.
func (o *Office) Pack(ctx context.Context, r *store.Reader, hash string) (*rulepack.Pack, error) {
	o.mu.Lock()
	p := o.packs[hash]
	o.mu.Unlock()
	if p != nil {
		return p, nil
	}
	stored, files, err := r.PackFiles(ctx, hash)
	if err != nil {
		return nil, err
	}
	p, diags := rulepack.Load(files)
	if p == nil || p.Hash != hash {
		return nil, fmt.Errorf("pack %s %s: does not load as it was installed: %v", stored.Code, hash, diags)
	}
	o.mu.Lock()
	o.packs[hash] = p
	o.mu.Unlock()
	return p, nil
}

// Calendar returns the calendar with every notice that is installed.
func (o *Office) Calendar(ctx context.Context, r *store.Reader) (*calendar.Calendar, error) {
	notices, err := r.Notices(ctx)
	if err != nil {
		return nil, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.calendar != nil && o.notices == len(notices) {
		return o.calendar, nil
	}
	c, err := calendar.China()
	if err != nil {
		return nil, fmt.Errorf("calendar: %w", err)
	}
	// In the order of installing: each was accepted on top of those before it.
	slices.SortStableFunc(notices, func(a, b store.Notice) int { return a.InstalledAt.Compare(b.InstalledAt) })
	for _, n := range notices {
		parsed, err := calendar.ParseNotice(n.Name, []byte(n.Text))
		if err != nil {
			return nil, fmt.Errorf("calendar notice %s: %w", n.Name, err)
		}
		if c, err = c.Install(parsed); err != nil {
			return nil, fmt.Errorf("calendar notice %s: %w", n.Name, err)
		}
	}
	o.calendar, o.notices = c, len(notices)
	return c, nil
}

// rules gathers all that a decision on a procedure rests on.
func (o *Office) rules(ctx context.Context, r *store.Reader, hash, procedure string) (*matter.Rules, error) {
	pack, err := o.Pack(ctx, r, hash)
	if err != nil {
		return nil, err
	}
	proc := pack.Procedure(procedure)
	if proc == nil {
		return nil, fault.New(fault.Absent, "office.procedure.absent", "procedure", procedure)
	}
	organisation, err := r.Organisation(ctx)
	if err != nil {
		return nil, err
	}
	cal, err := o.Calendar(ctx, r)
	if err != nil {
		return nil, err
	}
	locals, err := localsOf(ctx, r, pack.Code)
	if err != nil {
		return nil, err
	}
	rules := &matter.Rules{Procedure: proc, Org: organisation, Calendar: cal, Locals: locals}
	if pack.LawTime.Day != "" {
		rules.Versions, err = o.versions(ctx, r, pack.Code, procedure)
	}
	return rules, err
}

// versions reads what a procedure is in every installed version of its pack.
func (o *Office) versions(ctx context.Context, r *store.Reader, code, procedure string) ([]matter.Version, error) {
	installed, err := r.Packs(ctx)
	if err != nil {
		return nil, err
	}
	var out []matter.Version
	for _, v := range installed {
		if v.Code != code {
			continue
		}
		p, err := o.Pack(ctx, r, v.Hash)
		if err != nil {
			return nil, err
		}
		if proc := p.Procedure(procedure); proc != nil {
			out = append(out, matter.Version{Hash: v.Hash, From: v.From, Procedure: proc})
		}
	}
	return out, nil
}

// localsOf reads a pack's local parameters with the day each value acts from;
// of two for one day, the one recorded later counts.
func localsOf(ctx context.Context, r *store.Reader, code string) (matter.Locals, error) {
	all, err := r.Locals(ctx, code)
	if err != nil {
		return nil, err
	}
	out := matter.Locals{}
	for _, l := range all {
		out[l.Name] = append(out[l.Name], matter.Setting{From: l.SetOn, Value: l.Value})
	}
	for _, settings := range out {
		slices.SortStableFunc(settings, func(a, b matter.Setting) int { return cmp.Compare(a.From, b.From) })
	}
	return out, nil
}

// Matter is a matter as it stands today, with the rules it runs under.
type Matter struct {
	store.Matter
	Rules  *matter.Rules
	State  *matter.State
	Events []store.Recorded
	Today  calendar.Date
}

// Look reads a matter and folds it, as it stands on the day.
func (o *Office) Look(ctx context.Context, r *store.Reader, id matter.ID) (*Matter, error) {
	row, err := r.Matter(ctx, id)
	if err != nil {
		return nil, err
	}
	return o.fold(ctx, r, row)
}

func (o *Office) fold(ctx context.Context, r *store.Reader, row store.Matter) (*Matter, error) {
	today := o.Today()
	events, err := r.Events(ctx, row.ID)
	if err != nil {
		return nil, err
	}
	began, moved := row.PackHash, slices.ContainsFunc(events, func(e store.Recorded) bool { return e.Kind == matter.Moved })
	if moved {
		began = events[0].PackHash
	}
	rules, err := o.rules(ctx, r, began, row.Procedure)
	if err != nil {
		return nil, err
	}
	if moved && rules.Versions == nil {
		if rules.Versions, err = o.versions(ctx, r, row.Pack, row.Procedure); err != nil {
			return nil, err
		}
	}
	state := matter.Fold(bare(events), rules)
	return &Matter{Matter: row, Rules: rules.Of(state), State: state, Events: events, Today: today}, nil
}

func bare(recorded []store.Recorded) []matter.Event {
	out := make([]matter.Event, len(recorded))
	for i, e := range recorded {
		out[i] = e.Event
	}
	return out
}

// RulesOf gathers the rules that a matter runs under.
func (o *Office) RulesOf(ctx context.Context, r *store.Reader, m store.Matter) (*matter.Rules, error) {
	return o.rules(ctx, r, m.PackHash, m.Procedure)
}

// RulesUnder gathers the rules of a procedure of an installed pack.
func (o *Office) RulesUnder(ctx context.Context, r *store.Reader, hash, procedure string) (*matter.Rules, error) {
	return o.rules(ctx, r, hash, procedure)
}
