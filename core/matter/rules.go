// SPDX-License-Identifier: Apache-2.0

package matter

import (
	"quanze/core/calendar"
	"quanze/core/org"
	"quanze/core/rulepack"
)

// Rules are all that a decision rests on besides the matter itself: the frozen
// pack, the organisation, the calendar and the local parameters.
type Rules struct {
	Procedure *rulepack.Procedure
	Org       *org.Org
	Calendar  *calendar.Calendar
	Locals    Locals
	// Versions are those of the same procedure, by the day from which they are in
	// force: what a matter may be moved to, and whose tables judge what was done
	// while they were.
	Versions []Version
	// began is the procedure the matter began under, where it was moved since.
	began *rulepack.Procedure
}

// Version is one version of a procedure.
type Version struct {
	Hash      string
	From      calendar.Date
	Procedure *rulepack.Procedure
}

// Of are the rules as a matter runs under them: it may have been moved from the
// version it began under.
func (r *Rules) Of(s *State) *Rules { return r.under(s.version) }

// under takes the version of that hash, "" the one that the matter began under.
func (r *Rules) under(hash string) *Rules {
	if hash == "" && r.began == nil {
		return r
	}
	began := r.began
	if began == nil {
		began = r.Procedure
	}
	to := began
	for _, v := range r.Versions {
		if v.Hash == hash && hash != "" {
			to = v.Procedure
		}
	}
	if to == r.Procedure {
		return r
	}
	out := *r
	out.Procedure, out.began = to, began
	return &out
}

// Act finds an act, also one that only another version of the procedure has: a
// record tells of what was done under each.
func (r *Rules) Act(id string) *rulepack.Act {
	if a := r.Procedure.Act(id); a != nil {
		return a
	}
	for _, v := range r.Versions {
		if a := v.Procedure.Act(id); a != nil {
			return a
		}
	}
	return nil
}

// Term finds a term, also one that only another version of the procedure has.
func (r *Rules) Term(id string) *rulepack.Term {
	if t := r.Procedure.Term(id); t != nil {
		return t
	}
	for _, v := range r.Versions {
		if t := v.Procedure.Term(id); t != nil {
			return t
		}
	}
	return nil
}

// version finds the one of that hash, nil where it is not there.
func (r *Rules) version(hash string) *rulepack.Procedure {
	for _, v := range r.Versions {
		if v.Hash == hash {
			return v.Procedure
		}
	}
	return nil
}

// on is the version that was in force on a day; of what was done before there
// was one, the version that the matter runs under.
func (r *Rules) on(day calendar.Date) *rulepack.Procedure {
	found := r.Procedure
	latest := calendar.Date(0)
	for _, v := range r.Versions {
		if v.From <= day && v.From >= latest {
			found, latest = v.Procedure, v.From
		}
	}
	return found
}
