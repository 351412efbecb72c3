package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/jisiguangyi/jisi/bench/relevance/judged"
)

// writeCut writes a set's passages and questions to a folder, a line each with tabs
// between: passages.tsv has the id, the text with its title before it, and the words
// that the index is asked for by of both; questions.tsv has the passage's id, the form,
// the question, and its words.
func writeCut(passageFile, questionFile, dir string) (err error) {
	set, err := judged.Open(passageFile, questionFile, judged.Meaning{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, set.Close()) }()
	words := func(text string) string {
		var b strings.Builder
		for _, t := range set.Index.Analyze(text) {
			if !t.IsStopWord {
				b.WriteString(t.Text + " ")
			}
		}
		return b.String()
	}
	line := strings.NewReplacer("\t", " ", "\n", " ", "\r", " ")
	passages, questions := make([]string, 0, len(set.Passages)), make([]string, 0, 2*len(set.Questions))
	for _, p := range set.Passages {
		passages = append(passages, strings.Join([]string{p.ID, line.Replace(p.Title + " " + p.Text), words(p.Title) + words(p.Text)}, "\t"))
	}
	for _, q := range set.Questions {
		for _, form := range []struct{ name, text string }{{"simplified", q.Question}, {"traditional", q.Traditional}} {
			if form.text != "" {
				questions = append(questions, strings.Join([]string{q.Passage, form.name, line.Replace(form.text), words(form.text)}, "\t"))
			}
		}
	}
	return errors.Join(writeLines(filepath.Join(dir, "passages.tsv"), passages), writeLines(filepath.Join(dir, "questions.tsv"), questions))
}

func writeLines(path string, lines []string) (err error) {
	f, err := os.Create(path) //nolint:gosec // the user names the folder
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriter(f)
	for _, l := range lines {
		fmt.Fprintln(w, l)
	}
	return w.Flush()
}
