package data_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

// fact is a line of one of README.md's tables of the source's words.
type fact struct {
	at    int
	words []rune
	held  string
}

// facts reads the table below the heading.
func facts(t *testing.T, heading string) []fact {
	t.Helper()
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(readme), "\n## "+heading+"\n")
	if !ok {
		t.Fatalf("README.md has no section %q", heading)
	}
	section, _, _ = strings.Cut(section, "\n## ")
	var found []fact
	for _, cells := range regexp.MustCompile(`(?m)^\| (\d+) \| (.+) \| (.+) \|$`).FindAllStringSubmatch(section, -1) {
		at, _ := strconv.Atoi(cells[1])
		found = append(found, fact{at, []rune(cells[2]), cells[3]})
	}
	return found
}

func TestEveryFactIsHeldOrSaidToBeTextOnly(t *testing.T) {
	records := load(t)
	texts := sources(records)
	cites := map[string][]quote{}
	for _, r := range records {
		name := strings.ToLower(string(r.input.Kind())) + " " + r.slug()
		if r.input.Head().Status != catalog.StatusArchived {
			cites[name] = quotes(t, r, texts)
		}
	}
	table := facts(t, "What the source says, fact by fact")
	if len(table) < 123 {
		t.Errorf("%d facts, want the 123 that a reader found, or more", len(table))
	}
	named := map[string]bool{}
	for _, f := range table {
		standsAt(t, texts, f)
		if strings.HasPrefix(f.held, "text: ") {
			continue
		}
		for _, name := range strings.Split(f.held, "; ") {
			named[name] = true
			if name == "source" {
				continue
			}
			touches := func(q quote) bool { return q.Start < f.at+len(f.words) && f.at < q.End }
			if !slices.ContainsFunc(cites[name], touches) {
				t.Errorf("%d %s: %s does not cite it", f.at, string(f.words), name)
			}
		}
	}
	for _, r := range records {
		name := strings.ToLower(string(r.input.Kind())) + " " + r.slug()
		if r.documented() && r.input.Head().Status != catalog.StatusArchived && !named[name] {
			t.Errorf("%s holds no fact", name)
		}
	}
}

func TestMisprintsStandWhereTheTableSays(t *testing.T) {
	texts := sources(load(t))
	table := facts(t, "Misprints")
	if len(table) < 8 {
		t.Errorf("%d misprints, want 8", len(table))
	}
	for _, f := range table {
		standsAt(t, texts, f)
	}
}

func standsAt(t *testing.T, texts map[string]string, f fact) {
	t.Helper()
	text := []rune(texts["jilin-zhengxie-shida-tese-liangdian"])
	if got := string(text[f.at:min(f.at+len(f.words), len(text))]); got != string(f.words) {
		t.Errorf("at %d the source says %q, not %q", f.at, got, string(f.words))
	}
}

// Every sentence of the source is a fact's, or cited: nothing is passed over.
func TestNoParagraphIsPassedOver(t *testing.T) {
	texts := sources(load(t))
	text := texts["jilin-zhengxie-shida-tese-liangdian"]
	table := facts(t, "What the source says, fact by fact")
	at := 0
	for _, paragraph := range strings.Split(text, "\n") {
		length := len([]rune(paragraph))
		if length > 0 && !slices.ContainsFunc(table, func(f fact) bool { return f.at < at+length && at < f.at+len(f.words) }) {
			t.Errorf("no fact is of the paragraph at %d: %s", at, paragraph)
		}
		at += length + 1
	}
}

// A step is filled where the source answers its question, and not where it only
// names a matter, a campaign or an activity.
func TestAStepAnswersItsQuestion(t *testing.T) {
	records := load(t)
	texts := sources(records)
	answers := map[string]string{
		"ASK_PRIORITY": "根据省委安排|紧扣.*战略|强调|群众最关心", "ASK_FITNESS": "能力所及|适不适合", "ASSESS_PARTICIPANTS": "协商能力",
		"PLAN_INQUIRY": "调研方案",
	}
	for _, r := range records {
		in, ok := r.input.(*catalog.CaseInput)
		if !ok || !r.documented() {
			continue
		}
		for _, s := range in.Steps {
			var said string
			for _, q := range support(quotes(t, r, texts), "steps."+string(s.Code)) {
				said += q.Quote
			}
			if want := answers[string(s.Code)]; want != "" && !regexp.MustCompile(want).MatchString(said) {
				t.Errorf("%s: %s is not answered by %s", in.Slug, s.Code, said)
			}
			sides := map[string]bool{}
			for _, p := range in.Participants {
				sides[fmt.Sprint(p.Role)] = true
			}
			if s.Code == "FIVE_PARTY_EXCHANGE" && len(sides) < 2 {
				t.Errorf("%s: an exchange of %d sides", in.Slug, len(sides))
			}
		}
	}
}
