package catalog_test

import (
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

// Twenty texts with what LibreOffice 7.4.7.2 has for their words, which is what it shows
// as 字数 of a Chinese text: read from the statistics of an .odt that it made of each.
// Where the two differ, the difference is that of the two marks that docs/files.md names.
func TestCharactersAreCountedAsLibreOfficeDoes(t *testing.T) {
	for _, test := range []struct {
		text   string
		want   catalog.Characters
		office int
	}{
		{"委员到社区走访座谈，听取居民、物业和街道的意见，逐条研究办理。", catalog.Characters{All: 31, Bare: 27}, 31},
		{"2024年，协商12次，办结率98.5%，满意度95.6分。", catalog.Characters{All: 19, Bare: 15}, 19},
		{"他们把“吉思广益”的桌子摆到了‘家门口’。", catalog.Characters{All: 21, Bare: 16}, 21},
		{"谏议朝阳——有事好商量……大家的事大家办。", catalog.Characters{All: 21, Bare: 16}, 18},
		{"坚持两问三要三明确:先问(一问、二问),再议!", catalog.Characters{All: 22, Bare: 17}, 22},
		{"ＡＢＣ１２３，全角字母和数字。", catalog.Characters{All: 15, Bare: 13}, 15},
		{"用AI和GIS平台，接入5G基站200多个。", catalog.Characters{All: 16, Bare: 14}, 16},
		{"《吉林省人民政府办公厅关于印发〔2024〕12号文件的通知》", catalog.Characters{All: 26, Bare: 22}, 26},
		{"按GB/T 9704—2012《党政机关公文格式》排版。", catalog.Characters{All: 18, Bare: 14}, 17},
		{"网址 https://www.example.org/a?b=1 与邮箱 a.b@example.org 不计入。", catalog.Characters{All: 11, Bare: 10}, 11},
		{"第一行\n第二行\n\n第四行，有　全角空格\t和制表符。", catalog.Characters{All: 20, Bare: 18}, 20},
		{"①摸底②协商③落实；（一）目标（二）做法；1.调研 2.座谈", catalog.Characters{All: 27, Bare: 21}, 27},
		{"𠮷林㐂事龘，扩展区汉字。", catalog.Characters{All: 12, Bare: 10}, 12},
		{"蒙古族·巴特尔 和 약속、カタカナ 并列。", catalog.Characters{All: 18, Bare: 15}, 18},
		{"3.5万亩、1,200户、10:30至11:45、-5℃、±2%。", catalog.Characters{All: 15, Bare: 10}, 15},
		{"投入1.2亿元/年，共3～5年，占比1∶3，温度−5°C。", catalog.Characters{All: 22, Bare: 16}, 22},
		{"“一网统管”“一键协商”…有事、好办、快办。", catalog.Characters{All: 22, Bare: 14}, 20},
		{"A、B、C三类；No.1与№2；100㎡与5㎞。", catalog.Characters{All: 18, Bare: 11}, 18},
		{"老旧小区改造，居民意见不一，停车也没有地方。物业说：“费用怎么分摊？”居民说：“先把账算清楚！”于是大家坐下来，一项一项地算。", catalog.Characters{All: 63, Bare: 50}, 63},
		{"2021年7月15日，县政协召开“有事好商量”协商议事会，委员、居民代表、部门负责人共36人参加，形成意见建议18条，采纳16条。", catalog.Characters{All: 58, Bare: 49}, 58},
	} {
		got := catalog.CountCharacters(test.text)
		if got != test.want {
			t.Errorf("%q: %+v, want %+v", test.text, got, test.want)
		}
		if less := asOffice(test.text); got.All-less != test.office {
			t.Errorf("%q: %d, and %d less for its marks; LibreOffice has %d", test.text, got.All, less, test.office)
		}
	}
}

// asOffice returns how many marks of a text LibreOffice leaves out: each U+2014, and of
// quotation marks and ellipses that follow one another all but one.
func asOffice(text string) int {
	less, run := 0, 0
	for _, r := range text {
		switch {
		case r == '—':
			less, run = less+1, 0
		case strings.ContainsRune("“”‘’…", r):
			if run++; run > 1 {
				less++
			}
		default:
			run = 0
		}
	}
	return less
}
