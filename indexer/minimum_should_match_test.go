package indexer

import (
	"testing"

	"github.com/jisiguangyi/jisi/indexer/query"
)

func TestWhatCoversIsWhatAddsUp(t *testing.T) {
	x, _ := indexOf(t, randomCases(500)...)
	v := x.acquire()
	defer v.release()
	for _, s := range []string{"黑土地", "蛋谷 人参", "夜经济 商圈 课后", "银行 融资 企业 小区", "协商 政协 种子 人参 教育", "怎样让银行给企业融资，协商旅游教育冰雪人参种子？"} {
		pl := query.NewPlan(testWords(), query.Parse(testWords().Fold(s).Runes))
		f, err := v.run(t.Context(), pl, false)
		must(t, err)
		sets, err := v.unitSets(t.Context(), pl.Units, !pl.Question, f)
		must(t, err)
		whole := float32(0)
		for _, w := range f.unitWeights {
			whole += w
		}
		for d := range uint32(v.size) {
			have := float32(0)
			for i, set := range sets {
				if set.Has(d) {
					have += f.unitWeights[i]
				}
			}
			if want := v.alive.Has(d) && have >= whole*pl.MinimumShouldMatch(); f.set.Has(d) != want {
				t.Errorf("%q: document %d has %g of %g: found %t, want %t", s, d, have, whole, f.set.Has(d), want)
			}
		}
		c := matcher{Workspace: f.Workspace, all: v.alive, sets: sets, weights: f.unitWeights}
		if added := c.byAdding(whole * pl.MinimumShouldMatch()); added.Count() != f.set.Count() || added.CountBoth(f.set) != added.Count() {
			t.Errorf("%q: adding up finds %d, sets find %d", s, added.Count(), f.set.Count())
		}
		f.free()
	}
}
