// SPDX-License-Identifier: Apache-2.0

package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"quanze/core/fault"
	"quanze/store"
)

func attachments(t *testing.T, b *bench) {
	b.begin(t, "m1")
	want := store.Attachment{Act: "receive", Field: "paper", Name: "来信.pdf", Size: 1 << 40, SHA256: packHash, Type: "application/pdf",
		UploadedBy: "a1", UploadedAt: b.clock.recorded()}
	add := func(a store.Attachment) (id store.AttachmentID) {
		t.Helper()
		b.write(t, func(ctx context.Context, tx *store.Tx) (err error) {
			id, err = tx.AddAttachment(ctx, a)
			return err
		})
		return id
	}
	want.ID = add(want)
	same(t, "drafted", []store.Attachment{want}, must(b.Reader().DraftedAttachments(t.Context(), "a1", "", "receive"))(t))
	if n := len(must(b.Reader().DraftedAttachments(t.Context(), "a2", "", "receive"))(t)); n != 0 {
		t.Errorf("another sees %d of them", n)
	}
	bind := func(by store.AccountID, ids ...store.AttachmentID) error {
		return b.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error { return tx.BindAttachments(ctx, by, "m1", 1, ids...) })
	}
	isFault(t, "binding another's", bind("a2", want.ID), fault.Stale)
	if err := steps(bind("a1"), bind("a1", want.ID)); err != nil {
		t.Fatal(err)
	}
	isFault(t, "binding twice", bind("a1", want.ID), fault.Stale)
	want.Matter, want.Seq = "m1", 1
	same(t, "bound", []store.Attachment{want}, must(b.Reader().Attachments(t.Context(), "m1"))(t))
	same(t, "one", want, must(b.Reader().Attachment(t.Context(), want.ID))(t))

	drop := add(store.Attachment{Matter: "m1", Act: "reply", SHA256: "other", UploadedBy: "a1"})
	for _, id := range []store.AttachmentID{drop, want.ID} {
		b.write(t, func(ctx context.Context, tx *store.Tx) error {
			return steps(tx.DropAttachment(ctx, "a2", id), tx.DropAttachment(ctx, "a1", id))
		})
	}
	_, err := b.Reader().Attachment(t.Context(), drop)
	isFault(t, "a dropped draft", err, fault.Absent)
	same(t, "hashes: what is bound is not dropped", []string{packHash}, must(b.Reader().AttachmentHashes(t.Context()))(t))
}

func jobs(t *testing.T, b *bench) {
	put := func(id store.JobID, kind string, after time.Duration) (fresh bool) {
		t.Helper()
		b.write(t, func(ctx context.Context, tx *store.Tx) (err error) {
			j := store.Job{ID: id, Kind: kind, Payload: `{"号": 1}`}
			if after > 0 {
				j.RunAt = tx.At.Add(after)
			}
			fresh, err = tx.Enqueue(ctx, j)
			return err
		})
		return fresh
	}
	claim := func(limit int, kinds ...string) (out []store.Job) {
		t.Helper()
		b.write(t, func(ctx context.Context, tx *store.Tx) (err error) {
			out, err = tx.ClaimJobs(ctx, time.Minute, limit, kinds...)
			return err
		})
		return out
	}
	end := func(j store.Job, fn func(*store.Tx) func(context.Context) error) error {
		return b.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error { return fn(tx)(ctx) })
	}
	complete := func(j store.Job) error {
		return end(j, func(tx *store.Tx) func(context.Context) error {
			return func(ctx context.Context) error { return tx.CompleteJob(ctx, j) }
		})
	}
	if !put("m1/1", "paper", 0) || put("m1/1", "paper", 0) {
		t.Error("a job is put in once")
	}
	put("m1/2", "mail", 0)
	put("m1/3", "paper", time.Hour)
	if none := claim(9); len(none) != 0 {
		t.Errorf("claimed %d jobs of no kind", len(none))
	}
	got := claim(9, "paper", "other")
	if len(got) != 1 || got[0].ID != "m1/1" || got[0].Tries != 1 || got[0].Payload != `{"号": 1}` || !got[0].CreatedAt.Equal(b.clock.recorded()) {
		t.Fatalf("claimed %+v", got)
	}
	if again := claim(9, "paper"); len(again) != 0 {
		t.Error("a leased job was claimed again")
	}
	b.clock.pass(2 * time.Minute)
	second := claim(9, "paper")
	if len(second) != 1 || second[0].Tries != 2 {
		t.Fatalf("after its lease: %+v", second)
	}
	isFault(t, "the first claimer comes too late", complete(got[0]), fault.Stale)
	if err := complete(second[0]); err != nil {
		t.Error(err)
	}
	isFault(t, "ending it twice", complete(second[0]), fault.Stale)

	mail := claim(9, "mail")[0]
	fail := func(j store.Job, retry time.Duration) {
		t.Helper()
		b.write(t, func(ctx context.Context, tx *store.Tx) error { return tx.FailJob(ctx, j, "原因", retry) })
	}
	fail(mail, time.Hour)
	if early := claim(9, "mail"); len(early) != 0 {
		t.Error("a failed job ran before its time")
	}
	b.clock.pass(time.Hour)
	fail(claim(9, "mail")[0], 0)
	failed := must(b.Reader().FailedJobs(t.Context(), 9))(t)
	if len(failed) != 1 || failed[0].Error != "原因" || failed[0].Tries != 2 || failed[0].State != store.JobFailed {
		t.Errorf("failed for good: %+v", failed)
	}
	backlog := must(b.Reader().Backlog(t.Context()))(t)
	if backlog.Ready != 1 || backlog.Failed != 1 || backlog.Oldest.IsZero() {
		t.Errorf("backlog %+v", backlog)
	}
	b.write(t, func(ctx context.Context, tx *store.Tx) error { return tx.RetryJob(ctx, "m1/2") })
	if both := claim(9, "mail", "paper"); len(both) != 2 || both[0].ID != "m1/2" {
		t.Errorf("in the order they were put in: %+v", both)
	}
	b.write(t, func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.ForgetJobs(ctx, tx.At)
		if n != 1 {
			t.Errorf("forgot %d jobs, want the one that is done", n)
		}
		return err
	})
}

func heartbeats(t *testing.T, b *bench) {
	for i := range 2 {
		b.clock.pass(time.Minute)
		b.write(t, func(ctx context.Context, tx *store.Tx) error {
			return tx.Beat(ctx, store.Heartbeat{Name: "terms", Took: 1500 * time.Microsecond, Scanned: 10 + i, Acted: i, Note: "注"})
		})
	}
	same(t, "heartbeats", []store.Heartbeat{{Name: "terms", At: b.clock.recorded(), Took: 1500 * time.Microsecond, Scanned: 11, Acted: 1, Note: "注"}},
		must(b.Reader().Heartbeats(t.Context()))(t))

	take := func(holder string) (l store.Lease, held bool) {
		t.Helper()
		b.write(t, func(ctx context.Context, tx *store.Tx) (err error) {
			l, held, err = tx.TakeLease(ctx, "timers", holder, time.Minute)
			return err
		})
		return l, held
	}
	fence := func(l store.Lease) error {
		return b.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error { return tx.Fence(ctx, l) })
	}
	first, held := take("node1")
	if !held || first.Fence != 1 || fence(first) != nil {
		t.Errorf("the first taker: %+v, %v, %v", first, held, fence(first))
	}
	if other, held := take("node2"); held || other.Holder != "node1" {
		t.Errorf("another took it: %+v", other)
	}
	b.clock.pass(30 * time.Second)
	if longer, held := take("node1"); !held || longer.Fence != 1 || !longer.ExpiresAt.After(first.ExpiresAt) {
		t.Errorf("prolonged: %+v, %v", longer, held)
	}
	b.clock.pass(61 * time.Second)
	isFault(t, "a holder that slept", fence(first), fault.Stale)
	second, held := take("node2")
	if !held || second.Fence != 2 {
		t.Errorf("the next taker: %+v, %v", second, held)
	}
	isFault(t, "the holder before", fence(first), fault.Stale)
	b.write(t, func(ctx context.Context, tx *store.Tx) error {
		return steps(tx.DropLease(ctx, first), tx.Fence(ctx, second))
	})
	b.write(t, func(ctx context.Context, tx *store.Tx) error { return tx.DropLease(ctx, second) })
	if third, held := take("node2"); !held || third.Fence != 3 {
		t.Errorf("after it was dropped: %+v, %v", third, held)
	}
	isFault(t, "an earlier lease of the same holder", fence(second), fault.Stale)
}

func library(t *testing.T, b *bench) {
	want := store.Document{ID: "d1", Title: "某某办法", Number: "某发〔2026〕1号", Issuer: "某机关", IssuedOn: monday, Status: "proposed", Tree: `{"a": []}`,
		Defects: `[]`, Extra: `{}`, Source: []byte{0xff, 0, 0xe6}, SourceName: "a.txt", SourceHash: "h", ImportedAt: b.clock.recorded(), ImportedBy: "a1"}
	put := func(d store.Document, anchors ...store.Anchor) {
		t.Helper()
		b.write(t, func(ctx context.Context, tx *store.Tx) error { return tx.PutDocument(ctx, d, anchors) })
	}
	put(want, store.Anchor{Anchor: "a1", Heading: "第一条", Text: "旧文"})
	want.Status = "settled"
	put(want, store.Anchor{Anchor: "a1", Heading: "第一条", Text: "新文"}, store.Anchor{Anchor: "a2", Text: "另一条"})
	same(t, "document", want, must(b.Reader().Document(t.Context(), "d1"))(t))
	want.Tree, want.Source = "", nil
	same(t, "list", []store.Document{want}, must(b.Reader().Documents(t.Context()))(t))
	same(t, "anchor", store.Anchor{Anchor: "a1", Heading: "第一条", Text: "新文"}, must(b.Reader().Anchor(t.Context(), "d1", "a1"))(t))
	_, err := b.Reader().Anchor(t.Context(), "d1", "a3")
	isFault(t, "an anchor that is not there", err, fault.Absent)
	if hits, _, err := b.Reader().Search(t.Context(), store.SearchFilter{Query: "旧文"}); len(hits) != 0 || err != nil {
		t.Errorf("a text that was replaced is found: %+v, %v", hits, err)
	}
	b.write(t, func(ctx context.Context, tx *store.Tx) error { return tx.RemoveDocument(ctx, "d1") })
	_, err = b.Reader().Document(t.Context(), "d1")
	isFault(t, "a document that was removed", err, fault.Absent)

	b.write(t, func(ctx context.Context, tx *store.Tx) error {
		return steps(tx.SettleSubstitution(ctx, store.Substitution{Printed: "己", Meant: "已", Reason: "r", SettledBy: "a1"}),
			tx.SettleSubstitution(ctx, store.Substitution{Printed: "己", Meant: "已经", Reason: "r2", SettledBy: "a2"}))
	})
	same(t, "substitutions", []store.Substitution{{Printed: "己", Meant: "已经", Reason: "r2", SettledAt: b.clock.recorded(), SettledBy: "a2"}},
		must(b.Reader().Substitutions(t.Context()))(t))
}

func search(t *testing.T, b *bench) {
	texts := []string{
		"信访事项应当受理。", "受理听证申请", "听证会在十五日内举行，ＡＢＣ１２ 号", "访信", "Appeal within 15 working days", "𠮷祥", "末字为项", "信访，事项",
	}
	var anchors []store.Anchor
	for i, text := range texts {
		anchors = append(anchors, store.Anchor{Anchor: fmt.Sprint(i), Text: text})
	}
	b.write(t, func(ctx context.Context, tx *store.Tx) error {
		return steps(tx.PutDocument(ctx, store.Document{ID: "d1", Title: "一"}, anchors),
			tx.PutDocument(ctx, store.Document{ID: "d2", Title: "二"}, anchors[:2]))
	})
	find := func(f store.SearchFilter) string {
		t.Helper()
		var out []string
		f.Page = store.Page{Limit: 2}
		for {
			page, next, err := b.Reader().Search(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range page {
				out = append(out, string(h.Document)+"/"+h.Anchor.Anchor)
			}
			if f.Page.After = next; next == "" {
				return strings.Join(out, " ")
			}
		}
	}
	for query, want := range map[string]string{
		"听证": "d1/1 d1/2 d2/1", "听证会": "d1/2", "信访": "d1/0 d1/7 d2/0", "信访事项": "d1/0 d2/0", "受理 听证": "d1/1 d2/1",
		"项": "d1/0 d1/6 d1/7 d2/0", "访信": "d1/3", "abc12": "d1/2", "APPEAL": "d1/4", "15": "d1/4", "appeal days": "d1/4",
		"within 15": "d1/4", "𠮷祥": "d1/5", "证听": "", "不存在": "", "": "", "。": "", `"' OR NEAR( * - ^ : & | !`: "",
		"listening": "", "'; drop table anchors": "", "号": "d1/2", "1": "",
	} {
		if got := find(store.SearchFilter{Query: query}); got != want {
			t.Errorf("%q: got %q, want %q", query, got, want)
		}
	}
	if got := find(store.SearchFilter{Query: "信访", Document: "d2"}); got != "d2/0" {
		t.Errorf("in one document: %q", got)
	}
	b.write(t, func(ctx context.Context, tx *store.Tx) error {
		var many []store.Anchor
		for i := range 3 {
			many = append(many, store.Anchor{Anchor: fmt.Sprint(i), Text: strings.Repeat("很长的文字", 8000) + "独特"})
		}
		return tx.PutDocument(ctx, store.Document{ID: "d3", Title: "三"}, many)
	})
	if got := find(store.SearchFilter{Query: "独特"}); got != "d3/0 d3/1 d3/2" {
		t.Errorf("at the end of a long text: %q", got)
	}
}
