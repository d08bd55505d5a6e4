// SPDX-License-Identifier: Apache-2.0

package htmlcheck

import (
	"strings"
	"testing"
)

func TestParseRefuses(t *testing.T) {
	for _, bad := range []string{`<p>`, `<p></b>`, `<p></p></p>`, `<p a=b></p>`, `<p a="<b>"></p>`, `<p a="1" a="2"></p>`, `<P></P>`, `a < b`, `<p "x"></p>`} {
		if _, err := Parse(bad); err == nil {
			t.Errorf("%s: accepted", bad)
		}
	}
}

func TestParseReads(t *testing.T) {
	root, err := Parse(`<!doctype html><p class="a" hidden>x &lt;b&gt; <br><i>y</i><svg><path d="M0"/></svg></p>`)
	if err != nil {
		t.Fatal(err)
	}
	if got := root.Content(); got != "x <b> y" {
		t.Errorf("content %q", got)
	}
	if p := root.All("p"); len(p) != 1 || p[0].Attrs["hidden"] != "true" || len(root.All("")) != 5 {
		t.Errorf("read %+v", root.All(""))
	}
}

func TestProblemsFound(t *testing.T) {
	tests := map[string]string{
		`<p id="a"></p><p id="a"></p>`:                       "id stands twice",
		`<input id="a" name="b">`:                            "has no label",
		`<label for="x">y</label>`:                           "leads nowhere",
		`<a href="javascript:x">y</a>`:                       "leads to a script",
		`<p onclick="x"></p>`:                                "neither styles",
		`<script>1</script>`:                                 "script within",
		`<a href="/"></a>`:                                   "without words",
		`<html lang="en"><main>a</main></html>`:              "language zh-Hans",
		`<html lang="zh-Hans"><h1></h1><main></main></html>`: "want one",
	}
	for text, want := range tests {
		root, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(PageProblems(root, "zh-Hans"), "; "); !strings.Contains(got, want) {
			t.Errorf("%s: %s", text, got)
		}
	}
}
