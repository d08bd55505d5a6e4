// SPDX-License-Identifier: Apache-2.0

package office_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quanze/core/rulepack"
	"quanze/office"
	"quanze/office/officetest"
	"quanze/packs"
)

// version is the reference pack with some of its text changed.
func version(t *testing.T, changes ...string) *rulepack.Pack {
	t.Helper()
	p, _ := versionFiles(t, changes...)
	return p
}

func versionFiles(t *testing.T, changes ...string) (*rulepack.Pack, rulepack.Files) {
	t.Helper()
	files, err := packs.Files(officetest.Pack)
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range files {
		files[name] = []byte(strings.NewReplacer(changes...).Replace(string(body)))
	}
	p, diags := office.Examine(files)
	if p == nil {
		t.Fatal(diags)
	}
	return p, files
}

// told puts a plan into lines.
func told(plan office.Plan) []string {
	out := []string{}
	for _, m := range plan.Matters {
		for _, d := range m.Dues {
			line := fmt.Sprintf("%s %s>%s", d.Term, d.Old, d.New)
			for word, is := range map[string]bool{" kept": d.Kept, " begins": d.Begins, " ends": d.Ends} {
				if is {
					line += word
				}
			}
			out = append(out, line)
		}
		for _, act := range m.Irregular {
			out = append(out, act+" irregular")
		}
		if m.Fault != nil {
			out = append(out, m.Fault.Key)
		}
		if m.Moves {
			out = append(out, "moves")
		}
	}
	slices.Sort(out)
	return out
}

// The plan names what would be otherwise, and changes nothing.
func TestPlan(t *testing.T) {
	c := officetest.New(t, "")
	id := c.Open()
	c.Team(id) // on Monday 2 March: the inquiry is due on the 16th
	start := "    start: form_team\n    within: 10 working_days\n"
	for name, tt := range map[string]struct {
		p    *rulepack.Pack
		want []string
	}{
		"nothing of it runs":   {version(t, "within: 15 working_days", "within: 16 working_days"), []string{}},
		"longer":               {version(t, start, strings.Replace(start, "10", "12", 1)), []string{"inquiry 2026-03-16>2026-03-18"}},
		"shorter":              {version(t, start, strings.Replace(start, "10", "9", 1)), []string{"inquiry 2026-03-16>2026-03-13 kept"}},
		"moving what is unmet": {version(t, "in_force:", "transition: {running: unmet_obligations, cite: art17-a}\nin_force:"), []string{"moves"}},
		"another start":        {version(t, start, strings.Replace(start, "form_team", "report", 1)), []string{"inquiry 2026-03-16> ends"}},
		"a duty more": {version(t, "terms:\n", "terms:\n  extra_time:\n    label: {zh: 另一件, en: another}\n    kind: duty\n    of: decider\n    start: form_team\n    within: 3 working_days\n    met_by: report\n    cite: art10-p1a\n"),
			[]string{"extra_time >2026-03-05 begins"}},
		"an act that waits": {version(t, "    repeat: true\n    binds: [respondent]", "    repeat: true\n    after: [report]\n    binds: [respondent]"), []string{"name_respondent irregular"}},
		"no such procedure": {version(t, "procedure: case", "procedure: other"), []string{"office.procedure.absent"}},
	} {
		before, err := c.DB.Reader().Events(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := c.Plan(t.Context(), tt.p)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(tt.want, told(plan)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		if len(plan.Matters) != 1 || plan.Matters[0].Matter != id || plan.Pack != officetest.Pack || plan.Hash != tt.p.Hash {
			t.Errorf("%s: %+v", name, plan)
		}
		after, err := c.DB.Reader().Events(t.Context(), id)
		if err != nil || len(after) != len(before) {
			t.Errorf("%s: %d events before, %d after (%v)", name, len(before), len(after), err)
		}
		c.InOrder(id)
	}
	if plan, err := c.Plan(t.Context(), version(t)); err != nil || len(plan.Matters) != 0 {
		t.Errorf("under the version it runs by: %+v, %v", plan, err)
	}
}

// What began with the lapse of a term stays what it is, though that term's last
// day is another.
func TestPlanPairsWhatALapseBegan(t *testing.T) {
	c := officetest.New(t, "")
	id := c.Open()
	c.Team(id)
	c.Set(officetest.Day(30))
	if _, err := c.Advance(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	start := "    start: form_team\n    within: 10 working_days\n"
	plan, err := c.Plan(t.Context(), version(t, start, strings.Replace(start, "10", "12", 1)))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range told(office.Plan{Matters: slices.DeleteFunc(plan.Matters, func(x office.Touched) bool { return x.Matter != id })}) {
		if line != "inquiry 2026-03-16>2026-03-18" {
			t.Errorf("it would also change %s", line)
		}
	}
	if len(plan.Matters) == 0 {
		t.Error("no plan")
	}
}
