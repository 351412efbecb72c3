package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/release"
	"github.com/jisiguangyi/jisi/store/verify"
)

func verifyCommand() command {
	against := ""
	return command{
		name: "verify",
		zh:   "核对数据库：引文、位置、摘要值、版本、计数和发布",
		en:   "check the database: quotes, offsets, digests, versions, counts and releases",
		help: `  jisi verify
  jisi verify -against 2026-11   并与另存的一份发布比对 · and against a release kept elsewhere

逐条核对数据库所存与所写是否一致，不作任何改动；服务运行时也可以核对。
有一处不符即逐一列出（每项至多 100 处），退出码为 1。
Checks, record by record, that the database holds what was written into it; it
changes nothing, and works beside a server too. Whatever is not as it should be
is named, up to 100 of each check, and the exit code is then 1.

能改写整个数据库的人，也能把摘要值一并改写；改不了的是别处另存的发布：其 records.csv 载有
每条记录到该版本为止的修订摘要（先用 sha256sum -c SHA256SUMS 核对该份发布）。
Whoever can rewrite the whole database can write its digests anew as well, but not
those in a release that is kept elsewhere: its records.csv has, of each record, the
digest of all revisions up to then (check that copy first: sha256sum -c SHA256SUMS).
`,
		takes: []group{ofDatabase},
		flags: func(set *flag.FlagSet) {
			set.StringVar(&against, "against", "", "另存的一份发布的文件夹\nthe folder of a release that was kept elsewhere")
		},
		run: func(a *app, ctx context.Context, c *config, _ []string) error {
			return a.withDatabase(ctx, c, func(d *database) error {
				v, err := verify.Database(ctx, d.store)
				if err != nil {
					return err
				}
				r := &releases{app: a, dir: releasesDir(c)}
				checks, err := r.checkAll(ctx, d, against)
				if err != nil {
					return err
				}
				v.Checks = append(v.Checks, checks...)
				return tellVerified(a.stdout, v)
			})
		},
	}
}

// checkAll checks the files of all releases, and that the database still has what
// they hold, as it has to have what the copy of one in the folder against holds.
func (r *releases) checkAll(ctx context.Context, d *database, against string) ([]*catalog.Check, error) {
	files, err := r.check(ctx, d, "")
	if err != nil {
		return nil, err
	}
	all, err := everyRelease(ctx, d)
	if err != nil {
		return nil, err
	}
	var versions []catalog.ReleasedVersion
	for _, one := range all {
		held, err := release.Versions(filepath.Join(r.dir, one.Name), one.Name)
		if err == nil { // where it cannot be read, the check of files has told
			versions = append(versions, held...)
		}
	}
	if against != "" {
		held, err := release.Versions(against, filepath.Base(filepath.Clean(against)))
		if err != nil {
			return nil, err
		}
		versions = append(versions, held...)
	}
	released, err := verify.Released(ctx, d.store, versions)
	return []*catalog.Check{files, released}, err
}

// tellVerified writes a line a check, one below it for each failure, and at the
// end what to do about them. It returns an error where there is any.
func tellVerified(w io.Writer, v *catalog.Verification) error {
	failed := 0
	var advice []catalog.Advice
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
		if c.Failed > 0 && !slices.Contains(advice, c.Advice) {
			advice = append(advice, c.Advice)
		}
	}
	for _, a := range advice {
		fmt.Fprintf(w, "→ %s\n  %s\n", a.Zh, a.En)
	}
	if failed > 0 {
		return &sentence{fmt.Sprintf("核对发现 %d 处不符", failed), fmt.Sprintf("%d things are not as they should be", failed), nil}
	}
	return nil
}
