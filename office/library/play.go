// SPDX-License-Identifier: Apache-2.0

package library

import (
	"context"
	"slices"

	"quanze/core/fault"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/office"
	"quanze/store"
)

// A rule is in play in a matter that runs under its version where an obligation
// of a term it governs is owed, or an act it governs has been done or proposed.
// A rule about a procedure, a party, or the whole pack is in play in each
// running matter of that procedure, or of that pack. A clause runs in the
// matters in which a rule that cites it is in play, under whatever version the
// matter runs. All of it is read from what is recorded: no matter is folded.

// play turns rules of a version into what the store looks for.
func play(p *rulepack.Pack, rules []Rule) []store.InPlay {
	by := map[string]*store.InPlay{}
	at := func(procedure string) *store.InPlay {
		if by[procedure] == nil {
			by[procedure] = &store.InPlay{PackHash: p.Hash, Procedure: procedure}
		}
		return by[procedure]
	}
	for _, r := range rules {
		switch {
		case r.ProcedureID == "":
			for _, proc := range p.Procedures {
				at(proc.ID).Whole = true
			}
		case r.Whole():
			at(r.ProcedureID).Whole = true
		default:
			x := at(r.ProcedureID)
			x.Acts, x.Terms = union(x.Acts, r.Acts), union(x.Terms, r.Terms)
		}
	}
	out := []store.InPlay{}
	for _, proc := range p.Procedures {
		if x := by[proc.ID]; x != nil {
			out = append(out, *x)
		}
	}
	return out
}

// InPlay is what to look for to find the matters in which a rule of a version
// is in play.
func InPlay(p *rulepack.Pack, r Rule) []store.InPlay { return play(p, []Rule{r}) }

// ClauseInPlay is what to look for to find the matters in which a clause runs,
// by its full id, under every version of its pack.
func (l *Library) ClauseInPlay(ctx context.Context, code, clause string) ([]store.InPlay, error) {
	r := l.office.DB.Reader()
	installed, err := r.Packs(ctx)
	if err != nil {
		return nil, err
	}
	out := []store.InPlay{}
	for _, version := range installed {
		if version.Code != code {
			continue
		}
		p, err := l.office.Pack(ctx, r, version.Hash)
		if err != nil {
			return nil, err
		}
		out = append(out, play(p, ByClause(l.Rules(p))[clause])...)
	}
	return out, nil
}

// Running counts the matters in which rules are in play now.
func (l *Library) Running(ctx context.Context, rules []store.InPlay) (int, error) {
	return l.office.DB.Reader().CountMatters(ctx, store.MatterFilter{InPlay: rules})
}

// listed bounds the matters that are listed beside a number.
const listed = 50

// RunningOf lists, of the matters in which rules are in play, those that a
// person's units or the person are bound to, the latest first. Which of them
// the person may see, casework says.
func (l *Library) RunningOf(ctx context.Context, rules []store.InPlay, person org.PersonID) ([]store.Matter, error) {
	if person == "" {
		return nil, nil
	}
	r := l.office.DB.Reader()
	organisation, err := r.Organisation(ctx)
	if err != nil {
		return nil, err
	}
	var units []org.UnitID
	for _, h := range organisation.Posts(person, l.office.Today()) {
		if !slices.Contains(units, h.Post.Unit) {
			units = append(units, h.Post.Unit)
		}
	}
	page, _, err := r.ListMatters(ctx, store.MatterFilter{InPlay: rules, Units: units, Persons: []org.PersonID{person}, Page: store.Page{Limit: listed}})
	return page, err
}

// Rules are the rules of a version, found once.
func (l *Library) Rules(p *rulepack.Pack) []Rule {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.rules[p.Hash] == nil {
		l.rules[p.Hash] = Rules(p)
	}
	return l.rules[p.Hash]
}

// Version is one version of a pack, as it is kept.
type Version struct {
	store.Pack
	// InForce says that matters which begin today begin under it, Ahead that its
	// first day is still to come; else another has taken its place.
	InForce, Ahead bool
	// Running counts the matters that run under it.
	Running int
}

// Versions lists the versions of a pack, the latest first day first.
func (l *Library) Versions(ctx context.Context, code string) ([]Version, error) {
	r := l.office.DB.Reader()
	installed, err := r.Packs(ctx)
	if err != nil {
		return nil, err
	}
	today := l.office.Today()
	now, err := r.PackInForce(ctx, code, today)
	if err != nil && !fault.Is(err, fault.Absent) {
		return nil, err
	}
	var out []Version
	for _, p := range slices.Backward(installed) {
		if p.Code != code {
			continue
		}
		v := Version{Pack: p, InForce: p.Hash == now.Hash, Ahead: p.From > today}
		pack, err := l.office.Pack(ctx, r, p.Hash)
		if err != nil {
			return nil, err
		}
		if v.Running, err = l.Running(ctx, play(pack, []Rule{{}})); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// Pack is the version of a pack that is in force today, or the first that will
// be, with its files.
func (l *Library) Pack(ctx context.Context, code string) (*rulepack.Pack, rulepack.Files, error) {
	r := l.office.DB.Reader()
	installed, err := r.Packs(ctx)
	if err != nil {
		return nil, nil, err
	}
	version, ok := current(installed, code, l.office)
	if !ok {
		return nil, nil, fault.New(fault.Absent, "store.pack.absent", "pack", code)
	}
	p, err := l.office.Pack(ctx, r, version.Hash)
	if err != nil {
		return nil, nil, err
	}
	_, files, err := r.PackFiles(ctx, version.Hash)
	return p, files, err
}

// current is, of versions sorted by first day, the one in force today, or the
// first that will be.
func current(installed []store.Pack, code string, o *office.Office) (found store.Pack, ok bool) {
	today := o.Today()
	for _, p := range installed {
		if p.Code == code && (!ok || p.From <= today) {
			found, ok = p, true
		}
	}
	return found, ok
}
