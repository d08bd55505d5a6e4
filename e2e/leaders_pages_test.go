// SPDX-License-Identifier: Apache-2.0

package e2e

import "testing"

// unfold opens what is folded, so that it is looked at too.
func unfold(p *person) {
	p.t.Helper()
	look[int](p, `(document.querySelectorAll("details").forEach(d => { d.open = true; }), 0)`)
}

// TestLeadersPages looks at the pages of cases of leading cadres, from the side
// of who inquires, who decides and who is accused, as TestPages does.
func TestLeadersPages(t *testing.T) {
	needWorld(t)
	officer, second, chief := signIn(t, "investigator", true), signIn(t, "investigator2", true), signIn(t, "discipline_head", true)
	secretary, accused, suspended := signIn(t, "secretary", true), signIn(t, "housing_head", true), signIn(t, "transport_head", true)
	stayed, suspension, proposed, asked := officer.titled("网约车"), officer.titled("道路养护"), secretary.titled("客运站"), chief.titled("异味扰民")
	told, decided, served := secretary.titled("老旧小区"), secretary.titled("企业排污"), accused.titled("工地扬尘")
	decision := paperOf(accused, served)
	walk(t, []state{
		{name: "first page of the accused", who: accused, path: "/staff"},
		{name: "first page of who decides", who: secretary, path: "/staff"},
		{name: "lead", who: officer, path: "/staff/begin/gz09/case/lead?unit=discipline", change: unfold},
		{name: "lead with errors", who: chief, path: "/staff/begin/gz09/case/lead?unit=discipline", change: func(p *person) {
			p.set("decider", "u:committee")
			p.set("source", "public_report")
			p.set("subject", "路灯")
			p.set("about", "路灯不亮")
			press422(p)
		}},
		{name: "appealed and stayed, who inquires", who: officer, path: stayed, change: unfold},
		{name: "appealed and stayed, who decides", who: secretary, path: stayed, change: unfold},
		{name: "days that stand still", who: officer, path: stayed + "/days"},
		{name: "suspended, who inquires", who: officer, path: suspension, change: unfold},
		{name: "suspended, the accused", who: suspended, path: suspension, change: unfold},
		{name: "decided and served, the accused", who: accused, path: served, change: unfold},
		{name: "decision, the accused", who: accused, path: decision},
		{name: "rules, the accused", who: accused, path: served + "/basis"},
		{name: "appeal, the accused", who: accused, path: served + "/do/appeal?moment=done&party=xi", change: press422},
		{name: "approval", who: secretary, path: proposed + "/do/file?moment=done"},
		{name: "minutes", who: secretary, path: told + "/do/decide?moment=done&party=fan", change: unfold},
		{name: "minutes with errors", who: secretary, path: told + "/do/decide?moment=done&party=fan", change: func(p *person) {
			p.set("outcome", "inquire_again")
			p.set("established", "false")
			p.set("ground", "no_ground")
			p.set("reasons", "证据不足。")
			p.sits("退回补证。", "hua", "jin")
			press422(p)
		}},
		{name: "minutes kept", who: secretary, path: decided, change: unfold},
		{name: "not his to decide", who: officer, path: told + "/do/decide?moment=done&party=fan"},
		{name: "recusal asked", who: chief, path: asked, change: unfold},
		{name: "settle a recusal", who: chief, path: asked + "/do/settle_recusal?moment=done"},
		{name: "who stands aside", who: officer, path: asked, change: unfold},
		{name: "recusal, the accused asks", who: accused, path: served + "/do/ask_recusal?moment=done"},
		{name: "who withdrew", who: second, path: withdrawn(t, second, chief), status: 403},
		{name: "a clause where matters run", who: officer, path: "/library/gz09/clauses/gz09-art21-p1a"},
		{name: "document of leading cadres", who: officer, path: "/library/gz09"},
	})
}

// withdrawn finds a matter that one may not see though his colleague may: he
// withdrew from it.
func withdrawn(t *testing.T, out, in *person) string {
	t.Helper()
	mine := out.matters()
	for title, path := range in.matters() {
		if _, seen := mine[title]; !seen && out.open(path) == 403 {
			return path
		}
	}
	t.Fatal("nobody withdrew")
	return ""
}
