package backup

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/localpg/pgproc"
)

// Source is a database as a backup of it is made. Freeze calls f with the
// database as it is at one moment, which pg_dump can see while f runs.
type Source interface {
	Freeze(ctx context.Context, f func(catalog.Frozen) error) error
}

// Options say what is backed up.
type Options struct {
	URL     string // of the database
	Version string // of jisi, for the manifest
	// LeaveOut are the tables whose rows are left out; Source's counts leave
	// them out as well.
	LeaveOut []string
}

// Write writes a backup of the whole database as it is at one moment to w, in
// constant memory, while others may go on to write. It fails where pg_dump is not
// there, or does, and where what it wrote has not the rows that the tables have;
// what w got is of no use then.
func Write(ctx context.Context, w io.Writer, from Source, o Options) (*Manifest, error) {
	var m *Manifest
	err := from.Freeze(ctx, func(frozen catalog.Frozen) error {
		programs, err := pgproc.FindClients(ctx, frozen.Server, "pg_dump", "pg_restore")
		if err != nil {
			return err
		}
		m = &Manifest{
			Format: format, Jisi: o.Version, At: time.Now().UTC().Truncate(time.Second),
			Schema: frozen.Schema, Namespace: frozen.Namespace, Server: frozen.Server, Program: programs.Major, Rows: frozen.Rows,
		}
		return write(ctx, w, m, programs, frozen, o)
	})
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	return m, nil
}

// compression leaves packing to the ZIP, which does it on all processors, and faster. One
// of pg_dump, at its fastest, would be half of what a backup costs.
const compression = "--compress=0"

func write(ctx context.Context, w io.Writer, m *Manifest, programs pgproc.Programs, frozen catalog.Frozen, o Options) error {
	file := &counter{to: w}
	z := zip.NewWriter(file)
	z.RegisterCompressor(zip.Deflate, newDeflater)
	entry, err := z.CreateHeader(&zip.FileHeader{Name: dumpName, Method: zip.Deflate, Modified: m.At})
	if err != nil {
		return err
	}
	sum := sha256.New()
	database, environment := connection(o.URL)
	args := []string{"--format=custom", compression, "--no-owner", "--no-privileges", "--schema=" + pattern(m.Namespace), "--snapshot=" + frozen.Snapshot, "--dbname=" + database}
	for _, table := range o.LeaveOut {
		args = append(args, "--exclude-table-data="+pattern(m.Namespace)+"."+pattern(table))
	}
	for _, other := range frozen.Others {
		args = append(args, "--exclude-table="+pattern(m.Namespace)+"."+pattern(other))
	}
	check, err := startCount(ctx, programs)
	if err != nil {
		return err
	}
	counted := &counter{to: io.MultiWriter(entry, sum, check)}
	err = run(ctx, program{filepath.Join(programs.Dir, "pg_dump"), args, environment, nil, counted})
	rows, countErr := check.rows()
	if err != nil {
		return err
	}
	if countErr != nil {
		return countErr
	}
	if err := sameRows(m.Rows, rows); err != nil {
		return err
	}
	m.Bytes, m.SHA256 = counted.n, hex.EncodeToString(sum.Sum(nil))
	manifest, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if entry, err = z.CreateHeader(&zip.FileHeader{Name: manifestName, Method: zip.Deflate, Modified: m.At}); err != nil {
		return err
	}
	if _, err := entry.Write(manifest); err != nil {
		return err
	}
	err = z.Close()
	m.Size = file.n
	return err
}

type counter struct {
	to io.Writer
	n  int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	c.n += int64(n)
	return n, err
}

// Restore puts what the backup holds in the place of what a jisi has made on the
// ground, in one transaction: broken off at whatever moment, the database is what
// it was. Nothing else in the database is touched, and where something else uses
// what would go, it fails with CONFLICT. The rows are counted before it ends. The
// feed of changes begins anew, by which every index learns that it has to be built
// anew. Whoever reads or writes meanwhile waits.
func (f *File) Restore(ctx context.Context, url string, g *catalog.Ground) error {
	programs, err := pgproc.FindClients(ctx, max(f.Manifest.Program, g.Server), "pg_restore", "psql")
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	dump, err := f.dump.Open()
	if err != nil {
		return damaged(err)
	}
	defer dump.Close()
	if err := f.load(ctx, programs, url, g, dump); err != nil {
		return fmt.Errorf("restore: %w", usedByOthers(err))
	}
	return nil
}

// usedByOthers returns the error of a DROP that was refused, as something that is
// not jisi's hangs on it, a sentence.
func usedByOthers(err error) error {
	if !strings.Contains(err.Error(), "because other objects depend on") {
		return err
	}
	return &catalog.Error{
		Kind: catalog.KindConflict, Err: err,
		Zh: "数据库中有别的程序的视图或对象引用 jisi 的表，没有恢复：请先删除它们，或恢复到另一个库",
		En: "views or other objects that are not jisi's use its tables, and nothing was restored: remove them first, or restore into another database",
	}
}

// load has pg_restore write the dump as SQL, and psql run that with what goes
// before and after, as one transaction. psql's input ends only where pg_restore
// has come to its end: what psql has of a part, it never commits.
func (f *File) load(ctx context.Context, programs pgproc.Programs, url string, g *catalog.Ground, dump io.Reader) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	database, environment := connection(url)
	// A pipe of the system's, of which this process keeps an end open: psql sees
	// the end of its input when all have closed theirs.
	script, input, err := os.Pipe()
	if err != nil {
		return err
	}
	defer input.Close()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, program{filepath.Join(programs.Dir, "psql"), []string{
			"--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--dbname=" + database,
			"--command=SET client_min_messages = warning; " + g.Clear, "--file=-", "--command=" + f.after(g.Namespace) + g.Keep,
		}, environment, script, io.Discard})
		ended <- err       // before pg_restore can meet it
		_ = script.Close() // pg_restore need not go on
	}()
	err = run(ctx, program{filepath.Join(programs.Dir, "pg_restore"), []string{
		"--format=custom", "--no-owner", "--no-privileges", "--exit-on-error", "--schema=" + f.Manifest.namespace(), "--file=-",
	}, nil, dump, moved(input, f.Manifest.namespace(), g.Namespace)})
	if err == nil {
		err = input.Close() // psql sees the end
		return errors.Join(err, <-ended)
	}
	select {
	case loading := <-ended: // psql gave up first, and pg_restore for that
		return loading
	default:
	}
	cancel() // before psql sees an end of its input
	<-ended  //nolint:errcheck // err says it better
	return err
}

// after counts what has come, and begins another feed of changes.
func (f *File) after(namespace string) string {
	in := quoted(namespace)
	var b strings.Builder
	b.WriteString("DO $check$ BEGIN\n")
	for _, table := range slices.Sorted(maps.Keys(f.Manifest.Rows)) { // check has seen that these are plain names
		fmt.Fprintf(&b, "IF (SELECT count(*) FROM %s.%s) <> %d THEN RAISE EXCEPTION 'table %s has not %d rows'; END IF;\n", in, table, f.Manifest.Rows[table], table, f.Manifest.Rows[table])
	}
	b.WriteString("END $check$;\n")
	fmt.Fprintf(&b, "DO $feed$ BEGIN IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('%s.outbox_horizon') AND attname = 'feed') THEN\n"+
		"UPDATE %s.outbox_horizon SET feed = gen_random_uuid()::text, xid = '0', seq = 0; END IF; END $feed$;", strings.ReplaceAll(in, "'", "''"), in)
	return b.String()
}
