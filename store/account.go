// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"quanze/core/fault"
	"quanze/core/org"
)

// AccountID names an account.
type AccountID string

// Account is who may sign in. What he may do in a matter is not told by it but
// by the posts of his person.
type Account struct {
	ID    AccountID
	Login string
	// Secret is an argon2id hash; empty means no sign-in by password.
	Secret string
	// Person is whose account it is; none for an administrator without a post.
	Person   org.PersonID
	Roles    []string
	Locale   string
	Disabled bool
	// CreatedAt and ChangedAt are the store's.
	CreatedAt, ChangedAt time.Time
}

// CreateAccount adds an account; without an ID it is given one, which is
// returned. A login in use is an Invalid fault.
func (tx *Tx) CreateAccount(ctx context.Context, a Account) (AccountID, error) {
	if a.ID == "" {
		a.ID = AccountID(NewID(tx.At))
	}
	roles, err := asJSON(a.Roles)
	if err != nil {
		return "", err
	}
	n, err := tx.session.exec(ctx, `insert into accounts (id, login, secret, person_id, roles, locale, disabled, created_at, changed_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
		string(a.ID), a.Login, a.Secret, text(a.Person), roles, a.Locale, a.Disabled, micros(tx.At), micros(tx.At))
	if err != nil {
		return "", fmt.Errorf("creating account %s: %w", a.ID, err)
	}
	if n == 0 {
		return "", fault.New(fault.Invalid, "store.account.login").At("login")
	}
	return a.ID, nil
}

// UpdateAccount writes all of the account but its login. An account that is not
// there is an Absent fault.
func (tx *Tx) UpdateAccount(ctx context.Context, a Account) error {
	roles, err := asJSON(a.Roles)
	if err != nil {
		return err
	}
	n, err := tx.session.exec(ctx, `update accounts set secret = $2, person_id = $3, roles = $4, locale = $5, disabled = $6, changed_at = $7
		where id = $1`, string(a.ID), a.Secret, text(a.Person), roles, a.Locale, a.Disabled, micros(tx.At))
	if err != nil {
		return fmt.Errorf("changing account %s: %w", a.ID, err)
	}
	if n == 0 {
		return fault.New(fault.Absent, "store.account.absent")
	}
	return nil
}

const accountColumns = `a.id, a.login, a.secret, a.person_id, a.roles, a.locale, a.disabled, a.created_at, a.changed_at`

func scanAccount(rows *sql.Rows, a *Account) error {
	return rows.Scan(&a.ID, &a.Login, &a.Secret, toText[org.PersonID]{&a.Person}, toJSON{&a.Roles}, &a.Locale, &a.Disabled,
		toTime{&a.CreatedAt}, toTime{&a.ChangedAt})
}

// Account returns the account of that name, or an Absent fault.
func (r *Reader) Account(ctx context.Context, id AccountID) (Account, error) {
	return r.account(ctx, `a.id = $1`, string(id))
}

// AccountByLogin returns the account of that login, or an Absent fault. The
// login is compared as it is: fold it before.
func (r *Reader) AccountByLogin(ctx context.Context, login string) (Account, error) {
	return r.account(ctx, `a.login = $1`, login)
}

func (r *Reader) account(ctx context.Context, condition string, arg any) (Account, error) {
	a, found, err := one(ctx, r.session, scanAccount, `select `+accountColumns+` from accounts a where `+condition, arg)
	if err != nil {
		return Account{}, fmt.Errorf("reading an account: %w", err)
	}
	if !found {
		return Account{}, fault.New(fault.Absent, "store.account.absent")
	}
	return a, nil
}

// Accounts lists all accounts by login.
func (r *Reader) Accounts(ctx context.Context) ([]Account, error) {
	all, err := list(ctx, r.session, scanAccount, `select `+accountColumns+` from accounts a order by a.login`)
	if err != nil {
		return nil, fmt.Errorf("listing accounts: %w", err)
	}
	return all, nil
}

// Throttle is how often something failed lately.
type Throttle struct {
	Failures        int
	FirstAt, LastAt time.Time
}

// CountFailure adds a failed sign-in under each key (a login, an address), and
// begins to count anew where the first was before since.
func (tx *Tx) CountFailure(ctx context.Context, since time.Time, keys ...string) error {
	for _, key := range keys {
		_, err := tx.session.exec(ctx, `insert into throttles (key, failures, first_at, last_at) values ($1, 1, $2, $2)
			on conflict (key) do update set
				failures = case when throttles.first_at < $3 then 1 else throttles.failures + 1 end,
				first_at = case when throttles.first_at < $3 then excluded.first_at else throttles.first_at end,
				last_at = excluded.last_at`, key, micros(tx.At), since.UnixMicro())
		if err != nil {
			return fmt.Errorf("counting a failed sign-in: %w", err)
		}
	}
	return nil
}

// ClearFailures forgets what was counted under the keys.
func (tx *Tx) ClearFailures(ctx context.Context, keys ...string) error {
	w := new(where)
	in(w, "key", keys)
	if _, err := tx.session.exec(ctx, `delete from throttles`+w.text(), w.args...); err != nil {
		return fmt.Errorf("forgetting failed sign-ins: %w", err)
	}
	return nil
}

// Failures returns what was counted under a key.
func (r *Reader) Failures(ctx context.Context, key string) (Throttle, error) {
	t, _, err := one(ctx, r.session, func(rows *sql.Rows, t *Throttle) error {
		return rows.Scan(&t.Failures, toTime{&t.FirstAt}, toTime{&t.LastAt})
	}, `select failures, first_at, last_at from throttles where key = $1`, key)
	if err != nil {
		return Throttle{}, fmt.Errorf("reading failed sign-ins: %w", err)
	}
	return t, nil
}

// ForgetFailures removes all whose last failure was before that instant.
func (tx *Tx) ForgetFailures(ctx context.Context, before time.Time) error {
	if _, err := tx.session.exec(ctx, `delete from throttles where last_at < $1`, micros(before)); err != nil {
		return fmt.Errorf("forgetting old failed sign-ins: %w", err)
	}
	return nil
}
