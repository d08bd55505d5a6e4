// SPDX-License-Identifier: Apache-2.0

package check

import (
	"slices"
	"strings"

	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

// What a model looks up again and again in every marking is resolved once: the
// places of variables, what hangs on a moment, what an act states.

// places are the slots of a variable by party, -1 where a marking does not tell.
type places []int

func (m *model) placesFor(what byte, id string) places {
	out := make(places, len(m.inst))
	for i := range out {
		out[i] = -1
		if slot, ok := m.slots[variable{what, id, i}]; ok {
			out[i] = slot
		}
	}
	return out
}

func (k *marking) at(p places, inst int) byte {
	if slot := p[inst]; slot >= 0 {
		return k.s[slot]
	}
	return 0
}

func (k *marking) set(p places, inst int, v byte) {
	if slot := p[inst]; slot >= 0 {
		k.s[slot] = v
	}
}

// instant is a moment and what hangs on it.
type instant struct {
	name string
	each string
	of   *rulepack.Act
	done places
	came bool // somewhere
	// unseen: the cone does not tell whether it has been.
	unseen bool
	undoes []*rulepack.Term
	ends   []*rulepack.Term
	meets  []rulepack.MomentOf
	starts []rulepack.StartOf
	// resumes are the stops that wait for it.
	resumes []*stopping
}

// instant finds what hangs on a moment by name.
func (m *model) instant(name string) *instant {
	if x := m.instants[name]; x != nil {
		return x
	}
	x := &instant{name: name, done: m.placesFor(isDone, name)}
	m.instants[name] = x
	if moment, ok := m.p.Moment(name); ok {
		x.unseen = m.cone.cut != nil && m.cone.unseen(moment)
		if t := m.p.Term(moment.Of); moment.Kind == rulepack.MomentLapsed && t != nil {
			x.each = t.Each
		} else if x.of = m.p.Act(moment.Of); x.of != nil {
			x.each = x.of.Each
		}
	}
	in := func(t *rulepack.Term) bool { return m.cone.terms[t.ID] }
	for _, t := range m.p.UndoneBy(name) {
		if in(t) {
			x.undoes = append(x.undoes, t)
		}
	}
	for _, t := range m.p.EndedBy(name) {
		if in(t) {
			x.ends = append(x.ends, t)
		}
	}
	for _, by := range m.p.MetBy(name) {
		if in(by.Term) {
			x.meets = append(x.meets, by)
		}
	}
	for _, st := range m.p.StartsAt(name) {
		if in(st.Term) {
			x.starts = append(x.starts, st)
		}
	}
	for n := range m.stops {
		s := &m.stops[n]
		if slices.ContainsFunc(s.Until, func(u rulepack.Moment) bool { return u.String() == name }) {
			x.resumes = append(x.resumes, s)
		}
	}
	return x
}

// stating is a fact that an act may state, and whether it must.
type stating struct {
	*factPlaces
	must bool
}

// actPlaces is what a model knows of an act.
type actPlaces struct {
	relaxed                bool
	lawful                 bool
	done, counts           places
	turned, proposed       places
	served                 []places // by recipient
	own                    bool     // its paper goes to the party it is about
	moment                 *instant
	outcomes               []*instant
	all                    []*instant // every moment of it
	after                  [][]*instant
	names                  []string // of the moments of each entry of after
	seen                   bool     // it was done somewhere
	fields                 map[string]bool
	dependents             []string
	counting               []*rulepack.Act
	days                   []*instant
	dayPlaces              []places
	rights, meets, extends []*rulepack.Term
	// trivial are the conditions that hold as soon as the matter has started.
	trivial []bool
	// needs are the answers of needs that hang on nothing, by outcome.
	needs [][]settled
	// states are what each outcome states; the first where there is none.
	states [][]stating
}

func (m *model) of(a *rulepack.Act) *actPlaces {
	if a == m.lastAct {
		return m.last
	}
	x := m.byAct[a]
	if x == nil {
		x = m.lay(a)
	}
	m.lastAct, m.last = a, x
	return x
}

func (m *model) lay(a *rulepack.Act) *actPlaces {
	x := &actPlaces{relaxed: m.cone.relaxed(a), lawful: a.Lawful(), done: m.placesFor(isDone, a.ID), counts: m.placesFor(isDone, a.CountsAs), turned: m.placesFor(isSwitch, a.ID),
		proposed: m.placesFor(isProposed, a.ID), own: own(a), trivial: m.cone.trivially(a), moment: m.instant(a.ID), fields: map[string]bool{}, dependents: m.p.Dependents(a.ID), counting: m.p.CountingAs(a.ID)}
	m.byAct[a] = x
	for _, r := range a.To {
		x.served = append(x.served, m.placesFor(isServed, a.ID+".served."+r.Path.String()))
	}
	for _, o := range a.Outcomes {
		x.outcomes = append(x.outcomes, m.instant(a.ID+"."+o.ID))
	}
	for _, n := range momentsOf(m.p, a) {
		x.all = append(x.all, m.instant(n))
	}
	for _, c := range a.After {
		var list []*instant
		var names []string
		for _, y := range c.Any {
			list, names = append(list, m.instant(y.String())), append(names, y.String())
		}
		x.after, x.names = append(x.after, list), append(x.names, strings.Join(names, " "))
	}
	for _, d := range m.p.DaysOf(a.ID) {
		x.days = append(x.days, m.instant(d.String()))
		x.dayPlaces = append(x.dayPlaces, m.placesFor(isDay, d.String()))
	}
	for _, f := range a.Fields() {
		x.fields[f.ID] = true
	}
	for _, t := range m.p.Terms {
		if !slices.ContainsFunc(t.MetBy, func(y rulepack.Moment) bool { return y.Of == a.ID }) {
			continue
		}
		x.meets = append(x.meets, t)
		if m.cone.terms[t.ID] && (t.Kind == rulepack.Right || t.Kind == rulepack.Window) {
			x.rights = append(x.rights, t)
		}
	}
	for _, t := range m.terms {
		if t.Extended != nil && t.Extended.Act == a.ID {
			x.extends = append(x.extends, t)
		}
	}
	for range max(1, len(a.Outcomes)) {
		x.needs = append(x.needs, make([]settled, len(a.Needs)))
	}
	outcomes := []string{""}
	for _, o := range a.Outcomes {
		outcomes = append(outcomes, o.ID)
	}
	for _, o := range outcomes {
		var list []stating
		for _, f := range m.p.Facts {
			if may, must := sets(a, f, o); may && m.cone.facts[f.ID] {
				list = append(list, stating{m.factOf(f.ID), must})
			}
		}
		x.states = append(x.states, list)
	}
	return x
}

// stated are the facts that an act states with an outcome.
func (x *actPlaces) stated(a *rulepack.Act, outcome string) []stating {
	for i, o := range a.Outcomes {
		if o.ID == outcome {
			return x.states[i+1]
		}
	}
	return x.states[0]
}

// factPlaces is what a model knows of a fact.
type factPlaces struct {
	*rulepack.Fact
	told  []expr.Value
	where places
	// apart: a cut does not keep it.
	apart, kept bool
}

func (m *model) factOf(id string) *factPlaces {
	if x, ok := m.byFact[id]; ok {
		return x
	}
	var x *factPlaces
	if f := m.p.Fact(id); f != nil {
		x = &factPlaces{Fact: f, told: values(f), where: m.placesFor(isFact, id), kept: m.cone.kept[id], apart: m.cone.cut != nil && f.Table == nil && !m.cone.kept[id]}
	}
	m.byFact[id] = x
	return x
}

// termPlaces is what a model knows of a term.
type termPlaces struct {
	bits     places
	insts    []int
	keeps    byte
	pending  []places
	became   []places
	lapsed   *instant
	stated   []bool // by start: its guards speak of nothing but what its start states
	limited  bool
	blurred  bool // whether it is late is not told
	nobody   bool
	counts   bool // something comes of its running, or of its running out
	startKey string
}

func (m *model) ofTerm(t *rulepack.Term) *termPlaces {
	if x := m.byTerm[t]; x != nil {
		return x
	}
	x := &termPlaces{bits: m.placesFor(isTerm, t.ID), insts: []int{0}, keeps: m.keeps[t.ID], lapsed: m.instant(t.ID + ".lapsed"), limited: limited(t), blurred: limited(t) && t.Kind == rulepack.Duty && m.keeps[t.ID]&late == 0, nobody: nobody(m.p, t),
		counts: lapseCounts(m.p, t) || m.cone.questions["owed"][t.ID] || m.cone.questions["running"][t.ID], startKey: startOf(t.ID)}
	if t.Each != "" {
		x.insts = m.byName[t.Each]
	}
	m.byTerm[t] = x
	for i, s := range t.Start {
		id := t.ID + "#" + string(rune('a'+i))
		x.pending = append(x.pending, m.placesFor(isPending, id))
		x.became = append(x.became, m.placesFor(isBecame, id))
		x.stated = append(x.stated, m.known(t, s))
	}
	return x
}

// known reports whether what a term's guards speak of is stated by what starts
// it, whoever did it: then the term begins or does not, and never waits.
func (m *model) known(t *rulepack.Term, s rulepack.Start) bool {
	a := m.p.Act(s.Moment.Of)
	if s.Becomes != nil || a == nil || s.Moment.Kind != rulepack.MomentDone && s.Moment.Kind != rulepack.MomentOutcome {
		return false
	}
	acts := append([]*rulepack.Act{a}, m.p.CountingAs(a.ID)...)
	for _, e := range []*expr.Expr{t.When, s.When} {
		if e == nil {
			continue
		}
		if strings.Contains(e.Source, "local.") || slices.ContainsFunc(asked(e.Source), func(r reference) bool {
			return r.function != "done" && r.function != "bound"
		}) {
			return false
		}
		for _, id := range e.Facts {
			f := m.p.Fact(id)
			if f == nil || f.Table != nil || f.Per != "" && f.Per != a.Each || slices.ContainsFunc(acts, func(b *rulepack.Act) bool {
				_, must := sets(b, f, s.Moment.Detail)
				return !must
			}) {
				return false
			}
		}
	}
	return true
}
