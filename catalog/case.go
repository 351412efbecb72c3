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
}

// ParticipantInput is a Participant as it is written.
type ParticipantInput struct {
	Role      PartyRole `json:"role"`
	Name      string    `json:"name"`
	Committee string    `json:"committee,omitempty"`
	Person    string    `json:"person,omitempty"`
}

// StepInput is a Step as it is written.
type StepInput struct {
	Code StepCode `json:"code"`
	Text string   `json:"text"`
}

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
	return r
}

// Validate checks the input on its own.
func (in *CaseInput) Validate() error {
	var c checker
	in.check(&c)
	c.required("title", in.Title, MaxTitle)
	c.lines("alternativeTitles", in.AlternativeTitles)
	in.checkTexts(&c)
	in.checkDates(&c)
	c.oneOf("level", string(in.Level), in.Level == "" || in.Level.Valid())
	c.lines("topics", in.Topics)
	unique(&c, "topics", in.Topics)
	in.checkParticipants(&c)
	in.checkSteps(&c)
	checkOutcomes(&c, in.Outcomes)
	c.count("participantCount", in.ParticipantCount)
	c.count("meetingCount", in.MeetingCount)
	in.checkLinks(&c)
	c.lines("possiblySameAs", in.PossiblySameAs)
	for i, other := range in.PossiblySameAs {
		if other == in.Slug {
			c.invalid(at("possiblySameAs", i), "不能是案例自己", "cannot be the case itself")
		}
	}
	c.lines("proposals", in.Proposals)
	return c.problems.Or()
}

func (in *CaseInput) checkTexts(c *checker) {
	c.text("summary", in.Summary, MaxText)
	c.text("background", in.Background, MaxText)
	c.text("approach", in.Approach, MaxText)
	c.text("results", in.Results, MaxText)
	c.text("lessons", in.Lessons, MaxText)
	c.text("recruitment", in.Recruitment, MaxText)
}

func (in *CaseInput) checkDates(c *checker) {
	c.year("year", in.Year)
	c.date("startedOn", in.StartedOn)
	c.date("endedOn", in.EndedOn)
	if in.StartedOn.Valid() && in.EndedOn.Valid() && endsBefore(in.EndedOn, in.StartedOn) {
		c.invalid("endedOn", fmt.Sprintf("%s 早于开始日期 %s", in.EndedOn, in.StartedOn), fmt.Sprintf("%s is before startedOn, %s", in.EndedOn, in.StartedOn))
	}
}

// endsBefore compares two dates as far as the less exact one goes: 2021 does
// not end before 2021-07.
func endsBefore(end, start PartialDate) bool {
	n := min(len(end), len(start))
	return end[:n] < start[:n]
}

func (in *CaseInput) checkParticipants(c *checker) {
	c.list("participants", len(in.Participants))
	for i, p := range in.Participants {
		path := at("participants", i)
		c.oneOf(path+".role", string(p.Role), p.Role.Valid())
		c.required(path+".name", p.Name, MaxTitle)
	}
}

func (in *CaseInput) checkSteps(c *checker) {
	codes := make([]StepCode, len(in.Steps))
	for i, s := range in.Steps {
		path := at("steps", i)
		codes[i] = s.Code
		c.oneOf(path+".code", string(s.Code), s.Code.Valid())
		if s.Text == "" {
			c.invalid(path+".text", "不能为空", "is required")
		}
		c.text(path+".text", s.Text, MaxText)
	}
	unique(c, "steps", codes)
}

func (in *CaseInput) checkLinks(c *checker) {
	c.list("links", len(in.Links))
	for i, l := range in.Links {
		c.required(at("links", i)+".title", l.Title, MaxTitle)
		c.link(at("links", i)+".url", l.URL)
	}
}
