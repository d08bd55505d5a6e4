// SPDX-License-Identifier: Apache-2.0

package regulation

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// decode turns bytes into UTF-8 and names the encoding it found. It reports
// false where the bytes are no text. Bytes that no encoding explains become
// U+FFFD, which later yields a defect at their place.
func decode(raw []byte, forced string) (text, encoding string, ok bool) {
	switch forced {
	case "utf-8":
		return strings.ToValidUTF8(string(trimBOM(raw)), "\uFFFD"), forced, true
	case "gb18030", "gbk", "gb2312":
		return decodeGB(trimBOM(raw)), "gb18030", true
	case "utf-16le":
		return decode16(raw, binary.LittleEndian), forced, true
	case "utf-16be":
		return decode16(raw, binary.BigEndian), forced, true
	}
	switch {
	case bytes.HasPrefix(raw, []byte{0xFF, 0xFE}):
		return decode16(raw[2:], binary.LittleEndian), "utf-16le", true
	case bytes.HasPrefix(raw, []byte{0xFE, 0xFF}):
		return decode16(raw[2:], binary.BigEndian), "utf-16be", true
	case binaryMagic(raw):
		return "", "", false
	}
	marked := len(raw)
	raw = trimBOM(raw)
	if utf8.Valid(raw) {
		if manyZeros(raw) {
			return decodeZeros(raw)
		}
		return string(raw), "utf-8", true
	}
	if manyZeros(raw) {
		return decodeZeros(raw)
	}
	good, bad := utf8Quality(raw)
	if good > 0 && bad*20 <= good || len(raw) < marked {
		return strings.ToValidUTF8(string(raw), "\uFFFD"), "utf-8", true
	}
	return decodeGB(raw), "gb18030", true
}

func trimBOM(raw []byte) []byte { return bytes.TrimPrefix(raw, []byte("\xEF\xBB\xBF")) }

// binaryMagic knows the containers people upload by mistake.
func binaryMagic(raw []byte) bool {
	for _, m := range []string{"%PDF-", "PK\x03\x04", "\xD0\xCF\x11\xE0", "\x89PNG", "\xFF\xD8\xFF", "GIF8", "\x1F\x8B", "Rar!"} {
		if bytes.HasPrefix(raw, []byte(m)) {
			return true
		}
	}
	return false
}

func decodeGB(raw []byte) string {
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(raw)
	if err != nil {
		return strings.ToValidUTF8(string(raw), "\uFFFD")
	}
	return string(out)
}

func decode16(raw []byte, order binary.ByteOrder) string {
	units := make([]uint16, 0, len(raw)/2+1)
	for i := 0; i+1 < len(raw); i += 2 {
		units = append(units, order.Uint16(raw[i:]))
	}
	if len(raw)%2 == 1 {
		units = append(units, 0xFFFD)
	}
	s := string(utf16.Decode(units))
	return strings.TrimPrefix(s, "\uFEFF")
}

// manyZeros tells UTF-16 without a byte order mark from text: a Chinese text
// has line ends, digits and ASCII marks whose high byte is zero.
func manyZeros(raw []byte) bool {
	head := raw[:min(len(raw), 4096)]
	return bytes.Count(head, []byte{0})*50 > len(head)
}

func decodeZeros(raw []byte) (string, string, bool) {
	even, odd := 0, 0
	for i, b := range raw[:min(len(raw), 4096)] {
		if b == 0 {
			if i%2 == 0 {
				even++
			} else {
				odd++
			}
		}
	}
	order, name := binary.ByteOrder(binary.LittleEndian), "utf-16le"
	if even > odd {
		order, name = binary.BigEndian, "utf-16be"
	}
	if min(even, odd)*4 > max(even, odd) {
		return "", "", false
	}
	return decode16(raw, order), name, true
}

// utf8Quality counts whole multi-byte sequences and stray bytes.
func utf8Quality(raw []byte) (good, bad int) {
	for len(raw) > 0 {
		if raw[0] < utf8.RuneSelf {
			raw = raw[1:]
			continue
		}
		r, n := utf8.DecodeRune(raw)
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			good++
		}
		raw = raw[n:]
	}
	return good, bad
}
