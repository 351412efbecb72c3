package web

import (
	"os"
	"strings"
	"testing"
)

// Two pages that call something else by the same class would change each other: a box of
// the search became as narrow as a number of another page, which had its class.
func TestASelectorIsStyledInOneRule(t *testing.T) {
	text, err := os.ReadFile("assets/style.css")
	if err != nil {
		t.Fatal(err)
	}
	seen, depth := map[string]int{}, 0
	for i, line := range strings.Split(string(text), "\n") {
		selector, _, begins := strings.Cut(line, "{")
		if selector = strings.TrimSpace(selector); begins && depth == 0 && !strings.HasPrefix(selector, "@") {
			if first, there := seen[selector]; there {
				t.Errorf("%s has a rule in line %d and another in line %d", selector, first, i+1)
			}
			seen[selector] = i + 1
		}
		depth += strings.Count(line, "{") - strings.Count(line, "}")
	}
	if len(seen) < 300 {
		t.Errorf("only %d rules were read", len(seen))
	}
}
