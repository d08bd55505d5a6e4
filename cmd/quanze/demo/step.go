// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
	"quanze/office"
	"quanze/office/timers"
)

// procedure is what every matter of the demonstration runs.
const procedure = "case"

type dated struct {
	course *course
	step   step
	on     calendar.Date
}

// run does the steps of all matters in the order of their days, letting the
// timers run before each new day.
func (b *builder) run(ctx context.Context, courses []*course, tell func(done, all int)) error {
	var all []dated
	for _, c := range courses {
		for _, s := range c.steps {
			all = append(all, dated{c, s, b.back(s.D)})
		}
	}
	slices.SortStableFunc(all, func(x, y dated) int { return int(x.on) - int(y.on) })
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
		if err := b.do(ctx, x.course, x.step, day); err != nil {
			return fmt.Errorf("%s matter %d, %s on %s: %w", x.course.pack, 1+slices.Index(courses, x.course), x.step.Act, day, err)
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

// momentOf reads the word after an act's name; an approval is the act itself.
func momentOf(word string) (matter.Kind, error) {
	switch word {
	case "":
		return "", nil
	case "served":
		return matter.Served, nil
	case "proposed":
		return matter.Proposed, nil
	case "approved":
		return matter.Done, nil
	}
	return "", fmt.Errorf("no moment %s", word)
}

func (b *builder) do(ctx context.Context, x *course, s step, on calendar.Date) error {
	act, word, _ := strings.Cut(s.Act, ".")
	word, recipient, _ := strings.Cut(word, ".")
	moment, err := momentOf(word)
	if err != nil {
		return err
	}
	c := matter.Command{Act: act, Moment: moment, Recipient: recipient, Outcome: s.Outcome, Party: s.Party,
		Actor: org.PersonID(s.By), On: on, Irregular: s.Irregular != "", Reason: s.Irregular}
	for _, p := range s.Staff {
		c.Staff = append(c.Staff, org.PersonID(p))
	}
	for name, list := range s.Parties {
		for _, r := range list {
			b.bind(&c, name, r)
		}
	}
	stored, err := b.office.DB.Reader().PackInForce(ctx, x.pack, on)
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
	if x.id == "" {
		for name, r := range x.parties {
			b.bind(&c, name, r)
		}
		x.id, _, err = b.office.Open(ctx, x.pack, procedure, c, nil)
		return err
	}
	m, err := b.office.Look(ctx, b.office.DB.Reader(), x.id)
	if err != nil {
		return err
	}
	if c.Minutes, err = b.minutes(m, &c, s.Meeting); err != nil {
		return err
	}
	_, err = b.office.Act(ctx, x.id, c, nil)
	return err
}

func (b *builder) bind(c *matter.Command, name, id string) {
	if c.Binds == nil {
		c.Binds = map[string][]matter.Ref{}
	}
	c.Binds[name] = append(c.Binds[name], b.ref(id))
}

// sitting is what a step tells of a meeting. Untold, all came and agreed.
type sitting struct {
	Meeting  string
	Present  []string
	Disagree []string
	Abstain  []string
	Heard    []string
}

// minutes are those of an act that a meeting decides.
func (b *builder) minutes(m *office.Matter, c *matter.Command, told *sitting) (*matter.Minutes, error) {
	a := m.Rules.Procedure.Act(c.Act)
	if a == nil || len(a.Meetings) == 0 || c.Moment != "" {
		return nil, nil
	}
	if told == nil {
		told = &sitting{}
	}
	i := slices.IndexFunc(a.Meetings, func(x *rulepack.Meeting) bool { return told.Meeting == "" || x.ID == told.Meeting })
	if i < 0 {
		return nil, fmt.Errorf("act %s has no meeting %s", a.ID, told.Meeting)
	}
	out := &matter.Minutes{Meeting: a.Meetings[i].ID, Heard: told.Heard}
	for _, p := range matter.Roll(m.State, m.Rules, a.Meetings[i], a, c.Party, c.On) {
		if len(told.Present) > 0 && !slices.Contains(told.Present, string(p)) {
			continue
		}
		out.Present = append(out.Present, p)
		v := matter.Vote{Person: p, Option: rulepack.Agree}
		switch {
		case slices.Contains(told.Disagree, string(p)):
			v.Option = rulepack.Disagree
		case slices.Contains(told.Abstain, string(p)):
			v.Option = rulepack.Abstain
		}
		v.Reason = b.city.Said[v.Option]
		out.Votes = append(out.Votes, v)
	}
	return out, nil
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
