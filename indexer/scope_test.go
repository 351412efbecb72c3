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
		doc(3, "托管", "孩子放学早，没人接，谁来管。楼上漏水，居民老张有意见。看病太贵，冬天暖气不够热，停车太难。"),
	)
	for asked, want := range map[string][]string{
		"学习强国": {"学习强国"}, "学习 强国": nil, "营商环境": nil, "天池文化": {"天池文化"}, "长白山天池": nil, "體驗式評價": nil,
		"学习强国 营商环境": {"学习强国"}, "怎么学习强国": nil, "": nil,
		"孩子放学没人管": nil, "冬天暖气不热": nil, "居民看病贵": nil, "居民停车难": nil, "漏水意见": {"漏水意见"},
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

// TestAQuestionThatOnlyASourceHoldsLooksForCasesTheOldWay has a source with all words of
// a question in it and a case with most of them.
func TestAQuestionThatOnlyASourceHoldsLooksForCasesTheOldWay(t *testing.T) {
	source := doc(1, "文件", "下午三点半放学以后没人管。小学生怎么办？家长上班，学校关门，街道、社区想办法。")
	source.Kind = catalog.KindSource
	source.Fields[0].Name = "text"
	x, _ := indexOf(t, source, doc(2, "课后服务", "小学生放学以后由学校看管。"), doc(3, "别的", "别的，不相干。"))
	const question = "小学生下午三点半放学以后家长上班学校关门没人管怎么办？"
	var all []catalog.RecordKind
	all = append(all, catalog.SearchedKinds...)
	for _, tt := range []struct {
		kinds []catalog.RecordKind
		want  []catalog.ID
	}{{nil, []catalog.ID{2}}, {all, []catalog.ID{1, 2}}, {[]catalog.RecordKind{catalog.KindSource}, []catalog.ID{1}}} {
		got := idsOf(searchFor(t, x, catalog.SearchQuery{Query: question, Kinds: tt.kinds}))
		slices.Sort(got)
		if !slices.Equal(got, tt.want) {
			t.Errorf("among %v: %v, want %v", tt.kinds, got, tt.want)
		}
	}
}
