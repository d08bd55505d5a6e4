// SPDX-License-Identifier: Apache-2.0

package rulepack_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Every key that the loader knows is explained in docs/pack-format.md, and
// every code a reader can meet is named there.
func TestDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/pack-format.md")
	if err != nil {
		t.Fatal(err)
	}
	quoted := regexp.MustCompile(`"([a-z_]+)"`)
	calls := regexp.MustCompile(`(?s)(?:d\.mapping\(\w+(?:, d\.\w+)*|Keys = \[\]string\{|selectors = \[\]string\{|oneOf\(\w+)((?:,?\s*"[^"]*")+)`)
	sources, _ := filepath.Glob("*.go")
	words := map[string]bool{}
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, call := range calls.FindAllStringSubmatch(string(text), -1) {
			for _, w := range quoted.FindAllStringSubmatch(call[1], -1) {
				words[w[1]] = true
			}
		}
		for _, code := range regexp.MustCompile(`= "(QP\d{4})"`).FindAllStringSubmatch(string(text), -1) {
			if !strings.Contains(string(page), code[1]) && untold[code[1]] == "" {
				t.Errorf("%s is not named", code[1])
			}
		}
	}
	if len(words) < 90 {
		t.Errorf("only %d words were found in the source", len(words))
	}
	var missing []string
	for w := range words {
		if !regexp.MustCompile("[`{ (\\[.]" + w + "\\b").Match(page) {
			missing = append(missing, w)
		}
	}
	if slices.Sort(missing); len(missing) > 0 {
		t.Errorf("not explained: %v", missing)
	}
}
