// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"time"

	"quanze/core/fault"
	"quanze/locale"
	"quanze/office/registry"
	"quanze/web/page"
	"quanze/web/ui"
)

// door is where people sign in and out.
type door struct {
	registry *registry.Registry
}

func (d *door) routes() []page.Route {
	return []page.Route{
		{Pattern: "GET /sign-in", Role: page.Anyone, Handler: d.form},
		{Pattern: "POST /sign-in", Role: page.Anyone, Handler: page.Limited(30, time.Minute, d.signIn)},
		{Pattern: "POST /sign-out", Role: page.SignedIn, Handler: d.signOut},
	}
}

// signInPage answers: how do I get in.
type signInPage struct {
	frame  ui.Frame
	w      *locale.Words
	action string
	errors []ui.FieldError
	login  ui.Field
	secret ui.Field
}

func newSignInPage(r *http.Request, form *page.Form) signInPage {
	w := page.Words(r)
	p := signInPage{w: w, frame: page.Frame(r, w.T("signin.title")), action: r.URL.RequestURI(), errors: form.Errors(w)}
	p.login = form.Fill(w, ui.Field{Name: "login", Label: w.T("signin.login"), Complete: "username", Width: 20})
	p.secret = ui.Field{Name: "password", Label: w.T("signin.password"), Complete: "current-password", Width: 20}
	return p
}

func (d *door) form(w http.ResponseWriter, r *http.Request) error {
	if a := page.AccountOf(r); a.ID != "" {
		return page.SeeOther(w, r, target(r, a))
	}
	return page.Render(w, r, http.StatusOK, signInView(newSignInPage(r, page.EmptyForm())))
}

// target is where somebody wanted to go, else his own first page.
func target(r *http.Request, a page.Account) string {
	first := "/"
	if a.May(page.Staff) {
		first = "/staff"
	}
	return page.LocalPath(r.URL.Query().Get("next"), first)
}

func (d *door) signIn(w http.ResponseWriter, r *http.Request) error {
	form, err := page.ParseForm(r)
	if err != nil {
		return err
	}
	account, err := d.registry.SignIn(r.Context(), form.Value("login"), form.Value("password"), page.Address(r))
	if fault.Is(err, fault.Denied) {
		form.Fail("login", fault.Of(err).Key)
		return page.Render(w, r, http.StatusForbidden, signInView(newSignInPage(r, form)))
	}
	if err != nil {
		return err
	}
	if err := page.SignIn(r, account.ID); err != nil {
		return err
	}
	return page.SeeOther(w, r, target(r, page.Account{ID: account.ID, Roles: page.ParseRoles(account.Roles)}))
}

func (d *door) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := page.SignOut(r); err != nil {
		return err
	}
	return page.SeeOther(w, r, "/")
}
