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

// Severity says whether a diagnostic stops a pack.
type Severity string

// Errors stop a pack; warnings are for a person to look at.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Diagnostic is one finding about a pack at its place.
type Diagnostic struct {
	Pos
	Severity Severity `json:"severity"`
	Code     Code     `json:"code"`
	Args     []string `json:"args,omitempty"`
	Clause   string   `json:"clause,omitempty"`
}

// String is for tests and logs; people read the catalogue's words.
func (d Diagnostic) String() string {
	return fmt.Sprintf("%s: %s %s %s", d.Pos, d.Severity, d.Code, strings.Join(d.Args, "; "))
}

// Diagnostics are all findings about a pack, in order of place.
type Diagnostics []Diagnostic

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
