// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"quanze/core/fault"
	"quanze/core/matter"
)

// AttachmentID names an attachment.
type AttachmentID string

// Attachment is a file that was handed in with an act. Its bytes are in the
// folder of store/blob under SHA256.
type Attachment struct {
	ID AttachmentID
	// Matter is empty while the matter is not begun.
	Matter matter.ID
	// Seq is the event it belongs to, 0 while it is in a draft.
	Seq   int
	Act   string
	Field string
	// Name is what it was called, made safe by blob.SafeName.
	Name       string
	Size       int64
	SHA256     string
	Type       string
	UploadedBy AccountID
	UploadedAt time.Time
}

// AddAttachment records a file whose bytes are on disk already: blob.Folder.Put
// comes first, so that no row ever names bytes that are not there. ID and
// UploadedAt are the store's; the ID is returned.
func (tx *Tx) AddAttachment(ctx context.Context, a Attachment) (AttachmentID, error) {
	a.ID = AttachmentID(NewID(tx.At))
	var seq any
	if a.Seq > 0 {
		seq = a.Seq
	}
	_, err := tx.session.exec(ctx, `insert into attachments (id, matter_id, seq, act, field, name, size, sha256, type, uploaded_by, uploaded_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		string(a.ID), string(a.Matter), seq, a.Act, a.Field, a.Name, a.Size, a.SHA256, a.Type, string(a.UploadedBy), micros(tx.At))
	if err != nil {
		return "", fmt.Errorf("recording attachment %s: %w", a.SHA256, err)
	}
	return a.ID, nil
}

// BindAttachments gives drafted attachments to the event that they came with:
// in the transaction that records it. One that is another's, is bound already
// or is not there is a Stale fault.
func (tx *Tx) BindAttachments(ctx context.Context, by AccountID, id matter.ID, seq int, ids ...AttachmentID) error {
	if len(ids) == 0 {
		return nil
	}
	w := new(where)
	w.args = []any{string(id), seq, string(by)}
	in(w, "id", ids)
	n, err := tx.session.exec(ctx, `update attachments set matter_id = $1, seq = $2`+w.text()+
		` and uploaded_by = $3 and seq is null and matter_id in ('', $1)`, w.args...)
	if err != nil {
		return fmt.Errorf("binding attachments to matter %s: %w", id, err)
	}
	if int(n) != len(ids) {
		return fault.New(fault.Stale, "store.attachment.stale")
	}
	return nil
}

// DropAttachment removes a drafted attachment of an account. The bytes stay
// until nothing names them: see AttachmentHashes.
func (tx *Tx) DropAttachment(ctx context.Context, by AccountID, id AttachmentID) error {
	_, err := tx.session.exec(ctx, `delete from attachments where id = $1 and uploaded_by = $2 and seq is null`, string(id), string(by))
	if err != nil {
		return fmt.Errorf("dropping attachment %s: %w", id, err)
	}
	return nil
}

const attachmentColumns = `id, matter_id, coalesce(seq, 0), act, field, name, size, sha256, type, uploaded_by, uploaded_at`

func scanAttachment(rows *sql.Rows, a *Attachment) error {
	return rows.Scan(&a.ID, &a.Matter, &a.Seq, &a.Act, &a.Field, &a.Name, &a.Size, &a.SHA256, &a.Type, &a.UploadedBy, toTime{&a.UploadedAt})
}

// Attachment returns one attachment, or an Absent fault.
func (r *Reader) Attachment(ctx context.Context, id AttachmentID) (Attachment, error) {
	a, found, err := one(ctx, r.session, scanAttachment, `select `+attachmentColumns+` from attachments where id = $1`, string(id))
	if err != nil {
		return Attachment{}, fmt.Errorf("attachment %s: %w", id, err)
	}
	if !found {
		return Attachment{}, fault.New(fault.Absent, "store.attachment.absent")
	}
	return a, nil
}

// Attachments lists what belongs to the events of a matter, in order of event.
func (r *Reader) Attachments(ctx context.Context, id matter.ID) ([]Attachment, error) {
	all, err := list(ctx, r.session, scanAttachment, `select `+attachmentColumns+` from attachments
		where matter_id = $1 and seq is not null order by seq, id`, string(id))
	if err != nil {
		return nil, fmt.Errorf("attachments of matter %s: %w", id, err)
	}
	return all, nil
}

// DraftedAttachments lists what an account has handed in for an act not done.
func (r *Reader) DraftedAttachments(ctx context.Context, by AccountID, id matter.ID, act string) ([]Attachment, error) {
	all, err := list(ctx, r.session, scanAttachment, `select `+attachmentColumns+` from attachments
		where matter_id = $1 and uploaded_by = $2 and act = $3 and seq is null order by id`, string(id), string(by), act)
	if err != nil {
		return nil, fmt.Errorf("drafted attachments: %w", err)
	}
	return all, nil
}

// AttachmentHashes lists the hashes of all bytes that some attachment names:
// what a check of the folder compares with.
func (r *Reader) AttachmentHashes(ctx context.Context) ([]string, error) {
	all, err := list(ctx, r.session, scanString, `select distinct sha256 from attachments order by sha256`)
	if err != nil {
		return nil, fmt.Errorf("listing attachments: %w", err)
	}
	return all, nil
}
