package script

import (
	"slices"
	"strings"
	"testing"

	"github.com/mozillazg/go-pinyin"
)

// The readings are those of the library, whose own way of taking the tones off is slow.
func TestReadingsAreTheLibrarys(t *testing.T) {
	r, err := NewReadings()
	if err != nil {
		t.Fatal(err)
	}
	args := pinyin.NewArgs()
	args.Heteronym = true
	for code := range pinyin.PinyinDict {
		var want []string
		for _, s := range pinyin.SinglePinyin(rune(code), args) {
			s = strings.ReplaceAll(s, "ü", "v")
			if strings.Trim(s, "abcdefghijklmnopqrstuvwxyz") == "" && s != "" && !slices.Contains(want, s) {
				want = append(want, s)
			}
		}
		if got := r.Alone(rune(code)); !slices.Equal(got, want) {
			t.Errorf("%c is read %q, want %q", code, got, want)
		}
	}
	if n := len(r.alone); n < 40_000 {
		t.Errorf("%d characters have a reading, want more than 40,000", n)
	}
}

// A place before 长 has no mayor, families and places elsewhere are read as they are
// there, and what is read in one way only is completed by no other.
func TestWordsDecideReadings(t *testing.T) {
	r, err := NewReadings()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"珲春市长春路": "hun chun shi chang chun lu", "吉林省长春市": "ji lin sheng chang chun shi", "白山市长白县": "bai shan shi chang bai xian",
		"松原市长岭县": "song yuan shi chang ling xian", "市长春节慰问": "shi zhang chun jie wei wen", "市长接待日": "shi zhang jie dai ri",
		"县长效机制": "xian chang xiao ji zhi", "蔚县剪纸": "yu xian jian zhi", "乐亭大鼓": "lao ting da gu", "单氏宗祠": "shan shi zong ci", "单独": "dan du",
		"洪洞大槐树": "hong tong da huai shu", "铅山": "yan shan", "六合区": "lu he qu", "银行行长": "yin hang hang zhang", "乐清": "yue qing", "东阿": "dong e",
		"鸭绿江边": "ya lu jiang bian", "重阳节": "chong yang jie", "秸秆还田": "jie gan huan tian", "畜牧业": "xu mu ye", "西藏班": "xi zang ban", "市长安排": "shi zhang an pai",
		"番茄大棚": "fan qie da peng", "长远规划": "chang yuan gui hua", "双重管理": "shuang chong guan li", "重点工作": "zhong dian gong zuo", "朴氏": "piao shi", "大城县": "dai cheng xian", "长子县": "zhang zi xian", "乾安": "qian an", "解氏": "xie shi", "监利": "jian li",
	} {
		var got []string
		for _, s := range r.Of([]rune(text)) {
			got = append(got, s[0])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s is read %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]int{"乾安": 1, "乾坤": 2, "长春": 2, "重庆": 3, "珲春": 2} {
		if got := len(r.Of([]rune(text))[0]); got != want {
			t.Errorf("%s: %d readings of its first character, want %d", text, got, want)
		}
	}
	if got := r.Lengths([]rune("乾安"), "ganan"); got != nil {
		t.Errorf("ganan spells 乾安: %d", got)
	}
}
