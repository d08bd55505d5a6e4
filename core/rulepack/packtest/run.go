// SPDX-License-Identifier: Apache-2.0

// Package packtest runs a pack's worked cases through the kernel and counts
// what they prove: a clause is run and tested only if a case fails without the
// rule that cites it. It judges packs, never matters of the office, and it
// knows no regulation. Start at Run and Count.
package packtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack"
)

// Report is what came of one case. Its JSON is a stable face of the CLI.
type Report struct {
	Case  string `json:"case"`
	OK    bool   `json:"ok"`
	Steps []Step `json:"steps"`
	Ended any    `json:"ended"`
	// Wrong says what did not come out as the case states, step by step.
	Wrong []string `json:"wrong,omitempty"`
}

// Step is what came of one step.
type Step struct {
	On       calendar.Date            `json:"on"`
	Entered  any                      `json:"entered"`
	Act      string                   `json:"act"`
	Party    any                      `json:"party"`
	Outcome  any                      `json:"outcome"`
	Result   string                   `json:"result"`
	Why      string                   `json:"why,omitempty"`
	Names    []string                 `json:"names,omitempty"`
	Clauses  []string                 `json:"clauses"`
	Dues     map[string]calendar.Date `json:"dues"`
	Met      []string                 `json:"met"`
	Lapsed   []string                 `json:"lapsed"`
	Released []string                 `json:"released"`
	Reversed []string                 `json:"reversed"`
	Findings []string                 `json:"findings"`
	Opened   []string                 `json:"opened"`
}

type run struct {
	pack   *rulepack.Pack
	world  *world
	rules  matter.Rules
	events []matter.Event
	state  *matter.State
	report Report
	// day is the last day the case has come to.
	day calendar.Date
}

// ended is what the matter has ended in by the day of the case.
func (r *run) ended() string {
	ended, _ := r.state.At(&r.rules, r.day).Ended()
	return ended
}

// Run plays a case and compares every statement it makes. After each step the
// record is folded anew and must give what the kernel holds.
func Run(pack *rulepack.Pack, c *rulepack.Case, cal *calendar.Calendar) Report {
	report, _ := Play(pack, c, cal)
	return report
}

// Play is Run, and returns the record that the case left.
func Play(pack *rulepack.Pack, c *rulepack.Case, cal *calendar.Calendar) (Report, []matter.Event) {
	r := &run{pack: pack, world: newWorld(c), report: Report{Case: c.Title, OK: true}}
	proc := pack.Procedure(c.Procedure)
	if proc == nil {
		r.wrong(c.Pos, "there is no procedure %s", c.Procedure)
		return r.report, nil
	}
	r.rules = matter.Rules{Procedure: proc, Org: r.world.org, Calendar: cal, Locals: c.Locals}
	r.state = matter.Fold(nil, &r.rules)
	for _, step := range c.Steps {
		r.step(step, c)
	}
	if ended := r.ended(); ended != "" {
		r.report.Ended = ended
	}
	return r.report, r.events
}

func (r *run) wrong(at rulepack.Pos, format string, args ...any) {
	r.report.OK = false
	r.report.Wrong = append(r.report.Wrong, fmt.Sprintf("%s:%d: ", at.File, at.Line)+fmt.Sprintf(format, args...))
}

func (r *run) step(step rulepack.Step, c *rulepack.Case) {
	day := max(step.On, step.Entered, r.day)
	r.day = day
	out := Step{On: step.On, Act: step.Act, Result: "done", Clauses: []string{}, Dues: map[string]calendar.Date{}}
	out.Entered, out.Party, out.Outcome = orNull(step.Entered.String(), step.Entered != 0), orNull(step.Party, step.Party != ""), orNull(step.Outcome, step.Outcome != "")
	var news []matter.Event
	var refusal *matter.Refusal
	switch step.Kind {
	case rulepack.StepTick:
		out.Act, out.Result = "tick", "done"
		news = matter.Advance(r.state, &r.rules, step.On)
		r.record(news, step)
	case rulepack.StepCorrect, rulepack.StepStrike:
		out.Result = "corrected"
		news, refusal = r.correct(step, day)
	default:
		news, refusal = r.act(step, c, day)
	}
	if refusal != nil {
		out.Result, out.Why, out.Names, out.Clauses = "refused", string(refusal.Why), refusal.Names, refusal.Clauses
	}
	fill(&out, news)
	r.compare(step, out, refusal)
	r.report.Steps = append(r.report.Steps, out)
}

func orNull(s string, set bool) any {
	if !set {
		return nil
	}
	return s
}

// act does a step. An act that needs approval is proposed and approved on the
// same day, unless the step names one moment of it.
func (r *run) act(step rulepack.Step, c *rulepack.Case, day calendar.Date) ([]matter.Event, *matter.Refusal) {
	id, word, _ := strings.Cut(step.Act, ".")
	a := r.rules.Procedure.Act(id)
	if a == nil {
		return nil, &matter.Refusal{Why: matter.NoSuchAct, Act: id, Names: []string{id}}
	}
	cmd := matter.Command{Act: id, Outcome: step.Outcome, Party: step.Party, On: step.On, Binds: r.world.refs(step.Parties), Reason: step.Set["reason"]}
	if a.Starts && !r.state.Started() {
		cmd.Binds = r.world.refs(c.Parties)
		maps.Copy(cmd.Binds, r.world.refs(step.Parties))
	}
	if a.Starts && a.Lawful() {
		cmd.Link = &matter.Link{Matter: "case", Event: 1}
	}
	for _, id := range step.Staff {
		cmd.Staff = append(cmd.Staff, org.PersonID(id))
	}
	by := a.By
	approve := len(a.Approved) > 0 && word == ""
	switch {
	case word == "proposed":
		cmd.Moment = matter.Proposed
	case word == "approved":
		cmd.Moment, by = matter.Done, []rulepack.Path{a.Approved}
	case word == "returned":
		cmd.Moment, by = matter.Returned, []rulepack.Path{a.Approved}
	case word == "refused":
		cmd.Moment, by = matter.Declined, []rulepack.Path{a.Approved}
	case strings.HasPrefix(word, "served"):
		cmd.Moment = matter.Served
		cmd.Recipient = strings.TrimPrefix(strings.TrimPrefix(word, "served"), ".")
	}
	if cmd.Moment == "" || cmd.Moment == matter.Proposed {
		fields, err := r.fields(a, step)
		if err != nil {
			r.wrong(step.Pos, "%v", err)
		}
		cmd.Fields = fields
	}
	cmd.Actor = org.PersonID(step.By)
	if cmd.Actor == "" && !a.Lawful() {
		cmd.Actor = r.someone(by, a, step, cmd.Binds)
	}
	news, refusal := r.decide(cmd, step, day)
	if refusal != nil || !approve {
		return news, refusal
	}
	approval := matter.Command{Act: id, Moment: matter.Done, Party: step.Party, On: step.On}
	approval.Actor = r.someone([]rulepack.Path{a.Approved}, a, step, nil)
	more, refusal := r.decide(approval, step, day)
	return append(news, more...), refusal
}

func (r *run) decide(cmd matter.Command, step rulepack.Step, day calendar.Date) ([]matter.Event, *matter.Refusal) {
	before := len(r.events)
	news, refusal := matter.Decide(r.state, cmd, &r.rules, day)
	if refusal != nil {
		if len(r.events) != before {
			r.wrong(step.Pos, "a refusal changed the record")
		}
		return nil, refusal
	}
	r.record(news, step)
	return news, nil
}

// correct changes the record of the last event that the step names.
func (r *run) correct(step rulepack.Step, day calendar.Date) ([]matter.Event, *matter.Refusal) {
	id, word, _ := strings.Cut(step.Act, ".")
	kind, recipient := matter.Done, ""
	if strings.HasPrefix(word, "served") {
		kind, recipient = matter.Served, strings.TrimPrefix(strings.TrimPrefix(word, "served"), ".")
	}
	cmd := matter.Command{Act: id, Moment: matter.Corrected, On: step.On, Reason: "sample"}
	if step.Kind == rulepack.StepStrike {
		cmd.Moment = matter.Struck
	}
	for _, e := range r.events {
		if e.Act == id && e.Kind == kind && (step.Party == "" || e.Party == step.Party) && (recipient == "" || e.Recipient == recipient) {
			cmd.Target = e.Seq
		}
	}
	a := r.rules.Procedure.Act(id)
	if a == nil {
		return nil, &matter.Refusal{Why: matter.NoSuchAct, Act: id}
	}
	cmd.Actor = org.PersonID(step.By)
	if cmd.Actor == "" {
		cmd.Actor = r.someone(a.By, a, step, nil)
	}
	for _, p := range r.world.persons {
		if p != cmd.Actor && len(cmd.Staff) == 0 && matter.Entitled(r.state, &r.rules, p, a.By[0], a.Each, step.Party, day) {
			cmd.Staff = []org.PersonID{p}
		}
	}
	return r.decide(cmd, step, day)
}

// record keeps the events and holds the kernel to its word: folding the record
// anew gives the same state as applying what is new.
func (r *run) record(news []matter.Event, step rulepack.Step) {
	for _, e := range news {
		r.events = append(r.events, e)
		r.state = matter.Apply(r.state, e, &r.rules)
	}
	again := matter.Fold(r.events, &r.rules)
	if diff := matter.Compare(again, r.state); diff != "" {
		r.wrong(step.Pos, "replay differs: %s", diff)
	}
	r.state = again
}

func fill(out *Step, news []matter.Event) {
	name := func(e matter.Event) string {
		what := e.Term
		if what == "" {
			what = e.Act // of an irregular act
		}
		if e.Party == "" {
			return what
		}
		return what + "/" + e.Party
	}
	lists := map[matter.Kind]*[]string{matter.Met: &out.Met, matter.Lapsed: &out.Lapsed, matter.Released: &out.Released, matter.Reversed: &out.Reversed,
		matter.Found: &out.Findings, matter.Opened: &out.Opened}
	for _, list := range lists {
		*list = []string{}
	}
	for _, e := range news {
		switch e.Kind {
		case matter.Started, matter.Extended:
			if e.Due != 0 {
				out.Dues[name(e)] = e.Due
			}
		case matter.Met, matter.Lapsed, matter.Released:
			*lists[e.Kind] = append(*lists[e.Kind], name(e))
		case matter.Reversed:
			out.Reversed = append(out.Reversed, reversedName(e.Key))
		case matter.Found:
			out.Findings = append(out.Findings, e.Finding+" "+name(e))
		case matter.Opened:
			out.Opened = append(out.Opened, e.Opens.Procedure)
		}
		if e.Kind != matter.Reversed && !e.Kind.Fact() || e.Kind == matter.Done || e.Kind == matter.Served {
			for _, c := range e.Clauses {
				if !slices.Contains(out.Clauses, c) {
					out.Clauses = append(out.Clauses, c)
				}
			}
		}
	}
}

// reversedName shortens a consequence's key to "lapsed statement/a".
func reversedName(key string) string {
	kind, rest, _ := strings.Cut(key, "|")
	if kind == "found" {
		kind, rest, _ = strings.Cut(rest, "|")
	}
	name, _, _ := strings.Cut(rest, "#")
	if kind == string(matter.Opened) {
		name, _, _ = strings.Cut(rest, "|")
	}
	return kind + " " + name
}
