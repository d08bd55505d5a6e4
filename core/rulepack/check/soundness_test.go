// SPDX-License-Identifier: Apache-2.0

package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

const soundLabel = "label: {zh: 文, en: text}"

// invent writes a small procedure by chance. Whatever the loader accepts is a
// test.
type inventor struct {
	t     *rapid.T
	acts  []string
	terms []string
	each  map[string]string
	outs  map[string]bool
	paper map[string]bool
}

func (v *inventor) chance(of int) bool { return rapid.IntRange(0, of-1).Draw(v.t, "chance") == 0 }

func (v *inventor) one(list []string) string {
	return list[rapid.IntRange(0, len(list)-1).Draw(v.t, "one")]
}

func (v *inventor) moment() string {
	if v.chance(6) {
		return v.one(v.terms) + ".lapsed"
	}
	a := v.one(v.acts)
	switch {
	case v.outs[a] && v.chance(2):
		return a + "." + v.one([]string{"x", "y"})
	case v.paper[a] && v.chance(2):
		return a + ".served"
	}
	return a
}

func (v *inventor) list(of func() string, most int) string {
	var out []string
	for range rapid.IntRange(1, most).Draw(v.t, "n") {
		if s := of(); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return "[" + strings.Join(out, ", ") + "]"
}

func (v *inventor) effects() string {
	s := ""
	act := func() string { return v.one(v.acts) }
	for _, key := range []string{"opens", "closes", "redo"} {
		if v.chance(7) {
			s += fmt.Sprintf(", %s: %s", key, v.list(act, 2))
		}
	}
	if v.chance(8) {
		s += ", releases: " + v.one([]string{"all", "[" + v.one(v.terms) + "]"})
	}
	if v.chance(6) {
		s += ", ends: over"
	}
	if v.chance(12) {
		s += ", revokes: " + act()
	}
	if v.chance(12) {
		s += ", replaces: " + act()
	}
	if v.chance(10) {
		what := fmt.Sprintf("terms: [%s]", v.one(v.terms))
		if v.chance(3) {
			what = "matter: true"
		}
		s += fmt.Sprintf(", stops: {%s, how: %s, until: [%s], cite: c2}", what, v.one([]string{"exclude", "suspend", "interrupt"}), v.moment())
	}
	return s
}

func (v *inventor) act(id string) string {
	s := fmt.Sprintf("  %s: {%s, cite: c1", id, soundLabel)
	law := v.chance(8)
	if law {
		s += ", by: law"
	} else {
		s += ", by: office"
	}
	if v.each[id] != "" {
		s += ", each: " + v.each[id]
	}
	if v.chance(3) {
		s += ", repeat: true"
	}
	if v.chance(8) {
		s += ", open: false"
	}
	if v.paper[id] {
		s += ", paper: letter, to: [" + v.one([]string{"person", "friend", "person, office", "person.unit"}) + "]"
	}
	if law || v.chance(2) {
		entry := func() string { return v.moment() }
		if v.chance(3) {
			entry = func() string { return fmt.Sprintf("{any: [%s, %s]}", v.moment(), v.moment()) }
		} else if v.chance(4) {
			entry = func() string { return fmt.Sprintf("{act: %s, wait: 2 days}", v.moment()) }
		} else if v.chance(4) {
			entry = func() string { return fmt.Sprintf("{act: %s, when: flag}", v.moment()) }
		}
		s += ", after: " + v.list(entry, 2)
	}
	if v.chance(8) {
		s += ", waits_for: [" + v.one(v.terms) + "]"
	}
	if v.chance(8) {
		s += ", form: flags"
	}
	if v.chance(8) {
		s += ", binds: [" + v.one([]string{"person", "friend"}) + "]"
	}
	if v.chance(6) {
		s += fmt.Sprintf(`, needs: [{if: "%s", cite: c3}]`, v.guard())
	}
	if v.chance(12) {
		s += fmt.Sprintf(`, when: "%s"`, v.guard())
	}
	if v.chance(12) {
		if other := v.one(v.acts); other != id && v.each[other] == v.each[id] {
			s += ", counts_as: " + other
		}
	}
	if v.outs[id] {
		s += fmt.Sprintf(", outcomes: {x: {%s%s}, y: {%s%s}}", soundLabel, v.effects(), soundLabel, v.effects())
	}
	return s + v.effects() + "}\n"
}

func (v *inventor) guard() string {
	return v.one([]string{"flag", "!flag", "done(" + v.moment() + ")", "!done(" + v.moment() + ")", "owed(" + v.one(v.terms) + ")", "!owed(" + v.one(v.terms) + ")",
		"running(" + v.one(v.terms) + ")", "lapsed(" + v.one(v.terms) + ")", "bound(friend)", "!bound(friend)", "flag || done(" + v.moment() + ")"})
}

func (v *inventor) term(id string) string {
	kind := v.one([]string{"duty", "duty", "duty", "right", "window", "effect", "period"})
	s := fmt.Sprintf("  %s: {%s, cite: c1, kind: %s, of: office, start: [%s", id, soundLabel, kind, v.moment())
	if v.chance(3) {
		s += ", {moment: " + v.moment() + ", when: " + v.one([]string{"flag", `"!flag"`}) + "}"
	} else if v.chance(5) {
		s += ", {moment: " + v.moment() + ", wait: 3 days}"
	} else if v.chance(6) {
		s += `, {becomes: "` + v.guard() + `"}`
	}
	s += "]"
	if v.each[id] != "" {
		s += ", each: " + v.each[id]
	}
	moment := func() string { return v.moment() }
	switch kind {
	case "effect":
		s += ", lasts: 4 days, until: " + v.list(moment, 1)
	case "period":
		s += ", every: 3 days, met_by: " + v.list(moment, 2)
	default:
		s += ", met_by: " + v.list(moment, 2)
		if kind == "window" || v.chance(2) {
			s += fmt.Sprintf(", within: %d days", rapid.IntRange(2, 7).Draw(v.t, "within"))
		}
		if kind == "duty" && v.chance(6) {
			s += ", undone_by: " + v.list(moment, 1)
		}
	}
	return s + "}\n"
}

func invent(t *rapid.T) (rulepack.Files, *rulepack.Pack) {
	v := &inventor{t: t, each: map[string]string{}, outs: map[string]bool{}, paper: map[string]bool{}}
	for i := range rapid.IntRange(2, 6).Draw(t, "acts") {
		id := fmt.Sprintf("a%d", i)
		v.acts = append(v.acts, id)
		v.each[id] = v.one([]string{"", "", "person", "person", "friend"})
		v.outs[id], v.paper[id] = v.chance(4), v.chance(6)
	}
	for i := range rapid.IntRange(1, 4).Draw(t, "terms") {
		id := fmt.Sprintf("t%d", i)
		v.terms = append(v.terms, id)
		v.each[id] = v.one([]string{"", "person"})
	}
	text := ""
	for _, a := range v.acts {
		text += v.act(a)
	}
	setters := slices.Clone(v.acts)
	v.acts = append(v.acts, "begin")
	terms := ""
	for _, id := range v.terms {
		terms += v.term(id)
	}
	files := around(setters, text, terms)
	pack, _ := rulepack.Load(files)
	return files, pack
}

// around is the pack in which acts and terms are tried: an office, persons and
// perhaps a friend, and a flag that some of the acts state.
func around(setters []string, acts, terms string) rulepack.Files {
	text := "procedure: p\ntitle: {zh: 文, en: text}\ncite: c1\nparties:\n  office: {" + soundLabel + ", unit: true}\n  person: {" + soundLabel + ", person: true, many: true}\n  friend: {" +
		soundLabel + ", person: true, many: true, optional: true}\nfacts:\n  flag: {" + soundLabel + ", type: bool, set_by: [" + strings.Join(setters, ", ") + "]}\nacts:\n  begin: {" + soundLabel +
		", by: office, starts: true, binds: [person, friend], cite: c1}\n" + acts + "terms:\n" + terms
	return rulepack.Files{
		"pack.yaml":           []byte("pack: hall\ntitle: {zh: 文, en: text}\nin_force: {from: 2020-01-01}\n"),
		"clauses.yaml":        []byte("clauses:\n  - {id: c1, anchor: a, kind: duty, exec: enforce, gist: {zh: 文, en: text}}\n  - {id: c2, anchor: b, kind: duty, exec: enforce, gist: {zh: 文, en: text}}\n  - {id: c3, anchor: c, kind: duty, exec: enforce, gist: {zh: 文, en: text}}\n"),
		"forms/flags.yaml":    []byte("form: flags\nfields:\n  flag: {" + soundLabel + ", type: bool}\n"),
		"papers/letter.yaml":  []byte("paper: letter\ntitle: {zh: 文, en: text}\ncite: c1\n"),
		"procedures/one.yaml": []byte(text),
	}
}

// people is a small organisation: an office, and persons of another unit.
func people() *org.Org {
	var posts []org.Post
	var persons []org.Person
	var tenures []org.Tenure
	hold := func(person, unit string, class org.Class) {
		post := org.PostID(unit + "." + person)
		persons = append(persons, org.Person{ID: org.PersonID(person)})
		posts = append(posts, org.Post{ID: post, Unit: org.UnitID(unit), Class: class})
		tenures = append(tenures, org.Tenure{Person: org.PersonID(person), Post: post, From: 1})
	}
	hold("clerk", "bureau", org.Staff)
	for _, p := range []string{"p1", "p2", "p3", "f1", "f2", "f3"} {
		hold(p, "school", org.Staff)
	}
	return org.New([]org.Unit{{ID: "bureau", From: 1}, {ID: "school", From: 1}}, posts, persons, tenures)
}

// player leads a matter of the real kernel.
type player struct {
	rules *matter.Rules
	state *matter.State
	day   calendar.Date
	did   map[string]bool
	began map[string]bool
	ended bool
}

func newPlayer(pack *rulepack.Pack, cal *calendar.Calendar) *player {
	p := &player{rules: &matter.Rules{Procedure: pack.Procedures[0], Org: people(), Calendar: cal, Locals: matter.Always(nil)}, day: calendar.MakeDate(2026, 3, 2), did: map[string]bool{}, began: map[string]bool{}}
	p.state = matter.Fold(nil, p.rules)
	return p
}

func (p *player) add(events []matter.Event) {
	for _, e := range events {
		p.state = matter.Apply(p.state, p.rules, e)
		switch e.Kind {
		case matter.Done, matter.Followed:
			p.did[e.Act] = true
			if e.Outcome != "" {
				p.did[e.Act+"."+e.Outcome] = true
			}
		case matter.Started:
			p.began[e.Term] = true
		case matter.Ended:
			p.ended = p.ended || e.Party == ""
		}
	}
}

// do carries out a command on its day and reports whether it was permitted.
func (p *player) do(c matter.Command) bool {
	c.On, c.Actor, c.Reason = p.day, "clerk", "x"
	events, refusal := matter.Decide(p.state, c, p.rules, p.day)
	p.add(events)
	return refusal == nil
}

func (p *player) wait(days int) {
	p.day += calendar.Date(days)
	p.add(matter.Advance(p.state, p.rules, p.day))
}

// step does something by chance.
func (p *player) step(t *rapid.T) {
	pick := func(n int, what string) int { return rapid.IntRange(0, n-1).Draw(t, what) }
	if days := pick(8, "days"); days > 4 {
		p.wait(days - 4)
	}
	acts := p.rules.Procedure.Acts
	a := acts[pick(len(acts), "act")]
	c := matter.Command{Act: a.ID, Fields: map[string]expr.Value{}, Binds: map[string][]matter.Ref{}}
	if !p.state.Started() {
		a = acts[0]
		c.Act = a.ID
		c.Binds["office"] = []matter.Ref{{Unit: "bureau"}}
	}
	if a.Each != "" {
		c.Party = a.Each[:1] + fmt.Sprint(pick(3, "party")+1)
	}
	if len(a.Outcomes) > 0 {
		c.Outcome = a.Outcomes[pick(len(a.Outcomes), "outcome")].ID
	}
	if len(a.Fields()) > 0 && pick(4, "stated") > 0 {
		c.Fields["flag"] = expr.OfBool(pick(2, "flag") == 0)
	}
	for _, name := range a.Effects.Binds {
		for i := range 3 {
			if pick(2, "bind") == 0 || (i == 2 && name == "person" && len(c.Binds[name]) == 0) {
				c.Binds[name] = append(c.Binds[name], matter.Ref{Person: org.PersonID(fmt.Sprintf("%s%d", name[:1], i+1))})
			}
		}
	}
	if a.Paper != nil && pick(2, "serve") == 0 {
		c.Moment, c.Fields, c.Binds, c.Outcome = matter.Served, nil, nil, ""
		if r := a.To[pick(len(a.To), "recipient")]; pick(2, "all") == 0 {
			c.Recipient = r.Path.String()
		}
	}
	p.do(c)
}

// What the kernel does, the checker may not have called impossible.
func TestSound(t *testing.T) {
	cal, err := calendar.China()
	if err != nil {
		t.Fatal(err)
	}
	packs, claims, stuck := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		files, pack := invent(t)
		if pack == nil {
			t.Skip("the loader refuses it")
		}
		packs++
		c := newChecker(pack, Options{Files: files})
		c.limit = 120 // a claim needs all markings of a question, and small ones are many
		c.run()
		never := map[string]rulepack.Diagnostic{}
		for _, d := range c.diags {
			switch d.Code {
			case rulepack.CodeNeverDone, rulepack.CodeNeverStarts, rulepack.CodeNoEnd, rulepack.CodeNeverComes, rulepack.CodeStuckDuty, rulepack.CodeStuckMatter:
				if d.Severity == rulepack.Error {
					claims++
					never[string(d.Code)+" "+d.Args[0]] = d
				}
			}
		}
		text := "\n" + string(files["procedures/one.yaml"])
		for range 3 {
			p := newPlayer(pack, cal)
			for range 25 {
				p.step(t)
			}
			for id := range p.did {
				if d, ok := never["QP0101 "+id]; ok {
					t.Fatalf("%s was done: %s%s", id, d, text)
				}
				if d, ok := never["QP0126 "+id]; ok {
					t.Fatalf("%s came: %s%s", id, d, text)
				}
			}
			for id := range p.began {
				if d, ok := never["QP0109 "+id]; ok {
					t.Fatalf("%s began: %s%s", id, d, text)
				}
			}
			if d, ok := never["QP0103 p"]; ok && p.ended {
				t.Fatalf("it ended: %s%s", d, text)
			}
		}
		for _, id := range slices.Sorted(maps.Keys(c.ways)) {
			w := c.ways[id]
			_, duty := never["QP0102 "+id]
			_, whole := never["QP0104 "+id]
			if !duty && !whole {
				continue
			}
			p := newPlayer(pack, cal)
			if !p.follow(w) || (duty && !p.owes(id)) {
				continue // days that the model leaves out stand in the way
			}
			stuck++
			for range 30 {
				p.step(t)
			}
			if whole && p.ended {
				t.Fatalf("%s ended after all: %s%s", id, written(w.path(w.at)), text)
			}
			if duty && !p.owes(id) && !p.ended {
				t.Fatalf("%s was met after all: %s%s", id, written(w.path(w.at)), text)
			}
		}
	})
	t.Logf("%d packs, %d claims, %d ways followed", packs, claims, stuck)
	if packs > 50 && (claims < 10 || stuck == 0) {
		t.Errorf("%d packs, %d claims, %d ways followed: the test proves nothing", packs, claims, stuck)
	}
}

// Acts that can be done and once were called impossible, in packs as small as
// they get.
func TestNotImpossible(t *testing.T) {
	for _, c := range []struct{ name, act, acts, terms string }{
		{"one that counts as another, for those for whom it was never done itself", "a0", `
  a0: {by: office, paper: letter, to: [person], after: [a1], counts_as: a1}
  a1: {by: office}
  a2: {by: office, each: person, after: [a0.served], ends: over}`, `
  t0: {kind: duty, start: begin, met_by: a1}`},
		{"an act that was closed is not one of several that came", "a2", `
  a0: {by: office, each: friend, repeat: true}
  a1: {by: law, each: person, after: [{any: [t0.lapsed, a0]}], closes: [a2], ends: over}
  a2: {by: office, each: person, after: [a0], ends: over}
  a3: {by: office, closes: [a0]}`, `
  t0: {kind: duty, start: a2, each: person, met_by: a0, within: 3 days}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := around([]string{"a0"}, filled(c.acts), filled(c.terms))
			pack, diags := rulepack.Load(files)
			if pack == nil {
				t.Fatal(diags)
			}
			for _, d := range Check(pack, Options{Files: files}) {
				if d.Code == rulepack.CodeNeverDone && d.Args[0] == c.act {
					t.Error(d)
				}
			}
		})
	}
}

// filled puts in what every act and term of a small pack must have.
func filled(s string) string {
	s = strings.ReplaceAll(s, "LABEL", soundLabel)
	s = strings.NewReplacer(": {by:", ": {"+soundLabel+", cite: c1, by:", ": {kind:", ": {"+soundLabel+", cite: c1, of: office, kind:").Replace(s)
	return strings.TrimPrefix(s, "\n") + "\n"
}

func (p *player) owes(term string) bool { return len(p.dues(term)) > 0 }

// dues lists the runnings of a term that are owed.
func (p *player) dues(term string) []string {
	var out []string
	for _, o := range p.state.At(p.rules, p.day).Obligations() {
		if o.Term == term && o.Owed() {
			out = append(out, o.Key)
		}
	}
	return out
}

// follow leads a matter of the kernel the way that the checker names.
func (p *player) follow(w way) bool {
	at := w.at
	var chain []int
	for ; at > 0; at = w.nodes[at].from {
		chain = append(chain, at)
	}
	slices.Reverse(chain)
	for _, n := range chain {
		e := w.nodes[n].by
		before := &marking{model: w.model, s: []byte(w.nodes[w.nodes[n].from].state)}
		after := &marking{model: w.model, s: []byte(w.nodes[n].state)}
		key := func(i int) string {
			return fmt.Sprintf("%s%d", w.inst[i][:1], slices.Index(w.byName[w.inst[i]], i)+1)
		}
		if e.kind == lapse {
			p.wait(9)
			continue
		}
		if e.kind == begin || e.kind == tick {
			p.wait(4)
			continue
		}
		if e.kind != doAct && e.kind != serve {
			return false
		}
		c := matter.Command{Act: e.act.ID, Fields: map[string]expr.Value{}, Binds: map[string][]matter.Ref{}}
		if e.inst != 0 {
			c.Party = key(e.inst)
		}
		if e.kind == serve {
			c.Moment, c.Recipient = matter.Served, e.act.To[e.n].Path.String()
		} else if len(e.act.Outcomes) > 0 {
			c.Outcome = e.act.Outcomes[e.n].ID
		}
		if e.act.Starts {
			c.Binds["office"] = []matter.Ref{{Unit: "bureau"}}
		}
		for i := 1; i < len(w.inst) && e.kind == doAct; i++ {
			name := w.inst[i]
			_, told := w.slots[variable{isParty, "", i}]
			if name != "office" && (told && after.party(i) == 1 && before.party(i) != 1 || !told && e.act.Starts) {
				c.Binds[name] = append(c.Binds[name], matter.Ref{Person: org.PersonID(key(i))})
			}
		}
		if v := after.get(isFact, "flag", 0); v > 0 && len(e.act.Fields()) > 0 {
			c.Fields["flag"] = expr.OfBool(v == 2)
		}
		p.wait(2)
		if !p.do(c) {
			return false
		}
	}
	return true
}
