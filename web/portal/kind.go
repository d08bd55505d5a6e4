// SPDX-License-Identifier: Apache-2.0

package portal

import (
	"slices"

	"quanze/core/regulation"
	"quanze/locale"
)

// The words for what clauses and defects are. A pack may use a kind that has
// none yet; it is then shown as written.

const (
	kindPrefix   = "library.kind."
	defectPrefix = "library.defect."
)

func kindKeys() []string {
	return []string{
		"library.kind.aggravating", "library.kind.appeal", "library.kind.assessment", "library.kind.authority", "library.kind.circumstance",
		"library.kind.commencement", "library.kind.confidentiality", "library.kind.cross-reference", "library.kind.deadline",
		"library.kind.definition", "library.kind.disclosure", "library.kind.document-content", "library.kind.duty", "library.kind.effect",
		"library.kind.escalation", "library.kind.exemption", "library.kind.interpretation", "library.kind.list-compilation",
		"library.kind.measure", "library.kind.mitigating", "library.kind.organisation", "library.kind.periodic-duty", "library.kind.principle",
		"library.kind.procedure-step", "library.kind.quorum-and-voting", "library.kind.recusal", "library.kind.resource",
		"library.kind.responsibility-attribution", "library.kind.scope", "library.kind.service-of-documents", "library.kind.supervision",
		"library.kind.target",
	}
}

func kindWord(w *locale.Words, kind string) string {
	if key := kindPrefix + kind; slices.Contains(kindKeys(), key) {
		return w.T(key)
	}
	return kind
}

// execWord says in a word how far the system runs a clause.
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

// runWord is execWord, or that no rule runs the clause though one should.
func runWord(w *locale.Words, exec string, run bool) string {
	if !run && exec != "reference" {
		return w.T("library.exec.not_run")
	}
	return execWord(w, exec)
}

// runText is runWord in a sentence.
func runText(w *locale.Words, exec string, run bool) string {
	switch {
	case exec == "reference":
		return w.T("library.exec.reference_text")
	case !run:
		return w.T("library.exec.not_run_text", "exec", execWord(w, exec))
	case exec == "enforce":
		return w.T("library.exec.enforce_text")
	case exec == "monitor":
		return w.T("library.exec.monitor_text")
	}
	return w.T("library.exec.record_text")
}

func defectKeys() []string {
	return []string{
		"library.defect.replaced_word", "library.defect.swapped_term", "library.defect.swapped_word", "library.defect.collapsed_tiers",
		"library.defect.page_number", "library.defect.stray_number", "library.defect.broken_text", "library.defect.broken_bytes",
		"library.defect.masked_text", "library.defect.repeated_number", "library.defect.lost_item_number", "library.defect.number_gap",
		"library.defect.damaged_mark", "library.defect.missing_end_mark", "library.defect.open_title_mark", "library.defect.title_differs",
		"library.defect.missing_title", "library.defect.interleaved_columns", "library.defect.doubled_word", "library.defect.repeated_heading",
		"library.defect.no_structure", "library.defect.copy_differs",
	}
}

func defectWord(w *locale.Words, code regulation.Code) string {
	if key := defectPrefix + string(code); slices.Contains(defectKeys(), key) {
		return w.T(key)
	}
	return w.T("library.defect.other")
}

// open returns the defects that nobody has settled.
func open(d *regulation.Document) []regulation.Defect {
	var out []regulation.Defect
	if d == nil {
		return nil
	}
	for _, x := range d.Defects {
		if !x.Settled {
			out = append(out, x)
		}
	}
	return out
}
