package web

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// mostFound is how many cases of a search a file has, of a table and of a document,
// which is printed.
var mostFound = map[string]int{"xlsx": 500, "csv": 500, "docx": 100}

// foundPage is what of a search is asked for at once.
const foundPage = 100

// foundDocument asks for the cases that a search finds.
const foundDocument = `query Found($query: String!, $filter: SearchFilter, $orderBy: SearchOrder, $first: Int, $after: String) {
  search(query: $query, kinds: [CASE], filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    pageInfo { hasNextPage endCursor }
    edges { node { ... on Case { slug title } } }
  }
}`

// found answers GET /search.xlsx, .csv and .docx: the cases that the search of the same
// address finds, in its order, as one file.
func (s *site) found(w http.ResponseWriter, r *http.Request) {
	format := strings.TrimPrefix(path.Ext(r.URL.Path), ".")
	variables, err := searchVariables(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	found, err := s.foundBy(r.Context(), variables, mostFound[format])
	if err != nil {
		s.fail(w, r, err)
		return
	}
	slugs := make([]string, len(found))
	for i, c := range found {
		slugs[i] = c.Value
	}
	if len(slugs) == 0 {
		s.fail(w, r, refusal{http.StatusNotFound, "没有可以导出的案例", "这样检索没有找到案例，请换一个词，或少选几个条件。"})
		return
	}
	name := "案例"
	if q := strings.TrimSpace(r.URL.Query().Get("q")); q != "" {
		name += "-" + cut(q, 30)
	}
	s.Import.Found(w, r, format, name+"-"+string(catalog.Today(r.Context())), slugs)
}

// foundCases are the cases that the search of an address finds, at most so many, by
// slug and title, in its order.
func (s *site) foundCases(ctx context.Context, query url.Values, most int) ([]option, error) {
	variables, err := searchVariables(&http.Request{URL: &url.URL{RawQuery: query.Encode()}})
	if err != nil {
		return nil, err
	}
	return s.foundBy(ctx, variables, most)
}

func (s *site) foundBy(ctx context.Context, variables map[string]any, most int) ([]option, error) {
	delete(variables, "kinds")
	delete(variables, "after")
	var all []option
	for len(all) < most {
		variables["first"] = min(foundPage, most-len(all))
		data, failed := s.Query.Query(ctx, foundDocument, "Found", variables)
		if len(failed) > 0 {
			return nil, &queryError{page: "search", errors: failed}
		}
		answer, err := decode(data)
		if err != nil {
			return nil, err
		}
		search := object(answer["search"])
		for _, edge := range list(search["edges"]) {
			c := object(object(edge)["node"])
			all = append(all, option{Value: text(c["slug"]), Label: text(c["title"])})
		}
		next := object(search["pageInfo"])
		if next["hasNextPage"] != true {
			break
		}
		variables["after"] = next["endCursor"]
	}
	return all, nil
}

// foundAs are the files of what a search has found; kind narrows nothing, as only
// cases are written.
func foundAs(query url.Values) []export {
	address := with(fromStart(query), "kind", "").Encode()
	var all []export
	for _, format := range []struct{ name, ending string }{{"Word（DOCX，前 100 个）", "docx"}, {"Excel（XLSX，前 500 个）", "xlsx"}} {
		all = append(all, export{format.name, "/search." + format.ending + "?" + address})
	}
	return all
}
