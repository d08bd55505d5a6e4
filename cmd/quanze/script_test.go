// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"quanze/cmd/quanze/demo"
	"quanze/office"
	"quanze/store"
)

var update = flag.Bool("update", false, "write what the commands print into the archives")

// noon is the time at which every script runs.
func noon() time.Time { return time.Date(2026, 3, 25, 4, 0, 0, 0, time.UTC) }

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"quanze": func() {
		app := &App{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Env: os.Getenv, Now: noon}
		os.Exit(app.Run(context.Background(), os.Args[1:]))
	}})
}

// TestScripts runs the archives. Beside the usual commands they have: exits N
// COMMAND…, which wants that exit code; city FILE, which builds the
// demonstration; matter NAME FILE WORD, which puts the number of the matter
// whose title has the word into a variable; proposal NAME FILE, which does so
// with the number of the proposal that a command printed.
func TestScripts(t *testing.T) {
	pack, err := filepath.Abs("../../packs/wf11")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: *update,
		Setup: func(e *testscript.Env) error {
			e.Setenv("PACK", pack)
			e.Setenv("LANG", "zh_CN.UTF-8")
			e.Setenv("LC_ALL", "")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "city": city, "matter": number, "proposal": proposal},
	})
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits N COMMAND [ARG...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func withStore(ts *testscript.TestScript, file string, do func(ctx context.Context, db *store.DB) error) {
	ctx := context.Background()
	db, err := store.Open(ctx, "sqlite:"+ts.MkAbs(file), store.Options{Now: noon})
	ts.Check(err)
	err = do(ctx, db)
	ts.Check(errors.Join(err, db.Close()))
}

func city(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: city FILE")
	}
	withStore(ts, args[0], func(ctx context.Context, db *store.DB) error {
		if err := db.Migrate(ctx); err != nil {
			return err
		}
		clock := &demo.Clock{Real: noon}
		_, err := demo.Build(ctx, office.New(db, clock.Now), clock, office.DayOf(noon()), nil)
		return err
	})
}

func proposal(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: proposal NAME FILE")
	}
	var printed installed
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[1])), &printed))
	ts.Setenv(args[0], printed.Proposal)
}

func number(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: matter NAME FILE WORD")
	}
	withStore(ts, args[1], func(ctx context.Context, db *store.DB) error {
		list, _, err := db.Reader().ListMatters(ctx, store.MatterFilter{})
		if err != nil {
			return err
		}
		for _, m := range list {
			if strings.Contains(m.Title, args[2]) {
				ts.Setenv(args[0], string(m.ID))
				return nil
			}
		}
		return fmt.Errorf("no matter %s", args[2])
	})
}

// TestEveryCaseIsRun keeps run.txtar whole: each worked case of the pack is in it.
func TestEveryCaseIsRun(t *testing.T) {
	script, err := os.ReadFile("testdata/script/run.txtar")
	if err != nil {
		t.Fatal(err)
	}
	cases, err := filepath.Glob("../../packs/wf11/cases/*.yaml")
	if err != nil || len(cases) == 0 {
		t.Fatal("no cases", err)
	}
	for _, c := range cases {
		if !strings.Contains(string(script), "matter run --json $PACK/cases/"+filepath.Base(c)+"\n") {
			t.Errorf("run.txtar does not run %s", filepath.Base(c))
		}
	}
}
