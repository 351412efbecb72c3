package mcp_test

import (
	"encoding/json"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/sitetest"
	"github.com/jisiguangyi/jisi/server/mcp"
)

// connect joins the site's endpoint with the SDK's own client.
func connect(t *testing.T, site *sitetest.Site) *sdk.ClientSession {
	t.Helper()
	server := httptest.NewServer(site.Handler)
	t.Cleanup(server.Close)
	client := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "0"}, nil)
	session, err := client.Connect(t.Context(), &sdk.StreamableClientTransport{Endpoint: server.URL + "/mcp"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close() })
	return session
}

// call calls a tool and reads its structured answer.
func call[T any](t *testing.T, s *sdk.ClientSession, tool string, arguments any) (answer T) {
	t.Helper()
	result, err := s.CallTool(t.Context(), &sdk.CallToolParams{Name: tool, Arguments: arguments})
	if err != nil {
		t.Fatalf("%s: %v", tool, err)
	}
	if result.IsError {
		said, _ := json.Marshal(result.Content)
		t.Fatalf("%s %v: %s", tool, arguments, said)
	}
	raw, err := json.Marshal(result.StructuredContent)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

func TestAnAssistantFindsItsWay(t *testing.T) {
	site := sitetest.Open(t)
	s := connect(t, site)
	listed, err := s.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, tool := range listed.Tools {
		names = append(names, tool.Name)
		if tool.Annotations == nil || !tool.Annotations.ReadOnlyHint || tool.OutputSchema == nil {
			t.Errorf("%s does not say that it only reads, or what it answers", tool.Name)
		}
	}
	slices.Sort(names)
	if want := []string{"cite", "compare_cases", "get_record", "learn", "list_topics", "search_cases"}; !slices.Equal(names, want) {
		t.Errorf("tools %v, want %v", names, want)
	}
	text := sourceText(t, site)
	check := func(tool string, a mcp.Answer) {
		t.Helper()
		if len(a.Records) == 0 {
			t.Errorf("%s found nothing", tool)
		}
		for _, r := range a.Records {
			if r.ID == "" || r.Slug == "" || r.Origin != "DOCUMENTED" || !strings.HasSuffix(r.Address, "/"+r.Slug) || len(r.Texts) == 0 || len(r.Quotes) == 0 {
				t.Errorf("%s: %+v does not say what it is", tool, r)
			}
			for _, q := range r.Quotes {
				if got := string(text[q.Start:q.End]); got != q.Text || q.Source == "" || q.Section == "" || len(q.Fields) == 0 {
					t.Errorf("%s %s: quote %+v, the source says %q", tool, r.Slug, q, got)
				}
			}
		}
	}
	check("search_cases", call[mcp.Answer](t, s, "search_cases", map[string]any{"query": "营商环境", "kinds": []string{"CASE", "PRACTICE", "BRAND"}}))
	check("learn", call[mcp.Answer](t, s, "learn", map[string]any{"problem": "我们县小学放学早，家长下班晚，孩子没人管"}))
	for kind, slug := range map[string]string{
		"case": "siping-haodi-zhong-haoliang", "proposal": "zhongye-fazhan-wenti-he-jianyi", "brand": "jisi-guangyi", "practice": "xieshang-datai",
	} {
		check(kind, call[mcp.Answer](t, s, "get_record", map[string]any{"kind": kind, "slug": slug}))
	}
	compared := call[mcp.Answer](t, s, "compare_cases", map[string]any{"slugs": []string{"xiaoxuesheng-sandianban-kehou", "hunchun-sandianban-nanti", "none"}})
	check("compare_cases", compared)
	if len(compared.Records) != 2 || !strings.Contains(compared.Note, "none") {
		t.Errorf("compared %+v", compared)
	}
	if ref := call[mcp.Reference](t, s, "cite", map[string]any{"kind": "case", "slug": "guilin-lu-shangquan-gaizao"}); !strings.HasPrefix(ref.Citation, "桂林路商圈改造[EB/OL].") {
		t.Errorf("cited %+v", ref)
	}
	if all := call[mcp.Topics](t, s, "list_topics", map[string]any{}); len(all.Topics) != 67 || all.Topics[0].Slug == "" {
		t.Errorf("%d topics, want 67", len(all.Topics))
	}
}

func TestWhatIsNotThereIsSaidToBeNotThere(t *testing.T) {
	s := connect(t, sitetest.Open(t))
	for tool, arguments := range map[string]map[string]any{
		"search_cases": {"query": "“火星探测器返回舱”"},
		"get_record":   {"kind": "case", "slug": "none"},
		"cite":         {"kind": "case", "slug": "none"},
	} {
		a := call[struct {
			Note    string
			Records []mcp.Record
		}](t, s, tool, arguments)
		if !strings.Contains(a.Note, "没有查到") || len(a.Records) > 0 {
			t.Errorf("%s: %+v", tool, a)
		}
	}
	for tool, arguments := range map[string]map[string]any{
		"search_cases":  {"query": "协商", "kinds": []string{"CASE", "NEED"}},
		"get_record":    {"kind": "person", "slug": "a"},
		"compare_cases": {"slugs": []string{"one"}},
		"cite":          {"kind": "case", "slug": "guilin-lu-shangquan-gaizao", "style": "MLA"},
	} {
		result, err := s.CallTool(t.Context(), &sdk.CallToolParams{Name: tool, Arguments: arguments})
		if err == nil && !result.IsError {
			t.Errorf("%s %v is answered", tool, arguments)
		}
	}
}

// An assistant sees what an anonymous reader sees.
func TestADraftIsNobodysToTell(t *testing.T) {
	site := sitetest.Open(t)
	w, err := site.Store.Begin(t.Context(), catalog.Actor{Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	head := catalog.InputMeta{Slug: "draft", Status: catalog.StatusDraft}
	const word = "稀奇古怪的草稿"
	written, err := w.Put(t.Context(), []catalog.Input{
		&catalog.CaseInput{InputMeta: head, Title: word, Summary: word}, &catalog.ProposalInput{InputMeta: head, Title: word}, &catalog.BrandInput{InputMeta: head, Name: word},
		&catalog.PracticeInput{InputMeta: head, Title: word, Text: word}, &catalog.NeedInput{InputMeta: head, Problem: word},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range written {
		if one.Err != nil {
			t.Fatal(one.Err)
		}
	}
	if err := w.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	s := connect(t, site)
	for _, kind := range []string{"case", "proposal", "brand", "practice"} {
		for _, tool := range []string{"get_record", "cite"} {
			result, err := s.CallTool(t.Context(), &sdk.CallToolParams{Name: tool, Arguments: map[string]any{"kind": kind, "slug": "draft"}})
			if said, _ := json.Marshal(result); err != nil || strings.Contains(string(said), word) {
				t.Errorf("%s tells of the draft of a %s: %s, %v", tool, kind, said, err)
			}
		}
	}
	for tool, arguments := range map[string]map[string]any{
		"search_cases":  {"query": word, "kinds": []string{"case", "PROPOSAL", "BRAND", "PRACTICE"}},
		"learn":         {"problem": word},
		"compare_cases": {"slugs": []string{"draft", "guilin-lu-shangquan-gaizao"}},
		"list_topics":   {},
	} {
		result, err := s.CallTool(t.Context(), &sdk.CallToolParams{Name: tool, Arguments: arguments})
		if said, _ := json.Marshal(result.StructuredContent); err != nil || result.IsError || strings.Contains(string(said), word) {
			t.Errorf("%s tells of a draft: %s, %v", tool, said, err)
		}
	}
}

func TestPromptsTellToQuote(t *testing.T) {
	s := connect(t, sitetest.Open(t))
	listed, err := s.ListPrompts(t.Context(), nil)
	if err != nil || len(listed.Prompts) != 2 {
		t.Fatal(listed, err)
	}
	for name, argument := range map[string]string{"find_peers": "problem", "write_background": "topic"} {
		got, err := s.GetPrompt(t.Context(), &sdk.GetPromptParams{Name: name, Arguments: map[string]string{argument: "课后服务"}})
		if err != nil {
			t.Fatal(err)
		}
		said, ok := got.Messages[0].Content.(*sdk.TextContent)
		if !ok || !strings.Contains(said.Text, "课后服务") || !strings.Contains(said.Text, "没有查到就直说没有") {
			t.Errorf("%s: %+v", name, got.Messages[0])
		}
	}
}

func sourceText(t *testing.T, site *sitetest.Site) []rune {
	t.Helper()
	found, err := site.Store.SourcesBySlug(t.Context(), []string{"jilin-zhengxie-shida-tese-liangdian"})
	if err != nil {
		t.Fatal(err)
	}
	id := found["jilin-zhengxie-shida-tese-liangdian"].ID
	texts, err := site.Store.SourceTexts(t.Context(), []catalog.ID{id})
	if err != nil {
		t.Fatal(err)
	}
	return []rune(texts[id])
}
