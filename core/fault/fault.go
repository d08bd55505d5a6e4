// SPDX-License-Identifier: Apache-2.0

// Package fault holds the one kind of error that may reach a person: a refusal
// with its legal basis, a fault of input with its field, or an absence. It
// carries message keys and values, never sentences; locale turns them into
// words. Everything that is not a Fault is our own failure and is shown to
// nobody but the operator. Start at Fault.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what sort of answer a Fault is; the fronts map it to a status.
type Kind uint8

const (
	// Refused: the rules do not permit it. An outcome, with a legal basis.
	Refused Kind = iota + 1
	// Invalid: something typed is wrong; Field names the place.
	Invalid
	// Absent: there is no such thing, or none that this person may know of.
	Absent
	// Denied: this person may not see or do this here.
	Denied
	// Stale: the thing changed since it was read; read it again.
	Stale
	// TooLarge: an upload or a body beyond its bound.
	TooLarge
)

// String returns the kind's name as it stands in JSON.
func (k Kind) String() string {
	switch k {
	case Refused:
		return "refused"
	case Invalid:
		return "invalid"
	case Absent:
		return "absent"
	case Denied:
		return "denied"
	case Stale:
		return "stale"
	case TooLarge:
		return "too_large"
	}
	return "unknown"
}

// Fault is an answer a person may read. Key names its message in the
// catalogue, Args are the values of that message by name, Field is the form
// field or file position it speaks of, Basis the clauses it rests on, and Help
// the message keys of what would make the thing possible.
type Fault struct {
	Kind  Kind
	Key   string
	Args  map[string]string
	Field string
	Basis []string
	Help  []string
}

// New returns a Fault of that kind and message; args are name, value pairs.
func New(kind Kind, key string, args ...string) *Fault {
	f := &Fault{Kind: kind, Key: key}
	for i := 0; i+1 < len(args); i += 2 {
		if f.Args == nil {
			f.Args = make(map[string]string, len(args)/2)
		}
		f.Args[args[i]] = args[i+1]
	}
	return f
}

// At returns f with the field it speaks of.
func (f *Fault) At(field string) *Fault { f.Field = field; return f }

// Because returns f resting on those clauses too.
func (f *Fault) Because(clauses ...string) *Fault {
	f.Basis = append(f.Basis, clauses...)
	return f
}

// Helped returns f with keys of what would help.
func (f *Fault) Helped(keys ...string) *Fault { f.Help = append(f.Help, keys...); return f }

// Error is for logs and tests; people read the catalogue's words.
func (f *Fault) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", f.Kind, f.Key)
	if f.Field != "" {
		fmt.Fprintf(&b, " at %s", f.Field)
	}
	if len(f.Basis) > 0 {
		fmt.Fprintf(&b, " (%s)", strings.Join(f.Basis, ", "))
	}
	return b.String()
}

// Of returns the Fault in err's chain, or nil where err is our own failure.
func Of(err error) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return nil
}

// Is reports whether err is a Fault of that kind.
func Is(err error, kind Kind) bool {
	f := Of(err)
	return f != nil && f.Kind == kind
}
