// SPDX-License-Identifier: Apache-2.0

package regulation

import (
	"strings"
	"unicode/utf8"
)

// mend repairs what page and chunk breaks did to the lines: numbers of chunks
// and pages are cut out, words and sentences cut by a break are joined again.
func (j *job) mend() {
	j.cutChunkNumbers()
	j.cutPageNumbers()
	j.joinCutLines()
}

// chunkRunes is the least length of a chunk: a reader's page holds hundreds of
// characters, an item of a list hardly ever so many in every case.
const chunkRunes = 80

// cutChunkNumbers finds 1、 2、 3、 … put before the pages of a reader's view:
// long lines, numbered from one, most of which end in the middle of a
// sentence. The numbers go, the text runs on.
func (j *job) cutChunkNumbers() {
	var at []int
	for i, l := range j.lines {
		m := parseMark(l.text)
		if m.level == numMark && m.num == len(at)+1 && (runeLen(l.text) >= chunkRunes || len(at) > 1) {
			at = append(at, i)
		}
	}
	open := 0
	for _, i := range at {
		if !endsSentence(j.lines[i].text) {
			open++
		}
	}
	if len(at) < 3 || open*2 < len(at) || at[len(at)-1]-at[0] != len(at)-1 {
		return
	}
	var chunks []line
	for k, i := range at {
		l := j.lines[i]
		m := parseMark(l.text)
		j.dropped = append(j.dropped, Dropped{Line: l.first, Text: m.raw, Why: whyChunk})
		if k > 0 {
			j.note(ChunkNumber, l.first, around(j.lines[i-1].text, len(j.lines[i-1].text), 4)+m.raw, around(l.text[m.end:], 0, 4))
		}
		g := l.gap
		l = l.slice(m.end, len(l.text))
		l.gap = g
		chunks = append(chunks, l)
	}
	lines := append([]line(nil), j.lines[:at[0]]...)
	for from := 0; from < len(chunks); {
		to := from + 1
		for to < len(chunks) && !endsSentence(chunks[to-1].text) {
			to++
		}
		lines = append(lines, joinAll(chunks[from:to]))
		from = to
	}
	j.lines = append(lines, j.lines[at[len(at)-1]+1:]...)
}

// note puts a settled repair of form on record; repairs of one kind become one
// defect of the document with all its places.
func (j *job) note(code Code, line int, was, now string) {
	j.defects = append(j.defects, Defect{Code: code, Line: line, Text: was, Proposal: now, Settled: true})
}

// endsSentence reports that a text ends where a sentence or a list entry may.
func endsSentence(s string) bool {
	switch lastRune(s) {
	case '。', '！', '!', '？', '?', '；', ';', '：', ':', '”', '」', '』', '…', '—', '）', ')', '》', '】', '’', '.':
		return true
	}
	return false
}

// pageSpot is a number inside a sentence that may be a page's.
type pageSpot struct {
	line, a, b int // index of the line, bytes of the number and blanks
	num        int
	word       bool // it stands inside a word
	blank      bool // a blank follows it
	sure       bool
}

// maxSpots bounds the search for words cut by numbers, so that a hostile text
// costs no more than its length.
const maxSpots = 500

// cutPageNumbers looks for numbers that a page break left inside sentences.
// One that cuts a word known elsewhere in the text is cut out and noted; one
// that fits the rising row of the others is cut out too but stays open for a
// person, because a number before a number word reads as law.
func (j *job) cutPageNumbers() {
	var spots []pageSpot
	for i := range j.lines {
		if len(spots) >= maxSpots {
			break
		}
		spots = append(spots, j.pageSpots(i)...)
	}
	if len(spots) == 0 {
		return
	}
	pairs := map[string]int{}
	for k := range spots {
		if p := j.pairAt(spots[k]); p != "" {
			pairs[p] = 0
		}
	}
	j.countPairs(pairs)
	for k := range spots {
		p := j.pairAt(spots[k])
		need := 1
		if !spots[k].blank {
			need = 3
		}
		spots[k].word = p != "" && pairs[p] >= need
		spots[k].sure = spots[k].word
	}
	for k := range spots {
		if !spots[k].sure && spots[k].blank {
			spots[k].sure = fitsRow(spots, k)
		}
	}
	for k := len(spots) - 1; k >= 0; k-- {
		j.cutPage(spots[k])
	}
}

func (j *job) cutPage(s pageSpot) {
	l := j.lines[s.line]
	was := around(l.text, s.a, 6)
	if !s.sure {
		if s.blank {
			j.defects = append(j.defects, Defect{Code: StrayNumber, Line: l.at(s.a), Text: was})
		}
		return
	}
	j.dropped = append(j.dropped, Dropped{Line: l.at(s.a), Text: strings.TrimSpace(l.text[s.a:s.b]), Why: whyPage})
	cut := l.without(s.a, s.b)
	j.defects = append(j.defects, Defect{
		Code: PageNumber, Line: l.at(s.a), Text: was, Proposal: around(cut.text, s.a, 5), Settled: s.word,
	})
	j.lines[s.line] = cut
}

// pageSpots lists the numbers in one line that stand between characters where
// no number belongs.
func (j *job) pageSpots(i int) []pageSpot {
	s := j.lines[i].text
	var out []pageSpot
	prev := rune(0)
	for k := 0; k < len(s); {
		c := s[k]
		if c < '0' || c > '9' {
			r, w := rune(c), 1
			if c >= utf8.RuneSelf {
				r, w = utf8.DecodeRuneInString(s[k:])
			}
			if c != ' ' {
				prev = r
			}
			k += w
			continue
		}
		a := k
		num := 0
		for k < len(s) && s[k] >= '0' && s[k] <= '9' {
			num = min(num*10+int(s[k]-'0'), 1<<20)
			k++
		}
		b := skipSpace(s, k)
		next, _ := utf8.DecodeRuneInString(s[b:])
		if k-a <= 3 && num > 0 && numberIsAlien(prev, next, j.lex.measures) {
			for a > 0 && s[a-1] == ' ' {
				a--
			}
			out = append(out, pageSpot{line: i, a: a, b: b, num: num, blank: b > k})
		}
		prev = '0'
	}
	return out
}

func numberIsAlien(prev, next rune, measures map[rune]bool) bool {
	if !isHan(next) || measures[next] && next != '一' {
		return false
	}
	if isHan(prev) {
		switch prev {
		case '第', '至', '到', '约', '满', '近', '共', '计', '每', '按', '为', '占', '达', '于', '过', '月', '年', '号', '图', '表', '款', '条', '项', '增', '减', '加':
			return false
		}
		return true
	}
	return strings.ContainsRune("，,、；;", prev)
}

// pairAt is the word the number would cut, if characters stand on both sides.
func (j *job) pairAt(s pageSpot) string {
	t := j.lines[s.line].text
	a, b := lastRune(t[:s.a]), firstRune(t[s.b:])
	if !isHan(a) || !isHan(b) {
		return ""
	}
	return string([]rune{a, b})
}

// countPairs counts, in one pass over the text, how often each pair occurs.
func (j *job) countPairs(pairs map[string]int) {
	words := make([]string, 0, len(pairs))
	for p := range pairs {
		words = append(words, p)
	}
	j.countWords(words, pairs)
}

// countWords counts words in one pass over the text.
func (j *job) countWords(words []string, counts map[string]int) {
	m := newMatcher(words)
	for _, l := range j.lines {
		m.each(l.text, func(_ int, w string) int { counts[w]++; return 0 })
	}
}

// fitsRow reports that the number lies between the certain page numbers before
// and behind it.
func fitsRow(spots []pageSpot, k int) bool {
	known := 0
	for i := range spots {
		if !spots[i].word {
			continue
		}
		known++
		if i < k && spots[i].num > spots[k].num || i > k && spots[i].num < spots[k].num {
			return false
		}
	}
	return known >= 1
}

// joinCutLines joins lines that a page or a column cut: a title inside its
// title marks, a sentence in the middle.
func (j *job) joinCutLines() {
	var out []line
	open := []line(nil) // parts of the line under way
	head := 0           // last number of a first-level heading
	flush := func() {
		if len(open) > 0 {
			out = append(out, joinAll(open))
			open = open[:0]
		}
	}
	for _, l := range j.lines {
		if len(open) > 0 {
			prev := open[len(open)-1]
			if code := j.continues(open, l, head); code != "" {
				if code == CutTitle || !prev.loose {
					j.note(code, l.first, around(prev.text, len(prev.text), 4)+"⏎"+around(l.text, 0, 3), around(prev.text, len(prev.text), 4)+around(l.text, 0, 3))
				}
				open = append(open, l)
				continue
			}
		}
		flush()
		if m := parseMark(l.text); m.level == headMark && !m.broken {
			head = m.num
		} else if m.level == artMark || m.level == chapMark {
			head = 0
		}
		open = append(open, l)
	}
	flush()
	j.lines = out
}

// continues tells whether l goes on where the open parts end, and what was cut.
func (j *job) continues(open []line, l line, head int) Code {
	last := open[len(open)-1].text
	first := open[0].text
	m := parseMark(l.text)
	if titleIsOpen(open) {
		if c := strings.Index(l.text, "》"); c >= 0 && c < 120 && !strings.Contains(l.text[:c], "《") && m.level == noMark {
			return CutTitle
		}
	}
	if endsSentence(last) || j.isFront(l.text) {
		return ""
	}
	fm := parseMark(first)
	body := fm.level == artMark || fm.level == itemMark || strings.ContainsAny(first, "，,。；;") || len(open) > 1
	if isTitleBlock(fm, first) || !body || j.isFront(first) && fm.level == noMark {
		return ""
	}
	r := lastRune(last)
	if !(isHan(r) || strings.ContainsRune("，,、“（(《〈", r) || r < 0x80 && r != ' ') {
		return ""
	}
	long := runeLen(last) >= 20
	switch {
	case m.level == noMark, m.level == artMark && !m.spaced && refers(l.text[m.end:]):
		if long || runeLen(l.text) <= 4 || strings.ContainsRune("，,、", r) {
			return CutWord
		}
	case m.level == headMark && !m.broken:
		// A numeral that begins a line after a cut sentence is a heading only
		// if it is due and reads like one.
		if long && m.num != head+1 && strings.ContainsAny(l.text, "，,") && endsSentence(l.text) {
			return CutWord
		}
	}
	return ""
}

func isTitleBlock(m mark, text string) bool {
	switch m.level {
	case partMark, chapMark, sectMark:
		return runeLen(text) <= 30
	case headMark:
		return !strings.Contains(text, "。")
	}
	return false
}

func titleIsOpen(open []line) bool {
	depth := 0
	for _, l := range open {
		depth += strings.Count(l.text, "《") - strings.Count(l.text, "》")
	}
	return depth > 0
}
