package pgproc

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Port is the port number in the name of a server's socket file; nothing
// listens on the network.
const Port = 5432

// Superuser is the database role that Initdb makes.
const Superuser = "jisi"

// Runner runs the programs of a server as an account.
type Runner struct {
	Programs Programs
	Account  Account
	// Dir is the processes' working directory, which the account must be able
	// to enter.
	Dir string
	// Group, if not 0, is a process group for the processes to join. With 0
	// each leads a session of its own.
	Group int
	// Held, if not nil, is inherited by every process that a program starts
	// here, and by their children: a lock on it is held until the last of them
	// has gone, however it went.
	Held *os.File
}

// Initdb makes a new cluster in the folder data, which must be empty or absent
// below a folder that the account may write to. The cluster has UTF-8 databases
// in the collation C, which sorts by code point, fast and everywhere alike, and
// the character classes of C.UTF-8 where the machine has them. Its superuser is
// Superuser, let in over the unix socket without a password.
//
// With sync its files are on disk when Initdb returns.
func (r Runner) Initdb(ctx context.Context, data string, sync bool) error {
	if r.Account.Name == "" {
		return fmt.Errorf("%s has no entry in the system's user database, and PostgreSQL's initdb refuses to work for such a user: run this under a named user, or set DATABASE_URL", r.Account)
	}
	args := []string{
		"-D", data, "-U", Superuser, "-E", "UTF8", "--locale=C",
		// The folder above lets nobody else to the socket; see localpg.
		"--auth-local=trust", "--auth-host=reject",
		"--no-instructions",
		// initdb's own waiting for the disk comes file by file while it works;
		// -S at the end is several times faster.
		"-N",
	}
	// With the classes of plain C, upper() and trigrams know ASCII letters only.
	err := r.initdb(ctx, append(slices.Clone(args), "--lc-ctype=C.UTF-8")...)
	if err != nil && ctx.Err() == nil && strings.Contains(err.Error(), "invalid locale") {
		err = r.initdb(ctx, args...)
	}
	if err == nil && sync {
		err = r.initdb(ctx, "-S", "-D", data)
	}
	if err != nil {
		return fmt.Errorf("making a cluster in %s as %s: %w", data, r.Account, err)
	}
	return nil
}

func (r Runner) initdb(ctx context.Context, args ...string) error {
	cmd := r.command(ctx, "initdb", args...)
	var complaints bytes.Buffer // the other output tells of progress
	cmd.Stderr = &complaints
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("initdb: %w%s", err, detail(complaints.Bytes()))
	}
	return nil
}

// Postgres starts the server on the cluster in data with a socket in the folder
// sockets, and returns its process without waiting until it is ready. Settings
// are added to those that keep the server off the network. What the server
// says goes to log, which must be a file: a pipe would end with us and the
// server with it. The caller waits for the process, or releases it.
func (r Runner) Postgres(data, sockets string, settings map[string]string, log *os.File) (*os.Process, error) {
	all := maps.Clone(settings)
	if all == nil {
		all = map[string]string{}
	}
	all["listen_addresses"] = ""
	all["unix_socket_directories"] = quoteList(sockets)
	all["unix_socket_permissions"] = "0700"
	all["port"] = strconv.Itoa(Port)
	args := []string{"-D", data}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		args = append(args, "-c", name+"="+all[name])
	}
	// Not the caller's context: the server outlives the call.
	cmd := r.command(context.Background(), "postgres", args...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s on %s: %w", cmd.Path, data, err)
	}
	return cmd.Process, nil
}

func (r Runner) command(ctx context.Context, program string, args ...string) *exec.Cmd {
	cmd := r.Account.command(ctx, r.Dir, r.Group, filepath.Join(r.Programs.Dir, program), args...)
	if r.Held != nil {
		cmd.ExtraFiles = []*os.File{r.Held}
	}
	return cmd
}

// quoteList quotes one element of a setting that is a comma separated list, so
// that a comma or a blank in a folder's name is one.
func quoteList(element string) string {
	return `"` + strings.ReplaceAll(element, `"`, `""`) + `"`
}

// detail returns the end of a program's output for an error's text.
func detail(out []byte) string {
	const most = 2000
	out = bytes.TrimSpace(out)
	if len(out) == 0 {
		return ""
	}
	if len(out) > most {
		out = out[len(out)-most:]
	}
	return ": " + strings.ReplaceAll(string(out), "\n", "; ")
}

// LogTail returns the last lines that the server wrote to the log at path, at
// most limit bytes, on one line; empty if there is none.
func LogTail(path string, limit int64) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.Size() > limit {
		if _, err := f.Seek(-limit, 2); err != nil {
			return ""
		}
	}
	buf := make([]byte, limit)
	n, err := f.Read(buf)
	if err != nil && !errors.Is(err, os.ErrClosed) && n == 0 {
		return ""
	}
	return strings.ReplaceAll(strings.TrimSpace(string(buf[:n])), "\n", "; ")
}

// URL returns the connection string of a database on the server whose socket is
// in the folder sockets, in the form that libpq and pgx both read.
func URL(sockets, database string) string {
	q := url.Values{"host": {sockets}, "port": {strconv.Itoa(Port)}, "user": {Superuser}, "sslmode": {"disable"}}
	// libpq reads a + as itself, not as a blank.
	return "postgres:///" + url.PathEscape(database) + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}
