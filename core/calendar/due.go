// SPDX-License-Identifier: Apache-2.0

package calendar

// Result is the end of a limit. A limit that is still stopped is not Running
// and has no Due; so is one counted from no date, by a Length or Stop that is
// not Valid, or past 9999-12-31. Provisional says that the status of a day on
// which Due depends is not known yet.
type Result struct {
	Due         Date `json:"due"`
	Provisional bool `json:"provisional"`
	Running     bool `json:"running"`
}

// run is a limit made a count: n days after after, of working days or of all.
type run struct {
	after   Date
	n       int32
	working bool
	rolls   bool // the last day must be a working day
}

// newRun turns a limit into a count. Months, quarters and years become the
// days up to the matching day, or where there is none to the last day of the
// month, so that a stop moves their end by the days it held. Basis: 民法典
// 第二百零二条. The zero run is a limit that cannot be counted.
func newRun(start Date, l Length, rule Rule) (run, bool) {
	if !start.Valid() || !l.Valid() {
		return run{}, false
	}
	r := run{after: start, n: int32(l.N), working: l.Unit.working()}
	r.rolls = r.working || !rule.NoRollover
	if l.N == 0 {
		return r, true
	}
	if rule.CountFirst {
		r.after--
	}
	months := 0
	switch l.Unit {
	case HalfWorkingDays: // The halves of a day end on that day.
		r.n = (r.n + 1) / 2
	case Weeks:
		r.n *= 7
	case Months:
		months = l.N
	case Quarters:
		months = 3 * l.N
	case Years:
		months = 12 * l.N
	}
	if months == 0 {
		return r, true
	}
	end, matched := start.addMonths(months)
	if end == 0 {
		return run{}, false
	}
	if rule.CountFirst && matched {
		end-- // From the 15th itself to the 14th.
	}
	r.n = int32(end - r.after)
	return r, true
}

// end returns the last day counted, and the day on which the limit ends: the
// same day, or the first after it that is not held and, if it rolls, is worked.
// Zeros: it never ends.
func (c *Calendar) end(r run, held []hold) (raw, due Date) {
	raw = r.after
	if r.n > 0 {
		raw = c.count(r, held)
	}
	if raw == 0 {
		return 0, 0
	}
	due = raw
	if r.rolls && !c.table.working(due) {
		due = c.table.next(due)
	}
	for _, h := range held {
		if due <= h.after || due > h.until {
			continue
		}
		due = h.until + 1
		if r.rolls {
			due = c.table.next(due)
		}
	}
	if due > lastDate {
		return 0, 0
	}
	return raw, due
}

// count returns the n-th day after after that is not held and, for working
// days, is worked; 0 if there is none.
func (c *Calendar) count(r run, held []hold) Date {
	at, left := r.after, r.n
	for _, h := range held {
		if h.until <= at {
			continue
		}
		if h.after > at {
			free := int32(h.after - at)
			if r.working {
				free = c.table.rank(h.after) - c.table.rank(at)
			}
			if free >= left {
				break
			}
			left -= free
		}
		at = h.until
	}
	raw := at + Date(left)
	if r.working {
		raw = c.table.at(c.table.rank(at) + left)
	}
	if raw > lastDate {
		return 0
	}
	return raw
}

// provisional reports whether a day that the result depends on lies outside
// the coverage: for working days any from the first to the due day, for other
// units those from the raw end to the due day, and none if it does not roll.
func (c *Calendar) provisional(r run, raw, due Date) bool {
	first, depends := r.consults(raw)
	return depends && due != 0 && (!c.Covers(first) || !c.Covers(due))
}

// consults returns the first day whose status the result depends on, if any.
func (r run) consults(raw Date) (Date, bool) {
	if r.working && r.n > 0 {
		return r.after + 1, true
	}
	return raw, r.rolls
}

// Add returns the day on which a limit from start ends, and whether that is
// provisional; no date where Result says that it would not be Running. It is
// Due without stops.
func (c *Calendar) Add(start Date, l Length, rule Rule) (due Date, provisional bool) {
	r, ok := newRun(start, l, rule)
	if !ok {
		return 0, false
	}
	raw, due := c.end(r, nil)
	return due, c.provisional(r, raw, due)
}

// Due returns the end of a limit with its stops, given in any order.
//
// The days after a stop's From, up to and including its Until, do not count;
// where stops overlap their union is taken out, so no day twice. Days held
// before the limit begins, and stops from its due day on, change nothing. A
// limit in months or years ends later by the calendar days that were held. No
// limit ends on a held day, and a last day off still moves on.
//
// An interruption that begins on or before the due day (an act on the last day
// is in time) lets the whole length run anew, the day of resumption not
// counted even by CountFirst; exclusions and suspensions hold the new run too.
// An interruption over before a day was counted, or by the resumption of
// another, is none.
func (c *Calendar) Due(start Date, l Length, rule Rule, stops []Stop) Result {
	for _, s := range stops {
		if !s.Valid() {
			return Result{}
		}
	}
	var few [4]hold
	r, raw, due := c.resolve(start, l, rule, stops, holds(few[:0], stops), nil)
	return Result{Due: due, Provisional: c.provisional(r, raw, due), Running: due != 0}
}

// resolve runs a limit, and again from each interruption that meets it, whose
// index in stops it hands to restarted, if any. It ends since each restart is
// later than the last.
func (c *Calendar) resolve(start Date, l Length, rule Rule, stops []Stop, held []hold, restarted func(int)) (r run, raw, due Date) {
	for {
		r, ok := newRun(start, l, rule)
		if !ok {
			return r, 0, 0
		}
		raw, due := c.end(r, held)
		i := interruption(stops, r.after, due)
		if i < 0 {
			return r, raw, due
		}
		if restarted != nil {
			restarted(i)
		}
		if stops[i].Until == 0 {
			return r, 0, 0
		}
		start, rule.CountFirst = stops[i].Until, false
	}
}

// interruption returns the index of the first interruption that meets a limit
// counted from the day after after to due (0: it never ends), or -1.
func interruption(stops []Stop, after, due Date) int {
	first := -1
	for i, s := range stops {
		if s.How != Interrupt || s.end() <= after || (due != 0 && s.From > due) {
			continue
		}
		if first < 0 || s.From < stops[first].From ||
			(s.From == stops[first].From && s.end() > stops[first].end()) {
			first = i
		}
	}
	return first
}

// Extend returns the end of a limit extended before it ended: the extension
// counts from the old due day, which was counted already.
func (c *Calendar) Extend(due Date, l Length, rule Rule) (Date, bool) {
	rule.CountFirst = false
	return c.Add(due, l, rule)
}

// EndOfYear returns 31 December of d's year, or as the rule has it the next
// working day, and whether that is provisional.
func (c *Calendar) EndOfYear(d Date, rule Rule) (Date, bool) {
	return c.Add(MakeDate(d.Year(), 12, 31), Length{N: 0, Unit: Days}, rule)
}

// Recompute counts the same limit by two versions of a calendar.
func Recompute(was, is *Calendar, start Date, l Length, rule Rule, stops []Stop) (before, after Result) {
	return was.Due(start, l, rule, stops), is.Due(start, l, rule, stops)
}
