package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// judgeExtra is what the page of a reviewer needs besides its data.
type judgeExtra struct {
	Key            string // of a link, to sign in with
	Done           string
	One            map[string]any // the submission that is read
	Number, Total  int            // its place, from 1, of so many
	Scored         int            // how many the reviewer has scored by every criterion
	All            []judged
	Sheet          []sheetLine
	Previous, Next string
	Unscored       string // the first that is not scored, "" where all are
}

// judged is a submission in a reviewer's list.
type judged struct {
	Number     int
	Title, URL string
	Done, Here bool
}

// sheetLine is a criterion with what the reviewer has written so far.
type sheetLine struct {
	Name           string
	Weight         int
	Value, Comment string
}

// judgeAt returns the place that the address names, from 1.
func judgeAt(r *http.Request) int {
	n, err := strconv.Atoi(r.URL.Query().Get("n"))
	if err != nil || n < 1 {
		return 1
	}
	return n
}

const (
	judgeMore = `query More($slug: String!, $after: String) { call(slug: $slug) { submissions(first: 100, after: $after, state: [ACCEPTED]) {
	pageInfo { hasNextPage endCursor } nodes { id text { title } scores { criterion } } } } }`
	judgeOne = `query One($id: ID!) { node(id: $id) { ... on Submission { id text { title summary background approach results lessons characters synthetic } committee { name } case { origin } scores { criterion value comment } } } }`
)

func judgeVariables(r *http.Request) (map[string]any, error) {
	return map[string]any{"slug": r.PathValue("slug"), "first": 100}, nil
}

func shapeJudge(v *view, r *http.Request) error {
	c := object(v.Data["call"])
	x := judgeExtra{Number: judgeAt(r), Done: doneOfCalls[strings.TrimPrefix(r.URL.Query().Get("done"), ofCalls)]}
	if catalog.ViewerFrom(r.Context()) == nil {
		x.Key = cut(r.URL.Query().Get("key"), 200)
	}
	all, err := toJudge(r.Context(), v.query, c)
	if err != nil {
		return err
	}
	at := func(n int) string { return "/calls/" + url.PathEscape(text(c["slug"])) + "/judge?n=" + strconv.Itoa(n) }
	criteria := list(c["criteria"])
	x.Total = len(all)
	for i, one := range all {
		o := object(one)
		line := judged{Number: i + 1, Title: text(object(o["text"])["title"]), URL: at(i + 1), Done: len(criteria) > 0 && len(list(o["scores"])) >= len(criteria), Here: i+1 == x.Number}
		if line.Done {
			x.Scored++
		} else if x.Unscored == "" && !line.Here {
			x.Unscored = line.URL
		}
		x.All = append(x.All, line)
	}
	if x.Number <= len(all) {
		if x.One, err = oneToJudge(r.Context(), v.query, text(object(all[x.Number-1])["id"])); err != nil {
			return err
		}
		x.Sheet = sheetOfScores(criteria, x.One)
		if x.Number < len(all) {
			x.Next = at(x.Number + 1)
		}
	}
	if x.Number > 1 {
		x.Previous = at(min(x.Number-1, max(len(all), 1)))
	}
	v.Extra = x
	return nil
}

// toJudge are all submissions that are judged, in their order.
func toJudge(ctx context.Context, query Querier, c map[string]any) ([]any, error) {
	page := object(c["submissions"])
	all := list(page["nodes"])
	for next := object(page["pageInfo"]); next["hasNextPage"] == true; {
		data, failed := query.Query(ctx, judgeMore, "", map[string]any{"slug": c["slug"], "after": next["endCursor"]})
		if len(failed) > 0 {
			return nil, &queryError{page: "judge", errors: failed}
		}
		answer, err := decode(data)
		if err != nil {
			return nil, fmt.Errorf("reading what is judged: %w", err)
		}
		page = object(object(answer["call"])["submissions"])
		all = append(all, list(page["nodes"])...)
		next = object(page["pageInfo"])
	}
	return all, nil
}

func oneToJudge(ctx context.Context, query Querier, id string) (map[string]any, error) {
	data, failed := query.Query(ctx, judgeOne, "", map[string]any{"id": id})
	if len(failed) > 0 {
		return nil, &queryError{page: "judge", errors: failed}
	}
	answer, err := decode(data)
	return object(answer["node"]), err
}

func sheetOfScores(criteria []any, one map[string]any) []sheetLine {
	given := map[string]map[string]any{}
	for _, s := range list(one["scores"]) {
		given[text(object(s)["criterion"])] = object(s)
	}
	var sheet []sheetLine
	for _, k := range criteria {
		line := sheetLine{Name: text(object(k)["name"]), Weight: whole(object(k)["weight"])}
		if s := given[line.Name]; s != nil {
			line.Value, line.Comment = fmt.Sprint(s["value"]), text(s["comment"])
		}
		sheet = append(sheet, line)
	}
	return sheet
}

// scoreSubmission saves a reviewer's sheet.
func (s *site) scoreSubmission(_ http.ResponseWriter, r *http.Request) (string, error) {
	names, values, comments := r.PostForm["criterion"], r.PostForm["value"], r.PostForm["comment"]
	if len(names) == 0 || len(names) != len(values) || len(names) != len(comments) {
		return "", badAddress("表单不完整，请返回重试。")
	}
	var scores []any
	for i, name := range names {
		value, err := strconv.ParseFloat(strings.TrimSpace(values[i]), 64)
		if err != nil || value < 0 || value > 100 {
			return "", refusal{http.StatusUnprocessableEntity, "没有保存", "“" + name + "”的分请写 0 至 100 的数字。请返回再填。"}
		}
		one := map[string]any{"criterion": name, "value": value}
		if comment := strings.TrimSpace(comments[i]); comment != "" {
			one["comment"] = comment
		}
		scores = append(scores, one)
	}
	_, err := s.ofCall(r.Context(), "score", map[string]any{"id": r.PostForm.Get("id"), "scores": scores})
	return "score", err
}

// oneDigit writes a figure with one digit behind the point, nothing where there is
// none.
func oneDigit(v any) string {
	switch v := v.(type) {
	case int:
		return strconv.Itoa(v) + ".0"
	case float64:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return ""
}
