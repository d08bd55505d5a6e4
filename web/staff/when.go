// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"regexp"
	"slices"
	"strings"

	"quanze/core/rulepack"
)

// The questions of a condition that can be told in words. What a condition
// asks beside these is left to its clause.
var (
	asksIs    = regexp.MustCompile(`^(\w+) (==|!=) '(\w+)'$`)
	asksHas   = regexp.MustCompile(`^'(\w+)' in (\w+)$`)
	asksAny   = regexp.MustCompile(`^overlap\((\w+), \[([^\]]+)\]\)$`)
	asksYes   = regexp.MustCompile(`^!?\w+$`)
	asksQuote = regexp.MustCompile(`'(\w+)'`)
)

// whenNeeded says when a field with a condition has to be filled in, by what
// stands in the other fields of the form.
func (a asked) whenNeeded(f *rulepack.Field) string {
	var told []string
	rest := false
	for _, part := range conjuncts(f.If.Source) {
		text, ok := a.question(part)
		if !ok {
			rest = true
			continue
		}
		told = append(told, text)
	}
	if len(told) == 0 {
		return a.w.T("field.if_needed")
	}
	if rest {
		told = append(told, a.w.T("when.clause"))
	}
	all := told[0]
	for _, text := range told[1:] {
		all = a.w.T("when.and", "a", all, "b", text)
	}
	return a.w.T("when.needed", "when", all)
}

// conjuncts are the parts of a condition that must all be so.
func conjuncts(source string) []string {
	var out []string
	depth, from := 0, 0
	for i := range source {
		switch {
		case source[i] == '(' || source[i] == '[':
			depth++
		case source[i] == ')' || source[i] == ']':
			depth--
		case depth == 0 && strings.HasPrefix(source[i:], "||"):
			return []string{source} // no conjunction
		case depth == 0 && strings.HasPrefix(source[i:], "&&"):
			out, from = append(out, strings.TrimSpace(source[from:i])), i+2
		}
	}
	return append(out, strings.TrimSpace(source[from:]))
}

// question puts one question of a condition into words.
func (a asked) question(part string) (string, bool) {
	if m := asksIs.FindStringSubmatch(part); m != nil {
		key := map[string]string{"==": "when.is", "!=": "when.is_not"}[m[2]]
		return a.asksOf(key, m[1], m[3])
	}
	if m := asksHas.FindStringSubmatch(part); m != nil {
		return a.asksOf("when.has", m[2], m[1])
	}
	if m := asksAny.FindStringSubmatch(part); m != nil {
		var ids []string
		for _, q := range asksQuote.FindAllStringSubmatch(m[2], -1) {
			ids = append(ids, q[1])
		}
		return a.asksOf("when.has", m[1], ids...)
	}
	if asksYes.MatchString(part) {
		answer := "true"
		if name, negated := strings.CutPrefix(part, "!"); negated {
			part, answer = name, "false"
		}
		if f := a.field(part); f != nil && f.Type == rulepack.FieldBool {
			return a.w.T("when.is", "field", a.label(f.Label), "value", a.w.T("when.value", "value", a.w.T("answer."+answer))), true
		}
	}
	return "", false
}

// asksOf tells a question about the outcome or a field of this form; no other
// is before the reader's eyes.
func (a asked) asksOf(key, name string, ids ...string) (string, bool) {
	label, options := "", []rulepack.Option(nil)
	if name == "outcome" {
		label = a.outcomeLabel()
		for _, o := range a.act.Outcomes {
			options = append(options, rulepack.Option{ID: o.ID, Label: o.Label})
		}
	} else if f := a.field(name); f != nil {
		label, options = a.label(f.Label), f.Options
	}
	values := ""
	for n, id := range ids {
		i := slices.IndexFunc(options, func(o rulepack.Option) bool { return o.ID == id })
		if i < 0 {
			return "", false
		}
		value := a.w.T("when.value", "value", a.label(options[i].Label))
		if values += value; n > 0 {
			values = a.w.T("when.or", "a", strings.TrimSuffix(values, value), "b", value)
		}
	}
	return a.w.T(key, "field", label, "value", values), true
}
