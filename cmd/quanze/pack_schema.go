// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"quanze/core/rulepack"
	"quanze/core/rulepack/schema"
)

type packSchema struct {
	Packs []string `arg:""`
}

// schemas are the files that were written for one pack.
type schemas struct {
	Pack  string   `json:"pack"`
	Files []string `json:"files"`
}

// errNoFolder is a pack that the program carries: there is nowhere to write.
var errNoFolder = errors.New("no folder")

// Run writes the schemas of packs, each into its own folder. Where one of them
// does not load, its findings are told as by pack check and nothing is written.
func (c *packSchema) Run(a *App) error {
	var loaded []*rulepack.Pack
	var faulty []string
	for _, name := range c.Packs {
		if info, err := os.Stat(name); err != nil || !info.IsDir() {
			return wrongCall{fmt.Errorf("pack %s: %w", name, errNoFolder)}
		}
		files, err := readPack(name)
		if err != nil {
			return err
		}
		p, _ := rulepack.Load(files)
		if p == nil {
			faulty = append(faulty, name)
		}
		loaded = append(loaded, p)
	}
	if len(faulty) > 0 {
		return (&packCheck{Packs: faulty}).Run(a)
	}
	out := []schemas{}
	for i, name := range c.Packs {
		files, err := writeSchemas(filepath.Join(name, schema.Folder), loaded[i])
		if err != nil {
			return fmt.Errorf("writing the schemas of %s: %w", name, err)
		}
		out = append(out, schemas{name, files})
	}
	return a.print(map[string]any{"packs": out}, func(w io.Writer) {
		for _, one := range out {
			for _, file := range one.Files {
				fmt.Fprintln(w, file)
			}
		}
	})
}

// writeSchemas writes the schema of every kind of file and returns their names.
func writeSchemas(folder string, p *rulepack.Pack) ([]string, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	var out []string
	for _, kind := range schema.Kinds() {
		file := filepath.Join(folder, string(kind)+".json")
		if err := os.WriteFile(file, schema.Of(kind, p), 0o644); err != nil {
			return nil, err
		}
		out = append(out, filepath.ToSlash(file))
	}
	return out, nil
}
