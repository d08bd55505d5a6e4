// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"quanze/core/calendar"
	"quanze/core/fault"
	"quanze/core/rulepack"
	"quanze/store"
)

// InstallPack puts a version of a pack in force from its own first day. A pack
// with an error is not installed; the diagnostics say why.
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

// SetLocal sets a local parameter of a pack, on a paper that says so.
func (g *Registry) SetLocal(ctx context.Context, by store.AccountID, pack *rulepack.Pack, name, value, paper string) error {
	l := pack.Local(name)
	if l == nil {
		return fault.New(fault.Absent, "registry.local.absent", "name", name)
	}
	if l.Type == "limit" {
		if _, err := calendar.ParseLength(value); err != nil {
			return err
		}
	}
	return g.change(ctx, by, "change.local", pack.Code+"/"+name, map[string]string{"value": value, "paper": paper}, func(ctx context.Context, tx *store.Tx) error {
		return tx.SetLocal(ctx, store.Local{Pack: pack.Code, Name: name, Value: value, SetOn: g.office.Today(), SetBy: by, Paper: paper})
	})
}
