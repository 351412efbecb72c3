package changes_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/web/changes"
)

// written writes a change as a line: what went in [-…-], what came in {+…+}.
func written(c changes.Change) string {
	var b strings.Builder
	b.WriteString(c.Label + ": ")
	if c.Reordered {
		b.WriteString("(order)")
	}
	pieces := func(all []changes.Piece) {
		for _, p := range all {
			switch {
			case p.Gone:
				b.WriteString("[-" + p.Text + "-]")
			case p.Come:
				b.WriteString("{+" + p.Text + "+}")
			default:
				b.WriteString(p.Text)
			}
		}
	}
	pieces(c.Text)
	for i, item := range c.Items {
		if i > 0 {
			b.WriteString(" | ")
		}
		switch {
		case item.Gone:
			b.WriteString("-")
		case item.Come:
			b.WriteString("+")
		}
		b.WriteString(item.Name)
		pieces(item.Text)
		for _, f := range item.Fields {
			b.WriteString(" <" + written(f) + ">")
		}
	}
	return b.String()
}

func TestAChangeIsToldInTheWordsOfItsReaders(t *testing.T) {
	names := changes.Names{
		{Kind: catalog.KindCommittee, Slug: "changchun"}: "长春市政协", {Kind: catalog.KindTopic, Slug: "jiaoyu"}: "教育",
		{Kind: catalog.KindTopic, Slug: "yiliao"}: "医疗", {Kind: catalog.KindPerson, Slug: "jia"}: "甲某", {Kind: catalog.KindSource, Slug: "wen"}: "一份材料",
	}
	tests := []struct {
		name, path, before, after string
		want                      string
	}{
		{"a text by its words", "background", `"居民晚上散步看不清路。"`, `"居民晚上散步看不清路，老人不敢出门。"`, "背景: 居民晚上散步看不清路{+，老人不敢出门+}。"},
		{"a text that is all new", "title", `"旧的题目"`, `"另外一个"`, "标题: [-旧的题目-]{+另外一个+}"},
		{"a date", "startedOn", ``, `"2021-07-05"`, "开始日期: {+2021年7月5日+}"},
		{"a number", "participantCount", `12`, `15`, "参加人数: [-12-]{+15+}"},
		{"an enum", "level", `"COUNTY"`, `"PREFECTURE"`, "层级: [-县（市、区）-]{+市（州）+}"},
		{"a state", "status", `"DRAFT"`, `"IN_REVIEW"`, "状态: [-草稿-]{+审核中+}"},
		{"a record", "committee", ``, `"changchun"`, "政协: {+长春市政协+}"},
		{"a record that is gone", "brand", `"nothing"`, ``, "协商品牌: [-（这个协商品牌现在查不到）-]"},
		{"where a withdrawn record leads", "leadsTo", ``, `"person jia"`, "现见: {+人物“甲某”+}"},
		{"where it leads is gone", "leadsTo", ``, `"person yi"`, "现见: {+person yi+}"},
		{"where it leads is no name", "leadsTo", ``, `"见另一条"`, "现见: {+见另一条+}"},
		{"topics, one for another", "topics", `["jiaoyu"]`, `["yiliao"]`, "议题: +{+医疗+} | -[-教育-]"},
		{"topics in another order", "topics", `["jiaoyu","yiliao"]`, `["yiliao","jiaoyu"]`, "议题: (order)"},
		{
			"a participant in front of others", "participants", `[{"role":"SERVER","name":"甲"}]`, `[{"role":"CONVENER","name":"市政协","committee":"changchun"},{"role":"SERVER","name":"甲"}]`,
			"参与方: +搭台方 <名称: {+市政协+}> <政协: {+长春市政协+}>",
		},
		{"a step's text", "steps", `[{"code":"ASK_FITNESS","text":"适合"}]`, `[{"code":"ASK_FITNESS","text":"适合政协来做"}]`, "环节: 二问 <内容: 适合{+政协来做+}>"},
		{
			"an outcome that was adopted", "outcomes", `[{"form":"建议案","status":"SUBMITTED"},{"form":"报告","status":"ADOPTED"}]`,
			`[{"form":"建议案","status":"ADOPTED","effect":"修了路"},{"form":"报告","status":"ADOPTED"}]`,
			"协商成果: 建议案 <有效性: {+修了路+}> <成果状态: [-已报送-]{+被采纳+}>",
		},
		{"one entry by its place", "outcomes.0.status", `"SUBMITTED"`, `"ADOPTED"`, "协商成果: [-已报送-]{+被采纳+}"},
		{"a citation", "citations", ``, `[{"source":"wen","quote":"原话","start":3,"fields":["title"]}]`, "引证: + <出处: {+一份材料+}> <引文: {+原话+}> <所支持的字段: {+标题+}>"},
	}
	for _, tt := range tests {
		got := written(changes.Of(catalog.KindCase, tt.path, tt.before, tt.after, names))
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", tt.name, diff)
		}
	}
}

func TestWhatStayedIsShortened(t *testing.T) {
	long := strings.Repeat("协商议事", 100)
	got := changes.Text(long+"甲"+long, long+"乙"+long)
	if len(got) != 4 || len([]rune(got[0].Text)) != 41 || !strings.HasPrefix(got[0].Text, "…") || !strings.HasSuffix(got[3].Text, "…") {
		t.Errorf("got %d pieces: %v", len(got), got)
	}
	if changes.Text("同", "同") != nil {
		t.Error("equal texts differ")
	}
}

func TestReferencesAreThoseThatValuesName(t *testing.T) {
	got := changes.References(catalog.KindCase, "participants", `[{"role":"SERVER","name":"甲","person":"jia"}]`, "", `[{"role":"SERVER","committee":"changchun"}]`)
	want := []changes.Named{{Kind: catalog.KindPerson, Slug: "jia"}, {Kind: catalog.KindCommittee, Slug: "changchun"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestPiecesPutTogetherAreBothTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.StringOfN(rapid.RuneFrom([]rune("一二三𠀀a")), 0, 20, -1)
		before, after := letters.Draw(t, "before"), letters.Draw(t, "after")
		var was, is string
		for _, p := range changes.Text(before, after) {
			if !p.Come {
				was += p.Text
			}
			if !p.Gone {
				is += p.Text
			}
		}
		if before != after && (was != before || is != after) {
			t.Errorf("the pieces of %q and %q are %q and %q", before, after, was, is)
		}
	})
}
