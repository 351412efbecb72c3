package indexer

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/text"
)

func TestParseTakesApartWhatWasTyped(t *testing.T) {
	type want struct {
		Text             string
		Phrases, Exclude []string
		Fields           []string
	}
	for _, tt := range []struct {
		in   string
		want want
	}{
		{"黑土地 保护", want{Text: "黑土地 保护"}},
		{"“黑土 地”保护", want{Text: " 保护", Phrases: []string{"黑土 地"}}},
		{`"a b" -c -"d e"`, want{Text: "     ", Phrases: []string{"a b"}, Exclude: []string{"c", "d e"}}},
		{"－四平 黑土", want{Text: "  黑土", Exclude: []string{"四平"}}},
		{"a-b -", want{Text: "a-b -"}},
		{"标题：商圈 改造", want{Text: "  改造", Fields: []string{"ft:商圈"}}},
		{`title:"桂林路 商圈"`, want{Text: " ", Fields: []string{"ft:桂林路 商圈"}}},
		{"地区:吉林 主题:教育 单位:省政协 品牌:点站台", want{Text: "       ", Fields: []string{"fr:吉林", "fo:教育", "fc:省政协", "fb:点站台"}}},
		{"12:30 url:x 标题: 空", want{Text: "12:30 url:x 标题: 空"}},
		{"“没有结束", want{Text: "“没有结束"}},
		{"“” \"\" -“”", want{Text: "     "}},
		{"「引号」", want{Text: "「引号」"}},
	} {
		p := parse(testWords().Fold(tt.in).Runes)
		got := want{Text: string(p.text)}
		for _, f := range p.phrases {
			got.Phrases = append(got.Phrases, string(f))
		}
		for _, f := range p.exclude {
			got.Exclude = append(got.Exclude, string(f))
		}
		for _, f := range p.fields {
			got.Fields = append(got.Fields, f.field+":"+string(f.text))
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("parse %q (-want +got):\n%s", tt.in, diff)
		}
	}
}

func FuzzParse(f *testing.F) {
	testWords() // see FuzzFold
	for _, s := range []string{"黑土地 -四平", "“夜经济” 标题:商圈", `-"`, "title:", "”“", "品牌：“", "-－-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, query string) {
		folded := testWords().Fold(query).Runes
		p := parse(folded)
		if len(p.text) > len(folded)+1 {
			t.Errorf("%q: more text came out than went in: %q", query, string(p.text))
		}
		pl := newPlan(testWords(), p)
		for _, c := range append(pl.must, pl.mustNot...) {
			if text.CountParts(c.text) == 0 {
				t.Errorf("%q: a condition with nothing in it", query)
			}
		}
		for _, term := range pl.terms {
			if term.text == "" || term.weight <= 0 {
				t.Errorf("%q: term %+v", query, term)
			}
		}
	})
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
