package release

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/jisiguangyi/jisi/catalog"
)

// Problem is a file of a release that is not what it was.
type Problem struct {
	File string
	What string
}

// Verify compares the files in the release's folder with what is kept of them,
// and names each that is missing, changed, or not of the release. An error is
// of the disk.
func Verify(dir string, r *catalog.Release) ([]Problem, error) {
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return []Problem{{"", "the files are not here"}}, nil
	}
	if err != nil {
		return nil, err
	}
	defer root.Close()
	known := map[string]bool{}
	var problems []Problem
	for _, f := range r.Files {
		known[f.Name] = true
		what, err := compare(root, f)
		if err != nil {
			return nil, err
		}
		if what != "" {
			problems = append(problems, Problem{f.Name, what})
		}
	}
	err = fs.WalkDir(root.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !known[filepath.ToSlash(path)] {
			problems = append(problems, Problem{path, "it is not of the release"})
		}
		return err
	})
	return problems, err
}

// compare says how a file differs, "" where it does not.
func compare(root *os.Root, want *catalog.ReleaseFile) (string, error) {
	f, err := root.Open(filepath.FromSlash(want.Name))
	if errors.Is(err, fs.ErrNotExist) {
		return "it is missing", nil
	}
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, f)
	switch {
	case err != nil:
		return "", err
	case n != want.Bytes || hex.EncodeToString(sum.Sum(nil)) != want.SHA256:
		return "its checksum is another", nil
	}
	return "", nil
}
