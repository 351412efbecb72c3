package catalog

// ActivityKind is a kind of activity.
type ActivityKind string

// The kinds of activities.
const (
	ActivityConsultation ActivityKind = "CONSULTATION" // 协商
	ActivitySurvey       ActivityKind = "SURVEY"       // 调研视察
	ActivityExchange     ActivityKind = "EXCHANGE"     // 交流
	ActivityTraining     ActivityKind = "TRAINING"     // 培训
	ActivityReception    ActivityKind = "RECEPTION"    // 接待群众
	ActivityOther        ActivityKind = "OTHER"        // 其他
)

var activityKindEnum = &Enum{Name: "ActivityKind", Values: []EnumChoice{
	{string(ActivityConsultation), "协商", []string{"协商活动", "协商议事", "协商会"}},
	{string(ActivitySurvey), "调研视察", []string{"调研", "视察", "考察"}},
	{string(ActivityExchange), "学习交流", []string{"交流", "互学互鉴"}},
	{string(ActivityTraining), "培训", []string{"学习培训"}},
	{string(ActivityReception), "接待群众", []string{"接待", "群众接待", "委员接待日"}},
	{string(ActivityOther), "其他活动", []string{"其他"}},
}}

// Label is the kind's name in Chinese.
func (k ActivityKind) Label() string { return activityKindEnum.Label(string(k)) }

// Activity is something that a committee held or did: a consultation, a survey, an
// exchange, a training or a reception, with its figures (活动).
type Activity struct {
	Meta
	Of               ActivityKind
	Title            string
	OccurredOn       *PartialDate
	CommitteeID      *ID
	VenueID          *ID
	ParticipantCount *int // 人次
	Opinions         *int // 收集意见
	CarriedOver      *int // 转化
	Solved           *int // 解决
}

// Kind is ACTIVITY.
func (*Activity) Kind() RecordKind { return KindActivity }

// GlobalID is the opaque id by which clients know the activity.
func (a *Activity) GlobalID() string { return EncodeID(KindActivity, a.ID) }

// ActivityInput is an Activity as it is written.
type ActivityInput struct {
	InputMeta
	ActivityKind     ActivityKind `json:"kind"`
	Title            string       `json:"title"`
	OccurredOn       PartialDate  `json:"occurredOn,omitempty"`
	Committee        string       `json:"committee,omitempty"`
	Venue            string       `json:"venue,omitempty"`
	Topics           []string     `json:"topics,omitempty"`
	Persons          []string     `json:"persons,omitempty"`
	ParticipantCount *int         `json:"participantCount,omitempty"`
	Opinions         *int         `json:"opinions,omitempty"`
	CarriedOver      *int         `json:"carriedOver,omitempty"`
	Solved           *int         `json:"solved,omitempty"`
	Cases            []string     `json:"cases,omitempty"`
}

var activityNoun = describe[ActivityInput](KindActivity, headFields(
	NounField{
		Name: "kind", Label: Words{"活动类型", "kind"}, Meaning: Words{"活动类型", "a consultation, a survey, an exchange, a training, a reception, or another"},
		Shape: ShapeEnum, Required: true, Enum: activityKindEnum, Aliases: []string{"活动类别", "形式", "活动形式"},
	},
	alsoCalled(titleField, "活动名称", "活动", "活动主题"),
	alsoCalled(occurredOnField, "活动日期", "活动时间", "时间", "开展时间"),
	committeeField,
	NounField{
		Name: "venue", Label: Words{"场所", "venue"}, Meaning: Words{"所在场所的 slug", "the venue, by its slug"},
		Shape: ShapeReference, Kind: KindVenue, Most: MaxTitle, Aliases: []string{"地点", "活动地点", "联络站", "议事室", "平台"},
	},
	topicsField,
	NounField{
		Name: "persons", Label: Words{"参加人物", "persons"}, Meaning: Words{"参加人物的 slug", "a person who took part, by its slug"},
		Shape: ShapeReference, Many: true, Kind: KindPerson, Most: MaxTitle, Aliases: []string{"参加委员", "参加人员", "人物"},
	},
	NounField{
		Name: "participantCount", Label: Words{"参加人次", "participants"}, Meaning: Words{"参加人次", "how many took part"},
		Shape: ShapeCount, Aliases: []string{"人次", "参加人数", "参与人次", "人数"},
	},
	NounField{
		Name: "opinions", Label: Words{"收集意见", "opinions"}, Meaning: Words{"收集意见建议的条数", "how many opinions were gathered"},
		Shape: ShapeCount, Aliases: []string{"意见", "意见建议", "意见数", "收集意见建议"},
	},
	NounField{
		Name: "carriedOver", Label: Words{"转化", "carried over"}, Meaning: Words{"转化为提案、社情民意等的条数", "how many of them became proposals, reports and the like"},
		Shape: ShapeCount, Aliases: []string{"转化数", "成果转化", "转化件数"},
	},
	NounField{
		Name: "solved", Label: Words{"解决", "solved"}, Meaning: Words{"推动解决的件数", "how many were solved"},
		Shape: ShapeCount, Aliases: []string{"解决数", "解决问题", "推动解决", "解决件数"},
	},
	NounField{
		Name: "cases", Label: Words{"相关案例", "cases"}, Meaning: Words{"相关案例的 slug", "a case, by its slug"},
		Shape: ShapeReference, Many: true, Kind: KindCase, Most: MaxTitle, Aliases: []string{"案例"},
	},
)...)

// Kind is ACTIVITY.
func (*ActivityInput) Kind() RecordKind { return KindActivity }

// References are all records that the activity names.
func (in *ActivityInput) References() []Reference {
	r := references(in.citationReferences())
	r.one("committee", KindCommittee, &in.Committee)
	r.one("venue", KindVenue, &in.Venue)
	r.many("topics", KindTopic, in.Topics)
	r.many("persons", KindPerson, in.Persons)
	r.many("cases", KindCase, in.Cases)
	return r
}

// Validate checks the input on its own.
func (in *ActivityInput) Validate() error {
	var c checker
	c.input(in)
	unique(&c, "topics", in.Topics)
	unique(&c, "persons", in.Persons)
	unique(&c, "cases", in.Cases)
	return c.inOrder(in)
}

// ActivityFilter says which activities; values within a field are OR, fields are
// AND.
type ActivityFilter struct {
	Status     []Status // none: those that are published
	Committees []string // global ids
	Kinds      []ActivityKind
	Years      []int
	Venue      *string // slug
}

// ActivityFigures are what a committee's published activities of a year add up to.
// A sum is nil where no activity states its part.
type ActivityFigures struct {
	Year          *int // nil: activities without a date
	CommitteeID   *ID
	Platforms     int // the committee's published venues, whenever they were set up
	PlatformsUsed int // of all venues, those where one of the activities took place
	Activities    int
	Consultations int
	Participants  *int
	Topics        int // different ones
	Opinions      *int
	CarriedOver   *int
	Solved        *int
}

// MaxFigures is the most lines of figures that are given at once.
const MaxFigures = 5000
