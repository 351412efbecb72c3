package graph

import "testing"

func TestNamesHoldAsLongAsTheIndexStays(t *testing.T) {
	var n names
	if got := n.of(1, "brand"); len(got) != 0 {
		t.Errorf("nothing was read yet: %v", got)
	}
	n.add(2, "brand", map[string]string{"a": "甲"})
	n.add(2, "brand", map[string]string{"b": "乙"})
	n.add(1, "brand", map[string]string{"a": "旧"}) // a reader of an older state comes late
	if got := n.of(2, "brand"); len(got) != 2 || got["a"] != "甲" || got["b"] != "乙" {
		t.Errorf("got %v, want 甲 and 乙", got)
	}
	if got := n.of(2, "topic"); len(got) != 0 {
		t.Errorf("brands' names are topics' too: %v", got)
	}
	if got := n.of(3, "brand"); len(got) != 0 {
		t.Errorf("the index has changed, and names stay: %v", got)
	}
	n.add(3, "brand", map[string]string{"a": "新"})
	if got := n.of(3, "brand"); len(got) != 1 || got["a"] != "新" {
		t.Errorf("got %v, want 新 alone", got)
	}
}
