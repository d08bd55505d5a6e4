// SPDX-License-Identifier: Apache-2.0

package quanze

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// policy is the import policy: a statement of who may know whom. In "a < b", b
// may import a and all that a may; names in one group may not import each
// other. Upper case names stand for a floor.
const policy = `
core/fault < core/calendar, core/ledger < core/regulation < core/org, core/rulepack/expr < core/rulepack
< core/deliberation, core/sanction, core/document, core/access < core/matter < core/attribution, core/rulepack/packtest, core/rulepack/check < CORE;
core/rulepack < core/rulepack/schema < CORE;
CORE < store/blob, store/vault < store < store/storetest;
CORE < link/mail, link/sms, link/oidc, link/cosign < LINK;
store, LINK < office
< office/casework, office/supervise, office/disclose, office/registry, office/papers, office/timers, office/library < OFFICE;
core/fault < core/calendar < locale < web/assets < web/ui;
OFFICE, web/ui < web/page < web/staff, web/console, web/portal, web/rules, web/admin, web/api < web;
packs < web/rules;
web/ui < web/ui/htmlcheck;
web/page, web/ui/htmlcheck < web/page/pagetest;
OFFICE, packs < cmd/quanze/demo;
web, cmd/quanze/demo < cmd/quanze;
OFFICE, packs < office/officetest;
`

// floors may import what their names say and nothing else of ours.
func permitted(t *testing.T) map[string]map[string]bool {
	t.Helper()
	may := map[string]map[string]bool{}
	for _, rule := range strings.Split(policy, ";") {
		var before []string
		for _, group := range strings.Split(rule, "<") {
			var names []string
			for _, n := range strings.Split(group, ",") {
				if n = strings.TrimSpace(n); n != "" {
					names = append(names, n)
				}
			}
			for _, n := range names {
				if may[n] == nil {
					may[n] = map[string]bool{}
				}
				for _, b := range before {
					may[n][b] = true
					for k := range may[b] {
						may[n][k] = true
					}
				}
			}
			before = names
		}
	}
	return may
}

// source is one Go file that ships or tests.
type source struct {
	path string
	pkg  string
	test bool
	gen  bool
	file *ast.File
	fset *token.FileSet
	text []byte
}

func sources(t *testing.T) []source {
	t.Helper()
	var out []source
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata" || (strings.HasPrefix(d.Name(), ".") && p != ".") || p == "tools" || p == "bin") {
			return filepath.SkipDir
		}
		if d.IsDir() || path.Ext(p) != ".go" {
			return nil
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, p, text, parser.ParseComments)
		if err != nil {
			return err
		}
		out = append(out, source{path: p, pkg: path.Dir(filepath.ToSlash(p)), test: strings.HasSuffix(p, "_test.go"),
			gen: strings.HasSuffix(p, "_templ.go") || ast.IsGenerated(f), file: f, fset: fset, text: text})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestImportPolicy(t *testing.T) {
	may := permitted(t)
	for _, s := range sources(t) {
		if s.test || s.pkg == "." || s.pkg == "packs" {
			continue
		}
		allowed, known := may[s.pkg]
		if !known {
			t.Errorf("%s: package %s has no place in the import policy", s.path, s.pkg)
			continue
		}
		for _, imp := range s.file.Imports {
			name, _ := strconv.Unquote(imp.Path.Value)
			if ours, ok := strings.CutPrefix(name, "quanze/"); ok && !allowed[ours] && ours != "packs" {
				t.Errorf("%s may not import %s", s.path, ours)
			}
			if name == "testing" && !strings.HasSuffix(s.pkg, "test") {
				t.Errorf("%s ships a test aid", s.path)
			}
		}
	}
}

// impure are the packages that no room of core may use.
var impure = []string{"context", "os", "os/exec", "net", "net/http", "database/sql", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand"}

func TestCoreIsPure(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || !strings.HasPrefix(s.pkg, "core/") {
			continue
		}
		for _, imp := range s.file.Imports {
			if name, _ := strconv.Unquote(imp.Path.Value); slices.Contains(impure, name) {
				t.Errorf("%s imports %s", s.path, name)
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				t.Errorf("%s starts a goroutine", s.fset.Position(n.Pos()))
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && x.Name == "time" && (n.Sel.Name == "Now" || n.Sel.Name == "Since" || n.Sel.Name == "Local") {
					t.Errorf("%s reads the clock or the place", s.fset.Position(n.Pos()))
				}
			}
			return true
		})
	}
}

// packCode is how a pack's code looks in a string.
var packCode = regexp.MustCompile(`(^|[^a-z0-9])(cq|hen|gz|hrb|wf|ccp|jy)[0-9]{2}[a-h]?([^a-z0-9]|$)`)

func TestRulesLiveInPacks(t *testing.T) {
	for _, s := range sources(t) {
		room := s.pkg == "store" || strings.HasPrefix(s.pkg, "store/") || strings.HasPrefix(s.pkg, "office") || strings.HasPrefix(s.pkg, "core/")
		if s.test || strings.HasSuffix(s.pkg, "test") || !room || s.pkg == "core/regulation" || s.pkg == "core/calendar" || strings.HasPrefix(s.pkg, "core/regulation/") {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || (lit.Kind != token.STRING && lit.Kind != token.CHAR) {
				return true
			}
			if strings.ContainsFunc(lit.Value, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
				t.Errorf("%s: a Chinese word stands in %s", s.fset.Position(lit.Pos()), lit.Value)
			}
			if packCode.MatchString(lit.Value) {
				t.Errorf("%s: a pack's code stands in %s", s.fset.Position(lit.Pos()), lit.Value)
			}
			return true
		})
	}
}

func TestPackageDocs(t *testing.T) {
	docs := map[string]bool{}
	for _, s := range sources(t) {
		if s.test || s.pkg == "." {
			continue
		}
		docs[s.pkg] = docs[s.pkg] || (s.file.Doc != nil && len(strings.Fields(s.file.Doc.Text())) >= 12)
		if !s.gen && !strings.HasPrefix(string(s.text), "// SPDX-License-Identifier: Apache-2.0\n") {
			t.Errorf("%s: the licence line is missing", s.path)
		}
	}
	for pkg, ok := range docs {
		if !ok {
			t.Errorf("package %s has no doc that says what it is and where to start", pkg)
		}
	}
}

func TestSizes(t *testing.T) {
	for _, s := range sources(t) {
		if s.gen {
			continue
		}
		if n := strings.Count(string(s.text), "\n"); n > 700 {
			t.Errorf("%s has %d lines", s.path, n)
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			if n := s.fset.Position(f.End()).Line - s.fset.Position(f.Pos()).Line; n > 100 && !s.test {
				t.Errorf("%s: %s has %d lines", s.fset.Position(f.Pos()), f.Name.Name, n)
			}
		}
	}
}
