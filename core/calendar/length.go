// SPDX-License-Identifier: Apache-2.0

package calendar

import (
	"strconv"
	"strings"

	"quanze/core/fault"
)

// Unit is what a limit is counted in. There are no hours: no limit of the
// regulations is kept by the clock, and a half day is stated, never read off.
type Unit uint8

const (
	// Days are calendar days, 日.
	Days Unit = iota + 1
	// WorkingDays are 工作日: neither weekends nor holidays, but swapped days.
	WorkingDays
	// HalfWorkingDays are mornings and afternoons of working days.
	HalfWorkingDays
	// Weeks are seven calendar days each.
	Weeks
	// Months end on the matching day.
	Months
	// Quarters are three months each.
	Quarters
	// Years are twelve months each.
	Years
)

// unitNames by Unit; the singular is the name without its last letter.
var unitNames = [...]string{"", "days", "working_days", "half_working_days", "weeks", "months", "quarters", "years"}

// unitMost by Unit is a hundred years, in that unit.
var unitMost = [...]int{0, 36525, 36525, 73050, 5218, 1200, 400, 100}

// String returns the name as it stands in packs, in the plural.
func (u Unit) String() string {
	if int(u) >= len(unitNames) {
		return ""
	}
	return unitNames[u]
}

// working reports whether only working days are counted.
func (u Unit) working() bool { return u == WorkingDays || u == HalfWorkingDays }

// Length is how long a limit runs: 30 working days, 6 months. N is from 0 (the
// same day) to a hundred years. The zero Length is none.
type Length struct {
	N    int
	Unit Unit
}

// ParseLength reads a number, one space and a unit, in the plural or the
// singular: "30 working_days", "1 month". The error is a *fault.Fault.
func ParseLength(s string) (Length, error) {
	number, name, found := strings.Cut(s, " ")
	if !found || number == "" || name == "" || (len(number) > 1 && number[0] == '0') {
		return Length{}, fault.New(fault.Invalid, "calendar.length.form", "value", s)
	}
	for i := range len(number) {
		if number[i] < '0' || number[i] > '9' {
			return Length{}, fault.New(fault.Invalid, "calendar.length.form", "value", s)
		}
	}
	for u := Days; int(u) < len(unitNames); u++ {
		if name != unitNames[u] && name != unitNames[u][:len(unitNames[u])-1] {
			continue
		}
		n, ok := digits(number)
		if l := (Length{N: n, Unit: u}); ok && l.Valid() {
			return l, nil
		}
		return Length{}, fault.New(fault.Invalid, "calendar.length.bounds",
			"value", s, "most", strconv.Itoa(unitMost[u]))
	}
	return Length{}, fault.New(fault.Invalid, "calendar.length.unit", "value", s, "unit", name)
}

// Valid reports whether l has a unit and lies between 0 and a hundred years.
func (l Length) Valid() bool {
	return l.Unit >= Days && l.Unit <= Years && l.N >= 0 && l.N <= unitMost[l.Unit]
}

// String returns "30 working_days", always in the plural; "" if not Valid.
func (l Length) String() string {
	if !l.Valid() {
		return ""
	}
	return strconv.Itoa(l.N) + " " + l.Unit.String()
}

// MarshalText returns what String returns.
func (l Length) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads what ParseLength reads.
func (l *Length) UnmarshalText(text []byte) error {
	got, err := ParseLength(string(text))
	if err != nil {
		return err
	}
	*l = got
	return nil
}

// Rule says how the two ends of a limit are counted. The zero Rule is the
// general one: the first day is not counted, and a last day off moves to the
// next working day. Basis: 民法典 第二百零一条、第二百零三条; 第二百零四条 lets
// law and parties choose otherwise.
type Rule struct {
	// CountFirst counts the first day too (自当日起). For working days it
	// counts if it is one; a month from the 15th then ends on the 14th.
	CountFirst bool `json:"count_first"`
	// NoRollover leaves a last day off where it is. Working-day limits end on
	// a working day in any case.
	NoRollover bool `json:"no_rollover"`
}

// Before returns the day that lies the length before another: the matching day
// of the month for months and longer, else so many days. Working days need a
// Calendar and are taken as days, which reaches back less far.
func (l Length) Before(day Date) Date {
	if !day.Valid() {
		return 0
	}
	months := map[Unit]int{Months: 1, Quarters: 3, Years: 12}[l.Unit]
	if months > 0 {
		on, _ := day.addMonths(-months * l.N)
		return on
	}
	if l.Unit == Weeks {
		return day.AddDays(-7 * l.N)
	}
	return day.AddDays(-l.N)
}
