// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"quanze/core/fault"
)

// Format names the leaf encoding. A change of any byte below is a new name.
const Format = "qz/event/1"

// Bounds of a leaf, so that a stranger's bytes cannot exhaust a verifier.
const (
	maxFields = 4096
	maxShort  = 255
)

// Field is one named value of an event, in the bytes it was recorded in.
type Field struct {
	Name  string `json:"name"`
	Value []byte `json:"value"`
}

// Entry is what one event commits to. At is kept to the microsecond. Prev is
// the commitment of the matter's event before this one.
type Entry struct {
	Pseudonym Pseudonym
	Kind      string
	At        time.Time
	Pack      string
	Prev      Hash
	Fields    []Field
}

// Leaf is a committed Entry: its fields are hashes, in order of their names.
type Leaf struct {
	Pseudonym Pseudonym `json:"pseudonym"`
	Kind      string    `json:"kind"`
	At        time.Time `json:"at"`
	Pack      string    `json:"pack"`
	Prev      Hash      `json:"prev"`
	Fields    []Hash    `json:"fields"`
}

// Commit returns the leaf of an entry. salts[i] belongs to e.Fields[i]; the
// order in which fields are given does not matter, their names do. It refuses
// a field without a name, two of one name and a salt too few or too many.
func Commit(e Entry, salts []Salt) (Leaf, error) {
	order, err := arrange(e, salts)
	if err != nil {
		return Leaf{}, err
	}
	leaf := Leaf{Pseudonym: e.Pseudonym, Kind: e.Kind, At: micro(e.At), Pack: e.Pack, Prev: e.Prev,
		Fields: make([]Hash, len(order))}
	for at, i := range order {
		leaf.Fields[at] = fieldHash(salts[i], e.Fields[i])
	}
	return leaf, nil
}

// micro is an instant as the leaf holds it.
func micro(t time.Time) time.Time { return time.UnixMicro(t.UnixMicro()).UTC() }

// arrange returns the indices of the fields in order of name.
func arrange(e Entry, salts []Salt) ([]int, error) {
	if len(salts) != len(e.Fields) {
		return nil, fault.New(fault.Invalid, "ledger.entry.salts")
	}
	if err := checkHead(e.Kind, e.Pack, len(e.Fields)); err != nil {
		return nil, err
	}
	order := make([]int, len(e.Fields))
	for i, f := range e.Fields {
		if f.Name == "" || len(f.Name) > maxShort || !utf8.ValidString(f.Name) {
			return nil, fault.New(fault.Invalid, "ledger.entry.name", "name", f.Name)
		}
		order[i] = i
	}
	byName := func(a, b int) int { return strings.Compare(e.Fields[a].Name, e.Fields[b].Name) }
	if !slices.IsSortedFunc(order, byName) {
		slices.SortFunc(order, byName)
	}
	for k := 1; k < len(order); k++ {
		if name := e.Fields[order[k]].Name; name == e.Fields[order[k-1]].Name {
			return nil, fault.New(fault.Invalid, "ledger.entry.twice", "name", name)
		}
	}
	return order, nil
}

func checkHead(kind, pack string, fields int) error {
	switch {
	case kind == "" || len(kind) > maxShort || !utf8.ValidString(kind):
		return fault.New(fault.Invalid, "ledger.entry.kind")
	case len(pack) > maxShort || !utf8.ValidString(pack):
		return fault.New(fault.Invalid, "ledger.entry.pack")
	case fields > maxFields:
		return fault.New(fault.TooLarge, "ledger.entry.fields")
	}
	return nil
}

// fieldHash is SHA-256(salt ‖ len(name) ‖ name ‖ len(value) ‖ value), lengths
// as four bytes, big end first: no byte can move from the name to the value.
func fieldHash(salt Salt, f Field) Hash {
	var buffer [512]byte // most fields are short, and there are thousands a second
	b := buffer[:0]
	b = append(b, salt[:]...)
	b = appendSized(b, f.Name)
	b = binary.BigEndian.AppendUint32(b, uint32(len(f.Value)))
	b = append(b, f.Value...)
	return sha256.Sum256(b)
}

func appendSized(b []byte, s string) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
	return append(b, s...)
}

// AppendBinary appends the leaf's bytes as docs/ledger-format.md tells them.
func (l Leaf) AppendBinary(b []byte) ([]byte, error) {
	if err := checkHead(l.Kind, l.Pack, len(l.Fields)); err != nil {
		return b, err
	}
	b = append(b, Format...)
	b = append(b, '\n')
	b = append(b, l.Pseudonym[:]...)
	b = appendSized(b, l.Kind)
	b = binary.BigEndian.AppendUint64(b, uint64(l.At.UnixMicro()))
	b = appendSized(b, l.Pack)
	b = append(b, l.Prev[:]...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(l.Fields)))
	for _, h := range l.Fields {
		b = append(b, h[:]...)
	}
	return b, nil
}

// MarshalBinary returns what AppendBinary appends.
func (l Leaf) MarshalBinary() ([]byte, error) {
	return l.AppendBinary(make([]byte, 0, 128+len(l.Kind)+len(l.Pack)+32*len(l.Fields)))
}

// Commitment is the leaf's hash in an RFC 6962 tree: SHA-256(0x00 ‖ leaf). A
// leaf that has no encoding has no commitment.
func (l Leaf) Commitment() Hash {
	b, err := l.AppendBinary(append(make([]byte, 0, 160+32*len(l.Fields)), 0))
	if err != nil {
		return Hash{}
	}
	return sha256.Sum256(b)
}
