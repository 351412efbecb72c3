package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jisiguangyi/jisi/indexer"
)

func reindexCommand() command {
	return command{
		name: "reindex",
		zh:   "重建检索索引",
		en:   "build the search index anew",
		help: `  jisi reindex

索引由数据库派生，随时可以重建；服务运行时由服务在后台重建，检索不中断。
停下以后再运行，会接着做下去。
The index is derived from the database and can be built anew at any time. Where a
server is running it does so in the background, and searches go on. One that was
stopped goes on when it is run again.
`,
		takes: []group{ofDatabase},
		run:   func(a *app, ctx context.Context, c *config, _ []string) error { return a.reindex(ctx, c) },
	}
}

// reindex opens the database first: only then it is known whose data directory is meant.
func (a *app) reindex(ctx context.Context, c *config) error {
	return a.withDatabase(ctx, c, func(d *database) error {
		words, err := indexer.LoadWords(wordsDir(c))
		if err != nil {
			return err
		}
		line, start, before := a.newProgress(), time.Now(), -1
		defer line.end()
		index, err := indexer.Open(ctx, indexDir(c), words, indexer.Options{
			Logger: newLog(a.stderr, quietly(c)),
			Building: func(records int) {
				if before < 0 {
					before = records - 1 // not 0 where it goes on with one that was stopped
				}
				if records%1000 == 0 {
					line.write(fmt.Sprintf("已读 %d 条，每秒 %.0f 条", records, float64(records-before)/time.Since(start).Seconds()))
				}
			},
		})
		if errors.Is(err, indexer.ErrLocked) {
			if err := indexer.RequestRebuild(indexDir(c)); err != nil {
				return err
			}
			fmt.Fprintln(a.stdout, "已请运行中的服务重建索引，进度见 /readyz · the running server was asked to build the index anew; /readyz tells when it is done")
			return nil
		}
		if err != nil {
			return err
		}
		if err = index.Rebuild(ctx, d.store); err == nil {
			line.end()
			n := index.State().Documents
			fmt.Fprintf(a.stdout, "索引已重建，%d 条记录 · the index is built, %d records (%.1fs)\n", n, n, time.Since(start).Seconds())
		}
		return errors.Join(err, index.Close())
	})
}
