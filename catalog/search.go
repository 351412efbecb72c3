package catalog

// Document is one published record as the search index sees it: its texts, and
// the keys by which a search filters, counts and sorts. It is derived from the
// database and can be made anew at any time.
type Document struct {
	ID      ID
	Kind    RecordKind // one of SearchedKinds
	Slug    string
	Version int

	Title             string
	AlternativeTitles []string        // misprints and other names that the sources use
	Fields            []DocumentField // the searchable texts but for the title, in reading order; none empty
	Names             DocumentNames   // the names of what the record belongs to

	Level   Level
	Region  string   // code of the record's own region; "" where none is known
	Regions []string // that code and the codes of all regions above it
	Topics  []string // slugs of the record's topics and of all topics above them
	// OwnTopics are the slugs of the topics named by the record itself.
	OwnTopics []string
	Committee string   // slug, "" where none is known
	Brands    []string // slugs of the brand and of all brands above it
	Year      int      // 0 where unknown
	Origin    Origin
	// Date orders NEWEST and OLDEST: the first day of the record's date as
	// yyyymmdd, 0 where unknown.
	Date int

	Steps          []StepCode // documented steps of the procedure
	AdoptionCount  int        // how many committees took the case over
	PossiblySameAs []ID       // cases that the sources may mean as well
}

// DocumentField is one named text of a record, such as "background". The text of a
// source is several, one an article and one for what stands between.
type DocumentField struct {
	Name string // as in the GraphQL schema; a step is "steps.ASK_PRIORITY"
	Text string

	Start   int      // where Text begins in the record's field, in code points
	Section *Section // the article that Text is, nil where it is none
}

// DocumentNames are the names, in Chinese, of what a record belongs to; a
// search for them finds the record, and field:… looks in one of them.
type DocumentNames struct {
	Committee []string // name and other names
	Region    []string // own region and those above it
	Brand     []string // own brand and those above it
	Topics    []string // own topics and those above them
}

// SearchOrder says in which order hits come.
type SearchOrder string

// The orders of a search. Hits without a date come last in both date orders.
const (
	OrderRelevance SearchOrder = "RELEVANCE"
	OrderNewest    SearchOrder = "NEWEST"
	OrderOldest    SearchOrder = "OLDEST"
)

// SearchFilter narrows a search; values within a field are OR, fields are AND.
// A region, topic or brand takes in all below it. The zero value lets all pass.
type SearchFilter struct {
	Origins  []Origin
	Regions  []string // codes
	Levels   []Level
	Topics   []string // slugs
	Brands   []string // slugs
	Years    []int
	YearFrom *int // inclusive
	YearTo   *int // inclusive
}

// SearchQuery is one search. The zero value of everything but Query is valid.
type SearchQuery struct {
	Query  string       // whatever a person typed; never an error, invalid UTF-8 included
	Kinds  []RecordKind // empty for those that are FoundUnasked
	Filter SearchFilter
	Order  SearchOrder // "" is RELEVANCE
	First  int         // 1..100
	After  string      // the cursor of the last hit of the page before; "" for the first page

	WantFacets     bool // facets are counted only where wanted
	WantTotal      bool // the same for the total
	WantHighlights bool
	WantCorrection bool
	WantAbsent     bool
}

// SearchPage is the answer to a SearchQuery.
type SearchPage struct {
	Hits        []Hit
	HasNext     bool
	Total       int // exact; 0 unless wanted
	Facets      SearchFacets
	Terms       []string // the words that were looked for, folded as the index holds them
	Correction  string   // a better-spelt query where this one finds little; "" where there is none
	Absent      []string // names in the query that stand nowhere as a whole, folded; nil unless wanted
	DataVersion uint64   // grows whenever the index changes
	Meaning     Meaning  // whether closeness of meaning took part
}

// Hit is one record found.
type Hit struct {
	ID         ID
	Kind       RecordKind
	Cursor     string
	Score      float64
	Highlights []Highlight // best fragment first
}

// How long a highlight's fragment is, and how much of the text stands before what is
// marked in it, in characters: one that has as much was cut there.
const (
	FragmentLength = 90
	FragmentLead   = 12
)

// Highlight is a fragment of a field's text, and where in it the matches are.
type Highlight struct {
	Field    string
	Fragment string
	Ranges   []TextRange // ascending, not overlapping, none empty

	Section *Section // of a source's text: the article in which the fragment stands, nil where it stands in none
	Start   *int     // of a source's text: where the fragment begins in it, in code points; nil of other fields
}

// TextRange is [Start, End) in Unicode code points.
type TextRange struct {
	Start int
	End   int
}

// SearchFacets count the records found, by key; each follows the query and
// every filter but its own. Keys are slugs, codes, enum values or years; most
// frequent first, then by key.
type SearchFacets struct {
	Kinds   []FacetCount
	Regions []FacetCount
	Levels  []FacetCount
	Topics  []FacetCount
	Brands  []FacetCount
	Years   []FacetCount
	Origins []FacetCount
}

// FacetCount is one value of a facet with the number of records that have it.
type FacetCount struct {
	Key   string
	Count int
}

// Token is one word of a text as the index cuts it, [Start, End) in code points
// of the text as given.
type Token struct {
	Text       string
	Start      int
	End        int
	IsStopWord bool
}

// Suggestion completes what is being typed in a search box. It leads to a record:
// to the one whose title Text is or, where Text names a committee or a topic, to
// one that is filed under that.
type Suggestion struct {
	Text   string
	Kind   RecordKind
	Slug   string
	Of     SuggestionOf
	OfSlug string      // permalink of what Text names: the record's own for a title
	Ranges []TextRange // the part of Text that the prefix stands for
}

// SuggestionOf says what the text of a suggestion names.
type SuggestionOf string

// What the text of a suggestion names.
const (
	SuggestionOfRecord    SuggestionOf = "RECORD"
	SuggestionOfCommittee SuggestionOf = "COMMITTEE"
	SuggestionOfTopic     SuggestionOf = "TOPIC"
)

// PeerScope says which committees count as peers.
type PeerScope string

// The scopes of learning from peers.
const (
	ScopeAll              PeerScope = "ALL"
	ScopeSameLevel        PeerScope = "SAME_LEVEL"
	ScopeSamePrefecture   PeerScope = "SAME_PREFECTURE"
	ScopeOtherPrefectures PeerScope = "OTHER_PREFECTURES"
)

// PeerQuery asks for the peers' cases nearest to a problem, or to a case.
type PeerQuery struct {
	Problem   string // a sentence or a page; "" where Case is given
	Private   bool   // the problem is a draft's text, which leaves the house for no server
	Case      ID     // the case to find others like; 0 where Problem is given
	Committee string // slug of the asking committee, whose own cases are left out; "" for nobody
	Region    string // code of that committee's region; "" where unknown
	Level     Level  // that committee's level; "" where unknown
	Scope     PeerScope
	First     int
}

// PeerHit is a peer's case with the reasons why it was picked.
type PeerHit struct {
	ID      ID
	Score   float64
	Shared  float64 // what the words in both weigh, as a share of what all the problem's do
	Reasons []Reason
}

// ReasonKind is the kind of a Reason.
type ReasonKind string

// Why a peer's case was picked.
const (
	ReasonSharedWords    ReasonKind = "SHARED_WORDS"
	ReasonSharedTopic    ReasonKind = "SHARED_TOPIC"
	ReasonSameLevel      ReasonKind = "SAME_LEVEL"
	ReasonSameBrand      ReasonKind = "SAME_BRAND"
	ReasonNearbyRegion   ReasonKind = "NEARBY_REGION"
	ReasonAdoptedByPeers ReasonKind = "ADOPTED_BY_PEERS"
	ReasonCloseMeaning   ReasonKind = "CLOSE_MEANING"
)

// Reason says in Chinese why a case was picked; what it says is true of it.
type Reason struct {
	Kind ReasonKind
	Text string
}
