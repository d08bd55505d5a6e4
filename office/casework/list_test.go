// SPDX-License-Identifier: Apache-2.0

package casework_test

import (
	"errors"
	"slices"
	"testing"

	"quanze/core/calendar"
	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack/expr"
	"quanze/office/casework"
	"quanze/office/officetest"
	"quanze/office/registry"
	"quanze/store"
)

func refused(err error) matter.Why {
	var r *matter.Refusal
	if errors.As(err, &r) {
		return r.Why
	}
	return ""
}

func (b *bench) today(person string) []string {
	b.t.Helper()
	items, next, err := b.desk.Today(b.t.Context(), of(person), store.Page{})
	if err != nil || next != "" {
		b.t.Fatal(err, next)
	}
	out := []string{}
	for _, i := range items {
		out = append(out, i.Term.Term)
	}
	slices.Sort(out)
	return out
}

func (b *bench) mine(person string) []store.Matter {
	b.t.Helper()
	rows, next, err := b.desk.Mine(b.t.Context(), of(person), store.Page{})
	if err != nil || next != "" {
		b.t.Fatal(err, next)
	}
	return rows
}

func TestLists(t *testing.T) {
	b := newBench(t, "")
	id := b.Open()
	b.Team(id)
	b.act(id, matter.Command{Act: "name_respondent", Actor: "clerk", Binds: map[string][]matter.Ref{"respondent": {{Unit: "school"}}}})
	everybody := []string{"head", "clerk", "mayor", "teacher", "rector", "colleague", "stranger", ""}
	lists := func(when string, today map[string][]string, mine ...string) {
		t.Helper()
		for _, p := range everybody {
			want := today[p]
			if want == nil {
				want = []string{}
			}
			same(t, when+": today of "+p, want, b.today(p))
			if has := len(b.mine(p)) == 1; has != slices.Contains(mine, p) {
				t.Errorf("%s: the matter is on the list of %q: %t", when, p, has)
			}
		}
	}
	bound := []string{"head", "clerk", "teacher", "rector"}
	work := []string{"inquiry"}
	lists("named", map[string][]string{"head": work, "clerk": work}, bound...)
	b.reported(id, "teacher", "school")
	b.decided(id, "school")
	work = []string{"execution", "letter_time", "service_time"}
	lists("decided", map[string][]string{"head": work, "clerk": work}, bound...)
	b.lettered(id, "school")
	b.served(id, "school")
	work = []string{"execution"}
	lists("served", map[string][]string{"head": work, "clerk": work, "rector": {"appeal_time"}}, bound...)
}

// A count or a day that changes on a list would tell of a decision before it is
// served.
func TestListsTellTheConcernedOnlyTheirSide(t *testing.T) {
	b := newBench(t, "")
	id := b.Open()
	b.Team(id)
	b.reported(id, "teacher")
	summary := func(person string) store.Summary {
		t.Helper()
		rows := b.mine(person)
		if len(rows) != 1 {
			t.Fatalf("%d matters", len(rows))
		}
		return rows[0].Summary
	}
	bare := store.Summary{Title: "yard"}
	same(t, "reported", bare, summary("teacher"))
	b.decided(id, "teacher")
	same(t, "decided", bare, summary("teacher"))
	if s := summary("clerk"); s.Owed != 4 || s.NextDue == 0 {
		t.Errorf("who works on it reads %+v", s)
	}
	b.lettered(id, "teacher")
	b.served(id, "teacher")
	same(t, "served", store.Summary{Title: "yard", Owed: 1, NextDue: officetest.Day(23)}, summary("teacher"))
}

// A respondent who works in the deciding body does not learn by his unit's
// lists what was decided on him; who is recused learns nothing more.
func TestListsOfInsiders(t *testing.T) {
	b := newBench(t, "")
	id := b.Open()
	b.Team(id)
	b.act(id, matter.Command{Act: "name_respondent", Actor: "clerk", Binds: map[string][]matter.Ref{"respondent": {{Person: "deputy"}}}})
	same(t, "respondent named", []string{}, b.today("deputy"))
	same(t, "his boss", []string{"inquiry"}, b.today("head"))
	same(t, "before he is recused", []string{"inquiry"}, b.today("officer"))
	b.act(id, matter.Command{Act: "declare", Actor: "officer", Party: "officer", Outcome: "interest"})
	same(t, "recused", []string{}, b.today("officer"))
	if rows := b.mine("officer"); len(rows) != 0 {
		t.Errorf("who is recused has it on his list: %+v", rows)
	}
	other := b.Open()
	same(t, "another matter of the unit", []string{}, b.today("officer")) // its team has no limit yet
	b.Team(other)
	same(t, "another matter of the unit", []string{"inquiry"}, b.today("officer"))
	same(t, "another matter of the unit", []string{"inquiry"}, b.today("deputy"))
}

func TestListsGoOnByPages(t *testing.T) {
	b := newBench(t, "")
	want := map[matter.ID]bool{}
	for range 5 {
		id := b.Open()
		b.Team(id)
		want[id] = true
	}
	for _, person := range []string{"clerk", "teacher"} {
		mine, owed := map[matter.ID]bool{}, map[matter.ID]bool{}
		for p := (store.Page{Limit: 2}); ; {
			rows, next, err := b.desk.Mine(t.Context(), of(person), p)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range rows {
				mine[m.ID] = true
			}
			if p.After = next; next == "" {
				break
			}
		}
		for p := (store.Page{Limit: 2}); ; {
			items, next, err := b.desk.Today(t.Context(), of(person), p)
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range items {
				owed[i.Matter] = true
			}
			if p.After = next; next == "" {
				break
			}
		}
		same(t, person, want, mine)
		if person == "clerk" {
			same(t, "owed", want, owed)
		}
	}
}

func TestADraftGoesWithItsAct(t *testing.T) {
	b := newBench(t, "")
	id := b.Open()
	b.Team(id)
	mine := store.DraftKey{Account: of("teacher").ID, Matter: id, Act: "state", Party: "teacher"}
	others := []store.DraftKey{
		{Account: of("colleague").ID, Matter: id, Act: "state", Party: "teacher"},
		{Account: mine.Account, Matter: id, Act: "appeal", Party: "teacher"},
		{Account: mine.Account, Matter: "other", Act: "state", Party: "teacher"},
	}
	drafted := func(k store.DraftKey) string {
		t.Helper()
		d, found, err := b.DB.Reader().Draft(t.Context(), k)
		if err != nil || found != (d.Body != "") {
			t.Fatal(found, err)
		}
		return d.Body
	}
	for _, k := range append(others, mine) {
		for _, body := range []string{`{"text":["first"]}`, `{"text":["second"]}`} {
			if err := b.desk.KeepDraft(t.Context(), k, body); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := drafted(mine); got != `{"text":["second"]}` {
		t.Errorf("the draft is %s", got)
	}
	do := func(fields map[string]expr.Value) error {
		return b.desk.Do(t.Context(), of("teacher"), id, matter.Command{Act: "state", Party: "teacher", On: b.Today(), Fields: fields})
	}
	if why := refused(do(nil)); why != matter.ContentMissing {
		t.Errorf("without a text: %s", why)
	}
	if drafted(mine) == "" {
		t.Error("a refused act took the draft along")
	}
	if err := do(officetest.Fields("text", "said")); err != nil {
		t.Fatal(err)
	}
	if got := drafted(mine); got != "" {
		t.Errorf("the draft outlives the act: %s", got)
	}
	for _, k := range others {
		if drafted(k) == "" {
			t.Errorf("the draft of %+v is gone too", k)
		}
	}
}

func TestWhoMayBegin(t *testing.T) {
	b := newBench(t, "")
	may := func(person string) []string {
		t.Helper()
		all, err := b.desk.MayBegin(t.Context(), of(person))
		if err != nil {
			t.Fatal(err)
		}
		out := []string{}
		for _, s := range all {
			out = append(out, s.Pack.Code+"/"+s.Procedure.ID+" "+s.Act.ID+" "+s.Party+"="+string(s.Unit))
		}
		return out
	}
	if err := b.Registry.Enter(t.Context(), "", registry.Organisation{
		Persons: []org.Person{{ID: "retired", Name: "retired"}, {ID: "double", Name: "double"}},
		Tenures: []org.Tenure{{Person: "retired", Post: "clerk@bureau", From: calendar.MakeDate(2020, 1, 1), To: officetest.Day(2)},
			{Person: "double", Post: "clerk@bureau", From: calendar.MakeDate(2020, 1, 1)}, {Person: "double", Post: "teacher@hill", From: officetest.Day(3)}},
	}); err != nil {
		t.Fatal(err)
	}
	bureau := []string{"wf11/case accident decider=bureau", "wf11/implementation suggest sender=bureau"}
	for person, want := range map[string][]string{
		"clerk": bureau, "rector": {"wf11/case accident decider=school"}, "mayor": {"wf11/case accident decider=city"}, "stranger": {}, "": {},
		"retired": bureau, "double": bureau,
	} {
		same(t, "may begin: "+person, want, may(person))
	}
	b.Set(officetest.Day(3))
	same(t, "the day after his last", []string{}, may("retired"))
	same(t, "with a second post", []string{"wf11/case accident decider=bureau", "wf11/case accident decider=hill", "wf11/implementation suggest sender=bureau"}, may("double"))
	b.Set(calendar.MakeDate(2011, 5, 29)) // before the pack is in force, and before anybody's tenure
	same(t, "too early", []string{}, may("clerk"))
}

func TestBegin(t *testing.T) {
	b := newBench(t, "")
	all, err := b.desk.MayBegin(t.Context(), of("clerk"))
	if err != nil || len(all) != 2 {
		t.Fatal(all, err)
	}
	start := all[0]
	key := store.DraftKey{Account: of("clerk").ID, Act: casework.BeginKey(start.Procedure, start.Act)}
	if err := b.desk.KeepDraft(t.Context(), key, `{}`); err != nil {
		t.Fatal(err)
	}
	f := with(officetest.Fields("place", "the long yard behind the gymnasium of the second school", "summary", "a fall"), "happened_on", expr.OfDate(b.Today()))
	command := matter.Command{Act: "accident", On: b.Today(), Fields: f, Binds: map[string][]matter.Ref{"decider": {{Unit: "city"}}}}
	if _, err := b.desk.Begin(t.Context(), of("clerk"), start.Procedure, command); refused(err) != matter.NotEntitled {
		t.Errorf("for another unit: %v", err)
	}
	if _, found, _ := b.DB.Reader().Draft(t.Context(), key); !found {
		t.Error("a refused beginning took the draft along")
	}
	if rows := b.mine("mayor"); len(rows) != 0 {
		t.Errorf("a refused beginning left %+v", rows)
	}
	command.Binds["decider"] = []matter.Ref{{Unit: "bureau"}}
	id, err := b.desk.Begin(t.Context(), of("clerk"), start.Procedure, command)
	if err != nil {
		t.Fatal(err)
	}
	b.InOrder(id)
	if _, found, _ := b.DB.Reader().Draft(t.Context(), key); found {
		t.Error("the draft outlives the beginning")
	}
	v := b.see("clerk", id)
	if v.Title != f["place"].Text() || v.Events[0].Actor.Person != "clerk" || v.OpenedOn != b.Today() {
		t.Errorf("%+v", v.Matter.Matter)
	}
	if _, err := b.desk.See(t.Context(), of("rector"), id); !fault.Is(err, fault.Absent) {
		t.Errorf("the rector: %v", err)
	}
}
