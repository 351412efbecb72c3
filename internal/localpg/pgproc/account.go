package pgproc

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
	"time"
)

// Account is the operating system user that a server's processes run as:
// whoever runs this process, or, as PostgreSQL refuses to run as root, an
// unprivileged user that root becomes. It is a value and safe to share.
type Account struct {
	// Name is the user's name in the system's user database, empty where that
	// has no entry for UID.
	Name     string
	UID, GID int
	switched bool // this process is root and its children become UID
}

// AccountFor returns the account to run a server as.
//
// An ordinary user is always itself. Root becomes the owner of the folder
// existing, if that exists and is not root's own, so that root may work on a
// cluster that a user has made; otherwise the user postgres where there is
// one, otherwise nobody. (An invented uid would not do: initdb looks its user
// up and gives up where there is no entry.)
//
// It is an error if this process is root and the machine has neither user.
func AccountFor(existing string) (Account, error) {
	if uid := os.Geteuid(); uid != 0 {
		return accountOf(uid, os.Getegid(), false), nil
	}
	if uid, gid, ok := owner(existing); ok && uid != 0 {
		return accountOf(uid, gid, true), nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		// Not Atoi: macOS has nobody as -2, stored as 4294967294.
		uid, errUID := strconv.ParseInt(u.Uid, 10, 64)
		gid, errGID := strconv.ParseInt(u.Gid, 10, 64)
		if errUID != nil || errGID != nil || uid == 0 {
			continue
		}
		return Account{Name: u.Username, UID: int(uid), GID: int(gid), switched: true}, nil
	}
	return Account{}, errors.New("PostgreSQL does not run as root, and this machine has neither a user postgres nor a user nobody to run it as: run this as an ordinary user, or set DATABASE_URL")
}

func accountOf(uid, gid int, switched bool) Account {
	a := Account{UID: uid, GID: gid, switched: switched}
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		a.Name = u.Username
	}
	return a
}

// owner returns who owns path; ok is false where there is no such path.
func owner(path string) (uid, gid int, ok bool) {
	if path == "" {
		return 0, 0, false
	}
	info, err := os.Stat(path)
	if err != nil {
		return 0, 0, false
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, 0, false
	}
	return int(st.Uid), int(st.Gid), true
}

// Switched reports whether the account is another user than this process's.
func (a Account) Switched() bool { return a.switched }

// String returns the name of the user, or its number where it has none.
func (a Account) String() string {
	if a.Name != "" {
		return a.Name
	}
	return "uid " + strconv.Itoa(a.UID)
}

// Own makes the account the owner of the file or folder at path, but nothing that is in it.
// It does nothing where the account is this process's own. A symbolic link is
// changed itself, not followed.
func (a Account) Own(path string) error {
	if !a.switched {
		return nil
	}
	if err := os.Lchown(path, a.UID, a.GID); err != nil {
		return fmt.Errorf("giving %s to the user %s: %w", path, a, err)
	}
	return nil
}

// CanEnter returns nil if the account may enter the folder dir, that is, search
// it and every folder above it.
//
// It tries rather than reads permission bits, which say nothing of access
// lists, of mounts and of what a container forbids: a child becomes the user
// and changes into dir before it runs a program that does nothing.
func (a Account) CanEnter(ctx context.Context, dir string) error {
	cmd := a.command(ctx, dir, 0, "/bin/sh", "-c", ":")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("entering %s as %s: %w%s", dir, a, err, detail(out))
	}
	return nil
}

// command makes a command of the account's, in the working directory dir.
//
// The working directory is always given, as the one that we have may be closed
// to the account, and initdb does not run where it can't tell its own. With
// group 0 the process leads a session of its own, so that the terminal's Ctrl-C
// reaches only us and we stop the server in our own time; otherwise it joins
// the process group (which is not the terminal's either).
func (a Account) command(ctx context.Context, dir string, group int, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = environment()
	// A grandchild that holds the output pipe must not hold us.
	cmd.WaitDelay = 5 * time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: group == 0, Setpgid: group != 0, Pgid: group}
	if a.switched {
		cmd.SysProcAttr.Credential = &syscall.Credential{
			Uid: uint32(a.UID),
			Gid: uint32(a.GID),
		}
	}
	return cmd
}

// environment returns what the server's programs may see of our environment:
// what they need to be found and loaded. All else stays out: PG* and locale
// variables would change how the server behaves, NOTIFY_SOCKET would make it
// report to systemd in our place, and the rest may hold secrets.
func environment() []string {
	env := []string{"LC_ALL=C", "TZ=UTC"}
	for _, key := range []string{"PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"} {
		if v, ok := os.LookupEnv(key); ok {
			env = append(env, key+"="+v)
		}
	}
	return env
}
