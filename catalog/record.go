package catalog

import "time"

// RecordKind names a noun of the knowledge base. The four that a search finds
// (CASE, BRAND, PROPOSAL, PRACTICE) are the GraphQL enum of this name.
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
)

// RecordKinds are all kinds, in the order in which they may refer to each
// other: a record refers only to kinds that stand before its own, but for
// cases, proposals and adoptions that refer to their own kind.
var RecordKinds = []RecordKind{
	KindSource, KindRegion, KindCommittee, KindTopic, KindPerson, KindBrand, KindProposal, KindCase,
	KindIndicator, KindPractice, KindEvaluation, KindAdoption, KindVenue,
}

var kindLabels = map[RecordKind]string{
	KindRegion: "行政区划", KindCommittee: "政协委员会", KindTopic: "议题", KindPerson: "人物", KindSource: "出处",
	KindBrand: "协商品牌", KindCase: "案例", KindProposal: "提案", KindPractice: "特色做法", KindIndicator: "指标",
	KindEvaluation: "评价", KindAdoption: "推广记录", KindVenue: "场所",
}

// Label is the kind's name in Chinese.
func (k RecordKind) Label() string { return kindLabels[k] }

// Valid reports whether k is one of RecordKinds.
func (k RecordKind) Valid() bool { return kindLabels[k] != "" }

// Searchable reports whether the full-text search finds records of the kind.
func (k RecordKind) Searchable() bool {
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
	OriginReference   Origin = "REFERENCE"   // from a reference table: the divisions, their committees, the topics
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
	LevelUnstated   Level = "UNSTATED"   // 未载明
)

// Valid reports whether o is one of the four origins.
func (o Origin) Valid() bool {
	return o == OriginDocumented || o == OriginContributed || o == OriginReference || o == OriginSynthetic
}

// Label is the origin's name in Chinese.
func (o Origin) Label() string {
	return map[Origin]string{
		OriginDocumented: "有出处", OriginContributed: "委员会提供", OriginReference: "基础数据", OriginSynthetic: "合成数据",
	}[o]
}

// Valid reports whether l is one of the levels.
func (l Level) Valid() bool { return l.Label() != "" }

// Label is the level's name in Chinese.
func (l Level) Label() string {
	return map[Level]string{LevelProvince: "省", LevelPrefecture: "市（州）", LevelCounty: "县（市、区）", LevelUnstated: "未载明"}[l]
}

// Status is where a record stands on its way to the public.
type Status string

// The states of a record. Only PUBLISHED ones are shown to anonymous readers.
const (
	StatusDraft     Status = "DRAFT"
	StatusInReview  Status = "IN_REVIEW"
	StatusPublished Status = "PUBLISHED"
	StatusArchived  Status = "ARCHIVED"
)

// Valid reports whether s is one of the states.
func (s Status) Valid() bool {
	return s == StatusDraft || s == StatusInReview || s == StatusPublished || s == StatusArchived
}

// Label is the state's name in Chinese.
func (s Status) Label() string {
	return map[Status]string{StatusDraft: "草稿", StatusInReview: "审核中", StatusPublished: "已发布", StatusArchived: "已归档"}[s]
}

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

// Record is what every record is. Head gives what all have in common.
type Record interface {
	Node
	IsRecord()
	Head() *Meta
	Kind() RecordKind
	GlobalID() string
}

// Head gives the meta itself, so that every record that embeds it has it.
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
