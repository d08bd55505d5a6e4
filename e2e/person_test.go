// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// password opens every account of the demonstration.
const password = "quanze-demo"

// person is somebody in a browser context of his own: no cookie is shared.
type person struct {
	t     *testing.T
	ctx   context.Context
	login string
}

// visitor is somebody who has not signed in. Without scripts the pages must
// work all the same.
func visitor(t *testing.T, scripts bool) *person {
	t.Helper()
	ctx, quit := chromedp.NewContext(the.browser, chromedp.WithNewBrowserContext())
	t.Cleanup(quit)
	p := &person{t: t, ctx: ctx, login: "visitor"}
	// The tab lives as long as the context that first asks for it.
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		return target.Call(ctx, "Emulation.setScriptExecutionDisabled", map[string]bool{"value": !scripts}, nil)
	}))
	return p
}

// signIn is a person at his own first page.
func signIn(t *testing.T, login string, scripts bool) *person {
	t.Helper()
	p := visitor(t, scripts)
	p.login = login
	p.open("/sign-in?lang=zh")
	p.set("login", login)
	p.set("password", password)
	if got := p.press(`form.q-form button`); got != 200 {
		t.Fatalf("%s could not sign in: %d %s", login, got, p.text())
	}
	return p
}

func (p *person) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("%s: %v", p.login, err)
	}
}

// goes does what leads to another page and returns the status of that page.
func (p *person) goes(step chromedp.Action[chromedp.Void], what string) int {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	answer, err := chromedp.RunResponse(ctx, step)
	if err != nil {
		p.t.Fatalf("%s: %s: %v\n%s", p.login, what, err, p.text())
	}
	p.stands(what)
	return int(answer.Status)
}

// stands waits until the page that was answered has taken the place of the one
// before: right after the answer there may be no document yet.
func (p *person) stands(what string) {
	p.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(p.ctx, patience)
		ready, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.documentElement !== null && document.readyState === "complete"`))
		cancel()
		if err == nil && ready {
			return
		}
		if time.Now().After(end) {
			p.t.Fatalf("%s: %s: the page does not stand: %v", p.login, what, err)
		}
	}
}

// open goes to a path and returns its status.
func (p *person) open(path string) int {
	p.t.Helper()
	return p.goes(chromedp.Navigate(the.base+path), path)
}

// press clicks with the mouse what the selector finds.
func (p *person) press(selector string) int {
	p.t.Helper()
	return p.goes(chromedp.Click(chromedp.CSS(selector)), selector)
}

// follow clicks the link whose text begins so.
func (p *person) follow(within, text string) int {
	p.t.Helper()
	return p.goes(chromedp.Click(fmt.Sprintf(`//%s//a[starts-with(normalize-space(.),"%s")]`, within, text)), text)
}

const offers = `ul[@class="q-offers"]`

// begin opens the form of an offer on the matter's page, as a person does.
func (p *person) begin(matter, label string) {
	p.t.Helper()
	p.at(matter)
	if !p.offered(label) {
		p.t.Fatalf("%s is not offered %q: %s", p.login, label, p.text())
	}
	if got := p.follow(offers, label); got != 200 {
		p.t.Fatalf("%s: form %q: %d", p.login, label, got)
	}
}

func (p *person) at(path string) {
	p.t.Helper()
	if got := p.open(path); got != 200 {
		p.t.Fatalf("%s: %s: status %d: %s", p.login, path, got, p.text())
	}
}

func (p *person) offered(label string) bool {
	p.t.Helper()
	return slices.ContainsFunc(look[[]string](p, `Array.from(document.querySelectorAll("ul.q-offers a"), a => a.textContent.trim())`),
		func(s string) bool { return strings.HasPrefix(s, label) })
}

// look evaluates an expression in the page; it does so without scripts too.
func look[T any](p *person, expression string) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		p.t.Fatalf("%s: %s: %v", p.login, expression, err)
	}
	return v
}

func quote(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

// set fills in a field: a text, or which of its choices are chosen.
func (p *person) set(name string, values ...string) {
	p.t.Helper()
	wrong := look[string](p, `(function (name, values) {
		const all = Array.from(document.querySelectorAll("form.q-form [name=" + JSON.stringify(name) + "]"));
		if (all.length === 0) return "there is no such field";
		if (all[0].type === "checkbox" || all[0].type === "radio") {
			all.forEach(e => { e.checked = values.includes(e.value); });
			const there = all.map(e => e.value);
			return values.filter(v => !there.includes(v)).map(v => v + " is not among " + there).join();
		}
		all[0].value = values[0];
		return "";
	})(`+quote(name)+`,`+quote(append([]string{}, values...))+`)`)
	if wrong != "" {
		p.t.Fatalf("%s: field %s: %s", p.login, name, wrong)
	}
}

// choices are the values that may be chosen in a field.
func (p *person) choices(name string) []string {
	p.t.Helper()
	return look[[]string](p, `Array.from(document.querySelectorAll("form.q-form [name=" + JSON.stringify(`+quote(name)+`) + "]"), e => e.value)`)
}

// values is what stands, or is chosen, in a field.
func (p *person) values(name string) []string {
	p.t.Helper()
	return look[[]string](p, `Array.from(document.querySelectorAll("form.q-form [name=" + `+quote(quote(name))+` + "]"))
		.filter(e => e.type !== "file" && (!["checkbox", "radio"].includes(e.type) || e.checked)).map(e => e.value)`)
}

// kept asserts that a field still has what was typed.
func (p *person) kept(name string, want ...string) {
	p.t.Helper()
	got := p.values(name)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		p.t.Errorf("%s: field %s is %q, want %q", p.login, name, got, want)
	}
}

func (p *person) upload(name, file string) {
	p.t.Helper()
	p.do(chromedp.SetUploadFiles(chromedp.CSS(`form.q-form input[type=file][name="`+name+`"]`), []string{file}))
}

// text is what a reader reads in the page's main part.
func (p *person) text() string {
	p.t.Helper()
	return look[string](p, `(document.querySelector("main") || document.body || document.documentElement).textContent.replace(/\s+/g, " ")`)
}

// whole is all of the page, with what nobody reads.
func (p *person) whole() string {
	p.t.Helper()
	return look[string](p, `document.documentElement.outerHTML`)
}

func (p *person) path() string {
	p.t.Helper()
	u, err := url.Parse(look[string](p, `location.href`))
	if err != nil {
		p.t.Fatal(err)
	}
	return u.Path
}

// sits enters the minutes of a meeting at which those present agreed, for one
// reason.
func (p *person) sits(why string, present ...string) {
	p.t.Helper()
	p.set("here", present...)
	for _, id := range present {
		p.set("say."+id, "agree")
	}
	p.set("why_all", why)
}

// does sends the form and expects to come back to the matter.
func (p *person) does(matter string) {
	p.t.Helper()
	if got := p.press(`form.q-form button[value="do"]`); got != 200 || p.path() != matter {
		p.t.Fatalf("%s: the act was not done: %d at %s: %s", p.login, got, p.path(), p.text())
	}
}

// refused sends the form and expects a refusal on that clause.
func (p *person) refused(clause string) {
	p.t.Helper()
	if got := p.press(`form.q-form button[value="do"]`); got != 422 {
		p.t.Fatalf("%s: status %d, want a refusal by %s: %s", p.login, got, clause, p.text())
	}
	p.citing(clause)
}

// citing asserts that the page says why not, by that clause, with a link to it.
func (p *person) citing(clause string) {
	p.t.Helper()
	got := look[[]string](p, `Array.from(document.querySelectorAll(".q-notice--refused a"), a => a.lastChild.textContent.trim())`)
	if !slices.Contains(got, clause) {
		p.t.Errorf("%s: refused by %q, want %s: %s", p.login, got, clause, p.text())
	}
}

func (p *person) says(want ...string) {
	p.t.Helper()
	text := p.text()
	for _, s := range want {
		if !strings.Contains(text, s) {
			p.t.Errorf("%s at %s: %q is not said: %s", p.login, p.path(), s, text)
		}
	}
}

// hides asserts that the page contains none of it, seen or unseen.
func (p *person) hides(unwanted ...string) {
	p.t.Helper()
	all := p.whole()
	for _, s := range unwanted {
		if strings.Contains(all, s) {
			p.t.Errorf("%s at %s is shown %q", p.login, p.path(), s)
		}
	}
}
