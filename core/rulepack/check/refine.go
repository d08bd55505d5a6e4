// SPDX-License-Identifier: Apache-2.0

package check

import (
	"slices"

	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

// refine makes more acts exact, or keeps more facts: first what would have to be
// counted on for a way out of a marking, then what must have been for the way
// that led there. What lies before the question itself is asked for late: on
// every way that there is, it has been.
func (g *graph) refine(at int, before map[string]bool, cut *cutting) bool {
	size := cut.size()
	count := func(acts []string) bool {
		for _, id := range acts {
			if a := g.p.Act(id); g.p.Term(id) != nil || a != nil && !a.Starts && !a.Lawful() && a.Modality != rulepack.Forbidden {
				cut.exact[id] = true
			}
		}
		return cut.size() > size
	}
	later := func(acts []string) []string {
		return slices.DeleteFunc(slices.Clone(acts), func(id string) bool { return before[id] })
	}
	out, guards := g.wayOut(at, false)
	if asks := g.asksFor(guards); count(later(out)) || count(later(asks)) {
		return true
	}
	way, more := g.wayTo(at)
	if cut.ends = cut.ends || g.passesEnd(at); cut.size() > size || count(way) || count(out) {
		return true
	}
	if every, _ := g.wayOut(at, true); count(every) {
		return true
	}
	guards = append(guards, more...)
	if count(g.asksFor(guards)) {
		return true
	}
	for _, e := range guards {
		for _, f := range e.Facts {
			know(g.p, f, cut.known)
		}
	}
	return cut.size() > size
}

// asksFor lists the acts that conditions ask for.
func (g *graph) asksFor(guards []*expr.Expr) []string {
	var out []string
	for _, e := range guards {
		for _, r := range asked(e.Source) {
			if m, ok := g.p.Moment(r.name); ok && r.function == "done" {
				out = append(out, m.Of)
			}
			if r.function == "bound" {
				out = append(out, bindersOf(g.p, r.name)...)
			}
		}
	}
	return out
}

// passesEnd reports whether the way to a marking leads past an end that the
// model left out.
func (g *graph) passesEnd(at int) bool {
	for ; at > 0; at = g.nodes[at].from {
		e := g.nodes[at].by
		if e.kind == doAct && (e.act.Effects.Ends != "" || len(e.act.Outcomes) > 0 && e.act.Outcomes[e.n].Effects.Ends != "") {
			return true
		}
	}
	return false
}

// wayOut names what the exact acts wait for in a marking.
func (g *graph) wayOut(at int, every bool) (acts []string, guards []*expr.Expr) {
	k := g.read(at)
	for _, a := range g.acts {
		if a.Starts || g.cone.relaxed(a) {
			continue
		}
		acts = append(acts, k.binders(a)...)
		for _, i := range k.places(a.Each) {
			if !k.once(a, i) {
				ids, more := k.wants(a, i, every)
				acts, guards = append(acts, ids...), append(guards, more...)
			}
		}
	}
	return acts, guards
}

// binders names the acts that bind those for whom or to whom an act is done,
// where nobody is in the matter.
func (k *marking) binders(a *rulepack.Act) []string {
	var out []string
	names := []string{a.Each}
	for _, r := range a.To {
		names = append(names, r.Path[0])
	}
	for _, name := range names {
		if k.p.Party(name) == nil || len(k.active(name)) > 0 {
			continue
		}
		out = append(out, bindersOf(k.p, name)...)
	}
	return out
}

// bindersOf names the acts that bind somebody under a name.
func bindersOf(p *rulepack.Procedure, name string) []string {
	var out []string
	for _, a := range p.Acts {
		if slices.ContainsFunc(effectsOf(a), func(e rulepack.Effects) bool { return slices.Contains(e.Binds, name) }) {
			out = append(out, a.ID)
		}
	}
	return out
}

// wayTo names the acts on the way to a marking that came at any time, and what
// the others were taken to have had.
func (g *graph) wayTo(at int) (acts []string, guards []*expr.Expr) {
	for ; at > 0; at = g.nodes[at].from {
		e := g.nodes[at].by
		switch {
		case e.act == nil || e.act.Starts:
		case g.cone.relaxed(e.act):
			acts = append(acts, e.act.ID)
		case e.kind == doAct || e.kind == propose:
			k := g.read(g.nodes[at].from)
			ids, more := k.wants(e.act, e.inst, true)
			if k.over(e.act, e.inst) {
				for _, t := range k.of(e.act).meets {
					ids = append(ids, t.ID)
				}
			}
			acts, guards = append(acts, ids...), append(guards, more...)
		}
	}
	return acts, guards
}

// know keeps a fact, or what a table makes it of.
func know(p *rulepack.Procedure, id string, known map[string]bool) {
	f := p.Fact(id)
	switch {
	case f == nil:
	case f.Table == nil:
		known[id] = true
	default:
		for _, in := range f.Table.Inputs {
			know(p, in.ID, known)
		}
	}
}

// done leaves out lapses where something that is done is enough.
func done(any []rulepack.Moment) []rulepack.Moment {
	out := slices.DeleteFunc(slices.Clone(any), func(m rulepack.Moment) bool { return m.Kind == rulepack.MomentLapsed })
	if len(out) == 0 {
		return any
	}
	return out
}

// wants names the acts that would have to be counted on for an act to become
// possible, and the conditions that are not known to hold.
func (k *marking) wants(a *rulepack.Act, inst int, every bool) (acts []string, guards []*expr.Expr) {
	add := func(list []rulepack.Moment) {
		for _, m := range list {
			acts = append(acts, m.Of)
		}
	}
	guard := func(e *expr.Expr) {
		if is, _ := k.eval(e, question{a: a, fill: true, inst: inst}); e != nil && is != yes {
			guards = append(guards, e)
		}
	}
	if open, _ := k.question(a, inst); !open {
		for _, b := range k.p.Acts {
			if slices.ContainsFunc(effectsOf(b), func(e rulepack.Effects) bool { return slices.Contains(e.Opens, a.ID) }) {
				acts = append(acts, b.ID)
			}
		}
	}
	guard(a.When)
	for n, c := range a.After {
		if k.of(a).trivial[n] {
			continue
		}
		if k.condition(a, n, inst) != yes {
			guard(c.When)
			if !every {
				c.Any = done(c.Any)
			}
			add(c.Any)
		}
	}
	for _, w := range a.WaitsFor {
		if t := k.p.Term(w.Term); t != nil && k.status(t, inst)&owed != 0 {
			add(t.MetBy)
		}
	}
	if s := k.stands(a, inst); s != nil {
		add(s.Until)
	}
	for _, n := range a.Needs {
		guard(n.If)
	}
	return acts, guards
}
