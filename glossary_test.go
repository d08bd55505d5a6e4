// SPDX-License-Identifier: Apache-2.0

package quanze

import (
	"go/ast"
	"os"
	"regexp"
	"strings"
	"testing"
)

var glossaryRow = regexp.MustCompile("(?m)^\\| .* \\| `([a-z]+)\\.([A-Z][A-Za-z]*)` \\|$")

// TestGlossary holds the glossary against the code: each identifier is there,
// once, and no kind of event or reason for a refusal is missing from it.
func TestGlossary(t *testing.T) {
	text, err := os.ReadFile("docs/glossary.md")
	if err != nil {
		t.Fatal(err)
	}
	declared, typed := declarations(t)
	rows := map[string]bool{}
	for _, m := range glossaryRow.FindAllStringSubmatch(string(text), -1) {
		name := m[1] + "." + m[2]
		if rows[name] {
			t.Errorf("%s stands twice", name)
		}
		rows[name] = true
		if !declared[name] {
			t.Errorf("the code has no %s", name)
		}
	}
	if len(rows) < 40 {
		t.Fatalf("only %d rows were read", len(rows))
	}
	for _, name := range typed["matter.Kind"] {
		if !rows[name] {
			t.Errorf("the glossary lacks the event %s", name)
		}
	}
	for _, name := range typed["matter.Why"] {
		if word := strings.TrimPrefix(name, "matter."); !regexp.MustCompile(`\b` + word + `\b`).Match(text) {
			t.Errorf("the glossary lacks the reason %s", name)
		}
	}
}

// declarations lists the exported names of core and store as package.Name, and
// the constants of each declared type.
func declarations(t *testing.T) (declared map[string]bool, typed map[string][]string) {
	declared, typed = map[string]bool{}, map[string][]string{}
	for _, s := range sources(t) {
		if s.test || (!strings.HasPrefix(s.pkg, "core/") && s.pkg != "store") {
			continue
		}
		pkg := s.file.Name.Name
		for _, d := range s.file.Decls {
			gen, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range gen.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					declared[pkg+"."+spec.Name.Name] = true
				case *ast.ValueSpec:
					for _, n := range spec.Names {
						declared[pkg+"."+n.Name] = true
						if id, ok := spec.Type.(*ast.Ident); ok && n.IsExported() {
							typed[pkg+"."+id.Name] = append(typed[pkg+"."+id.Name], pkg+"."+n.Name)
						}
					}
				}
			}
		}
	}
	return declared, typed
}
