// SPDX-License-Identifier: Apache-2.0

package locale

import (
	"strconv"
	"strings"
)

// Lang is a language of the fronts, as HTML's lang attribute names it.
type Lang string

// The languages, the first one being what is shown when nobody chose.
const (
	Zh Lang = "zh-Hans"
	En Lang = "en"
)

// Langs lists every language in the order of the language switch.
func Langs() []Lang { return []Lang{Zh, En} }

// ParseLang reads a choice of language (zh, zh-CN, zh-Hans, en, en-GB …); false
// where it is neither Chinese nor English.
func ParseLang(s string) (Lang, bool) {
	primary, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(s)), "-")
	switch primary {
	case "zh":
		return Zh, true
	case "en":
		return En, true
	}
	return Zh, false
}

// acceptMost bounds how many preferences of a browser are read.
const acceptMost = 20

// Negotiate returns the language that an Accept-Language header prefers: of
// those we have the one of the highest weight, of equal weights the first; Zh
// where none is named.
func Negotiate(header string) Lang {
	best, bestWeight := Zh, 0.0
	for i, part := range strings.SplitN(header, ",", acceptMost+1) {
		if i == acceptMost {
			break
		}
		name, params, _ := strings.Cut(part, ";")
		lang, ok := ParseLang(name)
		if !ok {
			continue
		}
		weight := 1.0
		if q, found := strings.CutPrefix(strings.TrimSpace(params), "q="); found {
			var err error
			if weight, err = strconv.ParseFloat(q, 64); err != nil || weight > 1 {
				continue
			}
		}
		if weight > bestWeight {
			best, bestWeight = lang, weight
		}
	}
	return best
}
