// SPDX-License-Identifier: Apache-2.0

package quanze

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// longest is the length of a run of Han characters that may not stand both in
// the project and in the source texts: the official sentences stay outside.
const longest = 20

var titles = regexp.MustCompile(`《[^》]{0,80}》`)

// TestNoQuotation looks for sentences of the source texts in every file of the
// project. The texts' own punctuation is left out of the comparison, so that a
// comma does not hide a quotation.
func TestNoQuotation(t *testing.T) {
	texts, _ := filepath.Glob("../shared/regulations/*.txt")
	if len(texts) == 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("../shared/regulations is missing")
		}
		t.Skip("../shared/regulations is not here")
	}
	grams := map[string]bool{}
	for _, name := range texts {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		han := onlyHan(string(data))
		for i := 0; i+longest <= len(han); i++ {
			grams[string(han[i:i+longest])] = true
		}
	}
	for _, name := range projectFiles(t) {
		data, err := os.ReadFile(name)
		if err != nil || !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
			continue
		}
		for i, line := range strings.Split(string(data), "\n") {
			if found := quoted(line, grams); found != "" {
				t.Errorf("%s:%d: %q stands in a source text", name, i+1, found)
			}
		}
	}
}

func TestQuotationIsFound(t *testing.T) {
	source := "甲乙丙丁戊己庚辛,壬癸子丑寅卯辰巳午未申酉戌亥"
	grams := map[string]bool{}
	han := onlyHan(source)
	for i := 0; i+longest <= len(han); i++ {
		grams[string(han[i:i+longest])] = true
	}
	if quoted("写着 甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉 在此", grams) == "" {
		t.Error("a run of twenty was not found")
	}
	if found := quoted("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申", grams); found != "" {
		t.Errorf("a run of eighteen was found: %s", found)
	}
	if found := quoted("依《甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉》办理", grams); found != "" {
		t.Errorf("a title was found: %s", found)
	}
}

func quoted(line string, grams map[string]bool) string {
	line = titles.ReplaceAllString(line, "|")
	for _, run := range strings.FieldsFunc(line, func(r rune) bool { return !unicode.Is(unicode.Han, r) }) {
		rs := []rune(run)
		for i := 0; i+longest <= len(rs); i++ {
			if s := string(rs[i : i+longest]); grams[s] {
				return s
			}
		}
	}
	return ""
}

func onlyHan(s string) []rune {
	var out []rune
	for _, r := range s {
		if unicode.Is(unicode.Han, r) {
			out = append(out, r)
		}
	}
	return out
}

func projectFiles(t *testing.T) []string {
	t.Helper()
	out, err := exec.Command("git", "ls-files", "-co", "--exclude-standard").Output()
	if err != nil {
		t.Fatalf("listing the project's files: %v", err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}
