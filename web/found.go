package web

import (
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"
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
    edges { node { ... on Case { slug } } }
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
	delete(variables, "kinds")
	delete(variables, "after")
	var slugs []string
	for len(slugs) < mostFound[format] {
		variables["first"] = min(foundPage, mostFound[format]-len(slugs))
		data, failed := s.Query.Query(r.Context(), foundDocument, "Found", variables)
		if len(failed) > 0 {
			s.fail(w, r, &queryError{page: "search", errors: failed})
			return
		}
		answer, err := decode(data)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		search := object(answer["search"])
		for _, edge := range list(search["edges"]) {
			slugs = append(slugs, text(object(object(edge)["node"])["slug"]))
		}
		next := object(search["pageInfo"])
		if next["hasNextPage"] != true {
			break
		}
		variables["after"] = next["endCursor"]
	}
	if len(slugs) == 0 {
		s.fail(w, r, refusal{http.StatusNotFound, "没有可以导出的案例", "这样检索没有找到案例，请换一个词，或少选几个条件。"})
		return
	}
	name := "案例"
	if q := strings.TrimSpace(r.URL.Query().Get("q")); q != "" {
		name += "-" + cut(q, 30)
	}
	s.Import.Found(w, r, format, name+"-"+time.Now().Format(time.DateOnly), slugs)
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
