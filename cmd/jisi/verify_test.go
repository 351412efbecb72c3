package main

import (
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

func TestWhatIsNotAsItShouldBeIsToldAndFails(t *testing.T) {
	good := &catalog.Check{Name: "quotes", Zh: "引文相符", En: "every quote stands", Checked: 7}
	bad := &catalog.Check{Name: "contents", Zh: "内容一致", En: "every record says", Checked: 200, Advice: catalog.Advice{Zh: "请恢复备份", En: "restore"}}
	for range catalog.MaxFailures + 3 {
		bad.Fail(catalog.KindCase, "one", "title")
	}
	var out strings.Builder
	if err := tellVerified(&out, &catalog.Verification{Checks: []*catalog.Check{good}}); err != nil || !strings.HasPrefix(out.String(), "✓ quotes           7  ") {
		t.Errorf("a healthy one: %v, %s", err, &out)
	}
	out.Reset()
	err := tellVerified(&out, &catalog.Verification{Checks: []*catalog.Check{good, bad}})
	if err == nil || !strings.Contains(err.Error(), "103 things") {
		t.Errorf("got %v, want an error that tells of 103 things", err)
	}
	for _, part := range []string{"✗ contents", "    CASE one: title\n", "and 3 more", "\n→ 请恢复备份\n  restore\n"} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("%q is not in %s", part, &out)
		}
	}
	if n := strings.Count(out.String(), "CASE one"); n != catalog.MaxFailures {
		t.Errorf("%d are named, want %d", n, catalog.MaxFailures)
	}
}
