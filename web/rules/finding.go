// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"path"
	"strconv"
	"strings"

	"quanze/core/rulepack"
	"quanze/web/page"
)

// written is the first code that is about rules; those before it are about how
// a file is written, and name what stands in it.
const written = rulepack.Code("QP0100")

// diagnostic says in words what the checker found, each rule by its label.
func (n names) diagnostic(d rulepack.Diagnostic) string {
	var args []string
	for i, s := range d.Args {
		if d.Code > written {
			s = n.told(d, s)
		}
		args = append(args, strconv.Itoa(i), s)
	}
	return n.w.T("diag."+string(d.Code), args...)
}

// told names what a finding speaks of, one or a list; what has no label stays
// as the pack writes it.
func (n names) told(d rulepack.Diagnostic, s string) string {
	var out []string
	known := false
	for _, id := range strings.Split(s, ", ") {
		name := n.labelOf(d, id)
		known = known || name != ""
		if name == "" {
			name = id
		}
		out = append(out, name)
	}
	if !known {
		return s
	}
	return n.w.Join(out)
}

// labelOf is the label of an id in a finding, "" where it is none: of the
// procedure in whose file the finding stands, of any other, of the pack.
func (n names) labelOf(d rulepack.Diagnostic, id string) string {
	file := strings.TrimSuffix(path.Base(d.File), path.Ext(d.File))
	if p := n.pack.Procedure(file); p != nil {
		if name := n.inProcedure(p, id); name != "" {
			return name
		}
	}
	for _, p := range n.pack.Procedures {
		if name := n.inProcedure(p, id); name != "" {
			return name
		}
	}
	p := n.pack
	switch {
	case p.Local(id) != nil:
		return n.label(p.Local(id).Label)
	case p.Meeting(id) != nil:
		return n.label(p.Meeting(id).Label)
	case p.Role(id) != nil:
		return n.label(p.Role(id).Label)
	case p.Clause(p.Code+"-"+id) != nil:
		return page.Clause(n.w, p, p.Code+"-"+id).Name
	case n.w.Has("rules.part." + id):
		return n.w.T("rules.part." + id)
	}
	return ""
}

// inProcedure is the label of a moment, a term, a party, a fact, or a field of
// an act.
func (n names) inProcedure(p *rulepack.Procedure, id string) string {
	if m, ok := p.Moment(id); ok {
		return n.moment(p, m)
	}
	if t := p.Term(id); t != nil {
		return n.label(t.Label)
	}
	if party := p.Party(id); party != nil {
		return n.label(party.Label)
	}
	if f := p.Fact(id); f != nil {
		return n.label(f.Label)
	}
	of, field, _ := strings.Cut(id, ".")
	if a := p.Act(of); a != nil {
		for _, f := range a.Fields() {
			if f.ID == field {
				return n.w.T("moment.outcome", "act", n.label(a.Label), "outcome", n.label(f.Label))
			}
		}
	}
	return ""
}

// moment names a moment of a procedure: an act, what came of it, or that a
// term ran out.
func (n names) moment(p *rulepack.Procedure, m rulepack.Moment) string {
	if t := p.Term(m.Of); m.Kind == rulepack.MomentLapsed && t != nil {
		return n.w.T("moment.lapsed", "term", n.label(t.Label))
	}
	a := p.Act(m.Of)
	if a == nil {
		return ""
	}
	act := n.label(a.Label)
	switch m.Kind {
	case rulepack.MomentOutcome:
		if o := a.Outcome(m.Detail); o != nil {
			return n.w.T("moment.outcome", "act", act, "outcome", n.label(o.Label))
		}
		return ""
	case rulepack.MomentDay:
		return ""
	case rulepack.MomentDone:
		return act
	}
	return n.w.T("moment."+string(m.Kind), "act", act)
}
