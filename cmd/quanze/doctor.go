// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"

	"quanze/core/org"
	"quanze/office"
	"quanze/office/registry"
	"quanze/office/timers"
	"quanze/store"
	"quanze/web/assets"
)

type doctorCmd struct {
	DB string `name:"db" help:"${help_db}" default:"sqlite:quanze.db"`
}

// ailment is one thing the doctor looked at; Advice says what to do.
type ailment struct {
	What   string `json:"what"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail,omitempty"`
	Advice string `json:"advice,omitempty"`
}

// Run says what is in force, what is wrong and what to do.
func (c *doctorCmd) Run(ctx context.Context, a *App) error {
	o, done, err := a.open(ctx, c.DB)
	if err != nil {
		return err
	}
	defer done()
	found := []ailment{}
	look := func(what string, ok bool, detail string) {
		x := ailment{What: a.words.T("doctor." + what), OK: ok, Detail: detail}
		if !ok {
			x.Advice = a.words.T("doctor." + what + ".advice")
		}
		found = append(found, x)
	}
	pending, err := o.DB.Pending(ctx)
	if err != nil {
		return err
	}
	look("schema", pending == 0, fmt.Sprintf("%s, %d", o.DB.Engine(), pending))
	if pending == 0 {
		if err := a.examine(ctx, o, look); err != nil {
			return err
		}
	}
	look("assets", !assets.Missing(), "")
	ok := true
	err = a.print(map[string]any{"findings": found}, func(w io.Writer) {
		for _, x := range found {
			fmt.Fprintf(w, "%s %s %s\n", map[bool]string{true: "✓", false: "✗"}[x.OK], x.What, x.Detail)
			if x.Advice != "" {
				fmt.Fprintln(w, "   ", x.Advice)
			}
		}
	})
	for _, x := range found {
		ok = ok && x.OK
	}
	if err == nil && !ok {
		return errNo
	}
	return err
}

func (a *App) examine(ctx context.Context, o *office.Office, look func(what string, ok bool, detail string)) error {
	r := o.DB.Reader()
	beat, err := timers.HealthOf(ctx, r, a.Now())
	if err != nil {
		return err
	}
	look("timers", !beat.Stale, a.words.DateTime(beat.Last))
	cal, err := o.Calendar(ctx, r)
	if err != nil {
		return err
	}
	_, last := cal.Coverage()
	look("calendar", last > o.Today(), cal.Name()+" → "+last.String())
	installed, err := r.Packs(ctx)
	if err != nil {
		return err
	}
	var names []string
	for _, p := range installed {
		names = append(names, p.Code+" "+p.Hash[:12])
	}
	look("packs", len(installed) > 0, strings.Join(names, ", "))
	accounts, err := r.Accounts(ctx)
	if err != nil {
		return err
	}
	look("accounts", len(accounts) > 0, fmt.Sprint(len(accounts)))
	return a.compare(ctx, o, look)
}

// compare checks every matter's record against what lists and timers read.
func (a *App) compare(ctx context.Context, o *office.Office, look func(what string, ok bool, detail string)) error {
	r := o.DB.Reader()
	all, err := r.CountMatters(ctx, store.MatterFilter{})
	if err != nil {
		return err
	}
	progress, n := a.progress(a.words.T("doctor.records")), 0
	f := store.MatterFilter{}
	for {
		page, next, err := r.ListMatters(ctx, f)
		if err != nil {
			return err
		}
		for _, m := range page {
			wrong, err := o.Check(ctx, m.ID)
			if err != nil {
				return err
			}
			if wrong != "" {
				look("records", false, string(m.ID)+": "+wrong)
				return nil
			}
			if n++; !a.json {
				progress(n, all)
			}
		}
		if next == "" {
			break
		}
		f.Page.After = next
	}
	look("records", true, fmt.Sprint(all))
	return nil
}

type accountCmd struct {
	Add accountAdd `cmd:"" help:"${help_account_add}"`
}

type accountAdd struct {
	Login  string   `arg:""`
	DB     string   `name:"db" help:"${help_db}" default:"sqlite:quanze.db"`
	Person string   `help:"person"`
	Role   []string `help:"staff, supervisor, admin" default:"staff"`
}

// Run adds an account; its password is read from standard input, so that it
// stands in no history of commands.
func (c *accountAdd) Run(ctx context.Context, a *App) error {
	o, done, err := a.open(ctx, c.DB)
	if err != nil {
		return err
	}
	defer done()
	fmt.Fprint(a.Stderr, a.words.T("cli.account.password"))
	line, err := bufio.NewReader(a.Stdin).ReadString('\n')
	if err != nil && line == "" {
		return fmt.Errorf("reading the password: %w", err)
	}
	id, err := registry.New(o).AddAccount(ctx, "", c.Login, strings.TrimRight(line, "\r\n"), org.PersonID(c.Person), c.Role...)
	if err != nil {
		return err
	}
	return a.print(map[string]any{"account": id}, func(w io.Writer) { fmt.Fprintln(w, a.words.T("cli.account.added", "login", c.Login)) })
}
