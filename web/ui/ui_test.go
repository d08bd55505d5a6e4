// SPDX-License-Identifier: Apache-2.0

package ui_test

import (
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"

	"quanze/core/calendar"
	"quanze/locale"
	"quanze/web/ui"
	"quanze/web/ui/htmlcheck"
)

func words(t *testing.T, l locale.Lang) *locale.Words {
	t.Helper()
	c, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c.In(l)
}

func render(t *testing.T, c templ.Component) (string, *htmlcheck.Node) {
	t.Helper()
	var b strings.Builder
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	root, err := htmlcheck.Parse(b.String())
	if err != nil {
		t.Fatalf("%v in\n%s", err, b.String())
	}
	return b.String(), root
}

func TestEveryExample(t *testing.T) {
	for _, l := range locale.Langs() {
		w := words(t, l)
		names := map[string]bool{}
		for _, e := range ui.Examples(w) {
			t.Run(string(l)+"/"+e.Name, func(t *testing.T) {
				if names[e.Name] {
					t.Error("two examples of this name")
				}
				names[e.Name] = true
				_, root := render(t, e.Body)
				if e.Name == "error-summary" {
					return // its links lead into the forms of other examples
				}
				for _, p := range htmlcheck.Problems(root) {
					t.Error(p)
				}
				said := root.Content()
				for _, n := range root.All("") {
					said += n.Attrs["aria-label"]
				}
				if strings.ContainsAny(said, "[{") {
					t.Errorf("a message or a value is missing: %s", said)
				}
			})
		}
	}
}

func TestGalleryIsOnePage(t *testing.T) {
	for _, l := range locale.Langs() {
		w := words(t, l)
		_, root := render(t, ui.Gallery(ui.Frame{Words: w, Title: "x", Path: "/gallery"}, ui.Examples(w)))
		for _, p := range htmlcheck.PageProblems(root, string(l)) {
			t.Error(p)
		}
		for _, a := range root.All("a") {
			if id, ok := strings.CutPrefix(a.Attrs["href"], "#f-"); ok && root.ByID("f-"+id) == nil {
				t.Errorf("the error summary leads to %s, which is not there", id)
			}
		}
	}
}

// hostile is what somebody may type into any field.
const hostile = `"><script>alert(1)</script><img src=x onerror=alert(2)> ' </textarea></option> {{x}} &amp; 二`

// TestNoInjection puts the hostile text into every place of every component.
func TestNoInjection(t *testing.T) {
	w := words(t, locale.Zh)
	x := hostile
	field := ui.Field{Name: x, Label: x, Hint: x, Value: x, Error: x, Complete: x, Most: 10, Width: 5}
	choices := []ui.Choice{{Value: x, Label: x, Hint: x}, {Value: "b", Label: x, Hint: x}}
	link := []ui.Link{{Label: x, Href: x}, {Label: x, Href: "javascript:alert(1)", Current: true}}
	clauses := []ui.Clause{{Name: x, Href: x}, {Name: x, Href: "javascript:alert(1)"}, {Name: x}}
	heading := field
	heading.Heading = true
	parts := map[string]templ.Component{
		"text": ui.Text(w, field), "count": ui.Count(w, field), "secret": ui.Secret(w, field), "textarea": ui.TextArea(w, field, 3),
		"date": ui.Date(w, field), "select": ui.Select(w, field, choices), "radios": ui.Radios(w, field, choices), "heading": ui.Text(w, heading),
		"checkboxes": ui.Checkboxes(w, field, choices, []string{x}), "file": ui.File(w, field, ui.Upload{Bytes: 1, Count: 2, Types: []string{x}}),
		"roll":   ui.Attendance(w, ui.Roll{Legend: x, Hint: x, Error: x, Options: choices, Seats: []ui.Seat{{Key: x, Name: x, Under: x, Here: true, Says: x, Why: x, Error: x}, {Key: "b", Name: x, Out: x}}}),
		"hidden": ui.Hidden(x, x), "fieldset": ui.Fieldset(x, x), "help": ui.Help(x), "form": ui.Form(x, true), "search": ui.Search("javascript:alert(1)"),
		"title": ui.Title(x, x), "section": ui.Section(x), "crumbs": ui.Crumbs(w, link), "tabs": ui.Tabs(w, link), "pages": ui.Pages(w, x, x),
		"fold": ui.Fold(x, true), "tag": ui.Tag(x), "empty": ui.Empty(x, x), "notice": ui.Notice(w, ui.Warning, x),
		"refused":  ui.Refused(w, ui.Refusal{Why: x, Clauses: clauses, Help: []string{x, x}}),
		"progress": ui.Progress(w, x, 1, 2), "button": ui.Button(ui.Primary, x, x, x), "link": ui.LinkButton(ui.Danger, x, x),
		"facts": ui.Facts([]ui.Fact{{Term: x, Text: x}}),
		"grid": ui.Grid(w, ui.Table{Caption: x, Columns: []ui.Column{{Label: x}, {Label: x}},
			Rows: []ui.Row{{Href: x, Cells: []ui.Cell{{Text: x, Under: x}, {Text: x}}}}}),
		"timeline": ui.Timeline(w, []ui.Moment{{On: calendar.MakeDate(2026, 2, 12), Act: x, Who: x, Text: x, Papers: link, Clauses: clauses}}),
		"sheet":    ui.Sheet(w, ui.Paper{Masthead: x, Mark: x, Title: x, To: x, Parts: []ui.PaperPart{{Heading: x, Paragraphs: []string{x}}}, Blanks: []string{x}, Signer: x, Date: x}),
		"summary":  ui.ErrorSummary(w, []ui.FieldError{{Text: x}}),
		"frame":    ui.Page(ui.Frame{Words: w, Title: x, Path: x, Home: x, Fronts: link, Sections: link, Account: x, SignOut: x, Calendar: x, Notes: link}),
	}
	for name, c := range parts {
		t.Run(name, func(t *testing.T) {
			_, root := render(t, c)
			for _, n := range root.All("") {
				if n.Tag == "script" || n.Tag == "img" {
					t.Errorf("the text became <%s>", n.Tag)
				}
			}
			for _, p := range htmlcheck.Problems(root) {
				t.Error(p)
			}
		})
	}
}

// TestValuesComeBack: what was typed stands in the input, to the letter.
func TestValuesComeBack(t *testing.T) {
	w := words(t, locale.En)
	for _, value := range []string{hostile, "", "  spaced  ", "one\ntwo\n\nfour", "\nfirst line empty", "0"} {
		f := ui.Field{Name: "x", Label: "X", Value: value}
		for name, c := range map[string]templ.Component{"text": ui.Text(w, f), "date": ui.Date(w, f), "count": ui.Count(w, f), "hidden": ui.Hidden("x", value)} {
			_, root := render(t, c)
			if got := root.All("input")[0].Attrs["value"]; got != value {
				t.Errorf("%s: got %q, want %q", name, got, value)
			}
		}
		_, root := render(t, ui.TextArea(w, f, 3))
		got := ""
		for _, k := range root.All("textarea")[0].Kids {
			got += k.Text
		}
		// A browser drops the first line break after <textarea>.
		if got = strings.TrimPrefix(got, "\n"); got != value {
			t.Errorf("textarea: got %q, want %q", got, value)
		}
	}
	_, root := render(t, ui.Secret(w, ui.Field{Name: "x", Label: "X", Value: "never shown"}))
	if _, shown := root.All("input")[0].Attrs["value"]; shown {
		t.Error("a secret comes back")
	}
}

func TestChoicesKept(t *testing.T) {
	w := words(t, locale.En)
	choices := []ui.Choice{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}
	f := ui.Field{Name: "x", Label: "X", Value: "b"}
	chosen := func(c templ.Component, tag, attr string) []string {
		var out []string
		_, root := render(t, c)
		for _, n := range root.All(tag) {
			if n.Attrs[attr] != "" {
				out = append(out, n.Attrs["value"])
			}
		}
		return out
	}
	want := []string{"b"}
	if diff := cmp.Diff(want, chosen(ui.Select(w, f, choices), "option", "selected")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want, chosen(ui.Radios(w, f, choices), "input", "checked")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"a", "b"}, chosen(ui.Checkboxes(w, f, choices, []string{"b", "a"}), "input", "checked")); diff != "" {
		t.Error(diff)
	}
}

func TestErrorsAreTiedToTheirInputs(t *testing.T) {
	w := words(t, locale.En)
	f := ui.Field{Name: "day.of-receipt", Label: "Day", Hint: "hint", Error: "wrong"}
	_, root := render(t, ui.Date(w, f))
	in := root.All("input")[0]
	if in.Attrs["id"] != ui.FieldID(f.Name) || in.Attrs["aria-invalid"] != "true" {
		t.Errorf("input %v", in.Attrs)
	}
	var said []string
	for _, id := range strings.Fields(in.Attrs["aria-describedby"]) {
		said = append(said, root.ByID(id).Content())
	}
	if diff := cmp.Diff([]string{"hint", "Format: 2026-02-26", "Error: wrong"}, said); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if ui.FieldID("a.b") == ui.FieldID("a-b") || ui.FieldID("甲") == ui.FieldID("乙") {
		t.Error("two names, one id")
	}
}

func TestLanguageSwitchKeepsThePage(t *testing.T) {
	w := words(t, locale.Zh)
	for path, want := range map[string]string{
		"/staff/1?tab=files&lang=zh": "/staff/1?lang=en&tab=files", "/": "/?lang=en", "//evil.example/x": "/?lang=en", "https://evil.example": "/?lang=en", "%zz": "/?lang=en",
	} {
		_, root := render(t, ui.Page(ui.Frame{Words: w, Title: "x", Path: path}))
		var got string
		for _, a := range root.All("a") {
			if a.Attrs["hreflang"] == "en" {
				got = a.Attrs["href"]
				if a.Attrs["lang"] != "en" {
					t.Error("the other language is not marked as such")
				}
			}
		}
		if got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

func TestComputedTellsEveryDay(t *testing.T) {
	china, err := calendar.China()
	if err != nil {
		t.Fatal(err)
	}
	w := words(t, locale.En)
	c := china.Explain(calendar.MakeDate(2026, 2, 12), calendar.Length{N: 5, Unit: calendar.WorkingDays}, calendar.Rule{}, nil)
	_, root := render(t, ui.Computed(w, c))
	rows := root.All("tr")
	if want := 1 + 1 + len(c.Skipped) + len(c.Worked) + 1; len(rows) != want {
		t.Errorf("%d rows, want %d", len(rows), want)
	}
	if got, want := rows[len(rows)-1].Content(), "Due Thu 26 Feb 2026 after 5 working days"; got != want {
		t.Errorf("last row %q, want %q", got, want)
	}
	if got, want := rows[2].Content(), "Counted Sat 14 Feb 2026 weekend day worked by notice (Spring Festival)"; got != want {
		t.Errorf("second row %q, want %q", got, want)
	}
	if text := root.Content(); strings.Contains(text, "Provisional") || !strings.Contains(text, c.Calendar) {
		t.Error(text)
	}
	beyond := china.Explain(calendar.MakeDate(2026, 12, 15), calendar.Length{N: 2, Unit: calendar.Months}, calendar.Rule{}, nil)
	_, root = render(t, ui.Computed(w, beyond))
	if !strings.Contains(root.Content(), "Provisional: whether Mon 15 Feb 2027") {
		t.Error(root.Content())
	}
}

func TestLamps(t *testing.T) {
	w := words(t, locale.Zh)
	shapes := map[string]bool{}
	for _, l := range []ui.Light{ui.Late, ui.Near, ui.InTime, ui.Stopped} {
		_, root := render(t, ui.Lamp(w, l))
		var shape string
		for _, n := range root.All("svg")[0].All("") {
			shape += n.Tag + n.Attrs["d"] + n.Attrs["fill"] + " "
		}
		if shapes[shape] || root.Content() == "" {
			t.Errorf("%s has no shape or word of its own: %s %s", l, shape, root.Content())
		}
		shapes[shape] = true
	}
	if html, _ := render(t, ui.Lamp(w, 0)); html != "" {
		t.Errorf("no light shows %s", html)
	}
}

func TestEmptyTableSaysSo(t *testing.T) {
	_, root := render(t, ui.Grid(words(t, locale.En), ui.Table{Caption: "Owed", Columns: []ui.Column{{Label: "A"}}}))
	if got := root.Content(); got != "Owed No entries" {
		t.Error(got)
	}
}
