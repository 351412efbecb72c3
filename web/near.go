package web

import "net/http"

// nearExtra is what is there already of what somebody writes.
type nearExtra struct {
	Cases     []map[string]any
	Proposals []map[string]any
}

// nearVariables reads what is being written. What says too little to be looked for
// is an address that nobody should call.
func nearVariables(r *http.Request) (map[string]any, error) {
	problem := readProblem(r)
	if problem == "" {
		return nil, badAddress("请写明要找什么。")
	}
	return map[string]any{"problem": problem}, nil
}

// shapeNear leaves out the record itself, and what shares a word only.
func shapeNear(v *view, r *http.Request) error {
	var extra nearExtra
	for _, found := range list(v.Data["learn"]) {
		if peer := object(found); !faint(peer) && object(peer["case"])["slug"] != r.URL.Query().Get("not") {
			extra.Cases = append(extra.Cases, peer)
		}
	}
	for _, edge := range list(object(v.Data["search"])["edges"]) {
		if node := object(object(edge)["node"]); node["slug"] != r.URL.Query().Get("not") {
			extra.Proposals = append(extra.Proposals, node)
		}
	}
	v.Extra = extra
	return nil
}
