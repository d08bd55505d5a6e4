// SPDX-License-Identifier: Apache-2.0

package regulation

import "unicode/utf8"

// maxNumber bounds what counts as a number of an article or item.
const maxNumber = 9999

// digitOf is the value of a Chinese or full- or half-width digit, or -1.
func digitOf(r rune) int {
	switch r {
	case '〇', '○', '零', 'Ｏ':
		return 0
	case '一', '壹':
		return 1
	case '二', '两', '贰':
		return 2
	case '三', '叁':
		return 3
	case '四', '肆':
		return 4
	case '五', '伍':
		return 5
	case '六', '陆':
		return 6
	case '七', '柒':
		return 7
	case '八', '捌':
		return 8
	case '九', '玖':
		return 9
	}
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0')
	case r >= '０' && r <= '９':
		return int(r - '０')
	}
	return -1
}

func unitOf(r rune) int {
	switch r {
	case '十', '拾':
		return 10
	case '百', '佰':
		return 100
	case '千', '仟':
		return 1000
	}
	return 0
}

// scanChinese reads a Chinese numeral at the start of s (十二, 一百零三,
// 二〇) with single spaces allowed inside; n is how many bytes it took, zero
// if none stands there.
func scanChinese(s string) (value, n int) {
	cur, total, seen := -1, 0, false
	i := 0
	for i < len(s) {
		r, w := utf8.DecodeRuneInString(s[i:])
		if r == ' ' && seen && i+1 < len(s) {
			next, _ := utf8.DecodeRuneInString(s[i+1:])
			if unitOf(next) == 0 && (digitOf(next) < 0 || next < 0x80) {
				break
			}
			i += w
			continue
		}
		if u := unitOf(r); u > 0 {
			if cur < 0 {
				cur = 1
			}
			total, cur = total+cur*u, -1
		} else if d := digitOf(r); d >= 0 && r > 0xFF && !(r >= '０' && r <= '９') {
			switch {
			case cur < 0:
				cur = d
			default:
				cur = cur*10 + d
			}
		} else {
			break
		}
		seen = true
		i += w
		n = i
		if total > maxNumber || cur > maxNumber {
			return 0, 0
		}
	}
	if !seen {
		return 0, 0
	}
	if cur > 0 {
		total += cur
	}
	return total, n
}

// scanArabic reads half- or full-width digits at the start of s.
func scanArabic(s string) (value, n int) {
	for n < len(s) {
		r, w := utf8.DecodeRuneInString(s[n:])
		if !(r >= '0' && r <= '9' || r >= '０' && r <= '９') {
			break
		}
		value = value*10 + digitOf(r)
		if value > maxNumber {
			return 0, 0
		}
		n += w
	}
	return value, n
}

// chinese writes a number from 1 to 9999 as law prints it.
func chinese(n int) string {
	digits := []string{"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	if n <= 0 || n > maxNumber {
		return ""
	}
	out, zero := "", false
	for _, u := range []struct {
		by   int
		name string
	}{{1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}} {
		d := n / u.by % 10
		switch {
		case d == 0:
			zero = zero || out != ""
			continue
		case u.by == 10 && d == 1 && out == "":
			out += u.name
		default:
			if zero {
				out += digits[0]
			}
			out += digits[d] + u.name
		}
		zero = false
	}
	return out
}
