// SPDX-License-Identifier: Apache-2.0

package schema_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"quanze/core/rulepack"
	"quanze/core/rulepack/schema"
)

var every = flag.Bool("every", false, "try every change of TestAccepts")

// unread are places where the loader takes what says nothing: a value of a shape
// that it does not look for is passed over. The schema asks for what is meant.
var unread = []*regexp.Regexp{
	regexp.MustCompile(`/due$`),                                                     // only a mapping is looked at
	regexp.MustCompile(`/options(/\d+)?( alone)?$`),                                 // entries that are no text
	regexp.MustCompile(`/(by|to|who|asked_by|decided_by|jointly)(/\d+)?( alone)?$`), // a path that is no text, or none
	regexp.MustCompile(`/opens_matter/parties/\w+$`),
	regexp.MustCompile(`/(settles|substitute)$`),
}

func matches(all []*regexp.Regexp, s string) bool {
	return slices.ContainsFunc(all, func(r *regexp.Regexp) bool { return r.MatchString(s) })
}

// change is one change of a file at one place.
type change struct {
	place string
	data  []byte
}

// changes makes many small changes of a file: each value left out or put
// otherwise, each key under another name; those that pick asks for.
func changes(t *testing.T, name string, data []byte, pick func() bool) []change {
	t.Helper()
	root, err := parse(data)
	if err != nil {
		t.Fatal(err)
	}
	var out []change
	keep := func(place string) {
		if !pick() {
			return
		}
		// JSON is YAML, and one value a line keeps the parser quick.
		var text bytes.Buffer
		enc := json.NewEncoder(&text)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", " ")
		if err := enc.Encode(root); err != nil {
			t.Fatal(err)
		}
		out = append(out, change{name + place, text.Bytes()})
	}
	var walk func(at string, v any, put func(any))
	walk = func(at string, v any, put func(any)) {
		others := []any{nil, "", "x", "local.x", "a.b", "law", 7, true, false, "true", "12", "3 days", "1/2", "2026-03-02", []any{}, []any{"x"}, []any{nil}, []any{[]any{}}, []any{v}, map[string]any{},
			map[string]any{"local": "x"}, map[string]any{"cite": "c1"}, map[string]any{"x": v}}
		for _, o := range others {
			put(o)
			keep(at)
		}
		put(v)
		switch v := v.(type) {
		case []any:
			for i := range v {
				walk(at+"/"+strconv.Itoa(i), v[i], func(o any) { v[i] = o })
				if i == 0 && len(v) == 1 {
					put(v[0])
					keep(at + " alone")
					put(v)
				}
			}
		case map[string]any:
			for _, k := range slices.Sorted(maps.Keys(v)) {
				walk(at+"/"+k, v[k], func(o any) { v[k] = o })
				was := v[k]
				delete(v, k)
				keep(at + "/" + k + " left out")
				v["other"] = was
				keep(at + "/" + k + " otherwise")
				delete(v, "other")
				v[k] = was
			}
		}
	}
	walk("", root, func(o any) { root = o })
	return out
}

// loaded is Load, and what it fell with.
func loaded(files rulepack.Files) (pack *rulepack.Pack, diags rulepack.Diagnostics, fell any) {
	defer func() { fell = recover() }()
	pack, diags = rulepack.Load(files)
	return pack, diags, nil
}

// Whatever the loader takes, the schema takes, but for what says nothing:
// enumerations are there to complete. With -every all changes are tried, and
// those listed that the loader alone refuses for their shape.
func TestAccepts(t *testing.T) {
	taken, refused, missed := 0, 0, map[string]int{}
	for _, dir := range []string{"../testdata/good/shelf", "../testdata/good/hall"} {
		files := read(t, dir)
		all := validators(t, load(t, files))
		n := 0
		for _, name := range slices.Sorted(maps.Keys(files)) {
			kind, _ := schema.KindOf(name)
			good := files[name]
			for _, c := range changes(t, name, good, func() bool { n++; return *every || n%89 == 0 }) {
				value, err := parse(c.data)
				if err != nil {
					continue
				}
				faults := all[kind].value(value)
				files[name] = c.data
				pack, diags, fell := loaded(files)
				if fell != nil {
					t.Errorf("%s: the loader fell: %v", c.place, fell)
					continue
				}
				switch {
				case pack != nil && len(faults) > 0 && !matches(unread, c.place):
					t.Errorf("%s: %v", c.place, faults)
				case pack != nil:
					taken++
				case len(faults) > 0:
					refused++
				default:
					for _, d := range diags {
						if d.Severity == rulepack.Error && slices.Contains(shapes, string(d.Code)[4:]) {
							missed[string(d.Code)]++
							if *every {
								t.Logf("missed %s: %s", c.place, d)
							}
							break
						}
					}
				}
			}
			files[name] = good
		}
	}
	if t.Logf("taken %d, refused %d, missed %v", taken, refused, missed); taken < 40 || refused < 150 {
		t.Error("too few changes were tried")
	}
}
