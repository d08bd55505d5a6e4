// SPDX-License-Identifier: Apache-2.0

package regulation_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"quanze/core/regulation"
)

// Whatever the bytes: no panic, nothing lost or invented, valid UTF-8, anchors
// that are distinct.
func FuzzImport(f *testing.F) {
	found, _ := filepath.Glob("testdata/*.txt")
	for _, name := range found {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte("第一条 甲。\n(一)乙;(二)丙。\n第二条丁。"))
	f.Add([]byte("INSERT INTO t VALUES (1,'第一条 甲\\n第二条 乙');"))
	f.Add([]byte("<p>第一条 甲&ldquo;乙&rdquo;</p><script>x</script>"))
	f.Add([]byte("實(shí)行,損?fù)p害,責(zé)任,實(shí)際,黨(dǎng)委"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := regulation.Import("x", raw, regulation.Options{Words: map[string]string{"乙": "戊"}})
		if err != nil {
			return
		}
		if missing := regulation.Account(r, raw); len(missing) > 0 {
			t.Fatalf("not accounted for: %+v", missing[0])
		}
		out, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if !utf8.Valid(out) {
			t.Fatal("the output is not UTF-8")
		}
		for i := range r.Documents {
			d := &r.Documents[i]
			seen := map[string]bool{}
			for _, a := range d.Anchors() {
				if seen[a] {
					t.Fatalf("anchor %s twice", a)
				}
				seen[a] = true
				if _, ok := d.Text(a); !ok {
					t.Fatalf("anchor %s finds nothing", a)
				}
			}
		}
	})
}
