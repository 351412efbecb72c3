package column

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/jisiguangyi/jisi/exchange/cell"
	"github.com/jisiguangyi/jisi/exchange/text"
)

// HeaderName returns a header as it is compared with the names of columns: what
// nobody sees is taken off, a number before it, and remarks in brackets behind it,
// such as （盖章）, （300字以内）, （年月） and （必填）.
func HeaderName(s string) string {
	if len(s) > MaxHeader {
		return ""
	}
	s = PlainName(s)
	for {
		rest := HeaderRemark.ReplaceAllString(s, "")
		if rest == s || rest == "" {
			return s
		}
		s = rest
	}
}

var (
	// HeaderRemark matches a remark in brackets behind a header.
	HeaderRemark = regexp.MustCompile(`[(\[【〔{][^()\[\]【】〔〕{}]*[)\]】〕}]$`)
	headerNumber = regexp.MustCompile(`^(?:\d{1,2}[.、．]|[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[)）])`)
)

// MaxHeader is the most bytes of a header with its remark, past which a text names
// nothing: cells have room for 32,767 characters.
const MaxHeader = 1200

// PlainName folds a name, without the number before it.
func PlainName(s string) string {
	s, _ = text.Ordinary(text.Seen(s))
	s = cell.Folded(text.Simplified(norm.NFKC.String(s)))
	if rest := headerNumber.ReplaceAllString(s, ""); rest != "" {
		s = rest
	}
	return strings.Trim(s, "“”\"'《》<>。.;；,，")
}

// OneLine joins the lines of a cell whose value is one line: people break them
// where the column ends. Between words in Latin letters a space is put.
func OneLine(s string) string {
	s = text.Seen(s)
	if !strings.ContainsAny(s, "\r\n\t") {
		return strings.TrimSpace(s)
	}
	var b strings.Builder
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r == '\r' || r == '\n' || r == '\t' }) {
		part = strings.TrimSpace(part)
		if before := b.String(); before != "" && part != "" && before[len(before)-1] < 0x80 && part[0] < 0x80 {
			b.WriteByte(' ')
		}
		b.WriteString(part)
	}
	return b.String()
}
