// SPDX-License-Identifier: Apache-2.0

package regulation

import (
	"strings"
	"unicode/utf8"
)

// trim drops the lines that belong to the site, not to the text: navigation,
// uploaders, licences, advertisements, rulers and page numbers.
func (j *job) trim() {
	kept := j.lines[:0]
	for i := range j.lines {
		l := j.lines[i]
		switch {
		case isRuler(l.text):
			j.drop(l, whyRuler)
		case isPageLine(l.text):
			j.drop(l, whyPage)
		case j.isFrame(l.text):
			j.drop(l, whyFrame)
		default:
			kept = append(kept, l)
		}
	}
	j.lines = kept
}

// shortLine is how many bytes a line may have for a weak frame phrase to
// convict it: about thirty characters.
const shortLine = 100

// isFrame reports a line of the site's frame. A line with a marker of law is
// never one.
func (j *job) isFrame(s string) bool {
	if m := parseMark(s); m.level != noMark && m.level != numMark && !m.broken {
		return false
	}
	found := false
	short := len(s) <= shortLine && !strings.Contains(s, "。")
	j.lex.frame.each(s, func(at int, word string) int {
		switch j.lex.frameKind[word] {
		case "strong":
			found = true
		case "weak":
			found = found || short
		case "whole":
			found = found || s == word
		case "end":
			found = found || len(s) <= 40 && at+len(word) == len(s)
		}
		if found {
			return len(s)
		}
		return 0
	})
	return found
}

// isRuler reports a line of dashes, stars or other drawing.
func isRuler(s string) bool {
	n := 0
	for _, r := range s {
		switch r {
		case '-', '—', '–', '─', '━', '=', '_', '*', '·', '…', '.', '~', '～', '＊', '＿', '－', '＝', '#', '|', '+', ':', ' ', '═', '□', '■', '◆', '★', '☆', '●':
			n++
		default:
			return false
		}
	}
	return n > 0
}

// isPageLine reports a line that holds only a page number: 12, - 4 -, 第3页,
// 第 3 页 共 10 页, 3/10.
func isPageLine(s string) bool {
	if len(s) > 48 || !hasDigit(s) {
		return false
	}
	digits, page, other := 0, false, 0
	for i := 0; i < len(s); {
		r, w := utf8.DecodeRuneInString(s[i:])
		i += w
		switch {
		case digitOf(r) >= 0 && !isHan(r):
			digits++
		case r == '页':
			page = true
		case strings.ContainsRune("第共/／-—–－· 　,，、", r):
		case r == 'P' || r == 'p':
			page = true
		default:
			other++
		}
	}
	if other > 0 || digits == 0 {
		return false
	}
	return page || digits <= 4 && !strings.ContainsAny(s, "第共,，、") && dateOf(s) == ""
}
