// SPDX-License-Identifier: Apache-2.0

package page_test

import (
	"bytes"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quanze/core/calendar"
	"quanze/core/fault"
	"quanze/locale"
	"quanze/web/page"
	"quanze/web/ui"
)

func words(t *testing.T, l locale.Lang) *locale.Words {
	t.Helper()
	c, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c.In(l)
}

func posted(t *testing.T, values url.Values) *page.Form {
	t.Helper()
	r := httptest.NewRequest("POST", "/", strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	f, err := page.ParseForm(r)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFormReads(t *testing.T) {
	tests := []struct {
		name  string
		value string
		read  func(*page.Form) any
		want  any
		error string
	}{
		{"text", " 路灯 ", func(f *page.Form) any { return f.Text("x", "L", 5) }, "路灯", ""},
		{"text missing", " ", func(f *page.Form) any { return f.Text("x", "L", 5) }, "", "Missing: L"},
		{"text too long", "一二三四五六", func(f *page.Form) any { return f.Text("x", "L", 5) }, "一二三四五六", "L must be 5 characters or fewer; it has 6"},
		{"optional", "", func(f *page.Form) any { return f.Optional("x", "L", 5) }, "", ""},
		{"lines", "a\r\nb", func(f *page.Form) any { return f.Text("x", "L", 5) }, "a\nb", ""},
		{"control", "a\x00b", func(f *page.Form) any { return f.Text("x", "L", 5) }, "ab", "x contains characters that cannot be read"},
		{"bytes", "a\xffb", func(f *page.Form) any { return f.Text("x", "L", 5) }, "ab", "x contains characters that cannot be read"},
		{"reversal", "a\u202eb", func(f *page.Form) any { return f.Text("x", "L", 5) }, "ab", "x contains characters that cannot be read"},
		{"date", "2026-02-26", func(f *page.Form) any { return f.Date("x", "L") }, calendar.MakeDate(2026, 2, 26), ""},
		{"date in full width", "２０２６－０２－２６", func(f *page.Form) any { return f.Date("x", "L") }, calendar.MakeDate(2026, 2, 26), ""},
		{"no date", "", func(f *page.Form) any { return f.Date("x", "L") }, calendar.Date(0), "Missing: L"},
		{"optional date", "", func(f *page.Form) any { return f.OptionalDate("x", "L") }, calendar.Date(0), ""},
		{"date form", "26.2.2026", func(f *page.Form) any { return f.Date("x", "L") }, calendar.Date(0), "L must be a date such as 2026-02-26"},
		{"no such day", "2026-02-30", func(f *page.Form) any { return f.Date("x", "L") }, calendar.Date(0), "L is a day that does not exist"},
		{"number", "１２", func(f *page.Form) any { return f.Number("x", "L", 1, 20) }, 12, ""},
		{"number form", "1.5", func(f *page.Form) any { return f.Number("x", "L", 1, 20) }, 0, "L must be a whole number"},
		{"number range", "21", func(f *page.Form) any { return f.Number("x", "L", 1, 20) }, 0, "L must lie between 1 and 20"},
		{"choice", "a", func(f *page.Form) any { return f.Choice("x", "L", "a", "b") }, "a", ""},
		{"no choice", "", func(f *page.Form) any { return f.Choice("x", "L", "a", "b") }, "", "L: choose one"},
		{"not offered", "c", func(f *page.Form) any { return f.Choice("x", "L", "a", "b") }, "", "L is not among the choices"},
	}
	w := words(t, locale.En)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := posted(t, url.Values{"x": {tt.value}})
			got := tt.read(f)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			field := f.Fill(w, ui.Field{Name: "x"})
			if field.Error != tt.error || f.OK() != (tt.error == "") {
				t.Errorf("error %q, OK %t", field.Error, f.OK())
			}
			if tt.error != "" {
				if diff := cmp.Diff([]ui.FieldError{{Field: "x", Text: tt.error}}, f.Errors(w)); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
			}
		})
	}
}

func TestFormKeepsWhatWasTyped(t *testing.T) {
	f := posted(t, url.Values{"x": {"26.2.2026"}, "u": {"a", "b", "a"}})
	f.Date("x", "L")
	if got := f.Fill(words(t, locale.Zh), ui.Field{Name: "x"}); got.Value != "26.2.2026" {
		t.Errorf("value %q", got.Value)
	}
	if diff := cmp.Diff([]string{"a", "b"}, f.Choices("u", "U", "a", "b")); diff != "" {
		t.Error(diff)
	}
	if f.Choices("u", "U", "a") != nil || len(f.Errors(words(t, locale.Zh))) != 2 {
		t.Error("a value that was not offered was taken")
	}
}

func TestFormTakesFaults(t *testing.T) {
	f := page.EmptyForm("x", "1")
	if !f.Take(fault.New(fault.Invalid, "calendar.date.none", "value", "1").At("x")) || f.OK() {
		t.Error("a fault of input was not taken")
	}
	for _, err := range []error{nil, fault.New(fault.Stale, "fault.stale").At("x"), fault.New(fault.Invalid, "fault.invalid")} {
		if page.EmptyForm().Take(err) {
			t.Errorf("%v was taken", err)
		}
	}
	if f.Value("x") != "1" || f.Value("y") != "" {
		t.Error("an empty form has other values")
	}
}

func TestFormFiles(t *testing.T) {
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for _, name := range []string{"a.pdf", "b.PDF"} {
		part, err := m.CreateFormFile("files", name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write(bytes.Repeat([]byte("x"), 2000))
	}
	_ = m.WriteField("note", "n")
	_ = m.Close()
	r := httptest.NewRequest("POST", "/", &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	f, err := page.ParseForm(r)
	if err != nil {
		t.Fatal(err)
	}
	w := words(t, locale.En)
	pdf := ui.Upload{Bytes: 4096, Count: 2, Types: []string{".pdf"}}
	if got := f.Files(w, "files", "Files", pdf, true); len(got) != 2 || !f.OK() || f.Value("note") != "n" {
		t.Errorf("%d files, %v", len(got), f.Errors(w))
	}
	for want, bounds := range map[string]ui.Upload{
		"Files takes up to 1 file":                     {Bytes: 4096, Count: 1},
		"Files must be 1 KB or smaller":                {Bytes: 1024, Count: 2},
		"The type of this file is not accepted: Files": {Bytes: 4096, Count: 2, Types: []string{".jpg"}},
	} {
		r.MultipartForm.Value = nil
		g, err := page.ParseForm(r)
		if err != nil {
			t.Fatal(err)
		}
		if got := g.Files(w, "files", "Files", bounds, true); got != nil || g.Errors(w)[0].Text != want {
			t.Errorf("want %q: %v", want, g.Errors(w))
		}
	}
	f.Files(w, "none", "Other", pdf, true)
	if f.OK() {
		t.Error("a missing file was taken")
	}
}

func FuzzForm(f *testing.F) {
	f.Add("x=1&x=2&y=%00%ff")
	f.Fuzz(func(t *testing.T, body string) {
		r := httptest.NewRequest("POST", "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		form, err := page.ParseForm(r)
		if err != nil {
			if fault.Of(err) == nil {
				t.Errorf("%q: %v", body, err)
			}
			return
		}
		form.Date("x", "x")
		form.Number("y", "y", 0, 9)
		if strings.ContainsAny(form.Text("x", "x", 10), "\x00\x1b\u202e") {
			t.Errorf("%q: a control character came through", body)
		}
	})
}
