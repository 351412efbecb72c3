package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/sitetest"
)

// hiddenNouns are records that nobody but their committee may see before they are
// published, each with what makes one, the path of its pages and the field of queries
// that lists its kind.
var hiddenNouns = []struct {
	kind, path, list string
	text             string // a field of it that has the word
	create           string
}{
	{"Person", "persons", "persons", "name", `createPerson(input: {name: "%[1]s", offices: ["%[1]s的职务"]})`},
	{"Venue", "venues", "venues", "name", `createVenue(input: {kind: LIAISON_STATION, name: "%[1]s联络站", address: "%[1]s路"})`},
	{"Activity", "activities", "activities", "title", `createActivity(input: {kind: CONSULTATION, title: "%[1]s座谈", topics: ["jingji"], occurredOn: "2025", participantCount: 987654})`},
	{"Practice", "practices", "practices", "title", `createPractice(input: {title: "%[1]s做法", text: "%[1]s的正文"})`},
	{"EvaluationRound", "rounds", "evaluationRounds", "items", `createEvaluationRound(input: {year: 2025, items: ["%[1]s项目"], departments: ["%[1]s局"]})`},
	{"Evaluation", "evaluations", "evaluations", "department", `createEvaluation(input: {year: 2025, department: "%[1]s局", score: 77, items: [{item: "%[1]s项目", score: 77}]})`},
	{"Report", "reports", "reports", "title", `createReport(input: {record: {source: "jilin-zhengxie-shida-tese-liangdian"}, relation: ADDS, statement: "%[1]s的说法", title: "%[1]s报道", url: "https://example.org/a"})`},
	{"Call", "calls", "calls", "title", `createCall(input: {title: "%[1]s征集", text: "%[1]s的要求", opensOn: "2026-01-01", closesOn: "2099-12-31", parts: [BACKGROUND]})`},
	{"Collection", "collections", "collections", "title", `createCollection(input: {title: "%[1]s汇编", preface: "%[1]s前言", cases: ["siping-haodi-zhong-haoliang"]})`},
	{"Proposal", "proposals", "proposals", "title", `createProposal(input: {title: "%[1]s提案", topics: ["jingji"], proposers: [{newPerson: {name: "%[1]s人"}}, {committee: "baishan"}],
		supervisions: [{newPerson: {name: "%[1]s督办人"}, entries: [{kind: SURVEY, occurredOn: "2025-05", note: "%[1]s的记录"}]}], events: [{kind: ASSIGNED, occurredOn: "2020-01", note: "%[1]s"}]})`},
	{"Case", "cases", "cases", "title", `createCase(input: {title: "%[1]s案例", background: "%[1]s的背景", topics: ["jingji"], participants: [{role: CONVENER, name: "%[1]s会", newPerson: {name: "%[1]s参加者"}}]})`},
}

// TestDraftsOfEveryNounAreSeenByNobodyWhoMayNot has a record of every noun that people
// write wait as a draft, and opens every door of the server as nobody, as a reader of
// the same committee, and as another committee's editor and reviewer.
func TestDraftsOfEveryNounAreSeenByNobodyWhoMayNot(t *testing.T) {
	site := sitetest.Open(t)
	own := site.Token(t, "本会编辑", catalog.RoleEditor, "baishan")
	type made struct{ id, slug string }
	records := map[string]made{}
	var ids []string
	for _, n := range hiddenNouns {
		id, slug, _ := mutated(t, site.Handler, own, fmt.Sprintf(n.create, askedWord+hiddenWord))
		records[n.kind] = made{id, slug}
		ids = append(ids, `"`+id+`"`)
	}
	site.CatchUp(t)

	var all []door
	get := func(targets ...string) {
		for _, target := range targets {
			all = append(all, door{http.MethodGet, target, "", ""})
		}
	}
	query := func(text string) {
		body, _ := json.Marshal(map[string]string{"query": text}) // a map of strings can be
		all = append(all, door{http.MethodPost, "/graphql", "application/json", string(body)})
	}
	word := url.QueryEscape(askedWord)
	get("/", "/notices?all=1", "/write", "/write/several", "/search?q="+word, "/suggest?q="+word, "/learn?problem="+word, "/near?problem="+word, "/research", "/research/words?term="+word,
		"/committees/baishan", "/topics/jingji", "/sources/jilin-zhengxie-shida-tese-liangdian", "/activities/figures", "/activities/figures?year=2025", "/export/figures.xlsx", "/proposals?overdue=true",
		"/feeds/all", "/feeds/topics/jingji", "/feeds/committees/baishan", "/feeds/search?q="+word, "/oai?verb=ListRecords&metadataPrefix=oai_dc", "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc",
		"/export/cases.jsonl?status=DRAFT", "/export/cases.csv", "/cases/siping-haodi-zhong-haoliang", "/releases", "/llms.txt", "/sitemap.xml")
	for _, kind := range []string{"CASE", "PROPOSAL", "PERSON", "VENUE", "ACTIVITY", "CALL", "COLLECTION", "PRACTICE", "NEED"} {
		get("/search?q=" + word + "&kind=" + kind)
	}
	for _, n := range hiddenNouns {
		r := records[n.kind]
		get("/"+n.path, "/"+n.path+"/"+r.slug, "/write/"+n.path, "/write/"+n.path+"/"+r.slug, "/"+n.path+"/"+r.slug+".docx", "/"+n.path+"/"+r.slug+".xlsx",
			"/export/"+n.path+".jsonl?status=DRAFT", "/export/"+n.path+".xlsx?status=DRAFT", "/export/"+n.path+".csv", "/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:localhost:"+n.path+"/"+r.slug)
		if n.kind != "Call" && n.kind != "Collection" && n.kind != "Report" && n.kind != "Case" && n.kind != "Proposal" {
			query(`{ ` + n.list + `(status: [DRAFT, IN_REVIEW]) { totalCount nodes { ` + n.text + ` } } }`)
		}
		query(fmt.Sprintf(`{ node(id: %q) { id ... on %s { %s revisions { nodes { changes { after } } } } } }`, r.id, n.kind, n.text))
		for _, kind := range []string{strings.ToUpper(n.kind), "EVALUATION_ROUND"} {
			query(fmt.Sprintf(`{ tombstone(kind: %s, slug: %q) { title } }`, kind, r.slug))
		}
	}
	get("/export/evaluation-rounds.jsonl?status=DRAFT", "/write/persons/"+records["Person"].slug+"/merge")
	query(`{ nodes(ids: [` + strings.Join(ids, ", ") + `]) { __typename id } }`)
	query(`{ cases(filter: {status: [DRAFT]}) { nodes { title persons { name } } } proposals(filter: {status: [DRAFT], overdue: true}) { nodes { title dueOn proposers { ... on Person { name } } supervisions { entries { note } } events { note } } } }`)
	query(`{ persons(name: "` + askedWord + hiddenWord + `", status: [DRAFT]) { totalCount nodes { offices } } }`)
	query(`{ calls { nodes { title } } collections { nodes { title } } topic(slug: "jingji") { cases { nodes { title } } } committee(slug: "baishan") { activities { nodes { title } } cases { nodes { title } } } }`)
	query(`{ activityFigures { year committee { name } participants topics } }`)
	query(`{ search(query: "` + askedWord + `") { totalCount edges { highlights { fragment } } } suggest(prefix: "青石") { text } viewer { notices { nodes { text } } writings { content } } }`)
	for _, tool := range tools(t, site) {
		for _, n := range hiddenNouns {
			call, _ := json.Marshal(map[string]any{"name": tool.Name, "arguments": tool.arguments(map[string]any{
				"query": askedWord, "problem": askedWord, "kind": strings.ToUpper(n.kind), "slug": records[n.kind].slug, "slugs": []string{records["Case"].slug, "siping-haodi-zhong-haoliang"},
			})})
			all = append(all, door{http.MethodPost, "/mcp", "application/json", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":` + string(call) + `}`})
		}
	}

	for who, token := range map[string]string{
		"nobody": "", "a reader": site.Token(t, "读者", catalog.RoleReader, "baishan"),
		"another's editor": site.Token(t, "外编", catalog.RoleEditor, "siping"), "another's reviewer": site.Token(t, "外审", catalog.RoleReviewer, "siping"),
	} {
		for _, d := range all {
			w := ask(t, site.Handler, token, d.method, d.target, d.media, d.body)
			if body := w.Body.String(); strings.Contains(body, hiddenWord) || strings.Contains(body, "987654") {
				t.Errorf("%s sees it at %s %s: %s", who, d.method, d.target, d.body)
			}
		}
	}
	for _, n := range hiddenNouns { // the doors are doors
		if w := ask(t, site.Handler, own, http.MethodGet, "/"+n.path+"/"+records[n.kind].slug, "", ""); !strings.Contains(w.Body.String(), hiddenWord) {
			t.Errorf("its own editor does not see the %s: %d", n.kind, w.Code)
		}
	}
	t.Logf("%d doors", len(all))
	released(t, site)
}

// tool is one of those that assistants have.
type tool struct {
	Name        string
	InputSchema struct{ Properties map[string]json.RawMessage }
}

// arguments are those of the values that the tool takes.
func (o tool) arguments(values map[string]any) map[string]any {
	taken := map[string]any{}
	for name, value := range values {
		if _, ok := o.InputSchema.Properties[name]; ok {
			taken[name] = value
		}
	}
	return taken
}

// tools are all that the server offers to assistants.
func tools(t *testing.T, site *sitetest.Site) []tool {
	t.Helper()
	w := ask(t, site.Handler, "", http.MethodPost, "/mcp", "application/json", `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}`)
	body := w.Body.String()
	if i := strings.Index(body, "{"); i > 0 {
		body = body[i:] // of an event stream
	}
	var answer struct{ Result struct{ Tools []tool } }
	if err := json.NewDecoder(strings.NewReader(body)).Decode(&answer); err != nil || len(answer.Result.Tools) < 5 {
		t.Fatalf("%d tools: %v: %s", len(answer.Result.Tools), err, w.Body)
	}
	return answer.Result.Tools
}
