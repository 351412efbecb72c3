package indexer

import "github.com/jisiguangyi/jisi/indexer/text"

// Words cuts texts into words; see text.Words.
type Words = text.Words

// LoadWords loads the dictionaries, which it writes below dir; see text.Load.
func LoadWords(dir string) (*Words, error) { return text.Load(dir) }

// BeginWords is LoadWords that does not wait until texts can be cut, and begins to load them once
// when is closed, where that is not nil; see text.Begin.
func BeginWords(dir string, when <-chan struct{}) (*Words, error) { return text.Begin(dir, when) }

// CheckWords compares the dictionaries below dir with those that LoadWords would
// write; see text.Check.
func CheckWords(dir string) (home string, written bool, damaged []string, err error) {
	return text.Check(dir)
}
