package indexer

import (
	"slices"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

// TestAFormFindsTheOther has forms in which the same is written. Each is a text of its
// own, with others around it; each finds the other, and what is marked is what stands
// there, in code points of the text as written.
func TestAFormFindsTheOther(t *testing.T) {
	pairs := []struct{ a, b string }{
		{"⽼年⼈⾷堂", "老年人食堂"},
		{"⻓春市⺠", "长春市民"},
		{"⾧白山", "长白山"},
		{"冰雪旅\n游产业", "冰雪旅游产业"},
		{"冰雪旅\r\n游产业", "冰雪旅游产业"},
		{"梅　花鹿", "梅花鹿"},
		{"刘 某某", "刘某某"},
		{"1,000户", "1000户"},
		{"１，０００户", "1000户"},
		{"12,345.6亩", "12345.6亩"},
		{"今年，1,000户", "今年，1000户"},
		{"惠及，３，２００人次", "惠及，3200人次"},
		{"⾕物加⼯", "谷物加工"},
		{"⻆落⾥", "角落里"},
		{"民族团\n结示范", "民族团结示范"},
		{"松　花江畔", "松花江畔"},
		{"30㎝厚", "30cm厚"},
		{"Ⅷ级标准", "viii级标准"},
		{"AG600水陆机", "ａｇ６００水陆机"},
		{"二〇一九年九月十八日", "2019年9月18日"},
		{"二〇二三年", "2023年"},
		{"二零二三年", "二○二三年"},
		{"二0二三年", "2023年"},
		{"〔二〇二三〕十五号", "〔2023〕15号"},
		{"一九九八年十二月二十五日", "1998年12月25日"},
		{"三月八日", "3月8日"},
		{"CO₂排放", "co2排放"},
		{"一百m²", "一百㎡"},
		{"五㎏", "五kg"},
		{"负25℃", "负25°C"},
		{"Ⅳ类水体", "IV类水体"},
		{"ⅲ类", "Ⅲ类"},
		{"ＰＭ２．５", "PM2.5"},
		{"Ｅ－ＧＯＶ", "e-gov"},
		{"５Ｇ基站", "5g基站"},
		{"Ｃ９１９", "c919"},
		{"㈢号楼", "(三)号楼"},
		{"（五）中队", "㈤中队"},
		{"(甲)级资质", "（甲）级资质"},
		{"第①条", "第1条"},
		{"乾安縣", "乾安县"},
		{"餅乾廠", "饼干厂"},
		{"徵求意見", "征求意见"},
		{"營商環境", "营商环境"},
		{"葛\U000e0100根", "葛根"},
		{"e\u0301te", "éte"},
	}
	for _, p := range pairs {
		for _, way := range [][2]string{{p.a, p.b}, {p.b, p.a}, {p.a, p.a}} {
			said, asked := "委员说："+way[0]+"，是大家的事。", way[1]
			x, _ := indexOf(t, doc(1, "题", said), doc(2, "别的", "别的，不相干。"))
			page := searchFor(t, x, catalog.SearchQuery{Query: asked, WantHighlights: true, WantTotal: true})
			if page.Total != 1 || page.Hits[0].ID != 1 {
				t.Errorf("%q does not find %q: %d hits, words %q", asked, way[0], page.Total, page.Terms)
				continue
			}
			if len(page.Hits[0].Highlights) == 0 {
				t.Errorf("%q marks nothing in %q", asked, way[0])
				continue
			}
			h := page.Hits[0].Highlights[0]
			marked := []rune{}
			for _, r := range h.Ranges {
				marked = append(marked, []rune(h.Fragment)[r.Start:r.End]...)
			}
			words := func(s string) string {
				return strings.NewReplacer("〔", "", "(", "", ")", "", "（", "", "）", "", "〕", "", ",", "", "，", "", " ", "", "　", "", "\r", "", "\n", "", "－", "", "．", "", "-", "", ".", "", "°", "").Replace(s)
			}
			if got, want := words(string(marked)), words(way[0]); got != want {
				t.Errorf("%q marks %q in %q, want %q", asked, string(marked), h.Fragment, way[0])
			}
		}
	}
}

// TestPartsOfNamesAreFound has names of letters and digits, which are one word and are
// found by their parts as well.
func TestPartsOfNamesAreFound(t *testing.T) {
	x, _ := indexOf(t, doc(1, "题", "监测PM2.5浓度，布局5G基站。"), doc(2, "题", "C919大飞机，e-gov平台，100㎡。"), doc(3, "题", "第5组，2号"))
	for asked, want := range map[string][]catalog.ID{
		"pm2.5": {1}, "PM 2.5": {1}, "pm": {1}, "5G": {1}, "c919": {2}, "919": {2}, "e-gov": {2}, "gov": {2}, "㎡": {2}, "100": {2}, "5": {1, 3},
	} {
		got := idsOf(searchFor(t, x, catalog.SearchQuery{Query: asked}))
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", asked, got, want)
		}
	}
}

func TestASpaceWithinAWordJoinsItInAQuery(t *testing.T) {
	w := testWords()
	for in, want := range map[string]string{
		"梅 花鹿": "梅花鹿", "冰雪旅 游产业": "冰雪旅游产业", "长春 市民": "长春 市民", "黑土地 保护": "黑土地 保护", "三 农 问题": "三农 问题", "a 梅": "a 梅", " 梅": " 梅", "": "",
	} {
		if got := string(w.JoinPieces(w.FoldQuery(in).Runes)); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	x, _ := indexOf(t, doc(1, "题", "养殖梅花鹿，梅　花鹿茸。"), doc(2, "题", "梅，花鹿"))
	for asked, want := range map[string]int{"梅花鹿": 1, "“梅花鹿”": 1, "“梅 花鹿”": 2, "梅 花鹿": 1} {
		if p := searchFor(t, x, catalog.SearchQuery{Query: asked, WantTotal: true}); p.Total != want {
			t.Errorf("%q: %d hits, want %d", asked, p.Total, want)
		}
	}
}
