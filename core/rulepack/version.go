// SPDX-License-Identifier: Apache-2.0

package rulepack

import (
	"slices"

	"quanze/core/rulepack/expr"
)

// LawTime says which day picks the version of each part of a pack: of the
// procedure, of the substance, of what is admitted.
type LawTime struct {
	Procedure, Substance, Admission string
	// Day is the fact that says on which day the conduct was.
	Day   string
	Basis Basis
}

// The days that may pick a version.
const (
	ByAct     = "act"
	ByConduct = "conduct"
	ByFiling  = "filing"
)

// Transition says what a version does to the matters that run when it comes
// into force: nothing, or it takes over what is not yet met, or all of it.
type Transition struct {
	Running string
	Basis   Basis
}

// TakesOver says what this version does to a matter that runs under another:
// what it says itself, or all of it where that other lets each act follow the
// law of its own day.
func (p *Pack) TakesOver(from *Pack) string {
	if from.LawTime.Procedure == ByAct {
		return RunningAll
	}
	return p.Transition.Running
}

// MoveBasis is on what a matter is moved from another version to this one.
func (p *Pack) MoveBasis(from *Pack) Basis {
	if from.LawTime.Procedure == ByAct {
		return from.LawTime.Basis
	}
	return p.Transition.Basis
}

// What a new version may do to running matters.
const (
	RunningStay  = "stay"
	RunningUnmet = "unmet_obligations"
	RunningAll   = "all"
)

// clocks reads which day picks a version, and what this one does to what runs.
func (d *decoder) clocks(n *node) {
	p := d.pack
	p.LawTime = LawTime{Procedure: ByFiling, Substance: ByFiling, Admission: ByFiling}
	if v := n.get("law_time"); v != nil && !d.omitted(v) && d.mapping(v, "procedure", "substance", "admission", "day", "cite") {
		p.LawTime = LawTime{Procedure: d.oneOf(v, "procedure", ByFiling, ByAct, ByFiling), Substance: d.oneOf(v, "substance", ByFiling, ByConduct, ByFiling),
			Admission: d.oneOf(v, "admission", ByFiling, ByFiling), Basis: d.basis(v, "law_time", false)}
		if p.LawTime.Substance == ByConduct {
			p.LawTime.Day = d.text(v, "day", true)
			if day := v.get("day"); day != nil {
				d.conduct = day.pos
			}
		} else if day := v.get("day"); day != nil {
			d.report(day.pos, CodeMismatch, "day", "substance")
		}
	}
	p.Transition.Running = RunningStay
	if v := n.get("transition"); v != nil && !d.omitted(v) && d.mapping(v, "running", "cite") {
		p.Transition = Transition{Running: d.oneOf(v, "running", RunningStay, RunningStay, RunningUnmet, RunningAll), Basis: d.basis(v, "transition", true)}
	}
}

// conductDay holds the day of the conduct against the facts of the procedures.
func (d *decoder) conductDay() {
	if d.pack.LawTime.Day == "" {
		return
	}
	var days []string
	for _, p := range d.pack.Procedures {
		for _, f := range p.Facts {
			if f.Type == expr.Date && f.Table == nil {
				days = append(days, f.ID)
			}
		}
	}
	if !slices.Contains(days, d.pack.LawTime.Day) {
		d.dangling(d.conduct, "date fact", d.pack.LawTime.Day, days)
	}
}
