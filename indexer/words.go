package indexer

import "github.com/jisiguangyi/jisi/indexer/text"

// Words cuts texts into words; see text.Words.
type Words = text.Words

// LoadWords loads the dictionaries, which it writes below dir; see text.Load.
func LoadWords(dir string) (*Words, error) { return text.Load(dir) }

// BeginWords is LoadWords that does not wait until texts can be cut; see text.Begin.
func BeginWords(dir string) (*Words, error) { return text.Begin(dir) }

// CheckWords compares the dictionaries below dir with those that LoadWords would
// write; see text.Check.
func CheckWords(dir string) (home string, written bool, damaged []string, err error) {
	return text.Check(dir)
}
