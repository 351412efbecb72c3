package graph_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Whose scores come to the same has the same place, also where binary fractions part
// them: two thirds of 80.4 and one of 86.8
// are a little more to a processor than two of 97.1 and one of 53.4.
func TestTheSameMeanIsTheSamePlace(t *testing.T) {
	p := newCampaign(t, nil)
	p.judged(t)
	first, second := p.of(t, p.caller, "朝阳区的电梯加装"), p.of(t, p.caller, "小区自治的办法")
	for _, test := range []struct {
		one, other [2]float64 // by the criteria 真实, which weighs two, and 创新
		want       [2]int
	}{
		{[2]float64{80.4, 86.8}, [2]float64{97.1, 53.4}, [2]int{1, 1}},
		{[2]float64{69.7, 79.3}, [2]float64{67.9, 82.9}, [2]int{1, 1}},
		{[2]float64{82.4, 86.8}, [2]float64{86.6, 78.4}, [2]int{1, 1}},
		{[2]float64{80, 60}, [2]float64{70, 80}, [2]int{1, 1}}, // 220 thirds both
		{[2]float64{0.1, 0.4}, [2]float64{0.3, 0}, [2]int{1, 1}},
		{[2]float64{66.67, 66.66}, [2]float64{66.66, 66.67}, [2]int{1, 2}}, // a hundredth of a third
		{[2]float64{90, 60}, [2]float64{90, 60.1}, [2]int{2, 1}},
	} {
		for id, values := range map[string][2]float64{first.ID: test.one, second.ID: test.other} {
			p.must(t, p.judge, fmt.Sprintf(`scoreSubmission(id: %q, scores: [{criterion: "真实", value: %v}, {criterion: "创新", value: %v}])`, id, values[0], values[1]))
		}
		one, other := p.of(t, p.caller, "朝阳区的电梯加装"), p.of(t, p.caller, "小区自治的办法")
		if diff := cmp.Diff(test.want, [2]int{*one.Rank, *other.Rank}); diff != "" || (*one.Mean == *other.Mean) != (*one.Rank == *other.Rank) {
			t.Errorf("%v and %v: means %v and %v, places (-want +got):\n%s", test.one, test.other, *one.Mean, *other.Mean, diff)
		}
	}
}
