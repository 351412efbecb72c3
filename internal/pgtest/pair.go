package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/internal/localpg/pgproc"
)

// Node is a server of a pair.
type Node struct {
	t       testing.TB
	c       *cluster
	runner  pgproc.Runner
	follows string // the folder of whom it is a standby of, "" for a primary
}

// Pair is a primary and a standby that follows it without the primary's waiting,
// both of which end with the test. Their database is postgres.
type Pair struct{ Primary, Standby *Node }

// NewPair makes a pair, whose database migrate has prepared.
func NewPair(t testing.TB, migrate func(ctx context.Context, url string) error) *Pair {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	p := &Pair{newNode(ctx, t), newNode(ctx, t)}
	must := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("pgtest: %s: %v", what, err)
		}
	}
	must("a cluster", p.Primary.runner.Initdb(ctx, p.Primary.data(), false))
	p.Primary.Start()
	must("migrating", migrate(ctx, p.Primary.URL()))
	p.Primary.stop(syscall.SIGINT) // so that a copy of its files is a whole one
	out, err := exec.CommandContext(ctx, "cp", "-a", p.Primary.data(), p.Standby.data()).CombinedOutput()
	must("copying "+string(out), err)
	signal := filepath.Join(p.Standby.data(), "standby.signal")
	must("a standby", errors.Join(os.WriteFile(signal, nil, 0o600), p.Standby.runner.Account.Own(signal)))
	p.Standby.follows = p.Primary.c.dir
	p.Primary.Start()
	p.Standby.Start()
	return p
}

func newNode(ctx context.Context, t testing.TB) *Node {
	t.Helper()
	account, err := pgproc.AccountFor("")
	if err != nil {
		t.Fatal(err)
	}
	programs, err := pgproc.Find(ctx, account, pgproc.Query{})
	if err != nil {
		t.Fatal(err)
	}
	dir, err := tempDir(ctx, account)
	if err != nil {
		t.Fatal(err)
	}
	n := &Node{t: t, c: &cluster{dir: dir}}
	if err := n.c.keep(); err != nil {
		t.Fatal(errors.Join(err, os.RemoveAll(dir)))
	}
	t.Cleanup(func() {
		if err := n.c.stop(); err != nil {
			t.Errorf("pgtest: %v", err)
		}
	})
	n.runner = pgproc.Runner{Programs: programs, Account: account, Dir: dir, Group: n.c.keeper.Process.Pid}
	return n
}

func (n *Node) data() string { return filepath.Join(n.c.dir, "data") }

// URL returns the address of the node's database.
func (n *Node) URL() string { return n.c.url("postgres") }

// URL returns the address of the pair's database, the primary's first.
func (p *Pair) URL() string {
	first := url.QueryEscape(p.Primary.c.dir)
	return strings.Replace(p.Primary.URL(), first, first+url.QueryEscape(","+p.Standby.c.dir), 1)
}

// Start starts the node, and returns when it takes connections.
func (n *Node) Start() {
	n.t.Helper()
	all := settings()
	all["wal_level"], all["max_wal_senders"], all["hot_standby"], all["autovacuum"] = "replica", "4", "on", "off"
	all["wal_keep_size"], all["synchronous_commit"] = "256MB", "on" // which waits for who is in synchronous_standby_names
	if n.follows != "" {
		all["primary_conninfo"] = "host=" + n.follows + " port=5432 user=" + pgproc.Superuser
	}
	log, err := os.Create(filepath.Join(n.c.dir, "log"))
	if err != nil {
		n.t.Fatal(err)
	}
	defer log.Close()
	if n.c.server, err = n.runner.Postgres(n.data(), n.c.dir, all, log); err != nil {
		n.t.Fatalf("pgtest: %v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := n.c.wait(ctx, log.Name()); err != nil {
		n.t.Fatalf("pgtest: %v", err)
	}
}

// Kill ends all of the node's processes at once, as a power cut does.
func (n *Node) Kill() {
	n.t.Helper()
	out, err := exec.Command("pkill", "-KILL", "-P", fmt.Sprint(n.c.server.Pid)).CombinedOutput() //nolint:noctx // it is over at once
	if err != nil && len(strings.TrimSpace(string(out))) > 0 {
		n.t.Fatalf("pgtest: killing: %v: %s", err, out)
	}
	n.stop(syscall.SIGKILL)
}

// stop ends the node by a signal and waits until it has ended.
func (n *Node) stop(signal syscall.Signal) {
	n.t.Helper()
	if err := n.c.server.Signal(signal); err != nil {
		n.t.Fatalf("pgtest: %v", err)
	}
	if _, err := n.c.server.Wait(); err != nil {
		n.t.Fatalf("pgtest: %v", err)
	}
	n.c.server = nil
}

// Promote makes a standby the primary, and returns when it takes writes.
func (n *Node) Promote() {
	n.t.Helper()
	n.Exec(`SELECT pg_promote()`)
	n.follows = ""
}

// Exec runs a statement on the node.
func (n *Node) Exec(sql string) {
	n.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, n.URL())
	if err != nil {
		n.t.Fatalf("pgtest: %v", err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, sql); err != nil {
		n.t.Fatalf("pgtest: %s: %v", sql, err)
	}
}
