// SPDX-License-Identifier: Apache-2.0

package regulation

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// TestReadBack: a document written as JSON and read back tells the same text at
// every anchor.
func TestReadBack(t *testing.T) {
	fixtures, err := filepath.Glob("testdata/*/input*")
	if err != nil || len(fixtures) == 0 {
		fixtures, _ = filepath.Glob("testdata/*.txt")
	}
	if len(fixtures) == 0 {
		t.Fatal("no fixture was found")
	}
	anchors := 0
	for _, name := range fixtures {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Import(filepath.Base(name), raw, Options{})
		if err != nil {
			continue
		}
		for _, d := range r.Documents {
			b, err := json.Marshal(d)
			if err != nil {
				t.Fatal(err)
			}
			var back Document
			if err := json.Unmarshal(b, &back); err != nil {
				t.Fatal(err)
			}
			for _, a := range d.Anchors() {
				anchors++
				want, _ := d.Text(a)
				if got, ok := back.Text(a); !ok || got != want {
					t.Errorf("%s: %s reads %q, and after JSON %q", name, a, want, got)
				}
			}
			if len(back.Tree) > 0 && back.Tree[0].PlainText() != d.Tree[0].PlainText() {
				t.Errorf("%s: the text is not the same after JSON", name)
			}
		}
	}
	if anchors == 0 {
		t.Fatal("no anchor was compared")
	}
}
