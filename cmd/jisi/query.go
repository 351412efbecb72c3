package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/jisiguangyi/jisi/internal/client"
)

const queryHelp = `  jisi query cases.graphql
  jisi query cases.graphql -var regions=220104 -var regions=220106 -all -format csv -o cases.csv
  jisi query learn.graphql -var problem=@problem.txt -format table
  echo '{ topics { slug name } }' | jisi query - -format table

变量按查询中声明的类型解析；列表类型可以重复给出，或写成 JSON；=@FILE 从文件读取（@- 为标准输入）。
表格每行一条记录，每列一个所选字段；一条记录中的多个值以“；”隔开。-all 按游标翻到最后一页。
有数据也有错误时，数据照常输出，错误写到标准错误，退出码为 1。
Variables are read as the types that the query declares; one of a list's type is
given several times, or as JSON; =@FILE reads it from a file (@- is standard
input). A table has a row a record and a column for each field selected; several
values within one record are parted by ；. -all pages by cursors to the end. Where
there are data and errors, the data is written, the errors go to standard error,
and the exit code is 1.
`

// queryFlags are the query's own.
type queryFlags struct {
	variables         words
	format, operation string
	output            string
	all               bool
}

// words is a flag that may be given several times.
type words []string

// String shows them.
func (w *words) String() string { return strings.Join(*w, " ") }

// Set adds one.
func (w *words) Set(word string) error { *w = append(*w, word); return nil }

func queryCommand() command {
	var own queryFlags
	return command{
		name:  "query",
		args:  "FILE.graphql",
		zh:    "向运行中的服务查询，输出 JSON、CSV 或表格",
		en:    "ask a running server, and write JSON, CSV or a table",
		help:  queryHelp,
		takes: []group{ofClient},
		flags: func(set *flag.FlagSet) {
			set.Var(&own.variables, "var", "变量，名=值，可以重复\na variable, name=value; may be given several times")
			set.StringVar(&own.format, "format", "json", "格式 json、csv、table\njson, csv or table")
			set.StringVar(&own.operation, "operation", "", "文件中有几个查询时，用哪一个\nwhich operation, where the file has several")
			set.BoolVar(&own.all, "all", false, "翻到最后一页\npage to the end of the list")
			set.StringVar(&own.output, "o", "", "写入此文件，不填则写到标准输出\nwrite to this file; without it to standard output")
		},
		run: func(a *app, ctx context.Context, c *config, args []string) error { return a.query(ctx, c, own, args) },
	}
}

func (a *app) query(ctx context.Context, c *config, own queryFlags, args []string) error {
	write, ok := map[string]func(*client.Answer, io.Writer) error{"json": (*client.Answer).WriteJSON, "csv": writeCSV, "table": writeTable}[own.format]
	switch {
	case len(args) != 1:
		return usage(queryCommand(), errors.New("name one file with a query, or - for standard input"))
	case !ok:
		return usage(queryCommand(), fmt.Errorf("there is no format %q; there are json, csv and table", own.format))
	}
	text, err := a.readText(args[0])
	if err != nil {
		return err
	}
	document, err := client.Parse(text, own.operation)
	if err != nil {
		return err
	}
	variables, err := document.Variables(own.variables, a.readText)
	if err != nil {
		return usage(queryCommand(), err)
	}
	if own.format != "json" {
		if err := document.Rows(); err != nil {
			return err
		}
	}
	token, err := readToken(c.tokenFile)
	if err != nil {
		return err
	}
	server := &client.Client{URL: c.server, Token: token}
	answer, err := a.ask(ctx, server, document, variables, own.all)
	if answer != nil {
		err = errors.Join(err, a.writeOut(own.output, func(w io.Writer) error { return write(answer, w) }))
	}
	var said *client.AnswerError
	if errors.As(err, &said) {
		zh, en := said.InWords()
		return &sentence{zh: zh, en: en}
	}
	return err
}

func (a *app) ask(ctx context.Context, server *client.Client, d *client.Document, variables map[string]any, all bool) (*client.Answer, error) {
	if !all {
		return server.Ask(ctx, d, variables)
	}
	line := a.newProgress()
	defer line.end()
	return server.All(ctx, d, variables, func(n int) { line.write(fmt.Sprintf("已取得 %d 条 · %d records", n, n)) })
}

// maxText bounds a file that is sent to a server.
const maxText = 16 << 20

// readText reads a file, or standard input where its name is "-".
func (a *app) readText(name string) (string, error) {
	in := a.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return "", err
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, maxText+1))
	if err == nil && len(text) > maxText {
		err = &sentence{name + " 太大", name + " is larger than 16 MiB", nil}
	}
	return string(text), err
}

// readToken reads a token from a file of its own, so that no list of processes
// and no history of a shell has it; "" where there is no file.
func readToken(file string) (string, error) {
	if file == "" {
		return "", nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", &sentence{"读不到令牌文件 " + file, "the file of the token cannot be read", err}
	}
	token := strings.TrimSpace(string(text))
	if token == "" || strings.ContainsAny(token, " \t\r\n") {
		return "", &sentence{"令牌文件 " + file + " 里应当只有一行令牌", file + " must hold a token on one line", nil}
	}
	return token, nil
}

func writeCSV(answer *client.Answer, w io.Writer) error {
	t, err := answer.Table()
	if err != nil {
		return err
	}
	return t.WriteCSV(w)
}

func writeTable(answer *client.Answer, w io.Writer) error {
	t, err := answer.Table()
	if err != nil {
		return err
	}
	return t.WriteText(w)
}
