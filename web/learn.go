package web

import (
	"net/http"
	"strings"
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

// learnVariables reads a problem from the address. A scope means nothing
// without a committee and is then left out.
func learnVariables(r *http.Request) (map[string]any, error) {
	problem := readProblem(r)
	variables := map[string]any{"problem": problem, "asked": problem != ""}
	if committee := r.URL.Query().Get("committee"); committee != "" {
		variables["committee"] = committee
		if scope := r.URL.Query().Get("scope"); scope != "" {
			variables["scope"] = scope
		}
	}
	return variables, nil
}

func shapeLearn(v *view, r *http.Request) error {
	extra := learnExtra{Problem: readProblem(r), Committee: r.URL.Query().Get("committee"), Most: maxProblem}
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

// faint reports whether a case is found by a single word that both use.
func faint(peer map[string]any) bool {
	for _, reason := range list(peer["reasons"]) {
		switch r := object(reason); r["kind"] {
		case "SHARED_TOPIC", "SAME_BRAND":
			return false
		case "SHARED_WORDS":
			if strings.Count(text(r["text"]), "“") > 1 {
				return false
			}
		}
	}
	return true
}
