// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"quanze/core/calendar"
	"quanze/core/rulepack"
	"quanze/core/rulepack/packtest"
	"quanze/packs"
)

type packCmd struct {
	Check    packCheck    `cmd:"" help:"${help_pack_check}"`
	Test     packTest     `cmd:"" help:"${help_pack_test}"`
	Coverage packCoverage `cmd:"" help:"${help_pack_coverage}"`
}

// readPack reads a pack's folder; a name that is no folder is one of the packs
// that the program carries.
func readPack(name string) (rulepack.Files, error) {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return packs.Read(os.DirFS(name), ".")
	}
	files, err := packs.Files(name)
	if err != nil {
		return nil, wrongCall{fmt.Errorf("pack %s: %w", name, err)}
	}
	return files, nil
}

type packCheck struct {
	Packs []string `arg:""`
}

type checked struct {
	Pack        string   `json:"pack"`
	OK          bool     `json:"ok"`
	Diagnostics []spoken `json:"diagnostics"`
	raw         rulepack.Diagnostics
}

type spoken struct {
	rulepack.Diagnostic
	Message string `json:"message"`
}

// say puts a diagnostic into words.
func (a *App) say(d rulepack.Diagnostic) string {
	args := make([]string, 0, 2*len(d.Args))
	for i, s := range d.Args {
		args = append(args, strconv.Itoa(i), s)
	}
	return a.words.T("diag."+string(d.Code), args...)
}

// Run reads packs and prints all that is wrong with them.
func (c *packCheck) Run(a *App) error {
	var out []checked
	ok := true
	for _, name := range c.Packs {
		files, err := readPack(name)
		if err != nil {
			return err
		}
		p, diags := rulepack.Load(files)
		one := checked{Pack: name, OK: p != nil, raw: diags, Diagnostics: []spoken{}}
		for _, d := range diags {
			one.Diagnostics = append(one.Diagnostics, spoken{d, a.say(d)})
		}
		ok = ok && one.OK
		out = append(out, one)
	}
	err := a.print(map[string]any{"packs": out}, func(w io.Writer) {
		for _, one := range out {
			for _, d := range one.Diagnostics {
				fmt.Fprintf(w, "%s/%s: %s %s: %s\n", strings.TrimSuffix(one.Pack, "/"), d.Pos, d.Severity, d.Code, d.Message)
			}
			if one.OK {
				fmt.Fprintln(w, a.words.T("cli.pack.clean", "pack", one.Pack))
			}
		}
	})
	if err == nil && !ok {
		return errNo
	}
	return err
}

// load reads a pack that must be in order.
func (a *App) load(name string) (*rulepack.Pack, rulepack.Files, error) {
	files, err := readPack(name)
	if err != nil {
		return nil, nil, err
	}
	p, diags := rulepack.Load(files)
	if p == nil {
		for _, d := range diags {
			fmt.Fprintf(a.Stderr, "%s: %s %s\n", d.Pos, d.Code, a.say(d))
		}
		return nil, nil, errNo
	}
	return p, files, nil
}

type packTest struct {
	Packs []string `arg:""`
}

// Run plays every worked case of the packs.
func (c *packTest) Run(a *App) error {
	cal, err := calendar.China()
	if err != nil {
		return err
	}
	var reports []packtest.Report
	failed := 0
	for _, name := range c.Packs {
		p, _, err := a.load(name)
		if err != nil {
			return err
		}
		for _, cs := range p.Cases {
			r := packtest.Run(p, cs, cal)
			if !r.OK {
				failed++
			}
			reports = append(reports, r)
		}
	}
	err = a.print(map[string]any{"cases": reports}, func(w io.Writer) {
		for _, r := range reports {
			fmt.Fprintf(w, "%s %s\n", map[bool]string{true: "✓", false: "✗"}[r.OK], r.Case)
			for _, s := range r.Wrong {
				fmt.Fprintln(w, "   ", s)
			}
		}
		fmt.Fprintf(w, "%d passed, %d failed\n", len(reports)-failed, failed)
	})
	if err == nil && failed > 0 {
		return errNo
	}
	return err
}

type packCoverage struct {
	Packs []string `arg:""`
}

// Run counts how each clause stands.
func (c *packCoverage) Run(a *App) error {
	cal, err := calendar.China()
	if err != nil {
		return err
	}
	out := []packtest.Coverage{}
	for _, name := range c.Packs {
		p, files, err := a.load(name)
		if err != nil {
			return err
		}
		out = append(out, packtest.Count(p, files, cal))
	}
	return a.print(map[string]any{"packs": out}, func(w io.Writer) {
		for _, p := range out {
			fmt.Fprintln(w, a.words.T("cli.pack.coverage", "pack", p.Pack, "clauses", fmt.Sprint(p.Clauses), "tested", fmt.Sprint(p.RunTested),
				"untested", fmt.Sprint(p.RunUntested), "declared", fmt.Sprint(p.Declared), "missing", fmt.Sprint(p.Missing)))
			for _, id := range p.UntestedIDs {
				fmt.Fprintln(w, "?", id)
			}
			for _, id := range p.MissingIDs {
				fmt.Fprintln(w, "-", id)
			}
			for _, what := range p.Wide {
				fmt.Fprintln(w, "!", what)
			}
		}
	})
}
