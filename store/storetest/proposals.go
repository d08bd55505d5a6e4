// SPDX-License-Identifier: Apache-2.0

package storetest

import (
	"context"
	"testing"
	"time"

	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/store"
)

func proposals(t *testing.T, b *bench) {
	files := map[string][]byte{"pack.yaml": []byte("pack: xx01\n名称: 某规定\n"), "bin": {0, 255, 10}}
	propose := func(code, hash string) (id string, err error) {
		b.clock.pass(time.Second)
		err = b.Write(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
			id, err = tx.ProposePack(ctx, store.PackProposal{Code: code, Hash: hash, From: monday.AddDays(7), Reason: "改期限", Report: `{"n": 1}`, ProposedBy: "a1"}, files)
			return err
		})
		return id, err
	}
	id := must(propose("xx01", "h1"))(t)
	want := store.PackProposal{ID: id, Code: "xx01", Hash: "h1", From: monday.AddDays(7), Reason: "改期限", Report: `{"n": 1}`,
		ProposedAt: b.clock.recorded(), ProposedBy: "a1", State: store.ProposalOpen}
	got, kept, err := b.Reader().PackProposal(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "proposal", want, got)
	same(t, "its files", files, kept)
	_, err = propose("xx01", "h1")
	isFault(t, "the same again while it is open", err, fault.Refused)
	_, _, err = b.Reader().PackProposal(t.Context(), "none")
	isFault(t, "a proposal that is not there", err, fault.Absent)

	renew := func(id, report string) error {
		return b.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error { return tx.RenewProposal(ctx, id, report) })
	}
	settle := func(id string, state store.ProposalState) error {
		b.clock.pass(time.Second)
		return b.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return tx.SettleProposal(ctx, id, state, "a2", "没有依据")
		})
	}
	if err := renew(id, `{"n": 2}`); err != nil {
		t.Fatal(err)
	}
	isFault(t, "renewing what is not there", renew("none", "{}"), fault.Stale)
	isFault(t, "settling what is not there", settle("none", store.ProposalApproved), fault.Stale)
	if err := settle(id, store.ProposalRefused); err != nil {
		t.Fatal(err)
	}
	want.Report, want.State, want.SettledAt, want.SettledBy, want.SettledWhy = `{"n": 2}`, store.ProposalRefused, b.clock.recorded(), "a2", "没有依据"
	isFault(t, "settling twice", settle(id, store.ProposalApproved), fault.Stale)
	isFault(t, "renewing what is settled", renew(id, "{}"), fault.Stale)

	again := must(propose("xx01", "h1"))(t) // what was refused may be proposed again
	other := must(propose("xx02", "h2"))(t)
	of := func(code string) (ids []string) {
		for _, p := range must(b.Reader().PackProposals(t.Context(), code))(t) {
			ids = append(ids, p.ID)
		}
		return ids
	}
	same(t, "of one pack, the latest first", []string{again, id}, of("xx01"))
	same(t, "of all", []string{other, again, id}, of(""))
	same(t, "of none", nil, of("xx03"))
	same(t, "as it was settled", want, must(b.Reader().PackProposals(t.Context(), "xx01"))(t)[1])
}

func rulesInPlay(t *testing.T, b *bench) {
	owes := func(state store.TermState, kind string) []store.Term {
		return []store.Term{{Key: "k", Term: "answer", Kind: kind, State: state, Due: monday}}
	}
	for id, m := range map[matter.ID]struct {
		change func(*store.Matter)
		terms  []store.Term
		acts   []matter.Event
	}{
		"owed":    {terms: owes(store.Armed, "duty")},
		"late":    {terms: owes(store.Late, "duty"), acts: []matter.Event{{Kind: matter.Done, Act: "ask"}}},
		"stopped": {terms: owes(store.Stopped, "duty")},
		"met":     {terms: owes(store.Met, "duty")},
		"ahead":   {terms: owes(store.Armed, "ahead")},
		"asked":   {acts: []matter.Event{{Kind: matter.Proposed, Act: "ask"}}},
		"started": {acts: []matter.Event{{Kind: matter.Started, Act: "ask"}}},
		"ended":   {change: func(m *store.Matter) { m.Ended = "closed" }, terms: owes(store.Armed, "duty")},
		"version": {change: func(m *store.Matter) { m.PackHash = packHash[:63] + "0" }, terms: owes(store.Armed, "duty")},
		"other":   {change: func(m *store.Matter) { m.Procedure = "other" }, terms: owes(store.Armed, "duty")},
	} {
		b.begin(t, id, func(x *store.Matter) {
			if m.change != nil {
				m.change(x)
			}
		})
		b.replaceTerms(t, id, m.terms...)
		b.write(t, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.AppendEvents(ctx, id, 1, m.acts)
			return steps(err, tx.ReplaceParties(ctx, id, []store.Party{{Party: "handler", Ref: matter.Ref{Unit: org.UnitID("u-" + string(id))}}}))
		})
	}
	rule := func(whole bool, terms, acts []string) store.InPlay {
		return store.InPlay{PackHash: packHash, Procedure: "petition", Whole: whole, Terms: terms, Acts: acts}
	}
	answer, ask, none := []string{"answer"}, []string{"ask", "press"}, []string{"none"}
	for _, c := range []struct {
		name string
		any  []store.InPlay
		want []matter.ID
	}{
		{"a term", []store.InPlay{rule(false, answer, nil)}, []matter.ID{"late", "owed", "stopped"}},
		{"an act", []store.InPlay{rule(false, nil, ask)}, []matter.ID{"asked", "late"}},
		{"either", []store.InPlay{rule(false, answer, ask)}, []matter.ID{"asked", "late", "owed", "stopped"}},
		{"the procedure", []store.InPlay{rule(true, nil, nil)}, []matter.ID{"ahead", "asked", "late", "met", "owed", "started", "stopped"}},
		{"a name of none", []store.InPlay{rule(false, none, none)}, nil},
		{"two versions", []store.InPlay{rule(false, nil, ask), {PackHash: packHash[:63] + "0", Procedure: "petition", Terms: answer}}, []matter.ID{"asked", "late", "version"}},
		{"nothing", []store.InPlay{}, nil},
		{"nothing of a procedure", []store.InPlay{rule(false, nil, nil)}, nil},
	} {
		var got []matter.ID
		for _, id := range []matter.ID{"ahead", "asked", "ended", "late", "met", "other", "owed", "started", "stopped", "version"} {
			f := store.MatterFilter{InPlay: c.any, Units: []org.UnitID{org.UnitID("u-" + string(id))}}
			list, _, err := b.Reader().ListMatters(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range list {
				got = append(got, m.ID)
			}
		}
		same(t, c.name, c.want, got)
		if n := must(b.Reader().CountMatters(t.Context(), store.MatterFilter{InPlay: c.any}))(t); n != len(c.want) {
			t.Errorf("%s: counted %d, want %d", c.name, n, len(c.want))
		}
	}
}
