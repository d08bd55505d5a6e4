// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/alexedwards/argon2id"

	"quanze/core/fault"
	"quanze/core/org"
	"quanze/store"
)

// params are argon2id's, written out so that they do not follow the machine.
var params = &argon2id.Params{Memory: 64 * 1024, Iterations: 1, Parallelism: 2, SaltLength: 16, KeyLength: 32}

// Hash turns a password into what is stored.
func Hash(password string) (string, error) { return argon2id.CreateHash(password, params) }

// AddAccount adds an account with a password.
func (g *Registry) AddAccount(ctx context.Context, by store.AccountID, login, password string, person org.PersonID, roles ...string) (store.AccountID, error) {
	if len([]rune(password)) < 10 {
		return "", fault.New(fault.Invalid, "registry.password.short").At("password")
	}
	secret, err := Hash(password)
	if err != nil {
		return "", fmt.Errorf("hashing a password: %w", err)
	}
	var id store.AccountID
	err = g.change(ctx, by, "change.account", login, nil, func(ctx context.Context, tx *store.Tx) error {
		id, err = tx.CreateAccount(ctx, store.Account{Login: login, Secret: secret, Person: person, Roles: roles})
		return err
	})
	return id, err
}

// window paces sign-in: after so many failures within it, the login, or the
// address, is not asked for a while. Many people may share one address.
const (
	window      = 15 * time.Minute
	mostLogin   = 8
	mostAddress = 40
)

// decoy is compared with where there is no such account, so that the answer
// takes as long.
const decoy = "$argon2id$v=19$m=65536,t=1,p=2$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b+dWRWJTmaaobLGT0fk1lSSFnM"

// SignIn checks a login and password. from is where it came from, kept only as
// long as the pacing needs it.
func (g *Registry) SignIn(ctx context.Context, login, password, from string) (store.Account, error) {
	r := g.office.DB.Reader()
	since := g.office.Now().Add(-window)
	keys := []string{"login:" + strings.ToLower(login), "from:" + from}
	for i, k := range keys {
		most := []int{mostLogin, mostAddress}[i]
		t, err := r.Failures(ctx, k)
		if err != nil {
			return store.Account{}, err
		}
		if t.Failures >= most && t.LastAt.After(since) {
			return store.Account{}, fault.New(fault.Denied, "signin.paced")
		}
	}
	account, err := r.AccountByLogin(ctx, login)
	if err != nil && !fault.Is(err, fault.Absent) {
		return store.Account{}, err
	}
	secret := account.Secret
	if secret == "" {
		secret = decoy
	}
	match, cmpErr := argon2id.ComparePasswordAndHash(password, secret)
	if err == nil && cmpErr == nil && match && account.Secret != "" && !account.Disabled {
		return account, g.office.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return tx.ClearFailures(ctx, keys[0]) })
	}
	if cmpErr != nil && account.Secret != "" {
		return store.Account{}, fmt.Errorf("comparing a password: %w", cmpErr)
	}
	if err := g.office.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return tx.CountFailure(ctx, since, keys...) }); err != nil {
		return store.Account{}, err
	}
	return store.Account{}, fault.New(fault.Denied, "signin.wrong")
}
