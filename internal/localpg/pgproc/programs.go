package pgproc

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// MinMajor is the oldest major version of PostgreSQL that is taken.
const MinMajor = 15

// ErrNotFound is wrapped by the error of Find where the machine has no fitting
// programs.
var ErrNotFound = errors.New("no PostgreSQL server programs")

// Programs is a folder with the programs of one PostgreSQL server: initdb and
// postgres.
type Programs struct {
	Dir   string // absolute, symbolic links resolved
	Major int    // major version, e.g. 15
}

// Query says which programs Find looks for. Its zero value takes any version
// from MinMajor on, from anywhere.
type Query struct {
	// Places are the folders to look into, first of all first; nil means those
	// of this machine.
	Places []string
	// Major, if set, is the only major version to take: a data folder works
	// with the programs of the version that made it, and no other.
	Major int
	// Extra are folders to look into after all others.
	Extra []string
}

// Find returns the first fitting programs that the account can run. Without
// Places it looks, in this order, into the folders of PATH, the one that
// pg_config names, and those where systems put them, newest version first. Its error wraps ErrNotFound, and says
// in one sentence what was missing and what to do.
func Find(ctx context.Context, a Account, q Query) (Programs, error) {
	places := q.Places
	if places == nil {
		places = machinePlaces(ctx)
	}
	seen := map[string]bool{}
	var refused []string
	for _, dir := range slices.Concat(places, q.Extra) {
		p, err := inspect(ctx, a, dir)
		if err != nil || seen[p.Dir] {
			continue
		}
		seen[p.Dir] = true
		if p.Major == q.Major || q.Major == 0 && p.Major >= MinMajor {
			return p, nil
		}
		refused = append(refused, fmt.Sprintf("version %d in %s", p.Major, p.Dir))
	}
	return Programs{}, notFound(q, refused)
}

// inspect returns the programs in dir if they are there and the account can run
// them.
func inspect(ctx context.Context, a Account, dir string) (Programs, error) {
	// Debian's and Homebrew's links in PATH lead to a folder that has all the
	// programs and, beside it, what they need.
	initdb, err := filepath.EvalSymlinks(filepath.Join(dir, "initdb"))
	if err != nil {
		return Programs{}, err
	}
	if initdb, err = filepath.Abs(initdb); err != nil {
		return Programs{}, err
	}
	p := Programs{Dir: filepath.Dir(initdb)}
	for _, name := range []string{"initdb", "postgres"} {
		out, err := a.command(ctx, "/", 0, filepath.Join(p.Dir, name), "--version").Output()
		if err != nil {
			return Programs{}, fmt.Errorf("running %s --version: %w", filepath.Join(p.Dir, name), err)
		}
		if p.Major, err = major(string(out)); err != nil {
			return Programs{}, err
		}
	}
	return p, nil
}

var versionPattern = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// major reads the major version from what a program says to --version.
func major(said string) (int, error) {
	m := versionPattern.FindStringSubmatch(said)
	if m == nil {
		return 0, fmt.Errorf("no version of PostgreSQL in %q", said)
	}
	return strconv.Atoi(m[1])
}

// machinePlaces lists the folders that may have the programs, best first.
func machinePlaces(ctx context.Context) []string {
	dirs := filepath.SplitList(os.Getenv("PATH"))
	if out, err := exec.CommandContext(ctx, "pg_config", "--bindir").Output(); err == nil {
		dirs = append(dirs, strings.TrimSpace(string(out)))
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin",                          // Debian, Ubuntu
		"/usr/pgsql-*/bin",                                   // the PostgreSQL project's RPMs
		"/usr/libexec/postgresql*",                           // Alpine
		"/opt/homebrew/opt/postgresql*/bin",                  // Homebrew on ARM
		"/usr/local/opt/postgresql*/bin",                     // Homebrew on Intel
		"/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",     // Homebrew on Linux
		"/opt/local/lib/postgresql*/bin",                     // MacPorts
		"/Applications/Postgres.app/Contents/Versions/*/bin", // Postgres.app
		"/Library/PostgreSQL/*/bin", "/opt/PostgreSQL/*/bin", // EDB
		"/usr/local/pgsql/bin", "/usr/local/bin", "/usr/bin", // from source, and a bare PATH
	} {
		dirs = append(dirs, newestFirst(pattern)...)
	}
	return dirs
}

var numberPattern = regexp.MustCompile(`\d+`)

// newestFirst returns the folders that match pattern, the highest version first,
// which is the last number in the path. Sorted as text, 9 would come before 15.
func newestFirst(pattern string) []string {
	dirs, err := filepath.Glob(pattern)
	if err != nil {
		return nil
	}
	version := func(dir string) int {
		numbers := numberPattern.FindAllString(dir, -1)
		if len(numbers) == 0 {
			return 0
		}
		n, err := strconv.Atoi(numbers[len(numbers)-1])
		if err != nil {
			return 0
		}
		return n
	}
	slices.SortStableFunc(dirs, func(a, b string) int { return version(b) - version(a) })
	return dirs
}

// notFound words the error for programs that are not there.
func notFound(q Query, refused []string) error {
	version := fmt.Sprintf("version %d or newer", MinMajor)
	if q.Major != 0 {
		version = fmt.Sprintf("version %d, which made the data folder", q.Major)
	}
	where := "on PATH, by pg_config or in the usual places"
	if q.Places != nil {
		where = "in " + strings.Join(q.Places, ", ")
	}
	but := ""
	if len(refused) > 0 {
		but = ", only " + strings.Join(refused, " and ")
	}
	return fmt.Errorf("%w (%s) found %s%s: install them with '%s', or set DATABASE_URL to a database that runs already",
		ErrNotFound, version, where, but, InstallHint(q.Major))
}

// InstallHint returns the command that installs the server's programs on this
// kind of machine, of the major version if that is not 0.
func InstallHint(major int) string {
	n := major
	if n == 0 {
		n = 17
	}
	switch {
	case runtime.GOOS == "darwin":
		return fmt.Sprintf("brew install postgresql@%d", n)
	case onPath("apk"):
		return fmt.Sprintf("apk add postgresql%d", n)
	case onPath("dnf"):
		return "dnf install postgresql-server"
	case onPath("zypper"):
		return "zypper install postgresql-server"
	case onPath("pacman"):
		return "pacman -S postgresql"
	case major != 0:
		return fmt.Sprintf("apt-get install postgresql-%d", major)
	default:
		return "apt-get install postgresql"
	}
}

// CanInstall reports whether this process could run InstallHint's command: it
// is root, and the system has a package manager that root uses.
func CanInstall() bool {
	return os.Geteuid() == 0 && slices.ContainsFunc([]string{"apt-get", "apk", "dnf", "zypper", "pacman"}, onPath)
}

func onPath(program string) bool {
	_, err := exec.LookPath(program)
	return err == nil
}
