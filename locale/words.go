// SPDX-License-Identifier: Apache-2.0

package locale

import (
	_ "embed"
	"errors"
	"strconv"
	"strings"

	"quanze/core/fault"
)

//go:embed zh-Hans.txt
var zhText string

//go:embed en.txt
var enText string

// Catalogue holds the words of every language. It never changes; many may use
// it at once.
type Catalogue struct {
	zh, en *Words
}

// Load reads the embedded catalogues; keep what it returns.
func Load() (*Catalogue, error) {
	zh, zhErr := parse("zh-Hans.txt", zhText)
	en, enErr := parse("en.txt", enText)
	if err := errors.Join(zhErr, enErr); err != nil {
		return nil, err
	}
	return &Catalogue{zh: &Words{lang: Zh, messages: zh}, en: &Words{lang: En, messages: en}}, nil
}

// In returns the words of a language; those of Zh for one that is unknown.
func (c *Catalogue) In(l Lang) *Words {
	if l == En {
		return c.en
	}
	return c.zh
}

// Words are the words of one language.
type Words struct {
	lang     Lang
	messages map[string]message
}

// Lang returns the language.
func (w *Words) Lang() Lang { return w.lang }

// Has reports whether there is such a message.
func (w *Words) Has(key string) bool { return w.messages[key].line > 0 }

// T returns the message of that key with its values; args are name, value
// pairs. A key that is not in the catalogue is returned in brackets.
func (w *Words) T(key string, args ...string) string {
	values := make(map[string]string, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		values[args[i]] = args[i+1]
	}
	return w.Fill(key, values)
}

// Fill is T with the values in a map, as a Fault carries them.
func (w *Words) Fill(key string, values map[string]string) string {
	m, ok := w.messages[key]
	if !ok {
		return "[" + key + "]"
	}
	var b strings.Builder
	fill(&b, m.pieces, values)
	return b.String()
}

// Nth is T for messages whose values are numbered {0} {1} {2}.
func (w *Words) Nth(key string, args ...string) string {
	values := make(map[string]string, len(args))
	for i, a := range args {
		values[strconv.Itoa(i)] = a
	}
	return w.Fill(key, values)
}

// Fault returns what a fault says: its own message, or where the catalogue has
// none that of its kind.
func (w *Words) Fault(f *fault.Fault) string {
	if w.Has(f.Key) {
		return w.Fill(f.Key, f.Args)
	}
	return w.T("fault." + f.Kind.String())
}

// Name returns the label of the language: that in Chinese, or the other where
// one is empty.
func (w *Words) Name(zh, en string) string {
	if (w.lang == En && en != "") || zh == "" {
		return en
	}
	return zh
}

// Join writes a list as the language does: 甲、乙 or A, B.
func (w *Words) Join(items []string) string {
	if w.lang == En {
		return strings.Join(items, ", ")
	}
	return strings.Join(items, "、")
}
