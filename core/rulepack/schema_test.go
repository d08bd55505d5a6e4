// SPDX-License-Identifier: Apache-2.0

package rulepack_test

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quanze/core/rulepack"
	"quanze/core/rulepack/schema"
)

// tree is a schema, to be walked the way that a file is.
type tree struct {
	t    *testing.T
	root map[string]any
}

func grow(t *testing.T, kind schema.Kind, pack *rulepack.Pack) tree {
	t.Helper()
	out := tree{t: t}
	if err := json.Unmarshal(schema.Of(kind, pack), &out.root); err != nil {
		t.Fatal(err)
	}
	return out
}

// named is a schema and the definition in which it stands.
type named struct {
	name string
	is   map[string]any
}

// open follows references and alternatives until only plain schemas are left.
func (s tree) open(n named) []named {
	var out []named
	if ref, ok := n.is["$ref"].(string); ok {
		name := strings.TrimPrefix(ref, "#/definitions/")
		return s.open(named{name, s.root["definitions"].(map[string]any)[name].(map[string]any)})
	}
	if n.is["type"] != nil {
		out = append(out, n)
	}
	for _, word := range []string{"then", "else"} {
		if v, ok := n.is[word].(map[string]any); ok {
			out = append(out, s.open(named{n.name, v})...)
		}
	}
	for _, word := range []string{"anyOf", "allOf"} {
		all, _ := n.is[word].([]any)
		for _, v := range all {
			out = append(out, s.open(named{n.name, v.(map[string]any)})...)
		}
	}
	return out
}

// at finds the objects with fixed keys at a place of a file.
func (s tree) at(way []string) []named {
	here := s.open(named{"", s.root})
	for _, step := range way {
		var next []named
		for _, n := range here {
			properties, _ := n.is["properties"].(map[string]any)
			if v, ok := properties[step].(map[string]any); ok {
				next = append(next, s.open(named{n.name, v})...)
			}
			for _, word := range []string{"additionalProperties", "items"} {
				if v, ok := n.is[word].(map[string]any); ok {
					next = append(next, s.open(named{n.name, v})...)
				}
			}
		}
		here = next
	}
	return slices.DeleteFunc(here, func(n named) bool { return n.is["additionalProperties"] != false })
}

// What keys the loader takes at a place are those that the schema has there,
// and every object of the schemas is one that the loader has looked at.
func TestSchemaAgrees(t *testing.T) {
	seen, all, said := map[string]bool{}, map[string]bool{}, map[string]bool{}
	plain := map[schema.Kind]tree{}
	for _, kind := range schema.Kinds() {
		plain[kind] = grow(t, kind, nil)
	}
	for name, files := range map[string]rulepack.Files{"shelf": shelf(t), "hall": hall(t), "wf11": wf11(t), "gz09": read(t, "../../packs/gz09"), "besides": besides(t)} {
		pack, diags := rulepack.Load(files)
		if pack == nil {
			t.Fatalf("%s: %v", name, diags)
		}
		trees := map[schema.Kind]tree{}
		for _, kind := range schema.Kinds() {
			trees[kind] = grow(t, kind, pack)
			for name := range trees[kind].root["definitions"].(map[string]any) {
				if !strings.HasPrefix(name, "value.") {
					all[name] = true
				}
			}
		}
		rulepack.Asked(files, func(file string, way []string, key string, words []string) {
			kind, ok := schema.KindOf(file)
			if !ok {
				t.Errorf("%s: %s is of no kind and is read", name, file)
				return
			}
			here := trees[kind].at(way)
			if key == "" {
				agree(t, file, way, words, here, seen)
				return
			}
			for _, n := range here {
				if property, ok := n.is["properties"].(map[string]any)[key]; ok && n.name+"."+key != quorumOf {
					if diff := cmp.Diff(words, slices.Sorted(slices.Values(plain[kind].words(property)))); diff != "" {
						t.Errorf("%s %v: %s of %s (-loader +schema)\n%s", file, way, key, n.name, diff)
					}
					said[n.name+"."+key] = true
				}
			}
		})
	}
	for name := range all {
		if !seen[name] {
			t.Errorf("no pack has a %s", name)
		}
	}
	if len(seen) < 50 || len(said) < 20 {
		t.Errorf("only %d objects, %d keys of certain words", len(seen), len(said))
	}
}

// quorumOf is the one key of which the loader refuses words that it knows: who
// is present is what a quorum asks.
const quorumOf = "quorum.of"

// agree holds the keys that the loader takes at a place against the objects that
// the schema has there.
func agree(t *testing.T, file string, way, keys []string, here []named, seen map[string]bool) {
	t.Helper()
	var differ string
	for _, n := range here {
		has := slices.Sorted(maps.Keys(n.is["properties"].(map[string]any)))
		if slices.Equal(has, keys) {
			seen[n.name] = true
			return
		}
		differ += n.name + " (-loader +schema)\n" + cmp.Diff(keys, has)
	}
	t.Errorf("%s %v is no object of the schema: %v\n%s", file, way, keys, differ)
}

// words are what a value may be, of no pack.
func (s tree) words(is any) []string {
	n, _ := is.(map[string]any)
	if ref, ok := n["$ref"].(string); ok {
		return s.words(s.root["definitions"].(map[string]any)[strings.TrimPrefix(ref, "#/definitions/")])
	}
	var out []string
	all, _ := n["enum"].([]any)
	for _, w := range all {
		out = append(out, w.(string))
	}
	alternatives, _ := n["anyOf"].([]any)
	for _, a := range alternatives {
		out = append(out, s.words(a)...)
	}
	return out
}

// besides is a pack with the two files that say how it is proved.
func besides(t *testing.T) rulepack.Files {
	return with(shelf(t), rulepack.Files{
		"equivalents.yaml": []byte("equivalents: [{mutant: x, because: {zh: 一, en: x}}]\n"),
		"accepted.yaml":    []byte("accepted: [{finding: QP0130, because: {zh: 一, en: x}}]\n"),
	})
}

// The words of the loader that the schema writes out are the same.
func TestSchemaWords(t *testing.T) {
	text := string(schema.Of(schema.Procedure, nil))
	var doc struct {
		Definitions map[string]json.RawMessage `json:"definitions"`
	}
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	var id struct {
		AllOf []struct {
			Pattern string `json:"pattern"`
			Not     struct {
				Enum []string `json:"enum"`
			} `json:"not"`
		} `json:"allOf"`
	}
	if err := json.Unmarshal(doc.Definitions["value.id"], &id); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(rulepack.Reserved(), id.AllOf[1].Not.Enum); diff != "" {
		t.Errorf("reserved (-loader +schema)\n%s", diff)
	}
	var path struct{ Pattern string }
	if err := json.Unmarshal(doc.Definitions["value.path"], &path); err != nil {
		t.Fatal(err)
	}
	is := regexp.MustCompile(path.Pattern)
	for _, s := range append(rulepack.Selectors(), "above.principal") {
		if !is.MatchString("desk." + s) {
			t.Errorf("desk.%s is no path", s)
		}
	}
	if is.MatchString("desk.boss") || is.MatchString("desk.local") || !is.MatchString("local.approver") {
		t.Error(path.Pattern)
	}
}
