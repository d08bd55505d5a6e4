// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"quanze/cmd/quanze/demo"
	"quanze/core/calendar"
	"quanze/office"
	"quanze/office/library"
	"quanze/office/registry"
	"quanze/office/timers"
	"quanze/packs"
	"quanze/store"
	"quanze/store/blob"
	"quanze/web"
)

type serveCmd struct {
	DB   string `name:"db" help:"${help_db}" default:"sqlite:quanze.db"`
	Addr string `help:"${help_addr}" default:"127.0.0.1:8080"`
	// Files is the folder of what is handed in; several nodes share one.
	Files string `help:"${help_folder}" default:"files"`
	// TLS says that browsers reach the program by https, at a proxy in front.
	TLS bool `name:"tls" help:"${help_tls}"`
}

// Run serves all fronts over a database until it is told to stop.
func (c *serveCmd) Run(ctx context.Context, a *App) error {
	o, done, err := a.open(ctx, c.DB)
	if err != nil {
		return err
	}
	defer done()
	if err := o.DB.Migrate(ctx); err != nil {
		return err
	}
	if err := installPacks(ctx, o); err != nil {
		return err
	}
	files, err := blob.Open(c.Files)
	if err != nil {
		return err
	}
	return a.serve(ctx, o, c.Addr, web.Config{Office: o, Files: files, TLS: c.TLS}, nil)
}

// installPacks puts the packs that the program carries in force where there is
// none: a later version is for two persons to bring, not for a new program.
func installPacks(ctx context.Context, o *office.Office) error {
	g := registry.New(o)
	have, err := o.DB.Reader().Packs(ctx)
	if err != nil {
		return err
	}
	for _, code := range packs.Codes() {
		if slices.ContainsFunc(have, func(p store.Pack) bool { return p.Code == code }) {
			continue
		}
		files, err := packs.Files(code)
		if err != nil {
			return err
		}
		if _, diags, err := g.InstallPack(ctx, "", files); err != nil {
			return fmt.Errorf("pack %s: %w %v", code, err, diags)
		}
	}
	return nil
}

// serve runs the timers and the fronts; ready is told the address.
func (a *App) serve(ctx context.Context, o *office.Office, addr string, config web.Config, ready func(address string)) error {
	log := slog.New(slog.NewTextHandler(a.Stderr, nil))
	config.Log = log
	handler, err := web.New(config)
	if err != nil {
		return err
	}
	loop := timers.New(o, log)
	if err := loop.Start(ctx); err != nil {
		return err
	}
	defer loop.Stop()
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("listening on %s: %w", addr, err)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 5 * time.Minute, WriteTimeout: 5 * time.Minute, IdleTimeout: 2 * time.Minute}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	if ready != nil {
		ready(listener.Addr().String())
	} else {
		log.Info("serving", "addr", listener.Addr().String())
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	// What was begun is finished: an act half sent is an act to answer.
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	if err := server.Shutdown(grace); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("stopping: %w", err)
	}
	return nil
}

type demoCmd struct {
	Dir   string `help:"${help_dir}" default:"demo"`
	Addr  string `help:"${help_addr}" default:"127.0.0.1:8080"`
	Today string `help:"${help_today}"`
	Texts string `help:"${help_texts}" type:"existingdir"`
}

// Run builds the demonstration where there is none yet, and serves it.
func (c *demoCmd) Run(ctx context.Context, a *App) error {
	clock := &demo.Clock{Real: a.Now}
	if c.Today != "" {
		pinned, err := day(c.Today)
		if err != nil {
			return err
		}
		clock.Real = pinnedTo(pinned, a.Now)
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return err
	}
	file := filepath.Join(c.Dir, "quanze.db")
	if c.Today != "" {
		file = filepath.Join(c.Dir, "quanze-"+c.Today+".db")
	}
	db, err := store.Open(ctx, "sqlite:"+file, store.Options{Now: clock.Now})
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	o := office.New(db, clock.Now)
	accounts, err := c.build(ctx, a, o, clock)
	if err != nil {
		return err
	}
	if c.Texts != "" {
		if err := importTexts(ctx, o, c.Texts); err != nil {
			return err
		}
	}
	files, err := blob.Open(filepath.Join(c.Dir, "files"))
	if err != nil {
		return err
	}
	return a.serve(ctx, o, c.Addr, web.Config{Office: o, Files: files, Demo: true, Pinned: c.Today != ""}, func(address string) { a.welcome(address, accounts) })
}

// pinnedTo is a clock that stays on a day and goes on within it.
func pinnedTo(d calendar.Date, now func() time.Time) func() time.Time {
	return func() time.Time {
		y, m, dd := d.YMD()
		t := now().UTC()
		return time.Date(y, time.Month(m), dd, 1, t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	}
}

func (c *demoCmd) build(ctx context.Context, a *App, o *office.Office, clock *demo.Clock) ([]demo.Account, error) {
	there, err := o.DB.Reader().Accounts(ctx)
	if err != nil {
		return nil, err
	}
	if len(there) > 0 {
		return demo.Accounts()
	}
	return demo.Build(ctx, o, clock, office.DayOf(clock.Real()), a.progress(a.words.T("cli.demo.building")))
}

func importTexts(ctx context.Context, o *office.Office, dir string) error {
	names, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil {
		return err
	}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if _, err := library.New(o).Import(ctx, "", filepath.Base(name), raw, nil); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// welcome prints where to look and how to sign in.
func (a *App) welcome(address string, accounts []demo.Account) {
	w := a.Stdout
	fmt.Fprintln(w, a.words.T("cli.demo.ready", "address", "http://"+address+"/"))
	fmt.Fprintln(w, a.words.T("cli.demo.password", "password", demo.Password))
	for _, x := range accounts {
		fmt.Fprintf(w, "  %-15s %s  %s  %s\n", x.Login, x.Name, a.words.Name(x.Unit.Zh, x.Unit.En), a.words.Name(x.Title.Zh, x.Title.En))
	}
	fmt.Fprintln(w, a.words.T("cli.demo.stop"))
}

type migrateCmd struct {
	DB string `name:"db" help:"${help_db}" default:"sqlite:quanze.db"`
}

// Run brings a database to the schema of this program.
func (c *migrateCmd) Run(ctx context.Context, a *App) error {
	o, done, err := a.open(ctx, c.DB)
	if err != nil {
		return err
	}
	defer done()
	if err := o.DB.Migrate(ctx); err != nil {
		return err
	}
	if err := installPacks(ctx, o); err != nil {
		return err
	}
	return a.print(map[string]any{"migrated": true, "engine": o.DB.Engine()}, func(w io.Writer) { fmt.Fprintln(w, a.words.T("cli.migrated", "engine", o.DB.Engine())) })
}
