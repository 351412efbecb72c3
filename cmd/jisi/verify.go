package main

import (
	"context"
	"fmt"
	"io"

	"github.com/jisiguangyi/jisi/catalog"
)

func verifyCommand() command {
	return command{
		name: "verify",
		zh:   "核对数据库：引文、位置、摘要值、版本、计数和发布",
		en:   "check the database: quotes, offsets, digests, versions, counts and releases",
		help: `  jisi verify

逐条核对数据库所存与所写是否一致，不作任何改动；服务运行时也可以核对。
有一处不符即逐一列出（每项至多 100 处），退出码为 1。
Checks, record by record, that the database holds what was written into it; it
changes nothing, and works beside a server too. Whatever is not as it should be
is named, up to 100 of each check, and the exit code is then 1.
`,
		takes: []group{ofDatabase},
		run: func(a *app, ctx context.Context, c *config, _ []string) error {
			return a.withDatabase(ctx, c, func(d *database) error {
				v, err := d.store.Verify(ctx)
				if err != nil {
					return err
				}
				r := &releases{app: a, dir: releasesDir(c)}
				check, err := r.check(ctx, d, "")
				if err != nil {
					return err
				}
				v.Checks = append(v.Checks, check)
				return tellVerified(a.stdout, v)
			})
		},
	}
}

// tellVerified writes a line a check and one below it for each failure, and
// gives an error where there is any.
func tellVerified(w io.Writer, v *catalog.Verification) error {
	failed := 0
	for _, c := range v.Checks {
		mark := "✓"
		if c.Failed > 0 {
			mark = "✗"
			failed += c.Failed
		}
		fmt.Fprintf(w, "%s %-10s %7d  %s · %s\n", mark, c.Name, c.Checked, c.Zh, c.En)
		for _, f := range c.Failures {
			fmt.Fprintf(w, "    %s %s: %s\n", f.Kind, f.Slug, f.What)
		}
		if more := c.Failed - len(c.Failures); more > 0 {
			fmt.Fprintf(w, "    另有 %d 处 · and %d more\n", more, more)
		}
	}
	if failed > 0 {
		return &sentence{fmt.Sprintf("核对发现 %d 处不符", failed), fmt.Sprintf("%d things are not as they should be", failed), nil}
	}
	return nil
}
