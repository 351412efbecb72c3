package script

import (
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/longbridgeapp/opencc"
	"pgregory.net/rapid"
)

var testFolder = sync.OnceValue(func() *Folder {
	f, err := NewFolder()
	if err != nil {
		panic(err)
	}
	return f
})

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestFoldMakesOneOfWhatReadsTheSame(t *testing.T) {
	w := testFolder()
	for _, tt := range []struct{ in, want string }{
		{"營商環境", "营商环境"},
		{"ＢＴＸ　２０２１", "btx 2021"},
		{"乾坤與乾燥", "乾坤与干燥"},
		{"頭髮與發展，皇后與以後", "头发与发展,皇后与以后"},
		{"e\u0301té", "été"},
		{"夜\u200b經\ufeff濟", "夜经济"},
		{"黑\x00土\xff地\n", "黑 土 地 "},
		{"\uf900\U0002f800", "岂丽"[:3] + "丽"},
		{"", ""},
		// radicals
		{"⽼年⼈⾷堂", "老年人食堂"}, {"⻓春市", "长春市"}, {"⾧春", "长春"}, {"⺠⽣⼯程", "民生工程"}, {"⻅⾯", "见面"},
		// one space, or the end of a line, between two Chinese characters
		{"冰雪旅\n游产业", "冰雪旅游产业"}, {"冰雪旅\r\n游产业", "冰雪旅游产业"}, {"梅　花鹿", "梅花鹿"}, {"张 三", "张三"},
		{"一段。\n二段", "一段。 二段"}, {"张三  李四", "张三  李四"}, {"上段\n\n下段", "上段  下段"}, {"上\n　　下", "上   下"}, {"梅 a", "梅 a"}, {"梅 ", "梅 "}, {"梅\t花", "梅 花"},
		// numbers
		{"1,000户", "1000户"}, {"１，０００户", "1000户"}, {"12,345,678元", "12345678元"}, {"2021,2022", "2021,2022"}, {"1,00", "1,00"}, {"1,0000", "1,0000"},
		{"3万户、1.2亿元", "3万户、1.2亿元"}, {"3,000万", "3000万"}, {"a1,000", "a1,000"},
		{"今年，1,000户", "今年,1000户"}, {"人次,12,500元", "人次,12500元"}, {"如下.3,200吨", "如下.3200吨"}, {"，１，０００，其中", ",1000,其中"}, {",1,000", ",1000"},
		{"5,1,000", "5,1,000"}, {"2021，1,000", "2021,1,000"}, {"0.5,000", "0.5,000"}, {"1.2,345,678", "1.2,345,678"},
		{"二〇二三年", "2023年"}, {"二零二三年", "2023年"}, {"二○二三年", "2023年"}, {"二0二三年", "2023年"}, {"二O二三年", "2023年"}, {"一九四九", "1949"}, {"一八六〇年", "1860年"},
		{"二〇二一至二〇二三年度", "2021至2023年度"}, {"吉政协发〔二〇二三〕十五号", "吉政协发〔2023〕15号"}, {"吉政协發〔2023〕五號", "吉政协发〔2023〕5号"},
		{"二〇二三年十二月二十五日", "2023年12月25日"}, {"2023年三月八日", "2023年3月8日"}, {"十月十日", "10月10日"}, {"二月三十号", "2月30号"},
		{"三个月", "三个月"}, {"星期一月", "星期一月"}, {"十三月", "十三月"}, {"八日", "八日"}, {"一站式、三农、两问三要三明确、二十大", "一站式、三农、两问三要三明确、二十大"},
		{"三零一医院", "三〇一医院"}, {"三〇一医院", "三〇一医院"}, {"第十五届", "第十五届"}, {"三四千", "三四千"},
		// units, Roman numbers, numbers in circles
		{"CO₂", "co2"}, {"100m²", "100m2"}, {"100㎡", "100m2"}, {"5㎏", "5kg"}, {"25℃", "25°c"}, {"25°C", "25°c"}, {"Ⅳ类", "iv类"}, {"ⅳ", "iv"}, {"10⁸", "10 8"},
		{"①②", "1 2"}, {"2023①", "2023 1"}, {"①2023年", "1 2023年"}, {"½", "1/2"}, {"3½", "3 1/2"}, {"№", "no"}, {"ﬁn", "fin"}, {"㈠", "(一)"}, {"㎞²", "km2"}, {"ｶﾞ", "ガ"}, {"𝟐𝟎𝟐𝟑", "2023"},
		{"葛\U000e0100", "葛"},
		// characters of both scripts
		{"乾安县", "乾安县"}, {"乾安縣", "乾安县"}, {"乾安", "乾安"}, {"吉林省乾安县政协", "吉林省乾安县政协"}, {"餅乾", "饼干"}, {"乾燥", "干燥"}, {"乾淨", "干净"}, {"头发乾了", "头发乾了"},
		{"李乾在乾安。頭髮乾了。", "李乾在乾安。头发干了。"}, {"宫商角徵羽", "宫商角徵羽"}, {"徵求意見", "征求意见"}, {"徵兵", "征兵"}, {"蒜薹", "蒜薹"}, {"菜薹", "菜薹"}, {"哪吒", "哪吒"}, {"甯先生", "甯先生"},
		{"著名作家著书", "著名作家著书"}, {"於是", "于是"},
	} {
		if got := w.Fold(tt.in).String(); got != tt.want {
			t.Errorf("fold %q: got %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestFoldMapsToTheTextAsWritten(t *testing.T) {
	for _, tt := range []struct {
		in, find, want string
	}{
		{"发展冰雪旅\r\n游产业", "旅游", "旅\r\n游"},
		{"养殖梅　花鹿", "梅", "梅"},
		{"养殖梅　花鹿", "梅花鹿", "梅　花鹿"},
		{"于二〇二三年十二月二十五日开会", "25", "二十五"},
		{"于二〇二三年十月开会", "10", "十"},
		{"共1,000户", "1000", "1,000"},
		{"面积100㎡的", "m2", "㎡"},
		{"面积100㎡的", "m", "㎡"},
		{"夜\u200b經濟", "夜", "夜\u200b"},
		{"一目瞭然的", "一目了然", "一目瞭然"},
		{"⻓春市", "长春", "⻓春"},
	} {
		f := testFolder().Fold(tt.in)
		i := IndexRunes(f.Runes, []rune(tt.find))
		if i < 0 {
			t.Errorf("%q folds to %q, without %q", tt.in, f.String(), tt.find)
			continue
		}
		if got := string([]rune(tt.in)[f.Start(i):f.End(i+len([]rune(tt.find)))]); got != tt.want {
			t.Errorf("%q: %q stands at %q, want %q", tt.in, tt.find, got, tt.want)
		}
	}
}

func TestAQuerysSpacesPartWords(t *testing.T) {
	if got := testFolder().FoldQuery("黑土地 保护　一").String(); got != "黑土地 保护 一" {
		t.Errorf("got %q", got)
	}
}

func TestFoldSimplifiesAsTheLibraryDoes(t *testing.T) {
	cc, err := opencc.New("t2s")
	must(t, err)
	for _, text := range []string{
		"現代主義本身最晚一個時期的發展是哪個主義", "哪一位歷史學家認為盧安達於1994年發生種族滅絕",
		"天文台開始設立播放錄音的打電話問天氣的服務", "乾隆皇帝的乾兒子曬乾了衣裳", "瞭解著作與著名的藉口",
		"頭髮乾了就出發", "只有一隻隻鳥", "台灣的颱風與檯燈", "複雜、恢復、答覆", "餘額與剩餘，余先生",
	} {
		want, err := cc.Convert(text)
		must(t, err)
		f := testFolder().Fold(text)
		if got := f.String(); got != testFolder().Fold(want).String() {
			t.Errorf("fold %q: got %q, want %q", text, got, want)
		}
	}
}

// checkFold checks what must hold of every folded text.
func checkFold(t interface{ Errorf(string, ...any) }, text string) {
	f := testFolder().Fold(text)
	n := utf8.RuneCountInString(text)
	if f.Start(len(f.Runes)) != n {
		t.Errorf("%q: the end of the map is %d, want %d", text, f.Start(len(f.Runes)), n)
	}
	for i := range f.Runes {
		if a, b := f.Start(i), f.Start(i+1); a < 0 || a > b || b > n {
			t.Errorf("%q: character %d is mapped to [%d, %d) of %d", text, i, a, b, n)
		}
	}
	if !utf8.ValidString(f.String()) {
		t.Errorf("%q folds to invalid UTF-8 %q", text, f.String())
	}
	for i := range f.Runes {
		if f.Runes[i] != ' ' && f.End(i+1) <= f.Start(i) {
			t.Errorf("%q: character %d ends at %d, before its start", text, i, f.End(i+1))
		}
		if i > 0 && f.Start(i) > f.Start(i-1) && f.End(i) > f.Start(i) {
			t.Errorf("%q: characters %d and %d overlap", text, i-1, i)
		}
	}
	if strings.ContainsFunc(f.String(), func(r rune) bool { return r < ' ' }) {
		t.Errorf("%q folds to %q, which has control characters", text, f.String())
	}
	if again := testFolder().Fold(f.String()).String(); again != testFolder().Fold(again).String() {
		t.Errorf("%q: folding does not come to rest: %q, %q", text, f.String(), again)
	}
}

func TestFoldMapsEveryCharacterIntoTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOf(rapid.SampledFrom([]string{
			"營", "商", "乾", "坤", "發", "Ａ", "z", "\u0301", "e", "\u200b", "\x00", "\xff", "，", "：", "\U00020000", "한", "ㅏ", "\n", "一目瞭然",
			"一", "二", "〇", "九", "十", "年", "月", "日", "1", "0", ",", "000", "㎡", "①", "²", "⻓", " ", "　", "\r", "。", "½", "ガ", "ﾞ", "〔", "〕", "号",
		})).Draw(t, "parts")
		text := ""
		for _, p := range parts {
			text += p
		}
		checkFold(t, text)
	})
}

func FuzzFold(f *testing.F) {
	testFolder() // loading them takes longer than a worker is given for its first input
	for _, s := range []string{"營商環境ＢＴＸ", "e\u0301", "\xff\x00黑", "乾坤", "\u1100\u1161\u11a8", "二〇二三年十二月二十五日", "1,000,00", "旅\r\n游", "①½²㎡", "⻓"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) { checkFold(t, text) })
}
