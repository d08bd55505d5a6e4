// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"quanze/core/calendar"
	"quanze/core/rulepack"
	"quanze/core/rulepack/check"
	"quanze/core/rulepack/packtest"
	"quanze/packs"
)

type packCmd struct {
	Check    packCheck    `cmd:"" help:"${help_pack_check}"`
	Test     packTest     `cmd:"" help:"${help_pack_test}"`
	Coverage packCoverage `cmd:"" help:"${help_pack_coverage}"`
	Plan     packPlan     `cmd:"" help:"${help_pack_plan}"`
	Install  packInstall  `cmd:"" help:"${help_pack_install}"`
	Schema   packSchema   `cmd:"" help:"${help_pack_schema}"`
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

// knownPacks are the codes that a cite may name: of the packs the program
// carries and of those in the call.
func knownPacks(names []string) []string {
	out := packs.Codes()
	for _, name := range names {
		out = append(out, filepath.Base(filepath.Clean(name)))
	}
	return out
}

type packCheck struct {
	Packs  []string `arg:""`
	Strict bool     `help:"${help_strict}"`
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
	known := knownPacks(c.Packs)
	for _, name := range c.Packs {
		files, err := readPack(name)
		if err != nil {
			return err
		}
		p, diags := rulepack.Load(files)
		if p != nil {
			diags = append(diags, check.Check(p, check.Options{Files: files, Packs: known})...)
		}
		one := checked{Pack: name, OK: !diags.Failed() && (diags.Clean() || !c.Strict), raw: diags, Diagnostics: []spoken{}}
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
				if d.Because != nil {
					fmt.Fprintln(w, "    "+a.words.T("cli.pack.because", "reason", a.words.Name(d.Because.Zh, d.Because.En)))
				}
			}
			fmt.Fprintln(w, a.words.T("cli.pack.checked", "pack", one.Pack, "errors", strconv.Itoa(one.raw.Count(rulepack.Error)), "warnings", strconv.Itoa(one.raw.Count(rulepack.Warning)), "notes", strconv.Itoa(one.raw.Count(rulepack.Note))))
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
