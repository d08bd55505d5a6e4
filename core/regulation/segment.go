// SPDX-License-Identifier: Apache-2.0

package regulation

import (
	"strings"
	"unicode/utf8"
)

// block is a piece of text that begins with one marker, or with none.
type block struct {
	line        // the text behind the marker
	m    mark   // level noMark for plain text
	head int    // the physical line of the marker
	why  string // set when the block is not part of the text
	note bool   // it opens a commentary
	runs bool   // it was split off inside a line
}

func (b *block) span() span { return span{b.head, b.line.last()} }

// segmenter splits lines into blocks. It remembers the last number of each
// level, because inside a line only a number that is due opens a block: any
// other is a citation.
type segmenter struct {
	j      *job
	out    []block
	chap   int
	sect   int
	art    int
	head   int
	item   int
	num    int
	inText bool // some block has been met
	no     int  // physical line at hand
}

func (j *job) segment() []block {
	s := segmenter{j: j, out: make([]block, 0, len(j.lines)+len(j.lines)/8+16)}
	for _, l := range j.lines {
		s.line(l)
	}
	return s.out
}

// line splits one line. A line may open with several markers in a row, as in
// 第一章总则第一条.
func (s *segmenter) line(l line) {
	first := true
	for {
		m := parseMark(l.text)
		if m.level != noMark && !(first && s.opens(m, l.text) || !first && s.due(m, l.text, 0, true)) {
			m = mark{}
		}
		s.step(m)
		s.no = l.first
		cut, note := s.next(l.text, m)
		b := block{line: l, m: m, head: l.first, runs: !first}
		if cut >= 0 {
			b.line = l.slice(0, cut).trimmed()
		}
		b.note = note || m.level == noMark && first && (s.j.opensCommentary(b.line.text) > 0 || s.j.headsCommentary(b.line.text))
		if m.level != noMark {
			b.line = b.line.slice(m.end, len(b.line.text))
		}
		s.out = append(s.out, b)
		if cut < 0 {
			return
		}
		l = l.slice(cut, len(l.text)).trimmed()
		if l.text == "" {
			return
		}
		first = false
		if n := s.j.opensCommentary(l.text); n > 0 {
			s.out = append(s.out, block{line: l, head: l.first, note: true, runs: true})
			return
		}
	}
}

// opens decides whether a marker at the start of a line is one.
func (s *segmenter) opens(m mark, text string) bool {
	rest := text[m.end:]
	switch m.level {
	case artMark:
		if refers(rest) {
			return m.spaced && m.num == s.art+1 && !startsRef(rest)
		}
		return true
	case partMark, chapMark, sectMark:
		return s.titled(m, text)
	case headMark, itemMark, parenMark, ringMark:
		return !m.broken || s.brokenDue(m)
	case numMark:
		return !strings.HasPrefix(rest, "年") && !strings.HasPrefix(rest, "月")
	}
	return false
}

func startsRef(rest string) bool {
	switch firstRune(rest) {
	case '的', '、', ',', '，', '。', ';', '；', ')', '）', '》', '第', '款', '项', '和', '至', '或':
		return true
	}
	return false
}

// brokenDue accepts a marker with half its parentheses where its number is due.
func (s *segmenter) brokenDue(m mark) bool {
	return m.level == itemMark && m.num == s.item+1 && s.item > 0
}

// titled reports that a chapter's marker is followed by a title: a few
// characters up to the end of the line or to the article that is due.
func (s *segmenter) titled(m mark, text string) bool {
	rest := text[m.end:]
	if startsRef(rest) {
		return false
	}
	if i := s.firstMarkIn(rest, 34); i >= 0 {
		rest = rest[:i]
	}
	return len(rest) <= 34*4 && runeLen(rest) <= 34 && !hasStop(rest)
}

// firstMarkIn finds a marker of chapter, section or article within n runes.
func (s *segmenter) firstMarkIn(text string, n int) int {
	for i := 0; i < len(text) && n > 0; n-- {
		r, w := utf8.DecodeRuneInString(text[i:])
		if r == '第' && i > 0 {
			if m := parseOrdinal(text[i:], w); m.level >= partMark && m.level <= artMark && !refers(text[i+m.end:]) {
				return i
			}
		}
		i += w
	}
	return -1
}

// next finds where, behind the marker m, the next block begins inside the
// line, or -1; note tells that the block is a title of a chapter.
func (s *segmenter) next(text string, m mark) (int, bool) {
	title := m.level == partMark || m.level == chapMark || m.level == sectMark
	prev := rune(0)
	for i := m.end; i < len(text); {
		c := text[i]
		r, w := decodeAt(text, i)
		switch {
		case r == ' ':
			i++
			continue
		case s.item > 1 && prev == '。' && backRefers(r, text[i:]):
			s.item = 0
			s.j.note(MergedParagraphs, s.no, around(text, i, 6), around(text[i:], 0, 6))
			return i, false
		case r == '第' || r == '(' || r == '（' || terminal(prev) && (r >= '一' || c >= '1' && c <= '9'):
			if i > m.end || m.level == noMark && i > 0 || title {
				if s.cutAt(text, i, prev, title) {
					return i, false
				}
			}
			if terminal(prev) && s.j.opensCommentary(text[i:]) > 0 {
				return i, false
			}
		case r == '【' && s.j.opensCommentary(text[i:]) > 0 && i > 0:
			return i, false
		}
		prev = r
		i += w
	}
	return -1, false
}

// backRefers reports a sentence that speaks of the paragraph before it, so that
// it cannot be part of the item it was run on to.
func backRefers(r rune, s string) bool {
	switch r {
	case '对', '有', '前', '上', '本':
		for _, w := range []string{"对前款", "有前款", "前款", "上述", "对上述", "有上述", "本条前款"} {
			if strings.HasPrefix(s, w) {
				return true
			}
		}
	}
	return false
}

func terminal(r rune) bool {
	switch r {
	case '。', '；', ';', '：', ':', '！', '!', '？':
		return true
	}
	return false
}

// cutAt decides whether a block begins at text[i:], given the rune before.
func (s *segmenter) cutAt(text string, i int, prev rune, title bool) bool {
	m := parseMark(text[i:])
	if m.level == noMark || m.broken {
		return false
	}
	switch m.level {
	case partMark, chapMark, sectMark:
		if !s.titled(m, text[i:]) {
			return false
		}
		rest := text[i+m.end:]
		follows := s.firstMarkIn(rest, 34) >= 0
		switch {
		case m.level == sectMark:
			return (m.num == s.sect+1 || m.num == 1) && (title || terminal(prev)) && follows
		case m.num == 1:
			return follows && (terminal(prev) || title || !s.inText || prev != 0 && isHan(prev) && s.art != 0 && s.chap > 1)
		default:
			return m.num == s.chap+1 && (terminal(prev) || title)
		}
	}
	return s.due(m, text[i:], prev, title)
}

// due decides whether a marker inside a line is the one that comes next.
func (s *segmenter) due(m mark, text string, prev rune, title bool) bool {
	rest := text[m.end:]
	ended := terminal(prev) || prev == '”' || prev == ')' || prev == '）' || prev == 0
	switch m.level {
	case partMark, chapMark, sectMark:
		return s.titled(m, text)
	case artMark:
		if startsRef(rest) || refers(rest) && !m.spaced {
			return false
		}
		if title {
			return m.num == s.art+1 || m.num == 1
		}
		if m.sub > 0 {
			return ended && m.num == s.art
		}
		return ended && (m.num == s.art+1 || m.spaced && m.num > s.art && m.num <= s.art+3)
	case itemMark:
		if m.num == 1 {
			return prev == ':' || prev == '：' || prev == '。' || title || prev == 0
		}
		return m.num == s.item+1 && (ended || prev == ',' || prev == '，')
	case headMark:
		if s.art > 0 {
			return false
		}
		return m.num == s.head+1 && (m.num > 1 && (prev == '。' || prev == '；' || prev == ';') || prev == ':' || prev == '：')
	case numMark, parenMark, ringMark:
		if m.num == 1 {
			return (prev == ':' || prev == '：') && s.item+s.art+s.head > 0
		}
		return m.num == s.num+1 && s.num > 0 && ended
	}
	return false
}

// step moves the counters past an accepted marker.
func (s *segmenter) step(m mark) {
	switch m.level {
	case partMark:
		s.sect, s.item, s.num = 0, 0, 0
	case chapMark:
		if m.num == 1 && s.chap > 1 {
			s.art = 0
		}
		s.chap, s.sect, s.item, s.num = m.num, 0, 0, 0
	case sectMark:
		s.sect, s.item, s.num = m.num, 0, 0
	case artMark:
		s.art, s.item, s.num, s.head = m.num, 0, 0, 0
	case headMark:
		s.head, s.item, s.num = m.num, 0, 0
		if m.num == 1 {
			s.art = 0
		}
	case itemMark:
		s.item, s.num = m.num, 0
	case numMark, parenMark, ringMark:
		s.num = m.num
	}
	if m.level != noMark {
		s.inText = true
	}
}

// opensCommentary reports, in bytes, a word that opens a commentary: 解读: or
// 【释义】.
func (j *job) opensCommentary(s string) int {
	r := firstRune(s)
	for _, w := range j.lex.commentary {
		if firstRune(w) != r || !strings.HasPrefix(s, w) {
			continue
		}
		rest := strings.TrimLeft(s[len(w):], " ")
		if rest == "" || strings.HasPrefix(rest, ":") || strings.HasPrefix(rest, "：") || strings.HasPrefix(w, "【") {
			return len(w)
		}
	}
	return 0
}

// headsCommentary reports the title of a commentary: 《…》解读.
func (j *job) headsCommentary(s string) bool {
	if len(s) > 200 || endsSentence(s) || hasStop(s) {
		return false
	}
	for _, w := range j.lex.commentary {
		if strings.HasSuffix(s, w) && (strings.HasSuffix(s, "》"+w) || strings.HasSuffix(s, "》的"+w) || strings.HasPrefix(s, "关于")) {
			return true
		}
	}
	return false
}
