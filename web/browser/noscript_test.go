package browser

import (
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
	b.visit("/learn", 200)
	b.write("#problem", "老旧小区改造，居民停车难")
	b.follow(".learn button")
	if n := b.count("#results .hit"); n == 0 {
		t.Error("no case is found for a problem")
	}
}
