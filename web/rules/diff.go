// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"slices"
	"strings"

	"quanze/core/rulepack"
)

// A change is one line of a file that is gone (-), new (+) or stays beside one
// that changed ( ). Old and New count lines from 1, 0 where there is none.
type change struct {
	sign     string
	text     string
	old, new int
}

// changed is a file that differs between two versions. hunks are its changes
// with some lines around them.
type changed struct {
	name  string
	state string // new, gone, changed
	hunks [][]change
	// added and removed count lines.
	added, removed int
}

// around is how many lines are shown before and after a change.
const around = 2

// mostEdits bounds what is sought between two versions of a file: beyond it the
// file is told as gone and new.
const mostEdits = 500

// diffFiles tells which files of a pack differ, and how, by name.
func diffFiles(was, is rulepack.Files) []changed {
	var names []string
	for name := range was {
		names = append(names, name)
	}
	for name := range is {
		if _, both := was[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var out []changed
	for _, name := range names {
		before, had := was[name]
		after, has := is[name]
		if had && has && string(before) == string(after) {
			continue
		}
		c := changed{name: name, state: "changed"}
		switch {
		case !had:
			c.state = "new"
		case !has:
			c.state = "gone"
		}
		all := diffLines(lines(before), lines(after))
		for _, x := range all {
			switch x.sign {
			case "+":
				c.added++
			case "-":
				c.removed++
			}
		}
		c.hunks = hunks(all)
		out = append(out, c)
	}
	return out
}

func lines(b []byte) []string {
	if len(b) == 0 {
		return nil
	}
	return strings.Split(strings.TrimSuffix(strings.ReplaceAll(string(b), "\r\n", "\n"), "\n"), "\n")
}

// diffLines tells how one text becomes another, by the fewest lines gone and
// new (Myers 1986).
func diffLines(a, b []string) []change {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var out []change
	for i := range head {
		out = append(out, change{" ", a[i], i + 1, i + 1})
	}
	for _, c := range shortest(a[head:len(a)-tail], b[head:len(b)-tail]) {
		if c.old > 0 {
			c.old += head
		}
		if c.new > 0 {
			c.new += head
		}
		out = append(out, c)
	}
	for i := tail; i > 0; i-- {
		out = append(out, change{" ", a[len(a)-i], len(a) - i + 1, len(b) - i + 1})
	}
	return out
}

func shortest(a, b []string) []change {
	most := min(len(a)+len(b), mostEdits)
	v := make([]int, 2*most+2)
	at := func(k int) int { return k + most }
	var trace [][]int
	for d := 0; d <= most; d++ {
		trace = append(trace, slices.Clone(v))
		for k := -d; k <= d; k += 2 {
			x := 0
			switch {
			case d == 0:
			case k == -d || k != d && v[at(k-1)] < v[at(k+1)]:
				x = v[at(k+1)]
			default:
				x = v[at(k-1)] + 1
			}
			for x < len(a) && x-k < len(b) && a[x] == b[x-k] {
				x++
			}
			v[at(k)] = x
			if x >= len(a) && x-k >= len(b) {
				return back(a, b, trace, at)
			}
		}
	}
	var out []change
	for i, s := range a {
		out = append(out, change{"-", s, i + 1, 0})
	}
	for i, s := range b {
		out = append(out, change{"+", s, 0, i + 1})
	}
	return out
}

// back walks the way that was found from its end.
func back(a, b []string, trace [][]int, at func(int) int) []change {
	var out []change
	x, y := len(a), len(b)
	for d := len(trace) - 1; d > 0; d-- {
		v, k := trace[d], x-y
		before := k - 1
		if k == -d || k != d && v[at(k-1)] < v[at(k+1)] {
			before = k + 1
		}
		px := v[at(before)]
		py := px - before
		for x > px && y > py && x > 0 && y > 0 && a[x-1] == b[y-1] && (x-1 >= px && y-1 >= py) {
			out = append(out, change{" ", a[x-1], x, y})
			x, y = x-1, y-1
		}
		if before == k+1 {
			out = append(out, change{"+", b[y-1], 0, y})
		} else {
			out = append(out, change{"-", a[x-1], x, 0})
		}
		x, y = px, py
	}
	for x > 0 {
		out = append(out, change{" ", a[x-1], x, y})
		x, y = x-1, y-1
	}
	slices.Reverse(out)
	return out
}

// hunks leaves the changes and some lines around each.
func hunks(all []change) [][]change {
	var out [][]change
	last := -1 // the last line that was taken
	for i, c := range all {
		if c.sign == " " {
			continue
		}
		from := max(i-around, last+1)
		if len(out) == 0 || from > last+1 {
			out = append(out, nil)
		}
		end := min(i+around, len(all)-1)
		for j := from; j <= end; j++ {
			out[len(out)-1] = append(out[len(out)-1], all[j])
			last = j
		}
	}
	return out
}
