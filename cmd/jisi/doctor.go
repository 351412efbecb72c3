package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
)

func doctorCommand() command {
	return command{
		name: "doctor",
		zh:   "检查安装：目录、磁盘、数据库、通知、索引、词典、地址",
		en:   "check an installation: folders, disk, database, notices, index, dictionaries, address",
		help: `  jisi doctor
  DATABASE_URL=postgres://jisi@db/jisi jisi doctor -data-dir /var/lib/jisi

用与 serve 相同的设置运行。每项检查为 ✓ 正常、! 请留意或 ✗ 有误，后两者说明怎么办；有 ✗ 时退出码为 1。
不改动任何记录；自带的 PostgreSQL 没有运行时，检查期间会启动它。服务运行时也可以检查。
Run it with serve's settings. Each check is ✓ well, ! to be noted or ✗ wrong, and
the latter two say what to do; the exit code is 1 where one is ✗. No record is
changed; a private PostgreSQL that does not run is started for the time of the
check. It works beside a running server too.
`,
		takes: []group{ofServer, ofDatabase},
		run:   func(a *app, ctx context.Context, c *config, _ []string) error { return a.doctor(ctx, c) },
	}
}

// A finding is what one check came to.
type finding struct {
	name     string
	state    state
	zh, en   string // what was found
	doZh, do string // what to do about it, where it is not well
}

type state int

const (
	well state = iota
	noted
	wrong
)

func (s state) mark() string { return [...]string{"✓", "!", "✗"}[s] }

// report gathers the findings and writes each as it comes.
type report struct {
	w     io.Writer
	wrong int
	noted int
}

func (r *report) add(f finding) {
	fmt.Fprintf(r.w, "%s %-12s %s · %s\n", f.state.mark(), f.name, f.zh, f.en)
	if f.state == well {
		return
	}
	if f.do != "" {
		fmt.Fprintf(r.w, "    → %s\n    → %s\n", f.doZh, f.do)
	}
	if f.state == wrong {
		r.wrong++
	} else {
		r.noted++
	}
}

func (r *report) well(name, zh, en string) { r.add(finding{name: name, zh: zh, en: en}) }

// failed reports a check that an error ended.
func (r *report) failed(name, zh string, err error, doZh, do string) {
	r.add(finding{name, wrong, zh, oneLine(err.Error()), doZh, do})
}

func (a *app) doctor(ctx context.Context, c *config) error {
	r := &report{w: a.stdout}
	r.well("settings", "设置没有错误，版本 "+version, "the settings are valid, of version "+version)
	checkOffice(ctx, r)
	checkFonts(c, r)
	checkDataDir(r, c)
	checkDisk(r, c.dataDir)
	server := a.checkAddress(ctx, r, c)
	db := a.checkDatabase(ctx, r, c)
	defer db.close()
	checkNotify(ctx, r, c, db)
	checkMeaning(ctx, r, c, db)
	checkAsked(ctx, r, c, db)
	checkWords(r, c)
	checkIndex(ctx, r, c, db, server)
	if r.wrong > 0 {
		return &sentence{fmt.Sprintf("%d 项有误，%d 项请留意", r.wrong, r.noted), fmt.Sprintf("%d checks are wrong, %d are to be noted", r.wrong, r.noted), nil}
	}
	return nil
}

// silent returns the log of parts whose errors are reported here instead.
func silent() *slog.Logger { return slog.New(slog.DiscardHandler) }
