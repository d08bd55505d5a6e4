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
// numbered from one, far apart, most of them in the middle of a sentence. The
// numbers go, the text runs on.
func (j *job) cutChunkNumbers() {
	var at []int
	open, runes := 0, 0
	for i, l := range j.lines {
		m := parseMark(l.text)
		if m.level == numMark && m.num == len(at)+1 && (len(at) == 0 || runes >= chunkRunes) {
			if len(at) > 0 && !endsSentence(j.lines[i-1].text) {
				open++
			}
			at = append(at, i)
			runes = 0
		}
		if runes < chunkRunes {
			runes += runeLen(l.text)
		}
	}
	if len(at) < 3 || open*2 < len(at)-1 {
		return
	}
	var out, run []line
	k := 0
	for i, l := range j.lines {
		starts := k < len(at) && at[k] == i
		goesOn := false
		if starts {
			l = j.withoutChunkNumber(l, k, i)
			goesOn = k > 0 && !endsSentence(j.lines[i-1].text)
			k++
		}
		if !goesOn && len(run) > 0 {
			out = append(out, joinAll(run))
			run = run[:0]
		}
		run = append(run, l)
	}
	if len(run) > 0 {
		out = append(out, joinAll(run))
	}
	j.lines = out
}

// withoutChunkNumber cuts the number of chunk k off line i.
func (j *job) withoutChunkNumber(l line, k, i int) line {
	m := parseMark(l.text)
	j.dropped = append(j.dropped, Dropped{Line: l.first, Text: m.raw, Why: whyChunk})
	if k > 0 {
		before := j.lines[i-1].text
		end := around(before, len(before), 4)
		j.note(ChunkNumber, l.first, end+m.raw+around(l.text[m.end:], 0, 4), end+around(l.text[m.end:], 0, 4))
	}
	cut := l.slice(m.end, len(l.text))
	cut.loose = l.loose
	return cut
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
	spots = spots[:min(len(spots), maxSpots)]
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
	for from := 0; from < len(spots); {
		to := from + 1
		for to < len(spots) && spots[to].line == spots[from].line {
			to++
		}
		j.cutPages(spots[from:to])
		from = to
	}
}

// cutPages cuts the certain numbers out of one line.
func (j *job) cutPages(spots []pageSpot) {
	i := spots[0].line
	l := j.lines[i]
	var parts []line
	from := 0
	for _, s := range spots {
		was := around(l.text, s.a, 6)
		switch {
		case s.sure:
			j.dropped = append(j.dropped, Dropped{Line: l.at(s.a), Text: strings.TrimSpace(l.text[s.a:s.b]), Why: whyPage})
			j.defects = append(j.defects, Defect{
				Code: PageNumber, Line: l.at(s.a), Text: was, Settled: s.word,
				Proposal: around(l.text[:s.a], s.a, 5) + around(l.text[s.b:], 0, 5),
			})
			parts = append(parts, l.slice(from, s.a))
			from = s.b
		case s.blank:
			j.defects = append(j.defects, Defect{Code: StrayNumber, Line: l.at(s.a), Text: was})
		}
	}
	now := joinAll(append(parts, l.slice(from, len(l.text))))
	now.loose = l.loose
	j.lines[i] = now
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

// joiner joins lines that a page or a column cut: a title inside its title
// marks, a sentence in the middle.
type joiner struct {
	j      *job
	out    []line
	open   []line // parts of the line under way
	body   bool   // the line under way is running text
	listed bool   // it is an article or an item, below which a heading has no place
	depth  int    // title marks open in it
	head   int    // last number of a first-level heading
}

func (j *job) joinCutLines() {
	w := joiner{j: j, out: make([]line, 0, len(j.lines))}
	for _, l := range j.lines {
		w.add(l)
	}
	w.flush()
	j.lines = w.out
}

func (w *joiner) flush() {
	if len(w.open) > 0 {
		w.out = append(w.out, joinAll(w.open))
		w.open, w.depth = w.open[:0], 0
	}
}

func (w *joiner) add(l line) {
	m := parseMark(l.text)
	if len(w.open) > 0 {
		prev := w.open[len(w.open)-1]
		if code := w.continues(prev.text, l.text, m); code != "" {
			if code == CutTitle || !prev.loose {
				end := around(prev.text, len(prev.text), 4)
				w.j.note(code, l.first, end+"⏎"+around(l.text, 0, 3), end+around(l.text, 0, 3))
			}
			w.append(l)
			w.body = w.body || code == CutWord
			return
		}
	}
	w.flush()
	switch {
	case m.level == headMark && !m.broken:
		w.head = m.num
	case m.level == artMark || m.level == chapMark:
		w.head = 0
	}
	w.append(l)
	w.listed = m.level == artMark || m.level == itemMark && w.head == 0
	w.body = !isTitleBlock(m, l.text) &&
		(m.level == artMark || m.level == itemMark || hasStop(l.text)) &&
		(m.level != noMark || !w.j.isFront(l.text))
}

func (w *joiner) append(l line) {
	w.open = append(w.open, l)
	w.depth = max(w.depth+strings.Count(l.text, "《")-strings.Count(l.text, "》"), 0)
}

// continues tells whether a line goes on where the one before ends, and what
// was cut: a title or a sentence.
func (w *joiner) continues(last, text string, m mark) Code {
	if w.depth > 0 && m.level == noMark {
		head := text[:min(len(text), 160)]
		if c := strings.Index(head, "》"); c >= 0 && !strings.Contains(head[:c], "《") {
			return CutTitle
		}
	}
	if !w.body || endsSentence(last) || w.j.isFront(text) {
		return ""
	}
	r := lastRune(last)
	if !isHan(r) && !strings.ContainsRune("，,、“（(《〈", r) && (r >= 0x80 || r == ' ') {
		return ""
	}
	long := len(last) >= 20 && runeLen(last) >= 20
	switch {
	case m.level == noMark, m.level == artMark && !m.spaced && refers(text[m.end:]):
		if long || len(text) <= 12 || strings.ContainsRune("，,、", r) {
			return CutWord
		}
	case m.level == headMark && !m.broken:
		// A numeral that begins a line after a cut sentence is a heading only
		// if it is due and reads like one.
		if long && (m.num != w.head+1 || w.listed) && hasStop(text) && endsSentence(text) {
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
