// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"quanze/core/calendar"
	"quanze/core/fault"
	"quanze/office"
	"quanze/office/registry"
	"quanze/store"
)

type packPlan struct {
	Pack string `arg:""`
	DB   string `name:"db" help:"${help_db}" default:"sqlite:quanze.db"`
}

// Run lists the running matters that a version of a pack would touch. It
// changes nothing.
func (c *packPlan) Run(ctx context.Context, a *App) error {
	p, _, err := a.load(c.Pack)
	if err != nil {
		return err
	}
	o, done, err := a.open(ctx, c.DB)
	if err != nil {
		return err
	}
	defer done()
	plan, err := o.Plan(ctx, p)
	if err != nil {
		return err
	}
	return a.print(plan, func(w io.Writer) { a.tellPlan(w, plan) })
}

func (a *App) tellPlan(w io.Writer, plan office.Plan) {
	touched := 0
	for _, t := range plan.Matters {
		if len(t.Dues)+len(t.Irregular) > 0 || t.Fault != nil {
			touched++
		}
	}
	fmt.Fprintln(w, a.words.T("cli.pack.plan", "pack", plan.Pack, "version", plan.Hash[:12], "day", plan.From.String(), "n", fmt.Sprint(len(plan.Matters)), "touched", fmt.Sprint(touched)))
	for _, t := range plan.Matters {
		for _, d := range t.Dues {
			fmt.Fprintf(w, "%s %s %s → %s%s\n", t.Matter, d.Term, dayOr(d.Old), dayOr(d.New), mark(d))
		}
		for _, act := range t.Irregular {
			fmt.Fprintf(w, "%s %s !\n", t.Matter, act)
		}
		if t.Fault != nil {
			fmt.Fprintf(w, "%s %s\n", t.Matter, a.words.Fault(t.Fault))
		}
	}
	if touched == 0 {
		fmt.Fprintln(w, a.words.T("cli.pack.plan_clear"))
	}
}

// mark tells a day that stays (=), an obligation that would come (+) or go (-).
func mark(d office.DueChange) string {
	switch {
	case d.Kept:
		return " ="
	case d.Begins:
		return " +"
	case d.Ends:
		return " -"
	}
	return ""
}

func dayOr(d calendar.Date) string {
	if d == 0 {
		return "-"
	}
	return d.String()
}

type packInstall struct {
	Pack    string `arg:"" optional:""`
	DB      string `name:"db" help:"${help_db}" default:"sqlite:quanze.db"`
	By      string `required:"" help:"${help_by}"`
	Reason  string `help:"${help_reason}"`
	From    string `help:"${help_from}"`
	Approve string `help:"${help_approve}"`
	Refuse  string `help:"${help_refuse}"`
}

// installed is the answer of the command.
type installed struct {
	Proposal string        `json:"proposal"`
	State    string        `json:"state"`
	Pack     string        `json:"pack"`
	Hash     string        `json:"hash"`
	From     calendar.Date `json:"from"`
	Plan     *office.Plan  `json:"plan,omitempty"`
}

// Run proposes a version of a pack, or settles what another person proposed. It
// is never one person's doing: the account is asked for its password.
func (c *packInstall) Run(ctx context.Context, a *App) error {
	ways := 0
	for _, s := range []string{c.Pack, c.Approve, c.Refuse} {
		if s != "" {
			ways++
		}
	}
	if ways != 1 {
		return wrongCall{fmt.Errorf("pack install: want one of PACK, --approve and --refuse")}
	}
	o, done, err := a.open(ctx, c.DB)
	if err != nil {
		return err
	}
	defer done()
	g := registry.New(o)
	by, err := a.signIn(ctx, g, c.By)
	if err != nil {
		return err
	}
	id := c.Approve + c.Refuse
	switch {
	case c.Pack != "":
		id, err = c.propose(ctx, a, g, by)
	case c.Approve != "":
		_, err = g.Approve(ctx, by, c.Approve)
	default:
		err = g.Refuse(ctx, by, c.Refuse, c.Reason)
	}
	if err != nil {
		return err
	}
	return a.tellProposal(ctx, o.DB.Reader(), id)
}

func (c *packInstall) propose(ctx context.Context, a *App, g *registry.Registry, by store.AccountID) (string, error) {
	_, files, err := a.load(c.Pack)
	if err != nil {
		return "", err
	}
	var from calendar.Date
	if c.From != "" {
		if from, err = day(c.From); err != nil {
			return "", err
		}
	}
	id, diags, err := g.Propose(ctx, by, files, from, c.Reason)
	for _, d := range diags {
		fmt.Fprintf(a.Stderr, "%s: %s %s %s\n", d.Pos, d.Severity, d.Code, a.say(d))
	}
	return id, err
}

func (a *App) tellProposal(ctx context.Context, r *store.Reader, id string) error {
	p, _, err := r.PackProposal(ctx, id)
	if err != nil {
		return err
	}
	out := installed{Proposal: p.ID, State: string(p.State), Pack: p.Code, Hash: p.Hash, From: p.From}
	if p.State == store.ProposalOpen {
		report, err := registry.ReadReport(p)
		if err != nil {
			return err
		}
		out.Plan = &report.Plan
	}
	return a.print(out, func(w io.Writer) {
		switch p.State {
		case store.ProposalApproved:
			fmt.Fprintln(w, a.words.T("cli.pack.approved", "pack", p.Code, "version", p.Hash[:12], "day", p.From.String()))
		case store.ProposalRefused:
			fmt.Fprintln(w, a.words.T("cli.pack.refused", "id", p.ID))
		default:
			fmt.Fprintln(w, a.words.T("cli.pack.proposed", "id", p.ID, "day", p.From.String()))
			a.tellPlan(w, *out.Plan)
		}
	})
}

// signIn asks an administrator for the password, on standard input, so that it
// stands in no history of commands. Failures are paced as at the door.
func (a *App) signIn(ctx context.Context, g *registry.Registry, login string) (store.AccountID, error) {
	fmt.Fprint(a.Stderr, a.words.T("cli.pack.password"))
	line, err := bufio.NewReader(a.Stdin).ReadString('\n')
	if err != nil && line == "" {
		return "", fmt.Errorf("reading the password: %w", err)
	}
	account, err := g.SignIn(ctx, login, strings.TrimRight(line, "\r\n"), "command line")
	if err != nil {
		return "", err
	}
	if !slices.Contains(account.Roles, "admin") {
		return "", fault.New(fault.Denied, "fault.denied")
	}
	return account.ID, nil
}
