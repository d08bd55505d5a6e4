// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"quanze/core/calendar"
	"quanze/core/fault"
	"quanze/core/matter"
	"quanze/locale"
	"quanze/office"
	"quanze/store"
)

// The exit codes of every command.
const (
	exitDone   = 0
	exitNo     = 1
	exitUsage  = 2
	exitFailed = 3
)

// errNo is an answer that is no: it has been printed already.
var errNo = errors.New("no")

// wrongCall is an error of the call itself.
type wrongCall struct{ error }

// App is one run of the program. Tests make one with buffers.
type App struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Env            func(string) string
	// Now is the clock; time.Now where it is nil.
	Now func() time.Time

	words *locale.Words
	json  bool
}

// grammar is the command line. Help texts come from the catalogue.
type grammar struct {
	JSON bool   `help:"${help_json}"`
	Lang string `help:"${help_lang}" enum:"zh,en," default:""`

	Demo       demoCmd       `cmd:"" help:"${help_demo}"`
	Serve      serveCmd      `cmd:"" help:"${help_serve}"`
	Migrate    migrateCmd    `cmd:"" help:"${help_migrate}"`
	Doctor     doctorCmd     `cmd:"" help:"${help_doctor}"`
	Account    accountCmd    `cmd:"" help:"${help_account}"`
	Regulation regulationCmd `cmd:"" help:"${help_regulation}"`
	Calendar   calendarCmd   `cmd:"" help:"${help_calendar}"`
	Pack       packCmd       `cmd:"" help:"${help_pack}"`
	Matter     matterCmd     `cmd:"" help:"${help_matter}"`
}

// helps are the keys under "cli.help." whose words the grammar uses.
var helps = []string{"json", "lang", "demo", "serve", "migrate", "doctor", "account", "account_add", "regulation", "regulation_import", "regulation_show",
	"regulation_diff", "regulation_search", "calendar", "calendar_add", "calendar_install", "pack", "pack_check", "strict", "pack_test", "pack_test_cases", "pack_coverage",
	"pack_plan", "pack_install", "pack_schema", "by", "reason", "from", "approve", "refuse", "matter",
	"matter_run", "matter_list", "matter_show", "matter_do", "db", "addr", "dir", "today", "texts", "files", "folder", "tls"}

// Run does one command and returns its exit code.
func (a *App) Run(ctx context.Context, args []string) int {
	if a.Now == nil {
		a.Now = time.Now
	}
	catalogue, err := locale.Load()
	if err != nil {
		fmt.Fprintln(a.Stderr, err)
		return exitFailed
	}
	a.words = catalogue.In(a.language(args))
	vars := kong.Vars{}
	for _, h := range helps {
		vars["help_"+h] = a.words.T("cli.help." + h)
	}
	var g grammar
	quit := -1
	parser, err := kong.New(&g, kong.Name("quanze"), kong.Description(a.words.T("cli.help.quanze")), vars, kong.Writers(a.Stdout, a.Stderr),
		kong.Exit(func(code int) { quit = code }), kong.UsageOnError(), kong.Bind(a), kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		fmt.Fprintln(a.Stderr, err)
		return exitFailed
	}
	k, err := parser.Parse(args)
	if quit >= 0 {
		return quit // --help has been printed
	}
	if err != nil {
		fmt.Fprintln(a.Stderr, "quanze:", err)
		return exitUsage
	}
	a.json = g.JSON
	return a.exit(k.Run())
}

func (a *App) language(args []string) locale.Lang {
	for i, s := range args {
		value, given := strings.CutPrefix(s, "--lang=")
		if s == "--lang" && i+1 < len(args) {
			value, given = args[i+1], true
		}
		if l, ok := locale.ParseLang(value); given && ok {
			return l
		}
	}
	env := a.Env("LC_ALL") + a.Env("LC_MESSAGES") + a.Env("LANG")
	if strings.HasPrefix(env, "en") {
		return locale.En
	}
	return locale.Zh
}

// exit prints what went wrong and chooses the code.
func (a *App) exit(err error) int {
	var refusal *matter.Refusal
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errNo):
		return exitNo
	case errors.As(err, &refusal):
		fmt.Fprintln(a.Stderr, a.words.Fault(refusal.Fault()))
		return exitNo
	case errors.Is(err, context.Canceled):
		return exitFailed
	}
	var wrong wrongCall
	if errors.As(err, &wrong) {
		fmt.Fprintln(a.Stderr, "quanze:", err)
		return exitUsage
	}
	if f := fault.Of(err); f != nil {
		fmt.Fprintln(a.Stderr, "quanze:", a.words.Fault(f), f.Field)
		if f.Kind == fault.Invalid {
			return exitUsage
		}
		return exitNo
	}
	fmt.Fprintln(a.Stderr, "quanze:", err)
	return exitFailed
}

// print writes v as JSON where that was asked for, else lets text do it.
func (a *App) print(v any, text func(w io.Writer)) error {
	if !a.json {
		text(a.Stdout)
		return nil
	}
	enc := json.NewEncoder(a.Stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(v)
}

// open opens a database that must be there and up to date.
func (a *App) open(ctx context.Context, url string) (*office.Office, func(), error) {
	db, err := store.Open(ctx, url, store.Options{Now: a.Now})
	if err != nil {
		return nil, nil, err
	}
	return office.New(db, a.Now), func() { db.Close() }, nil
}

// day reads a day given on the command line.
func day(s string) (calendar.Date, error) {
	d, err := calendar.ParseDate(s)
	if err != nil {
		return 0, err
	}
	return d, nil
}
