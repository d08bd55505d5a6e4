// SPDX-License-Identifier: Apache-2.0

package schema_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/google/go-cmp/cmp"

	"quanze/core/rulepack"
	"quanze/core/rulepack/schema"
)

// read takes the YAML files of a folder into memory.
func read(tb testing.TB, dir string) rulepack.Files {
	tb.Helper()
	files := rulepack.Files{}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".yaml" {
			return err
		}
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(rel)] = data
		return err
	})
	if err != nil || len(files) == 0 {
		tb.Fatalf("%s: %d files, %v", dir, len(files), err)
	}
	return files
}

// shipped are the folders of the packs of this repository.
func shipped(tb testing.TB) []string {
	tb.Helper()
	heads, err := filepath.Glob("../../../packs/*/pack.yaml")
	if err != nil || len(heads) < 2 {
		tb.Fatal(heads, err)
	}
	for i := range heads {
		heads[i] = filepath.Dir(heads[i])
	}
	return heads
}

func load(tb testing.TB, files rulepack.Files) *rulepack.Pack {
	tb.Helper()
	pack, diags := rulepack.Load(files)
	if pack == nil {
		tb.Fatal(diags)
	}
	return pack
}

// validators are one of each kind.
func validators(tb testing.TB, pack *rulepack.Pack) map[schema.Kind]*validator {
	out := map[schema.Kind]*validator{}
	for _, kind := range schema.Kinds() {
		out[kind] = newValidator(tb, kind, pack)
	}
	return out
}

// Every file of a good pack is as its schema says, with the ids of the pack and
// without them.
func TestGood(t *testing.T) {
	for _, dir := range append(shipped(t), "../testdata/good/shelf", "../testdata/good/hall") {
		files := read(t, dir)
		for of, all := range map[string]map[schema.Kind]*validator{"its own": validators(t, load(t, files)), "the language": validators(t, nil)} {
			for name, data := range files {
				kind, ok := schema.KindOf(name)
				if !ok {
					t.Errorf("%s/%s is of no kind", dir, name)
					continue
				}
				for _, fault := range all[kind].file(data) {
					t.Errorf("%s/%s, %s: %s", dir, name, of, fault)
				}
			}
		}
	}
}

// beyond are faults of shape that a schema does not see, by place, and why.
var beyond = map[string]string{
	"qp0006-leading-zero/forms/levy.yaml:4":       octal,
	"qp0007-hall-table/tables/charge.yaml:12":     cell,
	"qp0007-hall-table/tables/charge.yaml:13":     cell,
	"qp0007-hall-table/tables/charge.yaml:14":     cell,
	"qp0024-hall-from/tables/charge.yaml:12":      cell,
	"qp0009-hall-lengths/procedures/room.yaml:82": follows,
	"qp0020-hall-meeting/procedures/room.yaml:38": follows,
	"qp0020-hall-stops/procedures/room.yaml:63":   follows,
	"qp0009-hall-shares/meetings/all.yaml:5":      "a schema compares no two numbers of one text",
	"qp0013-bool/procedures/loan.yaml:53":         "to YAML, False is a boolean as well",
}

const (
	octal   = "to YAML, 010 is a number as well"
	cell    = "a cell is read by the type of its input, which each table gives for itself"
	follows = "what leads nowhere or cannot be read is missing afterwards, and only afterwards"
)

var noted = regexp.MustCompile(`ERROR(?:@\d+)? QP00(\d\d)`)

// shapes are the codes of what is wrong with the shape of a file; names and
// expressions that lead nowhere are the loader's to find.
var shapes = []string{"04", "05", "06", "07", "08", "09", "10", "13", "14", "23"}

// Where a bad pack is at fault in its shape, its schema finds fault, on the
// line; and on no line that is in order.
func TestBad(t *testing.T) {
	dirs, err := os.ReadDir("../testdata/bad")
	if err != nil {
		t.Fatal(err)
	}
	shelf, hall := validators(t, load(t, read(t, "../testdata/good/shelf"))), validators(t, load(t, read(t, "../testdata/good/hall")))
	seen, left := 0, maps.Clone(beyond)
	for _, dir := range dirs {
		all := shelf
		if strings.Contains(dir.Name(), "-hall-") {
			all = hall
		}
		if strings.HasPrefix(dir.Name(), "qp0001") || strings.HasPrefix(dir.Name(), "qp0002") || strings.HasPrefix(dir.Name(), "qp0003") {
			continue // no YAML, or none of ours
		}
		for name, data := range read(t, "../testdata/bad/"+dir.Name()) {
			kind, _ := schema.KindOf(name)
			found := faultyLines(t, data, all[kind].file(data))
			for i, line := range strings.Split(string(data), "\n") {
				at, wrong, notes := dir.Name()+"/"+name+":"+strconv.Itoa(i+1), false, noted.FindAllStringSubmatch(line, -1)
				for _, m := range notes {
					wrong = wrong || slices.Contains(shapes, m[1])
				}
				switch {
				case found[i+1] != "" && len(notes) == 0:
					t.Errorf("%s is in order: %s", at, found[i+1])
				case wrong && found[i+1] == "" && beyond[at] != "":
					delete(left, at)
				case wrong && found[i+1] == "":
					t.Errorf("%s: nothing is found: %s", at, line)
				case found[i+1] != "" && beyond[at] != "":
					t.Errorf("%s is found", at)
				case wrong && found[i+1] != "":
					seen++
				}
			}
		}
	}
	if seen < 60 || len(left) > 0 {
		t.Errorf("%d faults; not met: %v", seen, left)
	}
}

// faultyLines tells by line what is wrong, where a validator tells it by the way
// to the value.
func faultyLines(t *testing.T, data []byte, faults []string) map[int]string {
	t.Helper()
	doc, err := parser.ParseBytes(data, 0)
	if err != nil {
		t.Fatal(err)
	}
	out := map[int]string{}
	for _, fault := range faults {
		way, _, _ := strings.Cut(fault, ": ")
		line := 1
		for n := doc.Docs[0].Body; n != nil; {
			line = firstLine(n)
			var step string
			if step, way, _ = strings.Cut(strings.TrimPrefix(way, "/"), "/"); step == "" {
				break
			}
			n, line = below(n, step, line)
		}
		out[line] += fault + "; "
	}
	return out
}

func firstLine(n ast.Node) int {
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 && !m.IsFlowStyle {
		return m.Values[0].Key.GetToken().Position.Line
	}
	return n.GetToken().Position.Line
}

// below finds a step's value and the line of its key; no value where the key is
// what is wrong.
func below(n ast.Node, step string, line int) (ast.Node, int) {
	switch n := n.(type) {
	case *ast.MappingNode:
		for _, v := range n.Values {
			if v.Key.GetToken().Value == step {
				return v.Value, v.Key.GetToken().Position.Line
			}
		}
	case *ast.MappingValueNode:
		return n.Value, n.Key.GetToken().Position.Line
	case *ast.SequenceNode:
		if i, err := strconv.Atoi(step); err == nil && i < len(n.Values) {
			return n.Values[i], firstLine(n.Values[i])
		}
	}
	return nil, line
}

// The schemas beside the packs are those of the packs.
func TestCurrent(t *testing.T) {
	for _, dir := range shipped(t) {
		pack := load(t, read(t, dir))
		for _, kind := range schema.Kinds() {
			name := filepath.Join(dir, schema.Folder, string(kind)+".json")
			have, err := os.ReadFile(name)
			if err != nil || !bytes.Equal(have, schema.Of(kind, pack)) {
				t.Errorf("%s is not current: make generate (%v)", name, err)
			}
		}
		entries, _ := os.ReadDir(filepath.Join(dir, schema.Folder))
		if len(entries) != len(schema.Kinds()) {
			t.Errorf("%s has %d files", dir, len(entries))
		}
	}
}

// The first line of every file tells an editor where its schema is.
func TestHeaders(t *testing.T) {
	for _, dir := range shipped(t) {
		for name, data := range read(t, dir) {
			first, _, _ := strings.Cut(string(data), "\n")
			if want := schema.Header(name); first != want || want == "" {
				t.Errorf("%s/%s begins with %q, not %q", dir, name, first, want)
			}
			_, where, _ := strings.Cut(first, "$schema=")
			if _, err := os.Stat(filepath.Join(dir, filepath.Dir(name), where)); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestKindOf(t *testing.T) {
	for name, want := range map[string]schema.Kind{
		"pack.yaml": schema.Pack, "clauses.yaml": schema.Clauses, "equivalents.yaml": schema.Equivalents, "accepted.yaml": schema.Accepted,
		"procedures/a.yaml": schema.Procedure, "forms/a.yaml": schema.Form, "papers/a.yaml": schema.Paper, "tables/a.yaml": schema.Table,
		"meetings/a.yaml": schema.Meeting, "cases/a.yaml": schema.Case,
		"": "", "case.yaml": "", "packs/a.yaml": "", "procedure/a.yaml": "", "forms/deep/a.yaml": "", "forms/a.json": "", "schema/pack.yaml": "", "forms/a.yml": "",
	} {
		kind, ok := schema.KindOf(name)
		if ok != (want != "") || ok && kind != want {
			t.Errorf("%s: %q %t", name, kind, ok)
		}
	}
	if schema.Header("notes.yaml") != "" || schema.Of("notes", nil) != nil {
		t.Error("a kind that is none")
	}
}

// The same pack gives the same bytes.
func TestSame(t *testing.T) {
	files := read(t, shipped(t)[0])
	a, b := load(t, files), load(t, files)
	for _, kind := range schema.Kinds() {
		if !bytes.Equal(schema.Of(kind, a), schema.Of(kind, b)) {
			t.Error(kind)
		}
	}
}

// A pack's own ids are offered where they may stand.
func TestIDs(t *testing.T) {
	pack := load(t, read(t, "../testdata/good/hall"))
	offered := func(kind schema.Kind, value string) []string {
		var doc struct {
			Definitions map[string]struct {
				AnyOf []struct {
					Enum             []string
					EnumDescriptions []string
				}
			}
		}
		if err := json.Unmarshal(schema.Of(kind, pack), &doc); err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, one := range doc.Definitions["value."+value].AnyOf {
			if out = append(out, one.Enum...); len(one.EnumDescriptions) > 0 && len(one.EnumDescriptions) != len(one.Enum) {
				t.Errorf("%s: %d ids, %d descriptions", value, len(one.Enum), len(one.EnumDescriptions))
			}
		}
		return out
	}
	for _, tt := range []struct {
		kind  schema.Kind
		value string
		want  []string
		not   []string
	}{
		{schema.Procedure, "cite", []string{"c1", "c3"}, []string{"hall-c1"}},
		{schema.Procedure, "act", []string{"seat", "ask_recusal"}, []string{"bring_time"}},
		{schema.Procedure, "moment", []string{"seat", "seat.until", "bring_time.lapsed", "settle_recusal.granted"}, []string{"bring_time", "desk"}},
		{schema.Procedure, "start", []string{"local.since"}, []string{"local.approver"}},
		{schema.Procedure, "term", []string{"bring_time"}, []string{"seat"}},
		{schema.Procedure, "party", []string{"desk", "friend"}, []string{"council"}},
		{schema.Procedure, "path", []string{"desk", "desk.principal", "council.staff", "reader.unit", "local.approver"}, []string{"reader.principal", "law", "local.tone"}},
		{schema.Procedure, "by", []string{"law", "meeting.board", "desk.staff"}, nil},
		{schema.Procedure, "fact", []string{"late", "fine"}, nil},
		{schema.Procedure, "form", []string{"seat", "fine"}, []string{"ask_recusal"}},
		{schema.Procedure, "ladder", []string{"fines"}, []string{"charge"}},
		{schema.Procedure, "column", []string{"charge.grave"}, nil},
		{schema.Procedure, "block", []string{"loan", "prize"}, nil},
		{schema.Procedure, "local_limit", []string{"patience"}, []string{"tone"}},
		{schema.Procedure, "expression", []string{"done(seat)", "bound(friend)", "rare", "owed(bring_time)", "local.strict"}, []string{"late"}},
		{schema.Meeting, "whom", []string{"desk.leadership"}, nil},
		{schema.Case, "outcome", []string{"granted"}, nil},
		{schema.Case, "procedure", []string{"room"}, nil},
	} {
		have := offered(tt.kind, tt.value)
		for _, id := range tt.want {
			if !slices.Contains(have, id) {
				t.Errorf("%s is not offered as %s: %v", id, tt.value, have)
			}
		}
		for _, id := range tt.not {
			if slices.Contains(have, id) {
				t.Errorf("%s is offered as %s", id, tt.value)
			}
		}
	}
}

// Every key has a line of meaning in both languages, and no line is left over.
func TestMeanings(t *testing.T) {
	text, err := os.ReadFile("words.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]bool{}
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		parts := strings.Split(line, " | ")
		if len(parts) != 3 || lines[parts[0]] {
			t.Errorf("words.txt:%d: %s", i+1, line)
			continue
		}
		lines[parts[0]] = true
	}
	used := map[string]bool{}
	for _, kind := range schema.Kinds() {
		var doc struct {
			Description string
			Definitions map[string]struct {
				Properties           map[string]struct{ Description string }
				AdditionalProperties any
			}
		}
		if err := json.Unmarshal(schema.Of(kind, nil), &doc); err != nil {
			t.Fatal(err)
		}
		if used[string(kind)+"."] = true; doc.Description == "" {
			t.Errorf("%s has no meaning", kind)
		}
		for object, is := range doc.Definitions {
			for key, property := range is.Properties {
				if property.Description == "" {
					t.Errorf("%s.%s has no meaning", object, key)
				}
				if lines[object+"."+key] {
					used[object+"."+key] = true
				} else {
					used["*."+key] = true
				}
			}
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(used)), slices.Sorted(maps.Keys(lines))); diff != "" {
		t.Errorf("(-keys +lines)\n%s", diff)
	}
}
