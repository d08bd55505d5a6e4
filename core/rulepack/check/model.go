// SPDX-License-Identifier: Apache-2.0

package check

import (
	"maps"
	"slices"

	"quanze/core/calendar"
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

// model is a procedure as markings: what counts as done, what is owed, what is
// in question, for as many parties of each name as the question takes. Days are
// left out: what waits may come, what runs may lapse. Who does an act, how a
// meeting votes and what a text says are taken to go as the act needs it, so a
// model allows whatever the kernel does, and sometimes more.
type model struct {
	p      *rulepack.Procedure
	cone   *cone
	locals map[string]string
	// inst are the parties, by index from 1; 0 is nobody in particular.
	inst   []string
	byName map[string][]int
	acts   []*rulepack.Act
	terms  []*rulepack.Term
	quiet  map[string]bool
	// slots give each variable of a marking its place.
	slots map[variable]int
	stops []stopping
	// endsBy are the duties that an ending act itself starts; they hold nothing up.
	endsBy map[string]bool
	// whole: every duty is in the cone, so it is certain what holds up an end.
	whole bool
	// outlasts: the duty of a cut question may be owed after an end.
	outlasts bool
	// waits: the rule itself does something that waits for days to pass.
	waits bool
	// daysPass: some event takes days.
	daysPass bool
	// keeps are the bits of a term that something of the question looks at.
	keeps  map[string]byte
	ofInst map[int][]int
	// doneSlots are the places of what counts as done.
	doneSlots []int
	daySlots  []int
	// what is looked up in every marking, resolved once
	instants map[string]*instant
	byAct    map[*rulepack.Act]*actPlaces
	lastAct  *rulepack.Act
	last     *actPlaces
	byTerm   map[*rulepack.Term]*termPlaces
	byFact   map[string]*factPlaces
	// comers are the names under which more may be bound at any time.
	comers                    map[string]bool
	common                    []int // nobody in particular
	started, wishes, inMatter places
	ever                      map[string]places
	all                       []event
	follows                   []*rulepack.Act
	becomes                   []rulepack.StartOf
	// done collects the acts that were done somewhere.
	doneOnce map[string]bool
}

// variable is one thing that a marking knows.
type variable struct {
	what byte
	id   string
	inst int
}

// The kinds of variable.
const (
	isParty    = 'p' // 0 unbound, 1 in the matter, 2 left
	isDone     = 'd' // a moment counts
	isTerm     = 't' // where the runnings of a term stand, as bits
	isSwitch   = 's' // 0 as declared, 1 opened, 2 closed
	isPending  = 'w' // a start waits for a fact or a day
	isDay      = 'y' // a moment that a date field has fixed
	isFact     = 'f' // 0 not stated, else 1 + which value; 1 where values are not told apart
	isStop     = 'x' // a stop holds
	isProposed = 'o' // a proposal lies before the approver
	isServed   = 'v' // served since it was issued
	isBecame   = 'b' // what a term waits to become true is true
	isWish     = 'e' // an ending is wished for; for 0: the matter has ended
	isStarted  = 'm'
	isEver     = 'z' // somebody was bound under the name
)

// Where the runnings of a term stand.
const (
	running byte = 1 << iota
	late
	held
	gone
	met
	many
	owed = running | late | held
)

// stopping is a stop and the act it comes of.
type stopping struct {
	*rulepack.Stops
	act, id string
	where   places
}

// newModel lays out a marking for the cone, with up to n parties of a name.
func newModel(c *cone, n int, set map[string]string) *model {
	m := &model{p: c.p, cone: c, locals: set, inst: []string{""}, byName: map[string][]int{}, quiet: map[string]bool{}, slots: map[variable]int{}, endsBy: map[string]bool{},
		whole: true, keeps: map[string]byte{}, ofInst: map[int][]int{}, doneOnce: map[string]bool{},
		instants: map[string]*instant{}, byAct: map[*rulepack.Act]*actPlaces{}, byTerm: map[*rulepack.Term]*termPlaces{}, byFact: map[string]*factPlaces{}, common: []int{0}, comers: map[string]bool{}, ever: map[string]places{}}
	for _, a := range c.p.Acts {
		if c.acts[a.ID] {
			m.acts = append(m.acts, a)
			m.waits = m.waits || a.Lawful() && c.later(a)
			m.quiet[a.ID] = c.quiet(a, false)
		}
	}
	for _, t := range c.p.Terms {
		if c.terms[t.ID] {
			m.terms = append(m.terms, t)
		}
	}
	for _, t := range c.p.Terms {
		m.whole = m.whole && (t.Kind != rulepack.Duty || c.terms[t.ID])
	}
	if c.cut != nil && c.duty != nil {
		m.outlasts = outlasts(c.p, c.duty)
	}
	each := m.eachNames()
	for _, p := range c.p.Parties {
		k := 1
		if p.Many && each[p.ID] {
			k = n
		}
		for range k {
			m.byName[p.ID] = append(m.byName[p.ID], len(m.inst))
			m.inst = append(m.inst, p.ID)
		}
	}
	m.add(isStarted, "", 0)
	for i := 1; i < len(m.inst); i++ {
		if m.matters(m.inst[i], each) {
			m.add(isParty, "", i)
			m.add(isEver, m.inst[i], 0)
		}
	}
	for _, a := range m.acts {
		m.layAct(a)
	}
	for _, t := range m.terms {
		m.layTerm(t)
	}
	for _, f := range c.p.Facts {
		if !c.kept[f.ID] || f.Table != nil {
			continue
		}
		m.add(isFact, f.ID, 0)
		for _, i := range m.byName[f.Per] {
			m.add(isFact, f.ID, i)
		}
	}
	m.resolve()
	m.templates()
	m.daysPass = m.passes()
	return m
}

// resolve looks up once what every marking needs.
func (m *model) resolve() {
	for v, slot := range m.slots {
		m.ofInst[v.inst] = append(m.ofInst[v.inst], slot)
		if v.what == isDone {
			m.doneSlots = append(m.doneSlots, slot)
		}
		if v.what == isDay {
			m.daySlots = append(m.daySlots, slot)
		}
	}
	for i := range m.stops {
		m.stops[i].where = m.placesFor(isStop, m.stops[i].id)
	}
	for _, a := range m.p.Lawful() {
		if m.cone.acts[a.ID] {
			m.follows = append(m.follows, a)
		}
	}
	for _, st := range m.p.Becoming() {
		if m.cone.terms[st.Term.ID] {
			m.becomes = append(m.becomes, st)
		}
	}
	m.started, m.wishes, m.inMatter = m.placesFor(isStarted, ""), m.placesFor(isWish, ""), m.placesFor(isParty, "")
	for _, p := range m.p.Parties {
		m.ever[p.ID] = m.placesFor(isEver, p.ID)
	}
	for _, a := range m.p.Acts {
		for _, e := range effectsOf(a) {
			for _, name := range e.Binds {
				m.comers[name] = m.comers[name] || a.Repeat && !a.Starts
			}
		}
	}
}

func (m *model) eachNames() map[string]bool {
	out := maps.Clone(m.cone.late)
	for _, a := range m.acts {
		out[a.Each] = true
	}
	for _, t := range m.terms {
		out[t.Each] = true
	}
	return out
}

// matters reports whether it counts who is bound under the name: of others, it
// is taken that somebody is.
func (m *model) matters(name string, each map[string]bool) bool {
	return each[name] || m.cone.parties[name] || m.cone.leaving[name]
}

func (m *model) add(what byte, id string, inst int) {
	v := variable{what, id, inst}
	if _, ok := m.slots[v]; !ok {
		m.slots[v] = len(m.slots)
	}
}

// perParty lays a variable of an act: of an act for each party, one for each.
func (m *model) perParty(what byte, id, each string) {
	if each == "" {
		m.add(what, id, 0)
		return
	}
	for _, i := range m.byName[each] {
		m.add(what, id, i)
	}
}

func (m *model) layAct(a *rulepack.Act) {
	for _, d := range m.p.DaysOf(a.ID) {
		if m.cone.refers[d.String()] != nil {
			m.perParty(isDay, d.String(), a.Each)
		}
	}
	for _, r := range m.recipients(a) {
		m.perParty(isServed, a.ID+".served."+r, a.Each)
	}
	if len(a.Approved) > 0 && m.followed(a) {
		m.perParty(isProposed, a.ID, a.Each)
	}
	for _, n := range momentsOf(m.p, a) {
		who := m.cone.marks[n]
		if who == nil && (n != a.ID || len(m.recipients(a)) == 0) {
			continue
		}
		if a.Each == "" {
			m.add(isDone, n, 0)
			for i := 1; i < len(m.inst); i++ { // a common act counts for a party or does not
				if who[m.inst[i]] {
					m.add(isDone, n, i)
				}
			}
		} else {
			m.perParty(isDone, n, a.Each)
		}
	}
	if !m.cone.relaxed(a) || m.cone.awaits(a) {
		m.add(isSwitch, a.ID, 0)
		if a.Each != "" {
			m.perParty(isSwitch, a.ID, a.Each)
		}
	}
	for n, e := range effectsOf(a) {
		outcome := ""
		if n > 0 {
			outcome = a.Outcomes[n-1].ID
		}
		if e.Stops != nil {
			m.stops = append(m.stops, stopping{Stops: e.Stops, act: a.ID, id: stopID(a.ID, e.Stops)})
			m.perParty(isStop, stopID(a.ID, e.Stops), a.Each)
		}
		if e.Ends != "" && m.ends(a, outcome) {
			for _, t := range m.terms {
				if begunBy(t, a, outcome) {
					m.endsBy[t.ID] = true
				}
			}
			m.perParty(isWish, "", a.Each)
			m.add(isWish, "", 0)
		}
	}
}

// ends reports whether it matters that an act, or one of its outcomes, ends
// something: because that is the question, because a party's leaving helps
// others, or because the ending itself starts a duty of the question.
func (m *model) ends(a *rulepack.Act, outcome string) bool {
	if t := m.cone.duty; m.cone.cut != nil && !m.cone.cut.ends && t != nil && t.Each != "" && (a.Each == "" || a.Each == t.Each) && !m.outlasts {
		return false
	}
	return m.cone.ending || m.cone.staying || m.cone.leaving[a.Each] || slices.ContainsFunc(m.terms, func(t *rulepack.Term) bool { return begunBy(t, a, outcome) })
}

// begunBy reports whether a term starts with an act, whatever it came to, or
// with that outcome of it.
func begunBy(t *rulepack.Term, a *rulepack.Act, outcome string) bool {
	return slices.ContainsFunc(t.Start, func(s rulepack.Start) bool {
		return s.Becomes == nil && s.Moment.Of == a.ID && (s.Moment.Kind != rulepack.MomentOutcome || outcome == "" || s.Moment.Detail == outcome)
	})
}

func stopID(act string, s *rulepack.Stops) string { return act + "@" + s.Basis.Pos.String() }

// followed reports whether something hangs on the proposing of an act.
func (m *model) followed(a *rulepack.Act) bool {
	return m.cone.refers[a.ID+".proposed"] != nil || m.cone.refers[a.ID+".returned"] != nil || m.cone.refers[a.ID+".refused"] != nil
}

// recipients lists those whose service somebody looks at. Service on the party
// that the act is about is all that its own .served waits for.
func (m *model) recipients(a *rulepack.Act) []string {
	if a.Paper == nil {
		return nil
	}
	base := a.ID + ".served"
	own := own(a)
	var out []string
	for _, r := range a.To {
		path := r.Path.String()
		if m.cone.refers[base+"."+path] != nil || (m.cone.refers[base] != nil && (!own || path == a.Each)) {
			out = append(out, path)
		}
	}
	return out
}

func (m *model) layTerm(t *rulepack.Term) {
	keeps := running | held
	extended := t.Extended != nil && m.cone.acts[t.Extended.Act]
	if m.cone.questions["running"][t.ID] || extended {
		keeps |= many | late
	}
	if m.cone.questions["lapsed"][t.ID] {
		keeps |= late | gone
	}
	if t.Kind == rulepack.Right || t.Kind == rulepack.Window {
		keeps |= gone
	}
	if m.cone.refers[t.ID+".lapsed"] != nil {
		keeps |= late
	}
	if len(t.UndoneBy) > 0 {
		keeps |= met
	}
	m.keeps[t.ID] = keeps
	m.perParty(isTerm, t.ID, t.Each)
	if m.cone.marks[t.ID+".lapsed"] != nil {
		m.perParty(isDone, t.ID+".lapsed", t.Each)
	}
	for i, s := range t.Start {
		id := t.ID + "#" + string(rune('a'+i))
		if t.When != nil || s.When != nil || s.Wait.N > 0 || s.Becomes != nil {
			m.perParty(isPending, id, t.Each)
		}
		if s.Becomes != nil {
			m.perParty(isBecame, id, t.Each)
		}
	}
}

// matterless reports whether nothing comes of a term's running out that the
// question looks at.
func (m *model) matterless(t *rulepack.Term) bool {
	return (t.Kind == rulepack.Duty || t.Kind == rulepack.Period) && m.keeps[t.ID]&(late|gone) == 0
}

// limited reports whether a running of the term may run out.
func limited(t *rulepack.Term) bool {
	return !t.Within.Open() || t.Kind == rulepack.Period || t.EndOfYear
}

// values are what a fact is told apart by: true and false, or the few options
// of an enumeration; none where it is only known or not.
func values(f *rulepack.Fact) []expr.Value {
	switch {
	case f.Type == expr.Bool:
		return []expr.Value{expr.OfBool(false), expr.OfBool(true)}
	case f.Type == expr.Text && len(f.Options) > 0 && len(f.Options) <= maxOptions:
		out := make([]expr.Value, len(f.Options))
		for i, o := range f.Options {
			out[i] = expr.OfText(o.ID)
		}
		return out
	}
	return nil
}

// maxOptions is how many options of a fact are told apart.
const maxOptions = 8

// sets reports whether an act may state the fact, and whether it must when it
// comes to that outcome.
func sets(a *rulepack.Act, f *rulepack.Fact, outcome string) (may, must bool) {
	if !slices.Contains(f.SetBy, a.ID) {
		return false, false
	}
	if f.Count != nil {
		return true, false
	}
	for _, x := range a.Fields() {
		switch {
		case x.ID != f.ID:
		case x.If == nil:
			return true, x.Required
		case outcome == "":
			return true, false
		default:
			return true, x.If.Eval(&expr.Env{Ask: func(string, []expr.Value) expr.Value { return expr.Value{} }, Fact: func(name string) expr.Value {
				if name == "outcome" {
					return expr.OfText(outcome)
				}
				return expr.Value{}
			}}).True()
		}
	}
	return false, false
}

func excludes(s *rulepack.Stops) bool { return s.How == calendar.Suspend }
