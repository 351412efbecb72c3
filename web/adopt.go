package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

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
	values: adoptionValues,
}

func adoptionValues(record map[string]any) url.Values {
	s := setter{url.Values{}}
	s.fields(record, "adoptedOn", "changes", "result")
	s.set("resultingCase", object(record["resultingCase"])["slug"])
	return s.values
}

var adoptPage = page{name: "adopt", nav: "write", record: "case"}

// adopting is the path at which a case is taken over.
func adopting(slug string) string { return "/write/cases/" + url.PathEscape(slug) + "/adopt" }

// askAdoption asks for the case, for the reader's own cases, and for the record that
// their committee has of taking the case over already: under adoption, nil where there
// is none.
func (s *site) askAdoption(r *http.Request) (*view, error) {
	p := adoptPage
	mine := any(nil)
	p.variables = func(r *http.Request) (map[string]any, error) {
		variables, err := draftsVariables(r)
		if variables["own"] == false {
			return nil, refusal{http.StatusForbidden, "不能登记引进", "您的账号不属于任何一个政协。"}
		}
		mine = variables["mine"]
		return map[string]any{"slug": r.PathValue("slug"), "mine": mine}, err
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
	v.Data["adoption"], err = s.ownAdoption(r.Context(), c["id"], mine)
	if a := object(v.Data["adoption"]); err == nil && a != nil && a["status"] != string(catalog.StatusArchived) && !slices.Contains(list(a["actions"]), any(string(catalog.ActionUpdate))) {
		return nil, refusal{http.StatusForbidden, "本会已经登记过引进", "这条引进记录已经发布，由本政协的审核人员补充；也可以在“引进与被引进”里查看。"}
	}
	return v, err
}

// ownAdoption is the record of the committees' taking the case over, nil where there
// is none. One that was withdrawn is there too: it comes back when it is written anew.
func (s *site) ownAdoption(ctx context.Context, id, mine any) (map[string]any, error) {
	data, failed := s.Query.Query(ctx, s.documents["own-adoption"], "", map[string]any{"case": []any{id}, "mine": mine})
	if len(failed) > 0 {
		return nil, &queryError{page: "own-adoption", errors: failed}
	}
	found, err := decode(data)
	if err != nil {
		return nil, fmt.Errorf("reading the adoption of %v: %w", id, err)
	}
	for _, adoption := range list(object(found["adoptions"])["nodes"]) {
		return object(adoption), nil
	}
	return nil, nil
}

// newAdoption is the form with values in it.
func newAdoption(v *view, values url.Values, in written, wrong []problem) formExtra {
	extra := newForm(adoptionForm, v, values, in, wrong)
	c := object(v.Data["case"])
	extra.Action = adopting(text(c["slug"]))
	extra.Draft, extra.Called, extra.Key = extra.Action, text(c["title"]), adoptionKey(v)
	return extra
}

// adoptionKey names what is written of taking the view's case over.
func adoptionKey(v *view) keptKey {
	return adoptionForm.key(object(v.Data["adoption"]), text(object(v.Data["case"])["slug"]))
}

func (s *site) showAdoption(w http.ResponseWriter, r *http.Request) {
	v, err := s.askAdoption(r)
	if err == nil {
		v.Extra, err = s.withKept(v, r, adoptionKey(v), func(values url.Values) formExtra {
			return newAdoption(v, values, written{}, nil)
		}, adoptionValues(object(v.Data["adoption"])))
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.write(w, r, http.StatusOK, adoptPage.name, v)
}

// takeAdoption records that the reader's committee has taken the case over, or what
// is to be added to that.
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
	there := object(v.Data["adoption"])
	if r.PostForm.Get("then") == resume {
		extra := newAdoption(v, r.PostForm, written{}, nil)
		extra.Unsaved = true
		v.Extra = extra
		s.write(w, r, http.StatusOK, adoptPage.name, v)
		return
	}
	in := newWritten(there)
	in.input["case"] = object(v.Data["case"])["slug"]
	in.input["adopter"] = object(object(v.Data["viewer"])["committee"])["slug"]
	in.texts(r.PostForm, "", in.input, "changes", "result", "resultingCase")
	in.dates(r.PostForm, "", in.input, "adoptedOn")
	delete(in.input, "origin") // it is not the writer's to say
	if len(in.errors) > 0 {
		v.Extra = newAdoption(v, r.PostForm, in, nil)
		s.write(w, r, http.StatusUnprocessableEntity, adoptPage.name, v)
		return
	}
	name, variables := "record", map[string]any{"input": in.input}
	if there != nil && there["status"] != string(catalog.StatusArchived) {
		version, _ := strconv.Atoi(r.PostForm.Get("version")) // 0 is a conflict
		name, variables["id"], variables["version"] = "update", there["id"], version
	}
	now, wrong, err := s.mutate(r.Context(), adoptionForm, name, variables)
	switch {
	case err != nil:
		s.fail(w, r, err)
	case len(wrong) > 0:
		v.Extra = newAdoption(v, r.PostForm, in, wrong)
		s.write(w, r, http.StatusUnprocessableEntity, adoptPage.name, v)
	case name == "update":
		s.saved(r, adoptionKey(v))
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, exchangesPage.path+"?done=update", http.StatusSeeOther)
	default:
		s.saved(r, adoptionKey(v))
		what := "adopt"
		if now.Status == catalog.StatusPublished { // as what a reviewer records
			what = "adopted"
		}
		done(w, r, caseNoun, r.PathValue("slug"), what)
	}
}

// mayAdopt reports whether the reader can record on the page of a case that their
// committee took it over, or see there that it did: a peer's case.
func mayAdopt(who *reader, viewer *catalog.Viewer, c map[string]any) (offer, taken bool) {
	if who == nil || !who.Writes || viewer == nil || viewer.Committee == 0 || c["status"] != string(catalog.StatusPublished) {
		return false, false
	}
	own := catalog.EncodeID(catalog.KindCommittee, viewer.Committee)
	if object(c["committee"])["id"] == own {
		return false, false
	}
	taken = slices.ContainsFunc(list(object(c["adoptions"])["nodes"]), func(adoption any) bool {
		return object(object(adoption)["adopter"])["id"] == own
	})
	return !taken, taken
}

// exchangesPage lists what the reader's committee took over, and what was taken over
// from it.
var exchangesPage = page{name: "exchanges", path: "/write/adoptions", nav: "write", variables: draftsVariables, shape: shapeExchanges}

// exchangesExtra is what the page needs besides its data.
type exchangesExtra struct {
	Done  string
	Taken []takenOver // by the reader's committee, newest first
	Given []takenOver // from it
}

func shapeExchanges(v *view, r *http.Request) error {
	extra := exchangesExtra{Done: doneLabels[r.URL.Query().Get("done")]}
	for alias, to := range map[string]*[]takenOver{"taken": &extra.Taken, "given": &extra.Given} {
		for _, adoption := range list(object(v.Data[alias])["nodes"]) {
			*to = append(*to, takenOver{adoptionForm.path, object(adoption), "exchanges"})
		}
	}
	v.Extra = extra
	return nil
}
