package web_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/sitetest"
)

// Words that stand in one place each of a blind call: the text that is judged, the name
// of whose it is, what a reviewer says of it, and what is decided.
const (
	judgedWord  = "檐下听雨的协商"
	unitName    = "东辽县政协"
	scoreWord   = "评语里才有的话"
	decidedWord = "会上才有的话"
)

// said is what an answer says, its files unpacked.
func said(w *httptest.ResponseRecorder) string {
	body := w.Body.Bytes()
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return string(body)
	}
	var all strings.Builder
	for _, f := range z.File {
		if r, err := f.Open(); err == nil {
			_, _ = io.Copy(&all, r)
		}
	}
	return all.String()
}

// repeated reports whether a door is asked for the text that is judged: a page repeats
// what is looked for, and so may an error.
func repeated(d door) bool {
	return strings.Contains(d.target, url.QueryEscape(judgedWord)) || strings.Contains(d.body, judgedWord)
}

// callDoors are the doors that might show something of a call.
func callDoors(call, callID, caseSlug, caseID, submission string) []door {
	word := url.QueryEscape(judgedWord)
	var all []door
	for _, target := range []string{
		"/", "/calls", "/calls/" + call, "/calls/" + call + "?state=ACCEPTED", "/calls/" + call + "?missing=true", "/calls/" + call + ".docx", "/calls/" + call + ".xlsx", "/calls/" + call + "/campaign.xlsx",
		"/calls/" + call + "/judge", "/collections", "/collections/" + call, "/collections/" + call + ".docx", "/collections/" + call + ".xlsx", "/collections/" + call + ".epub", "/collections/" + call + ".csv", "/collections/" + call + ".jsonl",
		"/cases/" + caseSlug, "/cases/" + caseSlug + ".docx", "/search?q=" + word, "/search.xlsx?q=" + word, "/suggest?q=" + word, "/learn?problem=" + word, "/near?problem=" + word,
		"/write", "/write/several", "/write/cases/" + caseSlug, "/write/collections?q=" + word, "/notices?all=1", "/feeds/all", "/feeds/search?q=" + word, "/feeds/committees/dongliao", "/research/words?term=" + word,
		"/export/cases.jsonl", "/export/cases.csv", "/export/cases.xlsx", "/oai?verb=ListRecords&metadataPrefix=oai_dc", "/llms.txt",
	} {
		all = append(all, door{http.MethodGet, target, "", ""})
	}
	for _, query := range []string{
		`{ call(slug: "` + call + `") { version updatedAt submissions { totalCount nodes { version submittedAt state note case { slug title } committee { name } text { title results } mean rank decision checks { message } scores { value comment } } } progress { totalCount nodes { submitted accepted selected committee { name } } } reviewers { name done left } revisions { nodes { fields { after } } } collection { slug } } }`,
		`{ node(id: "` + submission + `") { ... on Submission { text { title } case { slug } committee { name } decision mean scores { comment } } } }`,
		`{ node(id: "` + caseID + `") { ... on Case { title results revisions { nodes { fields { after } } } } } case(slug: "` + caseSlug + `") { title } cases(filter: {status: [DRAFT, IN_REVIEW]}) { totalCount nodes { title } } }`,
		`{ search(query: "` + judgedWord + `") { edges { highlights { fragment } node { id } } } suggest(prefix: "檐下") { text } }`,
		`{ submissionChecks(call: "` + callID + `", case: "` + caseID + `") { message } }`,
	} {
		body, _ := json.Marshal(map[string]string{"query": query}) // a map of strings can be
		all = append(all, door{http.MethodPost, "/graphql", "application/json", string(body)})
	}
	return append(all, door{http.MethodPost, "/mcp", "application/json", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search","arguments":{"query":"` + judgedWord + `"}}}`})
}

// done runs a mutation, and returns the token or the id of the record that it returns.
func done(t *testing.T, h http.Handler, token, mutation, part string) string {
	t.Helper()
	body, _ := json.Marshal(map[string]string{"query": "mutation { done: " + mutation + " { " + part + " userErrors { messageZh } } }"})
	w := ask(t, h, token, http.MethodPost, "/graphql", "application/json", string(body))
	var answer struct {
		Data struct {
			Done struct {
				Token      string
				Record     *struct{ ID string }
				UserErrors []struct{ MessageZh string }
			}
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || len(answer.Data.Done.UserErrors) > 0 {
		t.Fatalf("%s: %v, %s", mutation, err, w.Body)
	}
	if answer.Data.Done.Record != nil {
		return answer.Data.Done.Record.ID
	}
	return answer.Data.Done.Token
}

// foundBy opens the doors, and returns which of the words stand behind them, and where
// each was found first.
func foundBy(t *testing.T, h http.Handler, token string, doors []door) (found []string, where map[string]string) {
	t.Helper()
	where = map[string]string{}
	for _, d := range doors {
		answer := said(ask(t, h, token, d.method, d.target, d.media, d.body))
		for mark, word := range map[string]string{"text": judgedWord, "score": scoreWord, "decision": decidedWord} {
			if strings.Contains(answer, word) && !(mark == "text" && repeated(d)) && !slices.Contains(found, mark) {
				found, where[mark] = append(found, mark), d.method+" "+d.target
			}
		}
		// Whose it is shows where lists of committees do not: beside the text.
		if !repeated(d) && strings.Contains(answer, judgedWord) && strings.Contains(answer, unitName) && !slices.Contains(found, "unit") {
			found, where["unit"] = append(found, "unit"), d.method+" "+d.target
		}
	}
	slices.Sort(found)
	return found, where
}

// TestABlindCallKeepsItsWordsBehindEveryDoor is the table of who finds which words where,
// by the state of the call; where nothing stands, no door has the word.
func TestABlindCallKeepsItsWordsBehindEveryDoor(t *testing.T) {
	site := sitetest.Open(t)
	zone := catalog.Zone()
	day := func(days int) string { return time.Now().In(zone).AddDate(0, 0, days).Format(time.DateOnly) }
	caller, county := site.Token(t, "盲评征集", catalog.RoleReviewer, "liaoyuan"), site.Token(t, "盲评报送", catalog.RoleReviewer, "dongliao")
	call, slug, version := mutated(t, site.Handler, caller, fmt.Sprintf(
		`createCall(input: {title: "盲评的征集", text: "请报送（测试）。", opensOn: %q, closesOn: %q, parts: [RESULTS], blind: true, mark: "盲评称号", criteria: [{name: "真实"}]})`, day(-1), day(3)))
	_, _, version = mutated(t, site.Handler, caller, fmt.Sprintf(`publishCall(id: %q, version: %d)`, call, version))
	of, caseSlug, _ := mutated(t, site.Handler, county, fmt.Sprintf(`createCase(input: {title: %q, results: "2025年办成了。"})`, judgedWord))
	text := func(token, mutation, part string) string {
		t.Helper()
		return done(t, site.Handler, token, mutation, part)
	}
	judge := text(caller, fmt.Sprintf(`nameCallReviewer(call: %q, name: "外请一", until: %q)`, call, day(2)), "token")
	other := text(caller, fmt.Sprintf(`nameCallReviewer(call: %q, name: "外请二", until: %q)`, call, day(2)), "token")
	tokens := map[string]string{
		"caller": caller, "submitter": county, "judge": judge, "other judge": other, "nobody": "", "other's reviewer": site.Token(t, "盲评外审", catalog.RoleReviewer, "siping"), "sibling": site.Token(t, "盲评邻县", catalog.RoleReviewer, "dongfeng"),
	}
	submission := text(county, fmt.Sprintf(`submitToCall(call: %q, case: %q)`, call, of), "record { id }")
	look := func(when string, want map[string]string) {
		t.Helper()
		site.CatchUp(t)
		var wait sync.WaitGroup
		for who, token := range tokens { // each asks for itself, beside the others
			wait.Go(func() {
				found, where := foundBy(t, site.Handler, token, callDoors(slug, call, caseSlug, of, submission))
				if got := strings.Join(found, " "); got != want[who] {
					t.Errorf("%s: %s finds %q at %v, want %q", when, who, got, where, want[who])
				}
			})
		}
		wait.Wait()
	}
	look("submitted", map[string]string{"caller": "text unit", "submitter": "text unit"})
	text(caller, fmt.Sprintf(`acceptSubmission(id: %q, version: 1)`, submission), "record { id }")
	text(judge, fmt.Sprintf(`scoreSubmission(id: %q, scores: [{criterion: "真实", value: 88, comment: %q}])`, submission, scoreWord), "record { id }")
	text(caller, fmt.Sprintf(`decideSubmission(id: %q, version: 2, decision: SELECTED, note: %q)`, submission, decidedWord), "record { id }")
	look("decided", map[string]string{"caller": "decision score text unit", "submitter": "text unit", "judge": "score text", "other judge": "text"})
	text(caller, fmt.Sprintf(`publishSelection(call: %q, version: %d)`, call, version), "record { id }")
	public := "decision text unit"
	look("published", map[string]string{
		"caller": "decision score text unit", "submitter": public, "judge": public, "other judge": public, "nobody": public, "other's reviewer": public, "sibling": public,
	})
}
