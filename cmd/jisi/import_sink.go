package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange"
	"github.com/jisiguangyi/jisi/exchange/export"
	"github.com/jisiguangyi/jisi/store"
)

// shownCases is how many cases a dry run lists one by one.
const shownCases = 50

// importSink is the store as the command import writes to it: the original files of
// new cases are kept with them, and a dry run lists what was understood of each.
type importSink struct {
	store  *store.Store
	out    io.Writer
	dryRun bool
	clear  func() // ends the line of progress
	names  *export.Names
	listed int
}

// Begin starts a transaction.
func (s *importSink) Begin(ctx context.Context, actor catalog.Actor) (exchange.Writer, error) {
	if s.dryRun && s.names == nil {
		names, err := export.ReadNames(ctx, s.store)
		if err != nil {
			return nil, err
		}
		s.names = names
	}
	w, err := s.store.Begin(ctx, actor)
	if err != nil {
		return nil, err
	}
	return &importWriter{w, s}, nil
}

// keep keeps a file where it may be the original of a case.
func (s *importSink) keep(ctx context.Context, name string, content []byte) (string, error) {
	media, err := exchange.CheckOriginal(name, content)
	if err != nil {
		return "", nil //nolint:nilerr // whoever reads it says what is wrong with it
	}
	sum, err := s.store.KeepUpload(ctx, content)
	return sum + " " + media, err
}

type importWriter struct {
	*store.Writer
	sink *importSink
}

// Came keeps the originals of new cases, and lists what a dry run would write. A table
// holds many cases, of whatever committees: it is the original of none.
func (w *importWriter) Came(ctx context.Context, inputs []catalog.Input, written []catalog.Written, from []exchange.From) error {
	for i, one := range written {
		c, ok := inputs[i].(*catalog.CaseInput)
		if !ok {
			continue
		}
		if w.sink.dryRun && (one.Action == catalog.WriteNew || one.Action == catalog.WriteChanged) {
			w.sink.list(c, one.Action, from[i])
		}
		sum, media, kept := strings.Cut(from[i].Original, " ")
		if one.Action == catalog.WriteNew && kept && from[i].Place.Line == 0 {
			if err := w.AttachOriginal(ctx, one.ID, sum, from[i].Name, media); err != nil {
				return err
			}
		}
	}
	return nil
}

// list writes what was understood of a case: each field by its first words, and how
// long it is.
func (s *importSink) list(c *catalog.CaseInput, action catalog.WriteAction, from exchange.From) {
	if s.listed++; s.listed > shownCases {
		return
	}
	s.clear()
	what := "新增"
	if action == catalog.WriteChanged {
		what = "更改"
	}
	fmt.Fprintf(s.out, "%s 《%s》 %s\n", what, c.Title, from.Place)
	for _, f := range exchange.CaseFields(c, s.names.Name) {
		if f.Text != "" && f.Name != "title" {
			fmt.Fprintf(s.out, "    %s（%d 字） %s\n", f.Label, f.Length(), strings.ReplaceAll(f.Begins(), "\n", "↵"))
		}
	}
}

// listRest says how many cases were not listed.
func (s *importSink) listRest() {
	if more := s.listed - shownCases; more > 0 {
		fmt.Fprintf(s.out, "……另有 %d 个没有列出 · and %d more\n", more, more)
	}
}
