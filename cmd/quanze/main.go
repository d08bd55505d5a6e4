// SPDX-License-Identifier: Apache-2.0

// Command quanze is the one binary: it serves, migrates, imports regulations,
// checks packs, counts days and runs worked cases. It holds no rule and no
// page; it reads arguments, puts the house together and prints. Every command
// takes --json and exits 0 when done, 1 when the answer is no, 2 when the call
// is wrong, 3 when the system failed. Start at App.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	app := &App{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Env: os.Getenv}
	code := app.Run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}
