// SPDX-License-Identifier: Apache-2.0

package rulepack_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quanze/core/rulepack"
)

// read takes a folder of a pack into memory.
func read(tb testing.TB, dir string) rulepack.Files {
	tb.Helper()
	files := rulepack.Files{}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(rel)] = data
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return files
}

func shelf(tb testing.TB) rulepack.Files { return read(tb, "testdata/good/shelf") }

// hall uses the words that shelf does not.
func hall(tb testing.TB) rulepack.Files { return read(tb, "testdata/good/hall") }

func wf11(tb testing.TB) rulepack.Files { return read(tb, "../../packs/wf11") }

// with is files with some of them replaced.
func with(files, over rulepack.Files) rulepack.Files {
	out := maps.Clone(files)
	maps.Copy(out, over)
	return out
}

var (
	noted = regexp.MustCompile(`(ERROR|WARNING)(?:@(\d+))? (QP\d{4})((?: "[^"]*")*)`)
	arg   = regexp.MustCompile(`"([^"]*)"`)
)

// expected reads what the files of a bad pack say of themselves: behind the
// offending line, # ERROR@column code "argument" …
func expected(files rulepack.Files) []string {
	var out []string
	for name, data := range files {
		for i, line := range strings.Split(string(data), "\n") {
			_, comment, ok := strings.Cut(line, " # ")
			if !ok {
				continue
			}
			for _, m := range noted.FindAllStringSubmatch(comment, -1) {
				col, _ := strconv.Atoi(m[2])
				var args []string
				for _, a := range arg.FindAllStringSubmatch(m[4], -1) {
					args = append(args, a[1])
				}
				out = append(out, finding(rulepack.Pos{File: name, Line: i + 1, Col: col}, strings.ToLower(m[1]), m[3], args))
			}
		}
	}
	slices.Sort(out)
	return out
}

func finding(pos rulepack.Pos, severity, code string, args []string) string {
	return fmt.Sprintf("%s %s %s %q", pos, severity, code, args)
}

func findings(diags rulepack.Diagnostics) []string {
	out := make([]string, len(diags))
	for i, d := range diags {
		out[i] = finding(d.Pos, string(d.Severity), string(d.Code), d.Args)
	}
	slices.Sort(out)
	return out
}

func TestGood(t *testing.T) {
	for name, files := range map[string]rulepack.Files{"shelf": shelf(t), "hall": hall(t), "wf11": wf11(t)} {
		pack, diags := rulepack.Load(files)
		if pack == nil || len(diags) > 0 {
			t.Errorf("%s: %v", name, diags)
		}
	}
}

// Each bad pack is a good one (the hall, where its name says so) with some files replaced; what is wrong with it
// is told all at once, in order of place, and nothing else is.
func TestBad(t *testing.T) {
	dirs, err := os.ReadDir("testdata/bad")
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range dirs {
		t.Run(dir.Name(), func(t *testing.T) {
			over := read(t, "testdata/bad/"+dir.Name())
			base := shelf(t)
			if strings.Contains(dir.Name(), "-hall-") {
				base = hall(t)
			}
			pack, diags := rulepack.Load(with(base, over))
			want := expected(over)
			if diff := cmp.Diff(want, findings(diags)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if len(want) == 0 {
				t.Error("the bad pack expects nothing")
			}
			if failed := strings.Contains(strings.Join(want, "\n"), " error "); failed != (pack == nil) || failed != diags.Failed() {
				t.Errorf("pack %v, failed %t", pack != nil, diags.Failed())
			}
			if !slices.IsSortedFunc(diags, func(a, b rulepack.Diagnostic) int {
				return slices.Compare([]int{a.Line, a.Col}, []int{b.Line, b.Col})
			}) && len(over) == 1 {
				t.Error("not in order of place")
			}
		})
	}
}
