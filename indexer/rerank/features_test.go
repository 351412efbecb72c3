package rerank

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/jisiguangyi/jisi/indexer/text"

	"github.com/jisiguangyi/jisi/indexer/query"
	"github.com/jisiguangyi/jisi/internal/wordstest"
)

// lookAt returns the features of a text for a query, every term weighing 1.
func lookAt(s, title string, texts ...string) Features {
	w := wordstest.Load()
	folded := w.Fold(s).Runes
	pl := query.NewPlan(w, query.Parse(folded))
	weights := make([]float32, len(pl.Units))
	for i := range weights {
		weights[i] = 1
	}
	a := NewQuery(folded, pl.Cut, w.Stop, pl.Units, weights, func(string, string) float32 { return 1 })
	var f Features
	var c Comparison
	for i, t := range append([]string{title}, texts...) {
		texts = append(texts[:i], text.Readable(t, w.Fold(t)))
	}
	c.Compare(a, PartsOf(texts), &f)
	a.Free()
	return f
}

func TestASecondLookPrefersWhatAnswers(t *testing.T) {
	const query = "四平市政协提出的黑土地保护方案"
	for _, tt := range []struct {
		name          string
		feature       int
		better, worse string
	}{
		{"words", FeatUnits, "四平市政协谈黑土地。", "四平谈土地。"},
		{"pairs", FeatPairs, "保护方案", "方案"},
		{"one sentence", FeatPairsSentence, "黑土地保护方案。", "黑土地。说别的。保护方案。"},
		{"two sentences", FeatPairsWindow, "黑土地。保护方案。", "黑土地。说别的。保护方案。"},
		{"characters", FeatCharsSentence, "黑土地方案。", "黑土。地方。"},
		{"order", FeatOrder, "四平市政协提出黑土地保护方案", "方案保护黑土地提出政协四平市"},
		{"a longer stretch", FeatRun, "黑土地保护方案", "黑土地与方案，保护"},
		{"a short sentence", FeatDense, "黑土地保护方案。还说了好些别的。", "黑土地保护方案，还说了好些别的。"},
	} {
		better, worse := lookAt(query, "题", tt.better), lookAt(query, "题", tt.worse)
		if better[tt.feature] <= worse[tt.feature] {
			t.Errorf("%s: %q gets %g, %q %g", tt.name, tt.better, better[tt.feature], tt.worse, worse[tt.feature])
		}
	}
	if a, b := lookAt(query, "黑土地保护", ""), lookAt(query, "夜经济", ""); a[FeatTitleAsked] <= b[FeatTitleAsked] || a[FeatTitleUnits] <= b[FeatTitleUnits] {
		t.Errorf("titles: %v, %v", a, b)
	}
	for _, tt := range []struct{ query, better, worse string }{
		{"黑土地保护方案何时提出", "黑土地保护方案于2021年提出。", "黑土地保护方案由四平提出。"},
		{"2021年的黑土地保护方案何时提出", "2021年的黑土地保护方案于5月提出。", "2021年的黑土地保护方案由四平提出。"},
		{"黑土地保护方案什么时候提出", "黑土地保护方案于二〇二一年提出。", "黑土地保护方案用了300万元。"},
		{"黑土地保护方案哪一年提出", "黑土地保护方案（2021）提出。", "黑土地保护方案提出3次。"},
		{"黑土地保护方案哪年提出", "黑土地保护方案。2021年提出。", "黑土地保护方案。说别的。再说别的。2021年。"},
	} {
		if a, b := lookAt(tt.query, "题", tt.better), lookAt(tt.query, "题", tt.worse); a[FeatWhen] <= b[FeatWhen] {
			t.Errorf("%q: %q gets %g, %q %g", tt.query, tt.better, a[FeatWhen], tt.worse, b[FeatWhen])
		}
	}
	for _, q := range []string{"时间银行", "几乎没有人", "黑土地保护", "年代感", "日期"} {
		if f := lookAt(q, "题", q+"2021年5月。"); f[FeatWhen] != 0 {
			t.Errorf("%q does not ask when: %v", q, f)
		}
	}
	if a, b := lookAt("2021年的btx体系", "", "2021年BTX体系"), lookAt("2021年的btx体系", "", "2020年体系"); a[FeatNumbers] != 1 || b[FeatNumbers] != 0 {
		t.Errorf("numbers: %g and %g, want 1 and 0", a[FeatNumbers], b[FeatNumbers])
	}
}

func TestFeaturesAreShares(t *testing.T) {
	for _, text := range []string{"", "黑土地", strings.Repeat("四平市政协提出的黑土地保护方案。", 30), "btx 2021 。！？"} {
		for i, v := range lookAt("四平市政协的黑土地保护方案 2021", text, text, text) {
			if v < 0 || v > 1.001 {
				t.Errorf("%.20q: %s is %g", text, FeatureNames[i], v)
			}
		}
	}
}

// reader is where the reading of a text stands.
type reader struct {
	newSentence bool // the next part starts one
	joined      bool // the next part follows the last one directly
}

// part takes in a part; id is the query's number for it, -1 where it has none.
func (c *Comparison) part(r *reader, a *Query, id int16) {
	if r.newSentence {
		c.sentence = append(c.sentence, sentence{hit: int32(len(c.hits)), part: int32(c.parts)})
		r.newSentence = false
	}
	if id >= 0 {
		c.hit(a, c.parts, id, r.joined)
	}
	c.parts++
	r.joined = true
}

// readSlowly reads a folded text as Comparison.read does its parts, character by character.
func (c *Comparison) readSlowly(a *Query, f []rune) {
	r := reader{newSentence: true}
	for i := 0; i < len(f); {
		class := text.ClassOf(f[i])
		if class&text.ClassWord == 0 {
			r.joined = false
			r.newSentence = r.newSentence || class&text.ClassSentence != 0
			i++
			continue
		}
		end := text.PartEnd(f, i)
		id, ok := a.lookup(f[i:end])
		if !ok {
			id = -1
		}
		c.part(&r, a, id)
		if !ok && a.dates && !text.IsHan(f[i]) {
			next := rune(0)
			if end < len(f) {
				next = f[end]
			}
			c.unasked(string(f[i:end]), next)
		}
		i = end
	}
}

func TestAReadableTextReadsAsTheFoldedOne(t *testing.T) {
	w := wordstest.Load()
	folded := w.Fold("四平市黑土地 btx 2021 保护 什么时候").Runes
	a := NewQuery(folded, w.CutPlain(folded), w.Stop, nil, nil, func(string, string) float32 { return 1 })
	asItIs := 0
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{
			"黑", "土地", "四平", "保护", "。", "，", "！", "!", " ", "\n", "BTX", "btx", "2021", "年", "“", "的", "a", "\u200b",
			"護", "Ａ", "é", "\xff", "㐀", "・", "、", "-", "什么", "䷀", "\U00020000",
		})).Draw(t, "parts"), "")
		f := w.Fold(s)
		if text.Readable(s, f) == s {
			asItIs++
		}
		var quick, slow Comparison
		p := PartsOf([]string{text.Readable(s, f)})
		if left := quick.read(a, p.codes, p.others); len(left) > 0 {
			t.Errorf("%q: %v were not come to", s, left)
		}
		slow.readSlowly(a, f.Runes)
		opt := cmp.Options{cmp.AllowUnexported(partHit{}), cmpopts.EquateEmpty()}
		if diff := cmp.Diff(slow.hits, quick.hits, opt); diff != "" || slow.parts != quick.parts || !slices.Equal(slow.sentence, quick.sentence) {
			t.Fatalf("%q: parts %d and %d, sentences %v and %v, hits (-folded +readable):\n%s",
				s, slow.parts, quick.parts, slow.sentence, quick.sentence, diff)
		}
	})
	if asItIs == 0 {
		t.Error("no text was read as it is: the test says nothing")
	}
}
