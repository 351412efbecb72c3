package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// newPerson reads a person that is not there yet, as people write one: the name, and
// behind 、 or ｜ the offices.
func newPerson(line string) map[string]any {
	parts := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune("、｜|，,", r) })
	offices := []any{}
	for _, office := range parts[min(1, len(parts)):] {
		if office = strings.TrimSpace(office); office != "" {
			offices = append(offices, office)
		}
	}
	name := ""
	if len(parts) > 0 {
		name = strings.TrimSpace(parts[0])
	}
	return map[string]any{"name": name, "offices": offices}
}

// mergePage is where a reviewer says which record of the same person stays.
var mergePage = page{name: "merge", nav: "write", record: "person", variables: slugVariable}

// mergeExtra is what that page needs besides its data.
type mergeExtra struct {
	Others []any // of the same name
}

// showMerge writes the page on which a person is put in the place of another.
func (s *site) showMerge(w http.ResponseWriter, r *http.Request) {
	v, err := s.ask(mergePage, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	person := object(v.Data["person"])
	if !slices.Contains(list(person["actions"]), any(string(catalog.ActionMerge))) {
		s.fail(w, r, refusal{http.StatusForbidden, "您不能合并这个人物", "它属于别的政协，或者它现在的状态不能合并。"})
		return
	}
	others, err := s.namesakes(r, text(person["name"]))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	v.Extra = mergeExtra{slices.DeleteFunc(others, func(one any) bool { return object(one)["slug"] == person["slug"] })}
	s.write(w, r, http.StatusOK, mergePage.name, v)
}

// namesakes are the persons of the name whom the reader may see.
func (s *site) namesakes(r *http.Request, name string) ([]any, error) {
	data, failed := s.Query.Query(r.Context(), s.documents["namesakes"], "", map[string]any{"name": name})
	if len(failed) > 0 {
		return nil, &queryError{page: "namesakes", errors: failed}
	}
	found, err := decode(data)
	return list(object(found["persons"])["nodes"]), err
}

// takeMerge puts the person of the address in the place of the one that the form
// names, or says why not.
func (s *site) takeMerge(w http.ResponseWriter, r *http.Request) {
	version, err := strconv.Atoi(r.PostFormValue("version"))
	if err != nil {
		s.fail(w, r, badAddress("表单不完整，请返回重试。"))
		return
	}
	into := clean(r.PostFormValue("other"))
	if into == "" {
		into = clean(r.PostFormValue("into"))
	}
	if into == "" {
		s.fail(w, r, refusal{http.StatusUnprocessableEntity, "没有合并", "还没有选保留哪一条。请返回选一条。"})
		return
	}
	if _, after, ok := strings.Cut(into, "/persons/"); ok { // an address was pasted
		into, _, _ = strings.Cut(after, "?")
	}
	named, err := s.namesakes(r, into)
	switch {
	case err != nil:
		s.fail(w, r, err)
		return
	case len(named) > 1:
		s.fail(w, r, refusal{http.StatusUnprocessableEntity, "没有合并", "叫“" + cut(into, catalog.MaxQuoted) + "”的人物不止一个。请返回，粘贴要保留的那一条的网址。"})
		return
	case len(named) == 1:
		into = text(object(named[0])["slug"])
	}
	data, failed := s.Query.Query(r.Context(), `query Merged($keep: String!) { person(slug: $keep) { id slug name version } }`, "", map[string]any{"keep": into})
	if len(failed) > 0 {
		s.fail(w, r, &queryError{page: "merge", errors: failed})
		return
	}
	found, err := decode(data)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	keep := object(found["person"])
	if keep == nil {
		s.fail(w, r, refusal{http.StatusUnprocessableEntity, "没有合并", "没有找到人物“" + cut(into, catalog.MaxQuoted) + "”。请返回，写姓名或者粘贴其网址。"})
		return
	}
	_, wrong, err := s.mutate(r.Context(), personNoun, "merge", map[string]any{
		"keep": keep["id"], "keepVersion": keep["version"], "drop": r.PostFormValue("id"), "dropVersion": version,
	})
	if !s.stopped(w, r, wrong, err) {
		done(w, r, personNoun, text(keep["slug"]), "merge")
	}
}

// proposalsVariables asks for all proposals, or for those that are overdue.
func proposalsVariables(r *http.Request) (map[string]any, error) {
	variables, err := pageVariables(r)
	if r.URL.Query().Get("overdue") == "true" {
		variables["filter"] = map[string]any{"overdue": true}
	}
	return variables, err
}

// proposalsExtra is what the list of proposals needs besides its data.
type proposalsExtra struct {
	pager
	Overdue bool
	Months  int // within which proposals are to be answered
}

func shapeProposals(v *view, r *http.Request) error {
	v.Extra = proposalsExtra{pagerOf(r, v.Data["proposals"]), r.URL.Query().Get("overdue") == "true", catalog.ReplyWithin()}
	return nil
}

// venuesVariables asks for all venues, or for those of a kind.
func venuesVariables(r *http.Request) (map[string]any, error) {
	variables, err := pageVariables(r)
	if kind := r.URL.Query().Get("kind"); kind != "" {
		if !catalog.EnumNamed("VenueKind").Has(kind) {
			return nil, badAddress("没有这一类场所。")
		}
		variables["kind"] = kind
	}
	return variables, err
}

// figuresExtra is what the page of figures needs besides its data.
type figuresExtra struct{ Year string }

func figuresVariables(r *http.Request) (map[string]any, error) {
	year := strings.TrimSpace(r.URL.Query().Get("year"))
	if year == "" {
		return nil, nil //nolint:nilnil // all years
	}
	n, err := strconv.Atoi(year)
	if err != nil || n < catalog.MinYear || n > catalog.MaxYear {
		return nil, badAddress("年份请写四位数字，例如 2025。")
	}
	return map[string]any{"years": []any{n}}, nil
}

func shapeFigures(v *view, r *http.Request) error {
	v.Extra = figuresExtra{strings.TrimSpace(r.URL.Query().Get("year"))}
	return nil
}

// shapeWorkflow works out what the writers of a noun's record see of it.
func shapeWorkflow(n noun) func(v *view, r *http.Request) error {
	return func(v *view, r *http.Request) error {
		w, err := workflowOf(n, v, r)
		v.Extra = w
		return err
	}
}
