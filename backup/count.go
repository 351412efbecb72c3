package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/localpg/pgproc"
)

// count is pg_restore at work on a dump while that is written, to see what it
// holds.
type count struct {
	feed *os.File
	done chan error
	said map[string]int
}

// startCount starts it. Whoever does so asks for its rows, whatever happens.
func startCount(ctx context.Context, programs pgproc.Programs) (*count, error) {
	dump, feed, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	widen(feed)
	sql, out := io.Pipe()
	c := &count{feed: feed, done: make(chan error, 2)}
	go func() {
		err := run(ctx, program{filepath.Join(programs.Dir, "pg_restore"), []string{"--format=custom", "--data-only", "--file=-"}, nil, dump, out})
		_ = dump.Close() // pg_dump need not go on
		_ = out.Close()  // its reader sees the end
		c.done <- err
	}()
	go func() {
		rows, err := countLines(sql)
		_ = sql.CloseWithError(err) // pg_restore need not go on
		c.said = rows
		c.done <- err
	}()
	return c, nil
}

// Write hands a part of the dump over.
func (c *count) Write(p []byte) (int, error) {
	n, err := c.feed.Write(p)
	if err != nil {
		err = fmt.Errorf("pg_restore cannot read the dump: %w", err)
	}
	return n, err
}

// rows waits for the end and returns the number of rows by table.
func (c *count) rows() (map[string]int, error) {
	_ = c.feed.Close() // pg_restore sees the end
	err := errors.Join(<-c.done, <-c.done)
	return c.said, err
}

// sameRows fails where a table has not the rows in the dump that it has in the
// database.
func sameRows(want, got map[string]int) error {
	if len(want) == 0 {
		return &catalog.Error{Kind: catalog.KindInvalid, Zh: "数据库中没有 jisi 的表，没有可备份的内容", En: "the database has no tables of jisi's: there is nothing to back up"}
	}
	for _, table := range slices.Sorted(maps.Keys(want)) {
		if got[table] != want[table] {
			return &catalog.Error{
				Kind: catalog.KindInternal, Err: fmt.Errorf("table %s: %d rows in the backup, %d in the database", table, got[table], want[table]),
				Zh: "备份与数据库不符，备份没有成功：请检查这个用户能否读到全部的行", En: "the backup has not what the database has, and failed: check that its user may read all rows",
			}
		}
	}
	return nil
}
