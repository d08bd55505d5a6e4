// SPDX-License-Identifier: Apache-2.0

package check

import (
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

// choice is a value that is filled in for a fact.
type choice struct {
	fact *rulepack.Fact
	v    expr.Value
}

// eval answers a condition: yes, no, or either where it hangs on what the model
// does not tell apart. known is no where the kernel could not know.
func (k *marking) eval(e *expr.Expr, q question) (is, known truth) {
	if e == nil {
		return yes, yes
	}
	if k.env == nil {
		k.env = &expr.Env{Fact: k.fact, Ask: k.answer}
	}
	k.asks = q
	if k.asks.a != nil {
		k.asks.of = k.of(q.a)
	}
	switch got := e.Truth(k.env); {
	case got == expr.True:
		return yes, yes
	case got == expr.False:
		return no, yes
	case k.asks.open:
		return maybe, maybe
	}
	return no, no
}

// settled is an answer that is the same in every marking.
type settled struct {
	is           truth
	once, always bool
	assumed      bool
}

// need answers a condition over what is filled in with an act. What depends on
// nothing that markings tell apart is answered once.
func (k *marking) need(a *rulepack.Act, n, outcome, inst int) truth {
	known := &k.of(a).needs[outcome][n]
	if known.always {
		k.assumed = k.assumed || known.assumed
		return known.is
	}
	assumed := k.assumed
	k.assumed = false
	q := question{a: a, filled: k.chosen, fill: true, inst: inst}
	if len(a.Outcomes) > 0 {
		q.outcome = a.Outcomes[outcome].ID
	}
	is, _ := k.eval(a.Needs[n].If, q)
	if !known.once {
		*known = settled{is: is, once: true, always: !k.asks.touched, assumed: k.assumed}
	}
	k.assumed = k.assumed || assumed
	return is
}

// fact is what is filled in, else what is known; open where some value is there
// and the model does not know which.
func (k *marking) fact(name string) expr.Value {
	q := &k.asks
	if name == "outcome" && q.outcome != "" {
		return expr.OfText(q.outcome)
	}
	if len(name) > 6 && name[:6] == "local." {
		q.open = true
		return expr.Value{}
	}
	if q.of != nil && q.of.fields[name] {
		if f := k.factOf(name); f != nil && len(f.told) > 0 && k.cone.facts[name] {
			q.touched = true
		}
		for i := range q.filled {
			if q.filled[i].fact.ID == name {
				return q.filled[i].v
			}
		}
		q.open = q.open || q.fill
		return expr.Value{}
	}
	f := k.factOf(name)
	switch {
	case f == nil:
		q.open = true
		return expr.Value{}
	case f.apart:
		k.assumed, q.open = true, true
		return expr.Value{}
	case f.Table != nil:
		return f.Table.Eval(f.Column, k.env).Value // what its inputs leave open, they said
	}
	q.touched = true
	n := k.at(f.where, q.inst)
	if n == 0 {
		n = k.at(f.where, 0)
	}
	switch {
	case n == 0:
		return expr.Value{}
	case len(f.told) == 0:
		q.open = true
		return expr.Value{}
	}
	return f.told[n-1]
}

func (k *marking) answer(function string, args []expr.Value) expr.Value {
	each := ""
	if k.asks.a != nil {
		each = k.asks.a.Each
	}
	v := k.ask(function, args, each, k.asks.inst)
	k.asks.touched = k.asks.touched || function == "done" || function == "owed" || function == "running" || function == "lapsed" || function == "bound"
	k.asks.open = k.asks.open || v.Zero()
	return v
}

func (k *marking) ask(function string, args []expr.Value, each string, inst int) expr.Value {
	switch function {
	case "done":
		x := k.instant(args[0].Text())
		switch {
		case x.unseen:
			k.assumed = true
			return expr.Value{}
		case x.each != "" && x.each != each:
			return expr.OfBool(k.everybody(x))
		}
		return expr.OfBool(k.has(x, inst))
	case "owed", "running", "lapsed":
		t := k.p.Term(args[0].Text())
		if t == nil || (t.Kind == rulepack.Period && function != "lapsed") { // between two slots it is not owed
			return expr.Value{}
		}
		bits := k.status(t, inst)
		switch function {
		case "owed":
			return expr.OfBool(bits&owed != 0)
		case "running":
			return expr.OfBool(bits&running != 0)
		}
		return expr.OfBool(bits&(late|gone) != 0)
	case "bound":
		return expr.OfBool(len(k.active(args[0].Text())) > 0) // of names that are not told apart, somebody
	}
	return expr.Value{}
}

// status joins the runnings of a term that concern a party; of nobody in
// particular, all of them.
func (k *marking) status(t *rulepack.Term, inst int) byte {
	x := k.ofTerm(t)
	if t.Each == "" {
		return k.at(x.bits, 0)
	}
	var bits byte
	for _, i := range x.insts {
		if inst == 0 || i == inst {
			bits |= k.at(x.bits, i)
		}
	}
	return bits
}
