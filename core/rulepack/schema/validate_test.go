// SPDX-License-Identifier: Apache-2.0

package schema_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

	"quanze/core/rulepack"
	"quanze/core/rulepack/schema"
)

// validator holds values against the part of JSON Schema that Of writes, by the
// words of draft 7. A word it does not know is a fault of the schema.
type validator struct {
	definitions map[string]any
	patterns    map[string]*regexp.Regexp
	root        any
}

func newValidator(tb testing.TB, kind schema.Kind, pack *rulepack.Pack) *validator {
	tb.Helper()
	var root map[string]any
	if err := json.Unmarshal(schema.Of(kind, pack), &root); err != nil {
		tb.Fatal(err)
	}
	return &validator{definitions: root["definitions"].(map[string]any), patterns: map[string]*regexp.Regexp{}, root: root}
}

// file holds a file's text against the schema.
func (v *validator) file(data []byte) []string {
	value, err := parse(data)
	if err != nil {
		return []string{err.Error()}
	}
	return v.value(value)
}

func (v *validator) value(value any) []string {
	var out []string
	v.check(v.root, value, "", &out)
	return out
}

// parse reads YAML as an editor does, into what JSON knows.
func parse(data []byte) (any, error) {
	var value any
	if err := yaml.Unmarshal(data, &value); err != nil {
		return nil, err
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	var out any
	return out, json.Unmarshal(text, &out)
}

func (v *validator) ok(is, value any) bool {
	var out []string
	v.check(is, value, "", &out)
	return len(out) == 0
}

func typeOf(value any) string {
	switch x := value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	case float64:
		if x == float64(int64(x)) {
			return "integer"
		}
	}
	return "number"
}

func (v *validator) check(is, value any, at string, out *[]string) {
	say := func(format string, args ...any) { *out = append(*out, at+": "+fmt.Sprintf(format, args...)) }
	words, ok := is.(map[string]any)
	if !ok {
		if is != true {
			say("may not be here")
		}
		return
	}
	if ref, ok := words["$ref"].(string); ok {
		v.check(v.definitions[strings.TrimPrefix(ref, "#/definitions/")], value, at, out)
		return // what stands beside a reference is not looked at in draft 7
	}
	for word, want := range words {
		switch word {
		case "$schema", "$comment", "title", "description", "definitions", "enumDescriptions", "then", "else":
		case "type":
			if !isType(want, typeOf(value)) {
				say("is %s, not %v", typeOf(value), want)
			}
		case "enum":
			if !slices.ContainsFunc(want.([]any), func(w any) bool { return reflect.DeepEqual(w, value) }) {
				say("%v is none of %v", value, want)
			}
		case "const":
			if !reflect.DeepEqual(want, value) {
				say("is not %v", want)
			}
		case "anyOf":
			if !slices.ContainsFunc(want.([]any), func(one any) bool { return v.ok(one, value) }) {
				say("%v fits none of the alternatives", value)
			}
		case "allOf":
			for _, one := range want.([]any) {
				v.check(one, value, at, out)
			}
		case "not":
			if v.ok(want, value) {
				say("%v is what it may not be", value)
			}
		case "if":
			branch := "else"
			if v.ok(want, value) {
				branch = "then"
			}
			if then, ok := words[branch]; ok {
				v.check(then, value, at, out)
			}
		case "minLength", "maxLength", "pattern":
			if s, ok := value.(string); ok {
				v.text(word, want, s, say)
			}
		case "minimum":
			if n, ok := value.(float64); ok && n < want.(float64) {
				say("is less than %v", want)
			}
		case "minItems", "items":
			if list, ok := value.([]any); ok {
				v.list(word, want, list, at, out)
			}
		case "properties", "additionalProperties", "propertyNames", "required":
			if mapping, ok := value.(map[string]any); ok {
				v.mapping(words, word, mapping, at, out)
			}
		default:
			say("the schema has %s", word)
		}
	}
}

func isType(want any, is string) bool {
	if s, ok := want.(string); ok {
		return s == is || s == "number" && is == "integer"
	}
	return slices.ContainsFunc(want.([]any), func(w any) bool { return isType(w, is) })
}

func (v *validator) text(word string, want any, s string, say func(string, ...any)) {
	switch word {
	case "minLength":
		if utf8.RuneCountInString(s) < int(want.(float64)) {
			say("is too short")
		}
	case "maxLength":
		if utf8.RuneCountInString(s) > int(want.(float64)) {
			say("is too long")
		}
	case "pattern":
		p := want.(string)
		if v.patterns[p] == nil {
			v.patterns[p] = regexp.MustCompile(p)
		}
		if !v.patterns[p].MatchString(s) {
			say("%q does not fit %s", s, p)
		}
	}
}

func (v *validator) list(word string, want any, list []any, at string, out *[]string) {
	if word == "minItems" && len(list) < int(want.(float64)) {
		*out = append(*out, at+": has too few entries")
	}
	for i, one := range list {
		if word == "items" {
			v.check(want, one, fmt.Sprintf("%s/%d", at, i), out)
		}
	}
}

func (v *validator) mapping(words map[string]any, word string, mapping map[string]any, at string, out *[]string) {
	properties, _ := words["properties"].(map[string]any)
	if word == "required" {
		for _, k := range words[word].([]any) {
			if _, ok := mapping[k.(string)]; !ok {
				*out = append(*out, fmt.Sprintf("%s: has no %s", at, k))
			}
		}
		return
	}
	for k, one := range mapping {
		below := at + "/" + k
		is, known := properties[k]
		switch {
		case word == "propertyNames":
			v.check(words[word], k, below, out)
		case word == "properties" && known:
			v.check(is, one, below, out)
		case word == "additionalProperties" && !known:
			v.check(words[word], one, below, out)
		}
	}
}
