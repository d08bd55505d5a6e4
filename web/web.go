// SPDX-License-Identifier: Apache-2.0

// Package web puts the fronts together: one table of routes, one sign-in, one
// site around them. It knows no matter and no rule. What is in no front's table
// is not found. Start at New.
package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"quanze/core/calendar"
	"quanze/locale"
	"quanze/office"
	"quanze/office/library"
	"quanze/office/registry"
	"quanze/store"
	"quanze/store/blob"
	"quanze/web/assets"
	"quanze/web/page"
	"quanze/web/portal"
	"quanze/web/rules"
	"quanze/web/staff"
	"quanze/web/ui"
)

// Config is what the fronts are made of.
type Config struct {
	Office *office.Office
	// Files keeps what is handed in.
	Files *blob.Folder
	Log   *slog.Logger
	// TLS says that browsers reach us by https.
	TLS bool
	// Demo shows the gallery; Pinned says that the day stands still.
	Demo   bool
	Pinned bool
}

// New returns the handler of all fronts.
func New(c Config) (http.Handler, error) {
	site, routes, err := build(c)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	if err := site.Install(mux, routes); err != nil {
		return nil, err
	}
	return site.Handler(mux), nil
}

// build makes the site and its whole table of routes.
func build(c Config) (*page.Site, []page.Route, error) {
	words, err := locale.Load()
	if err != nil {
		return nil, nil, err
	}
	set, err := assets.Load()
	if err != nil {
		return nil, nil, fmt.Errorf("assets: %w", err)
	}
	config := page.Config{Words: words, Assets: set, Sessions: c.Office.DB.Sessions().By(time.Now), Accounts: accounts(c.Office), Log: c.Log, TLS: c.TLS,
		SignIn: "/sign-in", SignOut: "/sign-out", Calendar: calendarOf(c.Office),
		Clause: func(w *locale.Words, id string) ui.Clause { return page.Clause(w, nil, id) },
		Fronts: []page.Front{{Key: "front.portal", Href: "/", Role: page.Anyone}, {Key: "front.library", Href: "/library", Role: page.Anyone},
			{Key: "front.today", Href: "/staff", Role: page.Staff}, {Key: "front.matters", Href: "/staff/matters", Role: page.Staff},
			{Key: "front.rules", Href: "/rules", Role: page.Admin}}}
	if c.Pinned {
		config.Pinned = c.Office.Today()
	}
	site, err := page.New(config)
	if err != nil {
		return nil, nil, err
	}
	lib := library.New(c.Office)
	d := &door{registry: registry.New(c.Office)}
	var routes []page.Route
	routes = append(routes, d.routes()...)
	routes = append(routes, portal.New(c.Office, lib, portal.Options{Gallery: c.Demo}).Routes()...)
	routes = append(routes, rules.New(c.Office, lib).Routes()...)
	routes = append(routes, staff.New(c.Office, c.Files, words.In(locale.Zh)).Routes()...)
	return site, routes, nil
}

// accounts reads who is signed in, at every request.
func accounts(o *office.Office) func(ctx context.Context, id string) (page.Account, error) {
	return func(ctx context.Context, id string) (page.Account, error) {
		r := o.DB.Reader()
		a, err := r.Account(ctx, store.AccountID(id))
		if err != nil {
			return page.Account{}, err
		}
		if a.Disabled {
			return page.Account{}, nil
		}
		out := page.Account{ID: a.ID, Name: a.Login, Person: a.Person, Roles: page.ParseRoles(a.Roles)}
		if lang, ok := locale.ParseLang(a.Locale); ok {
			out.Lang = lang
		}
		organisation, err := r.Organisation(ctx)
		if err != nil {
			return page.Account{}, err
		}
		if p, ok := organisation.Person(a.Person); ok {
			out.Name = p.Name
		}
		return out, nil
	}
}

// calendarOf names the calendar for the foot of every page. It is read at most
// once a minute: a new notice shows soon enough.
func calendarOf(o *office.Office) func() (string, calendar.Date) {
	return func() (string, calendar.Date) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		c, err := o.Calendar(ctx, o.DB.Reader())
		if err != nil {
			return "", 0
		}
		_, last := c.Coverage()
		return c.Name(), last
	}
}
