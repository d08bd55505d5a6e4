// SPDX-License-Identifier: Apache-2.0

package locale

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"quanze/core/calendar"
)

// Date returns a legal day with its weekday: 2026-02-26 周四, Thu 26 Feb 2026;
// empty for no date.
func (w *Words) Date(d calendar.Date) string {
	if !d.Valid() {
		return ""
	}
	if w.lang == En {
		return w.Weekday(d) + " " + w.ShortDate(d) + " " + strconv.Itoa(d.Year())
	}
	return d.String() + " " + w.Weekday(d)
}

// ShortDate returns a day for lists: 2月26日, 26 Feb; empty for no date.
func (w *Words) ShortDate(d calendar.Date) string {
	if !d.Valid() {
		return ""
	}
	_, month, day := d.YMD()
	return w.T("date.short", "month", w.T("month."+strconv.Itoa(month)), "day", strconv.Itoa(day))
}

// PaperDate returns a day as an official paper bears it: 2026年2月26日; empty for
// no date.
func (w *Words) PaperDate(d calendar.Date) string {
	if !d.Valid() {
		return ""
	}
	year, month, day := d.YMD()
	return w.T("date.paper", "year", strconv.Itoa(year), "month", w.T("month."+strconv.Itoa(month)), "day", strconv.Itoa(day))
}

// Weekday returns 周四, Thu.
func (w *Words) Weekday(d calendar.Date) string {
	return w.T("weekday." + strconv.Itoa(int(d.Weekday())))
}

// beijing is the legal time of the whole country. There has been no summer
// time since 1991, so that no table of zones is needed.
func beijing() *time.Location { return time.FixedZone("Asia/Shanghai", 8*60*60) }

// DateTime returns an instant in Beijing time: 2026-02-26 周四 14:05, Thu 26 Feb
// 2026, 14:05; empty for the zero time.
func (w *Words) DateTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(beijing())
	day := w.Date(calendar.MakeDate(t.Year(), int(t.Month()), t.Day()))
	if w.lang == En {
		return day + t.Format(", 15:04")
	}
	return day + t.Format(" 15:04")
}

// Number returns a count with its thousands apart: 12,345.
func (w *Words) Number(n int) string {
	digits := strconv.FormatUint(magnitude(n), 10)
	var b strings.Builder
	if n < 0 {
		b.WriteByte('-')
	}
	for i, r := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// magnitude is |n|, also of the least int.
func magnitude(n int) uint64 {
	if n < 0 {
		return uint64(-(n + 1)) + 1
	}
	return uint64(n)
}

// Size returns a number of bytes in units of 1024, with one decimal below ten:
// 512 B, 1.5 KB, 20 MB.
func (w *Words) Size(bytes int64) string {
	if bytes < 1024 {
		return strconv.FormatInt(max(bytes, 0), 10) + " B"
	}
	v, unit := float64(bytes)/1024, 0
	units := []string{"KB", "MB", "GB", "TB"}
	for v >= 1023.5 && unit < len(units)-1 {
		v, unit = v/1024, unit+1
	}
	text := fmt.Sprintf("%.0f", v)
	if v < 9.95 {
		text = strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0")
	}
	return text + " " + units[unit]
}

// DaysLeft says how far a last day lies ahead of today, or behind it; empty
// where one of them is no date.
func (w *Words) DaysLeft(due, today calendar.Date) string {
	if !due.Valid() || !today.Valid() {
		return ""
	}
	switch n := int(due - today); {
	case n > 0:
		return w.T("days.left", "n", w.Number(n))
	case n < 0:
		return w.T("days.late", "n", w.Number(-n))
	}
	return w.T("days.today")
}

// Length returns a limit in words: 5个工作日, 5 working days; empty for none.
func (w *Words) Length(l calendar.Length) string {
	if !l.Valid() {
		return ""
	}
	return w.T("length."+l.Unit.String(), "n", w.Number(l.N))
}

// Holiday returns the name of a holiday as notices print it, in words of the
// language; as it was where the catalogue has none. Several run together are
// joined by 、.
func (w *Words) Holiday(name string) string {
	var out []string
	for part := range strings.SplitSeq(name, "、") {
		if w.Has("holiday." + part) {
			part = w.T("holiday." + part)
		}
		out = append(out, part)
	}
	return w.Join(out)
}
