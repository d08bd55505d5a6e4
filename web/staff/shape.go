// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"strings"

	"quanze/core/rulepack"
	"quanze/web/ui"
)

// Templates have no conditions but range; these give them what to range over.

// optional is the text, or nothing.
func optional(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

// whenNone is the text where there is nothing else.
func whenNone(n int, text string) []string {
	if n > 0 {
		return nil
	}
	return []string{text}
}

// group is the list as one whole, or nothing where it is empty.
func group[T any](list []T) [][]T {
	if len(list) == 0 {
		return nil
	}
	return [][]T{list}
}

// kind is the weight of an offer's button: one primary act at most.
func (o offered) kind() ui.ButtonKind {
	if o.Primary {
		return ui.Primary
	}
	return ui.Secondary
}

func pathOf(s string) rulepack.Path { return strings.Split(s, ".") }

// paragraphs are the lines of a text.
func paragraphs(s string) []string {
	var out []string
	for _, line := range strings.Split(s, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}
