// SPDX-License-Identifier: Apache-2.0

package matter_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"quanze/core/calendar"
	"quanze/core/matter"
)

// sound tests what must hold of every answer of Decide, and returns what does
// not: the state is untouched, the answer is the same when asked again, and a
// refusal and each consequence names a clause.
func sound(s *matter.State, c matter.Command, rules *matter.Rules, today calendar.Date, record, news []matter.Event, refusal *matter.Refusal) string {
	if again := matter.Fold(record, rules); matter.Compare(again, s) != "" {
		return "deciding changed the state: " + matter.Compare(again, s)
	}
	news2, refusal2 := matter.Decide(s, c, rules, today)
	if diff := cmp.Diff(text(news), text(news2)); diff != "" {
		return "a second answer differs: " + diff
	}
	if diff := cmp.Diff(refusal, refusal2); diff != "" {
		return "a second refusal differs: " + diff
	}
	if refusal != nil {
		if news != nil {
			return "events beside a refusal"
		}
		if len(refusal.Clauses) == 0 && refusal.Why != matter.NoSuchAct && refusal.Why != matter.InTheFuture {
			return "a refusal without a clause: " + string(refusal.Why)
		}
		return ""
	}
	seq := s.Version()
	for _, e := range news {
		if seq++; e.Seq != seq {
			return fmt.Sprintf("event %d is numbered %d", seq, e.Seq)
		}
		if !e.Kind.Fact() && e.Kind != matter.Reversed && len(e.Clauses) == 0 {
			return fmt.Sprintf("%s %s cites nothing", e.Kind, e.Key)
		}
		if e.Entered != today {
			return fmt.Sprintf("%s is entered on %s", e.Kind, e.Entered)
		}
	}
	return ""
}

// kept tests what must hold of every record: folding it gives the state, also
// when it comes from JSON; what was recorded less what was reversed is what
// replay brings; no consequence comes twice; and every obligation stands in the
// record.
func kept(s *matter.State, record []matter.Event, rules *matter.Rules, today calendar.Date) string {
	if diff := matter.Compare(matter.Fold(record, rules), s); diff != "" {
		return "replay differs: " + diff
	}
	data, err := json.Marshal(record)
	if err != nil {
		return err.Error()
	}
	var again []matter.Event
	if err := json.Unmarshal(data, &again); err != nil {
		return err.Error()
	}
	if diff := matter.Compare(matter.Fold(again, rules), s); diff != "" {
		return "replay from JSON differs: " + diff
	}
	holds := map[string]bool{}
	for _, e := range record {
		switch {
		case e.Kind == matter.Reversed:
			delete(holds, e.Key)
		case !e.Kind.Fact():
			if holds[e.Key] {
				return "recorded twice: " + e.Key
			}
			holds[e.Key] = true
		}
	}
	standing := s.At(rules, today)
	replayed := map[string]bool{}
	for _, e := range standing.Consequences() {
		if replayed[e.Key] {
			return "came about twice: " + e.Key
		}
		replayed[e.Key] = true
	}
	if diff := cmp.Diff(replayed, holds); diff != "" {
		return "recorded less reversed is not what replay brings (-replay +record):\n" + diff
	}
	return told2(standing, holds)
}

// told2 tests that each obligation has a status and that the record says so.
func told2(s *matter.State, holds map[string]bool) string {
	for _, o := range s.Obligations() {
		if !holds["started|"+o.Key] {
			return "never recorded as started: " + o.Key
		}
		prefix := ""
		switch o.Status {
		case matter.Running:
		case matter.Late, matter.StatusGone:
			prefix = "lapsed|"
		case matter.StatusMet:
			prefix = "met|"
		case matter.Held:
			prefix = "stopped|"
		case matter.StatusStruck:
			prefix = "struck|"
		case matter.StatusFreed:
			prefix = "released|"
			if slices.ContainsFunc(sorted(holds), func(k string) bool { return strings.HasPrefix(k, "ended|"+o.Key) }) {
				prefix = "ended|"
			}
		default:
			return fmt.Sprintf("%s has status %q", o.Key, o.Status)
		}
		if !slices.ContainsFunc(sorted(holds), func(k string) bool { return strings.HasPrefix(k, prefix) && strings.Contains(k, o.Key) }) {
			return fmt.Sprintf("%s is %s and the record does not say so", o.Key, o.Status)
		}
	}
	return ""
}

func sorted(set map[string]bool) []string {
	var out []string
	for k := range set {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// text writes events, or a command, as the record holds them, to compare whole.
func text(what any) string {
	b, err := json.MarshalIndent(what, "", " ")
	if err != nil {
		return err.Error()
	}
	return string(b)
}
