// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"quanze/core/calendar"
	"quanze/core/fault"
)

// ProposalState is where a proposed version of a pack stands.
type ProposalState string

// The states of a proposal.
const (
	ProposalOpen     ProposalState = "open"
	ProposalApproved ProposalState = "approved"
	ProposalRefused  ProposalState = "refused"
)

// PackProposal is a version of a pack that one person proposed and another
// settles.
type PackProposal struct {
	ID   string
	Code string
	Hash string
	From calendar.Date
	// Reason is why, Report what the checker said and which running matters the
	// version touches, as they were shown.
	Reason     string
	Report     string
	ProposedAt time.Time
	ProposedBy AccountID
	State      ProposalState
	SettledAt  time.Time
	SettledBy  AccountID
	SettledWhy string
}

// ProposePack keeps a proposed version. ID, ProposedAt and State are the store's.
func (tx *Tx) ProposePack(ctx context.Context, p PackProposal, files map[string][]byte) (string, error) {
	body, err := asJSON(files)
	if err != nil {
		return "", err
	}
	id := NewID(tx.At)
	n, err := tx.session.exec(ctx, `insert into pack_proposals (id, code, hash, files, from_day, reason, report, proposed_at, proposed_by, state, settled_by, settled_why)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', '') on conflict (hash) where state = 'open' do nothing`,
		id, p.Code, p.Hash, body, day(p.From), p.Reason, p.Report, micros(tx.At), string(p.ProposedBy), string(ProposalOpen))
	if err != nil {
		return "", fmt.Errorf("proposing pack %s: %w", p.Code, err)
	}
	if n == 0 {
		return "", fault.New(fault.Refused, "store.proposal.open", "pack", p.Code)
	}
	return id, nil
}

// RenewProposal keeps a fresh report with an open proposal: matters have begun
// and ended since it was made.
func (tx *Tx) RenewProposal(ctx context.Context, id, report string) error {
	n, err := tx.session.exec(ctx, `update pack_proposals set report = $1 where id = $2 and state = $3`, report, id, string(ProposalOpen))
	if err != nil {
		return fmt.Errorf("renewing proposal %s: %w", id, err)
	}
	if n == 0 {
		return fault.New(fault.Stale, "store.proposal.settled", "proposal", id)
	}
	return nil
}

// SettleProposal approves or refuses an open proposal. SettledAt is the store's.
func (tx *Tx) SettleProposal(ctx context.Context, id string, state ProposalState, by AccountID, why string) error {
	n, err := tx.session.exec(ctx, `update pack_proposals set state = $1, settled_at = $2, settled_by = $3, settled_why = $4 where id = $5 and state = $6`,
		string(state), micros(tx.At), string(by), why, id, string(ProposalOpen))
	if err != nil {
		return fmt.Errorf("settling proposal %s: %w", id, err)
	}
	if n == 0 {
		return fault.New(fault.Stale, "store.proposal.settled", "proposal", id)
	}
	return nil
}

const proposalColumns = `p.id, p.code, p.hash, p.from_day, p.reason, p.report, p.proposed_at, p.proposed_by, p.state, p.settled_at, p.settled_by, p.settled_why`

func (p *PackProposal) targets() []any {
	return []any{&p.ID, &p.Code, &p.Hash, toDay{&p.From}, &p.Reason, &p.Report, toTime{&p.ProposedAt}, &p.ProposedBy, &p.State,
		toTime{&p.SettledAt}, &p.SettledBy, &p.SettledWhy}
}

// PackProposal returns a proposal with the files it proposes.
func (r *Reader) PackProposal(ctx context.Context, id string) (PackProposal, map[string][]byte, error) {
	type proposed struct {
		PackProposal
		files map[string][]byte
	}
	p, found, err := one(ctx, r.session, func(rows *sql.Rows, p *proposed) error {
		var body string
		if err := rows.Scan(append(p.targets(), &body)...); err != nil {
			return err
		}
		return json.Unmarshal([]byte(body), &p.files)
	}, `select `+proposalColumns+`, p.files from pack_proposals p where p.id = $1`, id)
	if err != nil {
		return PackProposal{}, nil, fmt.Errorf("proposal %s: %w", id, err)
	}
	if !found {
		return PackProposal{}, nil, fault.New(fault.Absent, "store.proposal.absent", "proposal", id)
	}
	return p.PackProposal, p.files, nil
}

// PackProposals lists the proposals for a pack, the latest first; an empty code
// means every pack.
func (r *Reader) PackProposals(ctx context.Context, code string) ([]PackProposal, error) {
	w := new(where)
	if code != "" {
		w.add("p.code = ?", code)
	}
	all, err := list(ctx, r.session, func(rows *sql.Rows, p *PackProposal) error { return rows.Scan(p.targets()...) },
		`select `+proposalColumns+` from pack_proposals p`+w.text()+` order by p.proposed_at desc, p.id desc`, w.args...)
	if err != nil {
		return nil, fmt.Errorf("listing proposals: %w", err)
	}
	return all, nil
}
