// SPDX-License-Identifier: Apache-2.0

package casework_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
	"quanze/office/casework"
	"quanze/office/officetest"
	"quanze/packs"
)

// TestConcernedRecordsNothingIrregular: whom the matter concerns may not record
// what the rules forbade, nor settle it, whatever his post permits.
func TestConcernedRecordsNothingIrregular(t *testing.T) {
	b := newBench(t, "")
	id := b.Open()
	b.Team(id)
	b.act(id, matter.Command{Act: "name_respondent", Actor: "clerk", Binds: map[string][]matter.Ref{"respondent": {{Person: "teacher"}}}})
	for _, c := range []matter.Command{
		{Act: "state", Party: "teacher", Moment: matter.Done, Irregular: true, Reason: "x", On: b.Today()},
		{Act: "report", Moment: matter.Done, Irregular: true, Reason: "x", On: b.Today()},
		{Act: "accident", Moment: matter.Confirmed, Target: 1, Reason: "x", On: b.Today()},
		{Act: "accident", Moment: matter.Annulled, Target: 1, Reason: "x", On: b.Today()},
	} {
		if err := b.desk.Do(t.Context(), of("teacher"), id, c); !fault.Is(err, fault.Denied) {
			t.Errorf("%s %s: %v", c.Moment, c.Act, err)
		}
	}
	v := b.see("teacher", id)
	if v.Irregular != nil || v.Ahead != nil || v.Vacant != nil || v.Recordable(matter.Command{Act: "report", Moment: matter.Done, On: v.Today}) {
		t.Errorf("the concerned side sees %+v %+v %+v", v.Irregular, v.Ahead, v.Vacant)
	}
	if v := b.see("clerk", id); !v.Recordable(matter.Command{Act: "report", Moment: matter.Done, On: v.Today}) {
		t.Error("who works on it cannot record that it happened all the same")
	}
}

// leaders installs the rules under which leading cadres are held to account.
func (b *bench) leaders() *rulepack.Pack {
	b.t.Helper()
	files, err := packs.Files("gz09")
	if err != nil {
		b.t.Fatal(err)
	}
	pack, _, err := b.Registry.InstallPack(b.t.Context(), "", files)
	if err != nil {
		b.t.Fatal(err)
	}
	return pack
}

// filed is a case against the teacher, filed and not yet told him.
func (b *bench) filed() matter.ID {
	b.t.Helper()
	lead := officetest.Fields("subject", "the yard", "about", "SECRET lead")
	lead["source"] = expr.OfText("media")
	id, _, err := b.Office.Open(b.t.Context(), "gz09", "case", matter.Command{Act: "lead", Actor: "clerk", On: b.Today(), Fields: lead,
		Binds: map[string][]matter.Ref{"decider": {{Unit: "city"}}, "handler": {{Unit: "bureau"}}, "proposer": {{Person: "colleague"}}}}, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	filing := officetest.Fields("reasons", "SECRET reasons")
	filing["standing"] = expr.OfText("department_leader")
	b.act(id, matter.Command{Act: "precheck", Actor: "clerk", Outcome: "to_file", Fields: officetest.Fields("findings", "SECRET findings")},
		matter.Command{Act: "file", Moment: matter.Proposed, Actor: "clerk", Fields: filing, Binds: map[string][]matter.Ref{"respondent": {{Person: "teacher"}}}},
		matter.Command{Act: "file", Moment: matter.Done, Actor: "mayor"})
	return id
}

func extension() map[string]expr.Value {
	f := officetest.Fields("complex", "true", "reasons", "x")
	f["extra"] = expr.OfText("15 working_days")
	return f
}

// TestConcernedPerson: under rules where only persons are held to account, the
// accused sees his own side from the notice on: what was served on him, what he
// owes and may do; not who reported, nor what was gathered.
func TestConcernedPerson(t *testing.T) {
	b := newBench(t, "")
	b.leaders()
	id := b.filed()
	if got := b.today("teacher"); len(got) != 0 {
		t.Errorf("before the notice the accused owes %v", got)
	}
	b.act(id, matter.Command{Act: "notify", Actor: "clerk", Party: "teacher", Fields: officetest.Fields("matters", "the yard", "reply", "in writing", "recusal", "may be asked", "contact", "the office")},
		matter.Command{Act: "notify", Moment: matter.Served, Actor: "clerk", Party: "teacher", Recipient: "respondent"})
	v := b.see("teacher", id)
	if v.Side != casework.Concerned {
		t.Fatalf("the accused sees the side %s", v.Side)
	}
	var told []string
	for _, e := range v.Events {
		told = append(told, string(e.Kind)+" "+e.Act+e.Term)
	}
	if diff := cmp.Diff([]string{"done notify", "served notify", "started explanation"}, told); diff != "" {
		t.Errorf("what the accused is told (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"explanation"}, b.today("teacher")); diff != "" {
		t.Errorf("what the accused owes (-want +got)\n%s", diff)
	}
	var may []string
	for _, o := range v.Offers {
		if o.Refusal == nil {
			may = append(may, o.Act.ID)
		}
	}
	if diff := cmp.Diff([]string{"explain", "ask_to_speak", "ask_recusal"}, may); diff != "" {
		t.Errorf("what the accused may do (-want +got)\n%s", diff)
	}
	if v := b.see("clerk", id); v.Side != casework.Working {
		t.Errorf("who inquires sees the side %s", v.Side)
	}
}

// TestWaiting: what waits for somebody without a limit stands in his list, and
// a matter from which somebody withdrew in none of his.
func TestWaiting(t *testing.T) {
	b := newBench(t, "")
	pack := b.leaders()
	id := b.filed()
	if diff := cmp.Diff([]string{}, b.today("mayor")); diff != "" {
		t.Errorf("after the approval (-want +got)\n%s", diff)
	}
	for _, name := range []string{"recusal_decider", "extension_approver"} {
		if err := b.Registry.SetLocal(t.Context(), "", pack, name, "decider.principal", "a paper", b.Today()); err != nil {
			t.Fatal(err)
		}
	}
	about := func(ground string) map[string]expr.Value {
		f := officetest.Fields("recusal_ground", ground)
		f["recusal_about"] = expr.OfSet("officer")
		return f
	}
	b.act(id, matter.Command{Act: "ask_recusal", Actor: "teacher", Fields: about("kin")},
		matter.Command{Act: "extend", Moment: matter.Proposed, Actor: "clerk", Fields: extension()})
	if diff := cmp.Diff([]string{"act:extend", "act:settle_recusal"}, b.today("mayor")); diff != "" {
		t.Errorf("what waits for who decides (-want +got)\n%s", diff)
	}
	if mine := b.mine("officer"); len(mine) != 1 {
		t.Errorf("who stands aside has %d matters", len(mine))
	}
	b.act(id, matter.Command{Act: "settle_recusal", Actor: "mayor", Outcome: "granted", Fields: about("so it is")})
	if diff := cmp.Diff([]string{"act:extend"}, b.today("mayor")); diff != "" {
		t.Errorf("once it is settled (-want +got)\n%s", diff)
	}
	if mine, today := b.mine("officer"), b.today("officer"); len(mine) != 0 || len(today) != 0 {
		t.Errorf("who withdrew has %d matters and owes %v", len(mine), today)
	}
	if mine := b.mine("clerk"); len(mine) != 1 {
		t.Errorf("his colleague has %d matters", len(mine))
	}
}
