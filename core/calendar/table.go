// SPDX-License-Identifier: Apache-2.0

package calendar

import "time"

// table answers in constant time how many working days lie up to a day, and
// which day is the n-th working day. Within it stand the days that notices
// speak of; elsewhere weeks of five days are assumed.
type table struct {
	first Date    // the first day within
	upTo  []int32 // upTo[i] is the number of working days from first to first+i
	nth   []Date  // nth[n-1] is the n-th working day within
}

// plainOff reports whether d is a Saturday or a Sunday.
func plainOff(d Date) bool {
	w := d.Weekday()
	return w == time.Saturday || w == time.Sunday
}

// plainUpTo is the number of days Monday to Friday from 0001-01-01, a Monday,
// to d.
func plainUpTo(d Date) int32 {
	weeks, rest := int32(d)/7, int32(d)%7
	return weeks*5 + min(rest, 5)
}

// plainNth is the inverse of plainUpTo: the n-th day Monday to Friday, n >= 1.
func plainNth(n int32) Date {
	n--
	return Date(n/5*7 + n%5 + 1)
}

// newTable lays entries over the plain weeks from first to last.
func newTable(first, last Date, entries []entry) table {
	works := make([]bool, last-first+1)
	for i := range works {
		works[i] = !plainOff(first + Date(i))
	}
	for _, e := range entries {
		works[e.on-first] = e.working
	}
	t := table{first: first, upTo: make([]int32, len(works)), nth: make([]Date, 0, len(works)*5/7)}
	for i, working := range works {
		if working {
			t.nth = append(t.nth, first+Date(i))
		}
		t.upTo[i] = int32(len(t.nth))
	}
	return t
}

// rank is the number of working days up to and including d, counted from the
// day before the table; before the table it is zero or less.
func (t *table) rank(d Date) int32 {
	if i := int(d) - int(t.first); uint(i) < uint(len(t.upTo)) {
		return t.upTo[i]
	} else if i < 0 {
		return plainUpTo(d) - plainUpTo(t.first-1)
	}
	last := t.first + Date(len(t.upTo)) - 1
	return int32(len(t.nth)) + plainUpTo(d) - plainUpTo(last)
}

// at is the working day of that rank, the inverse of rank. It may lie past
// lastDate, and is not positive where there is none.
func (t *table) at(rank int32) Date {
	if i := int(rank) - 1; uint(i) < uint(len(t.nth)) {
		return t.nth[i]
	}
	if rank <= 0 {
		n := rank + plainUpTo(t.first-1)
		if n < 1 {
			return 0
		}
		return plainNth(n)
	}
	last := t.first + Date(len(t.upTo)) - 1
	return plainNth(rank - int32(len(t.nth)) + plainUpTo(last))
}

// working reports whether d is a working day.
func (t *table) working(d Date) bool {
	if i := int(d) - int(t.first); i > 0 && i < len(t.upTo) {
		return t.upTo[i] != t.upTo[i-1]
	}
	return t.rank(d) != t.rank(d-1)
}

// next is the first working day on or after d.
func (t *table) next(d Date) Date { return t.at(t.rank(d-1) + 1) }
