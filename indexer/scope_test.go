package indexer

import (
	"slices"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

// TestANameThatStandsNowhereIsTold has names that are cut into words which stand apart.
func TestANameThatStandsNowhereIsTold(t *testing.T) {
	x, _ := indexOf(t,
		doc(1, "党史学习", "学习党史，强国有我。长白山天池，文化旅游融合。"),
		doc(2, "营商环境", "优化营商环境，体验式评价部门。"),
	)
	for asked, want := range map[string][]string{
		"学习强国": {"学习强国"}, "学习 强国": nil, "营商环境": nil, "天池文化": {"天池文化"}, "长白山天池": nil, "體驗式評價": nil,
		"学习强国 营商环境": {"学习强国"}, "怎么学习强国": nil, "": nil,
	} {
		page := searchFor(t, x, catalog.SearchQuery{Query: asked, WantAbsent: true})
		if !slices.Equal(page.Absent, want) {
			t.Errorf("%q: %q stand nowhere, want %q (%d hits)", asked, page.Absent, want, len(page.Hits))
		}
		if unwanted := searchFor(t, x, catalog.SearchQuery{Query: asked}); unwanted.Absent != nil {
			t.Errorf("%q: %q though nobody asked", asked, unwanted.Absent)
		}
	}
}
