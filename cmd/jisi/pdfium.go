package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/jisiguangyi/jisi/exchange/pdf"
)

func pdfiumCommand() command {
	return command{
		name: "pdfium",
		args: "FOLDER",
		zh:   "预先编译读取 PDF 的程序，构建时用",
		en:   "compile what reads PDF files ahead, for builds",
		help: "  jisi pdfium bin/jisi-pdfium\n\n" +
			"make build 和安装包已做好。程序在自己旁边的 jisi-pdfium 或 ../lib/jisi/pdfium 找；没有，\n" +
			"或不合这台机器的处理器，第一次读较长的 PDF 时另行编译，存入数据目录的 pdfium。\n" +
			"make build and the packages have done it. The program looks into jisi-pdfium beside it\n" +
			"and into ../lib/jisi/pdfium; where there is none, or none for this processor, the first\n" +
			"longer PDF has it compiled into pdfium of the data directory.\n",
		run: func(a *app, _ context.Context, _ *config, args []string) error {
			if len(args) != 1 {
				return usage(pdfiumCommand(), errors.New("name a folder"))
			}
			made, err := pdf.CompileInto(args[0])
			switch {
			case err != nil:
				return &sentence{"无法编译读取 PDF 的程序到 " + args[0], "what reads PDF files could not be compiled into " + args[0], err}
			case made:
				_, err = fmt.Fprintf(a.stdout, "已编译到 %s · compiled into it\n", args[0])
			default:
				_, err = fmt.Fprintf(a.stdout, "%s 已是最新 · is up to date\n", args[0])
			}
			return err
		},
	}
}

// pdfiumDir returns where what reads PDF files is kept compiled; it may be deleted.
func pdfiumDir(c *config) string { return filepath.Join(c.dataDir, "pdfium") }

// pdfiumMade returns where a build or a package puts what reads PDF files, compiled.
func pdfiumMade() []string {
	program, err := os.Executable()
	if err != nil {
		return nil
	}
	if real, err := filepath.EvalSymlinks(program); err == nil {
		program = real
	}
	beside := filepath.Dir(program)
	return []string{filepath.Join(beside, "jisi-pdfium"), filepath.Join(beside, "..", "lib", "jisi", "pdfium")}
}
