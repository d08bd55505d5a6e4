// SPDX-License-Identifier: Apache-2.0

package packtest

import (
	"os"
	"path/filepath"
	"testing"

	"quanze/core/calendar"
	"quanze/core/matter"
	"quanze/core/rulepack"
)

func readPack(b *testing.B, dir string) rulepack.Files {
	b.Helper()
	files := rulepack.Files{}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(rel)], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return files
}

// BenchmarkDecide judges the command that meets the busiest state of all cases
// of a pack: the one in which most has come about. The aim is 20 microseconds.
func BenchmarkDecide(b *testing.B) {
	cal, err := calendar.China()
	if err != nil {
		b.Fatal(err)
	}
	for _, code := range []string{"gz09", "wf11"} {
		b.Run(code, func(b *testing.B) {
			pack, diags := rulepack.Load(readPack(b, "../../../packs/"+code))
			if pack == nil {
				b.Fatal(diags)
			}
			var state *matter.State
			var rules *matter.Rules
			var cmd matter.Command
			var day calendar.Date
			most := 0
			for _, c := range pack.Cases {
				r := begin(pack, newStage(c), cal, 0)
				r.witness = func(r *run, asked matter.Command, on calendar.Date) {
					busy := len(r.state.Consequences()) + len(r.state.Facts())
					if _, refusal := matter.Decide(r.state, asked, &r.rules, on); refusal == nil && busy > most && asked.On >= r.state.On() {
						most, state, rules, cmd, day = busy, matter.Fold(r.events, &r.rules), &r.rules, asked, on // as the office gathers it
					}
				}
				for _, step := range c.Steps {
					r.step(step)
				}
			}
			b.Logf("%d facts and consequences before %s", most, cmd.Act)
			b.ReportAllocs()
			for b.Loop() {
				if _, refusal := matter.Decide(state, cmd, rules, day); refusal != nil {
					b.Fatal(refusal)
				}
			}
		})
	}
}

// BenchmarkLoad reads a pack.
func BenchmarkLoad(b *testing.B) {
	for _, code := range []string{"gz09", "wf11"} {
		files := readPack(b, "../../../packs/"+code)
		b.Run(code, func(b *testing.B) {
			for b.Loop() {
				if pack, diags := rulepack.Load(files); pack == nil {
					b.Fatal(diags)
				}
			}
		})
	}
}
