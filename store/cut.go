// SPDX-License-Identifier: Apache-2.0

package store

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"quanze/core/ledger"
)

// encoding/json would decode each event twice to find where its fields begin
// and end, which was a tenth of the cost of an act; cutting needs no decoding.

var errBody = errors.New("an event's body is not a JSON object")

// cutFields cuts an event's JSON into its fields, in order of name. It accepts
// what encoding/json writes: no white space between tokens.
func cutFields(body []byte) ([]ledger.Field, error) {
	out := make([]ledger.Field, 0, 16)
	err := cutObject(body, func(name string, value []byte) error {
		switch name {
		case "kind": // it stands in the leaf itself
			return nil
		case "fields":
			return cutObject(value, func(name string, value []byte) error {
				out = append(out, ledger.Field{Name: "fields." + name, Value: value})
				return nil
			})
		}
		out = append(out, ledger.Field{Name: name, Value: value})
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(out, func(a, b ledger.Field) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

// cutObject hands each key of a JSON object to visit with the bytes of its value.
func cutObject(b []byte, visit func(name string, value []byte) error) error {
	if len(b) < 2 || b[0] != '{' || b[len(b)-1] != '}' {
		return errBody
	}
	for at := 1; at < len(b)-1; {
		end := skipValue(b, at)
		if b[at] != '"' || end >= len(b) || b[end] != ':' {
			return errBody
		}
		name, err := unquote(b[at:end])
		if err != nil {
			return err
		}
		at = end + 1
		if end = skipValue(b, at); end == at || end >= len(b) {
			return errBody
		}
		if err := visit(name, b[at:end]); err != nil {
			return err
		}
		if b[end] == ',' {
			end++
		} else if end != len(b)-1 {
			return errBody
		}
		at = end
	}
	return nil
}

// skipValue returns where the value that begins at i ends: at the comma, colon
// or bracket behind it that is not its own, or at the end.
func skipValue(b []byte, i int) int {
	depth := 0
	for ; i < len(b); i++ {
		switch b[i] {
		case '"':
			for i++; i < len(b) && b[i] != '"'; i++ {
				if b[i] == '\\' {
					i++
				}
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return i
			}
			depth--
		case ',', ':':
			if depth == 0 {
				return i
			}
		}
	}
	return len(b)
}

func unquote(quoted []byte) (string, error) {
	inner := quoted[1 : len(quoted)-1]
	if !slices.Contains(inner, '\\') {
		return string(inner), nil
	}
	var s string
	err := json.Unmarshal(quoted, &s)
	return s, err
}
