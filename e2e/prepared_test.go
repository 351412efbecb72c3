package e2e

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jisiguangyi/jisi/internal/pgtest"
)

// What a first start makes is made once and copied for the tests that are not about
// it: making a cluster, the tables, the records, the dictionaries and the index takes
// twice as long as everything else that such a test does.
var (
	// migrated is a data directory with the tables in its private database, and nothing
	// in them.
	migrated = sync.OnceValues(func() (string, error) { return prepare("", "migrate") })
	// started is one in which a server has started for the first time and ended.
	started = sync.OnceValues(func() (string, error) {
		from, err := migrated()
		if err != nil {
			return "", err
		}
		return prepare(from, "serve")
	})
)

// preparedDir holds them; TestMain removes it.
var preparedDir string

// newMigratedPlace is newPlace after jisi migrate.
func newMigratedPlace(t *testing.T) place { return newPlaceFrom(t, migrated) }

// newStartedPlace is newPlace after a server has started there for the first time and
// ended.
func newStartedPlace(t *testing.T) place { return newPlaceFrom(t, started) }

func newPlaceFrom(t *testing.T, prepared func() (string, error)) place {
	t.Helper()
	from, err := prepared()
	if err != nil {
		t.Fatal(err)
	}
	p := newPlace(t)
	if err := copyAll(t.Context(), from, p.data); err != nil {
		t.Fatal(err)
	}
	return p
}

// copyAll copies a directory with its owners and modes; the owner of the private
// database is another user where root runs this.
func copyAll(ctx context.Context, from, to string) error {
	if out, err := exec.CommandContext(ctx, "cp", "-pPR", from, to).CombinedOutput(); err != nil {
		return fmt.Errorf("copying %s: %w: %s", from, err, out)
	}
	return nil
}

// prepare runs migrate or serve, to its end or until it serves, in a new data directory
// or a copy of another.
func prepare(from, command string) (dir string, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	root := filepath.Join(preparedDir, command)
	p := place{data: filepath.Join(root, "data"), cwd: filepath.Join(root, "empty")}
	if err := os.MkdirAll(p.cwd, 0o711); err != nil {
		return "", err
	}
	if from != "" {
		if err := copyAll(ctx, from, p.data); err != nil {
			return "", err
		}
	}
	if command == "serve" {
		return p.data, p.startOnce(ctx)
	}
	if out, err := p.command(ctx, command).CombinedOutput(); err != nil {
		return "", fmt.Errorf("jisi %s: %w\n%s", command, err, out)
	}
	return p.data, nil
}

// startOnce starts a server, waits until it is ready, and ends it.
func (p place) startOnce(ctx context.Context) (err error) {
	var log bytes.Buffer
	c := p.command(ctx, "serve", "-listen", "127.0.0.1:0")
	c.Stderr = &log
	out, err := c.StdoutPipe()
	if err != nil {
		return err
	}
	if err := c.Start(); err != nil {
		return err
	}
	ended := func(err error) error {
		_ = c.Process.Signal(syscall.SIGTERM) // Wait says how it ended
		if err = errors.Join(err, c.Wait()); err != nil {
			return fmt.Errorf("jisi serve: %w\n%s", err, &log)
		}
		return nil
	}
	line := bufio.NewScanner(out)
	if !line.Scan() {
		return ended(errors.New("it says no address"))
	}
	url := addressPattern.FindString(line.Text()) + "/readyz"
	for {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return ended(err)
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			return ended(err)
		}
		_ = response.Body.Close() // its status is all that is asked
		if response.StatusCode == http.StatusOK {
			return ended(nil)
		}
		select {
		case <-ctx.Done():
			return ended(ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// makePrepared makes the directory for what is prepared, and returns what removes it.
func makePrepared() (remove func(), err error) {
	preparedDir, err = os.MkdirTemp(pgtest.TempDir(), "jisi-e2e-prepared")
	if err != nil {
		return nil, err
	}
	remove = func() { _ = os.RemoveAll(preparedDir) }
	// Where root runs this, the private PostgreSQL's user has to pass.
	if err := os.Chmod(preparedDir, 0o711); err != nil {
		remove()
		return nil, err
	}
	return remove, nil
}
