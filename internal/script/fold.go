package script

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/jisiguangyi/jisi/data/dictionary"
)

// Folded is a text as the index sees it, and where each of its characters
// stood: full-width letters are half-width, letters are small, traditional
// characters are simplified, radicals are the characters that they look like,
// numbers and years are digits, what came in parts is composed, a line that breaks
// within a sentence goes on, and what can not be seen is gone. Texts that mean the
// same to a reader fold to the same.
type Folded struct {
	// Runes is the folded text. Invalid bytes and control characters are spaces
	// in it, so that they part words as a space does.
	Runes []rune
	// at[i] is the code point of the text as given at which Runes[i] starts, and
	// ends[i] the one after it; at[len(Runes)] is the number of its code points.
	// Both are nil where each character stayed at its place, which is so for nearly
	// every text.
	at, ends []int32
}

// Start returns the code point of the original text at which folded character i
// starts; i may be len(Runes).
func (f Folded) Start(i int) int {
	if f.at == nil {
		return i
	}
	return int(f.at[i])
}

// End returns the code point of the original text just after the folded
// character i-1, which is where a match that ends before i ends.
func (f Folded) End(i int) int {
	if f.at == nil || i == 0 {
		return f.Start(i)
	}
	// What was dropped because it can not be seen, or composed into one, belongs to
	// the character before it; a space or a break of a line does not.
	return int(f.ends[i-1])
}

// String is the folded text.
func (f Folded) String() string { return string(f.Runes) }

// The characters that do not become one character.
const (
	dropped  = -1 // becomes nothing
	expanded = -2 // becomes several: see folder.expansions
)

// Folder folds texts. It is safe for concurrent use once made.
type Folder struct {
	table      []int32         // for characters of the basic plane: what each becomes
	expansions map[rune][]rune // those that become several, as ㎡ is m2
	variants   *variants
}

// NewFolder returns a folder, or an error where its embedded tables do not read.
func NewFolder() (*Folder, error) {
	f := &Folder{table: make([]int32, 0x10000), expansions: map[rune][]rune{}}
	for r := range rune(0x10000) {
		f.table[r] = foldRune(r)
		if !isCompatibility(r) {
			continue
		}
		to := []rune(strings.ToLower(strings.ReplaceAll(norm.NFKC.String(string(r)), "\u2044", "/")))
		if len(to) == 1 && !borders(r) {
			f.table[r] = to[0]
		} else {
			f.table[r] = expanded
			f.expansions[r] = to
		}
	}
	if err := f.readRadicals(); err != nil {
		return nil, err
	}
	var err error
	f.variants, err = newVariants()
	return f, err
}

// readRadicals reads the characters that radicals look like. Files made of PDF
// documents have them in their place.
func (f *Folder) readRadicals() error {
	b, err := dictionary.Files.ReadFile("radicals.txt")
	if err != nil {
		return fmt.Errorf("script: read the radicals: %w", err)
	}
	for line := range strings.Lines(string(b)) {
		line, _, _ = strings.Cut(line, "#")
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		from, err := strconv.ParseUint(fields[0], 16, 16)
		if err != nil || len(fields) != 2 {
			return fmt.Errorf("script: radicals.txt: %q is no line of a radical", line)
		}
		to, err := strconv.ParseUint(fields[1], 16, 21)
		if err != nil {
			return fmt.Errorf("script: radicals.txt: %q is no line of a radical", line)
		}
		f.table[from] = int32(to)
	}
	return nil
}

// foldRune folds one character by itself, but for its script.
func foldRune(r rune) int32 {
	switch {
	case r == 0x00AD, r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x2064, r == 0xFEFF,
		r >= 0xFE00 && r <= 0xFE0F:
		return dropped // zero-width characters, direction marks, variation selectors
	case r == utf8.RuneError, unicode.IsControl(r), unicode.IsSpace(r), r >= 0xD800 && r <= 0xDFFF:
		return ' '
	case r >= 0xFF01 && r <= 0xFF5E: // full-width forms of ASCII
		return unicode.ToLower(r - 0xFEE0)
	case r >= 0xF900 && r <= 0xFAFF: // compatibility ideographs, each the same as one character
		c, _ := utf8.DecodeRuneInString(norm.NFC.String(string(r)))
		return c
	}
	return unicode.ToLower(r)
}

// isCompatibility reports whether a character is a way to write others: superscripts
// and subscripts, units, Roman numbers, numbers in circles, ligatures, vertical and
// half-width forms.
func isCompatibility(r rune) bool {
	switch {
	case r == 0xAA, r == 0xB2, r == 0xB3, r == 0xB5, r == 0xB9, r == 0xBA, r >= 0xBC && r <= 0xBE,
		r >= 0x2070 && r <= 0x209F, r >= 0x2100 && r <= 0x218F, r >= 0x2460 && r <= 0x24FF, r >= 0x3200 && r <= 0x33FF,
		r >= 0xFB00 && r <= 0xFB06, r >= 0xFE30 && r <= 0xFE6F, r >= 0xFF5F && r <= 0xFFEF:
		return norm.NFKC.String(string(r)) != string(r)
	}
	return false
}

// borders reports whether a number that is written so does not join the digits
// beside it: a note's number behind a year is no part of it.
func borders(r rune) bool {
	return r == 0xB2 || r == 0xB3 || r == 0xB9 || r >= 0xBC && r <= 0xBE || r >= 0x2070 && r <= 0x2079 || r >= 0x2150 && r <= 0x215F ||
		r >= 0x2460 && r <= 0x24FF || r >= 0x3200 && r <= 0x32FF
}

// Fold folds a text. Any string will do: an invalid byte counts as one code
// point, as Go's range loop has it.
func (f *Folder) Fold(text string) Folded { return f.fold(text, true) }

// FoldQuery folds what a person typed, in which a space always parts words.
func (f *Folder) FoldQuery(text string) Folded { return f.fold(text, false) }

func (f *Folder) fold(text string, joins bool) Folded {
	s := folding{Folder: f, b: builder{runes: make([]rune, 0, len(text)/2+1)}, joins: joins}
	for _, r := range text {
		s.next(r)
		s.n++
	}
	s.gap(0)
	out := s.b.folded(s.n)
	if s.variant {
		out = f.variants.simplify(out)
	}
	if s.numbers {
		out = digits(out)
	}
	return out
}

// folding is the folding of one text.
type folding struct {
	*Folder
	b        builder
	n        int32 // code points read
	joins    bool  // whether a space between two Chinese characters joins them
	variant  bool  // there may be something to simplify
	numbers  bool  // there may be numbers to write in digits
	gapAt    int32 // where a space began of which it is not known yet whether it joins
	gapLong  int32 // its code points; 0 where there is none
	gapCR    bool  // it is a carriage return
	bordered bool  // the last character was a number that joins no digit
}

// next takes in the next code point.
func (s *folding) next(r rune) {
	c := s.rune(r)
	switch {
	case c == dropped:
		if s.gapLong == 0 {
			s.b.extend(s.n + 1)
		}
		return
	case c == ' ' && s.joins && s.space(r):
		return
	case s.gapLong > 0:
		s.gap(c)
	}
	if c >= 0x0300 && c < 0x3100 && len(s.b.runes) > 0 && combines(c) {
		if whole, ok := compose(s.b.last(), c); ok {
			s.b.runes[len(s.b.runes)-1] = whole
			s.b.extend(s.n + 1)
			return
		}
	}
	if c == expanded {
		s.expand(r)
		return
	}
	if s.bordered {
		s.bordered = false
		if isDigit(c) {
			s.b.put(' ', s.n, s.n)
		}
	}
	s.emit(c, s.n, s.n+1)
}

// space takes in a space that may join what it stands between, and reports whether
// it does not have to be written yet: a line that ends within a sentence, one space
// or one of the width of a character, as names of two characters are spaced out.
func (s *folding) space(r rune) bool {
	switch {
	case s.gapLong == 1 && s.gapCR && r == '\n':
		s.gapLong, s.gapCR = 2, false
		return true
	case s.gapLong > 0 || !IsHan(s.b.last()):
		return false
	case r == ' ' || r == '\u3000' || r == '\n' || r == '\r' || r == '\u00a0':
		s.gapAt, s.gapLong, s.gapCR = s.n, 1, r == '\r'
		return true
	}
	return false
}

// gap ends a space before c: between two Chinese characters it is nothing.
func (s *folding) gap(c rune) {
	if s.gapLong > 0 && (c <= 0 || !IsHan(c)) {
		s.b.put(' ', s.gapAt, s.gapAt+s.gapLong)
	}
	s.gapLong = 0
}

// expand writes a character that becomes several.
func (s *folding) expand(r rune) {
	to := s.expansions[r]
	if len(to) > 0 && isDigit(to[0]) && isDigit(s.b.last()) && borders(r) {
		s.b.put(' ', s.n, s.n)
	}
	for _, c := range to {
		if unicode.IsSpace(c) {
			c = ' '
		}
		s.emit(c, s.n, s.n+1)
	}
	s.bordered = borders(r)
}

// emit writes a folded character and notes what there may be to do about it.
func (s *folding) emit(c rune, start, end int32) {
	before := s.b.last()
	s.b.put(c, start, end)
	s.variant = s.variant || s.variants.changes(c)
	if !s.numbers {
		s.numbers = mayBeNumber(before, c)
	}
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func (f *Folder) rune(r rune) rune {
	switch {
	case r < 0x10000:
		return f.table[r]
	case r >= 0x2F800 && r <= 0x2FA1F: // compatibility ideographs, supplement
		r, _ = utf8.DecodeRuneInString(norm.NFC.String(string(r)))
		return r
	case r >= 0x1D400 && r <= 0x1D7FF: // letters and digits of formulas
		r, _ = utf8.DecodeRuneInString(norm.NFKC.String(string(r)))
	case r >= 0xE0100 && r <= 0xE01EF: // variation selectors, supplement
		return dropped
	}
	return unicode.ToLower(r)
}

// combines reports whether r may join the character before it.
func combines(r rune) bool {
	return r >= 0x0300 && (r < 0x2E80 && unicode.Is(unicode.Mn, r) || r >= 0x1161 && r <= 0x11C2 || r == 0x3099 || r == 0x309A)
}

// compose joins a character with the mark that follows it, where there is one
// character for both.
func compose(a, b rune) (rune, bool) {
	s := norm.NFC.String(string([]rune{a, b}))
	r, size := utf8.DecodeRuneInString(s)
	return r, size == len(s)
}

// Readable returns the form of a text that the second look, the highlighter and
// peers read: the text itself where folding changes none of its words, which is
// so for nearly all, and otherwise the folded text. Its characters are those of
// the folded text, but for marks and spaces; those mean the same as before.
func Readable(text string, f Folded) string {
	if f.at != nil || !utf8.ValidString(text) {
		return f.String()
	}
	i := 0
	for _, r := range text {
		if c := f.Runes[i]; r != c && (IsWordRune(c) || IsWordRune(r) || c == '.' || c == '-' || c == '_') {
			return f.String()
		}
		i++
	}
	return text
}
