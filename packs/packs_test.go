// SPDX-License-Identifier: Apache-2.0

package packs_test

import (
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"quanze/core/rulepack"
	"quanze/packs"
)

// What the program carries is what stands in the folders, the schemas apart,
// and it is the same pack.
func TestCarried(t *testing.T) {
	codes := packs.Codes()
	if len(codes) < 2 {
		t.Fatal(codes)
	}
	for _, code := range codes {
		carried, err := packs.Files(code)
		if err != nil {
			t.Fatal(err)
		}
		folder, err := packs.Read(os.DirFS(code), ".")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(slices.Sorted(maps.Keys(folder)), slices.Sorted(maps.Keys(carried))); diff != "" {
			t.Errorf("%s (-folder +carried)\n%s", code, diff)
		}
		for name := range folder {
			if strings.HasPrefix(name, "schema") || path.Ext(name) != ".yaml" {
				t.Errorf("%s: %s is read", code, name)
			}
		}
		a, _ := rulepack.Load(carried)
		b, _ := rulepack.Load(folder)
		if a == nil || b == nil || a.Hash != b.Hash {
			t.Errorf("%s: not the same pack", code)
		}
	}
}

// A pack is the same with and without its schemas, and whatever else stands in
// their folder; a folder of that name deeper down is none of theirs.
func TestSchemasAreApart(t *testing.T) {
	bare := fstest.MapFS{"p/pack.yaml": {Data: []byte("pack: p")}, "p/forms/schema.yaml": {Data: []byte("form: schema")}}
	full := maps.Clone(bare)
	for _, name := range []string{"pack.json", "pack.yaml", "forms/x.yaml"} {
		full["p/schema/"+name] = &fstest.MapFile{Data: []byte("{}")}
	}
	want, err := packs.Read(bare, "p")
	if err != nil || len(want) != 2 {
		t.Fatal(want, err)
	}
	have, err := packs.Read(full, "p")
	if diff := cmp.Diff(want, have); err != nil || diff != "" {
		t.Errorf("%v (-without +with)\n%s", err, diff)
	}
	sub, err := full.Sub("p")
	if err != nil {
		t.Fatal(err)
	}
	if have, err := packs.Read(sub, "."); err != nil || len(have) != 2 {
		t.Error(have, err)
	}
}
