package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// collectionNoun is how collections are written: as all nouns whose form is made of the
// catalog's description, with cases that are read page by page.
var collectionNoun = func() noun {
	n := plainNoun(catalog.KindCollection, "collections", "collection", "title", map[string]string{
		"committee": "不选则为您的政协", "call": "出自征集的，写征集名称；其他留空",
		"cases":   "一行一个，写已收录的案例标题或永久链接，按书里的先后；存好以后，在“编排”里可以排次序、从检索结果添加",
		"preface": "印在目录之后、案例之前", "colophon": "印在案例之后、索引之前",
	})
	values, input := n.values, n.input
	n.values = func(record map[string]any) url.Values { return values(flatCases(record)) }
	n.input = func(v url.Values, record map[string]any) written {
		w := input(v, flatCases(record))
		delete(w.input, "origin") // a collection's is not its writer's to say
		return w
	}
	n.whole = restOfCases
	return n
}()

// flatCases is a collection with its cases as a list.
func flatCases(record map[string]any) map[string]any {
	if record == nil {
		return nil
	}
	flat := map[string]any{}
	for name, value := range record {
		flat[name] = value
	}
	flat["cases"] = object(record["cases"])["nodes"]
	return flat
}

const moreCases = `query More($slug: String!, $after: String) { collection(slug: $slug) { version cases(first: 100, after: $after) {
	pageInfo { hasNextPage endCursor } nodes { slug title status origin committee { name region { code name } } topics { slug name } } } } }`

// restOfCases reads the cases of a collection that are not on its first page.
func restOfCases(ctx context.Context, query Querier, record map[string]any) error {
	cases := object(record["cases"])
	nodes := list(cases["nodes"])
	for next := object(cases["pageInfo"]); next["hasNextPage"] == true; {
		data, failed := query.Query(ctx, moreCases, "", map[string]any{"slug": record["slug"], "after": next["endCursor"]})
		if len(failed) > 0 {
			return &queryError{page: "edit-collection", errors: failed}
		}
		answer, err := decode(data)
		if err != nil {
			return fmt.Errorf("reading the cases of a collection: %w", err)
		}
		c := object(answer["collection"])
		if c == nil || c["version"] != record["version"] {
			return refusal{http.StatusConflict, "请再打开一次", "这部汇编刚刚有人改过。"}
		}
		nodes = append(nodes, list(object(c["cases"])["nodes"])...)
		next = object(object(c["cases"])["pageInfo"])
	}
	cases["nodes"] = nodes
	return nil
}

// foundLines are the cases of the search of the address, a line each: by title, and by
// slug where two are called the same.
func (s *site) foundLines(r *http.Request) (string, error) {
	found, err := s.foundCases(r.Context(), r.URL.Query(), catalog.MaxCollected)
	if err != nil {
		return "", err
	}
	times := map[string]int{}
	for _, c := range found {
		times[c.Label]++
	}
	lines := make([]string, len(found))
	for i, c := range found {
		if lines[i] = c.Label; times[c.Label] > 1 {
			lines[i] = c.Value
		}
	}
	return strings.Join(lines, "\n"), nil
}

// arrangeExtra is what the page that arranges a collection needs.
type arrangeExtra struct {
	Record map[string]any
	Cases  []any
	Wrong  string
	Done   string
	Most   int
}

var doneOfArranging = map[string]string{
	"order": "次序已保存。", "topic": "已按议题排好。", "prefecture": "已按市（州）排好。", "add": "已收入。", "none": "没有新的案例可收：都已在书里，或没有找到。",
}

func (s *site) showArranging(w http.ResponseWriter, r *http.Request) {
	s.arranging(w, r, http.StatusOK, "")
}

func (s *site) arranging(w http.ResponseWriter, r *http.Request, status int, wrong string) {
	v, err := s.askForm(r, collectionNoun)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	record := object(v.Data["collection"])
	v.Nav = "calls"
	v.Extra = arrangeExtra{Record: record, Cases: list(object(record["cases"])["nodes"]), Wrong: wrong, Done: doneOfArranging[r.URL.Query().Get("done")], Most: catalog.MaxCollected}
	s.write(w, r, status, "arrange", v)
}

// takeArranging puts the cases of a collection into another order, leaves some out, or
// adds some.
func (s *site) takeArranging(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, badAddress("表单不完整，请返回重试。"))
		return
	}
	v, err := s.askForm(r, collectionNoun)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	record := object(v.Data["collection"])
	cases := list(object(record["cases"])["nodes"])
	what := r.PostForm.Get("do")
	var slugs []string
	switch what {
	case "topic", "prefecture":
		slugs = ordered(cases, what)
	case "search", "add":
		if slugs, err = s.added(r, cases); err != nil {
			s.fail(w, r, err)
			return
		}
		if what = "add"; len(slugs) == len(cases) {
			http.Redirect(w, r, r.URL.Path+"?done=none", http.StatusSeeOther)
			return
		}
	default:
		what = "order"
		slugs = byHand(cases, r.PostForm)
	}
	in := collectionNoun.input(collectionNoun.values(record), record)
	in.input["cases"] = anyList(slugs)
	// Who has seen another version than the one that is read here has seen another order.
	version := whole(record["version"])
	if seen := r.PostForm.Get("version"); seen != fmt.Sprint(version) {
		s.arranging(w, r, http.StatusConflict, "您看过以后，别人改过这部汇编。下面是现在的次序，请再排一次。")
		return
	}
	_, wrong, err := s.mutate(r.Context(), collectionNoun, "update", map[string]any{"id": record["id"], "version": version, "input": in.input})
	switch {
	case err != nil:
		s.fail(w, r, err)
	case len(wrong) > 0:
		s.arranging(w, r, http.StatusUnprocessableEntity, wrong[0].Message)
	default:
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, r.URL.Path+"?"+url.Values{"done": {what}}.Encode(), http.StatusSeeOther)
	}
}

// ordered are the cases by their first topic's name, or by their region's code, each
// otherwise as they stood; those without one come last.
func ordered(cases []any, by string) []string {
	key := func(c map[string]any) string {
		if by == "topic" {
			if topics := list(c["topics"]); len(topics) > 0 {
				return text(object(topics[0])["slug"])
			}
		} else if code := text(object(object(c["committee"])["region"])["code"]); len(code) >= 4 {
			return code[:4]
		}
		return "\U0010FFFF"
	}
	sorted := slices.Clone(cases)
	slices.SortStableFunc(sorted, func(a, b any) int { return strings.Compare(key(object(a)), key(object(b))) })
	return slugsOf(sorted)
}

func slugsOf(cases []any) []string {
	slugs := make([]string, len(cases))
	for i, c := range cases {
		slugs[i] = text(object(c)["slug"])
	}
	return slugs
}

// byHand are the cases by the numbers that the form gives them, without those that it
// leaves out. A case without a number that can be read keeps its own.
func byHand(cases []any, values url.Values) []string {
	type placed struct {
		slug string
		at   float64
		own  int
	}
	var all []placed
	for i, slug := range slugsOf(cases) {
		if slices.Contains(values["out"], slug) {
			continue
		}
		one := placed{slug, float64(i + 1), i}
		var at float64
		if _, err := fmt.Sscanf(clean(values.Get("at."+slug)), "%g", &at); err == nil && at != one.at {
			// What was given a place that another has stands before it, or behind it where
			// it comes from before.
			if one.at = at; at < float64(i+1) {
				one.at -= .5
			} else {
				one.at += .5
			}
		}
		all = append(all, one)
	}
	slices.SortStableFunc(all, func(a, b placed) int {
		switch {
		case a.at < b.at:
			return -1
		case a.at > b.at:
			return 1
		}
		return a.own - b.own
	})
	slugs := make([]string, len(all))
	for i, p := range all {
		slugs[i] = p.slug
	}
	return slugs
}

// added are the cases with those that the form adds behind them, of a search or by
// name.
func (s *site) added(r *http.Request, cases []any) ([]string, error) {
	slugs := slugsOf(cases)
	var more []string
	if r.PostForm.Get("do") == "search" {
		found, err := s.foundCases(r.Context(), url.Values{"q": {clean(r.PostForm.Get("q"))}}, catalog.MaxCollected)
		if err != nil {
			return nil, err
		}
		for _, c := range found {
			more = append(more, c.Value)
		}
	} else {
		more = linesOf(r.PostForm.Get("names"))
	}
	for _, slug := range more {
		if !slices.Contains(slugs, slug) {
			slugs = append(slugs, slug)
		}
	}
	return slugs, nil
}
