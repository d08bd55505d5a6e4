// SPDX-License-Identifier: Apache-2.0

package regulation

import "sort"

// Missing is content of the source that stands nowhere in a result: the
// physical line and the characters of it that are not accounted for. Extra
// holds characters that the result has for that line and the source has not.
type Missing struct {
	Line  int
	Text  string
	Extra string
}

// Account verifies that a result holds all of its source: that on every line,
// or group of lines joined in one place, the characters of the source are
// those of the tree, of the titles and of Dropped together, after taking the
// recorded changes into account. Blanks, invisible characters and width do not
// count. It returns what is missing or invented, by line; nothing means that
// the balance holds. The result must come from Import of the same bytes.
func Account(r Result, raw []byte) []Missing {
	text, _, ok := decode(raw, r.encoding)
	if !ok {
		return nil
	}
	lines := splitLines(text)
	last := 1
	for _, l := range lines {
		last = l.first
	}
	b := balance{group: make([]int, last+2), sums: map[int]map[rune]int{}}
	for i := range b.group {
		b.group[i] = i
	}
	b.each(r, func(at span, _ string, _ int) { b.union(at) })
	for _, l := range lines {
		b.add(span{l.first, l.first}, l.text, 1)
	}
	b.each(r, b.add)
	var out []Missing
	for g, sum := range b.sums {
		m := Missing{Line: g}
		for r, n := range sum {
			for ; n > 0; n-- {
				m.Text += string(r)
			}
			for ; n < 0; n++ {
				m.Extra += string(r)
			}
		}
		if m.Text != "" || m.Extra != "" {
			m.Text, m.Extra = sorted(m.Text), sorted(m.Extra)
			out = append(out, m)
		}
	}
	sort.Slice(out, func(i, k int) bool { return out[i].Line < out[k].Line })
	return out
}

func sorted(s string) string {
	rs := []rune(s)
	sort.Slice(rs, func(i, k int) bool { return rs[i] < rs[k] })
	return string(rs)
}

// balance sums characters by groups of lines that some text spans.
type balance struct {
	group []int
	sums  map[int]map[rune]int
}

func (b *balance) clamp(l int) int { return min(max(l, 1), len(b.group)-1) }

func (b *balance) find(l int) int {
	l = b.clamp(l)
	for b.group[l] != l {
		b.group[l] = b.group[b.group[l]]
		l = b.group[l]
	}
	return l
}

func (b *balance) union(at span) {
	root := b.find(at.from)
	for l := at.from + 1; l <= at.to && l < len(b.group); l++ {
		if o := b.find(l); o != root {
			b.group[max(o, root)] = min(o, root)
			root = min(o, root)
		}
	}
}

func (b *balance) add(at span, text string, sign int) {
	g := b.find(at.from)
	sum := b.sums[g]
	if sum == nil {
		sum = map[rune]int{}
		b.sums[g] = sum
	}
	for _, r := range essence(text) {
		sum[r] += sign
	}
}

// each visits all that a result claims: what it holds counts minus one, what a
// change took away counts minus one and what it put there plus one.
func (b *balance) each(r Result, visit func(at span, text string, sign int)) {
	for i := range r.Documents {
		d := &r.Documents[i]
		if d.title.from > 0 {
			visit(d.title, d.Title, -1)
		}
		for _, n := range d.Tree {
			n.walk(func(n *Node) {
				if n.at.from > 0 {
					visit(n.at, n.mark+n.Title+n.Text, -1)
				}
				for k, p := range n.paras {
					visit(p, n.Paragraphs[k], -1)
				}
			})
		}
		for _, x := range d.Dropped {
			visit(span{x.Line, x.Line}, x.Text, -1)
		}
		for _, c := range d.changes {
			visit(c.at, c.was, -1)
			visit(c.at, c.now, 1)
		}
	}
}
