// SPDX-License-Identifier: Apache-2.0

// Package crash kills the program with -9 at random moments under load, starts
// it again, and looks for an acknowledged act that is gone, or half an act.
package crash

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"quanze/cmd/quanze/demo"
	"quanze/core/matter"
	"quanze/core/org"
	"quanze/core/rulepack/expr"
	"quanze/office"
	"quanze/office/timers"
	"quanze/store"
	"quanze/store/storetest"
)

var rounds = flag.Int("rounds", 10, "how often each database is killed")

// child is the variable that turns the test binary into the program under load.
const child = "QUANZE_CRASH_DB"

func TestMain(m *testing.M) {
	if url := os.Getenv(child); url != "" {
		if err := load(context.Background(), url, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(3)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// load opens matters and acts on them from many sides until it is killed. A
// line is written only after the act was acknowledged.
func load(ctx context.Context, url string, out io.Writer) error {
	o, err := open(ctx, url)
	if err != nil {
		return err
	}
	loop := timers.New(o, slog.New(slog.DiscardHandler))
	if err := loop.Start(ctx); err != nil {
		return err
	}
	var mu sync.Mutex
	ack := func(id matter.ID, recorded []store.Recorded) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintf(out, "%s %d %s\n", id, recorded[len(recorded)-1].Seq, recorded[0].Commitment)
	}
	var all sync.WaitGroup
	failed := make(chan error, 8)
	for range 8 {
		all.Go(func() {
			for {
				if err := one(ctx, o, ack); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	return <-failed
}

// one is a short matter: an accident, a team, interests declared, a respondent.
func one(ctx context.Context, o *office.Office, ack func(matter.ID, []store.Recorded)) error {
	today := o.Today()
	text := expr.OfText("sample")
	id, recorded, err := o.Open(ctx, "wf11", "case", matter.Command{Act: "accident", Actor: "wang", On: today,
		Fields: map[string]expr.Value{"happened_on": expr.OfDate(today), "place": text, "summary": text}, Binds: map[string][]matter.Ref{"decider": {{Unit: "bureau"}}}}, nil)
	if err != nil {
		return err
	}
	ack(id, recorded)
	for _, c := range []matter.Command{
		{Act: "form_team", Actor: "zhou", Fields: map[string]expr.Value{"joint_needed": expr.OfBool(false)}, Binds: map[string][]matter.Ref{"team": {{Person: "wang"}, {Person: "feng"}}}},
		{Act: "declare", Actor: "wang", Party: "wang", Outcome: "none_held"},
		{Act: "declare", Actor: "feng", Party: "feng", Outcome: "none_held"},
		{Act: "name_respondent", Actor: "wang", Binds: map[string][]matter.Ref{"respondent": {{Person: "you"}}}},
		{Act: "inquire", Actor: "wang", Staff: []org.PersonID{"feng"}, Fields: map[string]expr.Value{"record": text}},
	} {
		c.On = today
		recorded, err := o.Act(ctx, id, c, nil)
		if err != nil {
			return err
		}
		ack(id, recorded)
	}
	return nil
}

func open(ctx context.Context, url string) (*office.Office, error) {
	db, err := store.Open(ctx, url, store.Options{Now: time.Now})
	if err != nil {
		return nil, err
	}
	if err := db.Migrate(ctx); err != nil {
		return nil, err
	}
	return office.New(db, time.Now), nil
}

func TestCrashSQLite(t *testing.T) {
	crash(t, "sqlite:"+filepath.Join(t.TempDir(), "quanze.db"))
}

func TestCrashPostgres(t *testing.T) { crash(t, storetest.Postgres(t)) }

func crash(t *testing.T, url string) {
	ctx := t.Context()
	settle(t, url)
	acked, checked := 0, map[matter.ID]int{}
	for round := range *rounds {
		lines := kill(t, url, time.Duration(30+rand.IntN(400))*time.Millisecond)
		acked += len(lines)
		o, err := open(ctx, url)
		if err != nil {
			t.Fatalf("round %d: starting again: %v", round, err)
		}
		r := o.DB.Reader()
		for _, l := range lines {
			if _, err := r.Events(ctx, l.id); err != nil {
				t.Fatal(err)
			}
			events, err := r.EventsAfter(ctx, l.id, 0)
			if err != nil || len(events) < l.seq {
				t.Fatalf("round %d: %s was acknowledged up to event %d, and has %d (%v)", round, l.id, l.seq, len(events), err)
			}
		}
		check(t, o, checked, round)
		o.DB.Close()
	}
	if acked == 0 {
		t.Fatal("no act was acknowledged: nothing was tested")
	}
	t.Logf("%d rounds, %d acts acknowledged, %d matters, none lost, none half", *rounds, acked, len(checked))
}

// settle makes the city once.
func settle(t *testing.T, url string) {
	t.Helper()
	ctx := t.Context()
	clock := &demo.Clock{Real: time.Now}
	db, err := store.Open(ctx, url, store.Options{Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := demo.Build(ctx, office.New(db, clock.Now), clock, office.DayOf(time.Now()), nil); err != nil {
		t.Fatal(err)
	}
}

type line struct {
	id  matter.ID
	seq int
}

// kill starts the program, lets it work for a while and kills it with -9.
func kill(t *testing.T, url string, after time.Duration) []line {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), child+"="+url)
	cmd.Stderr = os.Stderr
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var out []line
	scan := bufio.NewScanner(pipe)
	var timer *time.Timer
	for scan.Scan() {
		if timer == nil { // the clock runs from the first acknowledged act
			timer = time.AfterFunc(after, func() { cmd.Process.Kill() })
		}
		var l line
		var commitment string
		if n, _ := fmt.Sscan(scan.Text(), &l.id, &l.seq, &commitment); n == 3 && strings.Count(string(l.id), "-") == 3 {
			out = append(out, l)
		}
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("the program ended by itself")
	}
	return out
}

// check looks at every matter that changed since the last round.
func check(t *testing.T, o *office.Office, checked map[matter.ID]int, round int) {
	t.Helper()
	f := store.MatterFilter{}
	for {
		page, next, err := o.DB.Reader().ListMatters(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page {
			if v, done := checked[m.ID]; done && v == m.Version {
				continue
			}
			wrong, err := o.Check(t.Context(), m.ID)
			if err != nil || wrong != "" {
				t.Fatalf("round %d: matter %s: %s %v", round, m.ID, wrong, err)
			}
			checked[m.ID] = m.Version
		}
		if next == "" {
			return
		}
		f.Page.After = next
	}
}
