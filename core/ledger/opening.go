// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"slices"

	"quanze/core/fault"
)

// Opened is one field shown with its salt and its place among the leaf's hashes.
type Opened struct {
	Index int    `json:"index"`
	Salt  Salt   `json:"salt"`
	Name  string `json:"name"`
	Value []byte `json:"value"`
}

// Opening shows some fields of a committed event and the hashes of the others.
type Opening struct {
	Leaf   Leaf     `json:"leaf"`
	Fields []Opened `json:"fields"`
}

// Open returns the opening of an entry that shows the named fields and no
// others. A name that the entry does not have is a fault, so that nobody is
// handed less than was promised without a word.
func Open(e Entry, salts []Salt, names ...string) (Opening, error) {
	leaf, err := Commit(e, salts)
	if err != nil {
		return Opening{}, err
	}
	order, err := arrange(e, salts)
	if err != nil {
		return Opening{}, err
	}
	o := Opening{Leaf: leaf}
	found := 0
	for at, i := range order {
		if f := e.Fields[i]; slices.Contains(names, f.Name) {
			o.Fields = append(o.Fields, Opened{Index: at, Salt: salts[i], Name: f.Name, Value: slices.Clone(f.Value)})
			found++
		}
	}
	wanted := slices.Clone(names)
	slices.Sort(wanted)
	if found != len(slices.Compact(wanted)) {
		return Opening{}, fault.New(fault.Absent, "ledger.opening.name")
	}
	return o, nil
}

// Verify reports whether what is shown is what was committed to: every shown
// field hashes to its place, no place is shown twice, the names stand in
// order, and the leaf hashes to the commitment. The error is a *fault.Fault.
func (o Opening) Verify(commitment Hash) error {
	if commitment.Zero() || o.Leaf.Commitment() != commitment {
		return fault.New(fault.Invalid, "ledger.opening.commitment")
	}
	for i, f := range o.Fields {
		if i > 0 && (f.Index <= o.Fields[i-1].Index || f.Name <= o.Fields[i-1].Name) {
			return fault.New(fault.Invalid, "ledger.opening.order", "name", f.Name)
		}
		if f.Index < 0 || f.Index >= len(o.Leaf.Fields) ||
			fieldHash(f.Salt, Field{f.Name, f.Value}) != o.Leaf.Fields[f.Index] {
			return fault.New(fault.Invalid, "ledger.opening.field", "name", f.Name)
		}
	}
	return nil
}
