// SPDX-License-Identifier: Apache-2.0

package page

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
)

// Role is who may call a route. The set is closed, and the zero Role is none of
// it: a route without a role cannot be installed.
type Role uint8

// The roles. What a person may do in a matter is not told by them but by the
// rules and his posts.
const (
	// Anyone needs no account.
	Anyone Role = iota + 1
	// SignedIn is anyone with an account.
	SignedIn
	// Staff handles matters.
	Staff
	// Supervisor is of the supervising bodies.
	Supervisor
	// Admin administers the installation and sees no casework.
	Admin
)

// Roles lists every role.
func Roles() []Role { return []Role{Anyone, SignedIn, Staff, Supervisor, Admin} }

// String returns the name as accounts store it.
func (r Role) String() string {
	switch r {
	case Anyone:
		return "anyone"
	case SignedIn:
		return "signed_in"
	case Staff:
		return "staff"
	case Supervisor:
		return "supervisor"
	case Admin:
		return "admin"
	}
	return ""
}

// ParseRoles returns those of an account's roles that are roles of routes.
func ParseRoles(names []string) []Role {
	var out []Role
	for _, r := range []Role{Staff, Supervisor, Admin} {
		if slices.Contains(names, r.String()) {
			out = append(out, r)
		}
	}
	return out
}

// DefaultBody bounds the body of a request whose route names no bound.
const DefaultBody = 1 << 20

// Route is one entry of the table of routes.
type Route struct {
	// Pattern is ServeMux's, with its method: "GET /staff/matters/{id}".
	Pattern string
	Role    Role
	Handler Handler
	// Body bounds the request's body in bytes; 0 is DefaultBody.
	Body int64
}

// Handler answers a request, or returns the error that Site turns into a page.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Install enters routes into a mux, each behind its role. The error names every
// route without a method, a role or a handler; then none is entered.
func (s *Site) Install(mux *http.ServeMux, routes []Route) error {
	var errs []error
	for _, route := range routes {
		method, _, ok := cutMethod(route.Pattern)
		if !ok || method == "" || route.Role.String() == "" || route.Handler == nil {
			errs = append(errs, fmt.Errorf("route %q: want a method and a path, a role and a handler", route.Pattern))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	for _, route := range routes {
		mux.Handle(route.Pattern, s.guarded(route))
	}
	return nil
}

// guarded is a route behind its role.
func (s *Site) guarded(route Route) http.Handler {
	limit := route.Body
	if limit == 0 {
		limit = DefaultBody
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scopeOf(r).pattern = r.Pattern
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		handler := route.Handler
		switch account := AccountOf(r); {
		case account.May(route.Role):
		case account.ID == "":
			handler = s.askToSignIn
		default:
			handler = denied
		}
		s.run(handler, w, r)
	})
}
