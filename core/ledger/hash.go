// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"encoding/hex"

	"quanze/core/fault"
)

// Hash is a SHA-256. The zero Hash stands for no hash: the event before a
// matter's first. As text it is 64 lower-case hexadecimal digits, or nothing.
type Hash [32]byte

// Zero reports whether h is no hash.
func (h Hash) Zero() bool { return h == Hash{} }

// String returns h as text.
func (h Hash) String() string {
	if h.Zero() {
		return ""
	}
	return hex.EncodeToString(h[:])
}

// MarshalText returns what String returns.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (h *Hash) UnmarshalText(text []byte) error {
	parsed, err := ParseHash(string(text))
	if err == nil {
		*h = parsed
	}
	return err
}

// ParseHash reads what String writes and nothing else. The error is a
// *fault.Fault.
func ParseHash(s string) (Hash, error) {
	var h Hash
	if s == "" {
		return h, nil
	}
	bad := fault.New(fault.Invalid, "ledger.hash.form", "value", s)
	if len(s) != hex.EncodedLen(len(h)) {
		return Hash{}, bad
	}
	for i := range len(s) {
		if 'A' <= s[i] && s[i] <= 'F' {
			return Hash{}, bad
		}
	}
	if _, err := hex.Decode(h[:], []byte(s)); err != nil || h.Zero() {
		return Hash{}, bad
	}
	return h, nil
}
