package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange"
	"github.com/jisiguangyi/jisi/exchange/pdf"
	"github.com/jisiguangyi/jisi/exchange/reading"
)

const importHelp = `  jisi import cases.jsonl more.jsonl
  cat cases.jsonl | jisi import -
  jisi import cases.xlsx               按 jisi template 的模板填写 · filled in by jisi template's form
  jisi import 案例.docx 各县.zip 文件夹/  文档、压缩包、整个文件夹 · documents, a ZIP, a whole folder
  jisi import -strict cases.jsonl      全部成功才写入 · all or nothing
  jisi import -dry-run cases.jsonl     只检查，不写入 · check only

JSON Lines：每行一条记录，UTF-8。字段名与接口的输入类型相同，引用写 slug、代码或名称：
JSON Lines: a record a line, in UTF-8. Fields are named as in the API's input
types; what a record refers to is named by slug, code or name:

  {"type":"case","slug":"ye-shi","title":"关于发展夜间经济的协商","background":"……"}

CSV、XLSX 每行一个案例，表头中英文均可；DOCX 一份一个案例，按“背景、做法、成效、启示”分段。
CSV and XLSX: a row a case, headers in Chinese or English. DOCX: a case a document,
in the parts 背景, 做法, 成效 and 启示. What is not taken of a file is told by place.

来源默认 CONTRIBUTED，状态默认 PUBLISHED。同一文件再导入一次，什么都不会变。
不合格的行会报告文件、行号、字段和原因，其余照常写入；有不合格的行时退出码为 3。
不合格满 1000 条即停，加 -all 则读完。
The origin defaults to CONTRIBUTED, the status to PUBLISHED. To import a file
again changes nothing. A line that is refused is told by file, line, field and
reason while the others go in, and the exit code is then 3. It stops at 1,000
refused ones; -all reads on.
`

// importFlags are the import's own.
type importFlags struct {
	strict, dryRun, all bool
	refused             string
}

func importCommand() command {
	var own importFlags
	return command{
		name:  "import",
		args:  "FILE…",
		zh:    "导入记录（- 为标准输入）",
		en:    "bring records in (- is standard input)",
		help:  importHelp,
		takes: []group{ofDatabase},
		flags: func(set *flag.FlagSet) {
			set.BoolVar(&own.strict, "strict", false, "有一条不合格就全部不写\nwrite nothing where a record is refused")
			set.BoolVar(&own.dryRun, "dry-run", false, "只检查，不写入\ncheck only, write nothing")
			set.BoolVar(&own.all, "all", false, "不合格满 1000 条也继续读完（默认到此为止）\nread on past 1,000 refused records, where it stops by default")
			set.StringVar(&own.refused, "report", "", "把不合格的记录和未采用的内容写入此文件，每行一个 JSON 对象\nwrite what is refused or left out to this file, a JSON object a line")
			set.StringVar(&own.refused, "refused", "", "同 -report\nthe same as -report")
		},
		run: func(a *app, ctx context.Context, c *config, args []string) error {
			if len(args) == 0 {
				return usage(importCommand(), errors.New("name a file, or - for standard input"))
			}
			return a.importFiles(ctx, c, own, args)
		},
	}
}

// importFiles opens the files first, so that a wrong name is reported before
// anything has begun.
func (a *app) importFiles(ctx context.Context, c *config, own importFlags, names []string) (err error) {
	files, closeFiles, err := a.openFiles(names)
	if err != nil {
		return err
	}
	defer closeFiles()
	line := a.newProgress()
	o := exchange.ImportOptions{Strict: own.strict, DryRun: own.dryRun, Progress: func(p exchange.Progress) { line.write(progressLine(p)) }}
	if !own.all {
		o.StopAfter = exchange.MaxRefusals
	}
	if own.refused != "" {
		f, err := os.Create(own.refused)
		if err != nil {
			return &sentence{"无法写入 " + own.refused, "the refused records cannot be written", err}
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		o.Refused = f
	}
	log := newLog(a.stderr, quietly(c))
	return a.withDatabase(ctx, c, func(d *database) error {
		pdf.Compile(pdf.Compiling{
			Made: pdfiumMade(), Dir: pdfiumDir(c),
			Begun: func() {
				line.write("第一次读较长的 PDF，先编译读取程序，只此一次，约几秒 · compiling what reads PDF files, once, some seconds")
			},
			Told: func(err error) { log.Warn("PDF files are read slowly", "error", err) },
		})
		if err := seedWhereNew(ctx, c, d, log); err != nil {
			return err
		}
		into := &importSink{store: d.store, out: a.stdout, dryRun: own.dryRun, clear: line.end}
		if !own.dryRun {
			o.Keep = func(name string, content []byte) (string, error) { return into.keep(ctx, name, content) }
		}
		report, err := exchange.Import(ctx, into, catalog.Actor{Name: actorOf(names)}, files, o)
		line.end()
		into.listRest()
		if n := report.Counts(); report.Committed && n.New+n.Changed >= manyRecords {
			if err := d.store.Settle(ctx); err != nil {
				log.Warn("the tables could not be settled, as PostgreSQL does by itself soon", "error", err)
			}
		}
		return a.tell(report, err)
	})
}

// manyRecords is from how many written records on the tables are settled.
const manyRecords = 500

// openFiles opens the files by their names; "-" is standard input.
func (a *app) openFiles(names []string) (files []reading.File, closeAll func(), err error) {
	var opened []io.Closer
	closeAll = func() {
		for _, f := range opened {
			_ = f.Close() // it was only read
		}
	}
	for _, name := range names {
		if name == "-" {
			files = append(files, reading.File{Name: name, Reader: a.stdin})
			continue
		}
		f, err := os.Open(name)
		if err != nil {
			closeAll()
			return nil, nil, &sentence{"无法打开 " + name, "the file cannot be opened", err}
		}
		opened = append(opened, f)
		file := reading.File{Name: name, Reader: f}
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			file.Size = info.Size()
		}
		files = append(files, file)
	}
	return files, closeAll, nil
}

// actorOf names an import in the revisions that it makes.
func actorOf(names []string) string {
	bases := make([]string, len(names))
	for i, name := range names {
		bases[i] = filepath.Base(name)
	}
	const most = 200
	actor := []rune("import " + strings.Join(bases, " "))
	return string(actor[:min(len(actor), most)])
}

func progressLine(p exchange.Progress) string {
	line := fmt.Sprintf("已处理 %d 条，每秒 %.0f 条", p.Records, p.Rate)
	if p.TotalBytes > 0 {
		line += fmt.Sprintf("，%d%%", 100*p.Bytes/p.TotalBytes)
	}
	if p.Waiting > 0 {
		line += fmt.Sprintf("，%d 条等待所引用的记录", p.Waiting)
	}
	return line
}

// shownRefusals is how many refused records are listed one by one.
const shownRefusals = 20

// tell writes what an import did: refusals to stderr, the counts to stdout.
func (a *app) tell(report exchange.Report, err error) error {
	for i, refusal := range report.Refusals {
		if i == shownRefusals {
			fmt.Fprintf(a.stderr, "……其余不合格的记录用 -report FILE 写到文件 · the others: -report FILE\n")
			break
		}
		fmt.Fprintln(a.stderr, refusal.String())
	}
	if report.More {
		fmt.Fprintf(a.stderr, "已有 %d 条不合格，读到这里为止，后面可能还有；改好后重新导入，或加 -all 读完 · %d records were refused, and nothing was read past them: put these right and import again, or read all by -all\n", exchange.MaxRefusals, exchange.MaxRefusals)
	}
	n := report.Counts()
	if n.Total() > 0 || err == nil {
		fmt.Fprintf(a.stdout, "新增 %d，更改 %d，未变 %d，不合格 %d · %d new, %d changed, %d same, %d refused (%.1fs)\n",
			n.New, n.Changed, n.Same, n.Refused, n.New, n.Changed, n.Same, n.Refused, report.Elapsed.Seconds())
		if !report.Committed {
			fmt.Fprintln(a.stdout, "没有写入 · nothing was written")
		}
	}
	switch {
	case n.Refused > 0:
		return &exitError{exitRefused, nil}
	case err != nil:
		return err
	}
	return nil
}
