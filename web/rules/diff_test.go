// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"quanze/core/rulepack"
)

func TestDiffFiles(t *testing.T) {
	was := rulepack.Files{"pack.yaml": []byte("pack: x\n"), "a.yaml": []byte("1\n2\n3\nwithin: 3 working_days\n5\n6\n7\n8\n9\n"), "gone.yaml": []byte("g\n")}
	is := rulepack.Files{"pack.yaml": []byte("pack: x\n"), "a.yaml": []byte("1\n2\n3\nwithin: 5 working_days\n5\n6\n7\n8\n9\nten\n"), "new.yaml": []byte("n")}
	var got []string
	for _, c := range diffFiles(was, is) {
		got = append(got, c.state+" "+c.name)
		for _, h := range c.hunks {
			got = append(got, "@")
			for _, x := range h {
				got = append(got, x.sign+x.text)
			}
		}
	}
	want := []string{"changed a.yaml", "@", " 2", " 3", "-within: 3 working_days", "+within: 5 working_days", " 5", " 6", "@", " 8", " 9", "+ten", "gone gone.yaml", "@", "-g", "new new.yaml", "@", "+n"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if all := diffFiles(was, was); len(all) != 0 {
		t.Errorf("the same differs: %+v", all)
	}
}

// What a difference tells makes the one text of the other, whatever they are.
func TestDiffTells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.SampledFrom([]string{"a", "b", "c", "d"})
		a, b := rapid.SliceOfN(line, 0, 30).Draw(t, "a"), rapid.SliceOfN(line, 0, 30).Draw(t, "b")
		var was, is []string
		changes := 0
		for _, c := range diffLines(a, b) {
			if c.sign != "+" {
				if was = append(was, c.text); c.old != len(was) {
					t.Fatalf("line %d is told as %d", len(was), c.old)
				}
			}
			if c.sign != "-" {
				if is = append(is, c.text); c.new != len(is) {
					t.Fatalf("line %d is told as %d", len(is), c.new)
				}
			}
			if c.sign != " " {
				changes++
			}
		}
		if !slices.Equal(was, a) || !slices.Equal(is, b) {
			t.Fatalf("%v %v became %v %v", a, b, was, is)
		}
		if slices.Equal(a, b) != (changes == 0) {
			t.Fatalf("%d changes", changes)
		}
	})
}

// A text that is another altogether is told so, within bounds.
func TestDiffIsBounded(t *testing.T) {
	a := strings.Split(strings.Repeat("old\n", 3000), "\n")
	b := strings.Split(strings.Repeat("new\n", 3000), "\n")
	all := diffLines(a, b)
	if len(all) != 6001 || all[0].sign != "-" || all[3000].sign != "+" {
		t.Errorf("%d changes, %+v", len(all), all[0])
	}
}
