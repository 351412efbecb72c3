package mcp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// Answer is what a tool that looks for records answers.
type Answer struct {
	Found   int      `json:"found" jsonschema:"how many records there are in all; more than records has where they were too many"`
	Note    string   `json:"note" jsonschema:"what the answer is, or that nothing was found"`
	Records []Record `json:"records"`
}

// nothing says that nothing was found, so that no model fills the gap.
const nothing = "知识库中没有查到。请如实说没有，不要推测或编造。"

// most is how many records an answer has at most.
const most = 20

type tools struct{ Options }

// readOnly says of every tool that it changes nothing and knows nothing but this
// knowledge base.
func readOnly(name, title, description string) *sdk.Tool {
	closed := false
	return &sdk.Tool{
		Name: name, Title: title, Description: description,
		Annotations: &sdk.ToolAnnotations{ReadOnlyHint: true, IdempotentHint: true, OpenWorldHint: &closed, Title: title},
	}
}

func (t tools) addTo(s *sdk.Server) {
	sdk.AddTool(s, readOnly("search_cases", "检索案例", "全文检索典型案例，也可检索提案、协商品牌、特色做法。返回记录及其逐字引文。"), t.search)
	sdk.AddTool(s, readOnly("get_record", "取一条记录", "按类别和永久链接取一条记录的全部文字和引文。"), t.get)
	sdk.AddTool(s, readOnly("learn", "找同类经验", "用自己的话说出本地的难题，返回别处处理过同类问题的案例，并说明为何选中。"), t.learn)
	sdk.AddTool(s, readOnly("compare_cases", "对比案例", "并排给出 2 至 5 个案例的同一字段；没有载明的字段留空。"), t.compare)
	sdk.AddTool(s, readOnly("cite", "引用", "给出一条记录的引用格式；默认为现行国家标准 GB/T 7714。"), t.cite)
	sdk.AddTool(s, readOnly("list_topics", "列出议题", "列出议题树及每个议题的案例数，供检索时筛选。"), t.topics)
}

// ask runs a query into out.
func (t tools) ask(ctx context.Context, document string, variables map[string]any, out any) error {
	data, err := t.Ask(ctx, document, variables)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, out); err != nil {
		return fmt.Errorf("mcp: read the answer: %w", err)
	}
	return nil
}

// SearchInput is what search_cases takes.
type SearchInput struct {
	Query  string   `json:"query" jsonschema:"what to look for, in Chinese: words, a question, an exact phrase in quotation marks"`
	Kinds  []string `json:"kinds,omitempty" jsonschema:"among these kinds only: CASE, PROPOSAL, BRAND, PRACTICE; cases where left out"`
	Topics []string `json:"topics,omitempty" jsonschema:"slugs of topics, as list_topics has them"`
	Region []string `json:"regions,omitempty" jsonschema:"codes of divisions (GB/T 2260), as in 220100"`
	First  int      `json:"first,omitempty" jsonschema:"how many, 1 to 20; 5 where left out"`
}

func (t tools) search(ctx context.Context, _ *sdk.CallToolRequest, in SearchInput) (*sdk.CallToolResult, Answer, error) {
	if len(in.Kinds) == 0 {
		in.Kinds = []string{"CASE"}
	}
	for i, kind := range in.Kinds {
		in.Kinds[i] = strings.ToUpper(kind)
		if !slices.Contains(searched, in.Kinds[i]) {
			return nil, Answer{}, fmt.Errorf("没有“%s”这一类别：请写 %s", kind, strings.Join(searched, "、"))
		}
	}
	filter := map[string]any{}
	if len(in.Topics) > 0 {
		filter["topics"] = in.Topics
	}
	if len(in.Region) > 0 {
		filter["regions"] = in.Region
	}
	var found struct {
		Search struct {
			TotalCount int
			Edges      []struct{ Node node }
		}
	}
	err := t.ask(ctx, `query ($query: String!, $kinds: [RecordKind!], $filter: SearchFilter, $first: Int) {
  search(query: $query, kinds: $kinds, filter: $filter, first: $first) { totalCount edges { node { ...ACase ...AProposal ...ABrand ...APractice } } }
}`+fragments, map[string]any{"query": in.Query, "kinds": in.Kinds, "filter": filter, "first": size(in.First)}, &found)
	if err != nil {
		return nil, Answer{}, err
	}
	a := Answer{Found: found.Search.TotalCount, Records: []Record{}}
	for i := range found.Search.Edges {
		a.Records = append(a.Records, t.record(&found.Search.Edges[i].Node))
	}
	return nil, a.said(), nil
}

// searched are the kinds that search_cases looks among: those whose records rest on
// quotes. What else the knowledge base has, as calls and needs, is for people to read.
var searched = []string{"CASE", "PROPOSAL", "BRAND", "PRACTICE"}

// size is how many records are asked for.
func size(first int) int {
	if first <= 0 {
		return 5
	}
	return min(first, most)
}

// said adds the note that tells what the answer is.
func (a Answer) said() Answer {
	switch {
	case len(a.Records) == 0:
		a.Note = nothing
	case a.Found > len(a.Records):
		a.Note = fmt.Sprintf("共 %d 条，这里是前 %d 条。", a.Found, len(a.Records))
	default:
		a.Note = fmt.Sprintf("共 %d 条。", a.Found)
	}
	for _, r := range a.Records {
		if r.Origin == "SYNTHETIC" {
			a.Note += "其中有合成数据（SYNTHETIC），是编造的，不得当作事实。"
			break
		}
	}
	return a
}

// RecordInput names a record.
type RecordInput struct {
	Kind string `json:"kind" jsonschema:"case, proposal, brand or practice"`
	Slug string `json:"slug" jsonschema:"the record's permalink"`
}

// field is the root field that returns a record of the kind, and the fragment of it.
func (in RecordInput) field() (field, fragment string, err error) {
	switch strings.ToLower(in.Kind) {
	case "case":
		return "case", "ACase", nil
	case "proposal":
		return "proposal", "AProposal", nil
	case "brand":
		return "brand", "ABrand", nil
	case "practice":
		return "practice", "APractice", nil
	}
	return "", "", fmt.Errorf("没有“%s”这一类别：请写 case、proposal、brand 或 practice", in.Kind)
}

func (t tools) get(ctx context.Context, _ *sdk.CallToolRequest, in RecordInput) (*sdk.CallToolResult, Answer, error) {
	field, fragment, err := in.field()
	if err != nil {
		return nil, Answer{}, err
	}
	var found struct{ Record *node }
	// The fragments that are not asked for would be refused: each document has what it uses.
	document := `query ($slug: String!) { record: ` + field + `(slug: $slug) { ...` + fragment + ` } }` + used(fragment)
	if err := t.ask(ctx, document, map[string]any{"slug": in.Slug}, &found); err != nil {
		return nil, Answer{}, err
	}
	a := Answer{Records: []Record{}}
	if found.Record != nil {
		a.Found, a.Records = 1, append(a.Records, t.record(found.Record))
	}
	return nil, a.said(), nil
}

// used returns the one fragment with those that it spreads.
func used(fragment string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(fragments, "\nfragment ") {
		if strings.HasPrefix(part, "Quoted ") || strings.HasPrefix(part, fragment+" ") {
			b.WriteString("\nfragment " + part)
		}
	}
	return b.String()
}

// LearnInput is what learn takes.
type LearnInput struct {
	Problem string `json:"problem" jsonschema:"the local problem in plain Chinese, a sentence or more"`
	First   int    `json:"first,omitempty" jsonschema:"how many, 1 to 20; 5 where left out"`
}

func (t tools) learn(ctx context.Context, _ *sdk.CallToolRequest, in LearnInput) (*sdk.CallToolResult, Answer, error) {
	var found struct {
		Learn []struct {
			Case    node
			Reasons []struct{ Text string }
		}
	}
	err := t.ask(ctx, `query ($problem: String!, $first: Int) { learn(problem: $problem, first: $first) { reasons { text } case { ...ACase } } }`+used("ACase"),
		map[string]any{"problem": in.Problem, "first": size(in.First)}, &found)
	if err != nil {
		return nil, Answer{}, err
	}
	a := Answer{Found: len(found.Learn), Records: []Record{}}
	for i := range found.Learn {
		r := t.record(&found.Learn[i].Case)
		for _, reason := range found.Learn[i].Reasons {
			r.Why = strings.TrimPrefix(r.Why+"；"+reason.Text, "；")
		}
		a.Records = append(a.Records, r)
	}
	return nil, a.said(), nil
}

// CompareInput is what compare_cases takes.
type CompareInput struct {
	Slugs []string `json:"slugs" jsonschema:"permalinks of 2 to 5 cases"`
}

func (t tools) compare(ctx context.Context, r *sdk.CallToolRequest, in CompareInput) (*sdk.CallToolResult, Answer, error) {
	if len(in.Slugs) < 2 || len(in.Slugs) > 5 {
		return nil, Answer{}, errors.New("请给出 2 至 5 个案例的永久链接")
	}
	a := Answer{Records: []Record{}}
	var missing []string
	for _, slug := range in.Slugs {
		_, one, err := t.get(ctx, r, RecordInput{"case", slug})
		if err != nil {
			return nil, Answer{}, err
		}
		if len(one.Records) == 0 {
			missing = append(missing, slug)
		}
		a.Records = append(a.Records, one.Records...)
	}
	a.Found = len(a.Records)
	a = a.said()
	if len(missing) > 0 {
		a.Note += "没有这些案例：" + strings.Join(missing, "、") + "。"
	}
	return nil, a, nil
}

// CiteInput is what cite takes.
type CiteInput struct {
	RecordInput
	Style string `json:"style,omitempty" jsonschema:"GBT7714 (the standard in force), GBT7714_2015, BIBTEX, RIS, APA or CSLJSON; GBT7714 where left out"`
}

// Reference is how to cite a record.
type Reference struct {
	ID       string `json:"id,omitempty" jsonschema:"opaque id of the record"`
	Address  string `json:"address,omitempty"`
	Origin   string `json:"origin,omitempty"`
	Style    string `json:"style"`
	Citation string `json:"citation" jsonschema:"the reference, ready to be used; empty where there is no such record"`
	Note     string `json:"note"`
}

func (t tools) cite(ctx context.Context, _ *sdk.CallToolRequest, in CiteInput) (*sdk.CallToolResult, Reference, error) {
	field, _, err := in.field()
	if err != nil {
		return nil, Reference{}, err
	}
	if in.Style == "" {
		in.Style = "GBT7714"
	}
	var found struct {
		Record *struct{ ID, Slug, Origin, Citation string }
	}
	err = t.ask(ctx, `query ($slug: String!, $style: CitationStyle!) { record: `+field+`(slug: $slug) { id slug origin citation: cite(style: $style) } }`,
		map[string]any{"slug": in.Slug, "style": in.Style}, &found)
	if err != nil {
		return nil, Reference{}, err
	}
	if found.Record == nil {
		return nil, Reference{Style: in.Style, Note: nothing}, nil
	}
	ref := Reference{ID: found.Record.ID, Origin: found.Record.Origin, Style: in.Style, Citation: found.Record.Citation, Note: "引用时请照录。"}
	ref.Address = t.at("/" + map[string]string{"case": "cases", "proposal": "proposals", "brand": "brands", "practice": "practices"}[field] + "/" + found.Record.Slug)
	return nil, ref, nil
}

// TopicsInput is what list_topics takes: nothing.
type TopicsInput struct{}

// Topics are all topics.
type Topics struct {
	Note   string  `json:"note"`
	Topics []Topic `json:"topics"`
}

// Topic is one of the tree's.
type Topic struct {
	ID      string `json:"id" jsonschema:"opaque id of the topic"`
	Origin  string `json:"origin" jsonschema:"REFERENCE: the knowledge base's own tree; it rests on no source"`
	Slug    string `json:"slug" jsonschema:"search_cases takes it"`
	Name    string `json:"name"`
	Parent  string `json:"parent,omitempty" jsonschema:"slug of the topic above"`
	Cases   int    `json:"cases" jsonschema:"how many published cases are about it or a topic below"`
	Address string `json:"address"`
}

func (t tools) topics(ctx context.Context, _ *sdk.CallToolRequest, _ TopicsInput) (*sdk.CallToolResult, Topics, error) {
	type topic struct {
		ID, Origin string
		Slug, Name string
		CaseCount  int
		Parent     *struct{ Slug string }
	}
	var found struct{ Topics []topic }
	if err := t.ask(ctx, `{ topics { id origin slug name caseCount parent { slug } } }`, nil, &found); err != nil {
		return nil, Topics{}, err
	}
	all := Topics{Note: "案例数为 0 的议题，本库尚无案例。", Topics: []Topic{}}
	for _, one := range found.Topics {
		shown := Topic{ID: one.ID, Origin: one.Origin, Slug: one.Slug, Name: one.Name, Cases: one.CaseCount, Address: t.at("/topics/" + one.Slug)}
		if one.Parent != nil {
			shown.Parent = one.Parent.Slug
		}
		all.Topics = append(all.Topics, shown)
	}
	return nil, all, nil
}
