// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"quanze/core/calendar"
	"quanze/core/rulepack"
	"quanze/core/rulepack/packtest"
)

type packTest struct {
	Packs []string `arg:""`
	Cases bool     `help:"${help_pack_test_cases}"`
}

// Run plays every worked case of the packs and, unless only these are asked
// for, proves the packs by them: on other days, with things left unsaid, in
// another order, and against mutants.
func (c *packTest) Run(a *App) error {
	cal, err := calendar.China()
	if err != nil {
		return err
	}
	// Playing makes much that is short-lived: fewer, larger collections halve it.
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	results, reports, ok := []packtest.Result{}, []packtest.Report{}, true
	for _, name := range c.Packs {
		p, files, err := a.load(name)
		if err != nil {
			return err
		}
		one := packtest.Result{Pack: p.Code, OK: true}
		if c.Cases {
			for _, cs := range p.Cases {
				one.Cases = append(one.Cases, packtest.Run(p, cs, cal))
				one.OK = one.OK && one.Cases[len(one.Cases)-1].OK
			}
		} else {
			one = a.prove(p, files, cal)
		}
		ok, results, reports = ok && one.OK, append(results, one), append(reports, one.Cases...)
	}
	err = a.print(map[string]any{"cases": reports, "packs": results}, func(w io.Writer) {
		for _, r := range results {
			a.proved(w, r, c.Cases)
		}
	})
	if err == nil && !ok {
		return errNo
	}
	return err
}

// prove shares the jobs of a proof among the processors.
func (a *App) prove(p *rulepack.Pack, files rulepack.Files, cal *calendar.Calendar) packtest.Result {
	equivalents := map[string]string{}
	for id, because := range p.Equivalents {
		equivalents[id] = because.En
	}
	plan := packtest.NewPlan(p, files, cal, equivalents)
	progress := a.progress(a.words.T("cli.pack.proving", "pack", p.Code))
	var next, done atomic.Int64
	var workers sync.WaitGroup
	var telling sync.Mutex
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < plan.Jobs(); i = int(next.Add(1)) - 1 {
				plan.Do(i)
				n := done.Add(1)
				telling.Lock()
				progress(int(n), plan.Jobs())
				telling.Unlock()
			}
		})
	}
	workers.Wait()
	return plan.Result()
}

// proved prints what a proof came to: what is wrong first in full, then counts.
func (a *App) proved(w io.Writer, r packtest.Result, casesOnly bool) {
	passed := 0
	for _, c := range r.Cases {
		fmt.Fprintf(w, "%s %s\n", map[bool]string{true: "✓", false: "✗"}[c.OK], c.Case)
		if c.OK {
			passed++
		}
		for _, s := range c.Wrong {
			fmt.Fprintln(w, "   ", s)
		}
	}
	fmt.Fprintf(w, "%d passed, %d failed\n", passed, len(r.Cases)-passed)
	if casesOnly {
		return
	}
	for _, t := range []packtest.Tally{r.Shifts, r.Removals, r.Orders} {
		for _, v := range t.Violations {
			fmt.Fprintln(w, "✗", v)
		}
	}
	for _, m := range r.Mutants.Survivors {
		fmt.Fprintf(w, "✗ %s:%d:%d: %s %v\n", m.File, m.Line, m.Col, m.ID, m.Clauses)
	}
	for _, id := range r.Mutants.Stale {
		fmt.Fprintln(w, "✗", a.words.T("cli.pack.stale", "id", id))
	}
	if r.Mutants.TooMany {
		fmt.Fprintln(w, "✗", a.words.T("cli.pack.too_many", "n", fmt.Sprint(len(r.Mutants.Equivalent)), "all", fmt.Sprint(r.Mutants.Total)))
	}
	fmt.Fprintln(w, a.words.T("cli.pack.proved", "pack", r.Pack, "shifts", fmt.Sprint(r.Shifts.Runs), "removals", fmt.Sprint(r.Removals.Runs), "orders", fmt.Sprint(r.Orders.Runs),
		"mutants", fmt.Sprint(r.Mutants.Total), "killed", fmt.Sprint(r.Mutants.Killed), "equivalent", fmt.Sprint(len(r.Mutants.Equivalent)), "survivors", fmt.Sprint(len(r.Mutants.Survivors))))
}
