package catalog_test

import (
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

func TestARecordIsAtItsPermalinkAndNoOtherPathIsOne(t *testing.T) {
	without := map[catalog.RecordKind]bool{catalog.KindIndicator: true, catalog.KindAdoption: true}
	for _, kind := range catalog.RecordKinds {
		path := catalog.Permalink(kind, "a-1")
		if (path == "") != without[kind] {
			t.Errorf("a %s is at %q", kind, path)
		}
		if of, slug, ok := catalog.RecordAt(path); path != "" && (of != kind || slug != "a-1" || !ok) {
			t.Errorf("at %s stands %s %s", path, of, slug)
		}
	}
	for _, path := range []string{"", "/", "/cases", "/cases/", "/cases/a/b", "/nowhere/a", "/cases/A b", "//cases/a", "cases/a"} {
		if kind, slug, ok := catalog.RecordAt(path); ok {
			t.Errorf("at %q stands %s %s", path, kind, slug)
		}
	}
}
