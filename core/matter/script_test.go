// SPDX-License-Identifier: Apache-2.0

package matter_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

// A script is a small pack and dated lines. Each line is one command of the
// year 2026 and, behind ->, all that must come of it, in order:
//
//	03-02 intake by=clerk decider=bureau -> started report_time 03-09
//	03-10@03-12 report by=clerk           entered two days after its legal day
//	03-10 decide/a:guilty by=head         about party a, with an outcome
//	03-10 extend.approved by=head         one moment of an act
//	03-10 report by=clerk -> refused too_early a3
//	03-10 tick -> lapsed report_time; late report_time
type script struct {
	name  string
	acts  string
	terms string
	// more are further parts of the pack: under "facts" (also recusal) of the
	// procedure, under "locals" and "head" of the head, else files. A local is
	// "5 days", or "5 days@03-10, 9 days@04-01" where it is set on a day.
	more  map[string]string
	local map[string]string
	// later is a version in force from 10 March, to which "move" moves.
	later *script
	lines string
	// check looks at the state that the script leaves.
	check func(t *testing.T, p *play)
}

const label = "label: {zh: 文, en: text}"

// pack builds the files of a script's pack. Every clause a1 to a30 exists, L
// stands for a label, and act intake starts the matter.
func packFiles(acts, terms string, more map[string]string) rulepack.Files {
	long := func(s string) []byte { return []byte(strings.ReplaceAll(s, "{L", "{"+label)) }
	var clauses strings.Builder
	clauses.WriteString("clauses:\n")
	for i := range 30 {
		fmt.Fprintf(&clauses, "  - {id: a%d, anchor: a%d, kind: duty, exec: enforce, gist: {zh: 文, en: text}}\n", i+1, i+1)
	}
	procedure := `procedure: toy
title: {zh: 文, en: text}
cite: a1
parties:
  decider: {L, unit: true}
  joint: {L, unit: true, optional: true, many: true}
  team: {L, person: true, many: true, optional: true}
  respondent: {L, any: true, many: true, optional: true}
  absent: {L, person: true, many: true, optional: true}
` + more["facts"] + `
acts:
  intake: {L, by: decider, starts: true, binds: [respondent, team], cite: a1}
` + acts
	if terms != "" {
		procedure += "\nterms:\n" + terms
	}
	files := rulepack.Files{
		"pack.yaml": long(`pack: toy
title: {zh: 文, en: text}
in_force: {from: 2020-01-01}
locals:
  span: {L, type: limit, cite: a1}
` + more["locals"] + `
blocks: {promotion: {zh: 文, en: text}, award: {zh: 文, en: text}}
settles: {role: decider.principal, cite: a30}
` + more["head"] + `
roles:
  higher: {L, body: above, of: decider, cite: a1}
`),
		"clauses.yaml":         []byte(clauses.String()),
		"procedures/toy.yaml":  long(procedure),
		"forms/extra.yaml":     long("form: extra\nfields:\n  extra: {L, type: limit, required: true, cite: a21}\n"),
		"forms/until.yaml":     long("form: until\nfields:\n  until: {L, type: date, required: true, cite: a21}\n"),
		"forms/flag.yaml":      long("form: flag\nfields:\n  flag: {L, type: bool, required: true, cite: a21}\n"),
		"forms/note.yaml":      long("form: note\nfields:\n  note: {L, type: longtext, required: true, cite: a22}\n  scan: {L, type: file}\n"),
		"papers/letter.yaml":   long("paper: letter\ntitle: {zh: 文, en: text}\ncite: a23\ncontents:\n  body: {L, type: longtext, cite: a23}\n"),
		"tables/measures.yaml": long("ladder: measures\ntitle: {zh: 文, en: text}\ncite: a24\nrows:\n  talk: {L}\n  warn: {L}\n  dismiss: {L}\n"),
	}
	for name, text := range more {
		if strings.Contains(name, "/") {
			files[name] = long(text)
		}
	}
	return files
}

func load(tb testing.TB, files rulepack.Files) *rulepack.Pack {
	tb.Helper()
	pack, diags := rulepack.Load(files)
	if pack == nil {
		tb.Fatalf("the pack of this test is wrong: %v", diags)
	}
	return pack
}

func china(tb testing.TB) *calendar.Calendar {
	tb.Helper()
	cal, err := calendar.China()
	if err != nil {
		tb.Fatal(err)
	}
	return cal
}

// people is the organisation of every script: who holds which post where. Lin
// was principal of the bureau until 10 March 2026, when head followed.
func people() *org.Org {
	unit := func(id, above string, kind org.UnitKind) org.Unit {
		return org.Unit{ID: org.UnitID(id), Superior: org.UnitID(above), Kind: kind, From: 1}
	}
	units := []org.Unit{unit("bureau", "city", org.Department), unit("city", "", org.Government), unit("school", "bureau", org.School), unit("police", "city", org.Department)}
	var posts []org.Post
	var persons []org.Person
	var tenures []org.Tenure
	hold := func(person, unit string, class org.Class, from, to calendar.Date) {
		post := org.PostID(unit + "." + string(class) + "." + person)
		persons = append(persons, org.Person{ID: org.PersonID(person)})
		posts = append(posts, org.Post{ID: post, Unit: org.UnitID(unit), Class: class})
		tenures = append(tenures, org.Tenure{Person: org.PersonID(person), Post: post, From: from, To: to})
	}
	change := calendar.MakeDate(2026, 3, 10)
	hold("lin", "bureau", org.Principal, 1, change)
	hold("head", "bureau", org.Principal, change.AddDays(1), 0)
	hold("deputy", "bureau", org.Deputy, 1, 0)
	for _, p := range []string{"clerk", "officer", "third"} {
		hold(p, "bureau", org.Staff, 1, 0)
	}
	hold("mayor", "city", org.Principal, 1, 0)
	hold("aide", "city", org.Staff, 1, 0)
	hold("rector", "school", org.Principal, 1, 0)
	hold("a", "school", org.Staff, 1, 0)
	hold("b", "school", org.Staff, 1, 0)
	hold("chief", "police", org.Principal, 1, 0)
	persons = append(persons, org.Person{ID: "nobody"})
	return org.New(units, posts, persons, tenures)
}

// play is a matter as a script leads it.
type play struct {
	t      *testing.T
	rules  *matter.Rules
	events []matter.Event
	state  *matter.State
	// day is the last day of the script, known the last that was recorded.
	day, known calendar.Date
}

func newPlay(t *testing.T, pack *rulepack.Pack, cal *calendar.Calendar, locals map[string]string) *play {
	p := &play{t: t, rules: &matter.Rules{Procedure: pack.Procedures[0], Org: people(), Calendar: cal, Locals: settings(t, locals)}}
	p.state = matter.Fold(nil, p.rules)
	return p
}

// settings reads what local parameters are, and from which day.
func settings(t testing.TB, locals map[string]string) matter.Locals {
	out := matter.Locals{}
	for name, text := range locals {
		for _, one := range strings.Split(text, ", ") {
			v, from, dated := strings.Cut(one, "@")
			s := matter.Setting{Value: v}
			if dated {
				s.From = day(t, from)
			}
			out[name] = append(out[name], s)
		}
	}
	return out
}

func day(t testing.TB, s string) calendar.Date {
	d, err := calendar.ParseDate("2026-" + s)
	if err != nil {
		t.Fatalf("day %q: %v", s, err)
	}
	return d
}

// command reads a line up to its arrow.
func (p *play) command(line string) (matter.Command, calendar.Date, bool) {
	words := strings.Fields(line)
	on, entered, late := strings.Cut(words[0], "@")
	c := matter.Command{On: day(p.t, on), Binds: map[string][]matter.Ref{}, Fields: map[string]expr.Value{}}
	p.day = max(p.day, c.On)
	if late {
		p.day = max(p.day, day(p.t, entered))
	}
	if words[1] == "tick" || words[1] == "move" {
		return c, p.day, false
	}
	head, outcome, _ := strings.Cut(words[1], ":")
	head, party, _ := strings.Cut(head, "/")
	act, moment, _ := strings.Cut(head, ".")
	c.Act, c.Party, c.Outcome = act, party, outcome
	c.Moment = map[string]matter.Kind{"": "", "proposed": matter.Proposed, "approved": matter.Done, "returned": matter.Returned,
		"refused": matter.Declined, "served": matter.Served, "corrected": matter.Corrected, "struck": matter.Struck,
		"confirmed": matter.Confirmed, "annulled": matter.Annulled}[moment]
	for _, w := range words[2:] {
		key, v, ok := strings.Cut(w, "=")
		if !ok {
			p.t.Fatalf("%s: %q is no option", line, w)
		}
		p.option(&c, key, v)
	}
	return c, p.day, true
}

func (p *play) option(c *matter.Command, key, v string) {
	switch key {
	case "by":
		c.Actor = org.PersonID(v)
	case "staff":
		for _, s := range strings.Split(v, ",") {
			c.Staff = append(c.Staff, org.PersonID(s))
		}
	case "reason":
		c.Reason = v
	case "irregular":
		c.Irregular, c.Reason = true, v
	case "meeting", "present", "for", "against", "abstain", "defer", "last", "heard", "why":
		minute(c, key, v)
	case "to":
		c.Recipient = v
	case "of": // the n-th fact of the record, counted from 1
		var n int
		fmt.Sscan(v, &n)
		c.Target = p.state.Facts()[n-1].Seq
	default:
		if p.rules.Procedure.Party(key) != nil {
			for _, id := range strings.Split(v, ",") {
				ref := matter.Ref{Person: org.PersonID(id)}
				if _, unit := p.rules.Org.Unit(org.UnitID(id)); unit {
					ref = matter.Ref{Unit: org.UnitID(id)}
				}
				c.Binds[key] = append(c.Binds[key], ref)
			}
			return
		}
		p.field(c, key, v)
	}
}

// minute adds one thing to the minutes: who was present, who said what, who spoke
// last, who was heard, and why=no where nobody gave a reason.
func minute(c *matter.Command, key, v string) {
	if c.Minutes == nil {
		c.Minutes = &matter.Minutes{}
	}
	m := c.Minutes
	list := strings.Split(v, ",")
	switch key {
	case "meeting":
		m.Meeting = v
	case "last":
		m.Last = org.PersonID(v)
	case "heard":
		m.Heard = list
	case "why":
		for i := range m.Votes {
			m.Votes[i].Reason = ""
		}
	case "present":
		for _, p := range list {
			m.Present = append(m.Present, org.PersonID(p))
		}
	default:
		option := map[string]string{"for": rulepack.Agree, "against": rulepack.Disagree, "abstain": rulepack.Abstain, "defer": rulepack.Defer}[key]
		for _, p := range list {
			m.Votes = append(m.Votes, matter.Vote{Person: org.PersonID(p), Option: option, Reason: "x"})
		}
	}
}

func (p *play) field(c *matter.Command, key, v string) {
	for _, a := range p.rules.Procedure.Acts {
		for _, f := range a.Fields() {
			if f.ID == key {
				parsed, err := expr.Parse(f.ValueType(), strings.ReplaceAll(v, "~", " "))
				if err != nil {
					p.t.Fatal(err)
				}
				c.Fields[key] = parsed
				return
			}
		}
	}
	c.Fields[key] = expr.OfText(v)
}

// run plays lines and compares what is stated. After each line the laws that
// hold of every matter are tested.
func (p *play) run(lines string) {
	p.t.Helper()
	for _, line := range strings.Split(lines, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		do, want, stated := strings.Cut(line, "->")
		c, today, act := p.command(do)
		var got []string
		if strings.HasSuffix(strings.TrimSpace(do), " move") {
			news := matter.Move(p.state, p.rules, "later", today)
			p.record(news, today)
			got = told(news)
		} else if !act {
			news := matter.Advance(p.state, p.rules, today)
			p.record(news, today)
			got = told(news)
		} else if news, refusal := p.decide(c, today); refusal != nil {
			got = []string{strings.TrimSpace("refused " + string(refusal.Why) + " " + strings.ReplaceAll(strings.Join(refusal.Clauses, " "), "toy-", ""))}
			if !stated {
				p.t.Errorf("%s\n  refused: %s %v names %v day %s", line, refusal.Why, refusal.Clauses, refusal.Names, refusal.Day)
			}
		} else {
			got = told(news)
		}
		if !stated {
			continue
		}
		var wanted []string
		for _, w := range strings.Split(want, ";") {
			if w = strings.Join(strings.Fields(w), " "); w != "" {
				wanted = append(wanted, w)
			}
		}
		if !slices.Equal(got, wanted) {
			p.t.Errorf("%s\n  got    %s\n  wanted %s", do, strings.Join(got, "; "), strings.Join(wanted, "; "))
		}
	}
}

func (p *play) decide(c matter.Command, today calendar.Date) ([]matter.Event, *matter.Refusal) {
	before := text(c)
	news, refusal := matter.Decide(p.state, c, p.rules, today)
	if after := text(c); after != before {
		p.t.Errorf("the command was changed: %s\n%s", before, after)
	}
	if bad := sound(p.state, c, p.rules, today, p.events, news, refusal); bad != "" {
		p.t.Errorf("%+v: %s", c, bad)
	}
	if refusal == nil {
		p.record(news, today)
	}
	return news, refusal
}

func (p *play) record(news []matter.Event, today calendar.Date) {
	p.known = today
	for _, e := range news {
		p.events = append(p.events, e)
		p.state = matter.Apply(p.state, p.rules, e)
	}
	if bad := kept(p.state, p.events, p.rules, p.known); bad != "" {
		p.t.Error(bad)
	}
}

// told writes the consequences among events as a script does.
func told(news []matter.Event) []string {
	var out []string
	for _, e := range news {
		name := e.Term
		if e.Party != "" {
			name += "/" + e.Party
		}
		due := ""
		if e.Due != 0 {
			due = " " + strings.TrimPrefix(e.Due.String(), "2026-")
		}
		switch e.Kind {
		case matter.Started, matter.Extended, matter.Resumed:
			out = append(out, string(e.Kind)+" "+name+due)
		case matter.Met, matter.Lapsed, matter.Stopped:
			out = append(out, string(e.Kind)+" "+name)
		case matter.Released: // struck, where it was taken back; over, where it ended
			kind, _, _ := strings.Cut(e.Key, "|")
			out = append(out, strings.Replace(kind, "ended", "over", 1)+" "+name)
		case matter.Found:
			out = append(out, strings.TrimSpace(e.Finding+" "+name+e.Act))
		case matter.Followed:
			out = append(out, strings.TrimSuffix("followed "+e.Act+"/"+e.Party, "/"))
		case matter.Opened:
			out = append(out, "opened "+e.Opens.Procedure)
		case matter.Ended:
			out = append(out, strings.Join(strings.Fields("ended "+e.Party+" "+e.Outcome), " "))
		case matter.Reversed:
			kind, rest, _ := strings.Cut(e.Key, "|")
			if kind == "found" {
				kind, rest, _ = strings.Cut(rest, "|")
			}
			rest, _, _ = strings.Cut(rest, "#")
			out = append(out, "reversed "+kind+" "+strings.ReplaceAll(strings.Trim(rest, "|"), "|", " "))
		}
	}
	return out
}

// how writes a word into acts where they leave it open.
func how(acts, word string) string { return strings.ReplaceAll(acts, "%s", word) }
