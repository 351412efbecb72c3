package text

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yanyiwu/gojieba"

	"github.com/jisiguangyi/jisi/data/dictionary"
	"github.com/jisiguangyi/jisi/data/synonyms"
)

// Words cuts texts into words. Loading it takes a second or two and some
// 100 MB, so a process makes one and shares it; it is safe for concurrent use,
// since nothing is added to it once it is made.
type Words struct {
	jieba    *gojieba.Jieba
	folder   *folder
	Stop     map[string]bool
	Synonyms SynonymTable
	Readings *readings
	Print    string // fingerprint of dictionaries and synonyms
}

// Load writes the embedded dictionaries below dir, in a folder named for
// their content, and loads them. jieba reads files only, and looks for its own
// at the path where it was compiled, hence the copies. The folder is left
// there for the next start; several processes may do this at once.
func Load(dir string) (*Words, error) {
	print, err := fingerprintOf(dictionary.Files)
	if err != nil {
		return nil, err
	}
	home := filepath.Join(dir, "words-"+print[:16])
	if err := writeOut(dictionary.Files, home); err != nil {
		return nil, err
	}
	v, err := newVariants()
	if err != nil {
		return nil, err
	}
	stop, err := readStopWords()
	if err != nil {
		return nil, err
	}
	w := &Words{
		jieba: gojieba.NewJieba(filepath.Join(home, "jieba.dict.utf8"), filepath.Join(home, "hmm_model.utf8"),
			filepath.Join(home, "domain.utf8"), filepath.Join(home, "idf.utf8"), filepath.Join(home, "stop_words.utf8")),
		folder: newFolder(v),
		Stop:   stop,
	}
	if w.Readings, err = newReadings(); err != nil {
		return nil, err
	}
	w.Synonyms = parseSynonyms(synonyms.Text, w.folder)
	sum := sha256.Sum256([]byte(print + synonyms.Text))
	w.Print = hex.EncodeToString(sum[:8])
	return w, nil
}

// Fold folds a text as the index does; see Folded.
func (w *Words) Fold(text string) Folded { return w.folder.Fold(text) }

// fingerprintOf hashes all files of a file system, names and content.
func fingerprintOf(files fs.FS) (string, error) {
	h := sha256.New()
	err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(files, path)
		fmt.Fprintf(h, "%s %d\n", path, len(b))
		h.Write(b)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("indexer: read the embedded dictionaries: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// writeOut copies the files into dir where they are not there yet. The folder
// is filled under another name and renamed, so that it is whole or absent.
func writeOut(files fs.FS, dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o750); err != nil {
		return fmt.Errorf("indexer: make the folder for the dictionaries: %w", err)
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), "words-tmp-")
	if err != nil {
		return fmt.Errorf("indexer: make the folder for the dictionaries: %w", err)
	}
	defer os.RemoveAll(tmp)
	if err := os.CopyFS(tmp, files); err != nil {
		return fmt.Errorf("indexer: write out the dictionaries: %w", err)
	}
	if err := os.Rename(tmp, dir); err != nil {
		if _, there := os.Stat(dir); there == nil {
			return nil // another process was faster
		}
		return fmt.Errorf("indexer: write out the dictionaries: %w", err)
	}
	return nil
}

func readStopWords() (map[string]bool, error) {
	b, err := dictionary.Files.ReadFile("stop.txt")
	if err != nil {
		return nil, fmt.Errorf("indexer: read the stop words: %w", err)
	}
	stop := map[string]bool{}
	for s := bufio.NewScanner(bytes.NewReader(b)); s.Scan(); {
		if word := strings.TrimSpace(s.Text()); word != "" {
			stop[word] = true
		}
	}
	return stop, nil
}

// Word is a word of a folded text, [start, end) in its runes.
type Word struct {
	Text       string
	Start, End int
}

// CutSearch cuts a folded text for the index: the words, and the words of the
// dictionary that longer ones are made of, in the order of their start.
func (w *Words) CutSearch(f []rune) []Word { return w.cut(f, gojieba.SearchMode) }

// CutPlain cuts a folded text into words that do not overlap.
func (w *Words) CutPlain(f []rune) []Word { return w.cut(f, gojieba.DefaultMode) }

func (w *Words) cut(f []rune, mode gojieba.TokenizeMode) []Word {
	if len(f) == 0 {
		return nil
	}
	text := string(f)
	tokens := w.jieba.Tokenize(text, mode, true)
	out := make([]Word, 0, len(tokens))
	// Tokens of search mode come out of order, the parts of a word before the
	// word itself, so that places are counted from a table.
	at := runeIndex(text, len(f))
	for _, t := range tokens {
		if !isWord(t.Str) {
			continue
		}
		out = append(out, Word{t.Str, int(at[t.Start]), int(at[t.End])})
	}
	return out
}

// runeIndex gives, for each byte of text and its end, the number of the rune
// that it belongs to.
func runeIndex(text string, runes int) []int32 {
	at := make([]int32, len(text)+1)
	n := int32(0)
	for i := 0; i < len(text); {
		_, size := utf8.DecodeRuneInString(text[i:])
		for j := range size {
			at[i+j] = n
		}
		i += size
		n++
	}
	at[len(text)] = int32(runes)
	return at
}

// isWord reports whether a token has a letter or a digit in it: jieba gives
// back spaces and punctuation as tokens too.
func isWord(s string) bool {
	for _, r := range s {
		if IsWordRune(r) {
			return true
		}
	}
	return false
}

// PlainOf leaves of the words that the index knows those that no other one
// takes in: the words of the text without overlap. jieba's search mode gives
// the dictionary words within a word beside it, and nothing else overlaps.
func PlainOf(cut []Word) []Word {
	sorted := slices.Clone(cut)
	slices.SortStableFunc(sorted, func(a, b Word) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return b.End - a.End
	})
	out, end := sorted[:0], 0
	for _, t := range sorted {
		if t.End > end {
			out = append(out, t)
			end = t.End
		}
	}
	return out
}

// IsContent reports whether a word says something of what a text is about: stop
// words, single characters and numbers do not.
func (w *Words) IsContent(text string) bool {
	if w.Stop[text] {
		return false
	}
	n, letters := 0, false
	for _, r := range text {
		n++
		letters = letters || unicode.IsLetter(r)
	}
	return n > 1 && letters
}

// Starts returns the places at which the words of a folded text start, and the
// words that longer ones are made of.
func (w *Words) Starts(f []rune) []int {
	var out []int
	for _, t := range w.CutSearch(f) {
		out = append(out, t.Start)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// SilentIn marks the characters of a folded text that are within stop words.
func SilentIn(f []rune, words []Word, stop map[string]bool) []bool {
	out := make([]bool, len(f))
	for _, t := range words {
		if stop[t.Text] {
			for i := t.Start; i < t.End; i++ {
				out[i] = true
			}
		}
	}
	return out
}

// HoldsWord reports whether a folded word stands in any of the texts.
func HoldsWord(texts []string, word string) bool {
	for _, t := range texts {
		if strings.Contains(t, word) {
			return true
		}
	}
	return false
}
