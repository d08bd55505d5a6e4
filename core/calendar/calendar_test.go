// SPDX-License-Identifier: Apache-2.0

package calendar_test

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"quanze/core/calendar"
	"quanze/core/fault"
)

func china(t testing.TB) *calendar.Calendar {
	t.Helper()
	c, err := calendar.China()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func date(t testing.TB, s string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func length(t testing.TB, s string) calendar.Length {
	t.Helper()
	l, err := calendar.ParseLength(s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func notice(t testing.TB, text string) calendar.Notice {
	t.Helper()
	n, err := calendar.ParseNotice("test.tsv", []byte(strings.ReplaceAll(text, " | ", "\t")))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// The name cn@2026.1 stands on every due day computed with it, so its days may
// not change under it: a correction raises the version of the last file, and
// then this sum.
func TestEmbeddedDataIsPinnedToItsName(t *testing.T) {
	files, err := filepath.Glob("data/cn/*.tsv")
	if err != nil || len(files) != 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	slices.Sort(files)
	sum := sha256.New()
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(sum, f); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	got := china(t).Name() + " " + hex.EncodeToString(sum.Sum(nil))
	want := "cn@2026.1 " + pinned
	if got != want {
		t.Errorf("data changed under its name:\n got %s\nwant %s", got, want)
	}
	first, last := china(t).Coverage()
	if first != date(t, "2007-01-01") || last != date(t, "2026-12-31") {
		t.Errorf("coverage %s to %s", first, last)
	}
}

const pinned = "16898f57bea375057e3cc33f71a3e53730712757e371838f965e5b8cb3901cb7"

// secondSet reads the fixture taken from another package: day to worked.
func secondSet(t *testing.T) map[calendar.Date]bool {
	t.Helper()
	f, err := os.Open("testdata/tyme4ts.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	set := map[calendar.Date]bool{}
	for in := bufio.NewScanner(f); in.Scan(); {
		if strings.HasPrefix(in.Text(), "#") {
			continue
		}
		fields := strings.Fields(in.Text())
		for _, day := range fields[1:] {
			set[date(t, fields[0]+"-"+day[1:])] = day[0] == '+'
		}
	}
	return set
}

// Every day of twenty years, against a data set of other hands. What differs is
// listed here and settled in data/README.md.
func TestAgainstSecondSet(t *testing.T) {
	c, second := china(t), secondSet(t)
	if len(second) < 600 {
		t.Fatalf("fixture has %d days", len(second))
	}
	var differ []string
	first, last := c.Coverage()
	for d := first; d <= last; d++ {
		working := d.Weekday() != time.Saturday && d.Weekday() != time.Sunday
		if w, listed := second[d]; listed {
			working = w
		}
		if working != c.Working(d) {
			differ = append(differ, d.String())
		}
	}
	if diff := cmp.Diff([]string{"2013-04-07", "2013-10-12"}, differ); diff != "" {
		t.Errorf("days on which the sets differ (-settled +found):\n%s", diff)
	}
}

// The table of official days in the project's domain notes, from a third data set.
var officialDays = map[int]struct {
	off, work string
	days      int
}{
	2017: {"1.1-1.2, 1.27-2.2, 4.2-4.4, 5.1, 5.28-5.30, 10.1-10.8", "1.22, 2.4, 4.1, 5.27, 9.30", 249},
	2018: {"1.1, 2.15-2.21, 4.5-4.7, 4.29-5.1, 6.18, 9.24, 10.1-10.7, 12.30-12.31", "2.11, 2.24, 4.8, 4.28, 9.29, 9.30, 12.29", 250},
	2023: {"1.1-1.2, 1.21-1.27, 4.5, 4.29-5.3, 6.22-6.24, 9.29-10.6", "1.28, 1.29, 4.23, 5.6, 6.25, 10.7, 10.8", 249},
	2024: {"1.1, 2.10-2.17, 4.4-4.6, 5.1-5.5, 6.10, 9.15-9.17, 10.1-10.7", "2.4, 2.18, 4.7, 4.28, 5.11, 9.14, 9.29, 10.12", 251},
	2025: {"1.1, 1.28-2.4, 4.4-4.6, 5.1-5.5, 5.31-6.2, 10.1-10.8", "1.26, 2.8, 4.27, 9.28, 10.11", 248},
	2026: {"1.1-1.3, 2.15-2.23, 4.4-4.6, 5.1-5.5, 6.19-6.21, 9.25-9.27, 10.1-10.7", "1.4, 2.14, 2.28, 5.9, 9.20, 10.10", 248},
}

func TestOfficialDays(t *testing.T) {
	c := china(t)
	for year, want := range officialDays {
		kinds := map[calendar.Date]calendar.DayKind{}
		read := func(list string, kind calendar.DayKind) {
			for _, run := range strings.Split(list, ", ") {
				from, until, isRun := strings.Cut(run, "-")
				if !isRun {
					until = from
				}
				for d := monthDay(t, year, from); d <= monthDay(t, year, until); d++ {
					kinds[d] = kind
				}
			}
		}
		read(want.off, calendar.Holiday)
		read(want.work, calendar.Swapped)
		count := 0
		for d := calendar.MakeDate(year, 1, 1); d <= calendar.MakeDate(year, 12, 31); d++ {
			day := c.Day(d)
			if day.Working() != c.Working(d) {
				t.Errorf("%s: Day says %v, Working says %v", d, day.Kind, c.Working(d))
			}
			if c.Working(d) {
				count++
			}
			kind, listed := kinds[d]
			weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
			switch {
			case listed && day.Kind != kind:
				t.Errorf("%s is %s, want %s", d, day.Kind, kind)
			case !listed && weekend == day.Working():
				t.Errorf("%s is %s, unlisted", d, day.Kind)
			case listed && (day.Name == "" || day.Source.Address == ""):
				t.Errorf("%s has no name or source: %+v", d, day)
			}
		}
		between := c.WorkingDays(calendar.MakeDate(year-1, 12, 31), calendar.MakeDate(year, 12, 31))
		if count != want.days || between != want.days {
			t.Errorf("%d has %d working days, WorkingDays says %d, want %d", year, count, between, want.days)
		}
	}
}

func monthDay(t *testing.T, year int, s string) calendar.Date {
	t.Helper()
	var m, d int
	if _, err := fmt.Sscanf(s, "%d.%d", &m, &d); err != nil {
		t.Fatal(err)
	}
	return calendar.MakeDate(year, m, d)
}

func TestDay(t *testing.T) {
	c := china(t)
	gov := func(path string) calendar.Source { return calendar.Source{Address: "http://www.gov.cn/" + path} }
	tests := []calendar.Day{
		{On: date(t, "2026-02-26"), Kind: calendar.Workday},
		{On: date(t, "2026-03-01"), Kind: calendar.Weekend},
		{On: date(t, "2015-09-03"), Kind: calendar.Holiday, Name: "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日",
			Source: calendar.Source{
				Title:   "《国务院关于中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日调休放假的通知》",
				Address: "http://www.gov.cn/zhengce/content/2015-05/13/content_9742.htm",
			}},
		{On: date(t, "2015-10-10"), Kind: calendar.Swapped, Name: "国庆节", Source: gov("zhengce/content/2014-12/16/content_9302.htm")},
		{On: date(t, "2020-01-30"), Kind: calendar.Holiday, Name: "春节", Source: gov("zhengce/content/2019-11/21/content_5454164.htm")},
		{On: date(t, "2020-01-31"), Kind: calendar.Holiday, Name: "春节", Source: gov("zhengce/content/2020-01/27/content_5472352.htm")},
		{On: date(t, "2018-12-29"), Kind: calendar.Swapped, Name: "元旦", Source: gov("xinwen/2018-12/06/content_5346287.htm")},
		{On: date(t, "2027-01-01"), Kind: calendar.Workday, Provisional: true},
		{On: date(t, "2027-01-02"), Kind: calendar.Weekend, Provisional: true},
		{On: date(t, "2006-06-01"), Kind: calendar.Workday, Provisional: true},
		{},
	}
	for _, want := range tests {
		if diff := cmp.Diff(want, c.Day(want.On)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", want.On, diff)
		}
	}
	if c.Working(0) || c.Working(-7) {
		t.Error("no date is a working day")
	}
}

const next = `region: cn
year: 2027
version: 1

notice: 《某年通知》
2026-12-31 | off | 元旦
2027-01-01 | off | 元旦
2027-01-02 | work | 元旦
2027-02-05 | off | 春节
`

func TestInstall(t *testing.T) {
	was := china(t)
	is, err := was.Install(notice(t, next))
	if err != nil {
		t.Fatal(err)
	}
	if _, last := is.Coverage(); is.Name() != "cn@2027.1" || last != date(t, "2027-12-31") {
		t.Errorf("%s until %s", is.Name(), last)
	}
	if _, last := was.Coverage(); was.Name() != "cn@2026.1" || last != date(t, "2026-12-31") || !was.Working(date(t, "2026-12-31")) {
		t.Error("the old calendar changed")
	}
	for d := date(t, "2000-01-01"); d < date(t, "2026-12-01"); d++ {
		if was.Working(d) != is.Working(d) {
			t.Errorf("%s changed", d)
		}
	}
	if is.Working(date(t, "2026-12-31")) || !is.Working(date(t, "2027-01-02")) || is.Day(date(t, "2027-02-05")).Provisional {
		t.Error("the notice does not act")
	}

	// Known and settled: the December day moves though it was not provisional.
	before, after := calendar.Recompute(was, is, date(t, "2026-12-24"), length(t, "5 working_days"), calendar.Rule{}, nil)
	want := [2]calendar.Result{
		{Due: date(t, "2026-12-31"), Running: true},
		{Due: date(t, "2027-01-02"), Running: true},
	}
	if diff := cmp.Diff(want, [2]calendar.Result{before, after}); diff != "" {
		t.Errorf("December (-want +got):\n%s", diff)
	}
	before, after = calendar.Recompute(was, is, date(t, "2027-02-01"), length(t, "4 working_days"), calendar.Rule{}, nil)
	want = [2]calendar.Result{
		{Due: date(t, "2027-02-05"), Provisional: true, Running: true},
		{Due: date(t, "2027-02-08"), Running: true},
	}
	if diff := cmp.Diff(want, [2]calendar.Result{before, after}); diff != "" {
		t.Errorf("provisional (-want +got):\n%s", diff)
	}

	// A higher version of the last year replaces it whole.
	second, err := is.Install(notice(t, strings.NewReplacer("version: 1", "version: 2", "2027-02-05", "2027-02-08").Replace(next)))
	if err != nil {
		t.Fatal(err)
	}
	if second.Name() != "cn@2027.2" || !second.Working(date(t, "2027-02-05")) || second.Working(date(t, "2027-02-08")) {
		t.Errorf("%s does not replace the first version", second.Name())
	}
	from, until := notice(t, next).Reach()
	if from != date(t, "2026-12-01") || until != date(t, "2027-12-31") {
		t.Errorf("reach %s to %s", from, until)
	}
	atOnce, err := was.Install(notice(t, strings.NewReplacer("version: 1", "version: 2", "2027-02-05", "2027-02-08").Replace(next)))
	if err != nil {
		t.Fatal(err)
	}
	if !sameDays(second, atOnce) {
		t.Error("installing version 2 at once gives other days")
	}
}

func sameDays(a, b *calendar.Calendar) bool {
	for d := calendar.MakeDate(2000, 1, 1); d < calendar.MakeDate(2030, 1, 1); d++ {
		if a.Day(d) != b.Day(d) {
			return false
		}
	}
	return true
}

func TestInstallRefuses(t *testing.T) {
	c := china(t)
	tests := []struct{ name, text, key string }{
		{"same version", "region: cn\nyear: 2026\nversion: 1\n2026-01-01 | off | 元旦", "calendar.install.version"},
		{"a year too far", "region: cn\nyear: 2028\nversion: 1\n2028-01-01 | off | 元旦", "calendar.install.year"},
		{"history", "region: cn\nyear: 2025\nversion: 9\n2025-01-01 | off | 元旦", "calendar.install.year"},
		{"another country", "region: zz\nyear: 2027\nversion: 1\n2027-01-01 | off | x", "calendar.install.region"},
		{"a layer not laid", "region: xj\nbase: cn\nyear: 2027\nversion: 1", "calendar.install.region"},
	}
	for _, tt := range tests {
		_, err := c.Install(notice(t, tt.text))
		if f := fault.Of(err); f == nil || f.Key != tt.key {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.key)
		}
	}
	if _, err := c.Install(calendar.Notice{}); err == nil {
		t.Error("the zero notice was installed")
	}
	if _, err := calendar.New(calendar.Notice{}); err == nil {
		t.Error("a calendar of the zero notice")
	}
	if _, err := calendar.New(notice(t, next), notice(t, strings.ReplaceAll(next, "version: 1", "version: 2"))); err == nil {
		t.Error("a calendar with two notices of one year")
	}
}

func TestLayer(t *testing.T) {
	xj := notice(t, `region: xj
base: cn
year: 2026
version: 1
2026-02-28 | off | 肉孜节
2026-03-20 | off | 肉孜节
2026-05-04 | work | 劳动节
`)
	layer, err := calendar.NewLayer(xj)
	if err != nil {
		t.Fatal(err)
	}
	c, err := china(t).With(layer)
	if err != nil {
		t.Fatal(err)
	}
	if c.Name() != "cn@2026.1+xj@2026.1" {
		t.Errorf("name %s", c.Name())
	}
	want := map[string]calendar.DayKind{
		"2026-03-20": calendar.Holiday, "2026-02-28": calendar.Holiday,
		"2026-05-04": calendar.Workday, "2026-05-05": calendar.Holiday, "2026-02-14": calendar.Swapped,
	}
	got := map[string]calendar.DayKind{}
	for s := range maps.Keys(want) {
		got[s] = c.Day(date(t, s)).Kind
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// The layer speaks of 2026 only: what the region had off in 2025 is unknown.
	if first, last := c.Coverage(); first != date(t, "2026-01-01") || last != date(t, "2026-12-31") {
		t.Errorf("coverage %s to %s", first, last)
	}
	further, err := c.Install(notice(t, next))
	if err != nil {
		t.Fatal(err)
	}
	if _, last := further.Coverage(); further.Name() != "cn@2027.1+xj@2026.1" || last != date(t, "2026-12-31") {
		t.Errorf("%s until %s", further.Name(), last)
	}
	further, err = further.Install(notice(t, "region: xj\nbase: cn\nyear: 2027\nversion: 1\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, last := further.Coverage(); further.Name() != "cn@2027.1+xj@2027.1" || last != date(t, "2027-12-31") {
		t.Errorf("%s until %s", further.Name(), last)
	}

	if _, err := c.With(layer); fault.Of(err) == nil || fault.Of(err).Key != "calendar.layer.twice" {
		t.Errorf("laid twice: %v", err)
	}
	other, err := calendar.NewLayer(notice(t, "region: aa\nbase: bb\nyear: 2026\nversion: 1\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.With(other); fault.Of(err) == nil || fault.Of(err).Key != "calendar.layer.base" {
		t.Errorf("over a base that is absent: %v", err)
	}
	if _, err := c.With(calendar.Layer{}); err == nil {
		t.Error("the zero layer was laid")
	}
	if _, err := calendar.NewLayer(notice(t, next)); err == nil {
		t.Error("a country became a layer")
	}
	if _, err := calendar.New(xj); err == nil {
		t.Error("a layer became a country")
	}
}
