// SPDX-License-Identifier: Apache-2.0

package calendar

import (
	"time"

	"quanze/core/fault"
)

// Date is a legal day, with no hour and no time zone. Dates are ordered by <,
// and the difference of two is their distance in days. The zero Date is no
// date; 1 is 0001-01-01 and the last is 9999-12-31. As text it is
// "2026-02-26"; no date is "" in text and null in JSON.
type Date int32

// lastDate is 9999-12-31, the last day that four digits can write.
const lastDate Date = 3652059

// cumulative[m] is the number of days before month m+1 in a common year.
var cumulative = [...]int{0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365}

func leap(y int) bool { return y%4 == 0 && (y%100 != 0 || y%400 == 0) }

func daysIn(y, m int) int {
	if m == 2 && leap(y) {
		return 29
	}
	return cumulative[m] - cumulative[m-1]
}

// MakeDate returns that day of the Gregorian calendar, or no date where there
// is none (2026-02-29) or its year is not 1 to 9999.
func MakeDate(year, month, day int) Date {
	if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return 0
	}
	return civil(year, month, day)
}

// civil is MakeDate for a day known to exist.
func civil(y, m, d int) Date {
	n := y - 1
	days := n*365 + n/4 - n/100 + n/400 + cumulative[m-1] + d
	if m > 2 && leap(y) {
		days++
	}
	return Date(days)
}

// ParseDate reads the form 2026-02-26 and no other. The error is a
// *fault.Fault.
func ParseDate(s string) (Date, error) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return 0, fault.New(fault.Invalid, "calendar.date.form", "value", s)
	}
	y, okY := digits(s[:4])
	m, okM := digits(s[5:7])
	d, okD := digits(s[8:])
	if !okY || !okM || !okD {
		return 0, fault.New(fault.Invalid, "calendar.date.form", "value", s)
	}
	on := MakeDate(y, m, d)
	if on == 0 {
		return 0, fault.New(fault.Invalid, "calendar.date.none", "value", s)
	}
	return on, nil
}

// digits reads up to nine decimal digits, nothing else.
func digits(s string) (int, bool) {
	if s == "" || len(s) > 9 {
		return 0, false
	}
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

// Valid reports whether d is a day, not the zero Date nor beyond 9999-12-31.
func (d Date) Valid() bool { return d >= 1 && d <= lastDate }

// YMD returns the year, month and day of the month; zeros for no date.
func (d Date) YMD() (year, month, day int) {
	if !d.Valid() {
		return 0, 0, 0
	}
	// Howard Hinnant's conversion: years begin in March, eras are 400 years.
	z := int(d) + 305
	era := z / 146097
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	day = doy - (153*mp+2)/5 + 1
	month = mp + 3
	if month > 12 {
		month -= 12
	}
	year = yoe + era*400
	if month <= 2 {
		year++
	}
	return year, month, day
}

// Year returns the year of d; 0 for no date.
func (d Date) Year() int {
	y, _, _ := d.YMD()
	return y
}

// Weekday returns the day of the week. It has no meaning for no date.
func (d Date) Weekday() time.Weekday { return time.Weekday((d%7 + 7) % 7) }

// AddDays returns the day n days later (earlier for negative n), or no date
// where that leaves the years 1 to 9999 or d is no date.
func (d Date) AddDays(n int) Date {
	if !d.Valid() || n < -int(lastDate) || n > int(lastDate) {
		return 0
	}
	return bounded(int(d) + n)
}

// bounded is the day of that number, or no date.
func bounded(n int) Date {
	if n < 1 || n > int(lastDate) {
		return 0
	}
	return Date(n)
}

// addMonths returns the matching day n months later and whether that month has
// one; where it has none, the last day of that month.
func (d Date) addMonths(n int) (on Date, matched bool) {
	y, m, day := d.YMD()
	at := y*12 + m - 1 + n
	y, m = at/12, at%12+1
	if y < 1 || y > 9999 {
		return 0, false
	}
	if last := daysIn(y, m); day > last {
		return civil(y, m, last), false
	}
	return civil(y, m, day), true
}

// String returns 2026-02-26, or "" for no date.
func (d Date) String() string {
	b, _ := d.AppendText(nil)
	return string(b)
}

// AppendText appends what String returns.
func (d Date) AppendText(b []byte) ([]byte, error) {
	if !d.Valid() {
		return b, nil
	}
	y, m, day := d.YMD()
	return append(b,
		byte('0'+y/1000), byte('0'+y/100%10), byte('0'+y/10%10), byte('0'+y%10), '-',
		byte('0'+m/10), byte('0'+m%10), '-',
		byte('0'+day/10), byte('0'+day%10)), nil
}

// MarshalText returns what String returns.
func (d Date) MarshalText() ([]byte, error) { return d.AppendText(nil) }

// UnmarshalText reads what MarshalText writes; empty text is no date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = 0
		return nil
	}
	on, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = on
	return nil
}

// MarshalJSON writes no date as null; readers need nothing beyond
// UnmarshalText, which encoding/json leaves out for null.
func (d Date) MarshalJSON() ([]byte, error) {
	if !d.Valid() {
		return []byte("null"), nil
	}
	b, err := d.AppendText([]byte{'"'})
	return append(b, '"'), err
}
