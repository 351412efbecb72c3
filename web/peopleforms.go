package web

import (
	"net/http"
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

// takeMerge puts the person of the address in the place of the one that the form
// names, or says why not.
func (s *site) takeMerge(w http.ResponseWriter, r *http.Request) {
	version, err := strconv.Atoi(r.PostFormValue("version"))
	if err != nil {
		s.fail(w, r, badAddress("表单不完整，请返回重试。"))
		return
	}
	into := clean(r.PostFormValue("into"))
	if _, after, ok := strings.Cut(into, "/persons/"); ok { // an address was pasted
		into = after
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
		s.fail(w, r, refusal{http.StatusUnprocessableEntity, "没有合并", "没有找到永久链接是“" + cut(into, catalog.MaxQuoted) + "”的人物。请返回，从那个人物的网址中抄下最后一段。"})
		return
	}
	_, wrong, err := s.mutate(r.Context(), personNoun, "merge", map[string]any{
		"keep": keep["id"], "keepVersion": keep["version"], "drop": r.PostFormValue("id"), "dropVersion": version,
	})
	switch {
	case err != nil:
		s.fail(w, r, err)
	case len(wrong) > 0:
		s.fail(w, r, refusalOf(wrong))
	default:
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
}

func shapeProposals(v *view, r *http.Request) error {
	v.Extra = proposalsExtra{pagerOf(r, v.Data["proposals"]), r.URL.Query().Get("overdue") == "true"}
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
