package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// server is a running jisi that is asked over HTTP, as anybody asks it.
type server struct {
	url string
	pid int // of its process, for the processor time that it spends; 0 for none
}

// What is asked: the first 20 hits with their titles, and with all that a page
// of results shows.
const (
	plainQuery = `query($q: String!) { search(query: $q, first: 20) {
		edges { score node { ... on Case { slug title } } } } }`
	fullQuery = `query($q: String!) { search(query: $q, first: 20) {
		totalCount terms
		facets { kinds { key label count } regions { key label count } levels { key label count } topics { key label count }
			brands { key label count } years { key label count } origins { key label count } }
		edges { score cursor node { ... on Case { slug title year region { name } committee { name } } }
			highlights { field fragment ranges { start end } } } } }`
)

// measure asks keywords and questions, plain and in full, and prints how long
// they took.
func (s server) measure(asked []string, rounds int) error {
	for _, kind := range []struct {
		name, query string
		texts       []string
	}{
		{"keyword, GraphQL", plainQuery, keywords},
		{"keyword, facets, highlights", fullQuery, keywords},
		{"question, GraphQL", plainQuery, asked},
		{"question, facets, highlights", fullQuery, asked},
	} {
		var cold, first, warm, cpu []time.Duration
		for round := range rounds + 1 {
			for _, text := range kind.texts {
				start, busy := time.Now(), s.busy()
				if err := s.ask(kind.query, text); err != nil {
					return err
				}
				if round == 0 {
					cold = append(cold, time.Since(start))
					first = append(first, s.busy()-busy)
				} else {
					warm = append(warm, time.Since(start))
					cpu = append(cpu, s.busy()-busy)
				}
			}
		}
		report(kind.name, cold, first, warm, cpu)
		total := time.Duration(0)
		for _, d := range cpu {
			total += d
		}
		fmt.Printf("   processor mean %.2f ms\n", float64(total.Microseconds())/1000/float64(len(cpu)))
	}
	return nil
}

// ask asks the server and reads the whole answer.
func (s server) ask(query, text string) error {
	body, err := json.Marshal(map[string]any{"query": query, "variables": map[string]string{"q": text}})
	if err != nil {
		return err
	}
	answer, err := http.Post(s.url, "application/json", bytes.NewReader(body)) //nolint:noctx // a measuring that hangs is ended by who started it
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK || bytes.Contains(b, []byte(`"errors":`)) {
		return fmt.Errorf("%s answered %s: %.300s", s.url, answer.Status, b)
	}
	return nil
}

// busy returns the processor time that the server's process has spent so far, which
// the kernel counts in hundredths of a second.
func (s server) busy() time.Duration {
	b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(s.pid), "stat"))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}
