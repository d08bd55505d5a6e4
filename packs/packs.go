// SPDX-License-Identifier: Apache-2.0

// Package packs carries the reference rule packs inside the binary, one folder
// each. It holds files and nothing that knows what they say: core/rulepack
// reads them. Start at Files.
package packs

import (
	"embed"
	"io/fs"
	"path"
)

// Only what a pack is made of is carried: two levels of YAML, and so nothing of
// the folder schema, which is for editors.
//
//go:embed */*.yaml */*/*.yaml
var tree embed.FS

// Codes lists the packs that are carried.
func Codes() []string {
	entries, err := tree.ReadDir(".")
	if err != nil {
		return nil
	}
	var out []string
	for _, e := range entries {
		if e.IsDir() {
			out = append(out, e.Name())
		}
	}
	return out
}

// Files returns a pack's files by their path within it.
func Files(code string) (map[string][]byte, error) { return Read(tree, code) }

// schemas is the folder in which a pack keeps what editors complete it by. It is
// written from the pack and no part of it.
const schemas = "schema"

// Read returns the files under a folder by their path within it.
func Read(fsys fs.FS, root string) (map[string][]byte, error) {
	out := map[string][]byte{}
	err := fs.WalkDir(fsys, root, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && name == path.Join(root, schemas) {
			return fs.SkipDir
		}
		if err != nil || d.IsDir() || path.Ext(name) != ".yaml" {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		if root == "." {
			out[name] = data
		} else {
			out[name[len(root)+1:]] = data
		}
		return nil
	})
	return out, err
}
