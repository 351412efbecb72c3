package e2e

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// testQuery checks jisi query, against a running server, as a shell runs it.
func testQuery(t *testing.T, p place, s *server) {
	const cases = "query Cases($n: Int, $regions: [String!]) {\n  cases(first: $n, filter: {regions: $regions}) { totalCount nodes { slug title committee { name } topics { name } } }\n}\n"
	file := filepath.Join(t.TempDir(), "cases.graphql")
	if err := os.WriteFile(file, []byte(cases), 0o600); err != nil {
		t.Fatal(err)
	}
	total := s.counts(t).Cases.TotalCount

	t.Run("CSV holds every record, however small the pages", func(t *testing.T) {
		got := p.must(t, nil, "query", file, "-server", s.url, "-var", "n=4", "-all", "-format", "csv")
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(got.out, "\uFEFF"))).ReadAll()
		if err != nil || len(rows) != total+1 || strings.Join(rows[0], ",") != "slug,title,committee.name,topics.name" {
			t.Fatalf("%d rows, want %d (%v):\n%s", len(rows), total+1, err, got.out)
		}
		seen := map[string]bool{}
		for _, row := range rows[1:] {
			seen[row[0]] = true
		}
		if len(seen) != total {
			t.Errorf("%d different records, want %d", len(seen), total)
		}
	})
	t.Run("JSON holds the same", func(t *testing.T) {
		got := p.must(t, nil, "query", file, "-server="+s.url, "-var=n=5", "-all")
		var answer struct {
			Cases struct {
				TotalCount int
				Nodes      []struct{ Slug string }
				JisiPage   any
			}
		}
		if err := json.Unmarshal([]byte(got.out), &answer); err != nil || len(answer.Cases.Nodes) != total || answer.Cases.TotalCount != total || answer.Cases.JisiPage != nil {
			t.Errorf("%d of %d, want %d (%v)", len(answer.Cases.Nodes), answer.Cases.TotalCount, total, err)
		}
	})
	t.Run("standard input, the table, the server by the environment", func(t *testing.T) {
		c := p.command(t.Context(), "query", "-", "-format", "table", "-var", "regions=220104")
		c.Env = append(c.Env, "JISI_SERVER="+s.url)
		c.Stdin = strings.NewReader(cases)
		out, err := c.Output()
		if lines := strings.Split(strings.TrimSpace(string(out)), "\n"); err != nil || !strings.HasPrefix(lines[0], "slug  ") || len(lines) < 2 || !strings.Contains(string(out), "长春市朝阳区政协") {
			t.Errorf("%v:\n%s", err, out)
		}
	})
	for _, tt := range []struct {
		name, query, said string
		code              int
		args              []string
	}{
		{"a field that is not there", "{ nothing }", "GRAPHQL_VALIDATION_FAILED", 1, nil},
		{"a query that does not parse", "{ cases ", "query:1:9", 1, nil},
		{"a variable of another type", cases, `n: "many" is not a whole number`, 2, []string{"-var", "n=many"}},
		{"a list that is too long", cases, "INVALID", 1, []string{"-var", "n=5000"}},
		{"two lists in one table", "{ cases { nodes { slug } } brands { nodes { slug } } }", "cases, brands", 1, []string{"-format", "csv"}},
		{"an unknown format", cases, `no format "xml"`, 2, []string{"-format", "xml"}},
		{"nobody there", cases, "cannot be reached", 1, []string{"-server", "http://127.0.0.1:1"}},
		{"no token in the file", cases, "token", 1, []string{"-token-file", os.DevNull}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := p.run(t, strings.NewReader(tt.query), append([]string{"query", "-", "-server", s.url}, tt.args...)...)
			if got.code != tt.code || got.out != "" || !strings.Contains(got.err, tt.said) {
				t.Errorf("exit code %d, want %d; standard output %q; said %q, want it to have %q", got.code, tt.code, got.out, got.err, tt.said)
			}
		})
	}
}
