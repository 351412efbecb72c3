package jsonl

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
)

func TestDecodeReadsEveryKindOfValue(t *testing.T) {
	year, count, score := 2021, 12, 91.5
	yes := true
	tests := []struct {
		line string
		want catalog.Input
	}{
		{
			`{"type":"case","slug":"a","title":"标题","year":2021,"participantCount":12,"topics":["x","y"],"steps":[{"code":"ASK_PRIORITY","text":"一问"}],"citations":[{"source":"s","quote":"q","start":12}]}`,
			&catalog.CaseInput{
				InputMeta: catalog.InputMeta{Slug: "a", Citations: []catalog.CitationInput{{Source: "s", Quote: "q", Start: &count}}},
				Title:     "标题", Year: &year, ParticipantCount: &count, Topics: []string{"x", "y"},
				Steps: []catalog.StepInput{{Code: catalog.StepAskPriority, Text: "一问"}},
			},
		},
		{
			`{"type":"evaluation","slug":"e","year":2021,"department":"d","score":91.5,"countsInReview":true,"raters":null}`,
			&catalog.EvaluationInput{InputMeta: catalog.InputMeta{Slug: "e"}, Year: 2021, Department: "d", Score: &score, CountsInReview: &yes},
		},
		{
			` { "slug" : "v" , "kind":"LIAISON_STATION", "name": "站" , "type" : "venue" } `,
			&catalog.VenueInput{InputMeta: catalog.InputMeta{Slug: "v"}, VenueKind: catalog.VenueLiaisonStation, Name: "站"},
		},
		{`{"type":"topic","slug":"t","name":"\ud842\udfb7\n\"é"}`, &catalog.TopicInput{InputMeta: catalog.InputMeta{Slug: "t"}, Name: "𠮷\n\"é"}},
		// Decomposed letters come back composed, written out or escaped.
		{`{"type":"topic","slug":"t","name":"e` + "\u0301" + `"}`, &catalog.TopicInput{InputMeta: catalog.InputMeta{Slug: "t"}, Name: "é"}},
		{
			`{"type":"brand","slug":"b","name":"n","origin":"SYNTHETIC","alternativeNames":["e\u0301"]}`,
			&catalog.BrandInput{InputMeta: catalog.InputMeta{Slug: "b", Origin: catalog.OriginSynthetic}, Name: "n", AlternativeNames: []string{"é"}},
		},
		{`{"\u0074ype":"topic","slug":"t","name":"x","parent":null}`, &catalog.TopicInput{InputMeta: catalog.InputMeta{Slug: "t"}, Name: "x"}},
	}
	for _, tt := range tests {
		got, err := Decode([]byte(tt.line))
		if err != nil {
			t.Errorf("Decode(%s): %v", tt.line, err)
			continue
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("Decode(%s) (-want +got):\n%s", tt.line, diff)
		}
	}
}

func TestDecodeSaysWhatIsWrongAndWhere(t *testing.T) {
	tests := []struct {
		name, line string
		want       string // the error in English
		zh         string // of the first problem
		column     int
	}{
		{"no type", `{"slug":"a"}`, "type: is required, as a text: one of source, region, committee, topic, person, brand, proposal, indicator, case, practice, evaluation_round, evaluation, adoption, venue, need, report, activity, call, collection", "缺少记录类型，可用：source、region、committee、topic、person、brand、proposal、indicator、case、practice、evaluation_round、evaluation、adoption、venue、need、report、activity、call、collection", 0},
		{"unknown type", `{"type":"Case","slug":"a"}`, `type: there is no type "Case"; there are source, region, committee, topic, person, brand, proposal, indicator, case, practice, evaluation_round, evaluation, adoption, venue, need, report, activity, call, collection`, `没有记录类型 "Case"，可用：source、region、committee、topic、person、brand、proposal、indicator、case、practice、evaluation_round、evaluation、adoption、venue、need、report、activity、call、collection`, 0},
		{"no object", `["case"]`, "must be an object {…}, and is a list", "应为对象 {…}，这里是列表", 0},
		{"unknown field", `{"type":"case","slug":"a","titel":"x"}`, "titel: there is no such field", "没有这个字段", 0},
		{"field in the wrong case", `{"type":"case","slug":"a","Title":"x"}`, "Title: there is no such field; is it title?", "没有这个字段，是不是 title？", 0},
		{"unknown field below", `{"type":"case","slug":"a","steps":[{"code":"ASK_FITNESS","text":"x"},{"step":1}]}`, "steps.1.step: there is no such field", "没有这个字段", 0},
		{"number in quotes", `{"type":"case","slug":"a","year":"2021"}`, "year: must be a number, and is a text, in quotes", "应为数字，这里是文字（带引号）", 0},
		{"text without quotes", `{"type":"case","slug":"a","title":12}`, "title: must be a text, and is a number", "应为文字，这里是数字", 0},
		{"no whole number", `{"type":"case","slug":"a","year":2021.5}`, "year: 2021.5 is not a usable whole number", "2021.5 不是可用的整数", 0},
		{"number out of range", `{"type":"indicator","slug":"a","value":1e999}`, "value: 1e999 is out of range", "1e999 超出数的范围", 0},
		{"text for a list", `{"type":"case","slug":"a","topics":"x"}`, "topics: must be a list […], and is a text, in quotes", "应为列表 […]，这里是文字（带引号）", 0},
		{"null in a list", `{"type":"case","slug":"a","topics":["x",null]}`, "topics.1: must be a text, and is null", "应为文字，这里是null", 0},
		{"text for an object", `{"type":"case","slug":"a","outcomes":["x"]}`, "outcomes.0: must be an object {…}, and is a text, in quotes", "应为对象 {…}，这里是文字（带引号）", 0},
		{"text for a boolean", `{"type":"proposal","slug":"a","isKey":"yes"}`, "isKey: must be true or false, and is a text, in quotes", "应为true 或 false，这里是文字（带引号）", 0},
		{"field twice", `{"type":"case","slug":"a","title":"x","year":1999,"title":"y"}`, "title: stands twice", "字段重复", 0},
		{"type twice", `{"type":"case","slug":"a","type":"case"}`, "type: stands twice", "字段重复", 0},
		{"several", `{"type":"case","slug":"a","x":{"y":[1,{"z":"}"}]},"links":[{"url":1}],"year":true}`, "x: there is no such field; links.0.url: must be a text, and is a number; year: must be a number, and is true or false", "没有这个字段", 0},
		{"half a pair", `{"type":"topic","slug":"a","name":"x\ud842y"}`, `name: has half of a surrogate pair, \ud842`, `含有不成对的代理码 \ud842`, 0},
		{"other half", `{"type":"topic","slug":"a","name":"\\ud842\udfb7"}`, `name: has half of a surrogate pair, \udfb7`, `含有不成对的代理码 \udfb7`, 0},
		{"NUL", `{"type":"topic","slug":"a","name":"\u0000"}`, `name: has the control character \u0000`, `含有控制字符 \u0000`, 0},
		{"Chinese comma", `{"type":"topic"，"slug":"a"}`, `column 16: the JSON breaks here: '，' is not expected`, "JSON 语法有误：此处不应是 '，'", 16},
		{"Chinese text, then a break", `{"type":"topic","name":"中文"x}`, `column 28: the JSON breaks here: 'x' is not expected`, "JSON 语法有误：此处不应是 'x'", 28},
		{"cut off", `{"type":"topic","name":"中`, `column 26: the JSON ends too early`, "JSON 没有写完", 26},
		{"two objects", `{"type":"topic"}{}`, `column 17: the JSON breaks here: '{' is not expected`, "JSON 语法有误：此处不应是 '{'", 17},
		{"invalid UTF-8", "{\"type\":\"中\xff\"}", "column 11: is not valid UTF-8", "此处不是有效的 UTF-8 文字", 11},
		{"empty", ``, "column 1: the JSON ends too early", "JSON 没有写完", 1},
	}
	for _, tt := range tests {
		_, err := Decode([]byte(tt.line))
		var got *DecodeError
		if !errors.As(err, &got) {
			t.Errorf("%s: the error is %v, want a *DecodeError", tt.name, err)
			continue
		}
		if got.Error() != tt.want || got.Problems[0].Zh != tt.zh || got.Column != tt.column {
			t.Errorf("%s: got %q, %q, column %d\nwant %q, %q, column %d", tt.name, got.Error(), got.Problems[0].Zh, got.Column, tt.want, tt.zh, tt.column)
		}
		if got := catalog.ErrorKindOf(err); got != catalog.KindInvalid {
			t.Errorf("%s: kind %s, want INVALID", tt.name, got)
		}
	}
}

func TestDecodeTellsAtMostTwentyProblems(t *testing.T) {
	line := `{"type":"topic","slug":"a"` + strings.Repeat(`,"x":{}`, 1000) + `}`
	_, err := Decode([]byte(line))
	var problems catalog.Problems
	if !errors.As(err, &problems) || len(problems) != 20 {
		t.Errorf("%d problems, want 20", len(problems))
	}
}

func FuzzDecodeNeverPanicsAndRoundTrips(f *testing.F) {
	f.Add([]byte(`{"type":"case","slug":"a","title":"x","year":2021,"topics":["t"],"steps":[{"code":"ASK_FITNESS","text":"\u4e2d"}]}`))
	f.Add([]byte(`{"type":"venue","kind":null,"citations":[{"start":-1,"fields":[]}],"x":[[{}],"\\\"",1e9]}`))
	f.Add([]byte(`{"type":"topic","name":"\ud842\u0041"}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		in, err := Decode(line)
		if err != nil {
			return
		}
		encoded, err := Encode(in)
		if err != nil {
			t.Fatalf("Encode of what Decode gave: %v", err)
		}
		again, err := Decode(encoded)
		if err != nil {
			t.Fatalf("Decode(%s): %v", encoded, err)
		}
		twice, err := Encode(again)
		if err != nil || string(twice) != string(encoded) {
			t.Errorf("encoded again: %s, %v; want %s", twice, err, encoded)
		}
	})
}
