// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"slices"

	"github.com/a-h/templ"

	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/office/casework"
	"quanze/store"
	"quanze/web/ui"
)

// minutesShown are the minutes of a decided act, as those who work on the
// matter see them.
type minutesShown struct {
	summary string
	facts   []ui.Fact
	votes   []ui.Table
}

// minutesOf are the minutes under an entry. Whom the matter concerns is told
// that a meeting decided, how many came and that it was enough; not who said
// what.
func minutesOf(n names, v *casework.View, e store.Recorded) []templ.Component {
	s, sat := v.Sittings[e.Seq]
	if !sat || s.Meeting == nil {
		return nil
	}
	if v.Side != casework.Working || e.Minutes == nil {
		return []templ.Component{saidLines(n.w, []line{{n.w.T("minutes.told", "meeting", n.label(s.Meeting.Label), "n", n.w.Number(s.Present), "members", n.w.Number(s.Members)),
			n.clauses(s.Meeting.Basis.Clauses())}})}
	}
	return []templ.Component{minutesView(n.w, n.minutesShown(s.Meeting, e.Event))}
}

func (n names) minutesShown(m *rulepack.Meeting, e matter.Event) minutesShown {
	minutes := e.Minutes
	out := minutesShown{summary: n.w.T("minutes.summary", "meeting", n.label(m.Label), "n", n.w.Number(len(minutes.Present)), "members", n.w.Number(len(minutes.Members)))}
	base := len(minutes.Members)
	if q := m.Quorum; q != nil && (m.Recuse == nil || m.Recuse.Keep) {
		if k, known := n.least(q.Share, base, e.On); known {
			out.fact(n, "minutes.fact.quorum", n.w.T("minutes.came", "n", n.w.Number(len(minutes.Present)), "need", n.w.Number(k), "members", n.w.Number(base)), q.Basis.Or(m.Basis))
		}
	}
	if v := m.Vote; v != nil {
		if k, known := n.least(v.Pass, minutes.Base, e.On); known {
			out.fact(n, "minutes.fact.result", n.w.T("minutes.agreed", "n", n.w.Number(minutes.Agree), "need", n.w.Number(k), "base", n.w.Number(minutes.Base)), v.Basis.Or(m.Basis))
		}
	}
	if minutes.Last != "" {
		out.facts = append(out.facts, ui.Fact{Term: n.w.T("minutes.last"), Text: n.person(minutes.Last)})
	}
	if len(minutes.Heard) > 0 {
		var list []string
		for _, key := range minutes.Heard {
			list = append(list, n.anyParty(key))
		}
		out.facts = append(out.facts, ui.Fact{Term: n.w.T("minutes.heard"), Text: n.w.Join(list)})
	}
	out.votes = append(out.votes, n.votes(m, minutes))
	return out
}

func (s *minutesShown) fact(n names, key, text string, basis rulepack.Basis) {
	s.facts = append(s.facts, ui.Fact{Term: n.w.T(key), Body: saidLines(n.w, []line{{text, n.clauses(basis.Clauses())}})})
}

// votes lists each member: whether he came, what he said and why. An opinion
// sent by one who was not there is shown as what it is.
func (n names) votes(m *rulepack.Meeting, minutes *matter.Minutes) ui.Table {
	t := ui.Table{Caption: n.w.T("minutes.votes"), Columns: []ui.Column{{Label: n.w.T("roll.member")}, {Label: n.w.T("roll.here")}}}
	if m.Vote != nil {
		t.Columns = append(t.Columns, ui.Column{Label: n.w.T("roll.says")}, ui.Column{Label: n.w.T("roll.why")})
	}
	for _, p := range minutes.Members {
		here := slices.Contains(minutes.Present, p)
		row := ui.Row{Cells: []ui.Cell{{Text: n.person(p), Under: n.postOf(p)}, {Text: n.w.T("answer." + map[bool]string{true: "true", false: "false"}[here])}}}
		if m.Vote != nil {
			said, why := ui.Cell{Text: n.w.T("roll.none")}, ui.Cell{}
			for _, v := range minutes.Votes {
				if v.Person != p {
					continue
				}
				said.Text, why.Text = n.w.T("vote."+v.Option), v.Reason
				if !here {
					said.Under = n.w.T("minutes.not_counted")
				}
			}
			row.Cells = append(row.Cells, said, why)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// postOf is a person's post today: unit and title.
func (n names) postOf(p org.PersonID) string {
	for _, h := range n.rules.Org.Posts(p, n.today) {
		unit, _ := n.rules.Org.Unit(h.Post.Unit)
		return n.w.T("post.of", "unit", n.w.Name(unit.Name.Zh, unit.Name.En), "title", n.w.Name(h.Post.Title.Zh, h.Post.Title.En))
	}
	return ""
}

// withPost names a person with his post.
func (n names) withPost(p org.PersonID) string {
	for _, h := range n.rules.Org.Posts(p, n.today) {
		return n.actor(matter.Actor{Person: p, Post: h.Post.ID})
	}
	return n.person(p)
}
