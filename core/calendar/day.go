// SPDX-License-Identifier: Apache-2.0

package calendar

import (
	"cmp"
	"slices"

	"quanze/core/fault"
)

// DayKind is what sort of day it is.
type DayKind uint8

const (
	// Workday is worked, as usual.
	Workday DayKind = iota + 1
	// Weekend is a Saturday or Sunday that no notice speaks of.
	Weekend
	// Holiday is a day off by notice: the festival, or a day swapped for it.
	Holiday
	// Swapped is a Saturday or Sunday that is worked by notice (调休上班).
	Swapped
)

var dayKinds = [...]string{"", "workday", "weekend", "holiday", "swapped"}

// String returns the name as it stands in JSON.
func (k DayKind) String() string {
	if int(k) >= len(dayKinds) {
		return ""
	}
	return dayKinds[k]
}

// MarshalText returns what String returns.
func (k DayKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads what MarshalText writes, and nothing else.
func (k *DayKind) UnmarshalText(text []byte) error {
	for i := Workday; int(i) < len(dayKinds); i++ {
		if dayKinds[i] == string(text) {
			*k = i
			return nil
		}
	}
	return fault.New(fault.Invalid, "calendar.day.kind", "value", string(text))
}

// Day is what a calendar knows of a day. Name is the holiday it belongs to, as
// notices print it, also for a swapped day. Provisional says that the day lies
// outside the coverage: it may yet turn out otherwise.
type Day struct {
	On          Date    `json:"on"`
	Kind        DayKind `json:"kind"`
	Name        string  `json:"name,omitempty"`
	Source      Source  `json:"source,omitzero"`
	Provisional bool    `json:"provisional,omitempty"`
}

// Working reports whether the day is worked.
func (d Day) Working() bool { return d.Kind == Workday || d.Kind == Swapped }

// Working reports whether d is a working day. No date is none.
func (c *Calendar) Working(d Date) bool { return d.Valid() && c.table.working(d) }

// Day returns what is known of d; the zero Day for no date.
func (c *Calendar) Day(d Date) Day {
	if !d.Valid() {
		return Day{}
	}
	day := Day{On: d, Kind: Workday}
	i, listed := slices.BinarySearchFunc(c.entries, d, func(e entry, d Date) int { return cmp.Compare(e.on, d) })
	switch {
	case listed:
		day = c.entries[i].day()
	case plainOff(d):
		day.Kind = Weekend
	}
	day.Provisional = !c.Covers(d)
	return day
}

// WorkingDays returns the number of working days after a, up to and including
// b; negative where b lies before a, zero if either is no date.
func (c *Calendar) WorkingDays(a, b Date) int {
	if !a.Valid() || !b.Valid() {
		return 0
	}
	return int(c.table.rank(b) - c.table.rank(a))
}
