// SPDX-License-Identifier: Apache-2.0

package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // registers "pgx" with database/sql
)

// server is the one PostgreSQL of a test process. It is shared because it takes
// two seconds to make; it is package state because Go gives test helpers no
// other place for what outlives one test.
var server struct {
	sync.Mutex
	users     int
	databases int
	running   *postgres
}

type postgres struct {
	folder string
	port   int
	cmd    *exec.Cmd
	ended  chan error
}

var errNoPostgres = errors.New("PostgreSQL is not installed: no initdb found by pg_config, in /usr/lib/postgresql or on the path")

// Postgres returns the address of a new empty database of a real PostgreSQL,
// which runs until the last test that asked for it has ended. Where PostgreSQL
// is not installed the test is skipped, but fails with CI=true.
func Postgres(t testing.TB) string {
	t.Helper()
	server.Lock()
	defer server.Unlock()
	if server.running == nil {
		p, err := start(t.Context())
		if errors.Is(err, errNoPostgres) && os.Getenv("CI") != "true" {
			t.Skip(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		server.running = p
	}
	server.users++
	t.Cleanup(release)
	server.databases++
	address, err := server.running.create(t.Context(), fmt.Sprintf("test_%d", server.databases))
	if err != nil {
		t.Fatal(err)
	}
	return address
}

func release() {
	server.Lock()
	defer server.Unlock()
	server.users--
	if server.users == 0 {
		server.running.stop()
		server.running = nil
	}
}

// programs returns the folder of initdb and postgres.
func programs() (string, error) {
	var folders []string
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		folders = append(folders, string(out[:max(0, len(out)-1)]))
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	slices.Reverse(found)
	folders = append(folders, found...)
	if path, err := exec.LookPath("initdb"); err == nil {
		folders = append(folders, filepath.Dir(path))
	}
	for _, f := range folders {
		_, noInit := os.Stat(filepath.Join(f, "initdb"))
		_, noServer := os.Stat(filepath.Join(f, "postgres"))
		if noInit == nil && noServer == nil {
			return f, nil
		}
	}
	return "", errNoPostgres
}

// attributes make a child that dies with us, and that is not root: the server
// refuses to run as root.
func attributes() (*syscall.SysProcAttr, int, int, error) {
	attr := &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT, Setpgid: true}
	if os.Getuid() != 0 {
		return attr, os.Getuid(), os.Getgid(), nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, 0, 0, fmt.Errorf("running as root, and there is no other user for the server: %w", err)
	}
	uid, err1 := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attr, uid, gid, errors.Join(err1, err2)
}

// start makes a cluster in a temporary folder and runs a server on it, on
// loopback and a free port.
func start(ctx context.Context) (*postgres, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	attr, uid, gid, err := attributes()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "quanze-postgres-")
	if err != nil {
		return nil, err
	}
	p := &postgres{folder: folder, ended: make(chan error, 1)}
	if err := errors.Join(os.Chown(folder, uid, gid), os.Chmod(folder, 0o700)); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	data := filepath.Join(folder, "data")
	initdb := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "--pgdata="+data, "--username=quanze", "--auth=trust",
		"--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
	initdb.Dir, initdb.SysProcAttr = folder, attr
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("initdb: %w: %s", err, out), os.RemoveAll(folder))
	}
	if p.port, err = freePort(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	p.run(bin, data, attr)
	if err := p.wait(ctx); err != nil {
		p.stop()
		return nil, err
	}
	return p, nil
}

// run starts the server from a thread that lives as long as it does: the signal
// of a parent's death is sent when the thread that forked it ends.
func (p *postgres) run(bin, data string, attr *syscall.SysProcAttr) {
	p.cmd = exec.Command(filepath.Join(bin, "postgres"), "-D", data, "-p", strconv.Itoa(p.port), "-k", p.folder,
		"-c", "listen_addresses=127.0.0.1", "-c", "max_connections=120", "-c", "shared_buffers=64MB", "-c", "timezone=UTC")
	p.cmd.Dir, p.cmd.SysProcAttr = p.folder, attr
	log, err := os.Create(filepath.Join(p.folder, "log"))
	if err == nil {
		p.cmd.Stdout, p.cmd.Stderr = log, log
	}
	started := make(chan struct{})
	go func() {
		runtime.LockOSThread()
		err := p.cmd.Start()
		close(started)
		if err == nil {
			err = p.cmd.Wait()
		}
		p.ended <- err
	}()
	<-started
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close() //nolint:errcheck // it listened to nobody
	return l.Addr().(*net.TCPAddr).Port, nil
}

func (p *postgres) address(database string) string {
	return (&url.URL{Scheme: "postgres", User: url.User("quanze"), Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(p.port)),
		Path: "/" + database, RawQuery: "sslmode=disable"}).String()
}

// wait returns once the server answers.
func (p *postgres) wait(ctx context.Context) error {
	db, err := sql.Open("pgx", p.address("postgres"))
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // it asked only
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(time.Minute)
	for {
		err := db.PingContext(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case end := <-p.ended:
			p.ended <- end
			log, _ := os.ReadFile(filepath.Join(p.folder, "log"))
			return fmt.Errorf("the server ended: %w: %s", errors.Join(end, err), log)
		case <-limit:
			return fmt.Errorf("the server does not answer: %w", err)
		}
	}
}

// create makes a database whose own collation is a language's, so that a text
// sorted without a word about it is found out.
func (p *postgres) create(ctx context.Context, name string) (string, error) {
	db, err := sql.Open("pgx", p.address("postgres"))
	if err != nil {
		return "", err
	}
	defer db.Close() //nolint:errcheck // it has committed
	_, err = db.ExecContext(ctx, `create database `+name+` template template0 locale_provider icu icu_locale 'zh' locale 'C.UTF-8'`)
	if err != nil {
		_, err = db.ExecContext(ctx, `create database `+name)
	}
	if err != nil {
		return "", fmt.Errorf("creating database %s: %w", name, err)
	}
	return p.address(name), nil
}

// stop ends the server and removes its folder.
func (p *postgres) stop() {
	if p.cmd.Process != nil {
		_ = p.cmd.Process.Signal(syscall.SIGINT) // fast shutdown
		select {
		case <-p.ended:
		case <-time.After(20 * time.Second):
			_ = p.cmd.Process.Kill()
			<-p.ended
		}
	}
	_ = os.RemoveAll(p.folder)
}
