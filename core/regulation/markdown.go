// SPDX-License-Identifier: Apache-2.0

package regulation

import "strings"

// looksLikeMarkdown reports at least two lines with marks that only Markdown
// has.
func looksLikeMarkdown(lines []line) bool {
	n := 0
	for _, l := range lines {
		t := l.text
		if a, _ := markdownPrefix(t); a > 0 && t[0] != '-' && t[0] != '>' || strings.Count(t, "**") >= 2 || strings.HasPrefix(t, "```") {
			if n++; n >= 2 {
				return true
			}
		}
	}
	return false
}

// markdownPrefix is how many bytes the marks at the start of a line take, and
// whether they are those of a heading.
func markdownPrefix(s string) (n int, heading bool) {
	for n < len(s) {
		rest := s[n:]
		switch {
		case rest[0] == '#':
			k := 0
			for k < len(rest) && rest[k] == '#' {
				k++
			}
			if k > 6 || k < len(rest) && rest[k] != ' ' {
				return n, heading
			}
			n += k
			heading = true
		case strings.HasPrefix(rest, "> ") || rest == ">":
			n++
		case strings.HasPrefix(rest, "- ") || strings.HasPrefix(rest, "* ") || strings.HasPrefix(rest, "+ "):
			n++
		case rest[0] == ' ' && n > 0:
			n++
		default:
			return n, heading
		}
	}
	return n, heading
}

// unwrapMarkdown cuts the marks of Markdown out of the lines. A heading keeps
// its line for itself.
func (j *job) unwrapMarkdown() {
	for i := range j.lines {
		l := j.lines[i]
		s := l.text
		var waste strings.Builder
		var parts []line
		n, _ := markdownPrefix(s)
		waste.WriteString(s[:n])
		from := n
		cut := func(a, b int) {
			parts = append(parts, l.slice(from, a))
			waste.WriteString(s[a:b])
			from = b
		}
		for k := n; k < len(s); {
			switch {
			case strings.HasPrefix(s[k:], "**") || strings.HasPrefix(s[k:], "__"):
				cut(k, k+2)
				k += 2
			case s[k] == '`':
				cut(k, k+1)
				k++
			case s[k] == '\\' && k+1 < len(s) && strings.IndexByte(`\.()[]*_#-+!>~`, s[k+1]) >= 0:
				cut(k, k+1)
				k += 2
			case s[k] == '[' || s[k] == '!' && k+1 < len(s) && s[k+1] == '[':
				k = linkText(s, k, cut)
			default:
				k++
			}
		}
		if from == 0 {
			continue
		}
		parts = append(parts, l.slice(from, len(s)))
		now := joinAll(parts).trimmed()
		now.loose = l.loose
		if w := strings.TrimSpace(waste.String()); w != "" {
			j.dropped = append(j.dropped, Dropped{Line: l.first, Text: w, Why: whyMarkup})
		}
		j.lines[i] = now
	}
	kept := j.lines[:0]
	for _, l := range j.lines {
		if l.text != "" {
			kept = append(kept, l)
		}
	}
	j.lines = kept
}

// longestLink bounds the search for the end of a link.
const longestLink = 400

// linkText cuts [text](address) down to its text; it returns where to go on.
func linkText(s string, k int, cut func(a, b int)) int {
	open := k
	if s[k] == '!' {
		open++
	}
	window := s[open:min(len(s), open+longestLink)]
	mid := strings.Index(window, "](")
	if mid < 0 {
		return open + 1
	}
	end := strings.IndexByte(window[mid:], ')')
	if end < 0 {
		return open + 1
	}
	cut(k, open+1)
	cut(open+mid, open+mid+end+1)
	return open + mid + end + 1
}
