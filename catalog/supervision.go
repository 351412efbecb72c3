package catalog

// Supervision is a leader's charge of seeing a proposal through (领衔督办).
type Supervision struct {
	ProposalID   ID
	Position     int
	SupervisorID *ID
	Office       *string // in which the supervisor acted
	Year         *int
	Visits       *int // 督办调研视察
	Meetings     *int // 办理协商座谈会
	Note         *string
}

// SupervisionInput is a Supervision as it is written.
type SupervisionInput struct {
	Supervisor string `json:"supervisor,omitempty"`
	Office     string `json:"office,omitempty"`
	Year       *int   `json:"year,omitempty"`
	Visits     *int   `json:"visits,omitempty"`
	Meetings   *int   `json:"meetings,omitempty"`
	Note       string `json:"note,omitempty"`
}

func (in SupervisionInput) check(c *checker, path string) {
	if in.Supervisor == "" && in.Office == "" {
		c.invalid(path, "请写督办人或其职务", "name the supervisor or the office")
	}
	c.line(path+".office", in.Office, MaxTitle)
	c.year(path+".year", in.Year)
	c.count(path+".visits", in.Visits)
	c.count(path+".meetings", in.Meetings)
	c.text(path+".note", in.Note, MaxText)
}
