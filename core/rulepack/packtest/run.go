// SPDX-License-Identifier: Apache-2.0

// Package packtest runs a pack's worked cases through the kernel and finds what
// they prove: a clause is run and tested only if a case fails without the rule
// that cites it, and a pack is tested only if its cases hold on other days, with
// things unsaid, in other orders of record, and notice each small change of it.
// It judges packs, never matters of the office, and it knows no regulation; it
// starts no goroutine, but its jobs may be done by several. Start at Run for one
// case, Test or NewPlan for all of it, Count for the clauses.
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
	Stopped  []string                 `json:"stopped"`
	Resumed  []string                 `json:"resumed"`
	Blocked  []string                 `json:"blocked"`
}

// stage is a case with its world, which is the same however often it is played.
type stage struct {
	c     *rulepack.Case
	world *world
}

func newStage(c *rulepack.Case) stage { return stage{c, newWorld(c)} }

// care is what a playing looks at, besides the record it makes.
type care uint8

const (
	// statements are held against what came of each step.
	statements care = 1 << iota
	// replays fold the record anew after each step, and after each refusal.
	replays
)

type run struct {
	stage
	care   care
	pack   *rulepack.Pack
	rules  matter.Rules
	events []matter.Event
	state  *matter.State
	report Report
	// day is the last day the case has come to.
	day calendar.Date
	// refusal is that of the last step, if it was refused.
	refusal *matter.Refusal
	// witness is shown every command before it is judged.
	witness func(*run, matter.Command, calendar.Date)
}

// begin opens the case under a pack's rules; nil where they have no such
// procedure.
func begin(pack *rulepack.Pack, st stage, cal *calendar.Calendar, care care) *run {
	proc := pack.Procedure(st.c.Procedure)
	if proc == nil {
		return nil
	}
	r := &run{stage: st, care: care, pack: pack, report: Report{Case: st.c.Title, OK: true},
		rules: matter.Rules{Procedure: proc, Org: st.world.org, Calendar: cal, Locals: matter.Always(st.c.Locals)}}
	r.state = matter.Fold(nil, &r.rules)
	return r
}

// fork returns a run that goes on from here and leaves r as it is.
func (r *run) fork() *run {
	out := *r
	out.events = slices.Clip(r.events)
	out.report.Steps, out.report.Wrong = slices.Clip(r.report.Steps), slices.Clip(r.report.Wrong)
	return &out
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
	r := begin(pack, newStage(c), cal, statements|replays)
	if r == nil {
		r = &run{stage: stage{c: c}, report: Report{Case: c.Title}}
		r.wrong(c.Pos, "there is no procedure %s", c.Procedure)
		return r.report, nil
	}
	for _, step := range c.Steps {
		r.step(step)
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

func (r *run) step(step rulepack.Step) Step {
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
	case rulepack.StepConfirm, rulepack.StepAnnul:
		out.Result = "settled"
		news, refusal = r.settle(step, day)
	case rulepack.StepCorrect, rulepack.StepStrike:
		out.Result = "corrected"
		news, refusal = r.correct(step, day)
	default:
		news, refusal = r.act(step, day)
	}
	if refusal != nil {
		out.Result, out.Why, out.Names, out.Clauses = "refused", string(refusal.Why), refusal.Names, refusal.Clauses
	}
	r.fill(&out, news)
	out.Blocked = r.blocked(day)
	r.refusal = refusal
	if r.care&statements != 0 {
		r.compare(step, out, refusal, news)
	}
	r.report.Steps = append(r.report.Steps, out)
	return out
}

func orNull(s string, set bool) any {
	if !set {
		return nil
	}
	return s
}

// act does a step. An act that needs approval is proposed and approved on the
// same day, unless the step names one moment of it.
func (r *run) act(step rulepack.Step, day calendar.Date) ([]matter.Event, *matter.Refusal) {
	id, word, _ := strings.Cut(step.Act, ".")
	a := r.rules.Procedure.Act(id)
	if a == nil {
		return nil, &matter.Refusal{Why: matter.NoSuchAct, Act: id, Names: []string{id}}
	}
	cmd := matter.Command{Act: id, Outcome: step.Outcome, Party: step.Party, On: step.On, Binds: r.world.refs(step.Parties), Reason: step.Set["reason"]}
	if a.Starts && !r.state.Started() {
		cmd.Binds = map[string][]matter.Ref{}
		maps.Copy(cmd.Binds, r.world.refs(r.c.Parties))
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
		if len(a.Meetings) > 0 {
			cmd.Minutes = r.minutes(a, step)
		}
	}
	cmd.Irregular = step.Irregular != ""
	if cmd.Irregular && cmd.Reason == "" {
		cmd.Reason = "sample"
	}
	cmd.Actor = org.PersonID(step.By)
	if cmd.Actor == "" && !a.Lawful() {
		cmd.Actor = r.someone(by, a, step, cmd.Binds)
	}
	if a.Jointly && word == "" {
		return r.jointly(a, cmd, step, day)
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
	if r.witness != nil {
		r.witness(r, cmd, day)
	}
	news, refusal := matter.Decide(r.state, cmd, &r.rules, day)
	if refusal == nil {
		r.record(news, step)
		return news, nil
	}
	if r.care&replays != 0 {
		if diff := matter.Compare(matter.Fold(r.events, &r.rules), r.state); diff != "" {
			r.wrong(step.Pos, "a refusal changed the state: %s", diff)
		}
	}
	return nil, refusal
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
	r.events = append(r.events, news...)
	r.state = matter.Apply(r.state, &r.rules, news...)
	if r.care&replays == 0 {
		return
	}
	again := matter.Fold(r.events, &r.rules)
	if diff := matter.Compare(again, r.state); diff != "" {
		r.wrong(step.Pos, "replay differs: %s", diff)
	}
	r.state = again
}

func (r *run) fill(out *Step, news []matter.Event) {
	lists := map[matter.Kind]*[]string{matter.Met: &out.Met, matter.Lapsed: &out.Lapsed, matter.Released: &out.Released, matter.Reversed: &out.Reversed,
		matter.Found: &out.Findings, matter.Opened: &out.Opened, matter.Stopped: &out.Stopped, matter.Resumed: &out.Resumed}
	for _, list := range lists {
		*list = []string{}
	}
	for _, e := range news {
		switch e.Kind {
		case matter.Started, matter.Extended, matter.Resumed:
			if e.Due != 0 {
				out.Dues[nameOf(e)] = e.Due
			}
			if e.Kind == matter.Resumed {
				out.Resumed = append(out.Resumed, nameOf(e))
			}
		case matter.Stopped, matter.Met, matter.Lapsed, matter.Released:
			*lists[e.Kind] = append(*lists[e.Kind], nameOf(e))
		case matter.Reversed:
			out.Reversed = append(out.Reversed, r.reversed(e))
		case matter.Found:
			out.Findings = append(out.Findings, findingOf(e))
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

// nameOf is term/party, or of an irregular act act/party.
func nameOf(e matter.Event) string {
	what := e.Term
	if what == "" {
		what = e.Act
	}
	if e.Party == "" {
		return what
	}
	return what + "/" + e.Party
}

func findingOf(e matter.Event) string { return strings.TrimSpace(e.Finding + " " + nameOf(e)) }

// reversed names what no longer holds: what is irregular by its act.
func (r *run) reversed(e matter.Event) string {
	if e.Target > 0 && e.Target <= len(r.events) {
		if was := r.events[e.Target-1]; was.Key == e.Key && was.Kind == matter.Found && was.Term == "" {
			return findingOf(was)
		}
	}
	return reversedName(e.Key)
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
