// SPDX-License-Identifier: Apache-2.0

package office

import (
	"context"
	"maps"
	"slices"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
	"quanze/store"
)

// gather fills in what one matter must know of others, as of the legal day of
// the act: how often a moment came about in matters of the same party. Where
// the record does not reach back far enough the count is unknown, unless who
// does the act states it; what the record has is never stated away.
func (o *Office) gather(ctx context.Context, r *store.Reader, m *Matter, c *matter.Command) error {
	if c.Moment != "" && c.Moment != matter.Done && c.Moment != matter.Proposed {
		return nil
	}
	for _, fact := range m.Rules.Procedure.Facts {
		if fact.Count == nil || !slices.Contains(fact.SetBy, c.Act) {
			continue
		}
		n, complete, err := o.count(ctx, r, m, fact.Count, c)
		if err != nil {
			return err
		}
		fields := maps.Clone(c.Fields)
		if fields == nil {
			fields = map[string]expr.Value{}
		}
		stated, typed := fields[fact.ID]
		switch {
		case complete:
			fields[fact.ID] = expr.OfInt(n)
		case typed && stated.Type() == expr.Int:
			fields[fact.ID] = expr.OfInt(max(n, stated.Int()))
		default:
			delete(fields, fact.ID)
		}
		c.Fields = fields
	}
	return nil
}

// count counts over the record. It is complete where the record of the pack
// began before the days that are counted.
func (o *Office) count(ctx context.Context, r *store.Reader, m *Matter, count *rulepack.Count, c *matter.Command) (n int64, complete bool, err error) {
	from := count.Within.Before(c.On)
	first, err := r.FirstOpened(ctx, m.Pack)
	if err != nil {
		return 0, false, err
	}
	complete = first != 0 && first <= from
	act := m.Rules.Procedure.Act(c.Act)
	for _, b := range m.State.Parties() {
		if b.Name != count.Same || (act != nil && act.Each == count.Same && b.Key() != c.Party) {
			continue
		}
		more, err := o.countOf(ctx, r, m, count, b.Ref, from, c.On)
		if err != nil {
			return 0, false, err
		}
		n += more
	}
	return n, complete, nil
}

func (o *Office) countOf(ctx context.Context, r *store.Reader, m *Matter, count *rulepack.Count, ref matter.Ref, from, to calendar.Date) (int64, error) {
	f := store.MatterFilter{Packs: []string{m.Pack}, Procedures: []string{m.Procedure}, WithLeft: true}
	if at := desk(m, count.Same, ref); at.Unit != "" {
		f.Units = []org.UnitID{at.Unit}
	} else {
		f.Persons = []org.PersonID{at.Person}
	}
	var n int64
	for {
		page, next, err := r.ListMatters(ctx, f)
		if err != nil {
			return 0, err
		}
		for _, row := range page {
			if row.ID == m.ID {
				continue
			}
			other, err := o.fold(ctx, r, row)
			if err != nil {
				return 0, err
			}
			for _, day := range matter.Occurrences(other.State, other.Rules, count.Of.String(), ref.Key()) {
				if from < day && day <= to {
					n++
				}
			}
		}
		if next == "" {
			return n, nil
		}
		f.Page.After = next
	}
}
