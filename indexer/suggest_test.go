package indexer

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
)

func TestSuggestCompletesWhateverIsTyped(t *testing.T) {
	brand := doc(10, "谏议朝阳", "")
	brand.Kind, brand.Slug = catalog.KindBrand, "jianyi-chaoyang"
	brand2 := doc(11, "共识+发展", "")
	brand2.Kind = catalog.KindBrand
	x, _ := indexOf(t, append(fewCases(), brand, brand2, doc(12, "长春市桂林路商圈的成功改造", ""), doc(13, "重庆经验BTX体系", ""))...)
	for _, tt := range []struct {
		prefix string
		want   string
		ranges catalog.TextRange
	}{
		{"guilinlu", "桂林路商圈改造", catalog.TextRange{End: 3}},
		{"gll", "桂林路商圈改造", catalog.TextRange{End: 3}},
		{"桂林l", "桂林路商圈改造", catalog.TextRange{End: 3}},
		{"guilin路", "桂林路商圈改造", catalog.TextRange{End: 3}},
		{"guil", "桂林路商圈改造", catalog.TextRange{End: 2}},
		{"jianyi", "谏议朝阳", catalog.TextRange{End: 2}},
		{"JYZY", "谏议朝阳", catalog.TextRange{End: 4}},
		{"jycy", "谏议朝阳", catalog.TextRange{End: 4}},
		{"chaoyang", "谏议朝阳", catalog.TextRange{Start: 2, End: 4}},
		{"chongqing", "重庆经验BTX体系", catalog.TextRange{End: 2}},
		{"btx体", "重庆经验BTX体系", catalog.TextRange{Start: 4, End: 8}},
		{"changchun", "长春市桂林路商圈的成功改造", catalog.TextRange{End: 2}},
		{"商圈", "桂林路商圈改造", catalog.TextRange{Start: 3, End: 5}},
		{"商圈改z", "桂林路商圈改造", catalog.TextRange{Start: 3, End: 7}},
		{"小县", "小县生下午三点半课后怎么办", catalog.TextRange{End: 2}},
		{"蛋谷", "助力“中国蛋谷”加快建设", catalog.TextRange{Start: 5, End: 7}},
		{"gongshifazhan", "共识+发展", catalog.TextRange{End: 5}},
		{"gsfz", "共识+发展", catalog.TextRange{End: 5}},
		{"zzz", "", catalog.TextRange{}},
		{"", "", catalog.TextRange{}},
		{"“”", "", catalog.TextRange{}},
	} {
		got, err := x.Suggest(t.Context(), tt.prefix, nil, 8)
		if err != nil {
			t.Fatalf("suggest %q: %v", tt.prefix, err)
		}
		if tt.want == "" {
			if len(got) > 0 {
				t.Errorf("suggest %q: got %v, want none", tt.prefix, got)
			}
			continue
		}
		if len(got) == 0 || got[0].Text != tt.want {
			t.Errorf("suggest %q: got %v, want %s first", tt.prefix, got, tt.want)
			continue
		}
		if diff := cmp.Diff([]catalog.TextRange{tt.ranges}, got[0].Ranges); diff != "" {
			t.Errorf("suggest %q: ranges (-want +got):\n%s", tt.prefix, diff)
		}
	}
}
