// SPDX-License-Identifier: Apache-2.0

// Package check finds what is wrong with a pack that reads well: acts nobody
// can do, duties nobody can meet, matters that never end, tables with gaps,
// clauses no rule runs. It judges packs, never matters, and knows no regulation.
// It answers one question at a time over the part of a procedure that can
// influence it, in markings without days. An error is certain: the kernel could
// not do it either; what may be otherwise is a warning. Start at Check.
package check

import (
	"cmp"
	"slices"

	"quanze/core/rulepack"
)

// Options say what the checker may take as given.
type Options struct {
	// Locals are the parameters that the jurisdiction has set.
	Locals map[string]string
	// Strict makes an error of a clause that no rule runs and nothing declares.
	Strict bool
	// Files are the pack's files, to find forms and papers that nobody uses.
	Files rulepack.Files
	// Packs are the codes of the other packs that are there; nil: not known.
	Packs []string
}

// checker collects what is found.
type checker struct {
	pack  *rulepack.Pack
	opts  Options
	diags rulepack.Diagnostics
	// markings counts what was explored.
	markings int
	// limit is how many of a question, with one party of each name.
	limit int
	// suspect is the way on which the last cut found something stuck.
	suspect string
	// ways are the paths on which something gets stuck, by its name.
	ways map[string]way
}

// way is a path through a graph to a marking.
type way struct {
	*graph
	at int
}

// Check returns all that is found about a loaded pack, in order of place.
func Check(pack *rulepack.Pack, opts Options) rulepack.Diagnostics {
	c := newChecker(pack, opts)
	c.run()
	return c.diags
}

func newChecker(pack *rulepack.Pack, opts Options) *checker {
	return &checker{pack: pack, opts: opts, limit: maxMarkings, ways: map[string]way{}}
}

func (c *checker) run() {
	for _, p := range c.pack.Procedures {
		c.paths(p)
		c.terms(p)
		c.releases(p)
		c.clashes(p)
		c.encoding(p)
		c.reach(p)
	}
	c.tables()
	c.meetings()
	c.clauses()
	c.locals()
	c.unused()
	c.words()
	c.accept()
	slices.SortStableFunc(c.diags, func(a, b rulepack.Diagnostic) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col), cmp.Compare(a.Code, b.Code))
	})
	c.diags = slices.CompactFunc(c.diags, func(a, b rulepack.Diagnostic) bool {
		return a.Pos == b.Pos && a.Code == b.Code && slices.Equal(a.Args, b.Args)
	})
}

// accept turns the warnings that the pack answers with a reason into notes. An
// error is no matter of opinion, and a reason for nothing is a warning itself.
func (c *checker) accept() {
	for _, a := range c.pack.Accepted {
		found := false
		for i, d := range c.diags {
			if d.ID() == a.Finding && d.Severity != rulepack.Error {
				c.diags[i].Severity, c.diags[i].Because, found = rulepack.Note, &a.Because, true
			}
		}
		if !found {
			c.warn(rulepack.Basis{Pos: a.Pos}, rulepack.CodeNotFound, a.Finding)
		}
	}
}

func (c *checker) report(severity rulepack.Severity, at rulepack.Basis, code rulepack.Code, args ...string) {
	d := rulepack.Diagnostic{Pos: at.Pos, Severity: severity, Code: code, Args: args}
	if ids := at.Clauses(); len(ids) > 0 {
		d.Clause = ids[0]
	}
	c.diags = append(c.diags, d)
}

func (c *checker) fail(at rulepack.Basis, code rulepack.Code, args ...string) {
	c.report(rulepack.Error, at, code, args...)
}

func (c *checker) warn(at rulepack.Basis, code rulepack.Code, args ...string) {
	c.report(rulepack.Warning, at, code, args...)
}
