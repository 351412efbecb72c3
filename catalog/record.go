package catalog

import (
	"slices"
	"strings"
	"time"
)

// RecordKind names a noun of the knowledge base. Those that a search finds are the
// GraphQL enum of this name; see Searchable.
type RecordKind string

// Every kind of record that the database keeps.
const (
	KindRegion     RecordKind = "REGION"
	KindCommittee  RecordKind = "COMMITTEE"
	KindTopic      RecordKind = "TOPIC"
	KindPerson     RecordKind = "PERSON"
	KindSource     RecordKind = "SOURCE"
	KindBrand      RecordKind = "BRAND"
	KindCase       RecordKind = "CASE"
	KindProposal   RecordKind = "PROPOSAL"
	KindPractice   RecordKind = "PRACTICE"
	KindIndicator  RecordKind = "INDICATOR"
	KindEvaluation RecordKind = "EVALUATION"
	KindAdoption   RecordKind = "ADOPTION"
	KindVenue      RecordKind = "VENUE"
	KindNeed       RecordKind = "NEED"
	KindReport     RecordKind = "REPORT"
	KindCall       RecordKind = "CALL"
	KindCollection RecordKind = "COLLECTION"
	KindActivity   RecordKind = "ACTIVITY"
	KindRound      RecordKind = "EVALUATION_ROUND"
)

// RecordKinds are all kinds, in the order in which they may refer to each
// other: a record refers only to kinds that stand before its own, but for
// cases, proposals and adoptions that refer to their own kind.
var RecordKinds = []RecordKind{
	KindSource, KindRegion, KindCommittee, KindTopic, KindPerson, KindBrand, KindProposal, KindIndicator,
	KindCase, KindPractice, KindRound, KindEvaluation, KindAdoption, KindVenue,
	KindNeed, KindReport, KindActivity,
	KindCall, KindCollection,
}

var kindEnum = &Enum{Name: "RecordKind", Values: []EnumChoice{
	{string(KindSource), "出处", nil},
	{string(KindRegion), "行政区划", nil},
	{string(KindCommittee), "政协委员会", nil},
	{string(KindTopic), "议题", nil},
	{string(KindPerson), "人物", nil},
	{string(KindBrand), "协商品牌", nil},
	{string(KindProposal), "提案", nil},
	{string(KindCase), "案例", nil},
	{string(KindIndicator), "指标", nil},
	{string(KindPractice), "特色做法", nil},
	{string(KindEvaluation), "评价", nil},
	{string(KindAdoption), "推广记录", nil},
	{string(KindVenue), "场所", nil},
	{string(KindNeed), "需求", nil},
	{string(KindReport), "公开报道", nil},
	{string(KindCall), "征集", nil},
	{string(KindCollection), "汇编", nil},
	{string(KindActivity), "活动", nil},
	{string(KindRound), "评价轮次", nil},
}}

// Label is the kind's name in Chinese.
func (k RecordKind) Label() string { return kindEnum.Label(string(k)) }

// Valid reports whether k is one of RecordKinds.
func (k RecordKind) Valid() bool { return kindEnum.Has(string(k)) }

// KindNamed returns the kind that a type of the schema, a page or a kind itself names:
// EVALUATION_ROUND for EvaluationRound and evaluation_round. It need not be valid.
func KindNamed(name string) RecordKind {
	var b strings.Builder
	last := ' '
	for _, r := range name {
		if r >= 'A' && r <= 'Z' && last >= 'a' && last <= 'z' {
			b.WriteByte('_')
		}
		b.WriteRune(r)
		last = r
	}
	return RecordKind(strings.ToUpper(b.String()))
}

// TypeName returns the schema's name of the kind: Case for CASE, EvaluationRound for
// EVALUATION_ROUND.
func (k RecordKind) TypeName() string {
	var b strings.Builder
	for word := range strings.SplitSeq(string(k), "_") {
		if word != "" {
			b.WriteString(word[:1] + strings.ToLower(word[1:]))
		}
	}
	return b.String()
}

// SearchedKinds are the kinds of records that the full-text search finds, in the
// order in which readers choose among them.
var SearchedKinds = []RecordKind{
	KindCase, KindBrand, KindProposal, KindPractice,
	KindCommittee, KindRegion, KindPerson, KindVenue, KindActivity, KindSource, KindCall, KindCollection, KindNeed,
}

// Searchable reports whether the full-text search finds records of the kind.
func (k RecordKind) Searchable() bool { return slices.Contains(SearchedKinds, k) }

// FoundUnasked reports whether a search that names no kinds finds records of the kind:
// cases, brands, proposals and practices, as it did when there were no others.
func (k RecordKind) FoundUnasked() bool {
	return k == KindCase || k == KindBrand || k == KindProposal || k == KindPractice
}

// ID is a record's number in the database, one sequence for all kinds. Clients
// see it only inside a global id; see EncodeID.
type ID int64

// Origin says where a record comes from.
type Origin string

// The origins of records.
const (
	OriginDocumented  Origin = "DOCUMENTED"  // taken from a cited source
	OriginContributed Origin = "CONTRIBUTED" // written in by a committee, which answers for it
	OriginReference   Origin = "REFERENCE"   // from a reference table that comes with the binary: the divisions, their committees, the topics, public reports
	OriginSynthetic   Origin = "SYNTHETIC"   // made by a generator, for tests; never mixed with real ones
)

// Level is the level of a committee, a region or a case.
type Level string

// The levels. A committee and a region always have one of the first three; a
// case whose source does not say who held it has UNSTATED, since to guess a
// level would be to invent one.
const (
	LevelProvince   Level = "PROVINCE"   // 省
	LevelPrefecture Level = "PREFECTURE" // 市（州）
	LevelCounty     Level = "COUNTY"     // 县（市、区）
	LevelUnstated   Level = "UNSTATED"   // 未记载
)

var originEnum = &Enum{Name: "Origin", Values: []EnumChoice{
	{string(OriginDocumented), "有出处", nil},
	{string(OriginContributed), "委员会提供", nil},
	{string(OriginReference), "基础数据", nil},
	{string(OriginSynthetic), "合成数据", nil},
}}

var levelEnum = &Enum{Name: "Level", Values: []EnumChoice{
	{string(LevelProvince), "省", []string{"省级", "省直", "省本级"}},
	{string(LevelPrefecture), "市（州）", []string{"市", "州", "市级", "州级", "市（州）级", "地级", "市州", "市州级", "地市级", "地级市"}},
	{string(LevelCounty), "县（市、区）", []string{"县", "区", "县级", "区级", "县（市、区）级", "区县级", "区县", "县区", "县市区", "县市区级", "市县区", "县（区）", "县级市"}},
	{string(LevelUnstated), "未记载", []string{"未载明", "未写明"}},
}}

// Valid reports whether o is one of the four origins.
func (o Origin) Valid() bool { return originEnum.Has(string(o)) }

// Label is the origin's name in Chinese.
func (o Origin) Label() string { return originEnum.Label(string(o)) }

// Valid reports whether l is one of the levels.
func (l Level) Valid() bool { return levelEnum.Has(string(l)) }

// Label is the level's name in Chinese.
func (l Level) Label() string { return levelEnum.Label(string(l)) }

// Status is where a record stands on its way to the public.
type Status string

// The states of a record. Only PUBLISHED ones are shown to anonymous readers.
const (
	StatusDraft     Status = "DRAFT"
	StatusInReview  Status = "IN_REVIEW"
	StatusPublished Status = "PUBLISHED"
	StatusArchived  Status = "ARCHIVED"
)

var statusEnum = &Enum{Name: "Status", Values: []EnumChoice{
	{string(StatusDraft), "草稿", nil},
	{string(StatusInReview), "审核中", []string{"待审核"}},
	{string(StatusPublished), "已发布", []string{"发布"}},
	{string(StatusArchived), "已归档", []string{"归档"}},
}}

// Valid reports whether s is one of the states.
func (s Status) Valid() bool { return statusEnum.Has(string(s)) }

// Label is the state's name in Chinese.
func (s Status) Label() string { return statusEnum.Label(string(s)) }

// Meta is what every record has.
type Meta struct {
	ID        ID
	Slug      string // the permalink, unique within its kind
	Origin    Origin
	Status    Status
	Version   int // counts up by one at each change
	CreatedAt time.Time
	UpdatedAt time.Time
}

// IsNode marks every record as a GraphQL Node.
func (Meta) IsNode() {}

// IsRecord marks every record as a GraphQL Record.
func (Meta) IsRecord() {}

// Node is whatever has a global id.
type Node interface{ IsNode() }

// Record is what every record is. Head returns what all have in common.
type Record interface {
	Node
	IsRecord()
	Head() *Meta
	Kind() RecordKind
	GlobalID() string
}

// Head returns the meta itself, so that every record that embeds it has it.
func (m *Meta) Head() *Meta { return m }

// SearchResult is what the full-text search finds.
type SearchResult interface{ IsSearchResult() }

// IsSearchResult marks what the search finds.
func (*Case) IsSearchResult() {}

// IsSearchResult marks what the search finds.
func (*Brand) IsSearchResult() {}

// IsSearchResult marks what the search finds.
func (*Proposal) IsSearchResult() {}

// IsSearchResult marks what the search finds.
func (*Practice) IsSearchResult() {}

// IsSearchResult marks what the search finds.
func (*Committee) IsSearchResult() {}

// IsSearchResult marks what the search finds.
func (*Region) IsSearchResult() {}

// IsSearchResult marks what the search finds.
func (*Person) IsSearchResult() {}

// IsSearchResult marks what the search finds.
func (*Venue) IsSearchResult() {}

// IsSearchResult marks what the search finds.
func (*Activity) IsSearchResult() {}

// IsSearchResult marks what the search finds.
func (*Source) IsSearchResult() {}

// IsSearchResult marks what the search finds.
func (*Call) IsSearchResult() {}

// IsSearchResult marks what the search finds.
func (*Collection) IsSearchResult() {}

// IsSearchResult marks what the search finds.
func (*Need) IsSearchResult() {}
