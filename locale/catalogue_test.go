// SPDX-License-Identifier: Apache-2.0

package locale

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestCataloguesAgree(t *testing.T) {
	c := load(t)
	zh, en := c.zh.messages, c.en.messages
	if diff := cmp.Diff(slices.Sorted(maps.Keys(zh)), slices.Sorted(maps.Keys(en))); diff != "" {
		t.Errorf("keys (-zh +en)\n%s", diff)
	}
	for key, m := range zh {
		if diff := cmp.Diff(m.args(), en[key].args()); diff != "" {
			t.Errorf("%s: values (-zh +en)\n%s", key, diff)
		}
	}
}

// TestPlain keeps sentences short and the tone of the house: no exclamation, no
// "please", no half-width stop in Chinese.
func TestPlain(t *testing.T) {
	c := load(t)
	ends := regexp.MustCompile(`[。；.;:：] ?`)
	for key, m := range c.zh.messages {
		for _, s := range ends.Split(m.text, -1) {
			if n := utf8.RuneCountInString(s); n > 40 {
				t.Errorf("%s: a sentence of %d characters", key, n)
			}
		}
		if strings.ContainsAny(m.text, "!！?,;") || strings.Contains(m.text, "请您") {
			t.Errorf("%s: %s", key, m.text)
		}
	}
	for key, m := range c.en.messages {
		for _, s := range ends.Split(m.text, -1) {
			if n := len(strings.Fields(s)); n > 20 {
				t.Errorf("%s: a sentence of %d words", key, n)
			}
		}
		if strings.ContainsAny(m.text, "!?，。；") || strings.Contains(strings.ToLower(m.text), "please") {
			t.Errorf("%s: %s", key, m.text)
		}
	}
}

// composed are the prefixes whose keys are put together at run time, with the
// type or file that names what follows; see the comments in zh-Hans.txt.
var composed = map[string]string{
	"lang.": "Lang", "month.": "numbers", "weekday.": "numbers", "length.": "calendar.Unit", "light.": "ui.Light", "holiday.": "notices",
	"nav.": "fronts and their sections", "tab.": "parts of a matter", "error.": "statuses", "fault.": "fault.Kind",
	"refusal.": "matter.Why", "help.": "matter.Why", "event.": "matter.Kind", "diag.": "rulepack.Code", "ui.": "ui.NoticeKind",
	"answer.": "expr.Bool", "days.status.": "matter.Status", "field.": "matter.Refusal", "finding.": "matter.Event", "path.": "rulepack selectors",
	"minutes.pass.": "rulepack.Base", "stop.how.": "calendar.StopKind", "vote.": "rulepack.Vote", "unit.": "calendar.Unit",
	"calendar.notice.": "calendar's parser", "cli.help.": "cmd/quanze helps", "doctor.": "cmd/quanze doctor", "rules.part.": "core/rulepack/check",
}

// root is the checkout.
const root = ".."

// sources parses every Go file that ships.
func sources(t *testing.T) map[string]*ast.File {
	t.Helper()
	files := map[string]*ast.File{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata" || (path != root && strings.HasPrefix(d.Name(), "."))) {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(path)] = file
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func literal(e ast.Expr) (string, bool) {
	if l, ok := e.(*ast.BasicLit); ok && l.Kind == token.STRING {
		s, err := strconv.Unquote(l.Value)
		return s, err == nil
	}
	return "", false
}

// TestCallsMatch holds every call with a literal key (w.T, fault.New, a form's
// Fail) against the catalogue: the key exists and gets the values it takes.
func TestCallsMatch(t *testing.T) {
	messages := load(t).zh.messages
	for path, file := range sources(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			at := -1
			switch sel.Sel.Name {
			case "T":
				at = 0
			case "New":
				if x, ok := sel.X.(*ast.Ident); ok && x.Name == "fault" {
					at = 1
				}
			case "Fail":
				at = 1
			}
			if at < 0 || len(call.Args) <= at {
				return true
			}
			key, ok := literal(call.Args[at])
			if !ok || !validKey(key) {
				return true
			}
			m, ok := messages[key]
			if !ok {
				t.Errorf("%s: no message %s", path, key)
				return true
			}
			if call.Ellipsis.IsValid() {
				return true
			}
			given := map[string]bool{}
			for i := at + 1; i < len(call.Args); i += 2 {
				name, _ := literal(call.Args[i])
				given[name] = true
			}
			for _, a := range m.args() {
				if !given[a] {
					t.Errorf("%s: %s takes {%s}, which is not given", path, key, a)
				}
			}
			return true
		})
	}
}

// TestNoneUnused finds messages that no source names, composed ones apart.
func TestNoneUnused(t *testing.T) {
	named := map[string]bool{}
	for _, file := range sources(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			if e, ok := n.(ast.Expr); ok {
				if s, ok := literal(e); ok {
					named[s] = true
				}
			}
			return true
		})
	}
	for key := range load(t).zh.messages {
		isComposed := slices.ContainsFunc(slices.Collect(maps.Keys(composed)), func(p string) bool { return strings.HasPrefix(key, p) })
		if !named[key] && !isComposed {
			t.Errorf("no source names %s", key)
		}
	}
}

// constants returns the values of the string constants of a type in a file.
func constants(t *testing.T, path, typ string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, path), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || len(v.Values) != 1 {
			return true
		}
		if id, ok := v.Type.(*ast.Ident); ok && id.Name == typ {
			if s, ok := literal(v.Values[0]); ok {
				out = append(out, s)
			}
		}
		return true
	})
	if len(out) == 0 {
		t.Fatalf("%s has no constants of type %s", path, typ)
	}
	return out
}

// TestEveryNameHasWords holds the closed sets of core against the catalogue,
// both ways: none lacks its words, none has words for what is not there.
func TestEveryNameHasWords(t *testing.T) {
	messages := load(t).zh.messages
	sets := []struct {
		prefix string
		names  []string
	}{
		{"refusal.", constants(t, "core/matter/refusal.go", "Why")},
		{"help.", constants(t, "core/matter/refusal.go", "Why")},
		{"event.", constants(t, "core/matter/event.go", "Kind")},
		{"diag.", constants(t, "core/rulepack/diagnostic.go", "Code")},
		{"fault.", []string{"refused", "invalid", "absent", "denied", "stale", "too_large"}},
		{"length.", []string{"days", "working_days", "half_working_days", "weeks", "months", "quarters", "years"}},
		{"light.", []string{"late", "near", "in_time", "stopped"}},
		{"weekday.", []string{"0", "1", "2", "3", "4", "5", "6"}},
		{"month.", []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"}},
		{"lang.", []string{"zh", "en", "switch"}},
	}
	for _, set := range sets {
		var have []string
		for key := range messages {
			if name, ok := strings.CutPrefix(key, set.prefix); ok {
				have = append(have, name)
			}
		}
		slices.Sort(have)
		want := slices.Clone(set.names)
		slices.Sort(want)
		if diff := cmp.Diff(want, have); diff != "" {
			t.Errorf("%s (-named in core +in the catalogue)\n%s", set.prefix, diff)
		}
	}
}

// TestHolidaysHaveWords reads the embedded notices.
func TestHolidaysHaveWords(t *testing.T) {
	notices, err := filepath.Glob(filepath.Join(root, "core/calendar/data/cn/*.tsv"))
	if err != nil || len(notices) == 0 {
		t.Fatalf("no notices: %v", err)
	}
	w := load(t).In(En)
	for _, path := range notices {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			fields := strings.Split(strings.TrimSpace(line), "\t")
			if len(fields) != 3 {
				continue
			}
			for part := range strings.SplitSeq(fields[2], "、") {
				if !w.Has("holiday." + part) {
					t.Errorf("%s: no words for %s", filepath.Base(path), part)
				}
			}
		}
	}
}

// TestRefusalsRead fills every refusal with nothing but its act, and with all:
// both must read as sentences.
func TestRefusalsRead(t *testing.T) {
	c := load(t)
	all := map[string]string{"act": "A", "party": "P", "names": "N", "day": "D", "count": "3"}
	for _, l := range Langs() {
		w := c.In(l)
		for key := range w.messages {
			if !strings.HasPrefix(key, "refusal.") && !strings.HasPrefix(key, "help.") {
				continue
			}
			for _, values := range []map[string]string{{"act": "A"}, all} {
				if got := w.Fill(key, values); strings.ContainsAny(got, "{}[]") || (!strings.HasSuffix(got, ".") && !strings.HasSuffix(got, "。")) {
					t.Errorf("%s %s: %s", l, key, got)
				}
			}
		}
	}
}
