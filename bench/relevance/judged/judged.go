// Package judged reads passages and the questions that people wrote about them,
// and indexes the passages as cases, for the tools that measure the search and
// learn its weights.
package judged

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer"
	"github.com/jisiguangyi/jisi/meaning"
)

// Passage is a text; it becomes a case with its title, and its text as background.
type Passage struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

// Question is a question with its one right passage.
type Question struct {
	Question    string `json:"question"`
	Traditional string `json:"question_traditional"` // "" where there is no such form
	Passage     string `json:"passage"`              // the passage's ID
}

// Set is a collection of passages in an index, and questions about them.
type Set struct {
	Index     *indexer.Index
	Passages  []Passage
	Questions []Question
	Numbers   map[string]catalog.ID // the record that each passage became
	dir       string
	meaning   *meaning.Service // nil where words alone are searched
	follow    context.CancelFunc
	followed  chan error
}

// Meaning says which embeddings server gives the passages their meaning: none where
// the address is "", the demonstration's where it is "demonstration".
type Meaning = meaning.Settings

// Open reads both files (JSONL) and indexes the passages in a folder of its
// own. Close closes the index and removes the folder. Where an embeddings server is
// named, it returns once each passage has its vector.
func Open(passageFile, questionFile string, m Meaning) (_ *Set, err error) {
	if passageFile == "" || questionFile == "" {
		return nil, errors.New("both -passages and -questions are needed")
	}
	s := &Set{Numbers: map[string]catalog.ID{}}
	if s.Passages, err = readLines[Passage](passageFile); err != nil {
		return nil, err
	}
	if s.Questions, err = readLines[Question](questionFile); err != nil {
		return nil, err
	}
	for i, p := range s.Passages {
		s.Numbers[p.ID] = catalog.ID(i + 1)
	}
	if s.dir, err = os.MkdirTemp("", "jisi-relevance-"); err != nil {
		return nil, err
	}
	if err := s.build(m); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.dir))
	}
	return s, nil
}

// Close closes the index and removes its folder.
func (s *Set) Close() error {
	var err error
	if s.follow != nil {
		s.follow()
		err = <-s.followed
	}
	return errors.Join(err, s.Index.Close(), os.RemoveAll(s.dir))
}

func (s *Set) build(m Meaning) error {
	words, err := indexer.LoadWords(s.dir)
	if err != nil {
		return err
	}
	ctx := context.Background()
	o := indexer.Options{Logger: slog.New(slog.DiscardHandler)}
	if m.URL != "" {
		if err := s.startMeaning(ctx, m); err != nil {
			return err
		}
		o.Meaning = s.meaning
	}
	if s.Index, err = indexer.Open(ctx, s.dir, words, o); err != nil {
		return err
	}
	if err := s.Index.Rebuild(ctx, source(s.Passages)); err != nil {
		return errors.Join(err, s.Index.Close())
	}
	return nil
}

func readLines[T any](file string) ([]T, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []T
	for d := json.NewDecoder(bufio.NewReader(f)); d.More(); {
		var v T
		if err := d.Decode(&v); err != nil {
			return nil, fmt.Errorf("%s: value %d: %w", file, len(out)+1, err)
		}
		out = append(out, v)
	}
	return out, nil
}

// source returns passages as cases, once; nothing changes afterwards.
type source []Passage

func (s source) Snapshot(_ context.Context, after catalog.ID, begin func(catalog.Cursor), yield func(*catalog.Document) error) error {
	if begin != nil {
		begin(catalog.Cursor{})
	}
	for i, p := range s[after:] {
		d := &catalog.Document{
			ID: after + catalog.ID(i+1), Kind: catalog.KindCase, Slug: p.ID, Version: 1, Title: p.Title,
			Level: catalog.LevelUnstated, Origin: catalog.OriginContributed,
		}
		if p.Text != "" {
			d.Fields = []catalog.DocumentField{{Name: "background", Text: p.Text}}
		}
		if err := yield(d); err != nil {
			return err
		}
	}
	return nil
}

func (source) Changes(context.Context, catalog.Cursor, int) ([]catalog.Change, bool, error) {
	return nil, false, nil
}

func (source) Backlog(context.Context, catalog.Cursor) (int, time.Duration, error) { return 0, 0, nil }

func (source) Documents(context.Context, []catalog.ID) ([]*catalog.Document, error) { return nil, nil }

func (source) Wait(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

func (source) Failed(context.Context, catalog.Change, error) error { return nil }
