// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"github.com/a-h/templ"

	"quanze/core/fault"
	"quanze/core/rulepack"
	"quanze/locale"
	"quanze/web/page"
	"quanze/web/ui"
)

// component is the component of an input, with its clauses one glance away.
func (i input) component(w *locale.Words) templ.Component {
	var parts []templ.Component
	switch i.kind {
	case inputLong:
		parts = append(parts, ui.TextArea(w, i.field, 6))
	case inputDate:
		parts = append(parts, ui.Date(w, i.field))
	case inputRadios:
		parts = append(parts, ui.Radios(w, i.field, i.choices))
	case inputChecks:
		parts = append(parts, ui.Checkboxes(w, i.field, i.choices, i.chosen))
		for _, g := range i.more {
			parts = append(parts, folded(i.field.Name, g, i.chosen))
		}
	case inputLimit:
		parts = append(parts, ui.Text(w, i.field), ui.Select(w, i.unit, i.choices))
	case inputSelect:
		parts = append(parts, ui.Select(w, i.field, i.choices))
	case inputFile:
		parts = append(parts, keptFiles(i.field.Name, i.kept, w.T("file.kept")), ui.File(w, i.field, ui.Upload{Bytes: maxFileBytes, Count: maxFiles}))
	default:
		parts = append(parts, ui.Text(w, i.field))
	}
	if len(i.clauses) > 0 {
		parts = append(parts, ui.Clauses(w, i.clauses))
	}
	if i.kind == inputChecks && i.field.Optional && len(i.choices)+len(i.more) > fewChoices {
		return tucked(i.outcomes, w.T("act.optional_choice", "label", i.field.Label), len(i.chosen) > 0 || i.field.Error != "", parts...)
	}
	return stacked(i.outcomes, parts...)
}

// withOutcomes marks what is needed with some outcomes only.
func withOutcomes(outcomes string) templ.Attributes {
	if outcomes == "" {
		return nil
	}
	return templ.Attributes{"data-outcomes": outcomes}
}

// fewChoices are as many as may stand open though nothing need be chosen.
const fewChoices = 6

// weight makes the first button of a form the primary one.
func weight(n int) ui.ButtonKind {
	if n == 0 {
		return ui.Primary
	}
	return ui.Secondary
}

// tooLarge notes a file beyond its bound at its field.
func (a asked) tooLarge(form *page.Form, field *rulepack.Field, err error) bool {
	f := fault.Of(err)
	if f == nil {
		return false
	}
	key := "form.file_type"
	args := []string{"label", a.label(field.Label)}
	switch {
	case f.Key == "blob.empty":
		key = f.Key
	case f.Kind == fault.TooLarge:
		key, args = "form.file_large", append(args, "size", a.w.Size(maxFileBytes))
	}
	form.Fail(field.ID, key, args...)
	return true
}
