// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"quanze/core/calendar"
)

// Type is the type of a value or of an expression.
type Type uint8

// The types a fact, a field or an expression may have.
const (
	None Type = iota
	Bool
	Int
	Text
	Date
	Set
)

var typeNames = map[Type]string{Bool: "bool", Int: "int", Text: "text", Date: "date", Set: "set"}

// String returns the type's word in the pack language.
func (t Type) String() string { return typeNames[t] }

// Value is one value of the pack language. The zero Value is no value at all,
// which is never true, never false and never equal to anything.
type Value struct {
	typ Type
	num int64
	str string
	// set is behind a pointer so that the many values which are none stay small.
	set *[]string
}

// OfBool, OfInt, OfText, OfDate and OfSet make values.
func OfBool(b bool) Value {
	if b {
		return Value{typ: Bool, num: 1}
	}
	return Value{typ: Bool}
}

// OfInt makes a whole number.
func OfInt(n int64) Value { return Value{typ: Int, num: n} }

// OfText makes a text.
func OfText(s string) Value { return Value{typ: Text, str: s} }

// OfDate makes a day; no date is no value.
func OfDate(d calendar.Date) Value {
	if d == 0 {
		return Value{}
	}
	return Value{typ: Date, num: int64(d)}
}

// OfSet makes a set; order and repetition are dropped.
func OfSet(members ...string) Value {
	s := slices.Clone(members)
	slices.Sort(s)
	s = slices.Compact(s)
	return Value{typ: Set, set: &s}
}

// Type returns the value's type, None for no value.
func (v Value) Type() Type { return v.typ }

// Zero reports whether there is no value.
func (v Value) Zero() bool { return v.typ == None }

// Bool returns the truth of a Bool.
func (v Value) Bool() bool { return v.typ == Bool && v.num == 1 }

// Int returns the number of an Int.
func (v Value) Int() int64 { return v.num }

// Text returns the text of a Text.
func (v Value) Text() string { return v.str }

// Date returns the day of a Date.
func (v Value) Date() calendar.Date {
	if v.typ != Date {
		return 0
	}
	return calendar.Date(v.num)
}

// Set returns the members of a Set, sorted.
func (v Value) Set() []string {
	if v.set == nil {
		return nil
	}
	return *v.set
}

// Empty reports whether there is nothing in it: no value, a blank text, an
// empty set. A false and a zero are not empty: somebody said them.
func (v Value) Empty() bool {
	switch v.typ {
	case None:
		return true
	case Text:
		return strings.TrimSpace(v.str) == ""
	case Set:
		return len(v.Set()) == 0
	}
	return false
}

// Equal reports whether two values are the same; a missing one equals nothing.
func (v Value) Equal(w Value) bool {
	if v.typ == None || v.typ != w.typ || v.num != w.num || v.str != w.str {
		return false
	}
	return v.set == w.set || slices.Equal(v.Set(), w.Set())
}

// String is for messages and papers.
func (v Value) String() string {
	switch v.typ {
	case Bool:
		return strconv.FormatBool(v.num == 1)
	case Int:
		return strconv.FormatInt(v.num, 10)
	case Text:
		return v.str
	case Date:
		return v.Date().String()
	case Set:
		return strings.Join(v.Set(), ",")
	}
	return ""
}

// Parse reads a value of a type from what a form or a file holds.
func Parse(t Type, s string) (Value, error) {
	switch t {
	case Bool:
		b, err := strconv.ParseBool(s)
		return OfBool(b), err
	case Int:
		n, err := strconv.ParseInt(s, 10, 64)
		return OfInt(n), err
	case Date:
		d, err := calendar.ParseDate(s)
		return OfDate(d), err
	case Set:
		if s == "" {
			return OfSet(), nil
		}
		return OfSet(strings.Split(s, ",")...), nil
	case Text:
		return OfText(s), nil
	}
	return Value{}, fmt.Errorf("parsing %q: no type", s)
}

type valueJSON struct {
	Type  string   `json:"t"`
	Bool  *bool    `json:"b,omitempty"`
	Int   *int64   `json:"n,omitempty"`
	Text  *string  `json:"s,omitempty"`
	Items []string `json:"i,omitempty"`
}

// MarshalJSON writes a value with its type, so that it reads back the same.
func (v Value) MarshalJSON() ([]byte, error) {
	j := valueJSON{Type: v.typ.String()}
	switch v.typ {
	case None:
		return []byte("null"), nil
	case Bool:
		b := v.Bool()
		j.Bool = &b
	case Int:
		j.Int = &v.num
	case Text:
		j.Text = &v.str
	case Date:
		s := v.Date().String()
		j.Text = &s
	case Set:
		j.Items = v.Set()
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (v *Value) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*v = Value{}
		return nil
	}
	var j valueJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	switch {
	case j.Type == "bool" && j.Bool != nil:
		*v = OfBool(*j.Bool)
	case j.Type == "int" && j.Int != nil:
		*v = OfInt(*j.Int)
	case j.Type == "text" && j.Text != nil:
		*v = OfText(*j.Text)
	case j.Type == "date" && j.Text != nil:
		d, err := calendar.ParseDate(*j.Text)
		if err != nil {
			return err
		}
		*v = OfDate(d)
	case j.Type == "set":
		*v = OfSet(j.Items...)
	default:
		return fmt.Errorf("value of unknown type %q", j.Type)
	}
	return nil
}
