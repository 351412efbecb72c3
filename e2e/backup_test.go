package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// answers returns what a server says to 100 questions, by the question; an error is
// an answer too.
func (s *server) answers(t *testing.T) map[string]string {
	t.Helper()
	answers := map[string]string{}
	ask := func(query string, variables map[string]any) {
		var data json.RawMessage
		if err := s.try(t.Context(), query, variables, &data); err != nil {
			data = json.RawMessage(err.Error())
		}
		answers[fmt.Sprint(query, variables)] = string(data)
	}
	for _, q := range []string{
		"夜间经济", "养老服务", "课后服务", "粮食", "社区", "营商环境", "老旧小区改造", "调研", "委员", "协商", "物业管理", "农村 道路", "教育", "医疗", "就业",
		"河道治理", "文化", "旅游", "垃圾分类", "停车", "\"民主协商\"", "企业", "乡村振兴", "桂林路", "供热",
	} {
		ask(`query($q: String!) { search(query: $q, first: 20) { totalCount terms edges { score node { __typename ... on Node { id } ... on Record { slug version } } } facets { years { key count } } } }`, map[string]any{"q": q})
		ask(`query($q: String!) { learn(problem: $q, first: 5) { score case { slug } } }`, map[string]any{"q": q})
		ask(`query($q: String!) { keywords(filter: {}, kinds: [CASE], first: 20) { text count } search(query: $q, orderBy: NEWEST, first: 10) { edges { node { ... on Record { slug } } } } }`, map[string]any{"q": q})
	}
	for i := range 25 {
		ask(`query($y: [Int!]) { cases(filter: {years: $y}, orderBy: {field: TITLE, direction: ASC}, first: 10) { totalCount edges { cursor node { id slug version title
			committee { name } topics { slug } revisions(first: 3) { edges { node { version by changes { path } } } } adoptions { totalCount } } } } }`, map[string]any{"y": []int{2002 + i}})
	}
	return answers
}

func TestABackupGivesTheSameAnswersOnceAllIsDestroyed(t *testing.T) {
	t.Parallel()
	p := newMigratedPlace(t)
	made := filepath.Join(p.cwd, "made.jsonl")
	p.must(t, nil, "generate", "-cases", "300", "-seed", "11", "-o", made)
	p.must(t, nil, "import", made)
	s := p.serve(t)
	want := s.answers(t)
	for question, got := range want {
		if !strings.HasPrefix(got, "{") {
			t.Fatalf("%s: %s", question, got)
		}
	}
	if len(want) != 100 {
		t.Fatalf("%d answers", len(want))
	}
	// Beside the server, as every night.
	file := filepath.Join(p.cwd, "jisi.backup")
	if out := p.must(t, nil, "backup", file).out; !strings.Contains(out, "backed up 32") {
		t.Errorf("the backup said %q", out)
	}
	s.kill(t)

	other := newPlace(t)
	other.must(t, nil, "restore", file)
	if diff := cmp.Diff(want, other.serve(t).answers(t)); diff != "" {
		t.Errorf("elsewhere (-want +got):\n%s", diff)
	}

	// Beside a server that has gone on since: its index is built anew by itself.
	s = p.serve(t)
	p.must(t, strings.NewReader(twoCases), "import", "-")
	eventually(t, "the index has what came since", func() bool {
		return len(s.found(t, "粮食烘干点")) > 0 && s.found(t, "粮食烘干点")[0] == "case e2e-liangshi"
	})
	if r := p.run(t, nil, "restore", file); r.code != 1 || !strings.Contains(r.err, "-force") {
		t.Errorf("a database that is not empty: exit code %d, %s", r.code, r.err)
	}
	p.must(t, nil, "restore", "-force", file)
	eventually(t, "the index is that of the backup", func() bool { return cmp.Equal(want, s.answers(t)) })
	s.stop(t)
	p.must(t, nil, "verify")

	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	content[len(content)/2] ^= 1
	damaged := writeFile(t, p, "damaged.backup", string(content))
	if r := newPlace(t).run(t, nil, "restore", damaged); r.code != 1 || !strings.Contains(r.err, "damaged") {
		t.Errorf("a damaged file: exit code %d, %s", r.code, r.err)
	}
}
