// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"quanze/core/matter"
	"quanze/store"
)

// crashFile names the database of a child that is to be killed.
const crashFile = "QUANZE_TEST_CRASH_FILE"

// TestKilled: what a writer was told is kept is there after the process was
// killed in the middle of its work. (That it survives a power cut is SQLite's
// word, for synchronous=FULL; a test in one machine cannot show it.)
func TestKilled(t *testing.T) {
	if file := os.Getenv(crashFile); file != "" {
		writeUntilKilled(t, file)
	}
	t.Parallel()
	file := filepath.Join(t.TempDir(), "killed.db")
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilled$")
	child.Env = append(os.Environ(), crashFile+"="+file)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	told := map[matter.ID]int{}
	lines := bufio.NewScanner(out)
	for n := 0; n < 300 && lines.Scan(); n++ {
		var id matter.ID
		var version int
		if _, err := fmt.Sscanf(lines.Text(), "kept %s %d", &id, &version); err != nil {
			t.Fatalf("the child says %q", lines.Text())
		}
		told[id] = max(told[id], version)
	}
	_ = child.Process.Kill()
	_ = child.Wait()
	if len(told) == 0 {
		t.Fatal("the child wrote nothing")
	}
	db := open(t, "sqlite:"+file, nil)
	for id, version := range told {
		m, err := db.Reader().Matter(t.Context(), id)
		if err != nil || m.Version < version {
			t.Errorf("%s was told to have version %d and has %d: %v", id, version, m.Version, err)
		}
		if broken, err := db.Reader().VerifyMatter(t.Context(), id); broken != 0 || err != nil {
			t.Errorf("%s: event %d does not agree: %v", id, broken, err)
		}
	}
}

func writeUntilKilled(t *testing.T, file string) {
	db := open(t, "sqlite:"+file, nil)
	for client := range 8 {
		go func() {
			id := matter.ID(fmt.Sprintf("m%d", client))
			for version := 0; ; version++ {
				err := db.Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
					if version == 0 {
						if err := tx.CreateMatter(ctx, store.Matter{ID: id, OpenedOn: opened}); err != nil {
							return err
						}
					}
					_, err := tx.AppendEvents(ctx, id, version, []matter.Event{{Kind: matter.Done, On: opened}})
					return err
				})
				if err != nil {
					fmt.Println("failed", err)
					return
				}
				fmt.Println("kept", id, version+1)
			}
		}()
	}
	select {}
}
