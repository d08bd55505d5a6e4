// SPDX-License-Identifier: Apache-2.0

// Package staff is the front of those who work on matters, and of those whom a
// matter concerns: today, a matter, the form of an act, a paper. Each handler
// parses, asks the desk once, and shows a page or goes on to one. It decides
// nothing and hides nothing that the person may see. Start at Front.Routes.
package staff

import (
	"net/http"

	"quanze/core/matter"
	"quanze/locale"
	"quanze/office"
	"quanze/office/casework"
	"quanze/store"
	"quanze/store/blob"
	"quanze/web/page"
)

// Front holds what the handlers need.
type Front struct {
	office *office.Office
	desk   *casework.Desk
	// chinese are the words of papers.
	chinese *locale.Words
}

// New returns the front of an office; files keeps what is handed in.
func New(o *office.Office, files *blob.Folder, chinese *locale.Words) *Front {
	return &Front{office: o, desk: casework.New(o, files), chinese: chinese}
}

// bodyWithFiles bounds a request that carries files.
const bodyWithFiles = maxFiles*maxFileBytes + 1<<20

// Routes lists every route of the front with the role it asks for. Who may see
// which matter, the desk decides.
func (f *Front) Routes() []page.Route {
	return []page.Route{
		{Pattern: "GET /staff", Role: page.Staff, Handler: f.today},
		{Pattern: "GET /staff/matters", Role: page.Staff, Handler: f.matters},
		{Pattern: "GET /staff/matters.csv", Role: page.Staff, Handler: f.mattersCSV},
		{Pattern: "GET /staff/begin/{pack}/{procedure}/{act}", Role: page.Staff, Handler: f.beginForm},
		{Pattern: "POST /staff/begin/{pack}/{procedure}/{act}", Role: page.Staff, Handler: f.begin, Body: bodyWithFiles},
		{Pattern: "GET /matters/{id}", Role: page.SignedIn, Handler: f.matter},
		{Pattern: "GET /matters/{id}/papers", Role: page.SignedIn, Handler: f.papers},
		{Pattern: "GET /matters/{id}/papers/{seq}", Role: page.SignedIn, Handler: f.paper},
		{Pattern: "GET /matters/{id}/files", Role: page.SignedIn, Handler: f.fileList},
		{Pattern: "GET /matters/{id}/files/{file}", Role: page.SignedIn, Handler: f.file},
		{Pattern: "GET /matters/{id}/basis", Role: page.SignedIn, Handler: f.basis},
		{Pattern: "GET /matters/{id}/days", Role: page.SignedIn, Handler: f.days},
		{Pattern: "GET /matters/{id}/do/{act}", Role: page.SignedIn, Handler: f.actForm},
		{Pattern: "POST /matters/{id}/do/{act}", Role: page.SignedIn, Handler: f.act, Body: bodyWithFiles},
		{Pattern: "GET /matters/{id}/settle/{seq}", Role: page.SignedIn, Handler: f.settleForm},
		{Pattern: "POST /matters/{id}/settle/{seq}", Role: page.SignedIn, Handler: f.settle},
	}
}

// account is who is signed in, as the office knows accounts.
func account(r *http.Request) store.Account {
	a := page.AccountOf(r)
	return store.Account{ID: a.ID, Person: a.Person}
}

// see reads the matter of the path as the signed-in person may see it.
func (f *Front) see(r *http.Request) (*casework.View, error) {
	return f.desk.See(r.Context(), account(r), matter.ID(r.PathValue("id")))
}

func matterPath(id matter.ID) string { return "/matters/" + string(id) }
