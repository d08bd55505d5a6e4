// SPDX-License-Identifier: Apache-2.0

package casework_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack/expr"
	"quanze/office/casework"
	"quanze/office/officetest"
	"quanze/store"
	"quanze/store/blob"
)

type bench struct {
	*officetest.City
	t     *testing.T
	desk  *casework.Desk
	files *blob.Folder
}

func newBench(t *testing.T, url string) *bench {
	t.Helper()
	files, err := blob.Open(filepath.Join(t.TempDir(), "files"))
	if err != nil {
		t.Fatal(err)
	}
	c := officetest.New(t, url)
	return &bench{c, t, casework.New(c.Office, files), files}
}

// of is the account of a person.
func of(person string) store.Account {
	return store.Account{ID: store.AccountID("account of " + person), Login: person, Person: org.PersonID(person)}
}

func people(ids ...string) []org.PersonID {
	var out []org.PersonID
	for _, id := range ids {
		out = append(out, org.PersonID(id))
	}
	return out
}

func with(fields map[string]expr.Value, name string, v expr.Value) map[string]expr.Value {
	fields[name] = v
	return fields
}

func (b *bench) act(id matter.ID, commands ...matter.Command) {
	b.t.Helper()
	for _, c := range commands {
		if err := b.Do(id, c); err != nil {
			b.t.Fatalf("%s %s: %v", c.Moment, c.Act, err)
		}
	}
}

// reported brings a matter with a team and its respondents to the report and
// the hearing.
func (b *bench) reported(id matter.ID, respondents ...string) {
	b.t.Helper()
	b.act(id, matter.Command{Act: "inquire", Actor: "clerk", Staff: people("officer"), Fields: officetest.Fields("record", "SECRET inquiry")})
	for _, r := range respondents {
		b.act(id, matter.Command{Act: "recommend", Actor: "clerk", Party: r, Fields: officetest.Recommendation()})
	}
	b.act(id, matter.Command{Act: "report", Actor: "clerk", Staff: people("officer"), Outcome: "accountable",
		Fields: with(officetest.Fields("findings", "SECRET findings", "explanation", "SECRET explanation"), "material", expr.OfSet("none"))})
	for _, r := range respondents {
		b.act(id, matter.Command{Act: "hear", Actor: "officer", Party: r, Outcome: "heard", Fields: officetest.Fields("record", "SECRET hearing")})
	}
}

func (b *bench) decided(id matter.ID, respondent string) {
	b.t.Helper()
	b.act(id, matter.Command{Act: "decide", Actor: "head", Party: respondent, Outcome: "accountable", Fields: officetest.Decision(), Minutes: officetest.Minutes()})
}

func (b *bench) lettered(id matter.ID, respondent string) {
	b.t.Helper()
	b.act(id, matter.Command{Act: "letter", Actor: "clerk", Party: respondent,
		Fields: with(with(officetest.Fields("heading", "to account", "name", "a name", "sex", "f", "unit_post", "head", "full_name", "the school", "unit_head", "rector", "facts", "the facts", "basis", "the basis", "measure_text", "criticism", "appeal_period", "15 days", "appeal_body", "here"), "born", expr.OfDate(officetest.Day(1))), "dated", expr.OfDate(b.Today()))})
}

func (b *bench) served(id matter.ID, respondent string) {
	b.t.Helper()
	b.act(id, matter.Command{Act: "letter", Moment: matter.Served, Actor: "clerk", Party: respondent})
}

// side says from where a person sees a matter, or why not.
func (b *bench) side(person string, id matter.ID) string {
	b.t.Helper()
	v, err := b.desk.See(b.t.Context(), of(person), id)
	if f := fault.Of(err); f != nil {
		return f.Key
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return string(v.Side)
}

func (b *bench) see(person string, id matter.ID) *casework.View {
	b.t.Helper()
	v, err := b.desk.See(b.t.Context(), of(person), id)
	if err != nil {
		b.t.Fatalf("%s: %v", person, err)
	}
	return v
}

// story tells a view's events.
func story(v *casework.View) []string {
	out := []string{}
	for _, e := range v.Events {
		line := string(e.Kind) + " " + e.Act + e.Term
		if e.Recipient != "" {
			line += " to " + e.Recipient
		}
		out = append(out, strings.TrimSpace(line))
	}
	return out
}

func owed(v *casework.View) []string {
	out := []string{}
	for _, d := range v.Owed {
		out = append(out, d.Term)
	}
	return out
}

// offered lists the acts that a view offers as possible now.
func offered(v *casework.View) []string {
	out := []string{}
	for _, o := range v.Offers {
		if o.Refusal == nil && !slices.Contains(out, o.Act.ID) {
			out = append(out, o.Act.ID)
		}
	}
	slices.Sort(out)
	return out
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", what, diff)
	}
}

func TestWhoSeesAMatterFromWhere(t *testing.T) {
	b := newBench(t, "")
	id := b.Open()
	b.Team(id)
	other := b.Open()
	b.Team(other)
	b.act(other,
		matter.Command{Act: "name_respondent", Actor: "clerk", Binds: map[string][]matter.Ref{"respondent": {{Unit: "school"}}}},
		matter.Command{Act: "declare", Actor: "officer", Party: "officer", Outcome: "interest"})
	for _, tt := range []struct{ person, about, school string }{
		{"clerk", "working", "working"},
		{"deputy", "working", "working"},
		{"head", "working", "working"},
		{"mayor", "working", "working"}, // the body above may order completion
		{"officer", "working", "matter.recused"},
		{"teacher", "concerned", "concerned"},
		{"rector", "matter.absent", "concerned"}, // answers for the school, not for its teacher
		{"colleague", "matter.absent", "matter.absent"},
		{"stranger", "matter.absent", "matter.absent"},
		{"", "matter.absent", "matter.absent"},
	} {
		if got := b.side(tt.person, id); got != tt.about {
			t.Errorf("%q and the teacher's matter: %s, want %s", tt.person, got, tt.about)
		}
		if got := b.side(tt.person, other); got != tt.school {
			t.Errorf("%q and the school's matter: %s, want %s", tt.person, got, tt.school)
		}
		if got := b.side(tt.person, "no-such"); got != "matter.absent" {
			t.Errorf("%q and no matter: %s", tt.person, got)
		}
	}
	same(t, "whom the rector answers for", []string{"school"}, b.see("rector", other).Own)
}

// What a person sees of a matter that concerns him is tested at each step of
// it: the inquiry's record, the recommendation and the decision are not his to
// see, the paper is once it has reached him, and with it his right and its term.
func TestTheConcernedSideHoldsWhatWasTold(t *testing.T) {
	for _, tt := range []struct{ name, respondent, person string }{{"a person", "teacher", "teacher"}, {"a unit, by its principal", "school", "rector"}} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t, "")
			id := b.Open()
			b.Team(id)
			if tt.respondent == "school" {
				b.act(id, matter.Command{Act: "name_respondent", Actor: "clerk", Binds: map[string][]matter.Ref{"respondent": {{Unit: "school"}}}})
				b.reported(id, "teacher", "school")
			} else {
				b.reported(id, "teacher")
			}
			untold := func(when string) {
				t.Helper()
				v := b.see(tt.person, id)
				same(t, when+": events", []string{}, story(v))
				same(t, when+": owed", []string{}, owed(v))
				same(t, when+": summary", store.Summary{Title: "yard"}, v.Summary)
			}
			untold("reported")
			same(t, "may", []string{"ask_recusal", "state"}, offered(b.see(tt.person, id)))
			b.decided(id, tt.respondent)
			untold("decided")
			b.lettered(id, tt.respondent)
			untold("lettered")
			if slices.Contains(offered(b.see(tt.person, id)), "appeal") {
				t.Error("an appeal is offered before service")
			}
			b.served(id, tt.respondent)
			v := b.see(tt.person, id)
			same(t, "served", []string{"done decide", "done letter", "served letter to respondent", "started appeal_time"}, story(v))
			same(t, "served: owed", []string{"appeal_time"}, owed(v))
			same(t, "served: may", []string{"appeal", "ask_recusal", "state"}, offered(v))
			if due := v.Owed[0].Due; due != officetest.Day(23) || v.NextDue != due {
				t.Errorf("the appeal ends %s, the summary says %s", due, v.NextDue)
			}
			if err := b.desk.Do(t.Context(), of(tt.person), id, matter.Command{Act: "appeal", Party: tt.respondent, Outcome: "to_decider", On: b.Today(), Fields: officetest.Fields("text", "no")}); err != nil {
				t.Fatal(err)
			}
			same(t, "appealed", []string{"done decide", "done letter", "served letter to respondent", "started appeal_time", "done appeal", "met appeal_time", "started review_time"}, story(b.see(tt.person, id)))
			for _, e := range b.see(tt.person, id).Events {
				for name, value := range e.Fields {
					if strings.Contains(value.String(), "SECRET") {
						t.Errorf("%s %s shows %s", e.Kind, e.Act, name)
					}
				}
			}
			if all := b.see("clerk", id); len(all.Events) < 20 || all.Side != casework.Working {
				t.Errorf("who works on it sees %d events", len(all.Events))
			}
		})
	}
}

// One respondent is told nothing of what was served on another.
func TestOneRespondentDoesNotSeeTheOther(t *testing.T) {
	b := newBench(t, "")
	id := b.Open()
	b.Team(id)
	b.act(id, matter.Command{Act: "name_respondent", Actor: "clerk", Binds: map[string][]matter.Ref{"respondent": {{Person: "colleague"}}}})
	b.reported(id, "teacher", "colleague")
	b.decided(id, "teacher")
	b.lettered(id, "teacher")
	b.served(id, "teacher")
	same(t, "the other", []string{}, story(b.see("colleague", id)))
	if err := b.desk.Do(t.Context(), of("colleague"), id, matter.Command{Act: "state", Party: "colleague", On: b.Today(), Fields: officetest.Fields("text", "mine")}); err != nil {
		t.Fatal(err)
	}
	same(t, "the other, having spoken", []string{"done state"}, story(b.see("colleague", id)))
	same(t, "the first", []string{"done decide", "done letter", "served letter to respondent", "started appeal_time"}, story(b.see("teacher", id)))
}

// Whom a matter concerns works on none of it, even where his post would let him.
func TestARespondentOfTheDecidingBodyDoesNotDecide(t *testing.T) {
	b := newBench(t, "")
	id := b.Open()
	b.Team(id)
	b.act(id, matter.Command{Act: "name_respondent", Actor: "officer", Binds: map[string][]matter.Ref{"respondent": {{Person: "deputy"}, {Person: "head"}}}})
	b.act(id, matter.Command{Act: "inquire", Actor: "clerk", Staff: people("officer"), Fields: officetest.Fields("record", "x")})
	b.act(id, matter.Command{Act: "recommend", Actor: "clerk", Party: "teacher", Fields: officetest.Recommendation()})
	before := b.events(id)
	for _, c := range []matter.Command{
		{Act: "hear", Party: "deputy", Outcome: "waived", Fields: officetest.Fields("record", "x")},
		{Act: "hear", Party: "head", Outcome: "waived", Fields: officetest.Fields("record", "x")},
		{Act: "add_member", Binds: map[string][]matter.Ref{"team": {{Person: "deputy"}}}},
		{Moment: matter.Struck, Target: 1, Reason: "x", Staff: people("clerk")},
		{Act: "accident", Moment: matter.Corrected, Target: 1, Reason: "x", Staff: people("clerk"), Fields: officetest.Fields("place", "elsewhere")},
	} {
		c.On = b.Today()
		if err := b.desk.Do(t.Context(), of("deputy"), id, c); !fault.Is(err, fault.Denied) {
			t.Errorf("%s %s by the respondent: %v", c.Moment, c.Act, err)
		}
	}
	if after := b.events(id); after != before {
		t.Errorf("%d events, then %d", before, after)
	}
	if err := b.desk.Do(t.Context(), of("deputy"), id, matter.Command{Act: "state", Party: "deputy", On: b.Today(), Fields: officetest.Fields("text", "mine")}); err != nil {
		t.Errorf("his own statement: %v", err)
	}
	same(t, "his side", []string{"done state"}, story(b.see("deputy", id)))
}

func (b *bench) events(id matter.ID) int {
	b.t.Helper()
	all, err := b.DB.Reader().Events(b.t.Context(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	return len(all)
}

// An act that no post of his permits is refused by the kernel, and kept.
func TestWhatThePersonMayNotDoIsRefusedAndKept(t *testing.T) {
	b := newBench(t, "")
	id := b.Open()
	b.Team(id)
	err := b.desk.Do(t.Context(), of("teacher"), id, matter.Command{Act: "inquire", On: b.Today(), Staff: people("officer"), Fields: officetest.Fields("record", "x")})
	if why := refused(err); why != matter.NotEntitled {
		t.Errorf("the teacher inquires: %v", err)
	}
	if err := b.desk.Do(t.Context(), of("colleague"), id, matter.Command{Act: "inquire", On: b.Today()}); !fault.Is(err, fault.Absent) {
		t.Errorf("who may not see it acts: %v", err)
	}
	// Who acts is the account's person, whatever the command says.
	err = b.desk.Do(t.Context(), of("clerk"), id, matter.Command{Act: "add_member", Actor: "head", On: b.Today(), Binds: map[string][]matter.Ref{"team": {{Person: "deputy"}}}})
	if why := refused(err); why != matter.NotEntitled {
		t.Errorf("the clerk as the head: %v", err)
	}
	kept, _, err := b.DB.Reader().Attempts(t.Context(), store.AttemptFilter{})
	if err != nil || len(kept) != 2 || kept[0].Actor.Person == "head" || kept[1].Actor.Person == "head" {
		t.Errorf("attempts %+v, %v", kept, err)
	}
}
