// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"maps"
	"testing"

	"pgregory.net/rapid"
)

// A map in layers is a map; and what a clone writes, the one it was cloned from
// does not see.
func TestLayers(t *testing.T) {
	type pair struct {
		layers layers[int, int]
		plain  map[int]int
	}
	rapid.Check(t, func(t *rapid.T) {
		chain := []*pair{{plain: map[int]int{}}}
		same := func(p *pair) {
			if got := p.layers.flat(); !maps.Equal(got, p.plain) || p.layers.size() != len(p.plain) {
				t.Fatalf("got %v (%d), want %v", got, p.layers.size(), p.plain)
			}
			for k := range 60 {
				got, ok := p.layers.get(k)
				if want, there := p.plain[k]; got != want && there || ok != there {
					t.Fatalf("%d: got %d, %t, want %d, %t", k, got, ok, want, there)
				}
			}
		}
		for range rapid.IntRange(1, 80).Draw(t, "steps") {
			last := chain[len(chain)-1]
			k := rapid.IntRange(0, 59).Draw(t, "key")
			switch rapid.IntRange(0, 9).Draw(t, "what") {
			case 0:
				next := &pair{last.layers, maps.Clone(last.plain)}
				next.layers.share()
				chain = append(chain, next)
			case 1, 2:
				last.layers.drop(k)
				delete(last.plain, k)
			case 3:
				last.layers.grow(k)
			default:
				v := rapid.Int().Draw(t, "value")
				last.layers.put(k, v)
				last.plain[k] = v
			}
		}
		for _, p := range chain {
			same(p)
		}
	})
}
