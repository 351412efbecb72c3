package indexer

import "testing"

func TestWhatCoversIsWhatAddsUp(t *testing.T) {
	x, _ := indexOf(t, randomCases(500)...)
	v := x.acquire()
	defer v.release()
	for _, query := range []string{"黑土地", "蛋谷 人参", "夜经济 商圈 课后", "银行 融资 企业 小区", "协商 政协 种子 人参 教育", "怎样让银行给企业融资，协商旅游教育冰雪人参种子？"} {
		pl := newPlan(testWords(), parse(testWords().Fold(query).Runes))
		f, err := v.run(t.Context(), pl, false)
		must(t, err)
		sets, err := v.unitSets(t.Context(), pl.units, !pl.question, f)
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
			if want := v.alive.Has(d) && have >= whole*pl.neededShare(); f.set.Has(d) != want {
				t.Errorf("%q: document %d has %g of %g: found %t, want %t", query, d, have, whole, f.set.Has(d), want)
			}
		}
		c := cover{Workspace: f.Workspace, all: v.alive, sets: sets, weights: f.unitWeights}
		if added := c.added(whole * pl.neededShare()); added.Count() != f.set.Count() || added.CountBoth(f.set) != added.Count() {
			t.Errorf("%q: adding up finds %d, sets find %d", query, added.Count(), f.set.Count())
		}
		f.free()
	}
}
