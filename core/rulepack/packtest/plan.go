// SPDX-License-Identifier: Apache-2.0

package packtest

import (
	"cmp"
	"fmt"
	"slices"

	"quanze/core/calendar"
	"quanze/core/rulepack"
)

// Result is all that testing a pack came to. Its JSON is a stable face of the
// CLI.
type Result struct {
	Pack  string   `json:"pack"`
	OK    bool     `json:"ok"`
	Cases []Report `json:"cases"`
	// Shifts are the cases on other days of a year, Removals those with one
	// thing that was said left unsaid, Orders those recorded in another order.
	Shifts   Tally   `json:"shifts"`
	Removals Tally   `json:"removals"`
	Orders   Tally   `json:"orders"`
	Mutants  Mutants `json:"mutants"`
}

// Tally counts the playings of one kind, and the steps of them that were held
// against the case as it is written.
type Tally struct {
	Runs       int         `json:"runs"`
	Compared   int         `json:"compared"`
	Violations []Violation `json:"violations"`
}

// Violation is something that must hold and did not, at a step of a case.
type Violation struct {
	rulepack.Pos
	Case string `json:"case"`
	// Kind says what was broken, such as replay or permission; What says it in
	// full; Times how many playings of the case showed it.
	Kind  string `json:"kind"`
	What  string `json:"what"`
	Times int    `json:"times"`
}

// String is for terminals and tests.
func (v Violation) String() string { return fmt.Sprintf("%s: %s: %s", v.Pos, v.Kind, v.What) }

func (t *Tally) add(o Tally) {
	t.Runs, t.Compared = t.Runs+o.Runs, t.Compared+o.Compared
	t.Violations = append(t.Violations, o.Violations...)
}

// report keeps a violation, once for each step and kind of saying.
func (t *Tally) report(v Violation) {
	for i, w := range t.Violations {
		if w.Pos == v.Pos && w.Kind == v.Kind && w.Case == v.Case {
			t.Violations[i].Times++
			return
		}
	}
	v.Times = 1
	t.Violations = append(t.Violations, v)
}

// Mutants are the small changes of the pack and what became of them.
type Mutants struct {
	// Total counts those that the loader accepts.
	Total     int `json:"total"`
	Killed    int `json:"killed"`
	NotViable int `json:"not_viable"`
	// Equivalent survived, and the pack says why no case could tell.
	Equivalent []Mutant `json:"equivalent"`
	Survivors  []Mutant `json:"survivors"`
	// Stale are reasons given for what is no surviving mutant, TooMany that
	// more than two in a hundred are called equivalent.
	Stale   []string `json:"stale"`
	TooMany bool     `json:"too_many"`
}

// outcome is what one job came to; only one part of it is set.
type outcome struct {
	report                   *Report
	shifts, removals, orders Tally
	mutant                   *Mutant
	viable                   bool
}

// Plan is the testing of one pack as independent jobs, in any order and by as
// many workers as there are: Do each of Jobs, then ask for the Result.
type Plan struct {
	bench       *bench
	draft       *rulepack.Draft
	mutants     []Mutant
	equivalents map[string]string
	jobs        []func() outcome
	done        []outcome
}

// NewPlan prepares the jobs. The equivalents are reasons by mutant id.
func NewPlan(pack *rulepack.Pack, files rulepack.Files, cal *calendar.Calendar, equivalents map[string]string) *Plan {
	p := &Plan{bench: newBench(pack, cal), equivalents: equivalents}
	if draft, diags := rulepack.NewDraft(files); !diags.Failed() {
		p.draft = draft
		p.mutants = mutate(pack, draft.Sites())
	}
	for _, st := range p.bench.stages {
		p.jobs = append(p.jobs,
			func() outcome { r := Run(pack, st.c, cal); return outcome{report: &r} },
			func() outcome { return outcome{shifts: p.bench.shifted(st)} },
			func() outcome { return outcome{removals: p.bench.removed(st)} },
			func() outcome { return outcome{orders: p.bench.reordered(st)} })
	}
	for _, m := range p.mutants {
		p.jobs = append(p.jobs, func() outcome { return p.mutant(m) })
	}
	p.done = make([]outcome, len(p.jobs))
	return p
}

// Jobs is how many there are.
func (p *Plan) Jobs() int { return len(p.jobs) }

// Do does one job. Different jobs may be done at the same time.
func (p *Plan) Do(i int) { p.done[i] = p.jobs[i]() }

func (p *Plan) mutant(m Mutant) outcome {
	changed := p.draft.With(m.change)
	if changed == nil {
		return outcome{mutant: &m}
	}
	m.KilledBy = p.bench.killer(changed, m.names)
	return outcome{mutant: &m, viable: true}
}

// Result gathers what the jobs came to, in the order of the pack.
func (p *Plan) Result() Result {
	empty := func() Tally { return Tally{Violations: []Violation{}} }
	out := Result{Pack: p.bench.pack.Code, OK: true, Cases: []Report{}, Shifts: empty(), Removals: empty(), Orders: empty(),
		Mutants: Mutants{Equivalent: []Mutant{}, Survivors: []Mutant{}, Stale: []string{}}}
	used := map[string]bool{}
	for _, o := range p.done {
		if o.report != nil {
			out.Cases = append(out.Cases, *o.report)
			out.OK = out.OK && o.report.OK
		}
		out.Shifts.add(o.shifts)
		out.Removals.add(o.removals)
		out.Orders.add(o.orders)
		ms := &out.Mutants
		switch m := o.mutant; {
		case m == nil:
		case !o.viable:
			ms.NotViable++
		case m.KilledBy != "":
			ms.Killed++
		case p.equivalents[m.ID] != "":
			used[m.ID], m.Because = true, p.equivalents[m.ID]
			ms.Equivalent = append(ms.Equivalent, *m)
		default:
			ms.Survivors = append(ms.Survivors, *m)
		}
	}
	ms := &out.Mutants
	for id := range p.equivalents {
		if !used[id] {
			ms.Stale = append(ms.Stale, id)
		}
	}
	slices.Sort(ms.Stale)
	ms.Total = ms.Killed + len(ms.Equivalent) + len(ms.Survivors)
	ms.TooMany = 100*len(ms.Equivalent) > 2*ms.Total
	broken := len(out.Shifts.Violations) + len(out.Removals.Violations) + len(out.Orders.Violations)
	out.OK = out.OK && broken == 0 && len(ms.Survivors) == 0 && len(ms.Stale) == 0 && !ms.TooMany
	return out
}

// Test does all the jobs one after another. Progress, if any, is told after
// each how many of how many are done.
func Test(pack *rulepack.Pack, files rulepack.Files, cal *calendar.Calendar, equivalents map[string]string, progress func(done, of int)) Result {
	p := NewPlan(pack, files, cal, equivalents)
	for i := range p.Jobs() {
		p.Do(i)
		if progress != nil {
			progress(i+1, p.Jobs())
		}
	}
	return p.Result()
}

// bench holds the cases ready to be played, and which names each speaks of.
type bench struct {
	pack     *rulepack.Pack
	cal      *calendar.Calendar
	stages   []stage
	mentions []map[string]int
	// broken are cases that fail on the pack itself: they notice no change.
	broken []bool
}

func newBench(pack *rulepack.Pack, cal *calendar.Calendar) *bench {
	b := &bench{pack: pack, cal: cal}
	for _, c := range pack.Cases {
		st := newStage(c)
		b.stages = append(b.stages, st)
		b.mentions = append(b.mentions, mentions(c))
		b.broken = append(b.broken, b.fails(pack, st))
	}
	return b
}

// killer plays the cases under a changed pack, those first that speak most of
// the names, and returns the title of the first that fails.
func (b *bench) killer(changed *rulepack.Pack, names []string) string {
	order := make([]int, len(b.stages))
	scores := make([]int, len(b.stages))
	for i := range order {
		order[i] = i
		for _, name := range names {
			scores[i] += b.mentions[i][name]
		}
	}
	slices.SortStableFunc(order, func(x, y int) int {
		return cmp.Or(-cmp.Compare(scores[x], scores[y]), cmp.Compare(len(b.stages[x].c.Steps), len(b.stages[y].c.Steps)))
	})
	for _, i := range order {
		if !b.broken[i] && b.fails(changed, b.stages[i]) {
			return b.stages[i].c.Title
		}
	}
	return ""
}

// fails plays a case until something it states does not come out.
func (b *bench) fails(changed *rulepack.Pack, st stage) bool {
	r := begin(changed, st, b.cal, statements)
	if r == nil {
		return true
	}
	for _, step := range st.c.Steps {
		if r.step(step); !r.report.OK {
			return true
		}
	}
	return false
}
