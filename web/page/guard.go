// SPDX-License-Identifier: Apache-2.0

package page

import (
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/httprate"

	"quanze/locale"
)

// policy is the content security policy: everything from here, no script and no
// style within a page, no frame around it.
const policy = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// headers sets what every answer carries.
func (s *Site) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		if s.config.TLS {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// logged writes one line per request: method, pattern of the route, status and
// milliseconds. Neither path nor query nor address stands in it, since they
// may name a person or a receipt. A panic becomes the page for our failures.
func (s *Site) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		sc := &scope{site: s, words: s.config.Words.In(locale.Negotiate(r.Header.Get("Accept-Language")))}
		r = withScope(r, sc)
		watched := &watcher{ResponseWriter: w}
		defer func() {
			if cause := recover(); cause != nil {
				if cause == http.ErrAbortHandler {
					panic(cause)
				}
				s.failOurs(watched, r, fmt.Errorf("panic: %v\n%s", cause, debug.Stack()))
			}
			s.config.Log.InfoContext(r.Context(), "request", "method", r.Method, "pattern", sc.pattern,
				"status", watched.status, "ms", time.Since(began).Milliseconds())
		}()
		next.ServeHTTP(watched, r)
	})
}

// watcher remembers the status that was sent.
type watcher struct {
	http.ResponseWriter
	status int
}

func (w *watcher) WriteHeader(status int) {
	if w.status == 0 || w.status < 200 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *watcher) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (w *watcher) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// wrote reports whether an answer has begun, through whatever wraps the watcher.
func wrote(w http.ResponseWriter) bool {
	for {
		switch v := w.(type) {
		case *watcher:
			return v.status >= 200
		case interface{ Unwrap() http.ResponseWriter }:
			w = v.Unwrap()
		default:
			return false
		}
	}
}

// Limited lets an address call a handler most times in a while, on this node.
func Limited(most int, while time.Duration, h Handler) Handler {
	limiter := httprate.NewRateLimiter(most, while)
	return func(w http.ResponseWriter, r *http.Request) error {
		if !limiter.OnLimit(w, r, httprate.CanonicalizeIP(Address(r))) {
			return h(w, r)
		}
		minutes := max(1, int(while.Minutes()+0.5))
		w.Header().Set("Retry-After", strconv.Itoa(60*minutes))
		words := Words(r)
		return plainFailure(w, r, http.StatusTooManyRequests, words.T("error.429.next", "n", words.Number(minutes)))
	}
}

// peer is the address of the other end of the connection.
func peer(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// cutMethod divides a pattern into method and path.
func cutMethod(pattern string) (method, path string, ok bool) {
	method, path, ok = strings.Cut(pattern, " ")
	return method, path, ok && strings.HasPrefix(path, "/") && strings.ToUpper(method) == method
}
