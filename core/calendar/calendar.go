// SPDX-License-Identifier: Apache-2.0

// Package calendar counts statutory time: which day is a working day in China,
// on which day a limit of days, working days, weeks, months or years ends, what
// exclusion, suspension and interruption do to it, and why. Its holidays are
// data with versions and an end of coverage; a day beyond it is counted with
// plain weekends and the result says that it is provisional. It knows no clock,
// no hour and no procedure, and never turns 日 into 工作日 by analogy: the unit
// is the caller's. Start at China, then Calendar.Due or Calendar.Explain.
package calendar

import (
	"cmp"
	"embed"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"quanze/core/fault"
)

//go:embed data/cn/*.tsv
var embedded embed.FS

// Calendar is one version of the working days of a region. It never changes:
// Install and With give another. Many may use it at once.
type Calendar struct {
	regions     []region // the country, then the layers over it
	name        string
	from, until Date // coverage
	entries     []entry
	table       table
}

// tableMargin is how many days past the last notice the table goes on with
// plain weeks: most provisional limits end within it, and it is the fast part.
const tableMargin = 5 * 366

// region is the notices of one region, of consecutive years.
type region struct{ notices []Notice }

func (r region) last() Notice { return r.notices[len(r.notices)-1] }

// China returns the calendar of the holidays that this program was built with.
// It reads the embedded data each time; keep what it returns.
func China() (*Calendar, error) {
	files, err := embedded.ReadDir("data/cn")
	if err != nil {
		return nil, fmt.Errorf("reading embedded calendar: %w", err)
	}
	notices := make([]Notice, 0, len(files))
	for _, f := range files {
		data, err := embedded.ReadFile("data/cn/" + f.Name())
		if err != nil {
			return nil, fmt.Errorf("reading embedded calendar: %w", err)
		}
		n, err := ParseNotice(f.Name(), data)
		if err != nil {
			return nil, fmt.Errorf("embedded calendar: %w", err)
		}
		notices = append(notices, n)
	}
	return New(notices...)
}

// New returns the calendar of a country from its notices, one for each of
// consecutive years.
func New(notices ...Notice) (*Calendar, error) {
	r, err := newRegion(notices)
	if err != nil {
		return nil, err
	}
	if base := r.last().base; base != "" {
		return nil, fault.New(fault.Invalid, "calendar.base", "region", r.last().region, "base", base)
	}
	return build([]region{r}), nil
}

// Layer is a region's own days off and days worked, to be laid over those of
// its base: 三月三 in 广西, 古尔邦节 in 新疆.
type Layer struct{ region region }

// NewLayer returns the layer of one region from its notices, one for each of
// consecutive years; each names the base.
func NewLayer(notices ...Notice) (Layer, error) {
	r, err := newRegion(notices)
	if err != nil {
		return Layer{}, err
	}
	if r.last().base == "" {
		return Layer{}, fault.New(fault.Invalid, "calendar.base", "region", r.last().region, "base", "")
	}
	return Layer{r}, nil
}

func newRegion(notices []Notice) (region, error) {
	if len(notices) == 0 {
		return region{}, fault.New(fault.Invalid, "calendar.none")
	}
	sorted := slices.SortedFunc(slices.Values(notices), func(a, b Notice) int { return cmp.Compare(a.year, b.year) })
	for i, n := range sorted {
		switch {
		case n.region == "":
			return region{}, fault.New(fault.Invalid, "calendar.none")
		case n.region != sorted[0].region || n.base != sorted[0].base:
			return region{}, fault.New(fault.Invalid, "calendar.region", "notice", n.Name(), "region", sorted[0].region)
		case i > 0 && n.year != sorted[i-1].year+1:
			return region{}, fault.New(fault.Invalid, "calendar.gap", "notice", n.Name(), "after", sorted[i-1].Name())
		}
	}
	return region{sorted}, nil
}

// build lays the regions over each other, the later notice and the later layer
// winning. Coverage is what all of them cover: what a region has not yet
// announced is not known, even if the country has.
func build(regions []region) *Calendar {
	c := &Calendar{regions: regions}
	var first, last Date
	set := map[Date]entry{}
	names := make([]string, len(regions))
	for i, r := range regions {
		names[i] = r.last().Name()
		begin, _ := r.notices[0].Reach()
		_, end := r.last().Reach()
		from := MakeDate(r.notices[0].year, 1, 1)
		if i == 0 {
			first, last, c.from, c.until = begin, end, from, end
		}
		first, last = min(first, begin), max(last, end)
		c.from, c.until = max(c.from, from), min(c.until, end)
		for _, n := range r.notices {
			for _, e := range n.entries {
				set[e.on] = e
			}
		}
	}
	c.name = strings.Join(names, "+")
	c.entries = slices.SortedFunc(maps.Values(set), func(a, b entry) int { return cmp.Compare(a.on, b.on) })
	c.table = newTable(first, last+tableMargin, c.entries)
	return c
}

// Name returns the version, which stands for exactly these days: the last
// notice's name, "cn@2026.1", and those of layers, "cn@2026.1+xj@2026.1".
func (c *Calendar) Name() string { return c.name }

// Coverage returns the first and last day whose status is known. Where a layer
// covers no year of its base, first is after last and every day is provisional.
func (c *Calendar) Coverage() (first, last Date) { return c.from, c.until }

// Covers reports whether d lies within the coverage.
func (c *Calendar) Covers(d Date) bool { return d >= c.from && d <= c.until }

// Install returns the calendar with one more notice: that of the year after its
// region's last, or a higher version for the last year, which then replaces it
// whole. Earlier years are history, on which limits have run out, and stay.
func (c *Calendar) Install(n Notice) (*Calendar, error) {
	i := slices.IndexFunc(c.regions, func(r region) bool { return r.last().region == n.region })
	if i < 0 || c.regions[i].last().base != n.base {
		return nil, fault.New(fault.Invalid, "calendar.install.region", "notice", n.Name(), "calendar", c.name)
	}
	had := c.regions[i].notices
	last := had[len(had)-1]
	switch {
	case n.year == last.year+1:
		had = append(slices.Clip(had), n)
	case n.year == last.year && n.version > last.version:
		had = append(slices.Clip(had[:len(had)-1]), n)
	case n.year == last.year:
		return nil, fault.New(fault.Stale, "calendar.install.version", "notice", n.Name(), "calendar", c.name)
	default:
		return nil, fault.New(fault.Invalid, "calendar.install.year", "notice", n.Name(), "calendar", c.name,
			"want", strconv.Itoa(last.year+1))
	}
	regions := slices.Clone(c.regions)
	regions[i] = region{had}
	return build(regions), nil
}

// With returns the calendar with a region's days laid over it.
func (c *Calendar) With(l Layer) (*Calendar, error) {
	if len(l.region.notices) == 0 {
		return nil, fault.New(fault.Invalid, "calendar.none")
	}
	own := l.region.last()
	based := false
	for _, r := range c.regions {
		if r.last().region == own.region {
			return nil, fault.New(fault.Invalid, "calendar.layer.twice", "layer", own.Name(), "calendar", c.name)
		}
		based = based || r.last().region == own.base
	}
	if !based {
		return nil, fault.New(fault.Invalid, "calendar.layer.base", "layer", own.Name(), "base", own.base, "calendar", c.name)
	}
	return build(append(slices.Clip(c.regions), l.region)), nil
}
