// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"crypto/sha256"
	"encoding/hex"

	"quanze/core/fault"
)

// Salt is 32 bytes that nobody can guess, of each field of each event its own:
// without it a field of few possible values could be found by trying them.
type Salt [32]byte

// Seed is 32 random bytes, drawn for each event, from which its salts come. Who
// is shown a salt learns nothing of the seed nor of another salt; destroying
// the seed destroys them all.
type Seed [32]byte

// saltLabel keeps the salts apart from whatever else a seed may be used for.
const saltLabel = "qz/salt/1\n"

// Zero reports whether the seed was destroyed.
func (s Seed) Zero() bool { return s == Seed{} }

// Salts returns the salt of each field: HMAC-SHA-256(seed, label ‖ name).
func (s Seed) Salts(fields []Field) []Salt {
	out := make([]Salt, len(fields))
	for i, f := range fields {
		out[i] = s.salt(f.Name)
	}
	return out
}

// salt is crypto/hmac written out for one key length, since the package there
// allocates for each of the thousands of fields a second; a test compares them.
func (s Seed) salt(name string) Salt {
	var buffer [sha256.BlockSize + len(saltLabel) + maxShort]byte
	b := appendPad(buffer[:0], s, 0x36)
	b = append(append(b, saltLabel...), name...)
	inner := sha256.Sum256(b)
	b = append(appendPad(buffer[:0], s, 0x5c), inner[:]...)
	return sha256.Sum256(b)
}

// appendPad appends the seed as a block of the hash, masked.
func appendPad(b []byte, s Seed, mask byte) []byte {
	for i := range sha256.BlockSize {
		c := mask
		if i < len(s) {
			c ^= s[i]
		}
		b = append(b, c)
	}
	return b
}

// Pseudonym stands for a matter in the public log. It is random, so that the
// leaves of one matter can be told apart only by those who know it.
type Pseudonym [16]byte

// MarshalText writes a salt as lower-case hexadecimal digits.
func (s Salt) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, s[:]), nil }

// UnmarshalText reads what MarshalText writes.
func (s *Salt) UnmarshalText(text []byte) error { return fromHex(s[:], text) }

// MarshalText writes a pseudonym as lower-case hexadecimal digits.
func (p Pseudonym) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, p[:]), nil }

// UnmarshalText reads what MarshalText writes.
func (p *Pseudonym) UnmarshalText(text []byte) error { return fromHex(p[:], text) }

// fromHex fills to with exactly as many bytes as it holds.
func fromHex(to, text []byte) error {
	if len(text) != hex.EncodedLen(len(to)) {
		return fault.New(fault.Invalid, "ledger.hex.form")
	}
	if _, err := hex.Decode(to, text); err != nil {
		return fault.New(fault.Invalid, "ledger.hex.form")
	}
	return nil
}
