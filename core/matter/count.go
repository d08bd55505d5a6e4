// SPDX-License-Identifier: Apache-2.0

package matter

import "quanze/core/calendar"

// Occurrences lists the days on which a moment came about for a party, those
// that were taken back left out. What one matter must know of another is
// counted from them.
func Occurrences(s *State, rules *Rules, name, party string) []calendar.Date {
	rules = rules.Of(s)
	m, ok := rules.Procedure.Moment(name)
	if !ok {
		return nil
	}
	if a := rules.Procedure.Act(m.Of); a != nil && a.Each == "" {
		party = "" // a common act is everybody's
	}
	floor := max(s.undone.at(mark{m.Of, ""}), s.undone.at(mark{m.Of, party}))
	var out []calendar.Date
	for _, st := range s.marks.at(mark{m.String(), party}) {
		if st.order > floor {
			out = append(out, st.on)
		}
	}
	return out
}
