package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// maxQuery is how many characters of a query are looked at.
const maxQuery = 200

// pageSize is how many hits a page of results has.
const pageSize = 20

// facet is how pages read and show one of catalog.Facets. The kind is not a field of the
// filter but an argument of its own.
type facet catalog.Facet

// orders are the values of sort in the address with those of SearchOrder.
var orders = []struct{ param, order, title string }{
	{"", "RELEVANCE", "最相关"},
	{"newest", "NEWEST", "最新"},
	{"oldest", "OLDEST", "最早"},
}

// searchVariables reads a search from the address.
func searchVariables(r *http.Request) (map[string]any, error) {
	query := r.URL.Query()
	variables := map[string]any{"query": cut(query.Get("q"), maxQuery), "first": pageSize}
	filter := map[string]any{}
	for _, f := range catalog.Facets {
		values, err := facet(f).values(query)
		switch {
		case err != nil:
			return nil, err
		case len(values) == 0:
		case f.Param == "kind":
			variables["kinds"] = values
		default:
			filter[f.Name] = values
		}
	}
	if len(filter) > 0 {
		variables["filter"] = filter
	}
	for _, o := range orders {
		if sort := query.Get("sort"); sort != "" && sort == o.param {
			variables["orderBy"] = o.order
		}
	}
	if after := query.Get("after"); after != "" {
		variables["after"] = after
	}
	return variables, nil
}

// pageSearchVariables is searchVariables for the page of results, on which whoever looks
// for something finds it of whatever kind it is. Who has typed nothing leafs through
// cases, brands, proposals and practices.
func pageSearchVariables(r *http.Request) (map[string]any, error) {
	variables, err := searchVariables(r)
	if err == nil && variables["kinds"] == nil && strings.TrimSpace(text(variables["query"])) != "" {
		variables["kinds"] = searchedKinds
	}
	return variables, err
}

// searchedKinds are all kinds that a search finds.
var searchedKinds = func() (all []any) {
	for _, k := range catalog.SearchedKinds {
		all = append(all, string(k))
	}
	return all
}()

// values reads a facet's values from the address.
func (f facet) values(query url.Values) ([]any, error) {
	var values []any
	for _, value := range query[f.Param] {
		switch {
		case value == "":
		case f.Number:
			n, err := strconv.Atoi(value)
			if err != nil {
				return nil, badAddress(f.Label + "应写成数字，例如 " + f.Param + "=2021。")
			}
			values = append(values, n)
		default:
			values = append(values, value)
		}
	}
	return values, nil
}

// searchExtra is what the page of results needs besides its data.
type searchExtra struct {
	Facets  []facetGroup
	Active  []chip
	Clear   string // the address without any filter
	Sorts   []option
	Pages   pager
	Exports []export // the cases that the filters let through, as files
	Found   []export // the cases that are found, as files
	// Correction is the address of the search for what may have been meant.
	Correction string
	// Fitting are, where nothing is found, topics that the query names, and Learn is
	// where its words are a problem to find peers' cases for.
	Fitting  []map[string]any
	Learn    string
	Alike    []map[string]any // open needs that speak of it
	Register string           // where it is registered as a need
	Caseless bool             // of whatever kind hits are, none is a case
	Cases    bool             // there are cases on the page, which can be compared
	Place    map[string]any   // where no case is found, the place that the query names, with what is near; nil for none
	Follow   *following
	Meaning  string // by what was searched, "" where only words can be
}

// foundBy says by what was searched, where a server of embeddings is set.
var foundBy = map[string]string{"USED": "按词语和语义检索", "UNAVAILABLE": "只按词语检索，语义暂不可用"}

// facetGroup is a facet's check boxes.
type facetGroup struct {
	Param, Title string
	Boxes        []box // those shown at once
	More         []box // those behind a click
	Rest         int   // how many are left out
}

type box struct {
	Value, Label string
	Count        int
	Checked      bool
}

// chip is a filter that is on, with the address of the same search without it.
type chip struct{ Title, Label, Without string }

type option struct {
	Value, Label string
	Chosen       bool
}

// boxesAtOnce is how many of a facet's values are shown without a click.
const boxesAtOnce = 6

// boxesInAll is how many more there are behind a click: a list of hundreds
// helps nobody, and a better query does.
const boxesInAll = 30

func shapeSearch(v *view, r *http.Request) error {
	query := searchQuery(r.URL.Query())
	found := object(v.Data["search"])
	extra := searchExtra{Clear: searchURL(url.Values{"q": query["q"]})}
	for _, f := range catalog.Facets {
		group, chips := facet(f).group(list(object(found["facets"])[f.Name]), query)
		extra.Facets = append(extra.Facets, group)
		extra.Active = append(extra.Active, chips...)
	}
	for _, o := range orders {
		extra.Sorts = append(extra.Sorts, option{o.param, o.title, query.Get("sort") == o.param})
	}
	extra.Pages = newPager("/search", query, found)
	extra.Exports = exportsOf(query)
	cases := 0
	for _, kind := range list(object(found["facets"])["kinds"]) {
		if k := object(kind); k["key"] == "CASE" {
			cases = whole(k["count"])
		}
	}
	if cases > 0 && query.Get("q") != "" {
		extra.Found = foundAs(query)
		if v.Reader != nil && v.Reader.Writes {
			extra.Found = append(extra.Found, export{"编成汇编", "/write/collections?" + with(fromStart(query), "kind", "").Encode()})
		}
	}
	for _, edge := range list(found["edges"]) {
		extra.Cases = extra.Cases || object(object(edge)["node"])["__typename"] == "Case"
	}
	extra.Caseless = cases == 0 && len(query["kind"]) == 0
	if cases == 0 {
		var err error
		if extra.Place, err = placeNamed(r.Context(), v.query, query.Get("q")); err != nil {
			return err
		}
	}
	extra.Meaning = foundBy[text(found["meaning"])]
	if correction := text(found["correction"]); correction != "" {
		extra.Correction = searchURL(with(fromStart(query), "q", correction))
	}
	if words := query.Get("q"); words != "" && (whole(found["totalCount"]) == 0 || extra.Caseless) {
		extra.Learn = "/learn?" + url.Values{"problem": {words}}.Encode()
		var err error
		if extra.Fitting, err = fittingTopics(r.Context(), v.query, words); err != nil {
			return err
		}
		if extra.Alike, err = alike(r.Context(), v.query, list(found["terms"])); err != nil {
			return err
		}
		extra.Register = "/write/needs?" + url.Values{"problem": {words}}.Encode()
	}
	v.noteAsked(r, whole(found["totalCount"]))
	var err error
	if extra.Follow, err = followingOf(v, r, "query", strings.TrimSpace(cut(query.Get("q"), maxQuery))); err != nil {
		return err
	}
	v.Extra = extra
	return nil
}

// maxFitting is how many topics are named where nothing is found.
const maxFitting = 3

// fittingTopics are the topics whose name stands in the words, or has them in it.
func fittingTopics(ctx context.Context, query Querier, words string) ([]map[string]any, error) {
	data, failed := query.Query(ctx, "query Topics { topics { slug name caseCount } }", "", nil)
	if len(failed) > 0 {
		return nil, &queryError{page: "search", errors: failed}
	}
	found, err := decode(data)
	if err != nil {
		return nil, fmt.Errorf("reading the topics: %w", err)
	}
	var fitting []map[string]any
	for _, topic := range list(found["topics"]) {
		t := object(topic)
		if name := text(t["name"]); len(fitting) < maxFitting && (strings.Contains(words, name) || len([]rune(words)) > 1 && strings.Contains(name, words)) {
			fitting = append(fitting, t)
		}
	}
	return fitting, nil
}

// export is a form in which cases can be had.
type export struct{ Name, URL string }

// exportsOf are the files of the cases that a search's filters let through. The
// files know filters, but no words.
func exportsOf(query url.Values) []export {
	filter := url.Values{}
	for _, f := range catalog.Facets {
		if values := query[f.Param]; len(values) > 0 && f.Param != "kind" {
			filter[f.Name] = values
		}
	}
	var all []export
	for _, format := range []struct{ name, ending string }{{"Excel（XLSX）", "xlsx"}, {"CSV", "csv"}, {"JSON Lines", "jsonl"}} {
		all = append(all, export{format.name, "/export/cases." + format.ending + "?" + filter.Encode()})
	}
	return all
}

// group makes a facet's check boxes of its counts. A value that is on but not
// counted is there as well, so that it can be taken away.
func (f facet) group(buckets []any, query url.Values) (facetGroup, []chip) {
	on := query[f.Param]
	group := facetGroup{Param: f.Param, Title: f.Label}
	var boxes []box
	for _, bucket := range buckets {
		b := object(bucket)
		boxes = append(boxes, box{text(b["key"]), text(b["label"]), whole(b["count"]), slices.Contains(on, text(b["key"]))})
	}
	for _, value := range on {
		if !slices.ContainsFunc(boxes, func(b box) bool { return b.Value == value }) {
			boxes = append(boxes, box{Value: value, Label: value, Checked: true})
		}
	}
	slices.SortStableFunc(boxes, func(a, b box) int { // what is on comes first
		switch {
		case a.Checked == b.Checked:
			return 0
		case a.Checked:
			return -1
		default:
			return 1
		}
	})
	n := min(max(boxesAtOnce, len(on)), len(boxes))
	if len(boxes) == n+1 {
		n++ // a click for a single box is one too many
	}
	last := min(len(boxes), n+boxesInAll)
	group.Boxes, group.More, group.Rest = boxes[:n], boxes[n:last], len(boxes)-last
	var chips []chip
	for _, b := range boxes {
		if b.Checked {
			chips = append(chips, chip{f.Label, b.Label, searchURL(without(query, f.Param, b.Value))})
		}
	}
	return group, chips
}

// searchQuery keeps of an address what makes a search, so that links to other
// searches carry nothing else on.
func searchQuery(query url.Values) url.Values {
	kept := url.Values{}
	for _, param := range []string{"q", "sort", "after", trailParam} {
		if value := query.Get(param); value != "" {
			kept.Set(param, value)
		}
	}
	for _, f := range catalog.Facets {
		for _, value := range query[f.Param] {
			if value != "" && !slices.Contains(kept[f.Param], value) {
				kept.Add(f.Param, value)
			}
		}
	}
	return kept
}

// with returns the query with a parameter set, or without it where value is "".
func with(query url.Values, param, value string) url.Values {
	changed := clone(query)
	changed.Del(param)
	if value != "" {
		changed.Set(param, value)
	}
	return changed
}

// without returns the query without a facet's value, from the first page on.
func without(query url.Values, param, value string) url.Values {
	changed := fromStart(query)
	changed[param] = slices.DeleteFunc(changed[param], func(v string) bool { return v == value })
	return changed
}

// fromStart returns the query of the first page.
func fromStart(query url.Values) url.Values { return with(with(query, "after", ""), trailParam, "") }

func clone(query url.Values) url.Values {
	copied := make(url.Values, len(query))
	for param, values := range query {
		copied[param] = slices.Clone(values)
	}
	return copied
}

func searchURL(query url.Values) string {
	if encoded := query.Encode(); encoded != "" {
		return "/search?" + encoded
	}
	return "/search"
}

// suggestVariables reads what has been typed so far.
func suggestVariables(r *http.Request) (map[string]any, error) {
	return map[string]any{"prefix": strings.TrimSpace(cut(r.URL.Query().Get("q"), maxQuery)), "kinds": searchedKinds}, nil
}
