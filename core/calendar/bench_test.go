// SPDX-License-Identifier: Apache-2.0

package calendar_test

import (
	"testing"

	"quanze/core/calendar"
)

func BenchmarkAdd30WorkingDays(b *testing.B) {
	c := china(b)
	start, l := calendar.MakeDate(2026, 1, 5), calendar.Length{N: 30, Unit: calendar.WorkingDays}
	b.ReportAllocs()
	for b.Loop() {
		if due, _ := c.Add(start, l, calendar.Rule{}); due == 0 {
			b.Fatal("no due day")
		}
	}
}

func BenchmarkAdd30WorkingDaysPastCoverage(b *testing.B) {
	c := china(b)
	start, l := calendar.MakeDate(2031, 1, 5), calendar.Length{N: 30, Unit: calendar.WorkingDays}
	b.ReportAllocs()
	for b.Loop() {
		if due, _ := c.Add(start, l, calendar.Rule{}); due == 0 {
			b.Fatal("no due day")
		}
	}
}

func BenchmarkAdd6Months(b *testing.B) {
	c := china(b)
	start, l := calendar.MakeDate(2026, 1, 5), calendar.Length{N: 6, Unit: calendar.Months}
	b.ReportAllocs()
	for b.Loop() {
		if due, _ := c.Add(start, l, calendar.Rule{}); due == 0 {
			b.Fatal("no due day")
		}
	}
}

func BenchmarkDueThreeStops(b *testing.B) {
	c := china(b)
	start, l := calendar.MakeDate(2026, 1, 5), calendar.Length{N: 30, Unit: calendar.WorkingDays}
	stops := []calendar.Stop{
		{How: calendar.Exclude, From: start + 5, Until: start + 9},
		{How: calendar.Suspend, From: start + 12, Until: start + 20},
		{How: calendar.Interrupt, From: start + 22, Until: start + 24},
	}
	b.ReportAllocs()
	for b.Loop() {
		if c.Due(start, l, calendar.Rule{}, stops).Due == 0 {
			b.Fatal("no due day")
		}
	}
}

func BenchmarkExplain30WorkingDays(b *testing.B) {
	c := china(b)
	start, l := calendar.MakeDate(2026, 1, 5), calendar.Length{N: 30, Unit: calendar.WorkingDays}
	b.ReportAllocs()
	for b.Loop() {
		if !c.Explain(start, l, calendar.Rule{}, nil).Running {
			b.Fatal("no due day")
		}
	}
}

func BenchmarkChina(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := calendar.China(); err != nil {
			b.Fatal(err)
		}
	}
}
