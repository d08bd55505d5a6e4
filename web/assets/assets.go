// SPDX-License-Identifier: Apache-2.0

// Package assets holds the style sheet and the scripts that make assets builds
// into static/, embedded in the binary, and gives each an address that changes
// with its content, so that browsers may keep it for a year. It builds nothing
// itself, and pages work without it: where static/ is empty, Missing says so
// and no address is given. Start at Load.
package assets

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

//go:embed all:static
var static embed.FS

// Prefix is where the pages find the assets.
const Prefix = "/assets/"

// sheet is the one style sheet.
const sheet = "quanze.css"

// FS returns the built files.
func FS() fs.FS {
	files, err := fs.Sub(static, "static")
	if err != nil {
		return static
	}
	return files
}

// Set is the files with their addresses. It never changes.
type Set struct {
	urls  map[string]string // by file name
	names map[string]string // file name by last part of the address
	files fs.FS
}

// Load reads the embedded files.
func Load() (*Set, error) { return LoadFS(FS()) }

// LoadFS reads the files of another tree.
func LoadFS(files fs.FS) (*Set, error) {
	s := &Set{urls: map[string]string{}, names: map[string]string{}, files: files}
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, fmt.Errorf("reading assets: %w", err)
	}
	for _, e := range entries {
		if e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		content, err := fs.ReadFile(files, e.Name())
		if err != nil {
			return nil, fmt.Errorf("reading asset %s: %w", e.Name(), err)
		}
		sum := sha256.Sum256(content)
		ext := path.Ext(e.Name())
		marked := strings.TrimSuffix(e.Name(), ext) + "." + hex.EncodeToString(sum[:6]) + ext
		s.urls[e.Name()] = Prefix + marked
		s.names[marked] = e.Name()
	}
	return s, nil
}

// Missing reports whether this program was built without its style sheet.
func Missing() bool {
	_, err := fs.Stat(FS(), sheet)
	return err != nil
}

// Missing reports whether the set has no style sheet.
func (s *Set) Missing() bool { return s.URL(sheet) == "" }

// URL returns the address of a file, or "" where there is none.
func (s *Set) URL(name string) string { return s.urls[name] }

// ServeHTTP serves the files at their addresses, for a year, and nothing else.
func (s *Set) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, ok := s.names[strings.TrimPrefix(r.URL.Path, Prefix)]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeFileFS(w, r, s.files, name)
}
