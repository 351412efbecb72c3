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

// Every figure with a chart is there as a picture, which says what it counts, of what,
// where it is from and of which day, with and without anything to count.
func TestEveryChartIsThereAsAPicture(t *testing.T) {
	h, _ := open(t)
	for target, least := range map[string]int{"/research": 4, "/research?from=2019&to=2022": 3, "/research/words": 2} {
		pictures := 0
		for _, section := range withClass(page(t, h, target), "figure") {
			for _, a := range all(section, "a") {
				href := attribute(a, "href")
				if !strings.Contains(href, ".svg") {
					continue
				}
				pictures++
				w := get(t, h, href)
				if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "image/svg+xml; charset=utf-8" {
					t.Fatalf("%s: status %d, %s", href, w.Code, w.Header().Get("Content-Type"))
				}
				body := w.Body.String()
				for _, want := range []string{"<svg ", "统计范围：", "口径：", "来源：吉思广益：政协协商典型案例知识库，http", "统计于 2"} {
					if !strings.Contains(body, want) {
						t.Errorf("%s does not say %q", href, want)
					}
				}
				if strings.Contains(href, "from=2019") != strings.Contains(body, "2019—2022 年") {
					t.Errorf("%s says another range: %s", href, body)
				}
			}
		}
		if pictures < least {
			t.Errorf("%s has %d pictures, want %d", target, pictures, least)
		}
	}
	if w := get(t, h, "/research/years.svg?from=2099"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "没有可以画出的数字") {
		t.Errorf("of nothing: status %d, %s", w.Code, w.Body)
	}
	for _, target := range []string{"/research/nothing.svg", "/research/words/concordance.svg?term=" + url.QueryEscape("协商"), "/research/years.png"} {
		if w := get(t, h, target); w.Code != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", target, w.Code)
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
