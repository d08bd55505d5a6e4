// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"quanze/core/fault"
	"quanze/core/ledger"
	"quanze/core/matter"
)

// An event commits to the JSON it is kept in, cut at its top: each key of the
// event is a field, and each key of its "fields" is one too, named
// "fields.KEY". So one field of a form can be opened alone. The kind stands in
// the leaf itself.

// commit draws the salts of an event and returns its commitment.
func commit(h *head, prev ledger.Hash, e matter.Event, at time.Time, body []byte) (ledger.Hash, []byte, error) {
	fields, err := cutFields(body)
	if err != nil {
		return ledger.Hash{}, nil, err
	}
	raw := make([]byte, len(fields)*len(ledger.Salt{}))
	rand.Read(raw) //nolint:errcheck // crypto/rand never fails: it ends the program first
	leaf, err := ledger.Commit(h.entry(prev, string(e.Kind), at, fields), salts(raw))
	if err != nil {
		return ledger.Hash{}, nil, err
	}
	return leaf.Commitment(), raw, nil
}

func (h *head) entry(prev ledger.Hash, kind string, at time.Time, fields []ledger.Field) ledger.Entry {
	return ledger.Entry{Pseudonym: h.pseudonym, Kind: kind, At: at, Pack: h.packHash, Prev: prev, Fields: fields}
}

func salts(raw []byte) []ledger.Salt {
	out := make([]ledger.Salt, len(raw)/len(ledger.Salt{}))
	for i := range out {
		copy(out[i][:], raw[i*len(ledger.Salt{}):])
	}
	return out
}

// cutFields cuts an event's JSON into its fields, in order of name.
func cutFields(body []byte) ([]ledger.Field, error) {
	var top, form map[string]json.RawMessage
	if err := json.Unmarshal(body, &top); err != nil {
		return nil, err
	}
	delete(top, "kind")
	if raw, ok := top["fields"]; ok {
		if err := json.Unmarshal(raw, &form); err != nil {
			return nil, err
		}
		delete(top, "fields")
	}
	out := make([]ledger.Field, 0, len(top)+len(form))
	for name, value := range top {
		out = append(out, ledger.Field{Name: name, Value: value})
	}
	for name, value := range form {
		out = append(out, ledger.Field{Name: "fields." + name, Value: value})
	}
	slices.SortFunc(out, func(a, b ledger.Field) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

// secret is an event with all that its commitment was made of.
type secret struct {
	seq              int
	entry            ledger.Entry
	salts            []ledger.Salt
	commitment       ledger.Hash
	erased, mismatch bool
}

// secrets reads back what the commitments of a matter were made of.
func (r *Reader) secrets(ctx context.Context, id matter.ID, condition string, args ...any) ([]secret, error) {
	all, err := list(ctx, r.session, func(rows *sql.Rows, s *secret) error {
		var body, packHash string
		var raw, pseudonym []byte
		var h head
		if err := rows.Scan(&s.seq, &s.entry.Kind, toTime{&s.entry.At}, &body, toHash{&s.entry.Prev}, toHash{&s.commitment}, &raw, &pseudonym, &packHash); err != nil {
			return err
		}
		copy(h.pseudonym[:], pseudonym)
		h.packHash = packHash
		fields, err := cutFields([]byte(body))
		if err != nil {
			return err
		}
		s.entry = h.entry(s.entry.Prev, s.entry.Kind, s.entry.At, fields)
		s.salts, s.erased = salts(raw), raw == nil
		if !s.erased {
			leaf, err := ledger.Commit(s.entry, s.salts)
			s.mismatch = err != nil || leaf.Commitment() != s.commitment
		}
		return nil
	}, `select e.seq, e.kind, e.recorded_at, e.body, e.prev, e.commitment, s.salts, m.pseudonym, m.pack_hash
		from events e join matters m on m.id = e.matter_id
		left join event_secret s on s.matter_id = e.matter_id and s.seq = e.seq
		where e.matter_id = $1`+condition+` order by e.seq`, append([]any{string(id)}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("commitments of matter %s: %w", id, err)
	}
	return all, nil
}

// VerifyMatter recomputes every commitment of a matter and the chain between
// them. It returns the number of the first event that does not agree, 0 where
// all do. An event whose salts were erased is checked by the chain alone.
func (r *Reader) VerifyMatter(ctx context.Context, id matter.ID) (broken int, err error) {
	all, err := r.secrets(ctx, id, "")
	if err != nil {
		return 0, err
	}
	var prev ledger.Hash
	for i, s := range all {
		if s.mismatch || s.seq != i+1 || s.entry.Prev != prev {
			return s.seq, nil
		}
		prev = s.commitment
	}
	return 0, nil
}

// Open returns the opening of one event that shows the named fields: what a
// party may be handed so that he can check it against the commitment.
func (r *Reader) Open(ctx context.Context, id matter.ID, seq int, names ...string) (ledger.Opening, ledger.Hash, error) {
	all, err := r.secrets(ctx, id, " and e.seq = $2", seq)
	if err != nil {
		return ledger.Opening{}, ledger.Hash{}, err
	}
	if len(all) == 0 || all[0].erased {
		return ledger.Opening{}, ledger.Hash{}, fault.New(fault.Absent, "store.event.absent", "matter", string(id))
	}
	opening, err := ledger.Open(all[0].entry, all[0].salts, names...)
	return opening, all[0].commitment, err
}
