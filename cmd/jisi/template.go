package main

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"

	"github.com/jisiguangyi/jisi/exchange/export"
)

const templateHelp = `  jisi template cases.xlsx
  jisi import cases.xlsx

模板有三张表：案例（带下拉列表）、选项、填写说明。单位、地区、品牌和议题的列表取自数据库。
The workbook has three sheets: cases, with lists to choose from, the lists, and
instructions in Chinese. Committees, regions, brands and topics are those of the
database.

` + export.Notation

func templateCommand() command {
	return command{
		name:  "template",
		args:  "FILE.xlsx",
		zh:    "生成填写案例的 Excel 模板",
		en:    "write an Excel template to fill cases in",
		help:  templateHelp,
		takes: []group{ofDatabase},
		run: func(a *app, ctx context.Context, c *config, args []string) error {
			if len(args) != 1 || !strings.EqualFold(filepath.Ext(args[0]), ".xlsx") {
				return usage(templateCommand(), errors.New("name one file that ends in .xlsx"))
			}
			return a.withDatabase(ctx, c, func(d *database) error {
				if err := seedWhereNew(ctx, c, d, newLog(a.stderr, quietly(c))); err != nil {
					return err
				}
				names, err := export.ReadNames(ctx, d.store)
				if err != nil {
					return err
				}
				return writeFile(args[0], func(w io.Writer) error { return export.WriteTemplate(w, names) })
			})
		},
	}
}
