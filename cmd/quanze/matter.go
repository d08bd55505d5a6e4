// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"quanze/core/calendar"
	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
	"quanze/core/rulepack/packtest"
	"quanze/store"
)

type matterCmd struct {
	Run  matterRun  `cmd:"" help:"${help_matter_run}"`
	List matterList `cmd:"" help:"${help_matter_list}"`
	Show matterShow `cmd:"" help:"${help_matter_show}"`
	Do   matterDo   `cmd:"" help:"${help_matter_do}"`
}

type matterRun struct {
	Case string `arg:"" type:"existingfile"`
}

// Run plays one worked case of the pack in whose folder it stands.
func (c *matterRun) Run(a *App) error {
	root := filepath.Dir(filepath.Dir(c.Case))
	p, _, err := a.load(root)
	if err != nil {
		return err
	}
	cal, err := calendar.China()
	if err != nil {
		return err
	}
	name := "cases/" + filepath.Base(c.Case)
	i := slices.IndexFunc(p.Cases, func(x *rulepack.Case) bool { return x.File == name })
	if i < 0 {
		return wrongCall{fmt.Errorf("%s is no case of the pack in %s", c.Case, root)}
	}
	r := packtest.Run(p, p.Cases[i], cal)
	err = a.print(r, func(w io.Writer) { a.timeline(w, r) })
	if err == nil && !r.OK {
		return errNo
	}
	return err
}

// timeline prints a case as a person reads it.
func (a *App) timeline(w io.Writer, r packtest.Report) {
	fmt.Fprintln(w, r.Case)
	for _, s := range r.Steps {
		line := fmt.Sprintf("%s  %s", s.On, s.Act)
		for _, part := range []any{s.Party, s.Outcome} {
			if part != nil {
				line += fmt.Sprintf(" %v", part)
			}
		}
		if s.Result != "done" {
			line += " [" + s.Result + " " + s.Why + " " + strings.Join(s.Clauses, ", ") + "]"
		}
		fmt.Fprintln(w, line)
		for _, name := range slices.Sorted(maps.Keys(s.Dues)) {
			fmt.Fprintf(w, "            → %s %s\n", name, s.Dues[name])
		}
		for _, l := range []struct {
			sign string
			list []string
		}{{"✓", s.Met}, {"✗", s.Lapsed}, {"!", s.Findings}, {"–", s.Released}, {"↶", s.Reversed}, {"+", s.Opened}} {
			for _, x := range l.list {
				fmt.Fprintf(w, "            %s %s\n", l.sign, x)
			}
		}
	}
	for _, s := range r.Wrong {
		fmt.Fprintln(w, s)
	}
}

type matterList struct {
	DB   string `name:"db" help:"${help_db}" default:"sqlite:quanze.db"`
	Late bool
}

type listed struct {
	ID        string `json:"id"`
	Procedure string `json:"procedure"`
	Title     string `json:"title"`
	OpenedOn  string `json:"opened_on"`
	NextDue   any    `json:"next_due"`
	Owed      int    `json:"owed"`
	Late      int    `json:"late"`
	Ended     any    `json:"ended"`
}

// Run lists matters, the latest first.
func (c *matterList) Run(ctx context.Context, a *App) error {
	o, done, err := a.open(ctx, c.DB)
	if err != nil {
		return err
	}
	defer done()
	out := []listed{}
	f := store.MatterFilter{Late: c.Late}
	for {
		page, next, err := o.DB.Reader().ListMatters(ctx, f)
		if err != nil {
			return err
		}
		for _, m := range page {
			out = append(out, listed{ID: string(m.ID), Procedure: m.Pack + "/" + m.Procedure, Title: m.Title, OpenedOn: m.OpenedOn.String(),
				NextDue: null(m.NextDue.String(), m.NextDue != 0), Owed: m.Owed, Late: m.Late, Ended: null(m.Ended, m.Ended != "")})
		}
		if next == "" {
			break
		}
		f.Page.After = next
	}
	return a.print(map[string]any{"matters": out}, func(w io.Writer) {
		for _, m := range out {
			fmt.Fprintf(w, "%s  %s  %s  %s  %v\n", m.ID, m.OpenedOn, m.Procedure, m.Title, m.NextDue)
		}
	})
}

func null(s string, set bool) any {
	if !set {
		return nil
	}
	return s
}

type matterShow struct {
	ID string `arg:""`
	DB string `name:"db" help:"${help_db}" default:"sqlite:quanze.db"`
	As string `help:"person"`
}

// Run prints a matter: its record, what is owed, and what a person may do.
func (c *matterShow) Run(ctx context.Context, a *App) error {
	o, done, err := a.open(ctx, c.DB)
	if err != nil {
		return err
	}
	defer done()
	m, err := o.Look(ctx, o.DB.Reader(), matter.ID(c.ID))
	if err != nil {
		return err
	}
	owed := matter.Owed(m.State, m.Rules, m.Today)
	type offer struct {
		Act     string          `json:"act"`
		Party   string          `json:"party,omitempty"`
		Moment  string          `json:"moment"`
		Refusal *matter.Refusal `json:"refusal,omitempty"`
	}
	offers := []offer{}
	if c.As != "" {
		for _, x := range matter.Offers(m.State, org.PersonID(c.As), m.Rules, m.Today) {
			offers = append(offers, offer{x.Act.ID, x.Party, string(x.Moment), x.Refusal})
		}
	}
	return a.print(map[string]any{"id": m.ID, "events": m.Events, "owed": owed, "offers": offers}, func(w io.Writer) {
		for _, e := range m.Events {
			fmt.Fprintf(w, "%3d %s %-9s %s %s %s %s %s\n", e.Seq, e.On, e.Kind, e.Act, e.Term, e.Outcome, e.Party, strings.Join(e.Clauses, ","))
		}
		for _, d := range owed {
			fmt.Fprintf(w, "→ %s %s %s %s\n", d.Name(), d.Due, d.Light, strings.Join(d.Clause, ","))
		}
		for _, x := range offers {
			if x.Refusal == nil {
				fmt.Fprintf(w, "+ %s %s %s\n", x.Act, x.Party, x.Moment)
			} else {
				fmt.Fprintf(w, "- %s %s: %s (%s)\n", x.Act, x.Party, x.Refusal.Why, strings.Join(x.Refusal.Clauses, ","))
			}
		}
	})
}

type matterDo struct {
	ID      string            `arg:""`
	Act     string            `arg:""`
	DB      string            `name:"db" help:"${help_db}" default:"sqlite:quanze.db"`
	As      string            `required:"" help:"person"`
	On      string            `help:"day"`
	Party   string            `help:"party"`
	Outcome string            `help:"outcome"`
	Staff   []string          `help:"persons"`
	Set     map[string]string `help:"field=value"`
	Reason  string            `help:"reason"`
}

// Run does one act by hand, as a person of the registry.
func (c *matterDo) Run(ctx context.Context, a *App) error {
	o, done, err := a.open(ctx, c.DB)
	if err != nil {
		return err
	}
	defer done()
	m, err := o.Look(ctx, o.DB.Reader(), matter.ID(c.ID))
	if err != nil {
		return err
	}
	cmd, err := c.command(m.Rules.Procedure, m.Today)
	if err != nil {
		return err
	}
	recorded, err := o.Act(ctx, m.ID, cmd, nil)
	var refusal *matter.Refusal
	if errors.As(err, &refusal) {
		if printErr := a.print(map[string]any{"refused": refusal}, func(io.Writer) {}); printErr != nil {
			return printErr
		}
	}
	if err != nil {
		return err
	}
	return a.print(map[string]any{"recorded": recorded}, func(w io.Writer) {
		for _, e := range recorded {
			fmt.Fprintf(w, "%3d %s %s %s %s %s\n", e.Seq, e.On, e.Kind, e.Act, e.Term, e.Due)
		}
	})
}

var moments = map[string]matter.Kind{"": "", "proposed": matter.Proposed, "approved": matter.Done, "returned": matter.Returned, "refused": matter.Declined}

func (c *matterDo) command(proc *rulepack.Procedure, today calendar.Date) (matter.Command, error) {
	id, word, _ := strings.Cut(c.Act, ".")
	cmd := matter.Command{Act: id, Outcome: c.Outcome, Party: c.Party, Actor: org.PersonID(c.As), On: today, Reason: c.Reason}
	if recipient, served := strings.CutPrefix(word, "served"); served {
		cmd.Moment, cmd.Recipient = matter.Served, strings.TrimPrefix(recipient, ".")
	} else {
		cmd.Moment = moments[word]
	}
	if c.On != "" {
		d, err := day(c.On)
		if err != nil {
			return cmd, err
		}
		cmd.On = d
	}
	for _, s := range c.Staff {
		cmd.Staff = append(cmd.Staff, org.PersonID(s))
	}
	act := proc.Act(id)
	if act == nil {
		return cmd, fault.New(fault.Absent, "refusal.no_such_act", "act", id)
	}
	for name, s := range c.Set {
		i := slices.IndexFunc(act.Fields(), func(f *rulepack.Field) bool { return f.ID == name })
		if i < 0 {
			return cmd, fault.New(fault.Invalid, "cli.matter.field", "field", name).At(name)
		}
		v, err := expr.Parse(act.Fields()[i].ValueType(), s)
		if err != nil {
			return cmd, fault.New(fault.Invalid, "cli.matter.value", "field", name, "value", s).At(name)
		}
		if cmd.Fields == nil {
			cmd.Fields = map[string]expr.Value{}
		}
		cmd.Fields[name] = v
	}
	return cmd, nil
}
