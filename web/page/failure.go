// SPDX-License-Identifier: Apache-2.0

package page

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/locale"
	"quanze/web/ui"
)

// run calls a handler and turns what it returns into a page.
func (s *Site) run(h Handler, w http.ResponseWriter, r *http.Request) {
	if err := h(w, r); err != nil {
		s.fail(w, r, err)
	}
}

// fail shows an error. Our own failures are logged, once, here; the client
// gets their reference and nothing else.
func (s *Site) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // the client went away
	}
	status := Status(err)
	if status == http.StatusInternalServerError {
		s.failOurs(w, r, err)
		return
	}
	if wrote(w) {
		s.config.Log.ErrorContext(r.Context(), "error after the answer began", "pattern", scopeOf(r).pattern, "error", err.Error())
		return
	}
	if err := Render(w, r, status, s.failurePage(r, status, err)); err != nil {
		s.failOurs(w, r, err)
	}
}

// referenceMark stands in the prepared page where the reference goes.
const referenceMark = "REFERENCEREFERENCE"

// prepareBroken renders the page for our failures in every language: when it
// is needed nothing else may work.
func (s *Site) prepareBroken() error {
	s.broken = map[locale.Lang]string{}
	for _, l := range locale.Langs() {
		w := s.config.Words.In(l)
		frame := ui.Frame{Words: w, Assets: s.config.Assets, Title: w.T("error.500.title"), Path: "/"}
		var b bytes.Buffer
		e := failure{Status: http.StatusInternalServerError, Title: w.T("error.500.title"), Next: w.T("error.500.next"), Reference: referenceMark}
		if err := failurePage(frame, e).Render(context.Background(), &b); err != nil {
			return fmt.Errorf("preparing the page for failures: %w", err)
		}
		s.broken[l] = b.String()
	}
	return nil
}

func (s *Site) failOurs(w http.ResponseWriter, r *http.Request, err error) {
	reference := rand.Text()[:10]
	s.config.Log.ErrorContext(r.Context(), "failure", "reference", reference, "method", r.Method, "pattern", scopeOf(r).pattern, "error", err.Error())
	if wrote(w) {
		return
	}
	lang := Words(r).Lang()
	if s.broken[lang] == "" {
		lang = locale.Zh
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusInternalServerError)
	_, _ = strings.NewReplacer(referenceMark, reference).WriteString(w, s.broken[lang])
}

// failurePage says what went wrong, on which clauses, and what to do next.
func (s *Site) failurePage(r *http.Request, status int, err error) templ.Component {
	w := Words(r)
	code := strconv.Itoa(status)
	e := failure{Status: status, Title: w.T("error." + code + ".title"), Next: w.T("error." + code + ".next")}
	var refusal *matter.Refusal
	if errors.As(err, &refusal) {
		said := RefusalOf(r, refusal, func(id string) string { return id })
		e.Message, e.Clauses, e.Help = said.Why, said.Clauses, said.Help
	} else if f := fault.Of(err); f != nil {
		if !strings.HasPrefix(f.Key, "fault.") { // the title says as much as a kind does
			e.Message = w.Fault(f)
		}
		if e.Message == e.Title {
			e.Message = ""
		}
		for _, id := range f.Basis {
			e.Clauses = append(e.Clauses, ClauseOf(r, id))
		}
		for _, key := range f.Help {
			e.Help = append(e.Help, w.Fill(key, f.Args))
		}
	}
	return failurePage(Frame(r, e.Title), e)
}

// ClauseOf returns a clause as the pages show it.
func ClauseOf(r *http.Request, id string) ui.Clause {
	sc := scopeOf(r)
	if sc.site.config.Clause == nil {
		return ui.Clause{Name: id}
	}
	return sc.site.config.Clause(sc.words, id)
}

// RefusalOf returns a refusal in words. label gives the name of an act, a
// party, a term, a field or a fact as its pack has it.
func RefusalOf(r *http.Request, refusal *matter.Refusal, label func(id string) string) ui.Refusal {
	w := Words(r)
	values := map[string]string{"act": label(refusal.Act), "party": "", "day": w.Date(refusal.Day), "count": "", "names": ""}
	if refusal.Party != "" {
		values["party"] = label(refusal.Party)
	}
	if refusal.Count != 0 {
		values["count"] = w.Number(refusal.Count)
	}
	names := make([]string, len(refusal.Names))
	for i, n := range refusal.Names {
		names[i] = label(n)
	}
	values["names"] = w.Join(names)
	out := ui.Refusal{Why: w.Fill("refusal."+string(refusal.Why), values), Help: []string{w.Fill("help."+string(refusal.Why), values)}}
	for _, id := range refusal.Clauses {
		out.Clauses = append(out.Clauses, ClauseOf(r, id))
	}
	return out
}

func denied(http.ResponseWriter, *http.Request) error { return fault.New(fault.Denied, "fault.denied") }

func notFound(http.ResponseWriter, *http.Request) error {
	return fault.New(fault.Absent, "fault.absent")
}

func notAllowed(w http.ResponseWriter, r *http.Request) error {
	return plainFailure(w, r, http.StatusMethodNotAllowed, Words(r).T("error.405.next"))
}

func crossed(w http.ResponseWriter, r *http.Request) error {
	return plainFailure(w, r, http.StatusForbidden, Words(r).T("error.403.cross"))
}

// plainFailure shows the page of a status with what to do next.
func plainFailure(w http.ResponseWriter, r *http.Request, status int, next string) error {
	words := Words(r)
	e := failure{Status: status, Title: words.T("error." + strconv.Itoa(status) + ".title"), Next: next}
	return Render(w, r, status, failurePage(Frame(r, e.Title), e))
}
