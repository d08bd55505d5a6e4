// SPDX-License-Identifier: Apache-2.0

package check

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

var (
	noted = regexp.MustCompile(`(ERROR|WARNING|NOTE)@(\d+) (QP\d{4})((?: "[^"]*")*)(?: \(([a-z0-9-]+)\))?`)
	arg   = regexp.MustCompile(`"([^"]*)"`)
)

// expected reads what the files of a bad pack say of themselves: behind the
// offending line, # ERROR@column code "argument" … (clause).
func expected(files rulepack.Files) []string {
	out := []string{}
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
				out = append(out, finding(rulepack.Diagnostic{Pos: rulepack.Pos{File: name, Line: i + 1, Col: col}, Severity: rulepack.Severity(strings.ToLower(m[1])),
					Code: rulepack.Code(m[3]), Args: args, Clause: m[5]}))
			}
		}
	}
	slices.Sort(out)
	return out
}

func finding(d rulepack.Diagnostic) string {
	return fmt.Sprintf("%s %s %s %q (%s)", d.Pos, d.Severity, d.Code, d.Args, d.Clause)
}

// checked loads a small pack over the base and checks it. Which clauses no rule
// runs is told apart from the rest: small packs have many.
func checked(t *testing.T, over rulepack.Files) (notRun, rest []string) {
	t.Helper()
	files := maps.Clone(read(t, "testdata/good/base"))
	maps.Copy(files, over)
	pack, diags := rulepack.Load(files)
	if pack == nil {
		t.Fatal(diags)
	}
	rest = []string{}
	for _, d := range Check(pack, Options{Locals: map[string]string{"known": "5 days"}, Files: files, Packs: []string{"hall", "other"}}) {
		if d.Because != nil {
			continue // the pack has answered
		}
		if d.Code == rulepack.CodeNotRun {
			notRun = append(notRun, finding(d))
		} else {
			rest = append(rest, finding(d))
		}
	}
	return notRun, rest
}

func names(t *testing.T, dir string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

// Each bad pack says of itself what is wrong; exactly that is found.
func TestBad(t *testing.T) {
	for _, name := range names(t, "testdata/bad") {
		t.Run(name, func(t *testing.T) {
			over := read(t, "testdata/bad/"+name)
			want := expected(over)
			notRun, got := checked(t, over)
			if strings.Contains(name, "qp0120") {
				got = append(got, notRun...)
			}
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if code := "QP" + name[2:6]; !slices.ContainsFunc(want, func(s string) bool { return strings.Contains(s, code) }) {
				t.Errorf("the pack does not expect %s", code)
			}
		})
	}
}

// Beside each bad pack stands a good one: what is named in the bad one is
// mended, and nothing is found in it.
func TestGood(t *testing.T) {
	for _, name := range names(t, "testdata/good") {
		t.Run(name, func(t *testing.T) {
			if _, err := os.Stat("testdata/bad/" + name); err != nil && name != "base" {
				t.Error("there is no bad pack of that name")
			}
			notRun, got := checked(t, read(t, "testdata/good/"+name))
			if strings.Contains(name, "qp0120") {
				got = append(got, notRun...)
			}
			if len(got) > 0 {
				t.Errorf("%s", strings.Join(got, "\n"))
			}
		})
	}
	if diff := cmp.Diff(names(t, "testdata/bad"), slices.DeleteFunc(names(t, "testdata/good"), func(s string) bool { return s == "base" })); diff != "" {
		t.Error(diff)
	}
}
