// SPDX-License-Identifier: Apache-2.0

package regulation

import (
	"html"
	"strings"
)

// page reads the text out of a web page. Block elements end a line, all other
// tags only vanish; what stands in navigation, scripts, forms and footers is
// dropped with its reason. It is tolerant: an unclosed tag ends at the next.
type page struct {
	j      *job
	out    []line
	parts  []line
	skip   []string // elements under way whose content is no text
	markup strings.Builder
	no     int
}

// looksLikePage reports that the lines hold a web page or pieces of one.
func looksLikePage(lines []line) bool {
	n := 0
	for i, l := range lines {
		if i > 400 {
			break
		}
		if strings.IndexByte(l.text, '<') < 0 {
			continue
		}
		low := strings.ToLower(clipBytes(l.text, 400))
		for _, w := range []string{"<!doctype html", "<html", "<body", "<head>", "</p>", "</div>", "<br>", "<br/>", "<br />", "</td>", "</h1>", "</h2>", "</span>", "<p "} {
			if strings.Contains(low, w) {
				n++
				break
			}
		}
		if n >= 2 || n == 1 && (len(lines) < 4 || i < 3 && strings.Contains(low, "html")) {
			return true
		}
	}
	return false
}

func clipBytes(s string, n int) string { return s[:min(len(s), n)] }

// blockTags end a line of text.
var blockTags = map[string]bool{
	"p": true, "div": true, "br": true, "li": true, "ul": true, "ol": true, "tr": true, "td": true, "th": true, "table": true,
	"h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "section": true, "article": true, "header": true,
	"footer": true, "nav": true, "aside": true, "body": true, "html": true, "head": true, "title": true, "hr": true, "dd": true,
	"dt": true, "dl": true, "blockquote": true, "pre": true, "main": true, "form": true, "center": true,
}

// hiddenTags hold no text of law; the value is the reason for dropping.
var hiddenTags = map[string]string{
	"script": whyScript, "style": whyScript, "noscript": whyScript, "svg": whyScript, "nav": whyFrame, "footer": whyFrame,
	"aside": whyFrame, "form": whyFrame, "button": whyFrame, "select": whyFrame, "iframe": whyFrame, "head": whyFrame, "header": whyFrame,
}

func (j *job) unwrapPage() {
	p := page{j: j}
	for _, l := range j.lines {
		for _, part := range l.physical() {
			p.line(part)
		}
	}
	p.endLine()
	p.flushMarkup()
	j.lines = p.out
}

// line reads one physical line. A tag may run on into the next line: then its
// first half is read as markup up to the end of the line, and inTag tells.
func (p *page) line(l line) {
	if l.first != p.no {
		p.flushMarkup()
		p.no = l.first
	}
	s := l.text
	for i := 0; i < len(s); {
		raw := len(p.skip) > 0 && (p.top() == "script" || p.top() == "style" || p.top() == "!--" || p.top() == "<")
		if raw {
			i = p.raw(s, i)
			continue
		}
		k := strings.IndexByte(s[i:], '<')
		if k < 0 {
			p.text(l.slice(i, len(s)))
			return
		}
		if k > 0 {
			p.text(l.slice(i, i+k))
			i += k
		}
		i = p.tag(l, i)
	}
	if len(p.parts) > 0 && len(p.skip) == 0 { // a line end in running text is a blank
		p.parts = append(p.parts, line{text: " ", first: l.first})
	}
}

func (p *page) top() string { return p.skip[len(p.skip)-1] }

// raw drops up to the end of a script, style, comment or broken-off tag.
func (p *page) raw(s string, i int) int {
	end, name := "</"+p.top(), p.top()
	switch name {
	case "!--":
		end = "-->"
	case "<":
		end = ">"
	}
	k := indexFold(s[i:], end)
	if k < 0 {
		p.dropHidden(s[i:])
		return len(s)
	}
	p.dropHidden(s[i : i+k])
	i += k
	if name == "!--" || name == "<" {
		p.markup.WriteString(end)
		i += len(end)
		p.skip = p.skip[:len(p.skip)-1]
		return i
	}
	stop := strings.IndexByte(s[i:], '>')
	if stop < 0 {
		stop = len(s) - i - 1
	}
	p.markup.WriteString(s[i : i+stop+1])
	p.skip = p.skip[:len(p.skip)-1]
	return i + stop + 1
}

// indexFold finds an ASCII word whatever the case of its letters.
func indexFold(s, word string) int {
	for i := 0; i+len(word) <= len(s); i++ {
		if k := strings.IndexByte(s[i:], word[0]); k < 0 {
			return -1
		} else {
			i += k
		}
		if i+len(word) <= len(s) && strings.EqualFold(s[i:i+len(word)], word) {
			return i
		}
	}
	return -1
}

// tag reads the tag at i and returns where it ends. A < before anything but a
// letter, / or ! is text.
func (p *page) tag(l line, i int) int {
	s := l.text
	if strings.HasPrefix(s[i:], "<!--") {
		p.markup.WriteString("<!--")
		p.skip = append(p.skip, "!--")
		return i + 4
	}
	if i+1 >= len(s) || !(isLetter(s[i+1]) || s[i+1] == '/' || s[i+1] == '!' || s[i+1] == '?') {
		p.text(l.slice(i, i+1))
		return i + 1
	}
	end := strings.IndexByte(s[i:], '>')
	name, closing := tagName(s[i+1:])
	if end < 0 {
		p.markup.WriteString(s[i:])
		if blockTags[name] {
			p.endLine()
		}
		p.skip = append(p.skip, "<")
		return len(s)
	}
	tag := s[i : i+end+1]
	p.markup.WriteString(tag)
	if blockTags[name] || hiddenTags[name] != "" {
		p.endLine()
	}
	if hiddenTags[name] != "" && !strings.HasSuffix(tag, "/>") {
		if !closing {
			if len(p.skip) < maxHidden {
				p.skip = append(p.skip, name)
			}
		} else if len(p.skip) > 0 && p.top() == name {
			p.skip = p.skip[:len(p.skip)-1]
		}
	}
	if len(p.skip) > 0 && closing && (name == "body" || name == "html") || name == "body" && !closing {
		p.skip = p.skip[:0] // an unclosed element ends with the body, and none reaches into it
	}
	return i + end + 1
}

// maxHidden bounds the nesting of hidden elements.
const maxHidden = 64

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func tagName(s string) (name string, closing bool) {
	if strings.HasPrefix(s, "/") {
		closing, s = true, s[1:]
	}
	n := 0
	for n < len(s) && n < 16 && (isLetter(s[n]) || s[n] >= '0' && s[n] <= '9') {
		n++
	}
	return strings.ToLower(s[:n]), closing
}

// text takes a piece of running text, its entities decoded, or drops it where
// a hidden element is under way.
func (p *page) text(l line) {
	if len(p.skip) > 0 {
		p.dropHidden(l.text)
		return
	}
	if strings.IndexByte(l.text, '&') >= 0 {
		if now := cleaned(html.UnescapeString(l.text)); now != l.text {
			p.j.changes = append(p.j.changes, change{span{l.first, l.first}, l.text, now})
			l = line{text: now, first: l.first}
		}
	}
	p.parts = append(p.parts, l)
}

func (p *page) dropHidden(s string) {
	if strings.TrimSpace(s) == "" {
		return
	}
	why := whyMarkup
	for _, name := range p.skip {
		if w := hiddenTags[name]; w != "" {
			why = w
			break
		}
	}
	p.j.dropped = append(p.j.dropped, Dropped{Line: p.no, Text: strings.TrimSpace(s), Why: why})
}

func (p *page) flushMarkup() {
	if p.markup.Len() > 0 {
		p.j.dropped = append(p.j.dropped, Dropped{Line: p.no, Text: p.markup.String(), Why: whyMarkup})
		p.markup.Reset()
	}
}

func (p *page) endLine() {
	if len(p.parts) == 0 {
		return
	}
	l := joinAll(p.parts).trimmed()
	p.parts = p.parts[:0]
	if l.text != "" {
		l.loose = true
		p.out = append(p.out, l)
	}
}
