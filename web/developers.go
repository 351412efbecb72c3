package web

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// sample is a request as a developer may send it, with what this server answers.
type sample struct {
	ID, Title, Note string
	Text            string // the query
	Answer          string
}

// queries are run whenever the page is shown, in the reader's name: their answers are
// what this server answers.
var queries = []sample{
	{ID: "search", Title: "检索", Note: "totalCount 是准确的总数；node 是联合类型，按类型选字段。", Text: `{
  search(query: "营商环境", first: 2) {
    totalCount
    edges { node { __typename ... on Case { slug title } ... on Practice { slug title } } }
  }
}`},
	{ID: "learn", Title: "为一个难题找同行案例", Note: "每个案例都带理由和可以核对的引文。", Text: `{
  learn(problem: "老旧小区停车难", first: 1) {
    reasons { text }
    case { slug title committee { name } }
  }
}`},
	{ID: "quote", Title: "逐字引文", Note: "start、end 按 Unicode 码点计：原文的 [start, end) 恰为 quote；section 是引文所在的文章。", Text: `{
  case(slug: "siping-haodi-zhong-haoliang") {
    title
    citations { quote start end section { title } source { slug } }
  }
}`},
	{ID: "pages", Title: "翻页", Note: "first 最多 100；下一页把 endCursor 传给 after，直到 hasNextPage 为 false。", Text: `{
  cases(first: 2, orderBy: { field: TITLE, direction: ASC }) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes { slug title }
  }
}`},
	{ID: "reports", Title: "公开报道", Note: "公开网页上的说法列在记录旁边，不是引文；checkedOn 为 null 的未经核实。", Text: `{
  proposal(slug: "hunchun-haiyang-jingji-shifanqu") {
    title
    reports { relation statement title publishedOn checkedOn }
  }
}`},
	{ID: "adoptions", Title: "引进与被引进", Note: "谁从谁那里引进了哪个案例；thanks 是原属政协的致谢，没有为 null。", Text: `{
  adoptions(first: 2) {
    totalCount
    nodes { case { slug title committee { name } } adopter { name } adoptedOn changes result thanks }
  }
}`},
	{ID: "needs", Title: "需求", Note: "各地提出、还没有案例回答的难题；askers 是遇到同样难题的政协数。", Text: `{
  needs(open: true, first: 2) {
    totalCount
    nodes { slug problem state askers answers(first: 2) { nodes { slug title } } }
  }
}`},
	{ID: "calls", Title: "征集", Note: "正在征集的通知，要写的部分、字数和评审标准；报送只有征集方、报送方和评审看得到。", Text: `{
  calls(open: true, first: 2) {
    nodes { slug title committee { name } opensOn closesOn isOpen parts minCharacters maxCharacters quota criteria { name weight } }
  }
}`},
}

// Adopted is the answer to the sample that takes a case over. A test holds that a server
// answers so.
const Adopted = `{
  "data": {
    "createAdoption": {
      "record": {
        "slug": "changchun-siping-haodi-zhong-haoliang",
        "status": "DRAFT",
        "version": 1
      },
      "userErrors": []
    }
  }
}`

// Created and Refused are the answers to what the page shows and does not send: a case
// brought in, and a page that is too long. A test holds that a server answers so.
const (
	Created = `{
  "data": {
    "createCase": {
      "record": {
        "slug": "lao-jiu-xiao-qu-jia-zhuang-dian-ti",
        "status": "DRAFT",
        "version": 1
      },
      "userErrors": []
    }
  }
}`
	Refused = `{
  "errors": [
    {
      "message": "first must be 1 to 100 | first 须为 1 至 100 之间的数",
      "path": ["cases"],
      "extensions": {
        "argument": "first",
        "code": "INVALID",
        "message": { "en": "first must be 1 to 100", "zh": "first 须为 1 至 100 之间的数" }
      }
    }
  ],
  "data": null
}`
)

// longestAnswer bounds what is shown of an answer, in code points.
const longestAnswer = 1200

// developersExtra is what the page needs besides its data.
type developersExtra struct {
	Queries                   []sample
	Created, Adopted, Refused string
	Message, Receiver         string // of webhooks
}

func shapeDevelopers(v *view, r *http.Request) error {
	extra := developersExtra{Created: Created, Adopted: Adopted, Refused: Refused, Message: WebhookMessage, Receiver: WebhookReceiver}
	for _, s := range queries {
		data, failed := v.query.Query(r.Context(), s.Text, "", nil)
		if len(failed) > 0 {
			return &queryError{page: "developers", errors: failed}
		}
		var b bytes.Buffer
		if err := json.Indent(&b, data, "  ", "  "); err != nil {
			return err
		}
		s.Answer = "{\n  \"data\": " + b.String() + "\n}"
		if runes := []rune(s.Answer); len(runes) > longestAnswer {
			s.Answer = string(runes[:longestAnswer]) + "\n… 以下略"
		}
		extra.Queries = append(extra.Queries, s)
	}
	v.Extra = extra
	return nil
}
