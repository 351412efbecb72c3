package bounded

import (
	"fmt"
	"testing"
)

func TestACacheIsBoundedAndKeepsWhatIsUsed(t *testing.T) {
	c := New[int](10)
	ctx := t.Context()
	for i := range 1000 {
		c.Add(ctx, "used", 1)
		c.Add(ctx, fmt.Sprint(i), i)
		if _, ok := c.Get(ctx, "used"); !ok {
			t.Fatalf("gone after %d others", i)
		}
	}
	if n := len(c.young) + len(c.aging); n > 10 {
		t.Errorf("%d entries, want 10 at most", n)
	}
	if _, ok := c.Get(ctx, "0"); ok {
		t.Error("the first of a thousand is still there")
	}
}
