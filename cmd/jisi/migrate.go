package main

import (
	"context"

	"github.com/jisiguangyi/jisi/store"
)

func migrateCommand() command {
	return command{
		name:  "migrate",
		zh:    "把数据库升级到本版本（serve 会自动进行）",
		en:    "bring the database up to this version (serve does so by itself)",
		help:  "  jisi migrate\n  DATABASE_URL=postgres://jisi@db/jisi jisi migrate\n",
		takes: []group{ofDatabase},
		run: func(a *app, ctx context.Context, c *config, _ []string) error {
			d, err := a.openDatabase(ctx, c, store.Options{Log: newLog(a.stderr, quietly(c))})
			if err != nil {
				return err
			}
			a.whereabouts(c, d)
			return a.closeDatabase(d)
		},
	}
}
