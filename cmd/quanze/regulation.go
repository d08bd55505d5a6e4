// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"quanze/core/fault"
	"quanze/core/regulation"
	"quanze/office/library"
	"quanze/store"
)

type regulationCmd struct {
	Import regulationImport `cmd:"" help:"${help_regulation_import}"`
	Show   regulationShow   `cmd:"" help:"${help_regulation_show}"`
	Diff   regulationDiff   `cmd:"" help:"${help_regulation_diff}"`
	Search regulationSearch `cmd:"" help:"${help_regulation_search}"`
}

type regulationImport struct {
	Files []string          `arg:"" type:"existingfile" help:"${help_files}"`
	DB    string            `name:"db" help:"${help_db}"`
	Word  map[string]string `help:"printed=meant"`
}

// Run reads texts as they were found. Without a database it only prints.
func (c *regulationImport) Run(ctx context.Context, a *App) error {
	docs := []regulation.Document{}
	var lib *library.Library
	if c.DB != "" {
		o, done, err := a.open(ctx, c.DB)
		if err != nil {
			return err
		}
		defer done()
		lib = library.New(o)
	}
	progress := a.progress(a.words.T("cli.regulation.importing"))
	for i, name := range c.Files {
		raw, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if lib != nil {
			kept, err := lib.Import(ctx, "", filepath.Base(name), raw, c.Word)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			for _, k := range kept {
				docs = append(docs, k.Document)
			}
		} else {
			r, err := regulation.Import(filepath.Base(name), raw, regulation.Options{Words: c.Word})
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			docs = append(docs, r.Documents...)
		}
		if len(c.Files) > 1 && !a.json {
			progress(i+1, len(c.Files))
		}
	}
	return a.print(map[string]any{"documents": docs}, func(w io.Writer) {
		for _, d := range docs {
			a.summary(w, d)
		}
	})
}

func (a *App) summary(w io.Writer, d regulation.Document) {
	fmt.Fprintln(w, d.Title, deref(d.Number))
	fmt.Fprintln(w, "  ", a.words.T("cli.regulation.counts", "chapters", fmt.Sprint(d.Chapters), "articles", fmt.Sprint(d.Articles), "items", fmt.Sprint(d.Items),
		"defects", fmt.Sprint(len(d.Defects)), "dropped", fmt.Sprint(len(d.Dropped))))
	for _, x := range d.Defects {
		if !x.Settled {
			fmt.Fprintf(w, "   ! %d %s %s: %s → %s\n", x.Line, x.Anchor, x.Code, x.Text, x.Proposal)
		}
	}
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

type regulationShow struct {
	ID     string `arg:""`
	Anchor string `arg:"" optional:""`
	DB     string `name:"db" help:"${help_db}" default:"sqlite:quanze.db"`
}

// Run prints a document of the library, or one place of it.
func (c *regulationShow) Run(ctx context.Context, a *App) error {
	o, done, err := a.open(ctx, c.DB)
	if err != nil {
		return err
	}
	defer done()
	opened, err := library.New(o).Open(ctx, store.DocumentID(c.ID))
	if err != nil {
		return err
	}
	if opened.Document == nil {
		return a.gists(opened, c.Anchor)
	}
	if c.Anchor == "" {
		return a.print(opened.Document, func(w io.Writer) {
			for _, n := range opened.Document.Tree {
				fmt.Fprintln(w, n.PlainText())
			}
		})
	}
	n, ok := opened.Document.Find(c.Anchor)
	if !ok {
		return fault.New(fault.Absent, "library.anchor.absent", "anchor", c.Anchor)
	}
	return a.print(n, func(w io.Writer) { fmt.Fprintln(w, n.PlainText()) })
}

// gists prints what a pack says of a text that is not imported.
func (a *App) gists(opened *library.Opened, anchor string) error {
	type gist struct {
		ID     string `json:"id"`
		Anchor string `json:"anchor"`
		Gist   any    `json:"gist"`
	}
	out := []gist{}
	for _, k := range opened.Pack.Clauses {
		if anchor == "" || k.Anchor == anchor {
			out = append(out, gist{opened.Pack.Code + "-" + k.ID, k.Anchor, k.Gist})
		}
	}
	return a.print(map[string]any{"title": opened.Title, "imported": false, "clauses": out}, func(w io.Writer) {
		fmt.Fprintln(w, opened.Title, a.words.T("library.gistsOnly"))
		for _, k := range opened.Pack.Clauses {
			if anchor == "" || k.Anchor == anchor {
				fmt.Fprintf(w, "%-8s %s\n", k.Anchor, a.words.Name(k.Gist.Zh, k.Gist.En))
			}
		}
	})
}

type regulationDiff struct {
	A  string `arg:""`
	B  string `arg:""`
	DB string `name:"db" help:"${help_db}" default:"sqlite:quanze.db"`
}

// Run prints what differs between two documents, article by article.
func (c *regulationDiff) Run(ctx context.Context, a *App) error {
	o, done, err := a.open(ctx, c.DB)
	if err != nil {
		return err
	}
	defer done()
	var docs [2]*regulation.Document
	for i, id := range []string{c.A, c.B} {
		opened, err := library.New(o).Open(ctx, store.DocumentID(id))
		if err != nil {
			return err
		}
		if opened.Document == nil {
			return fault.New(fault.Absent, "library.notImported", "title", opened.Title)
		}
		docs[i] = opened.Document
	}
	changes := regulation.Diff(*docs[0], *docs[1])
	if changes == nil {
		changes = []regulation.Change{}
	}
	err = a.print(map[string]any{"changes": changes}, func(w io.Writer) {
		for _, ch := range changes {
			fmt.Fprintf(w, "%s %s → %s\n- %s\n+ %s\n", ch.Kind, ch.Was, ch.Now, ch.WasText, ch.NowText)
		}
	})
	if err == nil && len(changes) > 0 {
		return errNo
	}
	return err
}

type regulationSearch struct {
	Words string `arg:""`
	DB    string `name:"db" help:"${help_db}" default:"sqlite:quanze.db"`
}

// Run looks for words in the library.
func (c *regulationSearch) Run(ctx context.Context, a *App) error {
	o, done, err := a.open(ctx, c.DB)
	if err != nil {
		return err
	}
	defer done()
	found, err := library.New(o).Search(ctx, c.Words)
	if err != nil {
		return err
	}
	if found == nil {
		found = []library.Found{}
	}
	err = a.print(map[string]any{"found": found}, func(w io.Writer) {
		for _, f := range found {
			fmt.Fprintf(w, "%s %s %s\n   %s\n", f.Document, f.Title, f.Anchor, f.Text)
		}
	})
	if err == nil && len(found) == 0 {
		return errNo
	}
	return err
}
