// SPDX-License-Identifier: Apache-2.0

package locale

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// message is one text of a catalogue, cut into its pieces.
type message struct {
	line   int
	text   string
	pieces []piece
}

// piece is a run of text, a value, a word chosen by a count, or an optional
// group of pieces.
type piece struct {
	text  string  // where arg and group are empty
	arg   string  // the value's name
	one   string  // with many: the word for the count 1, instead of the value
	many  string  // the word for every other count
	group []piece // left out where a value in it is empty
}

// args returns the names of the values a message takes, sorted, each once.
func (m message) args() []string {
	var names []string
	var walk func([]piece)
	walk = func(ps []piece) {
		for _, p := range ps {
			if p.arg != "" {
				names = append(names, p.arg)
			}
			walk(p.group)
		}
	}
	walk(m.pieces)
	slices.Sort(names)
	return slices.Compact(names)
}

// parse reads a catalogue. It is strict, and reports every line at fault as
// file:line with what is wrong there.
func parse(file, text string) (map[string]message, error) {
	messages := map[string]message{}
	var faults []error
	fault := func(line int, format string, args ...any) {
		faults = append(faults, fmt.Errorf("%s:%d: %s", file, line, fmt.Sprintf(format, args...)))
	}
	n := 0
	for row := range strings.Lines(text) {
		n++
		row = strings.TrimSuffix(row, "\n")
		if row == "" || row[0] == '#' {
			continue
		}
		key, value, found := strings.Cut(row, " = ")
		switch {
		case !utf8.ValidString(row) || strings.ContainsFunc(row, unicode.IsControl):
			fault(n, "not plain UTF-8 text")
		case !found:
			fault(n, "want: key = text")
		case !validKey(key):
			fault(n, "%q is no key", key)
		case value == "" || strings.TrimSpace(value) != value:
			fault(n, "%s: text is empty or padded", key)
		case messages[key].line > 0:
			fault(n, "%s stands twice, first in line %d", key, messages[key].line)
		default:
			pieces, err := cut(value)
			if err != nil {
				fault(n, "%s: %v", key, err)
				continue
			}
			messages[key] = message{line: n, text: value, pieces: pieces}
		}
	}
	return messages, errors.Join(faults...)
}

// validKey reports whether s is two or more words joined by dots, each of
// letters, digits, _ and -.
func validKey(s string) bool {
	words := strings.Split(s, ".")
	return len(words) >= 2 && !slices.ContainsFunc(words, func(w string) bool { return !validName(w) })
}

func validName(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '-'
	})
}

// cut divides a text into pieces.
func cut(text string) ([]piece, error) {
	var out []piece
	for text != "" {
		at := strings.IndexAny(text, "{}[]")
		if at < 0 {
			return append(out, piece{text: text}), nil
		}
		if at > 0 {
			out = append(out, piece{text: text[:at]})
		}
		opening := text[at]
		text = text[at+1:]
		switch opening {
		case '{':
			inner, rest, found := strings.Cut(text, "}")
			if !found {
				return nil, errors.New("{ without }")
			}
			p, err := cutValue(inner)
			if err != nil {
				return nil, err
			}
			out, text = append(out, p), rest
		case '[':
			inner, rest, found := strings.Cut(text, "]")
			if !found || strings.Contains(inner, "[") {
				return nil, errors.New("[ without ], or one inside another")
			}
			group, err := cut(inner)
			if err != nil {
				return nil, err
			}
			if len((message{pieces: group}).args()) == 0 {
				return nil, errors.New("[…] without a value is never left out")
			}
			out, text = append(out, piece{group: group}), rest
		default:
			return nil, fmt.Errorf("%c without its opening", opening)
		}
	}
	return out, nil
}

// cutValue reads what stands between braces: name, or name|one|many.
func cutValue(inner string) (piece, error) {
	parts := strings.Split(inner, "|")
	if !validName(parts[0]) || (len(parts) != 1 && len(parts) != 3) {
		return piece{}, fmt.Errorf("{%s} is neither {name} nor {name|one|many}", inner)
	}
	p := piece{arg: parts[0]}
	if len(parts) == 3 {
		if p.one, p.many = parts[1], parts[2]; p.many == "" {
			return piece{}, fmt.Errorf("{%s} has no word for many", inner)
		}
	}
	return p, nil
}

// fill writes the pieces with their values. A value that was not given shows
// as {name}, except in an optional group, which is then left out.
func fill(b *strings.Builder, pieces []piece, values map[string]string) {
	for _, p := range pieces {
		switch {
		case p.group != nil:
			if !slices.ContainsFunc((message{pieces: p.group}).args(), func(a string) bool { return values[a] == "" }) {
				fill(b, p.group, values)
			}
		case p.many != "":
			word := p.many
			if values[p.arg] == "1" {
				word = p.one
			}
			b.WriteString(word)
		case p.arg != "":
			v, given := values[p.arg]
			if !given {
				v = "{" + p.arg + "}"
			}
			b.WriteString(v)
		default:
			b.WriteString(p.text)
		}
	}
}
