// SPDX-License-Identifier: Apache-2.0

package assets

import (
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

func TestAddressesFollowContent(t *testing.T) {
	one, err := LoadFS(fstest.MapFS{"quanze.css": {Data: []byte("a{}")}, ".keep": {}})
	if err != nil {
		t.Fatal(err)
	}
	two, err := LoadFS(fstest.MapFS{"quanze.css": {Data: []byte("b{}")}})
	if err != nil {
		t.Fatal(err)
	}
	if one.URL("quanze.css") == two.URL("quanze.css") {
		t.Errorf("different content, one address %s", one.URL("quanze.css"))
	}
	if one.Missing() || one.URL(".keep") != "" || one.URL("other.css") != "" {
		t.Errorf("missing %t, .keep %q, other %q", one.Missing(), one.URL(".keep"), one.URL("other.css"))
	}

	w := httptest.NewRecorder()
	one.ServeHTTP(w, httptest.NewRequest("GET", one.URL("quanze.css"), nil))
	if w.Code != 200 || w.Body.String() != "a{}" || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/css") {
		t.Errorf("got %d %q %q", w.Code, w.Body, w.Header().Get("Content-Type"))
	}
	if got := w.Header().Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("Cache-Control %q", got)
	}
	for _, address := range []string{two.URL("quanze.css"), "/assets/quanze.css", "/assets/.keep", "/assets/", "/assets/../assets.go"} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", "/", nil)
		r.URL.Path = address
		one.ServeHTTP(w, r)
		if w.Code != 404 {
			t.Errorf("%s: status %d", address, w.Code)
		}
	}
}

func TestEmptyTreeIsMissing(t *testing.T) {
	s, err := LoadFS(fstest.MapFS{".keep": {}})
	if err != nil {
		t.Fatal(err)
	}
	if !s.Missing() {
		t.Error("an empty tree is not missing")
	}
}

// TestBuilt looks at what ships: under CI the assets must have been built.
func TestBuilt(t *testing.T) {
	s, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if s.Missing() != Missing() {
		t.Errorf("the set says %t, the package %t", s.Missing(), Missing())
	}
	if s.Missing() {
		if os.Getenv("CI") == "true" {
			t.Fatal("static/ is empty: run make assets before go build")
		}
		t.Skip("static/ is empty; make assets builds it")
	}
	for name := range s.urls {
		content, err := static.ReadFile("static/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if len(content) > 64<<10 {
			t.Errorf("%s has %d bytes, the bound is 64 KiB", name, len(content))
		}
		for _, foreign := range []string{"http://", "https://", "@font-face", "GDS"} {
			if strings.Contains(strings.ReplaceAll(string(content), "http://www.w3.org/2000/svg", ""), foreign) {
				t.Errorf("%s contains %s", name, foreign)
			}
		}
	}
}
