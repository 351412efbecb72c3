package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
)

func removeCommand() command {
	var synthetic bool
	return command{
		name:  "remove",
		args:  "-synthetic",
		zh:    "删除全部合成记录",
		en:    "take all made-up records out",
		help:  "  jisi remove -synthetic\n\n只删 origin 为 SYNTHETIC 的记录，不会询问。中断后可以再次运行。\nOnly records of origin SYNTHETIC go, without a question. It can be run again after a stop.\n",
		takes: []group{ofDatabase},
		flags: func(set *flag.FlagSet) {
			set.BoolVar(&synthetic, "synthetic", false, "合成记录\nrecords of origin SYNTHETIC")
		},
		run: func(a *app, ctx context.Context, c *config, args []string) error {
			if !synthetic || len(args) > 0 {
				return usage(removeCommand(), errors.New("say what to remove: -synthetic"))
			}
			return a.withDatabase(ctx, c, func(d *database) error {
				line := a.newProgress()
				n, err := d.store.RemoveSynthetic(ctx, func(done int) { line.write(fmt.Sprintf("已删除 %d 条 · removed %d", done, done)) })
				line.end()
				if err == nil || n > 0 {
					fmt.Fprintf(a.stdout, "已删除 %d 条合成记录 · removed %d synthetic records\n", n, n)
				}
				return err
			})
		},
	}
}
