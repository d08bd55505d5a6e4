// SPDX-License-Identifier: Apache-2.0

package calendar

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"quanze/core/fault"
)

// Bounds of a data file: a year has at most 397 rows (with the December before).
const (
	noticeBytes  = 64 << 10
	noticeFaults = 100
	nameRunes    = 60
	textRunes    = 300
)

// Source is the paper that set a day, as far as the data names it: nothing in
// it is guessed, and all of it may be empty.
type Source struct {
	Title   string `json:"title,omitempty"`
	Number  string `json:"number,omitempty"`
	Address string `json:"address,omitempty"`
}

// entry is one day that a notice sets.
type entry struct {
	on      Date
	working bool
	name    string
	source  Source
}

// Notice is one region's days off and days worked of one year, read from a data
// file. It may set the days of its year and those of the December before it,
// since the new year holiday is swapped with them, and no others. Only
// ParseNotice makes one.
type Notice struct {
	region, base  string
	year, version int
	entries       []entry // ascending
}

// Name returns region, year and version: "cn@2026.1".
func (n Notice) Name() string {
	return n.region + "@" + strconv.Itoa(n.year) + "." + strconv.Itoa(n.version)
}

// Region returns whose days these are: "cn".
func (n Notice) Region() string { return n.region }

// Base returns the region that this one is laid over; "" for a country.
func (n Notice) Base() string { return n.base }

// Year returns the year whose days are complete with this notice.
func (n Notice) Year() int { return n.year }

// Reach returns the first and last day that installing the notice can change.
// A limit due before the first need not be counted again.
func (n Notice) Reach() (from, until Date) {
	return MakeDate(n.year-1, 12, 1), MakeDate(n.year, 12, 31)
}

// Days returns the days it sets, in order.
func (n Notice) Days() []Day {
	days := make([]Day, len(n.entries))
	for i, e := range n.entries {
		days[i] = e.day()
	}
	return days
}

func (e entry) day() Day {
	d := Day{On: e.on, Kind: Holiday, Name: e.name, Source: e.source}
	if e.working {
		d.Kind = Workday
		if plainOff(e.on) {
			d.Kind = Swapped
		}
	}
	return d
}

// ParseNotice reads a data file of the format in docs/calendar-format.md. It is
// strict. The error joins one *fault.Fault per line at fault (its Unwrap gives
// them all), in order, each with "name:line" as its field.
func ParseNotice(name string, data []byte) (Notice, error) {
	if len(data) > noticeBytes {
		return Notice{}, fault.New(fault.TooLarge, "calendar.notice.size", "most", strconv.Itoa(noticeBytes)).At(name)
	}
	p := noticeParser{file: name, seen: map[string]int{}, days: map[Date]int{}}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	for text := range bytes.Lines(data) {
		p.line++
		text = bytes.TrimSuffix(bytes.TrimSuffix(text, []byte("\n")), []byte("\r"))
		if !utf8.Valid(text) {
			p.fault("calendar.notice.utf8")
			continue
		}
		p.read(string(text))
	}
	p.finish()
	if len(p.faults) > 0 {
		slices.SortStableFunc(p.faults, func(a, b lineFault) int { return cmp.Compare(a.line, b.line) })
		joined := make([]error, 0, min(len(p.faults), noticeFaults))
		for _, f := range p.faults[:cap(joined)] {
			joined = append(joined, f.fault)
		}
		return Notice{}, errors.Join(joined...)
	}
	slices.SortFunc(p.notice.entries, func(a, b entry) int { return cmp.Compare(a.on, b.on) })
	return p.notice, nil
}

type lineFault struct {
	line  int
	fault *fault.Fault
}

type noticeParser struct {
	file   string
	line   int
	notice Notice
	seen   map[string]int // head keys, by line
	days   map[Date]int   // by line
	source Source
	rows   int  // of the section of the present source
	last   Date // of that section
	faults []lineFault
}

func (p *noticeParser) fault(key string, args ...string) {
	f := fault.New(fault.Invalid, key, args...).At(p.file + ":" + strconv.Itoa(p.line))
	p.faults = append(p.faults, lineFault{p.line, f})
}

// read takes one line: blank, a comment, "key: value", or a day.
func (p *noticeParser) read(text string) {
	switch {
	case text == "" || text[0] == '#':
	case text[0] >= '0' && text[0] <= '9':
		p.row(text)
	default:
		key, value, found := strings.Cut(text, ": ")
		if !found {
			p.fault("calendar.notice.line", "value", text)
			return
		}
		if !plainText(value, textRunes) {
			p.fault("calendar.notice.text", "key", key)
			return
		}
		p.head(key, value)
	}
}

// plainText reports whether s is printable, unpadded and of 1 to most runes.
func plainText(s string, most int) bool {
	if s == "" || strings.TrimSpace(s) != s || utf8.RuneCountInString(s) > most {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) && r != '\u3000' })
}

// head takes a key of the file (region, base, year, version: once, before the
// days) or of a source (notice, number, address: begins a section of days).
func (p *noticeParser) head(key, value string) {
	switch key {
	case "notice", "number", "address":
		p.section(key, value)
		return
	case "region", "base", "year", "version":
	default:
		p.fault("calendar.notice.key", "key", key)
		return
	}
	if at, twice := p.seen[key]; twice {
		p.fault("calendar.notice.twice", "key", key, "line", strconv.Itoa(at))
		return
	}
	p.seen[key] = p.line
	if len(p.days) > 0 {
		p.fault("calendar.notice.late", "key", key)
		return
	}
	switch key {
	case "region", "base":
		if !regionName(value) {
			p.fault("calendar.notice.region", "value", value)
		} else if key == "region" {
			p.notice.region = value
		} else {
			p.notice.base = value
		}
	case "year":
		n, ok := digits(value)
		if !ok || len(value) != 4 || n < 1949 {
			p.fault("calendar.notice.year", "value", value)
			return
		}
		p.notice.year = n
	case "version":
		n, ok := digits(value)
		if !ok || n < 1 || n > 999 || value[0] == '0' {
			p.fault("calendar.notice.version", "value", value)
			return
		}
		p.notice.version = n
	}
}

// section takes a line about the source of the days that follow.
func (p *noticeParser) section(key, value string) {
	if p.rows > 0 {
		p.source, p.rows, p.last = Source{}, 0, 0
	}
	field := &p.source.Title
	switch key {
	case "number":
		field = &p.source.Number
	case "address":
		field = &p.source.Address
	}
	if *field != "" {
		p.fault("calendar.notice.twice", "key", key, "line", strconv.Itoa(p.line))
		return
	}
	*field = value
}

// row takes a day: date, off or work, name of the holiday, parted by tabs.
func (p *noticeParser) row(text string) {
	p.rows++
	fields := strings.Split(text, "\t")
	if len(fields) != 3 {
		p.fault("calendar.notice.row", "value", text)
		return
	}
	on, err := ParseDate(fields[0])
	if err != nil {
		p.fault("calendar.notice.date", "value", fields[0])
		return
	}
	if fields[1] != "off" && fields[1] != "work" {
		p.fault("calendar.notice.status", "value", fields[1])
		return
	}
	if !plainText(fields[2], nameRunes) {
		p.fault("calendar.notice.name", "value", fields[2])
		return
	}
	if at, twice := p.days[on]; twice {
		p.fault("calendar.notice.dayTwice", "day", fields[0], "line", strconv.Itoa(at))
		return
	}
	p.days[on] = p.line
	if on < p.last {
		p.fault("calendar.notice.order", "day", fields[0])
	}
	p.last = on
	p.checkDay(on, fields[1] == "work")
	p.notice.entries = append(p.notice.entries, entry{on, fields[1] == "work", fields[2], p.source})
}

// checkDay refuses a day out of reach, and the order to work on a day of the
// year on which all work anyway: nearly always a slip of the pen. In the
// December before it may take back what the last notice set, and a layer may
// take back its base's day off.
func (p *noticeParser) checkDay(on Date, working bool) {
	if p.notice.year == 0 {
		return
	}
	from, until := p.notice.Reach()
	if on < from || on > until {
		p.fault("calendar.notice.outside", "day", on.String(), "from", from.String(), "until", until.String())
		return
	}
	if working && !plainOff(on) && on.Year() == p.notice.year && p.notice.base == "" {
		p.fault("calendar.notice.already", "day", on.String())
	}
}

// finish reports what the whole file lacks, at its last line.
func (p *noticeParser) finish() {
	p.line = max(p.line, 1)
	for _, key := range []string{"region", "year", "version"} {
		if p.seen[key] == 0 {
			p.fault("calendar.notice.missing", "key", key)
		}
	}
	if p.notice.base == "" && p.rows == 0 && len(p.days) == 0 {
		p.fault("calendar.notice.empty")
	}
	if p.notice.base != "" && p.notice.base == p.notice.region {
		p.line = p.seen["base"]
		p.fault("calendar.notice.region", "value", p.notice.base)
	}
}

// regionName reports whether s can name a region: a lower-case word of 2 to 16
// ASCII letters, digits and hyphens that begins with a letter.
func regionName(s string) bool {
	if len(s) < 2 || len(s) > 16 || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-'
	})
}
