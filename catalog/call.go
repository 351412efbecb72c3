package catalog

import (
	"context"
	"time"
)

// CasePart is a part of a case's written form.
type CasePart string

// The parts.
const (
	PartSummary    CasePart = "SUMMARY"
	PartBackground CasePart = "BACKGROUND"
	PartApproach   CasePart = "APPROACH"
	PartResults    CasePart = "RESULTS"
	PartLessons    CasePart = "LESSONS"
)

// CaseParts are all parts, in the order in which they are read.
var CaseParts = []CasePart{PartSummary, PartBackground, PartApproach, PartResults, PartLessons}

var casePartEnum = &Enum{Name: "CasePart", Values: []EnumChoice{
	{string(PartSummary), "摘要", nil},
	{string(PartBackground), "背景", nil},
	{string(PartApproach), "做法", nil},
	{string(PartResults), "成效", nil},
	{string(PartLessons), "启示", nil},
}}

// Label is the part's name in Chinese.
func (p CasePart) Label() string { return casePartEnum.Label(string(p)) }

// ScoreReaders says who sees the scores of a call's submissions once its selection
// is published.
type ScoreReaders string

// Who may see scores. The caller always does.
const (
	ScoresForCaller    ScoreReaders = "CALLER"
	ScoresForSubmitter ScoreReaders = "SUBMITTER"
	ScoresForEverybody ScoreReaders = "EVERYBODY"
)

var scoreReadersEnum = &Enum{Name: "ScoreReaders", Values: []EnumChoice{
	{string(ScoresForCaller), "仅征集方", nil},
	{string(ScoresForSubmitter), "征集方和报送单位", nil},
	{string(ScoresForEverybody), "所有人", nil},
}}

// Label says it in Chinese.
func (r ScoreReaders) Label() string { return scoreReadersEnum.Label(string(r)) }

// Call is a committee's call for cases (征集).
type Call struct {
	Meta
	Title           string
	Text            string
	CommitteeID     *ID // always set
	OpensOn         Day
	ClosesOn        Day
	OpensAt         time.Time // when OpensOn begins
	ClosesAt        time.Time // when ClosesOn ends, or the call was closed
	ClosedReason    *string
	Parts           []string // CaseParts
	MinCharacters   *int
	MaxCharacters   *int
	Quota           *int
	Blind           bool
	ScoresVisibleTo ScoreReaders
	Mark            *string
	IndicatorID     *ID
	SelectedOn      *Day // when the selection was published; nil before
}

// Kind is CALL.
func (*Call) Kind() RecordKind { return KindCall }

// GlobalID is the opaque id by which clients know the call.
func (c *Call) GlobalID() string { return EncodeID(KindCall, c.ID) }

// Open reports whether cases can be submitted by the context's clock.
func (c *Call) Open(ctx context.Context) bool {
	now := Now(ctx)
	return c.Status == StatusPublished && c.SelectedOn == nil && !now.Before(c.OpensAt) && now.Before(c.ClosesAt)
}

// Selected reports whether the call's selection is published.
func (c *Call) Selected() bool { return c.SelectedOn != nil }

// Criterion is what reviewers of a call score.
type Criterion struct {
	CallID ID
	Name   string
	Weight int // relative
}

// CriterionInput is a Criterion as it is written.
type CriterionInput struct {
	Name   string `json:"name"`
	Weight *int   `json:"weight,omitempty"`
}

// CallResult is a case that a call of the years before the library chose (往年结果):
// what is known of it is what it was called, whose it was and what it was given.
type CallResult struct {
	CallID      ID
	Title       string
	Unit        *string
	Award       *string
	CaseID      *ID // the case, where the library has it and the reader may read it
	CommitteeID *ID // the one that is called exactly as the unit
}

// Documented reports whether the library has what it says.
func (r *CallResult) Documented() bool { return r.CaseID != nil }

// CallResultInput is a CallResult as it is written.
type CallResultInput struct {
	Title string `json:"title"`
	Unit  string `json:"unit,omitempty"`
	Award string `json:"award,omitempty"`
	Case  string `json:"case,omitempty"`
}

// MaxResults is how many results a call may have.
const MaxResults = 2000

// CallInput is a Call as it is written.
type CallInput struct {
	InputMeta
	Title           string            `json:"title"`
	Text            string            `json:"text"`
	Committee       string            `json:"committee,omitempty"`
	OpensOn         Day               `json:"opensOn"`
	ClosesOn        Day               `json:"closesOn"`
	Topics          []string          `json:"topics,omitempty"`
	Parts           []CasePart        `json:"parts"`
	MinCharacters   *int              `json:"minCharacters,omitempty"`
	MaxCharacters   *int              `json:"maxCharacters,omitempty"`
	Quota           *int              `json:"quota,omitempty"`
	Criteria        []CriterionInput  `json:"criteria,omitempty"`
	Blind           bool              `json:"blind,omitempty"`
	ScoresVisibleTo ScoreReaders      `json:"scoresVisibleTo,omitempty"` // "" is CALLER
	Mark            string            `json:"mark,omitempty"`
	Indicator       string            `json:"indicator,omitempty"`
	Audience        []string          `json:"audience,omitempty"` // none: all below the caller
	Results         []CallResultInput `json:"results,omitempty"`
	// What closeCall and publishSelection write, and no form.
	ClosedReason string `json:"closedReason,omitempty"`
	ClosedAt     string `json:"closedAt,omitempty"` // RFC 3339; "" is the end of ClosesOn
	SelectedOn   Day    `json:"selectedOn,omitempty"`
}

var criterionNoun = describe[CriterionInput](
	"",
	NounField{Name: "name", Label: Words{"标准", "criterion"}, Meaning: Words{"评审标准", "what is scored"}, Shape: ShapeLine, Required: true, Most: MaxTitle},
	NounField{Name: "weight", Label: Words{"权重", "weight"}, Meaning: Words{"权重，相对值，不写为 1", "the relative weight, 1 where left out"}, Shape: ShapeCount},
)

var callResultNoun = describe[CallResultInput](
	"",
	NounField{Name: "title", Label: Words{"案例名称", "title"}, Meaning: Words{"当年的案例名称", "what the case was called"}, Shape: ShapeLine, Required: true, Most: MaxTitle},
	NounField{Name: "unit", Label: Words{"报送单位", "unit"}, Meaning: Words{"报送单位，按原件", "whose it was, as the papers have it"}, Shape: ShapeLine, Most: MaxTitle},
	NounField{Name: "award", Label: Words{"结果", "award"}, Meaning: Words{"得到的称号或等次，按原件", "what it was given, as the papers have it"}, Shape: ShapeLine, Most: MaxTitle},
	NounField{
		Name: "case", Label: Words{"案例", "case"}, Meaning: Words{"知识库里的这个案例的 slug，没有收录的不写", "the case, by its slug, where the library has it"},
		Shape: ShapeReference, Kind: KindCase, Most: MaxTitle,
	},
)

var callNoun = describe[CallInput](KindCall, headFields(
	NounField{Name: "title", Label: Words{"征集名称", "title"}, Meaning: Words{"征集名称", "the title"}, Shape: ShapeLine, Required: true, Most: MaxTitle},
	NounField{Name: "text", Label: Words{"征集通知", "text"}, Meaning: Words{"通知正文", "the text of the notice"}, Shape: ShapeProse, Required: true, Most: MaxText},
	committeeField,
	NounField{Name: "opensOn", Label: Words{"开始日期", "opens on"}, Meaning: Words{"开始日期", "the first day"}, Shape: ShapeDay, Required: true},
	NounField{Name: "closesOn", Label: Words{"截止日期", "closes on"}, Meaning: Words{"截止日期，当日有效", "the last day, to its end"}, Shape: ShapeDay, Required: true},
	topicsField,
	NounField{
		Name: "parts", Label: Words{"须写部分", "parts"}, Meaning: Words{"必须写的部分", "a part that must be written"},
		Shape: ShapeEnum, Enum: casePartEnum, Many: true, Required: true,
	},
	NounField{Name: "minCharacters", Label: Words{"最少字数", "least characters"}, Meaning: Words{"最少字数，含标点", "the fewest characters, with punctuation"}, Shape: ShapeCount},
	NounField{Name: "maxCharacters", Label: Words{"最多字数", "most characters"}, Meaning: Words{"最多字数，含标点", "the most characters, with punctuation"}, Shape: ShapeCount},
	NounField{Name: "quota", Label: Words{"限报数", "quota"}, Meaning: Words{"每家政协最多报送几个", "how many a committee may submit"}, Shape: ShapeCount},
	NounField{
		Name: "criteria", Label: Words{"评审标准", "criteria"}, Meaning: Words{"评审标准", "what is scored"},
		Shape: ShapeEntry, Many: true, Entry: criterionNoun,
	},
	NounField{Name: "blind", Label: Words{"匿名评审", "blind"}, Meaning: Words{"评审人是否看不到报送单位", "whether reviewers do not see whose a submission is"}, Shape: ShapeFlag},
	NounField{
		Name: "scoresVisibleTo", Label: Words{"评分公开范围", "scores visible to"}, Meaning: Words{"结果公布后谁看得到评分", "who sees the scores after the selection"},
		Shape: ShapeEnum, Enum: scoreReadersEnum,
	},
	NounField{Name: "mark", Label: Words{"入选称号", "mark"}, Meaning: Words{"入选案例的称号", "what chosen cases are called"}, Shape: ShapeLine, Most: MaxTitle},
	NounField{
		Name: "indicator", Label: Words{"计入指标", "indicator"}, Meaning: Words{"入选数计入的指标的 slug，不能是出处所载的", "the figure that the selection counts towards, by its slug; never one of a source"},
		Shape: ShapeReference, Kind: KindIndicator, Most: MaxTitle,
	},
	NounField{
		Name: "audience", Label: Words{"征集范围", "audience"}, Meaning: Words{"征集对象政协的 slug", "a committee that is asked, by its slug"},
		Shape: ShapeReference, Many: true, Kind: KindCommittee, Most: MaxTitle,
	},
	NounField{
		Name: "results", Label: Words{"往年结果", "results"}, Meaning: Words{"往年征集的结果，只有名称和单位", "what became of a call of earlier years: names and units only"},
		Shape: ShapeEntry, Many: true, Entries: MaxResults, Entry: callResultNoun,
	},
	NounField{Name: "closedReason", Acted: true, Label: Words{"改期原因", "reason of closing"}, Meaning: Words{"提前截止或延期的原因", "why it closes on another day than it was to"}, Shape: ShapeText, Most: MaxReason},
	NounField{Name: "closedAt", Acted: true, Label: Words{"截止时刻", "closed at"}, Meaning: Words{"立即截止的时刻", "when it was closed at once"}, Shape: ShapeLine, Most: 40},
	NounField{Name: "selectedOn", Acted: true, Label: Words{"公布日期", "selected on"}, Meaning: Words{"结果公布日期", "when the selection was published"}, Shape: ShapeDay},
)...)

// Kind is CALL.
func (*CallInput) Kind() RecordKind { return KindCall }

// References are the committee, those that are asked, the topics, the indicator and
// the citations' sources.
func (in *CallInput) References() []Reference {
	r := references(in.citationReferences())
	r.one("committee", KindCommittee, &in.Committee)
	r.many("topics", KindTopic, in.Topics)
	r.one("indicator", KindIndicator, &in.Indicator)
	r.many("audience", KindCommittee, in.Audience)
	for i := range in.Results {
		r.one(at("results", i)+".case", KindCase, &in.Results[i].Case)
	}
	return r
}

// maxCharactersAsked bounds what a call may ask for.
const maxCharactersAsked = 100_000

// Validate checks the input on its own.
func (in *CallInput) Validate() error {
	var c checker
	c.input(in)
	if in.OpensOn.Valid() && in.ClosesOn.Valid() && in.ClosesOn < in.OpensOn && in.ClosedAt == "" {
		c.invalid("closesOn", "截止日期不能早于开始日期", "closes before it opens")
	}
	if len(in.Parts) == 0 {
		c.invalid("parts", "至少要写一个部分", "needs a part")
	}
	if len(in.Criteria) > 20 {
		c.invalid("criteria", "评审标准最多 20 项", "there may be 20 criteria at most")
	}
	unique(&c, "topics", in.Topics)
	unique(&c, "audience", in.Audience)
	parts := make([]string, len(in.Parts))
	for i, p := range in.Parts {
		parts[i] = string(p)
	}
	unique(&c, "parts", parts)
	names := make([]string, len(in.Criteria))
	for i, criterion := range in.Criteria {
		names[i] = criterion.Name
		if w := criterion.Weight; w != nil && (*w < 1 || *w > 1000) {
			c.invalid(at("criteria", i)+".weight", "权重须为 1 至 1000 的整数", "must be a whole number from 1 to 1000")
		}
	}
	unique(&c, "criteria", names)
	in.checkNumbers(&c)
	return c.inOrder(in)
}

func (in *CallInput) checkNumbers(c *checker) {
	for _, n := range []struct {
		path  string
		value *int
		most  int
	}{{"minCharacters", in.MinCharacters, maxCharactersAsked}, {"maxCharacters", in.MaxCharacters, maxCharactersAsked}, {"quota", in.Quota, 1000}} {
		if n.value != nil && (*n.value < 1 || *n.value > n.most) {
			c.invalid(n.path, "须为正整数，且不能过大", "must be positive, and not too large")
		}
	}
	if in.MinCharacters != nil && in.MaxCharacters != nil && *in.MinCharacters > *in.MaxCharacters {
		c.invalid("maxCharacters", "最多字数不能少于最少字数", "is fewer than the fewest")
	}
	if in.ClosedAt != "" {
		if _, err := time.Parse(time.RFC3339Nano, in.ClosedAt); err != nil {
			c.invalid("closedAt", "不是时刻", "is no instant")
		}
	}
}

// Opens and Closes are the instants between which the call is open, by the zone.
func (in *CallInput) Opens(zone *time.Location) time.Time { return in.OpensOn.Begins(zone) }

// Closes is the instant at which the call is no longer open, by the zone.
func (in *CallInput) Closes(zone *time.Location) time.Time {
	if at, err := time.Parse(time.RFC3339Nano, in.ClosedAt); err == nil {
		return at
	}
	return in.ClosesOn.Ends(zone)
}

// WeightOf is the criterion's weight, 1 where nobody says.
func (c *CriterionInput) WeightOf() int {
	if c.Weight == nil {
		return 1
	}
	return *c.Weight
}

// CallFilter says which calls; fields are AND.
type CallFilter struct {
	Status []Status // none: those that are published
	Open   *bool    // whether cases can be submitted now
}
