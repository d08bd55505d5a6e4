// SPDX-License-Identifier: Apache-2.0

package regulation

import (
	"strings"
	"unicode/utf8"
)

// What a line before the first article may be. The tests look at one line;
// split.go decides by their order.

// maxTitle is the longest title in runes; the longest known law titles stay
// well below it.
const maxTitle = 90

// isFront reports a line that belongs to the front of a document: its title,
// number, date, issuer or a site's heading for it.
func (j *job) isFront(s string) bool {
	if len(s) > maxTitle*3 {
		return false
	}
	return isSiteHead(s) || j.isTitle(s) || isNumberLine(s) || isDateLine(s) || isAddressee(s) || isMetaLine(s) || isAnnexLine(s)
}

// isSiteHead reports 第一篇: and its like, which sites put before each of
// several texts in one page.
func isSiteHead(s string) bool {
	if !strings.HasPrefix(s, "第") {
		return false
	}
	rest := s[len("第"):]
	_, n := scanChinese(rest)
	if n == 0 {
		_, n = scanArabic(rest)
	}
	if n == 0 || !strings.HasPrefix(rest[n:], "篇") {
		return false
	}
	rest = strings.TrimLeft(rest[n+len("篇"):], " ")
	return strings.HasPrefix(rest, ":") || strings.HasPrefix(rest, "：")
}

// bareTitle is the title without title marks and without what sites add.
func bareTitle(s string) string {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "《") && strings.HasSuffix(s, "》") && strings.Count(s, "《") == 1 {
		s = strings.TrimSuffix(strings.TrimPrefix(s, "《"), "》")
	}
	return s
}

// stem is a title without a closing parenthesis such as (试行).
func stem(s string) string {
	for {
		r, w := utf8.DecodeLastRuneInString(s)
		if r != ')' && r != '）' && r != '〕' {
			return s
		}
		i := strings.LastIndexAny(s[:len(s)-w], "(（〔")
		if i <= 0 || runeLen(s[i:]) > 24 {
			return s
		}
		s = strings.TrimRight(s[:i], " ")
	}
}

// isTitle reports a line that reads like the title of an instrument.
func (j *job) isTitle(s string) bool {
	if len(s) > maxTitle*3+30 || len(s) < 9 {
		return false
	}
	t := bareTitle(s)
	if hasStop(t) || parseMark(t).level != noMark {
		return false
	}
	t = stem(t)
	if _, dated := findDate(t); dated {
		return false
	}
	if strings.HasSuffix(t, "》") {
		return strings.HasPrefix(t, "关于") || strings.Contains(t, "印发")
	}
	if !isHan(lastRune(t)) || strings.Count(t, "《") != strings.Count(t, "》") {
		return false
	}
	for _, w := range j.lex.instruments {
		if strings.HasSuffix(t, w) && runeLen(t) >= 4 {
			return true
		}
	}
	return false
}

// isNotice reports a title of the paper that issues the text.
func isNotice(s string) bool {
	t := stem(s)
	return strings.HasSuffix(t, "通知") || strings.HasSuffix(t, "的公告") || strings.HasSuffix(t, "的决定") && strings.Contains(t, "《")
}

// isNumberLine reports a line that is a document number: 穗办〔2009〕6号.
func isNumberLine(s string) bool {
	if len(s) > 90 {
		return false
	}
	a, b, ok := findNumber(s)
	if !ok {
		return false
	}
	rest := strings.TrimSpace(s[:a] + s[b:])
	return strings.Trim(rest, "()（） ") == ""
}

// findNumber finds a document number: an issuer's sign, a year in brackets and
// a running number before 号; or 第N号 with a word before it.
func findNumber(s string) (a, b int, ok bool) {
	for i := 0; i < len(s); {
		k := strings.Index(s[i:], "号")
		if k < 0 {
			return 0, 0, false
		}
		end := i + k + len("号")
		if a, ok := numberBefore(s, i+k); ok {
			return a, end, true
		}
		i = end
	}
	return 0, 0, false
}

func numberBefore(s string, at int) (int, bool) {
	i := at
	digits := 0
	for i > 0 && (s[i-1] >= '0' && s[i-1] <= '9' || s[i-1] == ' ') {
		if s[i-1] != ' ' {
			digits++
		}
		i--
	}
	if digits == 0 || digits > 5 {
		return 0, false
	}
	i = len(strings.TrimSuffix(s[:i], "第"))
	for i > 0 && s[i-1] == ' ' {
		i--
	}
	r, w := utf8.DecodeLastRuneInString(s[:i])
	if !strings.ContainsRune("〕]］)）】", r) {
		return 0, false
	}
	i -= w
	y := i
	for y > 0 && (s[y-1] >= '0' && s[y-1] <= '9' || s[y-1] == ' ') {
		y--
	}
	if len(strings.TrimSpace(s[y:i])) != 4 {
		return 0, false
	}
	r, w = utf8.DecodeLastRuneInString(s[:y])
	if !strings.ContainsRune("〔[［(（【", r) {
		return 0, false
	}
	i = y - w
	for n := 0; i > 0 && n < 12; n++ {
		r, w := utf8.DecodeLastRuneInString(s[:i])
		if !isHan(r) {
			break
		}
		i -= w
	}
	return i, i < y-w
}

// isDateLine reports a line that holds a date and nothing else but marks.
func isDateLine(s string) bool {
	if len(s) > 60 {
		return false
	}
	d, ok := findDate(s)
	if !ok {
		return false
	}
	rest := s[:d.a] + s[d.b:]
	rest = strings.Trim(rest, "()（） ")
	return rest == "" || rest == "印发" || rest == "发布" || rest == "公布"
}

// isAddressee reports a line like 各区、县委,市直各单位:.
func isAddressee(s string) bool {
	if r := lastRune(s); r != ':' && r != '：' {
		return false
	}
	if runeLen(s) > 80 || strings.ContainsAny(s, "。；;") {
		return false
	}
	return strings.HasPrefix(s, "各") || strings.HasPrefix(s, "市直") || strings.HasPrefix(s, "市政府各") || strings.Contains(s, "人民政府") && strings.Contains(s, "各")
}

// isMetaLine reports a line of a database of law: 【发布单位】….
func isMetaLine(s string) bool {
	if !strings.HasPrefix(s, "【") {
		return false
	}
	i := strings.Index(s, "】")
	if i < 0 || i > 40 {
		return false
	}
	for _, w := range metaFields {
		if strings.Contains(s[:i], w) {
			return true
		}
	}
	return false
}

// metaFields are the field names that databases of law print.
var metaFields = []string{"发布单位", "发布部门", "发布机关", "发文单位", "发文机关", "制定机关", "发布文号", "发文字号", "文号", "发布日期", "颁布日期", "公布日期", "成文日期", "生效日期", "实施日期", "施行日期", "失效日期", "所属类别", "文件来源", "效力级别", "时效性", "主题词", "索引号", "名称"}

// isAnnexLine reports the line that opens an annex: 附件, 附件1:, 附:.
func isAnnexLine(s string) bool {
	if !strings.HasPrefix(s, "附") || runeLen(s) > 60 || strings.Contains(s, "。") {
		return false
	}
	rest := strings.TrimPrefix(s, "附")
	for _, w := range []string{"件", "录", "表", "图"} {
		if strings.HasPrefix(rest, w) {
			rest = strings.TrimPrefix(rest, w)
			break
		}
	}
	rest = strings.TrimLeft(rest, " ")
	if _, n := scanArabic(rest); n > 0 {
		rest = rest[n:]
	} else if _, n := scanChinese(rest); n > 0 {
		rest = rest[n:]
	}
	rest = strings.TrimLeft(rest, " ")
	return rest == "" || strings.HasPrefix(rest, ":") || strings.HasPrefix(rest, "：") || strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, "、")
}

// isOrgan reports a name of a body, alone or several with blanks or 、
// between them.
func (j *job) isOrgan(s string) bool {
	if len(s) > 400 || !j.endsOrgan(strings.TrimRight(s, ")） ")) && !j.endsOrgan(s) {
		return false
	}
	fields := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '、' })
	if len(fields) == 0 || len(fields) > 8 {
		return false
	}
	for _, f := range fields {
		if n := runeLen(f); n < 3 || n > 30 || !j.endsOrgan(f) {
			return false
		}
		for _, r := range f {
			if !isHan(r) && r != '(' && r != ')' && r != '（' && r != '）' {
				return false
			}
		}
	}
	return true
}

func (j *job) endsOrgan(s string) bool {
	for _, w := range j.lex.organs {
		if strings.HasSuffix(s, w) {
			return true
		}
	}
	return false
}
