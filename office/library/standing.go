// SPDX-License-Identifier: Apache-2.0

package library

import (
	"context"
	"slices"
	"strings"

	"quanze/core/rulepack"
	"quanze/core/rulepack/packtest"
	"quanze/office"
)

// Standing is how a version of a pack stands: what its clauses are run by, and
// what the checker says. To count it each rule is left out once and the cases
// run again, which takes seconds; a version never changes, so it is counted
// once and kept as long as the program runs.
type Standing struct {
	Coverage    packtest.Coverage
	Diagnostics rulepack.Diagnostics
}

// Standing returns how a version stands, if that has been counted.
func (l *Library) Standing(hash string) (Standing, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s, ok := l.standing[hash]
	return s, ok
}

// Count finds how a version stands and keeps it. It takes seconds.
func (l *Library) Count(ctx context.Context, hash string) error {
	r := l.office.DB.Reader()
	p, err := l.office.Pack(ctx, r, hash)
	if err != nil {
		return err
	}
	_, files, err := r.PackFiles(ctx, hash)
	if err != nil {
		return err
	}
	cal, err := l.office.Calendar(ctx, r)
	if err != nil {
		return err
	}
	_, diags := office.Examine(files)
	s := Standing{Coverage: packtest.Count(p, files, cal), Diagnostics: diags}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.standing[hash] = s
	return nil
}

// How a clause stands.
const (
	Tested    = "tested"
	Untested  = "untested"
	Declared  = "declared"
	Missing   = "missing"
	Uncounted = "uncounted" // a rule runs it; whether a case notices is not counted yet
)

// Of says how a clause stands; counted is false until Count has run.
func (s Standing) Of(p *rulepack.Pack, c *rulepack.Clause, rules map[string][]Rule, counted bool) string {
	id := p.Code + "-" + c.ID
	switch {
	case counted && slices.Contains(s.Coverage.TestedIDs, id):
		return Tested
	case len(rules[id]) > 0 && !counted:
		return Uncounted
	case len(rules[id]) > 0:
		return Untested
	case c.Declared != (rulepack.Label{}):
		return Declared
	}
	return Missing
}

// Waiting returns, for each local parameter, the rules that use it: which do
// not run while it is unset. They are found in the pack's own text, by the act,
// term, meeting or party around each place that names the parameter.
func (l *Library) Waiting(p *rulepack.Pack, files rulepack.Files) map[string][]Rule {
	draft, _ := rulepack.NewDraft(files)
	if draft == nil {
		return nil
	}
	rules := l.Rules(p)
	out := map[string][]Rule{}
	for _, site := range draft.Sites() {
		for _, local := range p.Locals {
			if !names(site, local.ID) {
				continue
			}
			for _, r := range around(p, rules, site) {
				if !slices.ContainsFunc(out[local.ID], func(x Rule) bool { return x.Pos == r.Pos }) {
					out[local.ID] = append(out[local.ID], r)
				}
			}
		}
	}
	return out
}

// names reports whether a place of a pack names a local parameter.
func names(s rulepack.Site, local string) bool {
	if s.Key == "local" {
		return s.Text == local
	}
	_, rest, found := strings.Cut(s.Text, "local."+local)
	for found {
		if rest == "" || !strings.ContainsAny(rest[:1], "abcdefghijklmnopqrstuvwxyz0123456789_") {
			return true
		}
		_, rest, found = strings.Cut(rest, "local."+local)
	}
	return false
}

// around are the rules that a place belongs to: its act or term, the acts that
// use its form or paper, else what its file is about.
func around(p *rulepack.Pack, rules []Rule, s rulepack.Site) []Rule {
	var out []Rule
	for _, r := range rules {
		switch {
		case r.Key == "library.rule.local":
		case len(s.Path) > 1 && r.Pos.File == s.File && r.about(s.Path[0], s.Path[1]):
			return []Rule{r}
		case r.Key == "library.rule.act" && uses(p, r, s.File):
			out = append(out, r)
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, r := range rules {
		if r.Pos.File == s.File && r.Key != "library.rule.local" {
			return []Rule{r}
		}
	}
	return nil
}

// about reports whether a rule is that of an act or a term of its file.
func (r Rule) about(part, id string) bool {
	switch part {
	case "acts":
		return r.Key == "library.rule.act" && slices.Contains(r.Acts, id)
	case "terms":
		return r.Key == "library.rule.term" && slices.Contains(r.Terms, id)
	}
	return false
}

// uses reports whether the act of a rule is filled in by what a file holds.
func uses(p *rulepack.Pack, r Rule, file string) bool {
	proc := p.Procedure(r.ProcedureID)
	if proc == nil || len(r.Acts) == 0 || proc.Act(r.Acts[0]) == nil {
		return false
	}
	return slices.ContainsFunc(proc.Act(r.Acts[0]).Fields(), func(f *rulepack.Field) bool { return f.Basis.Pos.File == file })
}
