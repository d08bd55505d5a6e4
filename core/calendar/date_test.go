// SPDX-License-Identifier: Apache-2.0

package calendar_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"quanze/core/calendar"
	"quanze/core/fault"
)

// Every day of ten thousand years, against the time package.
func TestDateAgainstTime(t *testing.T) {
	d := calendar.Date(1)
	for at := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 10000; at = at.AddDate(0, 0, 1) {
		y, m, day := d.YMD()
		if y != at.Year() || m != int(at.Month()) || day != at.Day() || d.Weekday() != at.Weekday() {
			t.Fatalf("%d is %d-%d-%d %s, want %s", d, y, m, day, d.Weekday(), at)
		}
		if got := calendar.MakeDate(y, m, day); got != d {
			t.Fatalf("MakeDate(%d, %d, %d) = %d, want %d", y, m, day, got, d)
		}
		d++
	}
	if d.Valid() || calendar.MakeDate(9999, 12, 31) != d-1 {
		t.Errorf("the last date is %d", d-1)
	}
}

func TestDateText(t *testing.T) {
	for _, s := range []string{"2026-02-26", "0001-01-01", "9999-12-31", "2024-02-29"} {
		if got := date(t, s); got.String() != s {
			t.Errorf("%s printed as %s", s, got)
		}
	}
	bad := map[string]string{
		"": "calendar.date.form", "2026-2-26": "calendar.date.form", "2026-02-26 ": "calendar.date.form",
		"2026/02/26": "calendar.date.form", "+026-02-26": "calendar.date.form", "２026-02-2": "calendar.date.form",
		"2026-02-29": "calendar.date.none", "2026-00-10": "calendar.date.none", "2026-13-01": "calendar.date.none",
		"0000-01-01": "calendar.date.none", "2026-04-31": "calendar.date.none", "2026-04-00": "calendar.date.none",
	}
	for s, key := range bad {
		if _, err := calendar.ParseDate(s); fault.Of(err) == nil || fault.Of(err).Key != key {
			t.Errorf("%q: %v, want %s", s, err, key)
		}
	}
	type pair struct {
		A calendar.Date                   `json:"a"`
		B calendar.Date                   `json:"b"`
		M map[calendar.Date]calendar.Date `json:"m"`
	}
	want := pair{A: date(t, "2026-02-26"), M: map[calendar.Date]calendar.Date{date(t, "2026-03-02"): 0}}
	b, err := json.Marshal(want)
	if err != nil || string(b) != `{"a":"2026-02-26","b":null,"m":{"2026-03-02":null}}` {
		t.Errorf("%s, %v", b, err)
	}
	var got pair
	if err := json.Unmarshal(b, &got); err != nil || !cmp.Equal(want, got) {
		t.Errorf("read back as %+v, %v", got, err)
	}
	if err := json.Unmarshal([]byte(`{"a":"2026-02-30"}`), &got); err == nil {
		t.Error("2026-02-30 was read")
	}
	d := date(t, "2026-02-26")
	if err := d.UnmarshalText(nil); err != nil || d != 0 || d.String() != "" {
		t.Errorf("empty text is %s, %v", d, err)
	}
}

func TestAddDays(t *testing.T) {
	last := date(t, "9999-12-31")
	tests := []struct {
		d    calendar.Date
		n    int
		want calendar.Date
	}{
		{date(t, "2024-02-28"), 2, date(t, "2024-03-01")},
		{date(t, "2024-03-01"), -2, date(t, "2024-02-28")},
		{last, 0, last}, {last, 1, 0}, {1, -1, 0}, {0, 1, 0}, {last + 1, -1, 0}, {-5, 10, 0},
		{1, 1 << 40, 0}, {last, -1 << 62, 0}, {1, int(last) - 1, last},
	}
	for _, tt := range tests {
		if got := tt.d.AddDays(tt.n); got != tt.want {
			t.Errorf("%d + %d = %d, want %d", tt.d, tt.n, got, tt.want)
		}
	}
	if y, m, d := calendar.Date(0).YMD(); y != 0 || m != 0 || d != 0 || calendar.Date(0).Year() != 0 {
		t.Errorf("no date is %d-%d-%d", y, m, d)
	}
}

func TestParseLength(t *testing.T) {
	good := map[string]string{
		"30 working_days": "30 working_days", "1 working_day": "1 working_days", "1 day": "1 days", "0 days": "0 days",
		"3 half_working_days": "3 half_working_days", "1 half_working_day": "1 half_working_days", "2 weeks": "2 weeks",
		"12 months": "12 months", "4 quarters": "4 quarters", "1 year": "1 years", "100 years": "100 years", "36525 days": "36525 days",
	}
	for s, want := range good {
		l := length(t, s)
		if l.String() != want {
			t.Errorf("%q is %s, want %s", s, l, want)
		}
		var back calendar.Length
		if err := back.UnmarshalText([]byte(want)); err != nil || back != l {
			t.Errorf("%q read back as %s, %v", want, back, err)
		}
	}
	bad := map[string]string{
		"": "form", "30": "form", "days": "form", " days": "form", "30 ": "form", "-1 days": "form", "+1 days": "form",
		"01 days": "form", "1.5 days": "form", "３ days": "form",
		"30  days": "unit", "30 Days": "unit", "30 hours": "unit", "30 days ": "unit", "3 s": "unit", "3 workdays": "unit",
		"36526 days": "bounds", "101 years": "bounds", "1201 months": "bounds", "99999999999999999999 days": "bounds",
	}
	for s, key := range bad {
		if _, err := calendar.ParseLength(s); fault.Of(err) == nil || fault.Of(err).Key != "calendar.length."+key {
			t.Errorf("%q: %v, want %s", s, err, key)
		}
	}
	if (calendar.Length{}).String() != "" || calendar.Unit(99).String() != "" {
		t.Error("what is no length has a name")
	}
}

func FuzzLength(f *testing.F) {
	for _, s := range []string{"30 working_days", "1 month", "0 days", "36526 days", "007 weeks", "1 half_working_day"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l, err := calendar.ParseLength(s)
		if err != nil {
			if fault.Of(err) == nil {
				t.Errorf("not a fault: %v", err)
			}
			return
		}
		again, err := calendar.ParseLength(l.String())
		if err != nil || again != l || !l.Valid() {
			t.Errorf("%q is %+v, printed %q, read back %+v, %v", s, l, l, again, err)
		}
	})
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"2026-02-26", "2026-02-29", "0000-00-00", "9999-12-31"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := calendar.ParseDate(s)
		want, wantErr := time.Parse(time.DateOnly, s)
		if (err == nil) != (wantErr == nil && want.Year() > 0) {
			t.Fatalf("%q: %v, the time package says %v", s, err, wantErr)
		}
		if err == nil && d.String() != s {
			t.Errorf("%q printed as %s", s, d)
		}
	})
}

func TestNames(t *testing.T) {
	for _, s := range []string{"exclude", "suspend", "interrupt"} {
		var k calendar.StopKind
		if err := k.UnmarshalText([]byte(s)); err != nil || k.String() != s {
			t.Errorf("%s is %s, %v", s, k, err)
		}
	}
	for _, s := range []string{"workday", "weekend", "holiday", "swapped"} {
		var k calendar.DayKind
		if err := k.UnmarshalText([]byte(s)); err != nil || k.String() != s {
			t.Errorf("%s is %s, %v", s, k, err)
		}
	}
	for _, s := range []string{"am", "pm"} {
		var h calendar.Half
		if err := h.UnmarshalText([]byte(s)); err != nil || h.String() != s {
			t.Errorf("%s is %s, %v", s, h, err)
		}
	}
	var (
		k calendar.StopKind
		d calendar.DayKind
		h calendar.Half
	)
	if k.UnmarshalText(nil) == nil || d.UnmarshalText(nil) == nil || h.UnmarshalText([]byte("noon")) == nil {
		t.Error("a name that is none was read")
	}
	if k.String()+d.String()+h.String()+calendar.StopKind(9).String()+calendar.DayKind(9).String() != "" {
		t.Error("what is none has a name")
	}
}
