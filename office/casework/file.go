// SPDX-License-Identifier: Apache-2.0

package casework

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"

	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/core/rulepack"
	"quanze/store"
	"quanze/store/blob"
)

// Handed is a file as it comes in with a form.
type Handed struct {
	Act   string
	Field string
	Name  string
	Body  io.Reader
	Limit int64
}

// Attach stores a file for a form that is still being filled in. Its bytes are
// on disk before any row names them.
func (d *Desk) Attach(ctx context.Context, a store.Account, id matter.ID, h Handed) (store.Attachment, error) {
	kept, err := d.files.Put(h.Body, h.Limit, blob.DefaultTypes()...)
	if err != nil {
		return store.Attachment{}, err
	}
	out := store.Attachment{Matter: id, Act: h.Act, Field: h.Field, Name: blob.SafeName(h.Name), Size: kept.Size, SHA256: kept.SHA256, Type: kept.Type, UploadedBy: a.ID}
	err = d.office.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		out.ID, err = tx.AddAttachment(ctx, out)
		return err
	})
	return out, err
}

// bind gives the files that an act names to its event: they were handed in by
// the same account, and belong to nothing else. What was handed in with a
// proposal is bound to it, and not again by its approval.
func bind(ctx context.Context, tx *store.Tx, by store.AccountID, proc *rulepack.Procedure, id matter.ID, recorded []store.Recorded) error {
	for _, e := range recorded {
		act := proc.Act(e.Act)
		if act == nil || (e.Kind != matter.Proposed && (e.Kind != matter.Done || len(act.Approved) > 0)) {
			continue
		}
		var ids []store.AttachmentID
		for _, f := range act.Fields() {
			if f.Type == rulepack.FieldFile {
				for _, file := range e.Fields[f.ID].Set() {
					ids = append(ids, store.AttachmentID(file))
				}
			}
		}
		if err := tx.BindAttachments(ctx, by, id, e.Seq, ids...); err != nil {
			return fmt.Errorf("files of event %d: %w", e.Seq, err)
		}
	}
	return nil
}

// Files lists the files of a matter that belong to what the viewer may see.
func (d *Desk) Files(ctx context.Context, v *View) ([]store.Attachment, error) {
	all, err := d.office.DB.Reader().Attachments(ctx, v.ID)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(a store.Attachment) bool {
		return a.Seq == 0 || !slices.ContainsFunc(v.Events, func(e store.Recorded) bool { return e.Seq == a.Seq })
	}), nil
}

// File opens a file of a matter for one who may see it.
func (d *Desk) File(ctx context.Context, v *View, id store.AttachmentID) (store.Attachment, *os.File, error) {
	all, err := d.Files(ctx, v)
	if err != nil {
		return store.Attachment{}, nil, err
	}
	i := slices.IndexFunc(all, func(a store.Attachment) bool { return a.ID == id })
	if i < 0 {
		return store.Attachment{}, nil, fault.New(fault.Absent, "file.absent")
	}
	f, err := d.files.Open(all[i].SHA256)
	if fault.Is(err, fault.Absent) { // ours to answer for: not wrapped, so that nobody is told there was no such file
		return all[i], nil, fmt.Errorf("attachment %s: its bytes %s are gone", id, all[i].SHA256)
	}
	return all[i], f, err
}
