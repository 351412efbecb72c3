package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer"
)

const queriesHelp = `  jisi queries                       没找到什么的检索，和随后打开的记录
                                     searches that found little, and what was opened after
  jisi queries suggest               由不同的检索和记录推出的对照
                                     pairs that different searches and records suggest
  jisi queries accept 没人接=课后服务  检索“没人接”也找“课后服务”，反过来不找
                                     a search for the first finds the second too, one way
  jisi queries words                 已采用的对照 · the pairs accepted
  jisi queries drop 没人接            去掉一个词的对照 · drop the pairs of a word
  jisi queries forget                删除记下的全部检索 · delete all searches kept

serve 设了 -keep-queries，读者又在检索页上同意，才会记下。只有词典里的词，按字母顺序，没有人名、
地名和数字；不记是谁、从哪里来，到期删除，不进备份、导出、发布和日志。采用的对照几秒内生效。
Nothing is kept unless serve has -keep-queries and the reader has agreed on the page of
results: the words that a dictionary has, in the order of the alphabet, without names and
digits, nothing of who asked, deleted when its time is over, and in no backup, export,
release or log. Pairs that are accepted hold within seconds.
`

// queriesFlags are the command's own.
type queriesFlags struct {
	least, first int
}

func queriesCommand() command {
	own := &queriesFlags{}
	return command{
		name:  "queries",
		args:  "[suggest|accept|words|drop|forget]",
		zh:    "读者没找到什么，由此采用通俗词与公文词的对照",
		en:    "what readers asked in vain, and lay words made of it",
		help:  queriesHelp,
		takes: []group{ofDatabase},
		flags: func(set *flag.FlagSet) {
			set.IntVar(&own.least, "least", 2, "suggest：一对词至少要有几个不同的检索、几条不同的记录\nsuggest: how many different searches, and records, a pair needs")
			set.IntVar(&own.first, "first", 50, "最多列出多少\nhow many to list")
		},
		run: func(a *app, ctx context.Context, c *config, args []string) error {
			act, err := a.queriesAct(c, own, args)
			if err != nil {
				return err
			}
			return a.withDatabase(ctx, c, func(d *database) error { return act(ctx, d) })
		},
	}
}

// queriesAct returns what the arguments ask for.
func (a *app) queriesAct(c *config, own *queriesFlags, args []string) (func(context.Context, *database) error, error) {
	if own.least < 2 || own.first < 1 {
		return nil, usage(queriesCommand(), errors.New("-least is at least 2, and -first at least 1"))
	}
	verb := ""
	if len(args) > 0 {
		verb = args[0]
	}
	switch {
	case verb == "":
		return func(ctx context.Context, d *database) error { return a.listAsked(ctx, d, own.first) }, nil
	case verb == "suggest" && len(args) == 1:
		return func(ctx context.Context, d *database) error { return a.suggestLay(ctx, c, d, own) }, nil
	case verb == "accept" && len(args) > 1:
		return func(ctx context.Context, d *database) error { return a.acceptLay(ctx, c, d, args[1:]) }, nil
	case verb == "words" && len(args) == 1:
		return a.listLay, nil
	case verb == "drop" && len(args) == 2:
		return func(ctx context.Context, d *database) error {
			n, err := d.store.DropLayWords(ctx, args[1])
			if err == nil {
				fmt.Fprintf(a.stdout, "去掉 %d 对 · %d pairs dropped\n", n, n)
			}
			return err
		}, nil
	case verb == "forget" && len(args) == 1:
		return func(ctx context.Context, d *database) error {
			n, err := d.store.ForgetAsked(ctx)
			if err == nil {
				fmt.Fprintf(a.stdout, "删除 %d 条 · %d rows deleted\n", n, n)
			}
			return err
		}, nil
	}
	return nil, usage(queriesCommand(), errors.New("say suggest, accept and pairs, words, drop and a word, or forget"))
}

// listAsked writes what was asked in vain.
func (a *app) listAsked(ctx context.Context, d *database, first int) error {
	found, err := d.store.AskedInVain(ctx, first)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		fmt.Fprintln(a.stdout, "没有记下的检索 · no searches are kept")
		return nil
	}
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "TIMES\tLAST\tWORDS\tOPENED AFTER")
	for _, q := range found {
		var opened []string
		for _, o := range q.Opened {
			opened = append(opened, fmt.Sprintf("%s (%d)", o.Title, o.Times))
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\n", q.Times, q.Last, strings.Join(q.Words, " "), strings.Join(opened, "; "))
	}
	return w.Flush()
}

// suggestLay writes the pairs that what was asked and opened suggests, as accept takes them.
func (a *app) suggestLay(ctx context.Context, c *config, d *database, own *queriesFlags) error {
	opened, err := d.store.AskedOpened(ctx)
	if err != nil {
		return err
	}
	var ids []catalog.ID
	for _, o := range opened {
		ids = append(ids, o.Record)
	}
	documents, err := d.store.Documents(ctx, ids)
	if err != nil {
		return err
	}
	accepted, err := d.store.LayWords(ctx)
	if err != nil {
		return err
	}
	words, err := indexer.LoadWords(wordsDir(c))
	if err != nil {
		return err
	}
	pairs := indexer.SuggestLayWords(words, opened, documents, accepted, own.least)
	if len(pairs) == 0 {
		fmt.Fprintln(a.stdout, "还没有足够的检索 · not enough was asked and opened yet")
		return nil
	}
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "PAIR\tSEARCHES\tRECORDS\tSHARE")
	for _, p := range pairs[:min(len(pairs), own.first)] {
		fmt.Fprintf(w, "%s=%s\t%d\t%d\t%.0f %%\n", p.Lay, p.Office, p.Questions, p.Records, 100*p.Share)
	}
	return w.Flush()
}

// acceptLay takes pairs, as in 没人接=课后服务.
func (a *app) acceptLay(ctx context.Context, c *config, d *database, args []string) error {
	words, err := indexer.LoadWords(wordsDir(c))
	if err != nil {
		return err
	}
	var pairs []catalog.LayWord
	for _, arg := range args {
		lay, office, ok := strings.Cut(arg, "=")
		p := catalog.LayWord{Lay: words.FoldQuery(lay).String(), Office: words.FoldQuery(office).String()}
		n, m := len([]rune(p.Lay)), len([]rune(p.Office))
		if !ok || n < 2 || n > 8 || m < 2 || m > 20 || p.Lay == p.Office || strings.ContainsAny(p.Lay+p.Office, " \t\n") {
			return &sentence{"“" + arg + "”应写成 通俗词=公文词，前者 2 至 8 字，后者 2 至 20 字，中间没有空格", fmt.Sprintf("%q is not a lay word of 2 to 8 characters, =, and an office word of 2 to 20, without spaces", arg), nil}
		}
		pairs = append(pairs, p)
	}
	if err := d.store.AcceptLayWords(ctx, pairs); err != nil {
		return firstOf(err)
	}
	for _, p := range pairs {
		fmt.Fprintf(a.stdout, "检索“%s”也找“%s” · a search for %s finds %s too\n", p.Lay, p.Office, p.Lay, p.Office)
	}
	return nil
}

// listLay writes the pairs that were accepted.
func (a *app) listLay(ctx context.Context, d *database) error {
	pairs, err := d.store.LayWords(ctx)
	if err != nil {
		return err
	}
	for _, p := range pairs {
		fmt.Fprintf(a.stdout, "%s=%s\n", p.Lay, p.Office)
	}
	return nil
}
