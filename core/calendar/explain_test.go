// SPDX-License-Identifier: Apache-2.0

package calendar_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quanze/core/calendar"
)

func TestExplainWorkingDays(t *testing.T) {
	c := china(t)
	got := c.Explain(date(t, "2026-02-12"), length(t, "5 working_days"), general, nil)
	spring := c.Day(date(t, "2026-02-15"))
	if spring.Name != "春节" || spring.Kind != calendar.Holiday {
		t.Fatalf("%+v", spring)
	}
	want := calendar.Computation{
		Start: date(t, "2026-02-12"), Length: length(t, "5 working_days"), RunsFrom: date(t, "2026-02-12"),
		RawEnd: date(t, "2026-02-26"), Due: date(t, "2026-02-26"), Running: true,
		Calendar: "cn@2026.1", CoveredFrom: date(t, "2007-01-01"), CoveredUntil: date(t, "2026-12-31"),
		Worked: []calendar.Day{c.Day(date(t, "2026-02-14"))}, Stops: []calendar.Held{},
	}
	for d := date(t, "2026-02-15"); d <= date(t, "2026-02-23"); d++ {
		spring.On = d
		want.Skipped = append(want.Skipped, spring)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestExplainStops(t *testing.T) {
	c := china(t)
	stops := []calendar.Stop{
		stop(t, calendar.Suspend, "2026-03-20", "2026-03-27"),
		stop(t, calendar.Exclude, "2026-03-23", "2026-03-30"),
		stop(t, calendar.Interrupt, "2026-03-05", "2026-03-09"),
		stop(t, calendar.Exclude, "2026-06-01", "2026-06-03"),
		stop(t, calendar.Exclude, "2026-01-01", "2026-01-03"),
	}
	got := c.Explain(date(t, "2026-03-02"), length(t, "20 days"), general, stops)
	want := calendar.Computation{
		Start: date(t, "2026-03-02"), Length: length(t, "20 days"), RunsFrom: date(t, "2026-03-09"),
		// The 9th and 20 days more is the 29th; ten are held: 8 April. Nothing rolls.
		RawEnd: date(t, "2026-04-08"), Due: date(t, "2026-04-08"), Running: true,
		Calendar: "cn@2026.1", CoveredFrom: date(t, "2007-01-01"), CoveredUntil: date(t, "2026-12-31"),
		Skipped: []calendar.Day{}, Worked: []calendar.Day{},
		Stops: []calendar.Held{
			{Stop: stops[4]},
			{Stop: stops[2], Days: 4, First: date(t, "2026-03-06"), Last: date(t, "2026-03-09"), Restarted: true},
			{Stop: stops[0], Days: 7, First: date(t, "2026-03-21"), Last: date(t, "2026-03-27")},
			{Stop: stops[1], Days: 3, First: date(t, "2026-03-28"), Last: date(t, "2026-03-30")},
			{Stop: stops[3]},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	open := stop(t, calendar.Suspend, "2026-03-05", "")
	got = c.Explain(date(t, "2026-03-02"), length(t, "20 days"), general, []calendar.Stop{open})
	want = calendar.Computation{
		Start: date(t, "2026-03-02"), Length: length(t, "20 days"), RunsFrom: date(t, "2026-03-02"),
		Calendar: "cn@2026.1", CoveredFrom: date(t, "2007-01-01"), CoveredUntil: date(t, "2026-12-31"),
		Skipped: []calendar.Day{}, Worked: []calendar.Day{},
		Stops: []calendar.Held{{Stop: open, First: date(t, "2026-03-06")}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("still stopped (-want +got):\n%s", diff)
	}
}

// Of two interruptions from one day only the longer starts the limit anew.
func TestExplainInterruptionsOfOneDay(t *testing.T) {
	stops := []calendar.Stop{
		stop(t, calendar.Interrupt, "2026-03-05", "2026-03-12"),
		stop(t, calendar.Interrupt, "2026-03-05", "2026-03-09"),
	}
	got := china(t).Explain(date(t, "2026-03-02"), length(t, "10 days"), stays, stops)
	want := []calendar.Held{
		{Stop: stops[1], Days: 4, First: date(t, "2026-03-06"), Last: date(t, "2026-03-09")},
		{Stop: stops[0], Days: 3, First: date(t, "2026-03-10"), Last: date(t, "2026-03-12"), Restarted: true},
	}
	if diff := cmp.Diff(want, got.Stops); diff != "" || got.Due != date(t, "2026-03-22") || got.RunsFrom != date(t, "2026-03-12") {
		t.Errorf("due %s from %s (-want +got):\n%s", got.Due, got.RunsFrom, diff)
	}
}

// The words that scripts rely on.
func TestExplainJSON(t *testing.T) {
	c := china(t)
	encode := func(e calendar.Computation) string {
		b, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	got := encode(c.Explain(date(t, "2026-12-25"), length(t, "1 week"), general, []calendar.Stop{stop(t, calendar.Exclude, "2026-12-28", "2026-12-29")}))
	want := `{"start":"2026-12-25","length":"1 weeks","count_first":false,"no_rollover":false,` +
		`"runs_from":"2026-12-25","raw_end":"2027-01-02","rollover":2,"due":"2027-01-04","running":true,` +
		`"provisional":true,"unknown_from":"2027-01-02","unknown_until":"2027-01-04",` +
		`"calendar":"cn@2026.1","covered_from":"2007-01-01","covered_until":"2026-12-31",` +
		`"skipped":[{"on":"2027-01-02","kind":"weekend","provisional":true},{"on":"2027-01-03","kind":"weekend","provisional":true}],` +
		`"worked":[],"stops":[{"how":"exclude","from":"2026-12-28","until":"2026-12-29","days":1,"first":"2026-12-29","last":"2026-12-29"}]}`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var back calendar.Computation
	if err := json.Unmarshal([]byte(got), &back); err != nil {
		t.Fatal(err)
	}
	if again := encode(back); again != got {
		t.Errorf("read back as\n%s", again)
	}

	got = encode(c.Explain(date(t, "2015-10-09"), length(t, "1 day"), general, []calendar.Stop{stop(t, calendar.Interrupt, "2015-10-09", "")}))
	want = `{"start":"2015-10-09","length":"1 days","count_first":false,"no_rollover":false,` +
		`"runs_from":"2015-10-09","raw_end":null,"rollover":0,"due":null,"running":false,"provisional":false,` +
		`"calendar":"cn@2026.1","covered_from":"2007-01-01","covered_until":"2026-12-31",` +
		`"skipped":[],"worked":[],"stops":[{"how":"interrupt","from":"2015-10-09","until":null,"days":0,"first":"2015-10-10","restarted":true}]}`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	b, err := json.Marshal(c.Day(date(t, "2015-10-10")))
	if err != nil {
		t.Fatal(err)
	}
	want = `{"on":"2015-10-10","kind":"swapped","name":"国庆节","source":{"address":"http://www.gov.cn/zhengce/content/2014-12/16/content_9302.htm"}}`
	if diff := cmp.Diff(want, string(b)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
