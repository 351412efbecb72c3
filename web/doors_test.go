package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/release"
	"github.com/jisiguangyi/jisi/internal/sitetest"
)

// hiddenWord stands in the texts of what is hidden and in no other record, behind the
// word that they are looked for by: a page may repeat that one.
const (
	hiddenWord = "秘而未宣"
	askedWord  = "青石板桥"
)

// ask sends a request as whoever has the token, "" for nobody.
func ask(t *testing.T, h http.Handler, token, method, target, media, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	if media != "" {
		r.Header.Set("Content-Type", media)
		r.Header.Set("Accept", "application/json, text/event-stream")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// mutated runs a mutation whose payload is done, and returns the record's id, slug and
// version.
func mutated(t *testing.T, h http.Handler, token, mutation string) (id, slug string, version int) {
	t.Helper()
	query, err := json.Marshal(map[string]string{"query": "mutation { done: " + mutation + " { record { id slug version } userErrors { messageZh } } }"})
	if err != nil {
		t.Fatal(err)
	}
	w := ask(t, h, token, http.MethodPost, "/graphql", "application/json", string(query))
	var answer struct {
		Data struct {
			Done struct {
				Record *struct {
					ID, Slug string
					Version  int
				}
			}
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || answer.Data.Done.Record == nil {
		t.Fatalf("%s: %v, %s", mutation, err, w.Body)
	}
	r := answer.Data.Done.Record
	return r.ID, r.Slug, r.Version
}

// TestDraftsOfAdoptionsAndNeedsAreSeenByNobodyWhoMayNot has a need and an adoption wait
// as drafts and for review, and opens every door of the server as nobody, as a reader,
// and as another committee's editor and reviewer.
func TestDraftsOfAdoptionsAndNeedsAreSeenByNobodyWhoMayNot(t *testing.T) {
	site := sitetest.Open(t)
	own := site.Token(t, "本会编辑", catalog.RoleEditor, "baishan")
	for name, submit := range map[string]bool{"draft": false, "in review": true} {
		caseSlug := map[bool]string{false: "siping-haodi-zhong-haoliang", true: "guilin-lu-shangquan-gaizao"}[submit]
		need, slug, version := mutated(t, site.Handler, own, fmt.Sprintf(`createNeed(input: {problem: "%s%s的需求%v", topics: ["jingji"]})`, askedWord, hiddenWord, submit))
		adoption, adoptionSlug, first := mutated(t, site.Handler, own, fmt.Sprintf(`createAdoption(input: {case: %q, changes: "%s%s的改法", result: "%s的效果"})`, caseSlug, askedWord, hiddenWord, hiddenWord))
		if submit {
			mutated(t, site.Handler, own, fmt.Sprintf(`submitNeed(id: %q, version: %d)`, need, version))
			mutated(t, site.Handler, own, fmt.Sprintf(`submitAdoption(id: %q, version: %d)`, adoption, first))
		}
		site.CatchUp(t)
		t.Run(name, func(t *testing.T) {
			callers := map[string]string{
				"nobody": "", "a reader": site.Token(t, name+"读者", catalog.RoleReader, "baishan"),
				"another's editor": site.Token(t, name+"外编", catalog.RoleEditor, "siping"), "another's reviewer": site.Token(t, name+"外审", catalog.RoleReviewer, "siping"),
			}
			for who, token := range callers {
				for _, d := range doors(slug, adoptionSlug, caseSlug, need, adoption) {
					w := ask(t, site.Handler, token, d.method, d.target, d.media, d.body)
					if strings.Contains(w.Body.String(), hiddenWord) {
						t.Errorf("%s sees it at %s %s", who, d.method, d.target)
					}
				}
			}
			// The doors are doors: its own editor sees it at some.
			for _, target := range []string{"/needs/" + slug, "/write", "/write/adoptions"} {
				if w := ask(t, site.Handler, own, http.MethodGet, target, "", ""); !strings.Contains(w.Body.String(), hiddenWord) {
					t.Errorf("its own editor does not see it at %s: %d", target, w.Code)
				}
			}
		})
	}
	released(t, site)
}

// door is a request that might show what is hidden.
type door struct{ method, target, media, body string }

func doors(need, adoption, caseSlug, needID, adoptionID string) []door {
	word := url.QueryEscape(askedWord)
	var all []door
	for _, target := range []string{
		"/", "/needs", "/needs?open=0", "/needs?topic=jingji", "/needs/" + need, "/needs/" + adoption, "/cases/" + caseSlug, "/cases/" + caseSlug + ".docx",
		"/committees/baishan", "/committees/siping", "/topics/jingji", "/search?q=" + word, "/suggest?q=" + word, "/learn?problem=" + word, "/near?problem=" + word,
		"/research", "/research/words?term=" + word, "/notices?all=1", "/write", "/write/adoptions", "/write/several", "/write/needs/" + need,
		"/write/cases/" + caseSlug + "/adopt", "/export/cases.jsonl", "/export/cases.csv", "/export/cases.xlsx",
		"/oai?verb=ListRecords&metadataPrefix=oai_dc", "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc", "/oai?verb=ListSets", "/releases", "/llms.txt", "/robots.txt",
	} {
		all = append(all, door{http.MethodGet, target, "", ""})
	}
	for _, query := range []string{
		`{ needs(status: [DRAFT, IN_REVIEW]) { nodes { problem } } need(slug: "` + need + `") { problem } }`,
		`{ adoptions(filter: {status: [DRAFT, IN_REVIEW]}) { nodes { changes result } } }`,
		`{ nodes(ids: ["` + needID + `", "` + adoptionID + `"]) { ... on Need { problem revisions { nodes { changes { after } } } } ... on Adoption { changes revisions { nodes { changes { after } } } } } }`,
		`{ search(query: "` + askedWord + `") { totalCount edges { highlights { fragment } } } suggest(prefix: "青石") { text } }`,
		`{ viewer { notices { nodes { text } } writings { content } } }`,
	} {
		body, _ := json.Marshal(map[string]string{"query": query}) // a map of strings can be
		all = append(all, door{http.MethodPost, "/graphql", "application/json", string(body)})
	}
	for _, tool := range []string{`{"name":"search_cases","arguments":{"query":"` + askedWord + `"}}`, `{"name":"get_record","arguments":{"kind":"CASE","slug":"` + caseSlug + `"}}`, `{"name":"learn","arguments":{"problem":"` + askedWord + `"}}`} {
		all = append(all, door{http.MethodPost, "/mcp", "application/json", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":` + tool + `}`})
	}
	return all
}

// released looks for what is hidden in every file of a release.
func released(t *testing.T, site *sitetest.Site) {
	t.Helper()
	dir := t.TempDir()
	if _, err := release.Write(t.Context(), dir, site.Store, release.Options{Name: "2026-11", Software: "test"}); err != nil {
		t.Fatal(err)
	}
	files := 0
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(os.DirFS(dir), path)
		files++
		if bytes.Contains(content, []byte(hiddenWord)) {
			t.Errorf("the release has it in %s", path)
		}
		return err
	})
	if err != nil || files < 10 {
		t.Errorf("%d files of a release were looked at: %v", files, err)
	}
}
