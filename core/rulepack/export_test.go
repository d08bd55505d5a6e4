// SPDX-License-Identifier: Apache-2.0

package rulepack

import (
	"slices"
	"strconv"
)

// Asked decodes a pack and tells of each mapping that the decoder looks at, by
// the way to it within its file, and of the keys that it may have; and, with a
// key, of the words that the key may say.
func Asked(files Files, told func(file string, way []string, key string, words []string)) {
	src, _ := parse(files)
	ways := map[*node][]string{}
	for _, n := range src.nodes {
		note(n, nil, ways)
	}
	src.asked = func(n *node, key string, words []string) {
		told(n.pos.File, ways[n], key, slices.Sorted(slices.Values(words)))
	}
	src.decode(Pos{}, false)
}

func note(n *node, way []string, ways map[*node][]string) {
	ways[n] = way
	for _, p := range n.pairs {
		note(p.value, append(slices.Clone(way), p.key), ways)
	}
	for i, v := range n.items {
		note(v, append(slices.Clone(way), strconv.Itoa(i)), ways)
	}
}

// Reserved are the words that are no ids; Selectors what may follow in a path.
func Reserved() []string  { return slices.Clone(reserved) }
func Selectors() []string { return slices.Clone(selectors) }
