package server

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOperatorsAreToldWhatCanBeAskedOfReadyz(t *testing.T) {
	for _, name := range []string{"operating.md", "operating.zh-CN.md"} {
		text, err := os.ReadFile(filepath.Join("..", "docs", name))
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range Readiness {
			line := "\n| `" + p.For + "` "
			if i == 0 {
				line = "\n| `" + p.For + "`"
			}
			if strings.Count(string(text), line) != 1 || strings.HasSuffix(name, "zh-CN.md") && !strings.Contains(string(text), p.Zh) {
				t.Errorf("%s has no line of its own for for=%s (%s)", name, p.For, p.Zh)
			}
		}
	}
	if w := get(Handler(fakeOptions()), "/readyz?for=nothing"); w.Code != 400 {
		t.Errorf("for=nothing: status %d", w.Code)
	}
}
