// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"iter"
	"maps"
)

// layers is a map of a state: what it took over from the state that it was
// cloned from, which is never written to again, and what was written since. A
// trial writes a handful of keys over maps that hold a whole matter.
type layers[K comparable, V any] struct {
	base map[K]V
	over []layer[K, V]
	// own: base belongs to this state alone; mine: over does.
	own, mine bool
}

type layer[K comparable, V any] struct {
	key   K
	value V
	gone  bool
}

// mostLayers is how many keys are searched one by one before base is copied.
const mostLayers = 32

// share gives the map to a clone, which copies what it writes to.
func (l *layers[K, V]) share() { l.own, l.mine = false, false }

func (l *layers[K, V]) find(k K) int {
	for i := range l.over {
		if l.over[i].key == k {
			return i
		}
	}
	return -1
}

func (l *layers[K, V]) get(k K) (V, bool) {
	if i := l.find(k); i >= 0 {
		return l.over[i].value, !l.over[i].gone
	}
	v, ok := l.base[k]
	return v, ok
}

func (l *layers[K, V]) at(k K) V {
	v, _ := l.get(k)
	return v
}

func (l *layers[K, V]) put(k K, v V) { l.write(layer[K, V]{key: k, value: v}) }

func (l *layers[K, V]) drop(k K) {
	if _, ok := l.get(k); ok {
		l.write(layer[K, V]{key: k, gone: true})
	}
}

func (l *layers[K, V]) write(w layer[K, V]) {
	if !l.own && l.base == nil {
		l.own = true
	}
	switch i := l.find(w.key); {
	case i < 0 && l.own:
		if l.base == nil {
			l.base = map[K]V{}
		}
		if w.gone {
			delete(l.base, w.key)
		} else {
			l.base[w.key] = w.value
		}
	case i >= 0:
		l.takeOver()
		l.over[i] = w
	case len(l.over) == mostLayers:
		l.base = l.flat()
		l.over, l.own, l.mine = nil, true, true
		l.write(w)
	default:
		l.takeOver()
		l.over = append(l.over, w)
	}
}

func (l *layers[K, V]) takeOver() {
	if !l.mine {
		l.over = append(make([]layer[K, V], 0, len(l.over)+2), l.over...)
		l.mine = true
	}
}

// grow makes room for as many keys as are about to be written.
func (l *layers[K, V]) grow(n int) {
	if n > 0 && !l.own && len(l.over)+n <= mostLayers {
		l.over = append(make([]layer[K, V], 0, len(l.over)+n), l.over...)
		l.mine = true
	}
}

// all ranges over what is there, in no order.
func (l *layers[K, V]) all() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for _, w := range l.over {
			if !w.gone && !yield(w.key, w.value) {
				return
			}
		}
		for k, v := range l.base {
			if l.find(k) < 0 && !yield(k, v) {
				return
			}
		}
	}
}

func (l *layers[K, V]) size() int {
	n := len(l.base)
	for _, w := range l.over {
		_, below := l.base[w.key]
		switch {
		case w.gone && below:
			n--
		case !w.gone && !below:
			n++
		}
	}
	return n
}

// flat is a copy as one map.
func (l *layers[K, V]) flat() map[K]V {
	out := make(map[K]V, len(l.base)+len(l.over))
	maps.Insert(out, l.all())
	return out
}
