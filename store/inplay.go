// SPDX-License-Identifier: Apache-2.0

package store

import "strings"

// InPlay chooses running matters of one procedure, under one version of its
// pack, in which rules are in play: an obligation of one of the terms is owed
// there, or one of the acts has been done or proposed there. Whole: the rules
// are about the procedure itself, so that they are in play in each.
type InPlay struct {
	PackHash  string
	Procedure string
	Whole     bool
	Terms     []string
	Acts      []string
}

// inPlay adds that one of several holds; of none, nothing is chosen. Each trace
// is looked for by itself: of two joined by or, PostgreSQL reads all events.
func inPlay(w *where, any []InPlay) {
	var parts []string
	for _, p := range any {
		for _, trace := range p.traces(w) {
			parts = append(parts, "select x.id from matters x where x.ended = '' and x.pack_hash in ("+marks(w, []string{p.PackHash})+
				") and x.procedure in ("+marks(w, []string{p.Procedure})+")"+trace)
		}
	}
	if len(parts) == 0 {
		w.add("1 = 0")
		return
	}
	w.conditions = append(w.conditions, "m.id in ("+strings.Join(parts, " union all ")+")")
}

// traces are what the rules leave in a matter. What only waits for its day is
// kept beside the terms under the kind ahead: it is not owed yet.
func (p InPlay) traces(w *where) []string {
	if p.Whole {
		return []string{""}
	}
	var out []string
	if len(p.Terms) > 0 {
		out = append(out, " and exists (select 1 from terms t where t.matter_id = x.id and t.state in ('armed', 'late', 'stopped') and t.kind <> 'ahead' and t.term in ("+marks(w, p.Terms)+"))")
	}
	if len(p.Acts) > 0 {
		out = append(out, " and exists (select 1 from events e where e.matter_id = x.id and e.kind in ('done', 'proposed') and e.act in ("+marks(w, p.Acts)+"))")
	}
	return out
}
