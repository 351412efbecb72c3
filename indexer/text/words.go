package text

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"unicode"

	"github.com/yanyiwu/gojieba"

	"github.com/jisiguangyi/jisi/data/dictionary"
	"github.com/jisiguangyi/jisi/data/synonyms"
	"github.com/jisiguangyi/jisi/internal/script"
)

// Words cuts texts into words. Loading it takes a second or two and some
// 100 MB, so a process makes one and shares it; it is safe for concurrent use,
// since nothing is added to it once it is made.
type Words struct {
	jieba    *gojieba.Jieba // there once loaded is closed
	loaded   chan struct{}
	folder   *script.Folder
	Stop     map[string]bool
	synonyms SynonymTable
	lay      *atomic.Pointer[SynonymTable] // one way, as the operator accepted them
	Readings Readings
	Print    string // fingerprint of dictionaries and synonyms
}

// Load writes the embedded dictionaries below dir, in a folder named for
// their content, and loads them. jieba reads files only, and looks for its own
// at the path where it was compiled, hence the copies. The folder is left
// there for the next start; several processes may do this at once.
func Load(dir string) (*Words, error) {
	w, err := Begin(dir, nil)
	if err == nil {
		<-w.loaded
	}
	return w, err
}

// Begin is Load that does not wait for jieba, which takes nearly all of the time:
// whoever cuts a text before it has loaded waits for it; folding does not. Where when is
// not nil, loading begins once it is closed.
func Begin(dir string, when <-chan struct{}) (*Words, error) {
	tables, err := script.Load()
	if err != nil {
		return nil, fmt.Errorf("indexer: %w", err)
	}
	folder := tables.Folder
	print, home, err := homeOf(dir, folder)
	if err != nil {
		return nil, err
	}
	if err := writeOut(folder, home); err != nil {
		return nil, err
	}
	stop, err := readStopWords()
	if err != nil {
		return nil, err
	}
	var files []string
	for _, name := range []string{"jieba.dict.utf8", "hmm_model.utf8", "domain.utf8", "idf.utf8", "stop_words.utf8"} {
		files = append(files, filepath.Join(home, name))
		if _, err := os.Stat(files[len(files)-1]); err != nil { // jieba panics where one is missing
			return nil, fmt.Errorf("indexer: load the dictionaries: %w", err)
		}
	}
	w := &Words{
		loaded:   make(chan struct{}),
		folder:   folder,
		Stop:     stop,
		lay:      &atomic.Pointer[SynonymTable]{},
		Readings: Readings{tables.Readings},
	}
	w.synonyms = parseSynonyms(synonyms.Text, w.folder)
	sum := sha256.Sum256([]byte(print + synonyms.Text))
	w.Print = hex.EncodeToString(sum[:8])
	go func() {
		defer close(w.loaded)
		if when != nil {
			<-when
		}
		w.jieba = gojieba.NewJieba(files...)
	}()
	return w, nil
}

// Loaded reports whether a text can be cut without waiting.
func (w *Words) Loaded() bool {
	select {
	case <-w.loaded:
		return true
	default:
		return false
	}
}

// Fold folds a text as the index does; see Folded.
func (w *Words) Fold(text string) Folded { return w.folder.Fold(text) }

// FoldQuery folds what a person typed, in which a space parts words.
func (w *Words) FoldQuery(text string) Folded { return w.folder.FoldQuery(text) }

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

// HoldsPhrase reports whether a squeezed phrase stands in a squeezed text. Its spaces
// between two Chinese characters may be missing there.
func HoldsPhrase(f, want []rune) bool {
	for i := range f {
		j := i
		for k, r := range want {
			if j < len(f) && f[j] == r {
				j++
				continue
			}
			if r != ' ' || k == 0 || k+1 == len(want) || !IsHan(want[k-1]) || !IsHan(want[k+1]) {
				j = -1
				break
			}
		}
		if j >= 0 {
			return true
		}
	}
	return false
}
