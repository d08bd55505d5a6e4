// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"slices"
	"strconv"
	"strings"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack"
	"quanze/core/rulepack/expr"
)

// known is what the record already says: the day is today, what a field is
// filled with before anybody types, and a meeting at which all were there.
func (a asked) known() []string {
	out := []string{"on", a.today.String()}
	if a.moment == matter.Served || a.approving() || a.signing() {
		return out
	}
	for _, f := range a.act.Fields() {
		if a.settled(f).False() {
			continue // not asked for, so nothing is sent with it
		}
		if f.Type == rulepack.FieldLimit {
			out = append(out, a.fillLimit(f)...)
			continue
		}
		for _, v := range a.fill(f) {
			out = append(out, f.ID, v)
		}
	}
	if all := a.meetings(); len(all) == 1 {
		out = append(out, a.quick(all[0], a.today)...)
	}
	if about := a.recusalAlone(); about != "" {
		out = append(out, rulepack.RecusalAbout, about)
	}
	return out
}

// recusalAlone is whom a recusal can only be about.
func (a asked) recusalAlone() string {
	if a.act.Recusal == nil {
		return ""
	}
	if list := a.recusable(); len(list) == 1 {
		return list[0].Value
	}
	return ""
}

// fill is what stands in a field before a person changes it. Papers are
// Chinese, so texts are.
func (a asked) fill(f *rulepack.Field) []string {
	switch {
	case f.FillFact != "":
		v, _ := a.state.Value(f.FillFact, a.party)
		if fact := a.rules.Procedure.Fact(f.FillFact); !v.Zero() && fact != nil {
			return a.fillValue(f, fact, v)
		}
		return nil
	case f.FillText.Zh != "" && len(f.FillPath) > 0:
		if names := a.fillNames(f); len(names) > 0 {
			return []string{strings.ReplaceAll(f.FillText.Zh, rulepack.FillName, names[0])}
		}
		return nil
	case f.FillText.Zh != "":
		return []string{f.FillText.Zh}
	case len(f.FillPath) > 0:
		return a.fillNames(f)
	case f.FillLocal != "":
		return a.fillLocal(f)
	case f.FillDay && f.Type == rulepack.FieldDate, f.Type == rulepack.FieldDate && f.Required:
		return []string{a.today.String()}
	case f.FillDay:
		return []string{a.paperWords().w.PaperDate(a.today)}
	}
	return nil
}

// fillValue puts a fact into a field: as it is where the field takes the same,
// else in words.
func (a asked) fillValue(f *rulepack.Field, fact *rulepack.Fact, v expr.Value) []string {
	switch f.Type {
	case rulepack.FieldSet, rulepack.FieldPersons:
		return v.Set()
	case rulepack.FieldText, rulepack.FieldLong:
		return []string{a.paperWords().value(&rulepack.Field{Type: fieldTypeOf(fact), Options: fact.Options}, v)}
	}
	return []string{v.String()}
}

func (a asked) fillNames(f *rulepack.Field) []string {
	var ids, words []string
	zh := a.paperWords()
	for _, r := range a.refs(f.FillPath) {
		ids, words = append(ids, string(r.Person)), append(words, zh.ref(r))
	}
	if f.Type == rulepack.FieldPersons {
		return ids
	}
	return nonEmpty(zh.w.Join(words))
}

func (a asked) fillLocal(f *rulepack.Field) []string {
	value := a.rules.Locals.On(f.FillLocal, a.today)
	local := a.rules.Procedure.Pack.Local(f.FillLocal)
	if value == "" || local == nil || (f.Type != rulepack.FieldText && f.Type != rulepack.FieldLong) {
		return nonEmpty(value)
	}
	zh := a.paperWords()
	for _, o := range local.Options {
		if o.ID == value {
			return []string{o.Label.Zh}
		}
	}
	switch local.Type {
	case "limit":
		return []string{zh.limit(value)}
	case "bool":
		return []string{zh.w.T("answer." + value)}
	}
	return []string{value}
}

// paperWords are the names as papers write them.
func (a asked) paperWords() names {
	n := a.names
	if a.zh != nil {
		n.w = a.zh
	}
	return n
}

// refs are the units and persons that a path of the pack names today.
func (a asked) refs(path rulepack.Path) []matter.Ref {
	if len(path) == 0 {
		return nil
	}
	var found []matter.Ref
	role := a.rules.Procedure.Pack.Role(path[0])
	switch {
	case path[0] == "local" && len(path) == 2:
		return a.refs(pathOf(a.rules.Locals.On(path[1], a.today)))
	case role != nil:
		for _, r := range a.refs(role.Of) {
			found = append(found, a.selected(r, role.Body)...)
		}
		if len(found) == 0 {
			found = a.refs(role.IfNone)
		}
	default:
		for _, b := range a.state.Parties() {
			if b.Name == path[0] && b.Left == 0 && (a.act.Each != path[0] || b.Key() == a.party) {
				found = append(found, b.Ref)
			}
		}
	}
	for _, word := range path[1:] {
		var next []matter.Ref
		for _, r := range found {
			next = append(next, a.selected(r, word)...)
		}
		found = next
	}
	return found
}

// selected applies one word of a path: the unit of a person, the unit above, or
// the holders of a class of post.
func (a asked) selected(r matter.Ref, word string) []matter.Ref {
	switch word {
	case "unit":
		if u, ok := a.rules.Org.Workplace(r.Person, a.today); ok && r.Person != "" {
			return []matter.Ref{{Unit: u.ID}}
		}
		return nil
	case "above":
		if u, ok := a.rules.Org.Above(r.Unit, a.today); ok {
			return []matter.Ref{{Unit: u.ID}}
		}
		return nil
	}
	classes := []org.Class{org.Class(word)}
	if word == "leadership" {
		classes = []org.Class{org.Principal, org.Deputy, org.Member}
	}
	var out []matter.Ref
	for _, h := range a.rules.Org.Holders(r.Unit, a.today, classes...) {
		if one := (matter.Ref{Person: h.Person}); !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	return out
}

// fillLimit fills the two inputs of a limit: how many, of what.
func (a asked) fillLimit(f *rulepack.Field) []string {
	if known := a.fill(f); len(known) == 1 {
		if l, err := calendar.ParseLength(known[0]); err == nil {
			return []string{f.ID, strconv.Itoa(l.N), f.ID + "_unit", l.Unit.String()}
		}
	}
	return []string{f.ID + "_unit", "working_days"}
}
