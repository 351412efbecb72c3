package permalink

import (
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

func TestSlugsReadNamesAsTheyAreRead(t *testing.T) {
	for title, want := range map[string]string{
		"长春市": "chang-chun-shi", "珲春": "hun-chun", "重庆": "chong-qing", "重点提案": "zhong-dian-ti-an", "⻓春市": "chang-chun-shi",
		"⽼年⼈⾷堂": "lao-nian-ren-shi-tang", "乾安县": "qian-an-xian", "長春": "chang-chun", "绿园区": "lv-yuan-qu", "战略": "zhan-lve", "洮南": "tao-nan",
		"桦甸": "hua-dian", "磐石": "pan-shi", "镇赉": "zhen-lai", "朝阳区": "chao-yang-qu", "长白": "chang-bai", "长岭": "chang-ling", "蛟河": "jiao-he",
		"扶余": "fu-yu", "图们": "tu-men", "和龙": "he-long", "公主岭": "gong-zhu-ling", "前郭尔罗斯": "qian-guo-er-luo-si", "校长": "xiao-zhang", "银行": "yin-hang",
		"PM2.5": "pm2-5", "二〇二三年": "2023-nian",
	} {
		if got := Spell(title); got != want {
			t.Errorf("%s: got %s, want %s", title, got, want)
		}
	}
	if slug, former := Make(catalog.KindCase, "x", "长春甲"); !strings.HasPrefix(slug, "chang-chun-jia-") || former != strings.Replace(slug, "chang", "zhang", 1) {
		t.Errorf("got %s and before %s", slug, former)
	}
}
