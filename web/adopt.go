package web

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/jisiguangyi/jisi/catalog"
)

// adoptionForm is how an adoption is written, on the page of the case that is taken
// over: it has no page of its own.
var adoptionForm = noun{
	path: "adoptions", root: "adoption", kind: catalog.KindAdoption, name: "",
	groups: func(url.Values) []fieldGroup {
		return []fieldGroup{{Title: "怎么引进的", Fields: []field{
			fieldAt(catalog.KindAdoption, "adoptedOn", "例如 2024年5月；不清楚的部分不写", 0),
			fieldAt(catalog.KindAdoption, "resultingCase", "本会由此形成的案例，已收录的才选得到", 0),
			fieldAt(catalog.KindAdoption, "changes", "结合本地情况改了什么；照搬的写“没有调整”", 4),
			fieldAt(catalog.KindAdoption, "result", "用下来怎么样；刚开始的可以先不写，以后补", 4),
		}}}
	},
	values: func(map[string]any) url.Values { return url.Values{} },
}

var adoptPage = page{name: "adopt", nav: "write", record: "case"}

// adopting is the path at which a case is taken over.
func adopting(slug string) string { return "/write/cases/" + url.PathEscape(slug) + "/adopt" }

// askAdoption asks for the case and for the reader's own cases.
func (s *site) askAdoption(r *http.Request) (*view, error) {
	p := adoptPage
	p.variables = func(r *http.Request) (map[string]any, error) {
		variables, err := draftsVariables(r)
		if variables["own"] == false {
			return nil, refusal{http.StatusForbidden, "不能登记引进", "您的账号不属于任何一个政协。"}
		}
		return map[string]any{"slug": r.PathValue("slug"), "mine": variables["mine"]}, err
	}
	v, err := s.ask(p, r)
	if err != nil {
		return nil, err
	}
	v.Playground = ""
	c := object(v.Data["case"])
	if own := object(object(v.Data["viewer"])["committee"])["slug"]; own == object(c["committee"])["slug"] {
		return nil, refusal{http.StatusUnprocessableEntity, "这是本政协自己的案例", "引进的是别的政协的案例；本会对自己的案例有新的进展，请修改案例本身。"}
	}
	return v, nil
}

// newAdoption is the form with values in it.
func newAdoption(v *view, values url.Values, in written, wrong []problem) formExtra {
	extra := newForm(adoptionForm, v, values, in, wrong)
	extra.Action = adopting(text(object(v.Data["case"])["slug"]))
	extra.Draft = extra.Action
	return extra
}

func (s *site) showAdoption(w http.ResponseWriter, r *http.Request) {
	v, err := s.askAdoption(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	v.Extra = newAdoption(v, url.Values{}, written{}, nil)
	s.write(w, r, http.StatusOK, adoptPage.name, v)
}

// takeAdoption records that the reader's committee has taken the case over.
func (s *site) takeAdoption(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, badAddress("表单不完整，请返回重试。"))
		return
	}
	v, err := s.askAdoption(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	in := newWritten(nil)
	in.input["case"] = object(v.Data["case"])["slug"]
	in.input["adopter"] = object(object(v.Data["viewer"])["committee"])["slug"]
	in.texts(r.PostForm, "", in.input, "changes", "result", "resultingCase")
	in.dates(r.PostForm, "", in.input, "adoptedOn")
	if len(in.errors) > 0 {
		v.Extra = newAdoption(v, r.PostForm, in, nil)
		s.write(w, r, http.StatusUnprocessableEntity, adoptPage.name, v)
		return
	}
	_, wrong, err := s.mutate(r.Context(), adoptionForm, "record", map[string]any{"input": in.input})
	switch {
	case err != nil:
		s.fail(w, r, err)
	case len(wrong) > 0:
		v.Extra = newAdoption(v, r.PostForm, in, wrong)
		s.write(w, r, http.StatusUnprocessableEntity, adoptPage.name, v)
	default:
		done(w, r, caseNoun, r.PathValue("slug"), "adopt")
	}
}

// mayAdopt reports whether the reader can record on the page of a case that their
// committee took it over: a peer's case, and once.
func mayAdopt(who *reader, viewer *catalog.Viewer, c map[string]any) bool {
	if who == nil || !who.Writes || viewer == nil || viewer.Committee == 0 || c["status"] != string(catalog.StatusPublished) {
		return false
	}
	own := catalog.EncodeID(catalog.KindCommittee, viewer.Committee)
	return object(c["committee"])["id"] != own && !slices.ContainsFunc(list(object(c["adoptions"])["nodes"]), func(adoption any) bool {
		return object(object(adoption)["adopter"])["id"] == own
	})
}
