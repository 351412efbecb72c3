package catalog

import "fmt"

// Case is a typical consultation case (典型案例): an issue that a committee
// took up, how it was consulted on, and what came of it.
type Case struct {
	Meta
	Title             string
	AlternativeTitles []string // misprints and other names that the sources use
	Summary           *string
	Year              *int
	StartedOn         *PartialDate
	EndedOn           *PartialDate
	Level             Level
	CommitteeID       *ID
	RegionCode        *string
	BrandID           *ID
	ParticipantCount  *int
	MeetingCount      *int
	Recruitment       *string
	Links             []Link
	// Unplaced is the text of a draft that an import could not put into any part; nil
	// where there is none. What has it cannot be published.
	Unplaced *string
}

// CaseTexts are the four parts of a case's written form, nil where the source
// has none. They stand apart from Case because they are long: a list of cases is
// read without them.
type CaseTexts struct {
	CaseID     ID
	Background *string
	Approach   *string
	Results    *string
	Lessons    *string
}

// Link leads to a report, a piece of news or minutes.
type Link struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

// Step is one step of the procedure as a case records it; Text is nil where
// the case does not.
type Step struct {
	CaseID ID
	Code   StepCode
	Text   *string
}

// Documented reports whether the case records the step.
func (s *Step) Documented() bool { return s.Text != nil }

// Phase is the third of the procedure that the step belongs to.
func (s *Step) Phase() Phase { return s.Code.Phase() }

// EightSteps puts a case's documented steps in their places among all eight,
// in the procedure's order.
func EightSteps(id ID, documented []*Step) []*Step {
	steps := make([]*Step, len(Procedure))
	for i, p := range Procedure {
		steps[i] = &Step{CaseID: id, Code: p.Code}
		for _, d := range documented {
			if d.Code == p.Code {
				steps[i] = d
			}
		}
	}
	return steps
}

// Completeness says how much of the procedure a case documents.
type Completeness struct {
	Documented int
	Total      int
	Missing    []StepCode
}

// CompletenessOf counts a case's eight steps.
func CompletenessOf(steps []*Step) *Completeness {
	c := &Completeness{Total: len(Procedure), Missing: []StepCode{}}
	for _, s := range steps {
		if s.Documented() {
			c.Documented++
		} else {
			c.Missing = append(c.Missing, s.Code)
		}
	}
	return c
}

// Participant is who took part in a case, on which of the five sides.
type Participant struct {
	CaseID      ID
	Role        PartyRole
	Name        string
	CommitteeID *ID
	PersonID    *ID
	Statement   *string // what this side said
}

// Kind is CASE.
func (*Case) Kind() RecordKind { return KindCase }

// GlobalID is the opaque id by which clients know the case.
func (c *Case) GlobalID() string { return EncodeID(KindCase, c.ID) }

// CaseInput is a Case as it is written.
type CaseInput struct {
	InputMeta
	Title             string             `json:"title"`
	AlternativeTitles []string           `json:"alternativeTitles,omitempty"`
	Summary           string             `json:"summary,omitempty"`
	Background        string             `json:"background,omitempty"`
	Approach          string             `json:"approach,omitempty"`
	Results           string             `json:"results,omitempty"`
	Lessons           string             `json:"lessons,omitempty"`
	Year              *int               `json:"year,omitempty"` // left out: startedOn's
	StartedOn         PartialDate        `json:"startedOn,omitempty"`
	EndedOn           PartialDate        `json:"endedOn,omitempty"`
	Level             Level              `json:"level,omitempty"` // left out: the committee's or region's, else UNSTATED
	Committee         string             `json:"committee,omitempty"`
	Region            string             `json:"region,omitempty"` // left out: the committee's
	Brand             string             `json:"brand,omitempty"`
	Topics            []string           `json:"topics,omitempty"`
	Participants      []ParticipantInput `json:"participants,omitempty"`
	Steps             []StepInput        `json:"steps,omitempty"`
	Outcomes          []OutcomeInput     `json:"outcomes,omitempty"`
	ParticipantCount  *int               `json:"participantCount,omitempty"`
	MeetingCount      *int               `json:"meetingCount,omitempty"`
	Recruitment       string             `json:"recruitment,omitempty"`
	Links             []Link             `json:"links,omitempty"`
	PossiblySameAs    []string           `json:"possiblySameAs,omitempty"` // said on one side, read on both
	Proposals         []string           `json:"proposals,omitempty"`
	Indicators        []string           `json:"indicators,omitempty"` // figures that the case counts towards
	Unplaced          string             `json:"unplaced,omitempty"`   // of a draft: text that is in no part yet
}

// ParticipantInput is a Participant as it is written.
type ParticipantInput struct {
	Role      PartyRole  `json:"role"`
	Name      string     `json:"name"`
	Committee string     `json:"committee,omitempty"`
	Person    string     `json:"person,omitempty"`
	Statement string     `json:"statement,omitempty"`
	NewPerson *NewPerson `json:"newPerson,omitempty"`
}

// StepInput is a Step as it is written.
type StepInput struct {
	Code StepCode `json:"code"`
	Text string   `json:"text"`
}

var caseNoun = describe[CaseInput](KindCase, headFields(
	alsoCalled(titleField, "案例"), // elsewhere that is the cases
	alternativeTitlesField,
	summaryField,
	NounField{
		Name: "background", Label: Words{"背景", "background"}, Meaning: Words{"案例背景", "the background of the case"}, Shape: ShapeProse, Most: MaxText,
		Aliases: []string{"案例背景", "背景情况", "案例背景情况", "协商背景", "工作背景", "选题背景", "背景介绍", "基本背景", "背景起因", "背景与起因", "缘由", "案例缘由", "案例起因", "起因", "缘起", "基本情况", "问题背景", "背景情况介绍", "案例概况", "问题", "存在问题", "存在的问题", "面临的问题", "面临问题", "主要问题", "难题", "基本案情", "案情", "案情简介", "案例回放"},
	},
	NounField{
		Name: "approach", Label: Words{"做法", "approach"}, Meaning: Words{"主要做法", "how the consultation was gone about"}, Shape: ShapeProse, Most: MaxText,
		Aliases: []string{
			"主要做法", "具体做法", "工作做法", "经验做法", "主要做法和过程", "主要做法与过程", "做法与过程", "协商过程", "主要过程", "实施过程", "工作措施", "主要措施", "主要举措", "实践探索", "推进过程", "工作举措", "做法过程", "协商情况", "主要做法和经过", "实践做法", "案例做法", "举措", "经过", "过程", "协商经过", "事情经过", "怎么做的", "怎样做的", "对策",
		},
	},
	NounField{
		Name: "results", Label: Words{"成效", "results"}, Meaning: Words{"取得成效", "what came of it"}, Shape: ShapeProse, Most: MaxText,
		Aliases: []string{
			"取得成效", "取得的成效", "主要成效", "工作成效", "协商成效", "案例成效", "成果成效", "成果与成效", "实施效果", "取得效果", "取得成果", "成效与影响", "实践效果", "实践成效", "工作效果", "成效反响", "社会反响", "效果", "效果反响", "成果转化", "结果", "协商结果", "处理结果", "最终结果",
		},
	},
	NounField{
		Name: "lessons", Label: Words{"启示", "lessons"}, Meaning: Words{"经验启示", "what is to be learned from it"}, Shape: ShapeProse, Most: MaxText,
		Aliases: []string{
			"启发",
			"经验启示", "协商启示", "协商体会", "协商感悟", "经验与启示", "经验和启示", "案例启示", "工作启示", "几点启示", "启示与思考", "启示和思考", "经验体会", "体会与启示", "工作体会", "思考与启示", "经验", "点评", "案例点评", "专家点评", "评析", "案例评析", "体会", "思考", "几点体会", "经验总结", "启示建议", "经验做法与启示", "典型意义", "案例意义", "示范意义", "借鉴意义", "推广价值", "案例价值", "经验价值",
		},
	},
	yearField,
	NounField{
		Name: "startedOn", Label: Words{"开始日期", "start date"}, Shape: ShapeDate, Aliases: []string{"开始时间", "起始时间"},
		Meaning: Words{"开始日期，精确到出处所载：年、年月或年月日", "when it began, as exact as the source: a year, a month or a day"},
	},
	NounField{
		Name: "endedOn", Label: Words{"结束日期", "end date"}, Shape: ShapeDate, Aliases: []string{"结束时间", "截止时间"},
		Meaning: Words{"结束日期，精确到出处所载", "when it ended, as exact as the source"},
	},
	levelField,
	committeeField,
	regionField,
	NounField{
		Name: "brand", Label: Words{"协商品牌", "brand"}, Meaning: Words{"协商品牌的 slug", "the brand, by its slug"},
		Shape: ShapeReference, Kind: KindBrand, Most: MaxTitle, Aliases: []string{"品牌", "品牌名称", "所属品牌", "协商平台", "平台品牌", "协商品牌名称", "平台名称"},
	},
	topicsField,
	NounField{
		Name: "participants", Label: Words{"参与方", "participants"}, Meaning: Words{"参与方", "who took part"},
		Shape: ShapeEntry, Many: true, Entry: participantNoun, Aliases: []string{"参加方", "参加各方", "五方", "参与各方"},
	},
	NounField{
		Name: "steps", Label: Words{"环节", "steps"}, Meaning: Words{"“两问三要三明确”的环节", "the steps of the procedure"},
		Shape: ShapeEntry, Many: true, Entry: stepNoun, Aliases: []string{"步骤", "两问三要三明确"},
	},
	outcomesField,
	NounField{
		Name: "participantCount", Label: Words{"参加人数", "participants"}, Meaning: Words{"参加人数", "how many took part"},
		Shape: ShapeCount, Aliases: []string{"参与人数", "参加协商人数", "参会人数", "参与协商人数", "人数"},
	},
	NounField{
		Name: "meetingCount", Label: Words{"会议次数", "meetings"}, Meaning: Words{"会议次数", "in how many meetings"},
		Shape: ShapeCount, Aliases: []string{"协商次数", "协商会次数", "协商会议次数", "召开会议次数"},
	},
	NounField{
		Name: "recruitment", Label: Words{"参加人员产生方式", "recruitment"}, Meaning: Words{"参加人员如何产生", "how those who took part were chosen"},
		Shape: ShapeText, Most: MaxText, Aliases: []string{"人员产生方式", "产生方式"},
	},
	NounField{
		Name: "links", Label: Words{"相关链接", "links"}, Meaning: Words{"相关链接", "reports, news, minutes"},
		Shape: ShapeEntry, Many: true, Entry: linkNoun, Aliases: []string{"链接", "报道链接", "网址"},
	},
	NounField{
		Name: "possiblySameAs", Label: Words{"可能为同一案例", "possibly the same as"}, Shape: ShapeReference, Many: true, Kind: KindCase, Most: MaxTitle,
		Meaning: Words{"可能为同一案例的 slug", "a case that sources may mean as well, by its slug"}, Aliases: []string{"疑似同一案例", "疑似相同"},
	},
	proposalsField,
	NounField{
		Name: "indicators", Label: Words{"计入指标", "counts towards"}, Meaning: Words{"案例计入的指标的 slug", "a figure that the case counts towards, by its slug"},
		Shape: ShapeReference, Many: true, Kind: KindIndicator, Most: MaxTitle,
	},
	NounField{
		Name: "unplaced", Label: Words{"未归入的原文", "unplaced text"}, Shape: ShapeText, Most: MaxText,
		Meaning: Words{"导入时没有归入任何部分的原文，只在草稿中，归入以后才能发布", "text of a draft that an import could not put into any part; it has to be put where it belongs before the case is published"},
	},
)...)

var participantNoun = describe[ParticipantInput]("",
	NounField{
		Name: "role", Label: Words{"角色", "side"}, Shape: ShapeEnum, Required: true, Enum: partyRoleEnum,
		Meaning: Words{"五方角色", "on which of the five sides: convener, who raises the problem, who solves it, whom it concerns, experts and the public"},
	},
	NounField{Name: "name", Label: Words{"名称", "name"}, Meaning: Words{"名称", "the name"}, Shape: ShapeLine, Required: true, Most: MaxTitle},
	committeeField,
	personField,
	NounField{
		Name: "statement", Label: Words{"发言", "statement"}, Meaning: Words{"这一方说了什么", "what this side said"}, Shape: ShapeProse, Most: MaxText,
		Aliases: []string{"主要观点", "发言内容"},
	},
	newPersonField,
)

var stepNoun = describe[StepInput]("",
	NounField{
		Name: "code", Label: Words{"环节代码", "step"}, Meaning: Words{"“两问三要三明确”的环节", "the step of the procedure"},
		Shape: ShapeEnum, Required: true, Enum: stepCodeEnum,
	},
	NounField{
		Name: "text", Label: Words{"内容", "text"}, Meaning: Words{"该环节所载内容", "what the case records of the step"},
		Shape: ShapeText, Required: true, Most: MaxText,
	},
)

var linkNoun = describe[Link]("",
	NounField{Name: "title", Label: Words{"标题", "title"}, Meaning: Words{"标题", "the title"}, Shape: ShapeLine, Required: true, Most: MaxTitle},
	required(urlField),
)

// Kind is CASE.
func (*CaseInput) Kind() RecordKind { return KindCase }

// References are all records that the case names.
func (in *CaseInput) References() []Reference {
	r := references(in.citationReferences())
	r.one("committee", KindCommittee, &in.Committee)
	r.one("region", KindRegion, &in.Region)
	r.one("brand", KindBrand, &in.Brand)
	r.many("topics", KindTopic, in.Topics)
	for i := range in.Participants {
		r.one(at("participants", i)+".committee", KindCommittee, &in.Participants[i].Committee)
		r.one(at("participants", i)+".person", KindPerson, &in.Participants[i].Person)
	}
	r.many("possiblySameAs", KindCase, in.PossiblySameAs)
	r.many("proposals", KindProposal, in.Proposals)
	r.many("indicators", KindIndicator, in.Indicators)
	return r
}

// Validate checks the input on its own.
func (in *CaseInput) Validate() error {
	var c checker
	c.input(in)
	if in.StartedOn.Valid() && in.EndedOn.Valid() && endsBefore(in.EndedOn, in.StartedOn) {
		c.invalid("endedOn", fmt.Sprintf("%s 早于开始日期 %s", in.EndedOn, in.StartedOn), fmt.Sprintf("%s is before startedOn, %s", in.EndedOn, in.StartedOn))
	}
	if in.Status == StatusPublished && in.Unplaced != "" {
		c.invalid("unplaced", "还有没归入任何部分的原文（"+Clipped(in.Unplaced)+"），不能发布；请先把它归入背景、做法、成效或启示，不要的删去",
			"there is text in no part yet ("+Clipped(in.Unplaced)+"), so the case cannot be published; put it into a part, or take it out")
	}
	unique(&c, "topics", in.Topics)
	unique(&c, "indicators", in.Indicators)
	for i, p := range in.Participants {
		c.checkNewPerson(at("participants", i), p.Person, p.NewPerson)
	}
	codes := make([]StepCode, len(in.Steps))
	for i, s := range in.Steps {
		codes[i] = s.Code
	}
	unique(&c, "steps", codes)
	for i, other := range in.PossiblySameAs {
		if other == in.Slug {
			c.invalid(at("possiblySameAs", i), "不能是案例自己", "cannot be the case itself")
		}
	}
	return c.inOrder(in)
}

// endsBefore compares two dates as far as the less exact one goes: 2021 does
// not end before 2021-07.
func endsBefore(end, start PartialDate) bool {
	n := min(len(end), len(start))
	return end[:n] < start[:n]
}
