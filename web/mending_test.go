package web

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What a form of a preview says is read without scripts: texts by record and field,
// parts moved to others in the order of the parts, records that are not wanted.
func TestAPreviewsFormIsRead(t *testing.T) {
	b := readMended(url.Values{
		"records": {"x"}, "then": {"bring"}, "drop.1": {"1"}, "r.0.title": {" 标题\r\n"}, "r.0.steps.ASK_FITNESS": {"二问"},
		"r.0.background": {"背景"}, "r.0.approach": {"做法"}, "r.0.results": {""}, "r.0.lessons": {"启示"}, "r.0.unplaced": {"多余的话"},
		"to.0.unplaced": {"results"}, "to.0.approach": {"background"}, "to.0.background": {"approach"}, "to.0.lessons": {""}, "to.0.results": {"nowhere"},
		"r.x.title": {"no number"}, "r.2": {"no field"}, "to.7.background": {"results"},
	})
	want := map[int]map[string]string{0: {
		"title": "标题", "steps.ASK_FITNESS": "二问", "background": "做法", "approach": "背景", "results": "多余的话", "lessons": "启示", "unplaced": "",
	}}
	if diff := cmp.Diff(want, b.Mended); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !b.Dropped[1] || len(b.Dropped) != 1 {
		t.Errorf("not wanted are %v", b.Dropped)
	}
	texts := map[string]string{"background": "甲", "results": "丙", "unplaced": "乙"}
	move(texts, map[string]string{"unplaced": "background", "results": "background"})
	if diff := cmp.Diff(map[string]string{"background": "甲\n丙\n乙", "results": "", "unplaced": ""}, texts); diff != "" {
		t.Errorf("several to one part (-want +got):\n%s", diff)
	}
}
