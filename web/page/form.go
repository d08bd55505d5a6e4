// SPDX-License-Identifier: Apache-2.0

package page

import (
	"errors"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"quanze/core/calendar"
	"quanze/core/fault"
	"quanze/locale"
	"quanze/web/ui"
)

// The bounds of a form beside that of its body.
const (
	formFields = 500
	formMemory = 1 << 20 // of a form with files; the rest waits on disk
)

// Form is what was sent, kept as typed, with what is wrong in it. Its methods
// read a field and note what they refuse; read all fields, then ask OK.
type Form struct {
	values map[string][]string
	files  map[string][]*multipart.FileHeader
	faults []formFault
}

type formFault struct {
	field string
	key   string
	args  []string
}

// EmptyForm returns a form that nobody has filled in, with what the record
// knows already; args are name, value pairs.
func EmptyForm(args ...string) *Form {
	f := &Form{values: map[string][]string{}}
	for i := 0; i+1 < len(args); i += 2 {
		f.values[args[i]] = append(f.values[args[i]], args[i+1])
	}
	return f
}

// ParseForm reads the body of a request, by url or multipart encoding. The
// error is of a body that is too large or cannot be read.
func ParseForm(r *http.Request) (*Form, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var err error
	if kind == "multipart/form-data" {
		err = r.ParseMultipartForm(formMemory)
	} else {
		err = r.ParseForm()
	}
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, err
	case err != nil:
		return nil, fault.New(fault.Invalid, "fault.invalid")
	}
	f := EmptyForm()
	n := 0
	for name, values := range r.PostForm {
		for _, v := range values {
			if n++; n > formFields {
				return nil, fault.New(fault.TooLarge, "fault.too_large")
			}
			f.keep(name, v)
		}
	}
	if r.MultipartForm != nil {
		f.files = r.MultipartForm.File
	}
	return f, nil
}

// keep takes a value with its lines ended by \n. What is no text is left out
// and noted.
func (f *Form) keep(name, value string) {
	value = strings.ReplaceAll(value, "\r\n", "\n")
	clean := strings.Map(func(c rune) rune {
		if c == utf8.RuneError || (unicode.IsControl(c) && c != '\n' && c != '\t') || unicode.Is(unicode.Bidi_Control, c) {
			return -1
		}
		return c
	}, value)
	if clean != value {
		f.Fail(name, "form.text", "label", name)
	}
	f.values[name] = append(f.values[name], clean)
}

// Fail notes that a field is not as it must be: the message's key and its
// values. A field keeps the first.
func (f *Form) Fail(field, key string, args ...string) {
	if !slices.ContainsFunc(f.faults, func(x formFault) bool { return x.field == field }) {
		f.faults = append(f.faults, formFault{field, key, args})
	}
}

// Take notes a fault of input that office or core found, under its field, and
// reports whether err was one.
func (f *Form) Take(err error) bool {
	found := fault.Of(err)
	if found == nil || found.Kind != fault.Invalid || found.Field == "" {
		return false
	}
	var args []string
	for name, value := range found.Args {
		args = append(args, name, value)
	}
	f.Fail(found.Field, found.Key, args...)
	return true
}

// OK reports whether nothing was refused.
func (f *Form) OK() bool { return len(f.faults) == 0 }

// Errors returns what was refused, in words, for the summary at the top.
func (f *Form) Errors(w *locale.Words) []ui.FieldError {
	out := make([]ui.FieldError, len(f.faults))
	for i, x := range f.faults {
		out[i] = ui.FieldError{Field: x.field, Text: w.T(x.key, x.args...)}
	}
	return out
}

// Fill returns a field with what was typed and what is wrong with it.
func (f *Form) Fill(w *locale.Words, field ui.Field) ui.Field {
	field.Value = f.Value(field.Name)
	for _, x := range f.faults {
		if x.field == field.Name {
			field.Error = w.T(x.key, x.args...)
		}
	}
	return field
}

// Value returns what was typed in a field, the first where it stands several
// times.
func (f *Form) Value(name string) string {
	if v := f.values[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// Values returns all that was chosen in a field.
func (f *Form) Values(name string) []string { return f.values[name] }

// Optional reads a text of at most so many characters that may be empty.
func (f *Form) Optional(name, label string, most int) string {
	v := strings.TrimSpace(f.Value(name))
	if n := utf8.RuneCountInString(v); n > most {
		f.Fail(name, "form.too_long", "label", label, "most", strconv.Itoa(most), "n", strconv.Itoa(n))
	}
	return v
}

// Text reads a text of at most so many characters that must be there.
func (f *Form) Text(name, label string, most int) string {
	v := f.Optional(name, label, most)
	if v == "" {
		f.Fail(name, "form.required", "label", label)
	}
	return v
}

// Date reads a day that must be there.
func (f *Form) Date(name, label string) calendar.Date {
	if strings.TrimSpace(f.Value(name)) == "" {
		f.Fail(name, "form.required", "label", label)
		return 0
	}
	return f.OptionalDate(name, label)
}

// OptionalDate reads a day; no date where the field is empty. Full-width
// digits, as a Chinese keyboard types them, are read like others.
func (f *Form) OptionalDate(name, label string) calendar.Date {
	v := strings.TrimSpace(halfWidth(f.Value(name)))
	if v == "" {
		return 0
	}
	d, err := calendar.ParseDate(v)
	switch {
	case err == nil:
		return d
	case fault.Of(err) != nil && fault.Of(err).Key == "calendar.date.none":
		f.Fail(name, "form.no_such_day", "label", label)
	default:
		f.Fail(name, "form.date", "label", label)
	}
	return 0
}

// Number reads a whole number that must be there, from least to most.
func (f *Form) Number(name, label string, least, most int) int {
	v := strings.TrimSpace(halfWidth(f.Value(name)))
	if v == "" {
		f.Fail(name, "form.required", "label", label)
		return 0
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		f.Fail(name, "form.number", "label", label)
		return 0
	}
	if n < least || n > most {
		f.Fail(name, "form.range", "label", label, "least", strconv.Itoa(least), "most", strconv.Itoa(most))
		return 0
	}
	return n
}

// Choice reads one of the values that were offered.
func (f *Form) Choice(name, label string, offered ...string) string {
	v := f.Value(name)
	switch {
	case v == "":
		f.Fail(name, "form.choose", "label", label)
	case !slices.Contains(offered, v):
		f.Fail(name, "form.not_offered", "label", label)
	default:
		return v
	}
	return ""
}

// Choices reads any of the values that were offered, each once.
func (f *Form) Choices(name, label string, offered ...string) []string {
	var out []string
	for _, v := range f.values[name] {
		if !slices.Contains(offered, v) {
			f.Fail(name, "form.not_offered", "label", label)
			return nil
		}
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// Files returns the files sent under a name, within the bounds told beside the
// field. What a file truly is, the store finds out.
func (f *Form) Files(w *locale.Words, name, label string, bounds ui.Upload, required bool) []*multipart.FileHeader {
	files := slices.DeleteFunc(slices.Clone(f.files[name]), func(h *multipart.FileHeader) bool { return h.Filename == "" && h.Size == 0 })
	if required && len(files) == 0 {
		f.Fail(name, "form.file_missing", "label", label)
	}
	if most := max(bounds.Count, 1); len(files) > most {
		f.Fail(name, "form.file_many", "label", label, "most", strconv.Itoa(most))
		return nil
	}
	for _, h := range files {
		ending := strings.ToLower(h.Filename[max(strings.LastIndexByte(h.Filename, '.'), 0):])
		switch {
		case h.Size > bounds.Bytes:
			f.Fail(name, "form.file_large", "label", label, "size", w.Size(bounds.Bytes))
			return nil
		case len(bounds.Types) > 0 && !slices.Contains(bounds.Types, ending):
			f.Fail(name, "form.file_type", "label", label)
			return nil
		}
	}
	return files
}

// halfWidth turns full-width digits and hyphens into ASCII.
func halfWidth(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == '－' || r == '—' || r == '–':
			return '-'
		}
		return r
	}, s)
}
