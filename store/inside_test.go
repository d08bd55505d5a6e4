// SPDX-License-Identifier: Apache-2.0

package store

import (
	"encoding/json"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestIndexWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                "",
		"，。 ——":           "",
		"信访事项":            "信访 访事 事项 项",
		"项":               "项",
		"信访，事项":           "信访 访 事项 项",
		"ＡＢＣ１２号":          "abc12 号",
		"15个工作日":          "15 个工 工作 作日 日",
		"3.5%":            "3 5",
		"Ärger":           "ärger",
		"\xff信\xfe":       "信",
		"𠮷祥":              "𠮷祥 祥",
		"Straße и Другие": "straße и другие",
	} {
		if got := strings.Join(indexWords(text), " "); got != want {
			t.Errorf("indexWords(%q) = %q, want %q", text, got, want)
		}
	}
	if words := indexWords(strings.Repeat("x", 100)); len(words) != 3 {
		t.Errorf("a word of 100 letters is %d words, want 3", len(words))
	}
}

// FuzzWords: no text breaks the splitter or the queries made of its words, and
// a text is found by each run of its own characters.
func FuzzWords(f *testing.F) {
	f.Add("信访事项 within 15 日")
	f.Add("'\":*&|!()<->\\")
	f.Fuzz(func(t *testing.T, s string) {
		words := indexWords(s)
		for _, w := range words {
			if w == "" || strings.ContainsAny(w, " '\"\\:*&|!()<>") {
				t.Errorf("indexWords(%q) holds %q", s, w)
			}
		}
		phrases, prefix := queryWords(s)
		if len(phrases) != len(prefix) || len(phrases) > maxPhrases {
			t.Fatalf("queryWords(%q): %d phrases, %d prefixes", s, len(phrases), len(prefix))
		}
		for i, phrase := range phrases {
			if !found(words, phrase, prefix[i]) {
				t.Errorf("%q, indexed as %q, is not found by its own %q", s, words, phrase)
			}
		}
	})
}

// found looks for a phrase as both engines do.
func found(words, phrase []string, prefix bool) bool {
	for i := range len(words) - len(phrase) + 1 {
		part := slices.Clone(words[i : i+len(phrase)])
		if last := len(phrase) - 1; prefix && strings.HasPrefix(part[last], phrase[last]) {
			part[last] = phrase[last]
		}
		if slices.Equal(part, phrase) {
			return true
		}
	}
	return false
}

// FuzzCutFields: the fields are those that encoding/json sees, byte for byte.
func FuzzCutFields(f *testing.F) {
	f.Add([]byte(`{"a":1,"kind":"done","fields":{"b":"x,}\"","c\u00e9":[{},[]]},"z":null}`))
	f.Add([]byte(`{"a":1,}`))
	f.Add([]byte(`{"a"1}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		fields, err := cutFields(body)
		var top map[string]json.RawMessage
		if json.Unmarshal(body, &top) != nil || top == nil || strings.ContainsAny(string(body), " \t\r\n") {
			return // only what encoding/json wrote is ever cut; anything else must not panic
		}
		want := map[string]string{}
		form := map[string]json.RawMessage{}
		if raw, ok := top["fields"]; ok && (json.Unmarshal(raw, &form) != nil || form == nil) {
			if err == nil {
				t.Errorf("%s: fields that are no object were cut", body)
			}
			return
		}
		if err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		for name, value := range top {
			if name != "kind" && name != "fields" {
				want[name] = string(value)
			}
		}
		for name, value := range form {
			want["fields."+name] = string(value)
		}
		got := map[string]string{}
		for _, f := range fields { // a name that comes twice: the last counts for both
			got[f.Name] = string(f.Value)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" && len(fields) == len(want) {
			t.Errorf("%s (-want +got)\n%s", body, diff)
		}
	})
}

func TestBare(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                 "",
		"select 1":                         "select 1",
		"values ($1, $2)":                  "values (?, ?)",
		"values " + tuples(11, 1, 1) + ";": "values (?), (?), (?), (?), (?), (?), (?), (?), (?), (?), (?);",
		"values ($1, $1)":                  "values ($1, $1)",
		"values ($2, $1)":                  "values ($2, $1)",
		"values ($1, $12)":                 "values ($1, $12)",
		"values ($1, $)":                   "values ($1, $)",
	} {
		if got := bare(text); got != want {
			t.Errorf("bare(%q) = %q, want %q", text, got, want)
		}
	}
	if got, want := tuples(2, 3, 4), "($4, $5, $6), ($7, $8, $9)"; got != want {
		t.Errorf("tuples: %q, want %q", got, want)
	}
}

// TestMigrationTexts: what is left for one engine holds nothing of the other's.
func TestMigrationTexts(t *testing.T) {
	t.Parallel()
	for _, d := range []*dialect{&sqliteDialect, &postgresDialect} {
		files, err := fs.Glob(migrations, "migrations/*.sql")
		if err != nil || len(files) == 0 {
			t.Fatal(err)
		}
		for _, name := range files {
			text, err := fs.ReadFile(engineFiles{migrations, d}, name)
			if err != nil {
				t.Fatal(err)
			}
			for _, word := range map[string][]string{SQLite: {"plpgsql", "tsvector", "create collation"}, Postgres: {"fts5", "without rowid", "raise("}}[d.name] {
				if strings.Contains(string(text), word) {
					t.Errorf("%s for %s holds %q", name, d.name, word)
				}
			}
			if strings.Contains(string(text), d.marker) || strings.Contains(string(text), d.foreign) {
				t.Errorf("%s for %s holds a marker", name, d.name)
			}
		}
	}
}

func TestNewID(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	early, late := NewID(at), NewID(at.Add(time.Millisecond))
	if len(early) != 32 || early >= late || NewID(at) == early {
		t.Errorf("NewID: %s, a millisecond later %s", early, late)
	}
}
