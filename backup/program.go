package backup

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// program is one of PostgreSQL's, with what it is given.
type program struct {
	path        string
	args        []string
	environment []string // besides this process's own
	in          io.Reader
	out         io.Writer
}

// run runs a program to its end, and returns when all that it wrote has been taken,
// however long that takes after it has ended: psql may be making an index meanwhile.
// Its error is what it said last on standard error.
func run(ctx context.Context, p program) error {
	c := exec.CommandContext(ctx, p.path, p.args...) //nolint:gosec // to run PostgreSQL's programs is what it is for
	c.Env = append(os.Environ(), append(p.environment, "PGCONNECT_TIMEOUT=10", "LC_MESSAGES=C", "PGAPPNAME=jisi backup")...)
	c.Stdin = p.in
	// Interrupted, psql has the server break off what it does, which would otherwise go
	// on, with its locks, after psql has gone.
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
	c.WaitDelay = 2 * time.Second // then it is killed
	said := &tail{}
	c.Stderr = said
	if err := output(c, p.out); err != nil {
		return &catalog.Error{
			Kind: catalog.KindUnavailable,
			Zh:   filepath.Base(p.path) + " 没有成功", En: filepath.Base(p.path) + " failed", Err: fmt.Errorf("%w: %s", err, said),
		}
	}
	return nil
}

// output runs the program and writes what it writes. It is not left to exec, which
// waits WaitDelay only for what is still on its way when the program has ended.
func output(c *exec.Cmd, to io.Writer) error {
	if to == nil {
		return c.Run()
	}
	out, err := c.StdoutPipe()
	if err != nil {
		return err
	}
	if err := c.Start(); err != nil {
		return err
	}
	written := copyAtLeisure(to, out)
	_ = out.Close() // where it could not be written, the program need not go on
	if err := c.Wait(); err != nil {
		return err
	}
	return written
}

// pipeSize is what a pipe of ours holds, in bytes: the most that Linux gives to everybody.
const pipeSize = 1 << 20

// widen has a pipe hold pipeSize. Where the system has no such thing, it holds what it did.
func widen(pipe *os.File) {
	const setPipeSize = 1031 // F_SETPIPE_SZ of Linux
	raw, err := pipe.SyscallConn()
	if err == nil {
		_ = raw.Control(func(fd uintptr) { _, _, _ = syscall.Syscall(syscall.SYS_FCNTL, fd, setPipeSize, pipeSize) })
	}
}

// copyAtLeisure copies what a program writes, in large parts. PostgreSQL's programs write
// 4 KiB at a time, and to wake up for each took as long as to do something about it: what
// comes in little is let to gather for a moment.
func copyAtLeisure(to io.Writer, from io.ReadCloser) error {
	if pipe, ok := from.(*os.File); ok {
		widen(pipe)
	}
	buffer := make([]byte, pipeSize)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				return err
			}
		}
		switch {
		case err == io.EOF: //nolint:errorlint // a reader's own end
			return nil
		case err != nil:
			return err
		case n < pipeSize/8:
			time.Sleep(time.Millisecond)
		}
	}
}

// tail keeps the end of what is written to it.
type tail struct{ b bytes.Buffer }

const maxTail = 2000

// Write keeps p's end.
func (t *tail) Write(p []byte) (int, error) {
	t.b.Write(p)
	if t.b.Len() > maxTail {
		t.b.Next(t.b.Len() - maxTail)
	}
	return len(p), nil
}

// String returns it in one line.
func (t *tail) String() string { return strings.Join(strings.Fields(t.b.String()), " ") }
