// SPDX-License-Identifier: Apache-2.0

package check

import (
	"slices"
	"strings"

	"quanze/core/rulepack"
)

// node is a marking that was reached, and from where.
type node struct {
	state   string
	from    int
	by      *event
	guessed bool
}

// edge leads back to the marking it came from. What is known of the party whose
// place one more has taken is lost on it.
type edge struct{ from, replaced int }

// graph is what was explored of a model.
type graph struct {
	*model
	nodes []node
	index map[string]int
	back  [][]edge
	// full: every marking was followed; else the limit came first.
	full     bool
	blockers map[string]blocker
	limit    int
	// here is the marking that is expanded, next the one an event is played on.
	here, next marking
	ch         choices
	// plays counts the events tried, choices and all.
	plays int
}

// explore follows the events of the model from its empty marking. It stops when
// the limit is reached, or when enough says that the question is answered.
func explore(m *model, limit int, enough func(*graph) bool) *graph {
	g := &graph{model: m, index: map[string]int{}, blockers: map[string]blocker{}, limit: limit}
	g.here.model, g.next.model = m, m
	g.reach(-1, &event{}, make([]byte, len(m.slots)), false, true, 0)
	g.full = true
	queue := [][]int{{0}}
	for total := 1; total > 0; total-- {
		if len(g.nodes) > limit || g.plays > maxPlays*limit {
			g.full = false
			break
		}
		at := 0
		if enough == nil {
			at, queue[0] = queue[0][0], queue[0][1:]
		} else { // where most is done already, the end is nearest
			for len(queue[len(queue)-1]) == 0 {
				queue = queue[:len(queue)-1]
			}
			last := queue[len(queue)-1]
			at, queue[len(queue)-1] = last[len(last)-1], last[:len(last)-1]
		}
		before := len(g.nodes)
		g.expand(at)
		for i := before; i < len(g.nodes); i++ {
			score := 0
			if enough != nil {
				score = g.progress(i)
			}
			for len(queue) <= score {
				queue = append(queue, nil)
			}
			queue[score] = append(queue[score], i)
			total++
		}
		if enough != nil && enough(g) {
			g.full = false
			break
		}
	}
	return g
}

// progress counts what is done in a marking.
func (g *graph) progress(at int) int {
	n := 0
	for _, slot := range g.doneSlots {
		n += int(g.nodes[at].state[slot])
	}
	return n
}

// counted reports whether one can count on an event that could be.
func (k *marking) counted(e *event) bool {
	return !k.assumed && e.kind != other && (e.act == nil || e.kind == serve || e.kind == come || !k.of(e.act).relaxed)
}

func (g *graph) reach(from int, by *event, to []byte, guessed, counted bool, replaced int) {
	at, known := g.index[string(to)]
	if !known {
		at = len(g.nodes)
		state := string(to)
		g.index[state] = at
		g.nodes = append(g.nodes, node{state, from, by, guessed})
		g.back = append(g.back, nil)
	}
	if by := (edge{from, replaced}); counted && from >= 0 && from != at && !slices.Contains(g.back[at], by) {
		g.back[at] = append(g.back[at], by)
	}
	if known && g.nodes[at].guessed && !guessed && !g.above(at, from) {
		g.nodes[at].from, g.nodes[at].by, g.nodes[at].guessed = from, by, false
	}
}

// above reports whether a node lies on the way to another.
func (g *graph) above(at, of int) bool {
	for ; of >= 0; of = g.nodes[of].from {
		if of == at {
			return true
		}
	}
	return false
}

// expand plays every event on a marking. A quiet act that is possible is the
// only one: whatever else may happen may happen after it as well.
func (g *graph) expand(at int) {
	state := g.nodes[at].state
	g.here.reset(state, nil)
	if g.cone.ending && g.here.ended() {
		return // what comes after the end is no part of the question
	}
	for _, quiet := range []bool{true, false} {
		for i := range g.all {
			if e := &g.all[i]; e.quiet == quiet && g.here.may(e) && g.try(at, e) && quiet {
				return
			}
		}
	}
}

// try plays an event with all its choices and reports whether it leads on, for
// certain.
func (g *graph) try(at int, e *event) bool {
	led := false
	if e.kind == doAct && g.here.possible(e.act, e.inst) == no {
		g.block(e.act.ID, g.here.blocker)
		return false
	}
	k := &g.next
	g.ch = choices{taken: g.ch.taken[:0], of: g.ch.of[:0]}
	for n := 0; ; n++ {
		k.reset(g.nodes[at].state, &g.ch)
		if k.play(e) {
			if e.kind == doAct && !k.of(e.act).seen {
				k.of(e.act).seen = true
				g.seen(e.act)
			}
			if string(k.s) != g.nodes[at].state {
				led = led || k.counted(e)
				g.reach(at, e, k.s, g.nodes[at].guessed || g.ch.guessed, k.counted(e), k.replaced)
			}
		} else if e.act != nil && k.blocker.kind != "" {
			g.block(e.act.ID, k.blocker)
		}
		if !g.ch.next() {
			return led
		}
		if g.plays++; n > maxChoices {
			g.limit = 0 // too many to follow: the question stays open
			return led
		}
	}
}

// maxChoices bounds what one event may branch into, maxPlays what is tried for
// each marking of the limit.
const (
	maxChoices = 1024
	maxPlays   = 20
)

func (g *graph) block(act string, why blocker) {
	if why.kind != "starts" && why.kind != "repeat" {
		g.blockers[act] = why
	} else if g.blockers[act].kind == "" {
		g.blockers[act] = why
	}
}

func (m *model) seen(a *rulepack.Act) { m.doneOnce[a.ID] = true }

// templates lists all that might ever happen in the model.
func (m *model) templates() {
	for _, a := range m.acts {
		if a.Modality == rulepack.Forbidden || a.Lawful() && !a.Starts {
			continue
		}
		insts := []int{0}
		if a.Each != "" {
			insts = m.byName[a.Each]
		}
		for _, i := range insts {
			m.ofAct(a, i)
		}
	}
	if m.cone.cut != nil && (len(m.follows)+len(m.becomes) > 0 || slices.ContainsFunc(m.terms, guarded)) {
		m.all = append(m.all, event{kind: other, name: "…"})
	}
	if m.waits {
		m.all = append(m.all, event{kind: tick, name: "…"})
	}
	for i := 1; i < len(m.inst); i++ {
		if m.cone.leaving[m.inst[i]] {
			m.all = append(m.all, event{kind: leave, inst: i, name: m.inst[i] + " …"})
		}
	}
	for _, t := range m.terms {
		x := m.ofTerm(t)
		for _, i := range x.insts {
			if x.limited && !m.matterless(t) {
				m.all = append(m.all, event{kind: lapse, term: t, inst: i, name: x.lapsed.name})
			}
			for n, s := range t.Start {
				if s.Wait.N > 0 {
					m.all = append(m.all, event{kind: begin, term: t, inst: i, n: n, name: t.ID})
				}
			}
		}
	}
}

// passes reports whether days may have to pass on some way through the model.
func (m *model) passes() bool {
	return slices.ContainsFunc(m.all, func(e event) bool { return e.kind == tick || e.kind == lapse || e.kind == begin || e.kind == come }) ||
		slices.ContainsFunc(m.acts, func(a *rulepack.Act) bool {
			return slices.ContainsFunc(a.After, func(c rulepack.Condition) bool { return c.Wait.N > 0 })
		})
}

// guarded reports whether a term may wait for what it is to know.
func guarded(t *rulepack.Term) bool {
	return t.When != nil || slices.ContainsFunc(t.Start, func(s rulepack.Start) bool { return s.When != nil })
}

func (m *model) ofAct(a *rulepack.Act, i int) {
	x := m.of(a)
	for n := range max(1, len(a.Outcomes)) {
		name := a.ID
		if len(a.Outcomes) > 0 {
			name += "." + a.Outcomes[n].ID
		}
		m.all = append(m.all, event{kind: doAct, act: a, inst: i, n: n, name: name, quiet: m.quiet[a.ID]})
	}
	if x.proposed[i] >= 0 {
		m.all = append(m.all, event{kind: propose, act: a, inst: i, name: a.ID + ".proposed"},
			event{kind: sendBack, act: a, inst: i, name: a.ID + ".returned"}, event{kind: decline, act: a, inst: i, name: a.ID + ".refused"})
	}
	for n, r := range a.To {
		if x.served[n][i] >= 0 {
			m.all = append(m.all, event{kind: serve, act: a, inst: i, n: n, name: a.ID + ".served." + r.Path.String()})
		}
	}
	for _, d := range x.days {
		m.all = append(m.all, event{kind: come, act: a, inst: i, name: d.name})
	}
}

// may reports whether an event is worth trying in a marking.
func (k *marking) may(e *event) bool {
	if e.act != nil && (e.act.Starts == k.begunAt() || e.inst != 0 && k.party(e.inst) == 0) && e.kind != serve && e.kind != come {
		return false
	}
	switch e.kind {
	case doAct:
		return !e.quiet || k.at(k.of(e.act).done, e.inst) == 0
	case serve:
		return k.at(k.of(e.act).done, e.inst) != 0
	case come:
		return k.get(isDay, e.name, e.inst) != 0
	case tick, other:
		return k.begunAt()
	case leave:
		return k.party(e.inst) == 1
	case lapse:
		return k.at(k.ofTerm(e.term).bits, e.inst)&running != 0
	case begin:
		return k.at(k.ofTerm(e.term).pending[e.n], e.inst) == 2
	}
	return true
}

// places are those for whom an act may be done: of a common act, nobody in
// particular.
func (k *marking) places(each string) []int {
	if each == "" {
		return k.common
	}
	all := k.byName[each]
	for _, i := range all {
		if k.party(i) == 0 {
			return slices.DeleteFunc(slices.Clone(all), func(i int) bool { return k.party(i) == 0 })
		}
	}
	return all
}

// path tells how a marking was reached: the acts and lapses on the way.
func (g *graph) path(at int) []*event {
	var out []*event
	for ; at > 0; at = g.nodes[at].from {
		out = append(out, g.nodes[at].by)
	}
	slices.Reverse(out)
	return out
}

func written(path []*event) string {
	names := make([]string, len(path))
	for i, e := range path {
		names[i] = e.name
	}
	return strings.Join(names, ", ")
}

// stuck finds a marking that trouble names and from which no marking that goal
// names can be reached; the one that took the fewest guesses and steps. The
// graph must be full. Ways are those that keeps allows.
func (g *graph) stuck(trouble, goal func(*marking) bool, keeps func(edge) bool) int {
	reaches := make([]bool, len(g.nodes))
	var queue []int
	for i := range g.nodes {
		if goal(g.read(i)) {
			reaches[i] = true
			queue = append(queue, i)
		}
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, e := range g.back[at] {
			if !reaches[e.from] && keeps(e) {
				reaches[e.from] = true
				queue = append(queue, e.from)
			}
		}
	}
	best := -1
	for i, n := range g.nodes {
		if reaches[i] || !trouble(g.read(i)) {
			continue
		}
		if best < 0 || (g.nodes[best].guessed && !n.guessed) {
			best = i
		}
	}
	return best
}

// read turns to a marking that was reached.
func (g *graph) read(at int) *marking {
	g.here.reset(g.nodes[at].state, &choices{})
	return &g.here
}
