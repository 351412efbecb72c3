package text

import (
	"testing"
	"unicode/utf8"

	"github.com/longbridgeapp/opencc"
	"pgregory.net/rapid"
)

func TestFoldMakesOneOfWhatReadsTheSame(t *testing.T) {
	w := testWords()
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
	} {
		if got := w.Fold(tt.in).String(); got != tt.want {
			t.Errorf("fold %q: got %q, want %q", tt.in, got, tt.want)
		}
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
		f := testWords().Fold(text)
		if got := f.String(); got != testWords().Fold(want).String() {
			t.Errorf("fold %q: got %q, want %q", text, got, want)
		}
	}
}

// checkFold checks what must hold of every folded text.
func checkFold(t interface{ Errorf(string, ...any) }, text string) {
	f := testWords().Fold(text)
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
	if again := testWords().Fold(f.String()).String(); again != testWords().Fold(again).String() {
		t.Errorf("%q: folding does not come to rest: %q, %q", text, f.String(), again)
	}
}

func TestFoldMapsEveryCharacterIntoTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOf(rapid.SampledFrom([]string{
			"營", "商", "乾", "坤", "發", "Ａ", "z", "\u0301", "e", "\u200b", "\x00", "\xff", "，", "：", "\U00020000", "한", "ㅏ", "\n", "一目瞭然",
		})).Draw(t, "parts")
		text := ""
		for _, p := range parts {
			text += p
		}
		checkFold(t, text)
	})
}

func FuzzFold(f *testing.F) {
	testWords() // loading them takes longer than a worker is given for its first input
	for _, s := range []string{"營商環境ＢＴＸ", "e\u0301", "\xff\x00黑", "乾坤", "\u1100\u1161\u11a8"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) { checkFold(t, text) })
}
