package text

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/data/dictionary"
	"github.com/jisiguangyi/jisi/internal/script"
)

// homeOf returns the fingerprint of the dictionaries, and the folder below dir that
// they are written to. The folder is named for their content and for how a folder
// folds, which decides what is written of it.
func homeOf(dir string, f *script.Folder) (print, home string, err error) {
	h := sha256.New()
	err = fs.WalkDir(dictionary.Files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(dictionary.Files, path)
		fmt.Fprintf(h, "%s %d\n", path, len(b))
		h.Write(b)
		return err
	})
	if err != nil {
		return "", "", fmt.Errorf("indexer: read the embedded dictionaries: %w", err)
	}
	fmt.Fprintf(h, "%q\n", f.Fold(foldingSpecimen).String())
	print = hex.EncodeToString(h.Sum(nil))
	return print, filepath.Join(dir, "words-"+print[:16]), nil
}

// foldingSpecimen has the words of the dictionary that a change of folding would change.
const foldingSpecimen = "乾安 乾净 徵兵 小夥子 颱風 下脣 十月革命 三月三 ⻓ ㎡ 一九九八 三零一 Ａ"

// dictionaryFile returns a dictionary as it is written out: its words folded as all
// text is, since it is folded text that is cut by them. Of words that fold to the same
// the most frequent stays.
func dictionaryFile(path string, f *script.Folder) ([]byte, error) {
	b, err := fs.ReadFile(dictionary.Files, path)
	if err != nil || path != "jieba.dict.utf8" && path != "domain.utf8" {
		return b, err
	}
	type entry struct {
		word, rest string
		count      int
	}
	number := bytes.Count(b, []byte("\n")) + 1
	entries, at := make([]entry, 0, number), make(map[string]int32, number)
	for line := range strings.Lines(string(b)) {
		word, rest, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
		folded := f.Fold(word).String()
		if strings.ContainsAny(folded, " ") || folded == "" {
			folded = word // a mark that is a word by itself
		}
		number, _, _ := strings.Cut(rest, " ")
		n, err := strconv.Atoi(number)
		if err != nil {
			n = 0 // a domain's word without a frequency
		}
		i, ok := at[folded]
		switch {
		case !ok:
			at[folded] = int32(len(entries)) //nolint:gosec // there are not so many words
			entries = append(entries, entry{folded, rest, n})
		case n > entries[i].count:
			entries[i] = entry{folded, rest, n}
		}
	}
	out := make([]byte, 0, len(b))
	for _, e := range entries {
		out = append(append(append(append(out, e.word...), ' '), e.rest...), '\n')
	}
	return out, nil
}

// writeOut writes the dictionaries into home where they are not there yet. The folder
// is filled under another name and renamed, so that it is whole or absent.
func writeOut(f *script.Folder, home string) error {
	if _, err := os.Stat(home); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(home), 0o750); err != nil {
		return fmt.Errorf("indexer: make the folder for the dictionaries: %w", err)
	}
	tmp, err := os.MkdirTemp(filepath.Dir(home), "words-tmp-")
	if err != nil {
		return fmt.Errorf("indexer: make the folder for the dictionaries: %w", err)
	}
	defer os.RemoveAll(tmp)
	err = eachDictionary(f, func(path string, b []byte) error {
		return os.WriteFile(filepath.Join(tmp, path), b, 0o600)
	})
	if err != nil {
		return fmt.Errorf("indexer: write out the dictionaries: %w", err)
	}
	if err := os.Rename(tmp, home); err != nil {
		if _, there := os.Stat(home); there == nil {
			return nil // another process was faster
		}
		return fmt.Errorf("indexer: write out the dictionaries: %w", err)
	}
	return nil
}

// eachDictionary calls visit with each file as it is written out.
func eachDictionary(f *script.Folder, visit func(path string, b []byte) error) error {
	return fs.WalkDir(dictionary.Files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := dictionaryFile(path, f)
		if err != nil {
			return err
		}
		return visit(path, b)
	})
}
