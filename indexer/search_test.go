package indexer

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
)

// fewCases are cases as the province's document names them.
func fewCases() []*catalog.Document {
	pupils := doc(1, "小学生下午三点半课后怎么办", "珲春市政协搭建平台协商解决“三点半”难题，放学后的孩子有人管。")
	pupils.AlternativeTitles = []string{"小县生下午三点半课后怎么办"}
	pupils.Regions, pupils.Region, pupils.Year = []string{"222404", "222400", "220000"}, "222404", 2021
	pupils.Topics, pupils.OwnTopics = []string{"education", "livelihood"}, []string{"education"}
	pupils.Names.Region = []string{"珲春市", "延边朝鲜族自治州", "吉林省"}
	street := doc(2, "桂林路商圈改造", "助推朝阳夜经济，谏议朝阳协商平台助力老旧小区改造。")
	street.Regions, street.Region, street.Year = []string{"220104", "220100", "220000"}, "220104", 2021
	street.Brands = []string{"jianyi-chaoyang", "jisiguangyi"}
	street.Names.Brand = []string{"谏议朝阳", "吉思广益"}
	loans := doc(3, "三级政协委员银企对接缓解融资难", "")
	loans.Level, loans.Year = catalog.LevelUnstated, 2020
	soil := doc(4, "黑土地保护", "四平市政协把黑土地这个“耕地中的大熊猫”保护好、利用好。")
	soil.Level, soil.Regions, soil.Region, soil.Year = catalog.LevelPrefecture, []string{"220300", "220000"}, "220300", 2020
	eggs := doc(5, "助力“中国蛋谷”加快建设", "辽源市政协助力蛋鸡产业。")
	eggs.Level, eggs.Regions, eggs.Region = catalog.LevelPrefecture, []string{"220400", "220000"}, "220400"
	business := doc(6, "营商环境体验式评价", "从2019年开始，在全体政协委员中开展了对营商环境的体验式综合评价活动。")
	business.Kind = catalog.KindPractice
	return []*catalog.Document{pupils, street, loans, soil, eggs, business}
}

func TestSearchFindsWhatWasMeant(t *testing.T) {
	x, _ := indexOf(t, fewCases()...)
	for _, tt := range []struct {
		query string
		want  catalog.ID
	}{
		{"三点半", 1},
		{"小学生课后", 1},
		{"小县生", 1},
		{"營商環境", 6},
		{"营商环境", 6},
		{"夜经济", 2},
		{"夜經濟", 2},
		{"蛋谷", 5},
		{"黑土地", 4},
		{"黑土", 4},
		{"２０１９", 6},
		{"营商环竟", 6},
		{"brand:谏议朝阳", 2},
		{"品牌：谏议朝阳", 2},
		{"“大熊猫”保护", 4},
		{"课后托管", 1},
		{"地区:珲春", 1},
		{"title:商圈", 2},
		{"region:220104", 2},
		{"\x00黑\xff土地", 4},
	} {
		got := idsOf(searchFor(t, x, catalog.SearchQuery{Query: tt.query}))
		if len(got) == 0 || got[0] != tt.want {
			t.Errorf("search %q: got %v, want %d first", tt.query, got, tt.want)
		}
	}
}

func TestSearchFacetsFollowEveryFilterButTheirOwn(t *testing.T) {
	x, _ := indexOf(t, fewCases()...)
	p := searchFor(t, x, catalog.SearchQuery{
		Filter: catalog.SearchFilter{Regions: []string{"220100"}}, WantFacets: true, WantTotal: true,
	})
	if diff := cmp.Diff([]catalog.ID{2}, idsOf(p)); diff != "" {
		t.Errorf("hits (-want +got):\n%s", diff)
	}
	want := []catalog.FacetCount{
		{Key: "220000", Count: 4},
		{Key: "220100", Count: 1},
		{Key: "220104", Count: 1},
		{Key: "220300", Count: 1},
		{Key: "220400", Count: 1},
		{Key: "222400", Count: 1},
		{Key: "222404", Count: 1},
	}
	if diff := cmp.Diff(want, p.Facets.Regions); diff != "" {
		t.Errorf("regions (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]catalog.FacetCount{{Key: "2021", Count: 1}}, p.Facets.Years); diff != "" {
		t.Errorf("years (-want +got):\n%s", diff)
	}
	if p.Total != 1 {
		t.Errorf("total: got %d, want 1", p.Total)
	}
}

func TestHighlightsMarkTheWordsInTheTextAsGiven(t *testing.T) {
	d := doc(1, "夜間經濟", "ＢＴＸ體系助力夜\u200b經濟，朝陽夜經濟。")
	x, _ := indexOf(t, d)
	p := searchFor(t, x, catalog.SearchQuery{Query: "夜经济 btx", WantHighlights: true})
	want := []catalog.Highlight{{
		Field: "background", Fragment: "ＢＴＸ體系助力夜\u200b經濟，朝陽夜經濟。",
		Ranges: []catalog.TextRange{{Start: 0, End: 3}, {Start: 7, End: 11}, {Start: 14, End: 17}},
	}, {Field: "title", Fragment: "夜間經濟", Ranges: []catalog.TextRange{{Start: 0, End: 4}}}}
	if len(p.Hits) != 1 {
		t.Fatalf("got %d hits, want 1", len(p.Hits))
	}
	if diff := cmp.Diff(want, p.Hits[0].Highlights); diff != "" {
		t.Errorf("highlights (-want +got):\n%s", diff)
	}
}

func TestSearchCorrectsWhatFindsNothing(t *testing.T) {
	x, _ := indexOf(t, fewCases()...)
	for _, tt := range []struct {
		query, want string
		first       catalog.ID
	}{
		{"营商环竟", "营商环境", 6},
		{"英商环境", "营商环境", 6},
		{"黑土弟", "黑土地", 4},
		{"guilinlu", "桂林路", 2},
		{"heitudi", "黑土地", 4},
		{"heitudibaohu", "黑土地保护", 4},
		{"yinqiduijie", "银企对接", 3},
		{"夜经际", "夜经济", 2},
		{"营商环境", "", 6},
	} {
		p := searchFor(t, x, catalog.SearchQuery{Query: tt.query, WantCorrection: true})
		if p.Correction != tt.want {
			t.Errorf("search %q: correction %q, want %q", tt.query, p.Correction, tt.want)
		}
		if ids := idsOf(p); len(ids) == 0 || ids[0] != tt.first {
			t.Errorf("search %q: got %v, want %d first", tt.query, ids, tt.first)
		}
	}
}

func TestPhrasesStandJustSo(t *testing.T) {
	x, _ := indexOf(t,
		doc(1, "一", "好地种好粮，好粮实现好效益"),
		doc(2, "二", "好粮种好地，种好粮"),
		doc(3, "三", "共识+发展"),
		doc(4, "四", "发展共识"),
		doc(5, "五", "有BTX体系"),
	)
	for _, tt := range []struct {
		query string
		want  []catalog.ID
	}{
		{"“好地种好粮”", []catalog.ID{1}},
		{"“种好粮”", []catalog.ID{2, 1}},
		{"“好粮好粮”", []catalog.ID{}},
		{"“好粮 好粮”", []catalog.ID{1}},
		{"“共识发展”", []catalog.ID{}},
		{"“共识 发展”", []catalog.ID{3}},
		{"“共识＋发展”", []catalog.ID{3}},
		{"“有btx”", []catalog.ID{5}},
		{"“有bt”", []catalog.ID{}},
		{"种好粮 -“好地种”", []catalog.ID{2}},
		{"-好粮 -共识", []catalog.ID{5}},
	} {
		if diff := cmp.Diff(tt.want, idsOf(searchFor(t, x, catalog.SearchQuery{Query: tt.query}))); diff != "" {
			t.Errorf("search %s (-want +got):\n%s", tt.query, diff)
		}
	}
}

func TestWhateverIsTypedIsAnswered(t *testing.T) {
	x, _ := indexOf(t, fewCases()...)
	for query, want := range map[string]int{
		"": 6, "   ": 6, "？？？": 0, "-": 0, "“”": 0, "的": 3, "什么": 0, "\xff\xfe": 0, ":": 0, "-黑土地": 5, "蛋": 1, "🥚": 0, "％": 0,
		"' OR 1=1 --": 0, "*": 0, "(黑土地": 1, "黑土地)": 1, "title:黑土地 title:商圈": 0,
	} {
		p := searchFor(t, x, catalog.SearchQuery{Query: query, WantTotal: true, WantFacets: true, WantHighlights: true, WantCorrection: true})
		if p.Total != want || len(p.Hits) != want {
			t.Errorf("search %q: total %d, %d hits, want %d", query, p.Total, len(p.Hits), want)
		}
	}
}
