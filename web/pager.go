package web

import (
	"net/http"
	"net/url"
	"strings"
)

// pager leads from a page of a list to those beside it.
type pager struct {
	Number   int        // of this page, from 1
	Previous string     // the address of the page before, "" where this is the first
	First    string     // the address of the first page, "" where that is this or the one before
	Next     string     // the address of the page behind, "" where this is the last
	Total    int        // pages in all, 0 where that is not known
	Before   []numbered // pages before this one that its reader came through, at most five
}

// numbered is the address of a page by its number.
type numbered struct {
	Number int
	URL    string
}

// mostBefore is how many of the pages before are led to by their numbers.
const mostBefore = 5

// total is how many pages the connection has, at the size of this one, 0 where that is
// not known; the last one is as many as led to it.
func (p pager) total(connection map[string]any) int {
	size := max(len(list(connection["nodes"])), len(list(connection["edges"])))
	switch n := whole(connection["totalCount"]); {
	case n == 0 || size == 0:
		return 0
	case p.Next == "":
		return p.Number
	default:
		return (n + size - 1) / size
	}
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
		p.Before = append(p.Before, numbered{1, at("", nil)})
		for i := range led {
			p.Before = append(p.Before, numbered{i + 2, at(led[i], led[:i])})
		}
		p.Before = p.Before[max(0, len(p.Before)-mostBefore):]
		led = append(led, here)
	}
	if info := object(connection["pageInfo"]); info["hasNextPage"] == true {
		p.Next = at(text(info["endCursor"]), led)
	}
	p.Total = p.total(connection)
	return p
}

// pagerOf is newPager for the page that was asked for.
func pagerOf(r *http.Request, connection any) pager {
	return newPager(r.URL.Path, r.URL.Query(), object(connection))
}
