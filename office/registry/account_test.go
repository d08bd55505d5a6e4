// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"quanze/core/fault"
	"quanze/office"
	"quanze/store"
)

// door is a registry over a database of its own, with a clock that passes.
type door struct {
	*Registry
	t  *testing.T
	db *store.DB
	at time.Time
}

const password = "a password of some length"

func newDoor(t *testing.T) *door {
	t.Helper()
	d := &door{t: t, at: time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)}
	now := func() time.Time { return d.at }
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "door.db"), store.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.db, d.Registry = db, New(office.New(db, now))
	if _, err := d.AddAccount(t.Context(), "", "clerk", password, "", "operator"); err != nil {
		t.Fatal(err)
	}
	return d
}

// try signs in and returns the key of the answer, "in" for an entry.
func (d *door) try(login, word, from string) string {
	d.t.Helper()
	a, err := d.SignIn(d.t.Context(), login, word, from)
	if f := fault.Of(err); f != nil {
		if f.Kind != fault.Denied || a.ID != "" {
			d.t.Errorf("%s: %v with account %q", login, err, a.ID)
		}
		return f.Key
	}
	if err != nil || a.Login != login {
		d.t.Fatalf("%s: %+v, %v", login, a, err)
	}
	return "in"
}

func (d *door) want(what, want, got string) {
	d.t.Helper()
	if got != want {
		d.t.Errorf("%s: %s, want %s", what, got, want)
	}
}

func (d *door) change(a store.Account) {
	d.t.Helper()
	if err := d.db.Write(d.t.Context(), func(ctx context.Context, tx *store.Tx) error { return tx.UpdateAccount(ctx, a) }); err != nil {
		d.t.Fatal(err)
	}
}

func TestSignIn(t *testing.T) {
	d := newDoor(t)
	d.want("right", "in", d.try("clerk", password, "here"))
	d.want("wrong", "signin.wrong", d.try("clerk", password+".", "here"))
	d.want("empty", "signin.wrong", d.try("clerk", "", "here"))
	d.want("unknown", "signin.wrong", d.try("nobody", password, "there"))
	a, err := d.db.Reader().AccountByLogin(t.Context(), "clerk")
	if err != nil || len(a.Roles) != 1 || a.Roles[0] != "operator" || strings.Contains(a.Secret, password) {
		t.Fatalf("%+v, %v", a, err)
	}
	secret := a.Secret
	a.Disabled = true
	d.change(a)
	d.want("disabled", "signin.wrong", d.try("clerk", password, "here"))
	a.Disabled, a.Secret = false, ""
	d.change(a)
	d.want("without a password", "signin.wrong", d.try("clerk", "", "here"))
	a.Secret = "damaged"
	d.change(a)
	if _, err := d.SignIn(t.Context(), "clerk", password, "here"); err == nil || fault.Of(err) != nil {
		t.Errorf("a damaged hash is ours to answer for: %v", err)
	}
	a.Secret = secret
	d.change(a)
	d.want("as before", "in", d.try("clerk", password, "here"))
}

// Where there is no account the answer costs what it costs where there is one.
func TestTheDecoyCostsAsMuch(t *testing.T) {
	if match, err := argon2id.ComparePasswordAndHash(password, decoy); err != nil || match {
		t.Errorf("the decoy: %t, %v", match, err)
	}
	real, err := Hash(password)
	if err != nil {
		t.Fatal(err)
	}
	want, salt, key, err := argon2id.DecodeHash(real)
	if err != nil {
		t.Fatal(err)
	}
	got, salt2, key2, err := argon2id.DecodeHash(decoy)
	if err != nil || *got != *want || len(salt) != len(salt2) || len(key) != len(key2) {
		t.Errorf("the decoy has %+v, %d, %d, a password %+v, %d, %d (%v)", got, len(salt2), len(key2), want, len(salt), len(key), err)
	}
}

func TestSignInIsPaced(t *testing.T) {
	d := newDoor(t)
	if _, err := d.AddAccount(t.Context(), "", "other", password, ""); err != nil {
		t.Fatal(err)
	}
	d.want("a failure that a success forgets", "signin.wrong", d.try("clerk", "x", "a1"))
	d.want("the success", "in", d.try("clerk", password, "a1"))
	for i := range mostLogin { // from everywhere: the login is paced; its case does not matter
		login := []string{"clerk", "CLERK"}[i%2]
		d.want("wrong", "signin.wrong", d.try(login, "x", "b"+string(rune('0'+i))))
		d.at = d.at.Add(time.Second)
	}
	d.want("the right password, paced", "signin.paced", d.try("clerk", password, "c"))
	d.want("another login", "in", d.try("other", password, "c"))
	d.at = d.at.Add(window - 2*time.Second)
	d.want("before the window is over", "signin.paced", d.try("clerk", password, "c"))
	d.at = d.at.Add(time.Second)
	d.want("after the window", "in", d.try("clerk", password, "c"))

	for i := range mostAddress { // one address tries many logins: it is paced for all of them
		d.want("wrong", "signin.wrong", d.try("guess"+strconv.Itoa(i), "x", "bad"))
	}
	d.want("from there", "signin.paced", d.try("clerk", password, "bad"))
	d.want("from elsewhere", "in", d.try("clerk", password, "good"))
	d.at = d.at.Add(window + time.Second)
	d.want("from there, later", "signin.wrong", d.try("guess", "x", "bad"))
	d.want("the count begins anew", "in", d.try("clerk", password, "bad"))
}

func TestAddAccount(t *testing.T) {
	d := newDoor(t)
	count := func() (int, int) {
		t.Helper()
		accounts, err := d.db.Reader().Accounts(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		entries, _, err := d.db.Reader().Changes(t.Context(), store.Page{})
		if err != nil {
			t.Fatal(err)
		}
		return len(accounts), len(entries)
	}
	for name, tt := range map[string]struct{ login, word, field string }{
		"short": {"new", "123456789", "password"}, "short in characters": {"new", "口令口令口令口令口", "password"}, "a login in use": {"clerk", password, "login"},
	} {
		_, err := d.AddAccount(t.Context(), "admin", tt.login, tt.word, "")
		if f := fault.Of(err); f == nil || f.Kind != fault.Invalid || f.Field != tt.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	if accounts, entries := count(); accounts != 1 || entries != 1 {
		t.Errorf("what was refused left %d accounts, %d entries", accounts, entries)
	}
	if _, err := d.AddAccount(t.Context(), "admin", "new", "口令口令口令口令口令", ""); err != nil {
		t.Errorf("ten characters: %v", err)
	}
	if accounts, entries := count(); accounts != 2 || entries != 2 {
		t.Errorf("%d accounts, %d entries", accounts, entries)
	}
}
