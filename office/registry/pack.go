// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"quanze/core/calendar"
	"quanze/core/fault"
	"quanze/core/rulepack"
	"quanze/store"
)

// InstallPack puts a version of a pack in force from its own first day: for the
// packs that the program carries, when a database is made. Later versions are
// proposed by one person and approved by another. A pack with an error is not
// installed; the diagnostics say why.
func (g *Registry) InstallPack(ctx context.Context, by store.AccountID, files rulepack.Files) (*rulepack.Pack, rulepack.Diagnostics, error) {
	p, diags := rulepack.Load(files)
	if p == nil {
		return nil, diags, fault.New(fault.Invalid, "registry.pack.invalid")
	}
	_, _, err := g.office.DB.Reader().PackFiles(ctx, p.Hash)
	if err == nil {
		return p, diags, nil
	}
	if !fault.Is(err, fault.Absent) {
		return nil, diags, err
	}
	err = g.change(ctx, by, "change.pack", p.Code, map[string]string{"hash": p.Hash}, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.InstallPack(ctx, store.Pack{Hash: p.Hash, Code: p.Code, From: p.From, InstalledBy: by}, files)
		return err
	})
	return p, diags, err
}

// SetLocal sets a local parameter of a pack from a day on, on a paper that says
// so. What has acted already is not set anew behind it: a day that has passed is
// taken only for a parameter that was never set.
func (g *Registry) SetLocal(ctx context.Context, by store.AccountID, pack *rulepack.Pack, name, value, paper string, from calendar.Date) error {
	l := pack.Local(name)
	if l == nil {
		return fault.New(fault.Absent, "registry.local.absent", "name", name)
	}
	if err := CheckLocal(l, value); err != nil {
		return err
	}
	if strings.TrimSpace(paper) == "" {
		return fault.New(fault.Invalid, "registry.local.paper").At("paper")
	}
	today := g.office.Today()
	if from == 0 {
		from = today
	}
	return g.change(ctx, by, "change.local", pack.Code+"/"+name, map[string]string{"value": value, "paper": paper, "from": from.String()}, func(ctx context.Context, tx *store.Tx) error {
		all, err := tx.Locals(ctx, pack.Code)
		if err != nil {
			return err
		}
		set := slices.ContainsFunc(all, func(x store.Local) bool { return x.Name == name })
		if from < today && set {
			return fault.New(fault.Refused, "registry.local.past", "day", today.String()).At("from")
		}
		return tx.SetLocal(ctx, store.Local{Pack: pack.Code, Name: name, Value: value, SetOn: from, SetBy: by, Paper: paper})
	})
}

// CheckLocal tests a value against what the parameter takes.
func CheckLocal(l *rulepack.Local, value string) error {
	wrong := fault.New(fault.Invalid, "registry.local.wrong", "type", l.Type).At("value")
	switch l.Type {
	case "limit":
		length, err := calendar.ParseLength(value)
		if err != nil {
			return wrong
		}
		if length.N == 0 {
			return wrong
		}
	case "int", "amount":
		if n, err := strconv.ParseInt(value, 10, 64); err != nil || n < 0 {
			return wrong
		}
	case "fraction":
		if _, den, ok := rulepack.ParseShare(value); !ok || den == 0 {
			return wrong
		}
	case "bool":
		if value != "true" && value != "false" {
			return wrong
		}
	case "choice", "role":
		if !slices.ContainsFunc(l.Options, func(o rulepack.Option) bool { return o.ID == value }) {
			return wrong
		}
	default:
		if strings.TrimSpace(value) == "" {
			return wrong
		}
	}
	return nil
}
