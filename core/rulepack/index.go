// SPDX-License-Identifier: Apache-2.0

package rulepack

import (
	"slices"

	"quanze/core/rulepack/expr"
)

// index answers by name what a procedure's lists hold, once for all matters.
type index struct {
	acts     map[string]*Act
	terms    map[string]*Term
	starts   map[string][]StartOf
	meets    map[string][]MomentOf
	undoes   map[string][]*Term
	ends     map[string][]*Term
	waits    map[string][]string
	counting map[string][]*Act
	lawful   []*Act
	days     map[string][]Moment
	awaited  []StartOf
	bounds   map[string]bool
	about    map[string]bool
}

// StartOf is a term, and one of its starts.
type StartOf struct {
	Term  *Term
	Start *Start
}

// MomentOf is a term, and one of the moments that meet it.
type MomentOf struct {
	Term   *Term
	Moment Moment
}

// StartsAt lists the terms that a moment starts.
func (p *Procedure) StartsAt(moment string) []StartOf { return p.index.starts[moment] }

// MetBy lists the terms that a moment meets.
func (p *Procedure) MetBy(moment string) []MomentOf { return p.index.meets[moment] }

// UndoneBy lists the terms whose meeting a moment takes back.
func (p *Procedure) UndoneBy(moment string) []*Term { return p.index.undoes[moment] }

// EndedBy lists the effects and periods that a moment ends.
func (p *Procedure) EndedBy(moment string) []*Term { return p.index.ends[moment] }

// Dependents lists the party names for which some act waits on this one.
func (p *Procedure) Dependents(act string) []string { return p.index.waits[act] }

// CountingAs lists the acts that count as this one.
func (p *Procedure) CountingAs(act string) []*Act { return p.index.counting[act] }

// Lawful lists the acts that the rule itself does.
func (p *Procedure) Lawful() []*Act { return p.index.lawful }

// DaysOf lists the moments that the day fields of an act may bring and that a
// relation points at.
func (p *Procedure) DaysOf(act string) []Moment { return p.index.days[act] }

// Becoming lists the starts that wait for an expression to turn true.
func (p *Procedure) Becoming() []StartOf { return p.index.awaited }

// Bounds reports whether some act may not exceed the measures of this one.
func (p *Procedure) Bounds(act string) bool { return p.index.bounds[act] }

// About reports whether something is done about the parties of that name: they
// may be persons as well as units, or on each of these persons others have a
// paper served. Who inquires is a person too, but nothing is served on him.
func (p *Procedure) About(name string) bool { return p.index.about[name] }

func (p *Procedure) makeIndex() {
	x := index{acts: make(map[string]*Act, len(p.Acts)), terms: make(map[string]*Term, len(p.Terms)), starts: map[string][]StartOf{}, meets: map[string][]MomentOf{},
		undoes: map[string][]*Term{}, ends: map[string][]*Term{}, waits: map[string][]string{}, counting: map[string][]*Act{}, days: map[string][]Moment{}, bounds: map[string]bool{}, about: map[string]bool{}}
	for _, a := range p.Acts {
		x.acts[a.ID] = a
		if a.CountsAs != "" {
			x.counting[a.CountsAs] = append(x.counting[a.CountsAs], a)
		}
		if a.Lawful() && !a.Starts && len(a.After) > 0 {
			x.lawful = append(x.lawful, a)
		}
		for _, b := range a.NotWorse {
			x.bounds[b.Act] = true
		}
		x.spoken(p, a)
		for _, c := range a.After {
			for _, m := range c.Any {
				x.day(m)
				if a.Each != "" && !slices.Contains(x.waits[m.Of], a.Each) {
					x.waits[m.Of] = append(x.waits[m.Of], a.Each)
				}
			}
		}
	}
	for _, t := range p.Terms {
		x.terms[t.ID] = t
		for i := range t.Start {
			st := &t.Start[i]
			x.mentioned(p, st.When, st.Becomes)
			if st.Becomes != nil {
				x.awaited = append(x.awaited, StartOf{t, st})
				continue
			}
			x.day(st.Moment)
			x.starts[st.Moment.String()] = append(x.starts[st.Moment.String()], StartOf{t, st})
		}
		x.mentioned(p, t.When)
		for _, m := range t.MetBy {
			x.day(m)
			x.meets[m.String()] = append(x.meets[m.String()], MomentOf{t, m})
		}
		for _, m := range t.UndoneBy {
			x.day(m)
			x.undoes[m.String()] = append(x.undoes[m.String()], t)
		}
		for _, m := range t.Until {
			x.day(m)
			x.ends[m.String()] = append(x.ends[m.String()], t)
		}
	}
	for _, party := range p.Parties {
		x.about[party.ID] = party.Person && (party.Unit || slices.ContainsFunc(p.Acts, func(a *Act) bool {
			return a.Each == party.ID && slices.ContainsFunc(a.To, func(to Recipient) bool { return to.Path.String() == party.ID }) &&
				!slices.ContainsFunc(a.By, func(by Path) bool { return by.String() == party.ID })
		}))
	}
	p.index = x
}

// spoken notes the days that an act's conditions, stops and meetings wait for.
func (x *index) spoken(p *Procedure, a *Act) {
	effects := []Effects{a.Effects}
	for _, o := range a.Outcomes {
		effects = append(effects, o.Effects)
	}
	for _, e := range effects {
		if e.Stops == nil {
			continue
		}
		for _, m := range e.Stops.Until {
			x.day(m)
		}
	}
	for _, meeting := range a.Meetings {
		for _, in := range meeting.Invite {
			if m, ok := p.Moment(in.When); ok {
				x.day(m)
			}
		}
	}
	x.mentioned(p, a.When)
	for _, n := range a.Needs {
		x.mentioned(p, n.If)
	}
	for _, c := range a.After {
		x.mentioned(p, c.When)
	}
	for _, f := range a.Fields() {
		x.mentioned(p, f.If)
	}
}

// mentioned notes the days that done() asks for.
func (x *index) mentioned(p *Procedure, all ...*expr.Expr) {
	for _, e := range all {
		if e == nil {
			continue
		}
		for _, name := range e.Moments {
			if m, ok := p.Moment(name); ok {
				x.day(m)
			}
		}
	}
}

func (x *index) day(m Moment) {
	if m.Kind != MomentDay {
		return
	}
	for _, have := range x.days[m.Of] {
		if have.Detail == m.Detail {
			return
		}
	}
	x.days[m.Of] = append(x.days[m.Of], m)
}
