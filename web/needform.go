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

// needNoun is how needs are written.
var needNoun = noun{
	path: "needs", root: "need", kind: catalog.KindNeed, name: "problem",
	groups: needGroups, values: needValues, input: needInput,
	start: func(values url.Values, committee map[string]any) { values.Set("committee", text(committee["slug"])) },
}

func needGroups(url.Values) []fieldGroup {
	groups := []fieldGroup{{Title: "遇到了什么问题", Fields: []field{
		fieldAt(catalog.KindNeed, "problem", "一两句话：什么人、什么事、难在哪里；别处的政协看得懂就行", 3),
		fieldAt(catalog.KindNeed, "committee", "", 0),
		fieldAt(catalog.KindNeed, "topics", "", 0),
		fieldAt(catalog.KindNeed, "closed", "不再需要的选“是”", 0),
	}}}
	groups[0].Fields[0].Example = "老旧小区加装电梯，低层住户不同意，费用怎样分摊，想看看别处是怎样谈成的。"
	groups[0].Fields = append(groups[0].Fields, restOf(catalog.KindNeed, groups)...)
	return groups
}

func needValues(record map[string]any) url.Values {
	s := setter{url.Values{}}
	s.plain(record, catalog.KindNeed)
	s.set("committee", object(record["committee"])["slug"])
	for _, topic := range list(record["topics"]) {
		s.values.Add("topics", text(object(topic)["slug"]))
	}
	return s.values
}

func needInput(values url.Values, record map[string]any) written {
	w := newWritten(record)
	delete(w.input, "origin") // a need's is not its writer's to say
	w.called(values, "problem")
	w.plain(values, catalog.KindNeed)
	w.texts(values, "", w.input, "committee")
	w.input["topics"] = anyList(values["topics"])
	return w
}

// needsVariables reads which needs the address asks for: those that are open, or with
// open=0 those that are not.
func needsVariables(r *http.Request) (map[string]any, error) {
	variables, err := pageVariables(r)
	variables["open"] = r.URL.Query().Get("open") != "0"
	if topic := r.URL.Query().Get("topic"); topic != "" {
		variables["topics"] = []any{topic}
	}
	return variables, err
}

// needsExtra is what the page of needs needs besides its data.
type needsExtra struct {
	pager
	Open bool
}

func shapeNeeds(v *view, r *http.Request) error {
	v.Extra = needsExtra{pagerOf(r, v.Data["needs"]), r.URL.Query().Get("open") != "0"}
	return nil
}

// needExtra is what the page of a need needs besides its data.
type needExtra struct {
	Workflow workflow
	Ask      bool     // the reader may ask for the same
	Answer   bool     // the reader may answer it
	Cases    []option // with one of these
	Close    bool
}

func shapeNeed(v *view, r *http.Request) error {
	n := object(v.Data["need"])
	w, err := workflowOf(needNoun, v, r)
	if err != nil {
		return err
	}
	may := func(action catalog.Action) bool { return slices.Contains(list(n["actions"]), any(string(action))) }
	public := n["status"] == string(catalog.StatusPublished) && n["state"] != string(catalog.NeedClosed)
	who := catalog.ViewerFrom(r.Context())
	own := who != nil && who.Committee != 0 && object(n["committee"])["id"] == catalog.EncodeID(catalog.KindCommittee, who.Committee)
	extra := needExtra{Workflow: w, Ask: public && !own, Answer: public && may(catalog.ActionAnswer), Close: public && may(catalog.ActionUpdate)}
	if extra.Answer {
		extra.Cases, err = answering(r.Context(), v.query, who, own)
	}
	v.Extra = extra
	return err
}

// answering are the cases with which the viewer may answer a need: those of their
// committee, and for a need of their own all.
func answering(ctx context.Context, query Querier, who *catalog.Viewer, own bool) ([]option, error) {
	filter := map[string]any{}
	if !own && who.Committee != 0 {
		filter["committees"] = []any{catalog.EncodeID(catalog.KindCommittee, who.Committee)}
	}
	data, failed := query.Query(ctx, "query Answers($filter: CaseFilter) { cases(filter: $filter, first: 100, orderBy: { field: UPDATED_AT, direction: DESC }) { nodes { slug title committee { name } } } }", "",
		map[string]any{"filter": filter})
	if len(failed) > 0 {
		return nil, &queryError{page: "need", errors: failed}
	}
	found, err := decode(data)
	if err != nil {
		return nil, fmt.Errorf("reading the cases that may answer: %w", err)
	}
	var all []option
	for _, record := range list(object(found["cases"])["nodes"]) {
		c := object(record)
		label := text(c["title"])
		if name := text(object(c["committee"])["name"]); name != "" && own {
			label += "（" + name + "）"
		}
		all = append(all, option{Value: text(c["slug"]), Label: label})
	}
	return all, nil
}

// askNeed counts the reader among those who ask for the same.
func (s *site) askNeed(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 8<<10)
	_, wrong, err := s.mutate(r.Context(), needNoun, "ask", map[string]any{"id": r.PostFormValue("id")})
	if !s.stopped(w, r, wrong, err) {
		done(w, r, needNoun, r.PathValue("slug"), "ask")
	}
}

// closeNeed says that a need is no longer asked: everything else of it stays.
func (s *site) closeNeed(w http.ResponseWriter, r *http.Request) {
	version, err := strconv.Atoi(r.PostFormValue("version"))
	if err != nil {
		s.fail(w, r, badAddress("表单不完整，请返回重试。"))
		return
	}
	v, err := s.askForm(r, needNoun)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	record := object(v.Data["need"])
	values := needValues(record)
	values.Set("closed", "true")
	in := needInput(values, record)
	_, wrong, err := s.mutate(r.Context(), needNoun, "update", map[string]any{"id": record["id"], "version": version, "input": in.input})
	if !s.stopped(w, r, wrong, err) {
		done(w, r, needNoun, r.PathValue("slug"), "close")
	}
}

// maxAlike is how many needs are named where a search finds nothing.
const maxAlike = 3

// alike are open needs that speak of what was searched for in vain: of one of its
// words of two characters and more.
func alike(ctx context.Context, query Querier, terms []any) ([]map[string]any, error) {
	data, failed := query.Query(ctx, "query Needs { needs(open: true, first: 100) { nodes { slug problem askers } } }", "", nil)
	if len(failed) > 0 {
		return nil, &queryError{page: "search", errors: failed}
	}
	found, err := decode(data)
	if err != nil {
		return nil, fmt.Errorf("reading the needs: %w", err)
	}
	var all []map[string]any
	for _, need := range list(object(found["needs"])["nodes"]) {
		n := object(need)
		if len(all) < maxAlike && slices.ContainsFunc(terms, func(term any) bool {
			return len([]rune(text(term))) > 1 && strings.Contains(text(n["problem"]), text(term))
		}) {
			all = append(all, n)
		}
	}
	return all, nil
}
