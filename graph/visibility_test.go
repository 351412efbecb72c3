package graph_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/transport"

	"github.com/jisiguangyi/jisi/answer"
	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/permalink"
	"github.com/jisiguangyi/jisi/graph"
	"github.com/jisiguangyi/jisi/indexer"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/loaders"
	"github.com/jisiguangyi/jisi/store"
)

// testWords are loaded once for all tests: it takes a second or two.
var testWords = sync.OnceValues(func() (*indexer.Words, error) {
	dir, err := os.MkdirTemp("", "jisi-words-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir) // jieba has read them
	return indexer.LoadWords(dir)
})

// office is a knowledge base with committees of three levels, its index, and the
// API as each of those sees it who have to do with it.
type office struct {
	store      *store.Store
	url        string // of its database
	index      *indexer.Index
	statements *statements
	wait       time.Duration         // of the loaders; 0 is their own
	committees map[string]catalog.ID // by slug
}

// newOffice has a province, a prefecture with the counties own and other below
// it, and another prefecture, away.
func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{statements: &statements{}, committees: map[string]catalog.ID{}}
	o.store, o.url = storetest.EmptyAt(t, o.statements)
	put(t, o.store, []catalog.Input{
		&catalog.RegionInput{InputMeta: catalog.InputMeta{Slug: "220000"}, Name: "吉林省", Level: catalog.LevelProvince},
		&catalog.RegionInput{InputMeta: catalog.InputMeta{Slug: "220100"}, Name: "长春市", Level: catalog.LevelPrefecture, Parent: "220000"},
		&catalog.RegionInput{InputMeta: catalog.InputMeta{Slug: "220200"}, Name: "吉林市", Level: catalog.LevelPrefecture, Parent: "220000"},
		&catalog.RegionInput{InputMeta: catalog.InputMeta{Slug: "220102"}, Name: "南关区", Level: catalog.LevelCounty, Parent: "220100"},
		&catalog.RegionInput{InputMeta: catalog.InputMeta{Slug: "220104"}, Name: "朝阳区", Level: catalog.LevelCounty, Parent: "220100"},
		&catalog.CommitteeInput{InputMeta: catalog.InputMeta{Slug: "prefecture"}, Name: "长春市政协", Level: catalog.LevelPrefecture, Region: "220100"},
		&catalog.CommitteeInput{InputMeta: catalog.InputMeta{Slug: "away"}, Name: "吉林市政协", Level: catalog.LevelPrefecture, Region: "220200"},
		&catalog.CommitteeInput{InputMeta: catalog.InputMeta{Slug: "own"}, Name: "朝阳区政协", Level: catalog.LevelCounty, Region: "220104", Parent: "prefecture"},
		&catalog.CommitteeInput{InputMeta: catalog.InputMeta{Slug: "other"}, Name: "南关区政协", Level: catalog.LevelCounty, Region: "220102", Parent: "prefecture"},
		&catalog.TopicInput{InputMeta: catalog.InputMeta{Slug: "livelihood"}, Name: "民生"},
	})
	found, err := o.store.CommitteesBySlug(t.Context(), []string{"prefecture", "away", "own", "other"})
	if err != nil {
		t.Fatal(err)
	}
	for slug, c := range found {
		o.committees[slug] = c.ID
	}
	words, err := testWords()
	if err != nil {
		t.Fatal(err)
	}
	if o.index, err = indexer.Open(t.Context(), t.TempDir(), words, indexer.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := o.index.Close(); err != nil {
			t.Error(err)
		}
	})
	return o
}

// follow brings the index up to date, as its follower does in a server.
func (o *office) follow(t *testing.T) {
	t.Helper()
	if err := o.index.CatchUp(t.Context(), o.store); err != nil {
		t.Fatal(err)
	}
}

// viewer makes a caller of the role at the committee; a prefecture's has the two
// counties below it.
func (o *office) viewer(role catalog.Role, committee string) *catalog.Viewer {
	v := &catalog.Viewer{Name: strings.ToLower(string(role)) + " of " + committee, Role: role, Committee: o.committees[committee]}
	if committee == "prefecture" {
		v.Below = []catalog.ID{o.committees["own"], o.committees["other"]}
	}
	return v
}

// as returns the API as the viewer sees it; nil is an anonymous reader.
func (o *office) as(v *catalog.Viewer, extensions ...graphql.HandlerExtension) *api {
	return o.by(&graph.Resolver{Store: o.store, Writer: o.store, Search: o.index, Spell: permalink.Spell}, v, extensions...)
}

// searching returns the API by a resolver, as an anonymous reader sees it.
func (o *office) searching(r *graph.Resolver, extensions ...graphql.HandlerExtension) *api {
	return o.by(r, nil, extensions...)
}

func (o *office) by(r *graph.Resolver, v *catalog.Viewer, extensions ...graphql.HandlerExtension) *api {
	server := handler.New(graph.NewSchema(r))
	server.AddTransport(transport.POST{})
	server.SetErrorPresenter(graph.PresentError)
	server.SetRecoverFunc(graph.Recover)
	for _, e := range extensions {
		server.Use(e)
	}
	return &api{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := catalog.WithViewer(loaders.NewContext(r.Context(), loaders.New(o.store, o.wait)), v)
		server.ServeHTTP(w, r.WithContext(ctx))
	}), o.statements}
}

// hiddenFigure is a figure of an activity that is hidden.
var hiddenFigure = 987654

// mark stands in every text of what is hidden, so that it is found wherever it
// may slip into an answer.
const mark = "秘密"

// hide puts records of the committee own into the store, of all kinds that can
// be hidden, and beside them what everybody may see and what leads to them.
func (o *office) hide(t *testing.T, status catalog.Status) (ids map[string]string) {
	t.Helper()
	head := func(slug string) catalog.InputMeta { return catalog.InputMeta{Slug: slug, Status: status} }
	open := func(slug string) catalog.InputMeta { return catalog.InputMeta{Slug: slug} }
	was := &catalog.CaseInput{InputMeta: head("open-own"), Title: mark + "旧稿", Committee: "own", Summary: "还没有公开的" + mark}
	put(t, o.store, []catalog.Input{was})
	put(t, o.store, []catalog.Input{
		&catalog.BrandInput{InputMeta: head("hidden-brand"), Name: mark + "品牌", Committee: "own"},
		&catalog.BrandInput{InputMeta: open("open-brand"), Name: "公开品牌", Committee: "own"},
		&catalog.ProposalInput{InputMeta: head("hidden-proposal"), Title: mark + "提案", Proposers: []catalog.ProposerInput{{Committee: "own"}}, Topics: []string{"livelihood"}},
		&catalog.CaseInput{
			InputMeta: head("hidden-case"), Title: mark + "案例", Committee: "own", Brand: "open-brand", Topics: []string{"livelihood"},
			Background: "老旧小区加装电梯的" + mark, Steps: []catalog.StepInput{{Code: "ASK_PRIORITY", Text: mark}},
		},
		&catalog.CaseInput{
			InputMeta: open("open-own"), Title: "公开案例", Committee: "own", Brand: "hidden-brand", Topics: []string{"livelihood"},
			Background: "老旧小区加装电梯", PossiblySameAs: []string{"hidden-case"}, Proposals: []string{"hidden-proposal"},
		},
		&catalog.CaseInput{InputMeta: open("open-other"), Title: "别处案例", Committee: "other", Background: "老旧小区加装电梯"},
		&catalog.CaseInput{InputMeta: open("open-more"), Title: "又一案例", Committee: "other"},
		&catalog.AdoptionInput{InputMeta: open("open-adoption"), Case: "open-other", Adopter: "own", ResultingCase: "hidden-case"},
		&catalog.AdoptionInput{InputMeta: open("hidden-adoption"), Case: "hidden-case", Adopter: "other", Changes: mark},
		&catalog.AdoptionInput{InputMeta: head("adoption-draft"), Case: "open-more", Adopter: "own", Changes: mark + "改法"},
		&catalog.NeedInput{InputMeta: head("hidden-need"), Problem: mark + "需求", Committee: "own", Topics: []string{"livelihood"}},
		&catalog.NeedInput{InputMeta: open("open-need"), Problem: "公开需求", Committee: "other", Answers: []string{"hidden-case"}},
		&catalog.ReportInput{InputMeta: head("hidden-report"), ReportedRecord: catalog.ReportedRecord{Case: "open-more"}, Relation: catalog.ReportAdds, Statement: mark + "报道", Title: mark + "页", URL: "https://example.org/", EnteredBy: "own"},
		&catalog.ReportInput{InputMeta: open("open-report"), ReportedRecord: catalog.ReportedRecord{Case: "hidden-case"}, Relation: catalog.ReportAdds, Statement: "公开报道", Title: "页", URL: "https://example.org/", EnteredBy: "other"},
		&catalog.EvaluationInput{InputMeta: head("hidden-evaluation"), Year: 2025, Department: mark + "局", Committee: "own"},
		&catalog.VenueInput{InputMeta: head("hidden-venue"), VenueKind: "LIAISON_STATION", Name: mark + "站", Committee: "own"},
		&catalog.PersonInput{InputMeta: head("hidden-person"), Name: mark + "人", Committee: "own"},
		&catalog.PracticeInput{InputMeta: head("hidden-practice"), Title: mark + "做法", Text: mark, Committee: "own"},
		&catalog.EvaluationRoundInput{InputMeta: head("hidden-round"), Year: 2026, Items: []string{mark + "项"}, Departments: []string{mark + "局"}, Committee: "own"},
		&catalog.ActivityInput{
			InputMeta: head("hidden-activity"), ActivityKind: "CONSULTATION", Title: mark + "活动", OccurredOn: "2026-05-06", Committee: "own",
			Venue: "hidden-venue", Persons: []string{"hidden-person"}, Opinions: &hiddenFigure,
		},
		&catalog.ActivityInput{
			InputMeta: open("open-activity"), ActivityKind: "SURVEY", Title: "公开活动", OccurredOn: "2026-04", Committee: "own",
			Venue: "hidden-venue", Cases: []string{"hidden-case"},
		},
		&catalog.CallInput{
			InputMeta: head("hidden-call"), Title: mark + "征集", Text: mark + "的通知", Committee: "own", OpensOn: "2026-05-01", ClosesOn: "2026-05-31",
			Parts: []catalog.CasePart{catalog.PartSummary},
		},
		&catalog.CollectionInput{InputMeta: head("hidden-collection"), Title: mark + "汇编", Preface: mark, Committee: "own", Cases: []string{"open-own"}},
	})
	o.follow(t)
	return o.ids(t)
}

// ids returns the global ids of what hide has put there, by slug, as an admin
// finds them.
func (o *office) ids(t *testing.T) map[string]string {
	t.Helper()
	var got map[string]struct{ ID string }
	admin := o.as(&catalog.Viewer{Name: "admin", Role: catalog.RoleAdmin})
	admin.get(t, `{ caseHidden: case(slug: "hidden-case") { id } caseOpen: case(slug: "open-own") { id } brandHidden: brand(slug: "hidden-brand") { id }
		proposalHidden: proposal(slug: "hidden-proposal") { id } personHidden: person(slug: "hidden-person") { id }
		roundHidden: evaluationRound(slug: "hidden-round") { id } activityHidden: activity(slug: "hidden-activity") { id } }`, nil, &got)
	ids := map[string]string{"own": catalog.EncodeID(catalog.KindCommittee, o.committees["own"])}
	for name, record := range got {
		ids[name] = record.ID
	}
	var hidden struct {
		Case struct {
			Adoptions struct{ Nodes []struct{ ID string } }
		}
	}
	admin.get(t, `{ case(slug: "hidden-case") { adoptions { nodes { id } } } }`, nil, &hidden)
	ids["adoptionHidden"] = hidden.Case.Adoptions.Nodes[0].ID
	var drafts struct {
		Adoptions struct{ Nodes []struct{ ID, Slug string } }
	}
	admin.get(t, `{ adoptions(filter: {status: [DRAFT, IN_REVIEW, ARCHIVED]}) { nodes { id slug } } }`, nil, &drafts)
	for _, a := range drafts.Adoptions.Nodes {
		if a.Slug == "adoption-draft" {
			ids["adoptionDraft"] = a.ID
		}
	}
	return ids
}

// allKinds are the kinds that a search finds.
var allKinds = func() string {
	all := make([]string, len(catalog.SearchedKinds))
	for i, k := range catalog.SearchedKinds {
		all[i] = string(k)
	}
	return strings.Join(all, ", ")
}()

// entrances are the queries by which a hidden record might be come at. Those of
// lists that are not asked for drafts show them to nobody: open is false.
var entrances = []struct {
	name, query string
	open        bool // to those who may read drafts
}{
	{"case", `{ case(slug: "hidden-case") { title background steps { text } status version createdAt } }`, true},
	{"brand", `{ brand(slug: "hidden-brand") { name } }`, true},
	{"proposal", `{ proposal(slug: "hidden-proposal") { title } }`, true},
	{"node of a round", `query($roundHidden: ID!) { node(id: $roundHidden) { ... on EvaluationRound { items } } }`, true},
	{"node of a person", `query($personHidden: ID!) { node(id: $personHidden) { ... on Person { name } } }`, true},
	{"node of an activity", `query($activityHidden: ID!) { node(id: $activityHidden) { ... on Activity { title } } }`, true},
	{"person", `{ person(slug: "hidden-person") { name } }`, true},
	{"practice", `{ practice(slug: "hidden-practice") { title text } }`, true},
	{"venue", `{ venue(slug: "hidden-venue") { name } }`, true},
	{"activity", `{ activity(slug: "hidden-activity") { title venue { name } persons { name } } }`, true},
	{"evaluation", `{ evaluation(slug: "hidden-evaluation") { department } }`, true},
	{"evaluationRound", `{ evaluationRound(slug: "hidden-round") { items departments } }`, true},
	{"persons by state", `{ persons(status: [DRAFT, IN_REVIEW, ARCHIVED]) { nodes { name } } }`, true},
	{"practices by state", `{ practices(status: [DRAFT, IN_REVIEW, ARCHIVED]) { nodes { title } } }`, true},
	{"venues by state", `{ venues(status: [DRAFT, IN_REVIEW, ARCHIVED]) { nodes { name } } }`, true},
	{"activities by state", `{ activities(filter: {status: [DRAFT, IN_REVIEW, ARCHIVED]}) { nodes { title } } }`, true},
	{"evaluations by state", `{ evaluations(status: [DRAFT, IN_REVIEW, ARCHIVED]) { nodes { department } } }`, true},
	{"evaluationRounds by state", `{ evaluationRounds(filter: {status: [DRAFT, IN_REVIEW, ARCHIVED]}) { nodes { items } } }`, true},
	{"committee.activities by state", `{ committee(slug: "own") { activities(filter: {status: [DRAFT, IN_REVIEW, ARCHIVED]}) { nodes { title } } } }`, true},
	{"activity.venue", `{ activity(slug: "open-activity") { venue { name } } }`, true},
	{"activity.cases", `{ activity(slug: "open-activity") { cases { title } } }`, true},
	{"persons", `{ persons { totalCount nodes { name } } }`, false},
	{"practices", `{ practices { totalCount nodes { title } } }`, false},
	{"activities", `{ activities { totalCount nodes { title } } }`, false},
	{"evaluationRounds", `{ evaluationRounds { totalCount nodes { items } } }`, false},
	{"node", `query($caseHidden: ID!) { node(id: $caseHidden) { ... on Case { title } } }`, true},
	{"nodes", `query($caseHidden: ID!, $brandHidden: ID!, $proposalHidden: ID!) { nodes(ids: [$caseHidden, $brandHidden, $proposalHidden]) { ... on Case { title } ... on Brand { name } ... on Proposal { title } } }`, true},
	{"node of an adoption", `query($adoptionHidden: ID!) { node(id: $adoptionHidden) { ... on Adoption { changes } } }`, true},
	{"cases by state", `{ cases(filter: {status: [DRAFT, IN_REVIEW, PUBLISHED, ARCHIVED]}) { totalCount nodes { title } } }`, true},
	{"brands by state", `{ brands(filter: {status: [DRAFT, IN_REVIEW, ARCHIVED]}) { nodes { name } } }`, true},
	{"proposals by state", `{ proposals(filter: {status: [DRAFT, IN_REVIEW, ARCHIVED]}) { nodes { title } } }`, true},
	{"committee.cases by state", `{ committee(slug: "own") { cases(filter: {status: [DRAFT, IN_REVIEW, ARCHIVED]}) { nodes { title } } } }`, true},
	{"brand.cases by state", `{ brand(slug: "open-brand") { cases(filter: {status: [DRAFT, IN_REVIEW, ARCHIVED]}) { nodes { title } } } }`, true},
	{"possiblySameAs", `{ case(slug: "open-own") { possiblySameAs { title } } }`, true},
	{"case.brand", `{ case(slug: "open-own") { brand { name } } }`, true},
	{"case.proposals", `{ case(slug: "open-own") { proposals { nodes { title } } } }`, true},
	{"adoptions' resultingCase", `{ case(slug: "open-other") { adoptions { nodes { resultingCase { title } } } } }`, true},
	{"committee.adoptions", `{ committee(slug: "other") { adoptions { nodes { changes case { title } } } } }`, true},
	{"revisions", `{ case(slug: "open-own") { revisions { totalCount nodes { status changes { before after } } } } }`, true},
	{"node of a draft of an adoption", `query($adoptionDraft: ID!) { node(id: $adoptionDraft) { ... on Adoption { changes revisions { nodes { changes { after } } } } } }`, true},
	{"adoptions by state", `{ adoptions(filter: {status: [DRAFT, IN_REVIEW, ARCHIVED]}) { totalCount nodes { changes } } }`, true},
	{"matrix by state", `{ caseMatrix(rows: BRAND, filter: {status: [DRAFT, IN_REVIEW, ARCHIVED]}) { rows { label } total } }`, false},

	{"cases", `{ cases { nodes { title } } }`, false},
	{"brands", `{ brands { nodes { name } } }`, false},
	{"proposals", `{ proposals { nodes { title } } }`, false},
	{"committee", `{ committee(slug: "own") { cases { nodes { title } } brands { nodes { name } } } }`, false},
	{"brand.cases", `{ brand(slug: "open-brand") { cases { nodes { title } } } }`, false},
	{"need", `{ need(slug: "hidden-need") { problem } }`, true},
	{"needs by state", `{ needs(status: [DRAFT, IN_REVIEW, ARCHIVED]) { totalCount nodes { problem revisions { nodes { changes { after } } } } } }`, true},
	{"needs", `{ needs { nodes { problem answers { totalCount nodes { title } } } } }`, false},
	{"needs by topic", `{ needs(topics: ["livelihood"]) { totalCount nodes { problem } } }`, false},
	{"report", `{ report(slug: "hidden-report") { statement title } }`, true},
	{"reports by state", `{ reports(status: [DRAFT, IN_REVIEW, ARCHIVED]) { totalCount nodes { statement revisions { nodes { changes { after } } } } } }`, true},
	{"reports", `{ reports { nodes { statement record { slug ... on Case { title } } } } }`, true}, // of the hidden case
	{"case.reports", `{ case(slug: "open-more") { reports { statement title } } }`, false},
	{"adoptions", `{ adoptions { nodes { changes } } }`, true}, // of the hidden case
	{"case.adoptions", `{ case(slug: "open-more") { adoptions { nodes { changes } } } }`, false},
	{"adoption tree", `{ adoptionTree(slug: "open-more") { adoption { changes } } }`, false},
	{"evaluations", `{ evaluations { nodes { department } } }`, false},
	{"venues", `{ venues { nodes { name } } }`, false},
	{"ledger", `{ ledger { held } }`, false},
	{"adoption graph", `{ adoptionGraph { edges { count from { name } } } }`, false},
	{"search", `{ search(query: "` + mark + `") { totalCount edges { node { ... on Case { title } ... on Brand { name } ... on Proposal { title } } highlights { fragment } } facets { brands { label } } } }`, false},
	{"search of all kinds", `{ search(query: "` + mark + `", kinds: [` + allKinds + `]) { totalCount edges { node { __typename ... on Record { slug } } highlights { fragment } } facets { kinds { key count } } } }`, false},
	{"suggest", `{ suggest(prefix: "` + mark[:3] + `") { text } }`, false},
	{"suggest of all kinds", `{ suggest(prefix: "` + mark[:3] + `", kinds: [` + allKinds + `]) { text } }`, false},
	{"concordance of all kinds", `{ concordance(term: "` + mark[:3] + `", kinds: [` + allKinds + `]) { nodes { left match right } } }`, false},
	{"keywords of all kinds", `{ keywords(kinds: [` + allKinds + `], first: 500) { text } }`, false},
	{"learn", `{ learn(problem: "老旧小区加装电梯", first: 50) { case { title background } } }`, false},
	{"similar", `{ case(slug: "open-other") { similar(first: 50) { case { title background } } } }`, false},
}

func TestWhatIsNotPublicIsInvisibleThroughEveryDoor(t *testing.T) {
	for _, status := range []catalog.Status{catalog.StatusDraft, catalog.StatusInReview, catalog.StatusArchived} {
		t.Run(string(status), func(t *testing.T) {
			o := newOffice(t)
			ids := o.hide(t, status)
			viewers := map[*catalog.Viewer]bool{ // whether it may read what is hidden
				nil:                                           false,
				o.viewer(catalog.RoleReader, "own"):           false,
				o.viewer(catalog.RoleEditor, "other"):         false,
				o.viewer(catalog.RoleReviewer, "other"):       false,
				o.viewer(catalog.RoleReviewer, "away"):        false,
				o.viewer(catalog.RoleEditor, "prefecture"):    false,
				{Name: "nowhere", Role: catalog.RoleReviewer}: false,
				o.viewer(catalog.RoleEditor, "own"):           true,
				o.viewer(catalog.RoleReviewer, "own"):         true,
				o.viewer(catalog.RoleReviewer, "prefecture"):  true,
				{Name: "admin", Role: catalog.RoleAdmin}:      true,
			}
			for v, may := range viewers {
				for _, door := range entrances {
					for way, api := range map[string]*api{"by resolvers": o.as(v), "at once": o.as(v, graph.Extensions(&graph.Resolver{Store: o.store, Writer: o.store, Search: o.index}, answer.New(o.store), nil, nil)...)} {
						got := api.ask(t, door.query, variablesOf(door.query, ids))
						if len(got.Errors) > 0 {
							t.Fatalf("%s as %s: %+v", door.name, nameOf(v), got.Errors)
						}
						if shown, want := strings.Contains(string(got.Data), mark), may && door.open; shown != want {
							t.Errorf("%s shows %s to %s, %s: %v, want %v: %s", door.name, status, nameOf(v), way, shown, want, got.Data)
						}
					}
				}
			}
		})
	}
}

func nameOf(v *catalog.Viewer) string {
	if v == nil {
		return "an anonymous reader"
	}
	return v.Name
}

// variablesOf takes out of ids those that a query asks for.
func variablesOf(query string, ids map[string]string) map[string]any {
	variables := map[string]any{}
	for name, id := range ids {
		if strings.Contains(query, "$"+name+":") {
			variables[name] = id
		}
	}
	return variables
}

// The counts do not tell that something is there either.
func TestCountsDoNotTellOfDrafts(t *testing.T) {
	o := newOffice(t)
	o.hide(t, catalog.StatusDraft)
	const query = `{ cases(filter: {status: [DRAFT]}) { totalCount } region(code: "220104") { caseCount } topic(slug: "livelihood") { caseCount }
		caseMatrix(rows: STATUS, filter: {status: [DRAFT, PUBLISHED]}) { total } case(slug: "open-own") { revisions { totalCount nodes { version changes { path before } } } } }`
	for v, want := range map[*catalog.Viewer]string{
		nil: `0 1 1 3 1`, o.viewer(catalog.RoleEditor, "other"): `0 1 1 3 1`,
		o.viewer(catalog.RoleEditor, "own"): `1 1 1 4 2`,
	} {
		var got struct {
			Cases         struct{ TotalCount int }
			Region, Topic struct{ CaseCount int }
			CaseMatrix    struct{ Total int }
			Case          struct {
				Revisions struct {
					TotalCount int
					Nodes      []struct {
						Version int
						Changes []struct {
							Path   string
							Before *string
						}
					}
				}
			}
		}
		o.as(v).get(t, query, nil, &got)
		counted := fmt.Sprint(got.Cases.TotalCount, got.Region.CaseCount, got.Topic.CaseCount, got.CaseMatrix.Total, got.Case.Revisions.TotalCount)
		if counted != want {
			t.Errorf("as %s: %s, want %s", nameOf(v), counted, want)
		}
		if len(got.Case.Revisions.Nodes) != got.Case.Revisions.TotalCount || got.Case.Revisions.Nodes[0].Version != 2 {
			t.Errorf("as %s: revisions %+v", nameOf(v), got.Case.Revisions.Nodes)
		}
	}
}

// Who signs in asks the database no oftener than who does not.
func TestVisibilityCostsNoStatements(t *testing.T) {
	o := newOffice(t)
	o.wait = patientWait
	o.hide(t, catalog.StatusDraft)
	const query = `{ cases(first: 100, filter: {status: [DRAFT, PUBLISHED]}) { nodes { title brand { name } possiblySameAs { title } adoptions { nodes { resultingCase { title } } }
		proposals { nodes { title } } revisions { nodes { changes { path } } } } } }`
	asked := map[string]int64{}
	for _, v := range []*catalog.Viewer{nil, o.viewer(catalog.RoleEditor, "own"), {Name: "admin", Role: catalog.RoleAdmin}} {
		before := o.statements.n.Load()
		var got json.RawMessage
		o.as(v).get(t, query, nil, &got)
		asked[nameOf(v)] = o.statements.n.Load() - before
	}
	if asked["editor of own"] != asked["admin"] || asked["admin"] > asked["an anonymous reader"]+1 { // the draft's brand
		t.Errorf("statements: %v", asked)
	}
}
