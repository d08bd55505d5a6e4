// SPDX-License-Identifier: Apache-2.0

package matter_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

// wf11 reads the pack of that name, cases left out.
func wf11(tb testing.TB) *rulepack.Pack {
	tb.Helper()
	files := rulepack.Files{}
	paths, err := filepath.Glob("../../packs/wf11/*/*.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	for _, path := range append(paths, "../../packs/wf11/pack.yaml", "../../packs/wf11/clauses.yaml") {
		data, err := os.ReadFile(path)
		if err != nil {
			tb.Fatal(err)
		}
		if name, _ := filepath.Rel("../../packs/wf11", path); filepath.Dir(name) != "cases" {
			files[filepath.ToSlash(name)] = data
		}
	}
	return load(tb, files)
}

// busy is a small pack with one of each relation.
func busy(tb testing.TB) *rulepack.Pack {
	return load(tb, packFiles(`
  name_one: {L, by: decider, repeat: true, binds: [respondent], cite: a2}
  swear: {L, by: team, each: team, repeat: true, cite: a3, outcomes: {clean: {L}, interest: {L, recuses: true, cite: a4}}}
  report: {L, by: [team, decider], staff: {at_least: 1, of: decider, cite: a5}, cite: a6}
  extend: {L, by: decider, approved_by: {role: decider.principal, cite: a7}, repeat: true, form: extra, cite: a8}
  hear: {L, by: decider, each: respondent, after: [{act: report, cite: a9}], cite: a10}
  decide: {L, by: decider.leadership, each: respondent, after: [{any: [hear, pleading.lapsed], cite: a11}], separate_from: [{act: report, cite: a12}], cite: a13, outcomes: {
    guilty: {L, opens: [appeal]}, cleared: {L, ends: cleared, releases: all}, back: {L, redo: [report, hear, decide]}}}
  decide_now: {L, by: higher, each: respondent, counts_as: decide, cite: a14, outcomes: {guilty: {L, opens: [appeal]}}}
  plead: {L, by: respondent, each: respondent, repeat: true, modality: may, cite: a15}
  letter: {L, by: decider, each: respondent, after: [{act: decide.guilty, cite: a16}], paper: letter, to: [respondent, respondent.unit], cite: a17}
  appeal: {L, by: respondent, each: respondent, open: false, after: [{act: letter.served, cite: a18}], closes: [decide_now], cite: a19}
  review: {L, by: higher, each: respondent, after: [{act: appeal, cite: a20}], ends: reviewed, cite: a21}
  settled: {L, by: law, each: respondent, after: [{act: appealing.lapsed, cite: a22}], ends: settled, cite: a23}
  bad_letter: {L, by: higher, each: respondent, repeat: true, cite: a24}
  fix: {L, by: decider, each: respondent, after: [bad_letter], repeat: true, cite: a25}
  publish: {L, by: decider, after: [{act: decide, cite: a26}], waits_for: [{term: reporting, cite: a27}], cite: a28}`, `
  reporting: {L, kind: duty, of: decider, start: intake, within: 5 days, met_by: report, extended_by: {act: extend, by: {set_by: extra}, times: 2, total: 20 days, cite: a1}, cite: a2}
  pleading: {L, kind: right, of: respondent, each: respondent, start: [intake, name_one], within: 4 days, met_by: plead, cite: a3}
  deciding: {L, kind: duty, of: decider, each: respondent, start: [report], within: 6 days, met_by: decide, cite: a4}
  serving: {L, kind: duty, of: decider, each: respondent, start: letter, within: 3 working_days, met_by: letter.served, cite: a5}
  telling: {L, kind: duty, of: decider, each: respondent, start: letter, within: 3 working_days, met_by: letter.served.respondent.unit, cite: a6}
  appealing: {L, kind: right, of: respondent, each: respondent, start: letter.served, within: 7 days, met_by: appeal, cite: a7}
  reviewing: {L, kind: duty, of: higher, each: respondent, start: appeal, within: 7 days, met_by: review, on_lapse: {finding: red, cite: a9}, cite: a8}
  fixing: {L, kind: duty, of: decider, each: respondent, start: bad_letter, met_by: fix, cite: a11}
  publishing: {L, kind: duty, of: decider, start: [{moment: decide.guilty, parties: any}], within: 1 week, met_by: publish, cite: a12}`, nil))
}

// course is a matter driven at random.
type course struct {
	rules  *matter.Rules
	state  *matter.State
	record []matter.Event
	day    calendar.Date
	people []org.PersonID
}

func newCourse(pack *rulepack.Pack, cal *calendar.Calendar) *course {
	c := &course{rules: &matter.Rules{Procedure: pack.Procedures[0], Org: people(), Calendar: cal, Locals: matter.Always(map[string]string{"team_days": "3 working_days"})}, day: calendar.MakeDate(2026, 3, 2),
		people: []org.PersonID{"lin", "head", "deputy", "clerk", "officer", "third", "mayor", "aide", "rector", "a", "b", "chief", "nobody"}}
	c.rules.Locals["meeting_quorum"], c.rules.Locals["meeting_majority"] = []matter.Setting{{Value: "2/3"}}, []matter.Setting{{Value: "1/2"}}
	c.rules.Locals["span"] = []matter.Setting{{From: c.day + 8, Value: "5 days"}}
	c.rules.Locals["lenient"] = []matter.Setting{{From: c.day + 12, Value: "true"}}
	c.state = matter.Fold(nil, c.rules)
	return c
}

func (c *course) add(news []matter.Event) {
	for _, e := range news {
		c.record = append(c.record, e)
		c.state = matter.Apply(c.state, c.rules, e)
	}
}

// next is a random command: often one that is offered, sometimes anything.
func (c *course) next(t *rapid.T) matter.Command {
	pick := func(n int, what string) int { return rapid.IntRange(0, n-1).Draw(t, what) }
	acts := c.rules.Procedure.Acts
	cmd := matter.Command{Actor: c.people[pick(len(c.people), "actor")], Reason: "x", On: c.day - calendar.Date(max(0, pick(12, "late")-8))}
	if !c.state.Started() {
		start := acts[slices.IndexFunc(acts, func(a *rulepack.Act) bool { return a.Starts })]
		cmd.Act, cmd.Actor, cmd.On = start.ID, "clerk", c.day
		cmd.Binds = map[string][]matter.Ref{"decider": {{Unit: "bureau"}}}
		cmd.Fields = c.fields(t, start, cmd)
		return cmd
	}
	var offers []matter.Offer
	for _, o := range matter.Offers(c.state, cmd.Actor, c.rules, c.day) {
		if o.Refusal == nil {
			offers = append(offers, o)
		}
	}
	if len(offers) > 0 && pick(10, "offered") > 0 {
		o := offers[pick(len(offers), "offer")]
		cmd.Act, cmd.Party, cmd.Moment, cmd.Recipient = o.Act.ID, o.Party, o.Moment, o.Recipient
	} else {
		cmd.Act = acts[pick(len(acts), "act")].ID
		if parties := c.state.Parties(); len(parties) > 0 && pick(2, "of a party") == 0 {
			cmd.Party = parties[pick(len(parties), "party")].Key()
		}
		cmd.Moment = []matter.Kind{"", matter.Done, matter.Proposed, matter.Returned, matter.Declined, matter.Served, matter.Corrected, matter.Struck}[pick(8, "moment")]
		if facts := c.state.Facts(); cmd.Moment == matter.Corrected || cmd.Moment == matter.Struck {
			cmd.Target = facts[pick(len(facts), "target")].Seq
		}
	}
	a := c.rules.Procedure.Act(cmd.Act)
	if n := len(a.Outcomes); n > 0 {
		cmd.Outcome = a.Outcomes[pick(n, "outcome")].ID
	}
	for range pick(3, "staff") {
		cmd.Staff = append(cmd.Staff, c.people[pick(len(c.people), "one")])
	}
	if a.Staff != nil && pick(4, "enough staff") > 0 {
		cmd.Staff = nil
		for _, p := range c.people {
			if matter.Entitled(c.state, c.rules, p, a.Staff.Of, a.Each, cmd.Party, cmd.On) {
				cmd.Staff = append(cmd.Staff, p)
			}
		}
	}
	for _, name := range a.Effects.Binds {
		if cmd.Binds == nil {
			cmd.Binds = map[string][]matter.Ref{}
		}
		if p := c.rules.Procedure.Party(name); p.Person {
			for range pick(3, "bound") + 1 {
				cmd.Binds[name] = append(cmd.Binds[name], matter.Ref{Person: c.people[pick(len(c.people), "whom")]})
			}
		}
	}
	if cmd.Moment == "" || cmd.Moment == matter.Done || cmd.Moment == matter.Proposed {
		cmd.Fields = c.fields(t, a, cmd)
	}
	c.richly(t, &cmd)
	return cmd
}

func (c *course) fields(t *rapid.T, a *rulepack.Act, cmd matter.Command) map[string]expr.Value {
	out := map[string]expr.Value{}
	for _, f := range a.Fields() {
		n := rapid.IntRange(0, 15).Draw(t, f.ID)
		if n == 15 {
			continue
		}
		switch f.Type {
		case rulepack.FieldBool:
			out[f.ID] = expr.OfBool(n%2 == 0)
		case rulepack.FieldDate:
			out[f.ID] = expr.OfDate(cmd.On + calendar.Date(n))
		case rulepack.FieldEnum:
			out[f.ID] = expr.OfText(f.Options[n%len(f.Options)].ID)
		case rulepack.FieldSet:
			out[f.ID] = expr.OfSet(f.Options[n%len(f.Options)].ID)
		case rulepack.FieldLimit:
			out[f.ID] = expr.OfText(fmt.Sprintf("%d working_days", n+1))
		case rulepack.FieldInt:
			out[f.ID] = expr.OfInt(int64(n))
		case rulepack.FieldFile:
			out[f.ID] = expr.OfSet("file")
		case rulepack.FieldPersons:
			if f.ID == rulepack.RecusalAbout {
				out[f.ID] = expr.OfSet([]string{"clerk", "officer", "lin", "third"}[n%4])
				continue
			}
			out[f.ID] = expr.OfSet("deputy", "lin")
			if cmd.On > calendar.MakeDate(2026, 3, 10) {
				out[f.ID] = expr.OfSet("deputy", "head")
			}
		default:
			out[f.ID] = expr.OfText("x")
		}
	}
	return out
}

// structural are the reasons that no form, party, outcome or fellow could mend.
var structural = []matter.Why{matter.NoSuchAct, matter.NotStarted, matter.HasEnded, matter.NotEntitled, matter.IsRecused, matter.IsForbidden, matter.AlreadyDone,
	matter.NotInQuestion, matter.TooEarly, matter.StillOwed, matter.RightLapsed, matter.SamePerson, matter.CapReached, matter.NotProposed, matter.NothingToServe}

// honest tests that what is offered to a person as possible is not refused for
// a reason that stood already.
func (c *course) honest(t *rapid.T, person org.PersonID) {
	for _, o := range matter.Offers(c.state, person, c.rules, c.day) {
		if o.Refusal != nil {
			if len(o.Refusal.Clauses) == 0 {
				t.Fatalf("%s/%s is not offered, on no clause", o.Act.ID, o.Party)
			}
			continue
		}
		cmd := matter.Command{Act: o.Act.ID, Party: o.Party, Moment: o.Moment, Recipient: o.Recipient, Actor: person, On: c.day, Reason: "x"}
		if len(o.Act.Outcomes) > 0 {
			cmd.Outcome = o.Act.Outcomes[0].ID
		}
		_, r := matter.Decide(c.state, cmd, c.rules, c.day)
		if r != nil && slices.Contains(structural, r.Why) && (r.Why != matter.CapReached || r.Count > 0) {
			t.Fatalf("%s/%s %s is offered to %s and refused: %s %v", o.Act.ID, o.Party, o.Moment, person, r.Why, r.Names)
		}
	}
}

// prefix leads a matter of wf11 some way along its plain course, so that chance
// does not have to find the way there.
func (c *course) prefix(t *rapid.T) {
	switch {
	case c.rules.Procedure.ID == "case":
		c.follow(t, c.plain())
	case c.rules.Procedure.Recusal != nil:
		c.richPrefix(t)
	}
}

// plain is the plain course of a matter of wf11, as far as the appeal.
func (c *course) plain() []matter.Command {
	text, team := expr.OfText("x"), []org.PersonID{"officer"}
	recommended := func(measure string) map[string]expr.Value {
		return map[string]expr.Value{"found": expr.OfSet("media"), "conduct": expr.OfSet("wrongly"), "result": expr.OfSet("bad_event"), "first_duty": text,
			"aggravating": expr.OfSet("no_factor"), "mitigating": expr.OfSet("no_factor"), "recommended": expr.OfSet(measure)}
	}
	minutes := &matter.Minutes{Meeting: "leadership", Present: []org.PersonID{"lin", "deputy"},
		Votes: []matter.Vote{{Person: "lin", Option: rulepack.Agree, Reason: "x"}, {Person: "deputy", Option: rulepack.Agree, Reason: "x"}}}
	return []matter.Command{
		{Act: "accident", Fields: map[string]expr.Value{"happened_on": expr.OfDate(c.day), "place": text, "summary": text}, Binds: map[string][]matter.Ref{"decider": {{Unit: "bureau"}}}},
		{Act: "form_team", Actor: "deputy", Fields: map[string]expr.Value{"joint_needed": expr.OfBool(false)}, Binds: map[string][]matter.Ref{"team": {{Person: "clerk"}, {Person: "officer"}}}},
		{Act: "declare", Party: "clerk", Outcome: "none_held"},
		{Act: "declare", Party: "officer", Outcome: "none_held", Actor: "officer"},
		{Act: "name_respondent", Binds: map[string][]matter.Ref{"respondent": {{Person: "rector"}, {Unit: "school"}}}},
		{Act: "inquire", Staff: team, Fields: map[string]expr.Value{"record": text}},
		{Act: "recommend", Party: "rector", Fields: recommended("criticism")},
		{Act: "recommend", Party: "school", Fields: recommended("interview")},
		{Act: "report", Staff: team, Outcome: "accountable", Fields: map[string]expr.Value{"findings": text, "material": expr.OfSet("x"), "explanation": text}},
		{Act: "hear", Party: "rector", Outcome: "waived", Fields: map[string]expr.Value{"record": text}},
		{Act: "decide", Party: "rector", Outcome: "accountable", Actor: "deputy", Minutes: minutes,
			Fields: map[string]expr.Value{"measures": expr.OfSet("criticism"), "gravity": expr.OfText("lighter"), "weighed": text, "earlier": expr.OfInt(0)}},
		{Act: "letter", Party: "rector", Fields: map[string]expr.Value{"heading": text, "name": text, "sex": expr.OfText("female"), "born": expr.OfDate(c.day), "unit_post": text, "facts": text, "basis": text,
			"measure_text": text, "appeal_period": text, "appeal_body": text, "dated": expr.OfDate(c.day)}},
		{Act: "letter", Moment: matter.Served, Party: "rector"},
		{Act: "appeal", Party: "rector", Actor: "rector", Outcome: "to_higher", Fields: map[string]expr.Value{"text": text}},
	}
}

// follow does the first of what is planned.
func (c *course) follow(t *rapid.T, plan []matter.Command) {
	for _, cmd := range plan[:rapid.IntRange(0, len(plan)).Draw(t, "prefix")] {
		if r := c.planned(cmd); r != nil {
			t.Fatalf("%s: %s %v", cmd.Act, r.Why, r.Names)
		}
	}
}

func (c *course) planned(cmd matter.Command) *matter.Refusal {
	if cmd.On = c.day; cmd.Actor == "" {
		cmd.Actor = "clerk"
	}
	news, refusal := matter.Decide(c.state, cmd, c.rules, c.day)
	c.add(news)
	return refusal
}

// drive leads a matter at random and tests after each step what must hold.
func drive(t *rapid.T, c *course, steps int, each func(cmd matter.Command, refusal *matter.Refusal)) {
	c.prefix(t)
	for range steps {
		c.day += calendar.Date(max(0, rapid.IntRange(-2, 4).Draw(t, "days")))
		if rapid.IntRange(0, 9).Draw(t, "tick") == 0 {
			c.add(matter.Advance(c.state, c.rules, c.day))
			continue
		}
		cmd := c.next(t)
		news, refusal := matter.Decide(c.state, cmd, c.rules, c.day)
		if bad := sound(c.state, cmd, c.rules, c.day, c.record, news, refusal); bad != "" {
			t.Fatalf("%+v: %s", cmd, bad)
		}
		if each != nil {
			each(cmd, refusal)
		}
		if refusal != nil {
			continue
		}
		c.add(news)
		if bad := kept(c.state, c.record, c.rules, c.day); bad != "" {
			t.Fatalf("after %+v: %s", cmd, bad)
		}
		c.honest(t, c.people[rapid.IntRange(0, len(c.people)-1).Draw(t, "to whom")])
	}
}

func packs(t *testing.T) map[string]*rulepack.Pack {
	return map[string]*rulepack.Pack{"wf11": wf11(t), "busy": busy(t), "rich": rich(t)}
}

// Whatever is commanded, in whatever order: what sound, kept and honest test
// holds after every step.
func TestAnyCourse(t *testing.T) {
	cal := china(t)
	for name, pack := range packs(t) {
		t.Run(name, func(t *testing.T) {
			done := map[string]int{}
			rapid.Check(t, func(t *rapid.T) {
				drive(t, newCourse(pack, cal), 20, func(cmd matter.Command, refusal *matter.Refusal) {
					if refusal == nil && cmd.Target == 0 {
						done[cmd.Act]++
					}
				})
			})
			if len(done) < len(pack.Procedures[0].Acts)/2 {
				t.Errorf("only these were ever done: %v", done)
			}
		})
	}
}

// plain is a consequence without its place in the record.
func plain(s *matter.State) []string {
	var out []string
	for _, e := range s.Consequences() {
		opens := ""
		if e.Opens != nil {
			opens = e.Opens.Procedure
		}
		out = append(out, fmt.Sprint(e.Kind, e.On, e.Act, e.Term, e.Party, e.Due, e.Provisional, e.Finding, e.Outcome, e.Bearer, e.Clauses, opens))
	}
	return out
}

// The state does not depend on which day was typed first: facts of distinct
// days, recorded in another order, have the same consequences.
func TestOrderOfRecord(t *testing.T) {
	cal := china(t)
	for name, pack := range packs(t) {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				c := newCourse(pack, cal)
				c.prefix(t)
				for range 20 {
					c.day += calendar.Date(rapid.IntRange(1, 3).Draw(t, "days"))
					cmd := c.next(t)
					if cmd.Target != 0 {
						continue
					}
					if news, refusal := matter.Decide(c.state, cmd, c.rules, c.day); refusal == nil {
						c.add(news)
					}
				}
				seen := map[calendar.Date]bool{}
				var facts []matter.Event
				for _, e := range c.state.Facts() {
					if !seen[e.On] {
						seen[e.On] = true
						e.Kept, e.Seq = nil, len(facts)+1
						facts = append(facts, e)
					}
				}
				shuffled := rapid.Permutation(facts).Draw(t, "order")
				for i := range shuffled {
					shuffled[i].Seq = i + 1
				}
				whole, other := matter.Fold(facts, c.rules).At(c.rules, c.day+400), matter.Fold(shuffled, c.rules).At(c.rules, c.day+400)
				if diff := cmp.Diff(plain(whole), plain(other)); diff != "" {
					t.Fatalf("(-as entered +shuffled)\n%s", diff)
				}
			})
		})
	}
}

// A clock that stopped never changes an answer: with or without the days being
// let come in between, the same commands have the same answers, and in the end
// the same holds.
func TestStoppedClock(t *testing.T) {
	cal := china(t)
	for name, pack := range packs(t) {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				c, still := newCourse(pack, cal), newCourse(pack, cal)
				c.prefix(t)
				for _, e := range c.record {
					still.add([]matter.Event{e})
				}
				for range 15 {
					c.day += calendar.Date(rapid.IntRange(0, 6).Draw(t, "days"))
					still.day = c.day
					c.add(matter.Advance(c.state, c.rules, c.day))
					cmd := c.next(t)
					if cmd.Target != 0 {
						continue
					}
					news, refusal := matter.Decide(c.state, cmd, c.rules, c.day)
					news2, refusal2 := matter.Decide(still.state, cmd, still.rules, still.day)
					if diff := cmp.Diff(refusal, refusal2); diff != "" {
						t.Fatalf("%+v (-ticking +stopped)\n%s", cmd, diff)
					}
					c.add(news)
					still.add(news2)
				}
				if diff := cmp.Diff(plain(c.state.At(c.rules, c.day)), plain(still.state.At(c.rules, c.day))); diff != "" {
					t.Fatalf("(-ticking +stopped)\n%s", diff)
				}
			})
		})
	}
}

// A day that somebody was told never moves nearer, however the record changes.
func TestToldDays(t *testing.T) {
	cal := china(t)
	for name, pack := range map[string]*rulepack.Pack{"busy": busy(t), "rich": rich(t)} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				c := newCourse(pack, cal)
				for range 25 {
					c.day += calendar.Date(rapid.IntRange(0, 2).Draw(t, "days"))
					before := c.state
					cmd := c.next(t)
					news, refusal := matter.Decide(c.state, cmd, c.rules, c.day)
					if refusal != nil {
						continue
					}
					c.add(news)
					if bad := nearer(before, c.state, c.rules, c.day); bad != "" {
						t.Fatalf("%+v: %s", cmd, bad)
					}
				}
			})
		})
	}
}

// nearer tells which last day came nearer, or what was done in time and is late
// now. What a new decision fixes is its own; an effect burdens by lasting.
func nearer(before, after *matter.State, rules *matter.Rules, day calendar.Date) string {
	was, is := before.At(rules, day), after.At(rules, day)
	replaced := map[string]bool{}
	for _, e := range is.Consequences() {
		if strings.HasPrefix(e.Key, "replaced|") {
			replaced[e.Term+"/"+e.Party] = true
		}
	}
	for _, o := range was.Obligations() {
		if t := rules.Procedure.Term(o.Term); t.Kind == rulepack.Effect || replaced[o.Term+"/"+o.Party] {
			continue
		}
		for _, n := range is.Obligations() {
			if o.Term != n.Term || o.Party != n.Party || o.Start != n.Start || o.Status == matter.Held || n.Status == matter.Held {
				continue
			}
			if slices.ContainsFunc(n.Stops, func(s calendar.Stop) bool { return s.Until == 0 }) {
				continue // met while it stood still: it has no last day
			}
			over := n.Status == matter.StatusFreed || (n.Status == matter.StatusMet && n.MetOn <= n.Due)
			if n.Due < o.Due && n.Due != 0 && !over {
				return fmt.Sprintf("%s moved from %s to %s", o.Key, o.Due, n.Due)
			}
			if in := o.Status == matter.StatusMet && o.MetOn <= o.Due; in && n.Status == matter.StatusMet && n.MetOn == o.MetOn && n.MetOn > n.Due {
				return fmt.Sprintf("%s was met in time on %s and is late for %s", o.Key, o.MetOn, n.Due)
			}
		}
	}
	return ""
}
