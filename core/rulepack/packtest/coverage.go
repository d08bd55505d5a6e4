// SPDX-License-Identifier: Apache-2.0

package packtest

import (
	"strings"

	"quanze/core/calendar"
	"quanze/core/rulepack"
)

// Coverage is how a pack's clauses stand. Its JSON is a stable face of the CLI.
type Coverage struct {
	Pack        string   `json:"pack"`
	Clauses     int      `json:"clauses"`
	RunTested   int      `json:"run_tested"`
	RunUntested int      `json:"run_untested"`
	Declared    int      `json:"declared"`
	Missing     int      `json:"missing"`
	DeclaredIDs []string `json:"declared_ids"`
	MissingIDs  []string `json:"missing_ids"`
	UntestedIDs []string `json:"untested_ids"`
	TestedIDs   []string `json:"tested_ids"`
	// Wide are rules that cite more than three clauses.
	Wide []string `json:"wide,omitempty"`
}

// Count finds, for every rule of the pack, whether a case notices its absence.
// A clause is run and tested when it is so for a rule that cites it.
func Count(pack *rulepack.Pack, files rulepack.Files, cal *calendar.Calendar) Coverage {
	without, b := rulepack.Without(files), newBench(pack, cal)
	tested, ran := map[string]bool{}, map[string]bool{}
	out := Coverage{Pack: pack.Code, Clauses: len(pack.Clauses), DeclaredIDs: []string{}, MissingIDs: []string{}, UntestedIDs: []string{}, TestedIDs: []string{}}
	for _, rule := range pack.Rules {
		fresh := false
		for _, c := range rule.Cites {
			ran[c.Clause] = true
			fresh = fresh || !tested[c.Clause]
		}
		if len(rule.Cites) > 3 {
			out.Wide = append(out.Wide, rule.What)
		}
		if !fresh || !b.notices(without(rule.Pos), rule) {
			continue
		}
		for _, c := range rule.Cites {
			tested[c.Clause] = true
		}
	}
	for _, c := range pack.Clauses {
		id := pack.Code + "-" + c.ID
		switch {
		case tested[id]:
			out.TestedIDs = append(out.TestedIDs, id)
		case ran[id]:
			out.UntestedIDs = append(out.UntestedIDs, id)
		case c.Declared != (rulepack.Label{}):
			out.DeclaredIDs = append(out.DeclaredIDs, id)
		default:
			out.MissingIDs = append(out.MissingIDs, id)
		}
	}
	out.RunTested, out.RunUntested = len(out.TestedIDs), len(out.UntestedIDs)
	out.Declared, out.Missing = len(out.DeclaredIDs), len(out.MissingIDs)
	return out
}

// notices is Noticed, the cases first that speak of what the rule is about.
func (b *bench) notices(changed *rulepack.Pack, rule rulepack.Basis) bool {
	words := strings.FieldsFunc(rule.What, func(r rune) bool { return r == ' ' || r == '.' })
	return changed != nil && b.killer(changed, words) != ""
}

// Noticed reports whether some case of the whole pack fails on the changed one.
// A pack that can no longer be read is noticed by everybody, which proves
// nothing about the cases: it does not count.
func Noticed(changed, whole *rulepack.Pack, cal *calendar.Calendar) bool {
	return changed != nil && newBench(whole, cal).killer(changed, nil) != ""
}
