// SPDX-License-Identifier: Apache-2.0

package regulation

import (
	"strings"
	"unicode/utf8"
)

// level is the rank of a printed marker.
type level uint8

const (
	noMark    level = iota
	partMark        // 第一编
	chapMark        // 第一章
	sectMark        // 第一节
	artMark         // 第一条
	headMark        // 一、
	itemMark        // （一）
	numMark         // 1. 1、 1．
	parenMark       // （1） 1）
	ringMark        // ①
)

// mark is a marker as printed: its level, its number, the number of its 之,
// and how many bytes of the text it takes, spaces behind it included.
type mark struct {
	level  level
	num    int
	sub    int
	end    int
	raw    string
	spaced bool // a blank or an end of line follows
	broken bool // one of its parentheses is missing
}

// parseMark reads the marker at the start of s.
func parseMark(s string) mark {
	r, w := utf8.DecodeRuneInString(s)
	switch {
	case r == '第':
		return parseOrdinal(s, w)
	case r == '【' || r == '[' || r == '〔':
		return bracketed(s, w)
	case r == '(' || r == '（':
		return parseParen(s, w)
	case r >= '①' && r <= '⑳':
		return finish(s, mark{level: ringMark, num: int(r-'①') + 1, end: w})
	case digitOf(r) >= 0 || unitOf(r) > 0:
		return parseBare(s)
	}
	return mark{}
}

func finish(s string, m mark) mark {
	m.raw = s[:m.end]
	rest := strings.TrimLeft(s[m.end:], " ")
	m.spaced = rest == "" || len(rest) != len(s)-m.end
	m.end = len(s) - len(rest)
	return m
}

// bracketed reads 【第一条】 and its like.
func bracketed(s string, w int) mark {
	if !strings.HasPrefix(s[w:], "第") {
		return mark{}
	}
	m := parseOrdinal(s[w:], len("第"))
	if m.level == noMark {
		return mark{}
	}
	end := w + m.end
	r, cw := utf8.DecodeRuneInString(s[end:])
	if r != '】' && r != ']' && r != '〕' {
		return mark{}
	}
	m.end = end + cw
	m = finish(s, m)
	m.spaced = true
	return m
}

func skipSpace(s string, i int) int {
	for i < len(s) && s[i] == ' ' {
		i++
	}
	return i
}

func parseOrdinal(s string, w int) mark {
	i := skipSpace(s, w)
	num, n := scanChinese(s[i:])
	if n == 0 {
		num, n = scanArabic(s[i:])
	}
	if n == 0 || num == 0 {
		return mark{}
	}
	i = skipSpace(s, i+n)
	r, rw := utf8.DecodeRuneInString(s[i:])
	m := mark{num: num}
	switch r {
	case '编':
		m.level = partMark
	case '章':
		m.level = chapMark
	case '节':
		m.level = sectMark
	case '条':
		m.level = artMark
	default:
		return mark{}
	}
	i += rw
	if strings.HasPrefix(s[i:], "之") {
		if sub, k := scanChinese(s[i+len("之"):]); k > 0 && sub > 0 {
			m.sub = sub
			i += len("之") + k
		}
	}
	m.end = i
	return finish(s, m)
}

func parseParen(s string, w int) mark {
	i := skipSpace(s, w)
	lv := itemMark
	num, n := scanChinese(s[i:])
	if n == 0 {
		num, n = scanArabic(s[i:])
		lv = parenMark
	}
	if n == 0 || num == 0 || num > 200 {
		return mark{}
	}
	i = skipSpace(s, i+n)
	r, rw := utf8.DecodeRuneInString(s[i:])
	if r != ')' && r != '）' {
		return finish(s, mark{level: lv, num: num, end: i, broken: true})
	}
	return finish(s, mark{level: lv, num: num, end: i + rw})
}

// parseBare reads 一、 1. 1、 1） and, marked as broken, 一）.
func parseBare(s string) mark {
	num, n := scanChinese(s)
	lv := headMark
	if n == 0 {
		num, n = scanArabic(s)
		lv = numMark
	}
	if n == 0 || num == 0 || num > 200 {
		return mark{}
	}
	i := skipSpace(s, n)
	r, rw := utf8.DecodeRuneInString(s[i:])
	switch {
	case r == '、', r == '．' || r == '.':
		if _, k := scanArabic(s[i+rw:]); lv == numMark && r != '、' && k > 0 {
			return mark{} // 1.5
		}
	case r == ')' || r == '）':
		m := mark{level: itemMark, num: num, end: i + rw, broken: true}
		if lv == numMark {
			m.level, m.broken = parenMark, false
		}
		return finish(s, m)
	default:
		return mark{}
	}
	return finish(s, mark{level: lv, num: num, end: i + rw})
}

// refers reports that what stands behind a marker of an article makes it a
// citation (…第三条规定的…), not the start of an article.
func refers(rest string) bool {
	switch firstRune(rest) {
	case '的', '、', '和', '或', '与', '及', '至', '到', '款', '项', '第', ',', '，', '。', '.', ';', '；', ')', '）', '》', '〉', '”', '’', '中', '之', '以', '都', '也':
		return true
	}
	for _, w := range []string{"规定", "所列", "所称", "所述", "所指", "情形", "有关规定", "明确", "要求", "所规定", "处理", "处罚", "执行"} {
		if strings.HasPrefix(rest, w) {
			return true
		}
	}
	return false
}
