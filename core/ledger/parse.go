// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"encoding/binary"
	"time"

	"quanze/core/fault"
)

// cursor reads a leaf's bytes from the front; after a shortage all reads are empty.
type cursor struct {
	rest  []byte
	short bool
}

func (c *cursor) take(n uint32) []byte {
	if c.short || uint64(n) > uint64(len(c.rest)) {
		c.short = true
		return nil
	}
	b := c.rest[:n]
	c.rest = c.rest[n:]
	return b
}

func (c *cursor) number() uint32 {
	b := c.take(4)
	if c.short {
		return 0
	}
	return binary.BigEndian.Uint32(b)
}

// UnmarshalBinary reads what MarshalBinary writes, to the last byte. The error
// is a *fault.Fault.
func (l *Leaf) UnmarshalBinary(data []byte) error {
	bad := fault.New(fault.Invalid, "ledger.leaf.form")
	c := &cursor{rest: data}
	if string(c.take(uint32(len(Format)+1))) != Format+"\n" {
		return bad
	}
	var out Leaf
	copy(out.Pseudonym[:], c.take(uint32(len(out.Pseudonym))))
	out.Kind = string(c.take(c.number()))
	at := c.take(8)
	out.Pack = string(c.take(c.number()))
	copy(out.Prev[:], c.take(uint32(len(out.Prev))))
	n := c.number()
	if c.short || uint64(n)*uint64(len(Hash{})) != uint64(len(c.rest)) {
		return bad
	}
	if err := checkHead(out.Kind, out.Pack, int(n)); err != nil {
		return err
	}
	out.At = time.UnixMicro(int64(binary.BigEndian.Uint64(at))).UTC()
	out.Fields = make([]Hash, n)
	for i := range out.Fields {
		copy(out.Fields[i][:], c.take(uint32(len(Hash{}))))
	}
	*l = out
	return nil
}
