// SPDX-License-Identifier: Apache-2.0

// Package e2e drives the program that ships, as it is built, in a real browser:
// the case from the accident to the answered appeal, and that of a leading cadre
// from the lead to the personal file, by the people entitled to act; and every
// kind of page under the rules of axe. It tests nothing that a smaller test
// could. Start at TestJourney, TestLeaders and TestPages.
package e2e

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// today is the day at which the demonstration stands still: the last days that
// the journey reads are those of the pack's own worked case.
const today = "2026-03-25"

// world is the program under test and the browser that looks at it.
type world struct {
	base    string
	browser context.Context
	axe     string
}

// the is set once by TestMain, before any test runs; missing says why there is
// no world here.
var (
	the     world
	missing string
)

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (int, error) {
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		missing = "chromium is not here: make system installs it"
	}
	source, err := os.ReadFile("node_modules/axe-core/axe.min.js")
	if err != nil {
		missing = "axe-core is not here: cd e2e && npm ci"
	}
	if missing != "" {
		if os.Getenv("CI") == "true" {
			return 1, errors.New(missing)
		}
		return m.Run(), nil
	}
	dir, err := os.MkdirTemp("", "quanze-e2e")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir)
	base, stop, err := start(dir)
	if err != nil {
		return 1, err
	}
	browser, quit, err := open(chromium, filepath.Join(dir, "profile"))
	if err != nil {
		return 1, errors.Join(err, stop())
	}
	the = world{base: base, browser: browser, axe: string(source)}
	code := m.Run()
	quit()
	return code, stop()
}

// start builds the program, starts the demonstration on a free port and waits
// for the address that it prints. stop ends it as an operator would.
func start(dir string) (base string, stop func() error, err error) {
	program := filepath.Join(dir, "quanze")
	build := exec.Command("go", "build", "-o", program, "quanze/cmd/quanze")
	build.Stdout, build.Stderr = os.Stderr, os.Stderr
	if err := build.Run(); err != nil {
		return "", nil, fmt.Errorf("building the program: %w", err)
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return "", nil, err
	}
	demo := exec.Command(program, "demo", "--dir", filepath.Join(dir, "demo"), "--addr", "127.0.0.1:0", "--today", today)
	demo.Stderr = log
	out, err := demo.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := demo.Start(); err != nil {
		return "", nil, fmt.Errorf("starting the program: %w", err)
	}
	stop = func() error {
		if err := demo.Process.Signal(syscall.SIGTERM); err != nil {
			return fmt.Errorf("stopping the program: %w", err)
		}
		if err := demo.Wait(); err != nil {
			text, _ := os.ReadFile(log.Name())
			return fmt.Errorf("the program did not end well: %w\n%s", err, text)
		}
		return log.Close()
	}
	base, err = address(out)
	if err != nil {
		return "", nil, errors.Join(err, stop())
	}
	return base, stop, nil
}

var printed = regexp.MustCompile(`http://127\.0\.0\.1:[1-9][0-9]*`)

// address reads the address that the program prints, and goes on reading so
// that the program is never held up.
func address(out io.Reader) (string, error) {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if found := printed.FindString(lines.Text()); found != "" {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return found, nil
		}
	}
	return "", fmt.Errorf("the program printed no address: %v", lines.Err())
}

// open starts the browser with a profile of its own.
func open(chromium, profile string) (context.Context, func(), error) {
	flags := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium), chromedp.UserDataDir(profile),
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.WindowSize(1440, 900))
	all, end := chromedp.NewExecAllocator(context.Background(), flags...)
	browser, quit := chromedp.NewContext(all)
	// A first start on a busy machine may take long; the browser lives on after it.
	if err := chromedp.Do(browser); err != nil {
		quit()
		end()
		return nil, nil, fmt.Errorf("starting the browser: %w", err)
	}
	return browser, func() { quit(); end() }, nil
}

// patience bounds one step in the browser.
const patience = 20 * time.Second

func needWorld(t *testing.T) {
	t.Helper()
	if missing != "" {
		t.Skip(missing)
	}
}
