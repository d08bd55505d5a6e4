// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"quanze/core/calendar"
	"quanze/office/registry"
)

type calendarCmd struct {
	Add     calendarAdd     `cmd:"" help:"${help_calendar_add}"`
	Install calendarInstall `cmd:"" help:"${help_calendar_install}"`
}

type calendarAdd struct {
	Day        string `arg:""`
	Term       string `arg:""`
	CountFirst bool
	NoRollover bool
	Explain    bool
}

// Run prints the last day of a limit, and with --explain every day that did
// not count.
func (c *calendarAdd) Run(a *App) error {
	start, err := day(c.Day)
	if err != nil {
		return err
	}
	length, err := calendar.ParseLength(c.Term)
	if err != nil {
		return err
	}
	cal, err := calendar.China()
	if err != nil {
		return err
	}
	got := cal.Explain(start, length, calendar.Rule{CountFirst: c.CountFirst, NoRollover: c.NoRollover}, nil)
	return a.print(got, func(w io.Writer) {
		fmt.Fprintln(w, got.Due)
		if got.Provisional {
			fmt.Fprintln(w, a.words.T("cli.calendar.provisional"))
		}
		if !c.Explain {
			return
		}
		for _, d := range got.Skipped {
			fmt.Fprintf(w, "- %s %s %s\n", a.words.Date(d.On), d.Kind, d.Name)
		}
		for _, d := range got.Worked {
			fmt.Fprintf(w, "+ %s %s %s\n", a.words.Date(d.On), d.Kind, d.Name)
		}
	})
}

type calendarInstall struct {
	File string `arg:"" type:"existingfile"`
	DB   string `name:"db" help:"${help_db}" default:"sqlite:quanze.db"`
}

// Run installs a year's notice, and lists each last day that moved.
func (c *calendarInstall) Run(ctx context.Context, a *App) error {
	text, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	o, done, err := a.open(ctx, c.DB)
	if err != nil {
		return err
	}
	defer done()
	progress := a.progress(a.words.T("cli.calendar.recomputing"))
	moved, err := registry.New(o).InstallNotice(ctx, "", filepath.Base(c.File), text, progress)
	if err != nil {
		return err
	}
	if moved == nil {
		moved = []registry.Moved{}
	}
	return a.print(map[string]any{"moved": moved}, func(w io.Writer) {
		fmt.Fprintln(w, a.words.T("cli.calendar.installed", "n", fmt.Sprint(len(moved))))
		for _, m := range moved {
			fmt.Fprintf(w, "%s %s %s → %s\n", m.Matter, m.Term, m.Old, m.New)
		}
	})
}

// progress tells of long work: a line that moves on a terminal, plain lines at
// every tenth elsewhere.
func (a *App) progress(label string) func(done, all int) {
	terminal := false
	if f, ok := a.Stderr.(*os.File); ok {
		info, err := f.Stat()
		terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	said := -1
	return func(done, all int) {
		if all == 0 {
			return
		}
		tenth := done * 10 / all
		switch {
		case terminal:
			fmt.Fprintf(a.Stderr, "\r%s %d/%d", label, done, all)
			if done == all {
				fmt.Fprintln(a.Stderr)
			}
		case tenth != said:
			said = tenth
			fmt.Fprintf(a.Stderr, "%s %d/%d\n", label, done, all)
		}
	}
}
