// SPDX-License-Identifier: Apache-2.0

package rulepack

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Pos is a place in a pack's file; lines and columns count from 1.
type Pos struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Col  int    `json:"column"`
}

// String writes file:line:column.
func (p Pos) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col) }

// Code is the stable name of one kind of diagnostic. Its words are in the
// message catalogue under "diag." and the code.
type Code string

// The diagnostics of loading: what is wrong with the writing of a pack.
const (
	CodeSyntax      Code = "QP0001" // not YAML: {0} says where the parser stopped
	CodeFeature     Code = "QP0002" // anchors, aliases, merge keys, tags and directives are not part of the format
	CodeDuplicate   Code = "QP0003" // key {0} stands twice
	CodeUnknownKey  Code = "QP0004" // unknown key {0}; did you mean {1}
	CodeMissingKey  Code = "QP0005" // key {0} is missing
	CodeShape       Code = "QP0006" // {0} is wanted here
	CodeValue       Code = "QP0007" // {0} is not one of {1}
	CodeID          Code = "QP0008" // {0} is no id
	CodeLimit       Code = "QP0009" // {0} is no limit
	CodeDate        Code = "QP0010" // {0} is no day
	CodeExpression  Code = "QP0011" // expression: {0}
	CodeMoment      Code = "QP0012" // {0} is no moment
	CodeBool        Code = "QP0013" // only true and false are booleans, not {0}
	CodeLabel       Code = "QP0014" // a label needs Chinese and English
	CodeMissingFile Code = "QP0015" // file {0} is missing

	CodeDangling  Code = "QP0020" // there is no {0} named {1}; did you mean {2}
	CodeCite      Code = "QP0021" // there is no clause {0}; did you mean {1}
	CodeTwice     Code = "QP0022" // {0} is defined twice, first at {1}
	CodeNoCite    Code = "QP0023" // {0} cites no clause
	CodeMismatch  Code = "QP0024" // {0} does not fit: {1}
	CodeNoStart   Code = "QP0025" // no act starts the procedure
	CodeNeverOpen Code = "QP0026" // act {0} starts out of question and nothing opens it
	CodeManyCites Code = "QP0027" // a rule cites more than three clauses ({0})
)

// The diagnostics of the checker: what is wrong with what a pack says.
const (
	CodeNeverDone     Code = "QP0101" // {0} can never be done; what stood in the way: {1}
	CodeStuckDuty     Code = "QP0102" // {0} can be owed and no longer be met: by way of {1}
	CodeNoEnd         Code = "QP0103" // no act ends a matter of {0}
	CodeStuckMatter   Code = "QP0104" // a matter of {0} can no longer end: by way of {1}
	CodeTooLarge      Code = "QP0105" // {0} was not settled: more than {1} markings; a way to look at: {2}
	CodeNobody        Code = "QP0106" // path {0} names nobody: {1} does not apply
	CodeNoTop         Code = "QP0107" // role {0} names nobody where nothing stands above
	CodeUnbound       Code = "QP0108" // no act binds the party {0}
	CodeNeverStarts   Code = "QP0109" // term {0} can never start
	CodeTooShort      Code = "QP0110" // term {0} ({1}) is shorter than what comes before {2}: {3}
	CodeReleases      Code = "QP0111" // {0} releases {1} of another without a clause of its own
	CodeGap           Code = "QP0112" // table {0} says nothing for {1}
	CodeOverlap       Code = "QP0113" // the row and the one at {0} both hold for {1}
	CodeMasked        Code = "QP0114" // the row never holds: those before it hold first
	CodeDoubleRow     Code = "QP0115" // the row says the same as the one at {0}
	CodeOpaque        Code = "QP0116" // table {0} was not held against all inputs: {1}
	CodeContradiction Code = "QP0117" // the needs of {0} cannot hold together
	CodeTwoLimits     Code = "QP0118" // {0} ({1}) and {2} ({3}) run from and to the same
	CodeForbidden     Code = "QP0119" // {0} is owed and can be met only by what is forbidden: {1}
	CodeNotRun        Code = "QP0120" // no rule runs clause {0} ({1}) and it is not declared
	CodeDeclared      Code = "QP0121" // clause {0} is declared as not run, but {1}
	CodeUnset         Code = "QP0122" // parameter {0} is not set; these wait for it: {1}
	CodeUnusedLocal   Code = "QP0123" // no rule uses parameter {0}
	CodeUnused        Code = "QP0124" // nobody uses the {0} {1}
	CodeNeverSet      Code = "QP0125" // no act sets the fact {0}
	CodeNeverComes    Code = "QP0126" // {0} can never come, which {1} waits for
	CodeNothingDone   Code = "QP0127" // {0} cannot have been done when {1} takes it back or changes it
	CodeSamePerson    Code = "QP0128" // {0} must be done by two persons, and {1} names one
	CodeMeeting       Code = "QP0129" // meeting {0} cannot decide: {1}
	CodeBase          Code = "QP0130" // meeting {0} leaves open: {1}
	CodeNotServed     Code = "QP0131" // {0} is met by issuing {1}, not by its service
	CodeRedo          Code = "QP0132" // {0} orders a redo and may itself not be done again
	CodeDiverges      Code = "QP0133" // {0} may follow every outcome of {1}, and they differ
	CodeOneForAll     Code = "QP0134" // {0} is owed though there may be no {1}
	CodeTheirDuty     Code = "QP0135" // {0} keeps the matter open for as long as {1} does nothing
	CodeAfterEnd      Code = "QP0136" // {0} comes after {1}, which ends the matter
	CodeAnchor        Code = "QP0137" // clause {0} stands at the same place as {1}
	CodeWrongKind     Code = "QP0138" // {0} rests on clause {1}, which is there for reference ({2})
	CodeDrift         Code = "QP0139" // {0} and {1} have nearly the same label
	CodeHeading       Code = "QP0140" // heading {0} has no norm below it
	CodeOptions       Code = "QP0141" // the options of {0} and {1} differ: {2}
	CodeLadders       Code = "QP0142" // {0} and {1} stand in another order than in {2}
	CodeNoPack        Code = "QP0143" // pack {0} is cited and is not there
	CodeOtherParty    Code = "QP0144" // {0} is of each {1} and reaches nobody in {2}
	CodeInversion     Code = "QP0145" // {0} is approved by a lower post than does it
	CodeNotFound      Code = "QP0146" // {0} is accepted and nothing like it was found
)

// Severity says whether a diagnostic stops a pack.
type Severity string

// Errors stop a pack; warnings are for a person to look at; notes are to be
// known and ask for nothing: a parameter that the jurisdiction has yet to set,
// and what the pack accepts with a reason.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Note    Severity = "note"
)

// Diagnostic is one finding about a pack at its place.
type Diagnostic struct {
	Pos
	Severity Severity `json:"severity"`
	Code     Code     `json:"code"`
	Args     []string `json:"args,omitempty"`
	Clause   string   `json:"clause,omitempty"`
	// Because is why the pack accepts it.
	Because *Label `json:"because,omitempty"`
}

// ID is how a pack names the finding: its code and what it is about.
func (d Diagnostic) ID() string {
	if len(d.Args) == 0 {
		return string(d.Code)
	}
	return string(d.Code) + " " + d.Args[0]
}

// String is for tests and logs; people read the catalogue's words.
func (d Diagnostic) String() string {
	return fmt.Sprintf("%s: %s %s %s", d.Pos, d.Severity, d.Code, strings.Join(d.Args, "; "))
}

// Diagnostics are all findings about a pack, in order of place.
type Diagnostics []Diagnostic

// Clean reports whether nothing waits for anybody: no error and no warning.
func (ds Diagnostics) Clean() bool { return ds.Count(Error)+ds.Count(Warning) == 0 }

// Count tells how many there are of a severity.
func (ds Diagnostics) Count(of Severity) int {
	n := 0
	for _, d := range ds {
		if d.Severity == of {
			n++
		}
	}
	return n
}

// Failed reports whether one of them is an error.
func (ds Diagnostics) Failed() bool {
	return slices.ContainsFunc(ds, func(d Diagnostic) bool { return d.Severity == Error })
}

func (ds Diagnostics) sort() {
	slices.SortStableFunc(ds, func(a, b Diagnostic) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col), cmp.Compare(a.Code, b.Code))
	})
}

// nearest returns the candidate that word most likely meant, or "".
func nearest(word string, candidates []string) string {
	best, bestAt := "", 3
	if len(word) < 4 {
		bestAt = 2
	}
	slices.Sort(candidates)
	for _, c := range candidates {
		if d := distance(word, c); d < bestAt {
			best, bestAt = c, d
		}
	}
	return best
}

// distance is Levenshtein's.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j, s := range y {
			next := row[j+1] + 1
			next = min(next, row[j]+1)
			if r == s {
				next = min(next, diagonal)
			} else {
				next = min(next, diagonal+1)
			}
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(y)]
}
