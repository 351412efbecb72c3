package text

import (
	"strings"
	"testing"
)

// TestWhatIsKeptOfAQuestionNamesNobody has questions as people ask them, with what may
// tell of somebody in them.
func TestWhatIsKeptOfAQuestionNamesNobody(t *testing.T) {
	w := testWords()
	for question, want := range map[string]string{
		"":                    "",
		"  \n":                "",
		"13812345678":         "",
		"张建国":                 "",
		"王小明家楼上漏水":            "楼上 漏水",
		"公主岭市政协刘君信":           "",
		"邻居装修吵闹扰民":            "吵闹 扰民 装修 邻居",
		"扰民的邻居 装修 吵闹！":        "吵闹 扰民 装修 邻居",
		"長春市 老年人食堂":           "老年人 食堂",
		"孩子放学没人接":             "孩子 放学 没人接",
		"220104199001011234号": "",
		"abc@example.com 停车":  "停车",
		"李雷和韩梅梅的土地承包":         "土地 承包",
		"怎么办 怎么 什么":           "",
		"\x00\xff停车\ufffd":    "停车",
		"欧阳娜娜要停车":             "停车",
		"周恩来故居修缮":             "修缮 故居",
		"毛主席题词的石碑":            "石碑 题词",
		"文花枝的学校停车":            "停车 学校",
	} {
		if got := strings.Join(w.WithoutNames(question), " "); got != want {
			t.Errorf("of %q %q is kept, want %q", question, got, want)
		}
	}
}
