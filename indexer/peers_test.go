package indexer

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
)

// peerCases are cases of committees in two prefectures.
func peerCases() []*catalog.Document {
	at := func(id catalog.ID, committee, region string, level catalog.Level, title, text string, topics ...string) *catalog.Document {
		d := doc(id, title, text)
		d.Committee, d.Region, d.Level = committee, region, level
		d.Regions = []string{region, catalog.PrefectureOf(region), "220000"}
		d.Names.Region = []string{"县" + region, "市" + catalog.PrefectureOf(region), "吉林省"}
		d.Topics, d.OwnTopics, d.Names.Topics = topics, topics, topics
		return d
	}
	county, prefecture := catalog.LevelCounty, catalog.LevelPrefecture
	own := at(1, "chaoyang", "220104", county, "小学放学后谁来管", "孩子放学早，家长下班晚。", "课后服务")
	near := at(2, "nanguan", "220102", county, "放学后托管班", "孩子放学后到社区托管。", "课后服务")
	far := at(3, "hunchun", "222404", county, "三点半难题协商", "学校延时，家长放心。", "课后服务")
	same := at(4, "yanbian", "222400", prefecture, "下午三点半怎么办", "", "课后服务")
	same.PossiblySameAs = []catalog.ID{3}
	adopted := at(5, "jilin-city", "220200", prefecture, "孩子放学早怎么接", "多家学习的孩子放学早做法。", "教育")
	adopted.AdoptionCount = 3
	other := at(6, "siping", "220300", prefecture, "黑土地保护", "耕地质量。", "农业")
	unknown := doc(7, "孩子放学早", "家长下班晚")
	unknown.Level = catalog.LevelUnstated
	brand := doc(8, "孩子放学早", "")
	brand.Kind = catalog.KindBrand
	return []*catalog.Document{own, near, far, same, adopted, other, unknown, brand}
}

const pupils = "我们县小学放学早，家长下班晚，孩子没人管"

func peerIDs(t *testing.T, x *Index, q catalog.PeerQuery) ([]catalog.ID, map[catalog.ID][]catalog.Reason) {
	t.Helper()
	if q.First == 0 {
		q.First = 10
	}
	hits, err := x.Peers(t.Context(), q)
	must(t, err)
	var ids []catalog.ID
	reasons := map[catalog.ID][]catalog.Reason{}
	for _, h := range hits {
		ids = append(ids, h.ID)
		reasons[h.ID] = h.Reasons
	}
	return ids, reasons
}

func TestPeersLeaveOutOnesOwnAndKeepToTheScope(t *testing.T) {
	x, _ := indexOf(t, peerCases()...)
	for _, tt := range []struct {
		scope catalog.PeerScope
		want  []catalog.ID
	}{
		{catalog.ScopeAll, []catalog.ID{2, 3, 4, 5, 7}},
		{"", []catalog.ID{2, 3, 4, 5, 7}},
		{catalog.ScopeSameLevel, []catalog.ID{2, 3}},
		{catalog.ScopeSamePrefecture, []catalog.ID{2}},
		{catalog.ScopeOtherPrefectures, []catalog.ID{3, 4, 5}},
	} {
		got, _ := peerIDs(t, x, catalog.PeerQuery{
			Problem: pupils, Committee: "chaoyang", Region: "220104", Level: catalog.LevelCounty, Scope: tt.scope,
		})
		slices.Sort(got)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("scope %q (-want +got):\n%s", tt.scope, diff)
		}
	}
}

func TestCasesThatMayBeTheSameStandTogether(t *testing.T) {
	x, _ := indexOf(t, peerCases()...)
	got, _ := peerIDs(t, x, catalog.PeerQuery{Problem: pupils})
	if a, b := slices.Index(got, 3), slices.Index(got, 4); a < 0 || b < 0 || max(a, b)-min(a, b) != 1 {
		t.Errorf("got %v, want 3 and 4 beside each other", got)
	}
	if n := len(slices.Compact(slices.Sorted(slices.Values(got)))); n != len(got) {
		t.Errorf("got %v, want nothing twice", got)
	}
}

func TestReasonsAreTrue(t *testing.T) {
	docs := peerCases()
	x, _ := indexOf(t, docs...)
	q := catalog.PeerQuery{Problem: pupils, Committee: "chaoyang", Region: "220104", Level: catalog.LevelCounty}
	_, reasons := peerIDs(t, x, q)
	for id, rs := range reasons {
		d := docs[id-1]
		if len(rs) == 0 {
			t.Errorf("case %d: no reason", id)
		}
		for _, r := range rs {
			holds := false
			switch r.Kind {
			case catalog.ReasonSharedWords:
				holds = sharedWordsStandInBoth(r.Text, q.Problem, d)
			case catalog.ReasonSharedTopic:
				holds = len(d.Names.Topics) > 0 && strings.Contains(r.Text, d.Names.Topics[0])
			case catalog.ReasonSameLevel:
				holds = d.Level == q.Level
			case catalog.ReasonNearbyRegion:
				holds = slices.Contains(d.Regions, "220100") && strings.Contains(r.Text, "市220100")
			case catalog.ReasonAdoptedByPeers:
				holds = d.AdoptionCount == 3 && strings.Contains(r.Text, "3")
			}
			if !holds {
				t.Errorf("case %d: %s %q does not hold", id, r.Kind, r.Text)
			}
		}
	}
	if len(reasons) != 5 {
		t.Errorf("got %d cases, want 5", len(reasons))
	}
}

// sharedWordsStandInBoth checks every word in quotes: those of the problem and
// those of the case, as the reason says.
func sharedWordsStandInBoth(text, problem string, d *catalog.Document) bool {
	all := d.Title
	for _, f := range d.Fields {
		all += f.Text
	}
	words := strings.FieldsFunc(text, func(r rune) bool { return r == '“' || r == '”' })
	if strings.HasPrefix(text, "问题说") {
		return strings.Contains(problem, words[1]) && strings.Contains(all, words[3])
	}
	for _, w := range words[1:] {
		if !strings.Contains(problem, w) || !strings.Contains(all, w) {
			return false
		}
	}
	return len(words) > 1
}

func TestPeersOfACase(t *testing.T) {
	x, _ := indexOf(t, peerCases()...)
	got, reasons := peerIDs(t, x, catalog.PeerQuery{Case: 1, Committee: "chaoyang"})
	if slices.Contains(got, 1) || slices.Contains(got, 6) || !slices.Contains(got, 2) {
		t.Errorf("got %v, want 2 among them, not the case itself nor 6", got)
	}
	want := []catalog.Reason{
		{Kind: catalog.ReasonSharedTopic, Text: "议题相同：“课后服务”"},
		{Kind: catalog.ReasonSharedWords, Text: "都说到“放学”“孩子”"},
		{Kind: catalog.ReasonSameLevel, Text: "同为县（市、区）级政协"},
		{Kind: catalog.ReasonNearbyRegion, Text: "同在市220100"},
	}
	if diff := cmp.Diff(want, reasons[2]); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
	for _, q := range []catalog.PeerQuery{{Case: 99}, {Problem: "？？？"}, {Problem: "量子纠缠"}, {}} {
		if got, _ := peerIDs(t, x, q); len(got) > 0 {
			t.Errorf("peers of %+v: got %v, want none", q, got)
		}
	}
}
