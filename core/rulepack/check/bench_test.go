// SPDX-License-Identifier: Apache-2.0

package check

import (
	"testing"

	"quanze/core/rulepack"
)

// BenchmarkMarking explores the largest question of a pack up to a limit, and
// tells what one marking costs.
func BenchmarkMarking(b *testing.B) {
	pack, diags := rulepack.Load(read(b, "../../../packs/wf11"))
	if pack == nil {
		b.Fatal(diags)
	}
	p := pack.Procedure("case")
	cone := newCone(p)
	cone.narrow, cone.staying = true, true
	cone.term("order_owed")
	cone.close()
	n := 0
	for b.Loop() {
		n += len(explore(newModel(cone, 1, nil), 2000, nil).nodes)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/marking")
}

// BenchmarkCheck loads both packs and checks them. The aim is two seconds.
func BenchmarkCheck(b *testing.B) {
	all := map[string]rulepack.Files{}
	for _, code := range []string{"gz09", "wf11"} {
		all[code] = read(b, "../../../packs/"+code)
	}
	for b.Loop() {
		for code, files := range all {
			pack, diags := rulepack.Load(files)
			if pack == nil {
				b.Fatal(code, diags)
			}
			Check(pack, Options{Files: files, Strict: true})
		}
	}
}
