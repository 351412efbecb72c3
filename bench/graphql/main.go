// Command graphql measures jisi's read API beside what a user would pick
// instead, over one database and in one run, taking turns: a handler that sends
// one hand-written statement, GraphJin, PostGraphile 5 and 4. Before anything is
// timed, every answer must say the same as the hand-written statement's.
// README.md tells how to run it, and what came of it.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// setup is what the run is told.
type setup struct {
	database, jisi, jisiData, others, node, postgraphile string
	only, question                                       string
	clients, rounds                                      int
	time                                                 time.Duration
}

func main() {
	var s setup
	flag.StringVar(&s.database, "database", "", "URL of a PostgreSQL database that jisi import and prepare.sql have filled")
	flag.StringVar(&s.jisi, "jisi", "bin/jisi", "the binary")
	flag.StringVar(&s.jisiData, "jisi-data", "", "directory for its index, kept from run to run")
	flag.StringVar(&s.others, "others", "", "the binary built of _others")
	flag.StringVar(&s.node, "node", "node", "Node, 22 or later")
	flag.StringVar(&s.postgraphile, "postgraphile", "bench/graphql/_postgraphile", "where v4 and v5 have been installed")
	flag.StringVar(&s.only, "only", "", "contenders to measure, with commas; all where empty")
	flag.StringVar(&s.question, "question", "", "the one question to ask: case, filtered, deep or nested; all where empty")
	flag.IntVar(&s.clients, "clients", 32, "how many ask at a time")
	flag.IntVar(&s.rounds, "rounds", 3, "how many turns each contender has at each question")
	flag.DurationVar(&s.time, "time", 2*time.Second, "how long a turn takes")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, s); err != nil {
		log.Fatal(err)
	}
}

// heading is that of the README's table.
const heading = `| question | | server | requests/s | p50 ms | p99 ms | CPU µs a request | of that PostgreSQL |
|---|---|---|---:|---:|---:|---:|---:|`

func run(ctx context.Context, s setup) error {
	d, err := readData(ctx, s.database)
	if err != nil {
		return err
	}
	contenders, err := s.startAll(ctx)
	for _, c := range contenders {
		defer c.stop()
	}
	if err != nil {
		return err
	}
	postmaster, err := postmaster(ctx, s.database)
	if err != nil {
		return err
	}
	for _, c := range contenders {
		c.quiet(ctx)
	}
	fmt.Printf("%d cases, %d clients, %d turns of %v\n\n%s\n", d.cases, s.clients, s.rounds, s.time, heading)
	for _, q := range questions(d) {
		if s.question != "" && q.name != s.question {
			continue
		}
		if err := positions(&q, d, contenders); err != nil {
			return err
		}
		if err := verify(&q, contenders); err != nil {
			return err
		}
		for _, hot := range []bool{false, true} {
			if err := s.measure(ctx, &q, hot, contenders, postmaster); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s setup) startAll(ctx context.Context) ([]*contender, error) {
	var all []*contender
	url := "DATABASE_URL=" + s.database
	pool := "JISI_DATABASE_CONNS=8"
	for _, c := range []struct {
		name, dir string
		env       []string
		command   []string
	}{
		{plain, "", []string{url}, []string{s.others, "plain"}},
		{jisi, "", []string{url, pool, "JISI_RESPONSE_CACHE=0"}, []string{s.jisi, "serve", "-listen", "127.0.0.1:0", "-data-dir", s.jisiData + "-cold"}},
		{jisiHot, "", []string{url, pool}, []string{s.jisi, "serve", "-listen", "127.0.0.1:0", "-data-dir", s.jisiData + "-hot"}},
		{graphjin, "", []string{url}, []string{s.others, "graphjin"}},
		{pg5, filepath.Join(s.postgraphile, "v5"), []string{url, "NODE_ENV=production", "GRAPHILE_ENV=production"}, []string{s.node, "server.mjs"}},
		{pg4, filepath.Join(s.postgraphile, "v4"), []string{url, "NODE_ENV=production"}, []string{s.node, "server.js"}},
	} {
		if s.only != "" && !slices.Contains(strings.Split(s.only, ","), c.name) {
			continue
		}
		started, err := start(ctx, c.name, c.env, c.dir, c.command...)
		if err != nil {
			return all, err
		}
		all = append(all, started)
	}
	return all, nil
}

// postmaster returns the process id of the database's first process.
func postmaster(ctx context.Context, url string) (int, error) {
	out, err := exec.CommandContext(ctx, "psql", url, "-AtqXc", `SELECT split_part(pg_read_file('postmaster.pid'), E'\n', 1)`).Output() //nolint:gosec // the user's own database
	if err != nil {
		return 0, fmt.Errorf("postmaster: %w", err)
	}
	return strconv.Atoi(strings.TrimSpace(string(out)))
}

// positions returns PostGraphile's cursors for the deep page: that of the last
// record before each date.
func positions(q *question, d *data, contenders []*contender) error {
	if q.name != "deep" {
		return nil
	}
	for _, c := range contenders {
		id, ok := map[string]string{pg5: "ROW_ID_DESC", pg4: "ID_DESC"}[c.name]
		if !ok {
			continue
		}
		for _, date := range d.dates {
			cursor, err := postgraphileCursor(c, id, d.before[date])
			if err != nil {
				return err
			}
			q.variables[c.name] = append(q.variables[c.name], object{"after": cursor})
		}
	}
	return nil
}

// verify asks everybody everything, and wants what the hand-written statement
// says.
func verify(q *question, contenders []*contender) error {
	var want []any
	for _, c := range contenders {
		bodies, err := q.requests(c.name)
		if err != nil {
			return err
		}
		if want == nil {
			want = make([]any, len(bodies))
		}
		if len(bodies) != len(want) {
			return fmt.Errorf("%s: %s has %d variants, others %d", q.name, c.name, len(bodies), len(want))
		}
		for i, body := range bodies {
			answer, err := c.ask(body)
			if err != nil {
				return err
			}
			got, err := content(answer)
			if err != nil {
				return fmt.Errorf("%s %d: %s: %w", q.name, i, c.name, err)
			}
			if want[i] == nil {
				want[i] = got
			}
			if !same(want[i], got) {
				return fmt.Errorf("%s %d: %s says\n%.300s\nnot\n%.300s", q.name, i, c.name, fmt.Sprint(got), fmt.Sprint(want[i]))
			}
		}
	}
	return nil
}

// measure lets the contenders take turns at a question, hot the same variant
// again and again, cold one after the other, and prints a row for each.
func (s setup) measure(ctx context.Context, q *question, hot bool, contenders []*contender, postmaster int) error {
	sums := make([]sum, len(contenders))
	for range s.rounds {
		for i, c := range contenders {
			if c.name == jisiHot && !hot || c.name == jisi && hot {
				continue
			}
			bodies, err := q.requests(c.name)
			if err != nil {
				return err
			}
			if hot {
				bodies = bodies[:1]
			}
			if err := sums[i].add(ctx, c, bodies, s, postmaster); err != nil {
				return err
			}
		}
	}
	for i, c := range contenders {
		if len(sums[i].took) > 0 {
			fmt.Println(sums[i].row(q.name, map[bool]string{false: "cold", true: "hot"}[hot], c.name))
		}
	}
	return nil
}
