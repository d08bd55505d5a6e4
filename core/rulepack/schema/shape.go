// SPDX-License-Identifier: Apache-2.0

package schema

// shape is what may stand at a place of a pack's file. Exactly one of its parts
// says so, but for blank, which goes with any.
type shape struct {
	// value names a text of the language (values.go), object a mapping of keys.
	value, object string
	// words are all that may be said.
	words []string
	// anyOf are shapes of which one is enough.
	anyOf []shape
	// list is a list of such entries; least is how many it needs.
	list  *shape
	least int
	// ids is a mapping from ids, free one from any key; known names the ids of
	// the pack that an editor may offer as keys.
	ids, free *shape
	known     string
	// blank says that a key without a value is read as if it were not there.
	blank bool
}

// key is one word of an object.
type key struct {
	name string
	is   shape
	must bool
}

// object is a mapping with these keys and no others.
type object struct {
	name string
	keys []key
	// oneOf lists keys of which at least one must be there.
	oneOf []string
	// given are demands that hang on the value of a key.
	given []given
}

// given says: where key has one of the values, all of must are there, one of
// some, and none of never.
type given struct {
	key               string
	values            []string
	must, some, never []string
}

func must(name string, is shape) key { return key{name, is, true} }
func may(name string, is shape) key  { return key{name, is, false} }

// value is a text that a decoder reads as one: a blank one is none.
func value(name string) shape { return shape{value: name, blank: true} }

// full is a value that may not be blank even where the key may be absent.
func full(name string) shape { return shape{value: name} }

// words are what may be said; said is the same where a blank is none of them.
func words(all ...string) shape { return shape{words: all, blank: true} }
func said(all ...string) shape  { return shape{words: all} }
func obj(name string) shape     { return shape{object: name} }
func anyOf(all ...shape) shape  { return shape{anyOf: all} }
func ids(of shape) shape        { return shape{ids: &of} }

// listOf is a list that cannot be written without brackets.
func listOf(of shape) shape { return shape{list: &of} }

// oneOrMore is a list of entries, or one alone, which the loader takes only if
// it is a text.
func oneOrMore(alone shape, more ...shape) shape {
	alone.blank = false
	entry := alone
	if len(more) > 0 {
		entry = anyOf(append([]shape{alone}, more...)...)
	}
	return anyOf(alone, listOf(entry))
}

func values(name string) shape { return oneOrMore(full(name)) }

// names is a list of words that the loader takes as they are, or one of them.
func names(of string) shape { return anyOf(full(of), listOf(value(of))) }

// someOf is oneOrMore where an empty list is none.
func someOf(s shape) shape {
	s.anyOf[1].least = 1
	return s
}

func mapOf(known string, of shape) shape { return shape{free: &of, known: known} }
