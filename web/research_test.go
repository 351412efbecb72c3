package web_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/jisiguangyi/jisi/internal/sitetest"
	"github.com/jisiguangyi/jisi/web"
)

// tableOf is the text of a table's cells.
func tableOf(table *html.Node) [][]string {
	var rows [][]string
	for _, row := range all(table, "tr") {
		var cells []string
		for _, n := range all(row, "") {
			if n.Data == "th" || n.Data == "td" {
				cells = append(cells, strings.TrimSpace(textOf(n)))
			}
		}
		rows = append(rows, cells)
	}
	return rows
}

// csvAt gets a file of CSV and reads it.
func csvAt(t *testing.T, h http.Handler, target string) [][]string {
	t.Helper()
	w := get(t, h, target)
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/csv") {
		t.Fatalf("%s: status %d, %s", target, w.Code, w.Header().Get("Content-Type"))
	}
	body, ok := strings.CutPrefix(w.Body.String(), "\uFEFF")
	if !ok {
		t.Errorf("%s: there is no mark that Excel knows UTF-8 by", target)
	}
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", target, err)
	}
	return rows
}

func TestEveryTableOfFiguresIsThereAsCSV(t *testing.T) {
	h, _ := open(t)
	for _, target := range []string{"/research", "/research?rows=PREFECTURE&columns=YEAR", "/research?rows=STEP&columns=BRAND&level=PROVINCE&from=2000", "/research/words?term=" + url.QueryEscape("协商")} {
		tables := 0
		for _, section := range withClass(page(t, h, target), "figure") {
			links, shown := all(section, "a"), all(section, "table")
			if len(shown) == 0 {
				continue // nothing to count
			}
			tables++
			want := tableOf(shown[0])
			got := csvAt(t, h, attribute(links[len(links)-1], "href"))
			for _, row := range got {
				for i := range row {
					row[i] = strings.TrimSpace(row[i])
				}
			}
			if len(got) < 2 || !slices.EqualFunc(got, want, slices.Equal) {
				t.Errorf("%s: the CSV of %s is %v, want %v", target, attribute(section, "id"), got, want)
			}
		}
		if tables < 3 {
			t.Errorf("%s has %d tables", target, tables)
		}
	}
}

// TestCountsLeadToAsManyCases follows the numbers of a cross table to the cases
// that they count.
func TestCountsLeadToAsManyCases(t *testing.T) {
	h, _ := open(t)
	followed := 0
	for _, target := range []string{"/research?rows=PREFECTURE&columns=LEVEL", "/research?rows=YEAR&columns=ORIGIN"} {
		for _, link := range all(byID(page(t, h, target), "cross"), "a") {
			address := attribute(link, "href")
			if !strings.HasPrefix(address, "/search?") {
				continue
			}
			followed++
			found := textOf(all(withClass(page(t, h, address), "resultbar")[0], "strong")[0])
			if found != textOf(link) {
				t.Errorf("%s: %s cases are counted and %s found", address, textOf(link), found)
			}
		}
	}
	if followed < 5 {
		t.Errorf("only %d numbers lead to cases", followed)
	}
}

func TestFiguresSayThatTheyCountWhatIsMadeUp(t *testing.T) {
	h, _ := open(t)
	pages := web.Handler(web.Options{Query: sitetest.Changed(h, func(v any) any {
		v.(map[string]any)["madeUp"] = map[string]any{"totalCount": 3}
		return v
	})})
	if got := textOf(page(t, pages, "/research")); !strings.Contains(got, "有 3 个案例由程序生成") {
		t.Error("the page does not say that it counts made-up cases")
	}
	if got := csvAt(t, pages, "/research/years.csv")[0][0]; got != "年份（含合成数据）" {
		t.Errorf("the CSV's first heading is %s", got)
	}
}

// TestCSVHoldsNoFormulas spoils the labels with what a spreadsheet would run.
func TestCSVHoldsNoFormulas(t *testing.T) {
	h, _ := open(t)
	pages := web.Handler(web.Options{Query: sitetest.Changed(h, func(v any) any {
		for _, row := range v.(map[string]any)["years"].(map[string]any)["rows"].([]any) {
			row.(map[string]any)["label"] = `=HYPERLINK("http://example.cn")`
		}
		return v
	})})
	rows := csvAt(t, pages, "/research/years.csv")
	for _, row := range rows[1:] {
		if row[0] != `'=HYPERLINK("http://example.cn")` {
			t.Errorf("a cell is %q", row[0])
		}
	}
	if len(rows) < 2 {
		t.Error("there is nothing in the CSV")
	}
}

func TestResearchRefusesWhatItCannotCount(t *testing.T) {
	h, _ := open(t)
	for target, want := range map[string]int{
		"/research?rows=NOTHING": 400, "/research?from=x": 400, "/research/nothing.csv": 404, "/research/cross.csv?columns=NOTHING": 400,
		"/research?" + url.Values{"region": {"<script>"}}.Encode(): 400,
	} {
		if w := get(t, h, target); w.Code != want {
			t.Errorf("%s: status %d, want %d", target, w.Code, want)
		}
	}
}
