// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"quanze/core/calendar"
	"quanze/core/fault"
	"quanze/core/rulepack"
	"quanze/office"
	"quanze/store"
)

// Report is what stands with a proposal: what the checker said and which running
// matters the version touches, as the approver reads it.
type Report struct {
	Diagnostics rulepack.Diagnostics `json:"diagnostics"`
	Plan        office.Plan          `json:"plan"`
	// On is the day on which the plan was made.
	On calendar.Date `json:"on,omitzero"`
}

// Propose puts a version of a pack to a second person, to be in force from a
// day. Without a day it is the version's own first, or today where that has
// passed and another version is in force: what has begun stays as it began. A
// pack that the checker finds in error is not proposed; the diagnostics say why.
func (g *Registry) Propose(ctx context.Context, by store.AccountID, files rulepack.Files, from calendar.Date, reason string) (string, rulepack.Diagnostics, error) {
	p, diags := office.Examine(files)
	if p == nil || diags.Failed() {
		return "", diags, fault.New(fault.Invalid, "registry.pack.invalid")
	}
	if strings.TrimSpace(reason) == "" {
		return "", diags, fault.New(fault.Invalid, "registry.reason.missing").At("reason")
	}
	r := g.office.DB.Reader()
	if _, _, err := r.PackFiles(ctx, p.Hash); err == nil {
		return "", diags, fault.New(fault.Refused, "registry.pack.installed", "pack", p.Code)
	} else if !fault.Is(err, fault.Absent) {
		return "", diags, err
	}
	first, err := g.firstDay(ctx, r, p)
	if err != nil {
		return "", diags, err
	}
	if from == 0 {
		from = first
	}
	switch {
	case from < p.From:
		return "", diags, fault.New(fault.Invalid, "registry.proposal.early", "day", p.From.String()).At("from")
	case from < first:
		return "", diags, fault.New(fault.Invalid, "registry.proposal.past", "day", first.String()).At("from")
	case p.To != 0 && from > p.To:
		return "", diags, fault.New(fault.Invalid, "registry.proposal.over", "day", p.To.String()).At("from")
	}
	report, err := g.report(ctx, p, diags, from)
	if err != nil {
		return "", diags, err
	}
	var id string
	detail := map[string]string{"hash": p.Hash, "from": from.String(), "reason": reason}
	err = g.change(ctx, by, "change.pack.proposed", p.Code, detail, func(ctx context.Context, tx *store.Tx) error {
		id, err = tx.ProposePack(ctx, store.PackProposal{Code: p.Code, Hash: p.Hash, From: from, Reason: reason, Report: report, ProposedBy: by}, files)
		return err
	})
	return id, diags, err
}

// firstDay is the earliest day a version may be put in force from: its own
// first where the pack has no version yet, else not a day that has passed.
func (g *Registry) firstDay(ctx context.Context, r *store.Reader, p *rulepack.Pack) (calendar.Date, error) {
	installed, err := r.Packs(ctx)
	if err != nil {
		return 0, err
	}
	if slices.ContainsFunc(installed, func(x store.Pack) bool { return x.Code == p.Code }) {
		return max(p.From, g.office.Today()), nil
	}
	return p.From, nil
}

func (g *Registry) report(ctx context.Context, p *rulepack.Pack, diags rulepack.Diagnostics, from calendar.Date) (string, error) {
	plan, err := g.office.Plan(ctx, p)
	if err != nil {
		return "", err
	}
	plan.From = from
	body, err := json.Marshal(Report{Diagnostics: diags, Plan: plan, On: g.office.Today()})
	return string(body), err
}

// Renew makes the report of an open proposal anew: matters have begun and ended
// since it was made.
func (g *Registry) Renew(ctx context.Context, id string) error {
	proposal, files, err := g.office.DB.Reader().PackProposal(ctx, id)
	if err != nil {
		return err
	}
	p, diags := office.Examine(files)
	if p == nil {
		return fault.New(fault.Invalid, "registry.pack.invalid")
	}
	report, err := g.report(ctx, p, diags, proposal.From)
	if err != nil {
		return err
	}
	return g.office.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return tx.RenewProposal(ctx, id, report) })
}

// ReadReport reads the report of a proposal.
func ReadReport(p store.PackProposal) (Report, error) {
	var out Report
	if err := json.Unmarshal([]byte(p.Report), &out); err != nil {
		return out, fmt.Errorf("report of proposal %s: %w", p.ID, err)
	}
	return out, nil
}

// Approve puts a proposed version in force from its day. Whoever proposed it may
// not approve it, under whatever account. A day that has passed meanwhile is
// nobody's to approve: it would reach behind what has begun.
func (g *Registry) Approve(ctx context.Context, by store.AccountID, id string) (*rulepack.Pack, error) {
	proposal, files, err := g.proposed(ctx, by, id)
	if err != nil {
		return nil, err
	}
	p, diags := office.Examine(files)
	if p == nil || diags.Failed() || p.Hash != proposal.Hash {
		return nil, fault.New(fault.Invalid, "registry.pack.invalid")
	}
	first, err := g.firstDay(ctx, g.office.DB.Reader(), p)
	if err != nil {
		return nil, err
	}
	if proposal.From < first {
		return nil, fault.New(fault.Refused, "registry.proposal.late", "day", proposal.From.String())
	}
	err = g.change(ctx, by, "change.pack", p.Code, map[string]string{"hash": p.Hash, "from": proposal.From.String(), "proposal": id}, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.SettleProposal(ctx, id, store.ProposalApproved, by, ""); err != nil {
			return err
		}
		_, err := tx.InstallPack(ctx, store.Pack{Hash: p.Hash, Code: p.Code, From: proposal.From, InstalledBy: by}, files)
		return err
	})
	return p, err
}

// Refuse ends a proposal, with the reason.
func (g *Registry) Refuse(ctx context.Context, by store.AccountID, id, why string) error {
	proposal, _, err := g.proposed(ctx, by, id)
	if err != nil {
		return err
	}
	if strings.TrimSpace(why) == "" {
		return fault.New(fault.Invalid, "registry.reason.missing").At("reason")
	}
	return g.change(ctx, by, "change.pack.refused", proposal.Code, map[string]string{"hash": proposal.Hash, "proposal": id, "reason": why}, func(ctx context.Context, tx *store.Tx) error {
		return tx.SettleProposal(ctx, id, store.ProposalRefused, by, why)
	})
}

// proposed reads an open proposal that this account may settle.
func (g *Registry) proposed(ctx context.Context, by store.AccountID, id string) (store.PackProposal, rulepack.Files, error) {
	r := g.office.DB.Reader()
	proposal, files, err := r.PackProposal(ctx, id)
	if err != nil {
		return proposal, nil, err
	}
	if proposal.State != store.ProposalOpen {
		return proposal, nil, fault.New(fault.Stale, "store.proposal.settled", "proposal", id)
	}
	same, err := samePerson(ctx, r, by, proposal.ProposedBy)
	if err != nil {
		return proposal, nil, err
	}
	if same {
		return proposal, nil, fault.New(fault.Refused, "registry.proposal.same_person")
	}
	return proposal, files, nil
}

// MaySettle reports whether an account may approve or refuse a proposal: another
// person than the proposer. Others are the accounts that may, of a role.
func (g *Registry) MaySettle(ctx context.Context, by store.AccountID, p store.PackProposal, role string) (may bool, others []store.Account, err error) {
	r := g.office.DB.Reader()
	all, err := r.Accounts(ctx)
	if err != nil {
		return false, nil, err
	}
	for _, a := range all {
		if a.Disabled || !slices.Contains(a.Roles, role) {
			continue
		}
		same, err := samePerson(ctx, r, a.ID, p.ProposedBy)
		if err != nil {
			return false, nil, err
		}
		if same {
			continue
		}
		others = append(others, a)
		may = may || a.ID == by
	}
	return may, others, nil
}

// samePerson compares two accounts by who stands behind them.
func samePerson(ctx context.Context, r *store.Reader, a, b store.AccountID) (bool, error) {
	if a == b {
		return true, nil
	}
	x, err := r.Account(ctx, a)
	if err != nil {
		return false, err
	}
	y, err := r.Account(ctx, b)
	if err != nil {
		return false, err
	}
	return x.Person != "" && x.Person == y.Person, nil
}
