package indexer

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
)

func TestSuggestCompletesWhateverIsTyped(t *testing.T) {
	brand := doc(10, "谏议朝阳", "")
	brand.Kind, brand.Slug = catalog.KindBrand, "jianyi-chaoyang"
	brand2 := doc(11, "共识+发展", "")
	brand2.Kind = catalog.KindBrand
	x, _ := indexOf(t, append(fewCases(), brand, brand2, doc(12, "长春市桂林路商圈的成功改造", ""), doc(13, "重庆经验BTX体系", ""), doc(14, "战略绿园乾安", ""))...)
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
		{"zhanlve", "战略绿园乾安", catalog.TextRange{End: 2}},
		{"zhanlue", "战略绿园乾安", catalog.TextRange{End: 2}},
		{"zhanlüe", "战略绿园乾安", catalog.TextRange{End: 2}},
		{"lüyuan", "战略绿园乾安", catalog.TextRange{Start: 2, End: 4}},
		{"qianan", "战略绿园乾安", catalog.TextRange{Start: 4, End: 6}},
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

func TestSuggestKnowsCommitteesAndTopics(t *testing.T) {
	filed := func(id catalog.ID, title string) *catalog.Document {
		d := doc(id, title, "")
		d.Committee, d.Names.Committee = "changchun-chaoyang", []string{"长春市朝阳区政协", "朝阳政协"}
		d.Topics, d.OwnTopics = []string{"livelihood", "education"}, []string{"livelihood"}
		d.Names.Topics = []string{"民生服务", "教育"}
		return d
	}
	var docs []*catalog.Document
	for i := range 20 {
		docs = append(docs, filed(catalog.ID(i+1), "长春的夜"+strings.Repeat("很", i)+"长"))
	}
	x, _ := indexOf(t, docs...)
	type suggested struct {
		Text, OfSlug string
		Of           catalog.SuggestionOf
	}
	for _, tt := range []struct {
		prefix string
		want   suggested
		all    int
	}{
		{"changchun", suggested{"长春市朝阳区政协", "changchun-chaoyang", catalog.SuggestionOfCommittee}, 8},
		{"ccscyq", suggested{"长春市朝阳区政协", "changchun-chaoyang", catalog.SuggestionOfCommittee}, 1},
		{"cyq", suggested{"长春市朝阳区政协", "changchun-chaoyang", catalog.SuggestionOfCommittee}, 1},
		{"朝阳", suggested{"朝阳政协", "changchun-chaoyang", catalog.SuggestionOfCommittee}, 1},
		{"chaoyangz", suggested{"朝阳政协", "changchun-chaoyang", catalog.SuggestionOfCommittee}, 1},
		{"msfw", suggested{"民生服务", "livelihood", catalog.SuggestionOfTopic}, 1},
		{"jiao育", suggested{"教育", "education", catalog.SuggestionOfTopic}, 1},
	} {
		got, err := x.Suggest(t.Context(), tt.prefix, nil, 8)
		must(t, err)
		n := 0
		for _, s := range got {
			if (suggested{s.Text, s.OfSlug, s.Of}) == tt.want {
				n++
			}
		}
		if n != 1 || len(got) != tt.all {
			t.Errorf("suggest %q: got %+v, want %d, %+v once among them", tt.prefix, got, tt.all, tt.want)
		}
	}
}

// TestSuggestIsTheSameHoweverTheIndexCameAbout completes in an index that was
// built at once and in one that followed the same records in, out of order and in
// many parts.
func TestSuggestIsTheSameHoweverTheIndexCameAbout(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	words := strings.Fields("协商 教育 职业 合成 社区 商圈 改造 银行 融资 冰雪 旅游 人参 种子")
	var docs []*catalog.Document
	for i := range 600 {
		title := ""
		for range 1 + r.IntN(3) {
			title += words[r.IntN(len(words))]
		}
		d := doc(catalog.ID(i+1), title, "")
		d.Slug = fmt.Sprint("case-", i)
		d.Committee, d.Names.Committee = "jilin", []string{"吉林省政协"}
		docs = append(docs, d)
	}
	atOnce, _ := indexOf(t, docs...)
	inParts, src := indexOf(t)
	for range 2 { // each is written twice
		for n, i := range r.Perm(len(docs)) {
			src.put(docs[i])
			if n%40 == 0 {
				must(t, inParts.CatchUp(t.Context(), src))
			}
		}
	}
	must(t, inParts.CatchUp(t.Context(), src))
	for _, prefix := range append(words, "x", "j", "jiaoyu", "jy", "吉", "zhongz") {
		for _, first := range []int{1, 8, 50} {
			want, err := atOnce.Suggest(t.Context(), prefix, nil, first)
			must(t, err)
			got, err := inParts.Suggest(t.Context(), prefix, nil, first)
			must(t, err)
			if diff := cmp.Diff(want, got); diff != "" || len(got) == 0 {
				t.Errorf("suggest %q: %d completions (-at once +in parts):\n%s", prefix, len(got), diff)
			}
		}
	}
}
