package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/sitetest"
)

// Where a committee has left a field of its own record empty, no source is said to have
// left it out; where a record was read from a source, it is.
func TestWhatNobodyFilledInIsNotCalledUnrecorded(t *testing.T) {
	site := sitetest.Open(t)
	own := site.Token(t, "本会编辑", catalog.RoleEditor, "baishan")
	for path, create := range map[string]string{
		"/proposals/":   `createProposal(input: {title: "没有填完的提案", proposers: [{committee: "baishan"}]})`,
		"/activities/":  `createActivity(input: {kind: SURVEY, title: "没有填完的活动"})`,
		"/evaluations/": `createEvaluation(input: {year: 2024, department: "某局"})`,
		"/cases/":       `createCase(input: {title: "没有填完的案例"})`,
	} {
		_, slug, _ := mutated(t, site.Handler, own, create)
		text := textOf(parse(t, ask(t, site.Handler, own, http.MethodGet, path+slug, "", "").Body.String()))
		if strings.Contains(text, "未记载") || strings.Contains(text, "出处没有记载") || !strings.Contains(text, "尚未填写") {
			t.Errorf("%s%s: %s", path, slug, text)
		}
	}
	for _, path := range []string{"/proposals/hunchun-haiyang-jingji-shifanqu", "/compare?cases=siping-haodi-zhong-haoliang&cases=hunchun-sandianban-nanti"} {
		if text := textOf(page(t, site.Handler, path)); !strings.Contains(text, "出处未记载") || strings.Contains(text, "尚未填写") {
			t.Errorf("%s: %s", path, text)
		}
	}
}

// The page of a committee lists what it has written beside its cases, and nobody's
// drafts.
func TestACommitteesPageListsItsProposalsPracticesAndRounds(t *testing.T) {
	site := sitetest.Open(t)
	reviewer := site.Token(t, "本会审核", catalog.RoleReviewer, "baishan")
	made := func(noun, input string) (id string, version int) {
		id, _, version = mutated(t, site.Handler, reviewer, fmt.Sprintf("create%s(input: {%s})", noun, input))
		return id, version
	}
	for _, public := range []bool{true, false} {
		mark := map[bool]string{true: "已公开的", false: "青石草稿"}[public]
		year := map[bool]int{true: 2024, false: 2023}[public]
		for noun, input := range map[string]string{
			"Proposal":        `title: "` + mark + `提案", year: 2024, resolution: B, proposers: [{committee: "baishan"}]`,
			"Practice":        `title: "` + mark + `做法", text: "正文"`,
			"EvaluationRound": fmt.Sprintf(`year: %d, items: ["甲"], departments: ["%s局"]`, year, mark),
		} {
			id, version := made(noun, input)
			if public {
				_, _, version = mutated(t, site.Handler, reviewer, fmt.Sprintf("submit%s(id: %q, version: %d)", noun, id, version))
				mutated(t, site.Handler, reviewer, fmt.Sprintf("publish%s(id: %q, version: %d)", noun, id, version))
			}
		}
	}
	tree := page(t, site.Handler, "/committees/baishan")
	for id, want := range map[string]string{"proposals": "已公开的提案", "practices": "已公开的做法", "rounds": "2024 年评价"} {
		if text := textOf(byID(tree, id)); !strings.Contains(text, want) || !strings.Contains(text, " 1") {
			t.Errorf("%s: %q", id, text)
		}
	}
	for _, caller := range []string{"", reviewer} { // lists show what is public, to whomever
		if w := ask(t, site.Handler, caller, http.MethodGet, "/committees/baishan", "", ""); strings.Contains(w.Body.String(), "青石草稿") || strings.Contains(w.Body.String(), "2023 年评价") {
			t.Errorf("drafts are listed to %q", caller)
		}
	}
	if tree := page(t, site.Handler, "/committees/siping"); byID(tree, "rounds") != nil {
		t.Error("another committee has a round")
	}
}
