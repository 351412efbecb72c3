package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// callExtra is what a call's page needs besides its data.
type callExtra struct {
	Pager    pager
	Runs     bool // the reader runs the call
	Submits  bool // the reader may submit to it
	Scored   bool // the reader sees scores
	Parts    []string
	States   map[string]string // names of states
	Choices  []stateLink       // by which the submissions are narrowed
	Orders   []stateLink       // in which they are listed
	Order    string            // in which they are, "" for by rank
	Left     string            // how long it is open
	Done     string
	Link     string // of a reviewer who was named just now
	Checks   []any
	Chosen   string // the case that was checked
	Note     string
	Unshown  int    // committees that are asked and have no line on the page
	State    string // by which the submissions are narrowed
	Listed   string // what the submissions are that are listed
	Count    int    // how many there are of what Listed says
	Unchosen int    // of the reader's own committee, listed beside what was selected
	Workflow workflow
}

// stateLink leads to the submissions in a state.
type stateLink struct {
	Label, URL string
	On         bool
}

// doneOfCalls are what was done, by the parameter of the address.
var doneOfCalls = map[string]string{
	"submit": "已报送。", "withdraw": "报送已撤回。", "return": "已退回。", "accept": "已接收。", "decide": "已记下，公布前只有本会看得到。",
	"publish": "征集已发布，已通知各政协。", "close": "截止日期已调整，已通知各政协。", "select": "结果已公布，入选案例已发布并收入汇编。", "retract": "已公布的结果已撤回。",
	"remind": "已提醒还没有报送的政协。", "name": "已指定评审。", "score": "评分已保存。", "dismiss": "已取消评审，他的评分一并取消。", "several": "已办理。",
}

// callSubmissions is how many submissions a page of a call shows.
const callSubmissions = 50

func callVariables(r *http.Request) (map[string]any, error) {
	v, err := slugPageVariables(r)
	if err != nil {
		return nil, err
	}
	v["mine"] = []string{}
	if viewer := catalog.ViewerFrom(r.Context()); viewer != nil && viewer.Committee != 0 {
		v["mine"] = []string{catalog.EncodeID(catalog.KindCommittee, viewer.Committee)}
	} else {
		v["mine"] = []string{catalog.EncodeID(catalog.KindCommittee, 1<<62)} // nobody's
	}
	v["first"] = callSubmissions
	if orderOf(r) == "" { // who sees no ranks has them as they were sent
		v["orderBy"] = map[string]any{"field": string(catalog.SubmissionsByRank)}
	}
	if state := catalog.SubmissionState(r.URL.Query().Get("state")); slices.Contains(catalog.SubmissionStates, state) {
		v["state"] = []string{string(state)}
	}
	switch r.URL.Query().Get("missing") {
	case "true":
		v["missing"] = true
	case "false":
		v["missing"] = false
	}
	return v, nil
}

// orderSent has a call's submissions listed as they were sent, not by rank.
const orderSent = "sent"

func orderOf(r *http.Request) string {
	if r.URL.Query().Get("order") == orderSent {
		return orderSent
	}
	return ""
}

// callLink leads to a call's submissions in a state and an order.
func callLink(slug, state, order string) string {
	q := url.Values{}
	if state != "" {
		q.Set("state", state)
	}
	if order != "" {
		q.Set("order", order)
	}
	at := "/calls/" + url.PathEscape(slug)
	if len(q) > 0 {
		at += "?" + q.Encode()
	}
	return at + "#submissions"
}

func shapeCall(v *view, r *http.Request) error {
	c := object(v.Data["call"])
	query := r.URL.Query()
	x := callExtra{States: map[string]string{}, State: query.Get("state"), Order: orderOf(r), Done: doneOfCalls[strings.TrimPrefix(query.Get("done"), ofCalls)]}
	if !strings.HasPrefix(query.Get("done"), ofCalls) {
		x.Done = ""
	}
	var err error
	if x.Workflow, err = workflowOf(callNoun, v, r); err != nil {
		return err
	}
	slug := text(c["slug"])
	x.Choices = []stateLink{{"全部", callLink(slug, "", x.Order), x.State == ""}}
	for _, s := range catalog.SubmissionStates {
		x.States[string(s)] = s.Label()
		x.Choices = append(x.Choices, stateLink{s.Label(), callLink(slug, string(s), x.Order), x.State == string(s)})
	}
	x.Orders = []stateLink{{"按名次", callLink(slug, x.State, ""), x.Order == ""}, {"按报送先后", callLink(slug, x.State, orderSent), x.Order == orderSent}}
	progress := object(c["progress"])
	x.Unshown = whole(progress["totalCount"]) - len(list(progress["nodes"]))
	for _, p := range list(c["parts"]) {
		x.Parts = append(x.Parts, catalog.CasePart(text(p)).Label())
	}
	viewer := catalog.ViewerFrom(r.Context())
	if viewer != nil {
		_, caller, err := catalog.DecodeID(text(object(c["committee"])["id"]))
		x.Runs = err == nil && catalog.May(viewer, catalog.ActionClose, caller, catalog.StatusPublished) == nil
		x.Submits = viewer.Role == catalog.RoleReviewer && viewer.Committee != 0 && !x.Runs
	}
	switch left := catalog.DaysLeft(r.Context(), catalog.Day(text(c["closesOn"]))); {
	case left == 0:
		x.Left = "今天截止"
	default:
		x.Left = fmt.Sprintf("还有 %d 天", left)
	}
	for _, one := range list(object(c["submissions"])["nodes"]) {
		x.Scored = x.Scored || object(one)["mean"] != nil
	}
	x.Listed, x.Count, x.Unchosen = listed(x, c)
	x.Pager = newPager(r.URL.Path, r.URL.Query(), object(c["submissions"]))
	v.Extra = x
	return nil
}

// listed returns what the heading says of a call's submissions, and how many of that
// there are: once the selection is published a committee's own that were not selected
// stand in the list too, and are counted for themselves.
func listed(x callExtra, c map[string]any) (what string, count, unchosen int) {
	all := whole(object(c["submissions"])["totalCount"])
	switch {
	case x.Runs:
		return "报送", all, 0
	case c["selectedOn"] == nil:
		return "本会的报送", all, 0
	case x.States[x.State] != "":
		return x.States[x.State], all, 0
	}
	count = whole(object(c["chosen"])["totalCount"])
	return catalog.SubmissionSelected.Label(), count, all - count
}

func shapeCollection(v *view, r *http.Request) error {
	w, err := workflowOf(collectionNoun, v, r)
	v.Extra = collectionExtra{newPager(r.URL.Path, r.URL.Query(), object(object(v.Data["collection"])["cases"])), w}
	return err
}

// collectionExtra is what a collection's page needs besides its data.
type collectionExtra struct {
	Pager    pager
	Workflow workflow
}
