package query

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/indexer/text"

	"github.com/jisiguangyi/jisi/internal/wordstest"
)

func TestParseTakesApartWhatWasTyped(t *testing.T) {
	type want struct {
		Text             string
		Phrases, Exclude []string
		Fields           []string
	}
	for _, tt := range []struct {
		in   string
		want want
	}{
		{"黑土地 保护", want{Text: "黑土地 保护"}},
		{"“黑土 地”保护", want{Text: " 保护", Phrases: []string{"黑土 地"}}},
		{`"a b" -c -"d e"`, want{Text: "     ", Phrases: []string{"a b"}, Exclude: []string{"c", "d e"}}},
		{"－四平 黑土", want{Text: "  黑土", Exclude: []string{"四平"}}},
		{"a-b -", want{Text: "a-b -"}},
		{"标题：商圈 改造", want{Text: "  改造", Fields: []string{"ft:商圈"}}},
		{`title:"桂林路 商圈"`, want{Text: " ", Fields: []string{"ft:桂林路 商圈"}}},
		{"地区:吉林 主题:教育 单位:省政协 品牌:点站台", want{Text: "       ", Fields: []string{"fr:吉林", "fo:教育", "fc:省政协", "fb:点站台"}}},
		{"12:30 url:x 标题: 空", want{Text: "12:30 url:x 标题: 空"}},
		{"“没有结束", want{Text: "“没有结束"}},
		{"“” \"\" -“”", want{Text: "     "}},
		{"「引号」", want{Text: "「引号」"}},
	} {
		p := Parse(wordstest.Load().FoldQuery(tt.in).Runes)
		got := want{Text: string(p.Text)}
		for _, f := range p.Phrases {
			got.Phrases = append(got.Phrases, string(f))
		}
		for _, f := range p.exclude {
			got.Exclude = append(got.Exclude, string(f))
		}
		for _, f := range p.fields {
			got.Fields = append(got.Fields, f.field+":"+string(f.text))
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("parse %q (-want +got):\n%s", tt.in, diff)
		}
	}
}

func FuzzParse(f *testing.F) {
	wordstest.Load() // before the fuzzer counts its time; see internal/script.FuzzFold
	for _, s := range []string{"黑土地 -四平", "“夜经济” 标题:商圈", `-"`, "title:", "”“", "品牌：“", "-－-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, query string) {
		folded := wordstest.Load().FoldQuery(query).Runes
		p := Parse(folded)
		if len(p.Text) > len(folded)+1 {
			t.Errorf("%q: more text came out than went in: %q", query, string(p.Text))
		}
		pl := NewPlan(wordstest.Load(), p)
		for _, c := range append(pl.Must, pl.MustNot...) {
			if text.CountParts(c.Text) == 0 {
				t.Errorf("%q: a condition with nothing in it", query)
			}
		}
		for _, term := range pl.Terms {
			if term.Text == "" || term.Weight <= 0 {
				t.Errorf("%q: term %+v", query, term)
			}
		}
	})
}
