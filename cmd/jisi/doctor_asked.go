package main

import (
	"context"
	"fmt"

	"github.com/jisiguangyi/jisi/store"
)

// checkAsked reports whether readers' questions are kept, and how many there are.
func checkAsked(ctx context.Context, r *report, c *config, db *examined) {
	const name = "queries"
	rows, pairs := -1, 0
	if db.url != "" && db.current {
		if s, err := store.Open(ctx, db.url, store.Options{Log: silent()}); err == nil { // else the database's own check has told
			defer s.Close()
			if n, err := s.CountAsked(ctx); err == nil {
				rows = n
			}
			if lay, err := s.LayWords(ctx); err == nil {
				pairs = len(lay)
			}
		}
	}
	zh, en := "读者的检索一律不留", "nothing is kept of readers' searches"
	if c.keepQueries > 0 {
		zh = fmt.Sprintf("读者同意时，没找到什么的检索留 %d 天", c.keepQueries)
		en = fmt.Sprintf("searches that find little are kept for %d days of readers who agree", c.keepQueries)
	}
	if rows >= 0 {
		zh += fmt.Sprintf("，现有 %d 条，已采用对照 %d 对", rows, pairs)
		en += fmt.Sprintf("; there are %d, and %d pairs of lay words", rows, pairs)
	}
	r.well(name, zh, en)
}
