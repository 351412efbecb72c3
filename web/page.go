package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// page is one kind of page.
type page struct {
	name string // of its document and its template
	path string // as http.ServeMux has it
	nav  string // the entry of the navigation that it belongs to
	// record is the root field without which there is no such page.
	record string
	// file picks what is sent as a file instead of the page; nil is the page.
	file func(v *view, r *http.Request) (sheet, error)
	// bare is a fragment of a page, without the layout.
	bare bool
	// variables reads those of the document from the request; nil is none. An
	// error is shown to the reader.
	variables func(r *http.Request) (map[string]any, error)
	// shape works out what the template needs besides the data; nil is nothing.
	shape func(v *view, r *http.Request) error
}

var researchPage = page{name: "research", path: "/research", nav: "research", variables: researchVariables, shape: shapeResearch}

var wordsPage = page{name: "words", path: "/research/words", nav: "research", variables: wordsVariables, shape: shapeWords}

// pages are all kinds of pages.
var pages = []page{
	{name: "home", path: "/{$}", shape: shapeHome},
	{name: "search", path: "/search", nav: "search", variables: pageSearchVariables, shape: shapeSearch},
	{name: "suggest", path: "/suggest", bare: true, variables: suggestVariables},
	{name: "case", path: "/cases/{slug}", nav: "search", record: "case", variables: citing(slugVariable), shape: shapeCase},
	{name: "learn", path: "/learn", nav: "learn", variables: learnVariables, shape: shapeLearn},
	{name: "near", path: "/near", bare: true, variables: nearVariables, shape: shapeNear},
	{name: "compare", path: "/compare", nav: "search", variables: compareVariables, shape: shapeCompare},
	{name: "brands", path: "/brands", nav: "brands", variables: pageVariables, shape: shapeBrands},
	{name: "brand", path: "/brands/{slug}", nav: "brands", record: "brand", variables: citing(slugPageVariables), shape: shapeBrand},
	{name: "proposals", path: "/proposals", nav: "proposals", variables: proposalsVariables, shape: shapeProposals},
	{name: "proposal", path: "/proposals/{slug}", nav: "proposals", record: "proposal", variables: citing(slugVariable), shape: shapeProposal},
	{name: "practices", path: "/practices", nav: "practices", variables: pageVariables, shape: shapePages("", "practices")},
	{name: "practice", path: "/practices/{slug}", nav: "practices", record: "practice", variables: citing(slugVariable), shape: shapeWorkflow(practiceNoun)},
	{name: "persons", path: "/persons", nav: "proposals", variables: pageVariables, shape: shapePages("", "persons")},
	{name: "person", path: "/persons/{slug}", nav: "proposals", record: "person", variables: slugPageVariables, shape: shapeOf(personNoun, "proposals")},
	{name: "venues", path: "/venues", nav: "committees", variables: venuesVariables, shape: shapePages("", "venues")},
	{name: "venue", path: "/venues/{slug}", nav: "committees", record: "venue", variables: slugPageVariables, shape: shapeOf(venueNoun, "activities")},
	{name: "activities", path: "/activities", nav: "committees", variables: pageVariables, shape: shapePages("", "activities")},
	{name: "figures", path: "/activities/figures", nav: "committees", variables: figuresVariables, shape: shapeFigures},
	{name: "activity", path: "/activities/{slug}", nav: "committees", record: "activity", variables: slugVariable, shape: shapeWorkflow(activityNoun)},
	{name: "rounds", path: "/rounds", nav: "committees", variables: pageVariables, shape: shapePages("", "evaluationRounds")},
	{name: "round", path: "/rounds/{slug}", nav: "committees", record: "evaluationRound", variables: slugVariable, shape: shapeWorkflow(roundNoun)},
	{name: "evaluation", path: "/evaluations/{slug}", nav: "committees", record: "evaluation", variables: slugVariable, shape: shapeWorkflow(evaluationNoun)},
	{name: "committees", path: "/committees", nav: "committees", shape: shapeCommittees},
	{name: "committee", path: "/committees/{slug}", nav: "committees", record: "committee", variables: slugPageVariables, shape: shapeCommittee},
	{name: "topics", path: "/topics", nav: "topics", shape: shapeTopics},
	{name: "topic", path: "/topics/{slug}", nav: "topics", record: "topic", variables: slugPageVariables, shape: shapeTopic},
	{name: "reports", path: "/reports", variables: pageVariables, shape: shapePages("", "reports")},
	{name: "report", path: "/reports/{slug}", record: "report", variables: slugVariable, shape: shapeReport},
	{name: "region", path: "/regions/{code}", record: "region", variables: regionVariables, shape: shapeRegion},
	{name: "source", path: "/sources/{slug}", record: "source", variables: citing(slugVariable), shape: shapeSource},
	researchPage,
	sheetOf(researchPage),
	wordsPage,
	sheetOf(wordsPage),
	{name: "sign-in", path: "/sign-in", shape: shapeSignIn},
	{name: "releases", path: "/releases", variables: pageVariables, shape: shapePages("", "releases")},
	{name: "release", path: "/releases/{name}/{$}", record: "release", variables: releaseVariables},
	{name: "calls", path: "/calls", nav: "calls", variables: pageVariables, shape: shapePages("", "calls")},
	{name: "call", path: "/calls/{slug}", nav: "calls", record: "call", variables: callVariables, shape: shapeCall},
	{name: "judge", path: "/calls/{slug}/judge", nav: "calls", record: "call", variables: judgeVariables, shape: shapeJudge},
	{name: "collections", path: "/collections", nav: "calls", variables: pageVariables, shape: shapePages("", "collections")},
	{name: "collection", path: "/collections/{slug}", nav: "calls", record: "collection", variables: slugPageVariables, shape: shapeCollection},
	tombstonePage,
	{name: "developers", path: "/developers", shape: shapeDevelopers},
	{name: "reference", path: "/developers/reference", shape: shapeReference},
	{name: "reference-type", path: "/developers/reference/{type}", shape: shapeReferenceType},
	{name: "display", path: "/display"},
	{name: "help", path: "/help", shape: shapeHelp},
	{name: "needs", path: "/needs", nav: "learn", variables: needsVariables, shape: shapeNeeds},
	{name: "need", path: "/needs/{slug}", nav: "learn", record: "need", variables: slugVariable, shape: shapeNeed},
}

// view is what a template gets.
type view struct {
	Page       string         // the page's name
	Nav        string         // the entry of the navigation that it belongs to
	Query      string         // what stands in the search box
	Data       map[string]any // the answer: objects are maps, lists []any, numbers int or float64
	Extra      any            // what the page's shape worked out
	Playground string         // where the page's query can be tried, "" where nowhere
	Synthetic  bool           // the page's record was made up by a generator
	Described  map[string]any // the record in the words of schema.org, nil where there is none
	Reader     *reader        // who is signed in, nil where nobody is
	Display    string         // classes of how the reader wants pages: large, contrast
	Here       string         // the page's own address
	Waiting    int            // records that wait for the reader's review
	Unread     int            // notices that the reader has not read
	Import     bool           // files can be brought in
	PDF        bool           // a case can be had as a PDF
	Address    string         // of this server, as its reader has it or as the public does
	Today      string         // the day, for what is printed
	ReadOnly   bool           // the database takes no writes just now
	query      Querier        // to ask what the page's document cannot
	provider   bool           // readers can sign in at an identity provider
	SignIn     string         // where one can sign in to come back here, "" where nowhere
	Feed       feedLink       // of what the page is about, or of all
	AskedDays  int            // for how long questions of readers who agree are kept; 0 where none are
	Agreed     bool           // this reader has agreed
	cookies    []*http.Cookie // to be set with the page
	site       *site
}

// newView is a page's view before anything has been asked.
func (s *site) newView(p page, r *http.Request) *view {
	v := &view{Page: p.name, Nav: p.nav, Query: cut(r.URL.Query().Get("q"), maxQuery), Data: map[string]any{}}
	v.query, v.site = s.Query, s
	if s.Asked != nil {
		v.AskedDays, v.Agreed = s.Asked.Days(), agreed(r)
	}
	v.Display, v.Here = displayOf(r), here(r)
	v.Address, v.Today = s.address(r), day(time.Now().Format(time.RFC3339))
	v.ReadOnly = s.Writable != nil && !s.Writable()
	v.PDF = s.Import != nil && s.Import.CanPrintPDF()
	v.Feed = feedOf(p, r)
	if s.SignIn {
		v.Reader = readerOf(r)
		v.Waiting, v.Unread = s.badges(r, v.Reader)
		v.SignIn = signInURL(r)
		v.provider = s.Provider
		v.Import = s.Import != nil
	}
	return v
}

// address is where a printed page can be found again.
func (s *site) address(r *http.Request) string {
	if s.PublicURL != "" {
		return strings.TrimSuffix(s.PublicURL, "/")
	}
	return "http://" + r.Host
}

// serve answers with the page.
func (s *site) serve(p page) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v, err := s.ask(p, r)
		if err == nil && p.shape != nil {
			err = p.shape(v, r)
		}
		if errors.Is(err, errNoPage) && s.gone(w, r, p) {
			return
		}
		if err != nil {
			s.fail(w, r, err)
			return
		}
		v.Described = describe(p, v)
		v.noteOpened(p, r)
		if p.file == nil {
			s.write(w, r, http.StatusOK, p.name, v)
			return
		}
		file, err := p.file(v, r)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		extra, _ := v.Extra.(researchExtra)
		if strings.HasSuffix(r.PathValue("file"), ".svg") {
			writeSVG(w, file, extra.MadeUp > 0)
			return
		}
		writeCSV(w, file, extra.MadeUp > 0)
	})
}

// ask runs the page's document.
func (s *site) ask(p page, r *http.Request) (*view, error) {
	v := s.newView(p, r)
	document := s.documents[p.name]
	if document == "" {
		return v, nil
	}
	var variables map[string]any
	if p.variables != nil {
		var err error
		if variables, err = p.variables(r); err != nil {
			return nil, err
		}
	}
	if !s.NoPlayground {
		v.Playground = playgroundLink(document, variables)
	}
	data, problems := s.Query.Query(r.Context(), document, "", variables)
	if len(problems) > 0 {
		if p.record == "region" && slices.ContainsFunc(problems, func(e GraphQLError) bool {
			return e.Message == catalog.UnknownRegion(r.PathValue("code")).Zh
		}) {
			return nil, errNoPage // the page's lists of a region that there is not are refused, too
		}
		return nil, &queryError{page: p.name, errors: problems}
	}
	decoded, err := decode(data)
	if err != nil {
		return nil, fmt.Errorf("reading the answer for page %s: %w", p.name, err)
	}
	v.Data = decoded
	if p.record != "" {
		record := object(v.Data[p.record])
		if record == nil {
			return nil, errNoPage
		}
		noteQuoted(record, r.URL.Path)
		v.Synthetic = record["origin"] == string(catalog.OriginSynthetic)
	}
	return v, nil
}

// errNoPage says that the address leads nowhere.
var errNoPage = errors.New("there is no such page")

// queryError is an answer with errors.
type queryError struct {
	page   string
	errors []GraphQLError
}

func (e *queryError) Error() string {
	return fmt.Sprintf("the query of page %s: %s: %s", e.page, e.errors[0].Code, e.errors[0].Message)
}

// write renders a page as a whole before the first byte is sent, so that a
// template that fails makes an error page and not half a page.
func (s *site) write(w http.ResponseWriter, r *http.Request, status int, name string, v *view) {
	t := s.templates[name]
	entry := "layout"
	if t.Lookup(entry) == nil {
		entry = name
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, entry, v); err != nil {
		s.Log.ErrorContext(r.Context(), "a page could not be rendered", "page", name, "error", err)
		if status == http.StatusInternalServerError {
			http.Error(w, "服务器出错了", status)
			return
		}
		s.fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	if v.Reader != nil {
		h.Set("Cache-Control", "private, no-cache")
	}
	h.Add("Vary", "Cookie, Authorization")
	for _, c := range v.cookies {
		http.SetCookie(w, c)
	}
	if v.Agreed && v.Page == "search" {
		h.Set("Referrer-Policy", "same-origin") // so that a record of ours knows after which search it is opened
	}
	body := packed(h, r, b.Bytes())
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may have gone
}

// slugVariable passes the address's last part to the document as $slug.
func slugVariable(r *http.Request) (map[string]any, error) {
	return map[string]any{"slug": r.PathValue("slug")}, nil
}

// decode reads an answer. Whole numbers become int and all others float64, so
// that templates can compare and print them.
func decode(data json.RawMessage) (map[string]any, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var decoded map[string]any
	if err := decoder.Decode(&decoded); err != nil {
		return nil, err
	}
	numbers(decoded)
	return decoded, nil
}

// numbers replaces the numbers below v, and returns v or what it is replaced by.
func numbers(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			v[key] = numbers(value)
		}
	case []any:
		for i, value := range v {
			v[i] = numbers(value)
		}
	case json.Number:
		if n, err := strconv.Atoi(v.String()); err == nil {
			return n
		}
		f, _ := v.Float64() // JSON's syntax is Go's
		return f
	}
	return v
}

// object returns v as an object, nil where it is null.
func object(v any) map[string]any {
	o, _ := v.(map[string]any)
	return o
}

// list returns v as a list, nil where it is null.
func list(v any) []any {
	l, _ := v.([]any)
	return l
}

// text returns v as a string, "" where it is null.
func text(v any) string {
	s, _ := v.(string)
	return s
}

// playgroundLink leads to the playground with the query in it. The query stands
// behind the #, so that it is not part of a request and can be as long as it is.
func playgroundLink(document string, variables map[string]any) string {
	fields := url.Values{"query": {document}}
	if len(variables) > 0 {
		encoded, _ := json.MarshalIndent(variables, "", "  ") // strings, numbers and lists of them can be
		fields.Set("variables", string(encoded))
	}
	// A fragment is decoded as a whole, so that a + would stay a +.
	return "/playground#" + strings.ReplaceAll(fields.Encode(), "+", "%20")
}
