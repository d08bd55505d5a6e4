// SPDX-License-Identifier: Apache-2.0

package calendar

import "quanze/core/fault"

// Half is the morning or afternoon of a working day, as someone stated it.
type Half uint8

const (
	// AM is the morning, 上午.
	AM Half = iota + 1
	// PM is the afternoon, 下午.
	PM
)

// String returns "am" or "pm".
func (h Half) String() string {
	switch h {
	case AM:
		return "am"
	case PM:
		return "pm"
	}
	return ""
}

// MarshalText returns what String returns.
func (h Half) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads "am" or "pm".
func (h *Half) UnmarshalText(text []byte) error {
	switch string(text) {
	case "am":
		*h = AM
	case "pm":
		*h = PM
	default:
		return fault.New(fault.Invalid, "calendar.half", "value", string(text))
	}
	return nil
}

// AddHalves returns the half working day that is the n-th after that half of
// start, which is not counted, and whether it is provisional. From a day off
// the count begins with the next working morning, which is also the answer
// for n = 0. No date where start, half or n (0 to a hundred years) is not
// valid.
func (c *Calendar) AddHalves(start Date, half Half, n int) (on Date, at Half, provisional bool) {
	if !start.Valid() || (half != AM && half != PM) || !(Length{N: n, Unit: HalfWorkingDays}).Valid() {
		return 0, 0, false
	}
	// Halves are numbered 2k-1 and 2k on the k-th working day.
	position := 2 * c.table.rank(start)
	if !c.table.working(start) {
		if n == 0 {
			n = 1
		}
	} else if half == AM {
		position--
	}
	position += int32(n)
	at = PM
	if position&1 != 0 {
		at, position = AM, position+1
	}
	on = c.table.at(position / 2)
	if on > lastDate {
		return 0, 0, false
	}
	return on, at, !c.Covers(start) || !c.Covers(on)
}
