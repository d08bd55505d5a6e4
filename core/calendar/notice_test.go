// SPDX-License-Identifier: Apache-2.0

package calendar_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quanze/core/calendar"
	"quanze/core/fault"
)

// faults lists "line key" of every fault in a joined error.
func faults(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	all := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		all = joined.Unwrap()
	}
	var out []string
	for _, err := range all {
		f := fault.Of(err)
		if f == nil {
			t.Fatalf("not a fault: %v", err)
		}
		out = append(out, strings.TrimPrefix(f.Field, "n.tsv:")+" "+strings.TrimPrefix(f.Key, "calendar.notice."))
	}
	return out
}

func TestParseNotice(t *testing.T) {
	text := "\ufeff# comment\r\nregion: cn\r\nyear: 2027\r\nversion: 2\r\n\r\nnotice: 《甲》\r\nnumber: 〔2026〕1号\r\n" +
		"2027-01-01\toff\t元旦\r\n\r\naddress: https://example.org/1: x\r\n2026-12-31\toff\t元旦\r\n2027-01-02\twork\t元旦"
	n, err := calendar.ParseNotice("n.tsv", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if n.Name() != "cn@2027.2" || n.Region() != "cn" || n.Base() != "" || n.Year() != 2027 {
		t.Errorf("head %s %s %q %d", n.Name(), n.Region(), n.Base(), n.Year())
	}
	address := calendar.Source{Address: "https://example.org/1: x"}
	want := []calendar.Day{
		{On: date(t, "2026-12-31"), Kind: calendar.Holiday, Name: "元旦", Source: address},
		{On: date(t, "2027-01-01"), Kind: calendar.Holiday, Name: "元旦", Source: calendar.Source{Title: "《甲》", Number: "〔2026〕1号"}},
		{On: date(t, "2027-01-02"), Kind: calendar.Swapped, Name: "元旦", Source: address},
	}
	if diff := cmp.Diff(want, n.Days()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParseNoticeFaults(t *testing.T) {
	const head = "region: cn\nyear: 2027\nversion: 1\n"
	const day = "2027-01-01 | off | 元旦\n"
	var hundred []string
	for line := 1; line <= 100; line++ {
		hundred = append(hundred, strconv.Itoa(line)+" line")
	}
	tests := []struct {
		name, text string
		want       []string
	}{
		{"nothing", "", []string{"1 missing", "1 missing", "1 missing", "1 empty"}},
		{"no days", head, []string{"3 empty"}},
		{"a layer may have none", head + "base: xx\n", nil},
		{"no region", "year: 2027\nversion: 1\n" + day, []string{"3 missing"}},
		{"twice", "region: cn\n" + head + day, []string{"2 twice"}},
		{"head after days", "region: cn\nversion: 1\n" + day + "year: 2027\n", []string{"4 late"}},
		{"unknown key", head + "yaer: 2027\n" + day, []string{"4 key"}},
		{"no value", head + "notice:\n" + day, []string{"4 line"}},
		{"padded value", head + "notice:  a\n" + day, []string{"4 text"}},
		{"control character", head + "notice: a\x01\n" + day, []string{"4 text"}},
		{"two titles of one paper", head + "notice: a\nnotice: b\n" + day, []string{"5 twice"}},
		{"not UTF-8", head + "notice: \xff\n" + day, []string{"4 utf8"}},
		{"region", "region: CN\nyear: 2027\nversion: 1\n" + day, []string{"1 region"}},
		{"region with @", "region: c@n\nyear: 2027\nversion: 1\n" + day, []string{"1 region"}},
		{"its own base", "region: cn\nbase: cn\nyear: 2027\nversion: 1\n" + day, []string{"2 region"}},
		{"year", "region: cn\nyear: 27\nversion: 1\n" + day, []string{"2 year"}},
		{"version", "region: cn\nyear: 2027\nversion: 01\n" + day, []string{"3 version"}},
		{"indented", head + " " + day, []string{"4 line", "4 empty"}},
		{"spaces for tabs", head + "2027-01-01 off 元旦\n", []string{"4 row"}},
		{"four fields", head + "2027-01-01 | off | 元旦 | x\n", []string{"4 row"}},
		{"no such day", head + "2027-02-29 | off | 春节\n", []string{"4 date"}},
		{"another form", head + "2027-1-1 | off | 元旦\n", []string{"4 date"}},
		{"status", head + "2027-01-01 | Off | 元旦\n", []string{"4 status"}},
		{"no name", head + "2027-01-01 | off | \n", []string{"4 name"}},
		{"long name", head + "2027-01-01 | off | " + strings.Repeat("节", 61) + "\n", []string{"4 name"}},
		{"day twice", head + day + day, []string{"5 dayTwice"}},
		{"day twice in two papers", head + "notice: a\n" + day + "notice: b\n" + day, []string{"7 dayTwice"}},
		{"out of order", head + "2027-01-02 | off | 元旦\n" + day, []string{"5 order"}},
		{"too early", head + "2026-11-30 | off | 元旦\n", []string{"4 outside"}},
		{"too late", head + "2028-01-01 | off | 元旦\n", []string{"4 outside"}},
		{"a Monday is worked anyway", head + "2027-01-04 | work | 元旦\n", []string{"4 already"}},
		{"not in the December before", head + "2026-12-30 | work | 元旦\n", nil},
		{"all at once", head + "x\n2027-02-29 | off | 春节\n" + day + "y: 1\n", []string{"4 line", "5 date", "7 key"}},
		{"too large", head + strings.Repeat("#\n", 40000), []string{"n.tsv size"}},
		{"a hundred at most", strings.Repeat("x\n", 30000), hundred},
	}
	for _, tt := range tests {
		_, err := calendar.ParseNotice("n.tsv", []byte(strings.ReplaceAll(tt.text, " | ", "\t")))
		if diff := cmp.Diff(tt.want, faults(t, err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func FuzzNotice(f *testing.F) {
	f.Add([]byte(strings.ReplaceAll(next, " | ", "\t")))
	f.Add([]byte("region: xj\nbase: cn\nyear: 2027\nversion: 1\n"))
	f.Add([]byte("region: cn\nyear: 2027\nversion: 1\nx\n2027-13-01\toff\ty\n"))
	base, err := calendar.China()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		n, err := calendar.ParseNotice("n.tsv", data)
		if err != nil {
			if len(faults(t, err)) == 0 {
				t.Error("an error without a fault")
			}
			return
		}
		from, until := n.Reach()
		var last calendar.Date
		for _, d := range n.Days() {
			if d.On < from || d.On > until || d.On <= last || d.Name == "" {
				t.Errorf("accepted %+v", d)
			}
			last = d.On
		}
		is, err := base.Install(n)
		if err != nil {
			return
		}
		for _, d := range n.Days() {
			if is.Working(d.On) != d.Working() {
				t.Errorf("%s does not act", d.On)
			}
		}
		if before := from - 1; is.WorkingDays(before-3000, before) != base.WorkingDays(before-3000, before) {
			t.Error("history changed")
		}
	})
}
