// SPDX-License-Identifier: Apache-2.0

package regulation

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// found is a date in a text: the day in ISO form and the bytes it takes.
type foundDate struct {
	day  string
	a, b int
}

// dateOf is the first date in s, or "".
func dateOf(s string) string {
	if d, ok := findDate(s); ok {
		return d.day
	}
	return ""
}

// findDate finds the first full date: 2009年3月4日, 二○○九年三月四日,
// 2009-03-04, 2009.3.4, with blanks anywhere inside.
func findDate(s string) (foundDate, bool) {
	if !strings.Contains(s, "年") && !hasDigit(s) {
		return foundDate{}, false
	}
	for i := 0; i < len(s); {
		r, w := utf8.DecodeRuneInString(s[i:])
		if digitOf(r) >= 0 {
			if d, ok := dateAt(s, i); ok {
				return d, true
			}
			for i < len(s) { // behind these digits
				r, w := utf8.DecodeRuneInString(s[i:])
				if digitOf(r) < 0 {
					break
				}
				i += w
			}
			continue
		}
		i += w
	}
	return foundDate{}, false
}

func dateAt(s string, a int) (foundDate, bool) {
	year, i := scanYear(s, a)
	if year < 1949 || year > 2199 {
		return foundDate{}, false
	}
	i = skipSpace(s, i)
	sep, w := utf8.DecodeRuneInString(s[i:])
	if !strings.ContainsRune("年-./－．", sep) {
		return foundDate{}, false
	}
	month, n := scanSmall(s, skipSpace(s, i+w))
	if month < 1 || month > 12 {
		return foundDate{}, false
	}
	i = skipSpace(s, n)
	sep2, w := utf8.DecodeRuneInString(s[i:])
	if sep == '年' && sep2 != '月' || sep != '年' && sep2 != sep {
		return foundDate{}, false
	}
	day, n := scanSmall(s, skipSpace(s, i+w))
	if day < 1 || day > monthDays(year, month) {
		return foundDate{}, false
	}
	i = n
	if sep == '年' {
		i = skipSpace(s, i)
		if !strings.HasPrefix(s[i:], "日") {
			return foundDate{}, false
		}
		i += len("日")
	}
	return foundDate{fmt.Sprintf("%04d-%02d-%02d", year, month, day), a, i}, true
}

func monthDays(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// scanYear reads four digits of any kind, blanks between them allowed.
func scanYear(s string, i int) (year, end int) {
	n := 0
	for i < len(s) && n < 4 {
		r, w := utf8.DecodeRuneInString(s[i:])
		if r == ' ' && n > 0 {
			i += w
			continue
		}
		if r == 'O' || r == 'o' || r == '0' {
			r = '0'
		}
		d := digitOf(r)
		if d < 0 {
			return 0, i
		}
		year = year*10 + d
		n++
		i += w
	}
	if n < 4 {
		return 0, i
	}
	return year, i
}

// scanSmall reads a month or a day in either script.
func scanSmall(s string, i int) (value, end int) {
	if v, n := scanArabic(s[i:]); n > 0 {
		return v, i + n
	}
	v, n := scanChinese(s[i:])
	return v, i + n
}

// hasDigit reports an arabic digit of either width, or what may be one.
func hasDigit(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= '0' && c <= '9' || c == 0xEF {
			return true
		}
	}
	return false
}
