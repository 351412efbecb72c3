package text

import "github.com/jisiguangyi/jisi/internal/script"

// Folded is a folded text; see script.Folded.
type Folded = script.Folded

// What a character is, as far as the index cares; see script.
const (
	ClassWord     = script.ClassWord
	ClassHan      = script.ClassHan
	ClassSentence = script.ClassSentence
)

// ClassOf returns the classes of a character.
func ClassOf(r rune) uint8 { return script.ClassOf(r) }

// IsWordRune reports whether r is a letter, a digit or a Chinese character.
func IsWordRune(r rune) bool { return script.IsWordRune(r) }

// IsHan reports whether r is a Chinese character.
func IsHan(r rune) bool { return script.IsHan(r) }

// EndsSentence reports whether r ends a sentence.
func EndsSentence(r rune) bool { return script.EndsSentence(r) }

// AllHan reports whether all characters are Chinese.
func AllHan(f []rune) bool { return script.AllHan(f) }

// Squeeze turns every stretch of marks and spaces into one space and takes them off
// the ends.
func Squeeze(f []rune) []rune { return script.Squeeze(f) }

// IndexRunes returns the place of the first want in f, -1 where there is none.
func IndexRunes(f, want []rune) int { return script.IndexRunes(f, want) }

// Readable returns the form of a text that is read without folding; see
// script.Readable.
func Readable(text string, f Folded) string { return script.Readable(text, f) }
