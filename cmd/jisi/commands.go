package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/jisiguangyi/jisi/catalog"
)

// A command is one of jisi's subcommands.
type command struct {
	name   string
	args   string // as the help shows them
	zh, en string // what it does, in a line each
	help   string // more of it, with examples
	takes  []group
	flags  func(*flag.FlagSet) // flags of its own, nil for none
	run    func(a *app, ctx context.Context, c *config, args []string) error
}

// commands returns the subcommands, new for each run: a command's own flags are
// variables that its function shares.
func commands() []command {
	return []command{
		serveCommand(), migrateCommand(), importCommand(), exportCommand(), templateCommand(), reindexCommand(), verifyCommand(),
		generateCommand(), removeCommand(), tokenCommand(), releaseCommand(), backupCommand(), restoreCommand(),
		queryCommand(), queriesCommand(), doctorCommand(),
		schemaCommand(), pdfiumCommand(), versionCommand(),
	}
}

func commandByName(name string) (command, bool) {
	for _, c := range commands() {
		if c.name == name {
			return c, true
		}
	}
	return command{}, false
}

// start parses a command's settings and runs it.
func (a *app) start(ctx context.Context, c command, args []string) error {
	cfg, rest, err := a.parse(c, args)
	if err != nil {
		return err
	}
	if c.args == "" && len(rest) > 0 {
		return usage(c, fmt.Errorf("it takes no arguments, but there is %q", rest[0]))
	}
	catalog.SetZone(cfg.timeZone)
	catalog.SetReplyWithin(cfg.replyMonths)
	return c.run(a, ctx, cfg, rest)
}

const overview = `吉思广益：政协协商典型案例知识库
jisi: a knowledge base of consultation cases

  jisi serve                                  启动服务，数据库自带
                                              serve, with a database of its own
  jisi serve -listen :9000 -data-dir ./data   换端口和数据目录
                                              at another port, with data elsewhere
  jisi import cases.jsonl                     导入记录，服务运行时也可以
                                              bring records in, beside a server too
  jisi generate -cases 1000 | jisi import -   生成并导入合成案例
                                              make records up, and bring them in
  jisi remove -synthetic                      删除全部合成记录
                                              take all made-up records out

命令 · commands
`

// help writes the overview, or a command's help, and returns the exit code.
func (a *app) help(args []string) int {
	if len(args) > 0 {
		c, ok := commandByName(args[0])
		if !ok {
			return a.fail(unknownCommand(args[0]))
		}
		a.helpFor(c)
		return exitOK
	}
	fmt.Fprint(a.stdout, overview)
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	for _, c := range commands() {
		fmt.Fprintf(w, "  %s\t%s\n\t%s\n", strings.TrimSpace(c.name+" "+c.args), c.zh, c.en)
	}
	if err := w.Flush(); err != nil {
		return exitFailed
	}
	fmt.Fprint(a.stdout, "\njisi help serve 等可以看到各命令的说明和设置\njisi help serve, and so on, tells more of a command and its settings\n")
	return exitOK
}

// helpFor writes a command's help.
func (a *app) helpFor(c command) {
	fmt.Fprintf(a.stdout, "jisi %s\n\n%s\n%s\n", strings.TrimSpace(c.name+" "+c.args), c.zh, c.en)
	if c.help != "" {
		fmt.Fprintf(a.stdout, "\n%s", c.help)
	}
	if c.flags != nil {
		own := flag.NewFlagSet(c.name, flag.ContinueOnError)
		c.flags(own)
		fmt.Fprint(a.stdout, "\n")
		own.VisitAll(func(f *flag.Flag) { writeFlag(a.stdout, f, "") })
	}
	if len(c.takes) == 0 {
		return
	}
	fmt.Fprint(a.stdout, "\n设置（环境变量）· settings (environment)\n")
	cfg := &config{}
	for _, s := range settings {
		for _, g := range c.takes {
			if g == s.group {
				value := s.bind(cfg)
				writeFlag(a.stdout, &flag.Flag{Name: s.flag, Usage: s.zh + "\n" + s.en, DefValue: value.String()}, s.env)
			}
		}
	}
}

// writeFlag writes one flag with what it is for, in Chinese and in English on
// lines of their own, and its default.
func writeFlag(w io.Writer, f *flag.Flag, env string) {
	fmt.Fprintf(w, "  -%s", f.Name)
	if env != "" {
		fmt.Fprintf(w, " (%s)", env)
	}
	if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" {
		fmt.Fprintf(w, " = %s", f.DefValue)
	}
	fmt.Fprintf(w, "\n        %s\n", strings.ReplaceAll(f.Usage, "\n", "\n        "))
}
