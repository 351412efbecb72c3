package pgproc

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
)

// ErrNoClient is wrapped by the error of FindClients where the machine has no
// fitting programs.
var ErrNoClient = errors.New("no PostgreSQL client programs")

// FindClients returns the folder that has all of the client programs by their
// names, such as pg_dump, in the lowest major version from least on: newer ones
// work with older servers, but the nearest know best what those understand. It
// looks where Find does, and its error, which wraps ErrNoClient, says what to
// install.
func FindClients(ctx context.Context, least int, names ...string) (Programs, error) {
	return findClients(ctx, machinePlaces(ctx), least, names)
}

func findClients(ctx context.Context, places []string, least int, names []string) (Programs, error) {
	var best Programs
	seen := map[string]bool{}
	for _, dir := range places {
		p, err := inspectClients(ctx, dir, names)
		if err != nil || seen[p.Dir] {
			continue
		}
		seen[p.Dir] = true
		if p.Major >= least && (best.Dir == "" || p.Major < best.Major) {
			best = p
		}
	}
	if best.Dir == "" {
		return best, fmt.Errorf("%w of version %d or newer found, with %v: install them with '%s'", ErrNoClient, least, names, InstallHint(least))
	}
	return best, nil
}

// inspectClients returns the folder of the programs if all are there in one
// version. Debian's links in PATH lead to a wrapper, which is none of them.
func inspectClients(ctx context.Context, dir string, names []string) (Programs, error) {
	var p Programs
	for _, name := range names {
		program, err := filepath.EvalSymlinks(filepath.Join(dir, name))
		if err != nil {
			return Programs{}, err
		}
		if program, err = filepath.Abs(program); err != nil {
			return Programs{}, err
		}
		if filepath.Base(program) != name || p.Dir != "" && p.Dir != filepath.Dir(program) {
			return Programs{}, fmt.Errorf("%s is %s", name, program)
		}
		p.Dir = filepath.Dir(program)
		said, err := exec.CommandContext(ctx, program, "--version").Output()
		if err != nil {
			return Programs{}, fmt.Errorf("running %s --version: %w", program, err)
		}
		if p.Major, err = major(string(said)); err != nil {
			return Programs{}, err
		}
	}
	if p.Dir == "" {
		return Programs{}, errors.New("no programs were named")
	}
	return p, nil
}
