package browser

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// withoutScripts reads and asks with JavaScript off.
func withoutScripts(s *stage, t *testing.T) {
	b := s.tab(t)
	b.withoutScripts()
	b.visit("/", 200)
	b.write("#q", "协商")
	b.follow(".searchbox button")
	before := eval[int](b, hitCount)
	b.click("#kind-CASE")
	b.follow(".apply button")
	if after := eval[int](b, hitCount); after == 0 || after >= before || !strings.Contains(b.address(), "kind=CASE") {
		t.Errorf("narrowed down to cases there are %d hits, before %d, at %s", after, before, b.address())
	}
	b.click(".hit:nth-of-type(1) .pick input")
	b.click(".hit:nth-of-type(2) .pick input")
	b.follow(".comparebar button")
	if n := b.count(".comparison thead th"); n != 3 {
		t.Errorf("the comparison has %d columns, want a heading and two cases", n)
	}
	b.follow(".comparison thead a")
	if title := b.text("h1"); title == "" || b.count(".steps li") != 8 {
		t.Errorf("the case %q has %d steps", title, b.count(".steps li"))
	}
	b.follow("#citations li a")
	if b.text("mark#quote") == "" {
		t.Error("no quote is marked in the source")
	}
	exported(b)
	b.visit("/learn", 200)
	b.write("#problem", "老旧小区改造，居民停车难")
	b.follow(".learn button")
	if n := b.count("#results .hit"); n == 0 {
		t.Error("no case is found for a problem")
	}
}

// exported follows the links to files: as many cases must be in the one of JSON
// Lines as there are hits, and the case's document must be a zip file, as all of
// Word's are.
func exported(b *tab) {
	b.t.Helper()
	b.visit("/search?kind=CASE&level=PROVINCE", 200)
	hits := eval[int](b, hitCount)
	file := fetch(b, eval[string](b, `[...document.querySelectorAll('.exports a')].at(-1).href`))
	if lines := strings.Count(file, "\n"); lines != hits || hits == 0 {
		b.t.Errorf("exported are %d cases of %d", lines, hits)
	}
	b.visit("/cases/siping-haodi-zhong-haoliang", 200)
	if file := fetch(b, eval[string](b, `document.querySelector('.tools a[href$=".docx"]').href`)); !strings.HasPrefix(file, "PK") {
		b.t.Errorf("the case's document begins with %.20q", file)
	}
}

// fetch gets what a link of the page leads to.
func fetch(b *tab, address string) string {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, address, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		b.t.Fatalf("%s: status %d, %v", address, answer.StatusCode, err)
	}
	return string(body)
}
