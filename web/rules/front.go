// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"sync"

	"quanze/core/matter"
	"quanze/office"
	"quanze/office/casework"
	"quanze/office/library"
	"quanze/office/registry"
	"quanze/store"
	"quanze/web/page"
)

// Front answers the routes about rule packs. Make one with New.
type Front struct {
	office   *office.Office
	library  *library.Library
	registry *registry.Registry
	desk     *casework.Desk

	mu      sync.Mutex
	counted map[string]bool // versions whose standing is counted, or being so
	turn    sync.Mutex      // one is counted at a time
	running sync.WaitGroup
}

// New returns the front over an office and its library.
func New(o *office.Office, lib *library.Library) *Front {
	return &Front{office: o, library: lib, registry: registry.New(o), desk: casework.New(o, nil), counted: map[string]bool{}}
}

// Routes lists every route of the front.
func (f *Front) Routes() []page.Route {
	return []page.Route{
		{Pattern: "GET /packs", Role: page.Anyone, Handler: f.packList},
		{Pattern: "GET /packs/{code}", Role: page.Anyone, Handler: f.packShow},
		{Pattern: "GET /packs/{code}/clauses.csv", Role: page.Anyone, Handler: f.clausesCSV},
		{Pattern: "GET /packs/{code}/rules", Role: page.Anyone, Handler: f.ruleList},
		{Pattern: "GET /packs/{code}/rules.csv", Role: page.Anyone, Handler: f.rulesCSV},
		{Pattern: "GET /packs/{code}/rules/{rule}", Role: page.Anyone, Handler: f.ruleShow},
		{Pattern: "GET /packs/{code}/locals.csv", Role: page.Anyone, Handler: f.localsCSV},

		{Pattern: "GET /rules", Role: page.Admin, Handler: f.overview},
		{Pattern: "GET /rules/locals/{code}/{name}", Role: page.Admin, Handler: f.localForm},
		{Pattern: "POST /rules/locals/{code}/{name}", Role: page.Admin, Handler: f.localSet},
		{Pattern: "GET /rules/propose", Role: page.Admin, Handler: f.proposeForm},
		{Pattern: "POST /rules/propose", Role: page.Admin, Handler: f.propose, Body: bodyOfPack},
		{Pattern: "GET /rules/proposals/{id}", Role: page.Admin, Handler: f.proposalShow},
		{Pattern: "GET /rules/proposals/{id}/plan.csv", Role: page.Admin, Handler: f.planCSV},
		{Pattern: "POST /rules/proposals/{id}/plan", Role: page.Admin, Handler: f.proposalRenew},
		{Pattern: "POST /rules/proposals/{id}/approve", Role: page.Admin, Handler: f.proposalApprove},
		{Pattern: "POST /rules/proposals/{id}/refuse", Role: page.Admin, Handler: f.proposalRefuse},
	}
}

func packHref(code string) string { return "/packs/" + url.PathEscape(code) }

func localHref(code, name string) string {
	return "/rules/locals/" + url.PathEscape(code) + "/" + url.PathEscape(name)
}

func proposalHref(id string) string { return "/rules/proposals/" + url.PathEscape(id) }

// RuleHref is the page of a rule of the version in force.
func RuleHref(code string, r library.Rule) string {
	return packHref(code) + "/rules/" + url.PathEscape(r.ID())
}

// account is who is signed in, as the office knows accounts.
func account(r *http.Request) store.Account {
	a := page.AccountOf(r)
	return store.Account{ID: a.ID, Person: a.Person}
}

// seen tells of matters which the account's person works on; a plan and a count
// name no other.
func (f *Front) seen(ctx context.Context, a store.Account, ids []matter.ID) (map[matter.ID]bool, error) {
	out := map[matter.ID]bool{}
	if a.Person == "" {
		return out, nil
	}
	for _, id := range ids {
		works, err := f.desk.Works(ctx, a, id)
		if err != nil {
			return nil, err
		}
		out[id] = works
	}
	return out, nil
}

// standing returns how a version stands, if it is known; else it is counted
// beside the pages, and known a little later.
func (f *Front) standing(hash string) (library.Standing, bool) {
	s, ok := f.library.Standing(hash)
	f.mu.Lock()
	defer f.mu.Unlock()
	if ok || f.counted[hash] {
		return s, ok
	}
	f.counted[hash] = true
	f.running.Go(func() {
		f.turn.Lock()
		defer f.turn.Unlock()
		if f.library.Count(context.Background(), hash) != nil {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.counted[hash] = false // who asks next tries again
		}
	})
	return s, false
}

// Stop waits until nothing is being counted.
func (f *Front) Stop() { f.running.Wait() }

// sendCSV answers with a list for a spreadsheet.
func sendCSV(w http.ResponseWriter, name string, rows [][]string) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`.csv"`)
	fmt.Fprint(w, "\ufeff") // so that a spreadsheet reads Chinese
	for _, row := range rows {
		for i, s := range row { // none is taken for a formula
			if s != "" && (s[0] == '=' || s[0] == '+' || s[0] == '-' || s[0] == '@' || s[0] == '\t' || s[0] == '\r') {
				row[i] = "'" + s
			}
		}
	}
	return csv.NewWriter(w).WriteAll(rows)
}
