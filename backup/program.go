package backup

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
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

// run runs a program to its end. Its error is what it said last on standard
// error.
func run(ctx context.Context, p program) error {
	c := exec.CommandContext(ctx, p.path, p.args...) //nolint:gosec // to run PostgreSQL's programs is what it is for
	c.Env = append(os.Environ(), append(p.environment, "PGCONNECT_TIMEOUT=10", "LC_MESSAGES=C", "PGAPPNAME=jisi backup")...)
	c.Stdin, c.Stdout = p.in, p.out
	c.WaitDelay = time.Second // after it was ended, for what it still says
	said := &tail{}
	c.Stderr = said
	if err := c.Run(); err != nil {
		return &catalog.Error{
			Kind: catalog.KindUnavailable,
			Zh:   filepath.Base(p.path) + " 没有成功", En: filepath.Base(p.path) + " failed", Err: fmt.Errorf("%w: %s", err, said),
		}
	}
	return nil
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

// passwordPattern is the password in a connection string of the form key=value.
var passwordPattern = regexp.MustCompile(`(?i)(^|\s)password\s*=\s*('(?:[^'\\]|\\.)*'|[^'\s]\S*)`)

// withoutPassword takes the password out of an address of a database and returns
// it as a variable: everybody on the machine may read another's arguments.
func withoutPassword(address string) (string, []string) {
	if strings.Contains(address, "://") {
		u, err := url.Parse(address)
		if err != nil {
			return address, nil
		}
		query := u.Query()
		password, given := u.User.Password()
		if p := query.Get("password"); p != "" {
			password, given = p, true
			query.Del("password")
			u.RawQuery = query.Encode()
		}
		if !given {
			return address, nil
		}
		if u.User != nil {
			u.User = url.User(u.User.Username())
		}
		return u.String(), []string{"PGPASSWORD=" + password}
	}
	found := passwordPattern.FindStringSubmatch(address)
	if found == nil {
		return address, nil
	}
	password := found[2]
	if strings.HasPrefix(password, "'") {
		password = regexp.MustCompile(`\\(.)`).ReplaceAllString(password[1:len(password)-1], "$1")
	}
	return strings.TrimSpace(passwordPattern.ReplaceAllString(address, "$1")), []string{"PGPASSWORD=" + password}
}
