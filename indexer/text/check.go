package text

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/jisiguangyi/jisi/internal/script"
)

// Check compares the dictionaries that Load has written below dir with
// those that it would write. written is false where there are none yet; damaged
// names the files that are missing or have other bytes. Removing their folder, the
// home, lets Load write them anew.
func Check(dir string) (home string, written bool, damaged []string, err error) {
	tables, err := script.Load()
	if err != nil {
		return "", false, nil, fmt.Errorf("indexer: %w", err)
	}
	_, home, err = homeOf(dir, tables.Folder)
	if err != nil {
		return "", false, nil, err
	}
	if _, err := os.Stat(home); err != nil {
		return home, false, nil, nil //nolint:nilerr // it is not there, or not to be seen: Load will tell
	}
	err = eachDictionary(tables.Folder, func(path string, want []byte) error {
		if got, err := os.ReadFile(filepath.Join(home, path)); err != nil || !bytes.Equal(got, want) {
			damaged = append(damaged, path)
		}
		return nil
	})
	if err != nil {
		return home, true, nil, fmt.Errorf("indexer: read the embedded dictionaries: %w", err)
	}
	return home, true, damaged, nil
}
