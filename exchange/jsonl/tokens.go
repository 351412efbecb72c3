package jsonl

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf16"
)

// The methods of this file move over well-formed JSON: each begins at the first
// byte of a value and ends behind its last.

func (s *scanner) space() {
	for s.at < len(s.data) {
		switch s.data[s.at] {
		case ' ', '\t', '\r', '\n':
			s.at++
		default:
			return
		}
	}
}

// object calls f at the value of each member; f moves behind the value, and
// returns false to stop, which leaves the scanner where it is.
func (s *scanner) object(f func(key string) bool) {
	s.at++ // {
	for s.space(); s.data[s.at] != '}'; s.space() {
		start := s.at
		s.skip()
		key := unquote(s.data[start:s.at])
		s.space()
		s.at++ // :
		s.space()
		if !f(key) {
			return
		}
		if s.space(); s.data[s.at] == ',' {
			s.at++
		}
	}
	s.at++
}

// array calls f at each element, as object does.
func (s *scanner) array(f func(i int) bool) {
	s.at++ // [
	i := 0
	for s.space(); s.data[s.at] != ']'; s.space() {
		if !f(i) {
			return
		}
		if s.space(); s.data[s.at] == ',' {
			s.at++
		}
		i++
	}
	s.at++
}

// skip moves behind a value of any type.
func (s *scanner) skip() {
	depth := 0
	for {
		switch s.data[s.at] {
		case '"':
			s.skipText()
		case '{', '[':
			depth++
			s.at++
		case '}', ']':
			depth--
			s.at++
		case ',', ':', ' ', '\t', '\r', '\n':
			s.at++
			continue // not the end of a value
		default:
			s.skipWord()
		}
		if depth == 0 {
			return
		}
	}
}

// skipWord moves behind a number, true, false or null.
func (s *scanner) skipWord() {
	for s.at < len(s.data) && strings.IndexByte(",:]} \t\r\n", s.data[s.at]) < 0 {
		s.at++
	}
}

func (s *scanner) skipText() {
	for s.at++; s.data[s.at] != '"'; s.at++ {
		if s.data[s.at] == '\\' {
			s.at++
		}
	}
	s.at++
}

// text moves behind a text, and reports escapes that no text may hold: half a
// surrogate pair, which encoding/json would turn into U+FFFD without a word,
// and U+0000, which PostgreSQL does not store.
func (s *scanner) text(path string) {
	start := s.at
	s.skipText()
	raw := s.data[start:s.at]
	if !bytes.Contains(raw, []byte(`\u`)) {
		return
	}
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			continue
		}
		i++
		if raw[i] != 'u' {
			continue
		}
		r := escaped(raw[i+1:])
		switch {
		case r == 0:
			s.report(path, `含有控制字符 \u0000`, `has the control character \u0000`)
			return
		case !utf16.IsSurrogate(r):
		case bytes.HasPrefix(raw[i+5:], []byte(`\u`)) && utf16.DecodeRune(r, escaped(raw[i+7:])) != '\uFFFD':
			i += 6
		default:
			s.report(path, `含有不成对的代理码 \u`+string(raw[i+1:i+5]), `has half of a surrogate pair, \u`+string(raw[i+1:i+5]))
			return
		}
		i += 4
	}
}

// escaped reads the four hexadecimal digits behind \u.
func escaped(digits []byte) rune {
	n, err := strconv.ParseUint(string(digits[:4]), 16, 16)
	if err != nil {
		return '\uFFFD' // cannot be: the JSON is well-formed
	}
	return rune(n)
}

func unquote(raw []byte) string {
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1])
	}
	var key string
	if err := json.Unmarshal(raw, &key); err != nil {
		return string(raw) // cannot be: the JSON is well-formed
	}
	return key
}
