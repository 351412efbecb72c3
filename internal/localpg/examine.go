package localpg

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/jisiguangyi/jisi/internal/localpg/pgproc"
)

// Installation is what there is of a data directory's private PostgreSQL.
type Installation struct {
	Made     bool            // a cluster is there
	Home     string          // where it is or, with no other place noted, would be
	Major    int             // the major version that made it, 0 where none is there
	Account  string          // who runs it, or would
	Programs pgproc.Programs // that would run it
}

// Examine looks at the private PostgreSQL of a data directory, which need not be
// there, and changes and starts nothing. It fails where a cluster is noted that
// is gone, and where the machine has no programs for it, with a sentence for the
// user; what was found until then is in the result.
func Examine(ctx context.Context, dir string) (Installation, error) {
	found := Installation{}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return found, fmt.Errorf("finding the data directory %s: %w", dir, err)
	}
	if found.Home, err = readLocation(filepath.Join(abs, "postgres.location")); err != nil {
		return found, err
	}
	if found.Home == "" {
		found.Home = filepath.Join(abs, "postgres")
	}
	p := place{dir: abs, home: found.Home}
	if p.account, err = chooseAccount(p.data(), abs); err != nil {
		return found, err
	}
	found.Account = p.account.String()
	if found.Major, err = dataVersion(p.data()); err != nil {
		return found, err
	}
	found.Made = found.Major != 0
	downloaded, err := filepath.Glob(filepath.Join(escapeGlob(p.programs()), "*", "bin"))
	if err != nil {
		return found, err
	}
	found.Programs, err = pgproc.Find(ctx, p.account, pgproc.Query{Major: found.Major, Extra: downloaded})
	return found, err
}
