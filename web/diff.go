package web

import (
	"bytes"
	"encoding/json"
	"strings"
)

// difference is what a change did to a text: what stayed before and after, and
// between them what went and what came.
type difference struct {
	Before, Gone, Come, After string
}

// maxDifference is how many characters of what stayed are shown on each side.
const maxDifference = 60

// differ shows a field's change. The values are JSON, null where there was
// nothing; strings are shown without their quotes, and the rest as it is.
func differ(before, after any) difference {
	was, is := []rune(shown(before)), []rune(shown(after))
	head := 0
	for head < len(was) && head < len(is) && was[head] == is[head] {
		head++
	}
	tail := 0
	for tail < len(was)-head && tail < len(is)-head && was[len(was)-1-tail] == is[len(is)-1-tail] {
		tail++
	}
	d := difference{
		Before: string(is[max(0, head-maxDifference):head]),
		Gone:   string(was[head : len(was)-tail]),
		Come:   string(is[head : len(is)-tail]),
		After:  string(is[len(is)-tail : min(len(is), len(is)-tail+maxDifference)]),
	}
	if head > maxDifference {
		d.Before = "…" + d.Before
	}
	if tail > maxDifference {
		d.After += "…"
	}
	return d
}

// shown is a JSON value as a reader sees it.
func shown(v any) string {
	encoded := text(v)
	var s string
	if json.Unmarshal([]byte(encoded), &s) == nil {
		return s
	}
	var b bytes.Buffer
	if json.Indent(&b, []byte(encoded), "", " ") != nil {
		return encoded
	}
	return strings.TrimSpace(b.String())
}
