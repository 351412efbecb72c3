package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/export"
	"github.com/jisiguangyi/jisi/internal/files"
	"github.com/jisiguangyi/jisi/server"
)

const exportHelp = `  jisi export -o all.jsonl                       全部记录 · every record
  jisi export -kind case -o cases.csv            案例 · cases
  jisi export -kind case,proposal -o some.xlsx   每类一张表 · a sheet a kind
  jisi export -o one.docx ye-shi                 一个案例的 Word 文档 · one case, by its slug

格式由 -format 或文件名决定；不写 -o 则写到标准输出。导出的是同一时刻的全部记录，含草稿。
导出的 JSON Lines、CSV 和 XLSX 再导入，与原来没有差别；DOCX 不保留空行。
The format is that of -format, or of the file's name. Records are all as of one
moment, drafts among them. What is exported as JSON Lines, CSV or XLSX comes back
by an import without a difference; DOCX drops empty lines.

` + export.Notation

// exportFlags are the export's own.
type exportFlags struct{ format, kinds, output string }

func exportCommand() command {
	var own exportFlags
	return command{
		name:  "export",
		args:  "[SLUG]",
		zh:    "导出记录（JSON Lines、CSV、XLSX），或一个案例（DOCX）",
		en:    "write records out (JSON Lines, CSV, XLSX), or one case (DOCX)",
		help:  exportHelp,
		takes: []group{ofDatabase},
		flags: func(set *flag.FlagSet) {
			set.StringVar(&own.format, "format", "", "格式 jsonl、csv、xlsx、docx；不填则看文件名\njsonl, csv, xlsx or docx; without it that of the file's name")
			set.StringVar(&own.kinds, "kind", "", "记录类型，逗号隔开，如 case,proposal；不填则为全部\nkinds of records with commas between, as in case,proposal; without it all")
			set.StringVar(&own.output, "o", "", "写入此文件，不填则写到标准输出\nwrite to this file; without it to standard output")
		},
		run: func(a *app, ctx context.Context, c *config, args []string) error {
			format := own.chosenFormat()
			kinds, err := kindsOf(own.kinds)
			switch {
			case err != nil:
			case format != "docx" && !slices.Contains(export.Formats, export.Format(format)):
				err = fmt.Errorf("there is no format %q; there are jsonl, csv, xlsx and docx", format)
			case format == "docx" && (len(args) != 1 || own.kinds != ""):
				err = errors.New("a .docx holds one case: name its slug, and no kind")
			case format != "docx" && len(args) > 0:
				err = fmt.Errorf("only a .docx is of one record, and there is %q", args[0])
			}
			if err != nil {
				return usage(exportCommand(), err)
			}
			return a.withDatabase(ctx, c, func(d *database) error {
				if format == "docx" {
					return a.exportDocument(ctx, d, own.output, args[0])
				}
				return a.writeOut(own.output, func(w io.Writer) error {
					n, err := export.Write(ctx, w, d.store, export.Format(format), kinds)
					if err == nil {
						fmt.Fprintf(a.stderr, "导出 %d 条 · %d exported\n", n, n)
					}
					return err
				})
			})
		},
	}
}

// chosenFormat returns -format, or what the file's name says, or JSON Lines.
func (f exportFlags) chosenFormat() string {
	if f.format != "" {
		return f.format
	}
	if ending := strings.ToLower(strings.TrimPrefix(filepath.Ext(f.output), ".")); ending != "" {
		return ending
	}
	return string(export.FormatJSONL)
}

func kindsOf(list string) ([]catalog.RecordKind, error) {
	if list == "" {
		return nil, nil
	}
	asked := map[catalog.RecordKind]bool{}
	for _, name := range strings.Split(list, ",") {
		kind := catalog.RecordKind(strings.ToUpper(strings.TrimSpace(name)))
		if !kind.Valid() {
			return nil, fmt.Errorf("there is no kind %q", name)
		}
		asked[kind] = true
	}
	// In the order in which they refer to each other, so that an import needs to
	// put little off.
	var kinds []catalog.RecordKind
	for _, kind := range catalog.RecordKinds {
		if asked[kind] {
			kinds = append(kinds, kind)
		}
	}
	return kinds, nil
}

// writeOut writes to a file, whole or not at all, or to standard output.
func (a *app) writeOut(name string, write func(io.Writer) error) error {
	if name == "" || name == "-" {
		return write(a.stdout)
	}
	return writeFile(name, write)
}

// exportDocument writes the case of that slug as a document, a draft as well:
// whoever runs this command may read the database.
func (a *app) exportDocument(ctx context.Context, d *database, output, slug string) error {
	ctx = catalog.WithViewer(ctx, &catalog.Viewer{Name: "jisi export", Role: catalog.RoleAdmin})
	_, _, file, err := files.Files{Store: d.store}.Document(ctx, slug, server.DocumentForm{Exchange: true})
	if err != nil {
		return err
	}
	return a.writeOut(output, func(w io.Writer) error {
		_, err := w.Write(file)
		return err
	})
}
