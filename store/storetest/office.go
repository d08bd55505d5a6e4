// SPDX-License-Identifier: Apache-2.0

package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"quanze/core/fault"
	"quanze/core/org"
	"quanze/store"
)

func registry(t *testing.T, b *bench) {
	empty := must(b.Reader().Organisation(t.Context()))(t)
	if n := len(empty.Units(monday)); n != 0 {
		t.Errorf("an empty registry has %d units", n)
	}
	unit := org.Unit{ID: "u1", Name: org.Name{Zh: "某单位", En: "a unit"}, Kind: org.Department, Private: true, Superior: "u0", From: monday, To: monday.AddDays(99)}
	post := org.Post{ID: "post1", Unit: "u1", Class: org.Principal, Title: org.Name{Zh: "主任", En: "head"}}
	person := org.Person{ID: "p1", Name: "喆堃镕"}
	var tenure store.TenureID
	b.write(t, func(ctx context.Context, tx *store.Tx) (err error) {
		err = steps(tx.PutUnit(ctx, unit), tx.PutPost(ctx, post), tx.PutPerson(ctx, person))
		if err != nil {
			return err
		}
		tenure, err = tx.PutTenure(ctx, store.Tenure{Tenure: org.Tenure{Person: "p1", Post: "post1", From: monday, Acting: true}})
		if err != nil {
			return err
		}
		if o, err := tx.Organisation(ctx); err != nil || len(o.Units(monday)) != 1 {
			t.Errorf("the transaction does not see its own unit: %v", err)
		}
		return nil
	})
	o := must(b.Reader().Organisation(t.Context()))(t)
	got, _ := o.Unit("u1")
	same(t, "unit", unit, got)
	gotPost, _ := o.Post("post1")
	same(t, "post", post, gotPost)
	gotPerson, _ := o.Person("p1")
	same(t, "person", person, gotPerson)
	same(t, "holders", []org.Holding{{Person: "p1", Post: post, Acting: true}}, o.Holders("u1", monday))
	if again := must(b.Reader().Organisation(t.Context()))(t); again != o {
		t.Error("an unchanged organisation was read again")
	}

	failed := errors.New("no")
	err := b.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		err := steps(tx.PutUnit(ctx, org.Unit{ID: "u2"}))
		_, err2 := tx.Organisation(ctx)
		return errors.Join(err, err2, failed)
	})
	if !errors.Is(err, failed) {
		t.Fatal(err)
	}
	if o := must(b.Reader().Organisation(t.Context()))(t); len(o.Units(monday)) != 1 {
		t.Error("a unit that was rolled back is there")
	}
	b.write(t, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.PutTenure(ctx, store.Tenure{ID: tenure, Tenure: org.Tenure{Person: "p1", Post: "post1", From: monday, To: monday.AddDays(2)}})
		return err
	})
	o = must(b.Reader().Organisation(t.Context()))(t)
	if n := len(o.Holders("u1", monday.AddDays(3))); n != 0 || len(must(b.Reader().Tenures(t.Context()))(t)) != 1 {
		t.Errorf("%d holders after the tenure ended", n)
	}
	for i := range 3 {
		b.clock.pass(time.Millisecond)
		b.write(t, func(ctx context.Context, tx *store.Tx) error {
			return tx.RecordChange(ctx, store.Change{Account: "a1", What: "unit.put", Subject: fmt.Sprint(i), Detail: `{}`})
		})
	}
	page, next, err := b.Reader().Changes(t.Context(), store.Page{Limit: 2})
	if err != nil || len(page) != 2 || page[0].Subject != "2" || !page[0].At.Equal(b.clock.recorded()) {
		t.Errorf("changes: %+v, %v", page, err)
	}
	if rest, end, err := b.Reader().Changes(t.Context(), store.Page{After: next}); err != nil || len(rest) != 1 || end != "" {
		t.Errorf("the rest of the changes: %+v, %q, %v", rest, end, err)
	}
}

func packs(t *testing.T, b *bench) {
	files := map[string][]byte{"pack.yaml": []byte("code: xx01\n名称: 某规定\n"), "bin": {0, 255, 10}}
	install := func(hash string, from int) bool {
		t.Helper()
		var fresh bool
		b.clock.pass(time.Second)
		b.write(t, func(ctx context.Context, tx *store.Tx) (err error) {
			fresh, err = tx.InstallPack(ctx, store.Pack{Hash: hash, Code: "xx01", From: monday.AddDays(from), InstalledBy: "a1"}, files)
			return err
		})
		return fresh
	}
	if !install("h1", 0) || install("h1", 0) || !install("h2", 10) || !install("h3", 10) {
		t.Error("a version is new once")
	}
	pack, got, err := b.Reader().PackFiles(t.Context(), "h3")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "files", files, got)
	same(t, "pack", store.Pack{Hash: "h3", Code: "xx01", From: monday.AddDays(10), InstalledAt: b.clock.recorded(), InstalledBy: "a1"}, pack)
	for day, want := range map[int]string{0: "h1", 9: "h1", 10: "h3", 999: "h3"} {
		if p := must(b.Reader().PackInForce(t.Context(), "xx01", monday.AddDays(day)))(t); p.Hash != want {
			t.Errorf("in force %d days on: %s, want %s", day, p.Hash, want)
		}
	}
	_, err = b.Reader().PackInForce(t.Context(), "xx01", monday.AddDays(-1))
	isFault(t, "before the first version", err, fault.Absent)
	_, _, err = b.Reader().PackFiles(t.Context(), "none")
	isFault(t, "a version that is not there", err, fault.Absent)
	if n := len(must(b.Reader().Packs(t.Context()))(t)); n != 3 {
		t.Errorf("%d packs, want 3", n)
	}
	moving := func(days int) string {
		out := ""
		for _, p := range must(b.Reader().PacksToMove(t.Context(), monday.AddDays(days)))(t) {
			out += p.Hash + " "
		}
		return out
	}
	first, last := moving(9), moving(10)
	b.write(t, func(ctx context.Context, tx *store.Tx) error { return tx.PackMoved(ctx, "h1") })
	same(t, "versions to move to", []string{"h1 ", "h1 h2 h3 ", "h2 h3 "}, []string{first, last, moving(10)})

	for _, value := range []string{"3", "5"} {
		b.write(t, func(ctx context.Context, tx *store.Tx) error {
			return steps(tx.SetLocal(ctx, store.Local{Pack: "xx01", Name: "及时", Value: value, SetOn: monday, SetBy: "a1", Paper: "某文〔2026〕1号"}),
				tx.SetLocal(ctx, store.Local{Pack: "xx02", Name: "n", Value: value}))
		})
		b.clock.pass(time.Microsecond)
	}
	same(t, "locals", map[string]string{"及时": "5"}, must(b.Reader().CurrentLocals(t.Context(), "xx01"))(t))
	if all := must(b.Reader().Locals(t.Context(), ""))(t); len(all) != 4 || all[0].Value != "3" || all[0].Paper != "某文〔2026〕1号" {
		t.Errorf("all that was ever set: %+v", all)
	}

	for i := range 2 {
		b.write(t, func(ctx context.Context, tx *store.Tx) error {
			fresh, err := tx.InstallNotice(ctx, store.Notice{Name: "cn@2026.1", Text: "放假安排", InstalledBy: "a1"})
			if fresh != (i == 0) {
				t.Errorf("notice installed the %d. time: new is %v", i+1, fresh)
			}
			return err
		})
	}
	same(t, "notices", []store.Notice{{Name: "cn@2026.1", Text: "放假安排", InstalledBy: "a1", InstalledAt: b.clock.recorded()}},
		must(b.Reader().Notices(t.Context()))(t))
}

func accounts(t *testing.T, b *bench) {
	want := store.Account{Login: "某人", Secret: "$argon2id$x", Person: "p1", Roles: []string{"system", "audit"}, Locale: "zh-Hans",
		CreatedAt: b.clock.recorded(), ChangedAt: b.clock.recorded()}
	b.write(t, func(ctx context.Context, tx *store.Tx) (err error) {
		want.ID, err = tx.CreateAccount(ctx, want)
		return err
	})
	same(t, "by id", want, must(b.Reader().Account(t.Context(), want.ID))(t))
	same(t, "by login", want, must(b.Reader().AccountByLogin(t.Context(), "某人"))(t))
	err := b.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.CreateAccount(ctx, store.Account{Login: "某人"})
		return err
	})
	isFault(t, "a login in use", err, fault.Invalid)
	b.clock.pass(time.Hour)
	want.Secret, want.Person, want.Roles, want.Locale, want.Disabled, want.ChangedAt = "", "", nil, "en", true, b.clock.recorded()
	b.write(t, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateAccount(ctx, want) })
	same(t, "all", []store.Account{want}, must(b.Reader().Accounts(t.Context()))(t))
	_, err = b.Reader().AccountByLogin(t.Context(), "nobody")
	isFault(t, "an account that is not there", err, fault.Absent)
	err = b.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error { return tx.UpdateAccount(ctx, store.Account{ID: "none"}) })
	isFault(t, "changing an account that is not there", err, fault.Absent)

	count := func(want int) {
		t.Helper()
		if got := must(b.Reader().Failures(t.Context(), "login"))(t); got.Failures != want {
			t.Errorf("%d failures, want %d", got.Failures, want)
		}
	}
	fail := func() {
		t.Helper()
		b.write(t, func(ctx context.Context, tx *store.Tx) error {
			return tx.CountFailure(ctx, tx.At.Add(-time.Hour), "login", "address")
		})
	}
	count(0)
	fail()
	fail()
	count(2)
	b.clock.pass(2 * time.Hour)
	fail()
	count(1)
	b.write(t, func(ctx context.Context, tx *store.Tx) error { return tx.ClearFailures(ctx, "login", "other") })
	count(0)
	b.write(t, func(ctx context.Context, tx *store.Tx) error { return tx.ForgetFailures(ctx, tx.At.Add(time.Second)) })
	if got := must(b.Reader().Failures(t.Context(), "address"))(t); got != (store.Throttle{}) {
		t.Errorf("forgotten failures: %+v", got)
	}
}

func sessions(t *testing.T, b *bench) {
	s := b.Sessions()
	if _, found, err := s.Find("token"); found || err != nil {
		t.Errorf("a session that is not there: %v, %v", found, err)
	}
	for _, data := range []string{"one", "two"} {
		if err := s.Commit("token", []byte(data), b.clock.now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if got, found, err := s.FindCtx(t.Context(), "token"); string(got) != data || !found || err != nil {
			t.Errorf("found %q, %v, %v", got, found, err)
		}
	}
	b.clock.pass(time.Hour)
	if _, found, err := s.Find("token"); found || err != nil {
		t.Errorf("an expired session: %v, %v", found, err)
	}
	b.write(t, func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.ForgetSessions(ctx)
		if n != 1 {
			t.Errorf("%d expired sessions removed, want 1", n)
		}
		return err
	})
	err := steps(s.Commit("other", nil, b.clock.now().Add(time.Hour)), s.Delete("other"), s.Delete("other"))
	if _, found, _ := s.Find("other"); found || err != nil {
		t.Errorf("a session that was ended: %v, %v", found, err)
	}
}

func drafts(t *testing.T, b *bench) {
	key := store.DraftKey{Account: "a1", Matter: "m1", Act: "decide", Party: "某人"}
	for _, body := range []string{`{"a": 1}`, `{"理由": "…"}`} {
		b.clock.pass(time.Second)
		b.write(t, func(ctx context.Context, tx *store.Tx) error {
			return steps(tx.SaveDraft(ctx, store.Draft{DraftKey: key, Body: body}),
				tx.SaveDraft(ctx, store.Draft{DraftKey: store.DraftKey{Account: "a2", Act: "begin"}, Body: body}))
		})
	}
	want := store.Draft{DraftKey: key, Body: `{"理由": "…"}`, SavedAt: b.clock.recorded()}
	got, found, err := b.Reader().Draft(t.Context(), key)
	if !found || err != nil {
		t.Fatalf("draft: %v, %v", found, err)
	}
	same(t, "draft", want, got)
	same(t, "drafts", []store.Draft{want}, must(b.Reader().Drafts(t.Context(), "a1"))(t))
	b.write(t, func(ctx context.Context, tx *store.Tx) error {
		return steps(tx.DeleteDraft(ctx, key), tx.DeleteDraft(ctx, key))
	})
	if _, found, _ := b.Reader().Draft(t.Context(), key); found {
		t.Error("a removed draft is there")
	}
	if n := len(must(b.Reader().Drafts(t.Context(), "a2"))(t)); n != 1 {
		t.Errorf("another's drafts: %d, want 1", n)
	}
}
