// SPDX-License-Identifier: Apache-2.0

package locale

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"quanze/core/calendar"
	"quanze/core/fault"
)

func load(t *testing.T) *Catalogue {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestFill(t *testing.T) {
	messages, err := parse("m.txt", strings.Join([]string{
		"# comment", "", "a.plain = words", "a.value = x {v} y", "a.plural = {n} {n|day|days}", "a.part = done[ by {who}[x]", "a.maybe = done[ by {who}].",
	}, "\n"))
	if err == nil || !strings.Contains(err.Error(), "m.txt:6: a.part") {
		t.Fatalf("a group within a group: %v", err)
	}
	w := &Words{lang: En, messages: messages}
	tests := []struct {
		key  string
		args []string
		want string
	}{
		{"a.plain", nil, "words"},
		{"a.value", []string{"v", "{n} [b] <i>"}, "x {n} [b] <i> y"},
		{"a.value", nil, "x {v} y"},
		{"a.plural", []string{"n", "1"}, "1 day"},
		{"a.plural", []string{"n", "0"}, "0 days"},
		{"a.maybe", []string{"who", "A"}, "done by A."},
		{"a.maybe", []string{"who", ""}, "done."},
		{"a.maybe", nil, "done."},
		{"a.none", nil, "[a.none]"},
	}
	for _, tt := range tests {
		if got := w.T(tt.key, tt.args...); got != tt.want {
			t.Errorf("%s %v: got %q, want %q", tt.key, tt.args, got, tt.want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, bad := range []string{
		"no text", "a = one word", "a.b =", "a.b =  padded", "a.b = x\na.b = y", "a..b = x", "a.b! = x", "a.b = {", "a.b = }", "a.b = {x|y}",
		"a.b = {x|y|}", "a.b = []", "a.b = [x]", "a.b = [x {y}", "a.b = x]", "a.b = \x00", "a.b = \xff", "a.b = tab\tx",
	} {
		if _, err := parse("m.txt", bad); err == nil || !strings.HasPrefix(err.Error(), "m.txt:") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("a.b = x {y} [z {n|d|ds}]")
	f.Add("# head\n\na.b = {n} {n|day|days}[ by {who}]\nc.d = e")
	f.Fuzz(func(t *testing.T, text string) {
		messages, err := parse("m.txt", text)
		if err != nil {
			return
		}
		w := &Words{messages: messages}
		for key, m := range messages {
			values := map[string]string{}
			for _, a := range m.args() {
				values[a] = "7"
			}
			if got := w.Fill(key, values); strings.ContainsAny(got, "{}[]") {
				t.Errorf("%s = %s filled as %q", key, m.text, got)
			}
		}
	})
}

func TestDates(t *testing.T) {
	c := load(t)
	day := calendar.MakeDate(2026, 2, 26)
	tests := []struct {
		got  func(*Words) string
		want [2]string
	}{
		{func(w *Words) string { return w.Date(day) }, [2]string{"2026-02-26 周四", "Thu 26 Feb 2026"}},
		{func(w *Words) string { return w.Date(0) }, [2]string{}},
		{func(w *Words) string { return w.PaperDate(day) }, [2]string{"2026年2月26日", "26 Feb 2026"}},
		{func(w *Words) string { return w.PaperDate(0) }, [2]string{}},
		{func(w *Words) string { return w.ShortDate(day) }, [2]string{"2月26日", "26 Feb"}},
		{func(w *Words) string { return w.ShortDate(0) }, [2]string{}},
		{func(w *Words) string { return w.DateTime(time.Date(2026, 2, 25, 16, 5, 0, 0, time.UTC)) },
			[2]string{"2026-02-26 周四 00:05", "Thu 26 Feb 2026, 00:05"}},
		{func(w *Words) string { return w.DateTime(time.Time{}) }, [2]string{}},
		{func(w *Words) string { return w.DaysLeft(day, day-1) }, [2]string{"还剩1天", "1 day left"}},
		{func(w *Words) string { return w.DaysLeft(day, day) }, [2]string{"今天到期", "due today"}},
		{func(w *Words) string { return w.DaysLeft(day, day+1200) }, [2]string{"超期1,200天", "1,200 days late"}},
		{func(w *Words) string { return w.DaysLeft(0, day) }, [2]string{}},
		{func(w *Words) string { return w.Length(calendar.Length{N: 5, Unit: calendar.WorkingDays}) }, [2]string{"5个工作日", "5 working days"}},
		{func(w *Words) string { return w.Length(calendar.Length{N: 1, Unit: calendar.Months}) }, [2]string{"1个月", "1 month"}},
		{func(w *Words) string { return w.Length(calendar.Length{}) }, [2]string{}},
		{func(w *Words) string { return w.Holiday("国庆节、中秋节") }, [2]string{"国庆节、中秋节", "National Day, Mid-Autumn Festival"}},
		{func(w *Words) string { return w.Holiday("三月三") }, [2]string{"三月三", "三月三"}},
		{func(w *Words) string { return w.Name("甲", "A") }, [2]string{"甲", "A"}},
		{func(w *Words) string { return w.Name("甲", "") }, [2]string{"甲", "甲"}},
	}
	for i, tt := range tests {
		if diff := cmp.Diff(tt.want, [2]string{tt.got(c.In(Zh)), tt.got(c.In(En))}); diff != "" {
			t.Errorf("%d (-want +got)\n%s", i, diff)
		}
	}
}

// TestEveryDay finds no day without its words, in either language.
func TestEveryDay(t *testing.T) {
	c := load(t)
	rapid.Check(t, func(t *rapid.T) {
		d := calendar.Date(rapid.IntRange(1, int(calendar.MakeDate(9999, 12, 31))).Draw(t, "day"))
		for _, l := range Langs() {
			if got := c.In(l).Date(d) + c.In(l).ShortDate(d); strings.ContainsAny(got, "[{") {
				t.Fatalf("%s: %s", l, got)
			}
		}
	})
}

func TestNumbers(t *testing.T) {
	w := load(t).In(Zh)
	for n, want := range map[int]string{0: "0", 7: "7", 999: "999", 1000: "1,000", -1234567: "-1,234,567", -1 << 63: "-9,223,372,036,854,775,808"} {
		if got := w.Number(n); got != want {
			t.Errorf("Number(%d) = %s, want %s", n, got, want)
		}
	}
	for n, want := range map[int64]string{-1: "0 B", 512: "512 B", 1024: "1 KB", 1536: "1.5 KB", 10<<10 + 200: "10 KB", 20 << 20: "20 MB", 1<<20 - 1: "1 MB", 3 << 40: "3 TB"} {
		if got := w.Size(n); got != want {
			t.Errorf("Size(%d) = %s, want %s", n, got, want)
		}
	}
}

func TestNegotiate(t *testing.T) {
	for header, want := range map[string]Lang{
		"": Zh, "en": En, "en-GB,en;q=0.9": En, "zh-CN,zh;q=0.9,en;q=0.8": Zh, "fr,en;q=0.5": En, "fr": Zh,
		"en;q=0.5, zh-TW;q=0.7": Zh, "en;q=0": Zh, "en;q=x": Zh, "de, EN": En, "en;q=9": Zh,
	} {
		if got := Negotiate(header); got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
}

func FuzzNegotiate(f *testing.F) {
	f.Add("zh-CN,zh;q=0.9,en;q=0.8")
	f.Fuzz(func(t *testing.T, header string) {
		if l := Negotiate(header); l != Zh && l != En {
			t.Errorf("%q gives %q", header, l)
		}
	})
}

func TestFaults(t *testing.T) {
	w := load(t).In(En)
	if got := w.Fault(fault.New(fault.Invalid, "calendar.date.none", "value", "2026-02-30")); got != "There is no day 2026-02-30" {
		t.Error(got)
	}
	if got := w.Fault(fault.New(fault.Denied, "no.such.message")); got != w.T("fault.denied") {
		t.Error(got)
	}
	if got := w.Nth("diag.QP0004", "nam", ""); got != "Unknown key “nam”" {
		t.Error(got)
	}
}
