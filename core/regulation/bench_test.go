// SPDX-License-Identifier: Apache-2.0

package regulation_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"quanze/core/regulation"
)

// synthetic is a large text made of the plain fixtures, over and over.
func synthetic(b *testing.B, size int, names ...string) []byte {
	b.Helper()
	var all bytes.Buffer
	for _, n := range names {
		raw, err := os.ReadFile(filepath.Join("testdata", n+".txt"))
		if err != nil {
			b.Fatal(err)
		}
		all.Write(raw)
	}
	// Each round names another town, so that no text is a copy of another.
	var out bytes.Buffer
	for i := 0; out.Len() < size; i++ {
		out.Write(bytes.ReplaceAll(all.Bytes(), []byte("本"), []byte("本"+string(rune(0x4E00+i%20000)))))
	}
	return out.Bytes()
}

func BenchmarkImport(b *testing.B) {
	for _, bc := range []struct {
		name  string
		files []string
	}{
		{"clean", []string{"clean"}},
		{"noisy", []string{"several", "frame", "pages", "cutwords", "repeated", "lost", "citations", "titles", "headings", "parts", "spaces", "mixed_items"}},
		{"synonyms", []string{"synonyms"}},
		{"traditional", []string{"traditional"}},
		{"pinyin", []string{"pinyin"}},
		{"replaced", []string{"replaced"}},
		{"page", []string{"page"}},
		{"dump", []string{"dump_sql"}},
	} {
		b.Run(bc.name, func(b *testing.B) {
			raw := synthetic(b, 2<<20, bc.files...)
			b.SetBytes(int64(len(raw)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := regulation.Import("x", raw, regulation.Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
