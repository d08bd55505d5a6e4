// SPDX-License-Identifier: Apache-2.0

package casework_test

import (
	"io"
	"strings"
	"testing"

	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/core/rulepack/expr"
	"quanze/office/casework"
	"quanze/office/officetest"
	"quanze/store"
	"quanze/store/storetest"
)

func (b *bench) attach(person string, id matter.ID, act, field, text string) store.Attachment {
	b.t.Helper()
	a, err := b.desk.Attach(b.t.Context(), of(person), id, casework.Handed{Act: act, Field: field, Name: "../a note.txt", Body: strings.NewReader(text), Limit: 1000})
	if err != nil {
		b.t.Fatal(err)
	}
	return a
}

func (b *bench) state(id matter.ID, files ...store.AttachmentID) error {
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = string(f)
	}
	return b.desk.Do(b.t.Context(), of("teacher"), id, matter.Command{Act: "state", Party: "teacher", On: b.Today(),
		Fields: with(officetest.Fields("text", "said"), "proof", expr.OfSet(names...))})
}

func (b *bench) read(v *casework.View, id store.AttachmentID) (string, error) {
	b.t.Helper()
	_, f, err := b.desk.File(b.t.Context(), v, id)
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	return string(text), err
}

func (b *bench) names(v *casework.View) map[store.AttachmentID]int {
	b.t.Helper()
	all, err := b.desk.Files(b.t.Context(), v)
	if err != nil {
		b.t.Fatal(err)
	}
	out := map[store.AttachmentID]int{}
	for _, a := range all {
		out[a.ID] = a.Seq
	}
	return out
}

func TestAFileBelongsToItsEvent(t *testing.T) {
	b := newBench(t, "")
	id := b.Open()
	b.Team(id)
	first, second := b.attach("teacher", id, "state", "proof", "the first"), b.attach("teacher", id, "state", "proof", "the second")
	if first.ID == second.ID || first.Name != "a note.txt" || first.Type != "text/plain" || first.Size != 9 || first.UploadedBy != of("teacher").ID {
		t.Errorf("%+v", first)
	}
	same(t, "while drafted", map[store.AttachmentID]int{}, b.names(b.see("clerk", id)))
	if _, err := b.read(b.see("teacher", id), first.ID); !fault.Is(err, fault.Absent) {
		t.Errorf("a drafted file opens: %v", err)
	}
	if err := b.state(id, first.ID, second.ID, first.ID); err != nil { // a form may name a file twice
		t.Fatal(err)
	}
	b.InOrder(id)
	own := b.see("teacher", id)
	seq := own.Events[len(own.Events)-1].Seq
	want := map[store.AttachmentID]int{first.ID: seq, second.ID: seq}
	same(t, "his own", want, b.names(own))
	same(t, "who works on it", want, b.names(b.see("clerk", id)))
	for _, person := range []string{"teacher", "clerk", "mayor"} {
		text, err := b.read(b.see(person, id), second.ID)
		if err != nil || text != "the second" {
			t.Errorf("%s reads %q, %v", person, text, err)
		}
	}
}

// What is handed in by those who work on a matter is not the respondent's to
// open, by its number either; and a number of one matter opens nothing in another.
func TestAFileIsForThoseWhoSeeItsEvent(t *testing.T) {
	b := newBench(t, "")
	id, other := b.Open(), b.Open()
	b.Team(id)
	b.Team(other)
	proof := b.attach("clerk", id, "inquire", "proof", "of the inquiry")
	if err := b.desk.Do(t.Context(), of("clerk"), id, matter.Command{Act: "inquire", Staff: people("officer"), On: b.Today(),
		Fields: with(officetest.Fields("record", "x"), "proof", expr.OfSet(string(proof.ID)))}); err != nil {
		t.Fatal(err)
	}
	if text, err := b.read(b.see("officer", id), proof.ID); err != nil || text != "of the inquiry" {
		t.Errorf("the officer reads %q, %v", text, err)
	}
	same(t, "the teacher's files", map[store.AttachmentID]int{}, b.names(b.see("teacher", id)))
	if _, err := b.read(b.see("teacher", id), proof.ID); !fault.Is(err, fault.Absent) {
		t.Errorf("the teacher reads it: %v", err)
	}
	if _, err := b.read(b.see("clerk", other), proof.ID); !fault.Is(err, fault.Absent) {
		t.Errorf("it opens in another matter: %v", err)
	}
}

// engines runs a test on both: starting a server takes longer than all else, so
// only what rests on how a transaction ends is run on PostgreSQL here.
func engines(t *testing.T, run func(t *testing.T, b *bench)) {
	t.Run("sqlite", func(t *testing.T) { run(t, newBench(t, "")) })
	t.Run("postgres", func(t *testing.T) {
		if testing.Short() {
			t.Skip("-short")
		}
		run(t, newBench(t, storetest.Postgres(t)))
	})
}

// Files that are another's, another matter's, taken already or not there are
// refused as stale, and nothing of the act is recorded.
func TestAFileThatCannotBeBoundStopsItsAct(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		id, other := b.Open(), b.Open()
		b.Team(id)
		b.Team(other)
		good := b.attach("teacher", id, "state", "proof", "mine").ID
		taken := b.attach("teacher", id, "state", "proof", "taken").ID
		if err := b.state(id, taken); err != nil {
			t.Fatal(err)
		}
		key := store.DraftKey{Account: of("teacher").ID, Matter: id, Act: "state", Party: "teacher"}
		if err := b.desk.KeepDraft(t.Context(), key, "{}"); err != nil {
			t.Fatal(err)
		}
		before := b.events(id)
		for name, file := range map[string]store.AttachmentID{
			"another account's": b.attach("clerk", id, "state", "proof", "not mine").ID,
			"another matter's":  b.attach("teacher", other, "state", "proof", "elsewhere").ID,
			"taken already":     taken, "not there": "nothing",
		} {
			if err := b.state(id, good, file); !fault.Is(err, fault.Stale) {
				t.Errorf("%s: %v", name, err)
			}
			b.InOrder(id)
			if after := b.events(id); after != before {
				t.Fatalf("%s: %d events, then %d", name, before, after)
			}
		}
		if _, found, err := b.DB.Reader().Draft(t.Context(), key); !found || err != nil {
			t.Errorf("the draft went with an act that was not done (%v)", err)
		}
		if err := b.state(id, good); err != nil {
			t.Errorf("the good one, after all: %v", err)
		}
	})
}

// A file may be handed in before there is a matter to name.
func TestAFileOfNoMatterYet(t *testing.T) {
	b := newBench(t, "")
	id := b.Open()
	b.Team(id)
	early := b.attach("teacher", "", "state", "proof", "before there was a matter")
	if err := b.state(id, early.ID); err != nil {
		t.Errorf("a file handed in without a matter: %v", err)
	}
	if text, err := b.read(b.see("clerk", id), early.ID); err != nil || text != "before there was a matter" {
		t.Errorf("%q, %v", text, err)
	}
}

func TestWhatIsNoFileIsNotKept(t *testing.T) {
	b := newBench(t, "")
	id := b.Open()
	for name, tt := range map[string]struct {
		text string
		kind fault.Kind
	}{"too large": {strings.Repeat("x", 11), fault.TooLarge}, "empty": {"", fault.Invalid}, "a page": {"<html>hi", fault.Invalid}, "a program": {"\x7fELF\x02\x01\x01", fault.Invalid}} {
		_, err := b.desk.Attach(t.Context(), of("clerk"), id, casework.Handed{Act: "inquire", Field: "proof", Name: "x.txt", Body: strings.NewReader(tt.text), Limit: 10})
		if !fault.Is(err, tt.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
	kept, err := b.files.List()
	drafted, err2 := b.DB.Reader().DraftedAttachments(t.Context(), of("clerk").ID, id, "inquire")
	if len(kept)+len(drafted) != 0 || err != nil || err2 != nil {
		t.Errorf("kept %v and %v (%v, %v)", kept, drafted, err, err2)
	}
}

// Bytes that are gone are our own failure, not an absence to tell a person of.
func TestBytesThatAreGone(t *testing.T) {
	b := newBench(t, "")
	id := b.Open()
	b.Team(id)
	a := b.attach("teacher", id, "state", "proof", "soon gone")
	if err := b.state(id, a.ID); err != nil {
		t.Fatal(err)
	}
	if err := b.files.Remove(a.SHA256); err != nil {
		t.Fatal(err)
	}
	if _, err := b.read(b.see("teacher", id), a.ID); err == nil || fault.Of(err) != nil {
		t.Errorf("got %v", err)
	}
}
