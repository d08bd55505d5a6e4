// SPDX-License-Identifier: Apache-2.0

package calendar

import "quanze/core/fault"

// StopKind is the legal name of what stops a limit.
type StopKind uint8

const (
	// Exclude is 扣除: the days (of a hearing, an expert opinion) do not count.
	Exclude StopKind = iota + 1
	// Suspend is 中止: the clock is held, the rest runs on. Its days are
	// counted as Exclude's are; what else may not be done is the kernel's word.
	Suspend
	// Interrupt is 中断: the limit starts anew from the resumption.
	Interrupt
)

var stopNames = [...]string{"", "exclude", "suspend", "interrupt"}

// String returns the name as it stands in packs.
func (k StopKind) String() string {
	if int(k) >= len(stopNames) {
		return ""
	}
	return stopNames[k]
}

// MarshalText returns what String returns.
func (k StopKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads what MarshalText writes, and nothing else.
func (k *StopKind) UnmarshalText(text []byte) error {
	for i := Exclude; int(i) < len(stopNames); i++ {
		if stopNames[i] == string(text) {
			*k = i
			return nil
		}
	}
	return fault.New(fault.Invalid, "calendar.stop.kind", "value", string(text))
}

// Stop is one stop of a limit. The days after From, up to and including Until,
// do not count; without Until the limit is still stopped. From == Until holds
// no day, but an Interrupt of that form starts the limit anew.
type Stop struct {
	How   StopKind `json:"how"`
	From  Date     `json:"from"`
	Until Date     `json:"until"`
}

// Valid reports whether s has a kind, a first day, and a last day, if any, that
// is not before it.
func (s Stop) Valid() bool {
	return s.How >= Exclude && s.How <= Interrupt && s.From.Valid() &&
		(s.Until == 0 || (s.Until >= s.From && s.Until.Valid()))
}

// hold is a run of days, after after and up to until, that do not count.
type hold struct{ after, until Date }

// openEnd stands for the end of a stop that has none; it is past every date.
const openEnd = lastDate + 1

// end is Until, or openEnd.
func (s Stop) end() Date {
	if s.Until == 0 {
		return openEnd
	}
	return s.Until
}

// holds returns the union of the days that exclusions and suspensions hold, in
// order and without overlaps, so that no day is taken out twice. It appends to
// buf, which spares the usual one or two stops an allocation.
func holds(buf []hold, stops []Stop) []hold {
	for _, s := range stops {
		if s.How == Interrupt || s.From >= s.end() {
			continue
		}
		buf = append(buf, hold{s.From, s.end()})
		for i := len(buf) - 1; i > 0 && buf[i].after < buf[i-1].after; i-- {
			buf[i], buf[i-1] = buf[i-1], buf[i]
		}
	}
	n := 0
	for _, h := range buf {
		if n > 0 && h.after <= buf[n-1].until {
			buf[n-1].until = max(buf[n-1].until, h.until)
			continue
		}
		buf[n] = h
		n++
	}
	return buf[:n]
}
