// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"quanze/locale"
	"quanze/office/library"
	"quanze/web/page"
	"quanze/web/ui"
)

// How a clause stands, in the order of the columns.
func standings(counted bool) []string {
	if !counted {
		return []string{library.Uncounted, library.Declared, library.Missing}
	}
	return []string{library.Tested, library.Untested, library.Declared, library.Missing}
}

func standingWord(w *locale.Words, s string) string {
	switch s {
	case library.Tested:
		return w.T("rules.standing.tested")
	case library.Untested:
		return w.T("rules.standing.untested")
	case library.Declared:
		return w.T("rules.standing.declared")
	case library.Uncounted:
		return w.T("rules.standing.uncounted")
	}
	return w.T("rules.standing.missing")
}

func execWord(w *locale.Words, exec string) string {
	switch exec {
	case "enforce":
		return w.T("library.exec.enforce")
	case "monitor":
		return w.T("library.exec.monitor")
	case "record":
		return w.T("library.exec.record")
	}
	return w.T("library.exec.reference")
}

// kindWord names a kind of norm; one without words of its own is shown as it is.
func kindWord(w *locale.Words, kind string) string {
	if key := "library.kind." + kind; w.Has(key) {
		return w.T(key)
	}
	return kind
}

// coverage counts the clauses by executability and by kind.
func (v packView) coverage() []templ.Component {
	w := v.w
	exec, kind, total := map[string]map[string]int{}, map[string]map[string]int{}, map[string]int{}
	var execs, kinds []string
	for _, c := range v.pack.Clauses {
		s := v.standing.Of(v.pack, c, v.rules, v.counted)
		execs, kinds = tally(exec, execs, c.Exec, s), tally(kind, kinds, c.Kind, s)
		total[s]++
	}
	slices.SortFunc(execs, func(a, b string) int { return weight(a) - weight(b) })
	var out []templ.Component
	if !v.counted {
		out = append(out, text(w.T("rules.counting")))
	}
	sum := w.T("rules.coverage.sum", "clauses", w.Number(len(v.pack.Clauses)), "run", w.Number(total[library.Tested]+total[library.Untested]+total[library.Uncounted]),
		"declared", w.Number(total[library.Declared]), "missing", w.Number(total[library.Missing]))
	out = append(out, text(sum), ui.Grid(w, v.counts(w.T("rules.coverage.exec"), execs, exec, execWord)),
		fold(w.T("rules.coverage.kind"), false, ui.Grid(w, v.counts(w.T("rules.coverage.kind"), kinds, kind, kindWord))))
	if missing := v.standingAt(library.Missing); len(missing) > 0 {
		out = append(out, fold(w.T("rules.coverage.missing", "n", w.Number(len(missing))), false, ui.Clauses(w, v.clauses(missing))))
	}
	if untested := v.standingAt(library.Untested); len(untested) > 0 {
		out = append(out, fold(w.T("rules.coverage.untested", "n", w.Number(len(untested))), false, ui.Clauses(w, v.clauses(untested))))
	}
	return out
}

// weight orders executability from strict to loose.
func weight(exec string) int {
	return slices.Index([]string{"enforce", "monitor", "record", "reference"}, exec)
}

func tally(by map[string]map[string]int, order []string, key, standing string) []string {
	if by[key] == nil {
		by[key] = map[string]int{}
		order = append(order, key)
	}
	by[key][standing]++
	return order
}

func (v packView) standingAt(standing string) (ids []string) {
	for _, c := range v.pack.Clauses {
		if v.standing.Of(v.pack, c, v.rules, v.counted) == standing {
			ids = append(ids, v.pack.Code+"-"+c.ID)
		}
	}
	return ids
}

func (v packView) counts(caption string, order []string, by map[string]map[string]int, word func(*locale.Words, string) string) ui.Table {
	w := v.w
	t := ui.Table{Caption: caption, Quiet: true, Columns: []ui.Column{{Label: w.T("rules.clauses")}}}
	for _, s := range standings(v.counted) {
		t.Columns = append(t.Columns, ui.Column{Label: standingWord(w, s), Numeric: true})
	}
	t.Columns = append(t.Columns, ui.Column{Label: w.T("rules.sum"), Numeric: true})
	for _, key := range order {
		row, sum := ui.Row{Cells: []ui.Cell{{Text: word(w, key)}}}, 0
		for _, s := range standings(v.counted) {
			row.Cells = append(row.Cells, ui.Cell{Text: w.Number(by[key][s])})
			sum += by[key][s]
		}
		row.Cells = append(row.Cells, ui.Cell{Text: w.Number(sum)})
		t.Rows = append(t.Rows, row)
	}
	return t
}

// clausesCSV lists every clause with how it stands.
func (f *Front) clausesCSV(w http.ResponseWriter, r *http.Request) error {
	v, err := f.gather(r)
	if err != nil {
		return err
	}
	words := v.w
	rows := [][]string{{words.T("library.clause.id"), words.T("rules.place"), words.T("library.clause.kind"), words.T("library.clause.exec"),
		words.T("rules.standing"), words.T("rules.gist"), words.T("library.clause.declared"), words.T("rules.rule_count")}}
	for _, c := range v.pack.Clauses {
		id := v.pack.Code + "-" + c.ID
		rows = append(rows, []string{id, page.Clause(words, v.pack, id).Name, kindWord(words, c.Kind), execWord(words, c.Exec),
			standingWord(words, v.standing.Of(v.pack, c, v.rules, v.counted)), v.label(c.Gist), v.label(c.Declared), words.Number(len(v.rules[id]))})
	}
	return sendCSV(w, v.pack.Code+"-clauses", rows)
}
