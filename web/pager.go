package web

import (
	"net/http"
	"net/url"
	"strings"
)

// pager leads from a page of a list to those beside it.
type pager struct {
	Number   int    // of this page, from 1
	Previous string // the address of the page before, "" where this is the first
	First    string // the address of the first page, "" where that is this or the one before
	Next     string // the address of the page behind, "" where this is the last
}

// trailParam names, in an address, the cursors of the pages that led to this one.
// A cursor says where a page goes on but not where the one before it began.
const trailParam = "trail"

// Bounds on what is carried along: cursors are short, and nobody leafs through
// more pages one by one.
const (
	maxTrail  = 60
	maxCursor = 200
)

// trail reads the cursors of the pages after the first and before this one.
func trail(query url.Values) []string {
	var cursors []string
	for cursor := range strings.SplitSeq(query.Get(trailParam), ",") {
		if cursor != "" && len(cursor) <= maxCursor {
			cursors = append(cursors, cursor)
		}
	}
	return cursors[max(0, len(cursors)-maxTrail):]
}

// newPager works out the pages beside the one at the path and the query, whose
// list the connection is.
func newPager(path string, query url.Values, connection map[string]any) pager {
	at := func(after string, trail []string) string {
		q := with(with(query, "after", after), trailParam, strings.Join(trail, ","))
		if encoded := q.Encode(); encoded != "" {
			return path + "?" + encoded
		}
		return path
	}
	led, here := trail(query), query.Get("after")
	p := pager{Number: 1}
	if here != "" {
		p.Number = len(led) + 2
		p.Previous = at("", nil)
		if n := len(led); n > 0 {
			p.First, p.Previous = p.Previous, at(led[n-1], led[:n-1])
		}
		led = append(led, here)
	}
	if info := object(connection["pageInfo"]); info["hasNextPage"] == true {
		p.Next = at(text(info["endCursor"]), led)
	}
	return p
}

// pagerOf is newPager for the page that was asked for.
func pagerOf(r *http.Request, connection any) pager {
	return newPager(r.URL.Path, r.URL.Query(), object(connection))
}
