// SPDX-License-Identifier: Apache-2.0

package page

import (
	"bytes"
	"fmt"
	"net/http"

	"github.com/a-h/templ"
)

// Render writes a page. It is rendered whole before a byte is sent, so that an
// error on the way becomes the page for our failures and never half a page.
func Render(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	var b bytes.Buffer
	if err := c.Render(r.Context(), &b); err != nil {
		return fmt.Errorf("rendering %s: %w", r.Pattern, err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Add("Vary", "Cookie, Accept-Language")
	h.Set("Content-Language", string(Words(r).Lang()))
	if AccountOf(r).ID != "" || status >= 400 {
		h.Set("Cache-Control", "no-store")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return nil
	}
	// An error here is the client's going away; there is nobody to tell.
	_, _ = b.WriteTo(w)
	return nil
}

// SeeOther sends the browser to another page of this site after an act, so that
// reloading does not repeat it.
func SeeOther(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, LocalPath(path, "/"), http.StatusSeeOther)
	return nil
}
