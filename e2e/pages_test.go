// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// found is what axe says of one rule on one page.
type found struct {
	ID     string   `json:"id"`
	Help   string   `json:"help"`
	Places []string `json:"places"`
}

const audit = `axe.run(document, {runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}, resultTypes: ["violations"]})
	.then(r => r.violations.map(v => ({id: v.id, help: v.help, places: v.nodes.slice(0, 5).map(n => n.html.slice(0, 300) + " " + n.failureSummary)})))`

// sound asserts of the page as it stands, at both widths, that axe finds
// nothing, that nothing runs out of the page sideways, and that its language
// is told.
func (p *person) sound(name, lang string) {
	p.t.Helper()
	if got := look[string](p, `document.documentElement.lang`); !strings.HasPrefix(got, lang) {
		p.t.Errorf("%s: lang is %q, want %s", name, got, lang)
	}
	p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := chromedp.Evaluate[chromedp.Void](the.axe)(ctx, target)
		return err
	}))
	for _, width := range []int64{360, 1440} {
		p.do(chromedp.EmulateViewport(width, 900))
		if got := look[int64](p, `document.documentElement.scrollWidth`); got > width {
			p.t.Errorf("%s, %s, %d px: the page is %d px wide: %s", name, lang, width, got, p.widest(width))
		}
		for _, f := range p.axe() {
			p.t.Errorf("%s, %s, %d px: %s: %s\n%s", name, lang, width, f.ID, f.Help, strings.Join(f.Places, "\n"))
		}
	}
}

// widest names what runs out of the page.
func (p *person) widest(width int64) string {
	return look[string](p, fmt.Sprintf(`Array.from(document.querySelectorAll("body *")).filter(e => e.getBoundingClientRect().right > %d)
		.slice(0, 3).map(e => e.outerHTML.slice(0, 120)).join(" | ")`, width))
}

func (p *person) axe() []found {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 3*patience)
	defer cancel()
	out, err := chromedp.Run(ctx, chromedp.Evaluate[[]found](audit, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("axe: %v", err)
	}
	return out
}

// matters maps the titles of a person's matters to their paths.
func (p *person) matters() map[string]string {
	p.t.Helper()
	p.at("/staff/matters")
	return look[map[string]string](p, `Object.fromEntries(Array.from(document.querySelectorAll("table.q-grid tbody th a"), a => [a.textContent.trim(), a.getAttribute("href")]))`)
}

// titled finds the matter whose title contains a word.
func (p *person) titled(word string) string {
	p.t.Helper()
	all := p.matters()
	for title, path := range all {
		if strings.Contains(title, word) {
			return path
		}
	}
	p.t.Fatalf("%s has no matter %q: %v", p.login, word, all)
	return ""
}

// leading finds the first matter whose page leads to such an address.
func (p *person) leading(to string) string {
	p.t.Helper()
	p.at("/staff/matters")
	for _, path := range look[[]string](p, `Array.from(document.querySelectorAll("table.q-grid tbody th a"), a => a.getAttribute("href"))`) {
		if p.at(path); strings.Contains(p.whole(), path+to) {
			return path
		}
	}
	p.t.Fatalf("%s has no matter that leads to %q", p.login, to)
	return ""
}

// state is one state of a page: who looks at it, and how it comes about.
type state struct {
	name string
	who  *person
	path string
	// change turns the page that stands at path into the state; it may be nil.
	change func(p *person)
	status int
}

// press422 sends a form that is refused, scripts on.
func press422(p *person) {
	p.t.Helper()
	if got := p.press(`form.q-form button[value="do"]`); got != 422 {
		p.t.Fatalf("status %d, want a refusal: %s", got, p.text())
	}
}

// TestPages looks at every kind of page, scripts on, in both languages and at
// both widths.
func TestPages(t *testing.T) {
	needWorld(t)
	anyone, clerk, head, school := visitor(t, true), signIn(t, "clerk", true), signIn(t, "head", true), signIn(t, "school", true)
	admin, secretary, investigator := signIn(t, "admin", true), signIn(t, "secretary", true), signIn(t, "investigator", true)
	served := school.titled("宿舍")
	young, inquired, ready := clerk.titled("东操场"), clerk.titled("楼梯"), clerk.titled("西门")
	proposed := clerk.titled("校车")
	paper := paperOf(school, served)
	irregular, filed := secretary.leading("/settle/"), investigator.leading("/do/ask_recusal")
	walk(t, []state{
		{name: "home", who: anyone, path: "/"},
		{name: "library", who: anyone, path: "/library"},
		{name: "document", who: anyone, path: "/library/wf11"},
		{name: "clause", who: anyone, path: "/library/wf11/clauses/wf11-art8-p2"},
		{name: "search", who: anyone, path: "/library/search?q=问责"},
		{name: "search without result", who: anyone, path: "/library/search?q=qqqq"},
		{name: "packs", who: anyone, path: "/packs"},
		{name: "pack", who: anyone, path: "/packs/gz09"},
		{name: "rules of a pack", who: anyone, path: "/packs/wf11/rules"},
		{name: "rules, for who administers", who: admin, path: "/rules"},
		{name: "local parameter", who: admin, path: "/rules/locals/gz09/appeal_days"},
		{name: "local parameter, a role", who: admin, path: "/rules/locals/gz09/recusal_decider"},
		{name: "propose a pack", who: admin, path: "/rules/propose"},
		{name: "irregular act", who: secretary, path: irregular},
		{name: "settle an irregular act", who: secretary, path: irregular, change: func(p *person) {
			links := look[[]string](p, `Array.from(document.querySelectorAll("main a"), a => a.getAttribute("href")).filter(h => h && h.includes("/settle/"))`)
			if len(links) == 0 {
				p.t.Fatalf("nothing is to be settled: %s", p.text())
			}
			p.at(links[0])
		}},
		{name: "form of two meetings", who: secretary, path: irregular + "/do/decide?moment=done&party=fan"},
		{name: "ask for recusal", who: investigator, path: filed + "/do/ask_recusal?moment=done"},
		{name: "sign-in", who: anyone, path: "/sign-in"},
		{name: "sign-in refused", who: anyone, path: "/sign-in", change: func(p *person) {
			p.set("login", "nobody")
			p.set("password", "wrong-password")
			if got := p.press("form.q-form button"); got != 403 {
				p.t.Errorf("a wrong password: %d", got)
			}
		}},
		{name: "not found", who: anyone, path: "/none", status: 404},
		{name: "gallery", who: anyone, path: "/gallery"},
		{name: "today", who: clerk, path: "/staff"},
		{name: "matters", who: clerk, path: "/staff/matters"},
		{name: "begin", who: clerk, path: "/staff/begin/wf11/case/accident?unit=bureau"},
		{name: "begin with errors", who: clerk, path: "/staff/begin/wf11/case/accident?unit=bureau", change: func(p *person) {
			p.set("happened_on", "2026-02-30")
			press422(p)
		}},
		{name: "matter, begun", who: head, path: young},
		{name: "matter, what cannot be done", who: clerk, path: inquired, change: func(p *person) {
			look[int](p, `document.querySelectorAll("details").forEach(d => { d.open = true; }), 0`)
		}},
		{name: "form", who: head, path: young + "/do/form_team?moment=done"},
		{name: "form refused", who: head, path: young + "/do/form_team?moment=done", change: func(p *person) {
			p.set("team", "p:wang")
			p.set("joint_needed", "false")
			press422(p)
		}},
		{name: "form with files", who: clerk, path: inquired + "/do/report?moment=done"},
		{name: "form, too early", who: head, path: inquired + "/do/decide?moment=done&party=qin"},
		{name: "form of a decision", who: head, path: ready + "/do/decide?moment=done&party=qin"},
		{name: "form of an approval", who: head, path: proposed + "/do/extend?moment=done"},
		{name: "papers", who: clerk, path: served + "/papers"},
		{name: "paper", who: clerk, path: paper},
		{name: "files", who: clerk, path: inquired + "/files"},
		{name: "days", who: clerk, path: served + "/days"},
		{name: "basis", who: clerk, path: served + "/basis"},
		{name: "my side", who: school, path: served},
		{name: "my paper", who: school, path: paper},
		{name: "my days", who: school, path: served + "/days"},
		{name: "my appeal", who: school, path: served + "/do/appeal?moment=done&party=qin"},
		{name: "not mine to do", who: school, path: "/staff/begin/wf11/case/accident?unit=bureau", status: 403},
	})
}

// walk looks at each state in both languages.
func walk(t *testing.T, states []state) {
	t.Helper()
	for _, s := range states {
		t.Run(s.name, func(t *testing.T) {
			s.who.t = t
			for _, lang := range []string{"zh", "en"} {
				s.who.speak(lang)
				if got := s.who.open(s.path); got != max(s.status, 200) {
					t.Fatalf("%s: status %d: %s", s.path, got, s.who.text())
				}
				if s.change != nil {
					s.change(s.who)
				}
				s.who.sound(s.name, lang)
			}
		})
	}
}

// speak chooses the language by the switch of the page.
func (p *person) speak(lang string) {
	p.t.Helper()
	p.at("/library?lang=" + lang)
}

// paperOf finds the first paper of a matter.
func paperOf(p *person, matter string) string {
	p.t.Helper()
	p.at(matter + "/papers")
	links := look[[]string](p, `Array.from(document.querySelectorAll("main table a"), a => a.getAttribute("href"))`)
	i := slices.IndexFunc(links, func(s string) bool { return strings.HasPrefix(s, matter+"/papers/") })
	if i < 0 {
		p.t.Fatalf("no paper at %s: %v", matter, links)
	}
	return links[i]
}

// TestAxeFinds keeps the audit honest: a page with faults is found faulty.
func TestAxeFinds(t *testing.T) {
	needWorld(t)
	p := visitor(t, true)
	p.at("/")
	look[int](p, `(document.querySelector("main").insertAdjacentHTML("beforeend",
		'<img src="/none.png"><input type="text"><p style="color:#ccc">pale</p>'), 0)`)
	p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := chromedp.Evaluate[chromedp.Void](the.axe)(ctx, target)
		return err
	}))
	var got []string
	for _, f := range p.axe() {
		got = append(got, f.ID)
	}
	for _, want := range []string{"image-alt", "label"} {
		if !slices.Contains(got, want) {
			t.Errorf("axe does not find %s: %v", want, got)
		}
	}
}

// TestOutcomes: with scripts, what only one outcome needs is out of sight until
// that is chosen, and what a refusal is about never is.
func TestOutcomes(t *testing.T) {
	needWorld(t)
	p := signIn(t, "head", true)
	p.at(p.titled("西门") + "/do/decide?moment=done&party=qin")
	seen := func(name string) bool {
		return look[bool](p, `document.querySelector("form.q-form [name=`+name+`]").closest(".q-input").offsetParent !== null`)
	}
	choose := func(outcome string) {
		look[int](p, `(document.querySelector("[name=outcome][value=`+outcome+`]").click(), 0)`)
	}
	if seen("gravity") || seen("unestablished") {
		t.Error("what hangs on the outcome is shown before one is chosen")
	}
	choose("accountable")
	if !seen("gravity") || seen("unestablished") {
		t.Error("held to account: the wrong fields are shown")
	}
	choose("not_accountable")
	if seen("gravity") || !seen("unestablished") {
		t.Error("not held to account: the wrong fields are shown")
	}
	press422(p)
	if !seen("unestablished") {
		t.Error("a refusal is about a field that is out of sight")
	}
}
