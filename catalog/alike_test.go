package catalog_test

import (
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

func TestAlikeIsTheShareOfTheSmallerText(t *testing.T) {
	long := "居民物业和街道坐到一起商量停车委员走访社区听取意见逐条研究办理"
	for _, test := range []struct {
		name, a, b string
		want       float64
	}{
		{"the same", "委员走访社区听取意见", "委员走访社区听取意见", 1},
		{"the same but for marks and spaces", "委员走访社区，听取意见。", "委员 走访社区听取意见", 1},
		{"a part of a longer one", "委员走访社区听取意见", long, 1},
		{"the same pieces many times", strings.Repeat("委员走访", 50), "委员走访委员走访委员走访", 1},
		{"half of the pieces", "一二三四五六七八九", "一二三四五六甲乙丙丁", 0.5}, // three of six
		{"nothing", "委员走访社区听取意见", "河道治理由专班负责", 0},
		{"too short for a piece", "委员走", "委员走访社区", 0},
		{"empty", "", "委员走访社区", 0},
	} {
		a, b := catalog.Shingles(test.a), catalog.Shingles(test.b)
		if got, back := catalog.Alike(a, b), catalog.Alike(b, a); got != test.want || back != test.want {
			t.Errorf("%s: %v, the other way %v; want %v", test.name, got, back, test.want)
		}
	}
}
