package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// maxProblem is how many characters of a problem are looked at: they stand in
// the address, where a Chinese character takes nine.
const maxProblem = 500

// scopes are the values of scope in the address with their names.
var scopes = []struct{ value, title string }{
	{"", "全部政协"},
	{"SAME_LEVEL", "同层级的政协"},
	{"SAME_PREFECTURE", "同一市（州）的政协"},
	{"OTHER_PREFECTURES", "其他市（州）的政协"},
}

// learnExtra is what the page needs besides its data.
type learnExtra struct {
	Problem   string
	Committee string // its id, "" where none is chosen
	Most      int
	Scopes    []option
	// Close are the cases that have something in common with the problem, Faint
	// those that share a single word with it.
	Close, Faint []map[string]any
}

func readProblem(r *http.Request) string {
	return strings.TrimSpace(cut(r.URL.Query().Get("problem"), maxProblem))
}

// learningCommittee is the committee that asks: the one that is chosen, or that of who
// is signed in, where nothing is chosen.
func learningCommittee(r *http.Request) string {
	if query := r.URL.Query(); query.Has("committee") {
		return query.Get("committee")
	}
	if who := catalog.ViewerFrom(r.Context()); who != nil && who.Committee != 0 {
		return catalog.EncodeID(catalog.KindCommittee, who.Committee)
	}
	return ""
}

// learnVariables reads a problem from the address. A scope means nothing
// without a committee and is then left out.
func learnVariables(r *http.Request) (map[string]any, error) {
	problem := readProblem(r)
	variables := map[string]any{"problem": problem, "asked": problem != ""}
	if committee := learningCommittee(r); committee != "" {
		variables["committee"] = committee
		if scope := r.URL.Query().Get("scope"); scope != "" {
			variables["scope"] = scope
		}
	}
	return variables, nil
}

func shapeLearn(v *view, r *http.Request) error {
	extra := learnExtra{Problem: readProblem(r), Committee: learningCommittee(r), Most: maxProblem}
	for _, s := range scopes {
		extra.Scopes = append(extra.Scopes, option{s.value, s.title, s.value == r.URL.Query().Get("scope")})
	}
	if extra.Problem == "" {
		v.Data["learn"] = nil
	}
	for _, found := range list(v.Data["learn"]) {
		if peer := object(found); faint(peer) {
			extra.Faint = append(extra.Faint, peer)
		} else {
			extra.Close = append(extra.Close, peer)
		}
	}
	v.Extra = extra
	return nil
}

// faint reports whether nothing that a case has in common with the problem makes it
// near.
func faint(peer map[string]any) bool {
	return !slices.ContainsFunc(list(peer["reasons"]), func(reason any) bool {
		r := object(reason)
		return catalog.Reason{Kind: catalog.ReasonKind(text(r["kind"])), Text: text(r["text"])}.Near()
	})
}
