package text

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
)

func TestSetPhrasesStayWholeAndAreFoundByTheirParts(t *testing.T) {
	for text, want := range map[string][]string{
		"两问三要三明确": {"两问三要三明确", "两问", "三要", "三明确", "明确"},
		"吉思广益":    {"吉思广益"},
		"共识+发展":   {"共识+发展", "共识", "发展"},
		"谏议朝阳":    {"谏议朝阳", "谏议", "朝阳"},
		"珲春市政协":   {"珲春市", "珲春", "政协"},
		"营商环境":    {"营商环境", "营商", "环境"},
	} {
		got := map[string]bool{}
		for _, token := range testWords().Analyze(text) {
			got[token.Text] = true
		}
		for _, word := range want {
			if !got[word] {
				t.Errorf("analyze %q: %q is missing in %v", text, word, got)
			}
		}
	}
}

func TestAnalyzeTellsPlacesInTheTextAsGiven(t *testing.T) {
	got := testWords().Analyze("ＢＴＸ的\u200b營商環境")
	want := []catalog.Token{
		{Text: "btx", Start: 0, End: 3},
		{Text: "的", Start: 3, End: 5, IsStopWord: true},
		{Text: "营商环境", Start: 5, End: 9},
		{Text: "营商", Start: 5, End: 7},
		{Text: "环境", Start: 7, End: 9},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := testWords().Analyze("\xff\x00"); len(got) != 0 {
		t.Errorf("analyze bytes that are no text: got %v, want none", got)
	}
}
