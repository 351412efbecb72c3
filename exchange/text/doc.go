// Package text reads the bytes of a file as lines of UTF-8: it detects the
// charset (UTF-8, UTF-16 with a byte order mark or without, GB18030), decodes
// strictly, and says in which line and column a byte stands that is no text.
//
// It knows no records and no format above lines. The readers of JSON Lines and
// CSV, and of plain text, call it.
package text
